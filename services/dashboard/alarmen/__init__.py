"""The pages of alarms: the list, each alarm, what people do about them, silences, receivers and the runbook."""

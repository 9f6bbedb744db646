"""Tells receivers of alarms: Prometheus Alertmanager and Standard Webhooks, at least once, under stable ids."""

"""Delivers alarms to receivers (Prometheus Alertmanager, Standard Webhooks), at least once and under stable ids."""

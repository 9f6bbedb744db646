"""Keeps the alarms in line with the live view: `watch` looks, and publishes each transition as an event."""

"""Keeps the alarms in line with the live view.

`watch` looks, `app` lets operators act, and `deliver` delivers to receivers.
"""

"""Keeps the alarms in line with the live view.

`watch` looks, `uitzoeken` finds out what takes longer, `app` lets operators act, and `deliver` delivers to receivers.
"""

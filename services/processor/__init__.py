"""Turns messages into stored events.

`batch` judges (pure) · `process` stores, step by step · `progress` tells who waits · `worker` is Faust · `safe_faust`
mends Faust where it would lose a message.
"""

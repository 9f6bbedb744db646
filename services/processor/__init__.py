"""Turns messages of the topics into stored events.

`batch` decides what becomes of each event (pure) · `process` stores them, step by step, tells the waiting senders, and
appends what can't be stored to a topic of its own · `worker` runs Faust · `safe_faust` mends Faust where it would lose
a message.
"""

"""Turns messages of the topics into stored events.

`batch` decides what becomes of each event (pure) · `process` stores them, step by step, and tells the waiting senders ·
`unprocessable` appends what can't be stored to its own topic · `worker` runs Faust · `safe_faust` mends Faust where it
would lose a message.
"""

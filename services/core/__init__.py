"""The executable specification: events → register writes → figures at (V, K). No I/O and no clock.

`registers` each register, declared once · `fold` the one idea: which write is in force · `grootheden` each figure,
declared once · `locaties`, `bezetting`, `naleving` and `gemeenten` what the figures are made of · `history/` the same
through time · `reasons/` why a figure is what it is · `alarms/` what should be said aloud.
"""

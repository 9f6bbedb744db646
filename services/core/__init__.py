"""The executable specification: events → register writes → figures at (V, K). No I/O and no clock.

`registers` the one idea · `bezetting` locaties and their sums · `naleving` gemeenten and their opgave ·
`gemeenten` mergers · `alarmen` what should be said aloud.
"""

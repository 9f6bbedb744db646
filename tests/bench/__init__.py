"""Measures speed: `make bench`. Prints figures and ratios of one run. Asserts nothing, since machines are shared."""

"""Speed, measured: `make bench`. Prints figures and ratios of one run; asserts nothing, since machines are shared."""

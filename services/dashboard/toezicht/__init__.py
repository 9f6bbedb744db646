"""The desk of toezicht: its figures for everybody, and for the toezicht a list to work from and a page per gemeente."""

"""The errors that are told to whoever uses Opvangpeil."""


class ToldError(Exception):
    """An error that is no fault of the program. Its message says in Dutch what is wrong and what to do."""

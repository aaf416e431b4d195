"""The one kind of error that a user can mend."""


class InputError(Exception):
    """Input that cannot be used: one sentence naming what, where and what to do.

    The command line prints the sentence and ends with exit code 2; nothing is half-written.
    The sentence is in Dutch, because the analyst at the keyboard reads it.
    """


class TableMissingError(InputError):
    """The service does not have this table (yet)."""


class ServiceError(InputError):
    """The service does not answer, or its answer cannot be trusted."""

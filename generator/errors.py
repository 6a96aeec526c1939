"""Errors meant for the person at the keyboard."""


class UserError(Exception):
    """Bad input. The command line prints it on one line and exits with code 2; nothing has been written.

    The message names the file, the YAML path, the value and what was allowed, as far as each applies.
    """

"""The root of the errors that a user can put right."""


class KitError(Exception):
    """Something that whoever ran the command can put right; the message says how."""

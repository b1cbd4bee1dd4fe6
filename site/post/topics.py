"""The names of what can change in this app."""


def mailbox() -> str:
    """The mail that the demo keeps."""
    return "mailbox"

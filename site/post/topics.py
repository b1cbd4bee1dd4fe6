"""The names of what can change in this app."""


def mailbox() -> str:
    """The mail of the demo."""
    return "mailbox"

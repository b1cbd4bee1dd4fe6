"""The topics of screens: what can change."""


def screens() -> str:
    """What staff see of any screen."""
    return "screens"


def screen(pk: int) -> str:
    """What one screen should show, and whether it should reload."""
    return f"screen-{pk}"


def messages() -> str:
    """The emergency messages, of any zone."""
    return "screen-messages"

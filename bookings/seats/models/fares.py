"""The rules of fares, as rows."""


def load_defaults() -> None:
    """Fill in the rules that an installation begins with, where there are none."""

"""Texts from outside, made fit for a header, a row and a page."""


def one_line(text: str) -> str:
    """The text without line breaks and other control characters, which could begin another header or fake a line."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())

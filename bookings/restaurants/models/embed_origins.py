"""Other sites that may show a restaurant's widget, one origin a line."""

from urllib.parse import urlsplit


def origins_of(lines):
    """The origins among the lines. What is none would end up in a header, and is left out."""
    return [line for line in written(lines) if is_origin(line)]


def not_origins_of(lines):
    """The lines that are none."""
    return [line for line in written(lines) if not is_origin(line)]


def written(lines):
    return [line.strip().rstrip("/") for line in lines.splitlines() if line.strip()]


def is_origin(line):
    try:
        parts = urlsplit(line)
        return bool(
            parts.scheme in ("https", "http")
            and parts.hostname
            and line == f"{parts.scheme}://{parts.netloc}"
            and (parts.port is None or parts.port > 0)
            and not set(line) & set(" ;,'\"*@")
        )
    except ValueError:
        return False

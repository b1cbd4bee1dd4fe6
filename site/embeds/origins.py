"""The sites that may show a widget: text with one origin a line, such as https://restaurant.example."""

from urllib.parse import urlsplit

from server.headers import ascii_source


def valid_origins(text: str) -> list[str]:
    """The lines that are origins, as browsers send them. Invalid lines are dropped, since they would go into a header."""
    return [plain for line in lines_of(text) if is_origin(line) and (plain := ascii_source(line))]


def invalid_origins(text: str) -> list[str]:
    """The lines that are not origins."""
    return [line for line in lines_of(text) if not is_origin(line)]


def lines_of(text: str) -> list[str]:
    return [line.strip().rstrip("/") for line in text.splitlines() if line.strip()]


def is_origin(line: str) -> bool:
    try:
        parts = urlsplit(line)
        return bool(
            parts.scheme in ("https", "http")
            and parts.hostname
            and line == f"{parts.scheme}://{parts.netloc}"
            and (parts.port is None or parts.port > 0)
            and not set(line) & set(" ;,'\"*@")
            and ascii_source(line)
        )
    except ValueError:
        return False

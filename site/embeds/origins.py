"""The sites that may show a widget: text with one origin a line, such as https://hotel.example.

An origin is a scheme, a host and a port if it is not the usual one; no path. It goes into a header
(``frame-ancestors``), so that nothing else may pass. International names are kept as the DNS and browsers call them.
"""

from urllib.parse import urlsplit

from server.headers import ascii_source

LONGEST = 200  # characters; a name of the DNS has 253 at most, and none that people use comes near


def valid_origins(text: str) -> list[str]:
    """The lines that are origins, as browsers send them, each once. Invalid lines are dropped."""
    return list(dict.fromkeys(plain for line in lines_of(text) if (plain := origin_of(line))))


def invalid_origins(text: str) -> list[str]:
    """The lines that are not origins."""
    return [line for line in lines_of(text) if not origin_of(line)]


def lines_of(text: str) -> list[str]:
    return [line.strip().rstrip("/") for line in text.splitlines() if line.strip()]


def origin_of(line: str) -> str | None:
    """The origin that a line is, as browsers send it: in ASCII and lower case, without the scheme's own port."""
    try:
        parts = urlsplit(line)
        if not is_origin(line) or (plain := ascii_source(line)) is None or len(plain) > LONGEST:
            return None
        usual = {"http": 80, "https": 443}[parts.scheme]
        return plain.lower().removesuffix(f":{usual}") if parts.port == usual else plain.lower()
    except ValueError:
        return None


def is_origin(line: str) -> bool:
    parts = urlsplit(line)
    return bool(
        parts.scheme in ("https", "http")
        and parts.hostname
        and line == f"{parts.scheme}://{parts.netloc}"
        and not parts.netloc.endswith(":")
        and (parts.port is None or parts.port > 0)
        and not set(line) & set(" ;,'\"*@\\%")
    )


def origin_of_address(address: str) -> str:
    """The origin of an address, such as a Referer's: ``https://hotel.example``. "" where there is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return origin_of(f"{parts.scheme}://{parts.netloc}") or ""

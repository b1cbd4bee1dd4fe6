"""How a widget looks, as the address of its frame says. What is not valid is left out."""

import re
from typing import NamedTuple

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_supported_language_variant

THEMES = ("auto", "light", "dark")
DENSITIES = ("comfortable", "compact")
ACCENT = re.compile(r"#?([0-9a-fA-F]{6})")


class Look(NamedTuple):
    theme: str
    accent: str  # #rrggbb, or "" for the site's own
    density: str
    language: str


def look_of(query: QueryDict) -> Look:
    accent = ACCENT.fullmatch(query.get("accent", ""))
    return Look(
        theme=one_of(query.get("theme", ""), THEMES),
        accent=f"#{accent[1].lower()}" if accent else "",
        density=one_of(query.get("density", ""), DENSITIES),
        language=language_of(query.get("lang", "")),
    )


def one_of(asked: str, choices: tuple[str, ...]) -> str:
    return asked if asked in choices else choices[0]


def language_of(asked: str) -> str:
    """The nearest language that the site has: de for de-AT."""
    try:
        return get_supported_language_variant(asked.lower()[:35])
    except LookupError:
        return str(settings.LANGUAGE_CODE)

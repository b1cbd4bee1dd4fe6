"""The languages of the site, where a text is wanted in several at once: on a screen that shows them in turn."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.conf import settings
from django.utils.translation import get_language, override

T = TypeVar("T")

ALL = [code for code, _name in settings.LANGUAGES]


def current_language() -> str:
    """The language of the request, or the site's own outside of one."""
    return get_language() or settings.LANGUAGE_CODE


def known(codes: Iterable[str], default: str) -> list[str]:
    """The codes among these that the site has, each once and in their order; ``default`` if there is none."""
    return [code for code in dict.fromkeys(codes) if code in ALL] or [default]


def in_each(codes: Iterable[str], words: Callable[[], T]) -> list[tuple[str, T]]:
    """What ``words()`` returns in each of these languages, as ``(code, words)``."""
    found = []
    for code in codes:
        with override(code):
            found.append((code, words()))
    return found

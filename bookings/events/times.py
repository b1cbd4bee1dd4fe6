"""When an event is, in words."""

from typing import Any

from django.utils.translation import pgettext

from clocks import when


def when_words(event: Any) -> str:
    """Sat 21 November, 19:00 to 21:00."""
    words = {"from": when(event.starts_at, event.tz), "to": when(event.ends_at, event.tz, event.day)}
    return pgettext("two times", "%(from)s to %(to)s") % words

"""What a screen can show. An app registers it in its own ``contents.py``, which is imported when the site starts.

    register(Content("flights", _("Flights"), BoardForm, board_of, page_of, title_of))

``form``: its cleaned data are the settings, and have to be plain JSON. ``region(settings, languages)``: the live list that is shown.
``phone_url(settings)``: the same on one's phone, for the QR code. ``title(settings)``: in words, for staff.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from live.regions import ListRegion

Settings = dict[str, Any]


@dataclass(frozen=True)
class Content:
    name: str  # stored with the screens that show it
    label: Any
    form: type[forms.Form]
    region: Callable[[Settings, Sequence[str]], ListRegion]
    phone_url: Callable[[Settings], str]
    title: Callable[[Settings], str]


CONTENTS: dict[str, Content] = {}


def register(content: Content) -> None:
    CONTENTS[content.name] = content

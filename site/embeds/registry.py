"""The widgets that other sites can show. An app registers its own in ``widgets.py``, which is imported when the site starts.

    register(Widget("flight", _("A flight"), FlightForm, flight_region, flight_url, flight_title))

Its frame is then at ``/embed/flight/<thing>/``, and ``<airside-flight thing="…">`` shows it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from live.regions import Region


@dataclass(frozen=True)
class Widget:
    """``thing``: what it shows, as text that goes into an address: ``JFK/departures``. It grants nothing.

    ``form``: chooses the thing, for the page that makes snippets; its ``thing`` property is the text.
    ``region(thing, query)``: the live region, which is public; for a private widget it may be any region. Raises Http404.
    ``url(thing)``: the page of the site that shows the same. ``title(thing)``: in words.
    ``is_private``: it has no frame without a key.
    ``may(user, thing)``: whether somebody may make and see embeds of this thing.
    """

    name: str
    label: Any
    form: type[forms.Form]
    region: Callable[[str, dict[str, str]], Region]
    url: Callable[[str], str]
    title: Callable[[str], str]
    may: Callable[[Any, str], bool]
    is_private: bool = False
    css: str = ""  # a stylesheet for its frame, beside css/embeds.css


WIDGETS: dict[str, Widget] = {}


def register(widget: Widget) -> None:
    WIDGETS[widget.name] = widget

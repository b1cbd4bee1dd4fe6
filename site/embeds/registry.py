"""The widgets that other sites can show. An app registers its own in ``widgets.py``, which is imported when the site starts.

    register(Widget("flight", _("A flight"), FlightForm, flight_region, flight_url, flight_title, everybody))

Its frame is then at ``/embed/flight/<thing>/``. A line in ``static/js/embed/airside.js`` makes ``<airside-flight>`` of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import Http404

from live.regions import Region
from whole_numbers import key_of


class ThingForm(forms.Form):
    """Chooses what a widget shows. ``user`` is who chooses: a private widget offers their own things only.

    What was chosen, after ``is_valid()``: ``thing``, as text; ``attributes``, which name it in a snippet; ``options``,
    the attributes that choose what of it is shown, such as the number of rows.
    """

    def __init__(self, *args: Any, user: Any = None, **options: Any) -> None:
        self.user = user
        super().__init__(*args, **options)

    @property
    def thing(self) -> str:
        raise NotImplementedError

    @property
    def attributes(self) -> dict[str, str]:
        return {"thing": self.thing}

    @property
    def options(self) -> dict[str, str]:
        return {}


class OwnThingForm(ThingForm):
    """Chooses one of a user's own rows, for a private widget. ``chooses``: its field, a ModelChoiceField without rows."""

    chooses = ""

    def own(self, user: Any) -> Any:
        """The rows of a user, as a queryset."""
        raise NotImplementedError

    def words(self, row: Any) -> str:
        """A row, in words."""
        return str(row)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.user is not None:
            field: Any = self.fields[self.chooses]
            field.queryset, field.label_from_instance = self.own(self.user), self.words

    @property
    def thing(self) -> str:
        return str(self.cleaned_data[self.chooses].pk)


def row_of(rows: Any, thing: str) -> Any:
    """The row of a queryset that a thing names by its key. Raises Http404 if there is none."""
    key = key_of(thing)
    row = rows.filter(pk=key).first() if key else None
    if row is None:
        raise Http404(f"Nothing has the key {thing}")
    return row


@dataclass(frozen=True)
class Widget:
    """``thing``: what it shows, as text that goes into an address: ``JFK/departures``. It grants nothing.

    ``form``: chooses the thing, for the page that makes snippets.
    ``region(thing, query)``: the live region, which is public; for a private widget it may be any region. Raises Http404.
    ``url(thing)``: the page of the site that shows the same. ``title(thing)``: in words. Both may raise Http404.
    ``is_private``: it has no frame without a key.
    ``may(user, thing)``: whether somebody may make and see embeds of this thing.
    ``element``: the element that shows it, where that is another widget's.
    ``pages``: the pages of the site that show the same, each with the thing by what its address captures:
    ``{"flights:departures": "{iata}/departures"}``. Their addresses can be pasted (oembed.py): a private one is refused there.
    ``height``: what it usually needs at a width of 600 pixels, where no script can fit it.
    ``template``: its frame. It extends embeds/frame.html, and may put a form above the region.
    """

    name: str
    label: Any
    form: type[ThingForm]
    region: Callable[[str, dict[str, str]], Region]
    url: Callable[[str], str]
    title: Callable[[str], str]
    may: Callable[[Any, str], bool]
    is_private: bool = False
    css: str = ""  # a stylesheet for its frame, beside css/embeds.css
    template: str = "embeds/frame.html"
    pages: Mapping[str, str] = field(default_factory=dict)
    height: int = 400  # pixels
    element: str = ""  # airside-<element> shows it; without one, airside-<name>

    @property
    def tag(self) -> str:
        return f"airside-{self.element or self.name}"


WIDGETS: dict[str, Widget] = {}


def register(widget: Widget) -> None:
    WIDGETS[widget.name] = widget


def everybody(user: Any, thing: str) -> bool:
    """``may`` of what is public anyway."""
    return True

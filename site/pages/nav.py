"""What an app adds to the frame of all pages, and to the front page.

The frame knows no app. An app registers its parts in its own ``nav.py``, which is imported when the site starts::

    @entry(order=10)                           # a link in the main navigation
    def flights(user):
        return Entry(_("Flights"), reverse("flights:departures", args=["JFK"]), {"flights:departures"})

Each function gets the user who looks and returns the part, or None where that user has no use for it. The parts of
all apps stand in the order of these numbers. ``@door`` adds a large link to the front page, ``@search`` a search form,
``@panel`` a live region; ``@home`` finds the home airport. Where staff land after signing in: accounts.landings.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any, Generic, NamedTuple, Protocol, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import URLPattern

import clocks
from live.regions import Region

T = TypeVar("T")
Part = Callable[[Any], T | None]  # Any: a user, or Django's AnonymousUser


class Entry(NamedTuple):
    """A link in the main navigation. On the pages of these ``views`` it is marked as the current one."""

    label: str
    url: str
    views: Collection[str] = ()


class Door(NamedTuple):
    """A large link on the front page; ``pictogram`` is a file in templates/pictograms."""

    label: str
    url: str
    pictogram: str


class Search(NamedTuple):
    """A search form on the front page. It asks ``url`` with the text as ``q``."""

    label: str
    url: str
    placeholder: str


class Panel(NamedTuple):
    """A live region on the front page, and a link to all that it shows a part of. ``style`` is its style sheet."""

    region: Region
    more: str
    url: str
    style: str


class Location(Protocol):
    """Where a page is: its name, its city and its clock stand in the frame. A view passes one as ``page_airport``."""

    @property
    def name(self) -> str: ...

    @property
    def city(self) -> str: ...

    @property
    def zone(self) -> str: ...

    def today(self) -> date: ...


class Nowhere(NamedTuple):
    """The home airport before anything is known of it but its code."""

    name: str
    city: str = "UTC"
    zone: str = "UTC"

    def today(self) -> date:
        return clocks.today(ZoneInfo(self.zone))


class Registry(Generic[T]):
    """Functions that make parts of one kind."""

    def __init__(self) -> None:
        self.parts: list[tuple[int, Part[T]]] = []

    def __call__(self, order: int) -> Callable[[Part[T]], Part[T]]:
        """Register the decorated function."""

        def register(part: Part[T]) -> Part[T]:
            self.parts.append((order, part))
            self.parts.sort(key=lambda registered: registered[0])
            return part

        return register

    def for_user(self, user: Any) -> list[T]:
        """The parts that this user has a use for, in order."""
        made = (part(user) for _order, part in self.parts)
        return [part for part in made if part is not None]


entry: Registry[Entry] = Registry()
door: Registry[Door] = Registry()
search: Registry[Search] = Registry()
panel: Registry[Panel] = Registry()
homes: list[Callable[[str], Location | None]] = []


def home(find: Callable[[str], Location | None]) -> Callable[[str], Location | None]:
    """Register a function that finds an airport by its IATA code; None for one that it does not know."""
    homes.append(find)
    return find


def home_airport() -> Location:
    """The airport whose front desk this is."""
    found = (find(settings.HOME_AIRPORT) for find in homes)
    return next((airport for airport in found if airport), None) or Nowhere(settings.HOME_AIRPORT)


def home_zone() -> ZoneInfo:
    """Its time zone."""
    return ZoneInfo(home_airport().zone)


class Link(NamedTuple):
    """An Entry as the frame shows it on one page."""

    label: str
    url: str
    is_current: bool


def links(request: HttpRequest) -> list[Link]:
    """The main navigation as this request's page has it."""
    view = request.resolver_match.view_name if request.resolver_match else ""
    return [
        Link(part.label, part.url, view in part.views)
        for part in entry.for_user(getattr(request, "user", AnonymousUser()))
    ]


def names(app_name: str, urls: Iterable[URLPattern]) -> set[str]:
    """The view names of these addresses: ``{"flights:departures", …}``."""
    return {f"{app_name}:{url.name}" for url in urls}

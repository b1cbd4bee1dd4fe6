"""Live parts of pages: what a region is, and how one is found by its address."""

import re
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import URLPattern, URLResolver, path
from django.urls.resolvers import RegexPattern
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

ROWS = SafeString("<!--rows-->")  # stands in a shell where the rows go
MAX_FILTER = 40  # characters of a query parameter
CAPTURED = re.compile(r"<(?:\w+:)?(\w+)>")  # a name in a path


@dataclass(frozen=True)
class Snapshot:
    """A region rendered once: its shell, its rows by DOM id, a version that changes with either, and when it was read.

    The version is a hash of all of its HTML, so a change costs in proportion to the number of rows.
    """

    region_id: str
    rows_id: str
    shell: str
    rows: dict[str, str]
    version: str
    read_at: datetime

    @property
    def html(self) -> SafeString:
        return SafeString(self.shell.replace(ROWS, "".join(self.rows.values()), 1))


class Region:
    """One live part of a page. Subclasses are written in an app's regions.py, and declare:

    ``path``      the address below ``/live/`` and ``/ws/``, as for ``django.urls.path``; captured values become attributes
    ``template``  the fragment, given ``region`` and what ``context()`` returns; no request, no user
    ``query``     the query parameters that choose what is shown, kept in ``filters``
    ``public``    True: anyone may look, and no session is ever read for it
    ``by_link``   True: its address alone says who may look, so signing in helps nobody
    ``stays``     True: its socket stays open in a hidden tab (boards, kiosks)

    ``manage.py check`` tells what is missing or misspelt (live/checks.py).
    """

    path = template = ""
    query: Collection[str] = ()
    public = False
    by_link = False
    stays = False
    changed: Collection[str] | None = None  # the topics published since its last rendering; None: perhaps anything
    rendered: Snapshot | None = None  # for pages that share it: as it was rendered with what they have read
    classes: ClassVar[list[type["Region"]]] = []

    def __init_subclass__(cls) -> None:
        if not cls.path:
            return
        for name in CAPTURED.findall(cls.path):
            if hasattr(cls, name) or name in {"captured", "filters", "language"}:
                raise ImproperlyConfigured(
                    f"{cls.__name__}: its path captures {name!r}, which is an attribute already."
                )
        Region.classes.append(cls)

    def __init__(
        self, query: Mapping[str, Any] | QueryDict | None = None, language: str | None = None, **captured: Any
    ) -> None:
        self.captured = captured
        self.filters: dict[str, str] = {}
        for name in self.query:
            typed = str((query or {}).get(name, "")).replace("\0", "")  # which PostgreSQL compares with nothing
            if value := typed.strip()[:MAX_FILTER]:
                self.filters[name] = value
        language = language or get_language()
        self.language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        for name, value in captured.items():
            setattr(self, name, value)

    def copy(self) -> Self:
        """The same region, which has looked up nothing yet: for another thread."""
        return type(self)(query=self.filters, language=self.language, **self.captured)

    # What subclasses define

    def allows(self, user: Any) -> bool:
        """Whether this user may look; asked on connect, and again while the socket is open."""
        return self.public

    def topics(self) -> Collection[str]:
        """The topics that make it stale."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """What the template shows, read from the database now. Raises Http404 where its subject does not exist."""
        return {}

    def stale_at(self, now: datetime) -> datetime | None:
        """When time alone will change what was read ``now``, or None."""
        return None

    # Its names

    @property
    def address(self) -> str:
        """Its path and canonical query, the same for all who see the same: ``departures/JFK/?lang=en``."""
        bare = CAPTURED.sub(lambda part: str(self.captured[part[1]]), self.path)
        return f"{bare}?{urlencode({**self.filters, 'lang': self.language})}"

    @property
    def id(self) -> str:
        """Its DOM id, from its path: ``departures-JFK``."""
        return re.sub(r"[^A-Za-z0-9]+", "-", self.address.partition("?")[0]).strip("-")

    @property
    def rows_id(self) -> str:
        return f"{self.id}-rows"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.address}>"

    # Rendering

    def render(self, fresh: bool = True) -> Snapshot:
        """Read and render it now. Synchronous: it asks the database.

        ``fresh``: forget first what its cached properties have looked up. A page's first rendering passes False, and
        uses what the page itself has just looked up.
        """
        now = timezone.now()
        if fresh:
            self.forget()
        with override(self.language):
            rows, context = self.read()
            shell = render_to_string(self.template, {"region": self, "rows": ROWS, **context})
        digest = blake2b(shell.encode(), digest_size=9)
        for html in rows.values():
            digest.update(html.encode())
        return Snapshot(self.id, self.rows_id, shell, rows, digest.hexdigest(), now)

    def forget(self) -> None:
        """Forget what was looked up. A region of several parts may keep those that ``changed`` does not concern."""
        for name in list(self.__dict__):
            if isinstance(getattr(type(self), name, None), cached_property):
                del self.__dict__[name]

    def read(self) -> tuple[dict[str, str], dict[str, Any]]:
        """The HTML of its rows by DOM id, and the context of its template."""
        return {}, self.context()


class ListRegion(Region):
    """A region of rows. A push sends only the rows that changed.

    ``rows()`` returns values: hashable, with an ``id``, and complete enough to render a row by ``row_template`` (given
    ``row`` and ``row_id``). A row that equals an earlier one is not rendered again. ``template`` puts ``{{ rows }}``
    alone into the element with the id ``{{ region.rows_id }}``; ``empty`` says whether there are none.
    ``row_template`` is written on lines: its line breaks beside tags are not sent, so a space that has to show stands
    on the line. ``row_prefix`` keeps the DOM ids of two lists on one page apart.
    """

    row_template = ""
    row_prefix = ""

    def rows(self) -> Iterable[Any]:
        raise NotImplementedError

    def row_id(self, row: Any) -> str:
        return f"{self.row_prefix}{row.id}"

    def read(self) -> tuple[dict[str, str], dict[str, Any]]:
        context = self.context()
        html: dict[str, str] = {}
        for row in self.rows():
            row_id = self.row_id(row)
            html[row_id] = row_html(self.row_template, self.language, row_id, row)
        return html, {"empty": not html, **context}


def render_row(template: str, language: str, row_id: str, row: Hashable) -> str:
    return strip_line_breaks(render_to_string(template, {"row": row, "row_id": row_id}))


def strip_line_breaks(html: str) -> str:
    """Remove the line breaks beside tags, with their indentation; elsewhere one becomes a space. Other spaces stay."""
    return re.sub(r"\s*\n\s*", " ", re.sub(r"(?<=>)\s*\n\s*|\s*\n\s*(?=<)", "", html)).strip()


row_html = render_row if settings.DEBUG else lru_cache(maxsize=8192)(render_row)


# Finding one by its address


def pattern(cls: type[Region], view: Any) -> URLPattern:
    found: URLPattern = path(cls.path, view, {"region_class": cls}, name=cls.__name__)
    return found


def find(address: str, query: QueryDict | None = None) -> Region:
    """The region at this address below ``/live/``, such as ``departures/JFK/?airline=B6``; raises Http404 if there is none."""
    bare, _, query_string = address.partition("?")
    query = QueryDict(query_string) if query is None else query
    patterns = [pattern(cls, find) for cls in Region.classes]
    match = URLResolver(RegexPattern(r"^"), patterns).resolve(bare)
    return build(query, **match.kwargs)


def build(query: QueryDict, region_class: type[Region], **captured: Any) -> Region:
    """A region from an address: its query, and what its path captured."""
    return region_class(query=query, language=query.get("lang"), **captured)

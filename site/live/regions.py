"""Live parts of pages: what a region is, and how one is found by its address."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

ROWS = SafeString("<!--rows-->")  # stands in a shell where the rows go
LONGEST_FILTER = 40


@dataclass(frozen=True)
class Snapshot:
    """A region rendered once: its shell, its rows by DOM id, a version that changes with any of it; when it was read."""

    region_id: str
    rows_id: str
    shell: str
    rows: dict
    version: str
    read_at: datetime

    @property
    def html(self):
        return SafeString(self.shell.replace(ROWS, "".join(self.rows.values()), 1))


class Region:
    """One live part of a page. Subclasses stand in an app's regions.py and say:

    ``path``      its address below ``/live/`` and ``/ws/``, as for ``django.urls.path``; what it captures are attributes
    ``template``  the fragment, given ``region`` and what ``context()`` returns; no request, no user
    ``query``     the query parameters that choose what it shows, kept in ``filters``
    ``public``    True: anyone may look, and no session is ever read for it
    ``stays``     True: its socket stays open in a hidden tab (boards, kiosks)
    """

    path = template = ""
    query = ()
    public = False
    stays = False
    classes = []

    def __init_subclass__(cls):
        if cls.path:
            Region.classes.append(cls)

    def __init__(self, query=None, language=None, **captured):
        self.captured = captured
        self.filters = {}
        for name in self.query:
            if value := (query or {}).get(name, "").strip()[:LONGEST_FILTER]:
                self.filters[name] = value
        language = language or get_language()
        self.language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        for name, value in captured.items():
            setattr(self, name, value)

    # What subclasses say

    def allows(self, user):
        """Whether this user may look; asked on connect, and again while the socket is open."""
        return self.public

    def topics(self):
        """The topics that make it stale."""
        raise NotImplementedError

    def context(self):
        """What the template shows, read from the database now. Http404 where there is no such thing."""
        return {}

    def stale_at(self, now):
        """When time alone will change what was read now, or None."""
        return None

    # Who it is

    @property
    def address(self):
        """Its path and canonical query, the same for all who see the same: ``departures/JFK/?lang=en``."""
        bare = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(self.captured[part[1]]), self.path)
        return f"{bare}?{urlencode({**self.filters, 'lang': self.language})}"

    @property
    def id(self):
        """Its DOM id, from its path: ``departures-JFK``."""
        return re.sub(r"[^A-Za-z0-9]+", "-", self.address.partition("?")[0]).strip("-")

    @property
    def rows_id(self):
        return f"{self.id}-rows"

    def __repr__(self):
        return f"<{type(self).__name__} {self.address}>"

    # Rendering

    def render(self, anew=True):
        """Read and render it now, as a Snapshot. Synchronous: it asks the database.

        What its cached properties looked up before is forgotten first, unless that was for this rendering (``anew``).
        """
        now = timezone.now()
        if anew:
            self.forget()
        with override(self.language):
            rows, context = self.read()
            shell = render_to_string(self.template, {"region": self, "rows": ROWS, **context})
        digest = blake2b(shell.encode(), digest_size=9)
        for html in rows.values():
            digest.update(html.encode())
        return Snapshot(self.id, self.rows_id, shell, rows, digest.hexdigest(), now)

    def forget(self):
        for name in list(self.__dict__):
            if isinstance(getattr(type(self), name, None), cached_property):
                del self.__dict__[name]

    def read(self):
        return {}, self.context()


class ListRegion(Region):
    """A region of rows, of which a push sends only those that changed.

    ``rows()`` returns values: hashable, with an ``id``, and alone enough to render the row by ``row_template``
    (given ``row`` and ``row_id``). What is equal is not rendered again. ``template`` puts ``{{ rows }}`` alone into
    the element that has the id ``{{ region.rows_id }}``, and is told whether there are none by ``empty``.
    ``row_template`` is written on lines: its line breaks beside tags are not sent, so a space that has to show stands
    on the line. ``row_prefix`` keeps the DOM ids of two lists on one page apart.
    """

    row_template = ""
    row_prefix = ""

    def rows(self):
        raise NotImplementedError

    def row_id(self, row):
        return f"{self.row_prefix}{row.id}"

    def read(self):
        context = self.context()
        html = {}
        for row in self.rows():
            row_id = self.row_id(row)
            html[row_id] = row_html(self.row_template, self.language, row_id, row)
        return html, {"empty": not html, **context}


def render_row(template, language, row_id, row):
    return strip_line_breaks(render_to_string(template, {"row": row, "row_id": row_id}))


def strip_line_breaks(html: str) -> str:
    """Remove the line breaks beside tags, with their indentation; elsewhere one becomes a space. Other spaces stay."""
    return re.sub(r"\s*\n\s*", " ", re.sub(r"(?<=>)\s*\n\s*|\s*\n\s*(?=<)", "", html)).strip()


row_html = render_row if settings.DEBUG else lru_cache(maxsize=8192)(render_row)


# Finding one by its address


def pattern(cls, view):
    return path(cls.path, view, {"region_class": cls}, name=cls.__name__)


def find(address, query=None):
    """The region at this address below ``/live/``, such as ``departures/JFK/?airline=B6``; Http404 if there is none."""
    bare, _, query_string = address.partition("?")
    query = QueryDict(query_string) if query is None else query
    patterns = [pattern(cls, find) for cls in Region.classes]
    match = URLResolver(RegexPattern(r"^"), patterns).resolve(bare)
    return build(query, **match.kwargs)


def build(query, region_class, **captured):
    """A region for an address's query and what its path captured."""
    return region_class(query=query, language=query.get("lang"), **captured)

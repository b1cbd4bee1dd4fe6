"""System checks of regions: ``manage.py check`` tells of a declaration that is missing or misspelt."""

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connection
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

from live.regions import ListRegion, Region


def regions_are_complete(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The check. It looks at each region class that has a path."""
    paths = Counter(cls.path for cls in Region.classes)
    return [
        Error(f"{cls.__name__}: {problem}", obj=cls, id="live.E001")
        for cls in Region.classes
        for problem in [*problems(cls), *(["another region has its path."] if paths[cls.path] > 1 else [])]
    ]


def outbox_looks_back_long_enough(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The check that a hub still finds the rows of a transaction that was open for long, if its hint was lost.

    Ids of the outbox commit out of order on PostgreSQL; on SQLite transactions that write follow each other.
    """
    longest = settings.LOCK_WAIT + settings.QUERY_WITHIN + settings.IDLE_WITHIN
    if connection.vendor == "sqlite" or settings.LIVE["looks_back"] >= longest:
        return []
    message = (
        f"A transaction may wait {settings.LOCK_WAIT} s for a lock, run a query for {settings.QUERY_WITHIN} s and "
        f"idle for {settings.IDLE_WITHIN} s, and the outbox is read back {settings.LIVE['looks_back']:g} s."
    )
    hint = f"Set LIVE_LOOKS_BACK to at least {longest}, or lower AIRSIDE_LOCK_WAIT or AIRSIDE_QUERY_WITHIN."
    return [Error(message, hint=hint, id="live.E002")]


def problems(cls: type[Region]) -> Iterator[str]:
    """What is wrong with one region class, as sentences."""
    base = ListRegion if issubclass(cls, ListRegion) else Region
    required = ["template"] + (["row_template"] if base is ListRegion else [])
    for attribute in required:
        declared = getattr(cls, attribute)
        if not isinstance(declared, property):  # one that depends on what the region is about
            yield from template_problems(attribute, declared)
    if cls.topics is Region.topics:
        yield "it has no topics()."
    if base is ListRegion and cls.rows is ListRegion.rows and cls.read is ListRegion.read:  # type: ignore[attr-defined]
        yield "it has no rows()."
    if not cls.public and cls.allows is Region.allows:
        yield "nobody may look: it is neither public nor has it allows(user)."
    known = {name for name in dir(base) if not name.startswith("_")} | {"receive"}
    own = {name for owner in cls.__mro__ if owner not in base.__mro__ for name in vars(owner)}
    for name in own - known:
        if close := get_close_matches(name, known, cutoff=0.87):
            yield f"it has {name!r}, which looks like a misspelt {close[0]!r}."


def template_problems(attribute: str, name: str) -> Iterator[str]:
    try:
        if name:
            get_template(name)
        else:
            yield f"it has no {attribute}."
    except TemplateDoesNotExist:
        yield f"its {attribute} {name} does not exist."
    except TemplateSyntaxError as fault:
        yield f"its {attribute} {name} has a mistake: {fault}"

"""System checks of regions: ``manage.py check`` tells of a declaration that is missing or misspelt."""

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from django.core.checks import CheckMessage, Error
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

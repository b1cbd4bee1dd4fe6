"""Gates as people write them: ``B1-B12, C3``."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ONE = re.compile(r"([A-Z]{0,3})(\d{0,4})([A-Z]?)")
RANGE = re.compile(r"([A-Z]{0,3})(\d{1,3})[-–]\1?(\d{1,3})")
MOST = 300


def gate_names(text: str) -> list[str]:
    """The gates that a text names, in its order. What names none is left out."""
    names = [name for part in text.upper().replace(" ", "").split(",") for name in names_in(part)]
    return list(dict.fromkeys(names))[:MOST]


def names_in(part: str) -> list[str]:
    if found := RANGE.fullmatch(part):
        letters, first, last = found[1], int(found[2]), int(found[3])
        return [f"{letters}{number}" for number in range(first, last + 1)]
    return [part] if part and ONE.fullmatch(part) else []


def check_gates(text: str) -> None:
    """For forms: each part has to name a gate."""
    for part in filter(None, text.upper().replace(" ", "").split(",")):
        if not names_in(part):
            raise ValidationError(_("“%(part)s” is no gate. Write B22, or B1-B12.") % {"part": part})

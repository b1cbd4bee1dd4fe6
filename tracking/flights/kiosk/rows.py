"""Flights as rows of a screen: words in all its languages, numbers once."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from languages import in_each
from tracking.flights.models import DELAY_REASONS, STATE_WORDS
from tracking.flights.travellers.boards import BoardRow

Words = tuple[tuple[str, str], ...]  # (language, text), in the order of the screen's languages

# The state that one sees from afar is the first of these; the others stand beside it as words.
WEIGHT = ["CNX", "DIV", "GCL", "GTD", "BRD", "NNS", "EXD", "DEL", "GCH"]


class ScreenRow(NamedTuple):
    """One flight on a screen. ``tone``: good, warn, bad, go, calm, or "" for neutral."""

    id: int
    tone: str
    is_cancelled: bool
    is_gone: bool
    time: str
    time_before: str
    day: Words
    city: str
    code: str
    designator: str
    also: tuple[str, ...]  # further numbers of the same flight
    state: Words
    notes: tuple[Words, ...]  # further states, and the reason
    place: str  # the gate of a departure, the belt of an arrival
    place_before: str
    desks: str
    terminal: str
    says: Words  # all of it as a sentence


def screen_rows(rows: Sequence[BoardRow], languages: Sequence[str]) -> list[ScreenRow]:
    in_order = tuple(languages)
    return [screen_row(row, in_order) for row in rows]


@lru_cache(maxsize=4096)  # most rows are as they were, and a word in each language takes long to look up
def screen_row(row: BoardRow, languages: tuple[str, ...]) -> ScreenRow:
    def in_all(words: Callable[[], str]) -> Words:
        texts = in_each(languages, words)
        return tuple(texts) if any(text for _language, text in texts) else ()

    codes = sorted(row.codes, key=lambda code: WEIGHT.index(code) if code in WEIGHT else len(WEIGHT))
    first, *others = codes
    place = "" if row.is_cancelled else row.gate if row.leaves else row.location
    notes = [in_all(lambda code=code: word(row, code)) for code in others]  # type: ignore[misc]
    return ScreenRow(
        id=row.id,
        tone=row.tone(first),
        is_cancelled=row.is_cancelled,
        is_gone=(row.leaves and first in ("DEP", "AIR")) or first == "ARR",
        time=row.time,
        time_before=row.time_before,
        day=in_all(lambda: row.other_day),
        city=row.there_city,
        code=row.there,
        designator=row.designator,
        also=row.also,
        state=in_all(lambda: word(row, first)),
        notes=tuple(filter(None, [*notes, in_all(lambda: reason(row))])),
        place=place,
        place_before="" if row.is_cancelled or not row.leaves else row.gate_before,
        desks="" if row.is_cancelled or not row.leaves or row.gate else row.location,
        terminal=row.terminal,
        says=in_all(lambda: sentence(row, codes, place)),
    )


def word(row: BoardRow, code: str) -> str:
    """A state without numbers: these stand beside it, and stay while the words change."""
    if code == "DIV":
        return row.word(code)
    if code == "SCH" and row.delay > 0:
        return _("New time")
    if code == "SCH" and row.delay <= -5:
        return _("Earlier")
    if code == "SCH" and row.news == "ahead":
        return _("Scheduled")
    return str(STATE_WORDS[code])


def reason(row: BoardRow) -> str:
    return str(DELAY_REASONS.get(row.delay_code, "")) if row.reason else ""


def sentence(row: BoardRow, codes: Sequence[str], place: str) -> str:
    """What speech says: letters and digits apart, so that B22 is not a word."""
    route = _("to %(city)s") if row.leaves else _("from %(city)s")
    parts = [f"{spelled(row.designator)} {route % {'city': row.there_city}}", row.time]
    if place:
        where = _("gate %(gate)s") % {"gate": spelled(place)} if row.leaves else _("belt %(belt)s") % {"belt": place}
        parts.append(where)
    return ", ".join([*parts, *(word(row, code) for code in codes)])


def spelled(text: str) -> str:
    """B 22 for B22; B 6 1010 for B6 1010."""
    apart = ""
    for before, character in zip(" " + text, text, strict=False):
        gap = before.isalpha() != character.isalpha() and before != " " and character != " "
        apart += f" {character}" if gap else character
    return apart

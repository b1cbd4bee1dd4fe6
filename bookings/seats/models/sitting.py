"""Who may sit where: a child sits beside an adult of the booking, and nobody sits in an exit row who may not."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from bookings.seats.layouts import Layout
from bookings.seats.layouts.choosing import why_not
from bookings.seats.models.refusals import NotTogether, Unfit
from bookings.seats.models.states import Kind

Sitting = list[tuple[Any, str]]  # (traveller, seat) of everybody on one flight; "" for an infant on a lap


def apart(layout: Layout, sitting: Sitting) -> list[Any]:
    """The children without an adult of the booking in a neighbouring seat of the same row and section."""
    adults = {seat for traveller, seat in sitting if traveller.kind == Kind.ADULT}
    return [
        traveller
        for traveller, seat in sitting
        if traveller.is_child and seat and not adults & set(layout.neighbours(seat))
    ]


def check_sitting(
    layout: Layout, cabin: str, before: Sitting, after: Sitting, layout_before: Layout | None = None
) -> None:
    """Raise Unfit for seats of another cabin or an exit row for who may not sit there; NotTogether if a child loses its adult.

    ``layout_before``: of the aircraft on which they sat before, if it is another one.
    """
    with_infants = {traveller.adult_id for traveller, _seat in after if traveller.adult_id}
    for traveller, code in after:
        if not code:
            continue
        seat = layout.seats.get(code)
        words = {"seat": code, "name": str(traveller)}
        if seat is None or seat.cabin != cabin:
            raise Unfit(_("Seat %(seat)s is not in the cabin that was booked.") % words)
        reason = why_not(
            seat, kind_of(traveller), needs_help=traveller.needs_help, with_infant=traveller.pk in with_infants
        )
        if reason:
            raise Unfit(reason)
    were_apart = {traveller.pk for traveller in apart(layout_before or layout, before)}
    if lost := [traveller for traveller in apart(layout, after) if traveller.pk not in were_apart]:
        words = {"names": ", ".join(names(lost))}
        raise NotTogether(_("Then no adult would sit beside %(names)s. Choose seats side by side.") % words)


def kind_of(traveller: Any) -> str:
    """In the words of the layouts."""
    return "infant" if traveller.kind == Kind.INFANT_SEAT else str(traveller.kind)


def names(travellers: Iterable[Any]) -> list[str]:
    return [str(traveller) for traveller in travellers]

"""The form that does what a plan of rebooking says, some bookings with each request."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.seats.desk.rebooking import Plan
from bookings.seats.models import Booking, Gone, Inventory
from verbs.forms import ActionForm
from verbs.refusals import Refused

SALT = "seats.rebooking"
VALID = 60 * 60  # seconds
CHUNK = 15  # bookings with one request: it takes a second or two


class Outcome(NamedTuple):
    """What became of one booking."""

    reference: str
    text: str  # why it was not rebooked; "" if it was
    is_gone: bool = False  # it is on other flights already


class Result(NamedTuple):
    """What became of the bookings of a plan so far, and what of the plan is left to do."""

    outcomes: list[Outcome]
    rest: list[Any]

    @property
    def done(self) -> int:
        return sum(not outcome.text for outcome in self.outcomes)

    @property
    def gone(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.is_gone]

    @property
    def refused(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.text and not outcome.is_gone]


class Rebook(ActionForm):
    """``plan`` is what was shown, signed: that is done, and nothing else."""

    label, tone = gettext_lazy("Rebook them now"), "first"
    plan = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, inventory: Inventory, data: Mapping[str, Any] | None = None, plan: Plan | None = None) -> None:
        self.inventory = inventory
        super().__init__(data, initial={"plan": signed(inventory, places_of(plan), [])} if plan else {})

    @classmethod
    def going_on(cls, inventory: Inventory, result: Result) -> "Rebook":
        """The form that does the rest."""
        form = cls(inventory)
        form.initial = {"plan": signed(inventory, result.rest, result.outcomes)}
        form.button = _("Carry on")
        return form

    @property
    def action(self) -> str:
        return reverse("seats:desk-rebooking", args=[self.inventory.pk])

    def clean_plan(self) -> tuple[list[Any], list[Outcome]]:
        try:
            flight, places, outcomes = signing.loads(self.cleaned_data["plan"], salt=SALT, max_age=VALID)
        except signing.BadSignature:
            raise forms.ValidationError(_("This plan is too old. Look at the one of now.")) from None
        if flight != self.inventory.pk:
            raise forms.ValidationError(_("This plan is of another flight."))
        return list(places), [Outcome(*outcome) for outcome in outcomes]

    def do(self, by: Any) -> Result:
        """Rebooks the next CHUNK bookings, one after the other: no lock outlasts one of them, and no request a few seconds."""
        places, outcomes = self.cleaned_data["plan"]
        now, rest = places[:CHUNK], places[CHUNK:]
        bookings = Booking.objects.in_bulk([place[0] for place in now])
        new = [
            rebook(bookings[key], self.inventory, flights, {int(flight): each for flight, each in seats.items()}, by)
            for key, flights, seats in now
            if key in bookings
        ]
        return Result([*outcomes, *new], rest)


def places_of(plan: Plan) -> list[Any]:
    """(booking, flights, seats by flight) of each party, as JSON can keep it."""
    return [
        (place.need.party.booking, place.option.flights, {key: list(seats) for key, seats in place.seats.items()})
        for place in plan.places
    ]


def signed(inventory: Inventory, places: list[Any], outcomes: list[Outcome]) -> str:
    return signing.dumps((inventory.pk, places, outcomes), salt=SALT, compress=True)


def rebook(booking: Booking, inventory: Inventory, flights: list[int], seats: dict[int, list[str]], by: Any) -> Outcome:
    try:
        booking.reaccommodate_onto(inventory.pk, flights, seats, by=by)
    except Gone as refusal:
        return Outcome(booking.reference, str(refusal), is_gone=True)
    except Refused as refusal:
        return Outcome(booking.reference, str(refusal), is_gone=booking.state == "cancelled")
    return Outcome(booking.reference, "")

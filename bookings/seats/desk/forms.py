"""The forms of the sales desk, one for each verb of a flight for sale, and of a traveller on it."""

import re
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.seats.layouts import Layout
from bookings.seats.models import Coupon, Inventory, SeatTaken
from bookings.seats.models.staff_verbs import swap
from bookings.seats.models.states import FLYING
from money import Money
from verbs.forms import Alternative, VerbForm, by_verb
from verbs.refusals import Refused

REASONS = 60


class SeatsField(forms.CharField):
    """Seats and whole rows: "12A 12B, 14"."""

    def __init__(self, **options: Any) -> None:
        attrs = {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(max_length=400, widget=forms.TextInput(attrs=attrs), **options)

    def to_python(self, value: Any) -> Any:
        return re.findall(r"[0-9A-Z]+", str(value or "").upper())


def seats_of(plan: Layout, words: list[str]) -> list[str]:
    """The seats that these words name, each once. Raises ValidationError for what the aircraft does not have."""
    found: dict[str, None] = {}
    for word in words:
        row = [seat.code for seat in plan.seats.values() if word.isdigit() and seat.row == int(word)]
        if not row and word not in plan.seats:
            raise forms.ValidationError(_("This aircraft has no seat or row %(seat)s.") % {"seat": word})
        found |= dict.fromkeys(row or [word])
    return list(found)


# A flight


class FlightForm(VerbForm):
    instance: Inventory

    @property
    def action(self) -> str:
        return reverse("seats:desk-change", args=[self.instance.pk, self.slug])


class SeatsForm(FlightForm):
    seats = SeatsField(label=gettext_lazy("Seats or rows"), help_text=gettext_lazy("Such as 12A 12B 14"))

    def clean_seats(self) -> list[str]:
        return seats_of(self.instance.plan, self.cleaned_data["seats"])


class Block(SeatsForm):
    verb, label, done_text = "block", gettext_lazy("Block seats"), gettext_lazy("Blocked: %(seats)s.")
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=REASONS)

    def words(self, result: Any) -> dict[str, Any]:
        return {"seats": " ".join(self.cleaned_data["seats"])}

    def refuse(self, refusal: Refused) -> None:
        if isinstance(refusal, SeatTaken):
            text = _("Nothing is blocked: somebody has seat %(seat)s. Move them first.")
            self.add_error("seats", text % {"seat": refusal.seat})
        else:
            super().refuse(refusal)


class Unblock(SeatsForm):
    verb, label, folds = "unblock", gettext_lazy("Unblock seats"), True
    done_text = gettext_lazy("Free again: %(seats)s.")

    @classmethod
    def suits(cls, instance: Inventory) -> bool:
        return instance.assignments.filter(rank=None).exists()

    def clean_seats(self) -> list[str]:
        blocked = set(self.instance.assignments.filter(rank=None).values_list("seat", flat=True))
        seats = [seat for seat in super().clean_seats() if seat in blocked]
        if not seats:
            raise forms.ValidationError(_("None of these seats is blocked."))
        return seats

    def words(self, result: Any) -> dict[str, Any]:
        return {"seats": " ".join(self.cleaned_data["seats"])}


class StopSale(FlightForm):
    verb, label, tone = "stop_sale", gettext_lazy("Stop the sale"), "bad"

    @classmethod
    def suits(cls, instance: Inventory) -> bool:
        return instance.is_on_sale


class ResumeSale(FlightForm):
    verb, label = "resume_sale", gettext_lazy("Resume the sale")

    @classmethod
    def suits(cls, instance: Inventory) -> bool:
        return not instance.is_on_sale


FLIGHT_FORMS = by_verb([StopSale, ResumeSale, Block, Unblock])


# A traveller


class TravellerForm(VerbForm):
    instance: Coupon

    @property
    def action(self) -> str:
        return reverse("seats:desk-traveller-change", args=[self.instance.pk, self.slug])

    @classmethod
    def suits(cls, instance: Coupon) -> bool:
        return instance.status in FLYING


class MoveSeat(TravellerForm):
    """Gives a traveller another seat of the booked cabin. With ``swap``, the traveller who has that seat gets the former one.

    ``seen`` is the booking's revision.
    """

    verb, label = "move", gettext_lazy("Give another seat")
    done_text = gettext_lazy("%(name)s has seat %(seat)s now.")
    seat = forms.CharField(
        label=gettext_lazy("New seat"),
        max_length=4,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    swap = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @classmethod
    def suits(cls, instance: Coupon) -> bool:
        return super().suits(instance) and instance.traveller.has_seat

    def start(self) -> dict[str, Any]:
        return {"seen": self.instance.segment.booking.revision}

    def clean_seat(self) -> str:
        seat = str(self.cleaned_data["seat"]).strip().upper()
        if seat not in self.instance.segment.inventory.plan.seats:
            raise forms.ValidationError(_("This aircraft has no seat %(seat)s.") % {"seat": seat})
        return seat

    def do(self, by: Any) -> Coupon:
        seat, seen = self.cleaned_data["seat"], self.cleaned_data["seen"]
        if self.cleaned_data["swap"] and (other := self.who_has(seat)):
            swap(self.instance, other, by=by, seen=seen)
        else:
            self.instance.segment.booking.move({self.instance.pk: seat}, by=by, seen=seen)
        return self.instance

    def who_has(self, seat: str) -> Coupon | None:
        here = Coupon.objects.filter(segment__inventory=self.instance.segment.inventory_id, assignment__seat=seat)
        return here.select_related("traveller", "assignment", "segment__booking", "segment__inventory__flight").first()

    def words(self, result: Any) -> dict[str, Any]:
        return {"name": self.instance.display_name, "seat": self.cleaned_data["seat"]}

    def refuse(self, refusal: Refused) -> None:
        super().refuse(refusal)
        if not isinstance(refusal, SeatTaken):
            return
        self.alternatives = [Alternative("seat", seat, seat) for seat in refusal.nearest]
        other = self.who_has(refusal.seat)
        if other and other.pk != self.instance.pk and self.instance.seat:
            label = _("Swap with %(name)s") % {"name": other.traveller}
            self.alternatives = [Alternative("swap", "on", label), *self.alternatives]

    def again(self) -> "MoveSeat":
        self.instance.segment.booking.refresh_from_db()
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["seen"] = self.instance.segment.booking.revision
        data.pop("swap", None)
        fresh = type(self)(self.instance, data)
        fresh.full_clean()
        return fresh


class Offload(TravellerForm):
    verb, label, tone, folds = "offload", gettext_lazy("Take off the flight"), "bad", True
    done_text = gettext_lazy("%(name)s is off the flight. The seat is free.")
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=REASONS)

    def words(self, result: Any) -> dict[str, Any]:
        return {"name": self.instance.display_name}


class GiveBackUnused(TravellerForm):
    """Pays back what a traveller has not flown. ``accepted`` is the amount on the button; ``seen`` the booking's revision."""

    verb, label, tone, folds = "give_back_unused", gettext_lazy("Pay back what is not flown"), "bad", True
    done_text = gettext_lazy(
        "%(amount)s is paid back to %(name)s. The tickets for these flights are not valid any more."
    )
    accepted = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, instance: Coupon, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(instance, data)
        amount = self.amount_of(instance)
        self.button = _("Pay back %(amount)s") % {"amount": amount} if amount is not None else ""

    @classmethod
    def suits(cls, instance: Coupon) -> bool:
        return cls.amount_of(instance) is not None

    @staticmethod
    def amount_of(instance: Coupon) -> Money | None:
        """What would come back now; None where nothing of the booking is flown, or nothing is left."""
        booking: Any = instance.segment.booking
        try:
            booking.check_legal("give_back_unused")
            return cast(Money, booking.unused(booking.leaving([instance.traveller_id]), timezone.now()).back)
        except Refused:
            return None

    def start(self) -> dict[str, Any]:
        amount = self.amount_of(self.instance)
        return {"seen": self.instance.segment.booking.revision, "accepted": amount.amount if amount else 0}

    def do(self, by: Any) -> Coupon:
        booking, accepted = self.instance.segment.booking, self.cleaned_data["accepted"]
        booking.give_back_unused([self.instance.traveller_id], accepted, by=by, seen=self.cleaned_data["seen"])
        return self.instance

    def words(self, result: Any) -> dict[str, Any]:
        amount = Money(self.cleaned_data["accepted"], self.instance.segment.booking.currency)
        return {"name": self.instance.display_name, "amount": amount}


TRAVELLER_FORMS = by_verb([MoveSeat, Offload, GiveBackUnused])


def start_with(forms_shown: list[VerbForm], values: Mapping[str, str]) -> None:
    """Fill in what was chosen on the seat map."""
    for form in forms_shown:
        if not form.is_bound:
            form.initial |= {name: value for name, value in values.items() if name in form.fields}

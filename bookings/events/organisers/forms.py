"""The forms of organisers: verbs of a registration, and what is done with the places of an event."""

from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.events.models import Event, Place, Quota, Registration, State, TicketType, Use, Voucher
from bookings.events.models.event_verbs import LARGEST
from local_times import LocalMomentField
from verbs.forms import ActionForm, Alternative, VerbForm, by_verb

# A registration


class GuestForm(VerbForm):
    instance: Registration

    @property
    def action(self) -> str:
        return reverse("events:guest-change", args=[self.instance.event.slug, self.instance.pk, self.slug])

    def words(self, result: Any) -> dict[str, Any]:
        return {"name": result.name}


class Approve(GuestForm):
    verb, label, tone = "approve", gettext_lazy("Approve"), "first"
    done_text = gettext_lazy("%(name)s is approved. They were told by mail.")


class Decline(GuestForm):
    verb, label, tone, folds = "decline", gettext_lazy("Decline"), "bad", True
    done_text = gettext_lazy("%(name)s is declined. They were told by mail.")
    reason = forms.CharField(label=gettext_lazy("Reason, which they read"), max_length=160, required=False)


class Note(GuestForm):
    verb, label, folds = "note", gettext_lazy("Note for the organisers"), True
    button = gettext_lazy("Save the note")
    done_text = gettext_lazy("The note is saved.")
    text = forms.CharField(label=gettext_lazy("Note, which attendees never see"), max_length=200, required=False)

    def start(self) -> dict[str, Any]:
        return {"text": self.instance.staff_note}


class CallOff(GuestForm):
    verb, label, tone, folds = "call_off", gettext_lazy("Cancel this registration"), "bad", True
    done_text = gettext_lazy("%(name)s is cancelled, and what was paid goes back. They were told by mail.")
    reason = forms.CharField(label=gettext_lazy("Reason, which they read"), max_length=160)

    @classmethod
    def suits(cls, instance: Registration) -> bool:
        """What waits for approval is declined instead."""
        return instance.state != State.PENDING


GUEST_FORMS = by_verb([Approve, Decline, Note, CallOff])


# The event and its places


class EventForm(VerbForm):
    instance: Event

    @property
    def action(self) -> str:
        return reverse("events:places-change", args=[self.instance.slug, self.slug])


class QuotaSelect(forms.Select):
    """Each option has the size of its quota, for static/js/events/places.js."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-size"] = value.instance.size
        return option


class QuotaField(forms.ModelChoiceField):
    widget = QuotaSelect

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.size})"


class Resize(EventForm):
    """More places than the hall lets people in is asked about. ``beyond``: the size for which the answer was yes."""

    verb, label = "resize", gettext_lazy("Change a quota")
    button = gettext_lazy("Change it")
    done_text = gettext_lazy("%(quota)s has %(size)s places now.")
    beyond = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, instance: Event, data: Any = None) -> None:
        super().__init__(instance, data)
        quotas = Quota.objects.filter(event=instance)
        self.fields["quota"] = QuotaField(label=_("Quota"), queryset=quotas, empty_label=None)
        self.fields["size"] = forms.IntegerField(label=_("Places in all"), min_value=0, max_value=LARGEST)
        if len(quotas) == 1:  # of several, the script writes the size of the one that is chosen
            self.initial["size"] = quotas[0].size

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        hall, size, quota = self.instance.hall, found.get("size"), found.get("quota")
        if quota and size and hall.fire_limit is not None and size > hall.fire_limit and found.get("beyond") != size:
            words = {"hall": hall.name, "limit": hall.fire_limit, "quota": quota.name, "size": size}
            self.add_error(
                None,
                _("The fire limit of %(hall)s is %(limit)s people. Shall %(quota)s have %(size)s places?") % words,
            )
            label = _("Yes, %(size)s places, though %(hall)s holds %(limit)s") % words
            self.alternatives = [Alternative("beyond", str(size), label)]
        return found

    def arguments(self) -> dict[str, Any]:
        return {"quota": self.cleaned_data["quota"], "size": self.cleaned_data["size"]}

    def words(self, result: Any) -> dict[str, Any]:
        return {"quota": self.cleaned_data["quota"], "size": self.cleaned_data["size"]}


class Block(EventForm):
    verb, label, folds = "block", gettext_lazy("Block places"), True
    done_text = gettext_lazy("%(count)s places are blocked.")

    def __init__(self, instance: Event, data: Any = None) -> None:
        super().__init__(instance, data)
        types = TicketType.objects.filter(event=instance)
        self.fields["type_"] = forms.ModelChoiceField(label=_("Ticket type"), queryset=types, empty_label=None)
        self.fields["count"] = forms.IntegerField(label=_("Places"), min_value=1, max_value=LARGEST)
        self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=80)

    def words(self, result: Any) -> dict[str, Any]:
        return {"count": self.cleaned_data["count"]}


class Unblock(EventForm):
    verb, label, folds = "unblock", gettext_lazy("Free blocked places"), True
    done_text = gettext_lazy("The places are free. Who waits gets them first.")

    count = forms.IntegerField(label=gettext_lazy("Places"), min_value=1, max_value=LARGEST)
    field_order: ClassVar = ["group", "count"]

    def __init__(self, instance: Event, data: Any = None) -> None:
        super().__init__(instance, data)
        self.groups = blocked_groups(instance)
        choices = [(str(places[0].pk), group_words(places)) for places in self.groups]
        self.fields["group"] = forms.ChoiceField(label=_("Blocked places"), choices=choices)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        places = next((places for places in self.groups if str(places[0].pk) == found.get("group")), [])
        if places and found.get("count", 0) > len(places):
            self.add_error("count", _("%(count)s of them are blocked.") % {"count": len(places)})
        return found

    def arguments(self) -> dict[str, Any]:
        [places] = [places for places in self.groups if str(places[0].pk) == self.cleaned_data["group"]]
        return {"places": places[: self.cleaned_data["count"]]}

    @classmethod
    def suits(cls, instance: Event) -> bool:
        return bool(instance.places.filter(use=Use.BLOCKED).exists())


def blocked_groups(event: Event) -> list[list[Place]]:
    """The blocked places of each ticket type and reason."""
    rows = (
        event.places.filter(use=Use.BLOCKED).select_related("type").order_by("type__position", "type", "reason", "pk")
    )
    return [list(places) for _of, places in groupby(rows, lambda place: (place.type_id, place.reason))]


def group_words(places: list[Place]) -> str:
    reason = f"{places[0].type}: {places[0].reason}" if places[0].reason else str(places[0].type)
    return f"{len(places)} × {reason}"


class Publish(EventForm):
    verb, label, tone = "publish", gettext_lazy("Publish the event"), "first"
    done_text = gettext_lazy("Everybody sees it now.")


class CallOffEvent(EventForm):
    verb, label, tone, folds = "call_off", gettext_lazy("Cancel the event"), "bad", True
    done_text = gettext_lazy(
        "The event is cancelled. Registrations end one after the other, and what was paid goes back."
    )
    reason = forms.CharField(label=gettext_lazy("Reason, which everybody reads"), max_length=160)


PLACE_FORMS = by_verb([Publish, Resize, Block, Unblock, CallOffEvent])


# Vouchers


class VoucherForm(ActionForm):
    """What vouchers have in common: it belongs to one event."""

    def __init__(self, event: Event, data: Any = None) -> None:
        self.event = event
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}-%s")


class IssueVoucher(VoucherForm):
    label, tone = gettext_lazy("Issue a voucher"), "first"
    done_text = gettext_lazy("The voucher %(code)s is valid now.")
    code = forms.RegexField(
        r"^[A-Za-z0-9-]{4,30}$",
        label=gettext_lazy("Code"),
        max_length=30,
        error_messages={"invalid": gettext_lazy("Four characters or more: letters, digits and -.")},
    )
    most = forms.IntegerField(label=gettext_lazy("Uses"), min_value=1, max_value=10_000, initial=1)
    discount = forms.IntegerField(
        label=gettext_lazy("Discount, per cent"), min_value=0, max_value=100, initial=0, required=False
    )
    reserves = forms.BooleanField(label=gettext_lazy("Reserve a place for each use"), required=False)

    def __init__(self, event: Event, data: Any = None) -> None:
        super().__init__(event, data)
        types = TicketType.objects.filter(event=event)
        self.fields["type"] = forms.ModelChoiceField(
            label=_("Ticket type"), queryset=types, required=False, empty_label=_("Any")
        )
        city = event.hall.airport.city
        self.fields["valid_until"] = LocalMomentField(
            event.tz, label=_("Valid until, %(city)s time (optional)") % {"city": city}, required=False
        )

    @property
    def action(self) -> str:
        return reverse("events:voucher-issue", args=[self.event.slug])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("reserves") and not found.get("type"):
            self.add_error("type", _("Choose for which ticket type places are reserved."))
        if Voucher.objects.filter(event=self.event, code=str(found.get("code", "")).upper()).exists():
            self.add_error("code", _("There is a voucher with this code already."))
        return found

    def do(self, by: Any) -> Voucher:
        fields = {**self.cleaned_data, "discount": self.cleaned_data["discount"] or 0}
        return Voucher.objects.issue(self.event, **fields)

    def words(self, result: Any) -> dict[str, Any]:
        return {"code": result.code}


class ChangeVoucher(VoucherForm):
    label = gettext_lazy("Change")
    done_text = gettext_lazy("The voucher is changed.")
    voucher: Voucher  # after is_valid()
    pk = forms.IntegerField(widget=forms.HiddenInput)
    most = forms.IntegerField(label=gettext_lazy("Uses"), min_value=1, max_value=10_000)

    @property
    def action(self) -> str:
        return reverse("events:voucher-change", args=[self.event.slug])

    def do(self, by: Any) -> None:
        voucher = self.voucher
        voucher.change(self.cleaned_data["most"], voucher.valid_until)

    def clean_pk(self) -> int:
        pk: int = self.cleaned_data["pk"]
        found = Voucher.objects.filter(event=self.event, pk=pk).first() if 0 < pk < 2**62 else None
        if found is None:
            raise forms.ValidationError(_("There is no such voucher any more."))
        self.voucher = found
        return pk


class WithdrawVoucher(ChangeVoucher):
    label, tone = gettext_lazy("Withdraw"), "bad"
    done_text = gettext_lazy("The voucher is not valid any more. What it reserved is free.")
    most = None  # type: ignore[assignment]

    @property
    def action(self) -> str:
        return reverse("events:voucher-withdraw", args=[self.event.slug])

    def do(self, by: Any) -> None:
        self.voucher.withdraw()

"""What the kitchen and its runners do: a form for each verb of an order."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clocks import MINUTE, midnight
from money import Money
from tracking.orders.models import Dish, State, Way
from tracking.orders.models.handing_verbs import PIN_TRIES
from verbs.forms import VerbForm, by_verb
from whole_numbers import LARGEST_KEY


class OrderForm(VerbForm):
    """A tap on a card says no revision: a verb that was done already changes nothing."""

    is_asked_for = False  # the button that leads to the panel is about this verb
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def is_open(self) -> bool:
        return self.is_asked_for or super().is_open

    @property
    def action(self) -> str:
        return reverse("orders:kitchen-change", args=[self.instance.shop.slug, self.instance.pk, self.slug])

    def arguments(self) -> dict[str, Any]:
        return {name: value for name, value in super().arguments().items() if value not in (None, "")}


class Accept(OrderForm):
    verb, label, tone = "accept", _("Accept"), "first"
    button = _("Accept")
    done_text = _("Accepted.")
    minutes = forms.IntegerField(
        label=_("Ready in minutes"), min_value=1, max_value=180, required=False, help_text=_("Empty: as promised.")
    )


class Start(OrderForm):
    verb, label, tone = "start", pgettext_lazy("a kitchen", "Start"), "first"
    done_text = _("The kitchen has begun.")


class Bump(OrderForm):
    verb, label, tone = "bump", _("All ready"), "first"
    done_text = _("All of it is ready.")
    station = forms.IntegerField(widget=forms.HiddenInput, max_value=LARGEST_KEY, required=False)


class Collect(OrderForm):
    """A quiet one for what goes to a gate: its customer came to the shop after all."""

    verb, label = "collect", pgettext_lazy("an order", "Collected")
    done_text = _("The customer has it.")

    @property
    def tone(self) -> str:  # type: ignore[override]
        return "" if self.instance.way == Way.DELIVERY else "first"


class SendOut(OrderForm):
    verb, label, tone = "send_out", _("On its way"), "first"
    done_text = _("It is on its way.")

    @classmethod
    def suits(cls, instance: Any) -> bool:
        return bool(instance.way == Way.DELIVERY)


class Recall(OrderForm):
    verb, label = "recall", _("Recall")
    done_text = _("The last move is undone.")
    moved_to = forms.ChoiceField(choices=State, widget=forms.HiddenInput, required=False)

    def start(self) -> dict[str, Any]:
        return {"moved_to": self.instance.state}


class Deliver(OrderForm):
    verb, label, tone = "deliver", _("Hand over"), "first"
    done_text = _("Handed over: %(name)s.")
    pin = forms.CharField(
        label=_("PIN that the customer says"),
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9 ]*"}),
    )

    @classmethod
    def suits(cls, instance: Any) -> bool:
        return bool(instance.pin_tries < PIN_TRIES)


class HandOver(OrderForm):
    verb, label, folds = "hand_over_without_pin", _("Hand over without a PIN"), True
    done_text = _("The customer has it.")
    reason = forms.CharField(label=_("Why"), max_length=120)

    @classmethod
    def suits(cls, instance: Any) -> bool:
        return bool(instance.state == State.OUT)


class NotFound(OrderForm):
    verb, label = "not_found", _("Nobody at the gate")
    done_text = _("It is ready at the shop again. The customer gets a mail.")


class Acknowledge(OrderForm):
    verb, label, tone = "acknowledge", _("Seen"), "first"
    done_text = _("It is noted that you saw it.")

    @classmethod
    def suits(cls, instance: Any) -> bool:
        return bool(instance.is_unseen or instance.lines.filter(is_void=True, acknowledged_at=None).exists())


class Refuse(OrderForm):
    verb, label, tone, folds = "refuse", _("Refuse it"), "bad", True
    done_text = _("The order is refused. The customer reads why.")
    reason = forms.CharField(label=_("Why: the customer reads it"), max_length=120)


class CallOff(OrderForm):
    verb, label, tone, folds = "call_off", _("Cancel it"), "bad", True
    done_text = _("The order is cancelled. The customer reads why.")
    reason = forms.CharField(label=_("Why: the customer reads it"), max_length=120)

    @classmethod
    def suits(cls, instance: Any) -> bool:
        return bool(instance.state != State.PLACED)  # it is refused then


class LineForm(OrderForm):
    """What is done with one line of an order."""

    folds = True
    line = forms.TypedChoiceField(label=_("Dish"), coerce=int)
    reason = forms.CharField(label=_("Why: the customer reads it"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = self.lines_of(self.instance)
        self.fields["line"].choices = [(line.pk, self.words_of(line)) for line in lines]  # type: ignore[attr-defined]

    @classmethod
    def lines_of(cls, order: Any) -> Any:
        """Those that one may choose from."""
        return order.lines.filter(is_void=False)

    def words_of(self, line: Any) -> str:
        return str(line)


class VoidLine(LineForm):
    verb, label = "void_line", _("A dish can’t be made")
    done_text = _("The dish is taken off. The customer reads why.")
    button = _("Take it off")


class RefundLine(LineForm):
    verb, label = "refund_line", _("Something was wrong with a dish")
    done_text = _("The money is given back. The customer gets a mail.")
    button = _("Give its money back")
    reason = forms.CharField(label=_("Why"), max_length=120)  # for the shop and the payment provider

    @classmethod
    def lines_of(cls, order: Any) -> Any:
        return super().lines_of(order).filter(given_back__lt=F("amount"))

    def words_of(self, line: Any) -> str:
        return f"{line}: {Money(line.amount, self.instance.currency)}"

    @classmethod
    def suits(cls, instance: Any) -> bool:
        return bool(instance.was_paid and cls.lines_of(instance).exists())


# In the order of the panel. Where the button of one move was, the next one stands there or its recall, and nothing that ends the
# order: an impatient finger presses twice.
FORMS = by_verb(
    [
        Accept,
        Start,
        Bump,
        SendOut,
        Deliver,
        Recall,
        NotFound,
        Collect,
        Acknowledge,
        HandOver,
        VoidLine,
        RefundLine,
        Refuse,
        CallOff,
    ]
)
TAPS = frozenset({"accept", "start", "bump", "collect", "send_out", "recall", "acknowledge", "not_found", "deliver"})

LONG = {"30": 30 * MINUTE, "60": 60 * MINUTE, "120": 120 * MINUTE}


class SellOutForm(forms.Form):
    """How long a dish is sold out: some minutes, the rest of the day, or until a time of today."""

    HOW: ClassVar = [*((key, key) for key in LONG), ("day", _("Today")), ("time", _("Until"))]
    how = forms.ChoiceField(choices=HOW)
    time = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))

    def until(self, dish: Dish) -> datetime:
        """The moment that was chosen, on the clock of the shop's airport. A time that has passed is tomorrow's."""
        how, now, tz = self.cleaned_data["how"], timezone.now(), dish.shop.tz
        if how in LONG:
            return now + LONG[how]
        if how == "day":
            return midnight(tz, now)
        local = now.astimezone(tz)
        time = self.cleaned_data["time"]
        chosen = local.replace(hour=time.hour, minute=time.minute, second=0, microsecond=0)
        return chosen if chosen > local else chosen + timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == "time" and not data.get("time"):
            self.add_error("time", _("Choose a time."))
        return data

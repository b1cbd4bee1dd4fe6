"""How an order reaches its customer: at the shop, or at a gate by a runner, who is told a PIN."""

import secrets
from datetime import datetime
from typing import Any, Self

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracking.orders.models.kitchen_verbs import KitchenVerbs
from tracking.orders.models.repeating import repeatable
from tracking.orders.models.states import State, Way
from verbs.models import verb
from verbs.refusals import Refused

PIN_TRIES = 5


def new_pin() -> str:
    """What the customer says to the runner."""
    return f"{secrets.randbelow(10_000):04}"


class WrongPin(Refused):
    """The PIN is not that of the order. ``left``: how often a runner may try again."""

    def __init__(self, text: str, left: int) -> None:
        super().__init__(text)
        self.left = left


class HandingVerbs(KitchenVerbs):
    gate: str
    pin: str
    pin_tries: int
    reason: str
    not_found_at: datetime | None

    class Meta:
        abstract = True

    @verb
    @repeatable
    def collect(self) -> None:
        """The customer has it, at the shop."""
        self.state, self.ended_at, self.reason = State.COLLECTED, timezone.now(), ""

    @verb
    @repeatable
    def send_out(self) -> None:
        """A runner leaves with it for the gate."""
        if self.way != Way.DELIVERY:
            raise Refused(_("%(name)s is collected at the shop.") % {"name": self.display_name})
        now = timezone.now()
        self.state, self.out_at, self.not_found_at, self.reason = State.OUT, now, None, ""
        self.promise_out(now)

    def deliver(self, pin: str, **context: Any) -> Self:
        """Hand it over at the gate to who says its PIN. Raises WrongPin; after five wrong ones no PIN is taken any more.

        A try is counted before it is compared, and stays counted when the verb is refused: no guess is for nothing, also
        not of many at once.
        """
        was_out = self.state == State.OUT
        if was_out:
            self.count_try()
            if not constant_time_compare(pin.strip(), self.pin):
                left = max(0, PIN_TRIES - self.pin_tries)
                text = ngettext(
                    "This is not the PIN of %(name)s. %(left)s more try.",
                    "This is not the PIN of %(name)s. %(left)s more tries.",
                    left,
                )
                raise WrongPin(text % {"name": self.display_name, "left": left}, left)
        self.hand_over(is_known=was_out, **context)
        return self

    def hand_over_without_pin(self, reason: str, **context: Any) -> Self:
        """Hand it over to somebody who can't say the PIN. Why is written down, and the customer reads it too."""
        if not reason.strip():
            raise Refused(_("Say why there is no PIN."))
        self.hand_over(reason, **context)
        return self

    @verb
    def not_found(self, reason: str = "") -> None:
        """Nobody was at the gate: it is back at the shop, where it can be collected, or sent out again."""
        if self.state == State.READY and self.not_found_at:
            return
        self.demand("not_found")
        self.state, self.not_found_at, self.reason = State.READY, timezone.now(), reason

    # What pages ask

    @property
    def why_back(self) -> str:
        """Why it is back at the shop; "" for one that is not."""
        if not (self.state == State.READY and self.not_found_at):
            return ""
        return self.reason or _("Nobody was found at gate %(gate)s") % {"gate": self.gate or "–"}

    # What the verbs need

    @verb
    @repeatable
    def hand_over(self, reason: str = "", is_known: bool = False) -> None:
        """``is_known``: who gets it has said the PIN. Else the reason says why not."""
        if not (reason or is_known):  # it left the shop after it was looked at, so no PIN was compared
            raise Refused(_("%(name)s has left the shop just now. Try again.") % {"name": self.display_name})
        self.state, self.ended_at, self.reason = State.DELIVERED, timezone.now(), reason

    def count_try(self) -> None:
        """In a statement of its own, which no refusal takes back."""
        tries = type(self)._base_manager.filter(pk=self.pk, pin_tries__lt=PIN_TRIES)
        if not tries.update(pin_tries=F("pin_tries") + 1):
            text = _("Too many wrong PINs. Hand %(name)s over without one, and say why.")
            raise WrongPin(text % {"name": self.display_name}, 0)
        self.refresh_from_db(fields=["pin", "pin_tries"])

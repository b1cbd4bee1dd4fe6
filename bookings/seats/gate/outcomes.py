"""What a scan at the gate leads to."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """The label is the first thing that the agent reads and hears."""

    BOARDED = "boarded", _("Boarded")
    ALREADY = "already", _("Already on board")
    WRONG_FLIGHT = "wrong_flight", _("Wrong flight")
    NOT_CHECKED_IN = "not_checked_in", _("Not checked in")
    OUTDATED = "outdated", _("Old boarding pass")
    OFFLOADED = "offloaded", _("Taken off the flight")
    CANCELLED = "cancelled", _("Booking not valid")
    FORGED = "forged", _("Not one of our passes")
    NOT_A_PASS = "not_a_pass", _("Not a boarding pass")
    NOBODY = "nobody", _("Nobody found")
    CLOSED = "closed", _("Boarding is closed")
    UNDONE = "undone", _("Not on board")
    CHOOSE = "choose", _("Who is it?")


STATUSES = {
    Outcome.BOARDED: 200,
    Outcome.CHOOSE: 200,
    Outcome.UNDONE: 200,
    Outcome.ALREADY: 409,
}  # of the answer; 422 for all others


@dataclass(frozen=True)
class Answer:
    """``text`` is a sentence for the agent; ``choices`` are the coupons of a booking, where it is not said whose is meant."""

    outcome: Outcome
    text: str = ""
    coupon: Any = None
    choices: tuple[Any, ...] = ()

    @property
    def status(self) -> int:
        return STATUSES.get(self.outcome, 422)

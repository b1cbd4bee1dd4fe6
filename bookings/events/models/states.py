"""The states of registrations and places, and which verbs are legal in them."""

from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy


class State(models.TextChoices):
    """Of a registration."""

    HELD = "held", gettext_lazy("Held")
    OFFERED = "offered", gettext_lazy("Offered from the waitlist")
    PENDING = "pending", gettext_lazy("Waits for approval")
    UNPAID = "unpaid", gettext_lazy("Not paid yet")
    CONFIRMED = "confirmed", gettext_lazy("Confirmed")
    RELEASED = "released", gettext_lazy("Released")
    DECLINED = "declined", gettext_lazy("Declined by the organiser")
    LAPSED = "lapsed", gettext_lazy("Not paid in time")
    CANCELLED = "cancelled", pgettext_lazy("a registration", "Cancelled")


ASKING = (State.HELD, State.OFFERED)  # nobody has sent the form yet
LIVE = (*ASKING, State.PENDING, State.UNPAID, State.CONFIRMED)  # it has places, unless its time is over
MADE = (State.PENDING, State.UNPAID, State.CONFIRMED)
ENDED = (State.RELEASED, State.DECLINED, State.LAPSED, State.CANCELLED)

# verb → the states in which it is legal; a verb that is missing is always legal
LEGAL = {
    "extend": (State.HELD,),  # once
    "release": ASKING,
    "book": ASKING,  # the form is sent: it waits for approval, for money, or is confirmed
    "approve": (State.PENDING,),
    "decline": (State.PENDING,),
    "confirm": (State.UNPAID,),  # the money has come
    "lapse": (State.UNPAID,),
    "change": MADE,  # names, answers, contact
    "transfer": (State.CONFIRMED,),  # to another person; the old links end
    "cancel_ticket": (State.PENDING, State.UNPAID, State.CONFIRMED),  # one of a group
    "cancel": (State.PENDING, State.UNPAID, State.CONFIRMED),  # by the attendee
    "call_off": (State.HELD, State.OFFERED, State.PENDING, State.UNPAID, State.CONFIRMED),  # by the organiser
    "swap": (State.PENDING, State.UNPAID, State.CONFIRMED),  # to another ticket type of the same price
}


class Use(models.TextChoices):
    """What a place is used for: the columns of the ledger. What no place is used for is free."""

    SOLD = "sold", pgettext_lazy("places", "Sold")
    UNPAID = "unpaid", pgettext_lazy("places", "Not paid yet")
    PENDING = "pending", pgettext_lazy("places", "Waiting for approval")
    HELD = "held", pgettext_lazy("places", "Held")
    OFFERED = "offered", pgettext_lazy("places", "Offered")
    GATHERED = "gathered", pgettext_lazy("places", "Gathered for a group")
    RESERVED = "reserved", pgettext_lazy("places", "Reserved by a voucher")
    BLOCKED = "blocked", pgettext_lazy("places", "Blocked")


USE_OF = {
    State.HELD: Use.HELD,
    State.OFFERED: Use.OFFERED,
    State.PENDING: Use.PENDING,
    State.UNPAID: Use.UNPAID,
    State.CONFIRMED: Use.SOLD,
}


class Left(models.TextChoices):
    """Why there is a place or none: what each means for an attendee is said on the page."""

    FREE = "free", gettext_lazy("Places left")
    KEPT = "kept", gettext_lazy("Kept for people waiting")  # offered to them, gathered for a group, or theirs next
    HELD = "held", gettext_lazy("All held, some may come back")  # in forms that are being filled in
    UNPAID = "unpaid", gettext_lazy("All ordered, some are not paid yet")  # or wait for approval, or are reserved
    GONE = "gone", gettext_lazy("Sold out")  # for good, unless somebody cancels
    CLOSED = "closed", gettext_lazy("Not for sale now")

"""The states of a booking and of a coupon, and which verbs are legal in them."""

from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy


class State(models.TextChoices):
    HELD = "held", gettext_lazy("Held")
    BOOKED = "booked", gettext_lazy("Booked, not paid")
    CONFIRMED = "confirmed", gettext_lazy("Confirmed")
    CANCELLED = "cancelled", pgettext_lazy("a flight booking", "Cancelled")


LIVE = (State.HELD, State.BOOKED, State.CONFIRMED)  # states in which it has seats, unless they have expired
MADE = (State.BOOKED, State.CONFIRMED)  # the passengers are known

# verb → the states in which it is legal; a verb that is missing is always legal
LEGAL = {
    "extend": (State.HELD,),
    "renew": (State.HELD,),
    "release": (State.HELD,),
    "book": (State.HELD,),
    "reprice": (State.BOOKED,),
    "confirm": (State.BOOKED,),
    "choose": LIVE,
    "move": LIVE,
    "cancel": MADE,
    "change": (State.CONFIRMED,),
    "rebook": MADE,
    "keep": MADE,
    "settle_change": (State.CONFIRMED,),
    "give_back_unused": (State.CONFIRMED,),
    "reaccommodate": MADE,
}

# Why a verb is illegal in each state.
ALREADY = {
    State.HELD: gettext_lazy("You can’t do this: %(name)s is not booked yet."),
    State.BOOKED: gettext_lazy("You can’t do this: %(name)s is booked, and not paid yet."),
    State.CONFIRMED: gettext_lazy("You can’t do this: %(name)s is booked and paid already."),
    State.CANCELLED: gettext_lazy("You can’t do this: %(name)s is cancelled."),
}


class Status(models.TextChoices):
    """What became of one traveller's ticket for one flight."""

    ISSUED = "issued", gettext_lazy("Not checked in")
    CHECKED_IN = "checked_in", gettext_lazy("Checked in")
    BOARDED = "boarded", gettext_lazy("On board")
    OFFLOADED = "offloaded", gettext_lazy("Taken off the flight")
    VOID = "void", gettext_lazy("Not valid")


FLYING = (Status.ISSUED, Status.CHECKED_IN, Status.BOARDED)  # expected on the flight

# verb → the statuses in which it is legal
LEGAL_OF_COUPONS = {
    "check_in": (Status.ISSUED,),
    "undo_check_in": (Status.CHECKED_IN,),
    "board": (Status.CHECKED_IN,),
    "undo_boarding": (Status.BOARDED,),
    "offload": FLYING,
    "void": FLYING,
}

REFUSED_TO_COUPONS = {
    Status.ISSUED: gettext_lazy("%(name)s has not checked in."),
    Status.CHECKED_IN: gettext_lazy("%(name)s is checked in already."),
    Status.BOARDED: gettext_lazy("%(name)s is on board already."),
    Status.OFFLOADED: gettext_lazy("%(name)s was taken off the flight."),
    Status.VOID: gettext_lazy("This ticket of %(name)s is not valid any more."),
}


class Kind(models.TextChoices):
    """How old a traveller is, and whether they have a seat."""

    ADULT = "adult", gettext_lazy("Adult")
    CHILD = "child", gettext_lazy("Child")
    INFANT_SEAT = "infant_seat", gettext_lazy("Infant with a seat")
    INFANT_LAP = "infant_lap", gettext_lazy("Infant on a lap")


CHILDREN = (Kind.CHILD, Kind.INFANT_SEAT)  # they sit beside an adult

"""The states of an order, and which verbs are legal in them."""

from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy


class Way(models.TextChoices):
    COLLECTION = "collection", gettext_lazy("Collect at the shop")
    DELIVERY = "delivery", gettext_lazy("Bring it to the gate")


class State(models.TextChoices):
    UNPAID = "unpaid", gettext_lazy("Not paid yet")
    PLACED = "placed", gettext_lazy("Placed")
    ACCEPTED = "accepted", gettext_lazy("Accepted")
    MAKING = "making", gettext_lazy("Being made")
    READY = "ready", pgettext_lazy("an order", "Ready")
    OUT = "out", gettext_lazy("On its way")
    COLLECTED = "collected", gettext_lazy("Collected")
    DELIVERED = "delivered", gettext_lazy("Delivered")
    REFUSED = "refused", pgettext_lazy("an order", "Refused")
    CANCELLED = "cancelled", pgettext_lazy("an order", "Cancelled")


KITCHEN = (State.PLACED, State.ACCEPTED, State.MAKING)  # there is work to do
OPEN = (*KITCHEN, State.READY, State.OUT)
DONE = (State.COLLECTED, State.DELIVERED)
ENDED = (*DONE, State.REFUSED, State.CANCELLED)

# verb → the states in which it is legal; a verb that is missing is always legal
LEGAL = {
    "pay": (State.UNPAID,),
    "lapse": (State.UNPAID,),
    "accept": (State.PLACED,),
    "refuse": (State.PLACED,),
    "start": (State.ACCEPTED,),
    "finish_part": (State.ACCEPTED, State.MAKING),
    "bump": (State.ACCEPTED, State.MAKING),  # everything is ready
    "recall": (State.READY, State.OUT, State.COLLECTED),  # the last move is undone
    "collect": (State.READY,),
    "send_out": (State.READY,),
    "deliver": (State.OUT,),
    "hand_over": (State.OUT,),  # what deliver does once the PIN is right
    "not_found": (State.OUT,),  # nobody at the gate
    "cancel": (State.UNPAID, State.PLACED, State.ACCEPTED),  # by the customer
    "call_off": (State.PLACED, State.ACCEPTED, State.MAKING, State.READY, State.OUT),  # by the shop
    "void_line": KITCHEN,
    "refund_line": (State.READY, State.OUT, *DONE),  # something was wrong with a dish
    "revise": KITCHEN,  # a later version from its till
    "expect": OPEN,  # another promise
    "put_off": KITCHEN,
    "be_late": OPEN,
    "follow_flight": OPEN,
}

# verb → the states in which it was done before: sent again, it changes nothing, and is no refusal
DONE_BEFORE = {
    "accept": (State.ACCEPTED, State.MAKING, State.READY, State.OUT, *DONE),
    "refuse": (State.REFUSED,),
    "start": (State.MAKING, State.READY, State.OUT, *DONE),
    "bump": (State.READY, State.OUT, *DONE),
    "collect": (State.COLLECTED,),
    "send_out": (State.OUT, State.DELIVERED),
    "hand_over": (State.DELIVERED,),
    "call_off": (State.CANCELLED,),
}

# verbs that look themselves whether they were done before, as their arguments say it
LOOKS_ITSELF = ("finish_part", "recall", "not_found")

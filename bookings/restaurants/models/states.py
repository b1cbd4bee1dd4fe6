"""The states of a reservation, and the courses of a seated party."""

from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy


class State(models.TextChoices):
    HELD = "held", gettext_lazy("Held")
    BOOKED = "booked", gettext_lazy("Booked")
    ARRIVED = "arrived", pgettext_lazy("a party", "Arrived")
    SEATED = "seated", gettext_lazy("Seated")
    FINISHED = "finished", gettext_lazy("Finished")
    NO_SHOW = "no_show", gettext_lazy("No-show")
    CANCELLED = "cancelled", pgettext_lazy("a reservation", "Cancelled")


EXPECTED = (State.BOOKED, State.ARRIVED)
HERE = (State.ARRIVED, State.SEATED)
TAKING = (State.HELD, *EXPECTED, State.SEATED)  # those that have tables
ENDED = (State.FINISHED, State.NO_SHOW, State.CANCELLED)


class Stage(models.TextChoices):
    """How far a seated party is."""

    NONE = "", gettext_lazy("Just seated")
    ORDERED = "ordered", gettext_lazy("Ordered")
    STARTERS = "starters", gettext_lazy("Starters")
    MAINS = "mains", gettext_lazy("Mains")
    DESSERT = "dessert", gettext_lazy("Dessert")
    BILL = "bill", gettext_lazy("Bill")


# Of its turn time, what a party still needs once it is there.
LEFT = {
    Stage.NONE: 1.0,
    Stage.ORDERED: 0.85,
    Stage.STARTERS: 0.7,
    Stage.MAINS: 0.5,
    Stage.DESSERT: 0.25,
    Stage.BILL: 0.1,
}

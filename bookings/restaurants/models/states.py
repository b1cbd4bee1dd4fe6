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
TAKING = (State.HELD, *EXPECTED, State.SEATED)  # states in which it has tables
ENDED = (State.FINISHED, State.NO_SHOW, State.CANCELLED)


class Stage(models.TextChoices):
    """The course that a seated party has reached."""

    NONE = "", gettext_lazy("Just seated")
    ORDERED = "ordered", gettext_lazy("Ordered")
    STARTERS = "starters", gettext_lazy("Starters")
    MAINS = "mains", gettext_lazy("Mains")
    DESSERT = "dessert", gettext_lazy("Dessert")
    BILL = "bill", gettext_lazy("Bill")


# The share of its turn time that a party still needs when it has reached a course.
LEFT = {
    Stage.NONE: 1.0,
    Stage.ORDERED: 0.85,
    Stage.STARTERS: 0.7,
    Stage.MAINS: 0.5,
    Stage.DESSERT: 0.25,
    Stage.BILL: 0.1,
}

# verb → the states in which it is legal; a verb that is missing is always legal
LEGAL = {
    "confirm": (State.HELD,),
    "release": (State.HELD,),
    "change": EXPECTED,
    "arrive": (State.BOOKED,),
    "seat": EXPECTED,
    "move": (*EXPECTED, State.SEATED),
    "split": (*EXPECTED, State.SEATED),
    "join": (*EXPECTED, State.SEATED),
    "extend": (State.SEATED,),
    "progress": (State.SEATED,),
    "finish": (State.SEATED,),
    "no_show": EXPECTED,
    "cancel": (State.HELD, *EXPECTED),
    "undo": (State.NO_SHOW, State.CANCELLED, State.FINISHED, State.SEATED, State.ARRIVED),
    "transfer": EXPECTED,
    "contest_no_show": (State.NO_SHOW,),
    "annotate": tuple(State),
}

# Verbs after which a table may be free that was not before, at some quarter of an hour.
FREEING = {
    *("change", "move", "split", "finish", "no_show", "cancel", "release"),
    *("seat", "progress", "undo"),  # they shift when the table is expected back
}

# Verbs after which a guest has a table on a day, and waits for none on it.
SETTLING = ("confirm", "book", "change", "transfer", "annotate")

# Why a verb is illegal in each state.
ALREADY = {
    State.HELD: gettext_lazy("You can’t do this: %(name)s is not booked yet."),
    State.BOOKED: gettext_lazy("You can’t do this: %(name)s is booked already."),
    State.ARRIVED: gettext_lazy("You can’t do this: %(name)s has arrived already."),
    State.SEATED: gettext_lazy("You can’t do this: %(name)s is already seated."),
    State.FINISHED: gettext_lazy("You can’t do this: %(name)s has left already."),
    State.NO_SHOW: gettext_lazy("You can’t do this: %(name)s is marked as a no-show."),
    State.CANCELLED: gettext_lazy("You can’t do this: %(name)s is cancelled."),
}
NOT_SEATED = gettext_lazy("You can’t do this: %(name)s is not seated.")


def refusal_of(verb: str, state: str) -> str:
    """The sentence for a verb that is illegal in this state; ``%(name)s`` is the reservation."""
    if LEGAL[verb] == (State.SEATED,) and state in EXPECTED:
        return str(NOT_SEATED)
    return str(ALREADY[State(state)])

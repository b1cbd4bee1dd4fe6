"""What a kitchen does with an order: from accepting it until it is ready, and back.

Every verb may be sent twice. ``repeatable``: the second of two cooks changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from tracking.orders.estimating import Span
from tracking.orders.models.promised import Promised
from tracking.orders.models.promises import Cause
from tracking.orders.models.repeating import Repeating, repeatable
from tracking.orders.models.states import DONE, State
from verbs.models import verb
from verbs.refusals import Refused

RECALLED_WITHIN = timedelta(hours=2)  # so that nobody brings back yesterday's orders
MOST_MINUTES = 180  # that a kitchen can ask for


class KitchenVerbs(Promised, Repeating):
    parts: Any
    lines: Any
    making_at: datetime | None
    ready_at: datetime | None
    out_at: datetime | None
    not_found_at: datetime | None
    ended_at: datetime | None
    pk: int

    class Meta:
        abstract = True

    @verb
    @repeatable
    def accept(self, minutes: int | None = None) -> None:
        """Take it on. ``minutes``: the kitchen says that it is ready in so many, which is promised then."""
        now = timezone.now()
        self.state, self.accepted_at = State.ACCEPTED, now
        if minutes is not None:
            if not 0 < minutes <= MOST_MINUTES:
                raise Refused(_("Choose from 1 to %(most)s minutes.") % {"most": MOST_MINUTES})
            ready = now + timedelta(minutes=minutes) + self.walk
            self.promise(Span(ready, ready), Cause.ACCEPTED)

    @verb
    @repeatable
    def start(self) -> None:
        """Somebody begins to make it."""
        self.state, self.making_at = State.MAKING, timezone.now()

    @verb
    def finish_part(self, part: int, ready: int) -> None:
        """``ready`` of what one station makes are made, or fewer than was said before. The last one makes the order ready."""
        found = self.parts.filter(pk=part, line__is_void=False).first()
        if found is None or not 0 <= ready <= found.quantity:
            raise Refused(_("This is no part of %(name)s any more.") % {"name": self.display_name})
        if found.ready != ready:
            self.demand("finish_part")
            self.make_ready({found: ready})

    @verb
    @repeatable
    def bump(self, station: int | None = None) -> None:
        """All of it is made; with ``station``, the key of one, all that it makes. The last one makes the order ready."""
        parts = self.parts.filter(line__is_void=False)
        if station is not None:
            parts = parts.filter(station=station)
        self.make_ready({part: part.quantity for part in parts}, is_all=station is None)

    @verb
    def recall(self, moved_to: str = "") -> None:
        """Undo the last move. It goes back to its old place, as the time that it is due has never changed.

        ``moved_to``: the state that the last move led to, as somebody saw it. Where it was undone already nothing happens.
        Raises Refused where another move has followed, or where it ended long ago.
        """
        if moved_to and moved_to != self.state:
            if self.state in UNDONE.get(moved_to, ()):
                return
            raise Refused(_("%(name)s has moved on since.") % {"name": self.display_name})
        self.demand("recall")
        now = timezone.now()
        if self.state in DONE and self.ended_at and self.ended_at <= now - RECALLED_WITHIN:
            raise Refused(_("%(name)s was collected too long ago.") % {"name": self.display_name})
        if self.state == State.READY and self.not_found_at:
            self.state, self.not_found_at, self.reason = State.OUT, None, ""
        elif self.state == State.READY:
            self.parts.update(ready=F("ready_before"))
            self.state = State.MAKING if self.making_at else State.ACCEPTED
            self.ready_at = None
            self.promise_again(now)
        else:
            self.state, self.ended_at, self.out_at = State.READY, None, None

    @verb
    def acknowledge(self) -> None:
        """The kitchen has seen that it, or a line of it, is cancelled."""
        now = timezone.now()
        unseen = self.lines.filter(is_void=True, acknowledged_at=None).update(acknowledged_at=now)
        if unseen or self.is_unseen:
            self.acknowledged_at = now

    # What the verbs need

    @property
    def is_unseen(self) -> bool:
        """Whether it was cancelled after the kitchen had it, and nobody there has said that they saw it."""
        return bool(
            self.state == State.CANCELLED
            and self.placed_at
            and self.ended_at
            and not (self.acknowledged_at and self.acknowledged_at >= self.ended_at)
        )

    def make_ready(self, counts: dict[Any, int], is_all: bool = False) -> None:
        """So many of these parts are made. Remembers what was made before, so that a recall finds its way back."""
        before = dict(self.parts.values_list("pk", "ready"))
        for part, ready in counts.items():
            if part.ready != ready:
                self.parts.filter(pk=part.pk).update(ready=ready)
        done = is_all or not self.parts.filter(line__is_void=False, ready__lt=F("quantity")).exists()
        if done and self.state != State.READY:
            self.become_ready(before)
        elif self.state == State.ACCEPTED and any(counts.values()):
            self.state, self.making_at = State.MAKING, timezone.now()

    def become_ready(self, before: dict[int, int]) -> None:
        """``before``: how many of each part were made before the move that makes it ready."""
        now = timezone.now()
        for part, ready in before.items():
            self.parts.filter(pk=part).update(ready_before=ready)
        self.state, self.ready_at, self.reason = State.READY, now, ""
        self.promise_ready(now)


# a state that a move led to → those to which a recall has brought it back
UNDONE: dict[str, Iterable[str]] = {
    State.READY: (State.ACCEPTED, State.MAKING, State.OUT),
    State.OUT: (State.READY,),
    State.COLLECTED: (State.READY,),
}

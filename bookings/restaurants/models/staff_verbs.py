"""What hosts do with a reservation: from the arrival until the party leaves, and back again by undo."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.restaurants.models.floor import Table
from bookings.restaurants.models.refusals import IllegalMove, Unfit
from bookings.restaurants.models.seating import Seating
from bookings.restaurants.models.slots import slot_of, slots_for
from bookings.restaurants.models.states import ENDED, EXPECTED, LEFT, Stage, State
from verbs.models import Tracked, verb


class StaffVerbs(Seating, Tracked):
    """The verbs of a reservation that only staff have."""

    class Meta:
        abstract = True

    @verb
    def arrive(self) -> None:
        """The party is at the door."""
        self.state, self.arrived_at = State.ARRIVED, timezone.now()

    @verb
    def seat(self, tables: Iterable[Table] | None = None) -> None:
        """Seat it at its own tables, or at these. It has its whole turn time from now on, early or late."""
        now = timezone.now()
        self.state, self.seated_at = State.SEATED, now
        self.arrived_at = self.arrived_at or now
        if tables:
            self.take(tables, slot_of(now), 1)
        else:
            self.check_empty(self.tables.all(), slot_of(now))
        self.stretch(now + timedelta(minutes=self.turn))

    @verb
    def move(self, tables: Iterable[Table]) -> None:
        """Give it other tables, for as long as it has its own."""
        now = timezone.now()
        if self.state != State.SEATED:
            self.take(tables, self.first, self.count)
        else:
            self.take(tables, slot_of(now), 1)
            self.stretch(max(self.ends_at, now))

    @verb
    def join(self, tables: Iterable[Table]) -> None:
        """Give it further tables beside its own."""
        self.take([*self.tables.all(), *tables], self.first, self.count)

    @verb
    def split(self, guests: int, tables: Iterable[Table]) -> None:
        """Move some of its guests to other tables, or to some of its own, as another reservation in the same name."""
        if not 0 < guests < self.party:
            raise Unfit(_("At least one guest must stay."))
        staying = [table for table in self.tables.all() if table not in tables]
        if not staying:
            raise Unfit(_("At least one of its tables must stay."))
        self.party -= guests
        self.sequence += 1
        self.take(staying, self.first, self.count)
        other = type(self)._default_manager.get(pk=self.pk)
        other.pk, other.reference, other.key, other.revision, other.party = None, "", None, 0, guests
        other._state.adding = True
        other.save(force_insert=True)
        other.take(tables, self.first, self.count)
        other.begin("split", **self.context)

    @verb
    def extend(self, minutes: int) -> None:
        """Expect it to stay this many minutes longer."""
        self.stretch(self.ends_at + timedelta(minutes=minutes))

    @verb
    def progress(self, stage: str) -> None:
        """The party has reached a course, from which its expected end follows."""
        self.stage = Stage(stage)
        self.stretch(timezone.now() + timedelta(minutes=round(self.turn * LEFT[self.stage])))

    @verb
    def finish(self) -> None:
        """The party has left: its tables are free."""
        now = timezone.now()
        self.state, self.finished_at, self.ends_at = State.FINISHED, now, now
        self.free()

    @verb
    def no_show(self) -> None:
        """The party has not come: its tables are free."""
        if timezone.now() < self.starts_at:
            raise Unfit(_("It is not expected before %(time)s.") % {"time": self.clock(self.starts_at)})
        self.state = State.NO_SHOW
        self.free()

    @verb
    def undo(self) -> None:
        """Go back to the state before the last step. Raises Taken if the tables have been given to another party."""
        step = self.last_step()
        if step is None or step.before in ("", State.HELD):
            raise IllegalMove(_("There is nothing to undo."))
        was_ended = self.state in ENDED
        self.sequence += self.state == State.CANCELLED
        self.state = State(step.before)
        if self.state == State.BOOKED:
            self.arrived_at = None
        if self.state in EXPECTED:
            self.seated_at, self.stage, self.finished_at = None, Stage.NONE, None
            self.ends_at = self.starts_at + timedelta(minutes=self.turn)
            self.take(self.tables.all(), slot_of(self.starts_at), slots_for(self.turn))
        elif was_ended:
            now = timezone.now()
            self.finished_at = None
            self.take(self.tables.all(), slot_of(now), 1)
            self.stretch(now + timedelta(minutes=15))

    def last_step(self) -> Any:
        """The last change of state that was not undone, None if there is none."""
        steps = []
        for change in self.changes.filter(field="state").order_by("revision"):
            if change.verb == "undo":
                steps.pop()
            else:
                steps.append(change)
        return steps[-1] if steps else None

    @verb
    def annotate(self, **fields: str) -> None:
        """Set any of name, phone, email, notes and allergies."""
        for name, value in fields.items():
            setattr(self, name, value)

"""A party's booking of tables, from the hold to the end of the evening; and the rule that no table is given twice."""

import secrets
from datetime import timedelta
from functools import partial, wraps

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bookings.restaurants import topics
from bookings.restaurants.guests import mail
from bookings.restaurants.models.availability import Availability, current
from bookings.restaurants.models.history import ReservationChange
from bookings.restaurants.models.refusals import Changed, Closed, Full, IllegalMove, Refused, Taken, Unfit
from bookings.restaurants.models.slots import LONGEST, moment_of, slot_of, slots_for
from bookings.restaurants.models.states import ENDED, EXPECTED, LEFT, TAKING, Stage, State
from bookings.restaurants.models.venue import LARGEST_PARTY, Restaurant, Service, Table, Use
from live.outbox import publish

HOLD = timedelta(minutes=7)
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without what looks alike


def spoken():
    """The language of who asks; the site's own where nobody does."""
    return get_language() or settings.LANGUAGE_CODE


LEGAL = {
    "confirm": [State.HELD],
    "change": EXPECTED,
    "arrive": [State.BOOKED],
    "seat": EXPECTED,
    "move": [*EXPECTED, State.SEATED],
    "split": [*EXPECTED, State.SEATED],
    "join": [*EXPECTED, State.SEATED],
    "extend": [State.SEATED],
    "progress": [State.SEATED],
    "finish": [State.SEATED],
    "no_show": EXPECTED,
    "cancel": [State.HELD, *EXPECTED],
    "undo": [State.NO_SHOW, State.CANCELLED, State.FINISHED, State.SEATED, State.ARRIVED],
    "transfer": EXPECTED,
    "contest_no_show": [State.NO_SHOW],
    "annotate": list(State),
}

FREEING = {"change", "move", "split", "finish", "no_show", "cancel"}  # the verbs after which others may have a table

TOLD = ["state", "starts_at", "ends_at", "party", "name", "email", "phone", "notes", "allergies", "stage", "objection"]


def verb(change):
    """Make a verb of a method that changes the reservation in memory, its tables in the database.

    The verb locks the restaurant's book and reads the row anew, refuses what is illegal (IllegalMove) or was asked for on
    an older revision than ``seen`` (Changed), saves what has changed with its history in one transaction, and
    publishes. A verb that changes nothing leaves no trace. All verbs take ``by`` (a user, None for the guest) and
    ``seen``. What a method raises, a Refused, leaves nothing changed.
    """
    name = change.__name__

    @wraps(change)
    def move(self, *args, by=None, seen=None, **kwargs):
        try:
            with transaction.atomic():
                self.lock()
                self.check_seen(seen)
                self.check_legal(name)
                self.acting, self.day_before, self.user_before = by, self.day, self.user_id
                before = self.told()
                change(self, *args, **kwargs)
                self.record(name, before, by)
        except Refused:
            self.refresh_from_db()
            raise
        return self

    return move


class ReservationQuerySet(models.QuerySet):
    def taking(self, now=None):
        """Those that have tables now: a hold has them until it expires, and no sweeper is needed for that."""
        now = now or timezone.now()
        return self.filter(state__in=TAKING).exclude(state=State.HELD, expires_at__lte=now)

    def on(self, restaurant, day):
        return self.filter(restaurant=restaurant, day=day)

    def made_by_guests(self):
        """Those that somebody has booked, whatever became of them: not what is or was only held."""
        return self.exclude(state=State.HELD).exclude(cancel_until=None)

    def with_tables(self):
        return self.prefetch_related("tables").select_related("service")

    # Ways in

    def hold(self, restaurant, slot, party, key, area=None, user=None):
        """Keep a table for seven minutes, for a guest who chooses a time. Asked again with the same key: the same hold.

        Raises Unfit for a party that can't be, Closed where nobody is taken at that slot, Full where no table is left.
        """
        check_online(restaurant, party)
        with transaction.atomic():
            restaurant.lock()
            if made := self.made_with(key, restaurant):
                return made
            time, tables = room_for(restaurant, slot, party, Use.ONLINE, area)
            if time.day > restaurant.last_day():
                raise Closed(_("Tables can’t be booked so far ahead."))
            return self.start(
                time, party, tables, restaurant=restaurant, key=key, user=user, expires_at=timezone.now() + HOLD
            )

    def book(self, restaurant, slot, party, key=None, tables=None, by=None, **guest):
        """A booking that staff take, by telephone or at the stand; at these tables, or at the best that are free."""
        check_party(restaurant, party)
        with transaction.atomic():
            restaurant.lock()
            if made := self.made_with(key, restaurant):
                return made
            time, best = room_for(restaurant, slot, party, Use.IN_HOUSE, given=tables)
            reservation = self.model(state=State.BOOKED, channel=Use.IN_HOUSE, key=key, **guest)
            return self.start(time, party, tables or best, reservation, by, restaurant=restaurant)

    def walk_in(self, restaurant, party, tables, name="", key=None, by=None):
        """A party without a booking, seated now. Asked again with the same key: the same party."""
        check_party(restaurant, party)
        now = timezone.now()
        with transaction.atomic():
            restaurant.lock()
            if made := self.made_with(key, restaurant):
                return made
            time = current(restaurant, party, now)
            walked_in = {"arrived_at": now, "seated_at": now, "channel": Use.WALK_IN, "key": key}
            reservation = self.model(state=State.SEATED, name=name, **walked_in)
            stays = now + timedelta(minutes=time.turn)
            return self.start(time, party, tables, reservation, by, stays, restaurant=restaurant)

    def made_with(self, key, restaurant):
        """What was made with this key before, None if nothing was. Raises Unfit for a key that is another restaurant's."""
        made = self.filter(key=key).first() if key else None
        if made and made.restaurant_id != restaurant.pk:
            raise Unfit(_("Open this page anew, then send it again."))
        return made

    def start(self, time, party, tables, reservation=None, by=None, until=None, **fields):
        """Save a new reservation with its tables, for its turn time, or until then or who is due next.

        Raises Taken where one of the tables is not free.
        """
        reservation = reservation or self.model()
        for name, value in fields.items():
            setattr(reservation, name, value)
        reservation.plan(time, party)
        reservation.save()
        reservation.take(tables, reservation.first, 1 if until else reservation.count)
        if until:
            reservation.stretch(until)
        reservation.record("hold" if reservation.state == State.HELD else "book", {}, by)
        return reservation

    def start_all(self, planned):
        """Save many at once, as ``start`` would one by one: ``[(reservation, tables), …]``, planned and on free tables.

        Their guests are not written to.
        """
        for reservation, _tables in planned:
            reservation.revision = 1
        self.bulk_create(reservation for reservation, _tables in planned)
        self.model.tables.through.objects.bulk_create(
            self.model.tables.through(reservation=reservation, table=table)
            for reservation, tables in planned
            for table in tables
        )
        TableSlot.objects.bulk_create(slot for reservation, tables in planned for slot in reservation.slots_at(tables))
        ReservationChange.objects.bulk_create(
            step
            for reservation, tables in planned
            for step in reservation.steps("book", differences({}, reservation.told(tables)))
        )
        houses = {(reservation.restaurant_id, reservation.day) for reservation, _tables in planned}
        publish(*(topics.book(*house) for house in houses), *(topics.queue(house) for house, _day in houses))


class Reservation(models.Model):
    """A party at a restaurant. Slots (``first``, ``count``) are what its tables are taken for, in quarters of an hour."""

    restaurant = models.ForeignKey(Restaurant, models.PROTECT, related_name="reservations")
    day = models.DateField(gettext_lazy("day"))
    service = models.ForeignKey(Service, models.SET_NULL, null=True, related_name="reservations")
    reference = models.CharField(gettext_lazy("reference"), max_length=6, unique=True)
    state = models.CharField(gettext_lazy("state"), max_length=9, choices=State, default=State.HELD)
    party = models.PositiveSmallIntegerField(gettext_lazy("guests"))
    first = models.IntegerField()
    count = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField(gettext_lazy("time"))
    ends_at = models.DateTimeField(gettext_lazy("table back"))
    turn = models.PositiveSmallIntegerField(gettext_lazy("minutes"))
    tables = models.ManyToManyField(Table, related_name="reservations", verbose_name=gettext_lazy("tables"))

    name = models.CharField(gettext_lazy("name"), max_length=80, blank=True)
    email = models.EmailField(gettext_lazy("e-mail"), blank=True)
    phone = models.CharField(gettext_lazy("phone"), max_length=30, blank=True)
    notes = models.CharField(gettext_lazy("notes"), max_length=400, blank=True)
    allergies = models.CharField(gettext_lazy("allergies"), max_length=200, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="reservations"
    )
    channel = models.CharField(max_length=8, choices=Use, default=Use.ONLINE)
    language = models.CharField(max_length=10, default=spoken)  # that its guest is written in

    key = models.UUIDField(unique=True, null=True)  # of the form that asked for it: asked twice, there is one
    expires_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    seated_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    stage = models.CharField(gettext_lazy("course"), max_length=8, choices=Stage, default=Stage.NONE, blank=True)

    objection = models.CharField(gettext_lazy("the guest objects"), max_length=200, blank=True)

    # What the guest agreed to; what the restaurant asks for later is for later guests.
    cancel_until = models.DateTimeField(null=True)
    policy = models.TextField(blank=True)

    link = models.PositiveSmallIntegerField(default=1)  # of the guest's signed link: another number revokes it
    sequence = models.PositiveSmallIntegerField(default=0)  # of its calendar file
    revision = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)

    day_before = user_before = None  # the verb that runs

    objects = ReservationQuerySet.as_manager()

    class Meta:
        ordering = ["first", "pk"]
        indexes = [
            # All that Availability reads, so that it need not look at the rows themselves.
            models.Index(
                fields=["restaurant", "first", "state", "expires_at", "count", "party", "channel"], name="book_of_slots"
            ),
            models.Index(fields=["restaurant", "day"]),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(party__gte=1), name="party_of_somebody")]
        verbose_name = gettext_lazy("reservation")
        verbose_name_plural = gettext_lazy("reservations")

    def __str__(self):
        return self.reference

    # Verbs of the guest

    @verb
    def confirm(self, name, email, phone="", notes="", allergies="", user=None):
        """Book what is held. An expired hold is still good for that as long as nobody else has taken its tables."""
        if self.starts_at < timezone.now():
            raise Closed(_("That time has passed."))
        if self.is_expired() and not self.is_paced():
            raise taken(None)
        self.state, self.expires_at = State.BOOKED, None
        self.name, self.email, self.phone, self.notes, self.allergies = name, email, phone, notes, allergies
        self.user = user
        self.agree()
        if entry := getattr(self, "waitlist_entry", None):
            entry.become(entry.State.BOOKED)

    @verb
    def change(self, time, party, tables):
        """Another time (an availability.Time), or another number of guests, on tables that are free then."""
        self.day, self.service, self.turn = time.day, time.service, time.turn
        self.party = party
        self.starts_at = moment_of(time.slot)
        self.ends_at = self.starts_at + timedelta(minutes=time.turn)
        self.take(tables, time.slot, slots_for(time.turn))
        self.sequence += 1
        self.agree()

    @verb
    def transfer(self, name, email, phone=""):
        """Somebody else comes instead. The link that opened it until now opens it no more."""
        self.name, self.email, self.phone, self.user = name, email, phone, None
        self.link += 1

    @verb
    def contest_no_show(self, objection):
        """The guest says that it was no no-show, for the house to look into."""
        self.objection = objection

    @verb
    def cancel(self):
        self.state = State.CANCELLED
        self.sequence += 1
        self.free()

    # Verbs of the house

    @verb
    def arrive(self):
        self.state, self.arrived_at = State.ARRIVED, timezone.now()

    @verb
    def seat(self, tables=None):
        """Seat it, at its own tables or at these. From now on it has its turn time, whenever it was expected."""
        now = timezone.now()
        self.state, self.seated_at = State.SEATED, now
        self.arrived_at = self.arrived_at or now
        if tables:
            self.take(tables, slot_of(now), 1)
        else:
            self.check_empty(self.tables.all(), slot_of(now))
        self.stretch(now + timedelta(minutes=self.turn))

    @verb
    def move(self, tables):
        """To other tables, for as long as it would have had its own."""
        now = timezone.now()
        if self.state != State.SEATED:
            self.take(tables, self.first, self.count)
        else:
            self.take(tables, slot_of(now), 1)
            self.stretch(max(self.ends_at, now))

    @verb
    def join(self, tables):
        """Further tables beside its own."""
        self.take([*self.tables.all(), *tables], self.first, self.count)

    @verb
    def split(self, guests, tables):
        """So many of its guests go to other tables, or to one of its own: another reservation, with the same name."""
        if not 0 < guests < self.party:
            raise Unfit(_("Of %(party)s guests, some have to stay.") % {"party": self.party})
        staying = [table for table in self.tables.all() if table not in tables]
        if not staying:
            raise Unfit(_("One of its tables has to stay its own."))
        self.party -= guests
        self.take(staying, self.first, self.count)
        other = Reservation.objects.get(pk=self.pk)
        other.pk, other.reference, other.key, other.revision, other.party = None, new_reference(), None, 0, guests
        other.save(force_insert=True)
        other.take(tables, self.first, self.count)
        other.record("split", {}, self.acting)

    @verb
    def extend(self, minutes):
        """Expect it to stay so many minutes longer."""
        self.stretch(self.ends_at + timedelta(minutes=minutes))

    @verb
    def progress(self, stage):
        """It is so far with its meal, and expected to end accordingly."""
        self.stage = Stage(stage)
        self.stretch(timezone.now() + timedelta(minutes=round(self.turn * LEFT[self.stage])))

    @verb
    def finish(self):
        now = timezone.now()
        self.state, self.finished_at, self.ends_at = State.FINISHED, now, now
        self.free()

    @verb
    def no_show(self):
        if timezone.now() < self.starts_at:
            raise Unfit(_("It is not expected before %(time)s.") % {"time": self.clock(self.starts_at)})
        self.state = State.NO_SHOW
        self.free()

    @verb
    def undo(self):
        """Back to what it was before its last step, on the same tables if they are still free."""
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

    def last_step(self):
        """Its last change of state that was not undone, None if there is none."""
        steps = []
        for change in self.changes.filter(what="state").order_by("revision"):
            if change.verb == "undo":
                steps.pop()
            else:
                steps.append(change)
        return steps[-1] if steps else None

    @verb
    def annotate(self, **fields):
        """What the house notes of it: any of name, phone, email, notes and allergies."""
        for name, value in fields.items():
            setattr(self, name, value)

    # What verbs stand on

    def plan(self, time, party):
        """Be for so many guests at that time (an availability.Time), with nothing saved yet."""
        self.day, self.service, self.turn = time.day, time.service, time.turn
        self.party, self.reference = party, new_reference()
        self.first, self.count = time.slot, slots_for(time.turn)
        self.starts_at = time.at
        self.ends_at = time.at + timedelta(minutes=time.turn)
        if self.state == State.BOOKED:
            self.agree()

    def lock(self):
        """Take the lock of the restaurant's book, and then read it: nobody else changes that book before we are done."""
        self.restaurant.lock()
        self.refresh_from_db()

    def check_seen(self, seen):
        if seen is not None and seen != self.revision:
            changes = list(self.changes.filter(revision__gt=seen).select_related("by"))
            raise Changed(_("%(who)s has changed since you looked.") % {"who": self.who}, changes)

    def check_legal(self, name):
        if self.state not in LEGAL[name]:
            words = {"who": self.who, "state": State(self.state).label}
            raise IllegalMove(_("%(who)s is in the state “%(state)s”: that can’t be done now.") % words)

    def take(self, tables, first, count):
        """Have these tables for these slots, and no others. Raises Taken, with who was first."""
        tables = list(dict.fromkeys(tables))
        if not tables:
            raise Unfit(_("Choose a table for it."))
        self.first, self.count = first, count
        self.slots.all().delete()
        wanted = TableSlot.objects.filter(table__in=tables, slot__gte=first, slot__lt=first + count)
        over = wanted.filter(**expired(timezone.now()))
        Reservation.objects.filter(pk__in=list(over.values_list("reservation", flat=True))).delete()
        try:
            with transaction.atomic():  # its own, so that who was first can still be asked for
                TableSlot.objects.bulk_create(self.slots_at(tables))
        except IntegrityError:
            was_first = wanted.select_related("reservation", "table").order_by("slot").first()
            raise taken(was_first) from None
        if self.state == State.SEATED and first <= (now := slot_of(timezone.now())) < first + count:
            self.check_empty(tables, now)
        self.tables.set(tables)

    def slots_at(self, tables):
        slots = range(self.first, self.first + self.count)
        return [TableSlot(table=table, slot=slot, reservation=self) for table in tables for slot in slots]

    def check_empty(self, tables, now):
        """Raises Taken where somebody else has one of these tables in this slot, or still sits there though its time is over."""
        others = TableSlot.objects.filter(table__in=tables, slot=now).exclude(reservation=self)
        if other := others.exclude(**expired(timezone.now())).select_related("reservation", "table").first():
            raise taken(other)
        sitting = Reservation.tables.through.objects.filter(table__in=tables, reservation__state=State.SEATED)
        sitting = sitting.filter(reservation__first__gt=now - LONGEST).exclude(reservation=self)
        if other := sitting.select_related("reservation", "table").first():
            raise taken(other)

    def stretch(self, until):
        """Expect it to leave then, and have its tables until then, or until the next party is due at one of them."""
        self.ends_at = until
        now = slot_of(timezone.now())
        first = min(self.first, now)
        end = max(first + slots_for((until - moment_of(first)).total_seconds() / 60), now + 1)
        others = TableSlot.objects.filter(table__in=self.tables.all(), slot__gte=first, slot__lt=end)
        others = others.exclude(reservation=self).exclude(**expired(timezone.now())).order_by("slot")
        if was_first := others.filter(slot__lt=self.first).select_related("reservation", "table").first():
            raise taken(was_first)
        due = others.values_list("slot", flat=True).first()
        self.take(self.tables.all(), first, (end if due is None else due) - first)

    def free(self):
        """Have tables no more."""
        self.slots.all().delete()

    def is_paced(self):
        """Whether its guests may still come at its time, after all who have booked meanwhile."""
        availability = Availability(self.restaurant, self.day, but_for=self.pk)
        return self.service is None or availability.is_paced(self.service, self.first, self.party, self.channel)

    def agree(self):
        self.cancel_until = self.starts_at - timedelta(minutes=self.restaurant.cancel_before)
        self.policy = self.restaurant.policy

    def told(self, tables=None):
        """What its history tells of, as it is now, or will be at these tables: texts by field."""
        values = {name: as_text(getattr(self, name)) for name in TOLD}
        if tables is None:
            tables = self.tables.only("name") if self.pk else []
        return {**values, "tables": " + ".join(sorted(table.name for table in tables))}

    def record(self, name, before, by):
        """Save it, with a row of history for each field that differs, and say so to all pages."""
        differs = differences(before, self.told())
        if not differs and name != "transfer":
            self.save()  # of its tables' time something may differ all the same
            return
        self.revision += 1
        self.save()
        ReservationChange.objects.bulk_create(self.steps(name, differs, by))
        self.publish()
        transaction.on_commit(partial(mail.tell, self, name), robust=True)
        if name in FREEING:
            transaction.on_commit(partial(offer, self.restaurant), robust=True)

    def steps(self, name, differs, by=None):
        """The rows of history for what differs."""
        step = {"reservation": self, "verb": name, "revision": self.revision, "by": by}
        return [ReservationChange(**step, what=what, before=was, after=now) for what, (was, now) in differs.items()]

    def publish(self):
        publish(
            *(topics.book(self.restaurant_id, day) for day in {self.day, self.day_before or self.day}),
            topics.reservation(self.pk),
            topics.queue(self.restaurant_id),
            *(topics.guest(user) for user in {self.user_id, self.user_before} - {None}),
        )

    # What pages ask

    @property
    def who(self):
        """Whom staff mean."""
        return self.name or (_("Walk-in") if self.channel == Use.WALK_IN else self.reference)

    @property
    def legal_verbs(self):
        return [name for name, states in LEGAL.items() if self.state in states]

    @cached_property
    def tz(self):
        return self.restaurant.tz

    def clock(self, moment):
        return moment.astimezone(self.tz).strftime("%H:%M")

    def is_expired(self, now=None):
        return self.state == State.HELD and self.expires_at <= (now or timezone.now())

    def may_change(self, now=None):
        """Whether the guest may still change or cancel it."""
        return self.state in EXPECTED and (now or timezone.now()) <= self.cancel_until

    @property
    def overruns(self):
        """Whether it is expected to stay longer than its tables are its own."""
        return self.state == State.SEATED and self.ends_at > moment_of(self.first + self.count)


class TableSlot(models.Model):
    """A table in a quarter of an hour. That there can be one of it is what makes giving a table twice impossible."""

    table = models.ForeignKey(Table, models.CASCADE, related_name="slots")
    slot = models.IntegerField()
    reservation = models.ForeignKey(Reservation, models.CASCADE, related_name="slots")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "slot"], name="one_party_at_a_table")]


def expired(now):
    """What makes a table's slot free though it is somebody's: the hold that has it has expired."""
    return {"reservation__state": State.HELD, "reservation__expires_at__lte": now}


def offer(restaurant):
    """Offer what has become free to those on the waitlist."""
    from bookings.restaurants.models import offers

    offers.make(restaurant)


def check_party(restaurant, party):
    if not 1 <= party <= LARGEST_PARTY:
        raise Unfit(_("How many guests? From 1 to %(most)s.") % {"most": LARGEST_PARTY})
    if party > (most := restaurant.table_plan.largest_party):
        words = {"name": restaurant.name, "most": most}
        raise Unfit(_("%(name)s has no tables for so many together: its largest take %(most)s.") % words)


def check_online(restaurant, party):
    """Raises Unfit for a party that can't book by itself."""
    check_party(restaurant, party)
    if party > restaurant.max_party_online:
        words = {"most": restaurant.max_party_online, "name": restaurant.name}
        raise Unfit(_("Parties of more than %(most)s are booked by %(name)s itself: please call.") % words)
    if not restaurant.table_plan.fitting(party, Use.ONLINE):
        words = {"party": party, "name": restaurant.name}
        raise Unfit(_("Tables for %(party)s are booked by %(name)s itself: please call.") % words)


def room_for(restaurant, slot, party, channel, area=None, given=None):
    """The Time at a slot, and the best tables that are free then. Raises Closed or Full. ``given`` tables are not asked for."""
    day = moment_of(slot).astimezone(restaurant.tz).date()
    availability = Availability(restaurant, day - timedelta(days=1), day)
    time = availability.find(slot, party, channel, area)
    if time is None:
        raise Closed(_("%(name)s takes no guests at that time.") % {"name": restaurant.name})
    tables = given or availability.free_tables(slot, slots_for(time.turn), party, channel, area)
    if not tables or not (time.is_free or given):
        words = {"time": time.at.astimezone(restaurant.tz).strftime("%H:%M"), "party": party}
        raise Full(_("At %(time)s there is no table left for %(party)s.") % words)
    return time, tables


def taken(slot):
    """The refusal for whoever comes second to a table, naming who was first."""
    if slot is None:
        return Taken(_("That table has just been taken."))
    words = {"table": slot.table.name, "time": slot.reservation.clock(slot.reservation.starts_at)}
    if slot.reservation.state == State.HELD:
        return Taken(_("Table %(table)s is being booked for %(time)s.") % words, slot.reservation)
    words["who"] = slot.reservation.who
    return Taken(_("Table %(table)s is taken: %(who)s at %(time)s.") % words, slot.reservation)


def new_reference():
    return "".join(secrets.choice(ALPHABET) for _place in range(6))


def differences(before, after):
    """``{field: (was, is)}`` of what differs between two that were told."""
    return {what: (before.get(what, ""), text) for what, text in after.items() if before.get(what, "") != text}


def as_text(value):
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

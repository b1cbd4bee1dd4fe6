"""What guests do with a reservation. Staff do some of it for them: ``by`` is then the member of staff, else None.

A rule of guests is asked by the verb itself, so that it holds whichever page or program calls it.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from bookings.policies import Agreed
from bookings.restaurants.models.floor import Table, Use
from bookings.restaurants.models.refusals import Closed, IllegalMove, TooLate
from bookings.restaurants.models.room import check_online, room_for
from bookings.restaurants.models.seating import Seating, taken
from bookings.restaurants.models.slots import moment_of, slots_for
from bookings.restaurants.models.states import EXPECTED, State, refusal_of
from bookings.restaurants.models.times import Time
from strangers import check_bound
from verbs.models import Tracked, verb

TOO_MANY_BOOKINGS = gettext_lazy(
    "Too many tables of that day were booked from your network. Please call the restaurant."
)
TOO_MANY_OF_CONTACT = ngettext_lazy(
    "There is a booking with this e-mail address on that day already. Change that one, or call the restaurant.",
    "There are %(most)s bookings with this e-mail address on that day already. Please call the restaurant.",
    "most",
)


class GuestVerbs(Seating, Agreed, Tracked):
    """The verbs of a reservation that guests have."""

    class Meta:
        abstract = True

    @verb
    def confirm(
        self, name: str, email: str, phone: str = "", notes: str = "", allergies: str = "", user: Any = None
    ) -> None:
        """Book the hold. An expired hold can still be booked while its tables and the pacing are free."""
        if self.starts_at < timezone.now():
            raise Closed(_("That time has passed."))
        if self.is_expired() and not self.is_paced():
            raise taken(None)
        self.check_share(email)
        self.state, self.expires_at = State.BOOKED, None
        self.name, self.email, self.phone, self.notes, self.allergies = name, email, phone, notes, allergies
        self.user = user
        self.freeze_policy()
        if (entry := getattr(self, "waitlist_entry", None)) and entry.is_legal("settle"):
            entry.settle(**self.context)

    @verb
    def change(self, time: Time, party: int, tables: Iterable[Table]) -> None:
        """Another time or another party size, at these tables. Guests may only until the deadline."""
        self.check_deadline()
        self.day, self.service, self.turn = time.day, time.service, time.turn
        self.party = party
        self.starts_at = moment_of(time.slot)
        self.ends_at = self.starts_at + timedelta(minutes=time.turn)
        self.take(tables, time.slot, slots_for(time.turn))
        self.sequence += 1
        self.freeze_policy()

    def rebook(self, slot: int, party: int, area: int | None = None) -> Self:
        """Change it to what guests may book online. Raises Refused, with nothing changed."""
        with transaction.atomic():
            self.lock()
            self.check_legal("change")
            check_online(self.restaurant, party)
            time, tables = room_for(self.restaurant, slot, party, Use.ONLINE, area, but_for=self.pk)
            if time.day > self.restaurant.last_day():
                raise Closed(_("Tables can’t be booked so far ahead."))
            self.change(time, party, tables)
        return self

    @verb
    def transfer(self, name: str, email: str, phone: str = "") -> None:
        """Another guest comes instead. All existing links are revoked."""
        self.name, self.email, self.phone, self.user = name, email, phone, None
        self.revoke_links()

    @verb
    def contest_no_show(self, objection: str) -> None:
        """The guest says why the no-show is wrong; the restaurant sees it."""
        self.objection = objection

    @verb
    def release(self) -> None:
        """Give up the hold before it expires. Only a hold can be released; a booking is cancelled."""
        self.end_early()

    @verb
    def cancel(self) -> None:
        """End it before the party has come. Guests may only until the deadline, and what is booked; staff at any time."""
        self.check_deadline()
        self.end_early()

    # Their rules

    def check_deadline(self) -> None:
        """Raise TooLate where it is the guest who asks, and the deadline has passed."""
        if (self.context or {}).get("by") is not None or self.is_cancellable():
            return
        if self.state == State.HELD:
            raise IllegalMove(refusal_of("change", State.HELD) % {"name": self.display_name})
        raise TooLate(self.too_late())

    def too_late(self) -> str:
        """Why guests can't change it any more, and what to do instead."""
        if self.state not in EXPECTED:
            return _("This booking has ended: it can’t be changed.")
        words = {"name": self.restaurant.name, "phone": self.restaurant.phone}
        if self.restaurant.phone:
            return _("It is too late to change it here. Please call %(name)s: %(phone)s") % words
        return _("It is too late to change it here. Please call %(name)s.") % words

    def may_change(self, now: Any = None) -> bool:
        """Whether the guest may still change or cancel it."""
        return self.state in EXPECTED and self.is_cancellable(now)

    def check_share(self, email: str) -> None:
        """Raise TooMany where its address or its guest has many bookings of the day already."""
        of_day = type(self).objects.on(self.restaurant, self.day).filter(state__in=EXPECTED)
        most = settings.BOOKINGS_PER_CONTACT
        check_bound("contact", of_day.filter(email__iexact=email).count(), most, TOO_MANY_OF_CONTACT % {"most": most})
        if self.asked_from:
            count = of_day.filter(asked_from=self.asked_from).count()
            check_bound("bookings", count, settings.BOOKINGS_PER_ADDRESS, TOO_MANY_BOOKINGS)

    def end_early(self) -> None:
        self.state, self.expires_at = State.CANCELLED, None
        self.sequence += 1
        self.free()

"""What attendees do with their registration."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events.models.keeping import KeepsPlaces
from bookings.events.models.quotas import TicketType
from bookings.events.models.refusals import Closed, IllegalMove, Unfit
from bookings.events.models.registering import HOLD
from bookings.events.models.states import State, Use
from bookings.events.models.tickets import Answer, Ticket, new_secret
from bookings.events.models.vouchers import Voucher
from verbs.models import verb


class AttendeeVerbs(KeepsPlaces):
    name: str
    email: str
    phone: str
    user: Any
    flight: Any
    was_extended: bool
    asked_by: str
    flight_told: str
    link_version: int
    key: Any
    is_cancellable: Callable[[], bool]  # of Agreed
    changed_tickets: Collection[int] = ()  # whose name or e-mail the verb that runs has changed, by their keys

    class Meta:
        abstract = True

    @verb
    def extend(self) -> None:
        """Hold it for its whole time once more. Once."""
        if self.was_extended:
            raise IllegalMove(_("These places were held longer once already."))
        self.check_takes_place()
        self.check_in_time()
        self.expires_at, self.was_extended = timezone.now() + HOLD, True
        self.put_places()

    @verb
    def release(self) -> None:
        self.end(State.RELEASED, "")

    @verb
    def book(
        self,
        name: str,
        email: str,
        phone: str = "",
        user: Any = None,
        names: Mapping[int, str] | None = None,
        answers: Mapping[tuple[int, int], str] | None = None,
        emails: Mapping[int, str] | None = None,
    ) -> None:
        """The form is sent: it waits for approval, or for money, or is confirmed. ``names`` and ``emails``, of
        people other than the contact, by the key of the ticket; ``answers`` by the keys of ticket and question."""
        self.check_takes_place()
        self.check_in_time()
        self.name, self.email, self.phone, self.user = name, email, phone, user or self.user
        self.booked_at = now = timezone.now()
        self.agree(self.event.policy, cancel_until=self.event.cancel_until)
        self.write_names(names or {}, emails or {})
        self.write_answers(answers or {})
        self.settle_entry()
        if self.needs_approval():
            self.state, self.expires_at = State.PENDING, None
        else:
            self.ask_for_money(now)
        self.put_places()

    @verb
    def change(
        self,
        names: Mapping[int, str] | None = None,
        answers: Mapping[tuple[int, int], str] | None = None,
        email: str | None = None,
        phone: str | None = None,
        flight: Any = None,
        emails: Mapping[int, str] | None = None,
        name: str | None = None,
    ) -> None:
        """Names, answers, contact, the flight they go on with. It needs no place: its own stay (HiEvents 823)."""
        self.write_names(names or {}, emails or {})
        self.write_answers(answers or {})
        self.name = self.name if name is None else name
        self.email = self.email if email is None else email
        self.phone = self.phone if phone is None else phone
        if flight and flight != self.flight:
            self.flight, self.flight_told = flight, ""

    @verb
    def leave_flight(self) -> None:
        """They go on with no flight that we know."""
        self.flight, self.flight_told = None, ""

    @verb
    def transfer(self, name: str, email: str) -> None:
        """It is another person's from now on: earlier links open nothing, earlier codes let nobody in, and the new holder
        sees nothing of what the former one answered, chose, asked and voted for."""
        self.name, self.email, self.phone, self.user = name, email, "", None
        self.flight, self.flight_told, self.asked_by = None, "", ""
        self.end_links()
        tickets = list(self.live_tickets)
        for ticket in tickets:  # all of them before any is locked: a session that moves writes notices of several
            ticket.forget_holder()
        for ticket in tickets:
            ticket.secret, ticket.name, ticket.email = new_secret(), name if ticket.position == 1 else "", ""
            ticket.calendar_sequence += 1
            ticket.save(update_fields=["secret", "name", "email", "calendar_sequence"])

    @verb
    def renew_link(self) -> None:
        """Another link: earlier ones open nothing."""
        self.end_links()

    @verb
    def swap(self, ticket: Ticket, to: TicketType) -> None:
        """Another ticket type of the same price. Its own place is free for that, and no other has to be."""
        ticket = self.own(ticket)
        if ticket.type == to:
            return
        price = self.voucher.price_of(to.price) if self.voucher else to.price
        if to.event_id != self.event_id or price != ticket.price:
            raise Unfit(_("A ticket can only become one of the same price."))
        if self.voucher_id and self.voucher.type_id and self.voucher.type_id != to.pk:
            raise Unfit(_("The voucher is for the other ticket type."))
        if to.needs_approval and not ticket.type.needs_approval:
            raise Unfit(_("“%(name)s” needs the approval of the organiser: register for it anew.") % {"name": to.name})
        use = Use(ticket.place.use) if ticket.place else Use.SOLD
        self.capacity.free_places([ticket.place] if ticket.place else [])
        self.capacity.check({to.pk: 1})
        [place] = self.capacity.take({to.pk: 1}, use, self.expires_at, registration=self)
        if self.voucher:
            Voucher.objects.filter(pk=self.voucher.pk).update(
                uses=F("uses") + 1
            )  # the place that was freed gave one back
        ticket.type, ticket.place = to, place
        ticket.save(update_fields=["type", "place"])
        self.go_on_if_decided()

    @verb
    def cancel_ticket(self, ticket: Ticket) -> None:
        """One person of the party does not come."""
        self.check_may_cancel()
        if self.live_tickets.count() == 1:
            self.end(State.CANCELLED, _("Cancelled by you"))
            return
        ticket = self.own(ticket)
        self.give_up([ticket], _("Cancelled by you"))
        self.total -= ticket.price
        self.go_on_if_decided()

    @verb
    def cancel(self) -> None:
        """The places are free at once, and what was paid goes back."""
        self.check_may_cancel()
        self.end(State.CANCELLED, _("Cancelled by you"))

    # What they need

    def go_on_if_decided(self) -> None:
        """Ask for money, or confirm, where nothing is left to approve or to pay."""
        is_decided = self.state == State.PENDING and not self.needs_approval()
        if is_decided or (self.state == State.UNPAID and not self.total):
            self.ask_for_money(self.capacity.now)
            self.put_places()

    def needs_approval(self) -> bool:
        return bool(self.live_tickets.filter(type__needs_approval=True).exists())

    def own(self, ticket: Ticket) -> Ticket:
        """A live ticket of this registration. Raises Unfit for any other."""
        found = self.live_tickets.select_related("place", "type").filter(pk=ticket.pk).first()
        if found is None:
            raise Unfit(_("This registration has no such ticket any more."))
        return found

    def check_may_cancel(self) -> None:
        if not self.is_cancellable():
            raise Closed(_("It is too late to cancel this registration."))
        if self.live_tickets.filter(is_inside=True).exists():
            raise Closed(_("Somebody of this registration is inside already."))

    def write_names(self, names: Mapping[int, str], emails: Mapping[int, str]) -> None:
        changed = []
        for ticket in self.live_tickets.filter(pk__in={*names, *emails}):
            name, email = names.get(ticket.pk, ticket.name), emails.get(ticket.pk, ticket.email)
            if (name, email) != (ticket.name, ticket.email):
                ticket.name, ticket.email = name, email
                changed.append(ticket)
        Ticket.objects.bulk_update(changed, ["name", "email"])
        self.changed_tickets = {ticket.pk for ticket in changed}

    def write_answers(self, answers: Mapping[tuple[int, int], str]) -> None:
        """An empty answer deletes the one that was there."""
        own = set(self.live_tickets.values_list("pk", flat=True)) if answers else set()
        for (ticket, question), text in answers.items():
            if ticket not in own:
                continue
            if text:
                Answer.objects.update_or_create(ticket_id=ticket, question_id=question, defaults={"text": text})
            else:
                Answer.objects.filter(ticket=ticket, question=question).delete()

    def end_links(self) -> None:
        """End its links, and the two ways that lead to its link of now: the form that made it, sent again, and its waitlist entry."""
        self.link_version += 1
        self.key = None
        entry = getattr(self, "waitlist_entry", None)
        if entry is not None:
            entry.revoke_links()
            entry.key = None
            entry.save(update_fields=["link_version", "key"])

    def settle_entry(self) -> None:
        """The entry of the waitlist that it was offered to has its places."""
        entry = getattr(self, "waitlist_entry", None)
        if entry is not None:
            entry.settle()

"""People before an event: they register, cancel, wait, and take what they are offered or let it go."""

import random
from typing import Any

import httpx
from django.urls import reverse
from django.utils import timezone

from bookings.events.demo.concert import concert
from bookings.events.demo.conference import ROOM_FOR, conference
from bookings.events.demo.people import someone
from bookings.events.models import Capacity, Event, State, TicketType, WaitlistEntry
from clocks import MINUTE
from demo.browser import Page, browser

MOST_WAITING = 6  # parties
ANSWERED_AFTER = MINUTE  # an offer, by those who are not visitors of the demo
TAKING = 0.7  # the share of offers that are taken
SIZES, WEIGHTS = (1, 2, 3, 4), (6, 4, 1, 2)


class Queue:
    url: str
    speed: float
    chance: random.Random

    def cancel(self) -> None:
        """Somebody cancels a place of the sold-out concert, so that one who waits gets it."""
        event = soon(concert(timezone.now()))
        if not event.waitlist.waiting().exists():
            return
        sold = event.registrations.filter(state=State.CONFIRMED, user=None, email__endswith="@guests.example")
        sold = sold.filter(tickets__cancelled_at=None, tickets__type__in=event.waitlist.waiting().values("type"))
        registration = self.chance.choice(sold.distinct())
        ticket = self.chance.choice(registration.live_tickets)
        with browser(self.url) as guest:
            page = Page.get(guest, registration.get_absolute_url())
            is_last = registration.live_tickets.count() == 1
            page.send("/cancel/" if is_last else f"/cancel/{ticket.position}/")

    def answer(self) -> None:
        """Somebody who waited takes an offer, or lets it go to the next in line."""
        now = timezone.now()
        offers = WaitlistEntry.objects.offered().filter(event=soon(concert(now)), user=None)
        entry = offers.filter(offer__made_at__lt=now - ANSWERED_AFTER / self.speed).first()
        if entry is None:
            return
        with browser(self.url) as guest:
            if self.chance.random() < TAKING:
                self.book(guest, Page.get(guest, reverse("events:take", args=[entry.token])))
            else:
                Page.get(guest, entry.get_absolute_url()).send("/leave/")

    def wait(self) -> None:
        """A party joins the waitlist of the concert."""
        event = soon(concert(timezone.now()))
        if event.waitlist.open().count() >= MOST_WAITING:
            return
        with browser(self.url) as guest:
            page = Page.get(guest, reverse("events:waitlist", args=[event.slug]))
            person, size = someone(self.chance), self.chance.choices(SIZES, WEIGHTS)[0]
            type_ = self.chance.choices(page.options("type"), (5, 1))[0]
            page.send("/waitlist/", name=person.name, email=person.email, size=size, type=type_)

    def register(self) -> None:
        """Somebody registers, at the concert if there is a place, else at the conference while it has plenty."""
        now = timezone.now()
        for event, least in ((concert(now), 1), (conference(now), ROOM_FOR)):
            if event and (types := types_with_room(event, least)):
                with browser(self.url) as guest:
                    type_, size = self.chance.choice(types), 1 if least == 1 else self.chance.choices(SIZES, WEIGHTS)[0]
                    page = Page.get(guest, event.get_absolute_url())
                    self.book(guest, page.send("/hold/", **{f"type-{type_.pk}": size}))
                return

    def book(self, guest: httpx.Client, held: Page) -> None:
        """Fill in the form of what is held or offered, and pay what it costs."""
        person = someone(self.chance)
        _address, fields = next(form for form in held.forms if "email" in form[1] and "name" in form[1])
        filled: dict[str, Any] = {"name": person.name, "email": person.email}
        for name in fields:
            if name.startswith("name-"):
                filled[name] = someone(self.chance).name
            elif options := held.options(name):
                filled[name] = self.chance.choice(options[1:])  # the first one says "Choose"
        page = held.send(held.address, **filled)
        if page.has_button("pay"):
            page = page.send("/pay/")
            # The provider's answer leads to the site's public address, where this browser may not find it.
            guest.post(page.address, data=page.forms[0][1], follow_redirects=False)


def soon(event: Event | None) -> Event:
    if event is None:
        raise LookupError("there is no such event now")
    return event


def types_with_room(event: Event, least: int) -> list[TicketType]:
    """The ticket types that anybody may register for at once, with so many places left."""
    capacity = Capacity.read(event, timezone.now())
    types = event.types.filter(is_hidden=False, needs_approval=False)
    return [type_ for type_ in types if capacity.public_left(type_.pk) >= least]

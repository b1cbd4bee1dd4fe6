"""Guests and a host of the demo: they come and go through the same pages and forms as people, so that the book moves."""

import random
from datetime import timedelta
from typing import Any

import httpx
from django.core.management.base import CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from bookings.restaurants.demo import data
from bookings.restaurants.models import QueueEntry, Reservation, Restaurant, State
from bookings.restaurants.models.forecast import TableForecast
from demo.actors import Actor
from demo.browser import Page, browser
from demo.parts import PASSWORD, check_demo_mode

PAUSE = 12  # seconds between two things that happen, on average
NO_SHOW_AFTER, SEATED_AFTER = timedelta(minutes=25), timedelta(minutes=3)
SHARES = {"book": 24, "look": 8, "cancel": 6, "wait": 4, "claim": 4, "queue": 7, "leave": 2, "work": 45}
WAITING = 12  # whoever joined the waitlist before the last twelve has given up
CHANCE = random.Random()  # noqa: S311


class Guests(Actor):
    """Guests who book, cancel and wait, and the host who serves them."""

    speed_help = "how many times as much happens"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("restaurant", help="such as idlewild-kitchen")
        super().add_arguments(parser)

    def act(self, *, restaurant: str, **options: Any) -> None:
        check_demo_mode()
        found = Restaurant.objects.select_related("airport").filter(slug=restaurant).first()
        if found is None:
            raise CommandError(f"There is no restaurant “{restaurant}”.")
        self.come_and_go(found)

    def serve(self, restaurant: Restaurant) -> None:
        """Begin at this restaurant, with nobody there yet."""
        self.restaurant = restaurant
        self.booked: list[str] = []  # addresses of guests' own pages
        self.waitlist: list[str] = []
        self.queued: list[str] = []

    def come_and_go(self, restaurant: Restaurant) -> None:
        """One thing after another. A step that fails, since somebody was first or the site is away, is skipped."""
        self.serve(restaurant)
        while True:
            self.rest(CHANCE.uniform(0.3, 1.7) * PAUSE / self.speed)
            happens = CHANCE.choices(list(SHARES), list(SHARES.values()))[0]
            try:
                getattr(self, happens)()
            except (httpx.HTTPError, LookupError):
                self.host = None
            close_old_connections()

    # Guests

    def book(self):
        """Somebody finds a time today, holds it and books it."""
        with browser(self.url) as guest:
            held = self.hold(guest)
            self.booked.append(held.send("", **somebody()).address)

    def look(self):
        """Somebody holds a time, and thinks better of it."""
        with browser(self.url) as guest:
            held = self.hold(guest)
            self.rest(20 / self.speed)
            held.send("give-back/")

    def cancel(self):
        """Somebody can't come."""
        if address := one_of(self.booked):
            with browser(self.url) as guest:
                Page.get(guest, address).send("cancel/")

    def wait(self):
        """Somebody finds a time taken, and waits for it."""
        with browser(self.url) as guest:
            found = self.find(guest)
            slot = CHANCE.choice([one for one in found.options("first") if one not in found.buttons("slot")])
            page = found.send("waitlist/", first=slot, last=slot, **somebody())
            self.waitlist = [*self.waitlist[1 - WAITING :], page.address]

    def claim(self):
        """Who waits looks whether there is an offer, and takes it."""
        if address := one_of(self.waitlist):
            with browser(self.url) as guest:
                page = Page.get(guest, address)
                if page.has_button("claim"):
                    self.booked.append(page.send("claim/").address)
                else:
                    self.waitlist.append(address)

    def queue(self):
        """Somebody at the door joins the queue from a phone."""
        with browser(self.url) as guest:
            door = Page.get(guest, f"/restaurants/{self.restaurant.slug}/queue/")
            self.queued.append(door.send("", party=self.party(), **somebody()).address)

    def leave(self):
        """Somebody waits no longer."""
        if address := one_of(self.queued):
            with browser(self.url) as guest:
                Page.get(guest, address).send("leave/")

    def hold(self, guest):
        found = self.find(guest)
        return found.send("hold/", slot=CHANCE.choice(found.buttons("slot")))

    def find(self, guest):
        """Today's times for a party."""
        day = self.restaurant.today()
        return Page.get(guest, f"/restaurants/{self.restaurant.slug}/?party={self.party()}&date={day}")

    def party(self):
        return CHANCE.choices(data.SIZES, data.WEIGHTS)[0]

    # The host

    def work(self):
        """What is most urgent at the stand, one step of it."""
        if due := self.due_at_the_door() or self.due_in_the_room():
            panel, verb, fields = due
            page = Page.get(self.signed_in(), f"/restaurants/{self.restaurant.slug}/book/{panel}/")
            page.send(f"/{verb}/", **fields)

    host = None

    def signed_in(self):
        """A browser in which the host has signed in."""
        if self.host is None:
            self.host = browser(self.url)
            email = self.restaurant.staff.filter(email__endswith="@airside.example").values_list("email", flat=True)[0]
            Page.get(self.host, "/accounts/login/").send("login/", login=email, password=PASSWORD)
        return self.host

    def due_at_the_door(self):
        """The party that has to be called or seated now: its panel, the verb, and fields; None if there is none."""
        now = timezone.now()
        ready = TableForecast(self.restaurant, now).ready
        for entry in QueueEntry.objects.filter(pk__in=[key for key, moment in ready.items() if moment <= now]):
            if entry.state == QueueEntry.State.WAITING:
                return f"queue/{entry.pk}", "call", {}
            if entry.called_at < now - SEATED_AFTER / self.speed:
                return f"queue/{entry.pk}", "seat", {}
        return None

    def due_in_the_room(self):
        """The same of the reservation that something has to be done with."""
        now = timezone.now()
        mine = Reservation.objects.filter(restaurant=self.restaurant)
        for reservation in mine.filter(state=State.SEATED).order_by("ends_at"):
            passed = (now - reservation.seated_at) / timedelta(minutes=reservation.turn)
            if passed >= 1:
                return reservation.reference, "finish", {}
            stage = data.COURSES[int(passed * len(data.COURSES))]
            if data.COURSES.index(stage) > data.COURSES.index(reservation.stage):
                return reservation.reference, "progress", {"stage": stage}
        for reservation in mine.filter(state=State.ARRIVED, arrived_at__lt=now - SEATED_AFTER / self.speed):
            return reservation.reference, "seat", {}
        for reservation in mine.filter(state=State.BOOKED, starts_at__lt=now + timedelta(minutes=2)):
            if reservation.starts_at < now - NO_SHOW_AFTER:
                return reservation.reference, "no-show", {}
            if CHANCE.random() < 0.8:
                return reservation.reference, "arrive", {}
        return None


def somebody():
    who = data.guest(CHANCE)
    return {**who, "email": who["name"].lower().replace(" ", ".") + "@guests.example"}


def one_of(addresses):
    """One of them, which is taken out; None if there is none."""
    return addresses.pop(CHANCE.randrange(len(addresses))) if addresses else None

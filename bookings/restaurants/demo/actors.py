"""Actors of the demo: guests and a host who use the same pages and forms as people, so that something happens."""

import random
from datetime import timedelta
from typing import Any

import httpx
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from bookings.restaurants.demo import guests
from bookings.restaurants.models import QueueEntry, Reservation, Restaurant, State
from bookings.restaurants.models.forecast import TableForecast
from bookings.restaurants.models.presence import door_code
from demo.actors import Actor
from demo.browser import Page, browser
from demo.parts import PASSWORD, check_demo_mode

PAUSE = 12  # seconds between two steps, on average
NO_SHOW_AFTER, SEATED_AFTER = timedelta(minutes=25), timedelta(minutes=3)
# How often each step is taken, by the method that takes it.
STEPS = {"book": 24, "look": 8, "cancel": 6, "wait": 4, "claim": 4, "queue": 7, "leave": 2, "work": 45}
LOOKING = 12  # guests on the waitlist who still look for an offer: the last to join
CHANCE = random.Random()  # noqa: S311

Due = tuple[str, str, dict[str, str]]  # the panel's address below the book's, the verb, its fields


class Guests(Actor):
    """Guests who book, cancel and wait, and the host who seats them."""

    speed_help = "how many times as often something happens"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("restaurant", help="its address, such as idlewild-kitchen")
        super().add_arguments(parser)

    def act(self, *, restaurant: str, **options: Any) -> None:
        check_demo_mode()
        found = Restaurant.objects.select_related("airport").filter(slug=restaurant).first()
        if found is None:
            raise CommandError(f"There is no restaurant “{restaurant}”.")
        self.start(found)
        self.act_for_ever(STEPS, PAUSE, CHANCE)

    def start(self, restaurant: Restaurant) -> None:
        """Begin at this restaurant, without guests."""
        self.restaurant = restaurant
        self.booked: list[str] = []  # the addresses of guests' own pages
        self.waitlist: list[str] = []
        self.queued: list[str] = []

    def skipped(self) -> None:
        self.host = None

    # Guests

    def book(self) -> None:
        """A guest finds a time today, holds it and books it."""
        with browser(self.url) as guest:
            held = self.hold(guest)
            self.booked.append(held.send("", **random_guest()).address)

    def look(self) -> None:
        """A guest holds a time and releases it."""
        with browser(self.url) as guest:
            held = self.hold(guest)
            self.rest(20 / self.speed)
            held.send("give-back/")

    def cancel(self) -> None:
        """A guest cancels a booking."""
        if address := pop_one_of(self.booked):
            with browser(self.url) as guest:
                Page.get(guest, address).send("cancel/")

    def wait(self) -> None:
        """A guest joins the waitlist for a time that is taken."""
        with browser(self.url) as guest:
            found = self.find(guest)
            slot = CHANCE.choice([one for one in found.options("first") if one not in found.buttons("slot")])
            page = found.send("waitlist/", first=slot, last=slot, **random_guest())
            self.waitlist = [*self.waitlist[1 - LOOKING :], page.address]

    def claim(self) -> None:
        """A guest on the waitlist looks for an offer, and claims it if there is one."""
        if address := pop_one_of(self.waitlist):
            with browser(self.url) as guest:
                page = Page.get(guest, address)
                if page.has_button("claim"):
                    self.booked.append(page.send("claim/").address)
                else:
                    self.waitlist.append(address)

    def queue(self) -> None:
        """A guest at the door joins the queue from a phone."""
        with browser(self.url) as guest:
            door = Page.get(guest, f"/restaurants/{self.restaurant.slug}/queue/")
            code = door_code(self.restaurant)  # as on the card at the door
            self.queued.append(door.send("", code=code, party=self.party(), **random_guest()).address)

    def leave(self) -> None:
        """A guest leaves the queue."""
        if address := pop_one_of(self.queued):
            with browser(self.url) as guest:
                Page.get(guest, address).send("leave/")

    def hold(self, guest: httpx.Client) -> Page:
        """Hold a random time of today. Returns the page of the hold."""
        found = self.find(guest)
        return found.send("hold/", slot=CHANCE.choice(found.buttons("slot")))

    def find(self, guest: httpx.Client) -> Page:
        """The page with today's times for a random party."""
        day = self.restaurant.today()
        return Page.get(guest, f"/restaurants/{self.restaurant.slug}/?party={self.party()}&date={day}")

    def party(self) -> int:
        return guests.random_party(CHANCE)

    # The host

    def work(self) -> None:
        """The host does what is most urgent, one verb."""
        if due := self.due_in_the_queue() or self.due_in_the_book():
            panel, verb, fields = due
            page = Page.get(self.signed_in(), f"/restaurants/{self.restaurant.slug}/book/{panel}/")
            page.send(f"/{verb}/", **fields)

    host: httpx.Client | None = None

    def signed_in(self) -> httpx.Client:
        """The host's browser, signed in."""
        if self.host is None:
            self.host = browser(self.url)
            email = self.restaurant.staff.filter(email__endswith="@airside.example").values_list("email", flat=True)[0]
            Page.get(self.host, "/accounts/login/").send("login/", login=email, password=PASSWORD)
        return self.host

    def due_in_the_queue(self) -> Due | None:
        """What must be done for a queue entry now."""
        now = timezone.now()
        ready = TableForecast(self.restaurant, now).ready
        for entry in QueueEntry.objects.filter(pk__in=[key for key, moment in ready.items() if moment <= now]):
            if entry.state == QueueEntry.State.WAITING:
                return f"queue/{entry.pk}", "call", {}
            if entry.called_at < now - SEATED_AFTER / self.speed:
                return f"queue/{entry.pk}", "seat", {}
        return None

    def due_in_the_book(self) -> Due | None:
        """What must be done for a reservation now."""
        now = timezone.now()
        mine = Reservation.objects.filter(restaurant=self.restaurant)
        for reservation in mine.filter(state=State.SEATED).order_by("ends_at"):
            passed = (now - reservation.seated_at) / timedelta(minutes=reservation.turn)
            if passed >= 1:
                return reservation.reference, "finish", {}
            stage = guests.COURSES[int(passed * len(guests.COURSES))]
            if guests.COURSES.index(stage) > guests.COURSES.index(reservation.stage):
                return reservation.reference, "progress", {"stage": stage}
        for reservation in mine.filter(state=State.ARRIVED, arrived_at__lt=now - SEATED_AFTER / self.speed):
            return reservation.reference, "seat", {}
        for reservation in mine.filter(state=State.BOOKED, starts_at__lt=now + timedelta(minutes=2)):
            if reservation.starts_at < now - NO_SHOW_AFTER:
                return reservation.reference, "no-show", {}
            if CHANCE.random() < 0.8:
                return reservation.reference, "arrive", {}
        return None


def random_guest() -> dict[str, str]:
    """The fields of a form that asks who comes."""
    guest = guests.random_guest(CHANCE)
    return {**guest, "email": guest["name"].lower().replace(" ", ".") + "@guests.example"}


def pop_one_of(addresses: list[str]) -> str | None:
    """Take a random one out, None if there is none."""
    return addresses.pop(CHANCE.randrange(len(addresses))) if addresses else None

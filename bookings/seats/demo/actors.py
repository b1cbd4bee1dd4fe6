"""Actors of the demo: passengers who use the same pages and forms as people, so that seats go and prices move."""

import random
from datetime import timedelta
from typing import Any

import httpx
from django.core.management.base import CommandParser
from django.utils import timezone

from bookings.seats.demo.people import SIZES, WEIGHTS, people
from bookings.seats.models import Inventory
from demo.actors import Actor
from demo.browser import Page, browser
from demo.parts import check_demo_mode

PAUSE = 15  # seconds between two steps, on average
STEPS = {"book": 3, "look": 1}  # how often each step is taken, by the method that takes it
SOON, AHEAD = timedelta(hours=1), timedelta(days=8)  # the departures that they choose from
FIRST = 12  # of the fares that are shown: the others are seldom chosen
CHANCE = random.Random()  # noqa: S311


class Passengers(Actor):
    """Parties who search, hold seats, and pay for them or give them back."""

    speed_help = "how many times as often something happens"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("origin", help="the airport that they leave from, such as JFK")
        super().add_arguments(parser)

    def act(self, *, origin: str, **options: Any) -> None:
        check_demo_mode()
        self.origin = origin
        self.act_for_ever(STEPS, PAUSE, CHANCE)

    def book(self) -> None:
        """A party holds seats, gives its names, and pays."""
        with browser(self.url) as customer:
            held, travellers = self.hold(customer)
            self.rest(CHANCE.uniform(2, 20) / self.speed)
            unpaid = held.send(held.address, **names(travellers), accepted=held.buttons("accepted")[0])
            payment = unpaid.send("", accepted=unpaid.buttons("accepted")[0])
            # The provider's answer leads to the site's public address, where this browser may not find it.
            customer.post(payment.address, data=payment.forms[0][1], follow_redirects=False)

    def look(self) -> None:
        """A party holds seats and gives them back."""
        with browser(self.url) as customer:
            held, _travellers = self.hold(customer)
            self.rest(20 / self.speed)
            fields = held.forms[0][1]
            customer.post(held.address + "release/", data=fields).raise_for_status()

    def hold(self, customer: httpx.Client) -> tuple[Page, int]:
        """The page of a hold on some flight, and how many travel."""
        adults, children = CHANCE.choices(SIZES, WEIGHTS)[0]
        destination, day = self.somewhere()
        query = f"from={self.origin}&to={destination}&day={day}&adults={adults}&children={children}"
        found = Page.get(customer, f"/fly/?{query}")
        choice = CHANCE.choice(found.buttons("choice")[:FIRST])
        return found.send("offers/", choice=choice), adults + children

    def somewhere(self) -> tuple[str, Any]:
        """Where some flight goes, and its day."""
        now = timezone.now()
        flights = Inventory.objects.filter(
            flight__origin=self.origin, flight__off_block_scheduled__range=(now + SOON, now + AHEAD)
        )
        return CHANCE.choice(flights.values_list("flight__destination", "flight__date"))


def names(number: int) -> dict[str, str]:
    """What a party types in the form of a hold."""
    fields = {"email": f"passenger{CHANCE.randrange(1000)}@guests.example"}
    for position, passenger in enumerate(people(CHANCE, number)):
        fields |= {f"given-{position}": passenger.given, f"surname-{position}": passenger.surname}
    return fields

"""Guests and a host of the demo: they come and go through the same pages and forms as people, so that the book moves."""

import os
import random
import signal
from contextlib import suppress
from datetime import timedelta
from html.parser import HTMLParser
from time import monotonic, sleep

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from bookings.restaurants import demo
from bookings.restaurants.models import Reservation, Restaurant, State
from tracking.flights.management.commands.demo import PASSWORD, address

PAUSE = 12  # seconds between two things that happen, on average
NO_SHOW_AFTER, SEATED_AFTER = timedelta(minutes=25), timedelta(minutes=3)
CHANCE = random.Random()  # noqa: S311


class Over(Exception):
    """The process that this one was to accompany is gone."""


class Command(BaseCommand):
    help = "Let guests come and go at a restaurant of the demo, through its pages and forms, until told to stop."

    def add_arguments(self, parser):
        parser.add_argument("restaurant", help="such as idlewild-kitchen")
        parser.add_argument("--speed", type=float, default=1, help="this much more happens")
        parser.add_argument("--url", default=address(settings.HOST, settings.PORT), help="the site (%(default)s)")
        parser.add_argument("--while-pid", type=int, metavar="PID", help="end when this process is gone")

    def handle(self, *, restaurant, speed, url, while_pid, **options):
        if not settings.DEMO:
            raise CommandError("This is for demo mode, which is off: start it with make run, or set AIRSIDE_DEMO=1.")
        if speed <= 0:
            raise CommandError("The speed is more than 0.")
        try:
            self.restaurant = Restaurant.objects.select_related("airport").get(slug=restaurant)
        except Restaurant.DoesNotExist:
            raise CommandError(f"There is no restaurant “{restaurant}”.") from None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.default_int_handler)
        self.url, self.while_pid, self.speed = url, while_pid, speed
        self.booked = []  # addresses of the bookings made here
        with suppress(KeyboardInterrupt, Over):
            self.run()

    def run(self):
        """One thing after another. What fails, since somebody was first or the site is away, is tried by others later."""
        while True:
            self.rest(CHANCE.uniform(0.3, 1.7) * PAUSE / self.speed)
            happens = CHANCE.choices([self.book, self.look, self.cancel, self.work], [30, 10, 6, 54])[0]
            try:
                happens()
            except (httpx.HTTPError, LookupError):
                self.host = None
            close_old_connections()

    # Guests

    def book(self):
        """Somebody finds a time today, holds it and books it."""
        with browser(self.url) as guest:
            held = self.hold(guest)
            who = demo.guest(CHANCE)
            who["email"] = who["name"].lower().replace(" ", ".") + "@guests.example"
            page = held.send("", **who)
            self.booked.append(page.address)

    def look(self):
        """Somebody holds a time, and thinks better of it."""
        with browser(self.url) as guest:
            held = self.hold(guest)
            self.rest(20 / self.speed)
            held.send("give-back/")

    def cancel(self):
        """Somebody can't come."""
        address = self.booked.pop(CHANCE.randrange(len(self.booked))) if self.booked else None
        if address:
            with browser(self.url) as guest:
                Page.get(guest, address).send("cancel/")

    def hold(self, guest):
        party = CHANCE.choices(demo.SIZES, demo.WEIGHTS)[0]
        day = self.restaurant.today()
        found = Page.get(guest, f"/restaurants/{self.restaurant.slug}/?party={party}&date={day}")
        return found.send("hold/", slot=CHANCE.choice(found.buttons("slot")))

    # The host

    def work(self):
        """What is most urgent at the stand, one step of it."""
        due = self.due()
        if due:
            reservation, verb, fields = due
            panel = f"/restaurants/{self.restaurant.slug}/book/{reservation.reference}/"
            Page.get(self.signed_in(), panel).send(f"/{verb}/", **fields)

    host = None

    def signed_in(self):
        """A browser in which the host has signed in."""
        if self.host is None:
            self.host = browser(self.url)
            email = self.restaurant.staff.filter(email__endswith="@airside.example").values_list("email", flat=True)[0]
            Page.get(self.host, "/accounts/login/").send("login/", login=email, password=PASSWORD)
        return self.host

    def due(self):
        """The reservation that something should be done with now: ``(reservation, verb, fields)``."""
        now = timezone.now()
        mine = Reservation.objects.filter(restaurant=self.restaurant)
        for reservation in mine.filter(state=State.SEATED).order_by("ends_at"):
            passed = (now - reservation.seated_at) / timedelta(minutes=reservation.turn)
            if passed >= 1:
                return reservation, "finish", {}
            stage = demo.COURSES[int(passed * len(demo.COURSES))]
            if demo.COURSES.index(stage) > demo.COURSES.index(reservation.stage):
                return reservation, "progress", {"stage": stage}
        for reservation in mine.filter(state=State.ARRIVED, arrived_at__lt=now - SEATED_AFTER / self.speed):
            return reservation, "seat", {}
        for reservation in mine.filter(state=State.BOOKED, starts_at__lt=now + timedelta(minutes=2)):
            if reservation.starts_at < now - NO_SHOW_AFTER:
                return reservation, "no-show", {}
            if CHANCE.random() < 0.8:
                return reservation, "arrive", {}
        return None

    def rest(self, seconds):
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            if self.while_pid and not runs(self.while_pid):
                raise Over
            sleep(min(left, 1))


def runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def browser(url):
    return httpx.Client(base_url=url, follow_redirects=True, timeout=30, headers={"Referer": url + "/"})


class Page(HTMLParser):
    """A page as a browser has it: its forms with what they would send."""

    def __init__(self, client, answer):
        super().__init__()
        self.client, self.address = client, answer.url.path
        self.forms, self.pressed, self.form, self.select = [], [], None, None
        answer.raise_for_status()
        self.feed(answer.text)

    @classmethod
    def get(cls, client, address):
        return cls(client, client.get(address))

    def send(self, ends, **fields):
        """Send the first form by POST whose address ends so, with what it holds and these fields. Answers the page that follows."""
        action, data = [form for form in self.forms if form[0].endswith(ends)][0]  # noqa: RUF015  (a LookupError)
        return Page(self.client, self.client.post(action or self.address, data={**data, **fields}))

    def buttons(self, name):
        """The values of all buttons of this name that can be pressed."""
        return [button["value"] for button in self.pressed if button.get("name") == name and "disabled" not in button]

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        name, value = found.get("name"), found.get("value") or ""
        if tag == "form":
            self.form = (found.get("action") or "", {})
            if found.get("method", "").lower() == "post":
                self.forms.append(self.form)
        elif tag == "button":
            self.pressed.append(found)
        elif tag == "select":
            self.select = name
        elif self.form is None:
            return
        elif tag == "option" and self.select and ("selected" in found or self.select not in self.form[1]):
            self.form[1][self.select] = value
        elif tag == "input" and name and (found.get("type") not in ("radio", "checkbox") or "checked" in found):
            self.form[1][name] = value

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None

import os
import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from bookings.restaurants.demo import data
from tracking.flights.management.commands.demo import PASSWORD

HOSTS = [
    ("host@airside.example", "Dora", "Hale", ["idlewild-kitchen", "nonna-at-five"]),
    ("host2@airside.example", "Dave", "Imai", ["idlewild-kitchen"]),
]
MOVES = "idlewild-kitchen"  # whose book moves


class Command(BaseCommand):
    help = "Open the demo's restaurants, with their hosts and days half booked. With --url one book moves from then on."

    def add_arguments(self, parser):
        parser.add_argument("--url", help="the site, once it listens")

    def handle(self, *, url, **options):
        if not settings.DEMO:
            raise CommandError("This is for demo mode, which is off: start it with make run, or set AIRSIDE_DEMO=1.")
        restaurants = {restaurant.slug: restaurant for restaurant in data.build()}
        for email, first, last, slugs in HOSTS:
            host = User.objects.filter(email=email).first()
            host = host or User.objects.create_user(email, PASSWORD, first_name=first, last_name=last)
            for slug in slugs:
                restaurants[slug].staff.add(host)
            names = ", ".join(restaurants[slug].name for slug in slugs)
            self.stdout.write(f"  {email:24}{first} {last}, host: {names}")
        if url:
            start_evening(url)


def start_evening(url):
    """Have guests come and go for as long as this process lives."""
    subprocess.Popen(  # noqa: S603
        [
            sys.executable,
            str(settings.BASE / "manage.py"),
            "evening",
            MOVES,
            f"--url={url}",
            f"--while-pid={os.getpid()}",
        ],
        stdin=subprocess.DEVNULL,
    )

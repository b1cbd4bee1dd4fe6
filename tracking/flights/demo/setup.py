from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command

from demo.parts import Demo, about, setup
from tracking.flights.apps import DESK
from tracking.flights.models import Airport, Source

DAY = settings.BASE / "tracking/flights/demo/data/nyc-flights-2013-07-10.csv"

about(10, "flights/demo/_about.html")


@setup(order=10)
def flights(demo: Demo) -> None:
    """The world's airports, the people of the desk, and the feed that replays the day."""
    if not Airport.objects.exists():
        call_command("airports", verbosity=0)
    desk = Group.objects.get(name=DESK)
    for email, first, last in (("desk", "Ana", "Ortiz"), ("desk2", "Ben", "Okafor")):
        demo.account(f"{email}@airside.example", first, last, DESK).groups.add(desk)
    _source, key = Source.objects.issue("demo day")
    demo.start("replay", str(DAY), AIRSIDE_FEED_KEY=key)

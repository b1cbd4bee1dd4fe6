from datetime import time

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command

from demo.parts import Demo, about, setup
from screens.apps import STAFF
from screens.models import Orientation, Screen
from tracking.flights.apps import DESK
from tracking.flights.models import Airport, Source

DAY = settings.BASE / "tracking/flights/demo/data/nyc-flights-2013-07-10.csv"

about(10, "flights/demo/_about.html")


@setup(order=10)
def flights(demo: Demo) -> None:
    """The world's airports, the people of the desk, and the feed that replays the day."""
    if not Airport.objects.exists():
        call_command("airports", verbosity=0)
    desk, screens = Group.objects.get(name=DESK), Group.objects.get(name=STAFF)
    for email, first, last in (("desk", "Ana", "Ortiz"), ("desk2", "Ben", "Okafor")):
        demo.account(f"{email}@airside.example", first, last, DESK).groups.add(desk, screens)
    _source, key = Source.objects.issue("demo day")
    set_up_screens()
    demo.start("replay", str(DAY), "--returns", AIRSIDE_FEED_KEY=key)


def set_up_screens() -> None:
    """Two kiosk screens, each with a key: their start addresses stand on their pages."""
    if Screen.objects.exists():
        return
    hall = {"place": "Above the entrance", "zone": "hall", "languages": "en,es"}
    belts = {"place": "Beside the belts", "zone": "arrivals", "orientation": Orientation.PORTRAIT, "distance": 6}
    board = {"iata": settings.HOME_AIRPORT, "hours": 6}
    departures = Screen.objects.set_up(slug="departures", name="Departures hall", **hall)
    departures.show(time(0), "flights", {**board, "leg": "departures"})
    arrivals = Screen.objects.set_up(slug="arrivals", name="Baggage claim", **belts)
    arrivals.show(time(0), "flights", {**board, "leg": "arrivals"})
    for screen in (departures, arrivals):
        screen.pair()

"""What the bench of screens and widgets has in its server: screens that are paired, widgets, people who work there."""

from itertools import cycle

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.models import User
from screens.kiosk import keys
from screens.models import Hours, Screen
from screens.models.screens import State
from tests.bench.board import moment
from tests.bench.people import session_of
from tracking.flights.models import Flight
from tracking.flights.models.boards import FlightQuerySet

SCREENS, BOARD_WIDGETS, FLIGHT_WIDGETS, AGENTS, SUPERVISORS = 300, 1500, 500, 180, 20
LANGUAGES = ("en", "en,de", "en,es", "en,fr", "en,es,fr", "de")  # what the screens show differs by these
WIDGETS = ("departures/JFK/?lang=en", "departures/JFK/?lang=de", "departures/JFK/?rows=10&lang=en")
FEW = "few"  # the screen of a few gates
VISIBLE = 5  # of the first flights: all boards show them, the short ones too
GATES = cycle(f"C{number}" for number in range(1, 98))


def fill():
    Screen.objects.bulk_create(
        Screen(
            slug=f"screen-{number}",
            name=f"Screen {number}",
            place=f"Hall {number}",
            languages=LANGUAGES[number % len(LANGUAGES)],
            state=State.PAIRED,
        )
        for number in range(SCREENS)
    )
    settings = {"leg": "departures", "iata": "JFK"}
    Hours.objects.bulk_create(
        Hours(screen=screen, shows="flights", settings=settings) for screen in Screen.objects.all()
    )
    few = Screen.objects.create(slug=FEW, name="Gates", place="Hall", languages="en,de", state=State.PAIRED)
    Hours.objects.create(screen=few, shows="flights", settings={**settings, "gates": "B1-B6"})
    return {"scene": scene, "gate": gate, "busy": busy}


def scene():
    """The sockets and pages of each kind, with the cookies that open them."""
    flights = first()
    screens = Screen.objects.prefetch_related("hours")
    return {
        "screens": [parts_of(screen) for screen in screens.exclude(slug=FEW).order_by("pk")],
        "few": parts_of(screens.get(slug=FEW)),
        "boards": [f"/ws/embed/{path}" for path, _ in zip(cycle(WIDGETS), range(BOARD_WIDGETS), strict=False)],
        "flights": [
            f"/ws/embed/flight/{pk}/?lang=en" for pk, _ in zip(cycle(flights), range(FLIGHT_WIDGETS), strict=False)
        ],
        "agents": people(AGENTS, "agent", "flight desk"),
        "supervisors": people(SUPERVISORS, "supervisor", "flight desk"),
    }


def parts_of(screen):
    board = screen.shown_now.region(screen.language_codes)
    return {
        "board": f"/ws/{board.address}",
        "rows": len(board.rows()) if screen.slug == FEW else None,
        "control": f"/ws/kiosk/control/{screen.token}/?lang={screen.language_codes[0]}",
        "beat": f"/kiosk/{screen.slug}/beat/",
        "page": f"/kiosk/{screen.slug}/",
        "cookie": f"{keys.KEY}={screen.token}",
    }


def people(how_many, name, group):
    """The cookies of so many people of a group, who also see the screens."""
    users = User.objects.bulk_create(User(email=f"{name}-{at}@bench.example", password="!") for at in range(how_many))
    with transaction.atomic():
        Group.objects.get(name=group).user_set.add(*users)
        Permission.objects.get(codename="view_screen").user_set.add(*users)
        return [session_of(user) for user in users]


def first():
    flights: FlightQuerySet = Flight.objects.filter(origin="JFK").order_by("best_departure", "airline_id", "number")
    return list(flights.values_list("pk", flat=True)[:VISIBLE])


def gate():
    """Another gate for the third flight: every board has it, and some of the widgets of flights."""
    changed = {}
    flight = Flight.objects.get(pk=first()[2])
    with transaction.atomic():
        transaction.on_commit(lambda: changed.update(moment()))  # before what the verb does on commit
        flight.assign_gate(next(GATES))
    return changed


turns = cycle(range(14))


def busy():
    """Another gate for one of the first 14 flights, in turn: of those that a screen shows on its first two pages."""
    flights = Flight.objects.filter(origin="JFK").order_by("best_departure", "airline_id", "number")
    flights[next(turns)].assign_gate(next(GATES))
    return {}

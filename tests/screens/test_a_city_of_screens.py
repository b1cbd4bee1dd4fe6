"""As many screens as a city has at its platforms: all can be set up, and the wall costs a few queries.

Where the configuration of a real one is at hand, its 282 signs are taken (MBTA, realtime_signs, MIT licence); else made-up ones.
"""

import json
from datetime import time, timedelta
from itertools import cycle

import pytest
from django.conf import settings
from django.utils import timezone

from screens.models import Glass, Hours, Message, Orientation, Screen, Trouble
from screens.staff.forms import NewScreen
from screens.staff.regions import Messages, Wall

pytestmark = pytest.mark.django_db
REAL = settings.BASE.parent / "shared/data/real/mbta-signs.json"
NUMBER = 282


def signs():
    if REAL.exists():
        return json.loads(REAL.read_text())
    return [
        {"id": f"sign_{number}", "pa_ess_loc": f"P{number % 40}", "text_zone": "nsew"[number % 4]}
        for number in range(NUMBER)
    ]


def test_each_sign_of_a_city_can_be_set_up(content):
    for sign, orientation in zip(signs(), cycle(Orientation.values), strict=False):
        form = NewScreen(
            {
                "name": sign["id"],
                "slug": sign["id"].replace(".", "-"),
                "place": f"{sign['pa_ess_loc']}, {sign.get('text_zone', '')}",
                "zone": sign["pa_ess_loc"].lower(),
                "orientation": orientation,
                "inches": 43,
                "distance": 5,
                "languages": "en, es",
                "theme": "dark",
            }
        )
        assert form.is_valid(), (sign["id"], form.errors)
        Screen.objects.set_up(**form.cleaned_data)
    assert Screen.objects.count() == NUMBER


def test_the_wall_and_the_messages_of_a_city_cost_a_few_queries(make_screen, technician, django_assert_max_num_queries):
    """Also when all of them are silent and say since when, and each shows something else at night."""
    begins = timezone.now() - timedelta(hours=1)
    for number in range(NUMBER):
        screen = make_screen(f"screen-{number}", zone=f"zone-{number % 40}")
        Hours.objects.create(screen=screen, begins=time(22), shows="next", settings={"iata": "BOS"})
        Glass.objects.create(
            screen=screen, seen_at=begins, version_at=begins, trouble=Trouble.SILENT, trouble_at=begins
        )
    for number in range(20):
        Message.objects.send(technician, timedelta(hours=1), text="x", zone=f"zone-{number}" if number else "")
    for region in (Wall(), Messages()):
        with django_assert_max_num_queries(12):
            region.stale_at(region.render().read_at)
    wall = Wall().rows()
    assert len(wall) == NUMBER
    assert all(row.seen for row in wall)

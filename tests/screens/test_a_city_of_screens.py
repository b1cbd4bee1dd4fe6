"""As many screens as a city has at its platforms: all can be set up, and the wall costs a few queries.

Where the configuration of a real one is at hand, its 282 signs are taken (MBTA, realtime_signs, MIT licence); else made-up ones.
"""

import json
from itertools import cycle

import pytest
from django.conf import settings
from django.core.cache import cache

from screens.models import Orientation, Screen
from screens.staff.forms import NewScreen
from screens.staff.regions import Wall
from tests.screens.conftest import Device

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


def test_the_wall_of_a_city_costs_a_few_queries(make_screen, django_assert_max_num_queries):
    for number in range(NUMBER):
        make_screen(f"screen-{number}", zone=f"zone-{number % 40}")
    for screen in Screen.objects.all()[:20]:
        Device(screen).beat(version="x")
    wall = Wall()
    with django_assert_max_num_queries(12):
        wall.render()
        wall.stale_at(wall.render().read_at)
    assert len(wall.rows()) == NUMBER
    cache.clear()

"""A door whose pictogram has no file: a check says so, and the front page shows an arrow in its place."""

import pytest
from django.core.checks import run_checks

from pages import nav
from pages.checks import named
from pages.nav import Door


@pytest.fixture
def doors(monkeypatch):
    registry = nav.Registry()
    registry(order=10)(lambda user: Door("Lounges", "/lounges/", "sofa"))
    registry(order=20)(lambda user: Door("Desk", "/desk/", "desk") if user.is_superuser else None)
    registry(order=30)(lambda user: user.is_authenticated and user.restaurants.first())  # which only a saved user has
    monkeypatch.setattr(nav, "door", registry)
    return registry


def found():
    return [error.msg for error in run_checks() if error.id == "airside.E006"]


def test_the_check_names_it(doors):
    assert found() == ["There is no pictogram 'sofa', which a door of the front page names."]


def test_the_sites_own_doors_have_theirs():
    assert {"departures", "restaurants", "desk"} <= named()
    assert found() == []


@pytest.mark.django_db
def test_the_front_page_is_shown_with_an_arrow(client, doors):
    doors.parts.pop()
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Lounges" in answer.text and 'd="M3 10.5h' in answer.text

"""What an address or a form may say that nobody means: never a 500, over HTTP, as a fragment and up a socket."""

from contextlib import suppress
from itertools import product
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django.http import Http404, QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.restaurants.models import Reservation
from live.regions import Region

pytestmark = pytest.mark.django_db

NASTY = [
    *("0", "-1", "9" * 19, "9" * 40, "9" * 5000, "1e9", "²", "½", "x" * 8000, "\r\nX: y", "🍜" * 300, "bistro"),
    *("9999-12-31", "0001-01-01", "1969-12-31", "2024-02-30", "99999-01-01", "\0", "a\0b", "\udcff", "{{ 7 }}", "%"),
]
PARAMETERS = ["party", "date", "area", "slot", "service", "show", "q", "restaurant", "lang"]
PAGES = {
    "": ["party", "date"],
    "bistro/": ["party", "date", "area", "slot"],
    "bistro/queue/": ["code"],
    "bistro/widget/": ["date"],
    "bistro/book/": ["date", "service", "q", "view"],
    "bistro/book/?view=grid": ["date", "service"],
    "bistro/book/?view=floor": ["date"],
    "bistro/book/new/": ["date"],
    "bistro/book/walk-in/": ["party", "table"],
    "bistro/book/close/": ["date"],
}
REGIONS = {
    "restaurant-times/bistro/": ["party", "date", "area", "lang"],
    "restaurants/": ["party", "date"],
    "reservations/": ["date", "area", "service", "show", "q", "restaurant"],
    "reservations/grid/": ["date", "service"],
    "reservations/floor/": ["date"],
    "reservations/pace/": ["date", "service"],
    "reservations/queue/": ["date", "restaurant"],
}


def is_answered(answer):
    assert answer.status_code < 500, answer.status_code
    return answer.status_code


@pytest.fixture
def evening(bistro, book, slot, time_machine):
    book("18:30")
    time_machine.move_to(slot("18:00") * 900)


@pytest.mark.parametrize("page", PAGES)
def test_any_parameter_of_a_page(host, evening, page):
    joint = "&" if "?" in page else "?"
    for name, value in product(PAGES[page], NASTY):
        query = urlencode({name: value}, errors="surrogateescape")
        is_answered(host.get(f"/restaurants/{page}{joint}{query}"))


@pytest.mark.parametrize("path", REGIONS)
def test_any_parameter_of_a_fragment(host, evening, path):
    for name, value in product(REGIONS[path], NASTY):
        query = urlencode({"restaurant": "bistro", name: value}, errors="surrogateescape")
        is_answered(host.get(f"/live/{path}?{query}"))


PATHS = ["9" * 40, "9" * 5000, "-1", "0", "\0", "%", "\udcff", "x" * 3000, "²"]


@pytest.mark.parametrize("value", PATHS, ids=lambda value: ascii(value[:8]))
def test_any_path(host, evening, value):
    text = quote(value, safe="", errors="surrogateescape")
    for path in (
        *(
            f"{text}/",
            f"held/{text}/",
            f"booked/{text}/",
            f"waiting/{text}/",
            f"in-queue/{text}/",
            f"mine/{text}/calendar.ics",
        ),
        *(f"{text}/book/", f"bistro/book/{text}/", f"bistro/book/queue/{text}/", f"bistro/book/table/{text}/"),
        f"bistro/book/waitlist/{text}/",
    ):
        is_answered(host.get(f"/restaurants/{path}"))
    for path in (
        f"restaurant-times/{text}/",
        f"waiting/{text}/",
        f"queue-entry/bistro/{text}/",
        f"my-reservations/{text}/",
    ):
        is_answered(host.get(f"/live/{path}"))


FORMS = {
    "/restaurants/bistro/hold/": ["slot", "party", "area"],
    "/restaurants/bistro/waitlist/": ["first", "date", "name", "email"],
    "/restaurants/bistro/queue/": ["party", "name", "code"],
    "/restaurants/bistro/book/new/": ["date", "time", "name", "tables"],
    "/restaurants/bistro/book/walk-in/": ["party", "tables"],
    "/restaurants/bistro/book/queue/": ["party", "quoted"],
    "/restaurants/bistro/book/close/": ["service", "reason"],
}


@pytest.mark.parametrize("address", FORMS)
def test_any_field_of_a_form(host, evening, address, slot, tomorrow, settings):
    settings.POSTS_PER_ADDRESS = settings.DOOR_CODES_PER_ADDRESS = 10**6
    for name, value in product(FORMS[address], NASTY):
        good = {"slot": slot("20:00"), "party": 2, "first": slot("20:00"), "last": slot("20:30"), "time": "20:00"}
        good |= {"date": tomorrow.isoformat(), "name": "Ada", "email": "ada@example.org", "key": uuid4(), name: value}
        data = urlencode(good, errors="surrogateescape")
        is_answered(host.post(address, data, content_type="application/x-www-form-urlencoded"))


def test_any_field_of_a_guests_own_booking(client, book, evening, settings):
    settings.POSTS_PER_ADDRESS = 10**6
    own = Reservation.objects.get().get_absolute_url()
    for verb, fields in {"change": ["slot", "party", "area"], "transfer": ["name", "email"]}.items():
        for name, value in product(fields, NASTY):
            data = urlencode({"slot": 1, "party": 2, name: value}, errors="surrogateescape")
            is_answered(client.post(f"{own}{verb}/", data, content_type="application/x-www-form-urlencoded"))


@given(query=st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=60), max_size=6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_region_of_any_query_is_found_or_not(bistro, query):
    """As a socket builds and renders it: it shows something, or there is no such thing."""
    asked = QueryDict(mutable=True)
    asked.update({"restaurant": "bistro", **query})
    for region_class in Region.classes:
        if region_class.__module__.startswith("bookings.restaurants") and "<" not in region_class.path:
            with suppress(Http404):
                region_class(query=asked).render()

"""What flights add to the frame and to the front page."""

import re

import pytest
from django.urls import reverse


def current(page):
    """The entries of the main navigation that are marked, by their labels."""
    main = re.search(r'<nav aria-label="Main">(.*?)</nav>', page, re.DOTALL)[1]
    return re.findall(r'aria-current="page">(.*?)</a>', main)


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("/flights/JFK/departures/", "Flights"),
        ("/flights/JFK/arrivals/", "Flights"),
        ("/flights/{pk}/", "Flights"),
        ("/flights/disruptions/", "Disruptions"),
        ("/flights/JFK/desk/", "Flight desk"),
        ("/flights/{pk}/desk/", "Flight desk"),
    ],
)
def test_one_entry_is_current_on_each_page(client, bob, flight, address, label):
    client.force_login(bob)
    assert current(client.get(address.format(pk=flight.pk)).text) == [label]


def test_the_front_page_has_doors_a_search_and_what_happens_now(client, flight):
    page = client.get("/").text
    doors = re.search(r'<nav class="doors".*?</nav>', page, re.DOTALL)[0]
    for name in ("departures", "arrivals"):
        assert f'href="{reverse(f"flights:{name}", args=["JFK"])}"' in doors
    assert 'href="/flights/disruptions/"' in doors
    assert 'action="/flights/"' in page and 'name="q"' in page
    assert f'id="next-{flight.pk}"' in page
    assert 'id="disruptions-JFK"' in page


def test_the_desk_is_for_those_who_work_there(client, bob, charlie, flight):
    desk = f'href="{reverse("flights:desk", args=["JFK"])}"'
    assert desk not in client.get("/").text
    client.force_login(charlie)
    assert desk not in client.get("/").text
    client.force_login(bob)
    assert client.get("/").text.count(desk) == 2, "in the navigation, and as a door"

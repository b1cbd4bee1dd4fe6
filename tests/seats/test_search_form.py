"""The form of a search: what it takes, and each error at its field before anything is searched."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from bookings.seats.search.forms import OfferForm, SearchForm, query_of
from tracking.flights.models import Airport

TOMORROW = "2026-11-19"  # tests/clock.py


@pytest.fixture
def ask(airports):
    def make(**query):
        return SearchForm(QueryDict("&".join(f"{k.rstrip('_')}={v}" for k, v in query.items())))

    return make


def test_at_first_it_is_from_here_tomorrow_for_one_adult(ask):
    form = ask()
    assert not form.is_asked and not form.is_bound
    assert (form["from"].value(), form["day"].value(), form["adults"].value()) == ("JFK", TOMORROW, "1")


def test_the_destination_is_enough(ask):
    form = ask(to="BOS")
    assert form.is_valid(), form.errors
    asked = form.asked
    assert (asked.origin.iata, asked.destination.iata, str(asked.day)) == ("JFK", "BOS", TOMORROW)
    assert tuple(asked.party) == (1, 0, 0, 0) and asked.cabin == "economy"


@pytest.mark.parametrize("typed", ["BOS", "bos", "Boston", "boston", "Boston BOS", "Logan", " BOS "])
def test_an_airport_is_chosen_by_code_city_or_name(ask, typed):
    assert ask(to=typed.replace(" ", "+")).asked_or_none().destination.iata == "BOS"


def test_a_city_of_two_airports_asks_which(ask):
    Airport.objects.create(iata="LGA", name="LaGuardia", city="New York", country="US", zone="America/New_York")
    form = ask(from_="BOS", to="New+York")
    assert "JFK, LGA" in form.errors["to"][0]


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({"to": "XXX"}, "to", "no airport “XXX”"),
        ({"to": "BOS", "from_": "ZZZ"}, "from", "no airport"),
        ({"from_": "JFK"}, "to", "required"),
        ({"to": "JFK"}, "to", "another airport"),
        ({"to": "BOS", "day": "2026-11-17"}, "day", "has passed"),
        ({"to": "BOS", "day": "2028-01-01"}, "day", "within"),
        ({"to": "BOS", "day": "soon"}, "day", "Choose a day"),
        ({"to": "BOS", "adults": 1, "infants_lap": 3}, "infants_lap", "an adult of its own"),
        ({"to": "BOS", "adults": 5, "children": 5}, "adults", "At most 9"),
        ({"to": "BOS", "adults": 5, "infants_lap": 5}, "adults", "At most 9"),
        ({"to": "BOS", "adults": 0}, "adults", "At least one adult"),
        ({"to": "BOS", "children": "many"}, "children", "whole number"),
        ({"to": "BOS", "cabin": "roof"}, "cabin", "valid choice"),
        ({"to": "BOS", "max_price": -1}, "max_price", "greater"),
        ({"to": "BOS", "airlines": "B6,%00%00"}, "airlines", "from the list"),
    ],
)
def test_each_error_is_told_at_its_field(ask, query, field, words):
    form = ask(**query)
    assert not form.is_valid()
    assert words in " ".join(form.errors[field])


def test_a_wrong_search_searches_nothing(client, airports, django_assert_max_num_queries):
    answer = client.get("/fly/?to=BOS&adults=1&infants_lap=3")
    assert answer.status_code == 200
    assert "an adult of its own" in answer.text and 'id="flight-updates"' not in answer.text


def test_today_is_that_of_the_origin(ask, airports, time_machine):
    """At 23:30 in San Francisco it is tomorrow in New York; a flight from San Francisco still leaves today."""
    time_machine.move_to(timezone.now().replace(hour=7, minute=30) + timedelta(days=1))
    assert ask(from_="SFO", to="BOS", day="2026-11-18").is_valid()
    assert not ask(from_="JFK", to="BOS", day="2026-11-18").is_valid()


def test_the_same_search_has_the_same_address(ask):
    typed = ask(to="boston", from_="New+York+JFK", day=TOMORROW, adults=1, order="departure", airlines="DL,B6")
    ticked = SearchForm(QueryDict(f"to=BOS&from=JFK&day={TOMORROW}&airlines=B6&airlines=DL&adults=1"))
    assert typed.is_valid() and ticked.is_valid()
    assert query_of(typed.asked) == query_of(ticked.asked)
    assert query_of(typed.asked) == {"from": "JFK", "to": "BOS", "day": TOMORROW, "airlines": "B6,DL"}
    assert SearchForm(query_of(typed.asked)).asked_or_none() == typed.asked


def offer(**fields):
    form = OfferForm({"cabin": "economy", "adults": 1, "children": 0, "infants_seated": 0, "infants_lap": 0, **fields})
    form.data.setdefault("key", "12345678123456781234567812345678")
    return form


def test_a_chosen_fare_says_flights_family_and_the_price_that_was_seen():
    form = offer(choice="12,45/standard/23010")
    assert form.is_valid(), form.errors
    found = form.cleaned_data
    assert (found["legs"], found["family"], found["total"]) == ([12, 45], "standard", 23010)
    assert tuple(found["party"]) == (1, 0, 0, 0)


@pytest.mark.parametrize("choice", ["", "12", "12/flex", "a/flex/1", "12/flex/-1", "12//1", "/flex/1", "12,/flex/1"])
def test_anything_else_is_no_choice(choice):
    assert not offer(choice=choice).is_valid()

"""The names of airlines: shipped, given by a feed, or made up of a code until a real one is known."""

import json

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from tests.flights.test_updates_api import URL, update
from tracking.flights.demo.day import Day
from tracking.flights.demo.replay import announcements
from tracking.flights.models import Airline
from tracking.flights.models.names import name_of, shipped
from tracking.flights.travellers.regions import FoundFlights

DAY = settings.BASE / "tracking/flights/demo/data/nyc-flights-2013-07-10.csv"


@pytest.fixture
def take(client, source, airports):
    """``take(record, …)`` sends records, which must all be accepted."""

    def take(*records):
        cache.clear()
        headers = {"Authorization": f"Bearer {source.key}"}
        answer = client.post(URL, json.dumps(records, default=str), "application/json", headers=headers)
        assert answer.json() == {"accepted": len(records), "ignored": 0, "refused": []}

    return take


def found(text):
    return [row.departure.designator for row in FoundFlights(query={"q": text}).rows()]


@pytest.mark.parametrize(
    ("code", "text"), [("DL", "delta"), ("AA", "american"), ("UA", "united"), ("EI", "aer lingus")]
)
def test_an_airline_that_a_codeshare_names_first_has_its_name_and_is_found_by_it(take, code, text):
    take(update(codeshares=[f"{code} 7001"]))
    take(update("7", airline=code))
    assert Airline.objects.get(pk=code).name == shipped()[code]
    assert found(text) == [f"{code} 7"]


def test_a_made_up_name_is_replaced_by_the_first_real_one_and_boards_show_it(take, assert_published):
    take(update(codeshares=["ZZ 7001"]))
    assert Airline.objects.get(pk="ZZ").name == "ZZ"
    with assert_published("flight-names"):
        take(update("7", airline="ZZ", airline_name="Our Own Air"))
    assert Airline.objects.get(pk="ZZ").name == "Our Own Air"
    take(update("8", airline="ZZ", airline_name="Another"))
    assert Airline.objects.get(pk="ZZ").name == "Our Own Air"


def test_a_name_that_somebody_corrected_stays(take, airlines):
    Airline.objects.filter(pk="B6").update(name="Blue")
    take(update(airline_name="JetBlue Airways Corporation"), update("7"))
    assert Airline.objects.get(pk="B6").name == "Blue"


def test_who_took_over_a_code_has_its_own_name(take):
    take(update(codeshares=["DL 1"]))
    take(update("7", airline="DL", airline_name="Dolomite Lines"))
    assert Airline.objects.get(pk="DL").name == "Dolomite Lines"
    take(update("8", airline="DL"))
    assert Airline.objects.get(pk="DL").name == "Dolomite Lines"


@pytest.mark.parametrize(
    ("code", "given", "name"),
    [
        ("DL", "", "Delta Air Lines"),
        ("DAL", "", "Delta Air Lines"),
        ("DL", "Delta Air Lines Inc.", "Delta Air Lines"),
        ("DL", "   ", "Delta Air Lines"),
        ("DL", "Dolomite Lines", "Dolomite Lines"),
        ("ZZ", "", "ZZ"),
        ("ZZ", " Our Own Air ", "Our Own Air"),
    ],
)
def test_the_name_of_a_code(code, given, name):
    assert name_of(code, given) == name


def test_each_shipped_airline_fits_its_columns(db):
    assert len(shipped()) > 800
    for code, name in shipped().items():
        Airline(code=code, name=name).full_clean()


def test_airlines_that_were_named_by_their_code_are_named_with_the_airports(db):
    Airline.objects.create(pk="DL", name="DL")
    Airline.objects.create(pk="ZZ", name="ZZ")
    call_command("airports", verbosity=0)
    assert dict(Airline.objects.values_list("pk", "name")) == {"DL": "Delta Air Lines", "ZZ": "ZZ"}


def test_all_airlines_of_the_demo_day_have_their_names():
    day = Day.read(DAY)
    names = {departure.carrier: name_of(departure.carrier, departure.airline) for departure in day.departures}
    assert names["DL"] == "Delta Air Lines"
    assert names["AA"] == "American Airlines"
    assert names["UA"] == "United Airlines"
    assert all(name == shipped()[code] for code, name in names.items())
    shared = {
        number.split()[0]
        for departure in day.departures[::7]
        for announcement in announcements(departure, timezone.localdate())
        for number in announcement.update.get("codeshares", ())
    }
    assert shared
    assert shared <= shipped().keys()

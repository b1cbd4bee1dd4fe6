"""The command that loads and updates the world's airports."""

from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from tracking.flights.models import Airport
from tracking.flights.travellers.regions import DeparturesBoard


@pytest.fixture
def load(db, capsys):
    """``load()`` returns the output of the command."""

    def load(**options):
        call_command("airports", **options)
        return capsys.readouterr().out

    return load


def test_airports_of_the_whole_world_come_with_their_zones(load):
    assert load() == f"{Airport.objects.count()} airports\n"
    assert Airport.objects.count() > 7000
    jfk = Airport.objects.get(pk="JFK")
    assert (jfk.city, jfk.country, jfk.tz) == ("New York", "US", ZoneInfo("America/New_York"))


def test_each_airport_fits_its_columns_and_has_a_zone(load):
    load(verbosity=0)
    for airport in Airport.objects.all():
        airport.clean_fields()
    for zone in Airport.objects.order_by().values_list("zone", flat=True).distinct():
        ZoneInfo(zone)


def test_loaded_again_it_updates_known_airports_and_keeps_the_others(load, flight):
    own = Airport.objects.create(iata="QQQ", name="Our strip", city="Here", country="US", zone="America/New_York")
    Airport.objects.filter(pk="JFK").update(name="Idlewild", zone="UTC")
    load(verbosity=0)
    count = Airport.objects.count()
    assert load() == f"{count - 1} airports\n", "one of them is our own"
    assert Airport.objects.count() == count
    assert Airport.objects.get(pk="QQQ").name == own.name
    flight.refresh_from_db()
    assert (flight.origin.name, flight.origin.zone) == ("John F Kennedy International Airport", "America/New_York")


def test_open_boards_show_the_new_names(load, assert_published):
    board = DeparturesBoard(iata="JFK")  # the home airport's is there before its facts are
    before = board.render().html
    with assert_published("flight-names"):
        load(verbosity=0)
    after = DeparturesBoard(iata="JFK").render().html
    assert after != before
    assert "New York" in after


def test_it_can_be_quiet(load):
    assert load(verbosity=0) == ""

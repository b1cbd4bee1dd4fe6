"""Minimum connection times: the usual ones by pair, and the exceptions that staff set."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import User
from bookings.seats.models import ConnectionTime
from bookings.seats.models.connections import ConnectionTimes, Side

HOME, ABROAD = Side("B6", "5", True), Side("B6", "5", False)


def needed(airport="JFK", arriving=HOME, departing=HOME):
    return ConnectionTimes.read().needed(airport, arriving, departing) / timedelta(minutes=1)


@pytest.mark.parametrize(
    ("arriving", "departing", "minutes"),
    [(HOME, HOME, 45), (HOME, ABROAD, 60), (ABROAD, HOME, 90), (ABROAD, ABROAD, 75)],
)
def test_without_rows_it_goes_by_domestic_and_international(db, arriving, departing, minutes):
    assert needed("JFK", arriving, departing) == minutes


def test_the_row_that_says_the_most_counts(airports, airlines):
    ConnectionTime.objects.set(50)
    assert needed() == 50
    ConnectionTime.objects.set(55, airport=airports["JFK"])
    assert (needed(), needed("BOS")) == (55, 50)
    ConnectionTime.objects.set(40, airport=airports["JFK"], pair="DD")
    assert (needed(), needed("JFK", HOME, ABROAD)) == (40, 55)
    ConnectionTime.objects.set(70, airport=airports["JFK"], from_terminal="5", to_terminal="4")
    assert needed("JFK", HOME, Side("DL", "4", True)) == 70
    assert needed("JFK", Side("DL", "4", True), HOME) == 40, "the other way it is not that far"
    ConnectionTime.objects.set(35, airport=airports["JFK"], from_airline=airlines["B6"], to_airline=airlines["B6"])
    assert needed() == 35
    assert needed("JFK", HOME, Side("DL", "", True)) == 40, "a terminal that nobody knows yet is no terminal 4"


def test_of_two_rows_that_say_as_much_the_longer_time_counts(airports, airlines):
    ConnectionTime.objects.set(35, airport=airports["JFK"], from_airline=airlines["B6"])
    ConnectionTime.objects.set(65, airport=airports["JFK"], to_airline=airlines["DL"])
    assert needed("JFK", HOME, Side("DL", "4", True)) == 65


def test_setting_a_time_again_replaces_it_and_open_searches_hear_of_it(airports, assert_published):
    ConnectionTime.objects.set(35, airport=airports["JFK"])
    with assert_published("connection-times"):
        ConnectionTime.objects.set(95, airport=airports["JFK"])
    assert ConnectionTime.objects.count() == 1 and needed() == 95


def test_the_same_connections_have_one_time(db):
    ConnectionTime.objects.create(minutes=30)
    with pytest.raises(ValidationError, match="already"):
        ConnectionTime(minutes=40).full_clean()
    with pytest.raises(IntegrityError):
        ConnectionTime.objects.create(minutes=40)


def test_terminals_belong_to_an_airport(db):
    with pytest.raises(ValidationError, match="airport of these terminals"):
        ConnectionTime(minutes=40, from_terminal="5").full_clean()


def test_staff_edit_them_in_the_admin(client, airports, assert_published):
    client.force_login(User.objects.create_superuser("root@example.org"))
    path = "/admin/seats/connectiontime/"
    with assert_published("connection-times"):
        client.post(f"{path}add/", {"airport": "JFK", "pair": "DD", "minutes": 30})
    assert needed() == 30 and "30" in client.get(path).content.decode()
    with assert_published("connection-times"):
        client.post(f"{path}{ConnectionTime.objects.get().pk}/delete/", {"post": "yes"})
    assert needed() == 45

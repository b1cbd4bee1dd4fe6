"""The admin pages: airports, airlines and sources are changed there; flights and their history are only shown."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from live.regions import Region
from tests.faults.test_hostile_text import EVIL, Tags
from tracking.flights.models import Airline, Airport, Codeshare, Flight, Source
from tracking.flights.travellers import regions

FLIGHTS, AIRPORTS, AIRLINES, SOURCES = (
    f"/admin/flights/{name}/" for name in ("flight", "airport", "airline", "source")
)
JFK = {"name": "Idlewild", "city": "New York", "country": "US", "zone": "America/New_York"}


@pytest.fixture
def admin(client, db):
    client.force_login(User.objects.create_superuser("root@example.org"))
    return client


def address(flight):
    return f"{FLIGHTS}{flight.pk}/change/"


def queries(client, path):
    """The number of queries of a page."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


# Who may look


@pytest.mark.parametrize("path", [FLIGHTS, AIRPORTS, AIRLINES, SOURCES])
def test_anonymous_visitors_sign_in_first_and_others_are_refused(client, alice, bob, path):
    assert client.get(path)["Location"] == f"/admin/login/?next={path}"
    for user in (alice, bob):
        client.force_login(user)
        assert client.get(path, follow=True).status_code == 403
        assert client.post(path, {"action": "revoke"}, follow=True).status_code == 403


def test_staff_see_what_they_have_permission_for(client, alice, flight):
    User.objects.update(is_staff=True)
    client.force_login(alice)
    assert client.get(FLIGHTS).status_code == 403
    alice.user_permissions.add(Permission.objects.get(codename="view_flight"))
    assert client.get(FLIGHTS).status_code == 200
    assert client.get(address(flight)).status_code == 200
    assert client.get(SOURCES).status_code == 403


# Flights


@pytest.mark.parametrize("who", ["root", "bob"])
def test_a_flight_cannot_be_changed(client, flight, bob, assert_published, who):
    User.objects.create_superuser("root@example.org")
    User.objects.update(is_staff=True)
    client.force_login(User.objects.get(email=f"{who}@example.org"))
    before = Flight.objects.values().get()
    page = client.get(address(flight)).text
    assert "<select" not in page
    assert 'name="_save"' not in page
    assert "__prefix__" not in page, "nor a further row of its history"
    with assert_published():
        for path in (address(flight), f"{FLIGHTS}add/", f"{FLIGHTS}{flight.pk}/delete/"):
            assert client.post(path, {"gate": "X1", "phase": "cancelled", "post": "yes"}).status_code == 403
        client.post(FLIGHTS, {"action": "delete_selected", "_selected_action": [flight.pk], "post": "yes"})
    assert Flight.objects.values().get() == before


def test_a_flight_is_shown_with_its_numbers_its_history_and_a_link_to_its_page(admin, flight, bob, source):
    Codeshare.objects.create(flight=flight, airline_id="AA", number="7623")
    flight.assign_gate("B7", by=bob)
    flight.assign_gate("B22", source=source)
    flight.delay(flight.off_block_scheduled + timedelta(minutes=40), "93", by=bob)
    page = admin.get(address(flight)).text
    assert "American Airlines" in page
    assert "7623" in page
    assert "Gate: B7 → B22" in page
    assert "Bob" in page
    assert "tower" in page
    assert "Late arrival of the aircraft" in page
    assert f'href="/flights/{flight.pk}/"' in page


@pytest.mark.parametrize("text", ["1010", "B61010", "aa7623", "jetblue", "n593jb", "boston"])
def test_a_flight_is_found_by_number_airline_city_and_aircraft(admin, make_flight, text):
    flight = make_flight(tail="N593JB")
    Codeshare.objects.create(flight=flight, airline_id="AA", number="7623")
    other = make_flight(number="9", airline="UA", destination="SFO")
    page = admin.get(FLIGHTS, {"q": text}).text
    assert address(flight) in page
    assert address(other) not in page


@pytest.mark.parametrize(
    "chosen", [{"phase__exact": "boarding"}, {"airline__code__exact": "UA"}, {"origin__iata__exact": "SFO"}]
)
def test_flights_are_filtered_by_state_airline_and_origin(admin, make_flight, chosen):
    make_flight(number="1")
    flight = make_flight(number="2", airline="UA", origin="SFO", phase="boarding")
    listed = admin.get(FLIGHTS, chosen).context["cl"].queryset
    assert list(listed) == [flight]


def test_the_list_offers_all_states_and_the_airports_and_airlines_that_fly(admin, make_flight):
    make_flight(number="1", origin="SFO")
    make_flight(number="2", airline="UA")
    page = admin.get(FLIGHTS).text
    assert "?phase__exact=boarding" in page
    assert "?origin__iata__exact=SFO" in page
    assert "?origin__iata__exact=LHR" not in page
    assert "?airline__code__exact=DL" not in page


def test_queries_do_not_grow_with_flights_nor_with_history(admin, make_flight, bob, source):
    def fly(numbers):
        """Add flights, each with more history than the one before. The queries of the list, and of the last flight."""
        for n in numbers:
            flight = make_flight(number=str(n), origin=["JFK", "SFO"][n % 2], airline=["B6", "UA"][n % 2])
            for gate in range(n):
                flight.assign_gate(f"B{gate}", **({"by": bob} if gate % 2 else {"source": source}))
                Codeshare.objects.create(flight=flight, airline_id="AA", number=str(gate))
        return queries(admin, FLIGHTS), queries(admin, address(flight))

    assert fly(range(1, 4)) == fly(range(4, 15))


# Airports and airlines


def test_a_corrected_airport_updates_every_page_that_names_it(admin, flight, assert_published):
    board = regions.ArrivalsBoard(iata="BOS")
    before = board.render().version
    with assert_published("flight-names"):
        admin.post(f"{AIRPORTS}JFK/change/", JFK | {"city": "Queens"})
    assert board.render().version != before
    assert "Queens" in board.render().html


def test_a_corrected_airline_updates_them_too(admin, airlines, assert_published):
    with assert_published("flight-names"):
        admin.post(f"{AIRLINES}B6/change/", {"name": "JetBlue"})
    assert Airline.objects.get(pk="B6").name == "JetBlue"


def test_every_region_of_flights_follows_the_names(db):
    shown = [region for region in Region.classes if region.__module__.startswith("tracking.flights.")]
    assert len(shown) >= 9
    for region in shown:
        names = {"iata": "JFK", "pk": 1, "leg": "departures", "name": "B6-1010"}
        captured = {name: value for name, value in names.items() if f":{name}>" in region.path}
        assert "flight-names" in region(**captured).topics(), region


def test_an_airport_is_added(admin, airports, assert_published):
    with assert_published("flight-names"):
        admin.post(
            f"{AIRPORTS}add/",
            {"iata": "TXL", "name": "Tegel", "city": "Berlin", "country": "DE", "zone": "Europe/Berlin"},
        )
    assert Airport.objects.get(pk="TXL").zone == "Europe/Berlin"


@pytest.mark.parametrize(
    "wrong", [{"zone": "Mars/Olympus"}, {"zone": ""}, {"iata": "jfk"}, {"iata": "JFKX"}, {"iata": "JFK"}]
)
def test_an_impossible_airport_is_refused(admin, airports, assert_published, wrong):
    with assert_published():
        answer = admin.post(f"{AIRPORTS}add/", JFK | {"iata": "IDL"} | wrong)
    assert answer.context["errors"]
    assert set(Airport.objects.values_list("pk", flat=True)) == set(airports)


@pytest.mark.parametrize(("path", "code"), [(f"{AIRPORTS}JFK/change/", "iata"), (f"{AIRLINES}B6/change/", "code")])
def test_a_code_cannot_be_changed(admin, airports, airlines, path, code):
    admin.post(path, JFK | {code: "XX"})
    assert not Airport.objects.filter(pk="XX").exists()
    assert not Airline.objects.filter(pk="XX").exists()
    assert f'name="{code}"' not in admin.get(path).text


def test_what_flights_refer_to_cannot_be_deleted(admin, flight):
    for path in (f"{AIRPORTS}JFK/delete/", f"{AIRLINES}B6/delete/"):
        admin.post(path, {"post": "yes"})
    flight.refresh_from_db()
    assert (flight.origin.pk, flight.airline.pk) == ("JFK", "B6")


# Sources


def test_a_source_is_revoked_at_once_and_the_log_says_so(admin, source, assert_published):
    other, key = Source.objects.issue("airline")
    with assert_published("flight-feeds"):
        answer = admin.post(SOURCES, {"action": "revoke", "_selected_action": [source.pk]}, follow=True)
    assert "Their keys are revoked." in answer.text
    assert Source.objects.holding(source.key) is None
    assert Source.objects.holding(key) == other
    assert LogEntry.objects.get().object_id == str(source.pk)


def test_without_the_permission_nothing_is_revoked(client, alice, source):
    User.objects.update(is_staff=True)
    alice.user_permissions.add(Permission.objects.get(codename="view_source"))
    client.force_login(alice)
    assert 'value="revoke"' not in client.get(SOURCES).text
    client.post(SOURCES, {"action": "revoke", "_selected_action": [source.pk]})
    assert Source.objects.holding(source.key) == source


def test_a_source_can_be_neither_added_nor_deleted(admin, source):
    assert admin.get(f"{SOURCES}add/").status_code == 403
    assert admin.post(f"{SOURCES}add/", {"name": "mine", "silent_after": 60}).status_code == 403
    assert admin.post(f"{SOURCES}{source.pk}/delete/", {"post": "yes"}).status_code == 403
    admin.post(SOURCES, {"action": "delete_selected", "_selected_action": [source.pk], "post": "yes"})
    assert list(Source.objects.all()) == [source]


def test_only_the_allowed_silence_can_be_changed_and_no_key_is_shown(admin, source, assert_published):
    source.record_call()
    path = f"{SOURCES}{source.pk}/change/"
    page = admin.get(path).text
    assert 'name="name"' not in page
    assert source.key_hash not in page
    assert source.key not in page
    with assert_published("flight-feeds"):
        admin.post(path, {"silent_after": 60, "name": "mine", "key_hash": "x", "revoked_at": "2001-01-01"})
    changed = Source.objects.get()
    assert changed.silent_after == 60
    assert (changed.name, changed.key_hash, changed.revoked_at) == ("tower", source.key_hash, None)
    assert changed.heard_at == source.heard_at


# What others wrote


def test_html_in_texts_is_escaped(admin, flight):
    Airport.objects.update(name=EVIL, city=EVIL)
    Airline.objects.update(name=EVIL)
    flight.assign_gate("<u>1", source=Source.objects.issue(EVIL[:60])[0])
    for path in (FLIGHTS, address(flight), AIRPORTS, f"{AIRPORTS}JFK/change/", AIRLINES, SOURCES):
        page = admin.get(path).text
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page
        assert not any("onerror" in attributes or tag == "u" for tag, attributes in Tags(page).tags)

"""Every value that somebody can put into an address of flights, however absurd, gets a page or a 404, and never a 500."""

import pytest
from django.http import Http404, QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live.regions import Region, find
from tests.effort import examples

NASTY = [
    "\x00",
    "JFK\x00",
    "9" * 25,
    "9" * 5000,
    "-1",
    "1e999",
    "٣",
    "ß" * 50,
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "9999-12-31",
    "0001-01-01",
    "%",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "\u202e",
]
PARAMETERS = ["q", "airline", "terminal", "hours", "airport", "show", "lang", "v", "anything"]
PAGES = [
    "/flights/",
    "/flights/disruptions/",
    "/flights/JFK/departures/",
    "/flights/JFK/arrivals/",
    "/flights/JFK/desk/",
]
REGIONS = ["departures/JFK/", "arrivals/JFK/", "next/JFK/", "disruptions/", "disruptions/JFK/", "flights/", "desk/JFK/"]
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec="utf-8"), max_size=60))


@pytest.fixture
def desk(client, bob, flight):
    client.force_login(bob)
    return client


@pytest.mark.parametrize("value", NASTY)
def test_a_page_whatever_its_parameters_are(desk, value):
    for page in PAGES:
        for query in (dict.fromkeys(PARAMETERS, value), {"q": value}, {"airport": value}):
            assert desk.get(page, query).status_code in (200, 302, 404), (page, query)


@pytest.mark.parametrize("value", NASTY)
def test_a_page_whatever_its_path_is(desk, value):
    for address in (
        "/flights/{}/",
        "/flights/{}/departures/",
        "/flights/{}/arrivals/",
        "/flights/{}/desk/",
        "/live/flight/{}/",
    ):
        assert desk.get(address.format(value.replace("/", "").replace(".", ""))).status_code == 404, address
    for number in ("9" * 18, "9" * 25, "9" * 4000, "0"):
        for address in ("/flights/{}/", "/flights/{}/desk/", "/live/flight/{}/", "/live/flight-state/{}/"):
            assert desk.get(address.format(number)).status_code == 404, (address, number[:20])
        assert desk.post(f"/flights/{number}/board/", {"seen": 0}).status_code == 404


@pytest.mark.parametrize("value", NASTY)
def test_a_form_of_the_desk_whatever_is_typed(desk, flight, value):
    fields = {
        "open-check-in": ["desks"],
        "assign-gate": ["gate", "terminal"],
        "delay": ["time", "day", "reason_code", "later"],
        "divert": ["to"],
        "cancel": ["reason_code"],
        "board": [],
    }
    good = {
        "desks": "1",
        "gate": "B7",
        "time": "00:00",
        "day": "",
        "to": "LHR",
        "reason_code": "",
        "seen": flight.revision,
    }
    for verb, names in fields.items():
        for name in [*names, "seen"]:
            answer = desk.post(f"/flights/{flight.pk}/{verb}/", {**good, name: value}, headers={"HX-Request": "true"})
            assert answer.status_code in (200, 409, 422), (verb, name)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2300-01-01", "1000-01-01"])
@pytest.mark.parametrize("time", ["00:00", "23:59"])
def test_a_delay_to_the_end_of_the_calendar_is_refused(desk, flight, day, time):
    fields = {"time": time, "day": day, "seen": flight.revision}
    assert desk.post(f"/flights/{flight.pk}/delay/", fields, headers={"HX-Request": "true"}).status_code == 422
    flight.refresh_from_db()
    assert flight.revision == 0


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(REGIONS), st.dictionaries(st.sampled_from(PARAMETERS), TEXTS, max_size=4))
def test_a_region_whatever_its_socket_asks_for(flight, address, query):
    """What a socket does, too: it is found, named, rendered and timed."""
    parameters = QueryDict(mutable=True)
    parameters.update(query)
    region = find(address, parameters)
    snapshot = region.render()
    region.topics()
    region.stale_at(snapshot.read_at)
    assert region.address
    assert "\x00" not in snapshot.html


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([cls for cls in Region.classes if cls.__module__.startswith("tracking.flights")]), TEXTS)
def test_a_region_whatever_its_path_is(flight, region_class, text):
    address = region_class.path
    for captured in ("<slug:iata>", "<slug:leg>", "<int:pk>", "<path:name>"):
        address = address.replace(captured, text.replace("/", "").replace("?", ""))
    try:
        region = find(address)
        region.render()
        region.topics()
    except Http404:
        pass

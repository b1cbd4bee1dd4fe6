"""Text that others wrote stays text: on every page, and in every row that is pushed."""

import re
from html.parser import HTMLParser

import pytest

from tracking.flights.desk.regions import Desk
from tracking.flights.models import Airline, Airport, Codeshare, Flight, Source
from tracking.flights.travellers.regions import AirportDisruptions, ArrivalsBoard, DeparturesBoard, FlightPage

EVIL = """<script>x</script><img src=x onerror=x hx-get=/x>"'{{ 7|add:7 }}"""
SHORT = "<b>"


class Tags(HTMLParser):
    """Every tag of a page and the attributes it has."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, {name for name, _value in attributes}))


@pytest.fixture
def evil(make_flight, bob):
    """A flight whose every text field is written by somebody with bad intentions."""
    flight = make_flight(belt=SHORT, arrival_terminal=SHORT, tail=SHORT, terminal=SHORT)
    Airport.objects.update(name=EVIL, city=EVIL)
    Airline.objects.update(name=EVIL)
    Codeshare.objects.replace(flight, ["AA <i>9"])
    source, _key = Source.objects.issue(EVIL[:60])
    flight.open_check_in(EVIL[:20], source=source)
    flight.assign_gate("<u>1", source=source)
    flight.assign_gate("<u>2", by=bob)
    flight.cancel("71")
    Flight.objects.filter(pk=flight.pk).update(diverted_to="LHR")
    return flight


def assert_inert(html):
    assert "<script>x" not in html
    assert "14" not in re.findall(r"&#x27;(\d+)", html), "nobody runs {{ }} twice"
    for tag, attributes in Tags(html).tags:
        assert tag not in ("img", "u", "i"), tag
        assert not attributes & {"onerror", "src"} or tag == "script", (tag, attributes)


def test_pages_stay_inert(client, evil, bob):
    client.force_login(bob)
    addresses = [
        "/",
        "/flights/JFK/departures/",
        "/flights/BOS/arrivals/",
        "/flights/disruptions/",
        "/flights/JFK/desk/",
    ]
    addresses += [f"/flights/{evil.pk}/", f"/flights/{evil.pk}/desk/", "/flights/JFK/departures/?q=" + EVIL]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert_inert(answer.text)
    assert "&lt;script&gt;x" in client.get("/flights/JFK/departures/").text, "it is there, as text"


def test_what_is_pushed_stays_inert(evil):
    regions = [DeparturesBoard(iata="JFK"), ArrivalsBoard(iata="BOS"), AirportDisruptions(iata="JFK")]
    for region in [*regions, Desk(iata="JFK", query={"show": "all"}), FlightPage(pk=evil.pk)]:
        html = region.render().html
        assert "&lt;" in html, region
        assert_inert(html)


def test_rows_ids_are_made_of_keys_alone(evil):
    snapshot = DeparturesBoard(iata="JFK", query={"q": EVIL, "airline": '"><script>'}).render()
    assert re.fullmatch(r"[A-Za-z0-9-]+", snapshot.region_id)
    assert list(DeparturesBoard(iata="JFK").render().rows) == [f"departure-{evil.pk}"]


def test_a_refused_form_gives_back_text(client, bob, flight):
    client.force_login(bob)
    answer = client.post(f"/flights/{flight.pk}/assign-gate/", {"seen": 0, "gate": EVIL, "terminal": EVIL})
    assert answer.status_code == 422
    assert_inert(answer.text)

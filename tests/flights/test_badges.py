"""What the badge of a flight shows, by whatever name it is asked for."""

import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.embeds.svg import texts, title
from tracking.flights.models import Airport, Codeshare, Phase

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(client):
    """``shown("B6-1010", lang="de")``: label and word of its badge."""

    def show(thing, **query):
        response = client.get(f"/badge/flight/{thing}.svg", query)
        assert response.status_code == 200, response.status_code
        return texts(response.text)

    return show


def at(flight, **times):
    for name, minutes in times.items():
        setattr(flight, name, timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=minutes))
    flight.save()


def clock(flight, name="off_block_scheduled"):
    return f"{getattr(flight, name).astimezone(flight.origin.tz):%H:%M}"


def test_by_its_number_its_key_and_its_day(shown, flight):
    expected = ["B6 1010 JFK–BOS", f"On time · {clock(flight)}"]
    for thing in ("B6-1010", "b61010", "B6%201010", "b6--1010", "B6-01010", str(flight.pk), f"B6-1010/{flight.date}"):
        assert shown(thing) == expected, thing
    assert shown("B6-1010", date=f"{flight.date}") == expected


def test_its_title_says_all_in_full(client, flight):
    svg = client.get("/badge/flight/B6-1010.svg").text
    assert title(svg) == f"B6 1010 (JetBlue Airways) from New York to Boston: On time · {clock(flight)}"


def test_by_the_number_of_a_codeshare(shown, flight):
    Codeshare.objects.replace(flight, ["AA 7623"])
    assert shown("AA-7623")[0] == "B6 1010 JFK–BOS"


def test_it_follows_the_flight(client, flight, bob):
    """Each change has another ETag, and what has not changed has the same."""
    etags, words = [], []

    def look():
        response = client.get("/badge/flight/B6-1010.svg")
        again = client.get("/badge/flight/B6-1010.svg", headers={"If-None-Match": response["ETag"]})
        assert again.status_code == 304
        etags.append(response["ETag"])
        words.append(texts(response.text)[1])

    look()
    flight.delay(flight.off_block_scheduled + timedelta(minutes=45), by=bob)
    look()
    flight.assign_gate("B22", by=bob)
    flight.board(by=bob)
    look()
    flight.depart(by=bob)
    look()
    flight.take_off(by=bob)
    flight.land(by=bob)
    look()
    flight.arrive(by=bob)
    look()
    assert len(set(etags)) == len(etags)
    late = f"{flight.off_block_scheduled.astimezone(flight.origin.tz) + timedelta(minutes=45):%H:%M}"
    assert words[1:3] == [f"Delayed 45 min · {late}", f"Delayed 45 min · {late} · Gate B22"]
    assert [word.split(" · ")[0] for word in words[3:]] == ["Delayed 45 min", "Landed", "Arrived"]


@pytest.mark.parametrize(
    ("phase", "language", "words"),
    [
        (Phase.CANCELLED, "en", "Cancelled"),
        (Phase.CANCELLED, "de", "Annulliert"),
        (Phase.BOARDING, "es", None),
        (Phase.BOARDING, "fr", None),
    ],
)
def test_its_language(client, make_flight, phase, language, words):
    make_flight(phase=phase, gate="B7")
    in_english = texts(client.get("/badge/flight/B6-1010.svg").text)[1]
    response = client.get("/badge/flight/B6-1010.svg", {"lang": language})
    word = texts(response.text)[1]
    assert word.startswith(words) if words else word != in_english
    assert ElementTree.fromstring(response.text).get("lang") == language


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_every_state_in_every_language_in_both_formats(client, make_flight, language):
    flight = make_flight()
    for phase in Phase:
        flight.phase = phase
        flight.save()
        svg = client.get(f"/badge/flight/{flight.pk}.svg", {"lang": language})
        png = client.get(f"/badge/flight/{flight.pk}.png", {"lang": language})
        assert svg.status_code == png.status_code == 200 and png.content.startswith(b"\x89PNG")
        assert all(texts(svg.text))


# Which flight it is


def test_without_a_day_it_is_the_flight_of_today(shown, make_flight):
    make_flight(-24 * 60)
    make_flight(24 * 60)
    today = make_flight(30)
    assert shown("B6-1010")[1] == f"On time · {clock(today)}"


def test_it_is_today_by_the_clock_of_the_home_airport(shown, make_flight, time_machine):
    today = make_flight(30)
    time_machine.move_to(datetime(2026, 11, 19, 4, 59, tzinfo=UTC))  # a minute before midnight in New York
    assert shown("B6-1010")[0] == "B6 1010 JFK–BOS"
    time_machine.move_to(datetime(2026, 11, 19, 5, 0, tzinfo=UTC))
    assert shown("B6-1010") == ["B6 1010", "unknown flight"]
    assert shown("B6-1010", date=f"{today.date}")[0] == "B6 1010 JFK–BOS"


def test_of_another_day_the_day_is_shown(shown, make_flight):
    tomorrow = make_flight(24 * 60, number="7", heard_at=None)
    assert shown("B6-7", date=f"{tomorrow.date}")[1] == f"Scheduled · Tomorrow {clock(tomorrow)}"


def test_what_leaves_home_comes_before_what_reaches_it_and_what_does_neither(shown, make_flight):
    make_flight(10, origin="BOS", destination="SFO")
    assert shown("B6-1010")[0] == "B6 1010 BOS–SFO"
    make_flight(20, origin="SFO", destination="JFK")
    assert shown("B6-1010")[0] == "B6 1010 SFO–JFK"
    make_flight(30)
    assert shown("B6-1010")[0] == "B6 1010 JFK–BOS"


def test_what_left_elsewhere_yesterday_and_arrives_today_is_of_today(shown, make_flight):
    overnight = make_flight(-20 * 60, origin="LHR", destination="JFK", phase=Phase.AIRBORNE)
    overnight.on_block_scheduled = timezone.now() + timedelta(minutes=40)
    overnight.save()
    assert overnight.date < timezone.localdate(timezone.now(), overnight.destination.tz)
    later = make_flight(2 * 60, origin="LHR", destination="JFK")
    assert shown("B6-1010")[1] == f"In the air · {overnight.on_block_scheduled.astimezone(later.destination.tz):%H:%M}"
    overnight.arrive()
    assert shown("B6-1010")[1].startswith("On time")  # the next one


# What is no flight


@pytest.mark.parametrize(
    ("thing", "label"),
    [
        ("B6-9999", "B6 9999"),
        ("b69999", "B6 9999"),
        ("999999999", "Flight"),
        ("9" * 18, "Flight"),
        ("9" * 400, "Flight"),
        ("٤٧١١", "Flight"),
        ("nonsense", "Flight"),
        ("%3Cscript%3E", "Flight"),
        ("B6-1010.svg", "Flight"),
        ("a/b/c", "Flight"),
        ("B6%0A1010%00", "Flight"),
        ("%FF%FE", "Flight"),
        ("x" * 4000, "Flight"),
        ("-", "Flight"),
        ("B6-1010/2026-13-45", "Flight"),
    ],
)
def test_unknown_and_malformed_names(shown, flight, thing, label):
    assert shown(thing) == [label, "unknown flight"]


@pytest.mark.parametrize("date", ["2026-13-45", "yesterday", "0000-00-00", "2026-11-18T00:00", "9" * 500, "1990-01-01"])
def test_unknown_and_malformed_days(shown, flight, date):
    assert shown("B6-1010", date=date)[1] == "unknown flight"


def test_an_empty_day_is_today(shown, flight):
    assert shown("B6-1010", date="")[0] == "B6 1010 JFK–BOS"


def test_a_text_of_strangers_is_never_shown_in_our_name(client, flight):
    """Otherwise anybody could have us say anything."""
    for thing in ("closed-today", "B6-1010 is free", "call-555"):
        for suffix in ("svg", "svg?lang=closed", "svg?date=closed"):
            assert "closed" not in client.get(f"/badge/flight/{thing}.{suffix}").text.replace("/closed", "")


def test_hostile_names_of_airports_and_airlines(client, make_flight):
    flight = make_flight()
    Airport.objects.filter(pk="BOS").update(city='"/><script>alert(1)</script>', name="\x1b")
    flight.airline.name = "<svg onload=alert(1)>"
    flight.airline.save()
    flight.diverted_to = Airport.objects.create(iata="EVL", name="x", city="</text><a href='javascript:1'>", zone="UTC")
    flight.phase = Phase.AIRBORNE
    flight.save()
    root = ElementTree.fromstring(client.get("/badge/flight/B6-1010.svg").text)
    assert {element.tag.partition("}")[2] for element in root.iter()} == {"svg", "title", "rect", "path", "g", "text"}
    assert "<script>alert(1)</script>" in title(client.get("/badge/flight/B6-1010.svg").text)


# What it costs


def test_it_asks_the_database_little(client, flight, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        client.get(f"/badge/flight/{flight.pk}.svg")
    with django_assert_max_num_queries(1):
        client.get("/badge/flight/B6-1010.svg", {"date": f"{flight.date}"})
    with django_assert_max_num_queries(2):
        client.get("/badge/flight/B6-1010.svg")
    with django_assert_max_num_queries(3):
        client.get("/badge/flight/B6-9999.png")

"""The board of a screen: all languages at once, in the order of what comes next, and nothing missing."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screens.contents import CONTENTS
from tests.effort import examples
from tracking.flights.kiosk.contents import BoardForm
from tracking.flights.kiosk.regions import KioskBoard
from tracking.flights.kiosk.rows import spelled
from tracking.flights.models import DELAY_REASONS, Codeshare, Flight, Phase, Source
from tracking.flights.travellers.gates import gate_names
from tracking.flights.travellers.regions import DeparturesBoard

NOON = datetime(2026, 7, 10, 16, 0, tzinfo=UTC)  # noon in New York
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def later(minutes):
    return NOON + timedelta(minutes=minutes)


def board(leg="departures", iata="JFK", languages="en-de", **query):
    return KioskBoard(iata=iata, leg=leg, query={"languages": languages, **query})


def numbers(**options):
    return [row.designator.split()[1] for row in board(**options).rows()]


def row(number="1010", **options):
    return next(row for row in board(**options).rows() if row.designator.endswith(f" {number}"))


def spans(html):
    return re.findall(r'<span lang="(\w+)">([^<]*)</span>', html)


def test_words_are_there_in_each_language_and_numbers_once(make_flight):
    flight = make_flight(gate="B22", number="1010")
    flight.delay(later(120), "81")
    shown = board(languages="en-de-fr").render()
    html = next(iter(shown.rows.values()))
    assert ("en", "Delayed") in spans(html)
    assert ("de", "Verspätet") in spans(html)
    assert html.count("B22<") == 1
    assert html.count("14:00") == 1 + 3, "and in the sentences that are read out"
    assert not [text for _language, text in spans(html) if re.search(r"\d", text)], "numbers stay while words change"
    languages = [language for language, _text in spans(shown.shell)]
    assert languages.count("en") == languages.count("de") == languages.count("fr") > 5


def test_unknown_languages_are_left_out_and_there_is_always_one(make_flight):
    assert board(languages="xx-de-de").languages == ["de"]
    assert board(languages="").languages == ["en"]


def test_the_best_known_time_gives_the_order_so_that_a_late_flight_does_not_stay_on_top(make_flight):
    late = make_flight(minutes=10, number="1")
    make_flight(minutes=20, number="2")
    make_flight(minutes=40, number="3")
    late.delay(later(200), "81")
    assert numbers() == ["2", "3", "1"]


def test_a_cancelled_one_stands_where_it_was_planned(make_flight):
    make_flight(minutes=20, number="2")
    gone = make_flight(minutes=10, number="1")
    gone.delay(later(200), "81")
    gone.cancel()
    assert numbers() == ["1", "2"]


def test_one_of_which_nothing_is_heard_an_hour_after_its_time_comes_last(make_flight):
    make_flight(minutes=-59, number="1")
    make_flight(minutes=30, number="2")
    assert numbers() == ["1", "2"]
    assert board().stale_at(NOON) <= later(1)
    with time_machine.travel(later(1), tick=False):
        assert numbers() == ["2", "1"]


def test_who_waits_at_the_gate_before_sees_where_to_go(make_flight):
    flight = make_flight(gate="B5")
    flight.assign_gate("C3")
    assert row(gates="B1-B12").place == "C3"
    assert row(gates="C1-C9").place_before == "B5"


def test_a_cancelled_flight_stays_listed_without_a_gate_until_an_hour_after_its_schedule(make_flight):
    flight = make_flight(minutes=30, gate="B22")
    flight.cancel()
    shown = row()
    assert shown.is_cancelled
    assert shown.place == ""
    assert 'class="cancelled state-bad"' in next(iter(board().render().rows.values()))
    with time_machine.travel(later(89), tick=False):
        assert numbers() == ["1010"]
    with time_machine.travel(later(91), tick=False):
        assert numbers() == []


def test_a_reason_belongs_to_the_state_that_it_was_given_for(make_flight):
    flight = make_flight(minutes=60)
    flight.delay(later(120), "81")
    assert "".join(text for language, text in row().notes[-1] if language == "en") == str(DELAY_REASONS["81"])
    flight.withdraw_delay()
    assert row().notes == ()


def test_a_departed_flight_leaves_after_its_minutes(make_flight):
    flight = make_flight(minutes=1)
    flight.depart()
    assert row().is_gone
    with time_machine.travel(later(16), tick=False):
        assert numbers() == []


def test_its_filters(make_flight):
    make_flight(minutes=10, number="1", gate="B3", terminal="4")
    make_flight(minutes=20, number="2", gate="B12", terminal="4", airline="DL")
    other = make_flight(minutes=30, number="3", gate="C3", terminal="5", airline="UA")
    Codeshare.objects.create(flight=other, airline_id="DL", number="7001")
    assert numbers() == ["1", "2", "3"]
    assert numbers(terminal="4") == ["1", "2"]
    assert numbers(gates="B1-B10") == ["1"]
    assert numbers(gates="b3, c1-c9") == ["1", "3"]
    assert numbers(gates="nonsense") == []
    assert numbers(airline="DL") == ["2", "3"], "codeshares included"
    assert numbers(airline="B6,DL") == ["1", "2", "3"]
    assert row("3").also == ("DL 7001",)


def test_arrivals_show_the_belt(make_flight):
    make_flight(minutes=-60, number="1", belt="7", arrival_gate="B3", phase=Phase.AIRBORNE)
    shown = row("1", leg="arrivals", iata="BOS")
    assert shown.place == "7"
    assert numbers(leg="arrivals", iata="BOS", gates="B3") == ["1"]
    assert numbers(leg="arrivals", iata="BOS", gates="B4") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("B1-B3", ["B1", "B2", "B3"]),
        ("B1-3, C4", ["B1", "B2", "B3", "C4"]),
        ("12", ["12"]),
        ("A5B", ["A5B"]),
        ("B3-B1", []),
        ("B1-C3", []),
        ("'; DROP TABLE", []),
        (",,", []),
    ],
)
def test_gates_as_people_write_them(text, names):
    assert gate_names(text) == names


def test_a_range_of_gates_is_bounded():
    assert len(gate_names("A1-A999,B1-B999")) == 300


@pytest.mark.parametrize(
    ("text", "said"), [("B22", "B 22"), ("B6 1010", "B 6 1010"), ("12", "12"), ("DL 9A", "DL 9 A"), ("", "")]
)
def test_letters_and_digits_are_said_apart(text, said):
    assert spelled(text) == said


def test_what_is_read_out_names_everything_that_is_shown(make_flight):
    make_flight(minutes=65, gate="B22", destination="SFO")
    assert dict(row().says) == {
        "en": "B 6 1010 to San Francisco, 13:05, gate B 22, On time",
        "de": "B 6 1010 nach San Francisco, 13:05, Gate B 22, Pünktlich",
    }


def test_hostile_names_are_text(make_flight):
    make_flight(gate='"><b>')
    Flight.objects.update(gate='"><i')
    html = next(iter(board().render().rows.values()))
    assert "<i" not in html.replace("<i>", "")
    assert "&quot;&gt;&lt;i" in html


def test_a_silent_feed_is_no_empty_board(make_flight):
    assert "feed-silent" not in board().render().shell
    source, _key = Source.objects.issue("feed")
    source.record_call()
    with time_machine.travel(later(20), tick=False):
        shown = board().render()
        assert "feed-silent" in shown.shell
        assert "12:00" in shown.shell
        assert 'class="none"' in shown.shell


def test_a_side_that_does_not_exist():
    with pytest.raises(Http404):
        board(leg="sideways").render()


def test_two_screens_that_show_the_same_share_one_region(make_flight):
    content = CONTENTS["flights"]
    one, other = (
        content.region({"leg": "departures", "iata": "JFK", "terminal": "4"}, ["en", "de"]) for _screen in "ab"
    )
    assert one.address == other.address == "kiosk/flights/JFK/departures/?terminal=4&languages=en-de&lang=en"


@pytest.mark.parametrize(
    ("typed", "address", "title"),
    [
        ({}, "/flights/JFK/departures/?hours=6", "Departures JFK"),
        (
            {"terminal": "4", "airline": "dl af", "gates": "B1-B12"},
            "/flights/JFK/departures/?terminal=4&airline=DL%2CAF&gates=B1-B12&hours=6",
            "Departures JFK, terminal 4, DL, AF, gates B1-B12",
        ),
    ],
)
def test_the_form_makes_settings_and_the_phone_sees_the_same_board(make_flight, typed, address, title):
    make_flight(minutes=10, number="1", gate="B3", terminal="4", airline="DL")
    make_flight(minutes=20, number="2", gate="C3", terminal="5")
    form = BoardForm({"leg": "departures", "iata": "jfk", **typed})
    assert form.is_valid(), form.errors
    content = CONTENTS["flights"]
    assert content.phone_url(form.cleaned_data) == address
    assert content.title(form.cleaned_data) == title
    on_glass = {row.id for row in content.region(form.cleaned_data, ["en"]).rows()}
    query = {name: value for name, value in form.cleaned_data.items() if name not in ("leg", "iata") and value}
    assert on_glass == {row.id for row in DeparturesBoard(iata="JFK", query=query).rows()}


@pytest.mark.parametrize(
    "typed",
    [
        {"iata": "XXX"},
        {"iata": "J"},
        {"leg": "up"},
        {"gates": "B1;"},
        {"airline": "Delta"},
        {"terminal": "x" * 5},
        {"hours": "9999"},
    ],
)
def test_settings_that_make_no_board_are_refused(airports, typed):
    assert not BoardForm({"leg": "departures", "iata": "JFK", **typed}).is_valid()


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(-400, 600), st.sampled_from([None, 5, 60, 700]), st.sampled_from(["", "departed", "cancelled"])
        ),
        max_size=6,
    )
)
def test_nothing_changes_before_stale_at(make_flight, flights):
    Flight.objects.all().delete()
    for number, (minutes, late, end) in enumerate(flights, 1):
        times = {"off_block_estimated": later(minutes + late)} if late else {}
        flight = make_flight(minutes=minutes, number=str(number), **times)
        if end:
            gone = {"off_block_actual": min(later(minutes), NOON)} if end == "departed" else {}
            Flight.objects.filter(pk=flight.pk).update(phase=end, **gone)
    region = board()
    before, until = region.rows(), region.stale_at(NOON)
    for part in range(1, 7):
        with time_machine.travel(NOON + (until - NOON) / 7 * part, tick=False):
            assert board().rows() == before
    with time_machine.travel(until - timedelta(seconds=1), tick=False):
        assert board().rows() == before

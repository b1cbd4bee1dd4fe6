"""The flight desk: permissions, every verb, refusals and their sentences, and two agents at once."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.html import one_line
from tracking.flights.desk.regions import Desk
from tracking.flights.models import Airport, Flight, FlightChange

DESK = "/flights/JFK/desk/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(client, bob):
    client.force_login(bob)
    return client


@pytest.fixture
def act(desk, flight):
    """``act("assign-gate", gate="B7")`` returns the response; ``htmx=False`` is a browser without scripts."""

    def act(verb, htmx=True, seen=None, **fields):
        seen = Flight.objects.get(pk=flight.pk).revision if seen is None else seen
        return desk.post(f"/flights/{flight.pk}/{verb}/", {"seen": seen, **fields}, headers=HTMX if htmx else {})

    return act


def test_anonymous_visitors_sign_in_first_and_others_get_404(client, flight, charlie):
    addresses = [DESK, f"/flights/{flight.pk}/desk/"]
    for address in addresses:
        assert client.get(address).url.startswith("/accounts/login/?next=/flights/")
    assert client.post(f"/flights/{flight.pk}/board/", {"seen": 0}).url.startswith("/accounts/login/")
    client.force_login(charlie)
    for address in addresses:
        assert client.get(address).status_code == 404
    assert client.post(f"/flights/{flight.pk}/board/", {"seen": 0}).status_code == 404
    assert client.get("/live/desk/JFK/").status_code == 404
    assert "Flight desk" not in client.get("/").text
    assert not FlightChange.objects.exists()


def test_each_flight_of_the_day_has_one_link(desk, make_flight):
    leaving, gone = make_flight(number="1"), make_flight(number="2", minutes=-2)
    coming = make_flight(number="3", origin="LHR", destination="JFK", minutes=-30)
    gone.depart()
    page = desk.get(DESK).text
    assert page.count("hx-get=") == 2
    assert f'href="/flights/{leaving.pk}/desk/"' in page
    assert f'id="desk-{coming.pk}"' in page
    assert f'id="desk-{gone.pk}"' not in page
    assert f'id="desk-{gone.pk}"' in desk.get(DESK + "?show=all").text
    assert f'id="desk-{coming.pk}"' not in desk.get(DESK + "?show=departures").text
    assert f'id="desk-{leaving.pk}"' not in desk.get(DESK + "?q=AA 1").text


def test_a_late_flight_of_yesterday_is_still_listed(desk, make_flight):
    flight = make_flight(minutes=-26 * 60)
    flight.delay(flight.off_block_scheduled + timedelta(hours=27))
    assert f'id="desk-{flight.pk}"' in desk.get(DESK).text


def test_the_evening_shows_the_hours_after_midnight(desk, airports, make_flight):
    evening = datetime.fromisoformat("2026-07-10T23:05-04:00")
    with time_machine.travel(evening):
        night, later = make_flight(number="1", minutes=85), make_flight(number="2", minutes=8 * 60)
        page = desk.get(DESK).text
        assert f'id="desk-{night.pk}"' in page
        assert "Tomorrow" in page
        assert f'id="desk-{later.pk}"' not in page
        assert Desk(iata="JFK").stale_at(timezone.now()) == evening + timedelta(minutes=55)
    with time_machine.travel(evening + timedelta(minutes=65)):
        page = desk.get(DESK).text
        assert f'id="desk-{night.pk}"' in page
        assert "Tomorrow" not in page
    with time_machine.travel(evening + timedelta(hours=3)):
        assert f'id="desk-{later.pk}"' in desk.get(DESK).text


@pytest.mark.parametrize(
    ("steps", "fields", "phase"),
    [
        (["open-check-in"], {"desks": "41–46"}, "check_in"),
        (["board"], {}, "boarding"),
        (["board", "final-call"], {}, "final_call"),
        (["board", "close-gate"], {}, "gate_closed"),
        (["depart"], {}, "departed"),
        (["depart", "land"], {}, "landed"),
        (["depart", "land", "arrive"], {}, "arrived"),
        (["cancel"], {"reason_code": "71"}, "cancelled"),
        (["cancel", "reinstate"], {}, "scheduled"),
    ],
)
def test_verbs_that_move_a_flight(act, flight, bob, steps, fields, phase):
    for verb in steps:
        answer = act(verb, **fields)
        assert answer.status_code == 200, answer.text
        assert "Done: " in answer.text
    flight.refresh_from_db()
    assert flight.phase == phase
    assert set(flight.changes.values_list("by", flat=True)) == {bob.pk}


def test_assigning_a_gate(act, flight):
    assert act("assign-gate", gate="b7", terminal="4").status_code == 200
    flight.refresh_from_db()
    assert (flight.gate, flight.terminal) == ("B7", "4")


def test_diverting(act, flight):
    flight.depart()
    assert "There is no airport with this code." in act("divert", to="XXX").text
    assert act("divert", to="lhr").status_code == 200
    flight.refresh_from_db()
    assert flight.diverted_to == Airport.objects.get(pk="LHR")


def test_delaying_by_a_typed_time_of_the_airport(act, flight):
    until = flight.off_block_scheduled + timedelta(minutes=40)
    local = until.astimezone(flight.origin.tz)
    assert (
        act("delay", time=local.strftime("%H:%M"), day=local.strftime("%Y-%m-%d"), reason_code="93").status_code == 200
    )
    flight.refresh_from_db()
    assert flight.off_block_estimated == until
    assert flight.delay_code == "93"


@pytest.mark.parametrize("minutes", [15, 30, 60])
def test_delaying_by_a_button(act, flight, minutes):
    act("delay", later=minutes, time="", reason_code="")
    act("delay", later=minutes, time="", reason_code="")
    flight.refresh_from_db()
    assert flight.off_block_estimated - flight.off_block_scheduled == timedelta(minutes=2 * minutes)


def test_withdrawing_is_offered_for_a_delayed_flight_only(act, desk, flight):
    address = f"/flights/{flight.pk}/desk/"
    assert "withdraw-delay" not in desk.get(address).text
    act("delay", later=30)
    assert "withdraw-delay" in desk.get(address).text
    act("withdraw-delay")
    flight.refresh_from_db()
    assert flight.off_block_estimated is None


@pytest.mark.parametrize(
    ("verb", "fields", "sentence"),
    [
        ("delay", {"time": "ten"}, "Write a time, such as 18:10."),
        ("delay", {"time": ""}, "Write a time, such as 18:10."),
        ("delay", {"time": "00:00", "day": "2001-01-01"}, "a delay is later"),
        ("delay", {"time": "00:00", "day": "2101-01-01"}, "48 hours after"),
        ("delay", {"later": "30", "reason_code": "00"}, "00 is not one of the available choices"),
        ("assign-gate", {"gate": ""}, "This field is required."),
        ("land", {}, "it can’t land"),
        ("final-call", {}, "there can be no final call"),
    ],
)
def test_a_refusal_is_shown_with_the_form(act, flight, verb, fields, sentence):
    answer = act(verb, **fields)
    assert answer.status_code == 422
    assert sentence.replace("’", "&#x27;") in answer.text.replace("’", "&#x27;")
    flight.refresh_from_db()
    assert flight.revision == 0


def test_what_changed_meanwhile_is_shown_and_what_was_typed_is_kept(act, flight, ana):
    flight.assign_gate("B7")
    seen = flight.revision
    flight.assign_gate("B12", by=ana)
    answer = act("assign-gate", seen=seen, gate="C9", terminal="2")
    assert answer.status_code == 409
    assert "Since you looked:" in answer.text
    assert "<s>B7</s> <b>B12</b>, by Ana" in one_line(answer.text)
    assert 'value="C9"' in answer.text
    assert "was not done" in answer.text
    flight.refresh_from_db()
    assert flight.gate == "B12"
    assert f'value="{flight.revision}"' in answer.text
    assert act("assign-gate", gate="C9").status_code == 200, "asked again"


def test_a_verb_that_became_illegal_is_no_longer_offered(act, flight, ana):
    flight.depart(by=ana)
    answer = act("delay", seen=0, later=30)
    assert answer.status_code == 409
    assert "by Ana" in answer.text
    assert "/delay/" not in answer.text


def test_without_scripts_it_redirects_with_a_message(act, desk, flight):
    answer = act("board", htmx=False)
    assert answer.status_code == 303
    assert answer.url == f"/flights/{flight.pk}/desk/"
    page = desk.get(answer.url).text
    assert page.startswith("<!doctype html>")
    assert "Done: Board." in page


def test_without_scripts_a_refusal_is_a_whole_page(act):
    answer = act("land", htmx=False)
    assert answer.status_code == 422
    assert "<!doctype html>" in answer.text


def test_wrong_methods_and_verbs(desk, flight):
    assert desk.get(f"/flights/{flight.pk}/board/").status_code == 405
    assert desk.post(DESK).status_code == 405
    for verb in ("explode", "save", "delete", "take-off", "announce"):
        assert desk.post(f"/flights/{flight.pk}/{verb}/", {"seen": 0}).status_code == 404


def test_a_form_without_the_seen_revision_does_nothing(desk, flight):
    assert desk.post(f"/flights/{flight.pk}/depart/").status_code == 422
    flight.refresh_from_db()
    assert flight.revision == 0


def at_desk(at, **query):
    """The ids of the rows of JFK's desk when it is this time in New York."""
    with time_machine.travel(datetime.fromisoformat(at), tick=False):
        return set(re.findall(r'id="desk-(\d+)"', Desk(iata="JFK", query=query).render().html))


def test_around_midnight_the_hours_of_the_other_day_are_there(make_flight):
    """The night from 10 to 11 July in New York, at UTC-4."""
    evening, night, morning = (
        make_flight(number=number, off_block_scheduled=datetime.fromisoformat(at), on_block_scheduled=None)
        for number, at in [
            ("1", "2026-07-10T22:30-04:00"),
            ("2", "2026-07-11T00:30-04:00"),
            ("3", "2026-07-11T06:30-04:00"),
        ]
    )
    Flight.objects.filter(pk=evening.pk).update(phase="departed", off_block_actual=evening.off_block_scheduled)
    names = {str(evening.pk): "evening", str(night.pk): "night", str(morning.pk): "morning"}

    def seen(at, **query):
        return {names[pk] for pk in at_desk(at, **query)}

    assert seen("2026-07-10T17:00-04:00") == set()
    assert seen("2026-07-10T23:05-04:00") == {"night"}
    assert seen("2026-07-11T00:05-04:00") == {"night", "morning"}
    assert seen("2026-07-11T00:05-04:00", show="all") == {"evening", "night", "morning"}
    assert seen("2026-07-11T12:00-04:00", show="all") == {"night", "morning"}


def test_a_flight_delayed_beyond_the_night_is_still_listed_on_the_next_day(make_flight):
    flight = make_flight(off_block_scheduled=datetime.fromisoformat("2026-07-10T12:00-04:00"), on_block_scheduled=None)
    Flight.objects.filter(pk=flight.pk).update(off_block_estimated=datetime.fromisoformat("2026-07-12T09:00-04:00"))
    for at in ("2026-07-10T11:00-04:00", "2026-07-11T11:00-04:00", "2026-07-12T08:00-04:00"):
        assert at_desk(at) == {str(flight.pk)}


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.datetimes(datetime(2026, 10, 30), datetime(2026, 11, 3), timezones=st.just(ZoneInfo("America/New_York"))),
    st.lists(st.tuples(st.integers(-1800, 1800), st.sampled_from([0, 40, 500])), max_size=5),
)
def test_the_desk_stays_the_same_until_its_stale_at(make_flight, now, flights):
    """Also on the night when the clock is put back."""
    Flight.objects.all().delete()
    now = now.astimezone(UTC)
    for number, (minutes, late) in enumerate(flights, 1):
        leaves = now + timedelta(minutes=minutes)
        expected = leaves + timedelta(minutes=late)
        make_flight(
            number=str(number), off_block_scheduled=leaves, off_block_estimated=expected, on_block_scheduled=None
        )
    region = Desk(iata="JFK", query={"show": "all"})
    with time_machine.travel(now, tick=False):
        before, until = region.rows(), region.stale_at(now)
    assert now < until <= now + timedelta(hours=1)
    for tenths in (3, 7):
        with time_machine.travel(now + (until - now) * tenths // 10, tick=False):
            assert region.rows() == before
    with time_machine.travel(max(now, until - timedelta(seconds=1)), tick=False):
        assert region.rows() == before

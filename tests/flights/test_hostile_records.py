"""Records of a feed that are absurd, broken or hostile: each is refused in a sentence, and those beside it are taken."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.flights.test_updates_api import URL, moment, update
from tracking.flights.feed import metrics, updates
from tracking.flights.models import Airline, Flight

FIELDS = sorted(updates.Update.model_fields)
TIMES = [name for name in FIELDS if name.startswith(("scheduled_", "estimated_", "actual_", "reported_"))]


@pytest.fixture(autouse=True)
def _cast(airports, airlines):
    cache.clear()


@pytest.fixture
def feed(client, source):
    """``feed(body)`` returns the answer to a call whose body is this text, which must be a 200."""

    def feed(body):
        cache.clear()
        answer = client.post(URL, body, "application/json", headers={"Authorization": f"Bearer {source.key}"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return feed


def between_good_ones(feed, record):
    return text_between_good_ones(feed, json.dumps(record))


def text_between_good_ones(feed, text):
    """What becomes of a record, as JSON, between two good ones, which must both be taken: the reason, or None."""
    faults = metrics.faults._value.get()
    answer = feed(f"[{json.dumps(update('1', later=-5))}, {text}, {json.dumps(update('2', later=-5))}]")
    assert metrics.faults._value.get() == faults, "refused by a rule, and not for a fault of ours"
    refused = {refusal["index"]: refusal["reason"] for refusal in answer["refused"]}
    assert refused.keys() <= {1}
    assert set(Flight.objects.values_list("number", flat=True)) >= {"1", "2"}
    assert answer["accepted"] + answer["ignored"] + len(refused) == 3
    return refused.get(1)


@pytest.mark.parametrize("field", TIMES)
@pytest.mark.parametrize(
    "time", ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00", "1969-01-01T00:00:00Z", 253402300799, 1e300]
)
def test_a_time_outside_of_all_calendars_is_refused_alone(feed, field, time):
    assert field in between_good_ones(feed, update("9", **{field: time}))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"estimated_arrival": "2030-01-01T00:00:00Z"}, "72 hours"),
        ({"estimated_landing": "2030-01-01T00:00:00Z"}, "72 hours"),
        ({"estimated_takeoff": "2030-01-01T00:00:00Z"}, "72 hours"),
        ({"estimated_arrival": 60}, "before it departs"),
        ({"estimated_landing": 60}, "before it departs"),
        ({"estimated_departure": 240, "estimated_arrival": 200}, "before it departs"),
        ({"actual_departure": -1, "estimated_arrival": -5}, "before it departs"),
    ],
)
def test_an_absurd_arrival_is_refused_in_a_sentence(feed, fields, words):
    """Times are as in a feed, or minutes from now."""
    fields = {name: moment(time) if isinstance(time, int) else time for name, time in fields.items()}
    assert words in between_good_ones(feed, update("9", **fields))
    assert not Flight.objects.filter(number="9").exists()


def test_a_departure_after_the_expected_arrival_is_still_taken(feed):
    """The estimate is outdated, and not the departure."""
    leaves, arrives = moment(150), moment(130)
    assert between_good_ones(feed, update("9", later=-20, estimated_arrival=arrives)) is None
    late = {"estimated_departure": leaves, "estimated_arrival": arrives}
    assert between_good_ones(feed, update("9", later=-10, **late)) is None
    assert Flight.objects.get(number="9").best_departure.isoformat() == leaves


def test_a_refused_record_leaves_no_airline(feed):
    assert between_good_ones(feed, update("9", airline="ZZ", airline_name="Nobody Air", destination="XXX"))
    assert not Airline.objects.filter(pk="ZZ").exists()


def test_a_fault_of_ours_costs_one_record_only(feed, monkeypatch, caplog):
    report = type(Flight.objects.all()).report

    def faulty(self, source, identity, *rest):
        if identity["number"] == "9":
            raise OverflowError("date value out of range")
        return report(self, source, identity, *rest)

    monkeypatch.setattr(type(Flight.objects.all()), "report", faulty)
    answer = feed(json.dumps([update("1"), update("9"), update("2")]))
    assert (answer["accepted"], [refusal["index"] for refusal in answer["refused"]]) == (2, [1])
    assert "cannot take record 1 of tower" in caplog.text
    assert "Traceback" in caplog.text


NASTY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=200),
    st.sampled_from(
        ["\x00", "\ud800", "B22\x00", "9" * 5000, "-" * 5000, "٣", "é", "JFK\n", "0", "00000", "2026-02-30"]
    ),
    st.datetimes(timezones=st.just(timezone.get_default_timezone())).map(lambda at: at.isoformat()),
    st.integers(-200_000, 200_000).map(lambda minutes: (timezone.now() + timedelta(minutes=minutes)).isoformat()),
    st.sampled_from(
        ["BRD", "AIR", "LND", "ARR", "CNX", "DIV", "SCH", "DEL", "JFK", "BOS", "LHR", "AA 1", "93", "D57/D59"]
    ),
    st.lists(st.one_of(st.text(max_size=9), st.integers(), st.just(["AA 1"])), max_size=30),
    st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3),
)
ABSURD = st.one_of(
    NASTY,
    st.dictionaries(st.one_of(st.sampled_from(FIELDS), st.text(max_size=80)), NASTY, max_size=12),
    st.dictionaries(st.sampled_from(FIELDS), NASTY, max_size=4).map(lambda fields: {**update("9"), **fields}),
    st.dictionaries(st.sampled_from(FIELDS), NASTY, max_size=2).map(lambda fields: {**update("1"), **fields}),
)


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ABSURD)
def test_no_record_fails_the_call_or_loses_those_after_it(feed, record):
    between_good_ones(feed, record)


@pytest.mark.parametrize(
    "record", ["9" * 5000, f'{{"number": {"9" * 5000}}}', "-1e999", "NaN", '{"gate": Infinity}', '"\\ud800"']
)
def test_numbers_and_texts_that_python_can_not_hold_are_refused_alone(feed, record):
    assert text_between_good_ones(feed, record)

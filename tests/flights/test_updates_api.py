"""POST /api/flights/updates: what is accepted, what is ignored, and what is refused in which sentence."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from live.models import Publish
from tracking.flights.feed import api
from tracking.flights.models import Airline, Flight, FlightChange, Phase, Report, Source

URL = "/api/flights/updates"


@pytest.fixture(autouse=True)
def _airports(airports, airlines):
    cache.clear()


@pytest.fixture
def post(client, source):
    """``post(records)`` returns the response to a feed's call."""

    def post(records, key=source.key, status=200, **options):
        body = records if isinstance(records, (str, bytes)) else json.dumps(records)
        options = {"content_type": "application/json", **options}
        response = client.post(URL, body, headers={"Authorization": f"Bearer {key}"} if key else {}, **options)
        assert response.status_code == status, response.text
        return response.json()

    return post


def moment(minutes=0):
    return (timezone.now().replace(microsecond=0) + timedelta(minutes=minutes)).isoformat()


def update(number="1010", later=0, **fields):
    """A whole update, reported a minute ago, and ``later`` by so many seconds."""
    leaves = timezone.now().replace(second=0, microsecond=0) + timedelta(hours=2)
    return {
        "airline": "B6",
        "number": number,
        "origin": "JFK",
        "date": timezone.localdate(leaves, ZoneInfo("America/New_York")).isoformat(),
        "reported_at": (timezone.now() + timedelta(seconds=later - 60)).isoformat(),
        "destination": "BOS",
        "scheduled_departure": leaves.isoformat(),
        **fields,
    }


def only(answer, **counts):
    assert answer == {"accepted": 0, "ignored": 0, "refused": [], **counts}


def reason(answer, index=0):
    return next(refusal["reason"] for refusal in answer["refused"] if refusal["index"] == index)


def test_an_update_creates_a_flight_with_all_its_fields(post):
    estimated = moment(160)
    only(
        post([update(estimated_departure=estimated, gate="B22", state="BRD", delay_code="93", codeshares=["aa7623"])]),
        accepted=1,
    )
    flight = Flight.objects.get()
    assert (flight.designator, flight.gate, flight.phase, flight.delay_code) == ("B6 1010", "B22", Phase.BOARDING, "93")
    assert flight.off_block_estimated.isoformat() == estimated
    assert flight.numbers == ["B6 1010", "AA 7623"]
    assert FlightChange.objects.filter(flight=flight, source__name="tower", reported_at__isnull=False).exists()


def test_the_same_batch_twice_changes_nothing(post):
    batch = [update(gate="B22"), update("1011", state="BRD")]
    only(post(batch), accepted=2)
    before = list(FlightChange.objects.values_list("pk", flat=True)), Publish.objects.count()
    only(post(batch), ignored=2)
    assert before == (list(FlightChange.objects.values_list("pk", flat=True)), Publish.objects.count())


def test_an_older_report_is_ignored_but_not_one_of_another_source(post):
    post([update(gate="B22")])
    only(post([update(later=-30, gate="A1")]), ignored=1)
    _other, key = Source.objects.issue("airline")
    only(post([update(later=-30, gate="A1")], key=key), accepted=1)
    assert Flight.objects.get().gate == "A1"


def test_an_absent_field_stays_and_null_withdraws(post):
    post([update(gate="B22", tail="N1", estimated_departure=moment(150))])
    record = update(later=1, tail=None, estimated_departure=None)
    del record["destination"], record["scheduled_departure"]
    only(post([record]), accepted=1)
    flight = Flight.objects.get()
    assert (flight.gate, flight.tail, flight.off_block_estimated) == ("B22", "", None)


def test_good_updates_are_accepted_beside_bad_ones(post):
    answer = post([update("1"), {"airline": "B6"}, update("2", destination="XXX"), 7, update("3")])
    assert answer["accepted"] == 2
    assert [refusal["index"] for refusal in answer["refused"]] == [1, 2, 3]
    assert set(Flight.objects.values_list("number", flat=True)) == {"1", "3"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"destination": "XXX"}, "XXX"),
        ({"origin": "XXX"}, "XXX"),
        ({"destination": "JFK"}, "from one airport to another"),
        ({"state": "ZZZ"}, "state"),
        ({"delay_code": "00"}, "00"),
        ({"gatte": "B22"}, "gatte"),
        ({"gate": "B" * 7}, "gate"),
        ({"gate": "<b>"}, "gate"),
        ({"number": "10-10"}, "number"),
        ({"codeshares": ["AA"]}, "AA 7623"),
        ({"scheduled_departure": "2026-11-21T10:00:00"}, "scheduled_departure"),
        ({"scheduled_departure": None}, "scheduled_departure"),
        ({"date": "2001-01-01"}, "local day"),
        ({"actual_departure": moment(30)}, "future"),
        ({"estimated_departure": moment(60 * 72)}, "48 hours"),
        ({"scheduled_arrival": moment(60)}, "follow"),
        ({"reported_at": moment(30)}, "future"),
        ({"state": "DEL"}, "estimated_departure"),
        ({"state": "DIV"}, "diverted_to"),
    ],
)
def test_an_impossible_update_is_refused_with_a_reason_and_changes_nothing(post, fields, words):
    answer = post([update(**fields)])
    assert answer["accepted"] == 0
    assert words in reason(answer)
    assert not Flight.objects.exists()
    assert not Report.objects.exists()


def test_an_illegal_move_is_refused_in_the_flights_own_words(post):
    post([update(state="CNX")])
    answer = post([update(later=1, state="BRD", gate="B22")])
    assert "Cancelled" in reason(answer)
    flight = Flight.objects.get()
    assert (flight.phase, flight.gate) == (Phase.CANCELLED, "")
    only(post([update(later=1, state="SCH")]), accepted=1)


def test_a_new_airline_is_created(post):
    post([update(airline="ZZ", airline_name="Our Own Air Inc.")])
    assert Airline.objects.get(pk="ZZ").name == "Our Own Air Inc."


def test_an_empty_batch_is_a_sign_of_life(post, source):
    only(post([]))
    source.refresh_from_db()
    assert timezone.now() - source.heard_at < timedelta(seconds=30)


@pytest.mark.parametrize("body", [" ", "[", "\xff", "[" * 100_000])
def test_invalid_json_is_400(post, body):
    assert "not JSON" in post(body, status=400)["error"]


@pytest.mark.parametrize("body", ["{}", "7", '"x"', "null"])
def test_json_that_is_no_array_is_400(post, body):
    assert "array" in post(body, status=400)["error"]


def test_too_much_is_413(post):
    assert "1,000" in post([{}] * 1001, status=413)["error"]
    assert "2 MiB" in post("[" + " " * api.MOST_BYTES + "]", status=413)["error"]


def test_another_content_type_is_415(post):
    post("[]", status=415, content_type="text/plain")


def test_wrong_missing_and_revoked_keys_are_401_without_details(post, source):
    post([update()], key="wrong", status=401)
    post([update()], key=None, status=401)
    source.revoke()
    post([update()], status=401)
    assert not Flight.objects.exists()


def test_other_methods_are_405(client):
    assert client.get(URL).status_code == 405


def test_too_many_calls_are_429_with_a_retry_time(post, client, source, monkeypatch):
    cache.clear()
    monkeypatch.setattr(api, "CALLS_A_MINUTE", 2)
    post([])
    post([])
    refused = client.post(URL, "[]", "application/json", headers={"Authorization": f"Bearer {source.key}"})
    assert refused.status_code == 429
    assert refused.json() == {"error": "Too many calls. Put more updates in one."}
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_the_api_describes_itself(client):
    schema = client.get("/api/openapi.json").json()
    operation = schema["paths"]["/api/flights/updates"]["post"]
    fields = operation["requestBody"]["content"]["application/json"]["schema"]["items"]["properties"]
    assert {"airline", "estimated_departure", "codeshares", "state"} <= fields.keys()
    assert client.get("/api/docs").status_code == 200


def test_a_key_is_printed_alone_and_a_new_one_ends_the_old(post, capsys):
    call_command("feed_key", "airline")
    first = capsys.readouterr().out.strip()
    assert len(first) >= 40
    assert " " not in first
    only(post([], key=first))
    call_command("feed_key", "airline")
    second = capsys.readouterr().out.strip()
    post([], key=first, status=401)
    only(post([], key=second))
    assert not Source.objects.filter(key_hash__in=[first, second]).exists(), "keys are stored hashed"
    call_command("feed_key", "airline", "--revoke")
    post([], key=second, status=401)

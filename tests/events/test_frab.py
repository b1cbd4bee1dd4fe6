"""Programmes in and out as frab writes them: real ones come out equal, wrong ones are refused, and XML obeys the XSD."""

import json
from copy import deepcopy
from datetime import datetime, timedelta

import pytest
import xmlschema
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from bookings.events.models import Event, Hall, Session
from bookings.events.programme.frab import Unreadable, as_json, as_xml, compare, document_of, read, take

REAL = settings.BASE.parent / "shared/data/real"
at_hand = pytest.mark.skipif(not REAL.is_dir(), reason="the collection of real input is not at hand")


def session(number=1, **fields):
    """A session as a file has it."""
    return {
        "id": number,
        "guid": f"00000000-0000-4000-8000-{number:012}",
        "date": "2026-11-20T19:00:00-05:00",
        "start": "19:00",
        "duration": "00:45",
        "room": "Hall A",
        "slug": f"talks-{number}-first-flight",
        "url": "https://talks.example/1",
        "title": "First flight",
        "subtitle": "",
        "track": "History",
        "type": "talk",
        "language": "en",
        "abstract": "",
        "description": "",
        "logo": "",
        "recording_license": "",
        "do_not_record": False,
        "persons": [{"id": 7, "public_name": "Amelia <b>E.</b>"}],
        "links": [{"url": "https://talks.example/x", "title": "More", "type": "related"}],
        "attachments": [],
        **fields,
    }


def document(*sessions, **conference):
    rooms = {}
    for each in sessions:
        rooms.setdefault(each.get("room", "Hall A") if isinstance(each, dict) else "Hall A", []).append(each)
    day = {
        "index": 1,
        "date": "2026-11-20",
        "day_start": "2026-11-20T04:00:00-05:00",
        "day_end": "2026-11-21T03:59:00-05:00",
        "rooms": rooms,
    }
    head = {"acronym": "talks", "title": "Talks", "start": "2026-11-20", "end": "2026-11-20", "daysCount": 1}
    conference = {**head, "time_zone_name": "America/New_York", "timeslot_duration": "00:05", **conference}
    return {
        "schedule": {
            "version": "1.0",
            "base_url": "https://talks.example/",
            "conference": {**conference, "days": [day]},
        }
    }


def as_bytes(found):
    return json.dumps(found).encode()


@pytest.fixture
def talks(make_event):
    return make_event(slug="talks", title="Talks")


def test_what_went_in_comes_out(talks):
    found = document(session(1), session(2, room="Hall B", start="20:00", date="2026-11-20T20:00:00-05:00"))
    take(talks, read(as_bytes(found)))
    assert json.loads(as_json(talks)) == found


@at_hand
@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("frab-camp2019-no-people", "Europe/Berlin"),
        ("frab-democon", "Europe/Berlin"),
        ("frab-camp2019-no-people", "America/New_York"),
    ],
)
def test_a_real_programme_comes_out_equal(talks, airports, name, zone):
    """Also at an event in another zone, and where the zone that the file names is not that of its times."""
    type(airports["JFK"]).objects.filter(pk="JFK").update(zone=zone)
    data = (REAL / f"{name}.json").read_bytes()
    event = type(talks).objects.get(pk=talks.pk)
    take(event, read(data))
    assert json.loads(as_json(event)) == json.loads(data)


@at_hand
@pytest.mark.parametrize("name", ["frab-camp2019-no-people", "frab-democon"])
def test_the_xml_of_a_real_programme_obeys_the_xsd_and_reads_back(talks, make_event, name):
    take(talks, read((REAL / f"{name}.json").read_bytes()))
    schema = xmlschema.XMLSchema(str(REAL / "frab-schedule.xsd"))
    schema.validate(as_xml(talks).decode())
    other = make_event(slug="again")
    take(other, read(as_xml(talks)))
    for mine, again in zip(talks.sessions.in_order(), other.sessions.in_order(), strict=True):
        for name in ("guid", "title", "starts_at", "minutes", "track", "kind", "speakers"):
            assert getattr(mine, name) == getattr(again, name)
        assert mine.room.name == again.room.name


@at_hand
def test_our_own_xml_obeys_the_xsd(talks):
    take(
        talks,
        document(session(1, slug="Not by the rules", code="short", logo="picture.png", abstract="\x0b & <script>")),
    )
    xmlschema.XMLSchema(str(REAL / "frab-schedule.xsd")).validate(as_xml(talks).decode())


@at_hand
def test_a_file_that_must_be_refused(talks):
    with pytest.raises(Unreadable, match="id is not a whole number"):
        read((REAL / "frab-invalid.json").read_bytes())
    assert not talks.sessions.exists()


def test_xml_reads_as_json_does(talks, make_event):
    take(talks, document(session(1, do_not_record=True)))
    found = read(as_xml(talks))["schedule"]["conference"]["days"][0]["rooms"]["Hall A"][0]
    assert found["persons"] == [{"public_name": "Amelia <b>E.</b>", "id": 7}]
    assert found["do_not_record"] is True and found["links"][0]["url"] == "https://talks.example/x"


BOMB = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><schedule>&b;</schedule>'
FILE = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]><schedule>&a;</schedule>'


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"null", b"\xff\xfe\x00", b"<", b"<schedule/>", BOMB, FILE, b"[" * 100_000, b" " * 6_000_000],
)
def test_nonsense_is_refused_with_a_sentence(data):
    with pytest.raises(Unreadable) as refusal:
        read(data)
    assert refusal.value.problems and all(refusal.value.problems)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"id": "12"}, "id is not a whole number"),
        ({"id": True}, "id is not a whole number"),
        ({"guid": "1"}, "guid is no UUID"),
        ({"date": "2026-11-20T19:00:00"}, "no moment with an offset"),
        ({"date": "9999-12-31T19:00:00-05:00"}, "no moment with an offset"),
        ({"start": "18:00"}, "but date says"),
        ({"start": "7pm"}, "no time of day"),
        ({"duration": "0:00"}, "no length"),
        ({"duration": "99:99"}, "no length"),
        ({"duration": "forty"}, "no length"),
        ({"title": ""}, "title is missing"),
        ({"title": "x" * 300}, "longer than 255"),
        ({"track": None}, "track is missing"),
        ({"persons": ["Amelia"]}, "no list of people"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(fields, words):
    with pytest.raises(Unreadable, match=words) as refusal:
        read(as_bytes(document(session(1), session(2, **fields))))
    assert refusal.value.problems[0].startswith("Day 1, Hall A, session 2")


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Fli\0ght"},
        {"links": [{"title": "\0"}]},
        {"a\0": 1},
        {"title": "Half \ud83d"},
        {"rating": float("nan")},
        {"rating": float("inf")},
    ],
)
def test_what_a_database_does_not_store_is_refused(fields):
    with pytest.raises(Unreadable, match="cannot be stored"):
        read(as_bytes(document(session(1, **fields))))


def test_twice_the_same_guid_is_refused():
    with pytest.raises(Unreadable, match="twice"):
        read(as_bytes(document(session(1), session(2, guid=session(1)["guid"]))))


def test_imported_again_a_session_keeps_its_identity(talks, register):
    take(talks, document(session(1), session(2)))
    first = Session.objects.get(guid=session(1)["guid"])
    ticket = register(event=talks).tickets.get()
    first.favourites.create(ticket=ticket)
    later = document(session(1, date="2026-11-20T21:00:00-05:00", start="21:00"), session(3))
    found = compare(talks, later)
    assert (len(found.new), len(found.moved), len(found.gone), found.same) == (1, 1, 1, 0)
    take(talks, later)
    first.refresh_from_db()
    assert first.calendar_sequence == 1 and first.favourites.count() == 1 and first.moved_notices.count() == 1
    assert Session.objects.get(guid=session(2)["guid"]).state == "cancelled"
    take(talks, document(session(1), session(2)))
    assert Session.objects.get(guid=session(2)["guid"]).state == "planned"


def test_the_same_file_again_changes_nothing(talks):
    found = document(session(1), session(2))
    take(talks, found)
    before = list(Session.objects.values())
    comparison = take(talks, deepcopy(found))
    assert comparison.same == 2 and list(Session.objects.values()) == before


def test_after_midnight_belongs_to_the_day_before(talks):
    late = session(2, date="2026-11-21T01:30:00-05:00", start="01:30")
    take(talks, document(session(1), late))
    [day] = document_of(talks)["schedule"]["conference"]["days"]
    assert day["date"] == "2026-11-20" and len(day["rooms"]["Hall A"]) == 2


@pytest.mark.parametrize(("zone", "day"), [("", "Thu 19 November"), ("Europe/Berlin", "Fri 20 November")])
def test_the_days_of_another_clock_begin_on_the_venues(talks, client, zone, day):
    """A file that was written in Berlin has days that begin at four there, and at 22:00 at the venue."""
    room = talks.rooms.create(name="Hall A")
    begins = datetime.fromisoformat("2026-11-20T03:00:00-05:00")
    Session.objects.plan(talks, room=room, title="Early", starts_at=begins)
    Event.objects.filter(pk=talks.pk).update(imported={"zone": zone} if zone else {})
    assert day in client.get(f"/events/{talks.slug}/programme/").text


def test_days_have_their_offset_also_when_the_clock_changes(talks):
    """voc/schedule 35, pretalx 618: offsets of one conference may differ, and the days' limits have theirs."""
    room = talks.rooms.create(name="Hall A")
    for local in ("2027-03-13T10:00:00-05:00", "2027-03-14T10:00:00-04:00"):
        Session.objects.plan(talks, room=room, title="Dawn", starts_at=datetime.fromisoformat(local))
    first, second = document_of(talks)["schedule"]["conference"]["days"]
    assert (first["day_start"], first["day_end"]) == ("2027-03-13T04:00:00-05:00", "2027-03-14T03:59:00-04:00")
    assert second["day_start"].endswith("-04:00")


def test_a_false_zone_is_said_and_the_offset_counts(talks):
    found = compare(talks, document(session(1), time_zone_name="UTC"))
    assert any("its times have the offset -05:00" in warning for warning in found.warnings)
    assert not any("America/New_York" in warning for warning in found.warnings)


def test_one_fault_leaves_nothing_behind(talks, monkeypatch):
    monkeypatch.setattr(Session, "call_off", lambda self, by=None: 1 / 0)
    take(talks, document(session(1)))
    with pytest.raises(ZeroDivisionError):
        take(talks, document(session(2)))
    assert [each.guid for each in talks.sessions.all()] == [session(1)["guid"]]


words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


@given(words.filter(str.strip), words, st.integers(1, 24 * 60), st.integers(-14 * 60, 14 * 60))
def test_any_words_and_times_read_back(title, abstract, minutes, offset):
    begins = datetime.fromisoformat("2026-11-20T19:00:00").astimezone().replace(tzinfo=None)
    moment = begins.isoformat() + f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    duration = f"{minutes // 60:02}:{minutes % 60:02}"
    found = document(
        session(1, title=title, abstract=abstract, duration=duration, date=moment, start=begins.strftime("%H:%M"))
    )
    assert read(as_bytes(found)) == found


def test_a_hall_of_another_airport(talks, airports):
    """Times stay the same moments, and are written on the clock of the file."""
    lax = type(airports["JFK"]).objects.create(
        iata="LAX", name="LAX", city="Los Angeles", country="US", zone="America/Los_Angeles"
    )
    hall = Hall.objects.create(slug="lax", name="Lounge", airport=lax, where="T1")
    type(talks).objects.filter(pk=talks.pk).update(hall=hall)
    talks = type(talks).objects.get(pk=talks.pk)
    found = document(session(1))
    take(talks, found)
    assert json.loads(as_json(talks)) == found
    assert talks.sessions.get().starts_at - datetime.fromisoformat("2026-11-21T00:00:00+00:00") == timedelta()


@pytest.mark.parametrize(
    "head", [{"acronym": None}, {"title": None}, {"tracks": None}, {"tracks": 5}, {"tracks": ["History"]}]
)
def test_a_head_with_gaps_goes_out_as_xml(talks, head):
    found = document(session(1), **head)
    conference = found["schedule"]["conference"]
    found["schedule"]["conference"] = {key: value for key, value in conference.items() if value is not None}
    take(talks, found)
    assert b"First flight" in as_xml(talks)
    take(talks, document(session(1), **head))
    assert b"First flight" in as_xml(talks)


@pytest.mark.parametrize("links", [None, True, 5, {}, ["x"]])
def test_strange_links_are_left_out_of_the_xml(talks, links):
    take(talks, read(as_bytes(document(session(1, links=links, attachments=links)))))
    assert b"<event" in as_xml(talks) and b"href" not in as_xml(talks)


@pytest.mark.parametrize("name", ["America", "A" * 300, "../x", 5])
def test_a_name_that_is_no_zone_is_none(talks, name):
    take(talks, read(as_bytes(document(session(1), time_zone_name=name))))
    assert document_of(talks)["schedule"]["conference"]["days"][0]["date"] == "2026-11-20"


def test_a_long_name_of_a_room_stays_whole(talks):
    found = document(session(1, room="Hall " * 39))
    take(talks, read(as_bytes(found)))
    assert document_of(talks)["schedule"]["conference"]["days"] == found["schedule"]["conference"]["days"]
    assert compare(talks, found).same == 1
    take(talks, found)
    assert talks.rooms.count() == 1


def test_a_name_of_a_room_that_cannot_be_stored_is_refused(talks):
    with pytest.raises(Unreadable, match="is longer than 200 characters"):
        read(as_bytes(document(session(1, room="A" * 201))))


def test_a_session_that_was_added_here_has_an_id_of_its_own(talks):
    take(talks, document(session(1)))
    room = talks.rooms.get()
    added = Session.objects.plan(talks, room=room, title="Added", starts_at=talks.starts_at)
    take_ids = document(session(1), session(added.pk, guid=session(2)["guid"]))
    own = Session.objects.plan(talks, room=room, title="Own", starts_at=talks.starts_at)

    def ids():
        found = read(as_json(talks))["schedule"]["conference"]["days"]
        return {each["title"]: each["id"] for day in found for events in day["rooms"].values() for each in events}

    before = ids()
    assert len(set(before.values())) == 3 and before["Added"] not in (added.pk, own.pk)
    take(talks, take_ids)
    for one in (added, own):
        one.reinstate()
    assert {title: ids()[title] for title in ("Added", "Own")} == {title: before[title] for title in ("Added", "Own")}

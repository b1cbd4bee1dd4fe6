"""The words of a session: changed by two organisers, by a file, and seen at once."""

import pytest

from bookings.events.models import Session
from bookings.events.programme.frab import compare, read, take
from bookings.events.programme.timeline import SessionTimeline
from live.regions import find
from tests.events.test_frab import as_bytes, document, session
from verbs.refusals import Changed

HTMX = {"HX-Request": "true"}


@pytest.fixture
def talk(event):
    room = event.rooms.create(name="Hall A")
    return Session.objects.plan(
        event,
        room=room,
        title="First flight",
        starts_at=event.starts_at,
        speakers=["Amelia"],
        abstract="Who was first.",
    )


@pytest.mark.parametrize(
    "words",
    [
        {"subtitle": "Twelve seconds"},
        {"speakers": ["Amelia", "Bessie"]},
        {"track": "History"},
        {"kind": "talk"},
        {"language": "en"},
        {"abstract": "Another summary"},
        {"description": "All of it"},
    ],
)
def test_other_words_are_seen_at_once_and_are_history(event, talk, assert_published, words):
    revision = talk.revision
    with assert_published(f"event-programme-{event.pk}"):
        talk.edit(**words)
    assert talk.revision == revision + 1 and [change.field for change in talk.changes_since(revision)] == list(words)


def test_the_same_words_are_no_change(talk):
    revision = talk.revision
    talk.edit(speakers=["Amelia"], abstract="Who was first.")
    assert talk.revision == revision


def test_the_second_of_two_organisers_is_told(client, event, talk, orla, oscar):
    seen = talk.revision
    talk.edit(speakers=["Bessie"], by=oscar)
    client.force_login(orla)
    typed = {"seen": seen, "title": talk.title, "speakers": "Charles"}
    answer = client.post(f"/events/concert/programme/edit/{talk.pk}/edit/", typed, headers=HTMX)
    words = answer.content.decode()
    assert answer.status_code == 409 and "Bessie" in words and "Oscar" in words
    talk.refresh_from_db()
    assert talk.speakers == ["Bessie"]
    with pytest.raises(Changed):
        talk.edit(abstract="Mine", seen=seen)


def test_the_history_stays_readable(talk):
    long = "So long a text. " * 500
    talk.edit(speakers=["Amelia", "Bessie"], abstract=long)
    talk.edit(abstract=f"{long} And more.")
    last, before, _first = SessionTimeline(talk).steps()
    [difference] = last.differences
    assert (difference.before, difference.after) == ("", "changed")
    shown = {found.label: found.after for found in before.differences}
    assert shown["speakers"] == "Amelia, Bessie" and 100 < len(shown["summary"]) <= 160


def test_a_file_with_other_words_only_is_seen_at_once(event, assert_published):
    take(event, read(as_bytes(document(session(1)))))
    other = document(session(1, abstract="Told anew", persons=[{"public_name": "Bessie"}]))
    assert len(compare(event, other).edited) == 1
    with assert_published(f"event-programme-{event.pk}"):
        take(event, read(as_bytes(other)))
    assert "Bessie" in find("event-programme/concert/").render().html

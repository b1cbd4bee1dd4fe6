"""The timeline: one Step for each verb, in the words of its readers."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.verbs.parcels.models import ParcelChange
from verbs.timeline import Difference, Step, Timeline


class OfClerks(Timeline):
    """On New York's clock, without who it was, and without the state."""

    def label(self, change):
        return {"send": "Sent"}.get(change.verb, "")

    def by(self, change):
        return "staff" if change.by else ""

    def clock(self, moment, change=None):
        clock = f"{moment.astimezone(ZoneInfo('America/New_York')):%H:%M}"
        return f"{clock} due" if change else clock

    def difference(self, change):
        return None if change.field == "stage" else super().difference(change)


@pytest.fixture
def sent(parcel, bob):
    parcel.send(datetime(2026, 11, 20, 23, 30, tzinfo=UTC), by=bob)
    ParcelChange.objects.update(at=datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    return parcel


def test_the_latest_first_with_who_and_what(sent):
    assert Timeline(sent).steps() == [
        Step("12:00", "", "Bob", [Difference("state", "Waiting", "On its way"), Difference("due", "", "23:30")]),
        Step("12:00", "", "", [Difference("state", "", "Waiting"), Difference("note", "", "fragile")]),
    ]


def test_in_the_words_and_on_the_clocks_of_its_readers(sent):
    assert OfClerks(sent).steps()[0] == Step("07:00", "Sent", "staff", [Difference("due", "", "18:30 due")])


def test_only_what_some_changes_say(sent):
    changes = sent.changes_since(1)
    assert [step.by for step in Timeline(sent).steps(changes)] == ["Bob"]
    assert Timeline(sent).steps([]) == []

"""History: how a row begins, and the words of what changed."""

from datetime import UTC, datetime

import pytest

from tests.verbs.parcels.models import Letter, Parcel, ParcelChange
from verbs.history import Change, text_of, tracked_model

DUE = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def test_a_row_begins_with_a_change_for_each_value(lockers, bob, assert_published):
    with assert_published(f"locker-{lockers[0].pk}"):
        parcel = Parcel.objects.register("fragile", lockers[0], ["airmail"], by=bob)
    changes = parcel.changes.all()
    assert {change.field: change.after for change in changes} == {
        "stage": "waiting",
        "note": "fragile",
        "locker": str(lockers[0].pk),
        "stamps": "airmail",
    }
    assert {(change.verb, change.before, change.revision, change.by) for change in changes} == {
        ("register", "", 1, bob)
    }
    assert Parcel.objects.get().revision == 1
    assert parcel.letters.count() == 4


def test_many_rows_begin_at_once(db, bob, assert_published, django_assert_max_num_queries):
    with django_assert_max_num_queries(10 + 6):  # six ask for stamps
        with assert_published("parcels"):
            parcels = Parcel.objects.register_all("abcdef", by=bob)
    assert [(change.after, change.revision, change.by) for change in ParcelChange.objects.filter(field="note")] == [
        (note, 1, bob) for note in "abcdef"
    ]
    assert not Letter.objects.exists()
    parcels[0].annotate("x", seen=1)


def test_the_words_of_a_change(parcel, lockers):
    parcel.send(DUE)
    parcel.stamp("airmail")
    stage, due_at, stamps = parcel.changes.exclude(verb="register")
    assert (stage.label, stage.was, stage.now, stage.is_time) == ("state", "Waiting", "On its way", False)
    assert (due_at.label, due_at.was, due_at.now, due_at.is_time) == ("due", None, DUE, True)
    assert (stamps.label, stamps.was, stamps.now, stamps.is_time) == ("stamps", "", "airmail", False)
    assert str(stage) == "state: Waiting → On its way"
    assert str(due_at).startswith("due: – → 2026-11-20")


def test_history_outlives_the_person(parcel, bob):
    parcel.annotate("heavy", by=bob)
    bob.delete()
    assert parcel.changes.get(verb="annotate").by is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), ("x", "x"), (12, "12"), (Parcel.State.LOST, "lost"), (DUE, "2026-11-20T23:30:00+00:00")],
)
def test_values_as_texts(value, text):
    assert text_of(value) == text


def test_a_change_model_without_its_key_is_told_so():
    class Keyless(Change):
        class Meta:
            abstract = True

    with pytest.raises(TypeError, match="related_name"):
        tracked_model(Keyless)

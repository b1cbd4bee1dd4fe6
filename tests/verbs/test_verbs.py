"""A verb: what it changes, what it leaves behind, what it publishes, and what is refused."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from tests.races import all_at_once, answers_at_once, faults
from tests.verbs.parcels.models import Letter, Parcel, ParcelChange, TooHeavy
from verbs.refusals import Changed, IllegalMove

NEW_YORK = ZoneInfo("America/New_York")


def rows(parcel, **wanted):
    """Its history as ``(field, before, after)``."""
    return [(change.field, change.before, change.after) for change in parcel.changes.filter(**wanted)]


def facts(parcel):
    """All that a verb could change."""
    columns = Parcel.objects.filter(pk=parcel.pk).values().get()
    stamps = list(parcel.stamps.values_list("text", flat=True))
    return columns, stamps, ParcelChange.objects.count(), Letter.objects.count()


def test_it_writes_a_change_for_each_field_that_differs(parcel, bob):
    due = datetime(2026, 11, 20, 18, 30, tzinfo=NEW_YORK)
    assert parcel.send(due, by=bob, scanner="S7") is parcel
    assert rows(parcel, verb="send") == [
        ("stage", "waiting", "sent"),
        ("due_at", "", "2026-11-20T23:30:00+00:00"),
    ]
    for change in parcel.changes.filter(verb="send"):
        assert (change.revision, change.by, change.scanner) == (2, bob, "S7")
    stored = Parcel.objects.get()
    assert (stored.stage, stored.due_at, stored.revision) == ("sent", due, 2)


def test_what_its_related_rows_say_is_history_too(parcel):
    parcel.stamp("airmail", "express")
    assert rows(parcel, verb="stamp") == [("stamps", "", "airmail, express")]
    assert parcel.revision == 2


def test_a_foreign_key_is_kept_as_its_key(parcel, lockers):
    parcel.put_into(lockers[0])
    assert rows(parcel, verb="put_into") == [("locker", "", str(lockers[0].pk))]


def test_it_publishes_what_showed_the_row_before_and_what_shows_it_now(parcel, lockers, assert_published):
    first, second = lockers
    parcel.put_into(first)
    with assert_published(f"parcel-{parcel.pk}", f"locker-{first.pk}", f"locker-{second.pk}"):
        parcel.put_into(second)


def test_it_acts_on_the_row_as_it_is_now(parcel):
    old = Parcel.objects.get()
    parcel.annotate("heavy")
    old.send()
    assert (old.note, old.revision) == ("heavy", 3)
    assert rows(old, verb="send")[0] == ("stage", "waiting", "sent")


def test_nothing_changed_leaves_no_trace(parcel, assert_published):
    before = facts(parcel)
    with assert_published():
        parcel.annotate("fragile")
    assert facts(parcel) == before


def test_a_field_that_is_no_history_is_saved_and_shown_without_a_trace(parcel, assert_published):
    with assert_published(f"parcel-{parcel.pk}"):
        parcel.weigh(900)
    stored = Parcel.objects.get()
    assert (stored.grams, stored.revision) == (900, 1)


def test_a_field_that_no_page_shows_is_saved_only(parcel, assert_published, monkeypatch):
    monkeypatch.setattr(Parcel, "UNSHOWN", ("grams",))
    with assert_published():
        parcel.weigh(900)
    assert Parcel.objects.get().grams == 900


def test_an_illegal_verb_is_refused_by_name_and_state(parcel, assert_published):
    parcel.send()
    before = facts(parcel)
    with assert_published(), pytest.raises(IllegalMove) as refused:
        parcel.send()
    assert str(refused.value) == f"You can’t do this: the state of Parcel {parcel.pk} is “On its way”."
    assert facts(parcel) == before


def test_a_verb_that_is_not_in_the_table_is_legal_in_every_state(parcel):
    parcel.lose()
    parcel.annotate("found under a shelf")
    assert parcel.legal_verbs == []
    assert parcel.is_legal("annotate")
    assert not parcel.is_legal("send")
    assert parcel.is_legal("send", "waiting")


def test_the_sentence_can_be_the_models_own(parcel, monkeypatch):
    monkeypatch.setattr(Parcel, "refusal", lambda self, verb, state: f"No {verb} when {state}.")
    parcel.lose()
    with pytest.raises(IllegalMove, match=r"No send when lost\."):
        parcel.send()


def test_an_older_revision_is_refused_with_what_changed(parcel, bob, django_assert_num_queries):
    parcel.annotate("heavy", by=bob)
    parcel.lose()
    before = facts(parcel)
    with pytest.raises(Changed) as refused:
        parcel.annotate("light", seen=1)
    assert str(refused.value) == f"Parcel {parcel.pk} has changed since you looked."
    with django_assert_num_queries(0):
        changes = [(change.field, change.after, change.by) for change in refused.value.changes]
    assert changes == [("note", "heavy", bob), ("stage", "lost", None)]
    assert facts(parcel) == before


def test_what_was_seen_comes_before_what_is_legal(parcel):
    parcel.lose()
    with pytest.raises(Changed):
        parcel.send(seen=1)
    with pytest.raises(IllegalMove):
        parcel.send(seen=2)


def test_a_refusal_undoes_all_that_the_verb_did(parcel, assert_published):
    before = facts(parcel)
    with assert_published(), pytest.raises(TooHeavy):
        parcel.stamp_and_weigh("express", 5000)
    assert facts(parcel) == before
    assert (parcel.note, parcel.grams, parcel.revision) == ("fragile", 0, 1), "in memory as well"


def test_before_commit_runs_in_the_same_transaction(parcel, monkeypatch):
    seen = []

    def look(self, verb, changes):
        seen.append((verb, [change.field for change in changes], connection.in_atomic_block, self.changes.count()))
        raise TooHeavy("after all")

    before = facts(parcel)
    monkeypatch.setattr(Parcel, "before_commit", look)
    with pytest.raises(TooHeavy):
        parcel.lose()
    assert seen == [("lose", ["stage"], True, 3)], "the history is written by then"
    assert facts(parcel) == before, "and goes with what the hook refused"


@pytest.mark.django_db(transaction=True)
def test_before_commit_is_committed_with_the_change_or_not_at_all(parcel):
    with transaction.atomic():
        parcel.lose()
        assert parcel.letters.filter(text="lose: stage").exists()
        transaction.set_rollback(True)
    assert not parcel.letters.filter(text="lose: stage").exists()


def test_a_verb_calls_a_verb_of_another_row(parcel, bob):
    other = Parcel.objects.register("light")
    parcel.send_with(other, by=bob, scanner="S7")
    for sent in (parcel, other):
        stored = Parcel.objects.get(pk=sent.pk)
        assert (stored.stage, stored.revision) == ("sent", 2)
        change = sent.changes.get(field="stage", revision=2)
        assert (change.by, change.scanner) == (bob, "S7")


def test_a_refused_inner_verb_refuses_the_outer(parcel):
    other = Parcel.objects.register("light")
    other.lose()
    before = facts(parcel), facts(other)
    with pytest.raises(IllegalMove):
        parcel.send_with(other)
    assert (facts(parcel), facts(other)) == before


def test_a_refused_outer_verb_undoes_the_inner(parcel):
    other = Parcel.objects.register("light")
    Parcel.objects.filter(pk=parcel.pk).update(grams=5000)
    before = facts(other)
    with pytest.raises(TooHeavy):
        parcel.send_with(other)
    assert facts(other) == before


def test_a_verb_may_not_call_another_of_its_own_row(parcel):
    with pytest.raises(RuntimeError, match="by a verb already"):
        parcel.send_twice()
    parcel.send()
    assert parcel.revision == 2, "and the row is as good as before"


def notes():
    """As many people with a note, each with the parcel as it is now."""
    return [partial(Parcel.objects.get().annotate, note, seen=1) for note in "abcdef"]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_saw_the_same_one_does_it_and_the_others_hear_what(parcel):
    losers = faults(all_at_once(*notes()))
    assert len(losers) == 5
    stored = Parcel.objects.get()
    assert stored.revision == 2
    for loser in losers:
        assert isinstance(loser, Changed)
        assert [change.after for change in loser.changes] == [stored.note]


@pytest.mark.django_db(transaction=True)
def test_without_asking_what_was_seen_all_of_them_do_it(parcel, monkeypatch):
    """The test above can fail."""
    monkeypatch.setattr(Parcel, "check_seen", lambda self, seen: None)
    assert faults(all_at_once(*notes())) == []


@pytest.mark.django_db(transaction=True)
def test_no_change_is_lost_among_many(parcel):
    answers_at_once(*[partial(Parcel.objects.get().annotate, note) for note in "abcdef"])
    changes = list(parcel.changes.filter(field="note"))
    assert [change.revision for change in changes] == list(range(1, 8))
    assert [change.before for change in changes[1:]] == [change.after for change in changes[:-1]]

"""Questions from the audience: nobody sees them before a moderator has, one vote of a ticket, one on the stage's screen."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.events import topics
from bookings.events.models import (
    AudienceQuestion,
    Changed,
    Closed,
    IllegalMove,
    Poll,
    TooMany,
    Unfit,
    Vote,
)
from bookings.events.models.asked import MOST_WAITING, ORDER_STAYS
from live.models import Publish
from once import KeyUsed


@pytest.fixture
def ask(event, register):
    """``ask("Why?")``: by a ticket of its own, shown unless ``is_shown=False``."""

    def make(text, is_shown=True, ticket=None, **fields):
        ticket = ticket or register(1).tickets.get()
        question = AudienceQuestion.objects.ask(event, text, ticket, **fields)
        return question.show() if is_shown else question

    return make


def order(event, now=None):
    return [(question.text, question.count) for question in event.asked.filter(state="shown").by_votes(now)]


def test_a_new_question_waits_and_only_moderators_hear_of_it(event, ask, assert_published):
    with assert_published(topics.moderation(event.pk)):
        question = ask("Why  is\nthe sky blue?", is_shown=False)
    assert (question.state, question.text) == ("waiting", "Why is the sky blue?")
    assert not Publish.objects.filter(topic=topics.present(event.pk)).exists()


def test_what_a_moderator_shows_everybody_hears_of(event, ask, orla, assert_published):
    question = ask("Why?", is_shown=False)
    with assert_published(topics.present(event.pk), topics.moderation(event.pk)):
        question.show(by=orla)
    assert question.changes.get(verb="show").by == orla


def test_what_is_dismissed_leaves_the_page_and_can_be_shown_again(event, ask, assert_published):
    question = ask("Why?")
    with assert_published(topics.present(event.pk)):
        question.dismiss()
    assert not question.is_shown
    question.show()
    assert question.is_shown


def test_sent_twice_it_is_asked_once(event, register):
    ticket, key = register(1).tickets.get(), uuid4()
    first = AudienceQuestion.objects.ask(event, "Why?", ticket, key=key)
    assert AudienceQuestion.objects.ask(event, "Why?", ticket, key=key) == first
    with pytest.raises(KeyUsed):
        AudienceQuestion.objects.ask(event, "Why?", register(1).tickets.get(), key=key)


def test_a_ticket_has_a_few_questions_waiting_at_most(event, ask, register):
    ticket = register(1).tickets.get()
    questions = [ask(f"Why {number}?", is_shown=False, ticket=ticket) for number in range(MOST_WAITING)]
    with pytest.raises(TooMany):
        ask("And why?", ticket=ticket)
    questions[0].dismiss()
    ask("And why?", ticket=ticket)


def test_nothing_is_asked_without_words_a_valid_ticket_or_an_event_that_is_on(event, register, ask, make_event):
    registration = register(1)
    ticket = registration.tickets.get()
    with pytest.raises(Unfit):
        ask(" \n ", ticket=ticket)
    elsewhere = make_event(slug="elsewhere")
    with pytest.raises(Unfit):
        AudienceQuestion.objects.ask(elsewhere, "Why?", ticket)
    registration.cancel()
    ticket.refresh_from_db()
    with pytest.raises(Unfit):
        ask("Why?", ticket=ticket)
    assert not AudienceQuestion.objects.exists()


def test_after_the_event_nobody_asks_or_votes(event, ask, register, time_machine):
    question, ticket = ask("Why?"), register(1).tickets.get()
    question.vote(ticket)
    time_machine.move_to(event.ends_at)
    for move in (
        lambda: ask("And why?", ticket=ticket),
        lambda: question.vote(ticket),
        lambda: question.unvote(ticket),
    ):
        with pytest.raises(Closed):
            move()
    assert Vote.objects.count() == 1


# Votes


def test_a_ticket_has_one_vote_for_a_question(event, ask, register, assert_published):
    question, ticket = ask("Why?"), register(1).tickets.get()
    with assert_published(topics.votes(event.pk)):
        assert question.vote(ticket)
    with assert_published():
        assert not question.vote(ticket)
    assert order(event) == [("Why?", 1)]
    with assert_published(topics.votes(event.pk)):
        assert question.unvote(ticket)
    with assert_published():
        assert not question.unvote(ticket)
    assert order(event) == [("Why?", 0)]


def test_of_equals_the_earlier_one_comes_first(event, ask, register, time_machine):
    time_machine.move_to(timezone.now())
    questions = []
    for text in ("First", "Second", "Third"):
        questions.append(ask(text))
        time_machine.shift(timedelta(minutes=1))
    assert [text for text, _count in order(event)] == ["First", "Second", "Third"]
    for question in questions[1:]:
        question.vote(register(1).tickets.get())
    time_machine.shift(ORDER_STAYS)
    assert order(event) == [("Second", 1), ("Third", 1), ("First", 0)]


def test_a_vote_counts_at_once_and_moves_nothing_for_some_seconds(event, ask, register, time_machine):
    time_machine.move_to(timezone.now().replace(second=1, microsecond=0), tick=False)
    ask("First")
    second = ask("Second")
    second.vote(register(1).tickets.get())
    assert order(event) == [("First", 0), ("Second", 1)]
    time_machine.shift(ORDER_STAYS)
    assert order(event) == [("Second", 1), ("First", 0)]


@pytest.mark.parametrize("move", ["wait", "answer", "dismiss"])
def test_nobody_votes_for_what_is_not_open(event, ask, register, move):
    question = ask("Why?", is_shown=move != "wait")
    if move != "wait":
        getattr(question, move)()
    with pytest.raises(IllegalMove):
        question.vote(register(1).tickets.get())
    assert not Vote.objects.exists()


def test_a_ticket_of_another_event_has_no_vote(event, ask, make_event, register):
    question = ask("Why?")
    stranger = register(1, event=make_event(slug="elsewhere")).tickets.get()
    with pytest.raises(Unfit):
        question.vote(stranger)


# The stage's screen


def test_one_thing_is_pinned(event, ask, orla):
    first, second = ask("First"), ask("Second")
    poll = Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"])
    poll.open()
    for thing in (first, second, poll, first, poll):
        thing.pin(by=orla)
        shown = [each for each in (*AudienceQuestion.objects.all(), *Poll.objects.all()) if each.is_pinned]
        assert shown == [thing]
    assert first.changes.filter(verb="unpin").last().by == orla


def test_only_what_is_shown_is_pinned_and_what_is_answered_leaves_the_screen(event, ask):
    waiting = ask("Why?", is_shown=False)
    with pytest.raises(IllegalMove):
        waiting.pin()
    waiting.show()
    waiting.pin()
    waiting.answer()
    assert not waiting.is_pinned and waiting.state == "answered"


# Two moderators


def test_the_second_of_two_moderators_is_told_who_was_first(event, ask, orla, oscar):
    question = ask("Why?", is_shown=False)
    seen = question.revision
    AudienceQuestion.objects.get(pk=question.pk).dismiss(by=orla, seen=seen)
    with pytest.raises(Changed) as told:
        question.show(by=oscar, seen=seen)
    assert [change.by for change in told.value.changes] == [orla]

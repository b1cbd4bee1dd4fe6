"""Votes, pins and moderators at the same moment, with real concurrency."""

from uuid import uuid4

import pytest

from bookings.events.models import (
    AudienceQuestion,
    Changed,
    ChatMessage,
    IllegalMove,
    Poll,
    PollVote,
    TooMany,
    Vote,
)
from bookings.events.models.asked import MOST_WAITING
from tests.races import all_at_once, answers_at_once, faults

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def event(make_event):
    return make_event(slug="busy", size=40, most_places=40)


@pytest.fixture
def tickets(event, register):
    return list(register(8, event=event).tickets.all())


@pytest.fixture
def question(event, tickets):
    return AudienceQuestion.objects.ask(event, "Why?", tickets[0])


@pytest.fixture
def poll(event):
    return Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"]).open()


def again(thing):
    """Another copy, as another request has it."""
    return type(thing).objects.get(pk=thing.pk)


def test_of_two_moderators_one_is_first(question, orla, oscar):
    outcomes = all_at_once(
        lambda: again(question).show(by=orla, seen=question.revision),
        lambda: again(question).dismiss(by=oscar, seen=question.revision),
    )
    assert len(faults(outcomes, Changed)) == len(faults(outcomes)) == 1
    assert question.changes.filter(field="state").count() == 2


def test_one_thing_is_on_the_screen(question, poll):
    question.show()
    for _round in range(5):
        answers_at_once(lambda: again(question).pin(), lambda: again(poll).pin())
        assert again(question).is_pinned != again(poll).is_pinned


def test_each_ticket_has_one_vote(question, tickets):
    question.show()
    calls = [lambda ticket=ticket: again(question).vote(ticket) for ticket in tickets for _time in range(2)]
    assert sum(answers_at_once(*calls)) == len(tickets)
    assert Vote.objects.count() == len(tickets)


def test_votes_come_in_while_moderators_move_the_question(question, tickets):
    question.show()

    def moderate():
        for verb in ("pin", "unpin") * 4:
            getattr(again(question), verb)()

    answers_at_once(moderate, *(lambda ticket=ticket: again(question).vote(ticket) for ticket in tickets))
    assert Vote.objects.count() == len(tickets)


def test_each_ticket_has_one_choice(poll, tickets):
    tea, coffee = (option.pk for option in poll.options.all())
    calls = [
        lambda ticket=ticket, option=option: again(poll).choose(option, ticket)
        for ticket in tickets
        for option in (tea, coffee)
    ]
    answers_at_once(*calls)
    assert PollVote.objects.count() == len(tickets)


def test_no_choice_comes_in_once_it_is_closed(poll, tickets):
    """Several rounds, as the moment is short in which it could."""
    tea = poll.options.first().pk
    for _round in range(12):
        PollVote.objects.all().delete()
        at_close = []

        def close(at_close=at_close):
            again(poll).close()
            at_close.append(PollVote.objects.count())

        outcomes = all_at_once(*(lambda ticket=ticket: again(poll).choose(tea, ticket) for ticket in tickets), close)
        assert len(faults(outcomes, IllegalMove)) == len(faults(outcomes))
        assert at_close == [PollVote.objects.count()] == [outcomes.count(True)]
        again(poll).open()


def test_sent_twice_at_once_it_is_there_once(event, tickets):
    ask, say = uuid4(), uuid4()
    asked = answers_at_once(*[lambda: AudienceQuestion.objects.ask(event, "Why?", tickets[0], key=ask)] * 4)
    said = answers_at_once(*[lambda: ChatMessage.objects.say(event, "Hello", "A.", say, tickets[0])] * 4)
    assert len({question.pk for question in asked}) == len({message.pk for message in said}) == 1


def test_a_ticket_has_a_few_questions_waiting_however_fast_they_come(event, tickets):
    calls = [
        lambda number=number: AudienceQuestion.objects.ask(event, f"Why {number}?", tickets[0])
        for number in range(MOST_WAITING + 4)
    ]
    outcomes = all_at_once(*calls)
    assert len(faults(outcomes, TooMany)) == len(faults(outcomes)) == 4
    assert AudienceQuestion.objects.count() == MOST_WAITING

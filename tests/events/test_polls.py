"""Polls: one choice of a ticket, changed while it is open, and none once it is closed."""

from uuid import uuid4

import pytest
from django.db import IntegrityError

from bookings.events import topics
from bookings.events.models import Changed, Closed, IllegalMove, Poll, PollOption, PollVote, Unfit
from live.models import Publish


@pytest.fixture
def poll(event):
    """Tea or coffee, open."""
    return Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"]).open()


@pytest.fixture
def tea(poll):
    return poll.options.get(text="Tea").pk


@pytest.fixture
def coffee(poll):
    return poll.options.get(text="Coffee").pk


def counts(poll):
    return {option.text: option.count for option in poll.options.with_votes()}


def test_nobody_hears_of_a_draft(event, orla):
    poll = Poll.objects.draft(event, "Tea or coffee?", [" Tea ", "Coffee", "", "Tea"], by=orla)
    assert [option.text for option in poll.options.all()] == ["Tea", "Coffee"]
    assert not Publish.objects.filter(topic=topics.present(event.pk)).exists()
    poll.open(by=orla)
    assert Publish.objects.filter(topic=topics.present(event.pk)).exists()


@pytest.mark.parametrize(
    ("text", "options"), [("", ["Tea", "Coffee"]), ("Tea?", ["Tea", " Tea"]), ("Tea?", [str(n) for n in range(9)])]
)
def test_what_is_no_poll_is_refused(event, text, options):
    with pytest.raises(Unfit):
        Poll.objects.draft(event, text, options)
    assert not Poll.objects.exists() and not PollOption.objects.exists()


def test_sent_twice_it_is_one_poll(event):
    key = uuid4()
    first = Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"], key=key)
    assert Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"], key=key) == first
    assert PollOption.objects.count() == 2


def test_a_choice_is_replaced_while_the_poll_is_open(event, poll, tea, coffee, register, assert_published):
    ticket, other = register(2).tickets.all()
    with assert_published(topics.votes(event.pk)):
        assert poll.choose(tea, ticket)
    poll.choose(tea, other)
    with assert_published():
        assert not poll.choose(tea, ticket)
    with assert_published(topics.votes(event.pk)):
        assert poll.choose(coffee, ticket)
    assert counts(poll) == {"Tea": 1, "Coffee": 1}
    poll.close()
    with pytest.raises(IllegalMove):
        poll.choose(coffee, other)
    assert counts(poll) == {"Tea": 1, "Coffee": 1}


def test_the_database_holds_one_choice_of_a_ticket(poll, tea, coffee, register):
    ticket = register(1).tickets.get()
    poll.choose(tea, ticket)
    with pytest.raises(IntegrityError):
        PollVote.objects.create(poll=poll, ticket=ticket, option_id=coffee)


def test_a_choice_of_another_poll_or_by_another_event_is_refused(event, poll, tea, register, make_event):
    ticket = register(1).tickets.get()
    elsewhere = Poll.objects.draft(event, "Milk?", ["Yes", "No"]).open()
    with pytest.raises(Unfit):
        elsewhere.choose(tea, ticket)
    with pytest.raises(Unfit):
        poll.choose(tea, register(1, event=make_event(slug="elsewhere")).tickets.get())
    assert not PollVote.objects.exists()


def test_after_the_event_nobody_chooses(event, poll, tea, register, time_machine):
    ticket = register(1).tickets.get()
    time_machine.move_to(event.ends_at)
    with pytest.raises(Closed):
        poll.choose(tea, ticket)


def test_results_show_at_once_or_when_it_is_closed(event, poll):
    assert poll.shows_results
    hiding = Poll.objects.draft(event, "Milk?", ["Yes", "No"], hides_results=True).open()
    assert not hiding.shows_results
    hiding.close()
    assert hiding.shows_results


def test_a_closed_poll_is_opened_again_and_a_draft_alone_is_discarded(event, poll):
    poll.close()
    poll.open()
    assert poll.state == "open"
    with pytest.raises(IllegalMove):
        poll.discard()
    Poll.objects.draft(event, "Milk?", ["Yes", "No"]).discard()
    assert Poll.objects.get() == poll


def test_the_second_of_two_moderators_is_told_who_was_first(poll, orla, oscar):
    seen = poll.revision
    Poll.objects.get(pk=poll.pk).close(by=orla, seen=seen)
    with pytest.raises(Changed) as told:
        poll.close(by=oscar, seen=seen)
    assert [change.by for change in told.value.changes] == [orla]

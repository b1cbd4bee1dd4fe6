"""A registration that goes to another person: what the former holder did stays theirs, and calendars follow."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.events.models import AudienceQuestion, MovedNotice, Poll, PollVote, Room, Session, Vote
from bookings.events.present.mine import mine
from bookings.events.programme import own
from bookings.events.programme.notices import tell_moved_sessions
from post.models import Message
from tests.events.calendars import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def registration(register):
    return register(2)


@pytest.fixture
def ticket(registration):
    return registration.tickets.first()


@pytest.fixture
def talk(event):
    room = Room.objects.create(event=event, name="Hall A")
    return Session.objects.create(event=event, room=room, guid="1", title="Radio", starts_at=event.starts_at)


@pytest.fixture
def transfer(registration):
    return lambda: registration.transfer("Bea", "bea@example.org")


def test_the_new_holder_sees_nothing_of_what_the_former_asked_and_voted_for(event, register, ticket, transfer):
    own_question = AudienceQuestion.objects.ask(event, "Why is the sky blue?", ticket).show()
    other = AudienceQuestion.objects.ask(event, "Why is it dark at night?", register().tickets.get()).show()
    other.vote(ticket)
    poll = Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"]).open()
    poll.choose(poll.options.first().pk, ticket)
    transfer()
    ticket.refresh_from_db()
    found = mine(event, ticket)
    assert (found["asked"], found["voted"], found["chosen"]) == ([], [], [])
    own_question.refresh_from_db()
    assert own_question.is_shown and own_question.ticket is None


def test_a_ticket_has_one_vote_whoever_holds_it(event, register, ticket, transfer):
    question = AudienceQuestion.objects.ask(event, "Why is it dark at night?", register().tickets.get()).show()
    question.vote(ticket)
    poll = Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"]).open()
    tea, coffee = poll.options.all()
    poll.choose(tea.pk, ticket)
    transfer()
    ticket.refresh_from_db()
    assert question.vote(ticket) and not question.vote(ticket)
    assert poll.choose(coffee.pk, ticket)
    assert Vote.objects.count() == 1 and [vote.option for vote in PollVote.objects.all()] == [coffee]


def test_pages_that_show_the_votes_hear_of_it(event, ticket, transfer, assert_published):
    with assert_published(f"event-votes-{event.pk}", f"event-own-{ticket.pk}"):
        transfer()


def test_the_new_holder_has_a_programme_of_their_own_and_no_mail_about_the_formers(ticket, talk, transfer):
    own.choose(ticket, talk)
    talk.move(talk.starts_at + timedelta(minutes=15), talk.minutes, talk.room)
    assert MovedNotice.objects.count() == 1
    transfer()
    talk.move(talk.starts_at + timedelta(minutes=15), talk.minutes, talk.room)
    Message.objects.all().delete()
    tell_moved_sessions(timezone.now() + timedelta(hours=1))
    assert own.chosen(ticket) == [] and not Message.objects.exists()


def test_what_comes_back_to_its_first_holder_is_newer_in_their_calendar_than_what_went(registration):
    """RFC 5546, 2.1.4: a client ignores a SEQUENCE that is lower than the last."""
    registration.transfer("Bea", "bea@example.org")
    registration.transfer("Ada", "ada@example.org")
    for email, count in (("ada@example.org", 3), ("bea@example.org", 2)):
        files = [bytes(mail.attachment) for mail in Message.objects.filter(to=email).order_by("pk") if mail.attachment]
        sequences = [int(read(file)[1][0]["SEQUENCE"]) for file in files]
        assert len(files) == count and sequences == sorted(set(sequences))

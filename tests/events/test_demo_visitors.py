"""People at the events of the demo, through the pages and forms that everybody uses, one step at a time."""

import random
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from bookings.events.demo import actors, concert, conference, talks, team, words
from bookings.events.demo.setup import events as set_up_events
from bookings.events.models import AudienceQuestion, ChatMessage, Event, PollVote, Scan, State, Ticket, Vote
from demo.parts import Demo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visitors(airports, settings, monkeypatch, server):
    """The events with few people, and their actors. Nothing has to wait."""
    settings.DEMO = True
    for module, sizes in (
        (concert, {"SEATS": 6, "SUPPERS": 2, "WAITING": [1, 2]}),
        (conference, {"WHOLE": 1, "PER_DAY": (1, 0, 0)}),
        (talks, {"SOLD_MAIN": 12, "SOLD_WORKSHOP": 3}),
    ):
        for name, size in sizes.items():
            monkeypatch.setattr(module, name, size)
    set_up_events(Demo())
    for user in User.objects.all():
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    visitors = actors.Visitors()
    visitors.url, visitors.speed = server.url, 100_000
    monkeypatch.setattr(actors, "CHANCE", random.Random(1))
    visitors.start()
    return visitors


def event_named(name):
    return Event.objects.get(slug__startswith=name)


def repeat(step, done):
    """Take a step until it is so; some of them change nothing, as a second vote for the same question."""
    for _try in range(40):
        step()
        if done():
            return
    raise AssertionError(step.__name__)


def test_the_talks_move(visitors, monkeypatch):
    event = event_named("layover-talks")
    attendee = Ticket.objects.get(event=event, registration__user__email="attendee@airside.example")
    for step, model in (("vote", Vote), ("choose", PollVote), ("say", ChatMessage), ("ask", AudienceQuestion)):
        before = model.objects.count()
        AudienceQuestion.objects.filter(state="shown").last().dismiss()  # there is room for another one
        repeat(getattr(visitors, step), lambda: model.objects.count() > before)  # noqa: B023
        assert not model.objects.filter(ticket=attendee).exists(), "an account of the demo is for its visitors"

    asked = event.asked.filter(state="waiting")
    asked.filter(pk=asked.first().pk).update(text=words.OFF_TOPIC[0])
    pinned = event.asked.get(pinned_at__isnull=False)
    for done in (
        lambda: event.asked.filter(state="dismissed", text=words.OFF_TOPIC[0]).exists() and not asked.exists(),
        lambda: pinned.changes.filter(verb="answer", by__first_name="Moses").exists(),
        lambda: event.polls.filter(state="closed").exists() and event.polls.filter(state="open").exists(),
        lambda: event.announcements.count() > 1,
    ):
        repeat(visitors.moderate, done)

    before = set(Scan.objects.values_list("way", flat=True)), Scan.objects.count()
    monkeypatch.setattr(team, "LEAVING", 1)
    visitors.pass_door()
    monkeypatch.setattr(team, "LEAVING", 0)
    visitors.pass_door()
    assert list(Scan.objects.order_by("pk")[before[1] :].values_list("way", "let_in", "by__first_name")) == [
        ("exit", True, "Dunja"),
        ("entry", True, "Dunja"),
    ]


def test_who_waits_for_the_concert_gets_a_place_and_somebody_else_registers(visitors, monkeypatch):
    event = event_named("blue-hour")
    waiting = list(event.waitlist.waiting())
    visitors.wait()
    assert event.waitlist.count() == len(waiting) + 1
    offers = event.waitlist.offered().filter(user=None)
    repeat(visitors.cancel, offers.exists)
    monkeypatch.setattr("bookings.events.demo.queue.TAKING", 1)
    visitors.answer()
    taken = [entry.offer for entry in event.waitlist.filter(state="booked")]
    assert taken and taken[0].state == State.CONFIRMED and taken[0].was_paid
    monkeypatch.setattr("bookings.events.demo.queue.TAKING", 0)
    repeat(visitors.cancel, offers.exists)
    visitors.answer()
    assert event.waitlist.filter(state="left").count() == 1
    assert not event.waitlist.filter(user__isnull=False, state__in=("left", "booked")).exists(), "a visitor decides"

    ahead = event_named("gate-to-gate")
    before = ahead.registrations.filter(state=State.CONFIRMED).count() + event.registrations.count()
    visitors.register()
    assert ahead.registrations.filter(state=State.CONFIRMED).count() + event.registrations.count() == before + 1
    Event.objects.update(starts_at=event.starts_at - timedelta(days=40), ends_at=event.ends_at - timedelta(days=30))
    with pytest.raises(LookupError):
        visitors.vote()

"""Waitlists: first come, first served; offers that expire; many processes that serve one list at once."""

import logging
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from bookings import offers
from bookings.offers import AGAIN, serve_due
from tests.races import all_at_once
from tests.shared.cinema.models import CLAIM, Booking, Request, Screening
from verbs.refusals import Changed, IllegalMove


@pytest.fixture
def clock(time_machine):
    """Time stands still; ``clock.shift(…)`` moves it on."""
    time_machine.move_to("2026-11-21T18:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def screening(db):
    return Screening.objects.create()


@pytest.fixture
def join(screening):
    return lambda name, seats=1: Request.objects.join(screening, name, seats)


@pytest.fixture
def free(screening):
    """``free(2)``: two more seats can be had."""

    def add(seats):
        with transaction.atomic():
            screening.add_seats(seats)

    return add


def serve():
    return serve_due(Screening.objects.all())


def states():
    return {request.name: request.state for request in Request.objects.order_by("pk")}


# Who gets an offer


def test_the_first_that_came_gets_the_offer(join, free):
    join("Ada"), join("Grace")
    free(1)
    assert serve() == 1
    assert states() == {"Ada": "offered", "Grace": "waiting"}
    ada = Request.objects.get(name="Ada")
    assert (ada.offer.seats, ada.letters) == (1, 1)


def test_a_party_that_nothing_fits_is_passed_over_and_keeps_its_place(join, free):
    join("Four", 4), join("Two", 2)
    free(2)
    serve()
    assert states() == {"Four": "waiting", "Two": "offered"}
    free(4)
    serve()
    assert states() == {"Four": "offered", "Two": "offered"}


def test_several_offers_go_out_at_once(join, free):
    for name in ("Ada", "Grace", "Mary"):
        join(name)
    free(2)
    assert serve() == 2
    assert states() == {"Ada": "offered", "Grace": "offered", "Mary": "waiting"}


def test_nothing_is_offered_twice(join, free, screening):
    join("Ada"), join("Grace")
    free(1)
    serve()
    assert (screening.free(), serve()) == (0, 0)
    assert states() == {"Ada": "offered", "Grace": "waiting"}


def test_an_offer_that_the_app_refuses_to_hold_keeps_nobody_else_waiting(join, free, caplog):
    join("Nobody"), join("Ada")
    free(1)
    with caplog.at_level(logging.WARNING, "airside.waitlist"):
        assert serve() == 1
    assert states() == {"Nobody": "waiting", "Ada": "offered"}
    assert "The house knows you." in caplog.text


# What becomes of an offer


def test_an_offer_is_open_until_its_time_is_over(join, free, clock):
    join("Ada"), join("Grace")
    free(1)
    serve()
    clock.shift(CLAIM - timedelta(seconds=1))
    assert serve() == 0
    assert states() == {"Ada": "offered", "Grace": "waiting"}
    clock.shift(timedelta(seconds=1))
    assert serve() == 1, "found due by the moment at which the hold expires"
    assert states() == {"Ada": "lapsed", "Grace": "offered"}


def test_a_party_that_let_its_offer_lapse_gets_no_other(join, free, clock):
    join("Ada")
    free(1)
    serve()
    clock.shift(CLAIM)
    assert (serve(), serve()) == (0, 0)
    assert states() == {"Ada": "lapsed"}


def test_a_party_that_leaves_hands_its_offer_to_the_next(join, free):
    ada, _grace = join("Ada"), join("Grace")
    free(1)
    serve()
    ada.leave()
    assert serve() == 1
    assert states() == {"Ada": "left", "Grace": "offered"}


def test_a_claimed_offer_is_a_booking_and_claimed_twice_the_same(join, free, clock):
    ada = join("Ada")
    free(1)
    serve()
    booking = ada.claim()
    assert (booking.expires_at, ada.state) == (None, "booked")
    assert ada.claim() == booking and Booking.objects.count() == 1
    clock.shift(CLAIM)
    serve()
    assert states() == {"Ada": "booked"}


@pytest.mark.parametrize("end", ["lapse", "leave"])
def test_an_offer_that_is_over_cannot_be_claimed(join, free, end):
    ada = join("Ada")
    free(1)
    serve()
    getattr(ada, end)()
    with pytest.raises(IllegalMove, match=r"^This offer has expired\.$"):
        ada.claim()
    assert not Booking.objects.exists()


def test_a_party_without_an_offer_has_nothing_to_claim(join):
    with pytest.raises(IllegalMove):
        join("Ada").claim()


def test_nobody_leaves_twice(join):
    ada = join("Ada")
    ada.leave()
    with pytest.raises(IllegalMove, match=r"^Ada is not on the waitlist any more\.$"):
        ada.leave()


# Its entries are Tracked like all others


def test_each_step_is_history_and_published(join, free, screening, assert_published):
    ada = join("Ada")
    free(1)
    with assert_published(f"screening-{screening.pk}"):
        serve()
    ada.claim()
    steps = [(change.verb, change.before, change.after) for change in ada.changes.all()]
    assert steps == [("join", "", "waiting"), ("make_offer", "waiting", "offered"), ("settle", "offered", "booked")]


def test_an_older_view_of_an_entry_is_refused(join, free):
    ada = join("Ada")
    seen = ada.revision
    free(1)
    serve()
    with pytest.raises(Changed):
        ada.leave(seen=seen)
    assert states() == {"Ada": "offered"}


# When it is served


def test_a_waitlist_that_is_not_due_is_not_looked_at(join, screening, django_assert_num_queries):
    join("Ada")
    serve()
    assert Screening.objects.get().waitlist_due_at is None
    with django_assert_num_queries(1):
        serve()


def test_it_is_due_at_the_earlier_of_two_moments(screening, clock):
    now = timezone.now()
    for minutes, due in ((10, 10), (20, 10), (5, 5)):
        with transaction.atomic():
            screening.lock()
            screening.serve_waitlist_at(now + timedelta(minutes=minutes))
        assert Screening.objects.get().waitlist_due_at == now + timedelta(minutes=due)


def test_a_hold_that_was_there_before_is_offered_when_it_expires(join, screening, free, clock):
    """Neither the hold nor its end is an event: it is found when the waitlist is served."""
    free(1)
    Booking.objects.create(screening=screening, seats=1, expires_at=timezone.now() + CLAIM)
    join("Ada")
    assert serve() == 0
    clock.shift(CLAIM)
    assert serve() == 1


def test_a_waitlist_whose_process_was_killed_is_served_again(join, free, clock, monkeypatch):
    join("Ada")
    free(1)

    def die(*_args):
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr(offers, "serve", die)
        with pytest.raises(SystemExit):
            serve()
    assert serve() == 0, "for all we know the other process is still at it"
    clock.shift(AGAIN)
    assert serve() == 1


def test_what_is_freed_while_it_is_served_is_offered_by_the_next_serving(join, free, monkeypatch):
    """The looking is over, the waitlist not yet marked as served: what is freed now was not seen."""
    join("Ada")
    looked = offers.serve

    def serve_then_free(*args):
        made = looked(*args)
        free(1)
        return made

    with monkeypatch.context() as slow:
        slow.setattr(offers, "serve", serve_then_free)
        assert serve() == 0
    assert serve() == 1


# Many at once

ROUNDS, PROCESSES = 3, 6


@contextmanager
def everybody_looks_first(monkeypatch, serving):
    """The first look of each process, without the lock, is over before any of them goes on."""
    looked, first_fitting = threading.Barrier(serving), offers.first_fitting
    have_looked = threading.local()

    def look(*args):
        found = first_fitting(*args)
        if not hasattr(have_looked, "once"):
            have_looked.once = True
            looked.wait(30)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(offers, "first_fitting", look)
        yield


def serve_in(processes, screening):
    """The waitlist is served by all of these processes, though one alone would take it."""
    now = timezone.now()
    entries, look = next(iter(Screening.objects.get().waitlist.queues(screening, now)))
    return all_at_once(*[lambda: offers.serve(Screening.objects.get(), entries.all(), look, now)] * processes)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(ROUNDS))
def test_many_processes_offer_each_thing_once(join, free, screening, monkeypatch, _round):
    for number in range(4):
        join(f"Party {number}")
    free(2)
    with everybody_looks_first(monkeypatch, PROCESSES):
        ends = serve_in(PROCESSES, screening)
    assert sum(ends) == 2, ends
    assert list(states().values()) == ["offered", "offered", "waiting", "waiting"]
    assert screening.free() == 0
    assert [request.letters for request in Request.objects.order_by("pk")] == [1, 1, 0, 0]


@pytest.mark.parametrize("guarded", [True, False])
def test_a_look_at_what_has_been_offered_meanwhile_offers_nothing(join, free, screening, monkeypatch, guarded):
    """Another process offers the seat after this one has read that it is free. The second look, under the lock, tells.

    Without the second look the seat is offered twice.
    """
    join("Ada"), join("Grace")
    free(1)
    now, first_fitting = timezone.now(), offers.first_fitting
    others, answers = [], []
    ((entries, look),) = screening.waitlist.queues(screening, now)

    def look_slowly():
        match = look()
        if not others:
            others.append(offers.serve(screening, entries, look, now))
        return match

    def as_seen_before(waiting, any_look):
        if any_look is look:
            return first_fitting(waiting, look)
        answers.append(answers[0] if len(answers) == 1 else first_fitting(waiting, any_look))
        return answers[-1]

    if not guarded:
        monkeypatch.setattr(offers, "first_fitting", as_seen_before)
    made = offers.serve(screening, entries, look_slowly, now)
    assert (others, made, screening.free()) == ([1], *((0, 0) if guarded else (1, -1)))


@pytest.mark.django_db(transaction=True)
def test_whatever_is_freed_between_two_looks_goes_to_the_first_that_it_fits(join, free, monkeypatch):
    """Two seats are free and fit the second. Before the lock is taken there are four, and they fit the first."""
    join("Four", 4), join("Two", 2)
    free(2)
    first_fitting, looks = offers.first_fitting, []

    def free_more_after_the_first_look(*args):
        found = first_fitting(*args)
        if not looks:
            free(2)
        looks.append(found and found.entry.name)
        return found

    monkeypatch.setattr(offers, "first_fitting", free_more_after_the_first_look)
    assert serve() == 1
    assert looks[:2] == ["Two", "Four"]
    assert states() == {"Four": "offered", "Two": "waiting"}


@pytest.mark.django_db(transaction=True)
def test_a_claim_and_a_lapse_at_once_end_in_one_of_both(join, free, screening, clock):
    ada = join("Ada")
    free(1)
    serve()
    clock.shift(CLAIM)
    mine = lambda: Request.objects.get(pk=ada.pk)  # noqa: E731
    all_at_once(lambda: mine().claim(), serve, lambda: mine().leave())
    (booked,) = [request.state == "booked" for request in Request.objects.all()]
    assert Booking.objects.filter(expires_at=None).count() == booked
    assert screening.free() == (not booked)


@pytest.mark.django_db(transaction=True)
def test_what_commits_while_a_waitlist_is_taken_is_offered(join, free):
    """A verb has freed a seat and not yet committed it, on a waitlist that is due already: its mark changes nothing.

    Whoever takes the waitlist waits for the verb, by the lock. Otherwise it would look too early, and nobody again.
    """
    join("Ada")
    has_freed, is_served = threading.Event(), threading.Event()

    def free_slowly():
        with transaction.atomic():
            free(1)
            has_freed.set()
            is_served.wait(1)

    def serve_meanwhile():
        has_freed.wait(30)
        try:
            return serve()
        finally:
            is_served.set()

    assert all_at_once(free_slowly, serve_meanwhile) == [None, 1]

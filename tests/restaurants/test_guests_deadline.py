"""A guest's deadline is a rule of the verbs: it holds whichever address or program asks. Staff have none."""

from datetime import timedelta

import pytest

from bookings.restaurants.models import IllegalMove, Reservation, State, TooLate
from bookings.restaurants.models.guest_verbs import GuestVerbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(book, slot, time_machine):
    """A booking for 19:00 whose deadline was at 17:00; it is a minute later."""
    reservation = book("19:00")
    time_machine.move_to(slot("17:00") * 900 + 60)
    return reservation


def state():
    return Reservation.objects.get().state


@pytest.mark.parametrize("page", ["held/{}/give-back/", "booked/{}/cancel/", "booked/{}/change/"])
def test_no_address_of_guests_ends_or_changes_it_after_the_deadline(client, late, slot, page):
    before = Reservation.objects.get().starts_at
    answer = client.post("/restaurants/" + page.format(late.token), {"slot": slot("20:00"), "party": 2})
    assert answer.status_code in (303, 422)
    reservation = Reservation.objects.get()
    assert (reservation.state, reservation.starts_at) == (State.BOOKED, before)


def test_the_page_says_so(client, late):
    assert "too late to change it here" in client.post(f"/restaurants/booked/{late.token}/cancel/").text


def test_the_verbs_of_a_guest_refuse_by_themselves(late, slot, tables):
    for refused in (late.cancel, lambda: late.rebook(slot("20:00"), 2)):
        with pytest.raises(TooLate):
            refused()
    with pytest.raises(IllegalMove):
        late.release()
    assert state() == State.BOOKED


def test_without_the_rule_in_the_verb_it_would_be_cancelled(late, monkeypatch):
    monkeypatch.setattr(GuestVerbs, "check_deadline", lambda self: None)
    late.cancel()
    assert state() == State.CANCELLED


def test_staff_cancel_at_any_time(late, dora):
    late.cancel(by=dora)
    assert state() == State.CANCELLED


def test_until_the_deadline_the_guest_can(book, slot, time_machine):
    reservation = book("19:00")
    time_machine.move_to(slot("17:00") * 900 - 60)
    reservation.rebook(slot("19:30"), 2)
    reservation.cancel()
    assert state() == State.CANCELLED


def test_a_hold_is_given_back_and_not_cancelled(hold):
    held = hold("19:00")
    with pytest.raises(IllegalMove, match="not booked yet"):
        held.cancel()
    held.release()
    assert state() == State.CANCELLED


def test_a_guest_changes_to_what_guests_may_book_only(book, slot, bistro, tomorrow):
    """Under the lock, in the verb: pacing, the largest party, the days ahead."""
    bistro.services.update(pace_online=2)
    first = book("18:00")
    book("19:00", name="Grace", email="grace@example.org")
    for refused in (
        lambda: first.rebook(slot("19:00"), 2),
        lambda: first.rebook(slot("19:00"), 50),
        lambda: first.rebook(slot("23:00"), 2),
        lambda: first.rebook(slot("19:00", tomorrow + timedelta(days=400)), 2),
    ):
        with pytest.raises(Exception) as refusal:
            refused()
        assert str(refusal.value) and refusal.type.__module__.startswith(("bookings", "verbs"))
    first.refresh_from_db()
    assert first.first == slot("18:00")

"""What time ends is written down, and a cancelled event ends its registrations; the command says whether all adds up."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bookings.events.lapsing import end_cancelled, lapse_expired
from bookings.events.models import Quota, State
from checkout.models import Refund


def test_what_was_held_is_released_and_what_was_not_paid_lapses(make_event, hold_places, register, time_machine):
    event = make_event(slug="paid", types={"Adult": 2500})
    held, unpaid, paid = hold_places(event=event), register(event=event), register(event=event, is_paid=True)
    later = timezone.now() + timedelta(minutes=31)
    time_machine.move_to(later)
    assert lapse_expired(later) == 2
    for registration, state in ((held, State.RELEASED), (unpaid, State.LAPSED), (paid, State.CONFIRMED)):
        registration.refresh_from_db()
        assert registration.state == state
    assert lapse_expired(later) == 0


def test_a_cancelled_event_ends_its_registrations_and_gives_back(make_event, register):
    event = make_event(slug="paid", types={"Adult": 2500})
    registration = register(2, event=event, is_paid=True)
    event.call_off("The hall is flooded.")
    assert end_cancelled(timezone.now()) == 1
    registration.refresh_from_db()
    assert registration.state == State.CANCELLED and registration.reason == "The hall is flooded."
    assert [refund.amount for refund in Refund.objects.all()] == [5000]
    assert end_cancelled(timezone.now()) == 0


def test_one_fault_does_not_keep_others(event, register, monkeypatch):
    first, second = register(name="Ada"), register(name="Grace", email="grace@example.org")
    call_off = type(first).call_off

    def fails_for_the_first(self, reason):
        if self.pk == first.pk:
            raise ValueError("a fault")
        return call_off(self, reason)

    monkeypatch.setattr(type(first), "call_off", fails_for_the_first)
    event.call_off("No heating.")
    with pytest.raises(ExceptionGroup):
        end_cancelled(timezone.now())
    second.refresh_from_db()
    assert second.state == State.CANCELLED


def test_the_command_says_what_does_not_add_up(event, register, capsys):
    """open-event-server 6653: the ledger's sum equals the rows behind it."""
    registration = register(3)
    call_command("check_places")
    assert "All places add up." in capsys.readouterr().out
    Quota.objects.update(taken=1)
    registration.places.first().delete()
    with pytest.raises(CommandError, match="2 things"):
        call_command("check_places")
    words = capsys.readouterr().err
    assert "1 taken are written down, 2 rows are there" in words and "3 tickets, 2 places" in words

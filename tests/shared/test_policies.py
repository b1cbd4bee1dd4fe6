"""What a guest agreed to stays as it was."""

from datetime import UTC, datetime, timedelta

from tests.shared.tickets.models import Ticket

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)


def test_the_terms_are_kept_with_the_booking(db):
    ticket = Ticket()
    ticket.agree("Free until two hours before.", cancel_until=NOW)
    ticket.save()
    ticket.refresh_from_db()
    assert (ticket.policy, ticket.cancel_until) == ("Free until two hours before.", NOW)


def test_it_can_be_cancelled_until_then():
    ticket = Ticket(cancel_until=NOW)
    assert ticket.is_cancellable(NOW - timedelta(seconds=1))
    assert ticket.is_cancellable(NOW)
    assert not ticket.is_cancellable(NOW + timedelta(seconds=1))


def test_what_nobody_has_agreed_to_cannot_be_cancelled_by_its_terms():
    assert not Ticket().is_cancellable(NOW)

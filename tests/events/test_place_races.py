"""Many at the same moment: no place is sold twice, no voucher is used too often, and who loses is told. On both databases."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, models

from bookings.events.models import Capacity, Full, NotValid, Quota, Registration, State, Voucher, registering
from bookings.events.models.auditing import audit
from checkout.models import Payment, Refund
from tests.paying import come
from tests.races import all_at_once, answers_at_once, faults
from verbs.refusals import IllegalMove

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(registration):
    return Registration.objects.get(pk=registration.pk)


def live_tickets(event):
    return event.tickets.filter(cancelled_at=None, registration__state__in=[State.HELD, State.UNPAID, State.CONFIRMED])


def test_of_many_after_the_last_places_as_many_get_one(event, hold_places):
    """HiEvents 466, eventespresso 109: free is never below nothing."""
    hold_places(7)
    outcomes = all_at_once(*[hold_places] * 10)
    assert len(faults(outcomes, Full)) == 7
    assert live_tickets(event).count() == 10 and audit(event) == []


def test_groups_take_all_or_nothing(event, hold_places):
    outcomes = all_at_once(*[lambda: hold_places(4)] * 4)
    assert len(faults(outcomes, Full)) == 2
    assert live_tickets(event).count() == 8 and audit(event) == []


def test_two_baskets_of_one_instant_for_the_last_place(event, hold_places):
    """eventyay 1359: whatever the hurry, no path writes a place without the lock and the count."""
    hold_places(9)
    outcomes = all_at_once(
        lambda: hold_places().book("A", "a@example.org"), lambda: hold_places().book("B", "b@example.org")
    )
    assert len(faults(outcomes)) == 1
    assert Registration.objects.filter(state=State.CONFIRMED).count() == 1


def test_types_that_share_quotas_in_another_order_never_wait_for_each_other(make_event, hold_places):
    event = make_event(slug="talks", size=6, types={"A": 0, "B": 0})
    a, b = event.types.all()
    a.quotas.add(event.quotas.create(name="A", size=6))
    b.quotas.add(event.quotas.create(name="B", size=6))
    one = lambda: hold_places({"A": 1, "B": 1}, event=event)  # noqa: E731
    other = lambda: hold_places({"B": 1, "A": 1}, event=event)  # noqa: E731
    outcomes = all_at_once(*[one, other] * 3)
    assert len(faults(outcomes)) == len(faults(outcomes, Full)) == 3
    assert audit(event) == []


def test_one_key_sent_many_times_at_once_is_one_hold(event, hold_places):
    key = uuid4()
    made = answers_at_once(*[lambda: hold_places(3, key=key)] * 5)
    assert len({one.pk for one in made}) == 1 and live_tickets(event).count() == 3


def test_a_voucher_for_three_is_used_three_times(event, hold_places):
    """eventyay 1398, saleor 544: five at once on a voucher for three."""
    Voucher.objects.issue(event, "THREE", most=3)
    outcomes = all_at_once(*[lambda: hold_places(voucher="THREE")] * 5)
    assert len(faults(outcomes, NotValid)) == 2
    assert Voucher.objects.get().uses == 3 and audit(event) == []


def test_cancelled_many_times_at_once_it_is_free_once(make_event, register):
    event = make_event(slug="paid", types={"Adult": 2500})
    registration = register(3, event=event, is_paid=True)
    outcomes = all_at_once(*[lambda: fresh(registration).cancel()] * 5)
    assert len(faults(outcomes, IllegalMove)) == 4
    assert Quota.objects.get(event=event).taken == 0
    assert [refund.amount for refund in Refund.objects.all()] == [7500]


def test_money_comes_while_its_time_is_over(make_event, register, hold_places, time_machine):
    """The last place: paid late, or taken by somebody else; never both."""
    event = make_event(slug="paid", size=1, types={"Adult": 2500})
    registration = register(event=event)
    payment = Payment.objects.begin(registration)
    time_machine.move_to(registration.expires_at)
    all_at_once(lambda: come(payment), lambda: hold_places(event=event))
    assert live_tickets(event).exclude(registration=registration).count() == 1
    assert fresh(registration).state != State.CONFIRMED and Refund.objects.count() == 1
    assert audit(event) == []


def test_lowering_a_quota_while_people_come(event, hold_places):
    quota = event.quotas.get()
    hold_places(5)
    all_at_once(*[hold_places] * 6, lambda: type(event).objects.get(pk=event.pk).resize(quota, 7))
    assert audit(event) == []
    assert live_tickets(event).count() >= 7


class TestWithoutTheGuards:
    """What each guard is for: without the lock the CHECK holds; without both a place is sold twice."""

    def unlocked(self, monkeypatch):
        """Everybody counts before anybody writes."""

        def locked(cls, event, now):
            return cls(event, now, list(Quota.objects.filter(event=event.pk)), is_locked=True)

        monkeypatch.setattr(Capacity, "locked", classmethod(locked))
        monkeypatch.setattr(Capacity, "fits", lambda self, wanted: True)

    def test_without_the_lock_the_check_holds(self, event, hold_places, monkeypatch):
        hold_places(8)
        self.unlocked(monkeypatch)
        outcomes = all_at_once(*[hold_places] * 6)
        assert len(faults(outcomes, Full)) == 4
        assert live_tickets(event).count() == 10

    def test_without_both_it_is_sold_twice(self, event, hold_places, monkeypatch):
        hold_places(8)
        self.unlocked(monkeypatch)
        Quota.objects.update(ceiling=models.F("size") + 100)
        all_at_once(*[hold_places] * 6)
        assert live_tickets(event).count() == 14

    def test_without_the_lock_the_check_holds_for_a_voucher(self, event, hold_places, monkeypatch):
        Voucher.objects.issue(event, "THREE", most=3)
        self.unlocked(monkeypatch)
        self.unlocked_voucher(monkeypatch)
        outcomes = all_at_once(*[lambda: hold_places(voucher="THREE")] * 5)
        assert len(faults(outcomes, IntegrityError)) == len(faults(outcomes)) == 2
        assert Voucher.objects.get().uses == 3 and live_tickets(event).count() == 3

    def test_without_both_a_voucher_is_used_too_often(self, event, hold_places, monkeypatch):
        Voucher.objects.issue(event, "THREE", most=3)
        self.unlocked(monkeypatch)
        self.unlocked_voucher(monkeypatch)
        Voucher.objects.update(most=models.F("most") + 100)
        assert faults(all_at_once(*[lambda: hold_places(voucher="THREE")] * 5)) == []
        assert Voucher.objects.get().uses == 5

    def unlocked_voucher(self, monkeypatch):
        """Everybody has read it when nobody had used it."""
        unused = Voucher.objects.get()
        monkeypatch.setattr(registering, "check_voucher", lambda *_asked: unused)

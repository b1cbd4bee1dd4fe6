"""Registering: from the hold to the ticket, and what is refused on the way."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.events.models import (
    Capacity,
    Closed,
    Event,
    Full,
    IllegalMove,
    NotValid,
    Registration,
    State,
    TicketType,
    Unfit,
    Use,
    Voucher,
)
from bookings.events.models.auditing import audit
from checkout.models import Refund
from once import KeyUsed
from strangers import Asker
from tests.cast.events import pay_for

MINUTE = timedelta(minutes=1)


def free(event):
    return Capacity.read(event, timezone.now()).free(event.quotas.first().pk)


def used(event, use):
    return Capacity.read(event, timezone.now()).ledger()[0].uses[use]


@pytest.fixture(autouse=True)
def adds_up(db, time_machine):
    """After each test the ledgers equal the rows."""
    yield
    assert [sentence for event in Event.objects.all() for sentence in audit(event)] == []


def test_the_same_key_is_the_same_hold(event, hold_places):
    key = uuid4()
    assert hold_places(2, key=key) == hold_places(2, key=key)
    assert free(event) == 8


def test_a_key_of_another_event_is_refused(event, make_event, hold_places):
    key = uuid4()
    hold_places(1, key=key)
    with pytest.raises(KeyUsed):
        hold_places(1, key=key, event=make_event(slug="talks"))


def test_a_hold_of_the_same_browser_makes_way(event, hold_places):
    """HiEvents 790: going back to the booking page does not find one's own hold in the way."""
    asker = Asker("address", "browser")
    first = hold_places(10, asker=asker)
    hold_places(9, asker=asker)
    first.refresh_from_db()
    assert first.state == State.RELEASED and free(event) == 1


def test_a_hold_is_extended_once(event, hold_places):
    held = hold_places()
    until = held.expires_at
    held.extend()
    assert held.expires_at > until
    with pytest.raises(IllegalMove):
        held.extend()


def test_a_hold_whose_time_is_over_can_not_be_booked(event, hold_places, time_machine):
    held = hold_places(10)
    time_machine.move_to(timezone.now() + 11 * MINUTE)
    other = hold_places(10)
    with pytest.raises(IllegalMove):
        held.book("Ada", "ada@example.org")
    assert other.state == State.HELD and free(event) == 0


@pytest.mark.parametrize("wanted", [{}, {"Adult": -1}, {"Adult": 11}])
def test_absurd_numbers_are_refused(event, hold_places, wanted):
    with pytest.raises(Unfit):
        hold_places(wanted)
    assert free(event) == 10


def test_a_type_of_another_event_is_refused(event, make_event):
    other = make_event(slug="talks").types.get()
    with pytest.raises(Unfit):
        Registration.objects.hold(event, {other.pk: 1}, key=uuid4())


def test_past_and_cancelled_events_take_nobody(event, hold_places, time_machine):
    event.call_off("The hall is flooded.")
    with pytest.raises(Closed):
        hold_places()


def test_nothing_is_sold_once_it_has_begun(event, hold_places, time_machine):
    time_machine.move_to(event.starts_at + MINUTE)
    with pytest.raises(Closed):
        hold_places()


def test_what_costs_something_is_paid_in_time_or_lapses(make_event, register, time_machine):
    event = make_event(slug="paid", types={"Adult": 2500})
    registration = register(2, event=event)
    assert registration.state == State.UNPAID and used(event, Use.UNPAID) == 2
    time_machine.move_to(timezone.now() + 31 * MINUTE)
    assert free(event) == 10
    with pytest.raises(IllegalMove):
        registration.confirm()
    registration.lapse()
    assert registration.state == State.LAPSED


def test_refunds_are_exact(make_event, register):
    event = make_event(slug="paid", types={"Adult": 2500, "Child": 999})
    registration = register({"Adult": 1, "Child": 2}, event=event, is_paid=True)
    child = registration.tickets.filter(type__name="Child").first()
    registration.cancel_ticket(child)
    assert registration.total == 2500 + 999
    registration.cancel()
    assert sum(refund.amount for refund in Refund.objects.all()) == 2500 + 2 * 999
    assert free(event) == 10


def test_approval_keeps_the_places(event, register):
    TicketType.objects.update(needs_approval=True)
    registration = register(3)
    assert registration.state == State.PENDING and used(event, Use.PENDING) == 3
    registration.approve()
    assert registration.state == State.CONFIRMED and used(event, Use.SOLD) == 3


def test_without_the_ticket_that_needed_approval_the_others_wait_no_longer(make_event, register):
    event = make_event(slug="mixed", types={"Adult": 1000, "Speaker": 0})
    event.types.filter(name="Speaker").update(needs_approval=True)
    registration = register({"Adult": 1, "Speaker": 2}, event=event)
    speakers = registration.tickets.filter(type__name="Speaker")
    registration.cancel_ticket(speakers[0])
    assert registration.state == State.PENDING
    registration.cancel_ticket(speakers[1])
    assert registration.state == State.UNPAID and registration.amount_due().amount == 1000
    assert registration.expires_at is not None and used(event, Use.UNPAID) == 1


def test_declining_frees_them(event, register):
    TicketType.objects.update(needs_approval=True)
    registration = register(3)
    registration.decline("For crews only.")
    assert registration.state == State.DECLINED and free(event) == 10


def test_a_sold_out_event_lets_one_change_names(event, register):
    """HiEvents 823: an edit, a transfer and a swap use the place that is owned."""
    registration = register(10)
    ticket = registration.tickets.first()
    registration.change(names={ticket.pk: "Grace"})
    registration.transfer("Grace", "grace@example.org")
    other = TicketType.objects.create(event=event, name="Guest")
    other.quotas.add(event.quotas.get())
    secret = registration.tickets.first().secret
    registration.swap(registration.tickets.first(), other)
    ticket.refresh_from_db()
    assert ticket.type == other and ticket.secret == secret and free(event) == 0


def test_the_organiser_is_asked_for_a_type_that_needs_approval_and_for_no_other(make_event, register):
    event = make_event(slug="talks", types={"Adult": 0, "Press": 0})
    adult, press = event.types.all()
    TicketType.objects.filter(pk=press.pk).update(needs_approval=True)
    press.refresh_from_db()
    attendee, journalist = register({"Adult": 1}, event=event), register({"Press": 1}, event=event)
    with pytest.raises(Unfit, match="Press"):
        attendee.swap(attendee.tickets.get(), press)
    assert attendee.tickets.get().type == adult
    journalist.swap(journalist.tickets.get(), adult)
    assert journalist.state == State.CONFIRMED and audit(event) == []


def test_only_quotas_of_the_chosen_types_are_checked(make_event, hold_places):
    """HiEvents 1195: an overdrawn quota blocks its own types only."""
    event = make_event(slug="talks", size=1, types={"Adult": 0})
    other = TicketType.objects.create(event=event, name="Online")
    other.quotas.add(event.quotas.create(name="Online", size=5))
    hold_places({"Adult": 1}, event=event)
    event.resize(event.quotas.get(name="Hall"), 0)
    assert free(event) == -1
    hold_places({"Online": 2}, event=event)
    with pytest.raises(Full):
        hold_places({"Adult": 1}, event=event)


def test_what_is_left_is_the_least_of_the_quotas(make_event, hold_places):
    """HiEvents 215: never the shared capacity times the number of types."""
    event = make_event(slug="talks", size=10, types={"A": 0, "B": 0})
    a, b = event.types.all()
    for type_ in (a, b):
        type_.quotas.add(event.quotas.create(name=type_.name, size=6))
    with pytest.raises(Full):
        hold_places({"A": 6, "B": 4}, event=event) and hold_places({"A": 1}, event=event)
    capacity = Capacity.read(event, timezone.now())
    assert (capacity.available(a.pk), capacity.available(b.pk)) == (0, 0)


def test_the_refusal_says_which_type_ran_out(make_event, hold_places):
    """emfcamp 166: in words, and what is left of each."""
    event = make_event(slug="talks", size=10, types={"A": 0, "B": 0})
    b = event.types.get(name="B")
    b.quotas.add(event.quotas.create(name="few", size=1))
    with pytest.raises(Full, match="B") as refusal:
        hold_places({"A": 2, "B": 2}, event=event)
    assert refusal.value.left[b.pk] == 1


def test_lowering_below_use_is_allowed_and_shown(event, register):
    register(6)
    event.resize(event.quotas.get(), 4)
    assert free(event) == -2
    event.resize(event.quotas.get(), 7)
    assert free(event) == 1


def test_blocked_places_are_not_for_sale(event, hold_places):
    event.block(event.types.get(), 4, "Press")
    with pytest.raises(Full):
        hold_places(7)
    event.unblock(event.places.all()[:2])
    hold_places(8)


class TestVouchers:
    def test_it_reserves_and_comes_back(self, event, register, hold_places):
        adult = event.types.get()
        Voucher.objects.issue(event, "CREW-2026", most=4, type=adult, reserves=True)
        with pytest.raises(Full):
            hold_places(7)
        hold_places(6)
        registration = register(3, voucher="crew-2026")
        assert (used(event, Use.RESERVED), used(event, Use.SOLD)) == (1, 3)
        registration.cancel()
        assert (used(event, Use.RESERVED), free(event)) == (4, 0)
        assert Voucher.objects.get().uses == 0

    def test_a_hold_that_is_over_reserves_again(self, event, hold_places, time_machine):
        Voucher.objects.issue(event, "CREW-2026", most=4, type=event.types.get(), reserves=True)
        hold_places(4, voucher="CREW-2026")
        time_machine.move_to(timezone.now() + 11 * MINUTE)
        assert used(event, Use.RESERVED) == 4
        hold_places(4, voucher="CREW-2026")

    def test_no_more_than_there_is_can_be_reserved(self, event, register):
        """pretix 1238: deleting a voucher never releases places that never existed."""
        register(8)
        with pytest.raises(Full):
            Voucher.objects.issue(event, "MANY", most=5, type=event.types.get(), reserves=True)
        Voucher.objects.issue(event, "SOME", most=2, type=event.types.get(), reserves=True).withdraw()
        assert free(event) == 2

    def test_withdrawn_it_takes_no_place_from_those_who_used_it(self, event, register, hold_places):
        voucher = Voucher.objects.issue(event, "CREW-2026", most=5, type=event.types.get(), reserves=True)
        register(2, voucher="CREW-2026")
        held = hold_places(1, voucher="CREW-2026")
        voucher.withdraw()
        assert (used(event, Use.SOLD), used(event, Use.HELD), free(event)) == (2, 1, 7) and audit(event) == []
        held.book("Bea", "bea@example.org")
        held.cancel()
        assert (used(event, Use.RESERVED), free(event)) == (0, 8) and audit(event) == []

    def test_it_is_used_up(self, event, register):
        Voucher.objects.issue(event, "TEN-OFF", most=3, discount=10)
        register(2, voucher="TEN-OFF")
        with pytest.raises(NotValid, match="1 uses left"):
            register(2, voucher="TEN-OFF")

    def test_its_end_frees_what_it_reserves(self, event, time_machine):
        until = timezone.now() + 60 * MINUTE
        Voucher.objects.issue(event, "CREW", most=4, type=event.types.get(), reserves=True, valid_until=until)
        assert free(event) == 6
        time_machine.move_to(until)
        assert free(event) == 10

    def test_it_gives_a_price(self, make_event, register):
        event = make_event(slug="paid", types={"Adult": 999})
        Voucher.objects.issue(event, "HALF", most=3, discount=50)
        assert register(1, event=event, voucher="HALF").total == 500

    def test_hidden_types_need_one(self, event, hold_places):
        TicketType.objects.update(is_hidden=True)
        with pytest.raises(Unfit):
            hold_places()
        Voucher.objects.issue(event, "CREW", type=event.types.get())
        hold_places(voucher="CREW")

    def test_another_ticket_type_is_the_same_use(self, make_event, register):
        event = make_event(slug="talks", types={"Adult": 0, "Child": 0})
        Voucher.objects.issue(event, "TWO", most=2)
        registration = register({"Adult": 2}, event=event, voucher="TWO")
        for type_ in (event.types.get(name="Child"), event.types.get(name="Child"), event.types.get(name="Adult")):
            registration.swap(registration.tickets.first(), type_)
            assert Voucher.objects.get().uses == 2 and audit(event) == []
        registration.cancel()
        assert Voucher.objects.get().uses == 0

    def test_what_it_reserves_stays_with_its_ticket(self, event, register):
        Voucher.objects.issue(event, "CREW", most=2, type=event.types.get(), reserves=True)
        registration = register(1, voucher="CREW")
        registration.swap(registration.tickets.get(), event.types.get())
        assert (used(event, Use.RESERVED), used(event, Use.SOLD)) == (1, 1) and audit(event) == []

    def test_changing_it(self, event):
        voucher = Voucher.objects.issue(event, "CREW", most=4, type=event.types.get(), reserves=True)
        voucher.change(2, None)
        assert free(event) == 8
        voucher.change(10, None)
        assert free(event) == 0
        with pytest.raises(Full):
            voucher.change(11, None)


def test_a_late_payment_is_given_back_and_touches_no_other(make_event, register, time_machine):
    """saleor 15849: who loses does not undo the payment of who won."""
    event = make_event(slug="paid", size=1, types={"Adult": 2500})
    late = register(event=event)
    time_machine.move_to(timezone.now() + 31 * MINUTE)
    winner = register(event=event, name="Grace", email="grace@example.org")
    pay_for(winner)
    with pytest.raises(IllegalMove):
        late.confirm()
    winner.refresh_from_db()
    assert winner.state == State.CONFIRMED and not Refund.objects.exists()

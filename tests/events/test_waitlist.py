"""The waitlist through the database: whatever frees places serves it in the same transaction, and time does by itself."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from bookings.events.lapsing import end_cancelled, lapse_expired
from bookings.events.models import (
    Capacity,
    Event,
    Full,
    Left,
    Registration,
    State,
    Use,
    Voucher,
    WaitlistEntry,
    queueing,
)
from bookings.events.models.auditing import audit
from bookings.events.waiters import due
from bookings.events.waiters.due import close_waitlists, serve_waitlists
from post.models import Message

MINUTE = timedelta(minutes=1)


@pytest.fixture
def sold_out(make_event, register):
    """``sold_out(3)``: an event of three places, and a registration of each, in the order of their sale."""

    def make(size=3, **fields):
        event = make_event(size=size, slug="sold-out", **fields)
        return event, [register(1, name=f"Holder {number}", event=event) for number in range(size)]

    return make


@pytest.fixture
def after(time_machine):
    """``after(30)``: so many minutes later, and the periodic job has run."""

    def move(minutes):
        time_machine.move_to(timezone.now() + minutes * MINUTE)
        serve_waitlists(timezone.now())

    return move


def read(event):
    return Capacity.read(event, timezone.now())


def states(event):
    """What became of each party, by name."""
    return dict(event.waitlist.values_list("name", "state"))


def mails(name):
    """The subjects of the mails to a party, the oldest first."""
    return list(
        Message.objects.filter(to=f"{name.lower()}@example.org").order_by("pk").values_list("subject", flat=True)
    )


# Serving


def test_from_the_waitlist_to_the_ticket(sold_out):
    event, [first, *_others] = sold_out()
    entry = WaitlistEntry.objects.join(event, event.types.get(), 1, name="Wim", email="wim@example.org")
    assert entry.state == "waiting"
    first.cancel()
    entry.refresh_from_db()
    assert entry.state == "offered" and entry.offer.state == State.OFFERED
    assert read(event).available(event.types.get().pk) == 0
    Message.objects.update(state=Message.State.SENT)
    entry.offer.book("Wim", "wim@example.org")
    entry.refresh_from_db()
    assert entry.state == "booked" and entry.offer.state == State.CONFIRMED and audit(event) == []
    assert [subject.split(":")[0] for subject in mails("Wim")][:1] == ["You are on the waitlist"]
    assert any("A place for you until" in subject for subject in mails("Wim"))


def test_a_group_gathers_until_it_fits(sold_out, wait_for, after):
    """The first trace of the reference, and pretix 974: a party of three gets one offer for three."""
    event, holders = sold_out(4)
    group, single = wait_for(3, "Gina", event=event, minutes_ago=9), wait_for(1, "Sam", event=event, minutes_ago=8)
    for count, holder in enumerate(holders[:2], start=1):
        holder.cancel()
        group.refresh_from_db()
        assert group.places.count() == count and group.gathers_until is not None
        after(10)
    [row] = read(event).ledger()
    assert (row.uses[Use.SOLD], row.uses[Use.GATHERED], row.free) == (2, 2, 0)
    holders[2].cancel()
    group.refresh_from_db()
    single.refresh_from_db()
    assert group.state == "offered" and group.offer.tickets.count() == 3 and single.state == "waiting"
    assert group.gathers_until is None and audit(event) == []


def test_what_was_gathered_in_vain_goes_on(sold_out, wait_for, after):
    """The second trace: at thirty minutes both singles are served, and the group stays first."""
    event, holders = sold_out(4)
    group = wait_for(3, "Gina", event=event, minutes_ago=9)
    wait_for(1, "Sam", event=event, minutes_ago=8), wait_for(1, "Sue", event=event, minutes_ago=7)
    holders[0].cancel()
    after(10)
    holders[1].cancel()
    after(19)
    assert states(event) == {"Gina": "waiting", "Sam": "waiting", "Sue": "waiting"}
    after(1.1)
    assert states(event) == {"Gina": "waiting", "Sam": "offered", "Sue": "offered"}
    group.refresh_from_db()
    assert group.places.count() == 0 and group.gathers_until is None and group.passed_on_at is not None
    assert mails("Gina")[-1].startswith("Not enough places came together") and audit(event) == []


def test_the_public_sees_what_is_kept_and_cannot_buy_it(sold_out, wait_for, hold_places):
    event, holders = sold_out(4)
    wait_for(3, "Gina", event=event)
    holders[0].cancel()
    holders[1].cancel()
    found, adult = read(event), event.types.get().pk
    assert (found.public_left(adult), found.left(adult)) == (0, Left.GONE if found.free == 2 else Left.KEPT)
    with pytest.raises(Full):
        hold_places(1, event=event)


def test_who_waits_for_a_full_type_takes_nothing_from_another(make_event, register, wait_for, hold_places):
    """pretix 3628: I1 is full, I2 has five, the hall has five; five people wait for I1."""
    event = make_event(slug="two", size=10, types={"I1": 0, "I2": 0})
    one, two = event.types.all()
    one.quotas.add(event.quotas.create(name="I1", size=5))
    two.quotas.add(event.quotas.create(name="I2", size=5))
    register({"I1": 5}, event=event)
    for number in range(5):
        wait_for(1, f"P{number}", event=event)
    found = read(event)
    assert found.public_left(two.pk) == 5 and found.left(two.pk) == Left.FREE
    assert hold_places({"I2": 5}, event=event).state == State.HELD


def test_cancelling_a_place_from_the_waitlist_passes_it_to_the_next(sold_out, wait_for, after):
    """pretix 1163: an offer is used once."""
    event, [first, *_others] = sold_out(1)
    entry, following = wait_for(1, "Ann", event=event, minutes_ago=5), wait_for(1, "Ben", event=event)
    first.cancel()
    entry.refresh_from_db()
    entry.offer.book("Ann", "ann@example.org")
    entry.offer.refresh_from_db()
    entry.offer.cancel()
    following.refresh_from_db()
    assert following.state == "offered" and states(event)["Ann"] == "booked"
    Message.objects.update(state=Message.State.SENT)
    after(31)
    assert states(event) == {"Ann": "booked", "Ben": "lapsed"} and read(event).public_left(event.types.get().pk) == 1


def test_an_offer_that_is_not_taken_goes_on_by_itself(sold_out, wait_for, after):
    event, [first, *_others] = sold_out(1)
    wait_for(1, "Ann", event=event, minutes_ago=5), wait_for(1, "Ben", event=event)
    first.cancel()
    Message.objects.update(state=Message.State.SENT)
    after(29)
    assert states(event) == {"Ann": "offered", "Ben": "waiting"}
    after(1.1)
    assert states(event) == {"Ann": "lapsed", "Ben": "offered"}
    assert mails("Ann")[-1] == "Your offer has expired: Concert" and audit(event) == []


def test_a_public_hold_serves_first_where_no_job_runs(sold_out, wait_for, hold_places, time_machine):
    event, [first, *_others] = sold_out(1)
    wait_for(1, "Ann", event=event, minutes_ago=5), wait_for(1, "Ben", event=event)
    first.cancel()
    Message.objects.update(state=Message.State.SENT)
    time_machine.move_to(timezone.now() + 31 * MINUTE)
    with pytest.raises(Full):
        hold_places(1, event=event)
    serve_waitlists(timezone.now())
    assert states(event) == {"Ann": "lapsed", "Ben": "offered"}


def test_a_party_that_could_not_be_told_waits_on(sold_out, wait_for, after):
    event, [first, *_others] = sold_out(1)
    wait_for(1, "Ann", event=event)
    first.cancel()
    after(31)
    assert states(event) == {"Ann": "offered"}, "its mail was never sent: it has the next offer"


def test_an_address_that_is_refused_is_passed_at_once(sold_out, wait_for):
    event, [first, *_others] = sold_out(1)
    wait_for(1, "Ann", event=event, minutes_ago=5), wait_for(1, "Ben", event=event)
    first.cancel()
    message = Message.objects.filter(to="ann@example.org").latest("pk")
    claimed = Message.objects.claim(message.pk, timezone.now())
    claimed.refused("no such user", timezone.now())
    assert states(event) == {"Ann": "lapsed", "Ben": "offered"}


def test_an_offer_whose_mail_was_late_lasts_from_then_on(sold_out, wait_for, time_machine):
    event, [first, *_others] = sold_out(1)
    entry = wait_for(1, "Ann", event=event)
    first.cancel()
    time_machine.move_to(timezone.now() + 20 * MINUTE)
    message = Message.objects.filter(to="ann@example.org").latest("pk")
    Message.objects.claim(message.pk, timezone.now()).sent(timezone.now())
    entry.refresh_from_db()
    assert entry.offer.expires_at > timezone.now() + 29 * MINUTE and audit(event) == []
    assert set(entry.offer.places.values_list("expires_at", flat=True)) == {entry.offer.expires_at}


# Whatever frees places


def test_a_hold_that_expires_is_offered_by_the_job(make_event, hold_places, wait_for, after):
    event = make_event(slug="sold-out", size=1)
    hold_places(1, event=event)
    wait_for(1, "Ann", event=event)
    after(9)
    assert states(event) == {"Ann": "waiting"}
    after(1.1)
    assert states(event) == {"Ann": "offered"}


def test_a_hold_that_is_given_back_is_offered_at_once(make_event, hold_places, wait_for):
    event = make_event(slug="sold-out", size=1)
    held = hold_places(1, event=event)
    wait_for(1, "Ann", event=event)
    held.release()
    assert states(event) == {"Ann": "offered"}


def test_what_is_not_paid_goes_on(make_event, register, wait_for, time_machine):
    event = make_event(slug="sold-out", size=1, types={"Adult": 900})
    register(1, event=event)
    wait_for(1, "Ann", event=event)
    time_machine.move_to(timezone.now() + 31 * MINUTE)
    lapse_expired(timezone.now())
    assert states(event) == {"Ann": "offered"}


def test_one_ticket_of_a_group(make_event, register, wait_for):
    event = make_event(slug="sold-out", size=3)
    registration = register(3, event=event)
    wait_for(1, "Ann", event=event)
    registration.cancel_ticket(registration.tickets.last())
    assert states(event) == {"Ann": "offered"}


def test_more_places_go_to_those_who_wait_first_and_the_rest_to_all(sold_out, wait_for):
    """open-event-server 3366."""
    event, _holders = sold_out(2)
    wait_for(3, "Gina", event=event, minutes_ago=5), wait_for(1, "Sam", event=event)
    event.resize(event.quotas.get(), 8)
    assert states(event) == {"Gina": "offered", "Sam": "offered"}
    assert read(event).public_left(event.types.get().pk) == 2 and audit(event) == []


def test_unblocked_places_are_offered(make_event, wait_for):
    event = make_event(slug="sold-out", size=2)
    event.block(event.types.get(), 2, "Press")
    wait_for(2, "Ann", event=event)
    event.unblock(event.places.all())
    assert states(event) == {"Ann": "offered"}


def test_a_voucher_that_is_withdrawn_frees_what_it_reserved_and_no_more(make_event, wait_for):
    """pretix 1238: with a quota that is overdrawn, nothing is offered that does not exist."""
    event = make_event(slug="sold-out", size=3)
    adult = event.types.get()
    voucher = Voucher(event=event, code="CREW", type=adult, most=3, reserves=True)
    voucher.save()
    with transaction.atomic():
        voucher.reserve(Capacity.locked(event, timezone.now()), 3)
    for name in ("Ann", "Ben", "Cem"):
        wait_for(1, name, event=event)
    event.resize(event.quotas.get(), 1)
    Voucher.objects.get().withdraw()
    assert sorted(states(event).values()) == ["offered", "waiting", "waiting"] and audit(event) == []


def test_whatever_was_changed_by_hand_is_seen_within_a_minute(sold_out, wait_for, after):
    event, _holders = sold_out(1)
    wait_for(1, "Ann", event=event)
    after(0.1)
    event.quotas.update(size=2, ceiling=2)
    after(1.1)
    assert states(event) == {"Ann": "offered"}


# Leaving


def test_what_is_given_back_on_the_page_of_the_form_is_declined(sold_out, wait_for):
    event, [first, *_others] = sold_out(1)
    entry = wait_for(1, "Ann", event=event, minutes_ago=5)
    wait_for(1, "Ben", event=event)
    first.cancel()
    Registration.objects.get(waitlist_entry=entry).release()
    assert states(event) == {"Ann": "left", "Ben": "offered"}


def test_a_group_that_leaves_while_it_gathers(sold_out, wait_for):
    event, holders = sold_out(3)
    group = wait_for(3, "Gina", event=event, minutes_ago=5)
    wait_for(2, "Tom", event=event, minutes_ago=4), wait_for(1, "Sam", event=event)
    holders[0].cancel()
    group.refresh_from_db()
    group.leave()
    assert states(event) == {"Gina": "left", "Tom": "waiting", "Sam": "offered"} and audit(event) == []


# Deadlines


def test_no_deadline_lies_after_the_end_of_the_sale_or_the_beginning(make_event, register, wait_for):
    """pretix 681."""
    event = make_event(slug="sold-out", size=2, hours_ahead=0.25)
    holder = register(1, event=event)
    register(1, event=event)
    wait_for(1, "Ann", event=event, minutes_ago=5), wait_for(2, "Gina", event=event)
    Event.objects.update(cancel_before=0)
    event.refresh_from_db()
    Registration.objects.get(pk=holder.pk).call_off()
    entry = event.waitlist.get(name="Ann")
    assert entry.offer.expires_at == event.starts_at == entry.offered_until


def test_after_the_sale_nothing_is_offered_and_the_waitlist_closes(sold_out, wait_for, time_machine):
    event, [first, *_others] = sold_out(1)
    wait_for(1, "Ann", event=event)
    event.sale_until = timezone.now() + MINUTE
    event.save()
    time_machine.move_to(timezone.now() + 2 * MINUTE)
    Registration.objects.get(pk=first.pk).call_off()
    assert states(event) == {"Ann": "waiting"}
    assert close_waitlists(timezone.now()) == 1
    assert states(event) == {"Ann": "lapsed"} and mails("Ann")[-1] == "The waitlist is closed: Concert"


def test_an_event_that_is_moved_takes_its_offers_along(sold_out, wait_for):
    event, [first, *_others] = sold_out(1)
    wait_for(1, "Ann", event=event)
    first.cancel()
    soon = timezone.now() + 10 * MINUTE
    event.refresh_from_db()
    event.move(soon, soon + timedelta(hours=1))
    entry = event.waitlist.get()
    assert entry.offer.expires_at == soon and set(entry.offer.places.values_list("expires_at", flat=True)) == {soon}


def test_a_cancelled_event_ends_its_waitlist(sold_out, wait_for):
    event, [first, *_others] = sold_out(2)
    wait_for(1, "Ann", event=event, minutes_ago=5), wait_for(1, "Ben", event=event)
    first.cancel()
    event.refresh_from_db()
    event.call_off("Storm")
    assert states(event) == {"Ann": "lapsed", "Ben": "waiting"}
    close_waitlists(timezone.now())
    end_cancelled(timezone.now())
    assert set(states(event).values()) == {"lapsed"}
    assert mails("Ann")[-1] == mails("Ben")[-1] == "The waitlist is closed: Concert"


def test_who_waited_for_the_lock_does_not_offer_at_an_event_that_was_cancelled_meanwhile(sold_out, wait_for):
    event, [first, *_others] = sold_out(1)
    wait_for(1, "Ann", event=event)
    first.event  # noqa: B018  read before the event is cancelled
    Event.objects.get(pk=event.pk).call_off("Storm")
    first.cancel()
    assert states(event) == {"Ann": "waiting"}


def test_many_offers_are_made_some_at_a_time(event, register, wait_for, monkeypatch):
    """What is not offered yet is nobody else's: the lock is free between two steps."""
    monkeypatch.setattr(queueing, "AT_ONCE", 3)
    monkeypatch.setattr(due, "REST", 0)
    register(10)
    for number in range(8):
        wait_for(1, f"Party{number}", minutes_ago=20 - number)
    event.resize(event.quotas.get(), 18)
    assert list(states(event).values()) == ["offered"] * 3 + ["waiting"] * 5
    with pytest.raises(Full):
        Registration.objects.hold(event, {event.types.get().pk: 1}, uuid4())
    event.refresh_from_db()
    assert event.waitlist_due_at <= timezone.now()
    assert serve_waitlists(timezone.now()) == 1
    assert set(states(event).values()) == {"offered"} and audit(event) == []
    event.refresh_from_db()
    assert event.waitlist_due_at > timezone.now()


@pytest.mark.parametrize("at_once", [1, 20])
def test_a_group_gathers_the_same_however_many_offers_are_made_at_once(at_once, event, register, wait_for, monkeypatch):
    monkeypatch.setattr(queueing, "AT_ONCE", at_once)
    monkeypatch.setattr(due, "REST", 0)
    leaving = register(5)
    register(5)
    for number, (size, name) in enumerate([(1, "Ann"), (1, "Ben"), (4, "Group"), (1, "Cat"), (1, "Dan")]):
        wait_for(size, name, minutes_ago=20 - number)
    leaving.cancel()
    serve_waitlists(timezone.now())
    assert states(event) == {"Ann": "offered", "Ben": "offered", "Group": "waiting", "Cat": "waiting", "Dan": "waiting"}
    assert event.waitlist.get(name="Group").places.count() == 3
    assert read(event).public_left(event.types.get().pk) == 0 and audit(event) == []

"""The waitlist: who is offered what becomes free, for how long, and who comes next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.restaurants.hosts.regions.entries import WaitlistEntryState
from bookings.restaurants.models import Reservation, State, WaitlistEntry
from bookings.restaurants.models.waitlist import CLAIM, serve_waitlists
from post.models import Message
from post.sending import send_due
from tests.post.conftest import mail_server  # noqa: F401  (a fixture)
from tests.races import answers_at_once
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def full(bistro, book):
    """Both tables for four and both for two are booked at 19:00, each for as long as dinner lasts."""
    bistro.services.get().turns.update(minutes=300)
    return [book("19:00", 4), book("19:00", 4), book("19:00", 2), book("19:00", 2)]


@pytest.fixture
def wish(bistro, slot, tomorrow):
    """``wish("Mia", 4)``: from 18:30 to 19:30."""

    def make(name, party=4, first="18:30", last="19:30"):
        email = f"{name.lower()}@example.org"
        times = {"first": slot(first), "last": slot(last)}
        return WaitlistEntry.objects.join(bistro, tomorrow, party=party, name=name, email=email, **times)

    return make


def state_of(wish):
    wish.refresh_from_db()
    return wish.state


def test_a_cancelled_table_is_offered_to_the_first_that_fits(full, wish, assert_published):
    big, first, second = wish("Big", 7), wish("First"), wish("Second")
    with assert_published(f"restaurant-waiting-waitlist-{first.pk}"):
        full[0].cancel()
        serve_waitlists()
    assert [state_of(each) for each in (big, first, second)] == ["waiting", "offered", "waiting"]
    assert first.offer.state == State.HELD
    assert [table.name for table in first.offer.tables.all()] == ["T3"]
    offered = Message.objects.about(first).get()
    assert offered.to == "first@example.org" and first.token in offered.body


def test_an_offer_that_is_taken_is_a_booking(full, wish):
    first = wish("First")
    full[0].cancel()
    serve_waitlists()
    state_of(first)
    first.offer.confirm("First", "first@example.org")
    assert state_of(first) == "booked"
    serve_waitlists()
    assert state_of(first) == "booked" and first.offer.state == State.BOOKED


def test_an_offer_is_held_for_15_minutes(full, wish, slot, time_machine):
    time_machine.move_to(slot("12:00") * 900, tick=False)
    first = wish("First")
    full[0].cancel()
    serve_waitlists()
    state_of(first)
    assert first.offer.expires_at == timezone.now() + timedelta(minutes=15)


def test_a_restaurant_where_nothing_has_changed_is_not_looked_at(full, wish, django_assert_num_queries):
    wish("First")
    serve_waitlists()
    with django_assert_num_queries(1):
        serve_waitlists()


def test_an_offer_that_nobody_takes_goes_to_the_next(full, wish, time_machine):
    first, second = wish("First"), wish("Second")
    full[0].cancel()
    serve_waitlists()
    send_due()
    state_of(first)
    time_machine.move_to(first.offer.expires_at - timedelta(seconds=1))
    serve_waitlists()
    assert (state_of(first), state_of(second)) == ("offered", "waiting")
    time_machine.move_to(first.offer.expires_at + timedelta(seconds=1))
    serve_waitlists()
    assert (state_of(first), state_of(second)) == ("lapsed", "offered")
    assert first.offer.state == State.CANCELLED, "who was late can't take it any more"
    assert len({message.to for message in Message.objects.filter(subject__contains="kept for you")}) == 2


def test_an_offer_whose_mail_could_not_be_sent_lapses_untold_for_nobody(full, wish, time_machine):
    first, second = wish("First"), wish("Second")
    full[0].cancel()
    for _round in range(4):
        serve_waitlists()
        assert (state_of(first), state_of(second)) == ("offered", "waiting")
        message = Message.objects.about(first).get()
        assert first.offer.clock(first.offer.expires_at) in message.subject, "and there is no older one"
        time_machine.move_to(first.offer.expires_at + timedelta(seconds=1))
    serve_waitlists()
    send_due()
    assert Message.objects.about(first).get().state == "sent"


def test_an_offer_lasts_from_when_its_mail_was_sent(full, wish, time_machine, assert_published):
    first = wish("First")
    full[0].cancel()
    serve_waitlists()
    state_of(first)
    promised = first.offer.expires_at
    time_machine.move_to(promised - timedelta(minutes=2))
    with assert_published(f"restaurant-waiting-waitlist-{first.pk}", f"reservation-{first.offer_id}"):
        send_due()
    state_of(first)
    assert first.offer.expires_at >= promised - timedelta(minutes=2) + CLAIM
    time_machine.move_to(promised + timedelta(seconds=1))
    serve_waitlists()
    assert state_of(first) == "offered"
    time_machine.move_to(first.offer.expires_at + timedelta(seconds=1))
    serve_waitlists()
    assert state_of(first) == "lapsed", "though it was looked at meanwhile"


def test_a_refused_address_is_passed_over_at_once(full, wish, mail_server):  # noqa: F811
    first, second = wish("First"), wish("Second")
    full[0].cancel()
    serve_waitlists()
    server = mail_server({"RCPT first@example.org": "550 no such user"})
    send_due()
    assert state_of(first) == "lapsed"
    panel = WaitlistEntryState(slug="bistro", pk=first.pk).render().html
    assert "Mail to first@example.org was refused" in panel
    serve_waitlists()
    send_due()
    assert state_of(second) == "offered"
    assert [to for to, _mail in server.taken if to != "ada@example.org"] == ["second@example.org"]


def test_an_offer_that_is_taken_before_its_mail_was_sent_is_not_written_of(full, wish):
    first = wish("First")
    full[0].cancel()
    serve_waitlists()
    state_of(first)
    first.claim()
    assert not Message.objects.about(first).exists()
    assert Message.objects.about(first.offer).get().subject.startswith("Your table at Bistro")


def test_who_leaves_gives_the_offer_to_the_next(full, wish):
    first, second = wish("First"), wish("Second")
    full[0].cancel()
    serve_waitlists()
    state_of(first)
    first.leave()
    serve_waitlists()
    assert (state_of(first), state_of(second)) == ("left", "offered")


def test_two_tables_go_to_two(full, wish):
    entries = [wish("First"), wish("Second"), wish("Third")]
    for reservation in full[:2]:
        reservation.cancel()
    serve_waitlists()
    assert [state_of(each) for each in entries] == ["offered", "offered", "waiting"]


WAYS = {
    "no_show": lambda booked, tables: booked.no_show(),
    "finish": lambda booked, tables: booked.seat().finish(),
    "move": lambda booked, tables: booked.move(tables("W1")),
    "seat elsewhere": lambda booked, tables: booked.seat(tables("W1")),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_whatever_frees_a_table_makes_offers(full, wish, slot, time_machine, tables, way):
    time_machine.move_to(slot("19:00") * 900 + 60)
    first = wish("First", 2, "19:30", "21:00")
    serve_waitlists()
    assert state_of(first) == "waiting"
    way(full[2], tables)
    serve_waitlists()
    assert state_of(first) == "offered"


def test_a_table_that_comes_back_early_is_offered(full, wish, slot, time_machine):
    """A party of two was expected to stay until midnight. It has the bill at nine: its table is free from then on."""
    time_machine.move_to(slot("19:00") * 900 + 60)
    seated = full[2].seat()
    time_machine.move_to(slot("20:00") * 900)
    first = wish("First", 2, "20:45", "21:00")
    serve_waitlists()
    assert state_of(first) == "waiting"
    seated.progress("bill")
    serve_waitlists()
    assert state_of(first) == "offered"


def test_undo_frees_what_the_step_had_taken(bistro, full, wish, slot, time_machine):
    """Two parties that are due at eight are seated at six by mistake."""
    for reservation in full[2:]:
        reservation.cancel()
    bistro.services.get().turns.update(minutes=60)
    due = [Reservation.objects.book(bistro, slot("20:00"), 2, name=name) for name in ("Ada", "Grace")]
    time_machine.move_to(slot("18:00") * 900)
    for reservation in due:
        reservation.seat()
    first = wish("First", 2, "18:30", "18:45")
    serve_waitlists()
    assert state_of(first) == "waiting"
    due[0].undo()
    serve_waitlists()
    assert state_of(first) == "offered"


def test_a_hold_that_expires_is_offered_though_nobody_looks(bistro, full, wish, hold, time_machine):
    full[0].cancel()
    held = hold("19:00", 4)
    first = wish("First")
    serve_waitlists()
    assert state_of(first) == "waiting"
    time_machine.move_to(held.expires_at + timedelta(seconds=1))
    serve_waitlists()
    assert state_of(first) == "offered"
    assert not Reservation.objects.filter(pk=held.pk).exists()


def test_a_day_that_is_opened_again_is_offered(bistro, wish, tomorrow):
    closure = bistro.close(tomorrow)
    first = wish("First")
    serve_waitlists()
    assert state_of(first) == "waiting"
    bistro.reopen(closure)
    serve_waitlists()
    assert state_of(first) == "offered"


def test_what_is_over_is_offered_to_nobody(full, wish, slot, time_machine, dora):
    first = wish("First")
    full[0].cancel(by=dora)
    time_machine.move_to(slot("20:00") * 900)
    serve_waitlists()
    assert state_of(first) == "waiting"


def test_many_processes_make_one_offer(bistro, full, wish):
    """As many as there are do the same chore at the same moment."""
    first = wish("First")
    Reservation.objects.filter(pk=full[0].pk).update(state=State.CANCELLED)
    full[0].slots.all().delete()
    bistro.serve_waitlist_at(timezone.now())
    answers_at_once(*[serve_waitlists] * 6)
    assert state_of(first) == "offered"
    assert Reservation.objects.filter(state=State.HELD).count() == 1


def test_the_server_does_it_by_itself(full, wish, serve):
    """Nobody looks, nobody asks: a process that serves makes offers."""
    server = serve(LIVE_PERIODIC="1")
    first = wish("First")
    full[0].cancel()
    until(lambda: state_of(first) == "offered", why=lambda: server.log)

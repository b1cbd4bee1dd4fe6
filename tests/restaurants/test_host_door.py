"""The telephone, the door and the day: bookings by staff, walk-ins, the queue, and closing."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.restaurants.models import Closure, QueueEntry, Reservation, WaitlistEntry
from bookings.restaurants.models.waitlist import serve_waitlists
from tests.html import one_line

BOOK = "/restaurants/bistro/book/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def evening(slot, time_machine):
    """It is tomorrow, 18:05."""
    time_machine.move_to(slot("18:00") * 900 + 300, tick=False)


@pytest.fixture
def send(host):
    """``send("walk-in/", party=2)`` → the answer. A walk-in is of a form of its own unless it has its key."""

    def send(path, htmx=True, **fields):
        if path == "walk-in/":
            fields.setdefault("key", uuid4())
        return host.post(BOOK + path, fields, headers=HTMX if htmx else {})

    return send


@pytest.fixture
def call(tomorrow):
    """What is typed while somebody is on the telephone."""
    return {"key": uuid4(), "date": tomorrow.isoformat(), "time": "19:00", "party": 2, "name": "Grace Hopper"}


# The telephone


def test_a_booking_by_telephone_is_one_however_often_it_is_sent(send, call, dora):
    answers = [send("new/", **call, phone="555"), send("new/", **call, phone="555")]
    assert [answer.status_code for answer in answers] == [200, 200]
    made = Reservation.objects.get()
    assert (made.name, made.channel, made.state) == ("Grace Hopper", "in_house", "booked")
    assert "Grace Hopper is booked for" in answers[0].text
    assert made.changes.first().by == dora


def test_a_booking_at_tables_that_one_names(send, call):
    assert send("new/", **call, tables="t3").status_code == 422
    assert send("new/", **call, tables="T3 + T4").status_code == 200
    assert sorted(Reservation.objects.get().tables.values_list("name", flat=True)) == ["T3", "T4"]


def test_a_booking_where_no_table_is_left_names_the_nearest_times(send, call, book, slot):
    for _ in range(2):
        book("19:00", 4)
    call |= {"party": 4}
    answer = send("new/", **call)
    assert answer.status_code == 422
    assert "there is no table left for 4" in answer.text
    assert 'name="at" value="21:00"' in answer.text
    assert send("new/", **call, at="21:00").status_code == 200
    assert Reservation.objects.get(name="Grace Hopper").first == slot("21:00")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"party": 0}, "At least one guest."),
        ({"party": 99}, "its largest takes 8"),
        ({"party": "x"}, "Enter a whole number."),
        ({"time": "17:00"}, "takes no guests at that time"),
        ({"date": "2001-01-01"}, "takes no guests at that time"),
        ({"date": ""}, "This field is required."),
        ({"name": ""}, "This field is required."),
        ({"tables": "Z9"}, "There is no table Z9."),
        ({"key": ""}, "This field is required."),
    ],
)
def test_a_booking_that_cannot_be_says_why(send, call, fields, sentence):
    answer = send("new/", **{**call, **fields})
    assert answer.status_code == 422
    assert "key" in fields or sentence in answer.text
    assert not Reservation.objects.exists()


def test_without_scripts_a_booking_leads_to_its_page(send, call):
    answer = send("new/", htmx=False, **call)
    made = Reservation.objects.get()
    assert (answer.status_code, answer.url) == (303, f"{BOOK}{made.reference}/")


def test_a_key_of_another_restaurant_books_nothing(send, call, key, diner, slot):
    other = Reservation.objects.book(diner, slot("19:00"), 2, key=call["key"], name="Erik’s guest")
    answers = [send("new/", **call), send("walk-in/", key=call["key"], party=2, tables=key("T1"))]
    for answer in answers:
        assert answer.status_code == 422
        assert "Reload this page" in answer.text and "Erik" not in answer.text
    assert Reservation.objects.get() == other


# Walk-ins


def test_a_walk_in_is_seated_at_what_fits_best(host, send, key):
    form = host.get(f"{BOOK}walk-in/?party=2").text
    assert "Best fit" in form and form.index(f'value="{key("T1")}"') < form.index(f'value="{key("T3")}"')
    answer = send("walk-in/", party=2, tables=key("W1"), name="")
    assert answer.status_code == 200
    made = Reservation.objects.get()
    assert (made.state, made.channel, made.name, made.display_name) == ("seated", "walk_in", "", "Walk-in")
    assert host.get(BOOK).text.lower().count("walk-in</") == 2, "once in the list, beside the button"


def test_a_walk_in_is_one_however_often_it_is_sent(host, send, key):
    form = host.get(f"{BOOK}walk-in/?party=2").context["form"]
    fields = {"key": form["key"].value(), "party": 2, "tables": key("T1"), "name": "Linus"}
    answers = [send("walk-in/", **fields), send("walk-in/", **fields), send("walk-in/", htmx=False, **fields)]
    made = Reservation.objects.get()
    assert [answer.status_code for answer in answers] == [200, 200, 303]
    assert "Linus" in answers[1].text and answers[2].url == f"{BOOK}{made.reference}/"
    assert send("walk-in/", **fields | {"key": ""}).status_code == 422


def test_a_walk_in_at_a_taken_table_is_offered_the_next_best(send, key):
    send("walk-in/", party=2, tables=key("T1"), name="Linus")
    answer = send("walk-in/", party=2, tables=key("T1"), name="Ken")
    assert answer.status_code == 422
    assert "Table T1 is taken: Linus at 18:00." in answer.text
    assert f'name="instead" value="{key("T2")}"' in answer.text
    assert send("walk-in/", party=2, tables=key("T1"), instead=key("T2"), name="Ken").status_code == 200
    assert list(Reservation.objects.get(name="Ken").tables.values_list("name", flat=True)) == ["T2"]


def test_free_tables_say_until_when(host, book, key):
    book("19:00", 4)
    form = host.get(f"{BOOK}walk-in/?party=4").text
    assert "T3, Room, 4 seats, until 19:00" in form
    assert form.index(f'value="{key("T4")}"') < form.index(f'value="{key("T3")}"'), (
        "free for the whole time comes first"
    )


def test_a_tables_panel_says_who_sits_there_and_who_comes_next(host, send, book, key, bistro, tables):
    send("walk-in/", party=2, tables=key("T1"), name="Linus")
    book("20:00", 2)
    Reservation.objects.get(name="Ada Lovelace").move(tables("T1"))
    page = host.get(f"{BOOK}table/{key('T1')}/").text
    assert page.index("Linus, 2") < page.index("Ada Lovelace, 2")
    assert "Seat a walk-in here" not in page
    assert "Seat a walk-in here" in host.get(f"{BOOK}table/{key('T2')}/").text


def test_a_table_of_another_restaurant_is_not_found(host, diner):
    assert host.get(f"{BOOK}table/{diner.areas.get().tables.get().pk}/").status_code == 404


# The queue


def test_a_party_joins_the_queue_and_is_told_what_we_expect(host, send, key):
    for name in ("T1", "T2", "T3", "T4", "W1"):
        send("walk-in/", party=2, tables=key(name), name=name)
    assert "<td>90</td>" in host.get(f"{BOOK}queue/").text, "for two: a turn time from 18:05, in steps of five"
    answer = send("queue/", key=uuid4(), party=2, name="Linus", quoted="")
    assert answer.status_code == 200 and "Linus is in the queue." in answer.text
    party = QueueEntry.objects.get()
    assert party.quoted_until - timezone.now() == timedelta(minutes=90)


def test_a_host_may_tell_another_wait_and_sends_it_once(send):
    fields = {"key": uuid4(), "party": 2, "name": "Linus", "quoted": 20}
    for _ in range(2):
        assert send("queue/", **fields).status_code == 200
    assert QueueEntry.objects.get().quoted_until - timezone.now() == timedelta(minutes=20)


def test_the_wait_counts_down_and_then_up(host, send, tomorrow, time_machine):
    send("queue/", key=uuid4(), party=2, name="Linus", quoted=20)
    told = QueueEntry.objects.get().quoted_until

    def shown():
        return host.get(f"/live/reservations/queue/?restaurant=bistro&date={tomorrow}").text

    assert '<b class="figure">20 min</b>' in shown()
    time_machine.move_to(told - timedelta(minutes=3))
    assert '<b class="figure">3 min</b>' in shown()
    time_machine.move_to(told + timedelta(minutes=4))
    assert '<b class="figure overdue">4 min over</b>' in shown()


@pytest.fixture
def waiting(bistro):
    """``waiting("Linus")``: a party of two in the queue."""
    return lambda name, minutes=5, **fields: QueueEntry.objects.join(bistro, 2, name, minutes, **fields)


@pytest.fixture
def act(send):
    """``act("call", linus)`` as a host who has just looked; ``seen`` as one who looked earlier."""

    def act(verb, entry, seen=None, **fields):
        kind = "queue" if isinstance(entry, QueueEntry) else "waitlist"
        entry.refresh_from_db()
        return send(f"{kind}/{entry.pk}/{verb}/", seen=entry.revision if seen is None else seen, **fields)

    return act


def test_call_seat_and_leave(host, act, key, waiting):
    linus, ken = waiting("Linus"), waiting("Ken")
    assert "Linus was called." in act("call", linus).text
    answer = act("seat", linus, tables=key("W1"))
    assert answer.status_code == 200 and "Linus was seated at W1." in answer.text
    linus.refresh_from_db()
    assert (linus.state, linus.reservation.state, linus.reservation.name) == ("seated", "seated", "Linus")
    assert f"{BOOK}{linus.reservation.reference}/finish/" in answer.text, "it leads to the panel of its reservation"
    taken = act("seat", ken, tables=key("W1"))
    assert taken.status_code == 422 and "Table W1 is taken: Linus" in taken.text and 'name="instead"' in taken.text
    assert act("seat", ken, tables="0").status_code == 422
    left = act("leave", ken)
    assert left.status_code == 200 and "Ken has left the queue." in left.text
    assert "The queue is empty." in host.get(BOOK).text


def test_a_party_that_has_a_table_gets_no_second_one(act, key, waiting):
    linus = waiting("Linus")
    act("seat", linus, tables=key("W1"))
    for verb, fields in [("call", {}), ("seat", {"tables": key("T1")}), ("leave", {})]:
        answer = act(verb, linus, **fields)
        assert answer.status_code == 422 and "Linus is already seated." in answer.text
    assert Reservation.objects.count() == 1


@pytest.mark.parametrize("verb", ["call", "seat", "leave"])
def test_who_looked_before_another_host_called_is_told_who_was_first(act, key, waiting, dave, verb):
    linus = waiting("Linus")
    seen = linus.revision
    linus.call(by=dave)
    answer = act(verb, linus, seen, **({"tables": key("T1")} if verb == "seat" else {}))
    assert answer.status_code == 409
    assert "Since you looked:" in answer.text and "Called, by Dave, <time>18:05</time>" in one_line(answer.text)
    linus.refresh_from_db()
    assert linus.state == "called" and not Reservation.objects.exists()
    if verb == "seat":
        assert act("seat", linus, tables=key("T1")).status_code == 200, "asked again"


def test_without_what_was_seen_nothing_is_done(act, waiting):
    linus = waiting("Linus")
    for verb in ("call", "seat", "leave"):
        assert act(verb, linus, seen="").status_code == 422
    linus.refresh_from_db()
    assert linus.state == "waiting"


def test_the_panel_of_the_queue_shows_the_history(host, act, waiting, dora, dave):
    linus = waiting("Linus", by=dave)
    act("call", linus)
    page = one_line(host.get(f"{BOOK}queue/{linus.pk}/").text)
    assert re.search(r"<b>Called</b> <span class=\"sub\">Dora.*<b>Joined the queue</b> <span class=\"sub\">Dave", page)
    assert "/call/" not in page, "it is called already"


@pytest.mark.parametrize(
    ("kind", "verb"), [("queue", "join"), ("queue", "lock"), ("queue", "x"), ("waitlist", "lapse")]
)
def test_what_is_no_verb_of_hosts_is_not_found(send, waiting, waitlisted, kind, verb):
    entry = waiting("Linus") if kind == "queue" else waitlisted()
    assert send(f"{kind}/{entry.pk}/{verb}/", seen=entry.revision).status_code == 404


def test_without_scripts_a_verb_of_the_queue_leads_on(host, waiting, key):
    linus = waiting("Linus")
    address = f"{BOOK}queue/{linus.pk}/"
    answer = host.post(f"{address}call/", {"seen": linus.revision})
    assert (answer.status_code, answer.url) == (303, address)
    assert "Linus was called." in host.get(address).text
    answer = host.post(f"{address}seat/", {"seen": linus.revision + 1, "tables": key("W1")})
    assert answer.url == f"{BOOK}{Reservation.objects.get().reference}/"


def test_a_party_that_fits_no_table_is_told_so(send):
    answer = send("queue/", key=uuid4(), party=30, name="A coach", quoted="")
    assert answer.status_code == 422 and "No table for walk-ins takes a party of 30." in answer.text
    assert not QueueEntry.objects.exists()


def test_another_restaurants_queue_is_not_found(host, send, diner):
    party = QueueEntry.objects.join(diner, 2, "Linus", 10)
    assert host.get(f"{BOOK}queue/{party.pk}/").status_code == 404
    for verb in ("call", "leave", "seat"):
        assert send(f"queue/{party.pk}/{verb}/", seen=party.revision).status_code == 404
    party.refresh_from_db()
    assert party.state == "waiting"


# The waitlist


@pytest.fixture
def waitlisted(bistro, full, tomorrow, slot):
    """A party of four that would come between 19:00 and 20:00."""
    guest = {"name": "Tony Hoare", "email": "tony@example.org", "phone": "555 0142"}
    return lambda: WaitlistEntry.objects.join(bistro, tomorrow, slot("19:00"), slot("20:00"), 4, **guest)


def test_the_waitlist_of_the_day_is_listed(host, waitlisted, tomorrow):
    entry = waitlisted()
    page = host.get(BOOK).text
    assert "Tony Hoare, 4" in page and "19:00–20:00" in page and f"{BOOK}waitlist/{entry.pk}/" in page
    assert "Tony Hoare" not in host.get(f"{BOOK}?date={tomorrow + timedelta(days=1)}").text


def test_a_host_takes_a_party_off_the_waitlist(host, act, waitlisted):
    entry = waitlisted()
    answer = act("leave", entry)
    assert answer.status_code == 200 and "Tony Hoare was taken off the waitlist." in answer.text
    entry.refresh_from_db()
    assert (entry.state, entry.changes.get(verb="leave").by.first_name) == ("left", "Dora")
    page = one_line(host.get(f"{BOOK}waitlist/{entry.pk}/").text)
    assert re.search(r"<b>Left the waitlist</b> <span class=\"sub\">Dora.*<b>Joined the waitlist</b>", page)
    assert "Tony Hoare" not in host.get(BOOK).text


def test_a_party_that_got_an_offer_since_a_host_looked_keeps_it(act, waitlisted, bistro, dora):
    entry = waitlisted()
    seen = entry.revision
    bistro.reservations.filter(party=4).first().cancel(by=dora)
    serve_waitlists()
    answer = act("leave", entry, seen)
    assert answer.status_code == 409 and "Offered a table" in answer.text
    entry.refresh_from_db()
    assert entry.state == "offered" and entry.offer.state == "held"


def test_another_restaurants_waitlist_is_not_found(host, send, diner, tomorrow, slot):
    guest = {"name": "Tony", "email": "tony@example.org"}
    Reservation.objects.book(diner, slot("19:00"), 2, name="Regular")
    entry = WaitlistEntry.objects.join(diner, tomorrow, slot("19:00"), slot("19:45"), 2, **guest)
    assert host.get(f"{BOOK}waitlist/{entry.pk}/").status_code == 404
    assert send(f"waitlist/{entry.pk}/leave/", seen=entry.revision).status_code == 404
    entry.refresh_from_db()
    assert entry.state == "waiting"


# Closing


def test_closing_a_day_lists_who_must_be_dealt_with_and_stops_guests(host, send, book, bistro, tomorrow, dora):
    made = book("19:00")
    gone = book("20:00", 2, name="Grace Hopper")
    gone.cancel(by=dora)
    answer = send("close/", date=tomorrow, service="", reason="The kitchen is cold")
    assert answer.status_code == 200
    assert "1 booking is left" in answer.text and f"{BOOK}{made.reference}/" in answer.text
    assert "Grace Hopper" not in answer.text
    page = host.get(BOOK).text
    assert "The whole day is closed." in page and "The kitchen is cold" in page
    assert send("new/", key=uuid4(), date=tomorrow, time="19:00", party=2, name="X").status_code == 422
    made.refresh_from_db()
    assert made.state == "booked"


def test_closing_one_service_and_opening_it_again(send, bistro, tomorrow, dora, assert_published):
    service = bistro.services.get()
    with assert_published(f"restaurant-book-{bistro.pk}-{tomorrow}"):
        assert "Dinner is closed." in send("close/", date=tomorrow, service=service.pk, reason="").text
    closure = Closure.objects.get()
    assert (closure.service, closure.by) == (service, dora)
    with assert_published(f"restaurant-book-{bistro.pk}-{tomorrow}"):
        assert "Dinner is open again." in send(f"close/{closure.pk}/reopen/").text
    assert not Closure.objects.exists()


def test_closing_twice_is_closing_once(send, tomorrow):
    for reason in ("one", "another"):
        assert send("close/", date=tomorrow, service="", reason=reason).status_code == 200
    assert Closure.objects.get().reason == "another"


def test_another_restaurants_service_and_closure_are_not_ours(send, diner, tomorrow):
    assert send("close/", date=tomorrow, service=diner.services.get().pk).status_code == 422
    closure = diner.close(tomorrow)
    assert send(f"close/{closure.pk}/reopen/").status_code == 404
    assert Closure.objects.get() == closure


def test_after_midnight_the_book_is_still_last_nights_while_its_service_is_on(
    host, bistro, tomorrow, slot, time_machine
):
    bistro.services.update(last="00:30", ends="02:00")
    time_machine.move_to(slot("00:45", tomorrow + timedelta(days=1)) * 900)
    assert host.get(BOOK).context["day"] == tomorrow
    time_machine.move_to(slot("02:15", tomorrow + timedelta(days=1)) * 900)
    assert host.get(BOOK).context["day"] == tomorrow + timedelta(days=1)

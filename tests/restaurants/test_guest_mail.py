"""Which verb writes which mail; that no mail server turns an answer; that staff see what was not delivered."""

import time
from datetime import timedelta
from uuid import uuid4

import icalendar
import pytest
from django.utils import timezone

from bookings.restaurants.hosts.regions.entries import ReservationState
from bookings.restaurants.models import Reservation
from links.models import Opening
from post.models import Message
from post.sending import send_due
from tests.post.conftest import mail_server, no_mail_server  # noqa: F401  (fixtures)
from tests.post.servers import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(book, slot, time_machine):
    """A booking whose time has come, with its first mail already sent."""
    reservation = book("18:30", 3)
    time_machine.move_to(slot("18:30") * 900 + 60)
    Message.objects.all().delete()
    return reservation


def written():
    """``{address: subject}`` of all mails since ``ada``."""
    messages = Message.objects.order_by("pk")
    return {message.to: message.subject.partition(":")[0] for message in messages}


def in_time(reservation):
    """The same, with a deadline that the guest still keeps."""
    reservation.cancel_until = timezone.now() + timedelta(minutes=5)
    reservation.save()
    return reservation


def last():
    return Message.objects.order_by("-pk").first()


# What is written


def test_a_change_is_written(ada, bistro, slot, tables):
    ada.annotate(notes="by the window")
    ada.arrive()
    assert written() == {}, "what the guest need not know is not"
    in_time(ada).change(Times(bistro, slot("19:00")), 2, tables("T3"))
    assert written() == {"ada@example.org": "Changed"}
    assert "19:00" in last().subject and "It is now for 2" in last().body


class Times:
    """As much of an availability.Time as change() needs."""

    def __init__(self, restaurant, at):
        service = restaurant.services.get()
        self.day, self.service, self.turn, self.slot = restaurant.today(), service, 90, at


def test_a_cancellation_says_who_cancelled_and_how_to_book_again(ada, dora, bistro):
    bistro.phone = "+1 555 0100"
    bistro.save()
    ada.cancel(by=dora)
    assert "Bistro has cancelled your table" in last().body and "+1 555 0100" in last().body
    assert "/restaurants/bistro/" in last().body
    (entry,) = icalendar.Calendar.from_ical(bytes(last().attachment)).events
    assert entry["STATUS"] == "CANCELLED" and last().attachment_type == "text/calendar; method=CANCEL"


def test_ones_own_cancellation_is_confirmed(ada):
    in_time(ada).cancel()
    assert "was cancelled with the link in your mail" in last().body


@pytest.mark.parametrize("verb", ["cancel", "no_show"])
def test_what_is_undone_is_written_too(ada, dora, verb):
    getattr(ada, verb)(by=dora)
    ada.undo(by=dora)
    assert last().subject.startswith("Booked after all") and ada.get_absolute_url() in last().body
    (entry,) = icalendar.Calendar.from_ical(bytes(last().attachment)).events
    assert entry["STATUS"] == "CONFIRMED"


def test_to_undo_what_nobody_was_told_of_is_not_written(ada, dora):
    ada.arrive(by=dora)
    ada.undo(by=dora)
    assert written() == {}


def test_a_no_show_can_object_by_the_mail(ada, dora):
    ada.no_show(by=dora)
    assert last().subject.startswith("We missed you") and ada.get_absolute_url() in last().body


def test_a_transfer_is_written_to_both_and_only_the_new_guest_gets_the_link(ada):
    ada.transfer("Grace Hopper", "grace@example.org")
    assert written() == {"ada@example.org": "Transferred", "grace@example.org": "A table at Bistro is yours"}
    former, new = Message.objects.order_by("pk")
    assert "was transferred to another guest" in former.body and "Grace" not in former.body
    assert ada.token not in former.body and ada.token not in bytes(former.attachment).decode().replace("\r\n ", "")
    assert ada.token in new.body


def test_a_corrected_address_gets_the_booking(ada, dora):
    ada.annotate(email="lovelace@example.org", by=dora)
    assert written() == {
        "lovelace@example.org": "Your table at Bistro, " + last().subject.partition(", ")[2].partition(":")[0]
    }
    ada.annotate(phone="555", by=dora)
    assert Message.objects.count() == 1


def test_both_halves_of_a_split_booking_are_written(ada, dora, tables):
    ada.move(tables("T3", "T4"))
    ada.split(1, tables("T4"), by=dora)
    other = Reservation.objects.exclude(pk=ada.pk).get()
    changed, booked = Message.objects.about(ada).get(), Message.objects.about(other).get()
    assert changed.subject.startswith("Changed") and "It is now for 2" in changed.body
    assert other.get_absolute_url() in booked.body and "your table for one" in booked.body


def test_a_party_that_sits_is_not_written_to_when_it_is_split(ada, dora, tables):
    ada.seat(tables("T3", "T4"))
    ada.split(1, tables("T4"), by=dora)
    assert written() == {}


def test_nobody_is_written_of_a_hold_or_a_walk_in(hold, bistro, tables):
    hold("20:00").release()
    Reservation.objects.walk_in(bistro, 2, tables("W1")).finish()
    assert written() == {}


def test_a_name_is_one_line_and_advertises_nothing(client, hold):
    held = hold("18:30")
    address = f"/restaurants/held/{held.token}/"
    for name in ("Win at http://evil.example", "WWW.EVIL.EXAMPLE", "eve@evil.example", "evil.example/win"):
        answer = client.post(address, {"name": name, "email": "ada@example.org"})
        assert answer.status_code == 422 and "without web or mail addresses" in answer.text, name
    client.post(address, {"name": "Ada\r\nDr. St.John-O’Neill J.R.", "email": "ada@example.org"})
    assert Reservation.objects.get().name == "Ada Dr. St.John-O’Neill J.R."


def test_a_mail_that_a_stranger_causes_has_none_of_their_words_and_says_why_it_came(hold, ada, dora):
    hold("20:00").confirm("You have won", "victim@example.org", notes="Call 555", allergies="Call 555")
    letter = last()
    assert letter.to == "victim@example.org" and letter.body.startswith("Hello,\n")
    assert "have won" not in letter.subject + letter.body + str(letter.attachment) and "Call 555" not in letter.body
    assert "This address was given for the booking. If it was not you, cancel the booking there." in letter.body
    ada.transfer("You have won", "other@example.org")
    assert not Message.objects.filter(body__contains="have won").exists()
    ada.cancel(by=dora)
    assert "Hello You have won," in last().body, "what staff send greets by name"


# Whatever the mail server does


VERBS = {
    "cancel": {},
    "no_show": {},
    "transfer": {"name": "Grace", "email": "grace@example.org"},
    "annotate": {"email": "lovelace@example.org"},
}


@pytest.fixture(params=["hangs", "is away"])
def bad_server(request):
    if request.param == "is away":
        return request.getfixturevalue("no_mail_server")
    return request.getfixturevalue("mail_server")({"GREETING": MailServer.HANG})


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_answers_as_always(ada, dora, bad_server, verb):
    began = time.monotonic()
    getattr(ada, verb)(by=dora, **VERBS[verb])
    assert time.monotonic() - began < 9, "the hanging server would take 10"
    assert Message.objects.about(ada).waiting().exists()


def test_every_page_that_causes_mail_answers_as_always(client, choose_and_book, bad_server):
    began = time.monotonic()
    booked = choose_and_book("18:30")
    address = booked.get_absolute_url()
    assert client.post(f"{address}change/", {"slot": booked.first + 2, "party": 2}).status_code == 303
    fields = {"name": "Grace Hopper", "email": "grace@example.org"}
    assert client.post(f"{address}transfer/", fields).status_code == 303
    booked.refresh_from_db()
    assert client.post(f"{booked.get_absolute_url()}cancel/").status_code == 303
    assert time.monotonic() - began < 9, "the hanging server would take 10 for each"
    assert Message.objects.about(booked).waiting().count() == 5


@pytest.fixture
def choose_and_book(client, bistro, slot):
    def book(clock):
        fields = {"slot": slot(clock), "party": 2, "area": ""}
        held = client.post("/restaurants/bistro/hold/", fields)
        done = client.post(held.url, {"name": "Ada Lovelace", "email": "ada@example.org"})
        assert done.status_code == 303 and done.url.startswith("/restaurants/booked/")
        return Reservation.objects.get()

    return book


def test_a_telephone_booking_answers_as_always(host, bistro, tomorrow, bad_server):
    guest = {"name": "Ada Lovelace", "email": "ada@example.org"}
    fields = {"date": tomorrow.isoformat(), "time": "19:00", "party": "2", "key": str(uuid4()), **guest}
    assert host.post("/restaurants/bistro/book/new/", fields).status_code == 303
    assert Message.objects.about(Reservation.objects.get()).get().state == "waiting"


def test_what_waited_is_sent_later(ada, settings, no_mail_server, mail_server):  # noqa: F811
    in_time(ada).cancel()
    send_due()
    assert last().state == "waiting" and last().problem
    server = mail_server()
    Message.objects.update(due_at=last().made_at)
    send_due()
    assert [to for to, _mail in server.taken] == ["ada@example.org"]


# What staff and guests see


def test_staff_see_at_once_what_was_not_delivered(ada, dora, mail_server, assert_published):  # noqa: F811
    region = ReservationState(slug="bistro", reference=ada.reference)
    mail_server({"RCPT": "550 no such user"})
    ada.cancel(by=dora)
    assert "was refused" not in region.render().html
    with assert_published(f"reservation-{ada.pk}"):
        send_due()
    assert "Mail to ada@example.org was refused" in region.render().html


def test_its_guest_does_not(client, ada, dora, mail_server):  # noqa: F811
    mail_server({"RCPT": "550 no such user"})
    ada.no_show(by=dora)
    send_due()
    assert "was refused" not in client.get(ada.get_absolute_url()).text


def test_its_guest_sees_when_the_link_was_opened(client, ada):
    phone = {"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1"}
    page = client.get(ada.get_absolute_url(), headers=phone).text
    assert "Who opened this link" in page and "on a phone" in page
    client.get(f"{ada.get_absolute_url()}calendar.ics", headers={"user-agent": "Google-Calendar-Importer"})
    assert "by a program, such as a calendar" in client.get(ada.get_absolute_url(), headers=phone).text
    assert set(Opening.objects.of(ada).values_list("device", "count")) == {("phone", 2), ("program", 1)}


def test_whoever_has_it_now_does_not_see_openings_of_the_former_guest(client, ada):
    client.get(ada.get_absolute_url())
    ada.transfer("Grace Hopper", "grace@example.org")
    client.get(ada.get_absolute_url(), headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    assert Opening.objects.of(ada).get().device == "computer"

"""A registration behind its link: what it says, and what its owner can do with it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from bookings.events import topics
from bookings.events.attendees.presence import remember_ticket, ticket_of
from bookings.events.models import Event, Hall, Question, Refused, Registration, State, Ticket, WaitlistEntry
from checkout.models import Payment, Refund
from live.regions import find
from post.models import Message
from tests.cast.events import pay_for
from tests.events.attending import Browser, field, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid_event(make_event):
    return make_event(slug="paid", types={"Adult": 2000})


def page_of(client, registration):
    registration.refresh_from_db()
    return words(client.get(registration.get_absolute_url()))


def post(client, registration, verb, **data):
    return client.post(f"{registration.get_absolute_url()}{verb}/", data)


class TestPaying:
    def test_until_when_and_then_the_tickets(self, client, paid_event, register):
        registration = register(2, event=paid_event)
        page = page_of(client, registration)
        assert "Not paid yet" in page
        assert "Pay $40.00 now" in page
        assert "Ticket of" not in page
        answer = post(client, registration, "pay")
        assert answer.status_code == 302
        payment = Payment.objects.get()
        assert (payment.amount, answer.url) == (4000, payment.get_absolute_url())
        pay_for(registration)
        assert "Show your ticket at the door." in page_of(client, registration)

    @pytest.mark.parametrize("needs_approval", [False, True])
    def test_who_asked_in_time_can_pay_after_the_sale(
        self, client, make_event, hold_places, time_machine, needs_approval
    ):
        """The form that was sent after the end of the sale, and an approval after it, left no time to pay."""
        now = timezone.now()
        event = make_event(slug="paid", types={"Adult": 2000}, sale_until=now + timedelta(minutes=2))
        event.types.update(needs_approval=needs_approval)
        registration = hold_places(1, event=event)
        time_machine.move_to(now + timedelta(minutes=5), tick=False)
        registration.book("Ada", "ada@example.org")
        if needs_approval:
            registration.approve()
        assert registration.expires_at == timezone.now() + timedelta(minutes=10)
        assert "Pay $20.00 now" in page_of(client, registration)

    def test_nothing_is_paid_for_a_cancelled_event(self, client, paid_event, register):
        registration = register(event=paid_event)
        paid_event.call_off("The band is ill.")
        assert post(client, registration, "pay").url == registration.get_absolute_url()
        with pytest.raises(Refused):
            registration.confirm()
        assert not Payment.objects.exists()

    def test_after_the_deadline_nothing_is_asked(self, client, paid_event, register):
        registration = register(1, event=paid_event)
        Registration.objects.filter(pk=registration.pk).update(expires_at=timezone.now())
        page = page_of(client, registration)
        assert "Not paid in time" in page
        assert "Pay $20.00" not in page
        post(client, registration, "pay")
        assert not Payment.objects.exists()


class TestChanging:
    def test_names_and_answers_of_a_sold_out_event(self, client, make_event, register):
        """HiEvents 823: changing a name was refused, as there were no tickets."""
        event = make_event(slug="full", size=2)
        question = Question.objects.create(event=event, text="Diet?")
        registration = register(2, event=event)
        data = {"name-1": "Ada", "name-2": "Bea", f"answer-2-{question.pk}": "vegan"}
        answer = post(client, registration, "change", name="Ada", email="ada@example.org", **data)
        assert answer.status_code == 302 or answer.status_code == 303
        assert [ticket.name for ticket in registration.tickets.all()] == ["Ada", "Bea"]
        assert registration.tickets.last().answers.get().text == "vegan"

    def test_another_name_of_ones_own(self, client, event, register):
        registration = register(1)
        assert post(client, registration, "change", name="Augusta", email="ada@example.org").status_code == 303
        registration.refresh_from_db()
        assert (registration.name, registration.tickets.get().name) == ("Augusta", "Augusta")
        assert 'value="Augusta"' in client.get(f"{registration.get_absolute_url()}change/").content.decode()
        assert [row.name for row in find("event-guests/concert/").rows()] == ["Augusta"]

    @pytest.mark.parametrize(("typed", "named"), [("", "Augusta"), ("Zoe", "Zoe")])
    def test_the_first_ticket_follows_where_it_was_left_to_the_contact(self, client, register, typed, named):
        registration = register(2)
        registration.tickets.filter(position=1).update(name=typed or "Ada")
        page = client.get(f"{registration.get_absolute_url()}change/")
        shown = page.context["form"].initial.get("name-1", "")
        assert shown == typed
        data = {"name": "Augusta", "email": "ada@example.org", "name-1": shown, "name-2": "Bea"}
        assert post(client, registration, "change", **data).status_code == 303
        assert [ticket.name for ticket in registration.tickets.all()] == [named, "Bea"]

    def test_another_guest_stays_whose_ticket_is_the_last(self, client, register):
        registration = register(2)
        first, second = registration.tickets.all()
        registration.change(names={second.pk: "Bea"}, emails={second.pk: "bea@example.org"})
        registration.cancel_ticket(first)
        data = client.get(f"{registration.get_absolute_url()}change/").context["form"].initial
        assert post(client, registration, "change", **data | {"phone": "123"}).status_code == 303
        second.refresh_from_db()
        assert (second.name, second.email) == ("Bea", "bea@example.org")

    def test_transfer_ends_all_former_links(self, client, rf, event, register):
        registration = register()
        old, ticket = registration.get_absolute_url(), registration.tickets.get()
        secret, old_ticket = ticket.secret, ticket.get_absolute_url()
        rf.session = {}
        remember_ticket(rf, ticket)
        assert ticket_of(rf, event) == ticket
        post(client, registration, "transfer", name="Bea", email="bea@example.org")
        assert client.get(old).status_code == 404
        assert client.get(old_ticket).status_code == 404
        assert ticket_of(rf, event) is None
        ticket.refresh_from_db()
        assert (ticket.name, ticket.secret == secret) == ("Bea", False)
        assert {message.to for message in Message.objects.all()} >= {"ada@example.org", "bea@example.org"}

    def test_transfer_ends_the_ways_that_lead_to_its_link(self, client, event):
        """The form that held the places, sent again by the browser of who had them, showed the new holder's registration."""
        browser = Browser(client, event)
        data = {f"type-{event.types.get().pk}": 1, "key": field(browser.open(), "key"), "voucher": ""}
        held = client.post("/events/concert/hold/", data).url
        client.post(f"{browser.fill(held).url}transfer/", {"name": "Bea", "email": "bea@example.org"})
        again = client.get(client.post("/events/concert/hold/", data).url)
        assert again.status_code == 200, "places of its own to fill in, not what Bea has"

    @pytest.mark.parametrize("verb", ["transfer", "revoke"])
    def test_the_page_of_the_waitlist_ends_as_well(self, client, make_event, register, verb):
        event = make_event(size=1, slug="full")
        holder = register(event=event)
        entry = WaitlistEntry.objects.join(event, event.types.get(), 1, name="Wim", email="wim@example.org")
        holder.cancel()
        registration = Registration.objects.get(waitlist_entry=entry)
        registration.book("Wim", "wim@example.org")
        assert client.get(entry.get_absolute_url()).url == registration.get_absolute_url()
        post(client, registration, verb, name="Bea", email="bea@example.org")
        assert client.get(entry.get_absolute_url()).status_code == 404

    def test_the_next_holder_learns_nothing_of_the_flight(self, client, register, make_event, make_flight):
        registration = register(event=make_event(slug="soon", hours_ahead=1))
        registration.change(flight=make_flight(minutes=180))
        post(client, registration, "transfer", name="Bea", email="bea@example.org")
        registration.refresh_from_db()
        assert registration.flight is None

    def test_a_new_link_ends_the_former_ones(self, client, register):
        registration = register()
        old, old_ticket = registration.get_absolute_url(), registration.tickets.get().get_absolute_url()
        answer = post(client, registration, "revoke")
        assert client.get(answer.url).status_code == 200
        assert client.get(old).status_code == client.get(old_ticket).status_code == 404
        assert answer.url in Message.objects.latest("pk").body

    def test_who_opened_it_is_there(self, client, register):
        registration = register()
        page_of(client, registration)
        assert "Who opened this link" in page_of(client, registration)


class TestCancelling:
    def test_what_comes_back_is_said_before(self, client, paid_event, register):
        registration = register(2, event=paid_event, is_paid=True)
        page = page_of(client, registration)
        assert "You get $40.00 back." in page
        assert "You get $20.00 back." in page
        assert not Refund.objects.exists()

    def test_all_of_it_once(self, client, paid_event, register):
        registration = register(2, event=paid_event, is_paid=True)
        for _time in range(2):
            post(client, registration, "cancel")
        assert sum(refund.amount for refund in Refund.objects.all()) == 4000
        assert "Given back of it $40.00" in page_of(client, registration)
        assert "10 places left" in words(client.get(paid_event.get_absolute_url()))

    def test_one_ticket_once(self, client, paid_event, register):
        registration = register(2, event=paid_event, is_paid=True)
        for _time in range(2):
            post(client, registration, "cancel/2")
        assert sum(refund.amount for refund in Refund.objects.all()) == 2000
        assert registration.live_tickets.count() == 1
        assert "9 places left" in words(client.get(paid_event.get_absolute_url()))

    def test_a_ticket_of_another_registration_is_not_found(self, client, register):
        assert post(client, register(), "cancel/7").status_code == 404

    def test_it_is_too_late(self, client, event, register):
        registration = register()
        Registration.objects.filter(pk=registration.pk).update(cancel_until=timezone.now() - timedelta(minutes=1))
        page = page_of(client, registration)
        assert "Cancel the registration" not in page
        assert "You could cancel until" in page and "Now only the organiser can." in page
        answer = post(client, registration, "cancel")
        assert answer.status_code == 422
        assert "too late to cancel" in words(answer)

    @pytest.mark.parametrize("hours", [-24, 24])
    def test_who_registered_before_the_event_was_moved_may_cancel_until_it_begins(
        self, client, event, register, time_machine, hours
    ):
        registration, late = register(), register(name="Bea", email="bea@example.org")
        event.move(*(moment + timedelta(hours=hours) for moment in (event.starts_at, event.ends_at)))
        time_machine.move_to(event.starts_at - timedelta(minutes=1))
        assert "You can cancel until" in page_of(client, registration)
        assert post(client, registration, "cancel").status_code == 303
        time_machine.move_to(event.starts_at)
        assert "Now only the organiser can." in page_of(client, late)
        assert post(client, late, "cancel").status_code == 422

    def test_another_hall_lets_one_cancel_as_well(self, client, event, hall, register, time_machine):
        registration = register()
        time_machine.move_to(event.starts_at - timedelta(minutes=1))
        assert post(client, registration, "cancel").status_code == 422
        other = Hall.objects.create(slug="lounge", name="Lounge", airport=hall.airport, where="Terminal 4")
        event.move(event.starts_at, event.ends_at)
        assert post(client, registration, "cancel").status_code == 422
        event.move(event.starts_at, event.ends_at, other)
        assert post(client, registration, "cancel").status_code == 303

    def test_nobody_cancels_once_it_has_begun_whatever_was_agreed(self, client, event, register):
        registration = register()
        now = timezone.now()
        type(event).objects.update(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(hours=1))
        assert post(client, registration, "cancel/1").status_code == 422


class TestFlight:
    def test_it_is_linked_by_its_number_and_unlinked(self, client, register, make_event, make_flight):
        event = make_event(slug="soon", hours_ahead=1)
        flight = make_flight(minutes=180)
        registration = register(event=event)
        post(client, registration, "flight", flight="b6 1010")
        registration.refresh_from_db()
        assert registration.flight == flight
        assert flight.designator in page_of(client, registration)
        post(client, registration, "flight", flight="")
        registration.refresh_from_db()
        assert registration.flight is None

    def test_an_unknown_one_is_said_so(self, client, register):
        answer = post(client, register(), "flight", flight="XX 999")
        assert answer.status_code == 422
        assert "We know no such flight" in words(answer)


class TestMine:
    def test_all_of_an_account_and_of_nobody_else(self, client, event, hold_places):
        ada = User.objects.create_user("ada@example.org")
        held = hold_places()
        held.book("Ada", "ada@example.org", user=ada)
        client.force_login(ada)
        assert "Concert" in words(client.get("/events/mine/"))
        other = Client()
        other.force_login(User.objects.create_user("bea@example.org"))
        assert "You are registered for no event" in words(other.get("/events/mine/"))
        assert other.get(f"/live/my-registrations/{ada.pk}/").status_code in (403, 404)

    def test_many_are_read_at_once_and_kept_by_no_cache(self, client, make_event, hold_places, orla):
        client.force_login(orla)

        def queries(slugs):
            for slug in slugs:
                hold_places(event=make_event(slug=slug)).book("Orla", orla.email, user=orla)
            with CaptureQueriesContext(connection) as found:
                assert "no-store" in client.get("/events/mine/").headers["Cache-Control"]
            return len(found)

        queries(["first"])
        assert queries(["second"]) == queries(["third", "fourth", "fifth"])

    def test_what_an_account_waits_for_and_is_offered(self, client, make_event, register, assert_published):
        event = make_event(size=1, slug="full")
        holder = register(event=event)
        ada = User.objects.create_user("ada@example.org")
        client.force_login(ada)
        with assert_published(topics.registrations_of(ada.pk)):
            person = {"name": "Ada", "email": ada.email, "user": ada}
            entry = WaitlistEntry.objects.join(event, event.types.get(), 1, **person)
        page = client.get("/events/mine/")
        assert "On the waitlist" in words(page) and entry.get_absolute_url() in page.text
        with assert_published(topics.registrations_of(ada.pk)):
            holder.cancel()
        assert "Offered to you" in words(client.get("/events/mine/"))
        WaitlistEntry.objects.get().leave()
        assert "You are registered for no event" in words(client.get("/events/mine/"))

    def test_they_stand_in_the_order_of_time(self, client, make_event, hold_places, wait_for):
        """What somebody waited for stood before all, though it was weeks later. Past events follow, the latest first."""
        ada = User.objects.create_user("ada@example.org")
        client.force_login(ada)
        for title, hours in (("Week", 170), ("Month", 700), ("Day", 24)):
            hold_places(event=make_event(slug=title.lower(), title=title, hours_ahead=hours)).book(
                "Ada", ada.email, user=ada
            )
        full = make_event(slug="fortnight", title="Fortnight", hours_ahead=340, size=1)
        hold_places(event=full).book("Holder", "holder@example.org")
        WaitlistEntry.objects.join(full, full.types.get(), 1, name="Ada", email=ada.email, user=ada)
        for title, hours in (("Last year", -8000), ("Yesterday", -24)):
            event = make_event(slug=title[:4].lower(), title=title)
            hold_places(event=event).book("Ada", ada.email, user=ada)
            begins = timezone.now() + timedelta(hours=hours)
            Event.objects.filter(pk=event.pk).update(starts_at=begins, ends_at=begins + timedelta(hours=2))
        titles = re.findall(r"<h2><a[^>]*>([^<]+)</a>", client.get("/events/mine/").text)
        assert titles == ["Day", "Week", "Fortnight", "Month", "Yesterday", "Last year"]

    def test_signed_out_it_asks_to_sign_in(self, client):
        assert "/accounts/login/" in client.get("/events/mine/").url


class TestTicket:
    def test_its_code_is_for_small_qr_codes(self, register):
        secret = register().tickets.get().secret
        assert len(secret) >= 26
        assert set(secret) <= set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    def test_a_cancelled_one_shows_no_code_and_takes_no_part(self, client, rf, event, register):
        registration = register()
        ticket = registration.tickets.get()
        address = ticket.get_absolute_url()
        assert ticket.secret in client.get(address).text
        rf.session = client.session
        registration.cancel()
        page = client.get(address)
        assert ticket.secret not in page.text
        assert "It lets nobody in." in words(page)
        assert ticket_of(rf, event) is None

    def test_there_is_none_before_it_is_paid(self, client, paid_event, register):
        ticket = Ticket.objects.get(registration=register(event=paid_event))
        assert client.get(ticket.get_absolute_url()).status_code == 404

    def test_the_key_of_another_opens_nothing(self, client, register):
        """A number in an address grants nothing."""
        for address in ("/events/ticket/1/", "/events/registration/1/"):
            assert client.get(address).status_code == 404


def test_declined_and_approved(client, make_event, register):
    event = make_event(slug="closed", types={"Adult": 500})
    event.types.update(needs_approval=True)
    first, second = register(event=event), register(event=event)
    first.approve()
    assert "Pay $5.00 now" in page_of(client, first)
    second.decline("Too many from one company.")
    page = page_of(client, second)
    assert "Declined by the organiser" in page
    assert "Too many from one company." in page
    assert second.state == State.DECLINED

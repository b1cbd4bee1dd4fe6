"""What is left, as attendees are told: one number everywhere, and words for each way of being sold out."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import limits
from bookings.events.attendees import choosing
from bookings.events.models import Event, Quota, Registration, State, TicketType, Voucher
from live.regions import find
from tests.events.attending import Browser, words

pytestmark = pytest.mark.django_db


def region_words(event):
    return re.sub(r"\s+", " ", find(f"event-places/{event.slug}/").render().html)


def test_list_calendar_and_page_show_the_same_number(client, event, hold_places, register):
    """pretix 2168: the list lagged behind the page of the event."""
    register(3)
    hold_places(2)
    for address in ("/events/", f"/events/calendar/?month={event.day:%Y-%m}", event.get_absolute_url()):
        assert "5 places left" in words(client.get(address)), address
    assert find("event-list/").render().rows["event-concert"].count("5 places left") == 1


def test_types_that_share_places_are_not_added_up(client, make_event):
    """HiEvents 215: capacity times tiers was shown."""
    event = make_event(size=2, types={"Adult": 0, "Child": 0})
    page = words(client.get(event.get_absolute_url()))
    assert "Places 2 places left" in page
    assert "4 places left" not in page


def test_what_fits_together_under_crossing_quotas(client, make_event):
    """Hall 10, adults 6, children 6: together 10."""
    event = make_event(size=10, types={"Adult": 0, "Child": 0})
    for type_ in event.types.all():
        type_.quotas.add(Quota.objects.create(event=event, name=type_.name, size=6))
    page = words(client.get(event.get_absolute_url()))
    assert "Places 10 places left" in page
    assert page.count("6 places left") == 2


def test_types_of_different_days_are_not_added_up(client, make_event, register):
    """55 and 80 were "135 places left", which somebody took for the places of their day."""
    event = make_event(slug="days", size=1, types={"Friday": 0, "Saturday": 0, "Both days": 0})
    days = [Quota.objects.create(event=event, name=name, size=size) for name, size in (("Friday", 5), ("Saturday", 8))]
    for name, quotas in (("Friday", days[:1]), ("Saturday", days[1:]), ("Both days", days)):
        event.types.get(name=name).quotas.set(quotas)
    register({"Saturday": 1}, event=event)
    for address in ("/events/", f"/events/calendar/?month={event.day:%Y-%m}", event.get_absolute_url()):
        page = words(client.get(address))
        assert "Up to 7 places left" in page and "12 places left" not in page, address
    Quota.objects.create(event=event, name="House", size=10).types.set(event.types.all())
    page = words(client.get(event.get_absolute_url()))
    assert "Places 9 places left" in page, "there is one number of one quota that all share"


def test_the_list_says_what_is_on_and_is_rendered_anew_when_it_begins(make_event, time_machine):
    event = make_event(hours_ahead=1)
    Event.objects.update(sale_until=event.ends_at)
    region = find("event-list/")
    assert "On now" not in region.render().rows["event-concert"]
    assert region.stale_at(timezone.now()) == event.starts_at
    time_machine.move_to(event.starts_at)
    assert "On now" in find("event-list/").render().rows["event-concert"]


class TestSoldOutInDistinctWays:
    """JuliaCon, EMF 289: "selling out" was shown when it was sold out. Each state says what it means for the reader."""

    def test_held(self, make_event, hold_places):
        event = make_event(slug="small", size=1)
        hold_places(1, event=event)
        html = region_words(event)
        assert "None free at the moment" in html
        assert "come back here within minutes" in html

    def test_unpaid(self, make_event, register):
        event = make_event(slug="small", size=1, types={"Adult": 1000})
        register(1, event=event)
        html = region_words(event)
        assert "All taken, not all final" in html
        assert "not paid yet or wait for approval" in html

    def test_gone(self, make_event, register):
        event = make_event(slug="small", size=1)
        register(1, event=event)
        html = region_words(event)
        assert "Sold out" in html
        assert "only if somebody cancels" in html
        assert "Sold out, waitlist open" in find("event-list/").render().rows["event-small"]
        assert reverse("events:waitlist", args=[event.slug]) in html

    def test_kept_for_people_waiting(self, make_event, wait_for, register):
        event = make_event(slug="small", size=1)
        registration = register(1, event=event)
        wait_for(1, event=event)
        registration.cancel()
        html = region_words(event)
        assert "Sold out, waitlist open" in html
        assert "Sold out, waitlist open" in find("event-list/").render().rows["event-small"]
        assert "offered to them one after the other" in html

    def test_what_is_kept_in_a_quota_that_is_not_used_up_is_not_told(self, make_event, register, wait_for):
        """The supper is sold out. Seats, of which the supper takes one as well, are offered to somebody who waits."""
        event = make_event(slug="small", size=5, types={"Seat": 0, "Supper": 0})
        seat, supper = event.types.order_by("pk")
        supper.quotas.add(Quota.objects.create(event=event, name="Kitchen", size=1))
        register({"Supper": 1}, event=event)
        taken = register({"Seat": 4}, event=event)
        wait_for(1, event=event, type_=seat)
        taken.cancel()
        html = region_words(event)
        assert "Sold out" in html and "3 places left" in html
        assert "kept for people on the waitlist" not in html

    def test_nobody_sees_what_those_who_wait_could_be_given_now(self, make_event, wait_for):
        """Not served yet: 3 free, a party of 2 waits. The public sees 1, on the list too."""
        event = make_event(slug="small", size=3)
        wait_for(2, event=event)
        assert "1 place left" in region_words(event)
        assert "1 place left" in find("event-list/").render().rows["event-small"]

    def test_without_a_waitlist_nobody_is_sent_there(self, make_event, register):
        event = make_event(slug="small", size=1, has_waitlist=False)
        register(1, event=event)
        assert "waitlist" not in region_words(event)

    def test_once_it_has_begun_nobody_is_sent_there(self, client, make_event, register, time_machine):
        """It led to "This event has no waitlist now": nobody is offered anything from then on."""
        event = make_event(slug="small", size=1)
        Event.objects.filter(pk=event.pk).update(sale_until=event.ends_at)
        register(1, event=event)
        assert "Join the waitlist" in region_words(event)
        time_machine.move_to(event.starts_at)
        page = words(client.get(event.get_absolute_url()))
        assert "Sold out" in page
        assert "waitlist" not in page

    def test_cancelled(self, client, event):
        event.call_off("The hall is flooded.")
        page = words(client.get(event.get_absolute_url()))
        assert "This event is cancelled. The hall is flooded." in page
        assert "Hold these places" not in page
        assert "Cancelled" in words(client.get("/events/"))


def test_more_events_are_not_more_queries(client, make_event, django_assert_max_num_queries):
    for number in range(12):
        make_event(slug=f"event-{number}")
    with django_assert_max_num_queries(12):
        find("event-list/").render()


def test_a_draft_is_nobodys(client, make_event):
    event = make_event(state="draft")
    assert client.get(event.get_absolute_url()).status_code == 404
    assert "Concert" not in words(client.get("/events/"))


class TestOnesOwnHold:
    """verbb/events 228: on returning to the page, what one held oneself was shown as sold out."""

    def test_it_counts_as_free_for_its_holder_only(self, client, make_event):
        event = make_event(size=2)
        browser = Browser(client, event)
        browser.choose(Adult=2)
        own = words(browser.open())
        assert "2 places are held for you until" in own
        assert "2 places left" in own
        assert "None free at the moment" not in own
        others = words(Client().get(event.get_absolute_url()))
        assert "None free at the moment" in others
        assert "held for you" not in others

    def test_choosing_again_replaces_it(self, client, make_event):
        event = make_event(size=2)
        browser = Browser(client, event)
        browser.choose(Adult=2)
        assert browser.choose(Adult=1).status_code == 303
        held = Registration.objects.filter(state=State.HELD)
        assert [registration.tickets.count() for registration in held] == [1]

    def test_it_is_not_for_those_who_wait(self, client, make_event, wait_for):
        """Who changes a hold keeps what it has; only what is given up goes to the waitlist, in the same transaction."""
        event = make_event(slug="two", size=2)
        browser = Browser(client, event)
        browser.choose(Adult=2)
        waiting = wait_for(1, event=event)
        assert "2 places left" in words(browser.open())
        assert browser.choose(Adult=1).status_code == 303
        waiting.refresh_from_db()
        assert waiting.state == "offered"

    def test_a_group_that_waits_does_not_get_what_is_only_changed(self, client, make_event, wait_for):
        """Both places fit the group while the former hold makes way: served then, it would leave the holder with nothing."""
        event = make_event(slug="two", size=2)
        browser = Browser(client, event)
        browser.choose(Adult=2)
        waiting = wait_for(2, event=event)
        assert browser.choose(Adult=1).status_code == 303
        waiting.refresh_from_db()
        assert waiting.state == "waiting"

    def test_what_a_browser_sees_is_signed(self, client, event):
        Browser(client, event).choose(Adult=2)
        [address] = re.findall(r"event-places/concert/[^/\"?]+/", client.get(event.get_absolute_url()).text)[:1]
        assert find(address).allows(None)
        assert not find(address.replace("concert/", "concert/x")).allows(None)


class TestSomethingRanOut:
    """EMF 166, 877, 1925: "not a valid choice", and who wanted several types lost them all."""

    @pytest.fixture
    def event(self, make_event):
        event = make_event(size=10, types={"Adult": 0, "Child": 0})
        child = event.types.get(name="Child")
        child.quotas.add(Quota.objects.create(event=event, name="Children", size=1))
        return event

    def test_it_is_said_in_words_and_the_rest_is_offered_at_once(self, client, event):
        answer = Browser(client, event).choose(Adult=2, Child=3)
        assert answer.status_code == 409
        page = words(answer)
        assert "Adult: 2, as you wanted." in page
        assert "Child: 1 is left of the 3 that you wanted." in page
        assert not Registration.objects.exists()
        form = re.search(r'<form method="post" action="/events/concert/hold/">.*?</form>', answer.text, re.DOTALL)[0]
        offered = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
        held = client.post("/events/concert/hold/", offered)
        assert held.status_code == 303
        assert Registration.objects.get().tickets.count() == 3

    def test_nothing_is_left_of_it(self, client, event, hold_places):
        hold_places({"Child": 1}, event=event)
        page = words(Browser(client, event).choose(Child=1))
        assert "Child: none left." in page
        assert "that are left" not in page

    def test_what_was_wanted_can_be_waited_for(self, client, event):
        page = Browser(client, event).choose(Adult=2, Child=3)
        child, adult = event.types.get(name="Child"), event.types.get(name="Adult")
        address = f"/events/concert/waitlist/?type={child.pk}&amp;size=3"
        assert f'<a href="{address}">' in page.text and "Join the waitlist for these 3 places" in words(page)
        assert f"?type={adult.pk}&amp;size=" not in page.text
        form = client.get(address.replace("&amp;", "&"))
        assert 'value="3"' in form.text and re.search(rf'<option value="{child.pk}"\s+selected', form.text)

    def test_what_is_typed_stays_in_the_form(self, client, event):
        assert 'value="3"' in Browser(client, event).choose(Adult=2, Child=3).text


class TestVouchers:
    @pytest.fixture
    def event(self, make_event):
        event = make_event(size=4, types={"Adult": 1000})
        crew = TicketType.objects.create(event=event, name="Crew", price=0, is_hidden=True, position=5)
        crew.quotas.add(event.quotas.get())
        return event

    def test_it_shows_what_is_hidden_and_its_price(self, client, event):
        Voucher.objects.issue(event, "CREW-1", type=event.types.get(name="Crew"))
        browser = Browser(client, event)
        assert "Crew" not in words(browser.open())
        assert "Crew" in words(browser.open("?voucher=crew-1"))
        assert browser.choose(voucher="crew-1", Crew=1).status_code == 303

    def test_a_discount_is_shown_beside_the_price(self, client, event):
        Voucher.objects.issue(event, "HALF", discount=50)
        page = Browser(client, event).open("?voucher=half")
        assert "<s>$10.00</s> $5.00" in page.text
        assert "gives 50 % off" in words(page)

    def test_what_it_reserves_is_free_for_its_holder(self, client, event, register):
        Voucher.objects.issue(event, "FRIENDS", most=4, type=event.types.get(name="Adult"), reserves=True)
        browser = Browser(client, event)
        assert "All taken, not all final" in words(browser.open())
        assert "4 places left" in words(browser.open("?voucher=friends"))

    def test_nobody_is_sent_to_a_waitlist_for_what_is_hidden(self, client, event, register):
        """It has none."""
        Voucher.objects.issue(event, "CREW-1", type=event.types.get(name="Crew"))
        register({"Adult": 4}, event=event)
        page = Browser(client, event).open("?voucher=crew-1")
        assert page.text.count("/events/concert/waitlist/") == 1

    def test_one_that_is_unknown_is_said_so(self, client, event):
        page = words(Browser(client, event).open("?voucher=NOPE"))
        assert "This voucher is not valid for this event" in page
        assert Browser(client, event).choose(voucher="NOPE", Adult=1).status_code == 422

    def test_codes_can_not_be_guessed(self, client, event):
        Voucher.objects.issue(event, "RIGHT")
        for number in range(60):
            client.get(f"{event.get_absolute_url()}?voucher=GUESS-{number}")
        for code in ("GUESS", "RIGHT"):
            assert client.get(f"{event.get_absolute_url()}?voucher={code}").status_code == 429
        assert client.get(event.get_absolute_url()).status_code == 200

    def test_a_whole_office_uses_the_code_it_has(self, client, event, monkeypatch):
        Voucher.objects.issue(event, "OFFICE", most=10)
        monkeypatch.setattr(choosing, "CODES", 3)
        limits.forget("vouchers", "127.0.0.1")  # what other tests have guessed
        for _colleague in range(5):
            assert client.get(f"{event.get_absolute_url()}?voucher=OFFICE").status_code == 200


def test_the_page_tells_programs(client, event, register):
    register(3)
    html = client.get(event.get_absolute_url()).text
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])
    assert data["@type"] == "Event"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert (data["maximumAttendeeCapacity"], data["remainingAttendeeCapacity"]) == (10, 7)
    assert [offer["availability"] for offer in data["offers"]] == ["https://schema.org/InStock"]


def test_a_title_ends_no_script(client, make_event):
    event = make_event(title="</script><script>alert(1)</script>")
    assert "<script>alert" not in client.get(event.get_absolute_url()).text


def test_a_months_that_is_none_is_this_month(client, event):
    for month in ("2026-13", "9999-01", "x", ""):
        assert client.get(f"/events/calendar/?month={month}").status_code == 200


@pytest.mark.parametrize("counts", [{}, {"Adult": -1}, {"Adult": "x"}, {"Adult": 999}])
def test_bad_choices_are_refused_in_words(client, event, counts):
    answer = Browser(client, event).choose(**counts)
    assert answer.status_code == 422
    assert not Registration.objects.exists()

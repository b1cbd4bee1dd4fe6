"""Doors that let in some and not others: by ticket type, by the hour, by the fire limit of the hall, and who has been in before."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookings.events.models import CheckInList, Hall, Scan, Ticket
from e2e.conftest import is_live, not_reloaded
from e2e.test_events_door import CONNECTED, CUT, PHONE, TABLET, scan, stand_at, state
from tests.waiting import until

HOUR = timedelta(hours=1)
INSIDE = ".door-totals .counts dd"


@pytest.fixture
def make_evening(make_event):
    """``make_evening("talk")``: an event that is on now."""

    def make(slug="jazz", **fields):
        now = timezone.now()
        times = {"starts_at": now - HOUR / 2, "ends_at": now + 3 * HOUR, "sale_until": now + HOUR}
        return make_event(slug=slug, **times, **fields)

    return make


@pytest.fixture
def guests(hold_places):
    """``guests(event, "Ada", type_="Adult")``: the ticket of somebody who has registered."""

    def make(event, name, type_="Adult"):
        registration = hold_places({type_: 1}, event=event)
        registration.book(name, f"{name.lower()}@example.org")
        registration.tickets.update(name=name)
        return registration.tickets.get()

    return make


def verdict(page, ticket, title):
    """Scan it at this door, which says this, and gives the rest of what it says."""
    found = scan(page, ticket.secret)
    expect(found.locator("h2")).to_have_text(title)
    return found


def go_out(page, ticket):
    page.get_by_label("Exit").check()
    verdict(page, ticket, "Out")
    page.get_by_label("Entry").check()


def hours_of(page, name):
    """What the totals at a door say of a list."""
    return page.locator(".door-totals tr").filter(has=page.get_by_role("rowheader", name=name))


@pytest.fixture
def two_lists(make_evening, airports):
    """Adults at any time; everybody, but not before two hours have gone."""
    event = make_evening(types={"Adult": 0, "Child": 0})
    adults = CheckInList.objects.create(event=event, name="Adults")
    adults.types.add(event.types.get(name="Adult"))
    late = CheckInList.objects.create(event=event, name="Late show", opens_at=timezone.now() + 2 * HOUR, position=1)
    return event, adults, late


def test_a_list_for_a_type_and_one_for_some_hours(signed_in, two_lists, guests, dora, orla):
    """With a network and without one. The organiser lets the late show begin; the doors see it without a reload."""
    event, _adults, late = two_lists
    ada, bea, kim = guests(event, "Ada"), guests(event, "Bea"), guests(event, "Kim", "Child")
    orla.is_staff = True
    orla.save()
    north = stand_at(signed_in(dora, **PHONE), "North", "jazz", at_list="Adults")
    south = stand_at(signed_in(dora, **TABLET), "South", "jazz", at_list="Late show")
    opens = f"{late.opens_at.astimezone(event.tz):%H:%M}"
    expect(hours_of(north, "Adults")).to_contain_text("0 of 2")
    expect(hours_of(north, "Late show")).to_contain_text(f"Opens {opens}")
    expect(hours_of(north, "Late show")).to_contain_text("0 of 3")

    expect(verdict(north, kim, "Other door")).to_contain_text("“Adults” is not for tickets of the type “Child”.")
    expect(verdict(south, ada, "Not at this time")).to_contain_text(f"This list is open from {opens}.")
    verdict(north, ada, "In")
    expect(hours_of(south, "Adults")).to_contain_text("1 of 2")
    for page in (north, south):
        page.context.set_offline(True)
        expect(state(page)).to_have_text(CUT)
    verdict(north, kim, "Other door")
    verdict(north, bea, "Queued")
    verdict(south, kim, "Not at this time")
    for page in (north, south):
        page.context.set_offline(False)
        expect(state(page)).to_have_text(CONNECTED)
    expect(hours_of(south, "Adults")).to_contain_text("2 of 2")

    desk = signed_in(orla)
    desk.goto(f"/admin/events/event/{event.pk}/change/")
    desk.locator("[name=lists-1-opens_at]").fill(f"{timezone.now().astimezone(event.tz):%Y-%m-%dT%H:%M}")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    for page in (north, south):
        expect(hours_of(page, "Late show")).not_to_contain_text("Opens")
    assert not_reloaded(north) and not_reloaded(south)
    verdict(south, kim, "In")
    verdict(north, kim, "Other door")
    assert set(Ticket.objects.filter(is_inside=True)) == {ada, bea, kim}
    assert not Scan.objects.filter(is_conflict=True).exists()


def test_one_fire_limit_for_two_events_of_a_hall(signed_in, make_evening, guests, dora, oscar):
    """Each event has a door of its own; the guests of the one fill the hall for the other."""
    concert, talk = make_evening(), make_evening("talk", title="Talk")
    for event in (concert, talk):
        CheckInList.objects.create(event=event, name="All tickets")
    Hall.objects.update(fire_limit=2)
    ada, bea = guests(concert, "Ada"), guests(concert, "Bea")
    cleo = guests(talk, "Cleo")
    north = stand_at(signed_in(dora, **PHONE), "North", "jazz")
    south = stand_at(signed_in(oscar, **TABLET), "South", "talk")
    full = [page.locator(".door-totals .full") for page in (north, south)]

    verdict(north, ada, "In")
    expect(south.locator(INSIDE).nth(2)).to_have_text("1 of 2")  # of the hall
    verdict(north, bea, "In")
    for notice in full:
        expect(notice).to_contain_text("Concourse Hall is full: 2 of 2 inside")
    expect(south.locator(INSIDE).first).to_have_text("0")  # of the talk
    expect(verdict(south, cleo, "Hall is full")).to_contain_text("nobody may enter until somebody leaves")

    go_out(north, ada)
    for notice in full:
        expect(notice).to_have_count(0)
    verdict(south, cleo, "In")
    for notice in full:
        expect(notice).to_contain_text("2 of 2 inside")
    verdict(north, ada, "Hall is full")
    assert not_reloaded(north) and not_reloaded(south)
    assert set(Ticket.objects.filter(is_inside=True)) == {bea, cleo}


def test_who_has_left_comes_back_where_the_list_allows_it(signed_in, person, make_evening, guests, dora):
    """The same guest at two events: one lets them back in, the other says when they came and when they left."""
    open_, closed = make_evening(), make_evening("gala", title="Gala")
    CheckInList.objects.create(event=open_, name="All tickets")
    CheckInList.objects.create(event=closed, name="Once only", allows_reentry=False)
    ada, again = guests(open_, "Ada"), guests(closed, "Ada")
    phone, north = person(**PHONE), stand_at(signed_in(dora), "North", "jazz")
    phone.goto(ada.get_absolute_url())
    is_live(phone)
    inside = phone.get_by_text("You are inside.")
    verdict(north, ada, "In")
    expect(inside).to_be_visible()
    go_out(north, ada)
    expect(inside).to_have_count(0)
    expect(north.locator(INSIDE).first).to_have_text("0")
    verdict(north, ada, "In")
    expect(inside).to_be_visible()
    assert not_reloaded(phone) and not_reloaded(north)

    stand_at(north, "South", "gala")
    verdict(north, again, "In")
    go_out(north, again)
    came, left = Scan.objects.filter(ticket=again).order_by("pk")
    hour = timedelta(hours=-1)  # they have been inside for a while
    Scan.objects.filter(pk=came.pk).update(scanned_at=came.scanned_at + hour)
    told = verdict(north, again, "No way back in")
    words = [f"{moment.astimezone(closed.tz):%H:%M}" for moment in (came.scanned_at + hour, left.scanned_at)]
    expect(told).to_contain_text(f"Let in at door South at {words[0]} by Dora.")
    expect(told).to_contain_text(f"Left at door South at {words[1]}.")
    expect(told).to_contain_text("Nobody may come back in on this list.")
    until(lambda: Scan.objects.filter(ticket=again).count() == 3)
    assert not Ticket.objects.get(pk=again.pk).is_inside

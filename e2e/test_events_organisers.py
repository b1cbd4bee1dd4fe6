"""The organisers' pages: the guest list, the ledger of places, and what attendees see when an organiser changes something."""

import csv
import re

import pytest
from playwright.sync_api import expect

from bookings.events.models import Registration
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at
from e2e.test_events_attendees import choose, fill_in

PHONE = {"viewport": {"width": 390, "height": 844}}
DESK = {"viewport": {"width": 1280, "height": 800}, "bypass_csp": True}


@pytest.fixture
def jazz(make_event):
    """Ten places; adults pay."""
    return make_event(slug="jazz", title="Jazz under the board", size=10, types={"Adult": 2500, "Crew": 0})


@pytest.fixture
def at_desk(signed_in):
    """``at_desk(orla, "guests")``: a page of the organisers of the event, live."""

    def open_page(user, name, slug="jazz"):
        page = signed_in(user, **DESK)
        page.goto(f"/events/{slug}/{name}/")
        is_live(page)
        return page

    return open_page


def ledger(page, free, **uses):
    """Wait until the ledger of the one quota says this and nothing else, and check that it adds up."""
    uses = {name.replace("_", " "): number for name, number in uses.items()}
    lines = page.locator(".event-ledger tbody tr")
    for line in lines.all():
        name = line.locator("th").inner_text().partition("\n")[0].strip()  # and what that means
        expect(line.locator("td")).to_have_text(re.compile(rf"^{free if name == 'Free' else uses.get(name, 0)}\b"))
    numbers = [int(re.match(r"-?\d+", text)[0]) for text in lines.locator("td").all_inner_texts()]
    assert len(numbers) == 9 and sum(numbers) == int(page.locator(".event-ledger tfoot td").inner_text())


def row_of(page, name):
    return page.locator(".guests tbody tr").filter(has_text=name)


def test_guests_and_places_follow_an_attendee(person, at_desk, jazz, orla, oscar, register):
    register({"Crew": 1}, name="Grace Hopper", email="grace@example.org", event=jazz)
    guests, places, ada = at_desk(orla, "guests"), at_desk(oscar, "places"), person(**PHONE)
    expect(guests.get_by_role("heading", name="1 registration")).to_be_visible()
    ledger(places, free=9, Sold=1)

    choose(ada, jazz, Adult=2)
    ledger(places, free=7, Sold=1, Held=2)
    expect(row_of(guests, "Ada")).to_have_count(0)  # whose form is not sent is no guest
    fill_in(ada, name="=SUM(1;2) Ada")
    ada.get_by_label("Name", exact=True).last.fill("Bea")
    ada.get_by_role("button", name="Register and pay $50.00").click()
    expect(row_of(guests, "Ada")).to_contain_text(re.compile(r"with Bea.*Not paid yet.*2 × Adult.*\$50\.00", re.DOTALL))
    ledger(places, free=7, Sold=1, Not_paid_yet=2)
    ada.get_by_role("button", name="Pay $50.00 now").click()
    ada.get_by_role("button", name="Pay $50.00").click()
    expect(row_of(guests, "Ada")).to_contain_text("Confirmed")
    ledger(places, free=7, Sold=3)
    block(places, "Crew", 4, "Press")
    ledger(places, free=3, Sold=3, Blocked=4)

    # found by a name of the party, by state and by type; the table that is downloaded is what was found
    search = guests.get_by_label("Name, address or reference")
    search.fill("bea")
    search.press("Enter")
    expect(guests.locator(".guests tbody tr")).to_have_count(1)
    rows = table(guests)
    assert [row["Name"] for row in rows] == ["'=SUM(1;2) Ada", "Bea"]  # text, and no formula
    assert [row["Price"] for row in rows] == ["25.00", "25.00"]
    search.fill("")
    guests.get_by_label("Ticket type").select_option("Crew")
    search.press("Enter")
    expect(guests.locator(".guests tbody tr")).to_have_count(1)
    expect(row_of(guests, "Grace Hopper")).to_be_visible()
    guests.get_by_label("Ticket type").select_option("All types")
    guests.get_by_label("State", exact=True).select_option(label="Cancelled")
    guests.get_by_role("button", name="Search").click()
    expect(guests.get_by_text("Nobody is found by this search.")).to_be_visible()
    is_live(guests)
    look_at(guests)

    # a guest is cancelled from the panel: a found list follows, and so does the attendee's page
    is_live(ada)
    guests.get_by_role("link", name="All guests").click()
    row_of(guests, "Ada").get_by_role("link").click()
    panel = guests.locator("#panel")
    expect(panel.get_by_role("heading", name="Ada")).to_be_focused()
    look_at(guests)
    panel.locator("summary", has_text="Cancel this registration").click()
    panel.get_by_label("Reason, which they read").fill("The hall is flooded")
    panel.get_by_role("button", name="Cancel this registration").click()
    expect(panel).to_contain_text("what was paid goes back")
    expect(row_of(guests, "Ada")).to_contain_text("Cancelled")
    expect(ada.get_by_text("The hall is flooded")).to_be_visible()
    ledger(places, free=5, Sold=1, Blocked=4)
    unblock(places, "4 × Crew: Press", 3)
    ledger(places, free=8, Sold=1, Blocked=1)
    assert not_reloaded(places) and not_reloaded(ada)
    look_at(places)


def block(page, type_, count, reason):
    form = page.locator("details", has_text="Block places")
    form.locator("summary").click()
    form.get_by_label("Ticket type").select_option(type_)
    form.get_by_label("Places").fill(str(count))
    form.get_by_label("Reason").fill(reason)
    form.get_by_role("button", name="Block places").click()
    expect(page.get_by_text(f"{count} places are blocked.")).to_be_visible()


def unblock(page, group, count):
    form = page.locator("details", has_text="Free blocked places")
    form.locator("summary").click()
    form.get_by_label("Blocked places").select_option(group)
    form.get_by_label("Places", exact=True).fill(str(count))
    form.get_by_role("button", name="Free blocked places").click()
    expect(page.get_by_text("The places are free. Who waits gets them first.")).to_be_visible()


def table(page):
    with page.expect_download() as started:
        page.get_by_role("button", name="As a table (CSV)").click()
    with open(started.value.path(), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_vouchers_and_approval_by_keyboard(person, at_desk, jazz, orla, oscar):
    """One organiser uses no mouse."""
    jazz.types.filter(name="Crew").update(needs_approval=True)
    places = at_desk(oscar, "places")
    press(places, "Issue a voucher", "Enter")
    for name, text in {"code": "crew-26", "most": "4", "discount": "10"}.items():
        places.locator(f"#issuevoucher-{name}").fill(text)
    places.get_by_label("Reserve a place for each use").press("Space")
    issue = places.get_by_role("button", name="Issue a voucher")
    issue.press("Enter")
    expect(places.locator("#issuevoucher-type_error")).to_contain_text("Choose for which ticket type")
    places.locator("#issuevoucher-type").select_option("Adult")
    issue.press("Enter")
    expect(places.get_by_text("The voucher CREW-26 is valid now.")).to_be_visible()
    ledger(places, free=6, Reserved_by_a_voucher=4)

    ada = person(**PHONE)
    ada.goto(jazz.get_absolute_url())
    ada.get_by_label("Voucher (optional)").fill("crew-26")
    ada.get_by_role("button", name="Show what the voucher opens").click()
    expect(ada.locator(".event-places")).to_contain_text("$22.50")
    ada.get_by_label("Adult", exact=True).fill("1")
    ada.get_by_role("button", name="Hold these places").click()
    ledger(places, free=6, Reserved_by_a_voucher=3, Held=1)
    fill_in(ada)
    ada.get_by_role("button", name="Register and pay $22.50").click()
    ledger(places, free=6, Reserved_by_a_voucher=3, Not_paid_yet=1)
    assert not_reloaded(places)
    places.reload()
    voucher = places.locator("summary", has_text="CREW-26")
    expect(voucher).to_contain_text("1 of 4 used")
    voucher.press("Enter")
    places.get_by_role("button", name="Withdraw").press("Enter")
    expect(places.get_by_text("What it reserved is free.")).to_be_visible()
    ledger(places, free=9, Not_paid_yet=1)

    grace, katherine = (ask(person(**PHONE), jazz, name) for name in ("Grace", "Katherine"))
    guests = at_desk(orla, "guests")
    expect(row_of(guests, "Waits for approval")).to_have_count(2)
    ledger(places, free=7, Not_paid_yet=1, Waiting_for_approval=2)
    panel = guests.locator("#panel")
    press(guests, "Grace", "Enter")
    expect(panel.get_by_role("heading", name="Grace")).to_be_focused()
    panel.get_by_role("button", name="Approve").press("Enter")
    expect(panel).to_contain_text("Grace is approved. They were told by mail.")
    expect(grace.get_by_role("link", name="Ticket of Grace")).to_be_visible()
    press(guests, "Katherine", "Enter")
    expect(panel.get_by_role("heading", name="Katherine")).to_be_focused()
    panel.locator("summary", has_text="Decline").press("Enter")
    panel.get_by_label("Reason, which they read").fill("For crews only")
    guests.keyboard.press("Enter")
    expect(panel).to_contain_text("Katherine is declined.")
    expect(katherine.get_by_text("For crews only")).to_be_visible()
    expect(row_of(guests, "Katherine")).to_contain_text("Declined by the organiser")
    ledger(places, free=8, Not_paid_yet=1, Sold=1)
    assert not_reloaded(guests) and not_reloaded(grace) and not_reloaded(katherine)


def ask(page, event, name):
    """Ask for a place that the organiser has to approve."""
    choose(page, event, Crew=1)
    fill_in(page, name, f"{name.lower()}@example.org")
    page.get_by_role("button", name="Ask for these places").click()
    expect(page.locator(".event-registration")).to_contain_text("The organiser decides on your registration.")
    is_live(page)
    return page


def press(page, words, key):
    """Tab to a link or a heading that opens, and press a key."""
    target = page.locator("a, summary").filter(has_text=words).first
    target.focus()
    expect(target).to_be_focused()
    page.keyboard.press(key)


def test_more_places_fewer_places_and_an_announcement(person, at_desk, make_event, register, orla):
    event = make_event(size=1, slug="last", title="Last concert")
    holder = register(1, name="Holly", event=event)
    desk, wim, holly = at_desk(orla, "places", "last"), person(**PHONE), person(**PHONE)
    wim.goto("/events/last/waitlist/?size=1")
    wim.get_by_label("Name").fill("Wim")
    wim.get_by_label("E-mail").fill("wim@example.org")
    wim.get_by_role("button", name="Join the waitlist").click()
    expect(wim.get_by_text("We have written to wim@example.org.")).to_be_visible()
    wim.goto(event.waitlist.get().get_absolute_url())
    is_live(wim)
    holly.goto(holder.get_absolute_url())
    is_live(holly)
    expect(desk.locator(".event-queue")).to_contain_text("Wim")
    ledger(desk, free=0, Sold=1)

    resize(desk, 2)
    expect(wim.get_by_text("A place for you")).to_be_visible()
    ledger(desk, free=0, Sold=1, Offered=1)
    resize(desk, 0)
    expect(desk.locator(".event-ledger")).to_contain_text("Overdrawn")
    expect(desk.get_by_text("A quota is smaller than what is used of it.")).to_be_visible()
    ledger(desk, free=-2, Sold=1, Offered=1)
    wim.get_by_role("link", name="Take this place").click()
    fill_in(wim, "Wim", "wim@example.org")
    wim.get_by_role("button", name="Register", exact=True).click()
    expect(wim.get_by_text("Show your ticket at the door.")).to_be_visible()  # who has a place keeps it
    ledger(desk, free=-2, Sold=2)
    look_at(desk)
    desk.set_viewport_size({"width": 1280, "height": 800})
    assert not_reloaded(desk) and not_reloaded(holly)

    # from there to all the other pages, and what is announced is on a page that is open
    wim.goto("/events/last/now/")
    is_live(wim)
    for link, words in {
        "Door": "Open a door",
        "Conflicts": "There are no conflicts.",
        "Programme": "Add a room",
        "Moderation": "No question waits",
    }.items():
        desk.get_by_role("navigation", name="Pages of this event").get_by_role("link", name=link).click()
        expect(desk.get_by_text(words).first).to_be_visible()
        look_at(desk)
        desk.set_viewport_size({"width": 1280, "height": 800})
    desk.locator("summary", has_text="Announce something").click()
    desk.get_by_label("Announcement").fill("Coffee is served")
    desk.get_by_role("button", name="Announce it to everybody").click()
    expect(wim.locator(".now-announcement")).to_contain_text("Coffee is served")
    assert not_reloaded(wim)


def resize(page, size):
    expect(page.locator("#resize-size")).to_have_value(re.search(r"\d+", page.locator("#resize-quota").inner_text())[0])
    page.locator("#resize-size").fill(str(size))
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text(f"Hall has {size} places now.")).to_be_visible()


def test_a_phone_shows_what_was_asked_for(signed_in, jazz, orla, register):
    """Places opens at its top. A guest who is tapped is in view, and from there it is one tap back to the row."""
    jazz.quotas.create(name="Supper", size=4)
    for number in range(9):
        register({"Crew": 1}, name=f"Guest {number:02}", email=f"{number}@example.org", event=jazz)
    page = signed_in(orla, **PHONE)
    page.goto("/events/jazz/places/")
    is_live(page)
    assert page.evaluate("scrollY") == 0
    quota, size = page.locator("#resize-quota"), page.locator("#resize-size")
    expect(size).to_have_value("4" if quota.inner_text().startswith("Supper") else "10")
    quota.select_option(label="Supper (4)")
    expect(size).to_have_value("4")

    page.goto("/events/jazz/guests/")
    is_live(page)
    row = row_of(page, "Guest 08")
    row.get_by_role("link").click()
    heading = page.get_by_role("heading", name="Guest 08")
    expect(heading).to_be_focused()
    page.wait_for_timeout(500)  # nothing scrolls away from it later
    expect(heading).to_be_in_viewport()
    expect(row).not_to_be_in_viewport()
    page.get_by_role("link", name="Back to the guests").click()
    expect(row).to_be_in_viewport()


def test_where_organisers_land_and_what_is_not_theirs(signed_in_by_form, make_event, register, orla):
    make_event(slug="mine", title="Orla’s evening")
    other = make_event(slug="other", title="Somebody else’s")
    other.organisers.remove(orla)
    registration = register(event=other)
    page = signed_in_by_form(orla, bypass_csp=True)
    expect(page).to_have_url(re.compile("/events/organised/$"))
    expect(page.locator(".organised")).to_contain_text("Orla’s evening")
    expect(page.locator(".organised")).not_to_contain_text("Somebody else’s")
    expect(page.get_by_role("link", name="Your events")).to_have_attribute("aria-current", "page")
    look_at(page)
    page.get_by_role("link", name="Orla’s evening", exact=True).click()
    expect(page.get_by_text("Nobody has registered yet.")).to_be_visible()
    for name in (
        "guests",
        f"guests/{registration.pk}",
        "places",
        "programme/edit",
        "moderation",
        "door",
        "door/conflicts",
    ):
        assert page.goto(f"/events/other/{name}/").status == 404, name
    assert page.goto("/events/other/").status == 200
    expect(page.get_by_role("link", name="Organise this event")).to_have_count(0)
    assert Registration.objects.get().state == "confirmed"

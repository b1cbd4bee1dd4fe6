"""An event that is on, in four browsers: two attendees on their phones, a moderator, and the screen beside the stage."""

import os
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookings.events.models import Announcement, AudienceQuestion, ChatMessage, Event, Poll, Room, Session, Vote
from e2e.conftest import is_live, not_reloaded
from e2e.kiosk import ADDRESS, give_key, is_current, is_the_same_document, make_screen
from e2e.look import look_at

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
TABLET = {"viewport": {"width": 1280, "height": 900}}
SHOTS = os.environ.get("SHOTS")  # a folder for pictures


@pytest.fixture
def event(make_event):
    """It began half an hour ago."""
    event = make_event(slug="open-day", title="Open day of the tower", size=40, hours_ahead=-0.5)
    type(event).objects.filter(pk=event.pk).update(sale_until=event.ends_at)
    room = Room.objects.create(event=event, name="Blue room")
    for number, title in enumerate(["How we land in fog", "Night shifts, and how to live with them"]):
        starts = event.starts_at + timedelta(hours=number)
        Session.objects.create(event=event, room=room, guid=title, title=title, starts_at=starts, minutes=60)
    return event


@pytest.fixture
def tickets(make_event, register, event):
    """Registered before it began."""
    starts = event.starts_at
    Event.objects.filter(pk=event.pk).update(starts_at=timezone.now() + timedelta(minutes=1))
    event.refresh_from_db()
    found = list(register(6, event=event).tickets.all())
    Event.objects.filter(pk=event.pk).update(starts_at=starts)
    event.refresh_from_db()
    return found


@pytest.fixture
def attend(person):
    """``attend(ticket)``: opens the ticket's link on a phone, and from there the page of the event."""

    def open_page(ticket, **options):
        page = person(**{**PHONE, "bypass_csp": True, **options})
        page.goto(ticket.get_absolute_url())
        page.get_by_role("link", name="The event now").click()
        page.wait_for_url("**/events/open-day/now/")
        if options.get("java_script_enabled", True):
            is_live(page)
        return page

    return open_page


@pytest.fixture
def stage(person, server, event):
    screen = make_screen(theme="dark")
    screen.hours.update(shows="stage", settings={"event": event.slug})
    page = person(viewport={"width": 1920, "height": 1080})
    give_key(page, screen, server.url)
    page.goto(ADDRESS)
    is_current(page)
    return page


def shot(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def write(page, label, text, button, name=""):
    """Open the form below the thumb, and send it."""
    form = page.locator(".now-writing").filter(has=page.get_by_text(label, exact=True))
    form.locator("summary").click()
    form.get_by_role("textbox").first.fill(text)
    if name:
        form.get_by_label("Name that others see").fill(name)
    form.get_by_role("button", name=button).click()
    return form


def pictured(page, name, width, height, scheme):
    if SHOTS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def question_on(page, text):
    return page.locator(".now-question").filter(has_text=text)


def row_on(desk, text):
    return desk.locator(".moderate-row").filter(has_text=text)


def press(desk, text, button):
    row_on(desk, text).get_by_role("button", name=re.compile(f"^{button}")).click()


def vote_on(page, text):
    question_on(page, text).get_by_role("button", name=re.compile("Vote")).tap()


def test_from_the_question_to_the_stage_and_nobody_reloads(attend, signed_in, stage, tickets, event, orla):
    ada, ben = attend(tickets[0]), attend(tickets[1])
    desk = signed_in(orla, **TABLET, bypass_csp=True)
    desk.goto("/events/open-day/moderation/")
    is_live(desk)
    expect(stage.locator(".stage-session").first).to_contain_text("How we land in fog")
    shot(stage, "stage-sessions")

    # a question: one writes, the moderator alone sees it, then everybody
    form = write(ada, "Ask a question", "Why is the sky blue?", "Send the question", "Ada, row 5")
    expect(form.get_by_role("status")).to_contain_text("A moderator looks at it")
    expect(ada.locator("#now-mine")).to_contain_text("Waits for a moderator")
    expect(row_on(desk, "Why is the sky blue?")).to_be_visible()
    expect(ben.get_by_text("Why is the sky blue?")).to_have_count(0)
    press(desk, "Why is the sky blue?", "Show it")
    for page in (ada, ben):
        expect(question_on(page, "Why is the sky blue?")).to_contain_text("Ada, row 5")

    # votes: one of each ticket, taken back and given again
    vote_on(ben, "Why is the sky blue?")
    for page in (ada, ben):
        expect(question_on(page, "Why is the sky blue?").locator("button:visible b")).to_have_text("1")
    expect(question_on(ben, "Why is the sky blue?").get_by_role("button")).to_have_text(re.compile("Take back"))
    question_on(ben, "Why is the sky blue?").get_by_role("button").tap()
    expect(question_on(ada, "Why is the sky blue?").locator("button:visible b")).to_have_text("0")
    vote_on(ben, "Why is the sky blue?")
    vote_on(ada, "Why is the sky blue?")
    expect(row_on(desk, "Why is the sky blue?")).to_contain_text("2 votes")

    # on the stage's screen
    press(desk, "Why is the sky blue?", "To the stage")
    expect(stage.locator(".stage-question .text")).to_have_text("Why is the sky blue?")
    expect(stage.locator(".stage-question")).to_contain_text("Ada, row 5")
    expect(question_on(ben, "Why is the sky blue?")).to_contain_text("On the stage’s screen")
    shot(stage, "stage-question")

    # a poll takes its place, with bars that move
    new_poll(desk)
    expect(row_on(desk, "Tea or coffee?")).to_contain_text("Draft")
    expect(ben.get_by_text("Tea or coffee?")).to_have_count(0)
    press(desk, "Tea or coffee?", "Open it")
    ben.get_by_role("button", name=re.compile("^Coffee")).tap()
    expect(ben.get_by_role("button", name=re.compile("^Coffee"))).to_have_attribute("aria-pressed", "true")
    press(desk, "Tea or coffee?", "To the stage")
    expect(stage.locator(".stage-poll")).to_contain_text("100 %")
    ada.get_by_role("button", name=re.compile("^Tea")).tap()
    expect(stage.locator(".stage-poll li").filter(has_text="Tea")).to_contain_text("50 %")
    expect(question_on(ben, "Why is the sky blue?")).not_to_contain_text("On the stage’s screen")
    shot(stage, "stage-poll")

    # announced, said, hidden, closed
    write(desk, "Announce something", "Coffee is served in the foyer", "Announce it to everybody")
    for page in (ada, ben):
        expect(page.locator(".now-announcement")).to_contain_text("Coffee is served in the foyer")
    write(ben, "Write in the chat", "Hello from the last row", "Send the message", "Ben")
    expect(ada.locator(".now-message")).to_contain_text("Hello from the last row")
    press(desk, "Hello from the last row", "Hide it")
    expect(ada.get_by_text("Hello from the last row")).to_have_count(0)
    desk.get_by_role("button", name="Close the chat").click()
    expect(ada.locator("#now-chat")).to_contain_text("The chat is closed.")
    press(desk, "Why is the sky blue?", "Answered")
    expect(question_on(ada, "Why is the sky blue?")).to_contain_text("Answered")
    for page, name in ((ada, "now"), (desk, "moderation")):
        for width, height, scheme in ((390, 844, "light"), (1280, 900, "dark"), (1920, 1080, "light")):
            pictured(page, f"{name}-{width}", width, height, scheme)
    assert all(not_reloaded(page) for page in (ada, ben, desk)) and is_the_same_document(stage)
    look_at(ada)
    look_at(desk)


def new_poll(desk):
    form = desk.locator(".now-writing").filter(has=desk.get_by_text("New poll", exact=True))
    form.locator("summary").click()
    form.get_by_label("Question of the poll").fill("Tea or coffee?")
    form.get_by_label("Choices, one a line").fill("Tea\nCoffee")
    form.get_by_role("button", name="Make the poll").click()
    expect(form.get_by_role("status")).to_contain_text("The poll is made")


def test_nothing_typed_is_lost_while_the_page_changes(attend, tickets, event, orla):
    ada = attend(tickets[0])
    form = ada.locator(".now-writing").filter(has=ada.get_by_text("Ask a question", exact=True))
    form.locator("summary").click()
    box = form.get_by_role("textbox").first
    box.press_sequentially("Why is the")
    question = AudienceQuestion.objects.ask(event, "Who pays?", tickets[1]).show()
    for ticket in tickets[1:]:
        question.vote(ticket)
    Announcement.objects.announce(event, "Row 5 is wet", by=orla)
    ChatMessage.objects.say(event, "Hello", "Cy", ticket=tickets[2])
    expect(question_on(ada, "Who pays?").locator("button:visible b")).to_have_text("5")
    expect(ada.locator(".now-message")).to_contain_text("Hello")
    expect(box).to_be_focused()
    box.press_sequentially(" sky blue?")
    vote_on(ada, "Who pays?")
    expect(ada.locator("#now-mine")).to_contain_text("You voted for 1 question")
    expect(box).to_have_value("Why is the sky blue?")
    ada.context.set_offline(True)
    form.get_by_role("button", name="Send the question").click()
    expect(form.get_by_role("alert")).to_contain_text("What you typed is kept")
    expect(box).to_have_value("Why is the sky blue?")
    ada.context.set_offline(False)
    form.get_by_role("button", name="Send the question").click()
    expect(form.get_by_role("status")).to_contain_text("A moderator looks at it")
    expect(form.locator("summary")).to_be_focused()
    expect(box).to_be_hidden()
    assert AudienceQuestion.objects.filter(text="Why is the sky blue?").count() == 1


def test_it_works_without_javascript(attend, tickets, event):
    question = AudienceQuestion.objects.ask(event, "Who pays?", tickets[1]).show()
    Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"]).open()
    ada = attend(tickets[0], java_script_enabled=False)
    question_on(ada, "Who pays?").get_by_role("button", name=re.compile("Vote")).click()
    expect(question_on(ada, "Who pays?").locator("button:visible b")).to_have_text("1")
    ada.get_by_role("button", name=re.compile("^Coffee")).click()
    expect(ada.locator("#now-mine")).to_contain_text("You chose: Coffee")
    write(ada, "Ask a question", "Why is the sky blue?", "Send the question")
    expect(ada.get_by_role("status")).to_contain_text("A moderator looks at it")
    ada.locator(".now-voted summary").click()
    ada.locator(".now-voted").get_by_role("button").click()
    expect(question_on(ada, "Who pays?").locator("button:visible b")).to_have_text("0")
    assert not Vote.objects.filter(question=question).exists()


def test_of_two_moderators_the_second_is_told_who_was_first(signed_in, tickets, event, orla, oscar):
    """The second one has paused the page, so that it shows what was."""
    question = AudienceQuestion.objects.ask(event, "Who pays?", tickets[1])
    orla_desk, oscar_desk = signed_in(orla, **TABLET), signed_in(oscar, **TABLET)
    for desk in (orla_desk, oscar_desk):
        desk.goto("/events/open-day/moderation/")
        is_live(desk)
    oscar_desk.locator("[data-live-pause]").click()
    press(orla_desk, "Who pays?", "Don’t show it")
    expect(row_on(orla_desk, "Who pays?")).to_contain_text("Not shown")
    press(oscar_desk, "Who pays?", "Show it")
    expect(oscar_desk.locator("#moderate-said")).to_contain_text("Orla was first")
    question.refresh_from_db()
    assert question.state == "dismissed"
    oscar_desk.locator("[data-live-pause]").click()
    expect(row_on(oscar_desk, "Who pays?")).to_contain_text("Not shown")


def test_by_the_keyboard_the_focus_stays_on_the_vote(attend, tickets, event):
    AudienceQuestion.objects.ask(event, "Who pays?", tickets[1]).show()
    ada = attend(tickets[0], viewport={"width": 1280, "height": 800})
    button = question_on(ada, "Who pays?").get_by_role("button")
    button.focus()
    ada.keyboard.press("Enter")
    expect(button).to_have_text(re.compile("Take back"))
    expect(button).to_be_focused()
    ada.keyboard.press("Enter")
    expect(button).to_have_text(re.compile("Vote"))
    expect(button).to_be_focused()
    shot(ada, "now-1280")


def test_hidden_results_show_once_one_has_voted_and_move(attend, tickets, event):
    poll = Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"], hides_results=True).open()
    ada = attend(tickets[0])
    expect(ada.locator(".now-poll")).to_contain_text("once you have voted")
    expect(ada.locator(".now-bar")).to_have_count(0)
    ada.get_by_role("button", name=re.compile("^Tea")).tap()
    expect(ada.locator(".now-results")).to_contain_text("100 %")
    is_live(ada)
    poll.choose(poll.options.last().pk, tickets[1])
    expect(ada.locator(".now-results li").filter(has_text="Coffee")).to_contain_text("50 %")
    ada.get_by_role("button", name=re.compile("^Coffee")).tap()
    expect(ada.locator(".now-results li").filter(has_text="Coffee")).to_contain_text("100 %")
    assert not_reloaded(ada)


def test_a_refused_vote_says_why_where_one_is(attend, tickets, event):
    question = AudienceQuestion.objects.ask(event, "Who pays?", tickets[1]).show()
    ada = attend(tickets[0])
    Event.objects.filter(pk=event.pk).update(ends_at=timezone.now())
    vote_on(ada, "Who pays?")
    told = ada.locator("#now-voted").get_by_role("alert")
    expect(told).to_have_text("This event is over.")
    expect(told).to_be_in_viewport()
    shot(ada, "now-refused")
    assert not Vote.objects.filter(question=question).exists()

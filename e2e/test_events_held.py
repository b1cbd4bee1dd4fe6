"""The time of a hold runs out before the eyes of somebody who is still typing; nothing typed is lost, and they register after all."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from bookings.events import topics
from bookings.events.models import Answer, Place, Question, Registration, State
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at
from e2e.test_events_attendees import PHONE, choose
from live.outbox import publish

# The last seconds are there for a moment only: this remembers that they were counted.
REMEMBER_THE_LAST_SECONDS = """() => {
  window.counted = [];
  new MutationObserver(() => {
    const text = document.querySelector("[data-until]")?.textContent.trim();
    if (/^0:0\\d$/.test(text) && !window.counted.includes(text)) window.counted.push(text);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def let_it_run_out(registration, seconds):
    """All but these seconds of its time are over."""
    end = timezone.now() + timedelta(seconds=seconds)
    Registration.objects.filter(pk=registration.pk).update(expires_at=end)
    Place.objects.filter(registration=registration).update(expires_at=end)
    publish(topics.registration(registration.pk), topics.places(registration.event_id))


def test_the_time_is_over_while_one_types(person, make_event):
    event = make_event(slug="jazz", title="Jazz under the board", types={"Adult": 0, "Child": 0})
    Question.objects.create(event=event, text="Which drink?", kind="choice", choices="Tea\nCoffee", is_required=True)
    watcher, ada = person(), person(**PHONE)
    watcher.goto("/events/")
    is_live(watcher)
    left = watcher.locator("#event-jazz")
    choose(ada, event, Adult=1, Child=1)
    is_live(ada)
    expect(ada.get_by_role("timer")).to_contain_text(re.compile(r"(9:\d\d|10:00)"))
    expect(left).to_contain_text("8 places left")
    name = ada.get_by_label("Your name")
    name.fill("Ada Love")
    ada.get_by_label("E-mail", exact=True).fill("ada@example.org")
    ada.get_by_label("Which drink?").first.select_option("Coffee")
    guest = ada.get_by_label("Name", exact=True).last
    guest.fill("Bea")
    ada.evaluate(REMEMBER_THE_LAST_SECONDS)
    name.focus()
    name.press("End")
    let_it_run_out(Registration.objects.get(), seconds=8)

    expect(ada.get_by_text("These places are not held for you any more")).to_be_visible(timeout=20_000)
    assert ada.evaluate("window.counted.length"), "the countdown was not seen"
    ada.keyboard.type("lace")  # the focus has stayed
    expect(ada.get_by_role("timer")).to_have_count(0)
    expect(ada.get_by_role("button", name="Hold 10 minutes longer")).to_have_count(0)
    expect(left).to_contain_text("10 places left")
    assert not_reloaded(ada)
    expect(name).to_have_value("Ada Lovelace")
    expect(guest).to_have_value("Bea")
    look_at(ada)

    ada.get_by_role("button", name="Hold the same places again").click()
    expect(ada.get_by_role("timer")).to_contain_text(re.compile(r"(9:\d\d|10:00)"))
    expect(left).to_contain_text("8 places left")
    expect(ada.locator(".event-lines")).to_contain_text(re.compile("1 × Adult.*1 × Child", re.DOTALL))
    expect(name).to_have_value("Ada Lovelace")
    expect(ada.get_by_label("E-mail", exact=True)).to_have_value("ada@example.org")
    expect(ada.get_by_label("Which drink?").first).to_have_value("Coffee")
    expect(guest).to_have_value("Bea")
    ada.get_by_label("Which drink?").last.select_option("Tea")
    ada.get_by_role("button", name="Register").click()
    ada.wait_for_url("**/events/registration/**")
    expect(ada.get_by_role("link", name="Ticket of Bea")).to_be_visible()
    made = Registration.objects.get(state=State.CONFIRMED)
    assert (made.name, made.email) == ("Ada Lovelace", "ada@example.org")
    assert [ticket.name for ticket in made.tickets.all()] == ["Ada Lovelace", "Bea"]
    assert set(Answer.objects.values_list("ticket__name", "text")) == {("Ada Lovelace", "Coffee"), ("Bea", "Tea")}
    expect(left).to_contain_text("8 places left")
    assert not_reloaded(watcher)


def test_what_another_has_taken_meanwhile_is_said_and_the_rest_is_held(person, make_event, hold_places):
    event = make_event(slug="jazz", title="Jazz under the board", size=3)
    ada = person(**PHONE)
    choose(ada, event, Adult=2)
    is_live(ada)
    ada.get_by_label("Your name").fill("Ada")
    let_it_run_out(Registration.objects.get(), seconds=0)
    again = ada.get_by_role("button", name="Hold the same places again")
    expect(again).to_be_visible()
    assert not_reloaded(ada)
    hold_places(2, event=event)
    again.click()
    expect(ada.get_by_role("alert")).to_contain_text("1 is left of the 2 that you wanted")
    ada.get_by_role("button", name="Hold the one place that is left").click()
    expect(ada.get_by_role("timer")).to_be_visible()
    expect(ada.get_by_label("Your name")).to_have_value("Ada")

"""The form while places are held: its countdown, what is typed, and what becomes of both when the time is over."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from bookings.events import lapsing
from bookings.events.attendees import choosing
from bookings.events.models import Answer, Question, Registration, State, Voucher
from tests.events.attending import Browser, field, words

pytestmark = pytest.mark.django_db

LATER = timedelta(minutes=11)


@pytest.fixture
def browser(client, event):
    return Browser(client, event)


def test_the_same_page_sent_twice_holds_once(client, event, browser):
    page = browser.open()
    data = {f"type-{event.types.get().pk}": 2, "key": field(page, "key")}
    first, second = (client.post("/events/concert/hold/", data) for _time in range(2))
    assert first.url == second.url
    assert Registration.objects.count() == 1


def test_the_form_sent_twice_registers_once(browser):
    held = browser.choose(Adult=1)
    first, second = browser.fill(held.url), browser.fill(held.url)
    assert first.url == second.url
    assert Registration.objects.get().state == State.CONFIRMED


def test_it_is_held_longer_once_and_what_is_typed_comes_along(client, browser):
    held = browser.choose(Adult=1)
    registration = Registration.objects.get()
    before = registration.expires_at
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        client.post(f"{held.url}extend/", {"name": "Ada Lovelace"})
        page = client.get(held.url)
        assert "Your places are held for 10 more minutes." in words(page)
        assert 'value="Ada Lovelace"' in page.text
        assert "Hold 10 minutes longer" not in words(page)
        registration.refresh_from_db()
        assert registration.expires_at > before
        assert client.post(f"{held.url}extend/").status_code == 409


@pytest.mark.parametrize("is_swept", [False, True])
def test_when_the_time_is_over_nothing_typed_is_lost_and_the_same_can_be_held_again(client, browser, is_swept):
    held = browser.choose(Adult=2)
    with time_machine.travel(timezone.now() + LATER):
        if is_swept:
            lapsing.lapse_expired(timezone.now())
        late = browser.fill(held.url, **{"name": "Ada Lovelace", "name-2": "Bea"})
        assert late.status_code == 410
        assert "not held for you any more" in words(late)
        assert 'value="Ada Lovelace"' in late.text
        assert 'value="Bea"' in late.text
        again = client.post(f"{held.url}again/", {"name": "Ada Lovelace", "name-2": "Bea"})
        assert again.status_code == 303
        page = client.get(again.url)
        assert 'value="Bea"' in page.text
        assert browser.fill(again.url, **{"name-2": "Bea"}).status_code == 303
        assert Registration.objects.get(state=State.CONFIRMED).tickets.count() == 2


def test_when_others_have_taken_them_it_says_so(client, browser, event, register):
    held = browser.choose(Adult=2)
    with time_machine.travel(timezone.now() + LATER):
        register(9)
        answer = client.post(f"{held.url}again/", {"name": "Ada"})
        assert answer.status_code == 409
        assert "1 is left of the 2 that you wanted" in words(answer)


def test_giving_them_back_frees_them(client, browser, event):
    held = browser.choose(Adult=10)
    assert "None free at the moment" in words(Client().get(event.get_absolute_url()))
    client.post(f"{held.url}release/")
    assert "10 places left" in words(client.get(event.get_absolute_url()))


def test_a_group_has_a_name_for_each(browser):
    held = browser.choose(Adult=3)
    refused = browser.fill(held.url, **{"name-2": "Bea"})
    assert refused.status_code == 422
    assert browser.fill(held.url, **{"name-2": "Bea", "name-3": "Cy", "email-3": "cy@example.org"}).status_code == 303
    tickets = Registration.objects.get().tickets.all()
    assert [(ticket.name, ticket.email) for ticket in tickets] == [("Ada", ""), ("Bea", ""), ("Cy", "cy@example.org")]


def test_each_line_says_what_all_its_places_cost(client, make_event):
    event = make_event(slug="dinner", types={"Adult": 2500, "Child": 1000, "Baby": 0})
    held = Browser(client, event).choose(Adult=2, Child=1, Baby=2)
    page = words(client.get(held.url))
    assert "2 × Adult $25.00 each $50.00 1 × Child $10.00 2 × Baby Free of charge Total$60.00" in page


class TestQuestions:
    @pytest.fixture
    def question(self, event):
        return Question.objects.create(
            event=event, text="Which drink?", kind="choice", choices="Tea\nCoffee", is_required=True
        )

    def test_they_are_asked_and_kept_until_they_are_due(self, client, browser, event, question):
        held = browser.choose(Adult=1)
        assert "Which drink?" in words(client.get(held.url))
        assert browser.fill(held.url).status_code == 422
        assert browser.fill(held.url, **{f"answer-1-{question.pk}": "Petrol"}).status_code == 422
        assert browser.fill(held.url, **{f"answer-1-{question.pk}": "Tea"}).status_code == 303
        assert Answer.objects.get().text == "Tea"
        due = event.ends_at + timedelta(days=30)
        Answer.objects.prune(due - timedelta(seconds=1))
        assert Answer.objects.exists()
        Answer.objects.prune(due)
        assert not Answer.objects.exists()

    @pytest.mark.parametrize("days", [-7, 90])
    def test_they_are_kept_by_the_end_of_the_event_as_it_is_now(self, browser, event, question, days):
        browser.fill(browser.choose(Adult=1).url, **{f"answer-1-{question.pk}": "Tea"})
        event.move(*(moment + timedelta(days=days) for moment in (event.starts_at, event.ends_at)))
        type(event).objects.update(answers_kept_days=10)
        due = event.ends_at + timedelta(days=10)
        Answer.objects.prune(due - timedelta(seconds=1))
        assert Answer.objects.exists()
        Answer.objects.prune(due)
        assert not Answer.objects.exists()

    def test_those_of_another_type_are_not_asked(self, client, make_event):
        event = make_event(slug="two", types={"Adult": 0, "Child": 0})
        question = Question.objects.create(event=event, text="How old?", kind="number")
        question.types.add(event.types.get(name="Child"))
        browser = Browser(client, event)
        assert "How old?" not in words(client.get(browser.choose(Adult=1).url))
        assert "How old?" in words(client.get(browser.choose(Child=1).url))

    def test_a_script_in_an_answer_is_inert(self, client, browser, event):
        asked = Question.objects.create(event=event, text="Anything <b>else</b>?")
        held = browser.choose(Adult=1)
        page = browser.fill(held.url, **{f"answer-1-{asked.pk}": "<script>alert(1)</script>"}).url
        assert "<script>alert" not in client.get(f"{page}change/").text
        assert "<b>else</b>" not in client.get(f"{page}change/").text


def test_approval_is_said_before_and_nothing_is_paid(client, make_event):
    event = make_event(types={"Adult": 1000})
    event.types.update(needs_approval=True)
    browser = Browser(client, event)
    held = browser.choose(Adult=1)
    assert "The organiser approves each registration." in words(client.get(held.url))
    page = words(client.get(browser.fill(held.url).url))
    assert "Waits for approval" in page
    assert "Pay $10.00" not in page


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: "x" + token, lambda token: "1"])
def test_forged_links_open_nothing(client, browser, change):
    held = browser.choose(Adult=1)
    token = held.url.split("/")[-2]
    for address in ("held", "registration", "ticket"):
        assert client.get(f"/events/{address}/{change(token)}/").status_code == 404


def test_a_hold_of_another_person_needs_its_link(browser, event):
    browser.choose(Adult=1)
    stranger = Client()
    assert "held for you" not in words(stranger.get(event.get_absolute_url()))


@pytest.mark.parametrize("address", ["extend", "release", "again"])
def test_only_posts_change_something(client, browser, address):
    assert client.get(f"{browser.choose(Adult=1).url}{address}/").status_code == 405


def test_a_form_for_an_event_that_is_cancelled_meanwhile_registers_nobody(client, event, hold_places):
    held = hold_places()
    event.call_off("The band is ill.")
    answer = Browser(client, event).fill(f"/events/held/{held.token}/")
    held.refresh_from_db()
    assert (answer.status_code, held.state) == (422, State.HELD)
    assert "This event is cancelled." in words(answer)


def test_holding_again_by_a_voucher_is_counted_with_the_vouchers(client, event, hold_places, monkeypatch):
    Voucher.objects.issue(event, "FRIENDS", most=5)
    held = hold_places(voucher="FRIENDS")
    Registration.objects.update(expires_at=timezone.now())
    monkeypatch.setattr(choosing, "CODES", 0)
    assert client.post(f"/events/held/{held.token}/again/").status_code == 429

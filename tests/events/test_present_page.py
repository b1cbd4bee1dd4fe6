"""The page of an event that is on: who may ask, write and vote, with and without JavaScript, and what becomes of it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from bookings.events import topics
from bookings.events.models import Announcement, AudienceQuestion, ChatMessage, Poll, PollVote, Room, Session, Vote
from bookings.events.present import views
from bookings.events.present.regions import EventNow, PollResults
from live.regions import find
from tests.events.attending import field, words
from tests.events.presenting import Attendee

EVIL = """<script>x</script><img src=x onerror=x hx-get=/x>"'{{ 7|add:7 }}"""


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


@pytest.fixture
def ticket(register):
    return register(1).tickets.get()


@pytest.fixture
def ada(event, ticket):
    return Attendee(event, ticket)


@pytest.fixture
def plain(event, ticket):
    """Her browser without JavaScript."""
    return Attendee(event, ticket, is_htmx=False)


@pytest.fixture
def question(event, register):
    return AudienceQuestion.objects.ask(event, "Why is the sky blue?", register(1).tickets.get(), "Cy").show()


@pytest.fixture
def poll(event):
    return Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"]).open()


def text(event):
    return re.sub(r"\s+", " ", EventNow(slug=event.slug).render().html)


def test_an_account_with_a_ticket_is_led_to_it(event, ticket, orla):
    type(ticket.registration).objects.update(user=orla)
    browser = Attendee(event)
    assert "Open your ticket to" not in words(browser.see())
    browser.client.force_login(orla)
    assert ticket.get_absolute_url() in browser.see().text and "Open your ticket to" in words(browser.see())
    page = browser.see().text
    assert page.index("Open your ticket to") < page.index('class="now-rows"'), "before what it is for"
    browser.client.get(ticket.get_absolute_url())
    assert "Open your ticket to" not in words(browser.see())


def test_an_account_with_several_tickets_chooses_one(event, register, orla):
    registration = register(2)
    type(registration).objects.update(user=orla)
    browser = Attendee(event)
    browser.client.force_login(orla)
    page = browser.see().text
    assert all(ticket.get_absolute_url() in page for ticket in registration.tickets.all())


def test_who_has_no_ticket_has_no_buttons_and_reads_why(event, question, poll):
    page = Attendee(event).see().text
    assert '<div class="now-page no-ticket">' in page and 'href="#now-yours"' not in page
    assert "To vote, open your ticket" in page and "To ask and vote, open your ticket" in page
    options = re.findall(r'<(\w+) class="now-option (now-if-[a-z]+)"', page)
    assert options == [("button", "now-if-ticket"), ("div", "now-if-none")] * 2
    poll.close()
    assert "To vote, open your ticket" not in Attendee(event).see().text


# Asking


def test_a_question_is_sent_and_waits(event, ada, ticket):
    answer = ada.send("ask", key=uuid4(), text="Why?", name="Ada L.")
    assert answer.status_code == 200 and "A moderator looks at it" in words(answer)
    asked = AudienceQuestion.objects.get()
    assert (asked.text, asked.name, asked.ticket, asked.state) == ("Why?", "Ada L.", ticket, "waiting")
    assert "Waits for a moderator" in words(answer), "its author sees how far it is"
    assert "Why?" not in text(event), "nobody else sees it"
    assert field(answer, "key") != str(asked.key) and 'value="Ada L."' in answer.content.decode()


def test_the_same_without_javascript(event, plain):
    page = plain.see()
    answer = plain.send("ask", key=field(page, "key"), text="Why?")
    assert (answer.status_code, answer.url) == (303, "/events/concert/now/")
    assert "A moderator looks at it" in words(plain.see())


def test_a_refused_question_is_given_back_as_it_was_typed(event, ada, plain, time_machine):
    for browser in (ada, plain):
        answer = browser.send("ask", key=uuid4(), text="x" * 281)
        assert answer.status_code == 422 and "x" * 281 in answer.content.decode()
    time_machine.move_to(event.ends_at)
    for browser in (ada, plain):
        answer = browser.send("ask", key=uuid4(), text="Too late?")
        assert answer.status_code == 422
        assert "Too late?" in answer.content.decode() and "This event is over." in words(answer)
    assert not AudienceQuestion.objects.exists()


def test_sent_twice_it_is_there_once(ada):
    key = uuid4()
    for _time in range(2):
        assert ada.send("ask", key=key, text="Why?").status_code == 200
    assert AudienceQuestion.objects.count() == 1


@pytest.mark.parametrize("what", ["ask", "say", "vote", "unvote", "choose"])
def test_who_has_no_ticket_sees_all_and_does_nothing(event, question, poll, what):
    stranger = Attendee(event, is_htmx=False)
    page = stranger.see()
    assert question.text in words(page) and "Open the link of your ticket" in words(page)
    option = poll.options.first().pk
    for browser in (stranger, Attendee(event)):
        answer = browser.send(what, key=uuid4(), text="Why?", name="Eve", question=question.pk, option=option)
        assert answer.status_code == 422 and "Open the link of your ticket" in words(answer)
    assert AudienceQuestion.objects.count() == 1
    assert not (Vote.objects.exists() or PollVote.objects.exists() or ChatMessage.objects.exists())


def test_a_ticket_that_was_cancelled_has_no_voice(event, ada, ticket, question):
    ticket.registration.cancel()
    assert ada.vote(question).status_code == 422
    assert not Vote.objects.exists()


def test_the_ticket_of_another_event_has_no_voice(event, make_event, register, question):
    other = make_event(slug="elsewhere")
    stranger = Attendee(other, register(1, event=other).tickets.get())
    stranger.event = event
    assert stranger.vote(question).status_code == 422
    assert not Vote.objects.exists()


@pytest.mark.parametrize("what", ["ask", "say", "vote", "unvote", "choose"])
def test_nothing_is_done_by_a_link(event, ada, what):
    assert ada.client.get(reverse(f"events:{what}", args=[event.slug])).status_code == 405


def test_an_event_that_is_not_published_has_no_page(event, ada):
    type(event).objects.filter(pk=event.pk).update(state="draft")
    assert ada.see().status_code == 404
    assert ada.client.get("/live/events/concert/").status_code == 404
    assert ada.send("ask", key=uuid4(), text="Why?").status_code == 404


# Voting


def test_a_vote_is_one_and_is_taken_back(event, ada, question):
    for _time in range(2):
        answer = ada.vote(question)
        assert answer.status_code == 200 and f'data-voted="{question.pk} "' in answer.content.decode()
    assert "1 vote" in text(event)
    for _time in range(2):
        assert 'data-voted=""' in ada.vote(question, "unvote").content.decode()
    assert "0 votes" in text(event)


def test_voting_works_without_javascript(event, plain, question):
    page = plain.see().content.decode()
    assert '<form id="now-votes" method="post"' in page
    assert re.search(
        rf'form="now-votes"\s+formaction="/events/concert/now/vote/"[^>]*name="question" value="{question.pk}"', page
    )
    assert plain.vote(question).status_code == 303
    assert "You voted for 1 question" in words(plain.see())
    assert plain.vote(question, "unvote").status_code == 303
    assert not Vote.objects.exists()


def test_what_does_not_exist_is_not_voted_for(event, ada, make_event, register):
    other = make_event(slug="elsewhere")
    elsewhere = AudienceQuestion.objects.ask(other, "Why?", register(1, event=other).tickets.get()).show()
    for key in (elsewhere.pk, 999_999, "x", "", "-1", "9" * 40, "٣"):
        assert ada.send("vote", question=key).status_code == 404
        assert ada.send("choose", option=key).status_code == 404


def test_a_question_that_waits_takes_no_votes_whoever_knows_its_number(event, ada, register):
    waiting = AudienceQuestion.objects.ask(event, "Secret?", register(1).tickets.get())
    answer = ada.vote(waiting)
    assert answer.status_code == 422 and "Secret" not in words(answer)


def test_who_votes_without_a_pause_is_told_to_wait(event, ada, question, monkeypatch):
    monkeypatch.setitem(views.PER_TICKET, "vote", (3, 60))
    for _time in range(3):
        assert ada.vote(question).status_code == 200
    answer = ada.vote(question, "unvote")
    assert answer.status_code == 422 and "Try again in" in words(answer)
    assert Vote.objects.count() == 1


def test_one_ticket_that_is_quick_holds_up_nobody_else(event, ada, register, question, monkeypatch):
    monkeypatch.setitem(views.PER_TICKET, "vote", (1, 60))
    ada.vote(question)
    assert ada.vote(question).status_code == 422
    assert Attendee(event, register(1).tickets.get()).vote(question).status_code == 200


def test_a_choice_in_a_poll(event, ada, poll):
    tea, coffee = poll.options.all()
    answer = ada.send("choose", option=tea.pk)
    assert f'data-chosen="{tea.pk} "' in answer.content.decode()
    ada.send("choose", option=coffee.pk)
    assert PollVote.objects.get().option == coffee
    assert "100 % <span" in text(event)
    poll.close()
    assert ada.send("choose", option=tea.pk).status_code == 422
    assert PollVote.objects.get().option == coffee


def test_hidden_results_show_to_those_who_have_voted(event, ada, poll):
    Poll.objects.filter(pk=poll.pk).update(hides_results=True)
    other = Attendee(event)
    tea = poll.options.first()
    answer = ada.send("choose", option=tea.pk)
    assert "100 %" in words(answer)
    for html in (text(event), other.see().content.decode()):
        assert "100 %" not in html and "<rect" not in html and "once you have voted" in html
    poll.close()
    assert "100 %" in text(event)


def test_the_link_of_results_is_not_guessed(client, event, poll):
    Poll.objects.filter(pk=poll.pk).update(hides_results=True)
    region = PollResults.of(poll)
    assert client.get(f"/live/{region.address}").status_code == 200
    for token in (region.token[:-1], str(poll.pk), "x"):
        assert client.get(f"/live/event-results/{token}/").status_code == 404


# Chat


def test_a_message_shows_at_once_with_the_name_that_its_author_chose(event, ada):
    answer = ada.send("say", key=uuid4(), text="Hello all", name="A.")
    assert answer.status_code == 200
    assert "Hello all" in text(event) and "<bdi>A.</bdi>" in text(event)
    assert "ada@example.org" not in text(event) and "Ada" not in text(event)


def test_a_closed_chat_keeps_what_is_typed_and_says_so(event, ada):
    event.close_chat()
    answer = ada.send("say", key=uuid4(), text="Hello all", name="A.")
    assert answer.status_code == 422
    assert "The chat is closed." in words(answer) and "Hello all" in answer.content.decode()
    assert "The chat is closed." in text(event)
    event.open_chat()
    assert ada.send("say", key=uuid4(), text="Hello all", name="A.").status_code == 200


def test_who_writes_without_a_pause_is_told_to_wait(event, ada):
    answers = [ada.send("say", key=uuid4(), text=f"Hello {number}", name="A.") for number in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [422]
    assert "Hello 10" in answers[-1].content.decode() and ChatMessage.objects.count() == 10


def test_the_same_message_sent_again_is_one(event, ada):
    key = uuid4()
    assert [ada.send("say", key=key, text="Hello", name="A.").status_code for _time in range(2)] == [200, 200]
    assert ChatMessage.objects.count() == 1


# What is shown


def test_scripts_are_text(event, ada, ticket, orla):
    Announcement.objects.announce(event, EVIL, by=orla)
    AudienceQuestion.objects.ask(event, EVIL, ticket, EVIL[:40]).show()
    ChatMessage.objects.say(event, EVIL, EVIL[:40], ticket=ticket)
    Poll.objects.draft(event, EVIL[:160], [EVIL[:80], "No"]).open()
    for html in (text(event), ada.see().content.decode()):
        assert "&lt;script&gt;x" in html and "<script>x" not in html and "<img" not in html and "&#x27;14" not in html


def test_the_latest_announcement_comes_first_and_what_is_taken_back_goes(event, orla):
    first = Announcement.objects.announce(event, "Doors are open", by=orla)
    Announcement.objects.announce(event, "Row 5 is wet", by=orla)
    assert text(event).index("Row 5 is wet") < text(event).index("Doors are open")
    assert first.take_back() and not first.take_back()
    assert "Doors are open" not in text(event) and "Orla" not in text(event)


def test_places_left_are_those_of_the_ledger(event, register):
    assert "10 places left" in text(event)
    register(3)
    assert "7 places left" in text(event)


def test_the_session_that_is_on_and_the_next(event, time_machine):
    room = Room.objects.create(event=event, name="Blue room")
    for number, title in enumerate(["Opening", "Middle", "End"]):
        starts = event.starts_at + timedelta(minutes=30 * number)
        Session.objects.create(event=event, room=room, guid=title, title=title, starts_at=starts, minutes=30)
    assert ">Now<" not in text(event) and "Opening" in text(event) and "Begins" in text(event)
    region = EventNow(slug=event.slug)
    region.render()
    assert region.stale_at(timezone.now()) == event.sale_ends_at == event.starts_at
    time_machine.move_to(event.starts_at + timedelta(minutes=30), tick=False)
    html = text(event)
    assert "Opening" not in html and "On now" in html
    assert re.search(r">Now</span><b[^>]*>Middle", html) and re.search(r">Next</span><b[^>]*>End", html)
    region = EventNow(slug=event.slug)
    region.render()
    assert region.stale_at(timezone.now()) == event.starts_at + timedelta(minutes=60)


def test_the_order_of_questions_follows_a_few_seconds_later(event, register, time_machine):
    time_machine.move_to(timezone.now().replace(second=1, microsecond=0), tick=False)
    question, second = (
        AudienceQuestion.objects.ask(event, asked, register(1).tickets.get()).show() for asked in ("Why?", "And?")
    )
    region = EventNow(slug=event.slug)
    second.vote(register(1).tickets.get())
    assert text(event).index(question.text) < text(event).index(second.text)
    region.render()
    due = region.stale_at(timezone.now())
    assert due - timezone.now() == timedelta(seconds=4)
    time_machine.move_to(due, tick=False)
    assert text(event).index(second.text) < text(event).index(question.text)


def test_a_vote_reads_questions_and_polls_alone(event, question, poll, register, django_assert_max_num_queries):
    region, votes = EventNow(slug=event.slug), {topics.votes(event.pk)}
    assert "9 places left" in region.render().html
    region.stale_at(timezone.now())
    question.vote(register(1).tickets.get())
    region.changed = votes
    with django_assert_max_num_queries(4):
        assert "1 vote" in region.render().html
    assert "9 places left" in region.render().html
    region.changed = votes | {topics.places(event.pk)}
    assert "8 places left" in region.render().html


def test_a_vote_hides_no_time_that_is_over(event, question, time_machine):
    region = EventNow(slug=event.slug)
    assert "Begins" in region.render().html
    time_machine.move_to(event.starts_at + timedelta(minutes=1), tick=False)
    region.changed = {topics.votes(event.pk)}
    assert "On now" in region.render().html


def test_the_page_the_fragment_and_the_region_are_the_same(client, event, question, poll):
    page = client.get("/events/concert/now/").content.decode()
    fragment = client.get("/live/events/concert/").content.decode()
    assert fragment == find("events/concert/").render().html and fragment in page


def test_a_few_queries_make_it(event, question, poll, register, django_assert_max_num_queries):
    for number in range(5):
        AudienceQuestion.objects.ask(event, f"Why {number}?", register(1).tickets.get()).show()
    region = EventNow(slug=event.slug)
    with django_assert_max_num_queries(16):
        region.render()

"""Moderation: organisers alone, two of them at once, and what they announce, pin, close and hide."""

from uuid import uuid4

import pytest
from django.urls import reverse

from bookings.events import topics
from bookings.events.models import Announcement, AudienceQuestion, ChatMessage, Poll
from bookings.events.present.regions import EventNow, ModeratedTalk, Moderation
from live.models import Publish
from tests.events.attending import field, words
from tests.events.presenting import Moderator


@pytest.fixture
def desk(event, orla):
    return Moderator(event, orla)


@pytest.fixture
def other_desk(event, oscar):
    return Moderator(event, oscar)


@pytest.fixture
def ask(event, register):
    def make(text="Why?", name=""):
        return AudienceQuestion.objects.ask(event, text, register(1).tickets.get(), name)

    return make


@pytest.fixture
def say(event, register):
    def make(text="Hello", name="Cy"):
        return ChatMessage.objects.say(event, text, name, ticket=register(1).tickets.get())

    return make


def public(event):
    return EventNow(slug=event.slug).render().html


def test_each_verb_of_a_question(event, desk, ask):
    question = ask("Why?", "Cy")
    for verb, state, is_pinned in [
        ("show", "shown", False),
        ("pin", "shown", True),
        ("unpin", "shown", False),
        ("pin", "shown", True),
        ("answer", "answered", False),
        ("show", "shown", False),
        ("dismiss", "dismissed", False),
    ]:
        answer = desk.move(question, verb)
        assert answer.status_code == 200, verb
        question.refresh_from_db()
        assert (question.state, question.is_pinned) == (state, is_pinned)
        assert ("Why?" in public(event)) == (state != "dismissed")
    assert desk.move(question, "answer").status_code == 422
    assert desk.move(question, "delete").status_code == 404


def test_each_verb_of_a_poll(event, desk):
    assert desk.write("new-poll", key=uuid4(), text="Tea or coffee?", options="Tea\nCoffee\n").status_code == 200
    poll = Poll.objects.get()
    assert "Tea or coffee?" not in public(event)
    for verb, state, is_pinned in [("open", "open", False), ("pin", "open", True), ("close", "closed", True)]:
        assert desk.move(poll, verb).status_code == 200
        poll.refresh_from_db()
        assert (poll.state, poll.is_pinned) == (state, is_pinned)
    assert desk.move(poll, "discard").status_code == 422
    draft = Poll.objects.draft(event, "Milk?", ["Yes", "No"])
    assert desk.move(draft, "discard").status_code == 200
    assert Poll.objects.get() == poll


def test_a_poll_without_choices_is_given_back(event, desk):
    answer = desk.write("new-poll", key=uuid4(), text="Tea or coffee?", options="Tea")
    assert answer.status_code == 422 and "Tea or coffee?" in answer.content.decode()
    assert "2 to 8" in words(answer) and not Poll.objects.exists()


def test_an_announcement_is_made_once_and_taken_back(event, desk):
    key = uuid4()
    for _time in range(2):
        assert desk.write("announce", key=key, text="Doors are open").status_code == 200
    assert public(event).count('<p class="now-text" dir="auto">Doors are open') == 1
    made = Announcement.objects.get()
    assert made.by.first_name == "Orla" and "Orla" not in public(event)
    url = reverse("events:take-back", args=[event.slug, made.pk])
    for _time in range(2):
        assert desk.client.post(url, headers=desk.headers).status_code == 200
    assert "Doors are open" not in public(event)


def test_a_message_is_hidden_and_brought_back(event, desk, say):
    message = say("Buy my watches")
    assert "Buy my watches" in public(event)
    assert desk.move(message, "hide").status_code == 200
    assert "Buy my watches" not in public(event)
    talk = ModeratedTalk(slug=event.slug).render().html
    assert "Buy my watches" in talk and "hidden by Orla" in talk
    assert desk.move(message, "bring-back").status_code == 200
    assert "Buy my watches" in public(event)
    assert desk.move(message, "delete").status_code == 404


def test_the_chat_is_closed_and_organisers_write_all_the_same(event, desk, assert_published):
    close, again = (reverse("events:moderate-chat", args=[event.slug, verb]) for verb in ("close", "open"))
    with assert_published(topics.present(event.pk)):
        desk.client.post(close, headers=desk.headers)
    with assert_published():
        desk.client.post(close, headers=desk.headers)
    assert desk.write("say-as-organiser", key=uuid4(), text="Back at 8", name="The team").status_code == 200
    html = public(event)
    assert "Back at 8" in html and "Organiser" in html and "The chat is closed." in html
    desk.client.post(again, headers=desk.headers)
    assert "The chat is closed." not in public(event)


def test_all_of_it_works_without_javascript(event, orla, ask):
    desk, question = Moderator(event, orla, is_htmx=False), ask()
    page = desk.see()
    assert '<form id="moderate" method="post"' in page.content.decode()
    answer = desk.move(question, "show")
    assert (answer.status_code, answer.url) == (303, "/events/concert/moderation/")
    answer = desk.write("announce", key=field(page, "key"), text="Doors are open")
    assert answer.status_code == 303 and "Doors are open" in words(desk.see())
    assert desk.move(question, "answer", seen=1).status_code == 409
    assert desk.write("announce", key=uuid4(), text="").status_code == 422


# Two moderators


def test_the_second_is_told_who_was_first_and_nothing_else_is_done(event, desk, other_desk, ask):
    question = ask()
    seen = question.revision
    assert other_desk.move(question, "dismiss").status_code == 200
    answer = desk.move(question, "show", seen=seen)
    assert answer.status_code == 409
    assert "Oscar was first, at" in words(answer) and "“Not shown”" in words(answer)
    question.refresh_from_db()
    assert question.state == "dismissed"


def test_the_same_of_a_pin(event, desk, other_desk, ask):
    first, second = ask("First").show(), ask("Second").show()
    seen = first.revision
    other_desk.move(first, "pin")
    answer = desk.move(first, "pin", seen=seen)
    assert answer.status_code == 409 and "on the stage’s screen" in words(answer)
    assert desk.move(second, "pin").status_code == 200
    first.refresh_from_db()
    assert not first.is_pinned


def test_seen_has_to_be_said(event, desk, ask):
    assert desk.move(ask(), "show", seen="").status_code == 409


# Who


ADDRESSES = [
    "",
    "announce/",
    "poll/",
    "say/",
    "announcements/1/take-back/",
    "questions/{question}/show/",
    "polls/1/open/",
    "messages/1/hide/",
    "chat/close/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_for_the_events_organisers(client, event, ask, dora, charlie, make_event, address):
    question = ask()
    path = f"/events/concert/moderation/{address.format(question=question.pk)}"
    send = client.post if address else client.get
    assert send(path).status_code == 302 and "/login/" in send(path).url
    for who in (dora, charlie):
        client.force_login(who)
        assert send(path).status_code == 404
    make_event(slug="elsewhere").organisers.set([charlie])
    assert send(path).status_code == 404
    question.refresh_from_db()
    assert question.state == "waiting"


def test_things_of_another_event_are_not_there(event, desk, make_event, register):
    other = make_event(slug="elsewhere")
    question = AudienceQuestion.objects.ask(other, "Why?", register(1, event=other).tickets.get())
    poll = Poll.objects.draft(other, "Milk?", ["Yes", "No"])
    message = ChatMessage.objects.say(other, "Hello", "Cy")
    for thing, verb in ((question, "show"), (poll, "open"), (message, "hide")):
        assert desk.move(thing, verb).status_code == 404


def test_the_regions_are_for_organisers(client, event, dora, charlie, orla):
    for region in (Moderation(slug=event.slug), ModeratedTalk(slug=event.slug)):
        for who, status in ((None, 404), (dora, 404), (charlie, 404), (orla, 200)):
            client.logout()
            if who:
                client.force_login(who)
            assert client.get(f"/live/{region.address}").status_code == status


# Silence


def test_what_only_moderators_see_is_published_to_them_alone(event, ask):
    def topics_of(move):
        newest = Publish.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        move()
        return set(Publish.objects.filter(pk__gt=newest).values_list("topic", flat=True))

    first, second = ask("First"), ask("Second")
    present, moderation = topics.present(event.pk), topics.moderation(event.pk)
    assert topics_of(first.dismiss) == {moderation}
    assert topics_of(lambda: Poll.objects.draft(event, "Milk?", ["Yes", "No"])) == {moderation}
    assert topics_of(second.show) == {moderation, present}
    assert topics_of(second.dismiss) == {moderation, present}


def test_what_waits_comes_first_and_what_is_pinned_on_top_of_what_is_shown(event, ask):
    shown, pinned, waiting = ask("Shown").show(), ask("Pinned").show(), ask("Waiting")
    pinned.pin()
    rows = list(Moderation(slug=event.slug).render().rows)
    keys = [f"moderate-question-{question.pk}" for question in (waiting, pinned, shown)]
    assert [row for row in rows if "question" in row] == keys

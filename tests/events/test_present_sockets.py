"""``ws/events/<slug>/`` for anyone, and what organisers see besides, over real sockets: each change, and nothing else."""

import re
from contextlib import ExitStack
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from django.db import transaction
from django.utils import timezone

from bookings.events import topics
from bookings.events.models import Announcement, AudienceQuestion, ChatMessage, Poll, Room, Session
from bookings.events.present.regions import EventNow, PollResults
from live.codes import GONE, NOT_ALLOWED, SIGN_IN
from live.models import Publish
from live.outbox import publish
from tests.clients import browser_of, socket_of
from tests.server.test_metrics import KEY, Scrape
from tests.sockets import close_code, content_with, contents, silence

pytestmark = pytest.mark.django_db(transaction=True)

NOW = "/ws/events/concert/"
MODERATION = "/ws/events/concert/moderation/"
METRICS_KEY = KEY["Authorization"].removeprefix("Bearer ")
TARGETS = re.compile(r'<hx-partial hx-target="#([^"]+)"')


@pytest.fixture
def ask(event, register):
    def make(text="Why?", ticket=None):
        return AudienceQuestion.objects.ask(event, text, ticket or register(1).tickets.get())

    return make


def polled(server):
    return httpx.get(f"{server.url}/live/events/concert/").text


def test_anyone_sees_each_change_as_a_reload_says_it(server, event, ask, register, orla):
    question = ask("Why is the sky blue?")
    poll = Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"])
    ticket = register(1).tickets.get()
    with server.ws(NOW) as socket:
        content_with(socket, "Nobody has asked yet")
        for move, words in (
            (question.show, "Why is the sky blue?"),
            (lambda: question.vote(ticket), "1 vote"),
            (question.pin, "On the stage’s screen"),
            (question.answer, "Answered</span>"),
            (poll.open, "Tea or coffee?"),
            (lambda: poll.choose(poll.options.first().pk, ticket), "100 %"),
            (poll.close, "Closed</span>"),
            (lambda: ChatMessage.objects.say(event, "Hello all", "A.", ticket=ticket), "Hello all"),
            (event.close_chat, "The chat is closed."),
            (lambda: Announcement.objects.announce(event, "Doors are open", by=orla), "Doors are open"),
            (lambda: register(3), "5 places left"),
        ):
            move()
            content_with(socket, words)
            assert words in polled(server)


def test_the_programme_moves_on_by_itself(server, event):
    room = Room.objects.create(event=event, name="Blue room")
    starts = timezone.now() + timedelta(hours=1)
    type(event).objects.filter(pk=event.pk).update(starts_at=starts - timedelta(hours=2))
    opening = Session.objects.create(event=event, room=room, guid="1", title="Opening", starts_at=starts, minutes=30)
    with server.ws(NOW) as socket:
        content_with(socket, ">Next</span>")
        Session.objects.filter(pk=opening.pk).update(starts_at=timezone.now() + timedelta(seconds=2))
        publish(topics.programme(event.pk))  # so that the server knows of the new time
        assert "Opening" in content_with(socket, ">Now</span>")


def test_the_order_follows_the_votes_by_itself(server, event, ask, register):
    first, second = ask("First?").show(), ask("Second?").show()
    with server.ws(NOW) as socket:
        content_with(socket, "Second?")
        second.vote(register(1).tickets.get())
        for content in contents(socket):
            if "First?" in content and content.index("Second?") < content.index("First?"):
                break
    rows = list(EventNow(slug=event.slug).render().rows)
    assert rows.index(f"now-question-{second.pk}") < rows.index(f"now-question-{first.pk}")


def test_what_waits_is_heard_by_organisers_alone(server, event, ask, orla, register):
    ticket = register(1).tickets.get()
    with (
        server.ws(NOW) as anyone,
        socket_of(server, orla, NOW) as on_the_page,
        socket_of(server, orla, MODERATION) as desk,
    ):
        for socket in (anyone, on_the_page, desk):
            next(contents(socket))
        with silence(anyone), silence(on_the_page):
            question = ask("Is this a secret?", ticket)
            content_with(desk, "Is this a secret?")
            question.dismiss()
            content_with(desk, "Not shown")
        question.show()
        for socket in (anyone, on_the_page, desk):
            content_with(socket, "Is this a secret?")


def test_another_event_is_not_told(server, event, make_event, register):
    other = make_event(slug="elsewhere")
    ticket = register(1, event=other).tickets.get()
    with server.ws(NOW) as socket:
        next(contents(socket))
        with silence(socket):
            AudienceQuestion.objects.ask(other, "Why?", ticket).show().vote(ticket)
            ChatMessage.objects.say(other, "Hello", "A.", ticket=ticket)


def test_moderation_is_for_organisers(server, event, orla, dora, charlie):
    for path in (MODERATION, f"{MODERATION}talk/"):
        with server.ws(path) as socket:
            assert close_code(socket) == SIGN_IN
        for who in (dora, charlie):
            with socket_of(server, who, path) as socket:
                assert close_code(socket) == NOT_ALLOWED
        with socket_of(server, orla, path) as socket:
            next(contents(socket))


def test_who_organises_no_longer_hears_no_more(server, event, orla):
    with socket_of(server, orla, MODERATION) as socket:
        next(contents(socket))
        event.organisers.remove(orla)
        assert close_code(socket, 20) == NOT_ALLOWED


def test_a_draft_and_an_event_that_is_not_there(server, make_event, orla):
    make_event(slug="draft", state="draft")
    for slug in ("draft", "none"):
        with server.ws(f"/ws/events/{slug}/") as socket:
            assert close_code(socket) == GONE
    with socket_of(server, orla, "/ws/events/draft/moderation/") as socket:
        next(contents(socket))


def test_hidden_results_reach_those_who_have_voted(server, event, register):
    poll = Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"], hides_results=True).open()
    tea = poll.options.first().pk
    one, other = register(2).tickets.all()
    poll.choose(tea, one)
    with server.ws(NOW) as anyone, server.ws(f"/ws/{PollResults.of(poll).address}") as voter:
        assert "100 %" not in next(contents(anyone)) and "100 %" in next(contents(voter))
        poll.choose(tea, other)
        assert "2 votes" in next(contents(voter))
        assert "100 %" not in content_with(anyone, "2 votes")
        poll.close()
        content_with(anyone, "100 %")
    for token in ("x", f"{PollResults.of(poll).token}x"):
        with server.ws(f"/ws/event-results/{token}/") as socket:
            assert close_code(socket) == NOT_ALLOWED


def test_a_burst_of_votes_is_few_renderings_and_each_vote_one_row(serve, make_event, register):
    """Forty votes in one transaction, before twenty who watch: few renderings, and a frame of one row for each."""
    process = serve(AIRSIDE_METRICS_KEY=METRICS_KEY, processes=1)
    event = make_event(slug="big", size=100, most_places=50)
    tickets = list(register(40, event=event).tickets.all())
    question, _other = (AudienceQuestion.objects.ask(event, text, tickets[0]).show() for text in ("Why?", "Who else?"))
    Publish.objects.all().delete()  # a server reads what was before its first socket as well, some time after it
    with ExitStack() as stack:
        sockets = [stack.enter_context(process.ws("/ws/events/big/")) for _watcher in range(20)]
        for socket in sockets:
            content_with(socket, "Who else?")
        before = renderings(process)
        with transaction.atomic():
            for ticket in tickets:
                question.vote(ticket)
        for socket in sockets:
            content = next(contents(socket))
            assert "40 votes" in content and TARGETS.findall(content) == [f"now-question-{question.pk}"]
        assert 1 <= renderings(process) - before <= 3, "one for the burst, and those for the order that follows it"


def renderings(process):
    return Scrape(process)("airside_render_seconds_count", region="EventNow")


def test_a_moderators_click_is_on_everybodys_page(server, event, ask, orla):
    question = ask("Why?")
    with server.ws(NOW) as socket, browser_of(server, orla) as desk:
        next(contents(socket))
        address = f"/events/concert/moderation/questions/{question.pk}/show/"
        assert desk.post(address, data={"seen": question.revision}).status_code == 200
        content_with(socket, "Why?")
        fields = {"key": str(uuid4()), "text": "Hi", "name": "The team"}
        assert desk.post("/events/concert/moderation/say/", data=fields).status_code == 200
        content_with(socket, "The team")

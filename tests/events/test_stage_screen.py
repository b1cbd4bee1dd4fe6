"""The stage's screen: the pinned question or poll, else the sessions, in each of the screen's languages."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.events.models import AudienceQuestion, Poll, Room, Session
from bookings.events.stage.regions import StageScreen
from live.regions import find
from screens.contents import CONTENTS


@pytest.fixture
def question(event, register):
    return AudienceQuestion.objects.ask(event, "Why is the sky blue?", register(1).tickets.get(), "Cy").show()


@pytest.fixture
def poll(event):
    return Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"]).open()


@pytest.fixture
def sessions(event):
    room = Room.objects.create(event=event, name="Blue room")
    return [
        Session.objects.create(
            event=event,
            room=room,
            guid=str(number),
            title=f"Talk {number}",
            starts_at=event.starts_at + timedelta(minutes=30 * number),
            minutes=30,
        )
        for number in range(3)
    ]


def screen(event, languages=("en", "de")):
    return CONTENTS["stage"].region({"event": event.slug}, list(languages)).render()


def html(event):
    return re.sub(r"\s+", " ", screen(event).html)


def test_nothing_is_pinned(event, question, poll):
    assert not screen(event).rows and "Ask and vote on your phone." in html(event)


def test_the_pinned_question_with_its_votes(event, question, register):
    question.pin()
    question.vote(register(1).tickets.get())
    shown = html(event)
    assert "Why is the sky blue?" in shown and "Cy" in shown
    assert '<span lang="en">1 vote</span><span lang="de">' in shown
    question.answer()
    assert "Why is the sky blue?" not in html(event)


def test_the_pinned_poll_with_its_bars(event, poll, register):
    poll.pin()
    tea = poll.options.first().pk
    for ticket in register(2).tickets.all():
        poll.choose(tea, ticket)
    shown = html(event)
    assert 'width="100%" height="100%"' in shown and "100 %" in shown and "2 votes" in shown
    assert "Tea: 100 %, Coffee: 0 %" in shown, "what speech says"


def test_a_poll_that_hides_its_results_has_no_bars_before_it_is_closed(event, poll, register):
    Poll.objects.filter(pk=poll.pk).update(hides_results=True)
    poll.refresh_from_db()
    poll.pin()
    poll.choose(poll.options.first().pk, register(1).tickets.get())
    assert "%" not in html(event).replace("100%", "") and "<rect" not in html(event) and "1 vote" in html(event)
    poll.close()
    assert "100 %" in html(event)


def test_one_takes_the_others_place(event, question, poll):
    question.pin()
    poll.pin()
    assert "Tea or coffee?" in html(event) and "Why is the sky blue?" not in html(event)
    poll.unpin()
    assert "Tea or coffee?" not in html(event)


def test_without_a_pin_the_sessions_now_and_next(event, sessions, time_machine):
    region = StageScreen(slug=event.slug)
    region.render()
    assert region.stale_at(timezone.now()) == event.starts_at
    time_machine.move_to(event.starts_at + timedelta(minutes=30), tick=False)
    shown = html(event)
    assert "Talk 0" not in shown and shown.index("Talk 1") < shown.index("Talk 2")
    assert '<span lang="en">Now</span>' in shown and '<span lang="en">Next</span>' in shown and "Blue room" in shown
    Session.objects.filter(pk=sessions[2].pk).update(state="cancelled")
    assert "Talk 2" not in html(event)


def test_what_waits_or_is_a_draft_never_shows(event, register):
    AudienceQuestion.objects.ask(event, "Secret?", register(1).tickets.get())
    Poll.objects.draft(event, "Draft?", ["Yes", "No"])
    assert "Secret" not in html(event) and "Draft" not in html(event)


def test_scripts_are_text(event, register):
    evil = "<script>x</script>'{{ 7|add:7 }}"
    AudienceQuestion.objects.ask(event, evil, register(1).tickets.get(), evil[:40]).show().pin()
    assert "&lt;script&gt;" in html(event) and "<script>" not in html(event) and "&#x27;14" not in html(event)


def test_what_staff_choose(event, make_event):
    content = CONTENTS["stage"]
    make_event(slug="draft", state="draft")
    assert content.form({"event": "concert"}).is_valid()
    assert not content.form({"event": "draft"}).is_valid() and not content.form({"event": "none"}).is_valid()
    assert content.phone_url({"event": "concert"}) == "/events/concert/now/"
    assert "Concert" in content.title({"event": "concert"})


def test_an_event_that_is_gone_has_no_screen(client, event):
    assert client.get("/live/kiosk/stage/concert/?languages=en-de").status_code == 200
    type(event).objects.filter(pk=event.pk).update(state="draft")
    assert client.get("/live/kiosk/stage/concert/?languages=en-de").status_code == 404
    assert client.get("/live/kiosk/stage/none/").status_code == 404


def test_screens_with_the_same_languages_share_it(event):
    one, other = (find("kiosk/stage/concert/?languages=en-de&lang=en") for _screen in range(2))
    assert one.address == other.address


def test_a_cancelled_event_shows_nothing_but_that(event, question, orla):
    question.pin(by=orla)
    event.call_off("Fog")
    shown = html(event)
    assert question.text not in shown and "This event is cancelled." in shown and "Ask and vote" not in shown


def test_after_the_end_nobody_is_asked_to_vote(event, poll, orla, time_machine):
    poll.pin(by=orla)
    assert "Vote on your phone" in html(event)
    time_machine.move_to(event.ends_at)
    assert poll.text in html(event) and "Vote on your phone" not in html(event)

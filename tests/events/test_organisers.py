"""The organisers' pages: guests found, approved and called off; the ledger; vouchers; who must not see them."""

import csv
import io
import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.http import Http404
from django.utils import timezone

from accounts.landings import landing_of
from bookings.events.models import (
    Capacity,
    Event,
    Hall,
    Registration,
    Session,
    State,
    TicketType,
    Unfit,
    Voucher,
    auditing,
)
from bookings.events.models.auditing import audit
from bookings.events.models.events import RESERVED_SLUGS
from bookings.events.organisers.timeline import EventTimeline, GuestTimeline
from bookings.events.programme.forms import AddRoom
from bookings.events.urls import urlpatterns
from live.regions import find
from post.models import Message
from tests.races import all_at_once, answers_at_once, faults

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(client, orla):
    client.force_login(orla)
    return client


def names_in(region):
    return [row.name for row in region.rows()]


def states_in(region):
    return {state.label: number for state, number in region.context()["totals"]}


def guests(query=""):
    return find(f"event-guests/concert/{query}")


def test_guests_are_found_by_what_one_remembers(event, register):
    ada = register(2, name="Ada Lovelace", email="ada@example.org")
    register(1, name="Grace Hopper", email="grace@example.org")
    assert names_in(guests()) == ["Ada Lovelace", "Grace Hopper"]
    for query in ("?q=lovel", "?q=ADA%40example", f"?q={ada.reference.lower()}"):
        assert names_in(guests(query)) == ["Ada Lovelace"], query
    ada.cancel()
    assert names_in(guests("?state=cancelled")) == ["Ada Lovelace"]
    assert names_in(guests(f"?type={event.types.get().pk}")) == ["Grace Hopper"]


def test_how_many_are_in_each_state_is_live_and_leads_to_them(desk, event, register):
    ada = register(2, name="Ada Lovelace")
    register(1, name="Grace Hopper", email="grace@example.org")
    assert states_in(guests("?q=ada")) == {"Confirmed": 2}
    ada.cancel()
    assert states_in(guests()) == {"Confirmed": 1, "Cancelled": 1}
    assert 'href="/events/concert/guests/?state=cancelled"' in guests().render().html


@pytest.mark.parametrize("query", ["?type=" + "9" * 30, "?type=x", "?state=nonsense", "?q=%00", "?q=%27%3B--"])
def test_nonsense_finds_nobody_or_everybody_and_never_fails(desk, event, register, query):
    register()
    assert desk.get(f"/events/concert/guests/{query}").status_code == 200


def test_a_form_that_was_not_sent_is_no_guest(event, hold_places):
    hold_places()
    assert names_in(guests()) == []


def test_an_organiser_approves_and_declines(desk, event, register):
    TicketType.objects.update(needs_approval=True)
    ada, grace = register(name="Ada"), register(name="Grace", email="grace@example.org")
    answer = desk.post(f"/events/concert/guests/{ada.pk}/approve/", {"seen": ada.revision}, headers=HTMX)
    assert answer.status_code == 200 and "Ada is approved" in answer.content.decode()
    desk.post(f"/events/concert/guests/{grace.pk}/decline/", {"seen": grace.revision, "reason": "Crews only"})
    states = dict(Registration.objects.values_list("name", "state"))
    assert states == {"Ada": State.CONFIRMED, "Grace": State.DECLINED}


def test_who_looked_before_the_other_organiser_acted_is_told(desk, event, register, oscar):
    TicketType.objects.update(needs_approval=True)
    ada = register(name="Ada")
    seen = ada.revision
    ada.decline("Full of crews", by=oscar)
    answer = desk.post(f"/events/concert/guests/{ada.pk}/approve/", {"seen": seen}, headers=HTMX)
    assert answer.status_code == 409 and "Oscar" in answer.content.decode()


def test_the_panel_opens_alone_and_in_its_page(desk, event, register):
    ada = register(name="Ada <b>Lovelace</b>")
    page = desk.get(f"/events/concert/guests/{ada.pk}/").content.decode()
    assert "Ada &lt;b&gt;Lovelace" in page and "<b>Lovelace" not in page
    assert desk.get(f"/events/concert/guests/{ada.pk}/", headers=HTMX).status_code == 200


def test_the_table_has_no_formulas_and_no_answer_that_is_due(desk, event, register):
    register(2, name="=HYPERLINK(1)")
    rows = list(csv.reader(io.StringIO(desk.get("/events/concert/guests.csv").content.decode("utf-8-sig"))))
    assert len(rows) == 3 and rows[1][0] == "'=HYPERLINK(1)"
    question = event.questions.create(text="Which drink?")
    [ticket, _other] = Registration.objects.get().tickets.all()
    question.answers.create(ticket=ticket, text="Tea")
    assert "Tea" in desk.get("/events/concert/guests.csv").content.decode()
    type(event).objects.update(
        ends_at=timezone.now() - timedelta(days=30), starts_at=timezone.now() - timedelta(days=31)
    )
    assert "Tea" not in desk.get("/events/concert/guests.csv").content.decode()


def test_more_places_go_to_those_who_wait_and_then_to_all(desk, event, register, wait_for):
    """open-event-server 3366: raised by three, the waitlist is served first, the rest is for all, at once."""
    register(10)
    entry = wait_for(2)
    event.refresh_from_db()
    quota = event.quotas.get()
    answer = desk.post(
        "/events/concert/places/resize/", {"seen": event.revision, "quota": quota.pk, "size": 13}, headers=HTMX
    )
    assert answer.status_code == 200 and "Hall has 13 places now." in answer.content.decode()
    entry.refresh_from_db()
    assert entry.state == "offered" and entry.offer.tickets.count() == 2
    assert Capacity.read(event, timezone.now()).available(event.types.get().pk) == 1


def test_more_places_than_the_hall_holds_are_asked_about_once(desk, event):
    Hall.objects.update(fire_limit=40)
    quota = event.quotas.get()
    address, fields = "/events/concert/places/resize/", {"seen": event.revision, "quota": quota.pk, "size": 9999}
    page = desk.get("/events/concert/places/").content.decode()
    assert re.search(r'name="size" value="10"', page)  # the number that it has now
    answer = desk.post(address, fields, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 422 and "The fire limit of Concourse Hall is 40 people." in html
    assert "Yes, 9999 places, though Concourse Hall holds 40" in html and 'name="beyond" value="9999"' in html
    other = {**fields, "size": 99999, "beyond": 9999}  # the answer was for another number
    assert desk.post(address, other, headers=HTMX).status_code == 422
    quota.refresh_from_db()
    assert quota.size == 10
    assert desk.post(address, {**fields, "beyond": ["", 9999]}, headers=HTMX).status_code == 200
    quota.refresh_from_db()
    assert quota.size == 9999
    event.refresh_from_db()
    assert desk.post(address, {**fields, "seen": event.revision, "size": 40}, headers=HTMX).status_code == 200


def test_a_quota_of_several_is_chosen_by_its_name_and_its_size(desk, event):
    event.quotas.create(name="Supper", size=4)
    html = desk.get("/events/concert/places/").content.decode()
    assert 'data-size="10"' in html and 'data-size="4"' in html and "Supper (4)" in html


def test_the_ledger_shows_each_place(event, register, hold_places):
    register(3)
    hold_places(2)
    event.block(event.types.get(), 1, "Press")
    [row] = find("event-ledger/concert/").context()["rows"]
    assert (row.size, sum(row.uses), row.free) == (10, 6, 4)
    event.resize(event.quotas.get(), 4)
    assert "Overdrawn" in find("event-ledger/concert/").render().html


def test_the_ledger_says_when_it_is_wrong(event, register):
    register(3)
    event.places.first().delete()
    assert "3 tickets, 2 places" in find("event-ledger/concert/").render().html


def test_of_much_that_is_wrong_the_ledger_lists_the_first(make_event, register):
    event = make_event(size=30, slug="wrong")
    for number in range(25):
        register(1, name=f"Guest {number}", event=event)
    event.places.all().delete()
    context = find("event-ledger/wrong/").context()
    assert len(context["wrong"]) == 20 and context["more"] == len(audit(event)) - 20 > 0
    assert f"And {context['more']} more." in find("event-ledger/wrong/").render().html


def test_blocking_and_freeing(desk, event):
    fields = {"seen": event.revision, "type_": event.types.get().pk, "count": 4, "reason": "Press"}
    assert desk.post("/events/concert/places/block/", fields, headers=HTMX).status_code == 200
    event.refresh_from_db()
    group = event.places.order_by("pk").first().pk
    for count, status, left in ((5, 422, 4), (3, 200, 1)):
        fields = {"seen": event.revision, "group": group, "count": count}
        answer = desk.post("/events/concert/places/unblock/", fields, headers=HTMX)
        assert (answer.status_code, event.places.count()) == (status, left)


def test_vouchers_are_issued_changed_and_withdrawn(desk, event):
    adult = event.types.get()
    fields = {"code": "crew-26", "most": 4, "discount": 10, "reserves": "on", "type": adult.pk}
    assert "CREW-26" in desk.post("/events/concert/places/vouchers/issue/", fields, headers=HTMX).content.decode()
    assert desk.post("/events/concert/places/vouchers/issue/", fields, headers=HTMX).status_code == 422
    voucher = Voucher.objects.get()
    assert (
        desk.post("/events/concert/places/vouchers/change/", {"pk": voucher.pk, "most": 11}, headers=HTMX).status_code
        == 422
    )
    assert (
        desk.post("/events/concert/places/vouchers/change/", {"pk": voucher.pk, "most": 2}, headers=HTMX).status_code
        == 200
    )
    assert event.places.count() == 2
    desk.post("/events/concert/places/vouchers/withdraw/", {"pk": voucher.pk})
    assert not Voucher.objects.exists() and not event.places.exists()


def test_a_voucher_ends_on_the_clock_of_the_airport(desk, event):
    fields = {"code": "EARLY", "most": 2, "discount": 0, "valid_until": "2099-01-10T18:00"}
    html = desk.post("/events/concert/places/vouchers/issue/", fields, headers=HTMX).content.decode()
    assert "until Sat 10 January, 18:00" in html
    assert Voucher.objects.get().valid_until == datetime(2099, 1, 10, 18, tzinfo=event.tz)


def test_many_events_that_are_over_hide_none_that_comes(desk, make_event, event):
    for number in range(4):
        make_event(slug=f"old-{number}", title=f"Old {number}", hours_ahead=-24 * (number + 1))
    html = desk.get("/events/organised/").content.decode()
    titles = ("Concert", "Old 0", "Old 1", "Old 3")
    assert sorted(titles, key=html.index) == list(titles)


def test_the_queue_says_why_somebody_is_passed_over(event, register, wait_for):
    """pretix 2119: who is passed over, and why, is on the staff's page."""
    register(10)
    wait_for(1, name="Wim")
    html = find("event-queue/concert/").render().html
    assert "Wim" in html and "No place is free now." in html


def test_an_organiser_takes_somebody_off_the_list(desk, event, register, wait_for):
    register(10)
    entry = wait_for(1, name="Wim")
    assert desk.post(f"/events/concert/places/waitlist/{entry.pk}/remove/").status_code == 303
    entry.refresh_from_db()
    assert entry.state == "left"


def test_cancelling_the_event(desk, event, register):
    register()
    event.refresh_from_db()
    desk.post("/events/concert/places/call-off/", {"seen": event.revision, "reason": "Flooded"})
    event.refresh_from_db()
    assert event.state == "cancelled" and event.reason == "Flooded"


PAGES = ["/events/concert/guests/", "/events/concert/places/", "/events/concert/guests.csv", "/events/organised/"]


@pytest.mark.parametrize("address", PAGES)
def test_other_people_find_no_such_page(client, event, address, charlie, dora):
    assert client.get(address).status_code == 302
    for somebody in (charlie, dora):
        client.force_login(somebody)
        assert client.get(address).status_code == 404


def test_other_events_are_other_peoples(client, make_event, event, register, alice):
    registration = register()
    other = make_event(slug="talks")
    other.organisers.set([alice])
    client.force_login(alice)
    assert client.get(f"/events/talks/guests/{registration.pk}/").status_code == 404
    assert client.post(f"/events/concert/guests/{registration.pk}/call-off/").status_code == 404
    assert not find("event-guests/concert/").allows(alice) and not find(f"event-guest/{registration.pk}/").allows(alice)
    foreign = Voucher.objects.issue(event, "CREW")
    assert client.post("/events/talks/places/vouchers/withdraw/", {"pk": foreign.pk}).status_code == 422
    assert Voucher.objects.exists()


def test_organisers_land_on_their_events(client, event, orla, dora, charlie):
    assert [landing_of(user) for user in (orla, dora, charlie)] == ["/events/organised/", "/events/concert/door/", None]
    client.force_login(orla)
    page = client.get("/events/organised/").content.decode()
    assert "Concert" in page and 'href="/events/organised/" aria-current="page"' in page


def test_a_draft_is_seen_by_its_organisers_alone(client, make_event, orla, charlie):
    make_event(slug="talks", state="draft")
    assert client.get("/events/talks/").status_code == 404
    client.force_login(charlie)
    assert client.get("/events/talks/").status_code == 404 and not find("event-draft/talks/").allows(charlie)
    assert not find("event-draft-about/talks/").allows(charlie) and find("event-draft-about/talks/").allows(orla)
    with pytest.raises(Http404):
        find("event-about/talks/").render()
    client.force_login(orla)
    page = client.get("/events/talks/").content.decode()
    assert "This is a draft" in page and "Adult" in page and "Hold these places" not in page


def test_pages_of_organisers_lead_to_each_other(desk, event):
    """Whatever page somebody opens, all the others are one link away."""
    pages = [f"/events/concert/{name}/" for name in ("guests", "places", "programme/edit", "moderation", "door")]
    pages.append("/events/concert/door/conflicts/")
    for page in pages:
        html = desk.get(page).content.decode()
        assert all(f'href="{other}"' in html for other in [*pages, "/events/concert/", "/events/organised/"]), page
    assert 'href="/events/concert/guests/"' in desk.get("/events/concert/").content.decode()


def test_no_event_has_the_address_of_a_page():
    """Of pages whose address is one word beside those of the events."""
    words = {str(each.pattern).partition("/")[0] for each in urlpatterns if not str(each.pattern).startswith("<")}
    assert words - {""} <= RESERVED_SLUGS


def test_a_search_of_many_words_stays_quick(client, event, register, orla):
    """Each word joined the tickets anew: 20 words on a party of three were three thousand million rows."""
    register(3)
    client.force_login(orla)
    page = client.get("/events/concert/guests/", {"q": "a " * 200})
    assert page.status_code == 200 and "Ada" in page.text


def test_a_voucher_that_a_colleague_has_withdrawn_is_said_so(event):
    mine = Voucher.objects.issue(event, "FRIENDS", type=event.types.get(), reserves=True)
    Voucher.objects.get(pk=mine.pk).withdraw()
    for again in (mine.withdraw, lambda: mine.change(3, None)):
        with pytest.raises(Unfit, match="no such voucher"):
            again()
    assert audit(event) == []


def test_a_note_has_a_history_and_the_second_organiser_is_told(desk, event, register, oscar):
    ada = register(name="Ada")
    seen, mails = ada.revision, Message.objects.count()
    ada.note("Pays at the door", by=oscar)
    assert ada.revision == seen + 1
    answer = desk.post(f"/events/concert/guests/{ada.pk}/note/", {"seen": seen, "text": "Press"}, headers=HTMX)
    words = answer.content.decode()
    assert answer.status_code == 409 and "Pays at the door" in words and "Oscar" in words
    assert Message.objects.count() == mails


def test_a_note_is_seen_by_the_other_organisers_alone(client, event, register, assert_published):
    ada = register(name="Ada")
    with assert_published(f"event-guests-{event.pk}"):
        ada.note("Pays at the door")
    assert "Pays at the door" in find(f"event-guest/{ada.pk}/").render().html
    ticket = ada.tickets.get()
    for address in (ada.get_absolute_url(), f"{ada.get_absolute_url()}change/", ticket.get_absolute_url()):
        assert "Pays at the door" not in client.get(address).content.decode()


def test_the_panel_of_a_guest_follows_the_door(event, register):
    ada = register(name="Ada")
    assert f"event-door-{event.pk}" in find(f"event-guest/{ada.pk}/").topics()


def test_histories_name_halls_and_verbs(event, hall):
    other = Hall.objects.create(slug="lounge", name="Lounge", airport=hall.airport, where="Terminal 4")
    event.move(event.starts_at, event.ends_at, other)
    [step] = EventTimeline(event).steps()
    assert [(found.before, found.after) for found in step.differences] == [("Concourse Hall", "Lounge")]
    assert {"set_up", "copy"} <= set(EventTimeline.LABELS)
    assert {"note", "leave_flight"} <= set(GuestTimeline.LABELS)


def test_what_is_wrong_is_said_in_the_readers_language(event, register, monkeypatch):
    register(3)
    event.places.first().delete()
    monkeypatch.setattr(auditing, "_", lambda text: f"translated: {text}")
    assert audit(event) and all(sentence.startswith("translated: ") for sentence in audit(event))


@pytest.mark.django_db(transaction=True)
def test_two_organisers_issue_a_voucher_of_one_code(event):
    outcomes = all_at_once(*[lambda: Voucher.objects.issue(Event.objects.get(), "CREW-26")] * 4)
    refused = faults(outcomes)
    assert len(refused) == 3 and {str(fault) for fault in refused} == {"There is a voucher with this code already."}


@pytest.mark.django_db(transaction=True)
def test_two_organisers_add_one_room_or_send_one_session(event):
    def add(name):
        form = AddRoom(Event.objects.get(), {"name": name})
        assert form.is_valid()
        return form.do(by=None)

    outcomes = all_at_once(*[lambda: add("Hall A")] * 4)
    assert {type(fault) for fault in faults(outcomes)} == {Unfit} and event.rooms.count() == 1
    room, key = event.rooms.get(), uuid4()
    fields = {"room": room, "title": "Once", "starts_at": event.starts_at}
    made = answers_at_once(*[lambda: Session.objects.plan(Event.objects.get(), key=key, **fields)] * 4)
    assert len({session.pk for session in made}) == 1 == event.sessions.count()

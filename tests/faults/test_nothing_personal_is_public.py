"""What everybody may see names nobody: neither who works here nor who comes."""

import pytest
from django.http import Http404

from accounts.regions import Mailbox
from bookings.events.models import Announcement, AudienceQuestion, ChatMessage, Poll, Session
from bookings.restaurants.models import QueueEntry
from checkout.models import Payment
from live.regions import Region, find
from tracking.orders.models import Dish, State

WHO = {"first_name": "Bartholomew", "last_name": "Quackenbush", "email": "b.quackenbush@example.org"}
GUEST = {
    "name": "Philippa Featherstonehaugh",
    "email": "p.feather@example.net",
    "phone": "+44 20 7946 0958",
    "notes": "seated away from Barnaby",
    "allergies": "celeriac",
}
SEEN_AS = "Blue hat, row 5"  # the name that this guest wants to be seen with at an event
# The demo's mailbox shows mail to everybody, since all guests of a demo are one person. Elsewhere there is none.
PUBLIC = [region_class for region_class in Region.classes if region_class.public and region_class is not Mailbox]


@pytest.fixture
def places(flight, bob, bistro, book, inventory, book_flight, make_order, grill, make_event, register):
    """What stands in the addresses of regions, after a lot was done by somebody and for somebody."""
    for field, value in WHO.items():
        setattr(bob, field, value)
    bob.save()
    flight.assign_gate("B7", by=bob)
    flight.cancel("71", by=bob)
    guests = book("18:00", **GUEST)
    guests.annotate(notes=GUEST["notes"], by=bob)
    QueueEntry.objects.join(bistro, 2, GUEST["name"], 15, phone=GUEST["phone"], by=bob)
    token = book("19:00", name="Ada", email="ada@example.org").token
    flown = book_flight(GUEST["name"], email=GUEST["email"])
    payment = Payment.objects.begin(flown)
    serve(make_order, grill, bob, dish=flight.pk)
    take_part(make_event, register, bob, session=flight.pk)
    return {
        "<uuid:token>": payment.token,
        "<int:inventory>": str(inventory.pk),
        "<slug:cabin>": "economy",
        "<slug:iata>": "JFK",
        "<slug:leg>": "departures",
        "<int:pk>": str(flight.pk),
        "<path:name>": str(flight.pk),
        "<slug:slug>": "bistro",
        "<str:token>": token,
        "<str:browser>": "none",
    }


def serve(make_order, shop, by, dish):
    """Orders at a shop that has the address of the restaurant and, among others, a dish with this key."""
    shop.slug = "bistro"
    shop.save()
    shop.baskets.create(browser="none")
    Dish.objects.get_or_create(pk=dish, defaults={"shop": shop, "name": "Tea", "price": 300})
    guest = {name: GUEST[name] for name in ("name", "email", "phone")}
    for state in (State.ACCEPTED, State.MAKING, State.READY):
        make_order(state=state, note=GUEST["notes"], **guest)
    make_order(state=State.MAKING, **guest).bump(by=by)


def take_part(make_event, register, by, session):
    """An event that has the address of the restaurant and a session with this key, with a guest who asks, writes and votes.

    Beside each question and message stands the name that its author wrote there to be seen with, and no other: so the one here
    is that of nobody in WHO and GUEST.
    """
    event = make_event(slug="bistro")
    talk = Session(pk=session, event=event, room=event.rooms.create(name="Hall A"), title="First flight")
    talk.starts_at, talk.revision = event.starts_at, 1
    talk.save(force_insert=True)
    ticket = register(1, event=event, name=GUEST["name"], email=GUEST["email"]).tickets.get()
    question = AudienceQuestion.objects.ask(event, "Why is the sky blue?", ticket, SEEN_AS).show(by=by)
    question.vote(ticket)
    question.pin(by=by)
    poll = Poll.objects.draft(event, "Tea or coffee?", ["Tea", "Coffee"], by=by).open(by=by)
    poll.choose(poll.options.first().pk, ticket)
    ChatMessage.objects.say(event, "Hello all", SEEN_AS, ticket=ticket)
    ChatMessage.objects.say(event, "Buy this", SEEN_AS, ticket=ticket).hide(by=by)
    Announcement.objects.announce(event, "Doors are open", by=by)


@pytest.mark.parametrize("region_class", PUBLIC, ids=lambda region_class: region_class.__name__)
def test_public_regions_name_no_one(settings, region_class, places):
    settings.DEMO = True
    address = region_class.path
    for place, name in places.items():
        address = address.replace(place, name)
    assert "<" not in address, "a place in an address that this test has no name for"
    html = find(address + ("?q=1010" if "q" in region_class.query else "")).render().html
    assert not [value for value in (*WHO.values(), *GUEST.values()) if value in html]


def test_outside_the_demo_there_is_no_mailbox(places):
    with pytest.raises(Http404):
        find("mailbox/").render()


def test_the_regions_above_show_what_was_done(places, tomorrow):
    assert {"DeparturesBoard", "FlightPage", "Times", "Queue"} <= {region_class.__name__ for region_class in PUBLIC}
    assert "1010" in find("departures/JFK/").render().html
    assert "Ready" in find("pickup/bistro/").render().html
    assert "Hello all" in find("events/bistro/").render().html
    assert "18:00" in find(f"restaurant-times/bistro/?date={tomorrow}").render().html

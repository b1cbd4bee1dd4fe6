"""A later version of a till: another way, time, flight or gate, as far as that makes sense, and what its customer is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from live.regions import find
from post.models import Message
from tests.orders.tilling import colas, errors
from tracking.orders.models import Delivery, Endpoint, Order, Way

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


def changed(order):
    return Order.objects.get(pk=order.pk)


def mails(order):
    return list(Message.objects.about(order).order_by("pk"))


def kitchen(stage="placed"):
    return find(f"kitchen/grill/{stage}/").render().html


def test_what_is_collected_is_brought_instead_with_a_pin_and_a_later_promise(till, burgers):
    order = till.pushed(burgers())
    till.put(order, burgers(version=2, way="delivery", gate="b22"))
    brought = changed(order)
    assert (brought.way, brought.gate, len(brought.pin), brought.due_at) == (Way.DELIVERY, "B22", 4, order.due_at)
    assert brought.latest - order.latest == timedelta(minutes=order.shop.walk + 5)
    assert "B22" in kitchen()
    till.put(order, burgers(version=3))
    again = changed(order)
    assert (again.way, again.gate, again.pin, again.latest) == (Way.COLLECTION, "", "", order.latest)


def test_another_way_may_be_chosen_while_it_is_made_and_not_once_it_is_ready(till, burgers):
    order = till.pushed(burgers())
    for move in ("accept", "start"):
        till.move(order, move)
    till.put(order, burgers(version=2, way="delivery", gate="B22"))
    assert changed(order).way == Way.DELIVERY
    till.move(order, "ready")
    assert "state" in till.put(order, burgers(version=3), status=409).json()["type"]
    assert changed(order).way == Way.DELIVERY


def test_what_no_shop_brings_and_a_gate_that_is_none_are_pointed_at(till, burgers, grill):
    order = till.pushed(burgers())
    assert "#/flight" in errors(till.put(order, burgers(version=2, way="delivery"), status=422))
    assert "#/gate" in errors(till.put(order, burgers(version=2, way="delivery", gate="ABCDEF"), status=422))
    grill.delivers = False
    grill.save()
    assert "#/way" in errors(till.put(order, burgers(version=2, way="delivery", gate="B22"), status=422))
    assert (changed(order).way, changed(order).external_version) == (Way.COLLECTION, 1)


def test_another_time_moves_the_promise_and_the_card_until_somebody_has_begun(till, burgers, now):
    order, wanted = till.pushed(burgers()), now + timedelta(hours=2)
    till.put(order, burgers(version=2, wanted_at=wanted.isoformat()))
    later = changed(order)
    assert (later.wanted_at, later.latest, later.due_at) == (wanted, wanted, wanted)
    assert later.promises.last().reasons[0] == "The order has changed."
    till.move(order, "accept")
    assert order.reference not in kitchen("accepted"), "it is for later"
    till.put(order, burgers(version=3))
    soon = changed(order)
    assert soon.wanted_at is None and soon.due_at < wanted - timedelta(hours=1)
    assert order.reference in kitchen("accepted")
    till.move(order, "start")
    refused = till.put(order, burgers(version=4, wanted_at=wanted.isoformat()), status=422)
    assert "has begun" in errors(refused)["#/wanted_at"]
    assert changed(order).external_version == 3


def test_a_time_that_can_not_be_kept_is_pointed_at(till, burgers, now):
    order = till.pushed(burgers())
    answer = till.put(order, burgers(version=2, wanted_at=(now + timedelta(minutes=2)).isoformat()), status=422)
    assert "isn’t possible any more" in errors(answer)["#/wanted_at"]
    night = now + timedelta(hours=14)
    assert "#/wanted_at" in errors(till.put(order, burgers(version=2, wanted_at=night.isoformat()), status=422))
    assert changed(order).wanted_at is None


def test_what_was_ordered_for_a_time_is_due_earlier_where_it_is_brought(till, burgers, now, grill):
    wanted = (now + timedelta(hours=2)).isoformat()
    order = till.pushed(burgers(wanted_at=wanted))
    till.put(order, burgers(version=2, wanted_at=wanted, way="delivery", gate="B22"))
    brought = changed(order)
    assert brought.latest == order.latest
    assert order.due_at - brought.due_at == timedelta(minutes=grill.walk)


def test_another_flight_brings_its_gate_and_is_followed_from_then_on(till, burgers, make_flight):
    early, late = (
        make_flight(minutes=minutes, number=number, gate=gate)
        for minutes, number, gate in ((120, "415", "B20"), (180, "615", "B24"))
    )
    order = till.pushed(burgers(way="delivery", flight="B6 415"))
    early.assign_gate("B21")
    till.put(order, burgers(version=2, way="delivery", flight="B6 615"))
    changed_once = changed(order)
    assert (changed_once.flight_id, changed_once.gate, changed_once.flight_seen) == (late.pk, "B24", late.revision)
    till.put(order, burgers(version=3, way="delivery", gate="B9"))
    assert (changed(order).flight, changed(order).gate) == (None, "B9")


def test_a_flight_that_boards_before_is_pointed_at(till, burgers, make_flight):
    make_flight(minutes=40, number="415", gate="B20")
    order = till.pushed(burgers())
    answer = till.put(order, burgers(version=2, flight="B6 415"), status=422)
    assert "Boarding for B6 415" in errors(answer)["#/flight"] or "too late" in errors(answer)["#/flight"]
    assert "#/flight" in errors(till.put(order, burgers(version=2, flight="B6 999"), status=422))
    assert changed(order).flight is None


def test_more_dishes_at_a_paused_shop_are_pointed_at_where_they_are(till, burgers, menu, grill):
    order = till.pushed(burgers())
    grill.pause()
    more = burgers(version=2, lines=[*burgers()["lines"], colas(menu)])
    assert set(errors(till.post(more, status=422))) == {"#/lines"}
    till.put(order, burgers(version=2, note="No onions"))
    assert changed(order).note == "No onions"


# What others are told


def test_the_customer_gets_one_mail_of_what_has_changed(till, burgers, menu):
    order = till.pushed(burgers(email="ada@example.org"))
    more = {"email": "ada@example.org", "lines": [*burgers()["lines"], colas(menu, 2)]}
    till.put(order, burgers(version=2, **more))
    till.put(order, burgers(version=2, **more))
    _received, mail = mails(order)
    assert mail.subject == f"Grill: your order {order.reference} has changed"
    assert "It costs $19.90 now." in mail.body and "2 × Cola" in mail.body
    till.put(order, burgers(version=3, way="delivery", gate="B22", **more))
    mail = mails(order)[-1]
    assert len(mails(order)) == 3 and "It comes to gate B22" in mail.body and changed(order).pin in mail.body
    till.put(order, burgers(version=4, way="delivery", gate="B22", note="No onions", **more))
    assert len(mails(order)) == 3, "of a note nobody needs a mail"


def test_a_version_that_leaves_only_what_is_made_says_that_it_is_ready(till, burgers, menu):
    order = till.pushed(burgers(email="ada@example.org", lines=[*burgers()["lines"], colas(menu)]))
    for move in ("accept", "start"):
        till.move(order, move)
    order.finish_part(order.parts.get(name="Burger").pk, 1)
    till.put(order, burgers(version=2, email="ada@example.org"))
    assert changed(order).state == "ready"
    assert [mail.subject for mail in mails(order)][1:] == [f"Grill: your order {order.reference} is ready"]


def test_a_note_or_a_name_is_in_the_kitchen_at_once(till, burgers, assert_published):
    order = till.pushed(burgers())
    with assert_published(*order.topics()):
        till.put(order, burgers(version=2, note="No onions", name="Bo"))
    assert "No onions" in kitchen() and "Bo" in kitchen()
    with assert_published():
        till.put(order, burgers(version=3, note="No onions", name="Bo"))


def test_the_webhooks_hear_of_another_way(till, burgers, grill):
    Endpoint.objects.create(shop=grill, url="https://example.org/")
    order = till.pushed(burgers())
    till.put(order, burgers(version=2, way="delivery", gate="B22"))
    assert list(Delivery.objects.values_list("event", flat=True)) == ["order.placed", "order.changed"]


def test_the_history_says_what_the_till_has_changed(till, burgers, client, olga):
    order = till.pushed(burgers())
    till.put(order, burgers(version=2, way="delivery", gate="B22"))
    client.force_login(olga)
    page = client.get(f"/orders/grill/kitchen/{order.pk}/").content.decode()
    assert "Changed at the till" in page and "Bring it to the gate" in page
    mine = client.get(f"/orders/order/{order.token}/").content.decode()
    assert "The shop has changed it" in mine or "Gate B22" in mine

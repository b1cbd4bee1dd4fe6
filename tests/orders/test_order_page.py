"""An order behind its link, and by its number: who sees it, what it says at each stage, and what can be done there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from checkout.models import Payment, Refund
from live.regions import find
from post.models import Message
from tests.html import one_line
from tests.orders.ordering import wanted
from tests.paying import come
from tracking.orders.flights import follow_flights
from tracking.orders.models import Order, State, Way
from verbs.refusals import IllegalMove

pytestmark = pytest.mark.django_db

GONE = 404


def by_link(order):
    return f"/orders/order/{order.token}/"


def text_of(client, order):
    answer = client.get(by_link(order))
    assert answer.status_code == 200
    return one_line(answer.text)


def test_who_has_the_link_sees_the_order_and_nobody_else(client, order_food, menu, charlie):
    order = order_food(wanted(menu["Burger"], 2, Chips=1, note="no onions"), wanted(menu["Cola"]))
    page = text_of(client, order)
    for words in (order.reference, "Burger", "Chips", "no onions", "$33.20", "Not paid yet"):
        assert words in page
    assert "ada@example.org" not in page
    other = order_food(wanted(menu["Cola"]))
    signed, _colon, rest = order.token.partition(":")
    wrong = [
        "nothing",
        str(order.pk),
        order.token[:-1],
        f"{signed}:{other.token.partition(':')[2]}",
        f"{rest}:{signed}",
    ]
    client.force_login(charlie)
    for token in wrong:
        answers = [client.get(f"/orders/order/{token}/"), client.get(f"/live/order-tracking/{token}/")]
        answers += [client.post(f"/orders/order/{token}/{verb}/") for verb in ("pay", "cancel", "revoke")]
        assert [answer.status_code for answer in answers] == [GONE] * 5, token
    order.refresh_from_db()
    assert order.state == State.UNPAID and not Payment.objects.exists()


def test_by_its_number_only_the_owner_and_the_shops_staff_see_it(client, order_food, menu, alice, charlie, olga, bruno):
    order = order_food(wanted(menu["Cola"]), user=alice, way=Way.DELIVERY, gate="B22")
    address, root = f"/live/order-tracking/{order.pk}/", User.objects.create_superuser("root@example.org")

    answers = {}

    def seen_by():
        for who in (None, alice, charlie, olga, bruno, root):
            client.logout()
            if who:
                client.force_login(who)
            answers[who.email if who else ""] = client.get(address)
        return {email for email, answer in answers.items() if answer.status_code == 200}

    assert seen_by() == {"alice@example.org"}, "it is no order for the shop before it is paid"
    order.pay()
    assert seen_by() == {"alice@example.org", "olga@example.org", "root@example.org"}
    unknown = client.get("/live/order-tracking/999999/")
    client.logout()
    refused = client.get(address)
    assert refused.status_code == unknown.status_code == GONE and order.reference not in refused.text
    shown = answers["olga@example.org"].text
    assert order.reference in shown and "<button" not in shown and order.token not in shown
    assert f">{order.pin}<" not in shown


def test_its_fragment_is_what_the_page_shows(client, order_food, menu):
    order = order_food(wanted(menu["Cola"]))
    fragment = client.get(f"/live/order-tracking/{order.token}/")
    assert fragment.text == find(f"order-tracking/{order.token}/").render().html
    again = client.get(f"/live/order-tracking/{order.token}/", headers={"If-None-Match": fragment["ETag"]})
    assert again.status_code == 304 and fragment["Cache-Control"].startswith("private")


@pytest.mark.parametrize("way", [Way.COLLECTION, Way.DELIVERY])
def test_each_stage_says_whether_somebody_did_it_or_it_is_expected(client, order_food, menu, way):
    order = order_food(wanted(menu["Cola"]), way=way, gate="B22" if way == Way.DELIVERY else "")
    come(Payment.objects.begin(order))
    order.refresh_from_db()
    verbs = [None, order.accept, order.start, order.bump]
    verbs += [order.send_out, lambda: order.deliver(order.pin)] if way == Way.DELIVERY else [order.collect]
    for count, verb in enumerate(verbs, 1):
        if verb:
            verb()
        page = text_of(client, order)
        assert page.count("<i>observed</i>") == count
        is_promised = count < (4 if way == Way.COLLECTION else 6)
        assert page.count("<i>estimated</i>") == is_promised
    assert "Enjoy your meal" in page


def test_the_stages_of_what_was_collected_as_nobody_was_at_the_gate(client, make_order):
    order = make_order(state=State.OUT, way=Way.DELIVERY, gate="B22", pin="0427")
    order.not_found()
    order.collect()
    page = text_of(client, order)
    bar = page[page.index("order-bar") : page.index("</ol>", page.index("order-bar"))]
    assert "At your gate" not in bar and "estimated" not in bar and 'class="next"' not in bar
    assert "<b>Collected</b>" in bar


def test_what_an_undone_move_means_is_said(client, make_order):
    order = make_order(state=State.READY)
    order.collect()
    order.recall()
    assert "Not collected yet" in text_of(client, order) and "Not ready after all" not in text_of(client, order)
    order.recall()
    assert "Not ready after all" in text_of(client, order)


def test_the_gate_of_who_collects_is_shown_with_the_one_before(client, make_order, make_flight):
    flight = make_flight(minutes=120, gate="B20")
    order = make_order(flight=flight, gate="B20", flight_seen=flight.revision)
    assert '<span class="gate">B20</span>' in text_of(client, order)
    flight.assign_gate("B22")
    follow_flights(timezone.now())
    assert '<s>B20</s> <span class="gate">B22</span>' in text_of(client, order)


def test_the_list_of_an_account_leads_to_no_page_that_has_ended(client, make_order, alice, time_machine):
    order = make_order(state=State.READY, user=alice)
    order.collect()
    client.force_login(alice)
    assert order.token in client.get("/orders/mine/").text
    time_machine.move_to(order.link_ends + timedelta(minutes=1))
    page = client.get("/orders/mine/").text
    assert order.reference in page and order.token not in page


def test_it_has_the_name_that_is_called_for_who_has_the_link_alone(client, make_order, alice):
    order = make_order(name="Nora", user=alice)
    assert "For <b>Nora</b>" in text_of(client, order)
    client.force_login(alice)
    assert "Nora" not in client.get("/orders/mine/").text


def test_without_a_gate_it_is_said_what_happens_then(client, make_order, make_flight):
    flight = make_flight(minutes=120, gate="")
    order = make_order(flight=flight, way=Way.DELIVERY, pin="0427", flight_seen=flight.revision)
    assert "The order goes there once it is, and this page shows it then." in text_of(client, order)
    flight.assign_gate("B22")
    follow_flights(timezone.now())
    assert "once it is" not in text_of(client, order) and '<span class="gate">B22</span>' in text_of(client, order)


def test_the_number_for_the_runner_is_shown_while_it_is_needed(client, order_food, menu):
    order = order_food(wanted(menu["Cola"]), way=Way.DELIVERY, gate="B22")
    come(Payment.objects.begin(order))
    order.refresh_from_db()
    order.accept().bump().send_out()
    assert f">{order.pin}</dd>" in text_of(client, order)
    order.deliver(order.pin)
    assert f">{order.pin}</dd>" not in text_of(client, order)


def test_what_is_late_says_so_and_its_time_is_never_in_the_past(client, make_order, time_machine):
    order = make_order({"Burger": 1}, State.MAKING)
    region = find(f"order-tracking/{order.token}/")
    assert region.stale_at(timezone.now()) == order.latest
    assert "Late" not in text_of(client, order)
    time_machine.move_to(order.latest + timedelta(minutes=3))
    page = text_of(client, order)
    assert "It takes longer than we said" in page
    assert f"{order.latest.astimezone(order.shop.tz):%H:%M}</time></strong>" not in page
    assert find(f"order-tracking/{order.token}/").stale_at(timezone.now()) > timezone.now()


def test_a_line_that_is_left_out_is_struck_and_its_money_comes_back(client, make_order):
    order = make_order({"Burger": 1, "Cola": 2}, State.MAKING, is_paid=True)
    order.void_line(order.lines.get(name="Cola").pk, "We have no cola")
    page = text_of(client, order)
    assert "<s>Cola</s>" in page and "We have no cola" in page and "$4.40 paid back" in page and "$15.50" in page


def test_a_refused_order_says_why_and_what_comes_back(client, make_order):
    order = make_order(state=State.PLACED, is_paid=True)
    order.refuse("The oven is cold")
    page = text_of(client, order)
    assert "The oven is cold" in page and "You get $15.50 back" in page and "is-cancellable" not in page


# Cancelling


def test_it_can_be_cancelled_until_the_kitchen_begins_once(client, make_order, menu):
    order = make_order({"Soup": 2}, State.ACCEPTED, is_paid=True, email="ada@example.org")
    stock = menu["Soup"].stock
    page = text_of(client, order)
    assert "is-cancellable" in page
    question = page[page.index('<summary class="button">Cancel the order') :].partition("</details>")[0]
    assert f'action="{by_link(order)}cancel/"' in question and "Yes, cancel it" in question, "it is asked first"
    for _one in range(2):
        answer = client.post(f"{by_link(order)}cancel/")
        assert answer.status_code == 303 and answer["Location"] == by_link(order)
    order.refresh_from_db()
    menu["Soup"].refresh_from_db()
    assert order.state == State.CANCELLED and Refund.objects.get().amount == 1400
    assert menu["Soup"].stock == stock + 2  # nobody has made it
    assert order.changes.filter(verb="cancel", field="state").count() == 1
    assert Message.objects.filter(subject__contains="cancelled").count() == 1


def test_once_it_is_being_made_the_page_says_why_not(client, make_order):
    order = make_order(state=State.MAKING, is_paid=True)
    assert "is-cancellable" not in text_of(client, order)
    answer = client.post(f"{by_link(order)}cancel/")
    assert answer.status_code == 422 and "The kitchen has begun" in answer.text
    with pytest.raises(IllegalMove, match="Ask the shop"):
        order.cancel()
    assert not Refund.objects.exists()


def test_what_is_partly_made_is_not_for_sale_again(make_order, menu):
    order = make_order({"Soup": 1, "Cola": 1}, State.ACCEPTED)
    order.parts.filter(name="Soup").update(ready=1)
    order.cancel()
    menu["Soup"].refresh_from_db()
    assert menu["Soup"].stock == 5


def test_verbs_are_posts(client, make_order):
    order = make_order()
    for verb in ("pay", "cancel", "revoke"):
        assert client.get(f"{by_link(order)}{verb}/").status_code == 405
    assert client.post(by_link(order)).status_code == 405


# The link


def test_a_revoked_link_opens_nothing_and_the_new_one_is_mailed(client, make_order):
    order = make_order(email="ada@example.org")
    old = by_link(order)
    answer = client.post(f"{old}revoke/")
    order.refresh_from_db()
    assert answer["Location"] == by_link(order) != old
    assert client.get(old).status_code == client.get(f"/live/order-tracking/{old.split('/')[3]}/").status_code == GONE
    mail = Message.objects.get(subject__contains="new link")
    assert order.token in mail.body and client.get(by_link(order)).status_code == 200


def test_the_link_ends_two_weeks_after_the_order(client, make_order, time_machine):
    order = make_order(state=State.READY)
    order.collect()
    assert find(f"order-tracking/{order.token}/").stale_at(timezone.now()) == order.link_ends
    time_machine.move_to(order.link_ends - timedelta(minutes=1))
    assert client.get(by_link(order)).status_code == 200
    time_machine.move_to(order.link_ends + timedelta(minutes=1))
    assert (
        client.get(by_link(order)).status_code == client.get(f"/live/order-tracking/{order.token}/").status_code == GONE
    )


def test_openings_are_shown_to_who_has_the_link(client, make_order):
    order = make_order()
    client.get(by_link(order), headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"})
    assert "on a phone" in text_of(client, order)


# The orders of an account


def test_an_account_has_its_own_orders_and_no_others(client, order_food, make_order, menu, alice, charlie):
    mine, done = make_order(user=alice), make_order({"Soup": 1}, State.READY, user=alice)
    done.collect()
    unpaid, others = order_food(wanted(menu["Cola"]), user=alice), make_order(user=charlie)
    assert client.get("/orders/mine/").status_code == 302
    client.force_login(alice)
    page = one_line(client.get("/orders/mine/").text)
    assert page.index(mine.reference) < page.index("Earlier orders") < page.index(done.reference)
    assert unpaid.reference not in page and others.reference not in page
    assert client.get(f"/live/my-orders/{charlie.pk}/").status_code == GONE


def test_an_unpaid_order_says_until_when_and_then_that_it_is_over(client, order_food, menu, time_machine):
    order = order_food(wanted(menu["Cola"]))
    assert 'form="order-pay"' in text_of(client, order)
    assert find(f"order-tracking/{order.token}/").stale_at(timezone.now()) == order.expires_at
    time_machine.move_to(order.expires_at)
    page = text_of(client, order)
    assert "not paid in time" in page and 'form="order-pay"' not in page
    assert client.post(f"{by_link(order)}pay/").status_code == 303 and not Payment.objects.exists()
    Order.objects.lapse(timezone.now())
    assert "was not placed" in text_of(client, order)

"""Webhooks by Standard Webhooks: the signature, the tries and their pauses, and the addresses that are refused."""

import json
import socket
from base64 import b64decode
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.db import transaction
from django.utils import timezone

from live.health import Trouble
from tests.orders.ordering import wanted
from tests.waiting import until
from tracking.orders import health
from tracking.orders.models import Delivery, Endpoint, Order
from tracking.orders.models.hooks import MOST_BYTES
from tracking.orders.models.tills import PAUSES
from tracking.orders.outside import fault_of
from tracking.orders.till import metrics, sending
from tracking.orders.till.sending import send_due
from tracking.orders.till.signing import signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def listening(grill, settings, monkeypatch):
    """An endpoint of the grill: ``answers`` is what it says, one status after the other, then 200; ``heard`` what it got."""
    settings.WEBHOOKS_INSIDE = True
    monkeypatch.setattr(sending, "RUN", 60)  # what it sends is answered in one run, on a busy machine too

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((dict(self.headers), body))
            status = answers.pop(0) if answers else 200
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    answers, heard = [], []
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        endpoint = Endpoint.objects.create(shop=grill, url=f"http://localhost:{server.server_port}/hook")
        endpoint.rotate()
        endpoint.answers, endpoint.heard = answers, heard
        yield endpoint
        server.shutdown()
        thread.join()


def events(endpoint):
    return list(endpoint.deliveries.values_list("event", flat=True))


def due_again():
    Delivery.objects.filter(sent_at=None, due_at__isnull=False).update(due_at=timezone.now())


def test_the_signature_is_that_of_the_specification():
    key = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = signature([key], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_each_step_of_an_order_is_told_once_and_verifies(listening, make_order):
    order = make_order({"Burger": 1})
    for move in ("accept", "bump", "bump", "collect"):
        getattr(order, move)()
    assert send_due() == 4
    assert send_due() == 0
    bodies = [json.loads(body) for _headers, body in listening.heard]
    assert [body["type"] for body in bodies] == ["order.placed", "order.accepted", "order.ready", "order.collected"]
    headers, body = listening.heard[2]
    signed = signature(listening.keys, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
    assert headers["webhook-signature"] == signed
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 300
    assert bodies[2]["data"]["reference"] == order.reference
    assert headers["Host"] == listening.url.split("/")[2]


def test_a_message_tells_nothing_of_people_and_is_small(listening, make_order):
    make_order({"Burger": 1}, email="nora@example.org", phone="555 0100", pin="WXYZ", note="x" * 200).call_off(
        "y" * 120
    )
    for delivery in Delivery.objects.all():
        assert len(delivery.body.encode()) < MOST_BYTES
        assert not any(word in delivery.body for word in ("Nora", "nora@", "555 0100", "WXYZ", "xxx"))
    assert events(listening) == ["order.placed", "order.cancelled"]


def test_only_the_endpoints_of_the_shop_hear_of_it(listening, bar, make_order):
    other = Endpoint.objects.create(shop=bar, url=listening.url, secrets=listening.secrets)
    make_order({"Burger": 1})
    assert (events(listening), events(other)) == (["order.placed"], [])


def test_what_is_rolled_back_is_not_told(listening, make_order):
    order = make_order({"Burger": 1})
    with transaction.atomic():
        order.accept()
        transaction.set_rollback(True)
    assert events(listening) == ["order.placed"]


def test_what_is_not_paid_is_not_told_until_it_is(listening, order_food, menu):
    order = order_food(wanted(menu["Cola"]))
    assert events(listening) == []
    order.pay()
    assert events(listening) == ["order.placed"]
    order_food(wanted(menu["Cola"])).cancel()
    assert events(listening) == ["order.placed"]


@pytest.mark.parametrize("status", [500, 302, 404])
def test_a_failure_is_tried_again_with_the_same_id_after_longer_and_longer_pauses(listening, make_order, status):
    make_order({"Burger": 1})
    listening.answers[:] = [status] * 20
    pauses = []
    for _try in range(20):
        due_again()
        before = timezone.now()
        send_due()
        delivery = listening.deliveries.get()
        if delivery.due_at is None:
            break
        pauses.append((delivery.due_at - before).total_seconds())
    assert len(pauses) == len(PAUSES) == 9
    assert all(given <= pause <= given * 1.1 + 60 for given, pause in zip(PAUSES, pauses, strict=True))
    assert (len(listening.heard), delivery.problem, delivery.sent_at) == (10, f"status {status}", None)
    assert len({headers["webhook-id"] for headers, _body in listening.heard}) == 1


def test_a_failure_is_followed_by_success(listening, make_order):
    make_order({"Burger": 1})
    listening.answers[:] = [503]
    assert send_due() == 0
    assert send_due() == 0, "its pause is not over"
    due_again()
    assert send_due() == 1
    assert listening.deliveries.get().problem == ""


def test_an_endpoint_that_is_gone_hears_nothing_any_more(listening, make_order):
    order = make_order({"Burger": 1})
    order.accept()
    listening.answers[:] = [410]
    send_due()
    order.bump()
    due_again()
    send_due()
    listening.refresh_from_db()
    assert listening.stopped_at
    assert (len(listening.heard), events(listening)) == (1, ["order.placed", "order.accepted"])


def test_two_processes_send_it_once(listening, make_order):
    make_order({"Burger": 1})
    pk, now = listening.deliveries.get().pk, timezone.now()
    assert Delivery.objects.claim(pk, now)
    assert Delivery.objects.claim(pk, now) is None
    assert send_due() == 0
    Delivery.objects.update(due_at=now - timedelta(seconds=1))  # the process was killed: its claim has ended
    assert send_due() == 1


def test_both_secrets_sign_while_one_is_changed(listening, make_order):
    old = listening.keys[0]
    listening.rotate()
    make_order({"Burger": 1})
    send_due()
    headers, body = listening.heard[0]
    signed = headers["webhook-signature"].split()
    at = int(headers["webhook-timestamp"])
    assert signature([old], headers["webhook-id"], at, body) in signed
    assert signature([listening.keys[0]], headers["webhook-id"], at, body) in signed
    assert len(signed) == 2
    listening.drop_old_secret()
    assert old not in listening.keys


def test_an_endpoint_that_does_not_answer_fails(listening, make_order, settings):
    settings.WEBHOOKS_TIMEOUT = 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        Endpoint.objects.filter(pk=listening.pk).update(url=f"http://localhost:{silent.getsockname()[1]}/")
        make_order({"Burger": 1})
        assert send_due() == 0
    assert "no answer" in listening.deliveries.get().problem


def test_an_endpoint_that_hangs_delays_no_other_shop(listening, bar, make_order, settings, monkeypatch):
    """It is asked once, and noted when its time is over; the others are sent what they are told meanwhile."""
    settings.WEBHOOKS_TIMEOUT = 60
    monkeypatch.setattr(sending, "RUN", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hangs = Endpoint.objects.create(shop=bar, url=f"http://localhost:{silent.getsockname()[1]}/")
        hangs.rotate()
        make_order({"Burger": 1}, shop=bar).accept()
        order = make_order({"Burger": 1})
        assert until(send_due) == 1
        order.accept()
        assert until(send_due) == 1, "the one that hangs is still asked"
        assert [delivery.endpoint for delivery in sending.under_way.values()] == [hangs]
        assert list(hangs.deliveries.values_list("tries", "problem")) == [(1, ""), (0, "")]
    until(lambda: send_due() == 0 and not sending.under_way)
    assert [bool(delivery.problem) for delivery in hangs.deliveries.all()] == [True, False], "once in a run"
    assert [json.loads(body)["type"] for _headers, body in listening.heard] == ["order.placed", "order.accepted"]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "http://example.org/",
        "ftp://example.org/",
        "https://user:secret@example.org/",
        "https://",
        "https://[",
        "https://example.org:0/",
    ],
)
def test_an_address_of_the_inside_is_refused_as_it_is_written(url):
    assert fault_of(url)


def test_a_name_with_several_addresses_is_tried_at_each(listening, make_order, monkeypatch):
    async def places_of(host, port):
        return ["::1", "127.0.0.1"]  # nobody listens at the first

    monkeypatch.setattr(sending, "places_of", places_of)
    make_order({"Burger": 1})
    assert send_due() == 1


def test_messages_that_nobody_sends_are_a_trouble_and_those_of_an_endpoint_that_is_away_are_none(listening, make_order):
    make_order({"Burger": 1})
    listening.answers[:] = [503]
    send_due()
    health.webhooks()
    metrics.measure()
    assert metrics.waiting._value.get() == 1
    listening.deliveries.update(due_at=timezone.now() - timedelta(minutes=6))
    with pytest.raises(Trouble, match="1 message"):
        health.webhooks()


def test_an_address_outside_is_taken():
    assert fault_of("https://example.org/hook?till=1") == ""
    assert fault_of("https://93.184.216.34:8443/") == ""


@pytest.mark.parametrize("url", ["https://localhost:{port}/", "https://2130706433:{port}/", "https://0x7f.1:{port}/"])
def test_a_name_that_leads_inside_is_not_called(listening, make_order, settings, url):
    settings.WEBHOOKS_INSIDE = False
    port = listening.url.split(":")[2].split("/")[0]
    Endpoint.objects.filter(pk=listening.pk).update(url=url.format(port=port))
    make_order({"Burger": 1})
    assert send_due() == 0
    assert "public network" in listening.deliveries.get().problem
    assert listening.heard == []


def test_a_till_hears_of_its_own_order_and_asks_for_it(listening, till, burgers, client):
    order = till.pushed(burgers())
    till.put(order, burgers(2, version=2))
    send_due()
    told = [json.loads(body) for _headers, body in listening.heard]
    assert [body["type"] for body in told] == ["order.placed", "order.changed"]
    assert (told[1]["data"]["number"], told[1]["data"]["version"]) == ("A-1", 2)
    path = told[1]["data"]["url"].split("/api/v1/orders/")[1]
    assert till.get(path).json()["total"] == Order.objects.get().total == told[1]["data"]["total"]

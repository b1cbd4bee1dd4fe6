"""Idempotency-Key: a request that is sent again gets the answer that it had. What was lost on the way is made once."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.orders.tilling import Till
from tests.races import answers_at_once
from tracking.orders.models import Order, TillRequest
from tracking.orders.till import api

pytestmark = pytest.mark.django_db

KEY = {"Idempotency_Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}


def test_the_same_key_and_body_get_the_same_answer(till, burgers):
    first, second = till.post(burgers(), **KEY), till.post(burgers(), **KEY)
    assert (first.content, first["ETag"], first["Location"]) == (second.content, second["ETag"], second["Location"])
    assert Order.objects.count() == 1


def test_it_is_the_answer_of_then_although_the_order_has_moved_on(till, burgers):
    order = till.pushed(burgers(), **KEY)
    till.move(order, "accept")
    assert till.post(burgers(), **KEY).json()["state"] == "placed"


def test_another_body_with_the_same_key_is_422(till, burgers):
    till.post(burgers(), **KEY)
    assert till.post(burgers(number="A-2"), status=422, **KEY).json()["type"].endswith(":key")
    assert Order.objects.get().external == "A-1"


def test_the_key_is_of_one_address_and_one_till(till, burgers, client, grill):
    order = till.pushed(burgers(), **KEY)
    till.move(order, "accept", status=422, **KEY)
    assert Till(client, grill, "back").post(burgers(), **KEY).json()["reference"] != order.reference


def test_while_the_first_is_in_progress_it_is_409(till, burgers, monkeypatch):
    answers = []
    push = api.push

    def meanwhile(*arguments):
        if not answers:
            answers.append(till.post(burgers(), status=409, **KEY))
        return push(*arguments)

    monkeypatch.setattr(api, "push", meanwhile)
    till.post(burgers(), **KEY)
    assert answers[0]["Retry-After"] == "1"
    assert Order.objects.count() == 1


def test_a_process_that_was_killed_holds_no_key_for_ever(till, burgers):
    till.post(burgers(), **KEY)
    left = timezone.now() - timedelta(minutes=3)
    TillRequest.objects.update(status=None, begun_at=left)  # the order is made, and its answer was never kept
    assert till.post(burgers(), status=200, **KEY).json()["number"] == "A-1"
    assert Order.objects.count() == 1


def test_a_refusal_keeps_no_key(till, burgers):
    till.post(burgers(total=1), status=422, **KEY)
    till.post(burgers(total=1550), **KEY)
    assert Order.objects.count() == 1


def test_what_could_not_be_saved_is_a_failure_and_sent_again_makes_one_order(till, burgers, monkeypatch):
    """A 200 would lose the order. After a failure the till sends it again."""
    till.client.raise_request_exception = False
    begin = Order.begin

    def break_down(self, *arguments, **who):
        begin(self, *arguments, **who)
        raise OperationalError("disk full")

    monkeypatch.setattr(Order, "begin", break_down)
    answer = till.client.post(
        "/api/v1/orders/",
        burgers(),
        "application/json",
        headers={"Authorization": f"Bearer {till.secret}", "Idempotency-Key": "k"},
    )
    assert answer.status_code >= 500
    assert not Order.objects.exists()
    monkeypatch.undo()
    till.post(burgers(), Idempotency_Key="k")
    assert Order.objects.count() == 1


@pytest.mark.parametrize("key", ["", "ü", "a b", "k" * 256])
def test_a_key_that_is_none_is_400(till, burgers, key):
    till.post(burgers(), status=400, Idempotency_Key=key)


def test_keys_are_kept_for_a_day_at_least(till, burgers):
    till.post(burgers(), **KEY)
    TillRequest.objects.prune(timezone.now() + timedelta(hours=25))
    assert TillRequest.objects.exists()
    TillRequest.objects.prune(timezone.now() + timedelta(hours=49))
    assert not TillRequest.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, KEY])
def test_two_at_once_make_one_order(grill, menu, burgers, django_client_factory, headers):
    tills = [django_client_factory() for _each in range(2)]
    secret = Till(tills[0], grill).secret
    sent = {name.replace("_", "-"): value for name, value in headers.items()} | {"Authorization": f"Bearer {secret}"}

    def send(client):
        return client.post("/api/v1/orders/", burgers(), "application/json", headers=sent).status_code

    statuses = answers_at_once(*[partial(send, client) for client in tills])
    assert Order.objects.count() == 1
    assert set(statuses) <= {200, 201, 409}
    assert 201 in statuses


@pytest.fixture
def django_client_factory():
    from django.test import Client

    return Client

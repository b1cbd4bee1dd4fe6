"""A shop's own till in tests: ``till`` calls the API with its key, as an HTTP client does."""

import json

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.orders.ordering import choices
from tracking.orders.models import Order, TillKey

URL = "/api/v1/orders/"


class Till:
    def __init__(self, client, shop, name="front"):
        cache.clear()  # its rate is counted there
        self.client, self.shop = client, shop
        self.key, self.secret = TillKey.objects.issue(shop, name)

    def call(self, method, path="", body=None, status=200, **headers):
        """The answer. ``headers`` with _ for -; ``body`` as JSON, or as it is where it is a text."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = body if isinstance(body, (str, bytes)) else json.dumps(body) if body is not None else ""
        answer = self.client.generic(
            method, URL + path, sent, "application/json", headers={"Authorization": f"Bearer {self.secret}", **names}
        )
        assert answer.status_code == status, answer.content.decode()
        kind = "application/problem+json" if status >= 400 else "application/json"
        assert status == 304 or answer["Content-Type"] == kind
        return answer

    def get(self, path="", **options):
        return self.call("GET", path, **options)

    def post(self, body, path="", status=201, **headers):
        return self.call("POST", path, body, status, **headers)

    def put(self, order, body, status=200, **headers):
        return self.call("PUT", f"{order.reference}/", body, status, **headers)

    def move(self, order, move, status=200, body=None, **headers):
        return self.call("POST", f"{order.reference}/{move}/", body or {}, status, **headers)

    def pushed(self, body, **headers):
        return Order.objects.get(reference=self.post(body, **headers).json()["reference"])


@pytest.fixture
def till(client, grill, menu):
    return Till(client, grill)


@pytest.fixture
def burgers(menu):
    """``burgers(2, version=3)``: the order A-1, of so many burgers with chips, as a till sends it; fields as they are given."""

    def body(quantity=1, lines=None, **fields):
        line = {"dish": menu["Burger"].pk, "quantity": quantity, "choices": choices(menu["Burger"], Chips=1)}
        return {"number": "A-1", "version": 1, "name": "Ada", "lines": lines or [line], **fields}

    return body


def colas(menu, quantity=1):
    return {"dish": menu["Cola"].pk, "quantity": quantity}


def errors(answer):
    """What a problem says of each field, by its pointer."""
    return {error["pointer"]: error["detail"] for error in answer.json()["errors"]}


def address(order):
    return reverse("api:till_order", args=[order.reference])

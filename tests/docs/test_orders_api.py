"""The calls of docs/orders-api.md, as they stand there, against the real server."""

import json
import re
import subprocess

import pytest
from django.conf import settings

from tests.cast.orders import offer
from tracking.orders.models import Choice, Dish, Order, TillKey

pytestmark = [pytest.mark.django_db(transaction=True)]


def commands():
    text = (settings.BASE / "docs/orders-api.md").read_text()
    return [block for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "curl" in block]


@pytest.fixture
def sold(grill):
    """The dishes and the choice that the page names, by the ids that it names."""
    kitchen, drinks = grill.stations.all()
    burger = Dish.objects.create(pk=12, shop=grill, station=kitchen, name="Burger", price=1550)
    Dish.objects.create(pk=14, shop=grill, station=drinks, name="Cola", price=220)
    made = offer(burger, "Side", {"Salad": 0}, minimum=1)
    Choice.objects.create(pk=31, dish_group=made, option=made.group.options.create(name="Chips"))


def test_the_calls_of_the_page_work_one_after_the_other(server, grill, sold):
    _till, key = TillKey.objects.issue(grill, "front")
    script = "\n".join(commands())
    environment = {"PATH": "/usr/bin:/bin", "AIRSIDE": server.url, "KEY": key}
    done = subprocess.run(["sh", "-euc", script], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    order = Order.objects.get()
    assert (order.external, order.external_version, order.total, order.state) == ("A-1017", 2, 3320, "collected")
    assert "}304\n{" in done.stdout
    assert json.loads(done.stdout.split("304\n")[1]) == {"orders": []}, "it is not open any more"

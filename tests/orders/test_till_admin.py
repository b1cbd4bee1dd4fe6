"""Keys and webhooks of tills in the admin, and the command that makes keys."""

import re

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tracking.orders.models import Endpoint, TillKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client, olga):
    """Olga, who works at the grill and may sign in to the admin."""
    User.objects.filter(pk=olga.pk).update(is_staff=True)
    client.force_login(olga)
    return client


@pytest.fixture
def till_key(capsys):
    def run(*arguments):
        call_command("till_key", *arguments)
        return capsys.readouterr().out

    return run


@pytest.fixture
def hook(grill):
    found = Endpoint.objects.create(shop=grill, url="https://till.example.org/hook")
    found.rotate()
    return found


def act(client, model, action, row):
    return client.post(f"/admin/orders/{model}/", {"action": action, "_selected_action": row.pk}, follow=True)


def test_the_command_prints_the_key_alone_and_a_new_one_ends_the_old(till_key, grill, bar):
    first = till_key("grill", "front")
    assert first == f"{first.strip()}\n"
    assert len(first.strip()) >= 40
    assert TillKey.objects.holding(first.strip()).shop == grill
    second, other = till_key("grill", "front").strip(), till_key("bar", "front").strip()
    assert TillKey.objects.holding(first.strip()) is None
    assert (TillKey.objects.holding(second).shop, TillKey.objects.holding(other).shop) == (grill, bar)
    assert not TillKey.objects.filter(key_hash__in=[second, other]).exists(), "keys are stored hashed"
    assert till_key("grill", "front", "--revoke") == ""
    assert TillKey.objects.holding(second) is None
    assert TillKey.objects.holding(other)


@pytest.mark.parametrize(
    "arguments", [["gril", "front"], ["grill", ""], ["grill", "x" * 61], ["grill", "no", "--revoke"]]
)
def test_the_command_refuses_what_is_not_there(till_key, grill, arguments):
    with pytest.raises(CommandError):
        till_key(*arguments)
    assert not TillKey.objects.exists()


def test_staff_revoke_keys_of_their_own_shop_only(manager, grill, bar):
    own, _key = TillKey.objects.issue(grill, "front")
    other, _key = TillKey.objects.issue(bar, "zapper")
    listed = manager.get("/admin/orders/tillkey/").text
    assert "front" in listed
    assert "zapper" not in listed
    act(manager, "tillkey", "revoke", own)
    act(manager, "tillkey", "revoke", other)
    own.refresh_from_db()
    other.refresh_from_db()
    assert own.revoked_at
    assert other.revoked_at is None


def shown_key(answer):
    """The key that a page shows, which it never does again."""
    [message] = [str(message) for message in answer.context["messages"]][:1]
    return re.search(r"is ([\w-]{40,}) and", message)[1]


def test_staff_make_a_key_of_their_own_shop_which_is_shown_once(manager, grill, bar):
    add = "/admin/orders/tillkey/add/"
    answer = manager.post(add, {"shop": grill.pk, "name": "front"}, follow=True)
    first = TillKey.objects.get()
    key = shown_key(answer)
    assert TillKey.objects.holding(key) == first and first.shop == grill
    assert key not in manager.get(f"/admin/orders/tillkey/{first.pk}/change/").text
    assert key not in manager.get("/admin/orders/tillkey/").text
    assert manager.post(add, {"shop": grill.pk, "name": "front"}).status_code == 200, "a name is taken once"
    assert manager.post(add, {"shop": bar.pk, "name": "zapper"}).status_code == 200
    assert TillKey.objects.get() == first and TillKey.objects.holding(key)


def test_a_new_key_ends_the_old_one(manager, grill, bar):
    own, old = TillKey.objects.issue(grill, "front")
    _other, kept = TillKey.objects.issue(bar, "zapper")
    new = shown_key(act(manager, "tillkey", "new_key", own))
    act(manager, "tillkey", "new_key", _other)
    assert TillKey.objects.holding(new) == own and TillKey.objects.holding(kept)
    assert TillKey.objects.holding(old) is None


def test_a_secret_is_shown_once(manager, grill):
    fields = {"shop": grill.pk, "url": "https://till.example.org/hook", "_save": "1"}
    page = manager.post("/admin/orders/endpoint/add/", fields, follow=True).text
    endpoint = Endpoint.objects.get()
    assert re.findall(r"whsec_([A-Za-z0-9+/=]+)", page) == endpoint.secrets
    again = manager.get(f"/admin/orders/endpoint/{endpoint.pk}/change/").text
    assert "whsec_" not in again
    assert endpoint.secrets[0] not in again


def test_a_secret_is_changed_while_both_are_good(manager, hook):
    old = hook.secrets[0]
    assert "whsec_" in act(manager, "endpoint", "new_secret", hook).text
    hook.refresh_from_db()
    assert len(hook.secrets) == 2
    assert hook.secrets[1] == old
    act(manager, "endpoint", "drop_old_secret", hook)
    hook.refresh_from_db()
    assert len(hook.secrets) == 1
    assert old not in hook.secrets


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "http://till.example.org/", "https://[::1]/"])
def test_addresses_of_the_inside_are_refused_in_words(manager, grill, url):
    page = manager.post("/admin/orders/endpoint/add/", {"shop": grill.pk, "url": url})
    assert page.status_code == 200
    assert "errorlist" in page.text
    assert not Endpoint.objects.exists()


def test_nobody_gives_another_shop_an_endpoint(manager, bar):
    manager.post("/admin/orders/endpoint/add/", {"shop": bar.pk, "url": "https://till.example.org/hook"})
    assert not Endpoint.objects.exists()


def test_what_was_not_taken_is_shown(manager, hook, make_order):
    make_order({"Burger": 1})
    delivery = hook.deliveries.get()
    delivery.failed("status 503", delivery.made_at)
    page = manager.get(f"/admin/orders/endpoint/{hook.pk}/change/").text
    assert "status 503" in page
    assert "order.placed" in page


def test_a_stopped_endpoint_is_resumed(manager, hook, make_order):
    order = make_order({"Burger": 1})
    hook.stop(order.made_at)
    order.accept()
    assert hook.deliveries.count() == 1
    act(manager, "endpoint", "resume", hook)
    order.bump()
    assert hook.deliveries.filter(event="order.ready").exists()

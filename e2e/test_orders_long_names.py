"""The longest names and notes that can be typed are read whole on a phone: nothing stands beyond its edge, nor is cut off."""

import pytest

from e2e.conftest import is_live
from tracking.orders.models import State, Way

PHONE = {"viewport": {"width": 390, "height": 844}}
LONG = "Donaudampfschifffahrtsgesellschaftskapitänskajütentürschlüsselloch"
BEYOND = """() => [...document.querySelectorAll('main *, .menu-bar')].filter(one => one.checkVisibility() && !one.closest('.visually-hidden'))
    .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def long_names(grill, menu):
    """All that people type at the grill is as long as it can be, in words that do not end."""
    for row, fields in (
        (grill, {"name": 80, "where": 80, "about": 600}),
        *((dish, {"name": 80, "about": 300}) for dish in menu.values()),
        *((part, {"name": 60}) for part in grill.sections.all()),
        *((part, {"name": 40}) for part in grill.stations.all()),
        *((part, {"name": 60}) for part in grill.option_groups.all()),
    ):
        for name, length in fields.items():
            setattr(row, name, (LONG * 10)[:length])
        row.save()
    return menu


@pytest.fixture
def long_order(long_names, make_order):
    text = (LONG * 4)[:120]
    fields = {"name": LONG[:60], "note": text, "reason": text, "way": Way.DELIVERY, "gate": "B22", "phone": "9" * 30}
    orders = [make_order({"Burger": 1, "Burger menu": 1}, state, **fields) for state in (State.PLACED, State.READY)]
    for order in orders:
        order.lines.update(note=text, name=LONG[:80])
        order.parts.update(name=LONG[:80], extras=[LONG])
    orders[0].lines.filter(position=0).update(is_void=True, void_reason=text)
    return orders[1]


def fits(page, path):
    page.goto(path)
    if page.locator(".live").count():
        is_live(page)
    found = page.evaluate(BEYOND)
    assert not found, f"{path}: {found}"


def test_what_customers_see(person, long_order, menu):
    guest = person(**PHONE)
    guest.goto(f"/orders/grill/{menu['Cola'].pk}/")
    guest.get_by_label("wish").fill(LONG)
    guest.get_by_role("button", name="Add to the basket").click()
    guest.wait_for_url("**/orders/grill/")
    combo, burger = menu["Burger menu"].pk, menu["Burger"].pk
    for path in ("", "grill/", f"grill/{combo}/", f"grill/{burger}/", "grill/basket/", "grill/order/", "grill/wall/"):
        fits(guest, f"/orders/{path}")
    fits(guest, f"/orders/order/{long_order.token}/")


def test_what_staff_see(signed_in, long_order, olga):
    cook = signed_in(olga, **PHONE)
    for path in (
        "kitchen/",
        "kitchen/dishes/",
        f"kitchen/{long_order.pk}/",
        f"kitchen/{long_order.pk}/slip/",
        "runners/",
    ):
        fits(cook, f"/orders/grill/{path}")

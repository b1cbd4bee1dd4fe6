"""A clerk edits the rules of fares: sees what would change, is refused what can't be, saves; a customer sees the new price."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from bookings.seats.apps import FARES
from e2e.conftest import is_live, not_reloaded
from e2e.look import look_at

PAGE = "/fly/desk/fares/economy/"


@pytest.fixture
def clerk(db):
    user = User.objects.create_user("clerk@example.org", first_name="Clara")
    user.groups.add(Group.objects.get(name=FARES))
    return user


def test_a_price_is_previewed_saved_and_seen_by_a_customer(person, signed_in, clerk, airports, make_inventory):
    make_inventory(minutes=300, origin="JFK", destination="BOS", number="100")
    customer = person()
    customer.goto(f"/fly/?to=BOS&day={airports['JFK'].today().isoformat()}")
    is_live(customer)
    flex = customer.locator(".result .fare").last
    before = flex.locator(".price b").first.inner_text()

    desk = signed_in(clerk)
    desk.goto(PAGE)
    desk.get_by_label("Flex: Part of the base fare, %").fill("200")
    desk.get_by_label("Preview flights from (code)").fill("JFK")
    desk.get_by_label("To (code)").fill("BOS")
    desk.get_by_role("button", name="Show what would change").click()
    preview = desk.get_by_role("region", name="Preview")
    expect(preview).to_contain_text("Nothing is saved yet")
    expect(preview.get_by_role("region", name="Next flights")).to_contain_text(before)
    expect(flex.locator(".price b").first).to_have_text(before)

    preview.get_by_role("button", name="Save and sell at these prices").click()
    expect(desk.get_by_text("Saved. From now on everybody sees these prices.")).to_be_visible()
    expect(flex.locator(".price s")).to_contain_text(before)
    expect(flex.locator(".price b").first).not_to_have_text(before)
    assert not_reloaded(customer)


def test_by_keyboard_what_closes_a_higher_fare_is_refused_and_nothing_typed_is_lost(signed_in, clerk, fares):
    desk = signed_in(clerk)
    desk.goto(PAGE)
    step = desk.get_by_label("Step 1: Flex")
    step.focus()
    step.press("Control+a")
    desk.keyboard.type("x")
    desk.keyboard.press("Enter")  # shows what would change, and saves nothing
    expect(desk.get_by_role("alert")).to_contain_text("Flex would be closed while Standard is sold")
    expect(step).to_have_value("x")
    step.fill("110")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("These are the rules as they are now.")).to_be_visible()


def test_without_scripts_a_tax_has_a_new_rate(signed_in, clerk, fares):
    desk = signed_in(clerk, java_script_enabled=False)
    desk.goto("/fly/desk/fares/taxes/")
    desk.get_by_role("link", name="US flight segment tax").click()
    desk.get_by_label("Amount, or per cent of the fare").first.fill("5.30")
    desk.get_by_label("First day").first.fill(f"{timezone.now().year + 3}-01-01")
    desk.get_by_role("button", name="Charge the new rate").click()
    expect(desk.get_by_role("table")).to_contain_text("$5.30")


@pytest.mark.parametrize("path", [PAGE, "/fly/desk/fares/taxes/"])
def test_it_looks_right_on_every_size(signed_in, clerk, fares, path):
    desk = signed_in(clerk, bypass_csp=True)
    desk.goto(path)
    look_at(desk)
    if path == PAGE:
        desk.get_by_role("button", name="Show what would change").click()
    else:
        desk.get_by_role("link", name="Passenger facility charge").click()
    look_at(desk)

"""The sales desk: the day's flights, who has which seat, and what agents do with it."""

import re

import pytest

from bookings.seats.models import Coupon, Inventory, Status
from live.regions import find

HTMX = {"HX-Request": "true"}


def coupons(booking):
    return list(Coupon.objects.filter(segment__booking=booking).order_by("traveller__position"))


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def desk(client, sally):
    client.force_login(sally)
    return client


def page_of_day(desk, inventory):
    return words(
        desk.get("/fly/desk/", {"airport": inventory.flight.origin_id, "date": str(inventory.day)}).content.decode()
    )


def test_the_day_counts_what_is_sold_held_blocked_and_free(desk, inventory, fly, hold_seats):
    fly("Ada Lovelace", "Mia Lovelace", children=1)
    hold_seats(adults=3)
    inventory.block(["20A", "20C"], "crew")
    html = page_of_day(desk, inventory)
    seats = inventory.plan.capacity()
    assert f"2 % 2 3 2 {seats - 7} 0 0" in html


def test_revenue_is_what_was_paid_without_taxes_as_it_is_printed(desk, inventory, fly, book_flight):
    booking = fly("Ada Lovelace")
    book_flight("Bob Stone")  # not paid
    replaced = booking.lines.get(code="fare")
    replaced.pk, replaced.is_replaced = None, True  # of another flight before a change
    replaced.save()
    fares = sum(booking.lines.filter(is_replaced=False, code="fare").values_list("amount", flat=True))
    assert 0 < fares < booking.total
    assert f"${fares // 100:,}.{fares % 100:02}" in page_of_day(desk, inventory)


def test_another_day_and_nonsense_show_no_wrong_flights(desk, inventory):
    assert inventory.flight.designator in page_of_day(desk, inventory)
    today = words(desk.get("/fly/desk/", {"airport": "JFK", "date": "nonsense"}).content.decode())
    assert inventory.flight.designator not in today
    assert desk.get("/fly/desk/", {"airport": "ZZZ"}).status_code == 404


@pytest.mark.parametrize("text", ["lovelace", "Ada Lovelace", "reference"])
def test_a_passenger_is_found_by_name_and_by_reference(desk, inventory, fly, text):
    booking = fly("Ada Lovelace")
    fly("Bob Stone")
    text = booking.reference.lower() if text == "reference" else text
    html = desk.get("/fly/desk/", {"q": text}).content.decode()
    (coupon,) = coupons(booking)
    assert f"/fly/desk/traveller/{coupon.pk}/" in html and "Stone" not in html


@pytest.mark.parametrize("form", ["{airline} {number}", "{airline}{number}", "{number}"])
def test_a_flight_is_found_by_its_number(desk, inventory, form):
    flight = inventory.flight
    html = desk.get("/fly/desk/", {"q": form.format(airline=flight.airline_id, number=flight.number)}).content.decode()
    assert f"/fly/desk/{inventory.pk}/" in html.split("sale-")[0]


def test_the_page_of_a_flight_has_its_ledger_seats_and_passengers(desk, inventory, fly):
    (ada, baby) = coupons(fly("Ada Lovelace", "Tim Lovelace", infants_lap=1))
    html = words(desk.get(f"/fly/desk/{inventory.pk}/").content.decode())
    seats = inventory.plan.capacity()
    assert f"Sold 1 Held 0 Blocked 0 Free {seats - 1} Seats {seats} Infants on laps 1" in html
    assert "does not add up" not in html
    assert "with Tim Lovelace" in html and f"{ada.seat} Ada Lovelace" in html and not baby.seat


def test_a_flight_that_does_not_add_up_says_so(desk, inventory, fly):
    for _number in range(3):
        fly("Ada Lovelace", "Mia Lovelace")
    # An aircraft with fewer seats than are taken, by a way that no verb has.
    taken = inventory.assignments.count()
    Inventory.objects.filter(pk=inventory.pk).update(layout="erj-145")
    inventory.assignments.model.objects.bulk_create(
        inventory.assignments.model(inventory=inventory, seat=f"X{n}", cabin="economy", rank=0)
        for n in range(60 - taken)
    )
    assert "does not add up" in desk.get(f"/fly/desk/{inventory.pk}/").content.decode()


def test_seats_and_rows_are_blocked_with_a_reason_and_free_again(desk, inventory, sally):
    fields = {"seats": "12, 14a", "reason": "crew rest", "seen": inventory.revision}
    answer = desk.post(f"/fly/desk/{inventory.pk}/block/", fields, headers=HTMX)
    assert answer.status_code == 200 and "crew rest" in answer.content.decode()
    blocked = set(inventory.assignments.filter(rank=None).values_list("seat", flat=True))
    assert blocked == {"12A", "12C", "12D", "12F", "14A"}
    change = inventory.changes.get(verb="block")
    assert (change.after, change.by) == ("12A 12C 12D 12F 14A (crew rest)", sally)
    inventory.refresh_from_db()
    desk.post(f"/fly/desk/{inventory.pk}/unblock/", {"seats": "12", "seen": inventory.revision}, headers=HTMX)
    assert list(inventory.assignments.values_list("seat", flat=True)) == ["14A"]


def test_who_looked_before_somebody_else_blocked_is_told(desk, inventory):
    seen = inventory.revision
    inventory.block(["1A"], "repair")
    answer = desk.post(
        f"/fly/desk/{inventory.pk}/block/", {"seats": "2A", "reason": "crew", "seen": seen}, headers=HTMX
    )
    assert answer.status_code == 409 and "1A (repair)" in answer.content.decode()
    assert not inventory.assignments.filter(seat="2A").exists()


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"seats": "99A", "reason": "crew"}, "no seat or row 99A"),
        ({"seats": "12A", "reason": ""}, "required"),
        ({"seats": "", "reason": "crew"}, "required"),
    ],
)
def test_nonsense_is_refused(desk, inventory, fields, text):
    answer = desk.post(f"/fly/desk/{inventory.pk}/block/", {**fields, "seen": inventory.revision}, headers=HTMX)
    assert answer.status_code == 422 and text in answer.content.decode()
    assert not inventory.assignments.exists()


def test_a_seat_that_somebody_has_is_not_blocked(desk, inventory, hold_seats):
    (coupon,) = coupons(hold_seats())
    fields = {"seats": f"20A {coupon.seat}", "reason": "crew", "seen": inventory.revision}
    answer = desk.post(f"/fly/desk/{inventory.pk}/block/", fields, headers=HTMX)
    assert answer.status_code == 422 and f"somebody has seat {coupon.seat}" in answer.content.decode()
    assert not inventory.assignments.filter(rank=None).exists()


def test_the_sale_stops_and_goes_on(desk, inventory, hold_seats):
    desk.post(f"/fly/desk/{inventory.pk}/stop-sale/", {"seen": inventory.revision})
    inventory.refresh_from_db()
    assert not inventory.is_on_sale and "Not on sale" in page_of_day(desk, inventory)
    desk.post(f"/fly/desk/{inventory.pk}/resume-sale/", {"seen": inventory.revision})
    inventory.refresh_from_db()
    assert inventory.is_on_sale


def test_the_map_says_who_is_where_and_is_pushed(inventory, fly, assert_published):
    (ada,) = coupons(fly("Ada Lovelace"))
    with assert_published(f"seats-{inventory.pk}"):
        inventory.block(["20A"], "crew")
    html = find(f"sales-flight/{inventory.pk}/seats/").render().html
    assert f"{ada.seat}, Ada Lovelace, Not checked in" in html and "20A, crew, blocked" in html


def test_a_name_is_text(desk, inventory, fly):
    fly("<b>Ada</b> O'Neil", "=HYPERLINK(1) -Smith")
    html = desk.get(f"/fly/desk/{inventory.pk}/").content.decode()
    assert "<b>Ada</b>" not in html and "&lt;b&gt;Ada&lt;/b&gt;" in html
    table = desk.get(f"/fly/desk/{inventory.pk}/passengers.csv")
    assert table["Content-Type"] == "text/csv; charset=utf-8" and "attachment" in table["Content-Disposition"]
    assert "'=HYPERLINK(1) -Smith" in table.content.decode()


@pytest.mark.parametrize("cell", ["=1", "+49 30", "-1", "@SUM", " =1", "\t=1"])
def test_no_cell_is_a_formula(cell):
    from spreadsheets import harmless

    assert harmless(cell) == f"'{cell}" and harmless("Ada -1") == "Ada -1"


@pytest.mark.parametrize(
    "path",
    ["desk/", "desk/{flight}/", "desk/{flight}/passengers.csv", "desk/traveller/{coupon}/"],
)
def test_pages_are_for_agents_of_the_desk(client, inventory, fly, bob, gina, path):
    (coupon,) = coupons(fly("Ada Lovelace"))
    path = "/fly/" + path.format(flight=inventory.pk, coupon=coupon.pk)
    assert client.get(path).status_code == 302
    for user in (bob, gina):
        client.force_login(user)
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["desk/{flight}/block/", "desk/{flight}/stop-sale/", "desk/traveller/{coupon}/offload/"]
)
def test_verbs_are_for_agents_of_the_desk(client, inventory, fly, bob, path):
    (coupon,) = coupons(fly("Ada Lovelace"))
    client.force_login(bob)
    fields = {"seats": "20A", "reason": "crew", "seen": 0}
    assert client.post("/fly/" + path.format(flight=inventory.pk, coupon=coupon.pk), fields).status_code == 404
    inventory.refresh_from_db()
    coupon.refresh_from_db()
    assert (
        inventory.is_on_sale and coupon.status == Status.ISSUED and not inventory.assignments.filter(rank=None).exists()
    )


@pytest.mark.parametrize(
    "path", ["sales/JFK/", "sales-flight/{}/", "sales-flight/{}/seats/", "sales-flight/{}/passengers/"]
)
def test_live_parts_are_for_agents_of_the_desk(client, inventory, gina, sally, path):
    address = "/live/" + path.format(inventory.pk)
    client.force_login(gina)
    assert client.get(address).status_code == 404
    client.force_login(sally)
    assert client.get(address).status_code == 200


def test_the_wrong_method_and_what_is_not_there(desk, inventory):
    assert desk.get(f"/fly/desk/{inventory.pk}/block/").status_code == 405
    assert desk.get("/fly/desk/999999/").status_code == 404
    assert desk.post(f"/fly/desk/{inventory.pk}/explode/", {"seen": 0}).status_code == 404

"""A customer holds seats: what is held, until when, and what is said where it can't be."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.seats.fares.quote import Party
from bookings.seats.models import Assignment, Booking
from bookings.seats.models.pricing import price_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def choose(client, inventory):
    """``choose(total=…, adults=2)`` sends an offer as the search page does."""

    def send(family="standard", total=None, on=None, key=None, follow=False, **party):
        legs = ",".join(str(flight.pk) for flight in on or [inventory])
        fields = {"adults": 1, "children": 0, "infants_seated": 0, "infants_lap": 0, **party}
        total = price(on or [inventory], family, **fields) if total is None else total
        fields |= {"choice": f"{legs}/{family}/{total}", "cabin": "economy", "key": key or uuid4()}
        return client.post("/fly/offers/", fields, follow=follow)

    return send


def price(inventories, family, adults=1, children=0, infants_seated=0, infants_lap=0):
    party = Party(adults, children, infants_seated, infants_lap)
    return price_of(inventories, "economy", family, party, timezone.now()).quote.total.amount


def test_an_offer_becomes_a_hold_with_a_page(choose, client, inventory):
    answer = choose(adults=2, children=1, infants_lap=1)
    booking = Booking.objects.get()
    assert answer.status_code == 303 and answer["Location"] == f"/fly/hold/{booking.token}/"
    assert inventory.ledger().held == 3 and inventory.ledger().infants == 1
    html = client.get(answer["Location"]).content.decode()
    for seat in Assignment.objects.values_list("seat", flat=True):
        assert seat in html
    assert f"Book for {booking.price}" in html and f'value="{booking.total}"' in html
    assert "Child 3 sits beside Adult" in html


def test_the_same_offer_sent_twice_holds_once(choose):
    key = uuid4()
    first, second = choose(key=key), choose(key=key)
    assert first["Location"] == second["Location"] and Booking.objects.count() == 1


def test_another_choice_releases_the_former_hold_of_the_browser(choose, inventory):
    choose()
    choose(adults=2)
    assert inventory.ledger().held == 2


def test_a_hold_that_has_ended_does_not_come_back_for_its_key(choose, client, inventory):
    key = uuid4()
    first = choose(key=key)["Location"]
    client.post(f"{first}release/")
    assert inventory.ledger().held == 0
    assert choose(key=key)["Location"] != first and inventory.ledger().held == 1


def test_another_price_is_named_beside_the_old_one_and_nothing_is_held(choose):
    answer = choose(total=1)
    html = answer.content.decode()
    assert answer.status_code == 409 and not Booking.objects.exists()
    assert "not booked yet" in html and "$0.01" in html and "Go on at $" in html


def test_the_new_price_is_accepted_by_its_button(choose, inventory):
    new = price([inventory], "standard")
    assert choose(total=new - 100).status_code == 409
    assert choose(total=new).status_code == 303
    assert Booking.objects.get().total == new


def test_a_fare_that_is_gone_offers_the_other_fares_and_flights(choose, client, inventory, hold_seats):
    for _party in range(9):
        hold_seats(adults=8)
    for _party in range(3):
        hold_seats(adults=6, family="flex")
    answer = choose(family="basic", total=10_000)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Other flights of that day" in html and "Economy, Flex for $" in html
    assert "from=" in html and "&amp;to=" in html


def test_a_full_flight_says_so(choose, hold_seats, inventory):
    inventory.block([seat.code for seat in inventory.plan.in_cabin("economy")][3:])
    answer = choose(adults=4, total=10_000)
    assert answer.status_code == 409 and "4 seats left" in answer.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"choice": "x/standard/1"},
        {"choice": ""},
        {"adults": "0"},
        {"infants_lap": "2"},
        {"adults": "9", "children": "9"},
        {"choice": "999999/standard/1"},
        {"key": "no"},
    ],
)
def test_what_is_no_offer_holds_nothing(client, inventory, fields):
    good = {"choice": f"{inventory.pk}/standard/1", "cabin": "economy", "key": uuid4(), "adults": "1"}
    good |= {"children": "0", "infants_seated": "0", "infants_lap": "0"}
    assert client.post("/fly/offers/", {**good, **fields}).status_code in (409, 422)
    assert not Booking.objects.exists()


def test_a_family_is_told_that_only_exit_rows_have_seats_left(choose, hold_seats, inventory):
    exits = {code for code, seat in inventory.plan.seats.items() if seat.is_exit}
    inventory.block(sorted(inventory.free("economy") - exits - {"20A"}))
    answer = choose(adults=1, children=1, total=10_000, family="flex")
    new = int(answer.content.decode().split("/flex/")[1].split('"')[0])
    html = choose(adults=1, children=1, total=new, family="flex").content.decode()
    assert "outside its exit rows" in html and "fewer than" not in html
    assert hold_seats(adults=2, family="flex").is_live


def test_flights_that_do_not_connect_are_not_held_together(choose, inventory, make_inventory):
    other = make_inventory(number="7")
    assert choose(on=[inventory, other], total=1).status_code == 422
    assert choose(on=[inventory, inventory], total=1).status_code in (409, 422)
    assert not Booking.objects.exists()


def test_a_connection_is_held_on_both_flights(choose, client, make_inventory):
    first = make_inventory(number="1", minutes=14_400)
    onward = make_inventory(number="2", origin="BOS", destination="SFO", minutes=14_400 + 180, layout="a320")
    url = choose(on=[first, onward], adults=2)["Location"]
    html = client.get(url).content.decode()
    assert first.ledger().held == onward.ledger().held == 2
    assert "New York to San Francisco" in html and "Choose seats on B6 1" in html and "Choose seats on B6 2" in html
    page = client.get(f"{url}seats/1/").content.decode()
    assert "Airbus A320" in page and "Seats on B6 1" in page


def test_an_arrival_on_the_next_day_is_marked(choose, client, make_inventory):
    flight = make_inventory(number="3", destination="LHR", minutes=14_400)
    flight.flight.on_block_scheduled = flight.flight.off_block_scheduled + timedelta(hours=7)
    flight.flight.save()
    html = client.get(choose(on=[flight])["Location"]).content.decode()
    assert "<sup>+1</sup>" in html and "7 h 00 min" in html


def test_one_address_can_hold_only_so_much(choose, settings, hold_seats):
    settings.SEAT_HOLDS_PER_ADDRESS = 0
    assert choose().status_code == 429
    assert not Booking.objects.exists()


def test_a_hold_is_extended_once(choose, client):
    url = choose()["Location"]
    before = Booking.objects.get().expires_at
    assert client.post(f"{url}extend/").status_code == 303
    booking = Booking.objects.get()
    assert booking.expires_at == before + 10 * MINUTE and booking.price_until == before
    assert client.post(f"{url}extend/").status_code == 409
    assert Booking.objects.get().expires_at == booking.expires_at


def test_released_seats_are_free_at_once(choose, client, inventory):
    url = choose()["Location"]
    answer = client.post(f"{url}release/")
    assert answer.status_code == 303 and answer["Location"].startswith("/fly/?")
    assert inventory.ledger().held == 0
    assert client.get(url).status_code == 303  # to the search


def test_an_expired_hold_frees_its_seats_in_the_query_and_says_what_happened(choose, client, inventory, time_machine):
    url = choose()["Location"]
    time_machine.move_to(Booking.objects.get().expires_at)
    assert inventory.ledger().held == 0
    html = client.get(url).content.decode()
    assert "Your hold expired at" in html and "The same seats are still free" in html
    assert client.post(f"{url}renew/").status_code == 303
    assert inventory.ledger().held == 1
    assert "Your hold expired" not in client.get(url).content.decode()


def test_what_was_typed_survives_an_extension_and_the_seat_map(choose, client):
    url = choose()["Location"]
    client.post(f"{url}extend/", {"given-0": "Ana", "surname-0": "Ortiz", "email": "ana@example.org"})
    html = client.get(url).content.decode()
    assert 'value="Ana"' in html and 'value="Ortiz"' in html and 'value="ana@example.org"' in html
    assert client.post(f"{url}keep/0/", {"given-0": "Eva"})["Location"] == f"{url}seats/0/"
    assert 'value="Eva"' in client.get(url).content.decode()


def test_a_link_that_is_altered_opens_nothing(choose, client):
    url = choose()["Location"]
    assert client.get(url.replace("/hold/", "/hold/x")).status_code == 404
    assert client.post(f"{url}x/").status_code == 404


def test_an_offer_is_no_page(client, db):
    assert client.get("/fly/offers/").status_code == 405

"""Travellers choose seats on a map that everybody sees alike: what is free, held, taken or blocked, and what it costs."""

from datetime import timedelta

import pytest

from bookings.seats.models import Booking, Status
from bookings.seats.models.customer_verbs import Passenger
from bookings.seats.passengers.seat_regions import SeatMap

HTMX = {"HX-Request": "true"}


@pytest.fixture
def held(hold_seats):
    return hold_seats(adults=2)


@pytest.fixture
def flex(hold_seats):
    return hold_seats(adults=2, family="flex")


@pytest.fixture
def sit(client):
    """``sit(booking, "12A", who=0)`` presses a seat on the map for a traveller."""

    def press(booking, seat, who=0, **fields):
        coupon = coupons(booking)[who]
        url = f"/fly/hold/{booking.token}/seats/0/"
        return client.post(url, {"traveller": coupon.pk, "seat": seat, **fields}, headers=HTMX)

    return press


def coupons(booking):
    return list(booking.coupons().order_by("traveller__position"))


def seats(booking):
    return [coupon.seat for coupon in coupons(booking)]


def again(booking):
    return Booking.objects.get(pk=booking.pk)


def rendered(inventory):
    return SeatMap(inventory=inventory.pk, cabin="economy").render()


def row_with(inventory, code):
    return next(html for html in rendered(inventory).rows.values() if f'value="{code}"' in html)


def button(inventory, code):
    html = row_with(inventory, code)
    start = html.rindex("<button", 0, html.index(f'value="{code}"'))
    return html[start : html.index("</button>", start)]


def test_the_map_says_of_each_seat_what_it_is(inventory, held):
    first, _second = seats(held)
    inventory.block(["20A"])
    assert "is-held" in button(inventory, first) and "may free at" in button(inventory, first)
    assert "is-blocked" in button(inventory, "20A") and "is-free" in button(inventory, "20C")
    assert "at-exit" in button(inventory, "12A") and "exit row" in button(inventory, "12A")
    assert "window" in button(inventory, "15A") and "aisle" in button(inventory, "15C")
    assert "$39.00" in button(inventory, "1A") and "$12.00" in button(inventory, "15A")
    assert 'aria-label="Lavatory"' in rendered(inventory).html


def test_the_map_is_the_same_for_all_and_names_nobody(client, inventory, book_flight):
    booking = book_flight("Ana Ortiz")
    html = client.get(f"/live/seat-map/{inventory.pk}/economy/").content.decode()
    assert "Ortiz" not in html and booking.reference not in html and booking.token not in html
    assert client.get(f"/live/seat-map/{inventory.pk}/first/").status_code == 404
    assert client.get("/live/seat-map/0/economy/").status_code == 404


def test_the_map_hears_of_each_seat(inventory, held, assert_published):
    with assert_published(f"seats-{inventory.pk}", f"flight-booking-{held.pk}"):
        held.choose({coupons(held)[0].pk: "20A"})


def test_a_held_seat_is_shown_free_when_the_hold_expires(inventory, held, time_machine):
    region = SeatMap(inventory=inventory.pk, cabin="economy")
    assert abs(region.stale_at(held.made_at) - held.expires_at) < timedelta(seconds=1)
    time_machine.move_to(held.expires_at)
    assert "is-free" in button(inventory, seats(held)[0])


def test_a_seat_is_chosen_and_its_fee_is_in_the_total_before_it_is_accepted(held, sit):
    before = held.total
    answer = sit(held, "20A")
    assert answer.status_code == 200 and "has seat 20A" in answer.content.decode()
    booking = again(held)
    assert seats(booking)[0] == "20A" and booking.total == before + 1_200
    assert sum(booking.lines.values_list("amount", flat=True)) == booking.total
    sit(held, "1A")
    assert again(held).total == before + 3_900


def test_flex_chooses_for_nothing_and_basic_not_at_all(flex, hold_seats, sit):
    assert sit(flex, "1A").status_code == 200 and again(flex).total == flex.total
    basic = hold_seats(adults=2, family="basic")
    answer = sit(basic, "20A")
    assert answer.status_code == 422 and "assigned" in answer.content.decode()
    first, second = seats(basic)
    assert sit(basic, second).status_code == 200  # among themselves
    assert seats(again(basic)) == [second, first] and again(basic).total == basic.total


def test_two_of_a_booking_change_seats_for_nothing(held, sit):
    first, second = seats(held)
    assert sit(held, second).status_code == 200
    assert seats(again(held)) == [second, first] and again(held).total == held.total


def test_a_paid_seat_keeps_its_price_when_it_changes_hands(held, sit):
    sit(held, "1A")
    total = again(held).total
    other = seats(again(held))[1]
    sit(held, "1A", who=1)
    assert seats(again(held)) == [other, "1A"] and again(held).total == total


def test_a_seat_that_was_just_taken_is_named_with_the_nearest(held, hold_seats, sit, inventory):
    inventory.block(["20A"])
    answer = sit(held, "20A")
    html = answer.content.decode()
    assert answer.status_code == 409 and "Seat 20A has just been taken" in html
    assert ":21A" in html and ":19A" in html and "$12.00" in html
    assert seats(again(held)) == seats(held)


def test_the_nearest_is_taken_with_its_button(held, sit, inventory, client):
    inventory.block(["20A"])
    coupon = coupons(held)[0].pk
    url = f"/fly/hold/{held.token}/seats/0/"
    assert client.post(url, {"pairs": f"{coupon}:21A"}, headers=HTMX).status_code == 200
    assert seats(again(held))[0] == "21A"


def test_an_exit_row_asks_for_agreement(held, sit, client):
    answer = sit(held, "12A")
    html = answer.content.decode()
    assert answer.status_code == 409 and "able and willing" in html
    coupon = coupons(held)[0].pk
    url = f"/fly/hold/{held.token}/seats/0/"
    assert client.post(url, {"agreed": f"{coupon}:12A"}, headers=HTMX).status_code == 200
    assert seats(again(held))[0] == "12A"


def test_nobody_with_an_infant_sits_at_an_exit(hold_seats, sit):
    answer = sit(hold_seats(adults=1, infants_lap=1), "12A")
    assert answer.status_code == 422 and "infants may not sit there" in answer.content.decode()


def test_once_booked_only_seats_that_cost_no_more(book_flight, sit):
    booking = book_flight("Ana Ortiz", "Ben Ortiz")
    answer = sit(booking, "1A")
    assert answer.status_code == 422 and "costs $39.00 more than what was paid" in answer.content.decode()
    _, second = seats(booking)
    assert sit(booking, second).status_code == 200
    assert again(booking).total == booking.total


def test_once_booked_a_paid_seat_is_changed_for_its_like(hold_seats, sit):
    held = hold_seats()
    sit(held, "20A")
    booking = again(held)
    booking.book([Passenger("Ana", "Ortiz")], "ana@example.org", accepted=booking.total)
    assert sit(booking, "22F").status_code == 200 and sit(booking, "1A").status_code == 422
    assert again(booking).total == booking.total


def test_who_is_on_board_stays_in_their_seat(fly, sit):
    booking = fly("Ana Ortiz", family="flex")
    booking.coupons().update(status=Status.BOARDED)
    answer = sit(booking, "20A")
    assert answer.status_code == 422 and "on board already" in answer.content.decode()


def test_the_page_of_a_booking_leads_to_its_seats(client, fly):
    booking = fly("Ana Ortiz")
    page = client.get(booking.get_absolute_url()).content.decode()
    assert f"/fly/hold/{booking.token}/seats/0/" in page
    assert "Ana Ortiz" in seats_page(client, booking)


def seats_page(client, booking):
    return client.get(f"/fly/hold/{booking.token}/seats/0/").content.decode()


def test_once_booked_the_list_has_only_what_was_paid(client, book_flight, make_inventory):
    booking = book_flight("Ana Ortiz", on=[make_inventory(layout="a320-one-cabin", number="7")])
    html = seats_page(client, booking)
    assert f'option value="{seats(booking)[0]}" selected' in html
    assert 'option value="20B"' in html and 'option value="20A"' not in html and 'option value="2B"' not in html
    assert "cost no more" in html


def test_where_every_free_seat_costs_more_the_page_says_what_can_be_done(client, book_flight):
    booking = book_flight("Ana Ortiz")  # two seats abreast: each is at a window or an aisle
    html = seats_page(client, booking)
    assert "no other seat is free for what was paid" in html and "airline’s desk" in html and "cost no more" not in html
    assert f'option value="{seats(booking)[0]}" selected' in html and 'option value="20A"' not in html


def test_seats_that_are_assigned_are_shown_and_called_so(client, hold_seats):
    alone, two = hold_seats(family="basic"), hold_seats(family="basic", adults=2)
    assert "the seats are assigned" in seats_page(client, alone) and "among yourselves" not in seats_page(client, alone)
    assert "among yourselves" in seats_page(client, two)
    held = client.get(f"/fly/hold/{alone.token}/").content.decode()
    assert "Show the seats on" in held and "Choose seats on" not in held


def test_flex_may_have_every_seat_after_booking_too(client, fly):
    html = seats_page(client, fly("Ana Ortiz", family="flex"))
    assert "all seats are free of charge" in html and 'option value="1A"' in html


def test_an_expired_hold_has_no_seats_to_choose(held, sit, time_machine):
    time_machine.move_to(held.expires_at)
    answer = sit(held, "20A")
    assert answer.status_code == 422 and "not held any more" in answer.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"seat": "99Z", "traveller": "own"},
        {"seat": "20A", "traveller": "1x"},
        {"seat": "20A"},
        {"pairs": "nonsense"},
        {"pairs": "999999:20A"},
        {"agreed": "own:99Z"},
        {},
    ],
)
def test_what_makes_no_sense_changes_nothing(held, client, fields):
    own = str(coupons(held)[0].pk)
    fields = {name: value.replace("own", own) for name, value in fields.items()}
    answer = client.post(f"/fly/hold/{held.token}/seats/0/", fields, headers=HTMX)
    assert answer.status_code == 422 and seats(again(held)) == seats(held)


def test_others_cannot_be_moved(held, hold_seats, client):
    other = hold_seats()
    url = f"/fly/hold/{held.token}/seats/0/"
    answer = client.post(url, {"pairs": f"{coupons(other)[0].pk}:20A"}, headers=HTMX)
    assert answer.status_code == 422 and seats(again(other)) == seats(other)


def test_the_list_moves_all_at_once_without_scripts(held, client):
    first, second = coupons(held)
    url = f"/fly/hold/{held.token}/seats/0/"
    page = client.get(url).content.decode()
    assert f'name="seat-{first.pk}"' in page and "20A, window, $12.00" in page
    answer = client.post(url, {f"seat-{first.pk}": "20A", f"seat-{second.pk}": "20C"}, follow=True)
    assert seats(again(held)) == ["20A", "20C"] and "has seat 20A" in answer.content.decode()


def test_a_large_party_costs_the_page_no_more_queries(hold_seats, client, django_assert_max_num_queries):
    held = hold_seats(adults=4, children=3, infants_lap=2)
    with django_assert_max_num_queries(60):
        client.get(f"/fly/hold/{held.token}/seats/0/")


def test_a_lost_seat_is_a_page_without_scripts(held, client, inventory):
    inventory.block(["20A"])
    url = f"/fly/hold/{held.token}/seats/0/"
    answer = client.post(url, {"traveller": coupons(held)[0].pk, "seat": "20A"})
    assert answer.status_code == 409 and "<!doctype html>" in answer.content.decode()


def test_ones_own_seats_are_in_a_region_of_their_own(client, held):
    html = client.get(f"/live/my-seats/{held.token}/0/").content.decode()
    assert all(f'data-seat="{seat}"' in html for seat in seats(held)) and str(held.price) in html
    assert client.get(f"/live/my-seats/{held.token}/7/").status_code == 404
    assert client.get("/live/my-seats/x/0/").status_code == 404
    assert client.get(f"/fly/hold/{held.token}/seats/7/").status_code == 404


def test_another_price_in_the_open_form_is_asked_about_after_a_seat_was_chosen(client, held, sit):
    old = held.total
    sit(held, "20A")
    fields = {"given-0": "Ana", "given-1": "Ben", "email": "ana@example.org", "pay": "now", "accepted": old}
    answer = client.post(f"/fly/hold/{held.token}/", fields)
    assert answer.status_code == 409 and str(again(held).price) in answer.content.decode()

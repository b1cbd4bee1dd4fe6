"""A child sits beside an adult of the booking at no charge, or the page says before anything is paid that it is impossible."""

import pytest

from bookings.seats.models import Booking, NotTogether
from bookings.seats.models.customer_verbs import Passenger
from bookings.seats.models.sitting import apart

HTMX = {"HX-Request": "true"}


@pytest.fixture
def family(hold_seats):
    return hold_seats(adults=1, children=1)


def coupons(booking):
    return list(booking.coupons().order_by("traveller__position"))


def seats(booking):
    return [coupon.seat for coupon in coupons(Booking.objects.get(pk=booking.pk))]


def children_apart(booking):
    segment = booking.segments.get()
    return apart(segment.inventory.plan, booking.sitting(segment, {}))


def leave(inventory, *free):
    """Only these seats are free."""
    inventory.block(inventory.free("economy") - set(free), "crew")


@pytest.mark.parametrize(("adults", "children"), [(1, 1), (1, 2), (2, 2), (2, 3), (3, 1)])
def test_each_child_gets_an_adult_for_nothing(hold_seats, adults, children):
    booking = hold_seats(adults=adults, children=children)
    assert len(children_apart(booking)) == max(0, children - adults)  # with two seats on each side of the aisle
    assert not booking.lines.filter(code="seat").exists()


def test_the_page_says_who_sits_beside_whom_by_their_names(client, family):
    url = f"/fly/hold/{family.token}/"
    assert "Child 2 sits beside Adult 1." in client.get(url).content.decode()
    family.book([Passenger("Ana", "Ortiz"), Passenger("Mia", "Ortiz")], "ana@example.org", accepted=family.total)
    html = client.get(f"/live/my-seats/{family.token}/0/").content.decode()
    assert "Mia Ortiz sits beside Ana Ortiz." in html


def test_before_paying_the_page_says_that_no_seats_side_by_side_are_left(client, inventory, hold_seats):
    leave(inventory, "15C", "15D", "18A")
    booking = hold_seats(adults=1, children=1, family="flex")
    html = client.get(f"/fly/hold/{booking.token}/").content.decode()
    assert len(children_apart(booking)) == 1  # across the aisle is not beside
    assert "Child 2 sits beside no adult of yours" in html


def test_a_child_that_was_alone_moves_beside_its_adult_for_nothing_whatever_the_fare(inventory, hold_seats):
    leave(inventory, "15C", "15D", "18A")
    booking = hold_seats(adults=1, children=1, family="flex")
    Booking.objects.filter(pk=booking.pk).update(terms={**booking.terms, "seat_choice": "charged"})
    booking = Booking.objects.get(pk=booking.pk)
    adult, child = coupons(booking)
    inventory.unblock(["15A", "15F"])
    beside = {"15C": "15A", "15D": "15F"}[adult.seat]
    booking.choose({child.pk: beside})
    assert children_apart(booking) == [] and not booking.lines.filter(code="seat").exists()


def test_a_child_is_not_left_alone(family):
    adult, child = coupons(family)
    for coupon in (adult, child):
        with pytest.raises(NotTogether, match="Child 2"):
            family.choose({coupon.pk: "20A"})
    assert children_apart(family) == []


def test_the_whole_family_moves_with_one_button(client, family):
    child = coupons(family)[1]
    url = f"/fly/hold/{family.token}/seats/0/"
    answer = client.post(url, {"traveller": child.pk, "seat": "20A"}, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409 and "no adult would sit beside Child 2" in html
    pairs = html.split('name="pairs" value="')[1].split('"')[0]
    assert client.post(url, {"pairs": pairs}, headers=HTMX).status_code == 200
    assert {seat[:-1] for seat in seats(family)} == {"20"} and children_apart(family) == []


def test_families_do_not_sit_at_exits(client, family):
    adult, child = coupons(family)
    url = f"/fly/hold/{family.token}/seats/0/"
    answer = client.post(url, {f"seat-{adult.pk}": "12A", f"seat-{child.pk}": "12C"}, headers=HTMX)
    assert answer.status_code == 422 and "children may not sit there" in answer.content.decode()
    assert seats(family) == [adult.seat, child.seat]

"""What a booking is charged: every traveller's own lines, frozen when the price was agreed, whatever the rules say later."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from bookings.seats.models import Tariff, Tax
from bookings.seats.models.settling import settlement_of
from tests.cast.seats import TEN_DAYS
from tracking.flights.geo import zone_of


def dearer():
    """All prices and taxes rise."""
    for tariff in Tariff.objects.all():
        tariff.revise(tariff.rule()._replace(fixed=99_900))
    for tax in Tax.objects.all():
        tax.revise(tax.rule()._replace(amount=2 * tax.amount))


def test_an_adult_a_child_and_an_infant_are_one_booking_of_two_seats_and_three_travellers(hold_seats, inventory):
    booking = hold_seats(adults=1, children=1, infants_lap=1)
    assert booking.travellers.count() == 3 and inventory.assignments.count() == 2
    fares = list(booking.lines.filter(code="fare").order_by("pk").values_list("traveller__kind", "amount"))
    assert [kind for kind, _amount in fares] == ["adult", "child", "infant_lap"]
    assert fares[0][1] > fares[1][1] > fares[2][1] > 0
    assert booking.total == sum(booking.lines.values_list("amount", flat=True))


def test_each_traveller_pays_for_each_flight(hold_seats, make_inventory):
    flights = [
        make_inventory(number="1"),
        make_inventory(number="2", origin="BOS", destination="SFO", minutes=TEN_DAYS + 180),
    ]
    booking = hold_seats(adults=2, on=flights)
    priced = set(booking.lines.filter(code="fare").values_list("traveller", "segment"))
    assert len(priced) == 4
    assert booking.lines.filter(code="AY").count() == 2  # once a one-way trip, for each traveller
    assert booking.lines.filter(code="XF").count() == 4


def test_what_was_paid_stays_and_is_what_comes_back(fly):
    booking = fly("Ada Lovelace", "Mia Lovelace", children=1)
    lines = list(booking.lines.order_by("pk").values_list("code", "amount"))
    travellers = list(booking.travellers.all())
    now = timezone.now() + timedelta(days=2)  # its terms decide, not the 24 hours after booking
    before = settlement_of(booking, travellers, now)
    dearer()
    booking.refresh_from_db()
    after = settlement_of(booking, travellers, now)
    assert list(booking.lines.order_by("pk").values_list("code", "amount")) == lines
    assert (after.back, after.kept) == (before.back, before.kept)
    of_child = sum(booking.lines.filter(traveller__kind="child").values_list("amount", flat=True))
    assert after.kept.amount == 9_000 + min(9_000, of_child)  # a fee for each, and no more than was paid
    assert after.back.amount + after.kept.amount == booking.total


def test_terms_that_staff_change_later_are_for_later_bookings(fly):
    booking = fly()
    tariff = Tariff.objects.get(pk="economy")
    families = [family._replace(terms=family.terms._replace(refund_rate=0)) for family in tariff.rule().families]
    tariff.revise(tariff.rule()._replace(families=tuple(families)))
    booking.refresh_from_db()
    assert booking.terms["refund_rate"] == 10_000


def test_a_rate_that_goes_by_the_sale_is_charged_from_the_day_of_the_sale_on(hold_seats, time_machine):
    tax = Tax.objects.get(code="AY")
    new = timezone.localdate(timezone.now(), zone_of(settings.HOME_AIRPORT)) + timedelta(days=2)
    tax.change_rate(amount=900, since=new)  # they fly days later
    assert hold_seats().lines.get(code="AY").amount == 560
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert hold_seats().lines.get(code="AY").amount == 900

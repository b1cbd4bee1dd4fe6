"""Many guests press the same last table at once, over HTTP: one has it, the others are told so, and nothing is sold twice."""

import re
from functools import partial

import httpx
import pytest

from bookings.restaurants.models import Reservation, State, TableSlot
from tests.races import answers_at_once

pytestmark = pytest.mark.django_db(transaction=True)

GUESTS = 12


@pytest.fixture
def guests(server, bistro, tomorrow):
    """Browsers that have the page of tomorrow's times for eight open; the bistro can seat eight once."""
    browsers = [httpx.Client(base_url=server.url, timeout=60) for _ in range(GUESTS)]
    for browser in browsers:
        page = browser.get("/restaurants/bistro/", params={"party": 8, "date": tomorrow.isoformat()}).text
        browser.form = dict(
            re.findall(r'type="hidden" name="(csrfmiddlewaretoken|party|area|key)" value="([^"]*)"', page)
        )
    yield browsers
    for browser in browsers:
        browser.close()


def test_of_many_who_press_one_time_one_holds_it(guests, slot):
    answers = answers_at_once(
        *[
            partial(guest.post, "/restaurants/bistro/hold/", data={**guest.form, "slot": slot("18:00")})
            for guest in guests
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * (GUESTS - 1)
    assert all("That time has just gone." in answer.text for answer in answers if answer.status_code == 409)
    assert Reservation.objects.get().state == State.HELD
    assert TableSlot.objects.count() == 2 * 8, "two joined tables, two hours"


def test_one_form_sent_many_times_at_once_is_one_booking(guests, slot):
    first, *_others = guests
    form = {**first.form, "slot": slot("18:00")}
    answers = answers_at_once(*[partial(first.post, "/restaurants/bistro/hold/", data=form)] * GUESTS)
    (address,) = {answer.headers["Location"] for answer in answers}
    guest = {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"], "name": "Ada", "email": "ada@example.org"}
    booked = answers_at_once(*[partial(first.post, address, data=guest)] * GUESTS)
    assert len({answer.headers["Location"] for answer in booked}) == 1
    reservation = Reservation.objects.get()
    assert reservation.state == State.BOOKED and reservation.changes.filter(verb="confirm", field="state").count() == 1

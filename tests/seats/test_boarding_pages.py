"""The pages of gate agents: what they answer, who may see them, and what is pushed to whom."""

import pytest

from bookings.seats.models import Coupon, Status
from bookings.seats.passes.bcbp import encode
from live.regions import find
from tests.html import one_line

HOURS = 60


@pytest.fixture
def soon(make_inventory):
    return make_inventory(minutes=2 * HOURS, gate="B22")


@pytest.fixture
def tickets(soon, fly):
    return list(Coupon.objects.filter(segment__booking=fly("Ada Lovelace", "Grace Hopper", on=[soon])))


@pytest.fixture
def agent(client, gina):
    client.force_login(gina)
    return client


def send(client, soon, text, htmx=True, **fields):
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(f"/fly/gate/{soon.pk}/scan/", {"text": text, **fields}, headers=headers)


def test_the_answer_says_at_once_who_boarded_and_where_they_sit(agent, soon, tickets):
    ada = tickets[0].check_in()
    answer = send(agent, soon, encode(ada.boarding_pass()))
    page = one_line(answer.content.decode())
    assert answer.status_code == 200 and "<html" not in page
    assert page.index("Boarded") < page.index("Ada Lovelace") < page.index(ada.seat)
    again = send(agent, soon, encode(ada.boarding_pass()), gate="B24")
    assert (
        again.status_code == 409
        and "Already on board" in again.content.decode()
        and "gate B22" in again.content.decode()
    )


def test_without_scripts_the_answer_is_the_page(agent, soon, tickets):
    ada = tickets[0].check_in()
    answer = send(agent, soon, ada.seat, htmx=False)
    page = answer.content.decode()
    assert answer.status_code == 200 and "<html" in page and "is-boarded" in page and "Grace Hopper" in page


def test_the_gate_is_where_the_agent_says_that_they_are(agent, soon, tickets):
    ada, grace = tickets
    send(agent, soon, ada.check_in().seat, gate="c1")
    send(agent, soon, grace.check_in().seat)
    assert [Coupon.objects.get(pk=one.pk).boarded_gate for one in tickets] == ["C1", "B22"]


@pytest.mark.parametrize("text", ["", "x" * 2000, "<script>alert(1)</script>", "M1"])
def test_nonsense_is_answered_and_not_shown(agent, soon, text):
    answer = send(agent, soon, text)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Not a boarding pass" in page and "<script>" not in page


def test_choosing_one_of_a_booking_and_undoing_it(agent, soon, tickets):
    for ticket in tickets:
        ticket.check_in()
    page = send(agent, soon, tickets[0].segment.booking.reference).content.decode()
    assert "Who is it?" in page and "Ada Lovelace" in page and "Grace Hopper" in page
    assert agent.post(f"/fly/gate/{soon.pk}/board/{tickets[1].pk}/").status_code == 200
    assert Coupon.objects.get(pk=tickets[1].pk).status == Status.BOARDED
    assert "Not on board" in agent.post(f"/fly/gate/{soon.pk}/undo/{tickets[1].pk}/").content.decode()
    assert Coupon.objects.get(pk=tickets[1].pk).status == Status.CHECKED_IN


def test_the_list_counts_and_names_who_is_missing(agent, soon, tickets):
    region = find(f"gate/{soon.pk}/")
    assert "Not checked in" in region.render().html
    tickets[0].check_in().board()
    html = one_line(region.render().html)
    assert "Ada Lovelace" not in html and "Grace Hopper" in html
    assert [int(text.split("<")[0]) for text in html.split('<dd class="figure">')[1:]] == [1, 1, 2]
    tickets[1].check_in().board()
    assert "Everybody is on board" in region.render().html


def test_the_missing_are_in_the_order_of_their_passes(soon, fly):
    for name in ("Omar Çelik", "Amara Dubois", "Wanjiru Łukasiewicz", "Ada Kim", "Mei Zhou"):
        fly(name, on=[soon])
    html = find(f"gate/{soon.pk}/").render().html
    order = sorted(("Çelik", "Dubois", "Łukasiewicz", "Kim", "Zhou"), key=html.index)
    assert order == ["Çelik", "Dubois", "Kim", "Łukasiewicz", "Zhou"]


def test_the_flights_that_leave_soon(agent, soon, tickets, make_inventory):
    make_inventory(minutes=20 * HOURS, number="99")
    make_inventory(minutes=2 * HOURS, number="98")  # nobody is booked on it
    tickets[0].check_in().board()
    page = one_line(agent.get("/fly/gate/?airport=JFK").content.decode())
    assert "B6 1010" in page and "1 of 2" in page and "B6 99" not in page and "B6 98" not in page


@pytest.mark.parametrize("airport", ["", "%E2%98%83", "JF", "<b>", "x" * 300])
def test_an_airport_that_is_none(agent, soon, airport):
    assert agent.get(f"/fly/gate/?airport={airport}").status_code == 200


def test_the_list_before_any_airport_is_known(agent):
    assert "No flight with passengers" in agent.get("/fly/gate/").content.decode()


def test_only_gate_agents_board(client, soon, tickets, charlie, bob):
    addresses = ["/fly/gate/", f"/fly/gate/{soon.pk}/", "/live/gate/", f"/live/gate/{soon.pk}/"]
    for address in addresses[:2]:
        assert client.get(address).status_code == 302
    for user in (charlie, bob):
        client.force_login(user)
        assert [client.get(address).status_code for address in addresses] == [404] * 4
        assert send(client, soon, tickets[0].check_in().seat).status_code == 404
        tickets[0].undo_check_in()
    assert not Coupon.objects.filter(status=Status.BOARDED).exists()


def test_gate_agents_do_nothing_else(gina):
    assert gina.get_all_permissions() == {"seats.board_coupon"} and not gina.is_staff


@pytest.mark.parametrize("path", ["scan/", "board/1/", "undo/1/"])
def test_reading_changes_nothing(agent, soon, path):
    assert agent.get(f"/fly/gate/{soon.pk}/{path}").status_code == 405


def test_a_ticket_of_another_flight_is_not_found(agent, soon, tickets, make_inventory):
    other = make_inventory(minutes=3 * HOURS, number="22")
    tickets[0].check_in()
    assert agent.post(f"/fly/gate/{other.pk}/board/{tickets[0].pk}/").status_code == 404
    assert agent.get("/fly/gate/9999/").status_code == 404

"""The desk of fares: who may see it, what it saves, what it shows before, and what it refuses."""

import re

import pytest
from django.contrib.auth.models import Group
from django.utils import translation

from accounts.landings import landing_of
from accounts.models import User
from bookings.seats.apps import FARES
from bookings.seats.desk.fares.forms import TariffForm
from bookings.seats.fares.steps import Step
from bookings.seats.models import Rules, Tariff
from tests.html import one_line

PAGE = "/fly/desk/fares/economy/"


@pytest.fixture
def clerk(client, db):
    user = User.objects.create_user("clerk@example.org", first_name="Clara")
    user.groups.add(Group.objects.get(name=FARES))
    client.force_login(user)
    return client


@pytest.fixture
def tariff(fares):
    return Tariff.objects.get(pk="economy")


def as_shown(tariff, **changes):
    """The fields of the form as a browser sends them, with some of them changed; ``flex_rate`` is flex-rate."""
    with translation.override("en"):
        form = TariffForm(tariff)
        fields = {name: form[name].value() for name in form.fields}
        shown = {name: form.fields[name].prepare_value(value) for name, value in fields.items() if value is not None}
    return {**shown, "seen": tariff.revision, **{name.replace("_", "-", 1): value for name, value in changes.items()}}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("post", "begin/"),
        ("get", "economy/"),
        ("post", "economy/preview/"),
        ("post", "economy/revise/"),
        ("get", "taxes/"),
        ("post", "taxes/add/"),
    ],
)
def test_the_desk_is_for_its_group(client, tariff, bob, method, path):
    client.force_login(bob)  # who works at the flight desk
    before = Rules.read()
    assert getattr(client, method)(f"/fly/desk/fares/{path}").status_code == 404
    assert Rules.read() == before


def test_who_is_not_signed_in_signs_in_first(client, tariff):
    assert client.get(PAGE).status_code == 302


def test_only_its_group_has_it_in_the_navigation(clerk, client, tariff, charlie):
    assert 'href="/fly/desk/fares/"' in clerk.get("/").text
    client.force_login(charlie)
    assert 'href="/fly/desk/fares/"' not in client.get("/").text


def test_where_there_are_no_fares_it_begins_with_the_usual_ones(clerk):
    assert "no flight can be booked" in clerk.get("/fly/desk/fares/").text
    assert clerk.post("/fly/desk/fares/begin/").status_code == 303
    assert clerk.get("/fly/desk/fares/", follow=True).redirect_chain == [(PAGE, 302)]
    assert Tariff.objects.get(pk="economy").changes.first().by.first_name == "Clara"


def test_a_cabin_that_is_not_sold_has_no_page(clerk, tariff):
    assert clerk.get("/fly/desk/fares/deck/").status_code == 404


def test_the_form_as_it_is_shown_changes_nothing(clerk, tariff, assert_published):
    before = tariff.rule()
    with assert_published():
        assert clerk.post(f"{PAGE}revise/", as_shown(tariff)).status_code == 303
    tariff.refresh_from_db()
    assert tariff.rule() == before


def test_it_is_saved_and_published(clerk, tariff, assert_published):
    fields = as_shown(tariff, fixed="50.00", flex_rate="160", flex_change_fee="")
    with assert_published("fares"):
        assert clerk.post(f"{PAGE}revise/", fields).status_code == 303
    rule = Rules.read().by_cabin["economy"]
    flex = rule.families[-1]
    assert (rule.fixed, flex.rate, flex.terms.change_fee) == (5_000, 16_000, None)
    history = one_line(clerk.get(PAGE).text)
    assert "<s>$45.00</s> <b>$50.00</b>" in history and "Clara" in history
    assert "<s>flex: 145 %, change $0.00</s> <b>flex: 160 %, change –</b>" in history


def test_who_sets_fares_lands_at_them(clerk):
    assert landing_of(User.objects.get(first_name="Clara")) == "/fly/desk/fares/"


def test_the_history_of_fees_is_in_money(clerk, tariff):
    clerk.post(f"{PAGE}revise/", as_shown(tariff, standard_change_fee="80.00", standard_refund_fee="95.00"))
    history = one_line(clerk.get(PAGE).text)
    assert "<s>standard: change $75.00, refund 100 % − $90.00</s>" in history
    assert "<b>standard: change $80.00, refund 100 % − $95.00</b>" in history


def test_a_step_is_added_closed_and_taken_away(clerk, tariff):
    form = TariffForm(tariff)
    new = form.number_of_steps - 1
    fields = as_shown(tariff) | {f"step-{new}-load": "95", f"step-{new}-days": "2", f"step-{new}-basic": "x"}
    closed = form.corners.index((9_000, 365))
    fields[f"step-{closed}-basic"] = ""
    assert clerk.post(f"{PAGE}revise/", fields).status_code == 303
    steps = Rules.read().family("economy", "basic").steps
    assert Step(9_500, 2, None) in steps and Step(9_000, 365, None) not in steps


def test_the_preview_shows_before_and_after_and_saves_nothing(clerk, tariff, assert_published):
    with assert_published():
        answer = clerk.post(f"{PAGE}preview/", as_shown(tariff, standard_rate="110"))
    html = one_line(answer.text)
    assert answer.status_code == 200 and "Nothing is saved yet" in html
    assert "<s>$165.00</s> <b>$182.00</b>" in html  # 45 + 1,000 miles of 0.12, and 110 % of it
    assert 'value="110"' in html  # what was written is kept
    tariff.refresh_from_db()
    assert tariff.revision == 1


def test_the_preview_of_a_market_shows_its_next_flights(clerk, inventory):
    tariff = Tariff.objects.get(pk="economy")
    fields = as_shown(tariff, fixed="50.00", standard_protected="50")
    ends = inventory.flight.origin_id, inventory.flight.destination_id
    fields |= {"origin": ends[0].lower(), "destination": ends[1]}
    html = one_line(clerk.post(f"{PAGE}preview/", fields).text)
    assert f"Next flights, {ends[0]} – {ends[1]}" in html and inventory.flight.designator in html
    seats = inventory.plan.capacity("economy")
    assert f"<s>{seats - round(seats * 0.3 + 0.01)}</s> <b>{seats - seats // 2}</b>" in html


def test_what_would_close_a_higher_family_below_a_lower_is_refused_with_a_sentence(clerk, tariff, assert_published):
    closed = TariffForm(tariff).corners.index((7_000, 365))
    fields = as_shown(tariff) | {f"step-{closed}-flex": "x"}
    for path in ("preview/", "revise/"):
        with assert_published():
            answer = clerk.post(PAGE + path, fields)
        assert answer.status_code == 422
        assert "Flex would be closed while Standard is sold: 70 % full" in answer.text
    tariff.refresh_from_db()
    assert tariff.revision == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"fixed": "4,5.0"}, "Write an amount such as"),
        ({"fixed": "-4.50"}, "Write an amount from nothing"),
        ({"flex_protected": "101"}, "less than or equal to 100"),
        ({"flex_rate": ""}, "This field is required"),
        ({"basic_bags": "1.5"}, "Enter a whole number"),
    ],
)
def test_what_can_not_be_is_told_at_its_field(clerk, tariff, changes, sentence):
    answer = clerk.post(f"{PAGE}revise/", as_shown(tariff, **changes))
    assert answer.status_code == 422 and sentence in answer.text and "correct what is marked" in answer.text


def test_who_looked_before_somebody_else_saved_is_told_and_keeps_what_they_wrote(clerk, tariff):
    fields = as_shown(tariff, fixed="50.00")
    tariff.revise(tariff.rule()._replace(per_mile=15))
    answer = clerk.post(f"{PAGE}revise/", fields)
    html = one_line(answer.text)
    assert answer.status_code == 409 and "Since you looked" in html and 'value="50.00"' in html
    tariff.refresh_from_db()
    assert (tariff.fixed, tariff.per_mile) == (4_500, 15)


def test_numbers_are_read_as_the_language_writes_them(clerk, tariff):
    clerk.cookies["django_language"] = "de"
    fields = as_shown(tariff, fixed="50,25", flex_rate="160,5")
    fields = {name: str(value).replace(".", ",") for name, value in fields.items()}
    assert clerk.post(f"{PAGE}revise/", fields).status_code == 303
    rule = Rules.read().by_cabin["economy"]
    assert (rule.fixed, rule.families[-1].rate) == (5_025, 16_050)


def test_rules_that_are_as_they_were_are_said_to_be(clerk, tariff):
    assert "These are the rules as they are now" in clerk.post(f"{PAGE}preview/", as_shown(tariff)).text
    other = as_shown(tariff, fixed="46.00")
    assert "These are the rules as they are now" not in clerk.post(f"{PAGE}preview/", other).text


def test_a_market_without_flights_is_said_to_have_none(clerk, tariff):
    answer = clerk.post(f"{PAGE}preview/", as_shown(tariff) | {"origin": "JFK", "destination": "ZZZ"})
    assert answer.status_code == 200 and "No flight between these airports is for sale" in answer.text


def test_emsr_b_suggests_protections_from_what_flights_sold(clerk, make_inventory, hold_seats):
    """Each of ten flights sold one seat in twenty to each of the higher families: EMSR-b protects about that much."""
    flights = [make_inventory(minutes=24 * 60, number=str(100 + number)) for number in range(10)]
    for flight in flights[:-1]:
        hold_seats(adults=5, on=[flight], family="standard")
        hold_seats(adults=5, on=[flight], family="flex")
    assert "too few flights" in clerk.get(PAGE).text
    hold_seats(adults=1, on=[flights[-1]], family="flex")
    page = one_line(clerk.get(PAGE).text)
    found = re.search(r"EMSR-b, by what 10 flights sold, would protect ([\d.]+) %, ([\d.]+) %", page)
    standard, flex = (float(share) for share in found.groups())
    assert 0 < flex < standard < 15

"""What is chosen and what it costs: the known right answers, and input that is absurd."""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast.orders import offer
from tracking.orders.models import Choice, Dish
from tracking.orders.totals import Fault, Item, bill, choose, quantity_of

pytestmark = pytest.mark.django_db


def keys(dish, **quantities):
    """So many of each option, by the keys that a form sends."""
    found = {choice.option.name: choice.pk for choice in Choice.objects.filter(dish_group__dish=dish)}
    return {found[name.replace("_", " ")]: number for name, number in quantities.items()}


def line(price, quantity=1, rate="0", off="0"):
    return Item(price, quantity, Decimal(rate), Decimal(off))


# Options


def test_options_are_added_to_the_price_of_each(menu):
    pizza = choose(menu["Margherita"], keys(menu["Margherita"], Pepperoni=1, Cheese=1))
    assert pizza.unit_price == 1600
    assert bill([line(pizza.unit_price, 3)]).total == 4800
    assert [(one["name"], one["price"], one["free"]) for one in pizza.choices] == [
        ("Pepperoni", 300, False),
        ("Cheese", 150, False),
    ]


def test_the_same_extra_costs_differently_on_another_dish(menu, grill):
    extras = Choice.objects.get(dish_group__dish=menu["Margherita"], option__name="Cheese").dish_group.group
    offered = menu["Burger"].groups.create(group=extras, position=2)
    offered.choices.create(option=extras.options.get(name="Cheese"), price=90)
    assert choose(menu["Margherita"], keys(menu["Margherita"], Cheese=1)).unit_price == 1300
    assert choose(menu["Burger"], keys(menu["Burger"], Chips=1, Cheese=1)).unit_price == 1640


def test_the_cheapest_of_the_chosen_are_free(grill):
    sushi = Dish.objects.create(shop=grill, name="Sushi", price=1000)
    offer(sushi, "Pieces", {"Temaki": 300, "Nigiri": 100, "Maki": 100, "Roll": 200}, minimum=2, maximum=4, free=2)
    two = choose(sushi, keys(sushi, Temaki=1, Roll=1))
    four = choose(sushi, keys(sushi, Temaki=1, Nigiri=1, Maki=1, Roll=1))
    assert two.unit_price == 1000
    assert four.unit_price == 1500
    assert [one["name"] for one in four.choices if one["free"]] == ["Nigiri", "Maki"]


def test_some_of_the_same_option_are_free_and_the_others_are_not(grill):
    wings = Dish.objects.create(shop=grill, name="Wings", price=800)
    offered = offer(wings, "Dips", {"Hot": 50}, maximum=3, free=1)
    offered.choices.update(most=3)
    chosen = choose(wings, keys(wings, Hot=3))
    assert chosen.unit_price == 900
    assert [(one["quantity"], one["free"]) for one in chosen.choices] == [(1, True), (2, False)]


@pytest.mark.parametrize(
    ("dish", "chosen", "field", "words"),
    [
        ("Burger", {}, "group", "Side: choose one."),
        ("Burger", {"Chips": 1, "Salad": 1}, "group", "Side: choose only one."),
        ("Burger", {"Chips": 2}, "group", "Side: choose only one."),
        ("Margherita", {"Cheese": 2}, "choice", "Cheese: only one."),
    ],
)
def test_a_group_gets_neither_too_few_nor_too_many(menu, dish, chosen, field, words):
    asked = keys(menu[dish], **chosen)
    with pytest.raises(Fault, match=words) as fault:
        choose(menu[dish], asked)
    expected = f"groups/{menu[dish].groups.get().pk}" if field == "group" else f"choices/{next(iter(asked))}"
    assert fault.value.field == expected


def test_a_dish_with_three_meats_needs_three(grill):
    kebab = Dish.objects.create(shop=grill, name="Three meats", price=1200)
    offer(kebab, "Meats", {"Lamb": 0, "Beef": 0, "Chicken": 0}, minimum=3, maximum=3)
    with pytest.raises(Fault, match="Meats: choose at least 3"):
        choose(kebab, keys(kebab, Lamb=1))
    assert choose(kebab, keys(kebab, Lamb=1, Beef=1, Chicken=1)).unit_price == 1200


def test_an_option_of_another_dish_is_refused(menu):
    foreign = keys(menu["Burger"], Chips=1)
    with pytest.raises(Fault, match="isn’t offered with this dish") as fault:
        choose(menu["Margherita"], foreign)
    assert fault.value.field == f"choices/{next(iter(foreign))}"


def test_a_combo_is_made_of_its_dishes_at_their_stations(menu, grill):
    offer(menu["Burger menu"], "Sauce", {"Ketchup": 0}, maximum=1)
    combo = choose(menu["Burger menu"], keys(menu["Burger menu"], Burger=1, Milkshake=1, Ketchup=1))
    assert combo.unit_price == 1200
    assert [(part.name, part.station.name, part.extras, part.per) for part in combo.parts] == [
        ("Burger", "Kitchen", ["Ketchup"], 1),
        ("Milkshake", "Drinks", [], 1),
    ]
    assert combo.portions == {menu[name].pk: 1 for name in ("Burger menu", "Burger", "Milkshake")}


def test_a_dish_with_a_dish_beside_it_is_made_itself_too(menu):
    offer(menu["Burger"], "Drink", {"Cola": 180}, dishes=menu)
    chosen = choose(menu["Burger"], keys(menu["Burger"], Salad=1, Cola=1))
    assert [(part.name, part.extras) for part in chosen.parts] == [("Burger", ["Salad"]), ("Cola", [])]


@pytest.mark.parametrize(
    "absurd", [0, -1, 10**9, 1.5, "1.5", "١٢", "²", "NaN", float("nan"), True, None, "", " 1", "9" * 5000, [1]]
)
def test_an_absurd_quantity_is_refused(menu, absurd):
    with pytest.raises(Fault, match="whole number from 1 to 50"):
        quantity_of(absurd)
    with pytest.raises(Fault, match="whole number") as fault:
        choose(menu["Burger"], dict.fromkeys(keys(menu["Burger"], Chips=1), absurd))
    assert fault.value.field.startswith("choices/")


def test_a_quantity_comes_from_a_form_or_from_json():
    assert [quantity_of("12"), quantity_of(12)] == [12, 12]


# Bills


def test_a_total_is_the_sum_of_the_lines_as_they_are_printed():
    assert bill([line(1, 2), line(1600)]).total == 1602
    assert bill([line(230, off="5")]).total == 219
    assert bill([line(5895, off="10")]).total == 5306


def test_a_discount_is_spread_by_largest_remainder():
    three = bill([line(2000)] * 3, discount=1000)
    assert [one.discount for one in three.lines] == [334, 333, 333]
    assert (three.total, three.discount) == (5000, 1000)
    small = bill([line(350)] * 3, discount=100)
    assert [one.amount for one in small.lines] == [316, 317, 317]
    for order in permutations(small.lines):
        assert sum(one.amount for one in order) == 950 == small.total


def test_a_discount_of_more_than_everything_makes_it_free():
    free = bill([line(350), line(100)], discount=9999)
    assert (free.total, free.discount) == (0, 450)
    assert bill([line(0)], discount=100).total == 0


def test_the_tax_is_taken_from_each_line_and_the_gross_stays():
    mixed = bill([line(2890, rate="22"), line(125, rate="10")])
    assert mixed.total == 3015
    assert [(one.net, one.tax) for one in mixed.lines] == [(2369, 521), (114, 11)]
    assert [tuple(tax) for tax in mixed.taxes] == [(Decimal(22), 2369, 521), (Decimal(10), 114, 11)]


def test_taxes_by_rate_are_sums_of_what_is_printed():
    one = bill([line(1150, 3, "8.875"), line(220, 1, "8.875"), line(333, 7, "8.875", "12.5")], discount=77)
    assert sum(each.net + each.tax for each in one.lines) == one.total
    assert one.taxes == [(Decimal("8.875"), sum(x.net for x in one.lines), sum(x.tax for x in one.lines))]


def test_a_currency_without_cents_has_whole_units():
    assert bill([line(1000, off="0.05")], discount=3, currency="JPY").total == 997


RATES = st.sampled_from([Decimal(0), Decimal(7), Decimal("8.875"), Decimal(19), Decimal(22)])
ITEMS = st.lists(
    st.builds(Item, st.integers(0, 100_000), st.integers(1, 50), RATES, st.sampled_from([Decimal(0), Decimal("12.5")])),
    min_size=1,
    max_size=8,
)


@given(ITEMS, st.integers(0, 200_000))
def test_whatever_is_ordered_the_lines_add_up(items, discount):
    one = bill(items, discount)
    assert one.total == sum(line.amount for line in one.lines) == sum(each.net + each.tax for each in one.taxes)
    for line in one.lines:
        assert line.gross - line.discount == line.amount == line.net + line.tax
        assert 0 <= line.amount <= line.gross and line.tax >= 0
    before = sum(line.amount for line in bill(items).lines)
    assert one.total == max(0, before - discount)

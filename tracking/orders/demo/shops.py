"""The six shops of the demo with their menus, all made up."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from tracking.flights.models import Airport
from tracking.orders.demo.menus.bakery import BAKERY
from tracking.orders.demo.menus.coffee import COFFEE
from tracking.orders.demo.menus.grill import GRILL
from tracking.orders.demo.menus.noodles import NOODLES
from tracking.orders.demo.menus.pizza import PIZZA
from tracking.orders.demo.menus.sushi import SUSHI
from tracking.orders.demo.plans import Item, Plan
from tracking.orders.models import Choice, Dish, DishGroup, Option, OptionGroup, Section, Shop, Station

PLANS = [GRILL, PIZZA, SUSHI, COFFEE, BAKERY, NOODLES]
TAX = Decimal("8.875")  # per cent, of the state and the city of New York


def open_shops() -> list[Shop]:
    """All shops of the demo. Those that are missing are made; the others stay as they are."""
    airport = Airport.objects.get(pk="JFK")
    return [open_shop(airport, plan) for plan in PLANS]


@transaction.atomic
def open_shop(airport: Airport, plan: Plan) -> Shop:
    fields = {"name": plan.name, "where": plan.where, "about": plan.about, "tax_rate": TAX, **plan.fields}
    shop, is_new = Shop.objects.get_or_create(slug=plan.slug, defaults={"airport": airport, **fields})
    if is_new:
        for weekdays, opens, closes, kitchen in plan.hours:
            shop.hours.create(weekdays=weekdays, opens=opens, closes=closes, kitchen_closes=kitchen)
        write_menu(shop, plan)
        shop.changed()
    return shop


def write_menu(shop: Shop, plan: Plan) -> None:
    made = Station.objects.bulk_create(
        Station(shop=shop, name=name, position=n) for n, name in enumerate(plan.stations)
    )
    stations = {station.name: station for station in made}
    sections = Section.objects.bulk_create(
        Section(shop=shop, name=part.name, position=n, served_from=part.served_from, served_until=part.served_until)
        for n, part in enumerate(plan.parts)
    )
    rows = [
        dish_of(shop, section, stations, item, position)
        for section, part in zip(sections, plan.parts, strict=True)
        for position, item in enumerate(part.items)
    ]
    dishes = {dish.name: dish for dish in Dish.objects.bulk_create(rows)}
    offer(dishes, plan, options_of(shop, dishes, plan))


def dish_of(shop: Shop, section: Section, stations: Mapping[str, Station], item: Item, position: int) -> Dish:
    return Dish(
        shop=shop,
        section=section,
        station=stations[item.station],
        name=item.name,
        about=item.about,
        price=item.price,
        tax_rate=item.tax_rate,
        minutes=item.minutes,
        allergens=words(item.allergens),
        diets=item.diets.split(),
        position=position,
        stock=item.stock,
        portions_a_day=item.stock,
        is_combo=item.is_combo,
    )


def options_of(shop: Shop, dishes: Mapping[str, Dish], plan: Plan) -> dict[str, list[Option]]:
    """The options of each group, by its name."""
    groups = OptionGroup.objects.bulk_create(
        OptionGroup(shop=shop, name=group.name, minimum=group.minimum, maximum=group.maximum, free=group.free)
        for group in plan.groups
    )
    return {
        group.name: Option.objects.bulk_create(
            Option(
                group=made,
                name=name,
                allergens=words(allergens),
                position=position,
                dish=dishes[name] if group.dishes else None,
            )
            for position, (name, allergens) in enumerate(group.options.items())
        )
        for made, group in zip(groups, plan.groups, strict=True)
    }


def offer(dishes: Mapping[str, Dish], plan: Plan, options: Mapping[str, list[Option]]) -> None:
    """Each dish with its groups, and what their options cost with it."""
    most = {group.name: group.most for group in plan.groups}
    wanted = [
        (DishGroup(dish=dishes[item.name], group=options[group][0].group, position=position), prices)
        for part in plan.parts
        for item in part.items
        for position, (group, prices) in enumerate(item.choices.items())
    ]
    DishGroup.objects.bulk_create([offered for offered, _prices in wanted])
    Choice.objects.bulk_create(
        Choice(
            dish_group=offered,
            option=option,
            price=prices if isinstance(prices, int) else prices[option.name],
            most=most[offered.group.name],
        )
        for offered, prices in wanted
        for option in options[offered.group.name]
        if isinstance(prices, int) or option.name in prices
    )


def words(allergens: str | None) -> list[str] | None:
    return None if allergens is None else allergens.split()

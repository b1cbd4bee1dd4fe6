"""The part of the demo that orders are."""

from demo.parts import Demo, about, setup
from tracking.orders.demo.past import half_done
from tracking.orders.demo.shops import open_shops

QUIET = "first-wave-coffee"  # nobody works there: whoever looks at the demo is its kitchen

about(40, "orders/demo/_about.html")


@setup(order=40)
def orders(demo: Demo) -> None:
    """Six shops with their menus and some orders, the account that works in all kitchens."""
    shops = open_shops()
    cook = demo.account("kitchen@airside.example", "Rosa", "Delgado", "kitchen of all six shops")
    for shop in shops:
        half_done(shop, is_open=shop.slug != QUIET)
        shop.staff.add(cook)

"""The part of the demo that orders are."""

from demo.parts import Demo, about, setup
from tracking.orders.demo.past import half_done
from tracking.orders.demo.shops import open_shops

BUSY = "runway-grill"  # where most customers order
QUIET = "first-wave-coffee"  # no actor works there: visitors of the demo are its kitchen

about(40, "orders/demo/_about.html")


@setup(order=40)
def orders(demo: Demo) -> None:
    """Six shops with their menus and some orders, the account that works in all kitchens, and those who order and cook."""
    shops = open_shops()
    cook = demo.account("kitchen@airside.example", "Rosa", "Delgado", "kitchen of all six shops")
    for shop in shops:
        half_done(shop, is_open=shop.slug != QUIET)
        shop.staff.add(cook)
    demo.start("rush", BUSY, *(shop.slug for shop in shops if shop.slug not in (BUSY, QUIET)))

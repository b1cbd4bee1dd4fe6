"""The models of orders.

``shops`` where it is sold and when; ``menus`` what is sold; ``baskets`` what somebody is about to order; ``orders`` an order
and its lines; ``promises`` when it is expected, and each change of that; ``tills`` keys and webhooks of a shop's own till.
"""

from tracking.orders.models.baskets import Basket, BasketLine
from tracking.orders.models.menus import Choice, Dish, DishGroup, Option, OptionGroup, Section
from tracking.orders.models.orders import Line, Order, OrderChange, Part
from tracking.orders.models.promises import Cause, Promise
from tracking.orders.models.shops import Closing, Hours, Shop, Station
from tracking.orders.models.states import State, Way
from tracking.orders.models.tills import Delivery, Endpoint, TillKey, TillRequest

__all__ = [
    "Basket",
    "BasketLine",
    "Cause",
    "Choice",
    "Closing",
    "Delivery",
    "Dish",
    "DishGroup",
    "Endpoint",
    "Hours",
    "Line",
    "Option",
    "OptionGroup",
    "Order",
    "OrderChange",
    "Part",
    "Promise",
    "Section",
    "Shop",
    "State",
    "Station",
    "TillKey",
    "TillRequest",
    "Way",
]

from tests.orders.ordering import order_food
from tests.orders.tilling import burgers, till

__all__ = ["burgers", "order_food", "till"]

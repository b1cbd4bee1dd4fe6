from tests.orders.ordering import order_food

__all__ = ["order_food"]

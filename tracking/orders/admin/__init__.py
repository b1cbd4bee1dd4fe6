"""Setting up a shop: its hours, stations and closings; its menu. Orders are shown; only verbs change them."""

from tracking.orders.admin import dishes, options, orders, shops, tills

__all__ = ["dishes", "options", "orders", "shops", "tills"]

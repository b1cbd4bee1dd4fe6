"""Pages below /orders/: each room has its own addresses. Those of the menu come last: a shop's address may be any word."""

from tracking.orders.customers.order.urls import urls as order
from tracking.orders.menu.urls import urls as menu

app_name = "orders"
urlpatterns = [*order, *menu]

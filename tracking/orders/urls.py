"""Pages below /orders/: each room has its own addresses. Those of the menu come last: a shop's address may be any word."""

from tracking.orders.customers.urls import urls as customers
from tracking.orders.kitchen.urls import urls as kitchen
from tracking.orders.menu.urls import urls as menu
from tracking.orders.wall.urls import urls as wall

app_name = "orders"
urlpatterns = [*customers, *kitchen, *wall, *menu]

"""Pages below /orders/: each room has its own addresses."""

from tracking.orders.customers.order.urls import urls as order

app_name = "orders"
urlpatterns = [*order]

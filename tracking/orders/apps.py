from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "tracking.orders"
    verbose_name = _("orders")

    def ready(self) -> None:
        from accounts.roles import publish_changes_of
        from tracking.orders.models import Order, Shop
        from tracking.orders.placing import check_payable
        from tracking.orders.till import api

        publish_changes_of(Shop.staff.through)
        api.join()
        Order.checks.append(check_payable)

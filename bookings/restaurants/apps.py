from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RestaurantsConfig(AppConfig):
    name = "bookings.restaurants"
    verbose_name = _("restaurants")

    def ready(self) -> None:
        from accounts.roles import publish_changes_of
        from bookings.restaurants.models import Restaurant

        publish_changes_of(Restaurant.staff.through)

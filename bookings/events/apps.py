from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "bookings.events"
    verbose_name = _("events")

    def ready(self) -> None:
        from accounts.roles import publish_changes_of
        from bookings.events.models import Event

        publish_changes_of(Event.organisers.through)
        publish_changes_of(Event.door_staff.through)

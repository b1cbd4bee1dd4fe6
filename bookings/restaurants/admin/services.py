"""A service of a restaurant and its turn times, and the rules that all services of one restaurant keep together."""

from collections.abc import Sequence
from itertools import combinations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.restaurants.admin.scope import CLOCKS, PartAdmin, StaffScopedInline
from bookings.restaurants.models import Restaurant, Service, TurnTime


def check_services(restaurant: Restaurant, services: Sequence[Service]) -> None:
    """Raise ValidationError for a pace below the largest party online, and for services that overlap.

    Overlapping services would make a time ambiguous.
    """
    for service in services:
        if 0 < service.pace_online < restaurant.max_party_online:
            words = {"service": service.name, "pace": service.pace_online, "most": restaurant.max_party_online}
            raise ValidationError(
                _("%(service)s takes %(pace)s guests a quarter online: parties of up to %(most)s would find no time.")
                % words
            )
    for one, other in combinations(services, 2):
        if day := one.clash(other):
            words = {"one": one.name, "other": other.name, "weekday": date_format(day, "l")}
            raise ValidationError(
                _("%(one)s and %(other)s overlap on %(weekday)s. Let one end before the other begins.") % words
            )


class ServiceForms(BaseInlineFormSet):
    """All services on the restaurant's page."""

    def clean(self) -> None:
        super().clean()
        if not any(self.errors):
            kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
            check_services(self.instance, [form.instance for form in kept if form not in self.deleted_forms])


class ServiceForm(forms.ModelForm):
    """One service on a page of its own."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.errors:
            restaurant = self.instance.restaurant
            try:
                check_services(restaurant, [self.instance, *restaurant.services.exclude(pk=self.instance.pk)])
            except ValidationError as refusal:
                self.add_error(None, refusal)


class TurnTimeInline(StaffScopedInline, admin.TabularInline):
    place = "service__restaurant"
    model = TurnTime
    fields = ["party", "minutes"]
    extra = 0


@admin.register(Service)
class ServiceAdmin(PartAdmin):
    form = ServiceForm
    formfield_overrides = CLOCKS
    fields = [
        "restaurant",
        "name",
        "weekdays",
        ("begins", "last", "ends"),
        ("pace_online", "pace"),
        ("since", "until"),
    ]
    inlines = [TurnTimeInline]

"""What all admin pages of restaurants share: whose they are."""

from typing import Any

from accounts import workplaces
from accounts.workplaces import CLOCKS, PublishesOnSave

__all__ = ["CLOCKS", "PartAdmin", "PublishesOnSave", "StaffScopedAdmin", "StaffScopedInline", "is_venue_staff"]


class OfRestaurant:
    place, places = "restaurant", "restaurants"


class StaffScopedAdmin(OfRestaurant, workplaces.Scoped):
    pass


class StaffScopedInline(OfRestaurant, workplaces.ScopedInline):
    pass


class PartAdmin(OfRestaurant, workplaces.PartAdmin):
    pass


def is_venue_staff(user: Any) -> bool:
    return workplaces.works_at(user, OfRestaurant.places)

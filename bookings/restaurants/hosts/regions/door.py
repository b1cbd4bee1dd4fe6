"""The card at the door: the code of the day, and its QR link to the queue's form."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from bookings.restaurants import topics
from bookings.restaurants.hosts.regions.book import works_at
from bookings.restaurants.hosts.reservation_list import business_day
from bookings.restaurants.models import Restaurant
from bookings.restaurants.models.presence import door_code
from clocks import day_words, next_minute
from links.tokens import absolute
from live.regions import Region
from qr import qr_svg


class DoorCard(Region):
    """For the restaurant's staff only. A tablet at the door that shows it has the new code by itself."""

    path = "door-card/<slug:slug>/"
    template = "restaurants/hosts/_door_card.html"
    slug: str
    stays = True

    @cached_property
    def restaurant(self) -> Restaurant:
        return Restaurant.objects.select_related("airport").get(slug=self.slug)

    def allows(self, user: Any) -> bool:
        return works_at(user, self.slug)

    def topics(self) -> list[str]:
        return [topics.setup(self.restaurant.pk)]

    def context(self) -> dict[str, Any]:
        now = timezone.now()
        code = door_code(self.restaurant, now)
        address = absolute(reverse("restaurants:queue", args=[self.slug]))
        return {
            "restaurant": self.restaurant,
            "code": code,
            "day": day_words(business_day(self.restaurant, now)),
            "address": address.partition("://")[2],
            "qr": qr_svg(f"{address}?code={code}"),
        }

    def stale_at(self, now: datetime) -> datetime:
        return next_minute(now)

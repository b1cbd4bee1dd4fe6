"""What guests' addresses name: a restaurant by its slug, and the pages that lead to each other."""

from django.http import Http404
from django.urls import reverse

from bookings.restaurants.models import Reservation, Restaurant


def restaurant_or_404(slug: str) -> Restaurant:
    found = Restaurant.objects.select_related("airport").filter(slug=slug).first()
    if found is None:
        raise Http404(f"No restaurant {slug}")
    return found


def held_url(reservation: Reservation) -> str:
    return reverse("restaurants:held", args=[reservation.token])


def times_url(reservation: Reservation) -> str:
    """The times of the day of a reservation, for its party."""
    url = reverse("restaurants:restaurant", args=[reservation.restaurant.slug])
    return f"{url}?party={reservation.party}&date={reservation.day.isoformat()}"

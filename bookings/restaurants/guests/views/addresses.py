"""Where guests go next."""

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from bookings.restaurants.models import Restaurant


def restaurant_of(slug):
    return get_object_or_404(Restaurant.objects.select_related("airport"), slug=slug)


def see(address):
    return HttpResponseRedirect(address, status=303)


def held_address(reservation):
    return reverse("restaurants:held", args=[reservation.token])


def times_address(reservation):
    """Where other times than a reservation's are found."""
    address = reverse("restaurants:restaurant", args=[reservation.restaurant.slug])
    return f"{address}?party={reservation.party}&date={reservation.day.isoformat()}"

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import NoReverseMatch, reverse


class Adapter(DefaultAccountAdapter):
    def get_login_redirect_url(self, request):
        """Where one works: the flight desk, a restaurant's book; else the front page. A safe ``next`` comes before all."""
        if request.user.has_perm("flights.change_flight"):
            return desk() or settings.LOGIN_REDIRECT_URL
        return book(request.user) or settings.LOGIN_REDIRECT_URL


def desk():
    """The home airport's desk, or None where this site runs without flights."""
    try:
        return reverse("flights:desk", args=[settings.HOME_AIRPORT])
    except NoReverseMatch:
        return None


def book(user):
    """The book of the restaurant where one works, or None; also where this site runs without restaurants."""
    restaurant = user.restaurants.first() if hasattr(user, "restaurants") else None
    return reverse("restaurants:book", args=[restaurant.slug]) if restaurant else None

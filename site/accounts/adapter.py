from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from post.mail import post


class Adapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail as a row: no sign-up or reset waits for a mail server, or fails with it."""
        request = allauth_context.request
        context = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        post(template_prefix, email, context, get_language() or settings.LANGUAGE_CODE)

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

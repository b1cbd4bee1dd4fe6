from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import NoReverseMatch, reverse


class Adapter(DefaultAccountAdapter):
    def get_login_redirect_url(self, request):
        """The flight desk for who works there, the front page for all others; a safe ``next`` comes before both."""
        if request.user.has_perm("flights.change_flight"):
            return desk() or settings.LOGIN_REDIRECT_URL
        return settings.LOGIN_REDIRECT_URL


def desk():
    """The home airport's desk, or None where this site runs without flights."""
    try:
        return reverse("flights:desk", args=[settings.HOME_AIRPORT])
    except NoReverseMatch:
        return None

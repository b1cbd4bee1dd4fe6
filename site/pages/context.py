from django.conf import settings


def site(request):
    """What every page's frame shows: which airport this is, which release runs, whether it is the demo."""
    return {"home_airport": settings.HOME_AIRPORT, "release": settings.RELEASE, "demo": settings.DEMO}

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from demo.parts import about_templates


def demo(request: HttpRequest) -> dict[str, Any]:
    """Whether this is the demo, and the templates that say what is real in it."""
    return {"demo": settings.DEMO, "demo_about": about_templates() if settings.DEMO else []}

"""The site's settings, with the apps that only tests have."""

import os

from settings import *  # noqa: F403
from settings import BASE, INSTALLED_APPS, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.verbs.parcels", "tests.shared.tickets", "tests.shared.cinema"]

TEMPLATES[0]["DIRS"].append(BASE / "tests/live/templates")

# The processes that tests start run the site's own settings.
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

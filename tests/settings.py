"""The site's settings, with the apps that only tests have, and passwords that cost little."""

import os
from pathlib import Path

# Tests write to a folder of their own, and each of several workers to one in it; tests.scaled has a Redis for each.
here = Path(__file__).resolve().parent
folder = Path(os.environ.setdefault("AIRSIDE_DATA", str(here.parent / "var" / "test")))
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["AIRSIDE_DATA"] = str(folder / worker)
    if redis := os.environ.get("REDIS_OF_WORKERS", "").split():
        os.environ["REDIS_URL"] = redis[int(worker.removeprefix("gw")) % len(redis)]

from settings import *  # noqa: E402, F403
from settings import INSTALLED_APPS, TEMPLATES  # noqa: E402
from tests.served import (  # noqa: E402, F401
    MAILS_PER_ADDRESS,
    MAILS_PER_RECIPIENT,
    MAILS_PER_SESSION,
    PASSWORD_HASHERS,
    PAYMENT_VARIANTS,
)

INSTALLED_APPS = [
    "tests.emptying",  # before Django, whose flush it replaces
    *INSTALLED_APPS,
    "tests.verbs.parcels",
    "tests.shared.tickets",
    "tests.shared.cinema",
    "tests.checkout.parking",
]
TEMPLATES[0]["DIRS"].append(here / "live" / "templates")

# The processes that tests start run the site's own settings; the servers among them tests/served.py.
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

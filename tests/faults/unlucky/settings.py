"""The site's settings, and what goes wrong: MISFORTUNES names functions of misfortunes.py."""

from settings import *  # noqa: F403
from settings import INSTALLED_APPS, env

MISFORTUNES = env.list("MISFORTUNES")
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.unlucky.apps.Unlucky"]

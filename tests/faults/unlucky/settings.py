"""The site's settings, and what goes wrong: MISFORTUNES names functions of misfortunes.py."""

from settings import *  # noqa: F403
from settings import INSTALLED_APPS, env

MISFORTUNES = env.list("MISFORTUNES")
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.unlucky.apps.Unlucky"]
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "live.E002"]  # noqa: F405  (some misfortunes are what it would refuse)

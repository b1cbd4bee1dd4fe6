from django.conf import settings

from tests.cast import *  # noqa: F403

# What needs PostgreSQL, Redis and nginx: `make test-scaled` starts them and runs these and all others.
collect_ignore = [] if settings.REDIS_URL else ["scaled"]

from django.conf import settings

# What needs PostgreSQL, Redis and nginx: `make test-scaled` starts them.
collect_ignore = [] if settings.REDIS_URL else ["scaled"]

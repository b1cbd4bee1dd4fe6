import pytest
from django.conf import settings
from django.core.cache import cache

# What needs PostgreSQL, Redis and nginx: `make test-scaled` starts them.
collect_ignore = [] if settings.REDIS_URL else ["scaled"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Migrations publish the roles that they make; tests begin with an empty outbox."""
    from live.models import Publish

    with django_db_blocker.unblock():
        Publish.objects.all().delete()


@pytest.fixture(autouse=True)
def nobody_has_asked():
    """Requests are counted in the cache, which outlives a test: none is refused for what the tests before have asked."""
    cache.clear()

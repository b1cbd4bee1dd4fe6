import pytest
from django.conf import settings

# What needs PostgreSQL, Redis and nginx: `make test-scaled` starts them.
collect_ignore = [] if settings.REDIS_URL else ["scaled"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Migrations publish the roles that they make; tests begin with an empty outbox."""
    from live.models import Publish

    with django_db_blocker.unblock():
        Publish.objects.all().delete()

import pytest

from tests.scaled.parts import Redis
from tests.serving import *  # noqa: F403  (two processes behind nginx)


@pytest.fixture
def redis():
    """One of the test's own, which may go and come."""
    with Redis() as redis:
        yield redis

import pytest

from tests.faults.conftest import open_page
from tests.scaled.parts import Redis

__all__ = ["open_page", "redis"]


@pytest.fixture
def redis():
    """One of the test's own, which may go and come."""
    with Redis() as redis:
        yield redis

import pytest

from tests.scaled.parts import Redis


@pytest.fixture
def redis():
    """One of the test's own, which may go and come."""
    with Redis() as redis:
        yield redis

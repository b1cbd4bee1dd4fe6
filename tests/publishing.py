"""``assert_published``: which topics a verb publishes, and which it does not."""

from contextlib import contextmanager

import pytest

from live.models import Publish


@pytest.fixture
def assert_published(db):
    """``with assert_published("flight-board-JFK"): …`` requires these topics, among others; ``assert_published()`` none."""

    @contextmanager
    def expect(*topics):
        newest = Publish.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        yield
        published = set(Publish.objects.filter(pk__gt=newest).values_list("topic", flat=True))
        assert set(topics) <= published if topics else not published

    return expect

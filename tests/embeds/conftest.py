import pytest
from django.core.cache import cache

from embeds.models import Embed

HOTEL = "https://hotel.example"


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


@pytest.fixture
def make_embed(alice, flight):
    """``make_embed()``: alice shows a flight that she follows on a hotel's site."""

    def make(by=alice, widget="followed", thing=None, sites=HOTEL, name="Hotel", **fields):
        return Embed.objects.make(by, widget=widget, thing=thing or str(flight.pk), sites=sites, name=name, **fields)

    return make


@pytest.fixture
def embed(make_embed):
    return make_embed()

"""What everybody may see names nobody who works here."""

import pytest

from live.regions import Region, find
from tracking.flights.models import Airport

WHO = {"first_name": "Bartholomew", "last_name": "Quackenbush", "email": "b.quackenbush@example.org"}


def address(region_class):
    """An address of its own for each class: ``departures/JFK/``."""
    return region_class.path.replace("<slug:airport>", "JFK").replace("<int:pk>", "{pk}")


PUBLIC = [region_class for region_class in Region.classes if region_class.public]


@pytest.mark.parametrize("region_class", PUBLIC, ids=lambda region_class: region_class.__name__)
def test_public_regions_name_no_one(settings, region_class, flight, bob):
    for field, value in WHO.items():
        setattr(bob, field, value)
    bob.save()
    settings.DEMO = True
    flight.assign_gate("B7", by=bob)
    flight.cancel("71", by=bob)
    found = find(address(region_class).format(pk=flight.pk) + ("?q=1010" if "q" in region_class.query else ""))
    html = found.render().html
    assert not [value for value in WHO.values() if value in html]


def test_there_are_public_regions_and_what_they_show_is_looked_at(flight, bob):
    assert len(PUBLIC) >= 7
    flight.cancel("71", by=bob)
    assert "1010" in find("departures/JFK/").render().html
    assert Airport.objects.exists()

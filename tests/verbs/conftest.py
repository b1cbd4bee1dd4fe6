import pytest

from tests.verbs.parcels.models import Locker, Parcel


@pytest.fixture
def parcel(db):
    return Parcel.objects.register("fragile")


@pytest.fixture
def lockers(db):
    return [Locker.objects.create(name=name) for name in "AB"]

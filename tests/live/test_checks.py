"""``manage.py check`` tells of regions whose declaration is incomplete or misspelt; a clash of names stops the import."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from live.checks import outbox_looks_back_long_enough, problems, regions_are_complete
from live.regions import ListRegion, Region
from tests.live.people import People


class Complete(Region):
    public = True
    template = "people.html"

    def topics(self):
        return ["people"]


def found(cls):
    return " ".join(problems(cls))


def test_the_sites_own_regions_have_none():
    assert Region.classes
    assert regions_are_complete(None) == []


def test_a_complete_region_has_none():
    assert found(Complete) == found(People) == ""


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        ({"template": ""}, "it has no template."),
        ({"template": "people/nobody.html"}, "its template people/nobody.html does not exist."),
        ({"topics": Region.topics}, "it has no topics()."),
        ({"public": False}, "nobody may look"),
        ({"pubic": True}, "it has 'pubic', which looks like a misspelt 'public'."),
        ({"stay": True}, "it has 'stay', which looks like a misspelt 'stays'."),
        ({"allow": lambda self, user: True}, "it has 'allow', which looks like a misspelt 'allows'."),
    ],
)
def test_what_is_missing_or_misspelt(attributes, problem):
    assert problem in found(type("Broken", (Complete,), attributes))


def test_a_template_with_a_mistake(settings, tmp_path):
    (tmp_path / "broken.html").write_text("{% if %}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    assert "its template broken.html has a mistake" in found(type("Broken", (Complete,), {"template": "broken.html"}))


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        ({"row_template": ""}, "it has no row_template."),
        ({"row_template": "_nobody.html"}, "its row_template _nobody.html does not exist."),
        ({"rows": ListRegion.rows}, "it has no rows()."),
    ],
)
def test_a_list_needs_rows_and_their_template(attributes, problem):
    assert problem in found(type("Broken", (People,), attributes))


def test_two_regions_with_one_path(monkeypatch):
    first, second = (type(name, (Complete,), {}) for name in ("First", "Second"))
    first.path = second.path = "same/"
    monkeypatch.setattr(Region, "classes", [first, second])
    assert [error.msg for error in regions_are_complete(None)] == [
        "First: another region has its path.",
        "Second: another region has its path.",
    ]


@pytest.mark.parametrize("name", ["id", "address", "query", "filters", "language", "topics"])
def test_a_path_cannot_capture_what_is_an_attribute_already(name):
    before = list(Region.classes)
    with pytest.raises(ImproperlyConfigured, match=f"captures '{name}'"):
        type("Clash", (Complete,), {"path": f"clash/<slug:{name}>/"})
    assert Region.classes == before


def test_an_outbox_that_is_read_less_far_back_than_transactions_last(settings):
    assert outbox_looks_back_long_enough(None) == []
    settings.LIVE = {**settings.LIVE, "looks_back": 10}
    found = [error.id for error in outbox_looks_back_long_enough(None)]
    assert found == ([] if connection.vendor == "sqlite" else ["live.E002"])

"""What a region keeps between renderings: nothing that it has looked up."""

import pytest
from django.utils.functional import cached_property

from accounts.models import User
from live.regions import Region
from tests.live.people import rename

pytestmark = pytest.mark.django_db


class Greeting(Region):
    template = "people/greeting.html"

    @cached_property
    def person(self):
        return User.objects.get()

    @property
    def address(self):
        return "greeting"

    def context(self):
        return {"name": self.person.first_name}


@pytest.fixture
def user(settings, tmp_path):
    (tmp_path / "people").mkdir()
    (tmp_path / "people/greeting.html").write_text("Hello {{ name }}")
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**templates, "DIRS": [*templates["DIRS"], tmp_path]}]
    return User.objects.create_user("ada@example.org", first_name="Ada")


def test_each_rendering_looks_up_anew(user):
    region = Greeting()
    assert region.render().html == "Hello Ada"
    rename(user, "Grace", False)
    assert region.render().html == "Hello Grace"


def test_a_page_s_first_rendering_takes_what_the_page_has_looked_up(user, django_assert_num_queries):
    region = Greeting()
    assert region.person == user
    with django_assert_num_queries(0):
        assert region.render(fresh=False).html == "Hello Ada"

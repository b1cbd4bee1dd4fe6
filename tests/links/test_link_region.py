"""A region behind a link: for whoever has it, as long as it is good."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from links.regions import LinkRegion

pytestmark = pytest.mark.django_db


class Page(LinkRegion):
    def things(self):
        return User.objects.all()


def test_whoever_has_the_link_may_watch(thing):
    region = Page(token=thing.token)
    assert region.allows(AnonymousUser()) and region.thing == thing


def test_a_revoked_link_ends_it(thing):
    region = Page(token=thing.token)
    assert region.thing == thing
    thing.revoke_links()
    thing.save()
    assert not region.allows(AnonymousUser())


def test_an_altered_link_may_not(thing):
    assert not Page(token=thing.token + "x").allows(AnonymousUser())


def test_no_log_shows_the_token(thing):
    token = thing.token
    assert token not in repr(Page(token=token))

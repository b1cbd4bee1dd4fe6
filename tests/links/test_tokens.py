"""Which tokens open what, and which are refused."""

import pytest
from django.http import Http404

from accounts.models import User
from links import tokens
from tests.links.conftest import KIND

pytestmark = pytest.mark.django_db


def found(token, kind=KIND, things=None):
    return (User.objects.all() if things is None else things).from_token(token, kind)


def test_a_token_opens_its_thing(thing):
    assert found(thing.token_for(KIND)) == thing
    assert User.objects.from_token(thing.token) == thing, "its own kind, where none is named"


def test_a_token_is_made_without_the_thing(thing):
    assert tokens.token("accounts.user", thing.pk, thing.link_version) == thing.token


@pytest.mark.parametrize(
    "change", [lambda token: token[:-1], lambda token: "x" + token, lambda token: token[::-1], lambda token: ""]
)
def test_an_altered_one_opens_nothing(thing, change):
    with pytest.raises(Http404):
        found(change(thing.token_for(KIND)))


@pytest.mark.parametrize("value", [7, "7", [1], [1, 2, 3], {"a": 1}, ["x", "y"], None])
def test_one_that_we_signed_for_something_else_opens_nothing(thing, value):
    assert tokens.read(tokens.signer(KIND).sign_object(value), KIND) is None


def test_one_of_another_kind_opens_nothing(thing):
    with pytest.raises(Http404):
        found(thing.token)
    assert not User.objects.has_token(thing.token, KIND)


def test_a_revoked_one_opens_nothing(thing):
    old = thing.token_for(KIND)
    thing.revoke_links()
    thing.save()
    with pytest.raises(Http404):
        found(old)
    assert not User.objects.has_token(old, KIND)
    assert found(thing.token_for(KIND)) == thing


def test_the_links_of_a_user_end_with_their_password(thing):
    old = thing.token_for(KIND)
    thing.set_password("another")
    thing.save()
    assert not User.objects.has_token(old, KIND)


def test_a_better_hash_of_the_same_password_ends_no_link(thing, settings):
    """Django hashes a password anew at the next sign-in when hashes should be slower."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    thing.set_password("holding-pattern-7")
    thing.save()
    token, before = thing.token_for(KIND), thing.password
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", *settings.PASSWORD_HASHERS]
    assert User.objects.get(pk=thing.pk).check_password("holding-pattern-7")
    assert User.objects.get(pk=thing.pk).password != before
    assert found(token) == thing


def test_one_whose_thing_is_gone_or_not_meant_opens_nothing(thing):
    token = thing.token_for(KIND)
    with pytest.raises(Http404):
        found(token, things=User.objects.filter(is_staff=True))
    thing.delete()
    with pytest.raises(Http404):
        found(token)


def test_a_secret_key_may_be_exchanged(thing, settings):
    token, old = thing.token_for(KIND), settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    assert not User.objects.has_token(token, KIND)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert found(token) == thing


def test_a_refusal_is_logged_without_the_token(thing, caplog):
    token = thing.token_for(KIND)[:-1]
    with pytest.raises(Http404):
        found(token)
    assert "refused a signed link" in caplog.text and token not in caplog.text


def test_an_address_for_mails(settings):
    settings.AIRSIDE_ORIGINS = ["https://airside.example", "https://other.example"]
    assert tokens.absolute("/a/") == "https://airside.example/a/"
    settings.AIRSIDE_ORIGINS = []
    assert tokens.absolute("/a/") == f"http://{settings.HOST}:{settings.PORT}/a/"

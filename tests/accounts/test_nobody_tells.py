"""No answer tells whether an address has an account: the same status, headers, cookies, words and work."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts.forms import SignupForm
from accounts.models import User
from post.models import Message
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN, UNCONFIRMED, GONE = (f"{name}@example.com" for name in ("alice", "nobody", "newer", "ended"))
ADDRESSES = [KNOWN, UNKNOWN, UNCONFIRMED, GONE]


@pytest.fixture(autouse=True)
def people(alice):
    unconfirmed = User(email=UNCONFIRMED)
    unconfirmed.set_password(PASSWORD)
    unconfirmed.save()
    unconfirmed.emailaddress_set.create(email=UNCONFIRMED, verified=False, primary=True)
    ended = User.objects.create_user(GONE, PASSWORD)
    ended.is_active = False
    ended.save()
    User.objects.create_user("bob@example.com", PASSWORD)


@pytest.fixture
def work(monkeypatch):
    """The passwords that were hashed."""
    hashed, real = [], MD5PasswordHasher.encode

    def encode(hasher, password, *args):
        hashed.append(password)
        return real(hasher, password, *args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    return hashed


def signed_in():
    client = Client()
    client.post("/accounts/login/", {"login": "bob@example.com", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


ASKED = {
    "sign up": (Client, "/accounts/signup/", lambda to: {"email": to, "password1": PASSWORD, "password2": PASSWORD}, 1),
    "sign up with another spelling": (
        Client,
        "/accounts/signup/",
        lambda to: {"email": to.upper(), "password1": PASSWORD, "password2": PASSWORD},
        1,
    ),
    "sign up wrongly": (
        Client,
        "/accounts/signup/",
        lambda to: {"email": to, "password1": PASSWORD, "password2": "x"},
        0,
    ),
    "ask for a new password": (Client, "/accounts/password/reset/", lambda to: {"email": to}, 1),
    "sign in with a wrong password": (Client, "/accounts/login/", lambda to: {"login": to, "password": "wrong"}, 0),
    "change to this address": (signed_in, "/accounts/email/", lambda to: {"email": to, "action_add": ""}, 1),
}


def seen(client, address, fields, to, work):
    """All that the asking side can see of one request, and what it cost."""
    Message.objects.all().delete()
    work.clear()
    before = set(client.cookies)
    answer = client.post(address, fields)
    costs = len(work), Message.objects.count()
    assert set(Message.objects.values_list("to", flat=True)) <= {to.lower()}
    pages = [answer, client.get(answer["Location"])] if answer.status_code == 302 else [answer]
    return {
        "pages": [page_of(page, to) for page in pages],
        "new cookies": set(client.cookies) - before,
        "costs": costs,
    }


def page_of(page, to):
    headers = {name: value for name, value in page.items() if name not in ("Expires", "Content-Length", "X-Request-ID")}
    cookies = {
        name: {part: value for part, value in cookie.items() if part != "expires"}
        for name, cookie in page.cookies.items()
    }
    text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+', r"\1", page.text)
    text = re.sub(r"<time [^>]*>[^<]*</time>", "", text).replace(to, "TO").replace(to.lower(), "TO")
    return page.status_code, headers, cookies, text


@pytest.mark.parametrize("what", ASKED)
def test_the_answer_and_the_work_are_the_same_for_each(what, work):
    make_client, address, fields, mails = ASKED[what]
    found = {to: seen(make_client(), address, fields(to), fields(to).get("email", to), work) for to in ADDRESSES}
    for to in ADDRESSES:
        assert found[to] == found[UNKNOWN], to
    assert found[UNKNOWN]["costs"][1] == mails


def test_a_password_is_hashed_once_whoever_signs_up_or_in(work):
    for to in ADDRESSES:
        work.clear()
        Client().post("/accounts/login/", {"login": to, "password": "wrong"})
        assert work == ["wrong"], to
        work.clear()
        Client().post("/accounts/signup/", {"email": to, "password1": PASSWORD, "password2": PASSWORD})
        assert work == [PASSWORD], to


def test_without_the_second_hash_a_known_address_is_cheaper(work, monkeypatch):
    """That the test above can fail: here the guard is taken out."""
    monkeypatch.delattr(SignupForm, "try_save")
    Client().post("/accounts/signup/", {"email": KNOWN, "password1": PASSWORD, "password2": PASSWORD})
    assert work == []


def test_the_password_of_a_sign_up_tells_nothing_at_the_sign_in(work):
    """A new account that is not confirmed answers as one that belongs to somebody else."""
    found = {}
    for to in (KNOWN, UNKNOWN):
        client, fields = Client(), {"email": to, "password1": "gate-hold-short-4", "password2": "gate-hold-short-4"}
        client.post("/accounts/signup/", fields)
        client.get("/accounts/confirm-email/")
        found[to] = seen(client, "/accounts/login/", {"login": to, "password": "gate-hold-short-4"}, to, work)
    assert found[KNOWN] == found[UNKNOWN]
    assert "not confirmed yet" in found[KNOWN]["pages"][0][3]
    assert found[KNOWN]["costs"] == (1, 0)


def test_asking_often_tells_nothing(settings):
    settings.MAILS_PER_RECIPIENT = 2
    for to in (KNOWN, UNKNOWN):
        answers = [Client().post("/accounts/password/reset/", {"email": to}) for _ in range(4)]
        assert {(answer.status_code, answer["Location"]) for answer in answers} == {
            (302, "/accounts/password/reset/done/")
        }
        assert Message.objects.filter(to=to).count() == 2

"""Wrong passwords: whoever guesses is slowed down, and the owner is never kept out. Over HTTP, from several addresses."""

import re

import httpx
import pytest
from django.conf import settings

from accounts import tries
from post.models import Message
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

OWNER, STRANGER, OTHERS = "198.51.100.7", "203.0.113.9", "203.0.113.{}"
WAIT = "Too many wrong passwords"


@pytest.fixture
def serving(serve):
    """A server whose clients name their addresses, as a trusted proxy does; on the scaled set-up, two processes."""
    return serve(AIRSIDE_TRUSTED_PROXIES="127.0.0.1")


@pytest.fixture
def browser(serving):
    """``browser(address)``: a client at this network address. Each next one asks the next process."""
    processes = getattr(serving, "processes", [serving])
    opened = []

    def open_one(address):
        process = processes[len(opened) % len(processes)]
        client = httpx.Client(base_url=process.url, headers={"X-Forwarded-For": address}, timeout=30, trust_env=False)
        opened.append(client)
        return client

    yield open_one
    for client in opened:
        client.close()


def send(client, path, **fields):
    client.get(path)
    return client.post(path, data=fields | {"csrfmiddlewaretoken": client.cookies[settings.CSRF_COOKIE_NAME]})


def sign_in(client, password=PASSWORD, email="alice@example.com"):
    return send(client, "/accounts/login/", login=email, password=password)


def guess(client, times, email="alice@example.com"):
    return [sign_in(client, f"wrong {number}", email).status_code for number in range(times)]


def is_in(answer):
    return answer.status_code == 302 and "sessionid" in answer.cookies


def test_after_five_wrong_passwords_an_address_waits_even_with_the_right_one(alice, browser):
    stranger = browser(STRANGER)
    assert guess(stranger, 6) == [200] * 5 + [429]
    answer = sign_in(stranger)
    assert answer.status_code == 429 and WAIT in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 300


def test_another_process_counts_on(alice, browser):
    assert guess(browser(STRANGER), 3) == [200] * 3
    assert guess(browser(STRANGER), 3) == [200, 200, 429]


def test_meanwhile_the_owner_signs_in_from_elsewhere(alice, browser):
    guess(browser(STRANGER), 8)
    assert is_in(sign_in(browser(OWNER)))


def test_without_the_address_in_the_count_the_owner_is_kept_out(alice, client, sign_in, monkeypatch):
    """That the test above can fail: here the account alone is counted, as it was."""
    monkeypatch.setattr(tries.limits, "address", lambda request: "anywhere")
    for _ in range(8):
        client.post("/accounts/login/", {"login": alice.email, "password": "wrong"}, REMOTE_ADDR=STRANGER)
    answer = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD}, REMOTE_ADDR=OWNER)
    assert answer.status_code == 429


def test_a_device_that_signed_in_before_has_a_count_of_its_own_at_the_same_address(alice, browser):
    owner = browser(STRANGER)
    assert is_in(sign_in(owner))
    send(owner, "/accounts/logout/")
    guess(browser(STRANGER), 8)
    assert is_in(sign_in(owner))


def test_a_known_device_that_guesses_waits_too(alice, browser):
    thief = browser(STRANGER)
    sign_in(thief)
    send(thief, "/accounts/logout/")
    assert guess(thief, tries.OF_DEVICE + 1) == [200] * tries.OF_DEVICE + [429]
    assert guess(thief, 1, "bob@example.com") == [200], "it is known to one account alone"


def test_a_device_cannot_make_itself_known(alice, browser):
    stranger = browser(STRANGER)
    stranger.cookies.set("device", "made.up", path="/accounts/")
    assert guess(stranger, 6)[-1] == 429


def test_an_account_attacked_from_everywhere_still_takes_one_try_of_each_address(alice, client, browser, monkeypatch):
    monkeypatch.setattr(tries, "ATTACKED", 10)
    post = "/accounts/login/"
    for number in range(4):
        for _ in range(3):
            client.post(post, {"login": alice.email, "password": "no"}, REMOTE_ADDR=OTHERS.format(number))
    wrong = {"login": alice.email, "password": "no"}
    assert [client.post(post, wrong, REMOTE_ADDR="203.0.113.77").status_code for _ in range(2)] == [200, 429]
    right = client.post(post, {"login": alice.email, "password": PASSWORD}, REMOTE_ADDR=OWNER)
    assert right.status_code == 302


def test_the_link_of_a_reset_is_a_way_in_at_an_address_that_waits(alice, browser):
    guess(browser(STRANGER), 6)
    owner = browser(STRANGER)
    assert sign_in(owner).status_code == 429
    assert send(owner, "/accounts/password/reset/", email=alice.email).status_code == 302
    body = Message.objects.get(to=alice.email).body
    link = re.search(r"/accounts/password/reset/key/\S+", body)[0]
    form = owner.get(link, follow_redirects=True).url.path
    answer = send(owner, form, password1="holding-pattern-7", password2="holding-pattern-7")
    assert is_in(answer)
    send(owner, "/accounts/logout/")
    assert is_in(sign_in(owner, "holding-pattern-7")), "this device is known from now on"


def test_right_passwords_never_count(alice, browser):
    for _ in range(8):
        assert is_in(sign_in(browser(OWNER)))


def test_an_account_that_does_not_exist_is_counted_like_one_that_does(alice, browser):
    assert guess(browser(STRANGER), 6, "nobody@example.com") == guess(browser(OWNER), 6)


def test_many_accounts_from_one_address_are_bounded(alice, client, settings):
    settings.WRONG_PASSWORDS = 4
    statuses = [
        client.post("/accounts/login/", {"login": f"p{number}@example.com", "password": "no"}).status_code
        for number in range(5)
    ]
    assert statuses == [200] * 4 + [429]

"""X-Forwarded-For, -Proto and -Host count from trusted proxies only, for pages and for sockets."""

import asyncio
from ipaddress import ip_network

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from server.proxies import behind_proxies

pytestmark = pytest.mark.django_db(transaction=True)

HTTPS = {"X-Forwarded-Proto": "https"}
HOST = {"X-Forwarded-Host": "airside.example"}
# What the site is when it is reached by https: plain http is sent there.
PUBLIC = {"AIRSIDE_ORIGINS": "https://airside.example", "ALLOWED_HOSTS": "airside.example"}


@pytest.fixture
def told(settings):
    """``told(peer, **headers)``: client, scheme, host and other headers as the application gets them."""
    settings.TRUSTED_PROXIES = [ip_network(network) for network in ("10.0.0.1", "192.168.7.0/24", "fd00::/64")]

    def ask(peer, scheme="http", kind="http", **headers):
        heard = []

        async def application(scope, receive, send):
            heard.append(scope)

        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": kind,
            "client": peer and [peer, 4711],
            "scheme": scheme,
            "headers": [(b"host", b"here"), *pairs],
        }
        asyncio.run(behind_proxies(application)(scope, None, None))
        (scope,) = heard
        host = [value.decode() for name, value in scope["headers"] if name == b"host"]
        assert not any(name.startswith((b"x-forwarded", b"x-real", b"forwarded")) for name, _ in scope["headers"])
        return scope["client"] and scope["client"][0], scope["scheme"], *host

    return ask


ALL = {"x_forwarded_for": "203.0.113.9", "x_forwarded_proto": "https", "x_forwarded_host": "airside.example"}


@pytest.mark.parametrize("peer", ["10.0.0.1", "192.168.7.200", "fd00::12", "::ffff:10.0.0.1"])
def test_a_trusted_proxy_is_believed(told, peer):
    assert told(peer, **ALL) == ("203.0.113.9", "https", "airside.example")


@pytest.mark.parametrize("peer", ["10.0.0.2", "203.0.113.9", "::1", "", None])
def test_others_are_not(told, peer):
    assert told(peer, **ALL) == (peer, "http", "here")


def test_what_was_written_before_the_trusted_ones_wrote_does_not_count(told):
    """A client may send the header itself, and each proxy adds who asked it."""
    assert told("10.0.0.1", x_forwarded_for="1.2.3.4, 203.0.113.9, 192.168.7.3")[0] == "203.0.113.9"
    assert told("10.0.0.1", x_forwarded_for="1.2.3.4, nonsense")[0] == "10.0.0.1"
    assert told("10.0.0.1", x_forwarded_for="192.168.7.4, 192.168.7.3")[0] == "192.168.7.4"
    assert told("10.0.0.1", x_forwarded_proto="https, http")[1] == "http"


def test_a_socket_over_https_is_one(told):
    assert told("10.0.0.1", scheme="ws", kind="websocket", **ALL)[1] == "wss"
    assert told("10.0.0.1", scheme="ws", kind="websocket", x_forwarded_proto="http")[1] == "ws"


def test_over_a_real_server_nobody_can_say_that_he_comes_by_https(serve):
    for trusted, status in (("", 301), ("10.0.0.1", 301), ("127.0.0.0/8", 200)):
        site = serve(processes=1, AIRSIDE_TRUSTED_PROXIES=trusted, **PUBLIC)
        assert (
            httpx.get(f"{site.url}/accounts/login/", headers={**HTTPS, **HOST, "Host": "airside.example"}).status_code
            == status
        )


def test_over_a_real_server_nobody_can_say_which_host_it_is(serve):
    for trusted, status in (("", 400), ("127.0.0.1", 200)):
        site = serve(processes=1, AIRSIDE_TRUSTED_PROXIES=trusted, ALLOWED_HOSTS="airside.example")
        assert httpx.get(f"{site.url}/accounts/login/", headers=HOST).status_code == status


def test_over_a_real_socket_nobody_can_say_which_host_it_is(serve, flight):
    """An Origin must be the Host's own; a page elsewhere would name itself as both."""
    page = {"origin": "http://airside.example", "additional_headers": HOST}
    site = serve(processes=1, ALLOWED_HOSTS="airside.example,127.0.0.1")
    with pytest.raises(InvalidStatus), site.ws("/ws/departures/JFK/", **page):
        pass
    site = serve(processes=1, AIRSIDE_TRUSTED_PROXIES="127.0.0.1", ALLOWED_HOSTS="airside.example")
    with site.ws("/ws/departures/JFK/", **page) as socket:
        assert '"content"' in socket.recv(5)


def test_what_is_no_address_ends_the_start_with_a_sentence(serve):
    with pytest.raises(AssertionError, match="AIRSIDE_TRUSTED_PROXIES takes addresses and networks: 'the proxy'"):
        serve(processes=1, AIRSIDE_TRUSTED_PROXIES="the proxy")


def test_limits_of_sign_in_count_who_asks_and_not_the_proxy(serve):
    """Who guesses too often is stopped; somebody else behind the same proxy is not."""
    site = serve(processes=1, AIRSIDE_TRUSTED_PROXIES="127.0.0.1")

    def sign_in(address):
        with httpx.Client(base_url=site.url, headers={"X-Forwarded-For": address}) as client:
            client.get("/accounts/login/")
            words = {
                "login": f"{address}@example.org",
                "password": "wrong",
                "csrfmiddlewaretoken": client.cookies["csrftoken"],
            }
            return client.post("/accounts/login/", data=words).status_code

    statuses = [sign_in("203.0.113.9") for _ in range(40)]
    assert 429 in statuses
    assert sign_in("203.0.113.10") == 200

"""What another site gets of this one: a document that knows nobody, and only where it may be shown."""

import re
from collections import deque
from datetime import timedelta

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from websockets.exceptions import ConnectionClosed

from embeds.models import Sighting
from live.codes import GONE, NOT_ALLOWED
from live.regions import find
from tests.embeds.conftest import HOTEL

pytestmark = pytest.mark.django_db


def keyed(embed, **query):
    return Client().get(reverse("embeds:keyed", args=[embed.token]), query)


def framed_by(site, **headers):
    return {"Sec-Fetch-Dest": "iframe", "Referer": f"{site}/a/page?with=words", **headers}


def ancestors(response):
    found = re.search(r"frame-ancestors ([^;]*)", response.headers["Content-Security-Policy"])
    return found[1].split() if found else []


PUBLIC = ["/embed/board/JFK/departures/", "/embed/flight/B6-1010/", "/embed/tables/bistro/"]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_widget_for_any_site_without_a_cookie(client, flight, bistro, address):
    response = client.get(address, {"theme": "dark", "accent": "#0a7d55", "lang": "de-AT"})
    assert response.status_code == 200
    assert ancestors(response) == []  # none is named: "*" would refuse pages without an origin
    assert "X-Frame-Options" not in response.headers
    assert not response.cookies
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in response["Permissions-Policy"]
    assert '<html lang="de" data-theme="dark" data-density="comfortable" data-accent="#0a7d55">' in response.text
    assert "csrf" not in response.text


@pytest.mark.parametrize("query", [{"theme": '"><script>'}, {"accent": "red;}"}, {"lang": "x" * 50}, {"density": "1"}])
def test_a_look_that_is_none_is_left_out(client, flight, query):
    response = client.get("/embed/board/JFK/departures/", query)
    assert '<html lang="en" data-theme="auto" data-density="comfortable">' in response.text


@pytest.mark.parametrize(
    "address",
    [
        "/embed/nothing/JFK/",
        "/embed/board/XXX/",
        "/embed/followed/1/",
        "/embed/booking/1/",
        f"/embed/flight/{'x' * 101}/",
    ],
)
def test_what_is_not_there_or_needs_a_key(client, flight, address):
    response = client.get(address)
    assert response.status_code == 404
    assert response["X-Frame-Options"] == "DENY"


def test_an_airport_may_name_the_sites_of_public_widgets(client, flight, settings):
    settings.EMBED_SITES = ["https://airport.example"]
    assert ancestors(client.get(PUBLIC[0])) == ["'self'", "https://airport.example"]


def test_a_keyed_widget_is_for_the_sites_of_its_list(embed):
    response = keyed(embed)
    assert response.status_code == 200
    assert ancestors(response) == ["'self'", HOTEL]
    assert "X-Frame-Options" not in response.headers
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert embed.token in response.text, "its socket needs the key"


def test_an_international_name_is_sent_as_punycode(make_embed):
    assert ancestors(keyed(make_embed(sites="https://café.example:8443"))) == [
        "'self'",
        "https://xn--caf-dma.example:8443",
    ]


def test_every_other_page_refuses_every_frame(client, flight, bistro):
    for address in (
        "/",
        "/flights/JFK/departures/",
        "/accounts/login/",
        f"/flights/{flight.pk}/",
        "/restaurants/",
        "/kiosk/",
    ):
        response = client.get(address)
        assert response["X-Frame-Options"] == "DENY", address
        assert ancestors(response) == ["'none'"], address


def test_nobody_is_told_apart(client, embed, alice):
    """A visitor who is signed in gets the very same document."""
    client.force_login(alice)
    client.get("/accounts/email/")
    for address in (*PUBLIC[:2], reverse("embeds:keyed", args=[embed.token])):
        signed_in, anonymous = client.get(address), Client().get(address)
        clocks = re.compile(r"<time [^>]*>[^<]*</time>")
        assert clocks.sub("", signed_in.text) == clocks.sub("", anonymous.text)
        assert "Cookie" not in signed_in.headers.get("Vary", "")


def test_a_withdrawn_widget_says_so(embed):
    address = reverse("embeds:keyed", args=[embed.token])
    embed.revoke()
    response = Client().get(address)
    assert response.status_code == 410
    assert "This widget was withdrawn" in response.text
    assert ancestors(response) == ["'none'"]
    assert Client().get("/embed/k/nonsense/").status_code == 410


def test_a_widget_whose_owner_lost_the_thing_is_over(make_embed):
    embed = make_embed()
    embed.thing = "4711"
    embed.save()
    assert keyed(embed).status_code == 410


def test_an_owner_whose_account_has_ended_shows_nothing_any_more(embed, alice):
    alice.is_active = False
    alice.save()
    assert keyed(embed).status_code == 410
    assert not find(f"embed/keyed/{embed.token}/").allows(None)


def test_a_sandboxed_frame_gets_nothing_with_a_key(embed):
    assert Client().get(reverse("embeds:keyed", args=[embed.token]), headers={"Origin": "null"}).status_code == 403


def test_a_name_in_capitals_or_with_the_usual_port_is_that_site(make_embed):
    assert ancestors(keyed(make_embed(sites="https://Hotel.example:443"))) == ["'self'", HOTEL]


def test_filters_of_a_keyed_widget_are_handed_on(make_embed, make_flight):
    make_flight(number="77", minutes=90)
    embed = make_embed(widget="board", thing="JFK/departures", sites="")
    assert keyed(embed).text.count('id="departure-') == 2
    assert keyed(embed, rows="1").text.count('id="departure-') == 1
    assert ancestors(keyed(embed)) == []


def test_a_keyed_region_bounds_what_it_hands_on(embed):
    query = {f"name{letter}": "x" * 100 for letter in "abcdefghijkl"} | {"Bad-Name": "1", "v": "1", "theme": "dark"}
    address = find(f"embed/keyed/{embed.token}/?{'&'.join(f'{name}={value}' for name, value in query.items())}").address
    assert address.count("name") == 8
    assert "x" * 41 not in address
    assert "theme" not in address
    assert "v=" not in address


@pytest.mark.django_db(transaction=True)
def test_an_open_widget_follows_its_flight_and_closes_when_it_is_withdrawn(server, embed, flight):
    region = find(f"embed/keyed/{embed.token}/")
    with server.ws(f"/ws/{region.address}&v={region.render().version}") as socket:
        flight.assign_gate("C42")
        while "C42" not in socket.recv(10):
            pass
        embed.revoke()
        with pytest.raises(ConnectionClosed):
            deque(socket, maxlen=0)
        assert socket.close_code in (NOT_ALLOWED, GONE)


# Where it was seen


def test_where_it_was_seen_is_an_origin_and_no_more(embed):
    address = reverse("embeds:keyed", args=[embed.token])
    Client().get(address, headers=framed_by(HOTEL))
    sighting = Sighting.objects.get()
    assert (sighting.embed, sighting.site) == (embed, HOTEL)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Dest": "document"}, framed_by("http://testserver"), {"Sec-Fetch-Dest": "image", "Referer": HOTEL}],
)
def test_what_is_no_foreign_page(embed, headers):
    Client().get(reverse("embeds:keyed", args=[embed.token]), headers=headers)
    assert not Sighting.objects.exists()


def test_a_page_that_does_not_say_where_it_is_counts_as_such(embed):
    Client().get(reverse("embeds:keyed", args=[embed.token]), headers={"Sec-Fetch-Dest": "iframe"})
    assert Sighting.objects.get().site == ""


def test_sites_that_are_not_on_the_list_are_made_up(embed):
    Client().get(reverse("embeds:keyed", args=[embed.token]), headers=framed_by("https://made-up.example"))
    assert not Sighting.objects.exists()


def test_it_is_written_once_a_minute_and_for_so_many_sites(make_embed, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    embed = make_embed(widget="board", thing="JFK/departures", sites="")
    address = reverse("embeds:keyed", args=[embed.token])
    for number in range(60):
        Client().get(address, headers=framed_by(f"https://site{number}.example"))
    assert Sighting.objects.count() == 50
    first = Sighting.objects.get(site="https://site1.example")
    for seconds, moved in ((59, False), (1, True)):
        time_machine.shift(seconds)
        Client().get(address, headers=framed_by("https://site1.example"))
        first.refresh_from_db()
        assert (first.last_at > first.first_at) is moved
    time_machine.shift(timedelta(days=31))
    for _try in range(2):
        Client().get(address, headers=framed_by("https://new.example"))
    assert set(Sighting.objects.values_list("site", flat=True)) == {"https://new.example"}


# The script


def test_the_script_stands_at_an_address_that_never_changes(client):
    response = client.get("/embed/airside.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "max-age=300" in response["Cache-Control"]
    assert not response.cookies
    again = client.get("/embed/airside.js", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert again["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert again["Access-Control-Allow-Origin"] == "*"


def test_static_files_can_be_loaded_in_a_sandbox(process):
    answer = httpx.get(f"{process.url}/static/js/live.js")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"

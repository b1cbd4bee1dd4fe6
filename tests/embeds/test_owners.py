"""Who makes widgets: snippets, lists of sites, and the end of a key."""

import threading

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.urls import reverse

from embeds.models import Embed, State
from tests.embeds.conftest import HOTEL
from verbs.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


def new(client, widget="board", **data):
    return client.post(
        reverse("embeds:new", args=[widget]),
        {"airport": "JFK", "side": "departures", "name": "Hotel", "sites": HOTEL, **data},
    )


def test_the_snippet_of_a_public_widget_and_its_preview(as_alice, flight):
    query = {"airport": "jfk", "side": "departures", "theme": "dark", "accent": "#0a7d55", "rows": "4"}
    page = as_alice.get(reverse("embeds:new", args=["board"]), query)
    snippet = page.context["snippet"]
    assert snippet.splitlines()[0].endswith('/embed/airside.js" async></script>')
    assert '<airside-board airport="JFK" side="departures" rows="4" theme="dark" accent="#0a7d55"><a href="' in snippet
    assert "Departures, John F Kennedy International Airport</a></airside-board>" in snippet
    preview = as_alice.get(page.context["preview"])
    assert preview.status_code == 200
    assert 'data-accent="#0a7d55"' in preview.text
    assert page.context["preview"].replace("&", "&amp;") in page.text
    assert "&lt;airside-board" in page.text


def test_a_hostile_thing_stays_text_in_a_snippet(as_alice, flight):
    page = as_alice.get(
        reverse("embeds:new", args=["board"]), {"airport": "JFK", "side": "departures", "terminal": '"><x'}
    )
    assert 'terminal="&quot;&gt;&lt;x"' in page.context["snippet"]


def test_making_one_with_a_key(as_alice, alice, flight):
    response = new(as_alice)
    embed = Embed.objects.get()
    assert response.url == reverse("embeds:embed", args=[embed.pk])
    assert (embed.owner, embed.widget, embed.thing, embed.sites) == (alice, "board", "JFK/departures", HOTEL)
    page = as_alice.get(response.url)
    assert f'<airside-board key="{embed.token}">' in page.context["snippet"]
    assert "Not seen yet" in as_alice.get("/embeds/").text


@pytest.mark.parametrize(
    "sites",
    [
        "hotel.example",
        "https://a.example/path",
        "https://a.example; script-src *",
        "https://*.example",
        "javascript:alert(1)",
    ],
)
def test_a_list_with_something_else_than_origins_is_refused(as_alice, flight, sites):
    response = new(as_alice, sites=sites)
    assert response.status_code == 422
    assert "is not an origin" in response.text
    assert not Embed.objects.exists()


def test_a_private_one_needs_a_list(as_alice, flight):
    response = new(as_alice, "followed", flight="B6 1010", sites="")
    assert response.status_code == 422
    assert new(as_alice, "followed", flight="B6 1010").status_code == 302
    assert Embed.objects.get().thing == "B6-1010"


def test_nobody_makes_one_of_what_is_not_theirs(as_alice, flight, bistro):
    assert (
        as_alice.post(
            reverse("embeds:new", args=["booking"]), {"booking": "1", "name": "x", "sites": HOTEL}
        ).status_code
        == 422
    )
    assert as_alice.get(reverse("embeds:new", args=["nothing"])).status_code == 404
    assert not Embed.objects.exists()


def test_those_of_others_do_not_exist(client, embed, charlie):
    client.force_login(charlie)
    assert client.get(reverse("embeds:embed", args=[embed.pk])).status_code == 404
    assert client.post(reverse("embeds:act", args=[embed.pk, "revoke"]), {"seen": 1}).status_code == 404
    assert "Hotel" not in client.get("/embeds/").text
    assert client.get(f"/live/embeds/{embed.owner_id}/").status_code == 404
    assert client.get("/live/embeds/all/").status_code == 404
    assert client.get(f"/live/embed-state/{embed.pk}/").status_code == 404
    embed.refresh_from_db()
    assert embed.state == State.IN_USE


def test_who_is_not_signed_in_signs_in(client, embed):
    for address in ("/embeds/", reverse("embeds:new", args=["board"]), reverse("embeds:embed", args=[embed.pk])):
        assert client.get(address).url.startswith("/accounts/login/")


def test_staff_see_and_withdraw_all_but_get_no_key(client, embed, bob):
    bob.user_permissions.add(Permission.objects.get(codename="view_embed"))
    client.force_login(bob)
    assert "Hotel" in client.get("/embeds/").text
    page = client.get(reverse("embeds:embed", args=[embed.pk]))
    assert embed.token not in page.text
    client.post(reverse("embeds:act", args=[embed.pk, "revoke"]), {"seen": embed.revision})
    embed.refresh_from_db()
    assert embed.state == State.REVOKED


def test_changing_the_list_and_withdrawing(as_alice, embed):
    address = reverse("embeds:act", args=[embed.pk, "change"])
    sites = "https://other.example\nhttps://café.example"
    assert as_alice.post(address, {"seen": embed.revision, "name": "Other", "sites": sites}).status_code == 303
    embed.refresh_from_db()
    assert embed.listed_sites == ["https://other.example", "https://xn--caf-dma.example"]
    assert as_alice.post(address, {"seen": 1, "name": "Old", "sites": sites}).status_code == 409
    assert as_alice.post(address, {"seen": embed.revision, "name": "Bad", "sites": "nonsense"}).status_code == 422
    token = embed.token
    as_alice.post(reverse("embeds:act", args=[embed.pk, "revoke"]), {"seen": embed.revision})
    assert as_alice.get(reverse("embeds:keyed", args=[token])).status_code == 410
    page = as_alice.get(reverse("embeds:embed", args=[embed.pk]))
    assert "snippet" not in page.context


def test_an_owner_has_so_many_at_most(as_alice, alice, flight, monkeypatch):
    monkeypatch.setattr("embeds.models.MOST", 2)
    for _number in range(3):
        new(as_alice)
    assert Embed.objects.count() == 2


def test_a_thing_that_is_gone_does_not_break_the_list(as_alice, make_embed):
    embed = make_embed(thing="99999")
    assert "no longer there" in as_alice.get("/embeds/").text
    assert as_alice.get(reverse("embeds:embed", args=[embed.pk])).status_code == 200


def test_a_private_one_without_a_list_can_not_be_made_by_any_way(make_embed):
    with pytest.raises(Refused):
        make_embed(sites="")
    embed = make_embed()
    with pytest.raises(Refused):
        embed.change("Hotel", "")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_make_one_too_many(alice, flight, monkeypatch):
    monkeypatch.setattr("embeds.models.MOST", 3)
    start, refused = threading.Barrier(6), []

    def make():
        start.wait()
        try:
            Embed.objects.make(alice, widget="board", thing="JFK/departures", name="x", sites="")
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Embed.objects.count() == len(refused) == 3

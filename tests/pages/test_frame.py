"""The pages of the site's frame: connection check, health, robots, language."""

import pytest

pytestmark = pytest.mark.django_db


def test_alive_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


def test_robots_keep_out_of_what_is_private(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    assert "Disallow: /accounts/" in answer.text


def test_the_connection_check_is_whole_without_scripts(client):
    assert "Every page works without it" in client.get("/connection/").text


def test_a_language_is_chosen_and_kept(client):
    answer = client.post("/language/", {"language": "de", "next": "/connection/"})
    assert answer["Location"] == "/connection/"
    assert client.get("/connection/")["Content-Language"] == "de"


def test_choosing_a_language_never_leads_elsewhere(client):
    assert client.post("/language/", {"language": "de", "next": "https://evil.example/"})["Location"] == "/"


def test_a_language_we_do_not_speak_changes_nothing(client):
    client.post("/language/", {"language": "tlh", "next": "/"})
    assert client.get("/connection/")["Content-Language"] == "en"


@pytest.mark.parametrize("address", ["/connection/", "/healthz", "/robots.txt"])
def test_they_are_for_reading(client, address):
    assert client.post(address).status_code == 405


def test_pages_that_name_no_icon_find_one(client):
    answer = client.get("/favicon.ico", follow=True)
    assert answer.redirect_chain == [("/static/img/favicon.svg", 302)]
    assert client.post("/favicon.ico").status_code == 405

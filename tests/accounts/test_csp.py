"""The security headers of every page that has a name and needs no arguments, and of every kind of error."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import URLPattern, get_resolver, path, reverse

from urls import urlpatterns as site_urls

pytestmark = pytest.mark.django_db


def names(patterns, namespace=""):
    """The names of the addresses below these patterns that take no arguments."""
    for entry in patterns:
        if entry.pattern.converters or entry.pattern.regex.groups:
            continue
        if isinstance(entry, URLPattern):
            if entry.name:
                yield namespace + entry.name
        else:
            yield from names(entry.url_patterns, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)


PAGES = sorted({reverse(name) for name in names(get_resolver().url_patterns)})


def fail(request):
    raise RuntimeError("on purpose")


def refuse(request):
    raise PermissionDenied


urlpatterns = [*site_urls, path("fails/", fail), path("refuses/", refuse)]


def assert_guarded(answer):
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer.get("X-Frame-Options", "DENY") == "DENY"  # probes and files are answered before it


def test_the_crawl_finds_pages():
    assert {"/accounts/login/", "/admin/", "/connection/", "/healthz", "/accounts/mailbox/", "/robots.txt"} <= set(
        PAGES
    )


@pytest.mark.parametrize("address", PAGES)
def test_a_visitor_gets_it_guarded(client, demo, address):
    assert_guarded(client.get(address))


@pytest.mark.parametrize("address", PAGES)
def test_an_administrator_gets_it_guarded(client, root, demo, address):
    client.force_login(root)
    answer = client.get(address)
    assert_guarded(answer)
    assert answer.status_code < 500


def test_people_and_lists_of_the_admin(client, root):
    client.force_login(root)
    for address in ("/admin/accounts/user/", "/admin/accounts/user/add/", f"/admin/accounts/user/{root.pk}/change/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert_guarded(answer)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/nowhere/", 404, "Page not found"),
        ("/refuses/", 403, "You may not see this page"),
        ("/fails/", 500, "Something went wrong"),
        ("/static/js/live.js", 200, ""),
        ("/static/nowhere.js", 404, ""),
    ],
)
def test_errors_and_files(client, address, status, says):
    client.raise_request_exception = False
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.streaming or says in answer.text
    assert_guarded(answer)


def test_a_form_without_its_token(alice):
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": alice.email})
    assert answer.status_code == 403
    assert "Please send that again" in answer.text
    assert_guarded(answer)


def test_a_host_that_is_not_ours(client):
    answer = client.get("/connection/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "Content-Security-Policy" in answer


def test_a_redirect_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/connection/")
    assert answer.status_code == 301
    assert "Content-Security-Policy" in answer
    assert Client().get("/healthz").status_code == 200

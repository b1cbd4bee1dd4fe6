import pytest
from django.http import Http404
from django.utils.timezone import localtime

from accounts.regions import Mailbox
from pages.nav import home_zone

pytestmark = pytest.mark.django_db


def test_the_newest_200_are_shown(demo, kept):
    for number in range(203):
        kept(subject=str(number))
    assert [row.subject for row in Mailbox().rows()] == [str(number) for number in range(202, 2, -1)]


def test_the_page_shows_the_newest_first(client, demo, kept):
    kept("Older"), kept("Newer")
    page = client.get("/accounts/mailbox/").text
    assert page.index("Newer") < page.index("Older")
    assert "No mail yet" not in page


def test_an_empty_mailbox_says_what_will_come(client, demo):
    assert "No mail yet" in client.get("/accounts/mailbox/").text


def test_the_fragment_is_the_pages_region(client, demo, kept):
    kept("Once")
    fragment = client.get("/live/mailbox/")
    assert fragment.status_code == 200
    assert fragment.text in client.get("/accounts/mailbox/").text


def test_without_the_demo_there_is_none(client, kept):
    kept("Secret")
    assert client.get("/accounts/mailbox/").status_code == 404
    assert client.get("/live/mailbox/").status_code == 404
    with pytest.raises(Http404):  # which closes a socket to it with 4404
        Mailbox().render()


def test_what_a_mail_says_is_text(client, demo, kept):
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 }}"
    kept(nasty, nasty, nasty)
    page = client.get("/accounts/mailbox/").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3
    assert "{{ 7 }}" in page


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "Go to http://testserver/a/?b=1&c=2.",
            'Go to <a href="/a/?b=1&amp;c=2">http://testserver/a/?b=1&amp;c=2</a>.',
        ),
        ("http://testserver", '<a href="/">http://testserver</a>'),
        ("http://testserver//evil.example/", '<a href="/evil.example/">http://testserver//evil.example/</a>'),
        ("http://testserver/\\evil.example", '<a href="/evil.example">http://testserver/\\evil.example</a>'),
        ("https://evil.example/", "https://evil.example/"),
        ("http://testserver@evil.example/", "http://testserver@evil.example/"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("http://[", "http://["),
    ],
)
def test_only_addresses_of_this_site_are_links(client, demo, kept, text, html):
    kept(text=text)
    assert f"<p>{html}</p>" in client.get("/accounts/mailbox/").text


@pytest.mark.usefixtures("airports")
def test_its_times_are_on_the_airports_clock(client, demo, kept):
    message = kept("Once")
    shown = localtime(message.made_at, home_zone())
    assert f">{shown:%H:%M}</time>" in client.get("/accounts/mailbox/").text

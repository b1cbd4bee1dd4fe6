"""What restaurants add to the frame and to the front page."""

import re


def current(page):
    """The entries of the main navigation that are marked, by their labels."""
    main = re.search(r'<nav aria-label="Main">(.*?)</nav>', page, re.DOTALL)[1]
    return re.findall(r'aria-current="page">(.*?)</a>', main)


def test_guests_pages_are_those_of_restaurants(client, bistro):
    for address in ("/restaurants/", "/restaurants/bistro/", "/restaurants/bistro/queue/"):
        assert current(client.get(address).text) == ["Restaurants"]
    assert 'href="/restaurants/"' in re.search(r'class="doors".*?</nav>', client.get("/").text, re.DOTALL)[0]


def test_a_hosts_pages_are_those_of_the_book(host, book):
    reservation = book("18:30")
    for address in ("", "new/", f"{reservation.reference}/"):
        assert current(host.get(f"/restaurants/bistro/book/{address}").text) == ["Reservations"]
    assert current(host.get("/restaurants/").text) == ["Restaurants"]


def test_only_hosts_have_a_book(client, bistro, charlie):
    assert "/restaurants/bistro/book/" not in client.get("/").text
    client.force_login(charlie)
    assert "/restaurants/bistro/book/" not in client.get("/").text

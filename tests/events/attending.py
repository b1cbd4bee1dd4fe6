"""An attendee's browser, for tests of the pages."""

import re

from django.urls import reverse
from django.utils.html import strip_tags


class Browser:
    """``Browser(client, event)``: chooses places, fills in the form, and follows where it leads."""

    def __init__(self, client, event):
        self.client, self.event = client, event

    def open(self, query=""):
        return self.client.get(f"{self.event.get_absolute_url()}{query}")

    def choose(self, voucher="", **counts):
        """``choose(Adult=2)``: from a page of its own, whose key it sends along."""
        page = self.open(f"?voucher={voucher}" if voucher else "")
        keys = {type_.name: type_.pk for type_ in self.event.types.all()}
        data = {f"type-{keys[name.replace('_', ' ')]}": count for name, count in counts.items()}
        data |= {"key": field(page, "key"), "voucher": voucher}
        return self.client.post(reverse("events:hold", args=[self.event.slug]), data)

    def fill(self, address, **fields):
        data = {"name": "Ada", "email": "ada@example.org", **fields}
        return self.client.post(address, data)

    def register(self, count=1, **fields):
        """From the choice to the page of the registration; the address of that page."""
        held = self.choose(**{self.event.types.first().name: count})
        names = {f"name-{number}": f"Guest {number}" for number in range(2, count + 1)}
        return self.fill(held.url, **names, **fields).url


def field(page, name):
    """The value of a hidden field."""
    html = page.content.decode()
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def words(page):
    """The text of a page, with single spaces."""
    return re.sub(r"\s+", " ", strip_tags(page.content.decode()))

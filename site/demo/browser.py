"""A browser without scripts: it opens pages and sends their forms, as a person would."""

from html.parser import HTMLParser
from typing import Self

import httpx

Form = tuple[str, dict[str, str]]  # the address that it is sent to, and what its fields hold


def browser(url: str) -> httpx.Client:
    """A new browser at the site, without cookies."""
    return httpx.Client(base_url=url, follow_redirects=True, timeout=30, headers={"Referer": url + "/"})


class Page(HTMLParser):
    """A page, with what can be pressed and chosen on it. Raises httpx.HTTPStatusError for an error page."""

    def __init__(self, client: httpx.Client, answer: httpx.Response) -> None:
        super().__init__()
        self.client, self.address = client, answer.url.path
        self.forms: list[Form] = []  # those that are sent by POST
        self.named: dict[str, Form] = {}  # those of them that have an id
        self.pressable: list[dict[str, str | None]] = []  # the attributes of each button
        self.offered: dict[str, list[str]] = {}  # the options of each select, by its name
        self.form: Form | None = None
        self.has_first = False  # whether the form has a button already that sends it
        self.select: str | None = None
        answer.raise_for_status()
        self.feed(answer.text)

    @classmethod
    def get(cls, client: httpx.Client, address: str) -> Self:
        return cls(client, client.get(address))

    def send(self, ends: str, **fields: str | int | list[str]) -> "Page":
        """Send the first form whose address ends like this, with what it holds and these fields; return the page that
        follows. Raises LookupError if there is no such form."""
        action, data = [form for form in self.forms if form[0].endswith(ends)][0]  # noqa: RUF015  (a LookupError)
        return Page(self.client, self.client.post(action or self.address, data={**data, **fields}))

    def press(self, ends: str, value: str = "") -> "Page":
        """Press the first button that sends a form elsewhere, to an address that ends like this; ``value``: that of the
        button, where several do. Returns the page that follows. Raises LookupError if there is no such button."""
        button = [  # noqa: RUF015  (a LookupError)
            button
            for button in self.pressable
            if (button.get("formaction") or "").endswith(ends) and value in ("", button.get("value"))
        ][0]
        _address, data = self.named[button.get("form") or ""]
        pressed = {button["name"] or "": button.get("value") or ""} if button.get("name") else {}
        return Page(self.client, self.client.post(button["formaction"] or "", data={**data, **pressed}))

    def buttons(self, name: str) -> list[str]:
        """The values of all enabled buttons of this name."""
        return [
            button["value"] or ""
            for button in self.pressable
            if button.get("name") == name and "disabled" not in button
        ]

    def options(self, name: str) -> list[str]:
        """The values of all options of the selects of this name."""
        return self.offered.get(name, [])

    def has_button(self, form: str) -> bool:
        """Whether the form with this id has an enabled button."""
        return any(button.get("form") == form and "disabled" not in button for button in self.pressable)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name, value = found.get("name"), found.get("value") or ""
        if tag == "form":
            self.form, self.has_first = (found.get("action") or "", {}), False
            if (found.get("method") or "").lower() == "post":
                self.forms.append(self.form)
                self.named[found.get("id") or ""] = self.form
        elif tag == "button":
            self.pressable.append(found)
            if self.form and not self.has_first and found.get("type") != "button" and "formaction" not in found:
                self.has_first = True  # the one that ``send`` presses
                if name:
                    self.form[1][name] = value
        elif tag == "select":
            self.select = name
        elif self.form is None:
            return
        elif tag == "option" and self.select:
            self.offered.setdefault(self.select, []).append(value)
            if "selected" in found or self.select not in self.form[1]:
                self.form[1][self.select] = value
        elif tag == "input" and name and (found.get("type") not in ("radio", "checkbox") or "checked" in found):
            self.form[1][name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None

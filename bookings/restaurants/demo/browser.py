"""Pages as a person's browser has them: what can be pressed there, and what their forms would send."""

from html.parser import HTMLParser

import httpx


def browser(url):
    return httpx.Client(base_url=url, follow_redirects=True, timeout=30, headers={"Referer": url + "/"})


class Page(HTMLParser):
    """A page as a browser has it: its forms with what they would send."""

    def __init__(self, client, answer):
        super().__init__()
        self.client, self.address = client, answer.url.path
        self.forms, self.pressed, self.offered, self.form, self.select = [], [], {}, None, None
        answer.raise_for_status()
        self.feed(answer.text)

    @classmethod
    def get(cls, client, address):
        return cls(client, client.get(address))

    def send(self, ends, **fields):
        """Send the first form by POST whose address ends so, with what it holds and these fields. Answers the page that follows."""
        action, data = [form for form in self.forms if form[0].endswith(ends)][0]  # noqa: RUF015  (a LookupError)
        return Page(self.client, self.client.post(action or self.address, data={**data, **fields}))

    def buttons(self, name):
        """The values of all buttons of this name that can be pressed."""
        return [button["value"] for button in self.pressed if button.get("name") == name and "disabled" not in button]

    def options(self, name):
        """The values of all options of the selects of this name."""
        return self.offered.get(name, [])

    def has_button(self, form):
        """Whether a button of the form with this id can be pressed."""
        return any(button.get("form") == form and "disabled" not in button for button in self.pressed)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        name, value = found.get("name"), found.get("value") or ""
        if tag == "form":
            self.form = (found.get("action") or "", {})
            if found.get("method", "").lower() == "post":
                self.forms.append(self.form)
        elif tag == "button":
            self.pressed.append(found)
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

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None

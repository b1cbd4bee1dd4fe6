"""A page's DOM, as far as frames can change it: what htmx does with partials, on strings."""

import json
import re

PARTIAL = re.compile(r'<hx-partial hx-target="#([^"]+)" hx-swap="(\w+)">(.*?)</hx-partial>', re.S)
ROW = re.compile(r'<(li|tr) id="(?P<id>[^"]+)">.*?</\1>', re.S)


class Missing(Exception):
    """A frame named an element that the page doesn't have."""


class Dom:
    """One region's HTML in a page: a shell around an element with the id ``rows_id`` and ``<li id>`` or ``<tr id>`` rows."""

    def __init__(self, region_id, html, version):
        self.region_id, self.rows_id, self.version = region_id, f"{region_id}-rows", version
        self.load(html)

    def load(self, html):
        self.rows = {match["id"]: match[0] for match in ROW.finditer(html)}
        self.shell = ROW.sub("", html)

    @property
    def html(self):
        before, opening, after = self.shell.partition(f'id="{self.rows_id}">')
        return before + opening + "".join(self.rows.values()) + after

    def take(self, text):
        """What live.js and htmx do with a frame. Returns False where it was not for what is shown."""
        frame = json.loads(text)
        if "content" not in frame or frame["v"] == self.version:
            return True
        if frame.get("from", self.version) != self.version:
            return False
        parts = PARTIAL.findall(frame["content"])
        assert (
            "".join(f'<hx-partial hx-target="#{t}" hx-swap="{s}">{c}</hx-partial>' for t, s, c in parts)
            == frame["content"]
        )
        for target, _, _ in parts:  # htmx looks them all up before it changes anything
            if target not in {self.region_id, self.rows_id, *self.rows}:
                raise Missing(target)
        for target, swap, content in parts:
            self.swap(target, swap, content)
        self.version = frame["v"]
        return True

    def swap(self, target, swap, content):
        if target == self.region_id:
            assert swap == "innerMorph"
            if " data-keep" in content:
                self.shell = content.replace(" data-keep", "")
            else:
                self.load(content)
            return
        new = {match["id"]: match[0] for match in ROW.finditer(content)}
        rows = list(self.rows.items())
        if target == self.rows_id:
            rows = list(new.items()) if swap == "innerMorph" else [*new.items(), *rows]
            assert swap in {"innerMorph", "afterbegin"}
        else:
            at = list(self.rows).index(target)
            if swap == "delete":
                rows[at : at + 1] = []
            elif swap == "outerMorph":
                rows[at : at + 1] = new.items()
            else:
                assert swap == "afterend"
                rows[at + 1 : at + 1] = new.items()
        assert len({row_id for row_id, _ in rows}) == len(rows), "one id twice"
        self.rows = dict(rows)

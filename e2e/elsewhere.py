"""Another site, on another host and port, as strict as sites get: its policy lets in our script and our frames, and no more.

Its pages are for a browser to look at (fixture ``elsewhere``). What its policy stops is reported to it.
"""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>Hotel</title><link rel="stylesheet" href="/style.css">{head}</head>
<body><h1>Hotel Elsewhere</h1>{body}</body></html>"""


class Elsewhere:
    """``put(path, body)`` makes a page of it and returns its address; ``reports`` are what its policy stopped."""

    def __init__(self, ours):
        self.ours = ours
        self.pages = {}
        self.reports = []
        self.style = ""

    @property
    def script(self):
        return f'<script src="{self.ours}/embed/airside.js" async></script>'

    @property
    def policy(self):
        return (
            f"default-src 'none'; script-src {self.ours}/embed/airside.js; frame-src {self.ours}; style-src 'self'; "
            "trusted-types 'none'; require-trusted-types-for 'script'; base-uri 'none'; form-action 'none'; report-uri /report"
        )

    def put(self, path, body, head=None, lang="en", policy=None):
        head = self.script if head is None else head
        headers = {"Content-Type": "text/html", "Content-Security-Policy": policy or self.policy}
        self.pages[path] = headers, PAGE.format(lang=lang, head=head, body=body).encode()
        return f"{self.url}{path}"

    def handler(self):
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/style.css":
                    headers, body = {"Content-Type": "text/css"}, site.style.encode()
                else:
                    headers, body = site.pages.get(self.path, ({"Content-Type": "text/html"}, b""))
                self.send_response(200)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                report = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                site.reports.append(report["csp-report"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args):
                pass

        return Handler


@contextmanager
def another_site(ours):
    """An Elsewhere that embeds the site at the address ``ours``, served on localhost, which is no 127.0.0.1 to browsers."""
    site = Elsewhere(ours)
    with ThreadingHTTPServer(("127.0.0.1", 0), site.handler()) as listening:
        site.url = f"http://localhost:{listening.server_port}"
        Thread(target=listening.serve_forever, daemon=True).start()
        yield site
        listening.shutdown()

"""Clients of a running server that are signed in: by a session of their own, or by the sign-in form."""

import httpx
from django.conf import settings
from django.test import Client

CSRF_TOKEN = "a" * 32


def session_cookie(user):
    """A new session of this user, as the name and value of its cookie."""
    client = Client()
    client.force_login(user)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def socket_of(server, user, path):
    """A socket that this user opens to a path such as ``/ws/mailbox/``, signed in."""
    ((name, value),) = session_cookie(user).items()
    return server.ws(path, additional_headers={"Cookie": f"{name}={value}"})


def browser_of(server, user):
    """An httpx client of this user, signed in, that sends forms as htmx does."""
    cookies = {**session_cookie(user), settings.CSRF_COOKIE_NAME: CSRF_TOKEN}
    headers = {"X-CSRFToken": CSRF_TOKEN, "Referer": server.url, "HX-Request": "true"}
    return httpx.Client(base_url=server.url, cookies=cookies, headers=headers, timeout=30)


def sign_in(url, email, password):
    """An httpx client after the sign-in form, and the form's answer. The server checks the password."""
    client = httpx.Client(base_url=url, timeout=30, trust_env=False)
    client.get("/accounts/login/")
    fields = {"login": email, "password": password, "csrfmiddlewaretoken": client.cookies[settings.CSRF_COOKIE_NAME]}
    return client, client.post("/accounts/login/", data=fields)

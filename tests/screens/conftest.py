import json
import time

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client

from screens import contents
from screens.contents import Content
from screens.kiosk import keys
from screens.models import Hours, Screen
from tracking.flights.travellers.regions import NextDepartures


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    """Rates and heartbeats are in the cache, which outlives a test."""
    cache.clear()


class Iata(forms.Form):
    iata = forms.CharField(max_length=3)


@pytest.fixture
def content(monkeypatch):
    """A content of tests: the next departures of an airport."""
    made = Content(
        "next",
        "Next departures",
        Iata,
        lambda settings, languages: NextDepartures(iata=settings["iata"], language=languages[0]),
        lambda settings: f"/flights/{settings['iata']}/departures/",
        lambda settings: f"Next departures {settings['iata']}",
    )
    monkeypatch.setitem(contents.CONTENTS, made.name, made)
    return made


@pytest.fixture
def make_screen(content, airports):
    """``make_screen("hall", zone="t4")``: set up, and paired unless ``paired=False``."""

    def make(slug="hall", paired=True, **fields):
        screen = Screen.objects.set_up(slug=slug, **{"name": slug.title(), "place": "Hall 1", **fields})
        Hours.objects.create(screen=screen, shows="next", settings={"iata": "JFK"})
        return screen.pair() if paired else screen

    return make


@pytest.fixture
def hall(make_screen):
    return make_screen()


@pytest.fixture
def technician(bob):
    """Somebody who may set up screens and send messages to them."""
    bob.user_permissions.add(*Permission.objects.filter(content_type__app_label="screens"))
    return bob


class Device(Client):
    """A screen's browser, which has the key of a screen."""

    def __init__(self, screen=None, **options):
        super().__init__(**options)
        self.screen = screen
        if screen:
            self.cookies[keys.KEY] = screen.token

    def said(self, **values):
        """What a device that shows what it should says."""
        return {
            "device": "device-1",
            "loaded_at": time.time() - 60,
            "release": settings.RELEASE,
            "engine": "Chromium 120",
            "width": 1920,
            "height": 1080,
            "clock_offset": 12,
            "version": "",
            "version_at": time.time() - 1,
            "painted_at": 0,
            "page": 1,
            "pages": 3,
            "message": 0,
            "cut": False,
            **values,
        }

    def beat(self, screen=None, **values):
        """The answer to a heartbeat."""
        return self.send(self.said(**values), screen)

    def send(self, body, screen=None):
        slug = (screen or self.screen).slug
        body = body if isinstance(body, bytes) else json.dumps(body)
        return self.post(f"/kiosk/{slug}/beat/", body, content_type="application/json")


@pytest.fixture
def device(hall):
    return Device(hall)

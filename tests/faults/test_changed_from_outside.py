"""Another program changes the data, with nothing between it and the server but the database."""

import subprocess
import sys

import pytest
from django.conf import settings

from tracking.flights.models import Airport

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_a_management_command_changes_is_on_open_pages_within_five_seconds(serve, open_page, flight):
    Airport.objects.filter(pk="BOS").update(city="Bosten")
    server = serve(REDIS_URL="", LIVE_OUTBOX_EVERY="2")
    with open_page(server, "departures/JFK/") as page:
        assert "Bosten" in page.dom.html
        command = [sys.executable, settings.BASE / "manage.py", "airports", "--verbosity=0"]
        subprocess.run(command, env=server.environment, check=True)
        page.until_current(5)
        assert "Boston" in page.dom.html

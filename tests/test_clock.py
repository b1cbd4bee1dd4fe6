"""Tests run in the afternoon, at whatever hour they are started: no day ends and no service begins in the middle of one."""

import subprocess
import sys
from datetime import UTC, datetime

from django.utils import timezone

from tests.clock import AFTERNOON

HOURS = range(14, 18)


def real_now():
    """What another process says."""
    code = "import time; print(time.time())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    return datetime.fromtimestamp(float(said), UTC)


def test_it_is_afternoon_in_new_york(airports):
    now = timezone.now()
    assert now.date() == AFTERNOON.date()
    assert timezone.localtime(now, airports["JFK"].tz).hour in HOURS
    assert str(airports["JFK"].tz) == "America/New_York"


def test_with_a_server_the_time_is_the_real_one_and_it_is_afternoon_all_the_same(process, transactional_db, airports):
    assert abs((timezone.now() - real_now()).total_seconds()) < 60
    assert timezone.localtime(timezone=airports["JFK"].tz).hour in HOURS

"""What operators see of mail: /readyz, metrics, the admin; and that what is over goes."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.utils import timezone
from prometheus_client import REGISTRY

from post import metrics
from post.models import UNDELIVERED_KEPT, Message

pytestmark = pytest.mark.django_db(transaction=True)


def test_mail_that_waits_for_long_is_told_of_and_takes_no_process_out(write, client, time_machine):
    time_machine.move_to("2026-11-05T19:03:00Z")
    write(), write("bob@example.org")
    assert client.get("/readyz").json()["checks"]["post"]["ok"]
    time_machine.move_to("2026-11-05T19:06:00Z")
    answer = client.get("/readyz")
    found = answer.json()["checks"]["post"]
    assert answer.status_code == 200 and not found["vital"]
    assert found["problem"] == "2 waiting, the oldest since 2026-11-05 19:03 UTC"
    assert "example.org" not in answer.text


def test_what_waits_is_measured(write):
    metrics.measure()
    assert REGISTRY.get_sample_value("airside_post_waiting") == 0
    write()
    Message.objects.update(made_at=timezone.now() - timedelta(minutes=10))
    metrics.measure()
    assert REGISTRY.get_sample_value("airside_post_waiting") == 1
    assert 600 <= REGISTRY.get_sample_value("airside_post_oldest_seconds") < 610


def test_what_is_over_goes_after_some_days(write, settings):
    settings.MAIL_KEPT_DAYS = 3
    now = timezone.now()
    days = {
        "sent lately": ("sent", 2),
        "sent": ("sent", 4),
        "refused": ("refused", 4),
        "refused long ago": ("refused", UNDELIVERED_KEPT.days + 1),
        "waiting": ("waiting", None),
    }
    for name, (state, ago) in days.items():
        Message.objects.filter(pk=write(name=name).pk).update(
            state=state, ended_at=ago and now - timedelta(days=ago), subject=name
        )
    Message.objects.prune(now)
    assert set(Message.objects.values_list("subject", flat=True)) == {"sent lately", "refused", "waiting"}


def test_settings_without_a_mail_server_are_found_before_they_go_live(settings):
    settings.EMAIL_BACKEND = "post.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "Airside <desk@airside.example>"
    assert not found() & {"airside.W004", "airside.W005"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "Airside <airside@localhost>"
    assert found() >= {"airside.W004", "airside.W005"}


def found():
    return {found.id for found in run_checks(tags=["security"], include_deployment_checks=True)}

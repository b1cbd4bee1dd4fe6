import pytest
from django.core.checks import run_checks


def ids():
    return {found.id for found in run_checks(tags=["security"], include_deployment_checks=True)}


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("DEMO", True, "airside.E001"),
        ("AIRSIDE_ORIGINS", [], "airside.E002"),
        ("ALLOWED_HOSTS", ["*"], "airside.W003"),
    ],
)
def test_what_must_not_go_live_is_found(settings, name, value, found):
    settings.EMAIL_BACKEND, settings.DEFAULT_FROM_EMAIL = "post.smtp.EmailBackend", "desk@airside.example"
    settings.DEMO, settings.AIRSIDE_ORIGINS, settings.ALLOWED_HOSTS = (
        False,
        ["https://airside.example"],
        ["airside.example"],
    )
    assert not any(number.startswith("airside") for number in ids())
    setattr(settings, name, value)
    assert found in ids()

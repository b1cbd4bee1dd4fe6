"""Settings of a site that also has addresses that fail: tests.server.failing_urls."""

from tests.served import *  # noqa: F403

ROOT_URLCONF = "tests.server.failing_urls"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

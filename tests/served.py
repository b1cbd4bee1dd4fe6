"""The settings of the servers that tests start: the site's own, but that passwords cost little, and mail and forms are not bounded.

No installation can come by them: an image has no tests/, and nothing but tests/serving.py names this module.
"""

from settings import *  # noqa: F403

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of accounts that manage.py has made
]

# All tests write to the same few people, and come from one address, within one window of the counts.
MAILS_PER_RECIPIENT = MAILS_PER_ADDRESS = MAILS_PER_SESSION = POSTS_PER_ADDRESS = 10**6

PAYMENT_VARIANTS = {"default": ("checkout.providers.DemoProvider", {})}

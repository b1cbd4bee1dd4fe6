"""People who are signed in, for the bench, in the database of the process that imports this."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction

from accounts.models import User

PEOPLE = 1500


def sessions():
    """So many people, each as ``(pk, cookie)`` of a session."""
    User.objects.bulk_create(User(email=f"{number}@bench.example", password="!") for number in range(PEOPLE))
    with transaction.atomic():
        people = [(user.pk, session_of(user)) for user in User.objects.filter(email__endswith="@bench.example")]
    return {"people": people}


def session_of(user):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

"""Mail that strangers cause is bounded: to one recipient, from one address, in one session. What is real goes on."""

import pytest
from allauth.core.context import request_context
from django.contrib.auth.models import AnonymousUser, Group
from django.core.cache import cache
from prometheus_client import REGISTRY

from accounts.models import User
from post import strangers
from post.mail import post
from post.models import Message, undelivered_about
from tests.post.conftest import TEMPLATE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counts(settings):
    cache.clear()
    settings.MAILS_PER_RECIPIENT, settings.MAILS_PER_ADDRESS, settings.MAILS_PER_SESSION = 3, 5, 4


@pytest.fixture
def asked(rf):
    """``asked(to, address=…)``: a request of a visitor writes a mail to this address; gives whether it will be sent."""

    def write(to="ada@example.org", address="203.0.113.7", user=None, session=None, **options):
        request = rf.post("/", REMOTE_ADDR=address)
        request.user = user or AnonymousUser()
        request.session = Session(session)
        with request_context(request):
            messages = post(TEMPLATE, to, {"name": "Ada", "gate": "B22"}, "en", **options)
        return [message.state for message in messages] == ["waiting"]

    return write


class Session:
    def __init__(self, key):
        self.session_key = key


@pytest.fixture
def alice(db):
    return User.objects.create_user("alice@example.org")


def counted(by):
    return REGISTRY.get_sample_value("airside_post_held_total", {"by": by}) or 0


def test_one_recipient_gets_so_many_a_day_from_all_addresses_together(asked, time_machine):
    time_machine.move_to("2026-11-05T19:00:00Z", tick=False)
    before = counted("recipient")
    assert [asked(address=f"203.0.113.{number}") for number in range(5)] == [True] * 3 + [False] * 2
    assert asked("bob@example.org"), "others get theirs"
    assert Message.objects.filter(to="ada@example.org").count() == 3
    assert counted("recipient") == before + 2


def test_another_spelling_is_the_same_mailbox(asked):
    spellings = ["ada@example.org", "Ada@Example.org", "ada+1@example.org", "ada+2@example.org"]
    assert [asked(to) for to in spellings] == [True] * 3 + [False]


def test_one_address_causes_so_many_an_hour(asked):
    assert [asked(f"guest{number}@example.org") for number in range(6)] == [True] * 5 + [False]
    assert asked("guest9@example.org", address="198.51.100.1")


def test_one_session_causes_so_many_an_hour(asked):
    causes = [asked(f"guest{number}@example.org", f"203.0.113.{number}", session="key") for number in range(5)]
    assert causes == [True] * 4 + [False]


def test_a_mail_about_a_booking_is_kept_as_refused_for_its_staff_and_the_verb_succeeds(asked, alice):
    for _ in range(3):
        asked(about=alice)
    assert not asked(about=alice)
    (message,) = undelivered_about(alice)
    assert message.state == "refused" and "too many mails" in message.problem


def test_what_only_the_recipient_can_cause_is_not_bounded(asked):
    assert all(asked(bounded=False) for _ in range(5))


def test_staff_and_periodic_jobs_are_not_bounded(asked, write, alice, monkeypatch):
    monkeypatch.setattr(strangers, "works_here", [lambda user: user.pk == alice.pk])
    assert all(asked(user=alice) for _ in range(7))
    assert all(write().state == "waiting" for _ in range(7))


def test_who_works_at_the_desk_is_staff(asked, alice, django_user_model):
    alice.groups.add(Group.objects.get_or_create(name="flight desk")[0])
    assert all(asked(user=django_user_model.objects.get(pk=alice.pk)) for _ in range(7))


def test_who_has_just_an_account_is_a_stranger(asked, alice):
    assert [asked(user=alice) for _ in range(4)] == [True] * 3 + [False]


def test_who_has_shown_that_the_address_is_theirs_gets_mail_again(asked):
    assert [asked() for _ in range(4)] == [True] * 3 + [False]
    strangers.has_proven("Ada@example.org")
    assert asked()


def test_without_the_bound_a_mailbox_is_flooded(asked, monkeypatch):
    """That the tests above can fail: here the guard is taken out."""
    monkeypatch.setattr(strangers, "may_cause", lambda to: True)
    assert all(asked() for _ in range(50))

"""Forms of accounts that strangers use to flood a mailbox: bounded, and the answer never changes."""

import pytest
from django.test import Client

from post.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_a_day(settings):
    settings.MAILS_PER_RECIPIENT = 3


def test_many_resets_for_one_address_are_so_many_mails_and_one_answer(db):
    answers = {
        Client().post("/accounts/password/reset/", {"email": "ada@example.org"}, REMOTE_ADDR=f"203.0.113.{n}")[
            "Location"
        ]
        for n in range(20)
    }
    assert answers == {"/accounts/password/reset/done/"}
    assert Message.objects.filter(to="ada@example.org").count() == 3


def test_the_page_says_what_is_bounded_whether_it_was_or_not(client, settings):
    settings.DEMO = False
    page = client.get("/accounts/password/reset/done/").text
    assert "at most 3 mails a day" in page

import pytest

from accounts.models import User
from post.models import Message

pytestmark = pytest.mark.django_db

NEW = {"email": "New@Example.com", "password1": "runway-31-left", "password2": "runway-31-left"}


def sign_up(client, **changes):
    return client.post("/accounts/signup/", NEW | changes)


def test_signs_up_confirms_by_mail_and_is_in(client, mailbox):
    assert sign_up(client)["Location"] == "/accounts/confirm-email/"
    assert "_auth_user_id" not in client.session
    (link,) = mailbox()
    assert "new@example.com" in client.get(link).text
    client.post(link)
    assert client.session["_auth_user_id"] == str(User.objects.get(email="new@example.com").pk)


def test_a_taken_address_gets_the_same_answer_and_its_owner_a_mail(client, alice, demo):
    free, taken = sign_up(client), sign_up(client, email="alice@example.com")
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    assert User.objects.filter(email="alice@example.com").count() == 1
    assert Message.objects.get(to="alice@example.com").subject == "You already have an account"


def test_errors_stand_beside_their_fields(client):
    answer = sign_up(client, password2="another")
    assert 'aria-describedby="id_password2_error"' in answer.text
    assert 'id="id_password2_error"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert not User.objects.exists()


def test_an_altered_link_confirms_nothing(client, mailbox):
    sign_up(client)
    (link,) = mailbox()
    assert "has been used or has expired" in client.get(link[:-4] + "xyz/").text

import pytest

from post.models import Message

pytestmark = pytest.mark.django_db

NEW = {"password1": "holding-pattern-7", "password2": "holding-pattern-7"}


def test_a_forgotten_password_is_set_anew_by_mail(client, alice, mailbox, sign_in):
    assert (
        client.post("/accounts/password/reset/", {"email": alice.email})["Location"] == "/accounts/password/reset/done/"
    )
    (link,) = mailbox()
    form = client.get(link, follow=True)
    assert "Choose a new password" in form.text
    done = client.post(form.request["PATH_INFO"], NEW)
    assert done["Location"] == "/" and client.session["_auth_user_id"] == str(alice.pk), "and they are in"
    alice.refresh_from_db()
    assert alice.check_password("holding-pattern-7")
    assert Message.objects.filter(to=alice.email).count() == 2  # the link, and the notice that it was used
    client.post("/accounts/logout/")
    assert sign_in(alice.email, "holding-pattern-7")["Location"] == "/"


def test_the_link_works_once(client, alice, mailbox):
    client.post("/accounts/password/reset/", {"email": alice.email})
    (link,) = mailbox()
    client.post(client.get(link, follow=True).request["PATH_INFO"], NEW)
    assert "has been used or has expired" in client.get(link, follow=True).text


def test_an_unknown_address_gets_the_same_answer(client, alice, demo):
    known = client.post("/accounts/password/reset/", {"email": alice.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert Message.objects.get(to="nobody@example.com").subject == "There is no account for this address"


def test_changes_the_password(client, alice, sign_in):
    sign_in(alice.email)
    client.post("/accounts/password/change/", {"oldpassword": "window-seat-12A", **NEW})
    alice.refresh_from_db()
    assert alice.check_password("holding-pattern-7")


def test_an_old_password_that_is_wrong_changes_nothing(client, alice, sign_in):
    sign_in(alice.email)
    answer = client.post("/accounts/password/change/", {"oldpassword": "not it", **NEW})
    assert 'id="id_oldpassword_error"' in answer.text
    alice.refresh_from_db()
    assert alice.check_password("window-seat-12A")

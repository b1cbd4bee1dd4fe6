import pytest

from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def ask_for(client, address):
    """Ask to change to this address: the password is asked for first, then what was asked is done."""
    answer = client.post("/accounts/email/", {"email": address, "action_add": ""})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    page = client.get(answer["Location"])
    assert '<input type="hidden" name="next" value="/accounts/email/">' in page.text
    return client.post(answer["Location"], {"password": PASSWORD, "next": "/accounts/email/"})


def test_a_new_address_counts_once_it_is_confirmed(client, alice, sign_in, mailbox):
    sign_in(alice.email)
    ask_for(client, "alice@new.example")
    assert "alice@new.example" in client.get("/accounts/email/").text
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    client.post(mailbox()[0])
    alice.refresh_from_db()
    assert alice.email == "alice@new.example"


def test_a_change_can_be_taken_back(client, alice, sign_in, mailbox):
    sign_in(alice.email)
    ask_for(client, "alice@new.example")
    client.post("/accounts/email/", {"email": "alice@new.example", "action_remove": ""})
    client.get("/accounts/email/")  # it says once what was taken back
    assert "alice@new.example" not in client.get("/accounts/email/").text
    assert alice.emailaddress_set.get().email == "alice@example.com"


def test_without_the_password_nothing_changes(client, alice, sign_in):
    sign_in(alice.email)
    answer = client.post("/accounts/email/", {"email": "alice@new.example", "action_add": ""})
    assert "id_password_error" in client.post(answer["Location"], {"password": "not it"}).text
    assert alice.emailaddress_set.get().email == "alice@example.com"


def test_it_is_for_who_is_signed_in(client):
    assert client.get("/accounts/email/")["Location"].startswith("/accounts/login/")

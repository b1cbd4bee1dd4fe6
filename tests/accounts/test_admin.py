import pytest
from django.contrib.auth.models import Group

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_its_door_is_the_sites_own(client):
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/accounts/login/?next=%2Fadmin%2F"


def test_who_is_no_staff_is_refused(client, alice):
    client.force_login(alice)
    assert client.get("/admin/", follow=True).status_code == 403


def test_people_are_listed_and_found_by_address(client, root, alice):
    client.force_login(root)
    listed = client.get("/admin/accounts/user/?q=alice").text
    assert "alice@example.com" in listed
    assert "root@example.com</a>" not in listed


def test_adds_somebody_who_can_sign_in_at_once(client, root, sign_in):
    client.force_login(root)
    password = "gate-hold-short-4"
    fields = {"email": "Bob@Example.com", "usable_password": "true", "password1": password, "password2": password}
    client.post("/admin/accounts/user/add/", fields)
    client.logout()
    assert sign_in("bob@example.com", password)["Location"] == "/"


def test_gives_a_role_and_a_new_address(client, root, alice, sign_in):
    client.force_login(root)
    desk, _ = Group.objects.get_or_create(name="flight desk")
    client.post(
        f"/admin/accounts/user/{alice.pk}/change/", {"email": "Al@Example.com", "is_active": "on", "groups": desk.pk}
    )
    alice = User.objects.get(pk=alice.pk)
    assert (alice.email, list(alice.groups.all())) == ("al@example.com", [desk])
    client.logout()
    sign_in("al@example.com")
    assert client.session["_auth_user_id"] == str(alice.pk)

import pytest
from django.urls import NoReverseMatch, reverse

pytestmark = pytest.mark.django_db


def test_signs_in_and_lands_on_the_front_page(sign_in, alice, client):
    assert sign_in("Alice@Example.com")["Location"] == "/"
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_a_wrong_password_says_so_and_keeps_the_address(sign_in, alice, client):
    answer = sign_in(alice.email, "not it")
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert 'value="alice@example.com"' in answer.text
    assert "_auth_user_id" not in client.session


def test_an_unknown_address_gets_the_answer_of_a_wrong_password(sign_in, alice):
    def words(answer):
        return answer.text.split('role="alert">')[1].split("</p>")[0]

    assert words(sign_in(alice.email, "not it")) == words(sign_in("nobody@example.com", "not it"))


def test_an_agent_lands_on_the_desk(sign_in, agent, settings):
    try:
        desk = reverse("flights:desk", args=[settings.HOME_AIRPORT])
    except NoReverseMatch:
        pytest.skip("no flights here")
    assert sign_in(agent.email)["Location"] == desk


def test_next_is_followed_within_the_site(sign_in, alice):
    assert sign_in(alice.email, next="/connection/")["Location"] == "/connection/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_never_leads_elsewhere(sign_in, alice, elsewhere):
    assert sign_in(alice.email, next=elsewhere)["Location"] == "/"


def test_who_is_deactivated_stays_out(sign_in, alice, client):
    alice.is_active = False
    alice.save()
    sign_in(alice.email)
    assert "_auth_user_id" not in client.session


def test_signs_out_by_post_alone(sign_in, alice, client):
    sign_in(alice.email)
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_looking_needs_no_account(client):
    assert client.get("/connection/").status_code == 200

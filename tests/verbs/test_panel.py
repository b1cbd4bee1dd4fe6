"""A verb over HTTP: who may, what each answer is, and what the panel shows, with and without htmx."""

import re

import pytest

from tests.html import one_line
from tests.verbs.parcels.models import Parcel

pytestmark = pytest.mark.urls("tests.verbs.parcels.views")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def post(client, bob, parcel):
    """``post("send", seen=1)`` → the answer; ``htmx=False`` for a browser without scripts."""
    client.force_login(bob)

    def post(verb, htmx=True, seen=1, **fields):
        return client.post(f"/parcels/{parcel.pk}/{verb}/", {"seen": seen, **fields}, headers=HTMX if htmx else {})

    return post


def test_done_for_htmx_is_the_panel(post, parcel, bob):
    answer = post("send")
    assert answer.status_code == 200
    assert "<!doctype html>" not in answer.text
    assert '<p class="notice good" role="status">Done: Send.</p>' in answer.text
    parcel.refresh_from_db()
    assert (parcel.stage, parcel.changes.get(field="stage", revision=2).by) == ("sent", bob)
    assert f"/parcels/{parcel.pk}/send/" not in answer.text, "it is not legal any more"


def test_done_in_a_sentence_of_the_form(post, parcel):
    assert f"{parcel} is lost." in post("lose").text


def test_done_without_scripts_is_a_redirect_with_a_message(post, client, parcel):
    answer = post("send", htmx=False)
    assert (answer.status_code, answer.url) == (303, f"/parcels/{parcel.pk}/")
    assert "<p>Done: Send.</p>" in client.get(answer.url).text


@pytest.mark.parametrize("htmx", [True, False])
def test_changed_since_one_looked(post, parcel, ana, htmx):
    parcel.annotate("heavy", by=ana)
    answer = post("annotate", htmx, note="light")
    assert answer.status_code == 409
    assert ("<!doctype html>" in answer.text) is not htmx
    assert "Since you looked:" in answer.text
    assert "note <s>fragile</s> <b>heavy</b>, by Ana" in one_line(answer.text)
    assert "“Note” was not done." in answer.text
    assert 'value="light"' in answer.text, "what was typed is kept"
    parcel.refresh_from_db()
    assert parcel.note == "heavy"
    assert post("annotate", htmx, seen=2, note="light").status_code == (200 if htmx else 303), "asked again"


@pytest.mark.parametrize("htmx", [True, False])
def test_not_valid(post, parcel, htmx):
    answer = post("annotate", htmx, note="x" * 21)
    assert answer.status_code == 422
    assert ("<!doctype html>" in answer.text) is not htmx
    assert "Words: Ensure this value has at most 20 characters" in one_line(answer.text)
    assert f'value="{"x" * 21}"' in answer.text
    parcel.refresh_from_db()
    assert parcel.revision == 1


@pytest.mark.parametrize("htmx", [True, False])
def test_refused(post, parcel, htmx):
    parcel.lose()
    answer = post("send", htmx, seen=2)
    assert answer.status_code == 422
    assert ("<!doctype html>" in answer.text) is not htmx
    assert "the state of Parcel" in answer.text
    assert "Since you looked" not in answer.text


def test_refused_with_an_alternative_one_press_away(post, parcel):
    answer = post("stamp-and-weigh", text="express", grams="5000")
    assert answer.status_code == 422
    assert "It is too heavy." in answer.text
    assert '<button class="button" name="grams" value="1000">1 kg</button>' in answer.text
    assert '<input type="hidden" name="text" value="express">' in answer.text
    assert post("stamp-and-weigh", text="express", grams=["5000", "1000"]).status_code == 200, "the button comes last"


def test_without_what_was_seen_nothing_is_done(post, parcel):
    answer = post("send", seen="")
    assert answer.status_code == 422
    assert "This field is required." in answer.text
    parcel.refresh_from_db()
    assert parcel.revision == 1


def test_a_verb_without_a_form_is_not_found(post):
    for verb in ("explode", "delete", "put-into", "send_with"):
        assert post(verb).status_code == 404


def test_strangers_sign_in_first(client, parcel):
    address = f"/parcels/{parcel.pk}/"
    assert client.get(address).url == f"/accounts/login/?next={address}"
    assert client.post(f"{address}send/", {"seen": 1}).url.startswith("/accounts/login/")
    parcel.refresh_from_db()
    assert parcel.revision == 1


def test_for_others_there_is_no_such_page(client, charlie, parcel):
    client.force_login(charlie)
    assert client.get(f"/parcels/{parcel.pk}/").status_code == 404
    assert client.post(f"/parcels/{parcel.pk}/send/", {"seen": 1}).status_code == 404
    parcel.refresh_from_db()
    assert parcel.revision == 1


def test_each_kind_of_form(post, client, parcel):
    page = one_line(client.get(f"/parcels/{parcel.pk}/").text)
    assert '<button class="button first">Send</button>' in page
    assert '<button class="button bad">Lost</button>' in page
    assert f'<form class="verb" method="post" action="/parcels/{parcel.pk}/annotate/"' in page
    assert '<button class="button ">Save</button>' in page
    assert 'id="annotate-note"' in page and 'value="fragile"' in page
    assert '<button class="button" name="grams" value="100">100 g</button>' in page
    assert "<summary>Stamp</summary>" in page
    assert '<details class="verb">' in page
    assert page.count('name="seen" value="1"') == 5


def test_what_does_not_suit_is_not_offered(post, client, parcel):
    parcel.annotate("do not lose")
    assert "/lose/" not in client.get(f"/parcels/{parcel.pk}/").text
    assert post("lose", seen=2).status_code == 200, "but it is legal"


def test_the_form_that_was_refused_is_open(post):
    assert '<details class="verb" open>' in post("stamp-and-weigh", text="", grams="1").text


def test_the_history_names_who_did_what(post, client, parcel, bob):
    post("annotate", note="heavy")
    page = one_line(client.get(f"/parcels/{parcel.pk}/").text)
    step = r'<time>\d\d:\d\d</time> <span class="sub">Bob</span> </p> <ul> <li> note <s>fragile</s> <b>heavy</b> </li>'
    assert re.search(step, page)


def test_a_form_that_creates_a_row_leads_to_its_panel(client, bob):
    client.force_login(bob)
    answer = client.post("/parcels/new/", {"note": "new"}, headers=HTMX)
    parcel = Parcel.objects.get()
    assert f"{parcel} was registered." in answer.text and f"/parcels/{parcel.pk}/send/" in answer.text
    assert parcel.changes.first().by == bob
    answer = client.post("/parcels/new/", {"note": "another"})
    assert answer.url == f"/parcels/{Parcel.objects.last().pk}/"
    answer = client.post("/parcels/new/", {"note": ""}, headers=HTMX)
    assert answer.status_code == 422
    assert "This field is required." in answer.text
    assert Parcel.objects.count() == 2

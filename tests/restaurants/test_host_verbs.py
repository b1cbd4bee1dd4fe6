"""Every verb from the panel, what is refused and in which words, and a host who looked before another one acted."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.translation import override

from bookings.restaurants.hosts.forms.reservation import FORMS
from bookings.restaurants.hosts.timeline import ReservationTimeline
from bookings.restaurants.models import Reservation, ReservationChange
from tests.html import one_line

HTMX = {"HX-Request": "true"}


@pytest.fixture
def made(book, time_machine):
    """Ada and another, tomorrow at 18:00 at T1; and it is 18:05 then."""
    made = book("18:00", 2)
    time_machine.move_to(made.starts_at + timedelta(minutes=5))
    return made


@pytest.fixture
def act(host, made):
    """``act("seat", tables="3")`` → the answer; ``htmx=False`` for a browser without scripts."""

    def act(verb, of=made, htmx=True, seen=None, **fields):
        seen = Reservation.objects.get(pk=of.pk).revision if seen is None else seen
        address = f"/restaurants/bistro/book/{of.reference}/{verb}/"
        return host.post(address, {"seen": seen, **fields}, headers=HTMX if htmx else {})

    return act


def said(answer):
    """What the panel says was done."""
    return re.search(r'<p class="notice good" role="status">(.*?)</p>', answer.text)[1]


def names(reservation):
    return sorted(reservation.tables.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (["arrive"], "arrived"),
        (["seat"], "seated"),
        (["arrive", "seat", "finish"], "finished"),
        (["no-show"], "no_show"),
        (["cancel"], "cancelled"),
        (["no-show", "undo"], "booked"),
        (["cancel", "undo"], "booked"),
        (["arrive", "seat", "undo"], "arrived"),
        (["seat", "finish", "undo"], "seated"),
    ],
)
def test_verbs_that_move_a_party_through_its_evening(act, made, dora, steps, state):
    for verb in steps:
        answer = act(verb)
        assert answer.status_code == 200, answer.text
        assert "Ada Lovelace" in said(answer)
    made.refresh_from_db()
    assert made.state == state
    assert set(made.changes.filter(verb=steps[-1].replace("-", "_")).values_list("by", flat=True)) == {dora.pk}


def test_seating_at_another_table(act, made, key):
    assert act("seat", tables=key("T3")).status_code == 200
    made.refresh_from_db()
    assert (made.state, names(made)) == ("seated", ["T3"])


def test_moving_joining_and_splitting(act, made, key):
    act("move", tables=key("T3"))
    assert names(made) == ["T3"]
    act("join", tables=key("T4"))
    assert names(made) == ["T3", "T4"]
    answer = act("split", guests=1, tables=key("T1"))
    assert answer.status_code == 200, answer.text
    made.refresh_from_db()
    other = Reservation.objects.exclude(pk=made.pk).get()
    assert (made.party, other.party, names(other)) == (1, 1, ["T1"])


def test_longer_and_the_course_shift_when_the_table_is_back(act, made):
    act("seat")
    made.refresh_from_db()
    before = made.ends_at
    act("extend", minutes="30")
    made.refresh_from_db()
    assert made.ends_at - before == timedelta(minutes=30)
    assert act("progress", stage="bill").status_code == 200
    made.refresh_from_db()
    assert made.ends_at - timezone.now() < timedelta(minutes=10)
    assert act("extend", minutes="7").status_code == 422


def test_notes_time_and_guests(act, made, slot):
    act("annotate", name="Ada King", phone="555", notes="birthday", allergies="nuts", email="")
    day = made.day.isoformat()
    answer = act("change", date=day, time="19:30", party=4)
    assert answer.status_code == 200, answer.text
    made.refresh_from_db()
    assert (made.name, made.allergies, made.first, made.party) == ("Ada King", "nuts", slot("19:30"), 4)
    assert names(made) in (["T3"], ["T4"])


def test_handing_on_ends_the_old_link(act, made):
    link = made.link_version
    act("transfer", name="Grace", email="grace@example.org", phone="")
    made.refresh_from_db()
    assert (made.name, made.link_version) == ("Grace", link + 1)


@pytest.mark.parametrize(
    ("verb", "fields", "sentence"),
    [
        ("finish", {}, "Ada Lovelace is not seated."),
        ("seat", {"tables": "0"}, "There is no such table."),
        ("move", {"tables": "x-1"}, "There is no such table."),
        ("move", {"tables": ""}, "This field is required."),
        ("split", {"guests": "2", "tables": "T3"}, "At least one guest must stay."),
        ("split", {"guests": "0", "tables": "T3"}, "At least one guest."),
        ("annotate", {"name": ""}, "This field is required."),
        ("change", {"date": "", "time": "x", "party": "0"}, "Write a time, such as 18:15."),
        ("change", {"time": "18:10"}, "Write a full quarter of an hour"),
        ("change", {"time": "04:00"}, "takes no guests at that time"),
        ("change", {"party": "9", "time": "19:00"}, "takes no guests at that time"),
        ("change", {"party": "101", "time": "19:00"}, "At most 100 guests."),
    ],
)
def test_what_is_refused_says_so_and_changes_nothing(act, made, key, verb, fields, sentence):
    if verb == "change":
        fields = {"date": made.day.isoformat(), "party": "2", **fields}
    if fields.get("tables") == "T3":
        fields = {**fields, "tables": key("T3")}
    answer = act(verb, **fields)
    assert answer.status_code == 422
    assert sentence.replace("’", "&#x27;") in answer.text.replace("’", "&#x27;")
    revision = made.revision
    made.refresh_from_db()
    assert made.revision == revision


def test_a_table_of_another_restaurant_is_none(act, made, diner):
    table = diner.areas.get().tables.get()
    assert act("move", tables=str(table.pk)).status_code == 422
    assert names(made) == ["T1"]


def test_a_time_that_is_full_comes_with_the_nearest_free_ones(act, made, book):
    for _ in range(2):
        book("19:00", 4)
    act("move", tables="")
    answer = act("change", date=made.day.isoformat(), time="19:00", party=3)
    assert answer.status_code == 422
    assert "there is no table left for 3" in answer.text
    assert '<button class="button" name="at" value="21:00">' in answer.text
    assert act("change", date=made.day.isoformat(), time="19:00", at="21:00", party=3).status_code == 200


def test_who_comes_second_to_a_table_is_told_who_was_first_and_offered_the_next_best(act, made, book, key):
    grace = book("18:30", 2, name="Grace Hopper")
    assert names(grace) == ["T2"]
    answer = act("move", tables=key("T2"))
    assert answer.status_code == 422
    assert "Table T2 is taken: Grace Hopper at 18:30." in answer.text
    assert f'name="instead" value="{key("W1")}"' in answer.text
    assert "Move: W1, Room, 2 seats" in answer.text
    assert names(made) == ["T1"]


def test_what_changed_meanwhile_is_told_and_what_was_typed_is_kept(act, made, dave, tables):
    seen = made.revision
    made.move(tables("T3"), by=dave)
    answer = act("annotate", seen=seen, name="Ada King", notes="by the window")
    assert answer.status_code == 409
    assert "Since you looked:" in answer.text
    assert re.search(r"Moved: tables <s>T1</s> <b>T3</b>, by Dave, <time>", one_line(answer.text))
    assert 'value="by the window"' in answer.text
    made.refresh_from_db()
    assert made.name == "Ada Lovelace"
    assert act("annotate", name="Ada King").status_code == 200, "asked again"


def test_the_panel_offers_what_is_legal_and_nothing_else(host, made, time_machine):
    address = f"/restaurants/bistro/book/{made.reference}/"
    offered = host.get(address).text
    for verb in ("arrive", "seat", "move", "join", "split", "change", "annotate", "no-show", "cancel", "transfer"):
        assert f'{address}{verb}/"' in offered, verb
    for verb in ("finish", "undo", "extend", "progress"):
        assert f'{address}{verb}/"' not in offered, verb
    time_machine.move_to(made.starts_at - timedelta(minutes=5))
    assert f'{address}no-show/"' not in host.get(address).text, "it is not late yet"


def test_the_panel_tells_who_did_what(act, host, made, key):
    act("arrive")
    act("move", tables=key("T3"))
    page = one_line(host.get(f"/restaurants/bistro/book/{made.reference}/").text)
    assert "<b>Moved</b>" in page and "tables <s>T1</s> <b>T3</b>" in page
    assert page.index("<b>Moved</b>") < page.index("<b>Arrived</b>") < page.index("<b>Booked</b>")
    assert "Dora" in page and "the guest" in page


def test_a_browser_without_scripts_is_sent_back_to_the_panel(act, host, made):
    answer = act("arrive", htmx=False)
    assert (answer.status_code, answer.url) == (303, f"/restaurants/bistro/book/{made.reference}/")
    page = host.get(answer.url).text
    assert "Ada Lovelace has arrived." in page and "<html" in page
    assert "<html" not in act("seat").text


@pytest.mark.parametrize("verb", ["hold", "confirm", "delete", "lock", "__init__"])
def test_what_is_no_verb_of_hosts_is_not_found(act, made, verb):
    assert act(verb).status_code == 404
    assert ReservationChange.objects.filter(verb="hold").exists()


def test_what_guests_write_is_inert_everywhere(host, book, tomorrow):
    nasty = '<script>alert(1)</script><b hx-get="/x">{{ 7 }}'
    made = book("19:00", 2, name=nasty, notes=nasty, allergies=nasty)
    pages = [f"/restaurants/bistro/book/{made.reference}/"]
    pages += [f"/restaurants/bistro/book/?date={tomorrow}&view={view}" for view in ("list", "grid", "floor")]
    for page in pages:
        text = host.get(page).text
        assert "&lt;script&gt;" in text
        assert "<script>alert" not in text and '<b hx-get="/x"' not in text


def test_a_get_changes_nothing(host, made):
    for verb in ("arrive", "cancel"):
        assert host.get(f"/restaurants/bistro/book/{made.reference}/{verb}/").status_code == 405
    made.refresh_from_db()
    assert made.state == "booked"


def test_the_next_best_is_one_press_away_and_the_enter_key_means_what_was_typed(act, made, book, key):
    """The button of a nearer time or a better table is no form's first: Enter in a field must not press it."""
    book("18:30", 2, name="Grace Hopper")
    answer = act("move", tables=key("T2"))
    first_button = answer.text.index('name="instead"')
    form = answer.text[answer.text.rindex("<form", 0, first_button) : answer.text.index("</form>", first_button)]
    assert "<select" not in form and 'type="text"' not in form, "a form of its own"
    assert act("move", tables=key("T2"), instead=key("W1")).status_code == 200
    assert names(made) == ["W1"]


def test_a_booking_that_takes_a_named_table_too_late_says_who_was_first(host, made, book):
    fields = {"key": uuid4(), "date": made.day.isoformat(), "time": "18:30", "party": 2, "name": "Ken", "tables": "T1"}
    answer = host.post("/restaurants/bistro/book/new/", fields, headers=HTMX)
    assert answer.status_code == 422
    assert "Table T1 is taken: Ada Lovelace at 18:00." in answer.text


# Words


@pytest.mark.parametrize("language", ["de", "es", "fr"])
@pytest.mark.parametrize("verb", [verb for verb in FORMS if verb not in ("progress", "no_show")])
def test_a_button_does_not_say_that_it_is_done_already(verb, language):
    """English has one word for some of them; these languages have two."""
    with override(language):
        assert str(FORMS[verb].label) != str(ReservationTimeline.LABELS[verb])

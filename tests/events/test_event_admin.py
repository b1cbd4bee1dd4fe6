"""Setting up events in the admin: whose they are, times on the airport's clock, sizes below use, series over a clock change."""

from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.events.models import Capacity, CheckInList, Event, IllegalMove, Quota, Scan, Series
from bookings.events.models.auditing import audit
from bookings.events.models.scanning import Press
from bookings.events.organisers.timeline import EventTimeline
from tests.admin_pages import address, errors, filled


@pytest.fixture
def boss(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("boss@example.org", "x"))
    return client


@pytest.fixture
def staff(client, orla):
    orla.is_staff = True
    orla.save()
    client.force_login(orla)
    return client


def fields_of(client, event, **changes):
    """The form as it stands, with changes: what a browser would send."""
    data = filled(client, address(event))
    for name in [name for name, value in data.items() if isinstance(value, datetime)]:
        data[name] = f"{data[name].astimezone(event.tz):%Y-%m-%dT%H:%M}"
    return {**data, **changes}


def save(client, event, **changes):
    answer = client.post(address(event), fields_of(client, event, **changes))
    assert answer.status_code == 302, errors(answer)
    return Event.objects.get(pk=event.pk)


def test_staff_set_up_their_own_events(staff, event, make_event, orla):
    other = make_event(slug="talks")
    other.organisers.remove(orla)
    page = staff.get("/admin/events/event/").content.decode()
    assert "concert" in page.lower() and staff.get(f"/admin/events/event/{other.pk}/change/").status_code == 302
    assert save(staff, event, title="Another title").title == "Another title"
    assert staff.get("/admin/events/event/add/").status_code == 403


def test_a_smaller_quota_is_allowed_and_nothing_is_lost(boss, event, register):
    register(6)
    save(boss, event, **{"quotas-0-size": "4"})
    quota = Quota.objects.get()
    assert (quota.size, quota.taken, quota.ceiling) == (4, 6, 6)
    assert Capacity.read(event, timezone.now()).free(quota.pk) == -2 and audit(event) == []


def test_a_larger_quota_serves_those_who_wait(boss, event, register, wait_for):
    register(10)
    entry = wait_for(2)
    save(boss, event, **{"quotas-0-size": "12"})
    entry.refresh_from_db()
    assert entry.state == "offered"


def test_more_places_are_gathered_for_a_group(boss, event, register, wait_for, orla):
    """As they are on the Places page: a party of three gets the two new ones kept, and not everybody."""
    register(10)
    entry = wait_for(3)
    save(boss, event, **{"quotas-0-size": "12"})
    assert Capacity.read(event, timezone.now()).uses(Quota.objects.get().pk)["gathered"] == 2
    entry.refresh_from_db()
    assert entry.gathers_until is not None and audit(event) == []
    [step] = EventTimeline(Event.objects.get()).steps()
    assert [found.after for found in step.differences] == ["Hall 12"]


def test_a_cancelled_event_is_not_moved(boss, event):
    event.call_off("Fog")
    later = event.starts_at + timedelta(days=1)
    saved = save(boss, event, title="Another title", starts_at=f"{later.astimezone(event.tz):%Y-%m-%dT%H:%M}")
    assert (saved.title, saved.starts_at, saved.moved_from) == ("Another title", event.starts_at, None)
    assert "times and its hall stay as they are" in boss.get(address(event)).content.decode()


def test_an_event_that_is_cancelled_while_it_is_saved_says_so(boss, event, monkeypatch):
    def refuse(*args, **options):
        raise IllegalMove("It is cancelled.")

    later = (event.starts_at + timedelta(days=1)).astimezone(event.tz)
    changes = {"starts_at": f"{later:%Y-%m-%dT%H:%M}", "ends_at": f"{later + timedelta(hours=2):%Y-%m-%dT%H:%M}"}
    fields = fields_of(boss, event, **changes)
    monkeypatch.setattr(Event, "move", refuse)
    assert "It is cancelled." in boss.post(address(event), fields, follow=True).content.decode()


def test_places_taken_while_the_form_was_open_stay(boss, event, register):
    fields = fields_of(boss, event)
    register(3)
    assert boss.post(f"/admin/events/event/{event.pk}/change/", fields).status_code == 302
    assert Quota.objects.get().taken == 3 and audit(event) == []


def test_a_type_in_another_quota_recounts_both(boss, event, register):
    register(3)
    other = event.quotas.create(name="Lounge", size=5)
    save(boss, event, **{"types-0-quotas": [str(other.pk)]})
    assert {quota.name: quota.taken for quota in event.quotas.all()} == {"Hall": 0, "Lounge": 3}
    assert audit(event) == []


def test_another_time_is_a_move(boss, event, register):
    registration = register()
    starts = event.starts_at + timedelta(days=1)
    local = starts.astimezone(event.tz)
    saved = save(
        boss, event, starts_at=f"{local:%Y-%m-%dT%H:%M}", ends_at=f"{local + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    )
    assert saved.starts_at == starts and saved.moved_from == event.starts_at
    assert saved.changes.filter(verb="move").exists()
    registration.refresh_from_db()
    assert registration.state == "confirmed"


def test_absurd_times_are_refused(boss, event):
    for ends in ("2000-01-01T10:00", "nonsense", ""):
        fields = fields_of(boss, event, ends_at=ends)
        assert boss.post(f"/admin/events/event/{event.pk}/change/", fields).status_code == 200


def test_a_used_quota_and_type_are_not_deleted(boss, event, register):
    register()
    for prefix in ("quotas", "types"):
        fields = fields_of(boss, event, **{f"{prefix}-0-DELETE": "on"})
        assert boss.post(f"/admin/events/event/{event.pk}/change/", fields).status_code == 200
    assert event.quotas.exists() and event.types.exists()


def test_a_quota_that_somebody_waits_for_is_not_deleted(boss, event, register, wait_for):
    registration = register(10)
    wait_for(1, "Wim")
    registration.cancel()
    event.waitlist.get().leave()
    for name in ("Ann", "Ben"):
        wait_for(11, name)
    event.waitlist.get(name="Ben").leave()
    answer = boss.post(address(event), fields_of(boss, event, **{"quotas-0-DELETE": "on"}))
    assert "Somebody is on the waitlist for places of Hall" in errors(answer)
    event.waitlist.get(name="Ann").leave()
    boss.post(address(event), fields_of(boss, event, **{"quotas-0-DELETE": "on"}))
    assert not event.quotas.exists()


def test_a_list_that_was_scanned_on_is_not_deleted(boss, event, register):
    """Its scans went with it, and nobody could be counted out any more."""
    list_ = CheckInList.objects.create(event=event, name="All")
    Scan.objects.press(Press(list_, register().tickets.get().pk, uuid4(), "North"))
    answer = boss.post(address(event), fields_of(boss, event, **{"lists-0-DELETE": "on"}))
    assert answer.status_code == 200 and "People were checked in on the list All" in errors(answer)
    assert Scan.objects.let_all_out(event) == 1


def test_a_type_is_not_deleted_where_others_would_be_surprised(boss, make_event, register, wait_for):
    """Who waited was off the waitlist, untold; and a list of one type alone was for all without it."""
    event = make_event(size=1, types={"A": 0, "B": 0}, slug="two-types")
    vip = event.types.get(name="B")
    register({"A": 1}, event=event)
    list_ = CheckInList.objects.create(event=event, name="VIP")
    list_.types.add(vip)
    delete = {"types-1-DELETE": "on"}
    assert "is for B alone" in errors(boss.post(address(event), fields_of(boss, event, **delete)))
    list_.delete()
    entry = wait_for(event=event, type_=vip)
    assert "on the waitlist for B" in errors(boss.post(address(event), fields_of(boss, event, **delete)))
    entry.delete()
    save(boss, event, **delete)
    assert [type_.name for type_ in event.types.all()] == ["A"]


def test_an_event_is_not_deleted_while_somebody_waits(boss, event, wait_for):
    wait_for()
    assert boss.post(f"/admin/events/event/{event.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Event.objects.exists()


def test_a_series_keeps_its_local_time(event):
    """Every Sunday at 19:00 over the night in which the clock changes; a time that night skips is an hour later."""
    series = Series.objects.create(
        slug="sundays",
        name="Sundays",
        hall=event.hall,
        first_day=date(2027, 3, 7),
        last_day=date(2027, 3, 21),
        at=time(19),
    )
    event.series = series
    event.save()
    made = series.make_events(event)
    assert [f"{one.starts_at.astimezone(one.tz):%m-%d %H:%M %z}" for one in made] == [
        "03-07 19:00 -0500",
        "03-14 19:00 -0400",
        "03-21 19:00 -0400",
    ]
    assert series.make_events(event) == []
    series.at = time(2, 30)
    assert f"{series.starts_at(date(2027, 3, 14)).astimezone(event.tz):%H:%M}" == "03:30"


def test_a_copy_has_all_that_is_set_up_and_nobody_in_it(event, register):
    register(2)
    question = event.questions.create(text="Diet?")
    question.types.add(event.types.get())
    made = event.copy_to("again", event.starts_at + timedelta(days=7), timedelta(hours=2))
    assert made.state == "draft" and made.types.get().quotas.get().size == 10
    assert made.questions.get().types.get() == made.types.get() and set(made.organisers.all()) == set(
        event.organisers.all()
    )
    assert not made.registrations.exists() and made.quotas.get().taken == 0


def test_the_admin_makes_the_dates_of_a_series(boss, event):
    series = Series.objects.create(
        slug="daily",
        name="Weekly",
        hall=event.hall,
        first_day=event.day,
        last_day=event.day + timedelta(weeks=3),
        at=time(19),
    )
    Event.objects.filter(pk=event.pk).update(series=series)
    boss.post("/admin/events/series/", {"action": "make_events", "_selected_action": [series.pk]})
    assert series.events.count() == 4


def test_a_copy_keeps_its_local_time_and_finds_a_free_address(event):
    """In New York the clock goes forward on 14 March."""
    tz = event.tz
    event.starts_at, event.ends_at = datetime(2027, 3, 10, 19, tzinfo=tz), datetime(2027, 3, 10, 21, 30, tzinfo=tz)
    event.save()
    made = [event.copy_a_week_later(), event.copy_a_week_later()]
    assert [one.slug for one in made] == ["concert-2", "concert-3"]
    assert f"{made[0].starts_at.astimezone(tz):%d %H:%M %z}" == "17 19:00 -0400"
    assert made[0].ends_at - made[0].starts_at == timedelta(hours=2, minutes=30)


def test_a_copy_keeps_the_times_of_sale_and_of_the_doors_on_the_clock(event):
    """Between the event and its copy the clock goes forward, on 14 March; of the times of sale one is moved across it."""
    tz = event.tz
    at = partial(datetime, 2027, tzinfo=tz)
    event.starts_at, event.ends_at = at(3, 13, 19), at(3, 13, 21)
    event.sale_from, event.sale_until = at(3, 1, 10), at(3, 13, 18)
    event.save()
    event.types.update(sale_from=at(3, 5, 10), sale_until=at(3, 12, 23, 59))
    event.lists.create(name="All", opens_at=at(3, 13, 18, 30), closes_at=at(3, 13, 20))
    made = event.copy_a_week_later()
    [type_], [list_] = made.types.all(), made.lists.all()
    moments = (made.sale_from, made.sale_until, type_.sale_from, type_.sale_until, list_.opens_at, list_.closes_at)
    assert [f"{moment.astimezone(tz):%m-%d %H:%M}" for moment in moments] == [
        "03-08 10:00",
        "03-20 18:00",
        "03-12 10:00",
        "03-19 23:59",
        "03-20 18:30",
        "03-20 20:00",
    ]
    event.refresh_from_db()
    assert event.types.get().sale_from == at(3, 5, 10)


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "XXQ"},
        {"types-0-sale_from": "2027-01-02T10:00", "types-0-sale_until": "2027-01-01T10:00"},
        {"sale_from": "2027-01-02T10:00", "sale_until": "2027-01-01T10:00"},
    ],
)
def test_what_could_never_be_sold_is_refused(boss, event, wrong):
    answer = boss.post(address(event), fields_of(boss, event, **wrong))
    assert any(words in errors(answer) for words in ("three letters", "end after it begins"))


def test_a_new_event_is_typed_on_the_clock_of_its_hall(boss, hall, airports):
    hall.airport = airports["LHR"]
    hall.save()
    fields = filled(boss, "/admin/events/event/add/") | {"title": "Tea", "slug": "tea", "hall": hall.pk}
    times = {"starts_at": "2027-01-10T19:00", "ends_at": "2027-01-10T20:00"}
    answer = boss.post("/admin/events/event/add/", {**fields, **times})
    event = Event.objects.get(slug="tea")
    assert answer.url == address(event)  # what is set up next is there
    assert event.starts_at == datetime(2027, 1, 10, 19, tzinfo=event.tz) and event.tz.key == "Europe/London"

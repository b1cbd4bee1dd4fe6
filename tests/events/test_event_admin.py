"""Setting up events in the admin: whose they are, times on the airport's clock, sizes below use, series over a clock change."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from bookings.events.models import Capacity, Event, Quota, Series
from bookings.events.models.auditing import audit
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

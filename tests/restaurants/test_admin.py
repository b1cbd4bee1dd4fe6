"""The admin: who may set up a restaurant, what is refused, and what booked tables forbid."""

import pytest

from accounts.models import User
from bookings.restaurants.models import Area, Closure, Join, Reservation, Restaurant, Service, Table
from tests.admin_pages import address, change, errors, filled

pytestmark = pytest.mark.django_db

RESTAURANTS = "/admin/restaurants/restaurant/"
BRUNCH = {"name": "Brunch", "weekdays": "67", "begins": "11:00", "last": "15:00", "ends": "17:00"}
PACE = {"pace_online": 8, "pace": 12}


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("root@example.org"))
    return client


@pytest.fixture
def manager(client, bistro, diner, dora):
    """Dora, who works at the bistro and may sign in to the admin."""
    User.objects.filter(pk=dora.pk).update(is_staff=True)
    client.force_login(dora)
    return client


# Permissions


@pytest.mark.parametrize("path", [RESTAURANTS, "/admin/restaurants/reservation/", "/admin/restaurants/area/"])
def test_a_user_who_works_at_no_restaurant_is_refused(client, alice, path):
    assert client.get(path)["Location"] == f"/admin/login/?next={path}"
    User.objects.update(is_staff=True)
    client.force_login(alice)
    assert client.get(path).status_code == 403


def test_staff_see_their_own_restaurant_only(manager, bistro, diner, book):
    reservation = book("19:00")
    assert manager.get(address(bistro)).status_code == 200
    assert manager.get(address(reservation)).status_code == 200
    listed = manager.get(RESTAURANTS).content.decode()
    assert "Bistro" in listed and "Diner" not in listed
    for other in (diner, diner.areas.get(), diner.services.get()):
        assert manager.get(address(other)).status_code == 302
        assert manager.post(address(other), {"name": "Mine"}).status_code == 302
    assert manager.get(f"{RESTAURANTS}add/").status_code == 403
    diner.refresh_from_db()
    assert diner.name == "Diner"


@pytest.mark.parametrize("field", ["asked_from__startswith", "asked_by__startswith", "key", "link_version__gt"])
def test_a_filter_of_the_list_tells_staff_nothing_that_it_hides(manager, book, field):
    reservation, path = book("19:00"), "/admin/restaurants/reservation/"
    assert manager.get(path, {field: "0"}).status_code == 400
    for offered in (
        {"state__exact": reservation.state},
        {"restaurant__id__exact": reservation.restaurant_id},
        {"day__year": reservation.day.year},
    ):
        assert reservation.reference in manager.get(path, offered).text


def test_staff_cannot_add_a_part_to_another_restaurant(manager, diner):
    data = {"restaurant": diner.pk, "name": "Cellar", "order": 1, "width": 10, "height": 10}
    data |= {"tables-TOTAL_FORMS": 0, "tables-INITIAL_FORMS": 0}
    assert "restaurant" in manager.post("/admin/restaurants/area/add/", data).context["adminform"].form.errors
    assert not Area.objects.filter(name="Cellar").exists()


def test_staff_cannot_change_the_staff(manager, bistro, alice):
    change(manager, bistro, staff=[alice.pk], slug="mine", name="Bistro Two")
    bistro.refresh_from_db()
    assert (bistro.name, bistro.slug) == ("Bistro Two", "bistro")
    assert alice not in bistro.staff.all()


# Set-up


def test_saving_is_published(admin, bistro, assert_published):
    with assert_published(f"restaurant-setup-{bistro.pk}"):
        assert change(admin, bistro, grace="20").status_code == 302
    with assert_published(f"restaurant-setup-{bistro.pk}"):
        assert change(admin, bistro.services.get(), name="Supper").status_code == 302
    with assert_published(f"restaurant-setup-{bistro.pk}"):
        assert change(admin, bistro.areas.get(), name="Salon").status_code == 302
    assert Restaurant.objects.get(slug="bistro").grace == 20


def test_reservations_are_shown_and_cannot_be_changed(admin, book):
    reservation = book("19:00")
    page = admin.get(address(reservation)).content.decode()
    assert reservation.reference in page and "confirm" in page
    assert admin.post(address(reservation), {"name": "Eve"}).status_code == 403
    assert admin.post(address(reservation).replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert Reservation.objects.get().name == "Ada Lovelace"


@pytest.mark.parametrize("slug", ["mine", "held", "booked", "waiting"])
def test_addresses_that_the_site_uses_are_refused(admin, bistro, slug):
    assert "address" in errors(change(admin, bistro, slug=slug))


@pytest.mark.parametrize(
    ("field", "value"),
    [("last", "23:00"), ("last", "16:00"), ("last", "21:05"), ("weekdays", "18"), ("pace_online", "31"), ("ends", "21:00"),
     ("weekdays", ""), ("since", "9999-12-31"), ("until", "0001-01-01")],
)  # fmt: skip
def test_an_impossible_service_is_refused(admin, bistro, field, value):
    bistro.services.create(**BRUNCH, **PACE)
    dinner = bistro.services.get(name="Dinner")
    assert errors(change(admin, dinner, **{field: value}))
    assert errors(change(admin, bistro, **{f"services-1-{field}": value}))
    assert Service.objects.get(name="Dinner").pace_online == 20


def row(client, path, prefix):
    """The number of the first empty form there: the admin's “add another”. Answers its fields with their names."""
    total = int(filled(client, path)[f"{prefix}-TOTAL_FORMS"])
    return lambda **fields: (
        {f"{prefix}-TOTAL_FORMS": total + 1} | {f"{prefix}-{total}-{name}": value for name, value in fields.items()}
    )


@pytest.mark.parametrize(
    ("fields", "weekday"),
    [
        ({"ends": "17:15"}, "Saturday"),
        ({"begins": "20:00", "last": "23:00", "ends": "23:30", "weekdays": "3"}, "Wednesday"),
        ({"begins": "23:00", "last": "16:00", "ends": "17:30", "weekdays": "5"}, "Saturday"),
        ({"ends": "18:00", "since": "2027-05-01", "until": "2027-05-02"}, "Saturday"),
    ],
)
def test_services_that_overlap_are_refused_on_both_pages(admin, bistro, fields, weekday):
    fields = BRUNCH | PACE | fields
    new = row(admin, address(bistro), "services")(**fields)
    turns = {"turns-TOTAL_FORMS": 0, "turns-INITIAL_FORMS": 0}
    for answer in (
        change(admin, bistro, **new),
        admin.post("/admin/restaurants/service/add/", {"restaurant": bistro.pk, **fields, **turns}),
    ):
        said = errors(answer)
        assert "Brunch" in said and "Dinner" in said and weekday in said
    assert bistro.services.count() == 1
    brunch = bistro.services.create(**BRUNCH, **PACE)
    assert "overlap" in errors(change(admin, brunch, **fields)), "on its own page"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"ends": "18:00", "since": "2027-05-03", "until": "2027-05-07"},
        {"begins": "22:00", "last": "16:00", "ends": "17:00", "weekdays": "1"},
    ],
)
def test_services_that_follow_each_other_are_accepted(admin, bistro, fields):
    assert change(admin, bistro, **row(admin, address(bistro), "services")(**BRUNCH | PACE | fields)).status_code == 302


def test_services_of_different_seasons_or_restaurants_do_not_overlap(admin, bistro, diner):
    dinner = bistro.services.get()
    assert change(admin, dinner, until="2027-04-30").status_code == 302
    summer = {"since": "2027-05-01", "begins": "17:00", "last": "22:00", "ends": "23:00"}
    assert change(admin, bistro, **row(admin, address(bistro), "services")(**BRUNCH | PACE | summer)).status_code == 302
    assert "overlap" in errors(change(admin, dinner, until="2027-05-02"))


def test_two_services_can_swap_their_times_in_one_save(admin, bistro):
    bistro.services.create(**BRUNCH, **PACE)
    later = {"services-0-last": "17:00", "services-0-ends": "19:00", "services-1-begins": "19:00"}
    assert change(admin, bistro, **later).status_code == 302
    assert sorted(str(service.ends) for service in bistro.services.all()) == ["19:00:00", "22:00:00"]


def test_a_pacing_below_the_largest_party_online_is_refused(admin, bistro):
    dinner = bistro.services.get()
    slow = "Dinner takes 7 guests a quarter online: parties of up to 8 would find no time."
    assert slow in errors(change(admin, dinner, pace_online="7"))
    assert slow in errors(change(admin, bistro, **{"services-0-pace_online": "7"}))
    assert change(admin, bistro, max_party_online="6", **{"services-0-pace_online": "7"}).status_code == 302
    assert change(admin, dinner, pace_online="0").status_code == 302, "no bookings online at all"


def test_a_service_may_end_after_midnight(admin, bistro):
    assert change(admin, bistro.services.get(), last="00:30", ends="02:00").status_code == 302


def test_a_join_is_limited_to_one_area_and_to_the_covers_of_its_tables(admin, bistro, diner):
    terrace = bistro.areas.create(name="Terrace")
    far = terrace.tables.create(name="X1", max_covers=4)
    near, other = (Table.objects.get(name=name) for name in ("T3", "T4"))
    for wrong in ([near.pk], [near.pk, far.pk], [near.pk, diner.areas.get().tables.get().pk]):
        assert errors(change(admin, bistro, **{"joins-0-tables": wrong}))
    assert "10" in errors(change(admin, bistro, **{"joins-0-tables": [near.pk, other.pk], "joins-0-max_covers": "11"}))
    assert Join.objects.get().max_covers == 8


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"x": "115"}, "Table T1 would stand outside of the plan, which is 120 × 80."),
        ({"y": "79"}, "outside of the plan"),
        ({"width": "0"}, "From 1 to 1000"),
        ({"min_covers": "3"}, "larger than the maximum"),
        ({"max_covers": "0"}, "greater than or equal to 1"),
        ({"name": "T 1"}, "without spaces"),
        ({"name": "X1"}, "There is a table X1 in Terrace already."),
        ({"name": "T2"}, "duplicate"),
    ],
)
def test_an_impossible_table_is_refused(admin, bistro, fields, sentence):
    bistro.areas.create(name="Terrace").tables.create(name="X1", max_covers=4)
    area = bistro.areas.get(name="Room")
    assert sentence in errors(change(admin, area, **{f"tables-0-{name}": value for name, value in fields.items()}))
    assert Table.objects.filter(name="T1", x=20, y=10, max_covers=2).exists()


def test_an_area_cannot_be_made_too_small_for_its_tables(admin, bistro):
    area = bistro.areas.get()
    assert "Table T3 would stand outside" in errors(change(admin, area, width="69"))
    assert "Table T3 would stand outside" in errors(change(admin, bistro, **{"areas-0-width": "69"}))
    assert "From 1 to 1000" in errors(change(admin, bistro, **{"areas-0-height": "0"}))
    moved = {f"tables-{number}-x": 0 for number in range(5)}
    assert change(admin, area, width="69", **moved).status_code == 302


@pytest.mark.parametrize("fields", [{"DELETE": "on"}, {"max_covers": "1", "min_covers": "1"}])
def test_a_table_cannot_leave_a_join_without_enough_seats(admin, bistro, fields):
    area = bistro.areas.get()
    names = [table.name for table in area.tables.all()]
    fields = {f"tables-{names.index('T3')}-{name}": value for name, value in fields.items()}
    assert "Table T3 is part of T3 + T4, for up to 8." in errors(change(admin, area, **fields))
    bistro.joins.all().delete()
    assert change(admin, area, **fields).status_code == 302


def test_deleting_an_area_deletes_its_joins(admin, bistro):
    admin.post(address(bistro.areas.get()).replace("change", "delete"), {"post": "yes"})
    assert not Join.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("notice", "30000", "nobody could book"),
        ("max_party_online", "0", "greater than or equal to 1"),
        ("days_ahead", "400", "less than or equal to 365"),
        ("embedded_by", "https://fine.example\nbistro.example", "“bistro.example” is not an origin."),
        ("embedded_by", "https://*.example", "is not an origin."),
    ],
)
def test_impossible_rules_are_refused(admin, bistro, field, value, sentence):
    assert sentence in errors(change(admin, bistro, **{"days_ahead": "10", field: value}))


def test_a_day_cannot_be_closed_twice(admin, bistro, tomorrow):
    twice = {"closures-TOTAL_FORMS": "2", "closures-0-day": str(tomorrow), "closures-1-day": str(tomorrow)}
    assert "closed twice" in errors(change(admin, bistro, **twice))
    dinner = bistro.services.get().pk
    both = twice | {"closures-0-service": dinner, "closures-1-service": dinner}
    assert errors(change(admin, bistro, **both))
    assert change(admin, bistro, **twice, **{"closures-1-service": dinner}).status_code == 302


# Booked tables


@pytest.mark.parametrize("fields", [{"DELETE": "on"}, {"is_open": ""}, {"max_covers": "3"}])
def test_a_booked_table_cannot_be_deleted_closed_or_made_too_small(admin, bistro, book, tables, fields):
    bistro.joins.all().delete()
    reservation = book("19:00", 4)
    area = bistro.areas.get()
    number = [table.name for table in area.tables.all()].index("T3")
    said = errors(change(admin, area, **{f"tables-{number}-{name}": value for name, value in fields.items()}))
    assert "T3" in said and reservation.reference in said
    reservation.cancel()
    assert (
        change(admin, area, **{f"tables-{number}-{name}": value for name, value in fields.items()}).status_code == 302
    )


def test_a_booked_area_cannot_be_deleted(admin, bistro, book):
    reservation = book("19:00")
    path = address(bistro.areas.get()).replace("change", "delete")
    assert admin.post(path, {"post": "yes"}).status_code == 403
    reservation.cancel()
    assert admin.post(path, {"post": "yes"}).status_code == 302


def test_a_closure_is_limited_to_services_of_its_restaurant(admin, bistro, diner, tomorrow):
    data = {"closures-TOTAL_FORMS": "1", "closures-0-day": str(tomorrow), "closures-0-reason": "Private party"}
    assert errors(change(admin, bistro, **data, **{"closures-0-service": diner.services.get().pk}))
    assert change(admin, bistro, **data, **{"closures-0-service": bistro.services.get().pk}).status_code == 302
    assert Closure.objects.get().reason == "Private party"


def test_a_site_with_an_international_name_is_saved_as_browsers_send_it(manager, bistro):
    assert change(manager, bistro, embedded_by="https://café.example/\nhttps://plain.example").status_code == 302
    bistro.refresh_from_db()
    assert bistro.embedded_by == "https://xn--caf-dma.example\nhttps://plain.example"
    policy = manager.get("/restaurants/bistro/widget/")["Content-Security-Policy"]
    assert policy.isascii() and "frame-ancestors 'self' https://xn--caf-dma.example https://plain.example" in policy


def test_saving_a_set_up_waits_for_who_books(bistro, manager, monkeypatch):
    """The restaurant is locked before anything of it is saved, as verbs of its reservations do."""
    steps = []
    lock, save = Restaurant.lock, Restaurant.save
    monkeypatch.setattr(Restaurant, "lock", lambda self: (steps.append("lock"), lock(self))[1])
    monkeypatch.setattr(Restaurant, "save", lambda self, *a, **k: (steps.append("save"), save(self, *a, **k))[1])
    assert change(manager, bistro, name="Bistro du Nord").status_code == 302
    assert steps[:2] == ["lock", "save"]

"""The demo's parts: each app brings its own, and leaves what is there already as it is."""

import signal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from demo import parts
from demo.actors import Actor, address
from demo.parts import PASSWORD, Demo


@pytest.fixture
def of_nobody(monkeypatch):
    """No app has registered anything yet."""
    monkeypatch.setattr(parts, "setups", [])
    monkeypatch.setattr(parts, "abouts", [])


def test_parts_are_set_up_in_their_order(of_nobody):
    done = []
    parts.setup(order=20)(lambda demo: done.append("second"))
    parts.setup(order=10)(lambda demo: done.append(demo.url))
    parts.set_up("http://127.0.0.1:8000")
    assert done == ["http://127.0.0.1:8000", "second"]


def test_every_app_brings_its_part():
    modules = {part.__module__ for _order, part in parts.setups}
    rooms = {"tracking.flights", "tracking.orders", "bookings.events", "bookings.restaurants", "bookings.seats"}
    assert modules == {"demo.setup", *(f"{room}.demo.setup" for room in rooms)}


def test_an_account_is_made_once_and_listed_each_time(db):
    first, second = Demo(), Demo()
    made = first.account("host@airside.example", "Dora", "Hale", "host")
    assert made.check_password(PASSWORD) and not made.is_staff
    made.set_password("another-one")
    made.save()
    assert second.account("host@airside.example", "Dora", "Hale", "host") == made
    assert User.objects.get().check_password("another-one"), "what is there already stays"
    assert first.accounts == second.accounts == [("host@airside.example", "Dora Hale", "host")]


def test_one_account_may_do_everything(db):
    assert Demo().account("admin@airside.example", "Kim", "Adeyemi", "all rights", superuser=True).is_superuser


def test_without_a_site_no_actor_starts():
    demo = Demo()
    demo.start("replay", "day.csv")
    demo.start_actors()
    assert demo.actors == []


def test_an_actor_is_a_process_that_knows_the_site_and_whom_it_accompanies():
    demo = Demo("http://127.0.0.1:1")
    demo.start("replay", "no-such-day.csv", AIRSIDE_FEED_KEY="k")
    demo.start_actors()
    (actor,) = demo.actors
    assert actor.wait(30) == 1, "it can't read that file"
    assert "--url=http://127.0.0.1:1" in actor.args and any("--while-pid=" in word for word in actor.args)


def test_actors_start_when_all_parts_are_set_up(of_nobody):
    """Before, they would wait for a server that is minutes away, and say so."""
    started = []
    parts.setup(order=10)(lambda demo: demo.start("replay", "no-such-day.csv", AIRSIDE_FEED_KEY="k"))
    parts.setup(order=20)(lambda demo: started.extend(demo.actors))
    demo = parts.set_up("http://127.0.0.1:1")
    assert not started
    (actor,) = demo.actors
    assert actor.wait(30) == 1


# What pages say of it


def test_each_page_of_the_demo_says_what_is_real(client, db, settings):
    settings.DEMO = True
    page = client.get("/connection/").text
    assert "Bureau of Transportation Statistics" in page and "the restaurants, their hosts" in page
    assert page.index("Bureau of Transportation") < page.index("the restaurants, their hosts")


def test_outside_the_demo_no_page_does(client, db, settings):
    settings.DEMO = False
    page = client.get("/connection/").text
    assert "What is real here" not in page and "Mailbox" not in page


# Actors


class Walker(Actor):
    """Walks until it is told to stop."""

    def act(self, **options):
        self.stdout.write(f"walks at {self.url} {self.speed} times as fast")
        signal.raise_signal(signal.SIGTERM)
        self.stdout.write("walks on")


def test_an_actor_ends_quietly_when_it_is_told_to():
    said, before = StringIO(), signal.getsignal(signal.SIGTERM)
    call_command(Walker(), "--url=http://127.0.0.1:1", "--speed=2", stdout=said)
    assert said.getvalue() == "walks at http://127.0.0.1:1 2.0 times as fast\n"
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--url=airside.example", "“airside.example” is no address such as http://127.0.0.1:8000."),
        ("--speed=0", "The speed is 0.01 or more."),
        ("--speed=nan", "The speed is 0.01 or more."),
    ],
)
def test_a_bad_option_is_one_sentence(option, words):
    with pytest.raises(CommandError) as fault:
        call_command(Walker(), option)
    assert str(fault.value) == words


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("127.0.0.1", 8000, "http://127.0.0.1:8000"),
        ("0.0.0.0", 80, "http://127.0.0.1:80"),
        ("::", 8000, "http://[::1]:8000"),
        ("::1", 8000, "http://[::1]:8000"),
    ],
)
def test_a_server_is_found_on_this_machine(host, port, url):
    assert address(host, port) == url

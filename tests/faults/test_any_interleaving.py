"""Whatever happens, in whatever order: in the end every page equals a fresh rendering, and none ever showed the past.

Hypothesis chooses what happens: changes that commit or roll back; hints that arrive late, twice, in another order or
never; renderings that take long; pages that open, lose their socket, come back, read slowly; a hub that dies. The hub's
own loop runs only between these, so that each order it finds can be run again. Each guard is also taken out once, in
the order of events that it is there for.
"""

import asyncio
import threading

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from accounts.models import User
from live import outbox
from live.hub import Hub
from live.listening import Listener
from live.models import Publish
from live.rendering import Watched
from live.writing import Socket
from tests.effort import examples
from tests.live.dom import Dom
from tests.live.people import TOPIC, Browser, People, rename

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 3
SOME = st.integers(0, 99)  # chooses one of a list of any length


class Page:
    """A browser's page: what it shows, and its connection, if it has one now.

    ``at`` is the newest state that it can have shown; ``write`` says how its sockets are written to.
    """

    def __init__(self, machine, shown, write):
        self.machine, self.write = machine, write
        self.dom = Dom(shown.region_id, shown.html, shown.version)
        self.at = 0
        self.connection = None
        self.reads = True
        self.looks()

    def connect(self):
        self.connection = Connection(self)
        self.read(self.reads)
        self.machine.hub.join(self.machine.region, [TOPIC], self.connection.socket)

    def disconnect(self):
        self.machine.hub.leave(TOPIC, self.connection.socket)
        self.connection = None

    def read(self, reads):
        self.reads = reads
        if self.connection:
            (self.connection.reads.set if reads else self.connection.reads.clear)()

    def take(self, connection, text):
        if connection is not self.connection:
            return  # it was on its way when the connection ended
        if not self.dom.take(text):
            self.disconnect()
        self.looks()

    def looks(self):
        """Every state it shows was committed, and none is older than one that it has shown."""
        later = self.machine.states[self.at :]
        if self.dom.html not in later:
            self.machine.fault = f"{self.dom.html} is none of {later}"
            return
        self.at += later.index(self.dom.html)


class Connection(Browser):
    """One socket of a page."""

    def __init__(self, page):
        super().__init__(page.dom.version, page.write)
        self.page = page

    def take(self, text):
        self.page.take(self, text)


class Interleaving(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        Publish.objects.all().delete()
        User.objects.all().delete()
        self.people = [User.objects.create_user(f"{n}@example.org", first_name="n0") for n in range(PEOPLE)]
        self.region = People()
        self.region.hook = self.hang
        self.hangs, self.held, self.hanging = None, [], 0
        self.number = 0
        self.fault = None
        self.states = [People().render().html]
        self.hints, self.pages = [], []
        self.hint, outbox.hint = outbox.hint, self.hints.append
        self.runner = asyncio.Runner()
        self.runner.get_loop()
        self.hub = self.new_hub()

    def new_hub(self):
        hub = Hub()
        hub.tasks = ["its jobs are done by hand here"]
        return hub

    def run(self, coroutine):
        return self.runner.run(asyncio.wait_for(coroutine, 20))

    async def call(self, function, *args):
        function(*args)

    def one_of(self, things, which):
        return things[which % len(things)]

    def name(self):
        self.number += 1
        return f"n{self.number}"

    # What changes

    @rule(which=SOME)
    def change(self, which):
        rename(self.one_of(self.people, which), self.name())
        self.states.append(People().render().html)

    @rule()
    def change_all_at_once(self):
        with transaction.atomic():
            for person in self.people:
                rename(person, self.name())
        self.states.append(People().render().html)

    @rule(which=SOME)
    def change_nothing_after_all(self, which):
        with transaction.atomic():
            rename(self.one_of(self.people, which), "rolled back")
            transaction.set_rollback(True)

    @rule(which=SOME)
    def go_and_come(self, which):
        """One leaves the list; another comes, at its end."""
        with transaction.atomic():
            gone = self.people.pop(which % len(self.people))
            User.objects.filter(pk=gone.pk).delete()
            self.people.append(User.objects.create_user(f"{self.name()}@example.org", first_name=self.name()))
            outbox.publish(TOPIC)
        self.states.append(People().render().html)

    # What becomes of hints

    @precondition(lambda self: self.hints)
    @rule(which=SOME, again=st.booleans())
    def a_hint_arrives(self, which, again):
        rows = self.one_of(self.hints, which)
        if not again:
            self.hints.remove(rows)
        self.run(self.call(self.hub.listener.receive, rows))

    @precondition(lambda self: self.hints)
    @rule(which=SOME)
    def a_hint_is_lost(self, which):
        self.hints.remove(self.one_of(self.hints, which))

    @rule()
    def the_outbox_is_read(self):
        self.run(self.hub.listener.read_outbox())

    # What pages do

    @precondition(lambda self: len(self.pages) < 4)
    @rule(write=st.booleans())
    def open_a_page(self, write=True):
        self.pages.append(Page(self, People().render(), write))

    @precondition(lambda self: self.pages)
    @rule(which=SOME)
    def connect_or_disconnect(self, which):
        page = self.one_of(self.pages, which)
        self.run(self.call(page.disconnect if page.connection else page.connect))

    @precondition(lambda self: self.pages)
    @rule(which=SOME)
    def read_or_not(self, which):
        page = self.one_of(self.pages, which)
        self.run(self.call(page.read, not page.reads))

    # What the server does

    @rule()
    def renderings_hang(self):
        """Those that begin from now on, once they have read what is committed."""
        self.hangs = threading.Event()
        self.held.append(self.hangs)

    @rule()
    def later_renderings_do_not_hang(self):
        self.hangs = None

    @rule()
    def renderings_go_on(self):
        self.hangs = None
        while self.held:
            self.held.pop().set()

    def hang(self):
        """Runs in the thread that renders."""
        if held := self.hangs:
            self.hanging += 1
            held.wait(10)
            self.hanging -= 1

    @rule()
    def time_passes(self):
        self.run(self.settle())

    @rule()
    def the_hub_dies(self):
        for page in self.pages:
            page.connection = None
        self.end_hub()
        self.hub = self.new_hub()

    async def settle(self):
        """Until nothing moves any more, or waits for a rendering that hangs."""
        still = 0
        while still < 3:
            await asyncio.sleep(0.001)
            tasks = [watched.task for watched in self.hub.watched.values() if watched.task]
            still = still + 1 if self.hanging or all(task.done() for task in tasks) else 0

    # What must hold

    @invariant()
    def nobody_is_shown_the_past(self):
        assert self.fault is None, self.fault

    def teardown(self):
        try:
            self.renderings_go_on()
            self.run(self.all_is_well_again())
            self.nobody_is_shown_the_past()
            now = People().render()
            for page in self.pages:
                assert (page.dom.version, page.dom.html) == (now.version, now.html)
        finally:
            outbox.hint = self.hint
            self.end_hub()
            self.runner.close()

    async def all_is_well_again(self):
        """Pages come back, the outbox is read, and in the end who read slowly reads again; nothing else changes then."""
        for page in self.pages:
            if not page.connection:
                page.connect()
        await self.settle()
        await self.hub.listener.read_outbox()
        await self.settle()
        for page in self.pages:
            page.read(True)
        await self.settle()

    def end_hub(self):
        self.renderings_go_on()
        for watched in self.hub.watched.values():
            watched.task.cancel()
        self.run(asyncio.sleep(0))
        self.hub.shutdown()


THOROUGH = settings(
    max_examples=examples(100), stateful_step_count=40, suppress_health_check=list(HealthCheck), database=None
)


@pytest.fixture(autouse=True)
def _no_waiting(settings):
    settings.LIVE = {**settings.LIVE, "outbox_every": 0, "between_renders": 0}


@pytest.mark.timeout(400)  # on a busy machine; 20 s on a quiet one
def test_every_page_ends_up_current_and_none_ever_shows_the_past():
    run_state_machine_as_test(Interleaving, settings=THOROUGH)


# The guards, each taken out, in an order of events that it is there for


def without_asking_what_the_page_shows(monkeypatch):
    monkeypatch.setattr(Watched, "is_current_on", lambda watched, socket: watched.snapshot is not None)


def a_page_connects_late(world):
    world.open_a_page()
    world.connect_or_disconnect(0)
    world.open_a_page()
    world.time_passes()
    world.change(0)
    world.a_hint_arrives(0, again=False)
    world.time_passes()
    world.connect_or_disconnect(1)


def without_waiting_for_a_rendering_that_begins_later(monkeypatch):
    monkeypatch.setattr(Socket, "min_round", property(lambda socket: 0, lambda socket, number: None))


def a_newer_page_connects_during_an_older_rendering(world):
    world.open_a_page()
    world.connect_or_disconnect(0)
    world.time_passes()
    world.renderings_hang()
    world.change(0)
    world.a_hint_arrives(0, again=False)
    world.time_passes()
    world.change(0)
    world.open_a_page()
    world.connect_or_disconnect(1)


def without_one_rendering_at_a_time(monkeypatch):
    monkeypatch.setattr(Watched, "is_refreshing", lambda watched: False)


def a_rendering_takes_longer_than_the_next(world):
    world.open_a_page()
    world.connect_or_disconnect(0)
    world.time_passes()
    world.renderings_hang()
    world.change(0)
    world.a_hint_arrives(0, again=False)
    world.time_passes()
    world.later_renderings_do_not_hang()
    world.change(0)
    world.a_hint_arrives(0, again=False)
    for _ in range(20):
        world.time_passes()


def without_the_outbox(monkeypatch):
    async def read_nothing(listener):
        pass

    monkeypatch.setattr(Listener, "read_outbox", read_nothing)


def without_publishing(monkeypatch):
    monkeypatch.setattr("tests.live.people.publish", lambda *topics: None)


def a_hint_never_comes(world):
    world.open_a_page()
    world.connect_or_disconnect(0)
    world.time_passes()
    world.change(0)


def without_catching_up_after_slow_reading(monkeypatch):
    monkeypatch.setattr(Watched, "catch_up", lambda watched, socket: None)


def without_noticing_that_a_reader_is_slow(monkeypatch):
    push = Socket.push
    monkeypatch.setattr(Socket, "push", lambda socket, text: push(socket, text) or True)


def a_reader_stops_and_misses_two_changes(world):
    world.open_a_page()
    world.connect_or_disconnect(0)
    world.time_passes()
    world.read_or_not(0)
    for _ in range(2):
        world.change(0)
        world.a_hint_arrives(0, again=False)
        world.time_passes()


NEEDED = [
    (without_asking_what_the_page_shows, a_page_connects_late),
    (without_waiting_for_a_rendering_that_begins_later, a_newer_page_connects_during_an_older_rendering),
    (without_one_rendering_at_a_time, a_rendering_takes_longer_than_the_next),
    (without_the_outbox, a_hint_never_comes),
    (without_publishing, a_hint_never_comes),
    (without_catching_up_after_slow_reading, a_reader_stops_and_misses_two_changes),
    (without_noticing_that_a_reader_is_slow, a_reader_stops_and_misses_two_changes),
]


@pytest.mark.parametrize(("take_out", "events"), NEEDED, ids=lambda function: function.__name__)
def test_each_guard_is_needed(monkeypatch, take_out, events):
    happens(events)
    take_out(monkeypatch)
    with pytest.raises(AssertionError):
        happens(events)


def happens(events):
    world = Interleaving()
    events(world)
    world.teardown()

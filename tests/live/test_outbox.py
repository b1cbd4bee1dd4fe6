"""publish(): in the transaction of the change, and never the cause of an error."""

import asyncio
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from live import outbox, tasks
from live.models import Publish
from live.outbox import Layer, publish
from tests.live.people import working_hub
from tests.server.test_metrics import counted
from tests.waiting import until_async


@pytest.fixture(autouse=True)
def _the_layer_is_there(monkeypatch):
    monkeypatch.setattr(Layer, "away_until", 0.0)


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a/b", "ü", "x" * 100, "a\n"])
def test_a_name_that_no_topic_can_have_is_refused(db, name):
    with pytest.raises(ValueError, match="Not a topic"):
        publish(name)


def test_each_topic_is_a_row_once(db):
    publish("a", "b", "a")
    assert list(Publish.objects.order_by("pk").values_list("topic", flat=True)) == ["a", "b"]


def test_what_is_rolled_back_was_not_published(transactional_db):
    with pytest.raises(RuntimeError), transaction.atomic():
        publish("a")
        raise RuntimeError
    assert not Publish.objects.exists()


def test_the_hint_comes_after_the_commit_and_not_at_all_without_it(transactional_db, monkeypatch):
    hints = []
    monkeypatch.setattr(outbox, "hint", hints.append)
    with transaction.atomic():
        publish("a")
        assert hints == []
    [[[pk, topic]]] = hints
    assert (Publish.objects.get().pk, "a") == (pk, topic)
    with transaction.atomic():
        publish("b")
        transaction.set_rollback(True)
    assert len(hints) == 1


def test_a_channel_layer_that_is_down_costs_no_commit(transactional_db, settings, caplog):
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": ["redis://127.0.0.1:1"]},
        }
    }
    with transaction.atomic():
        publish("a")
    assert Publish.objects.get().topic == "a"
    assert "hint lost" in caplog.text


@pytest.fixture
def sent(monkeypatch):
    """The rows of each hint that was sent."""
    sent = []

    async def send(message):
        sent.append([topic for _pk, topic in message["rows"]])

    monkeypatch.setattr(outbox, "send", send)
    return sent


def test_one_transaction_sends_one_hint(transactional_db, sent):
    with transaction.atomic():
        for number in range(20):
            with transaction.atomic():  # as each verb has one
                publish(f"a{number}")
    assert sent == [[f"a{number}" for number in range(20)]]


def test_what_a_savepoint_took_back_keeps_no_other_hint(transactional_db, sent):
    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            publish("back")
            raise RuntimeError
        publish("a")
        with pytest.raises(RuntimeError), transaction.atomic():
            publish("back-too")
            raise RuntimeError
        publish("b")
    (topics,) = sent
    assert topics == ["a", "b"]


@pytest.fixture
def heard(settings, transactional_db):
    """``heard(change)``: the topics that a hub hears of while ``change()`` runs, by hints alone, through the real layer."""
    settings.LIVE = {**settings.LIVE, "outbox_every": 60}

    def heard(change, seconds=20):
        topics = []

        async def listen():
            async with working_hub() as hub:
                hub.listener.changed = lambda topic, when: topics.append(topic)
                hub.start()
                await hub.listener.listening.wait()
                await hub.texts.run(change)
                await until_async(lambda: "end" in topics, seconds)

        asyncio.run(asyncio.wait_for(listen(), 60))
        return topics

    return heard


def take_back():
    """Publish in a savepoint, which is then rolled back."""
    with pytest.raises(RuntimeError), transaction.atomic():
        publish("back")
        raise RuntimeError


def in_one_transaction():
    with transaction.atomic():
        publish("a")
        take_back()
        publish("end")


def in_two_transactions():
    with transaction.atomic():
        publish("a")
        take_back()
    publish("end")


def in_a_savepoint_of_a_savepoint():
    with transaction.atomic():
        with transaction.atomic():
            publish("a")
        with transaction.atomic():
            take_back()
            publish("b")
            take_back()
    publish("end")


CHANGES = {
    in_one_transaction: ["a", "end"],
    in_two_transactions: ["a", "end"],
    in_a_savepoint_of_a_savepoint: ["a", "b", "end"],
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_savepoint_took_back_hides_nothing_that_follows(heard, change):
    """SQLite gives its id to the next row."""
    assert heard(change) == CHANGES[change]


@pytest.mark.parametrize("change", [in_one_transaction, in_two_transactions])
def test_without_looking_at_what_is_stored_it_hides_what_has_its_id(heard, change, monkeypatch):
    monkeypatch.setattr(outbox, "stored", lambda rows: rows)
    if connection.vendor == "sqlite":
        with pytest.raises(AssertionError, match="never came"):
            heard(change, seconds=2)
    else:  # ids are never given twice: what was taken back is heard of in vain
        assert heard(change) == ["a", "back", "end"]


def test_a_database_that_fails_after_the_commit_costs_the_hint_and_no_more(transactional_db, sent, monkeypatch):
    def fail(rows):
        raise OperationalError

    monkeypatch.setattr(outbox, "stored", fail)
    before = counted("airside_hub_failures_total", job="hint")
    in_one_transaction()
    assert sent == [] and Publish.objects.count() == 2
    assert counted("airside_hub_failures_total", job="hint") == before + 1


class Hangs:
    """A layer that takes every message and never answers, until it is told to."""

    def __init__(self):
        self.asked, self.hangs = 0, True

    async def group_send(self, group, message):
        self.asked += 1
        if self.hangs:
            await asyncio.Event().wait()


@pytest.fixture
def hangs(monkeypatch, settings, transactional_db):
    layer = Hangs()
    monkeypatch.setattr(outbox, "get_channel_layer", lambda: layer)
    settings.LIVE = {**settings.LIVE, "hint_within": 0.01}
    monkeypatch.setattr(Layer, "away_until", 0.0)
    return layer


def test_a_layer_that_hangs_is_waited_for_once(hangs, monkeypatch):
    for _ in range(20):
        publish("a")
    assert hangs.asked == 1
    hangs.hangs = False
    publish("a")
    assert hangs.asked == 1, "not tried again so soon"
    monkeypatch.setattr(Layer, "away_until", time.monotonic() - 1)
    for _ in range(3):
        publish("a")
    assert hangs.asked == 4 and Layer.away_until == 0


def test_without_the_breaker_each_change_waits(hangs, monkeypatch):
    for _ in range(5):
        monkeypatch.setattr(Layer, "away_until", 0.0)
        publish("a")
    assert hangs.asked == 5


def test_no_fault_of_the_layer_turns_the_answer_or_stops_what_follows_the_commit(transactional_db, monkeypatch, caplog):
    async def fail(message):
        raise TypeError("a bug")

    followed = []
    before = counted("airside_hub_failures_total", job="hint")
    monkeypatch.setattr(outbox, "send", fail)
    monkeypatch.setattr(tasks, "logged", {})
    with transaction.atomic():
        for _ in range(3):
            publish("a")
        transaction.on_commit(lambda: followed.append(True))
    assert followed
    assert Publish.objects.count() == 3
    assert counted("airside_hub_failures_total", job="hint") == before + 1
    (record,) = [record for record in caplog.records if "hint lost" in record.message]
    assert record.exc_info[0] is TypeError, "logged once, with its traceback"


def test_old_rows_go_and_new_ones_stay(db):
    publish("old", "new")
    Publish.objects.filter(topic="old").update(at=timezone.now() - timedelta(minutes=11))
    outbox.prune()
    assert Publish.objects.get().topic == "new"

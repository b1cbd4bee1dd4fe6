"""Which tests run beside others, and which alone.

With several workers (``pytest -n 2``), tests that need neither a server nor a browser run on all of them. The others run
after that, one by one, on one worker, while nothing else runs: a server and a browser keep two cores busy by themselves,
and some of these tests have time limits. A test that uses one of the fixtures below is marked ``alone`` by itself.
"""

from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from xdist.scheduler import LoadScheduling
from xdist.workermanage import WorkerController

NEED_QUIET = {"server", "process", "serve", "chromium"}
SUFFIX = "@alone"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if NEED_QUIET.intersection(item.fixturenames):
            item.add_marker("alone")


@pytest.hookimpl(wrapper=True)
def pytest_collection_finish(session):
    """A worker tells the scheduler the names of its tests and nothing else: those that run alone bear a suffix there."""
    items = session.items
    if hasattr(session.config, "workerinput"):
        session.items = [SimpleNamespace(nodeid=name_for_scheduler(item)) for item in items]
    try:
        return (yield)
    finally:
        session.items = items


def name_for_scheduler(item):
    return item.nodeid + SUFFIX * bool(item.get_closest_marker("alone"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return QuietLast(config, log) if config.getoption("dist") == "load" else None


class QuietLast(LoadScheduling):
    """First the tests that need no quiet, on all workers; when only one worker is left, the others on that."""

    alone: list[int] = []

    def schedule(self) -> None:
        if self.collection is not None:  # a worker that replaces one
            super().schedule()
        elif self._check_nodes_have_same_collection():
            self.collection = next(iter(self.node2collection.values()))
            self.maxschedchunk = self.maxschedchunk or len(self.collection)
            self.alone = [index for index, name in enumerate(self.collection) if name.endswith(SUFFIX)]
            self.pending = sorted(set(range(len(self.collection))).difference(self.alone))
            self.collection = [name.removesuffix(SUFFIX) for name in self.collection]
            self.continue_on_all()

    def continue_on_all(self) -> None:
        for node in self.nodes:
            self.check_schedule(node)

    def check_schedule(self, node: WorkerController, duration: float = 0) -> None:
        if self.pending or not self.alone:
            super().check_schedule(node, duration)
        elif node != self.nodes[0]:
            node.shutdown()
        elif len(self.nodes) == 1:
            self.pending, self.alone = self.alone, []
            self._send_tests(node, len(self.pending))
            node.shutdown()

    def remove_node(self, node: WorkerController) -> str | None:
        crashed = super().remove_node(node)
        self.continue_on_all()
        return crashed

    @property
    def tests_finished(self) -> bool:
        return super().tests_finished and not self.alone

    def add_node_collection(self, node: WorkerController, collection: Sequence[str]) -> None:
        if self.collection is not None:
            collection = [name.removesuffix(SUFFIX) for name in collection]
        super().add_node_collection(node, collection)

"""Which tests run beside others, and which alone.

Tests that use a server or a browser are marked ``served`` by themselves. With several workers (``pytest -n 2``), first those
that use neither run on all of them, then those that do: each worker has a server and a browser of its own, and waits for
them half of the time. In the folders of ``QUIET`` they count what a server needs, or have time limits: there they are marked
``alone``, and run at the end, one by one, on one worker, while nothing else runs.
"""

from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from xdist.scheduler import LoadScheduling
from xdist.workermanage import WorkerController

SERVED, BROWSER = {"server", "process", "serve"}, "chromium"
QUIET = {"faults", "server", "deploy", "demo"}
SUFFIX = "@alone"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        in_browser = BROWSER in item.fixturenames
        if in_browser or SERVED.intersection(item.fixturenames):
            item.add_marker("served")
            if item.path.parent.name in QUIET and not in_browser:
                item.add_marker("alone")
    items.sort(key=turn)


def turn(item):
    """Those in a browser come last: Playwright keeps a loop, and others want one of their own."""
    return BROWSER in item.fixturenames, item.get_closest_marker("served") is not None


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
    """First the tests that need no quiet, on all workers, in their order; when one worker is left, the others on that."""

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

"""What the live layer counts, for /metrics; docs/operating.md says what each metric is good for.

Labels name classes of regions, never addresses, which would tell what somebody looks at. Counters are increased once
for a whole fan-out, not for each socket, and what can be looked up is looked up when /metrics is asked.
"""

import time
from collections import Counter as Tally
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from live.codes import KNOWN
from live.regions import Region

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, which says when the process started

SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

# Outcomes of showing one socket the current version; used as list indices.
NOTHING, CHANGE, SNAPSHOT, RESYNC, REFUSED = OUTCOMES = range(5)

opened = Counter("airside_sockets_opened", "Sockets that began to watch.", ["region"])
closed = Counter("airside_sockets_closed", "Sockets that ended or were refused, by close code.", ["code"])
dropped = Counter("airside_sockets_dropped", "Sockets told to come back later (1013): why.", ["reason"])
renders = Histogram("airside_render_seconds", "Renderings, with the wait for a thread.", ["region"], buckets=SECONDS)
render_failures = Counter("airside_render_failures", "Renderings that failed, and are tried again.", ["region"])
late_renders = Counter("airside_late_renders", "Renderings that took or waited more than ten seconds.", ["region"])
signal_to_send = Histogram(
    "airside_signal_to_send_seconds",
    "From hearing of a change to having written it to the last socket.",
    ["region"],
    buckets=SECONDS,
)
frames = Counter("airside_frames_sent", "Frames written to sockets.", ["kind"])
resyncs = Counter("airside_resyncs", "Snapshots sent to sockets that showed another version.", ["region"])
slow_readers = Counter("airside_slow_readers", "Updates held back: what came before still waits.", ["region"])
signals = Counter("airside_signals", "Changes heard of: by a hint, or found in the outbox alone.", ["way"])
job_failures = Counter("airside_hub_failures", "Failures in the hub, by the job.", ["job"])
periodic_failures = Counter("airside_periodic_failures", "Periodic jobs that failed, and run again.", ["job"])
echoing = Gauge("airside_echo_sockets", "Open sockets of the connection check.")
echoed = Counter("airside_echoed", "Texts that the connection check sent back.")

for job in ("connect", "hints", "outbox", "heartbeats", "access", "prune", "send", "hint"):
    job_failures.labels(job)  # there from the start, so that the first failure is an increase
for way in ("hint", "outbox", "start"):
    signals.labels(way)
for reason in ("stalled", "full", "address"):
    dropped.labels(reason)
for kind in ("change", "snapshot", "beat"):
    frames.labels(kind)


def ended(code: int | None) -> None:
    """Count a socket that ended. Clients may send any code; all unknown ones count as one."""
    closed.labels(code if code in KNOWN else "other").inc()


def shown(region: str, outcomes: Sequence[int], signal_at: float | None = None) -> None:
    """Count a fan-out: how many sockets had each of OUTCOMES. ``signal_at`` is when its change was heard of."""
    frames.labels("change").inc(outcomes[CHANGE])
    frames.labels("snapshot").inc(outcomes[SNAPSHOT] + outcomes[RESYNC])
    resyncs.labels(region).inc(outcomes[RESYNC])
    slow_readers.labels(region).inc(outcomes[REFUSED])
    if signal_at and outcomes[CHANGE] + outcomes[SNAPSHOT] + outcomes[RESYNC]:
        signal_to_send.labels(region).observe(time.monotonic() - signal_at)


class HasBusy(Protocol):
    busy_since: float | None


class HasSockets(Protocol):
    name: str

    @property
    def sockets(self) -> Collection[HasBusy]: ...


class Watching(Collector):
    """How many sockets watch which regions, read from the hub when /metrics is asked."""

    def __init__(self, watched: Mapping[str, HasSockets]) -> None:
        self.watched = watched

    def collect(self) -> Iterator[GaugeMetricFamily]:
        none = {cls.__name__: 0 for cls in Region.classes}
        sockets, regions, waiting = Tally(none), Tally(none), 0
        for watched in list(self.watched.values()):  # copies, since another thread changes them meanwhile
            regions[watched.name] += 1
            sockets[watched.name] += len(watched.sockets)
            waiting += sum(socket.busy_since is not None for socket in list(watched.sockets))
        yield gauge("airside_sockets", "Open sockets that watch a region.", sockets)
        yield gauge("airside_regions", "Regions with a snapshot, because somebody watches.", regions)
        yield GaugeMetricFamily("airside_sockets_waiting", "Sockets whose reader has not caught up.", value=waiting)


def gauge(name: str, help_text: str, tally: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_text, labels=["region"])
    for region, count in sorted(tally.items()):
        family.add_metric([region], count)
    return family


def watch(watched: Mapping[str, HasSockets]) -> None:
    REGISTRY.register(Watching(watched))

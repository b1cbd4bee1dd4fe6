"""What the live layer counts, for /metrics; docs/operating.md says what each is good for.

Labels name classes of regions, never addresses: what somebody looks at is nobody's business. The hub counts once for a
whole fan-out and never for each socket, and what can be looked up is looked up when somebody asks.
"""

import time
from collections import Counter as Tally

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily

from live.regions import Region

disable_created_metrics()  # a second series for each, which says when the process started

SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

# What showing one socket the current version came to; indices into the list that a fan-out adds up.
NOTHING, CHANGE, SNAPSHOT, RESYNC, REFUSED = OUTCOMES = range(5)

opened = Counter("airside_sockets_opened", "Sockets that began to watch.", ["region"])
closed = Counter("airside_sockets_closed", "Sockets that ended or were refused, by close code.", ["code"])
dropped = Counter("airside_sockets_dropped", "Sockets told to come back later (1013): why.", ["reason"])
renders = Histogram("airside_render_seconds", "Renderings, with the wait for a thread.", ["region"], buckets=SECONDS)
render_failures = Counter("airside_render_failures", "Renderings that failed, and are tried again.", ["region"])
signal_to_send = Histogram(
    "airside_signal_to_send_seconds", "From a change heard of to its last socket written.", ["region"], buckets=SECONDS
)
frames = Counter("airside_frames_sent", "Frames written to sockets.", ["kind"])
resyncs = Counter("airside_resyncs", "Snapshots sent to sockets that showed another version.", ["region"])
slow_readers = Counter("airside_slow_readers", "Updates held back: what came before still waits.", ["region"])
signals = Counter("airside_signals", "Changes heard of: by a hint, or found in the outbox alone.", ["way"])
job_failures = Counter("airside_hub_failures", "Jobs of the hub that failed, and began again.", ["job"])
periodic_failures = Counter("airside_periodic_failures", "Periodic jobs that failed, and run again.", ["job"])
echoing = Gauge("airside_echo_sockets", "Open sockets of the connection check.")
echoed = Counter("airside_echoed", "Texts that the connection check sent back.")

for job in ("listen", "read", "look_after"):
    job_failures.labels(job)  # there from the start, so that the first failure is an increase
for way in ("hint", "outbox", "start"):
    signals.labels(way)
for reason in ("stalled", "full"):
    dropped.labels(reason)
for kind in ("change", "snapshot", "beat"):
    frames.labels(kind)

KNOWN_CODES = {1000, 1001, 1005, 1006, 1008, 1009, 1011, 1012, 1013, 4401, 4403, 4404}


def ended(code):
    """A socket ended. Clients may say any code: those without a meaning here are one."""
    closed.labels(code if code in KNOWN_CODES else "other").inc()


def shown(region, outcomes, heard_at=None):
    """What a fan-out came to: for each of OUTCOMES, how many sockets; ``heard_at`` is when its change was heard of."""
    frames.labels("change").inc(outcomes[CHANGE])
    frames.labels("snapshot").inc(outcomes[SNAPSHOT] + outcomes[RESYNC])
    resyncs.labels(region).inc(outcomes[RESYNC])
    slow_readers.labels(region).inc(outcomes[REFUSED])
    if heard_at and outcomes[CHANGE] + outcomes[SNAPSHOT] + outcomes[RESYNC]:
        signal_to_send.labels(region).observe(time.monotonic() - heard_at)


class Watching:
    """Who watches what now, read from the hub when somebody asks."""

    def __init__(self, hub):
        self.hub = hub

    def collect(self):
        none = {cls.__name__: 0 for cls in Region.classes}
        sockets, regions, waiting = Tally(none), Tally(none), 0
        for watched in list(self.hub.watched.values()):  # copies: another thread changes them meanwhile
            regions[watched.name] += 1
            sockets[watched.name] += len(watched.sockets)
            waiting += sum(socket.busy_since is not None for socket in list(watched.sockets))
        yield gauge("airside_sockets", "Open sockets that watch a region.", sockets)
        yield gauge("airside_regions", "Regions with a snapshot, because somebody watches.", regions)
        yield GaugeMetricFamily("airside_sockets_waiting", "Sockets whose reader has not caught up.", value=waiting)


def gauge(name, says, tally):
    family = GaugeMetricFamily(name, says, labels=["region"])
    for region, count in sorted(tally.items()):
        family.add_metric([region], count)
    return family


def watch(hub):
    REGISTRY.register(Watching(hub))

"""Metrics of the feed API, for /metrics; docs/operating.md explains each."""

from prometheus_client import Counter

faults = Counter("airside_feed_faults", "Updates that could not be taken for a fault of ours, and were refused.")

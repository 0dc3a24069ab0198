"""A snapshot as the text that Prometheus reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from xgoals.metrics.definitions import METRICS, Metric
from xgoals.metrics.snapshot import Snapshot

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily


@dataclass(frozen=True, slots=True)
class Exposition:
    """What is answered: the text, and the type that says in which of the formats it is."""

    text: bytes
    content_type: str


def expose(snapshot: Snapshot, accept: str = "") -> Exposition:
    """A snapshot in the format that is asked for.

    Parameters
    ----------
    accept
        As the header of HTTP: OpenMetrics where that is wanted, else Prometheus' older text format.
    """
    from prometheus_client.exposition import choose_encoder
    from prometheus_client.registry import CollectorRegistry

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(snapshot))
    encode, content_type = choose_encoder(accept)
    return Exposition(encode(registry), content_type)


class _Told:
    """The collector that Prometheus' library asks."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def collect(self) -> "Iterator[GaugeMetricFamily]":
        """Every family that has a value."""
        for metric in METRICS:
            family = _family(metric, self._snapshot)
            if family.samples:
                yield family


def _family(metric: Metric, snapshot: Snapshot) -> "GaugeMetricFamily":
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
    for of, value in metric.samples(snapshot):
        if value is not None:
            family.add_metric(of, value.timestamp() if isinstance(value, datetime) else float(value))
    return family

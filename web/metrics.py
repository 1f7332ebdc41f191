"""What Prometheus is told: requests by page and status, and how far store and index are. Imported only where asked for.

Several processes of one server keep their counts in the folder PROMETHEUS_MULTIPROC_DIR, and whichever is asked adds
them up.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter

from apiflask import APIFlask
from flask import Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from web.library import Library

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


@dataclass(frozen=True, eq=False)
class Archive(Collector):
    """The figures of the archive, read when they are asked for: the same in every process."""

    held: Library

    def collect(self) -> Iterable[Metric]:
        store, index = self.held.store, self.held.index_status()
        for name, about, value in (
            ("notices", "Notices in the store.", store.count()),
            ("store_revision", "Revision of the store.", store.revision()),
            (
                "index_revision",
                "Revision of the store that the index reflects; -1: no usable index.",
                index.revision if index else -1,
            ),
        ):
            yield GaugeMetricFamily(f"shuiwen_{name}", about, value)


def register_metrics(app: APIFlask, held: Library) -> Callable[[Response], Response]:
    """Answer at /metrics in the form of https://prometheus.io; gives what is to be called after each request."""
    counted = CollectorRegistry()
    seconds = Histogram(
        "shuiwen_request_seconds",
        "Seconds until a request was answered.",
        ("page", "status"),
        buckets=BUCKETS,
        registry=counted,
    )
    told = CollectorRegistry()
    told.register(Archive(held))
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(told)  # type: ignore[no-untyped-call]
    else:
        told.register(seconds)

    def tell() -> Response:
        return Response(generate_latest(told), content_type=CONTENT_TYPE_LATEST)

    app.add_url_rule("/metrics", "metrics", app.doc(hide=True)(tell))  # it is no part of the API

    def measure(response: Response) -> Response:
        seconds.labels(request.endpoint or "", str(response.status_code)).observe(perf_counter() - g.started)
        return response

    return measure

"""What the keeper of the server sets: who may call the API from other sites, how often, and what is recorded."""

import json
import logging
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from time import perf_counter

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse_many
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest

from archive.errors import BadInput
from archive.settings import Settings
from web.library import Library

ORIGIN = re.compile(r"\*|https?://[^\s/,*]{1,300}")
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
# What watches the server asks often, and style sheets cost nothing.
UNLIMITED = ("static", "feeds.health", "feeds.ready", "metrics")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


def register_operations(app: Flask, settings: Settings, held: Library) -> None:
    """Set up what `settings` ask for, all of it off by default; raises BadInput for a setting that cannot be."""
    if settings.cors_origins:
        app.after_request(_sharing(settings.cors_origins))
    if settings.access_log or settings.metrics:
        app.before_request(_start)
    if settings.rate_limit:
        _limit(app, settings.rate_limit)
    if settings.access_log:
        app.after_request(_logging(app, settings.access_log))
    if settings.metrics:
        app.after_request(_measuring(app, held))


def _sharing(text: str) -> Callable[[Response], Response]:
    """Let pages of other origins read the API: https://fetch.spec.whatwg.org/#http-cors-protocol."""
    origins = {origin.strip().rstrip("/") for origin in text.split(",")}
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise BadInput(f"ARCHIVE_CORS_ORIGINS: {origin!r} is not an origin.", "Write https://example.org, or *.")

    def share(response: Response) -> Response:
        if not request.path.startswith("/api/"):
            return response
        response.vary.add("Origin")
        asking = request.headers.get("Origin", "")
        if "*" in origins or asking in origins:
            response.headers["Access-Control-Allow-Origin"] = "*" if "*" in origins else asking
            response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
            if request.method == "OPTIONS":
                response.headers.update(PREFLIGHT)
        return response

    return share


def _limit(app: Flask, rate: str) -> None:
    try:
        parse_many(rate)
    except ValueError as error:
        raise BadInput(
            f"ARCHIVE_RATE_LIMIT={rate!r} is not a rate.", "Write it as 60 per minute, or unset it."
        ) from error
    limiter = Limiter(
        get_remote_address, app=app, application_limits=[rate], storage_uri="memory://", headers_enabled=True
    )
    limiter.request_filter(lambda: request.endpoint in UNLIMITED)


def _start() -> None:
    g.started = perf_counter()


def _logging(app: Flask, target: str) -> Callable[[Response], Response]:
    """One line of JSON a request, written once its answer is sent. A file that was moved away is opened anew."""
    try:
        handler = logging.StreamHandler(sys.stderr) if target == "-" else WatchedFileHandler(target, encoding="utf-8")
    except OSError as error:
        remedy = "Name a file in a folder that exists and can be written, or - for standard error."
        raise BadInput(f"ARCHIVE_ACCESS_LOG: {target} cannot be written: {error.strerror}.", remedy) from error
    app.extensions["access_log"] = handler
    log = logging.Logger("access")
    log.addHandler(handler)

    def record(response: Response) -> Response:
        started = g.started
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "client": request.remote_addr,
            "method": request.method,
            "path": request.full_path.rstrip("?"),
            "status": response.status_code,
            "agent": request.user_agent.string,
        }

        def write() -> None:
            taken = {"bytes": response.content_length, "ms": round((perf_counter() - started) * 1000, 1)}
            log.info(json.dumps(line | taken, ensure_ascii=False))

        response.call_on_close(write)
        return response

    return record


def _measuring(app: Flask, held: Library) -> Callable[[Response], Response]:
    """Count and time requests by page and status, and tell it in the form of https://prometheus.io at /metrics."""
    registry = CollectorRegistry()
    seconds = Histogram(
        "shuiwen_request_seconds",
        "Seconds until a request was answered.",
        ("page", "status"),
        buckets=BUCKETS,
        registry=registry,
    )
    for name, about, read in (
        ("notices", "Notices in the store.", held.store.count),
        ("store_revision", "Revision of the store.", held.store.revision),
        ("index_revision", "Revision of the store that the index reflects; -1: no usable index.", held.index_revision),
    ):
        Gauge(f"shuiwen_{name}", about, registry=registry).set_function(read)

    def tell() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    app.add_url_rule("/metrics", "metrics", tell)

    def measure(response: Response) -> Response:
        seconds.labels(request.endpoint or "", str(response.status_code)).observe(perf_counter() - g.started)
        return response

    return measure

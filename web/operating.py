"""What the keeper of the server sets: who may call the API from other sites, how often, and what is recorded."""

import json
import logging
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from time import perf_counter

from apiflask import APIFlask
from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from archive.errors import BadInput
from archive.settings import Settings
from web.library import Library
from web.limiting import register_limit

ORIGIN = re.compile(r"\*|https?://[^\s/,*]{1,300}")
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def register_operations(app: APIFlask, settings: Settings, held: Library, shared: Path | None) -> None:
    """Set up what `settings` ask for, all of it off by default; raises BadInput for a setting that cannot be.

    The processes of one server count together what they need to in the folder `shared`.
    """
    if near := settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=near, x_proto=near, x_host=near, x_prefix=near
        )
    if settings.cors_origins:
        app.after_request(_sharing(settings.cors_origins))
    if settings.access_log or settings.metrics:
        app.before_request(_start)
    if settings.rate_limit:
        register_limit(app, settings.rate_limit, shared)
    if settings.access_log:
        app.after_request(_logging(app, settings.access_log))
    if settings.metrics:
        from web.metrics import register_metrics  # its library reads the environment as it is imported

        app.after_request(register_metrics(app, held))


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

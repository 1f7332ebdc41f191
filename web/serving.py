"""The web server: gunicorn with processes enough to keep every core busy, all of one application loaded once."""

import gc
import os
import shutil
import socket
import struct
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from archive.errors import ArchiveError
from archive.models import Query
from archive.settings import Settings
from web.worker import Worker

# Threads of one process take turns, and each makes the others late: with 8 clients, 5,000 notices and two cores the
# slowest twentieth of pages of notices took 61 ms with one thread a process and 132 ms with four (2026-11-24).
# A connection ends with its answer, and a process has no more than one: so all wait in one queue, of which whoever is
# free takes the next. Kept open they stay with the process that took them, and wait for it while another one idles;
# and on this machine, where the clients or their proxy are, to open one takes a fifth of a millisecond.
ONE_AT_A_TIME = {"threads": 1, "worker_connections": 1, "keepalive": 0}
# A process that does not answer for so long is replaced; a stop waits so long for requests under way.
STUCK_SECONDS, STOP_SECONDS = 60, 15
SILENT_SECONDS = 5  # a client that says nothing for so long in the middle of its request is not waited for


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn over `app`, embedded: its options come from here and from no file, argument or variable."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def load(settings: Settings, listening: socket.socket) -> Server:
    """A server that, once it runs, answers requests at `listening`, which it takes, until told to stop.

    Raises as `create_app`.
    """
    shared = Path(tempfile.mkdtemp(prefix="shuiwen-"))
    try:
        app = _loaded(settings, shared)
    except BaseException:
        shutil.rmtree(shared)
        raise
    store = app.extensions["library"].store
    # Whoever sends half a request and no more would hold a process for good; connections inherit this from here.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", SILENT_SECONDS, 0))
    if hasattr(socket, "TCP_DEFER_ACCEPT"):  # browsers open connections ahead of need; see tcp(7)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, STUCK_SECONDS)
    options = {
        "bind": f"fd://{listening.detach()}",
        "workers": settings.web_processes,
        "worker_class": Worker,
        **ONE_AT_A_TIME,
        "preload_app": True,
        "timeout": STUCK_SECONDS,
        "graceful_timeout": STOP_SECONDS,
        "limit_request_line": 8190,
        "forwarded_allow_ips": "",  # whom to believe about the client is for `proxies` to say
        "loglevel": "warning",
        "control_socket_disable": True,
        # A connection to the database must not be used by two processes.
        "post_fork": lambda _server, _worker: store.engine.dispose(close=False),
        "on_exit": lambda _server: shutil.rmtree(shared, ignore_errors=True),
    }
    if settings.metrics:
        options["child_exit"] = lambda _server, worker: _forget(worker.pid)
    return Server(app, options)


def _loaded(settings: Settings, shared: Path) -> Flask:
    """The application with all that its processes can share in memory already there."""
    if settings.metrics:  # read by prometheus_client when it is imported
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(shared)
    from web.app import create_app

    app = create_app(settings, shared)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    with suppress(ArchiveError):  # there may be no index yet
        app.extensions["library"].engine.search(Query(text="税", per_page=1))
    gc.collect()
    gc.freeze()  # or collecting garbage would copy what is shared
    return app


def _forget(process: int) -> None:
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(process)  # type: ignore[no-untyped-call]

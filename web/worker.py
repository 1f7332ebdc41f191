"""A process of the server, which takes a new connection only while no other process holds fewer."""

import socket
from multiprocessing.sharedctypes import RawArray
from time import sleep
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# Numbers of connections, one for each process by its age; NONE: that process is not there.
PLACES, NONE = 64, -1
# How long a connection is left to those who hold fewer, and how often: they may be held up themselves.
LEFT_SECONDS, LEFT_TIMES = 0.001, 20


def shared_counts() -> Any:
    """How many connections each process of a server holds, in memory that they share."""
    return RawArray("i", [NONE] * PLACES)


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's, but connections, which stay with the process that took them, are spread evenly.

    Left to themselves the processes take them as it happens: of 8 connections one process held 5 and another 1, and
    those 5 waited for one another. The application is asked for its `connections`, as `shared_counts` gives them.
    """

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._counts, self._place = self.app.connections, self.age % PLACES
        self._left = 0

    def notify(self) -> None:
        super().notify()
        self._counts[self._place] = self.nr_conns

    def accept(self, listener: socket.socket) -> None:
        fewest = min(count for count in self._counts if count != NONE)
        if self.nr_conns > fewest and self._left < LEFT_TIMES:
            self._left += 1
            sleep(LEFT_SECONDS)
            return
        self._left = 0
        super().accept(listener)
        self._counts[self._place] = self.nr_conns

    def gone(self) -> None:
        """To be called once the process is no more."""
        self._counts[self._place] = NONE

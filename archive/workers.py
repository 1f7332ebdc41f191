"""Worker processes that end with the process that started them, however that one ends."""

import os
from multiprocessing import parent_process
from multiprocessing.connection import wait
from signal import SIG_IGN, SIGINT, signal
from threading import Thread


def end_with_parent() -> None:
    """What a worker does first: it leaves Ctrl-C to its parent, and ends where that was killed.

    Without it a worker of a killed parent would wait for ever for work.
    """
    signal(SIGINT, SIG_IGN)  # the parent is told, and ends its workers
    parent = parent_process()
    if parent:
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)

"""The memory of processes (Linux only)."""

import re
from pathlib import Path

PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def proportional_mb(pid: int) -> float:
    """The memory of a process, pages that it shares counted in part; 0 for one that has just ended."""
    try:
        found = PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0

"""What all tests share: an archive of the samples, built once by the real commands, and a server over it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


def run_archive(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m archive` as a user does, in the checkout, over the archive in `home`."""
    command = [sys.executable, "-m", "archive", "--home", str(home), *arguments]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, encoding="utf-8", timeout=300)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an archive that holds data/samples, indexed. Tests only read it."""
    home = tmp_path_factory.mktemp("samples") / "home"
    for arguments in (["ingest", "data/samples"], ["reindex"]):
        done = run_archive(*arguments, home=home)
        assert done.returncode == 0, done.stdout + done.stderr
    return home


@pytest.fixture(scope="session")
def sample_server(sample_home: Path) -> Iterator[str]:
    """The address of a real server over `sample_home`, such as http://127.0.0.1:43210."""
    command = [sys.executable, "-m", "archive", "--home", str(sample_home), "serve", "--port", "0"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            assert server.stdout is not None
            address = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
            assert address, "serve did not print its address"
            yield address[0]
        finally:
            server.terminate()
            server.wait(timeout=20)

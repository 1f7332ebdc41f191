"""Every example in README and docs is run: a reader who types it sees what the page says.

Console examples are fenced blocks in `console`: lines after `$ ` are commands, the lines below them the output; a line
of `...` stands for any lines, `...` inside a line for any text. They run in the checkout over the archive of the
samples; the address in the docs stands for that of a real server.
"""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
ADDRESS_IN_DOCS = "http://127.0.0.1:8000"
FENCE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")


@dataclass(frozen=True)
class Example:
    command: str
    expected: str
    at: str

    def __str__(self) -> str:
        return self.at


def examples_in(page: Path) -> list[Example]:
    text = page.read_text(encoding="utf-8")
    examples = []
    for block in FENCE.finditer(text):
        line = text.count("\n", 0, block.start()) + 1
        for part in re.split(r"^\$ ", block[1], flags=re.MULTILINE)[1:]:
            command, _, expected = part.partition("\n")
            while command.endswith("\\"):
                more, _, expected = expected.partition("\n")
                command = command[:-1] + more.removeprefix("> ").lstrip()
            examples.append(Example(command, expected.rstrip("\n"), f"{page.name}:{line}"))
    return examples


def as_pattern(expected: str) -> re.Pattern[str]:
    lines = [
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r"\n"
        for line in expected.splitlines()
    ]
    return re.compile("".join(lines))


@pytest.mark.parametrize("example", [e for page in PAGES for e in examples_in(page)], ids=str)
def test_examples_do_what_the_docs_say(example: Example, sample_home: Path, sample_server: str) -> None:
    program = shlex.split(example.command)[0]
    if program in ("make", "git"):
        pytest.skip("set-up commands are tried in a fresh clone, not inside the tests")
    command = example.command.replace(ADDRESS_IN_DOCS, sample_server)
    environment = os.environ | {
        "ARCHIVE_HOME": str(sample_home),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-c", command], cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=120
    )
    # Progress goes to standard error and depends on time; errors are what a failed command says there.
    shown = (done.stdout + (done.stderr if done.returncode else "")).replace(sample_server, ADDRESS_IN_DOCS)
    shown = "".join(line.rstrip() + "\n" for line in shown.splitlines())
    assert as_pattern(example.expected).fullmatch(shown), f"{example.at}: $ {command}\n{shown}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []

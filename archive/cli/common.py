"""What the commands share: the store of an archive that exists, a notice by its name, days, and ways to print."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import BadInput, NotFound
from archive.models import DateKind, Notice, Query, Validity
from archive.numbers import parse_partial
from archive.progress import track
from archive.settings import Settings

if TYPE_CHECKING:
    from archive.ingest import Report
    from archive.search.dates import Span
    from archive.store import Reading, Store


def _words(context: click.Context, _parameter: click.Parameter, words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a query, which may begin with a minus; what begins with two is an option that there is not."""
    for word in words:
        if word.startswith("--"):
            options = [name for parameter in context.command.params for name in parameter.opts]
            raise click.NoSuchOption(word.partition("=")[0], possibilities=options, ctx=context)
    return words


# Of commands that take a query: its words may begin with a minus, as in -农产品, and an option has two.
TAKES_QUERY = {"ignore_unknown_options": True}


def choosing(command: Callable[..., None]) -> Callable[..., None]:
    """Give `command` the arguments by which notices are chosen; `chosen` makes a query of them."""
    dates = click.Choice([kind.value for kind in DateKind])
    for option in (
        click.option("--on", default="", metavar="DATE", help="In force on this day, in the same forms."),
        click.option("--validity", type=click.Choice([validity.value for validity in Validity])),
        click.option("--kind", default="", help="Kind of document, such as 通知, as `search --json` lists it."),
        click.option("--authority", default="", help="Issuing authority in full, such as 国家税务总局."),
        click.option("--topic", default="", help="Topic, such as 增值税."),
        click.option("--date", type=dates, default="issued", help="Which date."),
        click.option("--to", default="", metavar="DATE", help="Last day, inclusive, in the same forms."),
        click.option("--from", "from_", default="", metavar="DATE", help="First day: 2008, 2008-06 or 2008-06-19."),
        click.option("--number", default="", help="Document number in any spelling, whole or in part (608号)."),
        click.argument("query", nargs=-1, callback=_words),
    ):
        command = option(command)
    return command


def chosen(given: Mapping[str, Any]) -> Query:
    """The query that the arguments of `choosing` put."""
    return Query(
        text=" ".join(given["query"]),
        number=given["number"],
        from_date=first_day(given["from_"]),
        to_date=last_day(given["to"]),
        date_kind=DateKind(given["date"]),
        topic=given["topic"],
        authority=given["authority"],
        kind=given["kind"],
        validity=given["validity"] or "",
        in_force_on=last_day(given["on"]),
    )


@contextmanager
def reading(settings: Settings) -> Iterator["Store"]:
    """The store, for a command that has nothing to do where there is none."""
    require_archive(settings)
    from archive.store import open_store

    store = open_store(settings.database_url)
    try:
        yield store
    finally:
        store.close()


def require_archive(settings: Settings) -> None:
    """Raises NotFound where there is no archive, so that a mistyped folder does not become an empty one."""
    from sqlalchemy.engine import make_url

    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise NotFound(
            f"there is no archive in {settings.home}.",
            "Name its folder by --home, or make one: python -m archive ingest PATH, or import FILE.",
        )


def find(text: str, store: "Store") -> Notice:
    """The one notice that `text` means; the error names those it may mean."""
    ids = store.resolve(text)
    notice = store.notice(ids[0]) if len(ids) == 1 else None
    if notice:
        return notice
    if ids:
        numbers = [str(one.number or one.id) for one in store.by_id(ids[:10])]
        raise BadInput(f"{text} may be one of {len(ids)} notices.", f"Name one: {', '.join(numbers)}")
    near = store.near(parse_partial(text))
    remedy = f"Did you mean {' or '.join(near)}?" if near else "Look for it by words: python -m archive search WORDS"
    raise NotFound(f"there is no notice {text} in the archive.", remedy)


def reading_of(notice: Notice, store: "Store") -> "Reading":
    reading = store.reading(notice.id)
    if reading is None:
        raise NotFound(f"{notice.id} was imported: there is no capture of it.", "Ingest a page that carries it.")
    return reading


def print_reports(reports: Iterable["Report"], what: str) -> None:
    """A line for each page and a summary; exits with 1 if none of them could be used."""
    from archive.printing import report_line

    fates: Counter[str] = Counter()
    for report in track(reports, what):
        fates[report.fate] += 1
        click.echo(report_line(report))
    total = fates.total()
    click.echo(
        f"{counted(total, what)}: "
        + (", ".join(f"{count} {fate}" for fate, count in sorted(fates.items())) or "nothing found")
    )
    if fates["rejected"] == total:
        click.get_current_context().exit(1)


def counted(count: int, what: str) -> str:
    return f"{count} {what.removesuffix('s') if count == 1 else what}"


def print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def first_day(text: str) -> date | None:
    span = _span(text)
    return span.first if span else None


def last_day(text: str) -> date | None:
    span = _span(text)
    return span.last if span else None


def _span(text: str) -> "Span | None":
    if not text:
        return None
    from archive.search.dates import parse_span

    return parse_span(text)

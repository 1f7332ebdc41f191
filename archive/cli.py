"""The command line: `python -m archive [--home DIR] COMMAND`.

Each command imports what it alone needs, so that none waits for the libraries of all.
"""

import errno
import json
import socket
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from archive.errors import ArchiveError, BadInput, NotFound
from archive.models import DateKind, Notice, Query, Sort, Validity
from archive.numbers import parse_partial
from archive.progress import track
from archive.settings import SETTINGS, Settings, read_settings
from archive.terminal import printable

if TYPE_CHECKING:
    from archive.ingest import Report
    from archive.search.dates import Span
    from archive.store import Reading, Store

INTERRUPTED = 130
EXAMPLES = """\b
  python -m archive ingest data/samples
  python -m archive reindex --changed
  python -m archive search 增值税 --from 2008 --to 2010
  python -m archive show 国税函〔2008〕608号 --changes
"""


class Commands(click.Group):
    """Commands whose errors come as two lines, what is wrong and what to do, and never as a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except ArchiveError as error:
            raise click.ClickException(printable(str(error))) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of a pipe has had enough: click ends quietly
                raise
            where = f" ({error.filename})" if error.filename else ""
            raise click.ClickException(
                f"{error.strerror or error}{where}.\nCheck the file, the folder and the disk."
            ) from error
        except KeyboardInterrupt:
            click.echo("Interrupted. What was archived before is kept.", err=True)
            context.exit(INTERRUPTED)


def _settings_table() -> str:
    width = max(len(setting.variable) for setting in SETTINGS)
    rows = (f"  {one.variable:{width}}  {one.help} [{one.default}]" for one in SETTINGS)
    return "\b\nSettings, each an environment variable [and its default]:\n" + "\n".join(rows)


@click.group(cls=Commands, epilog=f"{_settings_table()}\n\n\b\nExamples:\n{EXAMPLES.removeprefix(chr(8) + chr(10))}")
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="Folder of the archive.")
@click.pass_context
def main(context: click.Context, home: Path | None) -> None:
    """Shuiwen (税文): an archive and full-text search for Chinese tax notices."""
    context.obj = read_settings(home=home)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_obj
def ingest(settings: Settings, paths: tuple[Path, ...]) -> None:
    """Archive the pages in files, folders, zip and WARC files."""
    from archive.ingest import ingest_paths, workshop

    with workshop(settings) as to:
        _print_reports(ingest_paths(paths, to), "pages")


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def import_(settings: Settings, file: Path) -> None:
    """Archive the notices in a file of the export format (JSON lines)."""
    from archive.importing import import_file
    from archive.ingest import workshop

    with workshop(settings) as to:
        _print_reports(import_file(file, to), "lines")


@main.command()
@click.argument("sites", nargs=-1, required=True, metavar="SITE...")
@click.option("--limit", type=click.IntRange(1), default=1000, help="Pages a site, at most.")
@click.option("--since", default="", metavar="DATE", help="Leave out what lists date before this day.")
@click.option("--dry-run", is_flag=True, help="Store nothing; say what would be archived.")
@click.pass_obj
def crawl(settings: Settings, sites: tuple[str, ...], limit: int, since: str, dry_run: bool) -> None:
    """Archive what is new on sites (see `sites`) or at web addresses, politely."""
    from archive.printing import report_line
    from scrapers.crawl import crawl_sites, rehearse
    from scrapers.sites import find_site
    from scrapers.spider import Plan

    scrapers, plan = [find_site(name) for name in sites], Plan(limit, _first_day(since))
    if dry_run:
        reports, pages = rehearse(scrapers, plan, settings)
        _print_lines(map(report_line, pages))
    else:
        reports = crawl_sites(scrapers, plan, settings)
    _print_lines(printable(str(report)) for report in reports)
    if any(report.problem for report in reports):
        click.get_current_context().exit(1)


@main.command()
@click.pass_obj
def sites(settings: Settings) -> None:
    """List the sites that can be crawled, and how the last crawl of each went."""
    from scrapers.crawl import status_lines

    _print_lines(map(printable, status_lines(settings)))


@main.command()
@click.pass_obj
def reparse(settings: Settings) -> None:
    """Run today's cleaning over the stored captures again."""
    from archive.ingest import workshop
    from archive.reparse import reparse as clean_again

    _existing_store(settings).close()
    with workshop(settings) as to:
        _print_reports(clean_again(to), "captures")


@main.command()
@click.option("--changed", is_flag=True, help="Take in only what changed since the index was built.")
@click.pass_obj
def reindex(settings: Settings, changed: bool) -> None:
    """Build the search index from the store."""
    from archive.reindex import reindex as build_index
    from archive.reindex import reindex_changed
    from archive.search import open_engine

    with _reading(settings) as store:
        engine = open_engine(settings.index, settings.processes)
        done = reindex_changed(store, engine) if changed else build_index(store, engine)
    if not done.is_new and not done.put and not done.removed:
        click.echo(f"The index is already up to date (revision {done.revision}).")
        return
    took = f"in {done.seconds:.1f} s ({done.put / max(done.seconds, 0.001):.0f} a second)"
    what = (
        "Built a new index of"
        if done.is_new
        else f"Took {_counted(done.removed, 'notices')} out of the index and put in"
    )
    click.echo(f"{what} {_counted(done.put, 'notices')} {took}; it reflects revision {done.revision}.")


@main.command()
@click.argument("query", nargs=-1)
@click.option("--number", default="", help="Document number in any spelling, whole or in part (608号).")
@click.option("--from", "from_", default="", metavar="DATE", help="First day: 2008, 2008-06 or 2008-06-19.")
@click.option("--to", default="", metavar="DATE", help="Last day, inclusive, in the same forms.")
@click.option("--date", type=click.Choice([kind.value for kind in DateKind]), default="issued", help="Which date.")
@click.option("--topic", default="")
@click.option("--authority", default="")
@click.option("--kind", default="")
@click.option("--validity", type=click.Choice([validity.value for validity in Validity]))
@click.option("--sort", type=click.Choice([sort.value for sort in Sort]), default="relevance")
@click.option("--limit", type=click.IntRange(1, 100), default=10, help="Results to show, at most 100.")
@click.option("--page", type=click.IntRange(1), default=1, help="Which page of so many results.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API returns.")
@click.pass_obj
def search(
    settings: Settings,
    /,
    query: tuple[str, ...],
    from_: str,
    to: str,
    date: str,
    sort: str,
    as_json: bool,
    **given: Any,
) -> None:
    """Find notices by words, "phrases", number, date, topic, authority or validity."""
    from archive.export import results_to_dict
    from archive.printing import result_lines
    from archive.search import open_engine, stale_warning

    asked = Query(
        text=" ".join(query),
        from_date=_first_day(from_),
        to_date=_last_day(to),
        date_kind=DateKind(date),
        sort=Sort(sort),
        per_page=given.pop("limit"),
        validity=given.pop("validity") or "",
        **given,
    )
    with _reading(settings) as store:
        engine = open_engine(settings.index)
        results = engine.search(asked)
        warning = stale_warning(engine.status(), store.revision())
    if warning:
        results = replace(results, warnings=(*results.warnings, warning))
    if as_json:
        _print_json(results_to_dict(results))
        return
    for line in results.warnings:
        click.echo(f"Warning: {line}", err=True)
    _print_lines(result_lines(results))


@main.command()
@click.argument("number", nargs=-1, required=True)
@click.option("--original", is_flag=True, help="Write the captured page, byte for byte.")
@click.option("--changes", is_flag=True, help="List every repair with its place and reason.")
@click.option("--on", default="", metavar="DATE", help="Say whether it was in force on this day.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API returns.")
@click.pass_obj
def show(settings: Settings, number: tuple[str, ...], original: bool, changes: bool, on: str, as_json: bool) -> None:
    """Show a notice by its number, in any spelling, or its id."""
    from archive.export import notice_to_dict
    from archive.printing import change_lines, damage_lines, notice_lines

    if original + changes + as_json > 1:
        raise click.UsageError("--original, --changes and --json go one at a time.")
    with _reading(settings) as store:
        notice = _find(" ".join(number), store)
        if original:
            from archive.captures import CaptureStore

            capture = CaptureStore(settings.captures).read(_reading_of(notice, store).capture)
            sys.stdout.buffer.write(capture.content)
        elif changes:
            raw = _reading_of(notice, store).raw
            _print_lines(change_lines(raw))
            _print_lines(damage_lines(raw))
        elif as_json:
            _print_json(notice_to_dict(notice))
        else:
            finding = store.validity(notice.id, _last_day(on))
            _print_lines(notice_lines(notice, finding, store.succession(notice.id), store.twins(notice.id)))


@main.command()
@click.argument("file", type=click.File(encoding="utf-8", errors="replace"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def cite(settings: Settings, file: TextIO, as_json: bool) -> None:
    """List every notice that a text (a file, or standard input) cites, and whether it is in force."""
    from archive.citations import cited_in
    from archive.export import cited_to_dict
    from archive.linking import look_up
    from archive.printing import cited_line

    with _reading(settings) as store:
        found = look_up(store, cited_in(file.read(settings.max_page_bytes)))
    if as_json:
        _print_json([cited_to_dict(one) for one in found])
    else:
        _print_lines(map(cited_line, found))


@main.command()
@click.argument("truth", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def evaluate(truth: Path, folder: Path) -> None:
    """Score how the pages in FOLDER are read against what TRUTH (JSON lines) says they carry."""
    from archive.evaluate import evaluate as score_pages
    from archive.evaluate import score_table

    click.echo(score_table(score_pages(truth, folder)))


@main.command()
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl")
@click.pass_obj
def export(settings: Settings, form: str) -> None:
    """Write all notices to standard output."""
    from archive.export import to_csv, to_jsonl

    with _reading(settings) as store:
        notices = track(store.notices(), "notices", store.count())
        for line in to_csv(notices) if form == "csv" else to_jsonl(notices):
            click.echo(line, nl=False)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print what the API returns.")
@click.pass_obj
def stats(settings: Settings, as_json: bool) -> None:
    """Say how much the archive holds."""
    with _reading(settings) as store:
        figures = asdict(store.stats())
    if as_json:
        _print_json(figures)
        return
    rejections = figures.pop("rejections")
    for name, value in figures.items():
        click.echo(f"{name.replace('_', ' '):16}{value:>10,}")
    for code, count in rejections.items():
        click.echo(f"{'rejected: ' + code:16}{count:>10,}")


@main.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Check that the archive is whole, and the index in step with it."""
    from archive.captures import CaptureStore
    from archive.checking import check as check_archive
    from archive.search import open_engine

    settings: Settings = context.obj
    failed = False
    with _reading(settings) as store:
        for one in check_archive(store, CaptureStore(settings.captures), open_engine(settings.index)):
            failed = failed or bool(one.problem)
            click.echo(
                f"failed  {one.what}: {printable(one.problem)}\n        {one.remedy}"
                if one.problem
                else f"ok      {one.what}"
            )
    context.exit(1 if failed else 0)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port at 127.0.0.1; 0: any that is free.")
@click.pass_obj
def serve(settings: Settings, port: int | None) -> None:
    """Serve the archive to browsers and programs on this machine."""
    from waitress.server import create_server

    from web import create_app

    app = create_app(settings)
    with _listening(settings.port if port is None else port) as listening:
        server = create_server(app, sockets=[listening])
        click.echo(f"Serving on http://127.0.0.1:{listening.getsockname()[1]} (stop with Ctrl-C)")
        server.run()


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise ArchiveError(
            f"port {port} at 127.0.0.1 cannot be used: {error.strerror}.", "Choose another one: serve --port 8001"
        ) from error


@contextmanager
def _reading(settings: Settings) -> Iterator["Store"]:
    """The store, for a command that has nothing to do where there is none."""
    store = _existing_store(settings)
    try:
        yield store
    finally:
        store.close()


def _existing_store(settings: Settings) -> "Store":
    from sqlalchemy.engine import make_url

    from archive.store import open_store

    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise NotFound(f"there is no archive in {settings.home}.", "Make one: python -m archive ingest PATH")
    return open_store(settings.database_url)


def _find(text: str, store: "Store") -> Notice:
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


def _reading_of(notice: Notice, store: "Store") -> "Reading":
    reading = store.reading(notice.id)
    if reading is None:
        raise NotFound(f"{notice.id} was imported: there is no capture of it.", "Ingest a page that carries it.")
    return reading


def _print_reports(reports: Iterable["Report"], what: str) -> None:
    """A line for each page and a summary; exits with 1 if none of them could be used."""
    from archive.printing import report_line

    fates: Counter[str] = Counter()
    for report in track(reports, what):
        fates[report.fate] += 1
        click.echo(report_line(report))
    total = fates.total()
    click.echo(
        f"{_counted(total, what)}: "
        + (", ".join(f"{count} {fate}" for fate, count in sorted(fates.items())) or "nothing found")
    )
    if fates["rejected"] == total:
        click.get_current_context().exit(1)


def _counted(count: int, what: str) -> str:
    return f"{count} {what.removesuffix('s') if count == 1 else what}"


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _first_day(text: str) -> date | None:
    span = _span(text)
    return span.first if span else None


def _last_day(text: str) -> date | None:
    span = _span(text)
    return span.last if span else None


def _span(text: str) -> "Span | None":
    if not text:
        return None
    from archive.search.dates import parse_span

    return parse_span(text)

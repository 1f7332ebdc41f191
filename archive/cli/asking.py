"""The commands that ask an archive: for notices, for one notice, for what a text cites, for all of it."""

import sys
from dataclasses import asdict, replace
from typing import Any, TextIO

import click

from archive.cli.common import (
    TAKES_QUERY,
    choosing,
    chosen,
    find,
    last_day,
    print_json,
    print_lines,
    reading,
    reading_of,
)
from archive.models import Query, Sort
from archive.progress import track
from archive.settings import Settings


@click.command(context_settings=TAKES_QUERY)
@choosing
@click.option("--sort", type=click.Choice([sort.value for sort in Sort]), default="relevance")
@click.option("--limit", type=click.IntRange(1, 100), default=10, help="Results to show, at most 100.")
@click.option("--page", type=click.IntRange(1), default=1, help="Which page of so many results.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API returns.")
@click.pass_obj
def search(settings: Settings, /, sort: str, limit: int, page: int, as_json: bool, **given: Any) -> None:
    """Find notices by words, "phrases", number, date, topic, authority or validity.

    QUERY is what the search box takes: 增值税 发票, "专用发票", 增值税 OR 营业税, 发票 -农产品, 标题:发票,
    国税函[2008]608; docs/query-language.md lists it all.
    """
    from archive.export import results_to_dict
    from archive.printing import result_lines
    from archive.public import with_public_hits
    from archive.search import open_engine, warned

    asked = replace(chosen(given), sort=Sort(sort), page=page, per_page=limit)
    with reading(settings) as store:
        engine = open_engine(settings.index)
        results = warned(engine.search(asked), engine.status(), store.revision())
    if as_json:
        print_json(results_to_dict(with_public_hits(results)))
        return
    for line in results.warnings:
        click.echo(f"Warning: {line}", err=True)
    print_lines(result_lines(results))


@click.command()
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
    from archive.public import with_public_sources

    if original + changes + as_json + bool(on) > 1:
        raise click.UsageError("--original, --changes, --json and --on go one at a time.")
    with reading(settings) as store:
        notice = find(" ".join(number), store)
        if original:
            from archive.captures import CaptureStore

            capture = CaptureStore(settings.captures).read(reading_of(notice, store).capture)
            sys.stdout.buffer.write(capture.content)
        elif changes:
            raw = reading_of(notice, store).raw
            print_lines(change_lines(raw))
            print_lines(damage_lines(raw))
        elif as_json:
            print_json(notice_to_dict(with_public_sources(notice)))
        else:
            finding = store.validity(notice.id, last_day(on))
            print_lines(notice_lines(notice, finding, store.succession(notice.id), store.twins(notice.id)))


@click.command()
@click.argument("file", type=click.File(encoding="utf-8", errors="replace"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def cite(settings: Settings, file: TextIO, as_json: bool) -> None:
    """List every notice that a text (a file, or standard input) cites, and whether it is in force."""
    from archive.citations import cited_in
    from archive.export import cited_to_dict
    from archive.linking import look_up
    from archive.printing import cited_line

    with reading(settings) as store:
        found = look_up(store, cited_in(file.read(settings.max_page_bytes)))
    if as_json:
        print_json([cited_to_dict(one) for one in found])
    else:
        print_lines(map(cited_line, found))


@click.command(context_settings=TAKES_QUERY)
@choosing
@click.option("--format", "form", type=click.Choice(["jsonl", "csv", "warc"]), default="jsonl")
@click.pass_obj
def export(settings: Settings, /, form: str, **given: Any) -> None:
    """Write all notices to standard output, or those that a search finds; as WARC, the pages that carry them."""
    from archive.captures import CaptureStore
    from archive.export import to_csv, to_jsonl
    from archive.search import open_engine, stale_warning
    from archive.selection import captures_with, selected, write_warc

    asked = chosen(given)
    with reading(settings) as store:
        notices, total = store.notices(), store.count()
        if asked != Query():
            engine = open_engine(settings.index)
            notices, total = selected(store, engine, asked), engine.search(asked).total
            if warning := stale_warning(engine.status(), store.revision()):
                click.echo(f"Warning: {warning}", err=True)
        notices = track(notices, "notices", total)
        if form == "warc":
            pages = captures_with(notices, store, CaptureStore(settings.captures))
            write_warc(sys.stdout.buffer, pages)
            return
        for line in to_csv(notices) if form == "csv" else to_jsonl(notices):
            click.echo(line, nl=False)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what the API returns.")
@click.pass_obj
def stats(settings: Settings, as_json: bool) -> None:
    """Say how much the archive holds."""
    with reading(settings) as store:
        figures = asdict(store.stats())
    if as_json:
        print_json(figures)
        return
    rejections = figures.pop("rejections")
    for name, value in figures.items():
        click.echo(f"{name.replace('_', ' '):16}{value:>10,}")
    for code, count in rejections.items():
        click.echo(f"{'rejected: ' + code:16}{count:>10,}")

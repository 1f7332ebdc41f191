"""The commands that fill an archive: from files and sites, again from its captures, and its index."""

from pathlib import Path

import click

from archive.cli.common import counted, first_day, print_lines, print_reports, reading, require_archive
from archive.settings import Settings
from archive.terminal import printable


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.pass_obj
def ingest(settings: Settings, paths: tuple[Path, ...]) -> None:
    """Archive the pages in files and folders, in zip and 7z archives, and in WARC, WET and WACZ files.

    Files may be packed by gzip or zstd; - is standard input. Pages saved as MHTML or with a folder of their parts
    count once. Of web crawls only what may carry a notice is taken, and an interrupted run goes on near where it was.
    """
    from archive.ingest import ingest_paths, workshop

    with workshop(settings) as to:
        print_reports(ingest_paths(paths, to), "pages")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def import_(settings: Settings, file: Path) -> None:
    """Archive the notices in a file of the export format (JSON lines)."""
    from archive.importing import import_file
    from archive.ingest import workshop

    with workshop(settings) as to:
        print_reports(import_file(file, to), "lines")


@click.command()
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

    scrapers, plan = [find_site(name) for name in sites], Plan(limit, first_day(since))
    if dry_run:
        reports, pages = rehearse(scrapers, plan, settings)
        print_lines(map(report_line, pages))
    else:
        reports = crawl_sites(scrapers, plan, settings)
    print_lines(printable(str(report)) for report in reports)
    if any(report.problem for report in reports):
        click.get_current_context().exit(1)


@click.command()
@click.pass_obj
def sites(settings: Settings) -> None:
    """List the sites that can be crawled, and how the last crawl of each went."""
    from scrapers.crawl import status_lines

    print_lines(map(printable, status_lines(settings)))


@click.command()
@click.pass_obj
def reparse(settings: Settings) -> None:
    """Run today's cleaning over the stored captures again."""
    from archive.ingest import workshop
    from archive.reparse import reparse as clean_again

    require_archive(settings)
    with workshop(settings) as to:
        print_reports(clean_again(to), "captures")


@click.command()
@click.option("--changed", is_flag=True, help="Take in only what changed since the index was built.")
@click.pass_obj
def reindex(settings: Settings, changed: bool) -> None:
    """Build the search index from the store."""
    from archive.reindex import reindex as build_index
    from archive.reindex import reindex_changed
    from archive.search import open_engine

    with reading(settings) as store:
        engine = open_engine(settings.index, settings.processes)
        done = reindex_changed(store, engine) if changed else build_index(store, engine)
    if not done.is_new and not done.put and not done.removed:
        click.echo(f"The index is already up to date (revision {done.revision}).")
        return
    took = f"in {done.seconds:.1f} s ({done.put / max(done.seconds, 0.001):.0f} a second)"
    what = (
        "Built a new index of"
        if done.is_new
        else f"Took {counted(done.removed, 'notices')} out of the index and put in"
    )
    click.echo(f"{what} {counted(done.put, 'notices')} {took}; it reflects revision {done.revision}.")

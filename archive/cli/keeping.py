"""The commands that keep an archive in order and at work."""

import socket
from pathlib import Path

import click

from archive.cli.common import reading, require_archive
from archive.errors import ArchiveError
from archive.settings import Settings
from archive.terminal import printable


@click.command()
@click.argument("truth", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def evaluate(truth: Path, folder: Path) -> None:
    """Score how the pages in FOLDER are read against what TRUTH (JSON lines) says they carry."""
    from archive.evaluate import evaluate as score_pages
    from archive.evaluate import score_table

    click.echo(score_table(score_pages(truth, folder)))


@click.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Check that the archive is whole, and the index in step with it."""
    from archive.captures import CaptureStore
    from archive.checking import check as check_archive
    from archive.search import open_engine

    settings: Settings = context.obj
    failed = False
    with reading(settings) as store:
        for one in check_archive(store, CaptureStore(settings.captures), open_engine(settings.index)):
            failed = failed or bool(one.problem)
            click.echo(
                f"failed  {one.what}: {printable(one.problem)}\n        {one.remedy}"
                if one.problem
                else f"ok      {one.what}"
            )
    context.exit(1 if failed else 0)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port at 127.0.0.1; 0: any that is free.")
@click.pass_obj
def serve(settings: Settings, port: int | None) -> None:
    """Serve the archive to browsers and programs on this machine."""
    require_archive(settings)
    from web.serving import load

    with _listening(settings.port if port is None else port) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = load(settings, listening)
    click.echo(f"Serving on {address} (stop with Ctrl-C)")
    server.run()


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise ArchiveError(
            f"port {port} at 127.0.0.1 cannot be used: {error.strerror}.", "Choose another one: serve --port 8001"
        ) from error

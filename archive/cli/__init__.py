"""The command line: `python -m archive [--home DIR] COMMAND`.

Each command imports what it alone needs, so that none waits for the libraries of all.
"""

import errno
from pathlib import Path
from typing import Any

import click

from archive.cli import asking, filling, keeping
from archive.errors import ArchiveError
from archive.settings import SETTINGS, read_settings
from archive.terminal import printable

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


for _command in (
    filling.ingest,
    filling.import_,
    filling.crawl,
    filling.sites,
    filling.reparse,
    filling.reindex,
    asking.search,
    asking.show,
    asking.cite,
    asking.export,
    asking.stats,
    keeping.evaluate,
    keeping.check,
    keeping.serve,
):
    main.add_command(_command)

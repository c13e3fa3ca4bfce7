"""memchat import: takes in what memchat export wrote, all of it or nothing."""

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from memchat.actions import importing
from memchat.cli import carry_view
from memchat.cli.app import State
from memchat.cli.profile_commands import print_lines
from memchat.cli.progress import Progress
from memchat.errors import MemchatError, NotFoundError, UsageError

STDIN = "-"
# Smaller files are in before anybody has seen a bar.
_MANY = 4_000_000


def import_(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="What memchat export wrote; - for standard input.")],
    review: Annotated[
        bool, typer.Option("--review", help="For a file you do not trust: its facts wait for you in the inbox.")
    ] = False,
) -> None:
    """Take in an export: into an empty database exactly as it was, else what is not here yet.

    What you erased here stays erased. A file that has a mistake anywhere changes nothing.
    """
    state: State = ctx.obj
    screen = state.screen
    with _opened(state, file) as (stream, size):
        app = state.app
        with Progress(screen, "Importing, bytes", silent=state.json or size < _MANY) as progress:
            done = importing.take_in(
                app.store,
                stream,
                app.clock.now(),
                review=review,
                mask_secrets=app.settings.privacy.mask_secrets,
                progress=_shown(progress, size),
            )
    if state.json:
        screen.json(carry_view.imported_json(done))
    else:
        print_lines(state, carry_view.imported(screen, done))


def _shown(progress: Progress, size: int) -> Callable[[int], None]:
    return lambda read: progress.show(read, max(size, read))


@contextmanager
def _opened(state: State, file: str) -> Iterator[tuple[BinaryIO, int]]:
    """The file and its bytes. Raises NotFoundError, UsageError, MemchatError."""
    if file == STDIN:
        buffer: BinaryIO | None = getattr(state.screen.stdin, "buffer", None)
        if not state.screen.piped or buffer is None:
            raise UsageError("Nothing is piped in.", "Name a file: memchat import FILE")
        yield buffer, 0
        return
    path = Path(file).expanduser()
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise UsageError(f"{path} is not a file.", "Name what memchat export wrote.")
        stream = path.open("rb")
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {path}.", "Check the path. Nothing was imported.") from None
    except OSError as error:
        raise MemchatError(f"{path} cannot be read ({error.strerror}).", "Nothing was imported.") from error
    with stream:
        yield stream, path.stat().st_size


COMMANDS = {"import": import_}

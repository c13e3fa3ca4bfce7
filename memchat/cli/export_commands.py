"""memchat export: everything as JSON Lines, or a copy for people to read."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memchat.actions import backing_up, exporting
from memchat.actions.references import shorten
from memchat.cli import carry_view
from memchat.cli.app import State
from memchat.cli.profile_commands import local_now, print_lines
from memchat.cli.progress import Progress
from memchat.errors import UsageError

if TYPE_CHECKING:
    from memchat.ports import Store

FORMATS = ("jsonl", "md")
STDOUT = "-"
_CHUNK = 1 << 16  # characters written at once
# Fewer lines than this are out before anybody has seen a bar.
_MANY = 5_000


def export(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="Where to; standard output without.")] = "",
    form: Annotated[
        str, typer.Option("--format", metavar="jsonl|md", help="JSON Lines, or Markdown to read.")
    ] = "jsonl",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write everything memchat keeps, as JSON Lines that memchat import reads, or as a document to read.

    Settings and keys are not in it. The file is readable only by you.
    """
    state: State = ctx.obj
    state.needs_db = True
    if form not in FORMATS:
        raise UsageError(f"There is no format {shorten(form)!r} here.", "Formats: jsonl (the usual one) and md.")
    if file in {"", STDOUT}:
        if state.json:
            raise UsageError("--json tells what was written, and needs a FILE.", "JSON Lines: memchat export, alone.")
        with Progress(state.screen, "Exporting", silent=state.screen.is_terminal) as progress:
            for chunk in _chunks(_lines(state, form, progress)):
                state.screen.write(chunk)
        return
    _to_file(state, Path(file).expanduser(), form, force=force)


def write(store: "Store", path: Path, *, force: bool = False, progress: Progress | None = None) -> int:
    """Everything as JSON Lines into a new file; returns its bytes. Raises RefusedError, StoreError."""
    with backing_up.new_file(path, instead=force) as target:
        with target.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(_chunks(exporting.lines(store, progress.show if progress else _silent)))
        return target.stat().st_size


def _to_file(state: State, path: Path, form: str, *, force: bool) -> None:
    store, screen = state.app.store, state.screen
    lines = store.records.head()["lines"]
    with Progress(screen, "Exporting", silent=state.json or sum(lines.values()) < _MANY) as progress:
        if form == "jsonl":
            size = write(store, path, force=force, progress=progress)
        else:
            with backing_up.new_file(path, instead=force) as target:
                with target.open("w", encoding="utf-8", newline="\n") as out:
                    out.writelines(_chunks(_lines(state, form, progress)))
                size = target.stat().st_size
    if state.json:
        screen.json({"file": str(path), "format": form, "bytes": size, "lines": lines})
    else:
        print_lines(state, carry_view.exported(screen, path, size, lines))


def _lines(state: State, form: str, progress: Progress) -> Iterator[str]:
    store = state.app.store
    if form == "jsonl":
        return exporting.lines(store, progress.show)
    from memchat.cli import export_markdown

    return export_markdown.lines(store, state.app.fields, local_now(state), progress.show)


def _chunks(lines: Iterable[str]) -> Iterator[str]:
    """Lines with their ends, put together so that few writes are needed."""
    held: list[str] = []
    size = 0
    for line in lines:
        held += (line, "\n")
        size += len(line) + 1
        if size >= _CHUNK:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def _silent(_done: int, _all: int) -> None:
    """Nobody waits."""


COMMANDS = {"export": export}

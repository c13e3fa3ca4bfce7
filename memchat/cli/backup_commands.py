"""memchat backup and restore: the whole database to a file and back, checked both times."""

from pathlib import Path
from typing import Annotated

import typer

from memchat.actions import backing_up
from memchat.cli import carry_view
from memchat.cli.app import State
from memchat.cli.profile_commands import print_lines
from memchat.cli.progress import Progress
from memchat.errors import NotFoundError

# Smaller databases are copied before anybody has seen a bar.
_MANY = 20_000_000


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; nothing may be there yet.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Copy the database to a file, also while a chat is open; the copy is checked before it stands there.

    Of an encrypted database it is encrypted with the same passphrase.
    """
    state: State = ctx.obj
    state.needs_db = True
    app, screen = state.app, state.screen
    if not app.paths.db.exists():
        raise NotFoundError(f"There is no database at {app.paths.db} yet.", "A chat makes it: memchat")
    silent = state.json or app.paths.db.stat().st_size < _MANY
    with Progress(screen, "Copying, pages", silent=silent) as progress:
        done = backing_up.back_up(app.store, file.expanduser(), instead=force, progress=progress.show)
    if state.json:
        screen.json({"file": str(done.path), "bytes": done.size, "checked": True})
    else:
        print_lines(state, carry_view.backed_up(screen, done))


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What memchat backup wrote.")],
) -> None:
    """Put a backup in the place of the database, which stays beside it under a dated name.

    What you erased since the backup stays erased. Nobody else may have the database open meanwhile.
    """
    from memchat.bootstrap.keeping import restore as put_back

    state: State = ctx.obj
    path = file.expanduser()
    done = put_back(state.app, path)
    if state.json:
        state.screen.json(carry_view.restored_json(done))
    else:
        print_lines(state, carry_view.restored(state.screen, done, path))


COMMANDS = {"backup": backup, "restore": restore}

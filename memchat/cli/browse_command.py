"""memchat browse: the memory, to look through and edit, full screen."""

import typer

from memchat.cli.app import State
from memchat.errors import UsageError


def browse(ctx: typer.Context) -> None:
    """Look through all that is kept, search it as you type, and mend it, full screen; ? there lists the keys."""
    state: State = ctx.obj
    state.needs_db = True
    screen = state.screen
    if state.json:
        raise UsageError("memchat browse is a full screen: it has no JSON.", "For scripts: memchat export")
    if not (screen.can_ask and screen.is_terminal) or screen.environ.get("TERM") == "dumb":
        raise UsageError(
            "memchat browse needs a whole terminal.",
            "Without one: memchat memory list, memchat sessions list, memchat search QUERY",
        )
    app = state.app
    _ = app.store  # what stands in the way, and a passphrase that is asked for, comes before the full screen
    from memchat.cli.browse.app import browse as show

    show(app, screen)


COMMANDS = {"browse": browse}

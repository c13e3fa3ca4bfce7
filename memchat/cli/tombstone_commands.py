"""memchat tombstones: list, clear."""

from typing import Annotated

import typer

from memchat.actions import tombstones
from memchat.cli import forget_view, tombstone_view
from memchat.cli.app import State
from memchat.cli.profile_commands import local_now, print_lines
from memchat.errors import RefusedError

TOMBSTONES = typer.Typer(help="What is not learned again: as much of it as can be told.")
COMMANDS = {"tombstones": TOMBSTONES}


@TOMBSTONES.command("list")
def list_(ctx: typer.Context) -> None:
    """List what was erased or refused for good: when, of which field, how many words. The words are not kept."""
    state: State = ctx.obj
    app, now = state.app, local_now(state)
    found = tombstones.listing(app.store)
    if state.json:
        state.screen.json([tombstone_view.tombstone_json(one) for one in found])
    else:
        print_lines(state, tombstone_view.listing(state.screen, found, now))


@TOMBSTONES.command("clear")
def clear(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Clear without asking.")] = False,
) -> None:
    """Take all of them away: what was erased or refused may be learned again, and come back by older copies."""
    state: State = ctx.obj
    state.needs_db = True
    app, screen = state.app, state.screen
    if not yes:
        if state.json or not screen.can_ask:
            raise RefusedError("Nothing was cleared: that needs your yes.", "Look: memchat tombstones. Then add --yes.")
        print_lines(state, tombstone_view.warning(screen, tombstones.listing(app.store)))
        screen.note()
        if not forget_view.agreed(screen.ask(f"  {tombstone_view.QUESTION}")):
            raise RefusedError("Nothing was cleared.", "To clear, type the whole word: yes")
    count = tombstones.clear(app.store)
    if state.json:
        screen.json({"cleared": count})
    else:
        print_lines(state, tombstone_view.cleared(screen, count))

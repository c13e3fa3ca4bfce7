"""memchat sessions: list, show, rename."""

from typing import Annotated

import typer

from memchat.actions import sessions
from memchat.cli import json_view, session_view
from memchat.cli.app import State
from memchat.cli.profile_commands import local_now, print_lines

SESSIONS = typer.Typer(help="Your conversations.")
COMMANDS = {"sessions": SESSIONS}


@SESSIONS.command("list")
def list_(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="With the one-shots of memchat ask.")] = False,
) -> None:
    """List conversations, newest first."""
    state: State = ctx.obj
    app, now = state.app, local_now(state)
    found = sessions.listing(app.store, all=everything)
    if state.json:
        state.screen.json([json_view.session_json(session) for session in found])
        return
    print_lines(state, session_view.sessions(state.screen, found, now) or ["", "  No conversations yet."])
    if not everything:
        print_lines(state, session_view.also(state.screen, len(sessions.listing(app.store, all=True)) - len(found)))


@SESSIONS.command("show")
def show(
    ctx: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="ID", help="s17, s17.4 for one turn, or a name.")],
) -> None:
    """Show every word of a conversation."""
    state: State = ctx.obj
    app, now = state.app, local_now(state)
    session, turns = sessions.get(app.store, ref), sessions.turns(app.store, ref)
    if state.json:
        turns_json = [json_view.turn_json(turn) for turn in turns]
        state.screen.json({"session": json_view.session_json(session), "turns": turns_json})
        return
    print_lines(state, session_view.transcript(state.screen, session, turns, now))


@SESSIONS.command("rename")
def rename(
    ctx: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="ID", help="s17, or a name.")],
    title: Annotated[list[str], typer.Argument(metavar="TITLE", help="The new title.")],
) -> None:
    """Give a conversation a title."""
    state: State = ctx.obj
    app, masks = state.app, state.app.settings.privacy.mask_secrets
    session = sessions.rename(app.store, ref, " ".join(title), mask_secrets=masks)
    if state.json:
        state.screen.json(json_view.session_json(session))
    else:
        print_lines(state, session_view.renamed(state.screen, session))

"""memchat sessions: list, show, rename, export."""

from typing import Annotated

import typer

from memchat.actions import sessions
from memchat.actions.references import shorten
from memchat.cli import json_view, session_view
from memchat.cli.app import State
from memchat.cli.profile_commands import local_now, print_lines
from memchat.errors import UsageError

SESSIONS = typer.Typer(help="Your conversations.")
COMMANDS = {"sessions": SESSIONS}
FORMATS = ("md", "json")

Turns = Annotated[str, typer.Argument(metavar="ID", help="s17, s17.4 for one turn, or a name.")]


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
        state.screen.json([json_view.session_json(one, sessions.summarised_to(app.store, one)) for one in found])
        return
    print_lines(state, session_view.sessions(state.screen, found, now) or ["", "  No conversations yet."])
    if not everything:
        print_lines(state, session_view.also(state.screen, len(sessions.listing(app.store, all=True)) - len(found)))


@SESSIONS.command("show")
def show(ctx: typer.Context, ref: Turns) -> None:
    """Show what a conversation came to, and every word of it."""
    state: State = ctx.obj
    if state.json:
        _print_json(state, ref)
        return
    app, now = state.app, local_now(state)
    session, turns = sessions.get(app.store, ref), sessions.turns(app.store, ref)
    partly = sessions.summarised_partly(app.store, session)
    print_lines(state, session_view.transcript(state.screen, session, turns, now, summarised_to=partly))


@SESSIONS.command("export")
def export(
    ctx: typer.Context,
    ref: Turns,
    form: Annotated[str, typer.Option("--format", metavar="md|json", help="Markdown, or the document of --json.")] = "",
) -> None:
    """Write a conversation to standard output: into a file with > FILE."""
    state: State = ctx.obj
    state.needs_db = True
    form = form or ("json" if state.json else "md")
    if form not in FORMATS or (state.json and form != "json"):
        raise UsageError(f"There is no format {shorten(form)!r} here.", "Formats: md (the usual one) and json.")
    if form == "json":
        _print_json(state, ref)
        return
    from memchat.cli import session_markdown

    app, now = state.app, local_now(state)
    session, turns = sessions.get(app.store, ref), sessions.turns(app.store, ref)
    partly = sessions.summarised_partly(app.store, session)
    state.screen.out(session_markdown.document(session, turns, now.tzinfo, summarised_to=partly))


def _print_json(state: State, ref: str) -> None:
    """A conversation and its turns as one document."""
    store = state.app.store
    session, turns = sessions.get(store, ref), sessions.turns(store, ref)
    document = json_view.session_json(session, sessions.summarised_to(store, session))
    state.screen.json({"session": document, "turns": [json_view.turn_json(turn) for turn in turns]})


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
        state.screen.json(json_view.session_json(session, sessions.summarised_to(app.store, session)))
    else:
        print_lines(state, session_view.renamed(state.screen, session))

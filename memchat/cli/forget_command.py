"""memchat forget: what would go, the question, and what came of it."""

from datetime import datetime
from typing import Annotated

import typer

from memchat.actions import forgetting
from memchat.actions.forgetting import Plan, Wanted
from memchat.actions.references import moment
from memchat.cli import editor, forget_view, json_view
from memchat.cli.app import State
from memchat.cli.passphrase import HIDDEN, hidden
from memchat.cli.profile_commands import local_now, print_lines
from memchat.errors import RefusedError, UsageError

FAILED = 1  # a trace is left


Refs = Annotated[list[str] | None, typer.Argument(metavar="ID", help="m12, a profile field, s17, s17.4; or a word.")]
Match = Annotated[
    list[str] | None, typer.Option("--match", metavar="TEXT", help="These words, wherever; - asks for them unseen.")
]
Turns = Annotated[bool, typer.Option("--turns", help="Erase the exchanges that hold them whole.")]
Session = Annotated[str, typer.Option("--session", metavar="ID", help="A whole conversation.")]
Before = Annotated[str, typer.Option("--before", metavar="DATE", help="All that was said before; memories stay.")]
Everything = Annotated[bool, typer.Option("--all", help="All there is.")]
Keep = Annotated[bool, typer.Option("--keep-transcript", help="Keep the words for sessions show and exports alone.")]
NoTombstone = Annotated[
    bool, typer.Option("--no-tombstone", help="Leave nothing that keeps it from being learned again.")
]
Without = Annotated[
    list[str] | None, typer.Option("--without", metavar="ID", help="Leave this as it is: s14.3, s8, m9.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would go, and erase nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Erase without asking; with --match also --expect.")]
Expect = Annotated[int | None, typer.Option("--expect", metavar="N", help="Erase only if it is so many in all.")]


def forget(  # noqa: PLR0913 - one option each
    ctx: typer.Context,
    refs: Refs = None,
    *,
    match: Match = None,
    turns: Turns = False,
    session: Session = "",
    before: Before = "",
    everything: Everything = False,
    keep: Keep = False,
    no_tombstone: NoTombstone = False,
    without: Without = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    expect: Expect = None,
) -> int | None:
    """Erase for good: memories with all their versions, words wherever they stand, exchanges, conversations."""
    state: State = ctx.obj
    state.needs_db = True
    app, now = state.app, local_now(state)
    wanted = Wanted(
        refs=tuple(refs or ()),
        matches=tuple(text for given in match or () for text in (_asked(state) if given == "-" else [given])),
        turns=turns,
        session=session,
        before=moment(before, now) if before else None,
        everything=everything,
        keep_transcript=keep,
        tombstone=not no_tombstone,
        without=tuple(without or ()),
    )
    planned = forgetting.plan(app.store, app.fields, wanted, now)
    _show(state, planned, now, dry_run=dry_run)
    if dry_run:
        state.screen.note(f"  Nothing was erased: --dry-run. In all {planned.size:,}.")
        return None
    _check_expected(planned, expect, asked=yes and bool(planned.words))
    return _erase(state, planned if yes else _ask(state, wanted, planned, now), now)


def _check_expected(planned: Plan, expect: int | None, *, asked: bool) -> None:
    """Raises RefusedError where it is not so many in all, or where that was to be told and was not."""
    if expect is not None and expect != planned.size:
        raise RefusedError(
            f"Nothing was erased: it is {planned.size:,} in all, not {expect:,}.", "Look with --dry-run."
        )
    if asked and expect is None:
        raise RefusedError(
            "Nothing was erased: with --match, --yes wants --expect too.",
            f"It is {planned.size:,} in all: --yes --expect {planned.size}",
        )


def _erase(state: State, planned: Plan, now: datetime) -> int | None:
    app, screen, folder = state.app, state.screen, state.app.paths.state
    drafts = [] if planned.everything else editor.drafts(folder)
    done = forgetting.erase(app.store, planned, app.clock.now(), files=drafts)
    if planned.everything:
        editor.discard_all(folder)
    left = editor.kept(folder)
    if state.json:
        screen.json(json_view.receipt_json(done, forget_view.not_reached(left)))
    else:
        print_lines(state, forget_view.receipt(screen, done, now, drafts=left))
    return FAILED if done.traces else None


def _show(state: State, planned: Plan, now: datetime, *, dry_run: bool) -> None:
    if not state.json:
        print_lines(state, forget_view.plan(state.screen, planned, now))
    elif dry_run:
        state.screen.json(json_view.plan_json(planned, now))


def _asked(state: State) -> list[str]:
    """Texts that are in no shell's history: typed unseen, or from standard input, one a line."""
    screen = state.screen
    if screen.piped:
        found = [line for line in map(str.strip, screen.read_stdin().splitlines()) if line]
    else:
        found = [hidden(screen, f"  Text to forget ({HIDDEN}): ").strip()]
    if not any(found):
        raise UsageError("The text to forget is empty.", "Type it, or pipe it: ... | memchat forget --match -")
    return found


def _ask(state: State, wanted: Wanted, planned: Plan, now: datetime) -> Plan:
    """Go on after the word yes. Raises RefusedError after any other, and where nobody can be asked."""
    if state.json or not state.screen.can_ask:
        raise RefusedError("Nothing was erased: that needs your yes.", "Look with --dry-run, then add --yes.")
    state.screen.note()
    answer = state.screen.ask(f"  {forget_view.QUESTION}")
    if left := forget_view.left_out(answer):
        return forgetting.plan_without(state.app.store, state.app.fields, planned, wanted, left, now)
    if not forget_view.agreed(answer):
        raise RefusedError("Nothing was erased.", "To erase, type the whole word: yes")
    return planned


COMMANDS = {"forget": forget}

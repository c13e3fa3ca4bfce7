"""memchat memory learn: conversations summed up now, what that costs first; and how doctor does the same again."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from memchat.cli import json_view
from memchat.cli.app import State
from memchat.cli.layout import prose
from memchat.cli.profile_commands import local_now, print_lines
from memchat.domain import Usage

if TYPE_CHECKING:
    from memchat.actions.learning import Estimator
    from memchat.actions.work import Work
    from memchat.bootstrap import App
    from memchat.chat.consolidating import Done
    from memchat.ports import ChatModel

DOCTOR = "memchat doctor"
NOTHING_NEW = "Nothing new: all conversations are summed up."


def learn(
    ctx: typer.Context,
    session: Annotated[
        str | None, typer.Option("--session", metavar="ID", help="From this conversation only: s17, or a name.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent where, and send nothing.")
    ] = False,
) -> int:
    """Sum up conversations and learn from them now; what that costs comes first."""
    from memchat.actions import learning
    from memchat.cli import work_view

    state: State = ctx.obj
    state.needs_db = True
    app, screen = state.app, state.screen
    learning.check(app.mode())
    talk = None if session is None else learning.named(app.store, session)
    now = local_now(state)
    planned = learning.plan(app.store, talk, _estimator(app), app.owner, now)
    if not state.json:
        print_lines(state, work_view.plan(screen, planned) or ["", f"  {NOTHING_NEW}"])
    begin(state, () if dry_run else planned)
    all_done = [] if dry_run else carry_out(state, learning.learn(app.consolidator(app.store), talk, app.owner, now))
    if state.json:
        done = [json_view.done_json(*one, now) for one in all_done]
        screen.json({"dry_run": dry_run, "planned": [json_view.planned_json(one) for one in planned], "done": done})
    elif dry_run and planned:
        screen.note("\n".join(prose(screen, "Nothing was sent: --dry-run.")))
    return undone(all_done)


def _estimator(app: "App") -> "Estimator":
    """Who finds out what learning costs."""
    from memchat.actions.learning import Estimator
    from memchat.bootstrap.models import counter_for

    return Estimator(app.upkeep(app.store), counter_for, app.rules, app.settings.context.max_tokens, _price)


def _price(model: "ChatModel", usage: Usage) -> float | None:
    """US dollars by litellm's bundled prices; None on this computer, and where no price is known."""
    if model.local:
        return None
    from memchat.llm.prices import price

    return price(model.name, usage)


def begin(state: State, work: Sequence[object]) -> None:
    """Say that there is work, which may take a while, and that it may be stopped."""
    if work and not state.json and state.screen.is_terminal:
        state.screen.note("\n".join(prose(state.screen, "Summing up ...   Ctrl-C stops, and loses nothing.")))


def carry_out(state: State, work: "Iterable[tuple[Work, Done]]") -> "list[tuple[Work, Done]]":
    """Do the work, with a line for each job as it is over; then what was learned from it."""
    from memchat.actions.work import told
    from memchat.cli import work_view

    all_done: list[tuple[Work, Done]] = []
    for one, done in work:
        if not state.json:
            print_lines(state, ["", *work_view.result(state.screen, one, done)][bool(all_done) :])
            state.screen.flush()
        all_done.append((one, done))
    if not state.json:
        outcomes = [done for _, done in all_done]
        lines = work_view.learned(state.screen, outcomes, local_now(state))
        if undone(all_done):
            lines += ["", *prose(state.screen, f"What is not done, and what mends it: {DOCTOR}")]
        print_lines(state, lines)
        told(state.app.store, outcomes)
    return all_done


def undone(all_done: "Sequence[tuple[Work, Done]]") -> int:
    """The exit code: 1 when any of it is not done."""
    return int(any(done.fate != "done" for _, done in all_done))

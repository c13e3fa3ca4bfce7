"""memchat doctor: what is wrong or undone, section by section, and what mends it."""

from typing import Annotated

import typer

from memchat.actions import doctor as looking
from memchat.actions import learning
from memchat.cli import json_view, work_view
from memchat.cli.app import State
from memchat.cli.learn_command import begin, carry_out, undone
from memchat.cli.profile_commands import local_now, print_lines


def doctor(
    ctx: typer.Context,
    retry: Annotated[bool, typer.Option("--retry", help="Do now what failed or waits.")] = False,
) -> int:
    """Look at the database, at conversations that were not taken in yet, and at what was not learned.

    What is under way or waits does no harm: it is done beside the next chat.
    """
    state: State = ctx.obj
    state.needs_db = True
    app, screen = state.app, state.screen
    file = looking.database(app.paths.db)
    if file.size is None:  # to look for a database shall not make one
        if state.json:
            screen.json(json_view.doctor_json(file, (), 0))
        else:
            print_lines(state, work_view.database(screen, file))
        return 0
    if retry:
        return _retry(state, file)
    findings = looking.unfinished(app.store, app.memory_model, app.owner, now := local_now(state))
    not_begun = learning.not_begun(app.store, app.owner, now) if app.mode().learns else 0
    ignored = app.store.usages.ignored()
    if state.json:
        screen.json(json_view.doctor_json(file, findings, not_begun, ignored))
    else:
        jobs = work_view.jobs(screen, findings, now, not_begun)
        print_lines(state, [*work_view.database(screen, file), *jobs, *work_view.ignored(screen, ignored)])
    return 0


def _retry(state: State, file: looking.Database) -> int:
    """Do what failed or waits, with a line for each as it is over; 1 when any is still not done."""
    app, now = state.app, local_now(state)
    learning.check(app.mode())
    begin(state, app.store.jobs.listing())
    all_done = carry_out(state, looking.retry(app.consolidator(app.store), now))
    not_begun = learning.not_begun(app.store, app.owner, now)
    if state.json:
        findings = looking.unfinished(app.store, app.memory_model, app.owner, now)
        retried = [json_view.done_json(*one, now) for one in all_done]
        looked = json_view.doctor_json(file, findings, not_begun, app.store.usages.ignored())
        state.screen.json(looked | {"retried": retried})
    elif not all_done or not_begun:
        print_lines(state, work_view.jobs(state.screen, (), now, not_begun))
    return undone(all_done)


COMMANDS = {"doctor": doctor}

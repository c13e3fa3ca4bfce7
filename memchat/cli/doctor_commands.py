"""memchat doctor: what is wrong or undone, section by section, and what mends it."""

from typing import TYPE_CHECKING, Annotated

import typer

from memchat.actions import access, junk, learning
from memchat.actions import doctor as looking
from memchat.cli import (
    access_view,
    carry_view,
    encrypt_view,
    index_view,
    json_view,
    recall_json,
    standing,
    standing_view,
    work_view,
)
from memchat.cli.app import State
from memchat.cli.learn_command import begin, carry_out, undone
from memchat.cli.profile_commands import local_now, print_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memchat.cli.json_view import Json


def doctor(
    ctx: typer.Context,
    retry: Annotated[bool, typer.Option("--retry", help="Do now what failed or waits.")] = False,
    reindex: Annotated[
        bool, typer.Option("--reindex", help="Build the index of past conversations anew; Ctrl-C stops, and keeps.")
    ] = False,
) -> int:
    """Look at settings, keys, models, the database, its index, at what was not learned yet, and at junk.

    What is under way or waits does no harm: it is done beside the next chat. The models in use are asked whether they
    are there, without a word of yours.
    """
    state: State = ctx.obj
    state.needs_db = True
    app, screen = state.app, state.screen
    file = looking.database(app.paths.db)
    seen = access.look(app.paths)  # before the database is opened, which closes it to others, too
    if file.size is None:  # to look for a database shall not make one
        if state.json:
            empty = {"index": None, "access": access_view.access_json(seen), "junk": []}
            screen.json(json_view.doctor_json(file, (), 0) | empty | standing.as_json(app))
        else:
            access_lines = access_view.access(screen, seen)
            print_lines(state, [*work_view.database(screen, file), *access_lines, *standing.lines(app, screen)])
        return 0
    more: Json = {"access": access_view.access_json(seen)} | ({"reindexed": _reindex(state)} if reindex else {})
    if retry:
        return _retry(state, file, more)
    _show(state, file, seen, more)
    return 0


def _show(state: State, file: looking.Database, found_access: "Sequence[access.Seen]", more: "Json") -> None:
    """Section by section, or as one document."""
    from memchat.bootstrap.unlocking import vault

    app, screen = state.app, state.screen
    findings = looking.unfinished(app.store, app.upkeep(app.store), app.owner, now := local_now(state))
    not_begun = learning.not_begun(app.store, app.owner, now) if app.mode().learns else 0
    ignored = app.store.usages.ignored()
    index = _index(state)
    wanting = junk.junk(app.store, now, words_are_erased=bool(app.settings.privacy.keep_days))
    last = app.store.records.retired()
    if state.json:
        seen = json_view.doctor_json(file, findings, not_begun, ignored) | carry_view.retired_json(last)
        seen["database"] |= encrypt_view.cipher_json(vault(app.paths.db, app.unlock))
        seen |= {"index": recall_json.index_json(index), "junk": standing_view.junk_json(wanting)}
        screen.json(seen | standing.as_json(app) | more)
    else:
        jobs = work_view.jobs(screen, findings, now, not_begun)
        found = index_view.index(screen, index)
        seen_file = [*work_view.database(screen, file), *encrypt_view.cipher(screen, vault(app.paths.db, app.unlock))]
        seen_file += access_view.access(screen, found_access)
        kept = carry_view.retired(screen, app.settings.privacy.keep_days, last, now)
        found += [*standing.lines(app, screen), *standing_view.junk(screen, wanting)]
        print_lines(state, [*seen_file, *kept, *found, *jobs, *work_view.ignored(screen, ignored)])


def _index(state: State) -> looking.Findable:
    """How past words are found."""
    app = state.app
    embedder = app.finding.embedder
    return looking.index(app.store, embedder, app.finding.trouble)


def _reindex(state: State) -> "Json":
    """Build the index anew, then give what has none its vectors; returns how much was done.

    Ctrl-C passes through, when what is done was told.
    """
    from memchat.cli.progress import Progress

    app, screen = state.app, state.screen
    words = Progress(screen, "Indexing", silent=state.json)
    meanings = Progress(screen, "Vectors", silent=state.json)
    embedder = app.finding.embedder
    try:
        with words:
            looking.reindex(app.store, words.show)
        if embedder is not None:
            with meanings:
                looking.embed(app.store, embedder, meanings.show)
    except KeyboardInterrupt:
        if not state.json:
            screen.note("\n".join(index_view.stopped(screen, words.done, words.total, meanings.done)))
        raise
    if not state.json:
        print_lines(state, index_view.reindexed(screen, words.done, meanings.done))
    return {"messages": words.done, "vectors": meanings.done}


def _retry(state: State, file: looking.Database, more: "Json") -> int:
    """Do what failed or waits, with a line for each as it is over; 1 when any is still not done."""

    app, now = state.app, local_now(state)
    learning.check(app.mode())
    begin(state, app.store.jobs.listing())
    all_done = carry_out(state, looking.retry(app.consolidator(app.store), now))
    not_begun = learning.not_begun(app.store, app.owner, now)
    if state.json:
        findings = looking.unfinished(app.store, app.upkeep(app.store), app.owner, now)
        retried = [json_view.done_json(*one, now) for one in all_done]
        looked = json_view.doctor_json(file, findings, not_begun, app.store.usages.ignored())
        state.screen.json(looked | {"index": recall_json.index_json(_index(state)), "retried": retried} | more)
    elif not all_done or not_begun:
        print_lines(state, work_view.jobs(state.screen, (), now, not_begun))
    return undone(all_done)


COMMANDS = {"doctor": doctor}

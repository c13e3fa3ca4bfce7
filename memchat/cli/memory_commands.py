"""memchat memory: list, show, add, edit, why, pin, review, learn."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer

from memchat.actions import memories, sessions
from memchat.actions.references import moment
from memchat.cli import editor, json_view, render
from memchat.cli.app import State
from memchat.cli.learn_command import learn
from memchat.cli.profile_commands import local_now, print_lines, tell
from memchat.errors import MemchatError

MEMORY = typer.Typer(help="All that memchat remembers: profile values and notes.")

Ref = Annotated[str, typer.Argument(metavar="ID", help="m12, 12, or a profile field.")]
Refs = Annotated[list[str], typer.Argument(metavar="ID", help="m12, 12, or a profile field; one or more.")]


@MEMORY.command("list")
def list_(
    ctx: typer.Context,
    kind: Annotated[str | None, typer.Option("--kind", metavar="profile|note", help="One kind only.")] = None,
    status: Annotated[str, typer.Option("--status", metavar="|".join(memories.STATUSES), help="Where they stand.")] = (
        "active"
    ),
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="Learned on that day or later.")] = "",
    sort: Annotated[str, typer.Option("--sort", metavar="|".join(memories.SORTS), help="The order.")] = "newest",
) -> None:
    """List memories, newest first."""
    state: State = ctx.obj
    app, now = state.app, local_now(state)
    first = moment(since, now) if since else None
    found = memories.listing(app.store, now, kind=kind, status=status, since=first, sort=sort)
    if state.json:
        state.screen.json([json_view.memory_json(memory, now) for memory in found])
        return
    counts = memories.counts(app.store, now)
    lines = render.memories(state.screen, found, now) or [
        "",
        "  No memories yet." if not counts else "  None of these.",
    ]
    print_lines(state, [*lines, *(render.summary(state.screen, counts) if counts else ())])


@MEMORY.command("show")
def show(ctx: typer.Context, ref: Ref) -> None:
    """Show one memory: what it says, who said it where, what it replaced."""
    state: State = ctx.obj
    app, now = state.app, local_now(state)
    memory = memories.get(app.store, app.fields, ref, now)
    if state.json:
        state.screen.json(json_view.memory_json(memory, now))
        return
    talks = {source.session_id for source in memory.sources if source.session_id is not None}
    titles = {number: sessions.get(app.store, f"s{number}").title for number in talks}
    print_lines(state, render.memory(state.screen, app.store.erasure.versions(memory.id), memory, now, titles))


@MEMORY.command("add")
def add(ctx: typer.Context, text: Annotated[list[str], typer.Argument(metavar="TEXT", help="In your words.")]) -> None:
    """Remember a note."""
    state: State = ctx.obj
    app, masks = state.app, state.app.settings.privacy.mask_secrets
    words = " ".join(text)
    tell(state, [memories.add(app.store, words, app.clock.now(), mask_secrets=masks)], given=[words])


@MEMORY.command("edit")
def edit(
    ctx: typer.Context,
    ref: Ref,
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT", help="Without it your editor opens.")] = None,
) -> None:
    """Say a memory anew: the new words replace the old, which stay in its history."""
    state: State = ctx.obj
    app, masks = state.app, state.app.settings.privacy.mask_secrets
    if text is not None:
        words = " ".join(text)
        tell(
            state,
            [memories.edit(app.store, app.fields, ref, words, app.clock.now(), mask_secrets=masks)],
            given=[words],
        )
        return
    memory = memories.get(app.store, app.fields, ref, app.clock.now())
    draft = editor.write_draft(app.paths.state / editor.DRAFTS, f"{memory.ref}.txt", memory.text + "\n")
    words = editor.edit(draft, app.environ, on_terminal=state.screen.is_terminal)
    try:
        if words == draft.original:
            done = []
        else:
            done = [memories.edit(app.store, app.fields, memory.ref, words, app.clock.now(), mask_secrets=masks)]
    except MemchatError as error:
        raise draft.keep(error) from None
    draft.discard()
    tell(state, done, given=[words])


MEMORY.command("learn")(learn)


@MEMORY.command("why")
def why(
    ctx: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="ID", help="m12, 12, or a profile field; or a turn: s17.4.")],
) -> None:
    """Show why a memory is believed, and its whole story; of a turn, s17.4, what its reply was shown of memory."""
    from memchat.actions import provenance
    from memchat.actions.references import session_place
    from memchat.cli import why_view

    state: State = ctx.obj
    app, now = state.app, local_now(state)
    if session_place(ref) is not None:
        _shown(state, ref, now)
        return
    story = provenance.story(app.store, app.fields, ref, now)
    if state.json:
        state.screen.json(json_view.why_json(story, now))
    else:
        print_lines(state, why_view.why(state.screen, story, now))


def _shown(state: State, ref: str, now: datetime) -> None:
    from memchat.actions import context
    from memchat.cli import recall_json, shown_view

    past = context.shown(state.app.store, context.turn_of(ref))
    if state.json:
        state.screen.json(recall_json.shown_json(past))
    else:
        print_lines(state, shown_view.shown(state.screen, past, now))


@MEMORY.command("pin")
def pin(ctx: typer.Context, refs: Refs) -> None:
    """Pin memories: every chat carries them."""
    _pin(ctx.obj, refs, pinned=True)


@MEMORY.command("unpin")
def unpin(ctx: typer.Context, refs: Refs) -> None:
    """Let pinned memories go: they are shown where they matter, as others are."""
    _pin(ctx.obj, refs, pinned=False)


def _pin(state: State, refs: Sequence[str], *, pinned: bool) -> None:
    app, now = state.app, local_now(state)
    done = memories.pin(app.store, app.fields, refs, now, pinned=pinned)
    if state.json:
        state.screen.json([json_view.memory_json(memory, now) for memory in done])
    else:
        print_lines(state, render.pinned(state.screen, done))


@MEMORY.command("review")
def review(
    ctx: typer.Context,
    refs: Annotated[list[str] | None, typer.Argument(metavar="ID", help="Only these: m14, 14, a field.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="They hold from now on.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="They are not used.")] = False,
    never: Annotated[bool, typer.Option("--never", help="Not used, and never learned again.")] = False,
) -> None:
    """Decide about what waits for you: accept, edit, reject, never; on a terminal one after the other."""
    from memchat.cli import review_command

    flags = {"accept": accept, "reject": reject, "never": never}
    review_command.review(ctx.obj, refs or [], [word for word, given in flags.items() if given])


COMMANDS = {"memory": MEMORY}

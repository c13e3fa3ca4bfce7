"""memchat memory: list, show, add, edit, learn; and memchat forget."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from memchat.actions import forgetting, memories, sessions
from memchat.actions.references import moment
from memchat.cli import editor, forget_view, json_view, render
from memchat.cli.app import State
from memchat.cli.layout import prose
from memchat.cli.profile_commands import local_now, print_lines, tell
from memchat.domain import Usage
from memchat.errors import MemchatError, RefusedError

if TYPE_CHECKING:
    from memchat.actions.learning import Estimator
    from memchat.actions.work import Work
    from memchat.bootstrap import App
    from memchat.chat.consolidating import Done
    from memchat.ports import ChatModel

MEMORY = typer.Typer(help="All that memchat remembers: profile values and notes.")
DOCTOR = "memchat doctor"
NOTHING_NEW = "Nothing new: all conversations are summed up."

Ref = Annotated[str, typer.Argument(metavar="ID", help="m12, 12, or a profile field.")]


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


@MEMORY.command("learn")
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

    return Estimator(app.memory_model, counter_for, app.rules, app.settings.context.max_tokens, _price)


def _price(model: "ChatModel", usage: Usage) -> float | None:
    """US dollars by litellm's bundled prices; None on this computer, and where no price is known."""
    if model.local:
        return None
    from memchat.llm.litellm_model import price_of
    from memchat.llm.loading import listed

    return price_of(usage, listed(model.name))


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


def forget(
    ctx: typer.Context,
    refs: Annotated[list[str] | None, typer.Argument(metavar="ID", help="m12, or a profile field.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and erase nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
) -> None:
    """Erase memories for good: all their versions, and the words in conversations that they rest on."""
    state: State = ctx.obj
    state.needs_db = True
    app, now, screen = state.app, local_now(state), state.screen
    wanted = forgetting.plan(app.store, app.fields, refs or [], now)
    if state.json and dry_run:
        screen.json(json_view.plan_json(wanted, now))
    if not state.json:
        print_lines(state, forget_view.plan(screen, wanted, now))
    if dry_run:
        screen.note("  Nothing was erased: --dry-run.")
        return
    if not yes:
        _ask(state)
    done = forgetting.erase(app.store, wanted, app.clock.now())
    drafts = editor.kept(app.paths.state)
    if state.json:
        screen.json(json_view.receipt_json(done, forget_view.not_reached(drafts)))
    else:
        print_lines(state, forget_view.receipt(screen, done, now, drafts=drafts))


def _ask(state: State) -> None:
    """Go on after the word yes. Raises RefusedError after any other, and where nobody can be asked."""
    if state.json or not state.screen.can_ask:
        raise RefusedError("Nothing was erased: that needs your yes.", "Look with --dry-run, then add --yes.")
    state.screen.note()
    if not forget_view.agreed(state.screen.ask(f"  {forget_view.QUESTION}")):
        raise RefusedError("Nothing was erased.", "To erase, type the whole word: yes")


COMMANDS = {"memory": MEMORY, "forget": forget}

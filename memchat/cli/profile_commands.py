"""memchat profile: show, get, set, add, unset, edit, history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer

from memchat.actions import profile, profile_draft
from memchat.actions.references import field_name, moment
from memchat.cli import editor, json_view, receipts, render
from memchat.cli.app import State
from memchat.domain import Learned, Memory
from memchat.errors import MemchatError
from memchat.memory.fields import MANY

PROFILE = typer.Typer(help="What memchat knows about you, field by field.")
COMMANDS = {"profile": PROFILE}

Field = Annotated[str, typer.Argument(metavar="FIELD", help="A profile field: display_name, location, ...")]


def local_now(state: State) -> datetime:
    """This moment in the zone that dates are shown in."""
    now = state.app.clock.now()
    return now.astimezone(profile.zone(state.app.store, now))


@PROFILE.command("show")
def show(
    ctx: typer.Context,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="As it was at the end of that day.")] = "",
) -> None:
    """Show every field, where its value comes from, and what the profile costs in every chat."""
    state: State = ctx.obj
    app, now = state.app, local_now(state)
    found = profile.show(app.store, app.fields, now, as_of=moment(as_of, now, end=True) if as_of else None)
    if state.json:
        state.screen.json(json_view.profile_json(found))
        return
    before = profile.replaced(app.store, found)
    tokens = None if as_of else profile.tokens(found, now, app.counter)
    print_lines(state, render.profile(state.screen, found, before, now, tokens=tokens))


@PROFILE.command("get")
def get(ctx: typer.Context, field: Field) -> None:
    """Print what one field holds, nothing else; of a field of several values one a line."""
    state: State = ctx.obj
    app = state.app
    name = field_name(field, app.fields)
    found = profile.get(app.store, app.fields, name, app.clock.now())
    if not found and name not in MANY:
        raise profile.unknown(name)
    if state.json:
        state.screen.json(json_view.field_json(name, found))
    for memory in () if state.json else found:
        state.screen.out(memory.text)


@PROFILE.command("set")
def set_(
    ctx: typer.Context,
    field: Field,
    values: Annotated[list[str], typer.Argument(metavar="VALUE", help="The value; of goals one to three.")],
) -> None:
    """Set a field. The old value stays in its history; what stands already is confirmed."""
    state: State = ctx.obj
    app, masks = state.app, state.app.settings.privacy.mask_secrets
    done = profile.replace(app.store, app.fields, {field: values}, app.clock.now(), mask_secrets=masks)
    tell(state, done.learned, done.ended, given=values)


@PROFILE.command("add")
def add(
    ctx: typer.Context,
    field: Field,
    value: Annotated[list[str], typer.Argument(metavar="VALUE", help="One more value.")],
) -> None:
    """Add a value to a field that holds several (goals: up to three)."""
    state: State = ctx.obj
    app, masks = state.app, state.app.settings.privacy.mask_secrets
    text = " ".join(value)
    done = profile.add_value(app.store, app.fields, field, text, app.clock.now(), mask_secrets=masks)
    tell(state, [done], given=[text])


@PROFILE.command("unset")
def unset(ctx: typer.Context, field: Field) -> None:
    """End what a field holds. Its history stays; to erase that too: memchat forget FIELD."""
    state: State = ctx.obj
    app = state.app
    tell(state, (), profile.unset(app.store, app.fields, field, app.clock.now()))


@PROFILE.command("history")
def history(
    ctx: typer.Context,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="One field only.")] = "",
) -> None:
    """Every value a field ever had, and when it held."""
    state: State = ctx.obj
    app, now = state.app, local_now(state)
    found = profile.history(app.store, app.fields, field)
    if state.json:
        state.screen.json([json_view.memory_json(memory, now) for memory in found])
    else:
        print_lines(state, render.history(state.screen, found, now))


@PROFILE.command("edit")
def edit(ctx: typer.Context) -> None:
    """Open the profile in your editor; what you changed is saved when you close it."""
    state: State = ctx.obj
    app, now = state.app, local_now(state)
    shown = profile.show(app.store, app.fields, now)
    draft = editor.write_draft(app.paths.state / editor.DRAFTS, "profile.toml", profile_draft.to_toml(shown, now))
    text = editor.edit(draft, app.environ, on_terminal=state.screen.is_terminal)
    masks = app.settings.privacy.mask_secrets
    try:
        done = profile_draft.apply_toml(app.store, app.fields, text, shown, app.clock.now(), mask_secrets=masks)
    except MemchatError as error:
        raise draft.keep(error) from None
    draft.discard()
    tell(state, done.learned, done.ended, given=[text])


def tell(state: State, learned: Sequence[Learned], ended: Sequence[Memory] = (), *, given: Sequence[str] = ()) -> None:
    """Print what changed, or that nothing did. `given`: what was typed, to tell of secrets that were masked in it."""
    now = local_now(state)
    if state.json:
        new = [json_view.memory_json(change.memory, now) for change in learned]
        state.screen.json({"learned": new, "ended": [json_view.memory_json(memory, now) for memory in ended]})
    else:
        lines = [line for change in learned for line in receipts.learned(state.screen, change, now)]
        lines += [line for memory in ended for line in receipts.ended(state.screen, memory)]
        print_lines(state, lines or ["  Nothing changed."])
    if receipts.masks_more(learned, given):
        state.screen.note(f"  {receipts.MASKED}")


def print_lines(state: State, lines: Sequence[str]) -> None:
    """Print lines as results."""
    for line in lines:
        state.screen.out(line)

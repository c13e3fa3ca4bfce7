"""memchat models: who could answer now, and which names there are besides."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from memchat.actions.answering import BUILT_IN
from memchat.cli.app import State
from memchat.cli.layout import GAP, columns, entry, many, prose
from memchat.cli.profile_commands import print_lines
from memchat.cli.terminal import one_line
from memchat.domain import NOTEBOOK
from memchat.errors import ConfigError

if TYPE_CHECKING:
    from memchat.bootstrap import App

# Names of models that nobody has a key for yet: of more than this many a longer query is wanted.
SHOWN = 20
Query = Annotated[str | None, typer.Argument(metavar="[QUERY]", help="Only names that hold this.")]


@dataclass(frozen=True, slots=True)
class Choice:
    """A name for `-m`. `why` says where it is or what it stands for; `ready` whether it could answer now."""

    name: str
    host: str
    local: bool
    why: str
    ready: bool = True


def models(ctx: typer.Context, query: Query = None) -> None:
    """Who could answer now. With QUERY also names of models that want a key first."""
    state: State = ctx.obj
    app, wanted = state.app, (query or "").strip().casefold()
    used = _used(app)
    found = [one for one in _ready(app) if wanted in f"{one.name} {one.why}".casefold()]
    named = {one.name for one in found}
    more = [one for one in _listed(wanted) if one.name not in named] if wanted else []
    if state.json:
        state.screen.json([_json(one, used) for one in (*found, *more)])
        return
    shown = [(one_line(one.name), _told(one, used)) for one in (*found, *more[:SHOWN])]
    cells = columns([[name] for name, _ in shown], least=(0,))[0] + GAP
    lines = [line for name, told in shown for line in entry(state.screen, name, told, cells)]
    if len(more) > SHOWN:
        lines += ["", *prose(state.screen, f"{many(len(more) - SHOWN, 'name')} more: write more of it.")]
    if not lines:
        lines = prose(state.screen, f"No model is called like that: {one_line(query or '')}")
    print_lines(
        state, ["", *lines, "", *prose(state.screen, "This time: memchat -m NAME.  From now on: memchat setup")]
    )


def _used(app: "App") -> str:
    """The name of the one that answers; empty where that cannot be told."""
    try:
        return app.model_name()
    except ConfigError:  # an address or a file of keys: doctor tells
        return ""


def _ready(app: "App") -> list[Choice]:
    """Local servers are asked, keys are looked for. Raises ConfigError."""
    found = [Choice(one.name, one.host, one.local, one.why) for one in app.answerers()]
    found += [_alias(app, alias, name) for alias, name in app.settings.aliases.items()]
    return [*found, Choice(NOTEBOOK, "", True, BUILT_IN)]


def _alias(app: "App", alias: str, name: str) -> Choice:
    """What an alias stands for, and what is in its way."""
    told = f"stands for {name}"
    if name == NOTEBOOK:
        return Choice(alias, "", True, told)
    from memchat.llm.windows import resolve

    try:
        route = resolve(name, environ=app.environ, providers=app.settings.providers, keys=app.keys)
    except ConfigError as error:
        return Choice(alias, "", False, f"{told}. {error.message}", ready=False)
    return Choice(alias, route.host, route.local, told)


def _listed(wanted: str) -> list[Choice]:
    """Names that litellm's list has of the providers memchat knows by address; they want a key."""
    from memchat.llm.providers import PROVIDERS, chat_models

    return [
        Choice(f"{provider}/{name}", provider, False, f"memchat keys set {provider}", ready=False)
        for provider, name in chat_models()
        if provider in PROVIDERS and wanted in f"{provider}/{name}".casefold()
    ]


def _told(one: Choice, used: str) -> str:
    where = f"{one.host}, {one.why}" if one.host and one.ready and not one.local else one.why
    return f"{where}; answers now" if one.name == used else where


def _json(one: Choice, used: str) -> dict[str, object]:
    return {
        "name": one.name,
        "host": one.host or None,
        "local": one.local,
        "why": one.why,
        "ready": one.ready,
        "used": one.name == used,
    }


COMMANDS = {"models": models}

"""memchat setup, config and keys: what may be kept and who answers, settings and where they come from, keys."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memchat import config
from memchat.cli.app import State
from memchat.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from memchat.ports import KeyStore

CONFIG = typer.Typer(help="Settings in force, and where each comes from.")
KEYS = typer.Typer(help="Keys of providers, in the keyring if there is one, else in a file only you can read.")
Provider = Annotated[str, typer.Argument(metavar="PROVIDER", help="openai, anthropic, gemini, openrouter, ...")]


def setup(ctx: typer.Context) -> None:
    """Choose who answers and what may be kept."""
    from memchat.actions.setup import who_choices
    from memchat.cli.setup_questions import Asking

    state: State = ctx.obj
    if not state.screen.can_ask:
        raise UsageError(
            "setup asks questions, and there is no terminal to answer them.",
            "Set model.name and memory.enabled in the file of: memchat config path, or MEMCHAT_MEMORY__ENABLED=true",
        )
    state.makes_config = True
    app = state.app
    asking = Asking(app, state.screen, chat_follows=False)
    values = asking.who(who_choices(asking.found())) | asking.keep()
    overridden = {
        app.settings.origins[key] for key in values if app.settings.origins.get(key, "").startswith("MEMCHAT_")
    }
    asking.finish(values)
    for name in sorted(overridden):
        state.screen.note(f"  {name} is set in the environment and comes first.")
    if asking.carry:
        state.screen.note("  What you wrote there was not sent; say it in: memchat")
    if state.json:
        state.screen.json(values)


@CONFIG.command("path")
def config_path(ctx: typer.Context) -> None:
    """Where the configuration is, or would be."""
    state: State = ctx.obj
    places = config.paths(state.environ, config=state.config, db=state.db)
    if state.json:
        state.screen.json({"config": str(places.config), "exists": places.config.exists(), "db": str(places.db)})
    else:
        state.screen.out(str(places.config))


@CONFIG.command("show")
def config_show(ctx: typer.Context) -> None:
    """Every setting in force, and where its value comes from."""
    from memchat.cli.layout import GAP, columns, entry
    from memchat.config.settings import UNUSED

    state: State = ctx.obj
    settings = state.app.settings
    values = _flat(settings)
    if state.json:
        rows = {
            key: {"value": value, "origin": settings.origins[key], "used": key not in UNUSED}
            for key, value in values.items()
        }
        state.screen.json(rows)
        return
    cells = columns([[key] for key in values])[0] + GAP
    for key, value in values.items():
        remark = "; not used yet" if key in UNUSED else ""
        for line in entry(state.screen, key, f"{_toml(value)}  ({settings.origins[key]}{remark})", cells):
            state.screen.out(line)


def _flat(settings: config.Settings) -> Mapping[str, object]:
    """Every setting by `section.key`, sections in their order; passwords in addresses are masked."""
    from dataclasses import asdict

    from memchat.memory.masking import mask

    sections = {name: content for name, content in asdict(settings).items() if name != "origins"}
    providers = sections.pop("providers")
    sections |= {f"providers.{name}": content for name, content in providers.items()}
    flat = {f"{section}.{key}": value for section, content in sections.items() for key, value in content.items()}
    # What a provider's or alias's unset keys would be is not known to origins: only what was set is shown of those.
    shown = {key: value for key, value in flat.items() if key in settings.origins}
    return {key: mask(value).text if isinstance(value, str) else _listed(value) for key, value in shown.items()}


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _toml(value: object) -> str:
    """A value as the file would hold it."""
    import json

    return json.dumps(value, ensure_ascii=False)


@KEYS.command("list")
def keys_list(ctx: typer.Context) -> None:
    """Providers whose key memchat keeps; never the keys."""
    state: State = ctx.obj
    providers = _keys(state).providers()
    if state.json:
        state.screen.json([{"provider": name} for name in providers])
        return
    for name in providers:
        state.screen.out(name)
    if not providers:
        state.screen.note("No keys yet. memchat keys set PROVIDER")


@KEYS.command("set", context_settings={"allow_extra_args": True})
def keys_set(ctx: typer.Context, provider: Provider) -> None:
    """Keep a key: from a hidden prompt, or the first line of standard input."""
    state: State = ctx.obj
    if ctx.args:  # never named in the message: what stands there is a key
        raise UsageError(
            "A key on the command line stays in the shell's history; it was not kept.",
            f"memchat keys set {provider}, then paste it; or pipe it in.",
        )
    where = _keys(state).set(provider, _key(state, provider))
    if state.json:
        state.screen.json({"provider": provider, "kept_in": where})
    else:
        state.screen.note(f"The key of {provider} is kept in {kept_where(where)}.")


@KEYS.command("remove")
def keys_remove(ctx: typer.Context, provider: Provider) -> None:
    """Take a key out again."""
    state: State = ctx.obj
    if not _keys(state).remove(provider):
        raise NotFoundError(f"memchat keeps no key for {provider}.", "memchat keys list")
    if state.json:
        state.screen.json({"provider": provider})
    else:
        state.screen.note(f"The key of {provider} is gone from here. At {provider} it is still valid.")


def _keys(state: State) -> "KeyStore":
    """Where keys lie, which no configuration has a say in: it may be named before it is made."""
    state.makes_config = True
    return state.app.keys


def _key(state: State, provider: str) -> str:
    screen = state.screen
    if screen.piped:
        return screen.read_stdin().strip().partition("\n")[0]
    if not screen.can_ask:
        raise UsageError(
            # Not `provider`: what stands there may well be the key.
            "There is no key, and no terminal to type one.",
            "Pipe it in: memchat keys set PROVIDER < FILE",
        )
    return screen.ask_hidden(f"Key of {provider} (what you type does not show): ")


def kept_where(where: str) -> str:
    """Where a key lies, and who reads it there."""
    return f"{where}, readable only by you" if Path(where).is_absolute() else f"the {where}"


COMMANDS = {"setup": setup, "config": CONFIG, "keys": KEYS}

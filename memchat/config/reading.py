"""Flag before environment before file before default: `load` makes the settings, and says where each came from."""

import dataclasses
import stat
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from memchat import private_file
from memchat.config.places import Paths
from memchat.config.settings import SECTIONS, ProviderSettings, Settings
from memchat.config.values import ALIASES, PROVIDERS, Place, checked, refused, split
from memchat.errors import ConfigError

_PREFIX = "MEMCHAT_"
_FLAGS = {"model.name": "--model", "privacy.local_only": "--local", "ui.vi": "--vi"}

# What was read: `section.key` to the checked value and where it came from in words.
_Values = dict[str, tuple[object, str]]


def load(paths: Paths, environ: Mapping[str, str], flags: Mapping[str, object] | None = None) -> Settings:
    """The settings in force; `flags` are those given on the command line, `{"model.name": "notebook"}`.

    Raises ConfigError: the file cannot be read or parsed, a key is unknown, a value of the wrong type or out of range;
    MEMCHAT_HOME is no folder.
    """
    _check_home(environ.get("MEMCHAT_HOME", ""))
    values: _Values = {}
    values.update(_from_file(paths.config))
    values.update(_from_environment(environ))
    for key, value in (flags or {}).items():
        word = _FLAGS.get(key, "the command line")
        values[key] = (checked(key, value, Place(word, "memchat --help names the flags.")), word)
    return _built(values)


def _check_home(home: str) -> None:
    """Refuse a MEMCHAT_HOME that cannot hold anything safely; else whatever is to lie in it would be blamed."""
    if not home:
        return
    folder = Path(home).expanduser()
    hint = f"It is {home}: name a folder of your own, or unset it."
    try:
        found = folder.stat()
    except OSError:  # what cannot be looked at is told by what needs it
        if folder.is_symlink():
            raise ConfigError("MEMCHAT_HOME is a link that leads to no folder.", hint) from None
        return
    if not stat.S_ISDIR(found.st_mode):
        raise ConfigError("MEMCHAT_HOME is a file, not a folder.", hint)
    if not private_file.is_trusted(found):
        raise ConfigError("MEMCHAT_HOME belongs to another user.", hint)


def read_document(path: Path) -> str:
    """The text of a configuration file, empty when there is none. Raises ConfigError."""
    try:
        return private_file.read(path)[0].decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise ConfigError(f"{path.name} is not UTF-8 text.", f"Save {path} as UTF-8, or move it away.") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = f"Look at {path}, or name another with --config."
        raise ConfigError(f"The configuration cannot be read: {reason}.", hint) from error


def _from_file(path: Path) -> Iterator[tuple[str, tuple[object, str]]]:
    """Every value of the file."""
    text = read_document(path)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Its words name line and column: "Expected '=' after a key in a key/value pair (at line 3, column 5)".
        raise ConfigError(f"{path.name} does not parse: {error}.", f"Mend it in {path}.") from None
    except RecursionError:
        raise ConfigError(f"{path.name} does not parse: it is nested too deeply.", f"Mend it in {path}.") from None
    place = Place(path.name, f"Mend it in {path}.")
    for section, content in document.items():
        for key, value in _flat(section, content, place):
            yield key, (checked(key, value, place), path.name)


def _flat(section: str, content: object, place: Place) -> Iterator[tuple[str, object]]:
    """The keys of a section, those of `[providers.NAME]` one level deeper."""
    if section not in {*SECTIONS, PROVIDERS, ALIASES}:
        if isinstance(content, dict):
            raise refused(f"there is no section [{section}].", section, (*SECTIONS, PROVIDERS, ALIASES), place)
        known = {item.name: f"[{name}]" for name, cls in SECTIONS.items() for item in dataclasses.fields(cls)}
        if section in known:
            message = f'{place.name}: "{section}" stands in no section; it belongs under {known[section]}.'
            raise ConfigError(message, place.mend)
        raise refused(f'"{section}" stands in no section.', section, known, place)
    if not isinstance(content, dict):
        raise ConfigError(f"{place.name}: {section} is a section: write [{section}] above its keys.", place.mend)
    for key, value in content.items():
        if section != PROVIDERS:
            yield f"{section}.{key}", value
        elif isinstance(value, dict):
            yield from ((f"{section}.{key}.{inner}", each) for inner, each in value.items())
        else:
            message = f'{place.name}: "{key}" stands in [providers], outside any provider.'
            raise ConfigError(message, f"Write [providers.NAME] above it. {place.mend}")


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, tuple[object, str]]]:
    """`MEMCHAT_SECTION__KEY` for every setting, `MEMCHAT_MODEL` for `model.name`; the short name wins."""
    names = sorted(name for name in environ if name.startswith(_PREFIX) and "__" in name)
    keys = {name: name.removeprefix(_PREFIX).lower().replace("__", ".") for name in names}
    if environ.get("MEMCHAT_MODEL"):
        keys["MEMCHAT_MODEL"] = "model.name"
    for name, key in keys.items():
        place = Place(name, f"Change or unset {name}.", text=True)
        yield key, (checked(key, environ[name], place), name)


def _built(values: _Values) -> Settings:
    """The frozen settings, defaults filled in."""
    origins = {key: origin for key, (_, origin) in values.items()}
    made: dict[str, Any] = {}
    for section, cls in SECTIONS.items():
        names = [item.name for item in dataclasses.fields(cls)]
        given = {name: values[f"{section}.{name}"][0] for name in names if f"{section}.{name}" in values}
        made[section] = cls(**given)
        origins.update({f"{section}.{name}": "default" for name in names if name not in given})
    context = made["context"]
    if context.keep_turns >= context.max_turns:
        message = f"context.keep_turns ({context.keep_turns}) must be below context.max_turns ({context.max_turns})."
        where = (origins["context.keep_turns"], origins["context.max_turns"])
        raise ConfigError(message, "Change one of them: they come from {} and {}.".format(*where))
    return Settings(providers=_providers(values), aliases=_aliases(values), origins=origins, **made)


def _providers(values: _Values) -> dict[str, ProviderSettings]:
    found: dict[str, dict[str, Any]] = {}
    for key, (value, _) in values.items():
        if key.startswith(f"{PROVIDERS}."):
            _, provider, name = split(key)
            found.setdefault(provider, {})[name] = value
    return {provider: ProviderSettings(**given) for provider, given in found.items()}


def _aliases(values: _Values) -> dict[str, str]:
    return {split(key)[1]: str(value) for key, (value, _) in values.items() if key.startswith(f"{ALIASES}.")}

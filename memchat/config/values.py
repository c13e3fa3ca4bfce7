"""One value of one setting: is it known, of the right type and in range? Errors name key, value and where it stood."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from memchat.config.settings import SECTIONS, ProviderSettings
from memchat.errors import ConfigError

PROVIDERS = "providers"
ALIASES = "aliases"
_WORDS = {
    "true": True, "yes": True, "on": True, "1": True,
    "false": False, "no": False, "off": False, "0": False,
}  # fmt: skip
_MOST_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was written: `name` for messages, `mend` says where to change it, `text` whether it is all text."""

    name: str
    mend: str
    text: bool = False


def checked(key: str, value: object, place: Place) -> object:
    """`value` as the setting `section.key` holds it. Raises ConfigError (unknown key, wrong type, out of range)."""
    section, *_, name = split(key)
    if section == ALIASES:
        return _alias(key, value, place)
    item = _fields(key, place)[name]
    if place.text and isinstance(value, str):
        value = _from_text(value, item)
    if not _fits(value, item) or not _sensible(name, value):
        raise ConfigError(f"{place.name}: {key} is {_shown(value)}, but must be {_wanted(name, item)}.", place.mend)
    if isinstance(value, list):
        return tuple(value)
    return float(value) if item.type is float and isinstance(value, int) else value


def split(key: str) -> tuple[str, ...]:
    """`section.key` in two, `providers.NAME.key` in three; a provider's or alias's own name may hold dots."""
    section, _, rest = key.partition(".")
    if section == PROVIDERS:
        provider, _, name = rest.rpartition(".")
        return section, provider, name
    return section, rest


def refused(message: str, name: str, known: Iterable[str], place: Place) -> ConfigError:
    """The error for a key or section nobody knows, with the nearest name."""
    import difflib

    near = difflib.get_close_matches(name, list(known), 1, 0.5)
    nearest = f"Did you mean {near[0]}? " if near else ""
    return ConfigError(f"{place.name}: {message}", f"{nearest}{place.mend}")


def _fields(key: str, place: Place) -> dict[str, dataclasses.Field[Any]]:
    """The fields of the section that `key` lies in; raises ConfigError when there is no such section or key."""
    section, *inner, name = split(key)
    cls: Any = ProviderSettings if section == PROVIDERS else SECTIONS.get(section)
    if cls is None:
        raise refused(f"there is no section [{section}].", section, (*SECTIONS, PROVIDERS, ALIASES), place)
    fields = {item.name: item for item in dataclasses.fields(cls)}
    if section == PROVIDERS and name in {"key", "api_key"}:
        raise ConfigError(f"{place.name}: keys are not kept in the configuration.", f"memchat keys set {inner[0]}")
    if name not in fields:
        raise refused(f'[{".".join((section, *inner))}] has no setting "{name}".', name, fields, place)
    return fields


def _alias(key: str, value: object, place: Place) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{place.name}: {key} is {_shown(value)}, but must be the name of a model.", place.mend)
    return value


def _from_text(value: str, item: dataclasses.Field[Any]) -> object:
    """A value from the environment, where everything is text, as the setting's type; unchanged if it is not one."""
    choices = item.metadata.get("choices", ())
    if value in choices:
        return value
    if item.type is bool or True in choices:
        return _WORDS.get(value.strip().lower(), value)
    if isinstance(item.default, tuple):
        return [name.strip() for name in value.split(",") if name.strip()]
    if "range" not in item.metadata:
        return value
    try:
        return int(value) if item.type is int else float(value)
    except ValueError:
        return value


def _fits(value: object, item: dataclasses.Field[Any]) -> bool:
    """Whether type and range are the setting's."""
    # 1 == True in Python, and a TOML 1 is no true: types are compared before values.
    if any(type(value) is type(choice) and value == choice for choice in item.metadata.get("choices", ())):
        return True
    if "range" in item.metadata:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return False
        low, high = item.metadata["range"]
        return (item.type is not int or isinstance(value, int)) and bool(low <= value <= high)
    if "choices" in item.metadata:
        return False
    if isinstance(item.default, tuple):
        return isinstance(value, list | tuple) and all(isinstance(name, str) for name in value)
    return type(value) is type(item.default)


def _sensible(name: str, value: object) -> bool:
    """The few rules that are about meaning, not type."""
    if name == "profile_fields" and isinstance(value, list | tuple):
        return 1 <= len(value) <= _MOST_FIELDS and len(set(value)) == len(value) and all(map(_is_field, value))
    if name == "memory_hosts" and isinstance(value, list | tuple):
        return all(map(_is_host, value))
    if name == "api_base" and isinstance(value, str):
        return not value or value.startswith(("http://", "https://"))
    if name == "embedding" and isinstance(value, str):
        return bool(value.strip())
    return True


def _is_field(name: str) -> bool:
    """A profile field's name stands for its memory, so it must not read as an id, nor as what is no field at all."""
    return name.isidentifier() and name != "note" and not (name[:1] in "ms" and name[1:].isdecimal())


def _is_host(name: str) -> bool:
    """A host as memchat names it, not an address: an entry that could never match would be a promise to nobody."""
    host = name.removeprefix("not ").strip()
    return bool(host) and not any(char.isspace() or char in "/@?#\\" for char in host)


def _wanted(name: str, item: dataclasses.Field[Any]) -> str:
    """What a value must be, in words."""
    if name == "profile_fields":
        return f"a list of 1 to {_MOST_FIELDS} different names of letters, digits and _, none like m12 or note"
    if name == "memory_hosts":
        return 'a list of hosts like "api.openai.com" or "not api.openai.com"'
    if name == "api_base":
        return "an address that begins with http:// or https://"
    if name == "embedding":
        return '"bundled" or "off" or the litellm name of an embedding model'
    words = [_shown(choice) for choice in item.metadata.get("choices", ())]
    if "range" in item.metadata:
        low, high = item.metadata["range"]
        words.append(f"a {'whole ' if item.type is int else ''}number from {low:g} to {high:.15g}")
    if not words:
        words = ["true", "false"] if isinstance(item.default, bool) else ["a text in quotes"]
    return " or ".join(words)


def _shown(value: object) -> str:
    """A value as TOML writes it, cut to what a line can bear."""
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."

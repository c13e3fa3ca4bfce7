"""The first line of an export: that it is one, which version of the format, and what can be said of all of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from memchat.errors import MemchatError
from memchat.store.record_checks import MOST_ID, is_moment
from memchat.store.record_forms import BY_KIND, COUNTED

TYPE = "memchat export"
VERSION = 1
# Of `meta` what is no trace of one computer's own index; the keys of tombstones stand apart.
META = ("erasure_epoch", "told", "told_doubts")
_KEY = 64  # letters of a key in hexadecimal
_MOST_KEYS = 100


@dataclass(frozen=True, slots=True)
class Head:
    """What a first line says: the highest ids ever given by table, rows of `meta`, the keys of tombstones, and how many
    lines of each kind follow.
    """

    ids: Mapping[str, int]
    meta: Mapping[str, object]
    keys: tuple[bytes, ...]
    lines: Mapping[str, int]

    @classmethod
    def read(cls, record: Mapping[str, object]) -> "Head":
        """The first line's record. Raises MemchatError: it is none, or of a newer format."""
        if record.get("type") != TYPE:
            raise MemchatError(
                "Line 1: this is not the first line of a memchat export.",
                "memchat import reads what memchat export wrote. Nothing was imported.",
            )
        version = record.get("version")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise _wrong("version", "a whole number from 1")
        if version > VERSION:
            raise MemchatError(
                f"Line 1: a newer memchat wrote this (format {str(version)[:9]}, this one knows {VERSION}).",
                "Install the newest memchat: pip install --upgrade memchat. Nothing was imported.",
            )
        unknown = record.keys() - {"type", "version", "ids", "meta", "keys", "lines"}
        if unknown:
            raise _wrong(min(unknown)[:40], "left out: nobody knows it")
        return cls(
            ids=_numbers(record, "ids", COUNTED),
            meta=_meta(record),
            keys=_keys(record),
            lines=_numbers(record, "lines", tuple(BY_KIND)),
        )


def _numbers(record: Mapping[str, object], name: str, known: tuple[str, ...]) -> dict[str, int]:
    found = record.get(name, {})
    if not isinstance(found, dict) or found.keys() - set(known):
        raise _wrong(name, "numbers by " + ", ".join(known))
    for number in found.values():
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= MOST_ID:
            raise _wrong(name, f"whole numbers up to {MOST_ID:,}")
    return found


def _meta(record: Mapping[str, object]) -> dict[str, object]:
    found = record.get("meta", {})
    if not isinstance(found, dict) or found.keys() - set(META):
        raise _wrong("meta", "values of " + ", ".join(META))
    for name, value in found.items():
        number = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_ID
        if not (is_moment(value) if name == "told_doubts" else number):
            raise _wrong("meta", "whole numbers, and a moment for told_doubts")
    return found


def _keys(record: Mapping[str, object]) -> tuple[bytes, ...]:
    found = record.get("keys", [])
    if not isinstance(found, list) or len(found) > _MOST_KEYS:
        raise _wrong("keys", "a list")
    for key in found:
        if not isinstance(key, str) or len(key) != _KEY or set(key) - set("0123456789abcdef"):
            raise _wrong("keys", f"{_KEY} small letters of hexadecimal each")
    return tuple(dict.fromkeys(map(bytes.fromhex, found)))


def _wrong(name: str, what: str) -> MemchatError:
    return MemchatError(f"Line 1: {name!r} must be {what}.", "Nothing was imported.")

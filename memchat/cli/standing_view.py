"""How memchat stands, as doctor tells it: settings, keys, who answers, the disk, and what memory could do without."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from memchat.actions.junk import Junk, Kind
from memchat.cli.layout import GAP, MARGIN, columns, entry, folded, many, prose, room
from memchat.cli.start_notes import in_danger
from memchat.cli.terminal import Screen, one_line

if TYPE_CHECKING:
    from memchat.actions.answering import Way
    from memchat.cli.json_view import Json
    from memchat.config import Paths
    from memchat.errors import MemchatError
    from memchat.store.whereabouts import Whereabouts

CELLS = len("Database") + GAP  # doctor's column
LABELS = {"chat": "Answers", "memory": "Learns"}
MOVE = "Keep it on a disk of this computer: memchat backup FILE there, then MEMCHAT_DB=FILE"
_WHY = {
    Kind.SECRET: "looks like a secret",
    Kind.UNSUPPORTED: "its source is gone",
    Kind.DUPLICATE: "says what {other} says",
    Kind.STALE: "not said again for a year",
    Kind.WAITING: "waits for you since {day}",
}
# Longer than this, lists are for --json.
SHOWN = 10


def settings(screen: Screen, paths: "Paths", origins: Mapping[str, str], *, exists: bool) -> list[str]:
    """The file, and what the environment or a flag says otherwise; an unused setting is told by the file's reader."""
    told = f"{paths.config}" if exists else f"no {paths.config}: the defaults hold"
    lines = entry(screen, "Settings", told, CELLS)
    return lines + [line for key, origin in _elsewhere(origins) for line in _below(screen, f"{key} from {origin}")]


def keys(screen: Screen, found: "Sequence[tuple[str, str]] | MemchatError") -> list[str]:
    """Whose keys there are and where they were found; never a key."""
    if not isinstance(found, Sequence):
        return [*entry(screen, "Keys", one_line(found.message), CELLS), *_below(screen, one_line(found.hint))]
    if not found:
        return entry(screen, "Keys", "none; a model of this computer needs none. memchat keys set PROVIDER", CELLS)
    told = [f"{one_line(name)}: {one_line(where).removeprefix('key ')}" for name, where in found]
    return [line for n, one in enumerate(told) for line in entry(screen, "" if n else "Keys", one, CELLS)]


def way(screen: Screen, found: "Way") -> list[str]:
    """Who answers, where, whether somebody is there; how much is read at once and who says so."""
    lines = entry(screen, LABELS[found.use], _who(found), CELLS)
    if found.address_from:
        lines += _below(screen, f"Its address comes from {found.address_from}.")
    if found.trouble is not None:
        return lines + [line for text in (found.trouble.message, found.trouble.hint) for line in _below(screen, text)]
    return lines + _below(screen, _window(found))


def disk(screen: Screen, found: "Whereabouts") -> list[str]:
    """Nothing where the database lies on a disk of this computer; else why that is no place for it."""
    if found.kind == "local":
        return []
    return [*entry(screen, "Disk", in_danger(found), CELLS), *_below(screen, MOVE)]


def junk(screen: Screen, found: Sequence[Junk]) -> list[str]:
    """What memory could do without, with what mends it; nothing where there is none."""
    if not found:
        return []
    lines = [
        "",
        *(
            MARGIN + line
            for line in folded(screen, f"To look at: {many(len(found), 'memory', 'memories')}", room(screen))
        ),
    ]
    shown = found[:SHOWN]
    cells = columns([[one.memory.ref] for one in shown])[0] + GAP
    for one in shown:
        lines += entry(screen, one.memory.ref, _about(one), cells)
        lines += [screen.dim(line) for line in entry(screen, "", _remedy(one), cells)]
    if len(found) > SHOWN:
        lines += prose(screen, f"{len(found) - SHOWN:,} more: memchat doctor --json")
    return lines


def standing_json(
    paths: "Paths",
    origins: Mapping[str, str],
    keys: "Sequence[tuple[str, str]] | MemchatError",
    ways: "Sequence[Way]",
    where: "Whereabouts",
    *,
    exists: bool,
) -> "Json":
    """The same for scripts."""
    return {
        "settings": {"path": str(paths.config), "exists": exists, "set_by": dict(_elsewhere(origins))},
        "keys": [{"provider": name, "from": told} for name, told in keys] if isinstance(keys, Sequence) else None,
        "keys_trouble": None if isinstance(keys, Sequence) else _error(keys),
        "models": [_way_json(one) for one in ways],
        "disk": {"kind": where.kind, "name": where.name or None},
    }


def junk_json(found: Sequence[Junk]) -> "list[Json]":
    """Each with its memory's id, why, and what mends it; never the text of a secret."""
    return [
        {
            "id": one.memory.ref,
            "why": one.kind.value,
            "text": None if one.kind is Kind.SECRET else one.memory.text,
            "same_as": one.other.ref if one.other else None,
            "secrets": one.what.split(", ") if one.what else [],
            "remedy": one.remedy,
        }
        for one in found
    ]


def _way_json(one: "Way") -> "Json":
    return {
        "use": one.use,
        "name": one.name or None,
        "host": one.host or None,
        "local": one.local,
        "key_from": one.key_from or None,
        "address_from": one.address_from or None,
        "window": one.window,
        "window_from": one.window_from or None,
        "reached": one.reached,
        "trouble": None if one.trouble is None else _error(one.trouble),
    }


def _error(error: "MemchatError") -> "Json":
    return {"message": error.message, "hint": error.hint}


def _elsewhere(origins: Mapping[str, str]) -> list[tuple[str, str]]:
    """Settings that come from the environment or a flag: the file is where people look."""
    return [(key, told) for key, told in origins.items() if told.startswith(("MEMCHAT_", "-"))]


def _who(found: "Way") -> str:
    name = one_line(found.name) or "nobody"
    if found.trouble is not None and not found.host:
        return name
    if not found.host:
        return f"{name}, built in: nothing is sent"
    state = {True: ": somebody is there", False: ": nobody is there", None: ""}[found.reached]
    return f"{name} at {one_line(found.host)}{state}"


def _window(found: "Way") -> str:
    if found.window is None:
        return ""
    if found.window_from:
        return f"Reads {found.window:,} tokens at once ({one_line(found.window_from)})."
    from memchat.memory.window_told import setting

    return f"Reads {found.window:,} tokens at once, which is assumed. Set {setting(found.name)}."


def _about(one: Junk) -> str:
    """A secret is not shown: doctor's output is what people send when they ask for help."""
    if one.kind is Kind.SECRET:
        return f"{_WHY[one.kind]} ({one.what})"
    why = _WHY[one.kind].format(other=one.other.ref if one.other else "", day=f"{one.memory.created_at:%Y-%m-%d}")
    return f"{one_line(one.memory.text)}: {why}"


def _remedy(one: Junk) -> str:
    if one.kind is Kind.STALE:
        return f"Still so? memchat memory pin {one.memory.ref}. Else: {one.remedy}"
    return f"Now: {one.remedy}"


def _below(screen: Screen, text: str) -> list[str]:
    return [screen.dim(line) for line in entry(screen, "", text, CELLS)] if text else []

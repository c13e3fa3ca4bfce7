"""Exports, imports and backups as lines of text: what was carried where, what stayed out, and where copies lie now."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from memchat.actions.backing_up import Backup
from memchat.cli.json_view import Json, date
from memchat.cli.layout import GAP, day, entry, many, prose
from memchat.cli.terminal import Screen
from memchat.cli.work_view import bytes_in_words
from memchat.domain import Restored, Retired, Taken

CELLS = len("Kept out") + GAP
# Kinds of lines that mean something to people, with what one and what several are called.
KINDS = {
    "session": ("conversation", "conversations"),
    "message": ("message", "messages"),
    "memory": ("memory", "memories"),
    "tombstone": ("tombstone", "tombstones"),
}
NOTHING = "nothing that you would notice"
REVIEW = "memchat memory review"


def exported(screen: Screen, path: Path, size: int, lines: Mapping[str, int]) -> list[str]:
    """What was written where."""
    told = [*entry(screen, "Exported", f"{counted(lines)} to {path}, {bytes_in_words(size)}", CELLS)]
    reach = "Everything is in it, not encrypted, readable only by you. What you forget later stays in that file."
    return [*told, *prose(screen, reach)]


def imported(screen: Screen, done: Taken) -> list[str]:
    """What was taken in, and what was not."""
    ids = "all ids as they were" if done.exact else f"{done.renumbered} with another id" if done.renumbered else ""
    lines = entry(screen, "Imported", ", ".join(filter(None, (counted(done.added) or "nothing new", ids))), CELLS)
    if known := counted(done.known):
        lines += entry(screen, "Known", f"{known} were here already", CELLS)
    if left := counted(done.left):
        lines += entry(screen, "Left out", f"{left}, with what was typed and the books: --review", CELLS)
    if done.blocked:
        lines += entry(screen, "Kept out", f"{_many(done.blocked, 'memory')} that you erased or refused here", CELLS)
    if gone := counted(done.gone):
        lines += entry(screen, "Kept out", f"{gone} that you erased here", CELLS)
    if done.masked:
        lines += entry(screen, "Masked", f"{done.masked} {'secret' if done.masked == 1 else 'secrets'}", CELLS)
    if done.waiting:
        verb = "waits" if done.waiting == 1 else "wait"
        lines += entry(screen, "Waiting", f"{_many(done.waiting, 'memory')} {verb} for you: {REVIEW}", CELLS)
    return lines


def imported_json(done: Taken) -> Json:
    """The same for scripts; counts by kind of line."""
    return {
        "exact": done.exact,
        "added": dict(done.added),
        "known": dict(done.known),
        "left_out": dict(done.left),
        "kept_out": done.blocked,
        "erased_here": dict(done.gone),
        "masked": done.masked,
        "waiting": done.waiting,
        "renumbered": done.renumbered,
    }


def backed_up(screen: Screen, done: Backup) -> list[str]:
    """Where the backup is."""
    lines = entry(screen, "Backup", f"{done.path}, {bytes_in_words(done.size)}, every page checked", CELLS)
    reach = f"What you forget later stays in it until memchat restore {done.path}, which takes it out again."
    return [*lines, *prose(screen, reach)]


def restored(screen: Screen, done: Restored, path: Path) -> list[str]:
    """What is there now, and what became of what was."""
    told = counted({"session": done.conversations, "memory": done.memories}) or "an empty memory"
    lines = entry(screen, "Restored", f"{told}, from {path}", CELLS)
    if done.migrated:
        lines += entry(screen, "", f"brought up to date from database version {done.migrated}", CELLS)
    if done.blocked:
        lines += entry(screen, "Kept out", f"{_many(done.blocked, 'memory')} that you erased or refused since", CELLS)
    if done.redacted:
        places = "1 place" if done.redacted == 1 else f"{done.redacted} places"
        lines += entry(screen, "Erased", f"{places} that had become [erased] since", CELLS)
    if done.back:
        verb = "is" if done.back == 1 else "are"
        lines += entry(
            screen, "Back", f"{_many(done.back, 'session')} {verb} here again that you may have erased", CELLS
        )
    if done.replaced:
        lines += entry(screen, "Replaced", f"what was there is now {done.replaced}", CELLS)
        lines += prose(screen, "It holds all of it: delete it once you need it no more.")
    if done.blocked is None:
        warning = "The database that was there cannot be read: what was erased in it since the backup is here again."
        lines += prose(screen, warning)
    return lines


def restored_json(done: Restored) -> Json:
    """The same for scripts; `kept_out` is null where the replaced database could not be read."""
    return {
        "memories": done.memories,
        "conversations": done.conversations,
        "replaced": done.replaced or None,
        "kept_out": done.blocked,
        "erased_again": done.redacted,
        "back": done.back,
        "migrated_from": done.migrated or None,
    }


def retired(screen: Screen, days: int, last: Retired | None, now: datetime) -> list[str]:
    """How long words are kept, and what was erased last; nothing where they are kept for ever."""
    if not days and last is None:
        return []
    kept = f"words for {days:,} days (privacy.keep_days)" if days else "words for ever (privacy.keep_days)"
    lines = ["", *entry(screen, "Kept", kept, CELLS)]
    if last is not None:
        gone = counted({"message": last.messages}) or "what was typed at the prompt"
        whole = f", {_many(last.conversations, 'session')} as a whole" if last.conversations else ""
        lines += entry(screen, "", f"erased last, {day(last.at, now)}: {gone}{whole}; memories stayed", CELLS)
    return lines


def retired_json(last: Retired | None) -> Json:
    """The same for scripts, under `retired`; null where nothing was erased so."""
    if last is None:
        return {"retired": None}
    gone = {"conversations": last.conversations, "messages": last.messages}
    return {"retired": {"at": date(last.at), "before": date(last.before), **gone}}


def counted(lines: Mapping[str, int]) -> str:
    """`12 conversations, 340 messages and 41 memories`; empty where there is none of these."""
    told = [_many(lines[kind], kind) for kind in KINDS if lines.get(kind)]
    return " and ".join(filter(None, (", ".join(told[:-1]), *told[-1:])))


def _many(count: int, kind: str) -> str:
    return many(count, *KINDS[kind])

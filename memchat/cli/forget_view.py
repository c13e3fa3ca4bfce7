"""Forgetting as lines of text: the plan before the question, the receipt after it, and what neither reaches."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

from memchat.actions.forgetting import Place, Plan, Receipt, Sent
from memchat.actions.references import fold
from memchat.cli.layout import GAP, MARGIN, WIDEST, day, entry, folded, many, right, room
from memchat.cli.render import words
from memchat.cli.terminal import Screen, one_line, width
from memchat.domain import Memory
from memchat.store.location import JOURNALS

QUESTION = "Erase? Type yes, or Enter to leave all as it is: "
BLOCKED = "it will not be learned again from old text"
# Erasing takes a whole word; a `y` that slipped out does nothing.
YES = frozenset({"yes", "是", "好"})
_WITHOUT = "without"
_LABEL = 10  # cells of the words that a receipt's lines begin with
_LISTED = 40  # conversations, and turns in a row, that are listed
_NAMED = 6  # words that are looked for, and memories, named one by one
_EDGE = 72  # where numbers stand, on a screen wider than that


def agreed(answer: str) -> bool:
    """Whether the answer to `QUESTION` is the word yes, whatever its case and width."""
    return fold(answer) in YES


def left_out(answer: str) -> tuple[str, ...] | None:
    """Of `yes without s14.3 m9` what is to stay; None for any other answer."""
    first, *rest = fold(answer).split() or [""]
    return tuple(rest[1:]) if first in YES and len(rest) > 1 and rest[0] == _WITHOUT else None


def plan(screen: Screen, wanted: Plan, now: datetime, *, in_chat: bool = False) -> list[str]:
    """What would be erased: memories with all their versions, summaries, turns, copies."""
    lines = [*_guess(screen, wanted), "", *_plain(screen, "To be erased for good. There is no undo."), ""]
    if wanted.everything:
        lines += _heading(screen, "Memories, all", f"{len(wanted.memories):,}")
        lines += _heading(screen, "Conversations, all", f"{len(wanted.rows):,}")
    else:
        lines += [*_memories(screen, wanted, now), *_whole(screen, wanted), *_placed(screen, wanted)]
    lines += [*_heading(screen, "Copies of all this", ""), *_inner(screen, ", ".join(_copies(wanted, now)))]
    notes = [*_notes(wanted, in_chat=in_chat)]
    return [*lines, *([""] if notes else []), *(line for note in notes for line in _plain(screen, note))]


def receipt(screen: Screen, done: Receipt, now: datetime, *, drafts: str = "", in_chat: bool = False) -> list[str]:
    """What was erased and checked, and what is still the person's to do. `drafts` is the folder of kept drafts."""
    lines = ["", *entry(screen, "Erased", "; ".join(_erased(done)), _LABEL)]
    lines += entry(screen, "Checked", _looked(done), _LABEL)
    lines += [line for told in _found(done) for line in entry(screen, "", told, _LABEL)]
    if done.blocked:
        lines += entry(screen, "Blocked", BLOCKED, _LABEL)
    lines += ["", *_plain(screen, "Outside memchat's reach, so still yours to do:")]
    for text in (*(sent_words(one, now) for one in done.sent), *not_reached(drafts, in_chat=in_chat)):
        lines += _inner(screen, text)
    if done.plan is not None and done.plan.words and not in_chat:
        lines += _plain(screen, "Next time without a trace in the shell: memchat forget --match -")
    return lines


def not_reached(drafts: str = "", *, in_chat: bool = False) -> list[str]:
    """Copies that `forget` does not touch, one line each."""
    lines = [
        "files you exported, and backups you made, wherever they lie",
        "this window's scrollback" + ("" if in_chat else ", and your shell history: it holds this command"),
        "copies made by others: disk snapshots, cloud folders",
    ]
    return [*lines, f"drafts kept in {drafts}"] if drafts else lines


def sent_words(sent: Sent, now: datetime) -> str:
    """`api.openai.com may have been sent it, 12 Nov to 22 Nov (their own retention)`."""
    first, last = day(sent.first, now), day(sent.last, now)
    days = first if first == last else f"{first} to {last}"
    return f"{one_line(sent.host)} may have been sent it, {days} (their own retention)"


def ranges(refs: Iterable[str]) -> list[str]:
    """Turns in order, those in a row as one: `s11.1-9`."""
    found = []
    for talk, turns in groupby((ref.split(".") for ref in refs), key=lambda pair: pair[0]):
        numbers = [int(pair[1]) for pair in turns if len(pair) > 1]
        if not numbers:
            found.append(talk)
        runs: list[list[int]] = []
        for number in numbers:
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        found += [f"{talk}.{run[0]}" if len(run) == 1 else f"{talk}.{run[0]}-{run[-1]}" for run in runs]
    return found


# The plan


def _guess(screen: Screen, wanted: Plan) -> list[str]:
    """That a word was taken for what it is."""
    if not wanted.guessed:
        return []
    named = ", ".join(f'"{one_line(word)}"' for word in wanted.words)
    is_, word = ("is not an id", "the word") if len(wanted.words) == 1 else ("are not ids", "the words")
    return ["", *_plain(screen, f"{named} {is_}, so this looks for {word}.")]


def _memories(screen: Screen, wanted: Plan, now: datetime) -> list[str]:
    found = wanted.memories
    if not found:
        return []
    lines = _heading(screen, "Memories, whole", str(len(found)))
    ids = max(width(memory.ref) for memory in found) + GAP + len(MARGIN)
    for memory in found:
        lines += entry(screen, MARGIN + memory.ref, words(memory) + _standing(memory, now), ids)
    return lines


def _whole(screen: Screen, wanted: Plan) -> list[str]:
    """Conversations and turns that go whole; summaries and titles that change."""
    lines = []
    talks = [place for place in wanted.rows if "." not in place.ref]
    turns = [place for place in wanted.rows if "." in place.ref]
    if talks:
        lines += [*_heading(screen, "Conversations, whole", str(len(talks))), *_listed(screen, talks)]
    if turns:
        lines += _heading(screen, "Exchanges, whole", _among(len(turns), turns))
        lines += _inner(screen, _few(ranges(place.ref for place in turns)))
    if wanted.summaries:
        lines += _heading(screen, "Summaries, rewritten without it", str(len(wanted.summaries)))
        lines += _listed(screen, wanted.summaries)
    if wanted.titles:
        lines += _heading(screen, "Titles, the words become [erased]", str(len(wanted.titles)))
        lines += _listed(screen, wanted.titles)
    return lines


def _placed(screen: Screen, wanted: Plan) -> list[str]:
    """Turns in which words change."""
    if not wanted.places:
        return []
    what = "the word becomes [erased]" if len(wanted.words) == 1 else "the words it was told in become [erased]"
    what = "kept for you alone, shown to no model" if wanted.keeps else what
    lines = _heading(screen, f"Conversations, {what}", _among(wanted.count, wanted.places))
    return lines + _inner(screen, _few(ranges(place.ref for place in wanted.places)))


def _among(count: int, places: Sequence[Place]) -> str:
    """`14 in 3 talks`."""
    talks = len({place.ref.split(".")[0] for place in places})
    return f"{count:,} in {many(talks, 'talk')}"


def _copies(wanted: Plan, now: datetime) -> list[str]:
    """Where else it stands."""
    copies = ["search index"]
    if wanted.vectors and not wanted.everything:
        copies.append(many(wanted.vectors, "vector"))
    copies.append("history of typing")
    days = [
        day(datetime.fromtimestamp(copy.stat().st_mtime, now.tzinfo), now) for copy in wanted.copies if copy.exists()
    ]
    if days:
        copies.append(f"{many(len(days), 'backup')} of {', '.join(dict.fromkeys(days))}")
    return copies


def _notes(wanted: Plan, *, in_chat: bool) -> Iterable[str]:
    """What stays, and what could be asked for instead."""
    own = [phrase for phrase in wanted.erasing.phrases if phrase not in wanted.words]
    if own and not wanted.keeps:
        yield f"Wherever they stand: {_quoted(own)}"
    if wanted.places and not wanted.keeps:
        first = wanted.places[0].ref
        yield f"The sentences around stay. To erase exchanges whole: {f'/forget {first}' if in_chat else '--turns'}"
    if wanted.places:
        yield f"To leave some as they are, answer: yes without {wanted.places[0].ref}"
    if wanted.shown:
        yield f"Were shown it, and may say it in other words: {_few(ranges(wanted.shown))}"
    if wanted.alike:
        alike = ", ".join(f"{one_line(word)} ({ref})" for word, ref in wanted.alike)
        yield f"Looks alike, not included: {alike}"


def _quoted(phrases: Sequence[str]) -> str:
    told = ", ".join(f'"{one_line(phrase)}"' for phrase in phrases[:_NAMED])
    return told if len(phrases) <= _NAMED else f"{told} and {len(phrases) - _NAMED} more"


def _standing(memory: Memory, now: datetime) -> str:
    """Which version a memory is, where it is not the newest; and whether it is pinned."""
    if memory.superseded_by is not None:
        return f" (replaced by m{memory.superseded_by})"
    if memory.valid_to is not None and memory.valid_to <= now:
        return f" (until {day(memory.valid_to, now)})"
    return " (pinned)" if memory.pinned else ""


# The receipt


def _erased(done: Receipt) -> Iterable[str]:
    """Memories, places, rows, summaries."""
    if done.plan is not None and done.plan.everything:
        yield f"everything: {many(len(done.ids), 'memory', 'memories')}, {many(done.talks, 'conversation')}"
        return
    if done.ids:
        named = f": {', '.join(done.ids)}" if len(done.ids) <= _NAMED else ""
        yield many(len(done.ids), "memory", "memories") + named
    if done.rows:
        yield f"whole: {_few(ranges(done.rows))}"
        if done.marked:
            yield f"{many(done.marked, 'place')} elsewhere became [erased]"
    elif done.plan is not None and done.plan.keeps:
        yield f"{many(done.places, 'place')} in {many(done.talks, 'conversation')} kept for you alone"
    else:
        yield f"{many(done.places, 'place')} in {many(done.talks, 'conversation')} became [erased]"
    if done.summaries:
        yield f"{many(done.summaries, 'summary', 'summaries')} rewritten"


def _looked(done: Receipt) -> str:
    """Which files were read, and how much that was."""
    checked = done.checked
    files = [Path(path).name for path in checked.files]
    beside = [name for name in files if name.endswith(JOURNALS)]
    named = [name for name in files if name not in beside] + (["its journal"] if beside else [])
    names = ", ".join(named) or "the database in memory"
    size = f": every byte, {_size(checked.size)}" if checked.files else ""
    return f"rows, search index, {names}{size}"


def _found(done: Receipt) -> Iterable[str]:
    """How many traces are left, and of what."""
    checked = done.checked
    words_ = done.plan.words if done.plan is not None else ()
    of = f" of {_quoted(words_)}" if words_ else ""
    yield f"{many(done.traces, 'trace')}{of}"
    for what, told in (("in rows", checked.rows), ("in the search index", checked.terms), ("in files", checked.found)):
        if told:
            yield f"left {what}: {', '.join(map(one_line, told))}"
    own = [one for one in checked.found if one == checked.files[0] or one.endswith(JOURNALS)]
    if own:
        yield "another memchat may have it open: leave there, and it is gone"
    if len(own) < len(checked.found):
        yield "what is not the database or its journal is yours to delete"
    if checked.untold:
        yield f"in rows and index only: bytes tell nothing of {_quoted(checked.untold)}"
    if checked.vacuumed:
        yield "the file was written anew"
    if done.deleted:
        yield f"deleted: {', '.join(copy.name for copy in done.deleted)}"


def _few(refs: Sequence[str]) -> str:
    """So many of them as anybody reads, and how many more there are."""
    return " ".join(refs[:_LISTED]) + (f" and {len(refs) - _LISTED:,} more" if len(refs) > _LISTED else "")


def _size(count: int) -> str:
    """`46 MB`."""
    return f"{count / 1_000_000:,.0f} MB" if count >= 1_000_000 else f"{max(count // 1_000, 1)} kB"


# Lines


def _plain(screen: Screen, text: str) -> Sequence[str]:
    return [MARGIN + line for line in folded(screen, text, room(screen))]


def _inner(screen: Screen, text: str) -> list[str]:
    return [f"{MARGIN * 2}{line}" for line in folded(screen, text, room(screen) - len(MARGIN))]


def _listed(screen: Screen, places: Sequence[Place]) -> list[str]:
    """Conversations with their titles, so many as anybody reads."""
    shown, more = places[:_LISTED], len(places) - _LISTED
    cells = max(width(place.ref) for place in shown) + GAP + len(MARGIN)
    lines = [
        line for one in shown for line in entry(screen, MARGIN + one.ref, one_line(one.title) or "-", cells, lines=1)
    ]
    return lines + (_inner(screen, f"and {more:,} more") if more > 0 else [])


def _heading(screen: Screen, text: str, count: str) -> list[str]:
    """A heading with its number at the right edge, where there is room for both."""
    cells = min(room(screen), _EDGE, WIDEST)
    if not count or width(text) + GAP + width(count) > cells:
        return [MARGIN + line for line in folded(screen, f"{text} {count}".rstrip(), room(screen))]
    return [MARGIN + text + right(count, cells - width(text))]

"""What somebody wants forgotten, read: which memories, phrases, turns and conversations that is."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from memchat.actions import sessions
from memchat.actions.references import known_field, memory_number, nearest, session_place, shorten
from memchat.domain import Erasing, Memory, SessionKind, Trails, turn_ref
from memchat.errors import NotFoundError, UsageError
from memchat.memory import forget
from memchat.ports import Store

# Longer than this is no name of anything: whoever has a whole page to forget names its turn.
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """As it was asked for. `refs` are ids, fields, or words; `matches` texts; `without` is to stay (`s14.3`, `m9`).

    `turns`: turns that hold the words go whole. `session` and `before` are whole rows, `everything` all there is.
    `keep_transcript`: messages keep the words for the person alone. Without `tombstone` nothing keeps it from being
    learned again.
    """

    refs: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    turns: bool = False
    session: str = ""
    before: datetime | None = None
    everything: bool = False
    keep_transcript: bool = False
    tombstone: bool = True
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What that is. `near` are the memories whose very words go with them; `resting` all that go.

    `since` is when the first of it was said or learned.
    """

    chains: tuple[tuple[Memory, ...], ...]
    erasing: Erasing
    trails: Trails
    near: frozenset[int] = frozenset()
    shown: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    guessed: bool = False
    hint: str = ""
    since: datetime | None = None

    @property
    def resting(self) -> tuple[Memory, ...]:
        """Every memory that goes."""
        return tuple(memory for chain in self.chains for memory in chain)


@dataclass(slots=True)
class _Named:
    """What refs name."""

    memories: list[int] = field(default_factory=list)
    turns: list[tuple[int, int]] = field(default_factory=list)
    sessions: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    hint: str = ""


@dataclass(frozen=True, slots=True)
class _Rows:
    """What goes whole: turns, as `(session, number)`, and conversations."""

    turns: tuple[tuple[int, int], ...]
    sessions: tuple[int, ...]


def scope(store: Store, fields: Sequence[str], wanted: Wanted) -> Scope:
    """Read what is wanted, and look where it stands. Raises NotFoundError, UsageError."""
    _check(wanted)
    left = frozenset(_left(one) for one in wanted.without)
    if wanted.everything:
        return _everything(store)
    named = _named(store, fields, wanted)
    matches = tuple(_phrase(text) for text in (*wanted.matches, *named.words))
    _check_there(store, wanted, named)
    rows = _rows(store, wanted, named, left)
    near = _chains(store, named.memories, left=left)
    held = store.erasure.trails(matches) if matches else Trails()
    alone = _chains(store, [*held.memories, *_only_there(store, wanted, rows)], near, left)
    own = _own(store, near, alone)
    trails = store.erasure.trails((*matches, *own)) if own else held
    if wanted.turns:
        rows = _with_spots(rows, trails, near, left)
    chains = (*near.values(), *alone.values())
    every = [memory for chain in chains for memory in chain]
    erasing = Erasing(
        phrases=(*matches, *own),
        memories=tuple(near),
        alone=tuple(alone),
        turns=rows.turns,
        sessions=rows.sessions,
        bars=wanted.keep_transcript,
        buries=wanted.tombstone,
        left=left,
    )
    return Scope(
        chains=tuple(sorted(chains, key=lambda chain: -chain[-1].id)) if matches else chains,
        erasing=erasing,
        trails=trails if trails.stamp != (0, 0) else Trails(stamp=store.erasure.stamp()),
        near=frozenset(memory.id for chain in near.values() for memory in chain),
        shown=tuple(turn_ref(*turn) for turn in store.erasure.shown([memory.id for memory in every])),
        words=matches,
        guessed=bool(named.words),
        hint=named.hint,
        since=_since(store, every, trails, rows),
    )


def _own(store: Store, near: dict[int, tuple[Memory, ...]], alone: dict[int, tuple[Memory, ...]]) -> tuple[str, ...]:
    """The phrases by which memories that were named are known."""
    if not near:
        return ()
    named = [memory for chain in near.values() for memory in chain]
    going = {memory.id for chain in (*near.values(), *alone.values()) for memory in chain}
    kept = [memory for memory in store.memories.all() if memory.id not in going]
    return forget.phrases(named, kept, store.erasure.frequency)


def _check(wanted: Wanted) -> None:
    """Raises UsageError for what contradicts itself, or names nothing."""
    rows = bool(wanted.session) or wanted.before is not None
    beside = wanted.refs or wanted.matches or rows or wanted.turns or wanted.keep_transcript or wanted.without
    if wanted.everything and beside:
        raise UsageError("--all erases everything: name nothing else, and leave nothing out.", "memchat forget --all")
    if not (wanted.refs or wanted.matches or rows or wanted.everything):
        raise UsageError("Nothing was named.", "Like this: memchat forget m12. Ids: memchat memory list")
    if wanted.turns and wanted.keep_transcript:
        raise UsageError("--turns erases the exchanges that --keep-transcript keeps.", "Take one of the two.")


def _named(store: Store, fields: Sequence[str], wanted: Wanted) -> _Named:
    """What each of the refs names. A word that is neither id nor field is a word to be looked for."""
    found = _Named()
    for ref in wanted.refs:
        number, place, name = memory_number(ref), session_place(ref), known_field(ref, fields)
        if number is not None:
            found.memories.append(number)
        elif place is not None:
            _place(store, ref, place, found)
        elif name is not None:
            values = store.memories.history(name)
            if not values:
                hint = "memchat profile show"
                raise NotFoundError(f"Nothing is known of {name}, now or before: 0 memories.", hint)
            found.memories += [memory.id for memory in values]
        else:
            _word(ref, fields, found)
    if wanted.session:
        found.sessions.append(sessions.get(store, wanted.session).id)
    return found


def _check_there(store: Store, wanted: Wanted, named: _Named) -> None:
    """A word beside ids may be an id mistyped: raises NotFoundError where nothing holds it."""
    for word in named.words if len(wanted.refs) > 1 else ():
        found = store.erasure.trails((word,))
        if not (found.memories or found.spots or found.titles or found.summaries or found.typed):
            raise NotFoundError(f"Nothing holds {shorten(word)!r}. Nothing was erased.", named.hint)


def _place(store: Store, ref: str, place: tuple[int, int | None], found: _Named) -> None:
    if place[1] is None:
        found.sessions.append(store.transcripts.session(place[0]).id)
    else:
        found.turns += [(turn.session_id, turn.number) for turn in sessions.turns(store, ref)]


def _word(ref: str, fields: Sequence[str], found: _Named) -> None:
    """Raises UsageError for what cannot be meant as a word."""
    if memory_number(ref, bare=True) is not None:
        raise UsageError(
            f"An id to forget takes its letter: m{shorten(ref)}, not {shorten(ref)}.", "A bare number could be a slip."
        )
    if not ref.strip():
        raise UsageError(f"{shorten(ref)!r} is no id.", "Ids look like m12: memchat memory list")
    near = nearest(ref, fields)
    found.hint = f"Nearest profile field: {near}." if near else "Ids look like m12: memchat memory list"
    found.words.append(ref)


def _phrase(text: str) -> str:
    """The text as it is looked for. Raises UsageError for what stands everywhere, or nowhere."""
    phrase = " ".join(text.split())
    if len(text) > LONGEST:
        raise UsageError(
            f"The text has {len(text):,} characters; {LONGEST:,} are looked for at most.",
            "Name a telling piece of it, or its turn: memchat forget s17.4",
        )
    if not phrase:
        raise UsageError("The text to forget is empty.", "Like this: memchat forget --match John")
    if not any(character.isalnum() or unicodedata.category(character)[0] == "S" for character in phrase):
        raise UsageError(f"{shorten(phrase)!r} holds no letter and no digit.", "Like this: memchat forget --match John")
    if len(phrase) == 1 and phrase.isascii():
        raise UsageError(f"One letter, {phrase}, stands nearly everywhere.", "Name a word.")
    return phrase


def _left(ref: str) -> str:
    """What is to stay, as its id is written. Raises UsageError."""
    number, place = memory_number(ref), session_place(ref)
    if number is not None:
        return f"m{number}"
    if place is None:
        raise UsageError(f"{shorten(ref)!r} is no id that could be left out.", "Ids look like s14.3, s8 and m9.")
    return f"s{place[0]}" if place[1] is None else turn_ref(place[0], place[1])


def _chains(
    store: Store,
    numbers: Sequence[int],
    others: dict[int, tuple[Memory, ...]] | None = None,
    left: frozenset[str] = frozenset(),
) -> dict[int, tuple[Memory, ...]]:
    """Memories with all their versions, by the number of the first; those of `others`, and what is `left`, aside."""
    found: dict[int, tuple[Memory, ...]] = {}
    for number in numbers:
        versions = tuple(store.erasure.versions(number))
        if versions[0].id not in (others or {}) and not left & {memory.ref for memory in versions}:
            found.setdefault(versions[0].id, versions)
    return found


def _rows(store: Store, wanted: Wanted, named: _Named, left: frozenset[str]) -> _Rows:
    """Turns and conversations that go whole, each once, but for those that are left. Raises UsageError."""
    whole, turns = {*named.sessions}, {*named.turns}
    if wanted.before is not None:
        old, older = store.erasure.aged(wanted.before)
        whole, turns = whole.union(old), turns.union(older)
    if wanted.keep_transcript and (whole or turns):
        raise UsageError("--keep-transcript keeps the words of conversations, which are to go whole.", "Take one.")
    whole = {number for number in whole if f"s{number}" not in left}
    turns = {turn for turn in turns if turn[0] not in whole and not _stays(turn, left)}
    for number in sorted(whole):
        if any(ref.startswith(f"s{number}.") for ref in left):
            raise UsageError(f"s{number} is to go whole; no turn of it can be left out.", f"Leave all of it: s{number}")
    return _Rows(tuple(sorted(turns)), tuple(sorted(whole)))


def _stays(turn: tuple[int, int], left: frozenset[str]) -> bool:
    """Whether the turn, or its conversation, is left as it is."""
    return f"s{turn[0]}" in left or turn_ref(*turn) in left


def _only_there(store: Store, wanted: Wanted, rows: _Rows) -> list[int]:
    """Memories of which every source, and every version's, stands in what goes whole; by age alone none goes."""
    if wanted.before is not None or not (rows.sessions or rows.turns):
        return []
    gone, turns = set(rows.sessions), set(rows.turns)

    def there(memory: Memory) -> bool:
        told = [(source.session_id, source.turn) for source in memory.sources]
        return bool(told) and all(session in gone or (session, turn) in turns for session, turn in told)

    chosen = [memory.id for memory in store.memories.all() if there(memory)]
    return [number for number in chosen if all(there(version) for version in store.erasure.versions(number))]


def _with_spots(rows: _Rows, trails: Trails, near: dict[int, tuple[Memory, ...]], left: frozenset[str]) -> _Rows:
    """With `--turns`: the turns that hold the words, and those that told the memories."""
    told = [(one.session_id, one.turn) for chain in near.values() for memory in chain for one in memory.sources]
    spots = {(spot.session_id, spot.turn) for spot in trails.spots}
    spots |= {(session, turn) for session, turn in told if session is not None and turn is not None}
    told_whole = {turn for turn in spots if turn[0] not in rows.sessions and not _stays(turn, left)}
    return _Rows(tuple(sorted(told_whole.union(rows.turns))), rows.sessions)


def _since(store: Store, memories: Sequence[Memory], trails: Trails, rows: _Rows) -> datetime | None:
    """When the first of it was said or learned; a conversation counts from its beginning."""
    talks = {spot.session_id for spot in trails.spots} | set(rows.sessions) | {session for session, _ in rows.turns}
    talks |= {source.session_id for memory in memories for source in memory.sources if source.session_id}
    moments = [memory.created_at for memory in memories]
    moments += [store.transcripts.session(number).created_at for number in talks | set(trails.titles)]
    return min(moments, default=None)


def _everything(store: Store) -> Scope:
    """All there is."""
    chains = tuple((memory,) for memory in store.memories.all())
    first = [memory.created_at for (memory,) in chains]
    first += [session.created_at for session in store.transcripts.sessions(kinds=tuple(SessionKind))]
    trails = Trails(stamp=store.erasure.stamp())
    return Scope(chains, Erasing(everything=True), trails, since=min(first, default=None))

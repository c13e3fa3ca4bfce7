"""Taking back: the newest turns with what they taught, or one memory; and bringing back what was taken back last."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from memchat.chat.active_path import ActivePath, changed
from memchat.domain import Memory, MemoryStatus
from memchat.errors import MemchatError, NotFoundError, UsageError
from memchat.ports import Store

_STANDING = (MemoryStatus.ACTIVE, MemoryStatus.PENDING, MemoryStatus.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, oldest first: texts of user messages, and memories as they stood before.

    `again` is what one of those had replaced, and what holds or waits again now.
    """

    texts: tuple[str, ...]
    memories: tuple[Memory, ...]
    again: tuple[Memory, ...]


@dataclass(frozen=True, slots=True)
class Redone:
    """What was brought back, oldest first: texts of user messages, and memories as they stand now.

    `replaced` is what one of those has replaced again.
    """

    texts: tuple[str, ...]
    memories: tuple[Memory, ...]
    replaced: tuple[Memory, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """From which leaf to which the active path was cut back, and the session's title before and after."""

    session_id: int
    leaf: int | None
    left: int | None
    title: str
    left_title: str


@dataclass(frozen=True, slots=True)
class _Taken:
    """One undo, as much of it as is needed to bring all back.

    `memories` are ids in the order of withdrawing, each with those that it had replaced; `standing` is how all of them
    stood afterwards, in the erasure epoch `epoch`.
    """

    epoch: int
    texts: tuple[str, ...]
    memories: tuple[tuple[int, tuple[int, ...]], ...]
    standing: object
    way: _Way | None = None


class Undoing:
    """Undo and redo of one conversation, each one transaction."""

    def __init__(self, store: Store, path: ActivePath) -> None:
        self._store = store
        self._path = path
        self._taken: list[_Taken] = []  # newest last

    def settle(self) -> None:
        """Something else has come: what was taken back stays so."""
        self._taken.clear()

    def turns(self, count: int, now: datetime) -> Undone:
        """Take back the newest `count` turns and what they taught.

        Raises UsageError (no number of turns), NotFoundError (there are not so many), and SessionBusyError when the
        conversation was changed elsewhere; then nothing has changed.
        """
        if count < 1:
            raise UsageError("Nothing was taken back: that is no number of turns.", "Like this: /undo 2")
        transcripts = self._store.transcripts
        with self._store.transaction():
            self._path.newest("There is nothing to undo.")
            turns = self._path.working.turns[-count:]
            if len(turns) < count:
                raise _too_few(len(turns))
            session = transcripts.session(turns[0].session_id)
            taught = [m for turn in turns for m in self._store.memories.taught_by(session.id, turn.number)]
            transcripts.set_leaf(session.id, turns[0].user.parent)
            left = transcripts.session(session.id)
            if left.mark is None:  # the title may be made of withdrawn words; one given by hand stays
                transcripts.entitle(session.id, self._path.title(session.id))
            left_title = transcripts.session(session.id).title
            way = _Way(session.id, session.leaf, left.leaf, session.title, left_title)
            undone, taken = self._withdraw(tuple(turn.user.text for turn in turns), taught, now, way)
        self._taken.append(taken)
        self._path.refresh()
        return undone

    def memory(self, memory_id: int, now: datetime) -> Undone:
        """Take back one memory alone. Raises NotFoundError (no such memory), UsageError (taken back already)."""
        with self._store.transaction():
            memory = self._store.memories.get(memory_id)
            if memory.withdrawn_at is not None:
                raise UsageError(f"{memory.ref} was taken back already.", "/redo brings back what the last /undo took.")
            undone, taken = self._withdraw((), [memory], now)
        self._taken.append(taken)
        return undone

    def redo(self, now: datetime) -> Redone:
        """Bring back what the newest undo took that was not brought back yet.

        Raises NotFoundError when there is nothing, SessionBusyError or MemchatError when anything was said, learned or
        erased since that it would clash with; then nothing has changed.
        """
        if not self._taken:
            raise NotFoundError(
                "There is nothing to bring back.", "/redo brings back what the last /undo took, until the next message."
            )
        taken, transcripts = self._taken[-1], self._store.transcripts
        with self._store.transaction():
            self._check(taken)
            for memory_id, replaced in reversed(taken.memories):
                self._store.memories.restore(memory_id, now, replaced)
            if taken.way is not None:
                transcripts.set_leaf(taken.way.session_id, taken.way.leaf)
                if transcripts.session(taken.way.session_id).title == taken.way.left_title:
                    transcripts.entitle(taken.way.session_id, taken.way.title)
            redone = self._redone(taken)
        self._taken.pop()
        self._path.refresh()
        return redone

    def _check(self, taken: _Taken) -> None:
        """Raises when it cannot be as it was before that undo."""
        if self._store.erasure.epoch() != taken.epoch:
            raise MemchatError(
                "Something was erased since the /undo, so nothing was brought back.", "Say it anew, if it still holds."
            )
        way = taken.way
        if way is not None and self._store.transcripts.session(way.session_id).leaf != way.left:
            raise changed(f"s{way.session_id}")
        if self._standing(_touched(taken.memories)) != taken.standing:
            raise MemchatError(
                "Memory has changed since the /undo, so nothing was brought back.", "/memory shows it as it is now."
            )

    def _withdraw(
        self, texts: tuple[str, ...], memories: Collection[Memory], now: datetime, way: _Way | None = None
    ) -> tuple[Undone, _Taken]:
        """Withdraw them, the newest first: what replaced another goes before it."""
        held = self._store.memories
        newest_first = sorted((memory.id for memory in memories), reverse=True)
        order = tuple((number, tuple(held.withdraw(number, now))) for number in newest_first)
        touched = _touched(order)
        others = [held.get(number) for number in sorted(touched - set(newest_first))]
        again = tuple(memory for memory in others if memory.status(now) in _STANDING)
        undone = Undone(texts, tuple(sorted(memories, key=lambda memory: memory.id)), again)
        return undone, _Taken(self._store.erasure.epoch(), texts, order, self._standing(touched), way)

    def _redone(self, taken: _Taken) -> Redone:
        held, ids = self._store.memories, {number for number, _ in taken.memories}
        others = [held.get(number) for number in sorted(_touched(taken.memories) - ids)]
        replaced = tuple(memory for memory in others if memory.superseded_by in ids)
        return Redone(taken.texts, tuple(held.get(number) for number in sorted(ids)), replaced)

    def _standing(self, ids: Iterable[int]) -> object:
        """How these memories stand, and what holds in the fields they belong to: values that can be compared."""
        memories = [self._store.memories.get(number) for number in sorted(ids)]
        fields = sorted({memory.field for memory in memories if memory.field})
        holding = [
            value.id
            for field in fields
            for value in self._store.memories.history(field)
            if value.stored_status is MemoryStatus.ACTIVE and value.withdrawn_at is None and value.superseded_by is None
        ]
        return [(m.id, m.stored_status, m.withdrawn_at is None, m.superseded_by) for m in memories], holding


def _touched(order: Iterable[tuple[int, tuple[int, ...]]]) -> set[int]:
    """Every memory that an undo changed."""
    return {number for memory_id, replaced in order for number in (memory_id, *replaced)}


def _too_few(count: int) -> NotFoundError:
    turns = "1 turn" if count == 1 else f"{count} turns"
    return NotFoundError(f"This conversation has only {turns}, so nothing was taken back.", f"All of it: /undo {count}")

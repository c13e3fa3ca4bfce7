"""What can be done with the chosen row: reword, pin, accept, reject, never; each by the action that commands use."""

from collections.abc import Sequence

from memchat.actions import memories, profile, sessions
from memchat.cli import receipts, render, review, session_view
from memchat.cli.browse.view import Desk, Row
from memchat.cli.layout import MARGIN
from memchat.cli.terminal import Screen, clean
from memchat.domain import Learned, MemoryStatus
from memchat.errors import NotFoundError, UsageError

_NO_MEMORY = "This is no memory that could be {}."


def _is_talk(row: Row) -> bool:
    """Whether the row is a conversation, or a turn of one."""
    return row.ref.startswith("s") and row.memory is None and not row.field


def wording(desk: Desk, row: Row) -> str:
    """The words that are edited in place: a memory's, or a conversation's title. Raises UsageError, NotFoundError."""
    _must_exist(desk)
    if row.memory is not None:
        words = memories.get(desk.store, desk.fields, row.ref, desk.now()).text
    elif row.field:
        words = ""
    elif _is_talk(row):
        words = sessions.get(desk.store, row.ref).title
    else:
        raise UsageError(_NO_MEMORY.format("reworded"), "What was forgotten is gone.")
    return " ".join(clean(words).split("\n"))


def reword(desk: Desk, screen: Screen, row: Row, words: str) -> list[str]:
    """Keep the new words: a new version, the first value of a field, a title. Raises what the actions raise."""
    now, masks = desk.app.clock.now(), desk.masks
    if _is_talk(row):
        return session_view.renamed(screen, sessions.rename(desk.store, row.ref, words, mask_secrets=masks))
    if row.memory is None:
        done = [profile.add_value(desk.store, desk.fields, row.field, words, now, mask_secrets=masks)]
    else:
        done = [memories.edit(desk.store, desk.fields, row.ref, words, now, mask_secrets=masks)]
    masked = [MARGIN + receipts.MASKED] if receipts.masks_more(done, [words]) else []
    return [*_told(desk, screen, done), *masked]


def pin(desk: Desk, screen: Screen, row: Row) -> list[str]:
    """Pin it, or let it go. Raises UsageError."""
    _must_exist(desk)
    if row.memory is None:
        raise UsageError(_NO_MEMORY.format("pinned"), "Choose a memory.")
    held = memories.get(desk.store, desk.fields, row.ref, desk.now())
    done = memories.pin(desk.store, desk.fields, [row.ref], desk.app.clock.now(), pinned=not held.pinned)
    return render.pinned(screen, done)


def decide(desk: Desk, screen: Screen, row: Row, word: str) -> list[str]:
    """`accept`, `reject` or `never` to what waits. Raises UsageError."""
    if row.memory is None or row.memory.status(desk.now()) not in (MemoryStatus.PENDING, MemoryStatus.QUARANTINED):
        raise UsageError("Nothing is to be decided about this.", "What waits stands in the inbox: press 3.")
    (done,) = review.decide(desk.store, desk.fields, [row.ref], word, desk.app.clock.now())
    return _told(desk, screen, [done]) if isinstance(done, Learned) else review.rejected(screen, done)


def forgettable(desk: Desk, row: Row) -> str:
    """What forgetting is asked for: `m12`, `s17`, `s17.4`. Raises UsageError, NotFoundError."""
    _must_exist(desk)
    if not row.ref:
        raise UsageError("There is nothing here to forget.", "Choose a memory or a conversation.")
    return row.ref


def _must_exist(desk: Desk) -> None:
    """Raises NotFoundError where there is no database: what is written beside none would be lost."""
    if not desk.app.paths.db.exists():
        raise NotFoundError("There is no memory yet.", "It begins with the first chat: memchat")


def _told(desk: Desk, screen: Screen, done: Sequence[Learned]) -> list[str]:
    return receipts.all_learned(screen, done, desk.now())

"""Page by page: what stands on which shelf, what happened when, and what begins as somebody types."""

from datetime import timedelta

import pytest
from memchat.domain import Happened, MemoryStatus, NewMemory, Origin, SessionKind, Shelf, Source
from memchat.ports import Store

from tests.builders import add_note, add_turn
from tests.conftest import NOW

CHAT = (SessionKind.CHAT,)
SOON = NOW + timedelta(days=1)


def keep(store: Store, text: str, status: MemoryStatus = MemoryStatus.ACTIVE, days: int = 0, field: str = "") -> int:
    """A memory that was kept some days after NOW."""
    at = NOW + timedelta(days=days)
    return store.memories.add(NewMemory(text, Source(Origin.HAND, at), status=status, field=field), at).id


def test_sessions_are_counted_and_paged_by_kind(store: Store) -> None:
    """Those that hold a turn, newest activity first."""
    for minute in range(5):
        add_turn(store, at=NOW + timedelta(minutes=minute))
    add_turn(store, kind=SessionKind.ONESHOT)
    store.transcripts.create_session(SessionKind.CHAT, at=NOW, model="notebook", host="", learn=True)
    assert store.pages.count_sessions(CHAT) == 5
    assert store.pages.count_sessions(tuple(SessionKind)) == 6
    assert [one.id for one in store.transcripts.sessions(limit=2, skip=1)] == [4, 3]
    assert store.transcripts.sessions(limit=2, skip=5) == []


def test_turns_are_read_from_one_to_another(store: Store) -> None:
    """Both included; without bounds all of them."""
    for _ in range(6):
        add_turn(store, session_id=1 if store.transcripts.sessions() else None)
    assert [turn.number for turn in store.transcripts.turns(1, first=2, last=4)] == [2, 3, 4]
    assert [turn.number for turn in store.transcripts.turns(1, first=5)] == [5, 6]
    assert len(store.transcripts.turns(1)) == 6


def test_each_shelf_holds_its_memories(store: Store) -> None:
    """Notes that hold, newest first; of whatever status; what waits, oldest first. The profile is on none but that."""
    keep(store, "Taipei", field="location")
    first, second, third = keep(store, "one"), keep(store, "two"), keep(store, "three")
    waits, held_back = keep(store, "four", MemoryStatus.PENDING), keep(store, "five", MemoryStatus.QUARANTINED)
    store.memories.supersede(first, second, NOW)
    gone = keep(store, "six", MemoryStatus.PENDING)
    store.memories.withdraw(gone, NOW)
    ended = keep(store, "seven")
    store.memories.end(ended, NOW)
    pages = store.pages
    shelves = {shelf: [one.id for one in pages.memories(shelf, SOON, skip=0, limit=50)] for shelf in Shelf}
    assert shelves == {
        Shelf.NOTES: [third, second],
        Shelf.ALL_NOTES: [ended, gone, held_back, waits, third, second, first],
        Shelf.WAITING: [waits, held_back],
    }
    assert {shelf: pages.count_memories(shelf, SOON) for shelf in Shelf} == {
        shelf: len(found) for shelf, found in shelves.items()
    }
    assert [one.id for one in pages.memories(Shelf.ALL_NOTES, SOON, skip=2, limit=2)] == [held_back, waits]
    assert pages.memories(Shelf.NOTES, SOON, skip=0, limit=1)[0].sources[0].origin is Origin.HAND


def test_memories_are_found_by_any_part_of_them(store: Store) -> None:
    """Whatever status, newest first; case, width, accents and the two Chinese scripts make no difference."""
    for text in ("Café in Porto", "花生過敏", "likes cafés"):
        add_note(store, text)
    add_note(store, "Lisbon", field="location")
    pages = store.pages
    assert [one.text for one in pages.holding("ＣＡＦE", 10)] == ["likes cafés", "Café in Porto"]
    assert [one.text for one in pages.holding("caf", 1)] == ["likes cafés"]
    assert [one.text for one in pages.holding("花生过", 10)] == ["花生過敏"]
    assert [one.text for one in pages.holding("locat", 10)] == ["Lisbon"]
    assert pages.holding("  ", 10) == []


def test_what_happened_is_told_newest_first(store: Store) -> None:
    """Learned, waiting, replaced, ended, taken back, forgotten, refused; what is yet to end is not."""
    old = keep(store, "Python")
    new = keep(store, "Go", days=1)
    store.memories.supersede(old, new, NOW + timedelta(days=1))
    brief = keep(store, "in Lisbon", days=2)
    store.memories.end(brief, NOW + timedelta(days=3))
    waits = keep(store, "treats children", MemoryStatus.PENDING, days=4)
    back = keep(store, "wrong", days=5)
    store.memories.withdraw(back, NOW + timedelta(days=6))
    store.tombstones.add("", ["a", "b"], NOW + timedelta(days=7))
    store.tombstones.add("location", ["c"], NOW + timedelta(days=8), never=True)
    later = keep(store, "until later", days=9)
    store.memories.end(later, NOW + timedelta(days=90))
    now = NOW + timedelta(days=10)
    found = store.pages.events(now, skip=0, limit=50)
    assert [(one.what, one.memory.id if one.memory else None) for one in found] == [
        (Happened.LEARNED, later),
        (Happened.REFUSED, None),
        (Happened.FORGOTTEN, None),
        (Happened.TAKEN_BACK, back),
        (Happened.LEARNED, back),
        (Happened.WAITS, waits),
        (Happened.ENDED, brief),
        (Happened.LEARNED, brief),
        (Happened.LEARNED, new),
        (Happened.SUPERSEDED, old),
        (Happened.LEARNED, old),
    ]
    assert [(one.field, one.words) for one in found[1:3]] == [("location", 1), ("", 2)]
    assert store.pages.count_events(now) == len(found)
    assert store.pages.events(now, skip=1, limit=2) == found[1:3]


@pytest.mark.parametrize(
    ("words", "refs"),
    [
        (["lightho"], ["s3.1", "s1.1"]),
        (["keeper", "ligh"], ["s1.1"]),
        (["LIGHTHO"], ["s3.1", "s1.1"]),
        (["li"], []),
        (["keeper", "l"], []),
        (["花"], ["s2.1"]),
        (["花生過"], ["s2.1"]),
        (["don't"], ["s4.1"]),
        (["'"], []),
        ([], []),
        (["zebra"], []),
        (["'", "lightho"], ["s3.1", "s1.1"]),
    ],
)
def test_what_begins_so_is_found_newest_first(store: Store, words: list[str], refs: list[str]) -> None:
    """All of the words, the last as a beginning; too short a one finds nothing, and nothing breaks the query."""
    add_turn(store, "The lighthouse keeper is old.", "Hm.")
    add_turn(store, "我對花生過敏。", "好。")
    add_turn(store, "No.", "The lighthouse is white.")
    add_turn(store, "I don't know.", "Hm.")
    found = store.pages.beginning(words, 10)
    assert [one.ref for one in found] == refs
    if refs == ["s3.1", "s1.1"]:
        assert [one.speaker for one in found] == ["assistant", "user"]

"""Sums over the books: calls by the quarter hour, conversations as if all were resent, what became of memories."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from memchat.domain import (
    Change,
    Changed,
    ModelCall,
    Origin,
    Part,
    PartKind,
    Resent,
    Role,
    SessionKind,
    Source,
    Spent,
    Usage,
)
from memchat.ports import Store
from memchat.store.connection import SqliteStore

from tests.builders import add_note, add_turn, spoken
from tests.conftest import NOW
from tests.store.conftest import behind

QUARTER = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # NOW is 01:14
CALL = ModelCall("chat", "far", "far.example", Usage(10, 5, 8, 0.25), NOW, memory_tokens=3)


def book(store: Store, *calls: ModelCall) -> None:
    """Write them down."""
    for call in calls:
        store.usages.record_call(call)


def test_calls_are_summed_by_the_quarter_hour_purpose_and_model(store: Store) -> None:
    """In UTC; those without a cost apart, so that no sum takes them for free."""
    unpriced = replace(CALL, usage=Usage(10, 5, 8))
    book(store, CALL, CALL, unpriced, replace(CALL, purpose="without"), replace(CALL, model="near", host=""))
    book(store, replace(CALL, at=NOW + timedelta(minutes=1)), replace(CALL, at=NOW - timedelta(minutes=15)))
    double = Usage(20, 10, 16, 0.5)
    assert store.usages.spent() == [
        Spent(QUARTER - timedelta(minutes=15), "chat", "far", "far.example", 1, CALL.usage, 3),
        Spent(QUARTER, "chat", "far", "far.example", 2, double, 6),
        Spent(QUARTER, "chat", "far", "far.example", 1, unpriced.usage, 3),
        Spent(QUARTER, "chat", "near", "", 1, CALL.usage, 3),
        Spent(QUARTER, "without", "far", "far.example", 1, CALL.usage, 3),
        Spent(QUARTER + timedelta(minutes=15), "chat", "far", "far.example", 1, CALL.usage, 3),
    ]


def test_one_conversation_can_be_summed_alone(store: Store) -> None:
    """With what was learned from it."""
    turn = add_turn(store)
    book(store, CALL, replace(CALL, session_id=turn.session_id, turn=1))
    book(store, replace(CALL, purpose="consolidation", session_id=turn.session_id))
    assert [(one.purpose, one.calls) for one in store.usages.spent(turn.session_id)] == [
        ("chat", 1),
        ("consolidation", 1),
    ]
    assert store.usages.spent(99) == []


def test_nothing_was_spent_in_an_empty_database(store: Store) -> None:
    """Nor resent, nor changed."""
    assert (store.usages.spent(), store.usages.resent(), store.usages.changed()) == ([], [], [])
    assert store.usages.sample(1, 100) == []


def test_a_moment_that_cannot_be_read_is_left_out(memory: SqliteStore) -> None:
    """Somebody may have written into the file by other means."""
    book(memory, CALL)
    add_note(memory, "likes tea")
    behind(memory).rows("UPDATE model_calls SET at = 'yesterday'")
    behind(memory).rows("UPDATE memories SET created_at = 'yesterday'")
    assert (memory.usages.spent(), memory.usages.changed()) == ([], [])


def asked(store: Store, session_id: int, turn: int, tokens: int, **more: str) -> None:
    """Book a call for a turn."""
    usage = Usage(tokens)
    book(store, replace(CALL, usage=usage, session_id=session_id, turn=turn, **more))  # type: ignore[arg-type]  # - any field of a call


def test_resending_everything_is_all_words_before_a_turn_and_its_question(store: Store) -> None:
    """Of three turns of 3 + 4 characters: 3, then 7 + 3, then 14 + 3; the tokens of all calls for them beside it."""
    turn = add_turn(store, "abc", "defg")
    for _ in range(2):
        add_turn(store, "abc", "defg", session_id=turn.session_id)
    for number in (1, 2, 3):
        asked(store, turn.session_id, number, 100)
    asked(store, turn.session_id, 3, 50)
    assert store.usages.resent() == [Resent(turn.session_id, 3, 350, 3 + 10 + 17)]


def test_only_turns_that_stand_and_were_answered_elsewhere_are_compared(store: Store) -> None:
    """Not one-shots, what was taken back, the notebook's turns, calls for memory or trials, tools, barred words."""
    turn = add_turn(store, "abc", "defg")
    second = add_turn(store, "abc", "defg", session_id=turn.session_id)
    third = add_turn(store, "abc", "defg", session_id=turn.session_id)
    store.transcripts.set_leaf(turn.session_id, second.messages[-1].id)
    tool = (Part(PartKind.TOOL_RESULT, Origin.TOOL, "x" * 100), replace(spoken("y" * 50)[0], barred=True))
    store.transcripts.add_message(
        turn.session_id, 2, Role.TOOL, tool, parent=second.messages[-1].id, at=NOW, model="far"
    )
    shot, local = add_turn(store, kind=SessionKind.ONESHOT), add_turn(store)
    for of in (turn, second, third, shot):
        asked(store, of.session_id, of.number, 100)
    asked(store, local.session_id, 1, 100, host="")
    asked(store, turn.session_id, 2, 1_000, purpose="without")
    asked(store, turn.session_id, 2, 1_000, purpose="consolidation")
    assert store.usages.resent() == [Resent(turn.session_id, 2, 200, 3 + 10)]


def test_a_sample_comes_from_all_over_the_conversation_and_is_the_same_each_time(store: Store) -> None:
    """All of a short one; of a long one pieces of at most 400 characters."""
    turn = add_turn(store, "abc", "defg")
    assert sorted(store.usages.sample(1, 20_000)) == ["abc", "defg"]
    for number in range(40):
        add_turn(store, f"{number} " + "x" * 1_000, "Yes.", session_id=turn.session_id)
    sample = store.usages.sample(1, 4_000)
    assert sample == store.usages.sample(1, 4_000)
    assert max(len(piece) for piece in sample) == 400
    assert sum(map(len, sample)) <= 4_000
    numbers = [int(piece.split()[0]) for piece in sample if piece[0].isdigit()]
    assert min(numbers) < 20 <= max(numbers)


def test_what_became_of_memories_is_counted_when_it_happened(store: Store) -> None:
    """Learned and confirmed by their sources, superseded by the new one, forgotten by the stone that is left."""
    later = NOW + timedelta(days=1)
    memories = store.memories
    old, new = add_note(store, "likes tea"), add_note(store, "likes coffee", at=later)
    memories.supersede(old.id, new.id, NOW)  # it took effect before it was learned
    memories.add_source(new.id, Source(Origin.TYPED, later, "coffee"), later)
    store.erasure.erase_memory(add_note(store, "lives in Porto").id, later)
    store.tombstones.add("", frozenset({"cats"}), later, never=True)
    day = QUARTER + timedelta(days=1)
    assert store.usages.changed() == [
        Changed(Change.LEARNED, QUARTER, 1),
        Changed(Change.LEARNED, day, 1),
        Changed(Change.CONFIRMED, day, 1),
        Changed(Change.SUPERSEDED, day, 1),
        Changed(Change.FORGOTTEN, day, 1),
    ]


def test_accepting_is_no_confirmation_and_what_waits_is_not_learned(store: Store) -> None:
    """A memory that was accepted holds from then on; one that waits was never learned."""
    from memchat.domain import MemoryStatus, NewMemory

    said = Source(Origin.TYPED, NOW, "I treat children")
    waiting = store.memories.add(NewMemory("pediatrician", said, status=MemoryStatus.PENDING), NOW)
    assert store.usages.changed() == []
    later = NOW + timedelta(days=1)
    store.memories.accept(waiting.id, Source(Origin.HAND, later), later)
    assert store.usages.changed() == [Changed(Change.LEARNED, QUARTER, 1)]

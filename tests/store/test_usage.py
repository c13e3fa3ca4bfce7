"""The books, and the history of typing."""

from dataclasses import replace
from datetime import timedelta

from memchat.domain import Layer, ModelCall, Passage, Role, Usage, Zone
from memchat.ports import Store
from memchat.store.connection import SqliteStore

from tests.builders import add_note, add_turn, spoken, typed
from tests.conftest import NOW
from tests.store.conftest import behind


def passage(ref: str, layer: Layer = Layer.NOTE) -> Passage:
    """One thing that was shown."""
    return Passage(layer, Zone.TAIL, ref, "line", "text", 7, score=0.5)


def test_a_model_call_is_written_down(memory: SqliteStore) -> None:
    """Tokens, cost, and for which turn."""
    turn = add_turn(memory)
    usage = Usage(10, 5, 8, 0.25)
    memory.usages.record_call(ModelCall("chat", "openai/x", "api.openai.com", usage, NOW, turn.session_id, 1, 3))
    memory.usages.record_call(ModelCall("chat", "notebook", "", Usage(), NOW))
    rows = behind(memory).rows(
        "SELECT purpose, model, host, session_id, turn, prompt_tokens, completion_tokens, cached_tokens, memory_tokens,"
        " cost, at FROM model_calls"
    )
    assert rows == [
        ("chat", "openai/x", "api.openai.com", 1, 1, 10, 5, 8, 3, 0.25, "2026-11-22T01:14:00.000Z"),
        ("chat", "notebook", "", None, None, 0, 0, 0, 0, None, "2026-11-22T01:14:00.000Z"),
    ]


def test_what_a_turn_was_shown_is_written_down(memory: SqliteStore) -> None:
    """Memories, turns and sessions by their ids; passages without one, and what is erased by now, are not."""
    turn, note = add_turn(memory), add_note(memory, "allergic to peanuts")
    refs = [note.ref, "s1.1", "s1", "", "date", "m99", "s99.1"]
    memory.usages.record_shown(turn.session_id, 1, [passage(ref) for ref in refs], NOW)
    rows = behind(memory).rows("SELECT memory_id, of_session_id, of_turn, layer, zone, score, tokens FROM shown")
    how = ("note", "tail", 0.5, 7)
    assert rows == [(note.id, None, None, *how), (None, 1, 1, *how), (None, 1, None, *how)]


def test_the_turns_that_were_shown_a_memory_are_counted(store: Store) -> None:
    """Each once, however often it was asked; not what was taken back; the newest is named."""
    turns = [add_turn(store) for _ in range(3)]
    turns.append(add_turn(store, session_id=turns[1].session_id))
    note, other = add_note(store, "allergic to peanuts"), add_note(store, "likes tea")
    usages = store.usages
    assert usages.times_shown(note.id) == (0, "")
    for turn in (turns[2], turns[0], turns[0], turns[3], turns[1]):
        usages.record_shown(turn.session_id, turn.number, [passage(note.ref), passage("s1.1")], NOW)
    usages.record_shown(turns[2].session_id, 1, [passage(other.ref)], NOW)
    assert usages.times_shown(note.id) == (4, "s2.1")
    assert usages.times_shown(other.id) == (1, "s3.1")
    store.transcripts.set_leaf(turns[1].session_id, None)
    assert usages.times_shown(note.id) == (2, "s1.1")
    store.transcripts.set_leaf(turns[3].session_id, turns[3].messages[-1].id)
    assert usages.times_shown(note.id) == (4, "s2.1")
    store.transcripts.set_leaf(turns[3].session_id, turns[1].messages[-1].id)
    assert usages.times_shown(note.id) == (3, "s2.1")
    assert usages.times_shown(99) == (0, "")


def shown(store: Store, session_id: int, turn: int) -> list[str]:
    """What a turn was shown, head and tail."""
    return [f"{one.zone} {one.ref}" for one in store.usages.shown(session_id, turn)]


def test_a_turn_was_shown_the_head_of_its_time_and_its_own_tail(store: Store) -> None:
    """The head stands with the first turn that carries it, until the next; words are not kept with it."""
    notes = [add_note(store, text) for text in ("allergic to peanuts", "likes tea", "lives in Porto")]
    turn = add_turn(store)
    for _ in range(3):
        add_turn(store, session_id=turn.session_id)
    heads = [replace(passage(note.ref), zone=Zone.HEAD) for note in notes]
    record = store.usages.record_shown
    record(1, 1, [*heads[:2], passage("s1.1", Layer.EPISODE)], NOW)
    record(1, 2, [passage(notes[2].ref, Layer.CHANGE)], NOW)
    record(1, 3, [*heads[1:], passage("s1", Layer.SESSION)], NOW + timedelta(days=1))
    assert store.usages.shown(1, 1)[-1] == Passage(Layer.EPISODE, Zone.TAIL, "s1.1", "", "", 7, 0.5)
    assert shown(store, 1, 1) == ["head m1", "head m2", "tail s1.1"]
    assert shown(store, 1, 2) == ["head m1", "head m2", "tail m3"]
    assert shown(store, 1, 3) == ["head m2", "head m3", "tail s1"]
    assert shown(store, 1, 4) == ["head m2", "head m3"]
    assert shown(store, 9, 1) == []


def test_of_a_turn_asked_again_the_reply_that_stands_tells(store: Store) -> None:
    """What an earlier try was shown is not mixed in, nor what one that brought nothing was."""
    notes = [add_note(store, text) for text in ("allergic to peanuts", "likes tea", "lives in Porto")]
    transcripts, record = store.transcripts, store.usages.record_shown
    turn = add_turn(store)
    later = [NOW + timedelta(minutes=number) for number in range(5)]
    record(1, 1, [replace(passage(notes[0].ref), zone=Zone.HEAD), passage(notes[0].ref)], later[1])
    transcripts.set_leaf(1, turn.user.id)
    record(1, 1, [passage(notes[1].ref)], later[3])
    assert shown(store, 1, 1) == ["head m1", "tail m2"]
    transcripts.add_message(1, 1, Role.ASSISTANT, spoken("Again."), parent=turn.user.id, at=later[2])
    assert shown(store, 1, 1) == ["head m1", "tail m2"]
    record(1, 1, [passage(notes[2].ref)], later[4])
    assert shown(store, 1, 1) == ["head m1", "tail m2"]


def test_the_calls_of_a_turn_are_found_again(store: Store) -> None:
    """In their order, whole; those of other turns are not among them."""
    turn = add_turn(store)
    add_turn(store, session_id=turn.session_id)
    calls = [
        ModelCall("chat", "m", "a.example", Usage(10 * number, 5, 8, 0.25), NOW, 1, 1 + number // 3, 3)
        for number in range(1, 4)
    ]
    for call in calls:
        store.usages.record_call(call)
    assert store.usages.calls(1, 1) == calls[:2]
    assert store.usages.calls(1, 2) == calls[2:]
    assert store.usages.calls(1, 3) == []


def test_what_was_not_taken_is_counted_by_reason(memory: SqliteStore) -> None:
    """The most frequent first, equals by their names; the newest day stays."""
    later = NOW + timedelta(days=1)
    memory.usages.record_ignored({"a question": 2, "a secret": 1, "malformed": 0}, later)
    memory.usages.record_ignored({"hearsay": 4, "a question": 1}, NOW)
    memory.usages.record_ignored({"a joke": 3}, NOW)
    memory.usages.record_ignored({}, NOW)
    assert list(memory.usages.ignored().items()) == [("hearsay", 4), ("a joke", 3), ("a question", 3), ("a secret", 1)]
    days = behind(memory).rows("SELECT last_at FROM ignored WHERE why IN ('a question', 'hearsay') ORDER BY why")
    assert days == [("2026-11-23T01:14:00.000Z",), ("2026-11-22T01:14:00.000Z",)]


def test_every_host_that_words_went_to_is_known(store: Store) -> None:
    """By its calls, by a message on its way, by a session's model; also what is withdrawn. Not what was before."""
    hours = [NOW + timedelta(hours=number) for number in range(5)]
    turn = add_turn(store, at=hours[0])
    transcripts, leaf = store.transcripts, turn.messages[-1].id
    for host, at in (("a.example", hours[0]), ("a.example", hours[2]), ("a.example", hours[3]), ("", hours[3])):
        store.usages.record_call(ModelCall("chat", "m", host, Usage(), at, turn.session_id, 1))
    transcripts.add_message(
        turn.session_id, 2, Role.USER, typed("Hm."), parent=leaf, at=hours[1], host="b.example", learn=True
    )
    transcripts.set_leaf(turn.session_id, leaf)
    transcripts.set_model(add_turn(store, at=hours[4]).session_id, "m", "c.example")
    assert store.usages.hosts_since(hours[1]) == [
        ("b.example", hours[1], hours[1]),
        ("a.example", hours[2], hours[3]),
        ("c.example", hours[4], hours[4]),
    ]
    assert [host for host, _, _ in store.usages.hosts_since(hours[4])] == ["c.example"]


def test_typed_lines_come_back_newest_first(store: Store) -> None:
    """A repetition of the newest is not kept twice; one of an older line is."""
    for text in ("one", "two", "two", "one"):
        store.typed.add(text, NOW)
    assert store.typed.newest(10) == ["one", "two", "one"]
    assert store.typed.newest(2) == ["one", "two"]
    assert store.typed.newest(0) == []

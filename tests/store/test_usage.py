"""The books, and the history of typing."""

from datetime import timedelta

from memchat.domain import Layer, ModelCall, Passage, Role, Usage, Zone
from memchat.ports import Store
from memchat.store.connection import SqliteStore

from tests.builders import add_note, add_turn, typed
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

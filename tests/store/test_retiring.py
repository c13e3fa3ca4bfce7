"""Words that are too old are erased for good; what was learned from them stays."""

from datetime import timedelta

import pytest
from memchat.domain import NewMemory, Origin, Source
from memchat.store import retiring
from memchat.store.connection import SqliteStore

from tests.builders import add_turn, found
from tests.conftest import NOW
from tests.store.conftest import HERE, Opener, behind, files_with, sound, vocabulary

LIMIT = NOW - timedelta(days=30)
OLD = NOW - timedelta(days=40)


def old_and_new(store: SqliteStore) -> tuple[int, int]:
    """A conversation of forty days ago, and one that began then and goes on; their numbers."""
    gone = add_turn(store, "the walnut secret", "the hazel answer", at=OLD)
    lasting = add_turn(store, "the almond question", "yes", at=OLD)
    add_turn(store, "the cashew question", "no", session_id=lasting.session_id, at=NOW)
    store.typed.add("the walnut secret", OLD)
    store.typed.add("the cashew question", NOW)
    store.transcripts.entitle(gone.session_id, "Walnuts")
    source = Source(
        Origin.TYPED, OLD, "the walnut secret", gone.session_id, 1, gone.user.id, gone.user.parts[0].id, (0, 17)
    )
    store.memories.add(NewMemory("likes walnuts", source), OLD)
    return gone.session_id, lasting.session_id


def test_old_words_go_and_memories_stay(filed: SqliteStore) -> None:
    """Turns from before the moment, conversations that are empty then, what was typed; every byte of it."""
    _, lasting = old_and_new(filed)
    epoch = filed.erasure.epoch()
    done = filed.records.retire(LIMIT, NOW)
    assert (done.conversations, done.messages) == (1, 4)
    assert [one.id for one in filed.transcripts.sessions()] == [lasting]
    assert [turn.user.text for turn in filed.transcripts.turns(lasting)] == ["the cashew question"]
    assert filed.transcripts.session(lasting).turns == 1
    (memory,) = filed.memories.all()
    (source,) = memory.sources
    assert (memory.text, source.quote, source.ref, source.span) == ("likes walnuts", "the walnut secret", "", None)
    assert filed.typed.newest(5) == ["the cashew question"]
    assert filed.erasure.epoch() == epoch + 1
    assert filed.index.health().sound
    assert found(filed, "cashew")
    assert not found(filed, "almond hazel")
    assert not any("hazel" in term for term in vocabulary(filed))
    path = filed.path
    filed.close()
    assert path is not None
    assert files_with(path.parent, "hazel answer") == []
    assert sound(path)


def test_what_was_erased_last_can_be_told(filed: SqliteStore) -> None:
    """Never, then what it was; and a pass that finds nothing leaves that as it is."""
    assert filed.records.retired() is None
    old_and_new(filed)
    assert filed.records.old(LIMIT) == 5
    done = filed.records.retire(LIMIT, NOW)
    assert filed.records.old(LIMIT) == 0
    assert filed.records.retired() == done
    later = filed.records.retire(LIMIT, NOW + timedelta(days=1))
    assert (later.conversations, later.messages) == (0, 0)
    assert filed.records.retired() == done


def test_a_conversation_that_is_open_is_left_alone(filed: SqliteStore) -> None:
    """Somebody reads in it; the next start finds it closed."""
    gone, _ = old_and_new(filed)
    filed.transcripts.claim(gone, HERE)
    assert filed.records.retire(LIMIT, NOW).conversations == 0
    assert filed.transcripts.turns(gone)
    filed.transcripts.release(gone, HERE)
    assert filed.records.retire(LIMIT, NOW).conversations == 1


def test_a_turn_that_was_asked_again_lately_stays_whole(memory: SqliteStore) -> None:
    """It is as old as its newest message."""
    turn = add_turn(memory, "an old question", at=OLD)
    memory.transcripts.set_leaf(turn.session_id, turn.user.id)
    parts = turn.messages[1].parts
    memory.transcripts.add_message(turn.session_id, 1, turn.messages[1].role, parts, parent=turn.user.id, at=NOW)
    assert memory.records.retire(LIMIT, NOW).messages == 0
    assert memory.transcripts.turns(turn.session_id)[0].user.text == "an old question"


def test_much_goes_out_of_the_index_at_once(memory: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left goes in again behind the talk."""
    monkeypatch.setattr(retiring, "AT_ONCE", 2)
    old_and_new(memory)
    assert memory.records.retire(LIMIT, NOW).messages == 4
    memory.index.resume()
    assert memory.index.health().sound
    assert found(memory, "cashew")
    assert not any("hazel" in term for term in vocabulary(memory))


def test_an_empty_conversation_and_bytes_nobody_names_go_too(memory: SqliteStore) -> None:
    """A title alone tells of old words as well."""
    session = memory.transcripts.create_session("chat", at=OLD, model="m", host="", learn=True)  # type: ignore[arg-type]  # - a word will do
    memory.transcripts.rename(session.id, "Walnuts")
    behind(memory).rows("INSERT INTO blobs VALUES ('abc', x'00')")
    assert memory.records.retire(LIMIT, NOW).conversations == 1
    assert behind(memory).number("SELECT count(*) FROM blobs") == 0
    assert memory.index.health().sound


def test_another_process_sees_it_at_its_next_look(opened: Opener) -> None:
    """The epoch has moved: what it holds is read anew."""
    store, other = opened(), opened()
    old_and_new(store)
    before = other.erasure.epoch()
    store.records.retire(LIMIT, NOW)
    assert other.erasure.epoch() > before


def test_what_was_shown_of_turns_that_are_gone_is_gone(memory: SqliteStore) -> None:
    """Of a conversation that goes on, too."""
    _, lasting = old_and_new(memory)
    database = behind(memory)
    for turn in (1, 2):
        database.rows(
            "INSERT INTO shown (uid, session_id, turn, memory_id, layer, zone, score, tokens, at, at_offset)"
            " SELECT uid, ?, ?, id, 'note', 'head', 1, 1, created_at, 0 FROM memories",
            *(lasting, turn),
        )
    memory.records.retire(LIMIT, NOW)
    assert database.column("SELECT turn FROM shown") == [2]

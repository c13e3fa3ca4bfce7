"""The index built anew: the same as before, whatever happened to it, and at whatever point it is stopped."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import IndexHealth, Message, Role, Search
from memchat.errors import IndexDamagedError
from memchat.ports import Store
from memchat.store import reindex
from memchat.store.connection import SqliteStore, open_store
from memchat.store.numbering import PIECE_BITS
from memchat.store.recall_schema import TEXT_TABLES

from tests.builders import add_note, add_turn, found, spoken, typed
from tests.conftest import NOW
from tests.store.conftest import Opener, begin, behind, sound, talk, vocabulary
from tests.store.test_vectors import DIM, embed, near, vector

SOUND = IndexHealth()


def held(store: SqliteStore) -> dict[str, object]:
    """All that the index knows, as far as it can be told: every word of every row, every row, every cut."""
    database = behind(store)
    found: dict[str, object] = {}
    for table in TEXT_TABLES:
        database.rows(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.i_{table} USING fts5vocab (main, {table}, instance)")
        found[table] = database.rows(f"SELECT term, doc FROM i_{table} ORDER BY 1, 2")  # noqa: S608 - the name is ours
        found[f"{table} rows"] = database.rows(f"SELECT id FROM {table}_docsize ORDER BY 1")  # noqa: S608 - the name is ours
    found["cuts"] = database.rows("SELECT id, indexed, cuts FROM messages ORDER BY 1")
    found["vectors"] = database.rows("SELECT message_id, signs FROM vectors ORDER BY 1")
    return found


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of three messages, so that a rebuild has many."""
    monkeypatch.setattr(reindex, "BATCH", 3)


def filled(store: SqliteStore) -> SqliteStore:
    """Conversations with titles, long messages, something taken back, notes and vectors."""
    turn = add_turn(store, "I grow walnuts in 臺北.", "\n\n".join("A row of trees grows. " * 30 for _ in range(3)))
    store.transcripts.rename(turn.session_id, "Trees")
    store.transcripts.summarise(turn.session_id, "", ["walnuts", "花生"])
    gone = add_turn(store, "This was taken back.", "Oh.", session_id=turn.session_id)
    store.transcripts.set_leaf(turn.session_id, gone.user.parent)
    talk(store, 4)
    add_note(store, "grows walnuts")
    embed(store)
    return store


@pytest.mark.usefixtures("small_batches")
def test_a_rebuilt_index_is_what_it_was(memory: SqliteStore) -> None:
    """Vectors stay: the pieces are the same. Progress is told batch by batch."""
    before = held(filled(memory))
    assert memory.index.health() == SOUND
    told: list[tuple[int, int]] = []
    memory.index.rebuild(lambda done, of: told.append((done, of)))
    assert held(memory) == before
    assert told == [(3, 10), (6, 10), (9, 10), (10, 10)]
    assert memory.index.health() == SOUND
    assert "I grow walnuts in 臺北." in near(memory, "walnuts")


class Stopped(Exception):  # noqa: N818 - no error: somebody pressed Ctrl-C
    """The rebuild is stopped from outside."""


def trouble_of(act: Callable[[], object]) -> list[IndexDamagedError]:
    """What is told when it cannot be done for the index's sake; nothing where it can. All else is raised."""
    try:
        act()
    except IndexDamagedError as error:
        return [error]
    return []


def retold(store: SqliteStore) -> None:
    """The first session leaves the index and comes back, as where something is erased."""
    with store._index.labels.forgetting(1):
        pass


def stop_after(batches: int) -> Callable[[int, int], None]:
    """Raises when so many batches are done."""
    left = [batches]

    def progress(_done: int, _of: int) -> None:
        left[0] -= 1
        if not left[0]:
            raise Stopped

    return progress


@pytest.mark.usefixtures("small_batches")
def test_a_stopped_rebuild_leaves_an_index_that_works(memory: SqliteStore) -> None:
    """The newest are found, the rest waits; what is said, taken back and erased meanwhile is right."""
    before = held(filled(memory))
    with pytest.raises(Stopped):
        memory.index.rebuild(stop_after(2))
    health = memory.index.health()
    assert (health.sound, health.waiting) == (True, 4)
    assert memory.index.candidates(Search(("4", "walnuts"))).frequency == {"4": 2, "walnuts": 0}
    assert found(memory, "message 4")[0].text == "Message 4 of s2."
    assert found(memory, "walnuts") != []  # by the title, which says so too
    late = add_turn(memory, "I grow almonds.", "Nice.", session_id=1)
    memory.transcripts.set_leaf(1, None)
    memory.transcripts.set_leaf(1, late.user.parent)
    memory.index.resume()
    memory.index.resume()
    after = held(memory)
    assert after["words_of_messages"] == before["words_of_messages"]
    assert memory.index.health() == SOUND
    assert memory.index.candidates(Search(("walnuts", "almonds"))).frequency == {"walnuts": 1, "almonds": 0}


@pytest.mark.usefixtures("small_batches")
def test_another_process_goes_on_where_the_first_was_killed(opened: Opener) -> None:
    """Both may even work at once: each batch looks where the other is."""
    here = filled(opened())
    before = held(here)
    with pytest.raises(Stopped):
        here.index.rebuild(stop_after(1))
    there = opened()
    with pytest.raises(Stopped):
        there.index.resume(stop_after(1))
    here.index.resume()
    there.index.resume()
    assert held(there) == before


@pytest.mark.parametrize(
    "harm",
    [
        "DROP TABLE words_of_messages",
        "DROP TABLE words_of_sessions",
        "DROP TABLE words_of_messages_data",
        "UPDATE words_of_messages_data SET block = zeroblob(length(block)) WHERE id > 10",
        "DELETE FROM words_of_messages_data WHERE id > 10",
    ],
)
def test_what_is_missing_or_damaged_is_told_and_mended(opened: Opener, path: Path, harm: str) -> None:
    """Two lines that name the way out, never a traceback; what was said is there, and saved without the index too."""
    store = filled(opened())
    before = held(store)
    store.close()
    raw = behind(opened())
    raw.rows(harm)
    raw.close()
    store = opened()
    health = store.index.health()
    assert not health.sound
    assert health.missing or health.damaged
    near_it = vector("I grow walnuts in 臺北.")
    known = [store.index.candidates(Search(words, near_it, "w")) for words in (("walnuts",), ("台北",))]
    assert all("I grow walnuts in 臺北." in {one.text for one in some.candidates} for some in known)
    errors = trouble_of(lambda: retold(store))
    assert {error.hint for error in errors} <= {"Build it anew: memchat doctor --reindex"}
    told = {message for message in (*(some.trouble for some in known), *(error.message for error in errors)) if message}
    assert len(told) == 1
    assert told.pop().endswith("has a search index that is missing or damaged; nothing that was said is lost.")
    turn = add_turn(store, "Said meanwhile.", "Noted.")
    store.index.rebuild()
    assert store.index.health() == SOUND
    assert found(store, "meanwhile")[0].text == "Said meanwhile."
    store.transcripts.set_leaf(turn.session_id, None)
    store.transcripts.rename(1, "Trees")
    assert held(store)["words_of_sessions"] == before["words_of_sessions"]
    assert held(store)["words_of_messages"] == before["words_of_messages"]
    store.close()
    assert sound(path)


@pytest.mark.parametrize("table", ["embedders", "vectors", "memory_vectors"])
def test_missing_vectors_leave_the_words(memory: SqliteStore, table: str) -> None:
    """Words answer, the trouble is told, and after the rebuild vectors are made anew."""
    filled(memory)
    near(memory, "walnuts")
    behind(memory).rows("PRAGMA foreign_keys = OFF")
    behind(memory).rows(f"DROP TABLE {table}")
    behind(memory).rows("PRAGMA foreign_keys = ON")
    found = memory.index.candidates(Search(("walnuts",), vector("walnuts"), "w"))
    assert "I grow walnuts in 臺北." in {one.text for one in found.candidates}
    assert "search index" in found.trouble or table == "memory_vectors"
    assert memory.index.health().missing == (table,)
    memory.index.rebuild()
    assert memory.index.health() == SOUND
    assert near(memory, "walnuts") == []
    assert embed(memory) == 11
    assert "I grow walnuts in 臺北." in near(memory, "walnuts")


def test_an_erasure_needs_an_index_that_can_forget(memory: SqliteStore) -> None:
    """All or nothing: words that stayed in a damaged index would not be erased."""
    turn = add_turn(memory, "allergic to peanuts", "Noted.")
    behind(memory).rows("DROP TABLE words_of_messages")
    with pytest.raises(IndexDamagedError):
        memory.transcripts.set_leaf(turn.session_id, None)
    assert [message.text for message in memory.transcripts.path(turn.session_id)] == ["allergic to peanuts", "Noted."]


def test_rows_that_are_out_of_step_are_counted_and_put_right(memory: SqliteStore) -> None:
    """A message too many, one too few, a session that has another title than the index."""
    before = held(filled(memory))
    database = behind(memory)
    database.rows("UPDATE messages SET indexed = 0 WHERE id = 1")
    database.rows("UPDATE messages SET indexed = 1, cuts = '20' WHERE id = 3")
    database.rows("UPDATE sessions SET title = 'Rivers' WHERE id = 2")
    assert memory.index.health().astray >= 3
    memory.index.rebuild()
    assert memory.index.health() == SOUND
    database.rows("UPDATE sessions SET title = '' WHERE id = 2")
    assert memory.index.health().astray == 1
    memory.index.rebuild()
    assert held(memory) == before


def test_a_row_that_was_lost_does_not_hinder_the_leaving(memory: SqliteStore) -> None:
    """What is not there is not taken out: FTS5 would count wrongly ever after. A rebuild mends the rest."""
    turn = add_turn(memory, "grow walnuts", "ok")
    behind(memory).rows("DELETE FROM words_of_messages_docsize WHERE id = ?", turn.user.id << PIECE_BITS)
    assert memory.index.health().astray == 1
    memory.transcripts.set_leaf(turn.session_id, None)
    memory.index.rebuild()
    assert memory.index.health() == SOUND
    assert found(memory, "walnuts") == []


def test_a_text_that_later_rules_cut_otherwise_loses_its_vectors(memory: SqliteStore) -> None:
    """They belong to pieces that are no more."""
    turn = add_turn(memory, "I grow walnuts in rows.", "ok")
    embed(memory)
    memory._index.drop(turn.user.id)
    behind(memory).rows("UPDATE messages SET indexed = 1, cuts = '5,23' WHERE id = ?", turn.user.id)
    memory.index.rebuild()
    assert behind(memory).rows("SELECT cuts FROM messages WHERE id = ?", turn.user.id) == [("23",)]
    assert [one.message_id for one in memory.index.unembedded("w", DIM, 5)] == [turn.user.id]


WORDS = ("walnut", "peanut", "花生", "臺北", "almond. " * 150)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(("say", "say", "move", "title", "topics", "note", "erase", "embed", "rebuild", "stop")),
        st.integers(0, 30),
        st.sampled_from(WORDS),
    ),
    max_size=25,
)


class Life:
    """A store that things happen to, as they do to a person's."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.session_id = begin(store)
        self.made: list[Message] = []

    def do(self, act: str, pick: int, word: str) -> None:
        """One thing more."""
        getattr(self, f"_{act}")(pick, word)

    def _say(self, pick: int, word: str) -> None:
        chosen = ([None, *self.made])[pick % (len(self.made) + 1)]
        self._move(pick, word)
        turn = chosen.turn + 1 if chosen else 1
        role, parts = (Role.USER, typed) if pick % 2 else (Role.ASSISTANT, spoken)
        said = self.store.transcripts.add_message(
            self.session_id, turn, role, parts(f"{word} {pick}"), parent=chosen.id if chosen else None, at=NOW
        )
        self.made.append(said)

    def _move(self, pick: int, _: str) -> None:
        chosen = ([None, *self.made])[pick % (len(self.made) + 1)]
        self.store.transcripts.set_leaf(self.session_id, chosen.id if chosen else None)

    def _title(self, pick: int, word: str) -> None:
        (self.store.transcripts.rename if pick % 2 else self.store.transcripts.entitle)(
            self.session_id, word if pick % 5 else ""
        )

    def _topics(self, pick: int, word: str) -> None:
        self.store.transcripts.summarise(self.session_id, word, [word] * (pick % 3))

    def _note(self, _: int, word: str) -> None:
        add_note(self.store, word, quote=f"{word} is what I said" if word == "walnut" else word)

    def _erase(self, pick: int, _: str) -> None:
        if notes := self.store.memories.all():
            self.store.erasure.erase_memory(notes[pick % len(notes)].id, NOW)

    def _embed(self, pick: int, _: str) -> None:
        embed(self.store, "w" if pick % 2 else "other")

    def _rebuild(self, _: int, __: str) -> None:
        self.store.index.rebuild()

    def _stop(self, _: int, __: str) -> None:
        if self.made:
            try:
                self.store.index.rebuild(stop_after(1))
            except Stopped:
                return


@pytest.mark.usefixtures("small_batches")
@given(ACTS)
@settings(max_examples=60, deadline=None)
def test_whatever_happens_the_index_is_the_one_that_a_rebuild_makes(acts: list[tuple[str, int, str]]) -> None:
    """Said, retried, taken back, renamed, erased, embedded, rebuilt, stopped half-way, in whatever order."""
    store = open_store(None)
    life = Life(store)
    for act in acts:
        life.do(*act)
    assert store.index.health().sound
    store.index.resume()
    kept = held(store)
    path = {message.id for message in store.transcripts.path(life.session_id)}
    assert {row[0] >> PIECE_BITS for row in behind(store).rows("SELECT id FROM words_of_messages_docsize")} == path
    assert store.index.health() == SOUND
    store.index.rebuild()
    assert held(store) == kept
    assert {number for number, _ in behind(store).rows("SELECT message_id, 0 FROM vectors")} <= path
    store.close()


def test_nothing_of_what_was_erased_is_left_in_any_table(store: Store, memory: SqliteStore) -> None:
    """Pieces, the session's row and vectors go in the erasure's own transaction."""
    turn = add_turn(memory, "My sister Xanthippe keeps quokkas. " * 90, "How nice.")
    memory.transcripts.rename(turn.session_id, "Xanthippe keeps quokkas")
    memory.transcripts.summarise(turn.session_id, "", ["Xanthippe keeps quokkas"])
    note = add_note(memory, "Xanthippe keeps quokkas", quote="My sister Xanthippe keeps quokkas")
    other = add_turn(memory, "My sister Xanthippe keeps quokkas, I said.", "Yes.")
    embed(memory)
    assert {"xanthipp", "quokka"} <= vocabulary(memory) & vocabulary(memory, "words_of_sessions")
    memory.erasure.erase_memory(note.id, NOW)
    for table in TEXT_TABLES:
        assert not {"xanthipp", "quokka"} & vocabulary(memory, table)
    kept = set(behind(memory).column("SELECT message_id FROM vectors"))
    assert kept == {turn.messages[1].id, other.messages[1].id}
    assert kept == set(behind(memory).column("SELECT id FROM messages WHERE vector IS NOT NULL"))
    assert behind(memory).rows("SELECT * FROM memory_vectors") == []
    assert memory.index.health() == SOUND
    assert {one.message_id for one in memory.index.unembedded("w", DIM, 9)} == {other.user.id, turn.user.id}
    assert store.index.health() == SOUND

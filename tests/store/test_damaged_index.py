"""What is said and named is saved, whatever happened to the index; and `memchat doctor --reindex` mends it all."""

from pathlib import Path

import apsw
import pytest
from memchat.domain import IndexHealth, Search
from memchat.errors import IndexDamagedError, StoreError
from memchat.store.connection import SqliteStore
from memchat.store.recall_schema import TEXT_TABLES

from tests.builders import add_turn, found
from tests.store.conftest import Opener, behind
from tests.store.test_reindex import retold, trouble_of

SOUND = IndexHealth()
HARMS = (
    "UPDATE {table}_data SET block = x'00112233445566'",
    "DELETE FROM sqlite_schema WHERE name = '{table}_idx'",
    "DELETE FROM sqlite_schema WHERE name = '{table}'",
    "DROP TABLE {table}",
    "DROP TABLE {table}_data",
    "DROP TABLE {table}_idx",
    "DROP TABLE {table}_docsize",
    "DROP TABLE {table}_config",
    "DELETE FROM {table}_data",
    "DELETE FROM {table}_config",
    "UPDATE {table}_config SET v = 99",
    "UPDATE {table}_data SET block = NULL WHERE id = 10",
    "UPDATE {table}_data SET block = 7 WHERE id = 10",
)


def harmed(opened: Opener, path: Path, harm: str) -> SqliteStore:
    """A store with one conversation that has a title, opened after `harm` was done to its file."""
    store = opened()
    turn = add_turn(store, "I grow walnuts.", "Noted.")
    store.transcripts.rename(turn.session_id, "Trees")
    store.close()
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(harm)
    connection.close()
    return opened()


@pytest.mark.parametrize("table", TEXT_TABLES)
@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_index_costs_no_message_and_no_title(opened: Opener, path: Path, harm: str, table: str) -> None:
    """All of it is saved, in transactions that hold more as well; only the index lacks it until it is built anew."""
    store = harmed(opened, path, harm.format(table=table))
    with store.transaction():
        said = add_turn(store, "Said meanwhile.", "Yes.")
        add_turn(store, "And this.", "Too.", session_id=said.session_id)
        store.transcripts.entitle(said.session_id, "Meanwhile")
        store.transcripts.summarise(said.session_id, "They spoke.", ["speaking"])
    store.transcripts.rename(1, "Orchard")
    store.transcripts.rename(1, "Grove")
    health = store.index.health()
    assert not health.sound
    assert health.missing == (table,) or health.damaged == (table,)
    store.index.candidates(Search(("walnuts",)))
    told = [message.text for message in store.transcripts.path(said.session_id)]
    assert told == ["Said meanwhile.", "Yes.", "And this.", "Too."]
    assert store.transcripts.session(said.session_id).topics == ("speaking",)
    store.index.rebuild()
    assert store.index.health() == SOUND
    assert found(store, "meanwhile")[0].text == "Said meanwhile."
    assert store.transcripts.session(1).title == "Grove"
    titles = store._index.labels.texts
    assert list(titles.holding("grove", (0, 9), 9)) == [1]
    assert list(titles.holding("trees OR orchard", (0, 9), 9)) == []


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("table", TEXT_TABLES)
@pytest.mark.parametrize("harm", HARMS)
def test_what_is_damaged_is_not_merged(opened: Opener, path: Path, harm: str, table: str, whole: bool) -> None:
    """Nor does the attempt cost what is saved with it."""
    store = opened()
    for number in range(6):  # a transaction, and a segment, each
        store.transcripts.rename(add_turn(store, f"Walnut {number}").session_id, f"Trees {number}")
    store.close()
    store = harmed(opened, path, harm.format(table=table))
    with store.transaction():
        said = add_turn(store, "Said meanwhile.", "Yes.")
        store.index.merge(whole=whole)
    assert len(store.transcripts.path(said.session_id)) == 2
    assert not store.index.health().sound
    store.index.rebuild()
    assert store.index.health() == SOUND


@pytest.mark.parametrize("table", ["words_of_messages", "words_of_sessions"])
@pytest.mark.parametrize("block", ["x''", "zeroblob(9)", "'ab'"])
def test_an_index_that_lost_its_list_of_segments_is_damaged(opened: Opener, path: Path, block: str, table: str) -> None:
    """FTS5's own check sees nothing wrong with rows that nothing finds, and takes no new ones under their numbers."""
    harm = "UPDATE {table}_data SET block = {block} WHERE id = 10"
    store = harmed(opened, path, harm.format(table=table, block=block))
    assert store.index.health().damaged == (table,)
    said = add_turn(store, "Said meanwhile.", "Yes.")
    store.transcripts.rename(said.session_id, "Meanwhile")
    store.index.merge(whole=True)
    assert len(store.transcripts.path(said.session_id)) == 2
    store.index.rebuild()
    assert store.index.health() == SOUND
    assert found(store, "walnuts")[0].text == "I grow walnuts."


@pytest.mark.parametrize("harm", HARMS)
def test_every_damage_of_the_index_names_the_way_out(opened: Opener, path: Path, harm: str) -> None:
    """Never a fault in memchat, never a database that is lost."""
    store = harmed(opened, path, harm.format(table="words_of_messages"))
    trouble = store.index.candidates(Search(("walnuts",))).trouble
    errors = trouble_of(lambda: forget_turn(store))
    assert trouble or errors
    assert {error.hint for error in errors} <= {"Build it anew: memchat doctor --reindex"}
    store.index.rebuild()
    assert trouble_of(lambda: forget_turn(store)) == []


def forget_turn(store: SqliteStore) -> None:
    """Take back the only turn; its words leave the index or it stays."""
    store.transcripts.set_leaf(1, None)


@pytest.mark.parametrize("harm", [harm for harm in HARMS if harm != "DELETE FROM {table}_data"])
def test_a_title_that_is_erased_needs_an_index_that_can_forget(opened: Opener, path: Path, harm: str) -> None:
    """It would stay in the index otherwise; where that is empty there is nothing to forget."""
    store = harmed(opened, path, harm.format(table="words_of_sessions"))
    with pytest.raises(IndexDamagedError):
        retold(store)


def test_damaged_titles_leave_the_words_of_messages(memory: SqliteStore) -> None:
    """What was found before the titles were asked is kept, and the trouble is told."""
    add_turn(memory, "I grow walnuts.", "Noted.")
    behind(memory).rows("DROP TABLE words_of_sessions")
    told = memory.index.candidates(Search(("walnuts",)))
    assert "I grow walnuts." in [one.text for one in told.candidates]
    assert "search index" in told.trouble


def test_a_database_that_is_damaged_elsewhere_is_no_damaged_index(memory: SqliteStore) -> None:
    """Where all tables of the index are there, SQLite's word stands."""
    database = behind(memory)
    database.connection.create_scalar_function("torn", _torn, 0)
    with pytest.raises(StoreError, match="is damaged") as caught:
        database.rows("SELECT torn()")
    assert not isinstance(caught.value, IndexDamagedError)


def _torn() -> None:
    """As SQLite says it of a page that makes no sense."""
    raise apsw.CorruptError


def test_a_lost_mark_of_the_reindex_means_that_nothing_waits(memory: SqliteStore) -> None:
    """All goes on as it did, and the next rebuild writes the mark down again."""
    turn = add_turn(memory, "I grow walnuts.", "Noted.")
    database = behind(memory)
    database.rows("DELETE FROM meta WHERE name = 'to_reindex'")
    assert memory.index.health() == SOUND
    add_turn(memory, "I grow almonds.", "Noted.", session_id=turn.session_id)
    assert [one.message_id for one in memory.index.unembedded("w", 8, 9)] == [4, 3, 2, 1]
    assert found(memory, "almonds")
    memory.index.resume()
    memory.index.rebuild()
    assert database.column("SELECT value FROM meta WHERE name = 'to_reindex'") == [0]
    assert memory.index.health() == SOUND


@pytest.mark.parametrize("written", ["no date", "", "2026-11-22"])
def test_a_message_without_a_readable_date_is_left_out(memory: SqliteStore, written: str) -> None:
    """The others are found all the same."""
    turn = add_turn(memory, "I grow walnuts.", "Walnuts are good.")
    behind(memory).rows(
        "UPDATE messages SET created_at = ?, created_offset = ? WHERE id = ?", written, 90_000, turn.user.id
    )
    assert [one.text for one in found(memory, "walnuts")] == ["Walnuts are good."]


def test_a_savepoint_that_fails_takes_back_what_it_did_alone(memory: SqliteStore) -> None:
    """Also where FTS5 writes only at its end: what came before in the transaction stays."""
    with memory.transaction():
        session_id = add_turn(memory, "I grow walnuts.", "Noted.").session_id
        assert len(trouble_of(lambda: fail_late(memory))) == 1
    assert behind(memory).column("SELECT title FROM sessions") == [""]
    assert len(memory.transcripts.path(session_id)) == 2


def fail_late(store: SqliteStore) -> None:
    """A transaction whose words FTS5 takes, and cannot write when it ends."""
    database = behind(store)
    with store.transaction():
        database.rows("UPDATE sessions SET title = 'Lost'")
        database.rows("INSERT INTO words_of_messages (rowid, words, pieces) VALUES (99999, 'x', '')")
        database.rows("UPDATE words_of_messages_data SET block = x'00112233445566' WHERE id = 10")

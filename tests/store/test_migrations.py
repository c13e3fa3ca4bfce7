"""How a database gets its shape: once, whole, with a copy of what it was."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from memchat.domain import Grave, IndexHealth, Search
from memchat.errors import NewerDatabaseError, StoreError
from memchat.memory.words import words
from memchat.store import backup, migrations
from memchat.store.connection import SqliteStore
from memchat.store.database import Database
from memchat.store.location import APPLICATION_ID
from memchat.store.migrations import MIGRATIONS, migrate

from tests.builders import add_note, found
from tests.conftest import NOW
from tests.store.conftest import Opener, behind, sound


def mood(database: Database) -> None:
    """One more migration, as a later version may bring."""
    database.rows("ALTER TABLE memories ADD COLUMN mood TEXT NOT NULL DEFAULT ''")


def broken(database: Database) -> None:
    """A migration that fails half-way."""
    database.rows("CREATE TABLE half (x TEXT) STRICT")
    database.rows("SELECT no_such_column FROM half")


KNOWN = len(MIGRATIONS)
NEXT = (*MIGRATIONS, mood)


@pytest.fixture
def old(opened: Opener) -> Iterator[Database]:
    """A database as this version makes it, which holds a note; to the next one it is old."""
    store = opened()
    add_note(store, "allergic to peanuts")
    yield behind(store)
    store.close()


def version(database: Database) -> int:
    """How many steps were done."""
    return database.number("PRAGMA user_version")


def test_upto_stops_before_later_steps() -> None:
    """So that tests can fill an older database."""
    database = Database(apsw.Connection(":memory:"), None)
    migrate(database, upto=1, steps=NEXT)
    assert version(database) == 1
    migrate(database, steps=NEXT)
    assert version(database) == KNOWN + 1
    migrate(database, steps=NEXT)
    assert version(database) == KNOWN + 1


def test_a_new_database_needs_no_backup(filed: SqliteStore, path: Path) -> None:
    """There was nothing to lose."""
    assert version(behind(filed)) == KNOWN
    assert backup.automatic(path) == []


def test_a_copy_is_made_before_an_existing_database_is_changed(old: Database, path: Path) -> None:
    """Private, whole, and what it was."""
    migrate(old, steps=NEXT)
    [copy] = backup.automatic(path)
    assert copy.name.startswith(f"memchat.db.backup-v{KNOWN}-")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert sound(copy)
    with closing(apsw.Connection(str(copy))) as before:
        assert before.execute("SELECT text FROM memories").fetchall() == [("allergic to peanuts",)]
        assert before.execute("PRAGMA user_version").fetchall() == [(KNOWN,)]
    assert old.rows("SELECT text, mood FROM memories") == [("allergic to peanuts", "")]


def test_the_backup_opens_as_a_database(old: Database, path: Path, opened: Opener, tmp_path: Path) -> None:
    """Copying it over the damaged file is all that a person has to do."""
    migrate(old, steps=NEXT)
    [copy] = backup.automatic(path)
    restored = tmp_path / "restored.db"
    restored.write_bytes(copy.read_bytes())
    assert [note.text for note in opened(restored).memories.all()] == ["allergic to peanuts"]


def test_a_step_that_fails_leaves_nothing_behind(old: Database) -> None:
    """Each step is one transaction; those before it stay."""
    with pytest.raises(StoreError, match="no_such_column"):
        migrate(old, steps=(*NEXT, broken))
    assert version(old) == KNOWN + 1
    assert old.rows("SELECT name FROM sqlite_schema WHERE name = 'half'") == []
    assert old.number("PRAGMA busy_timeout") == 5000


def test_a_backup_that_cannot_be_made_stops_the_migration(plain_user: Path, opened: Opener) -> None:
    """No copy, no change."""
    store = opened(plain_user / "memchat.db")
    plain_user.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be opened"):
        migrate(behind(store), steps=NEXT)
    assert version(behind(store)) == KNOWN
    plain_user.chmod(0o700)
    assert len(list(plain_user.glob("*backup*"))) == 0


def test_a_damaged_database_is_not_migrated(opened: Opener, path: Path) -> None:
    """A backup of it would be worth nothing, and is not kept."""
    store = opened()
    add_note(store, "allergic to peanuts")
    page = behind(store).number("SELECT rootpage FROM sqlite_schema WHERE name = 'memories_by_change'")
    store.close()
    content = bytearray(path.read_bytes())
    content[4096 * (page - 1) + 8 : 4096 * page] = b"\0" * 4088
    path.write_bytes(content)
    database = behind(opened())
    with pytest.raises(StoreError, match="is damaged"):
        migrate(database, steps=NEXT)
    assert version(database) == KNOWN
    assert backup.automatic(path) == []


def test_a_newer_database_is_refused() -> None:
    """Nothing good comes of an old program writing into it."""
    database = Database(apsw.Connection(":memory:"), None)
    migrate(database, steps=NEXT)
    with pytest.raises(NewerDatabaseError, match=f"database version {KNOWN + 1}, this one knows {KNOWN}"):
        migrate(database)


def test_an_older_database_that_can_only_be_read_is_refused(old: Database) -> None:
    """Reading it with new eyes would read it wrongly."""
    old.read_only = True
    with pytest.raises(StoreError, match="written by an older memchat"):
        migrate(old, steps=NEXT)


def test_two_processes_do_not_migrate_twice(old: Database, path: Path) -> None:
    """The second waits for the first, looks again, and finds the work done."""
    begun, go_on = threading.Event(), threading.Event()
    done: list[str] = []

    def slow(database: Database) -> None:
        begun.set()
        assert go_on.wait(30)
        mood(database)
        done.append("slow")

    def first() -> None:
        database = Database(apsw.Connection(str(path)), path)
        migrate(database, steps=(*MIGRATIONS, slow))
        database.close()

    def never(_: Database) -> None:
        done.append("never")

    thread = threading.Thread(target=first)
    thread.start()
    assert begun.wait(30)
    # The second reads the old version before the first is through, so it has to look again.
    threading.Timer(0.05, go_on.set).start()
    migrate(old, steps=(*MIGRATIONS, never))
    thread.join()
    assert done == ["slow"]
    assert version(old) == KNOWN + 1
    assert len(backup.automatic(path)) == 1


TALKS_OF_VERSION_ONE = """
INSERT INTO sessions (id, uid, kind, title, model, host, learn, created_at, created_offset, last_at, last_offset)
    SELECT value, 's' || value, 'chat', '', 'notebook', '', 1, '2026-01-01T00:00:00.000Z', 480,
        '2026-01-01T00:00:00.000Z', 480
    FROM json_each('[1, 2, 3, 4, 5]');
INSERT INTO messages (id, uid, session_id, turn, turns, role, status, model, host, learn, created_at, created_offset)
    SELECT id, uid, id, 1, 1, 'user', 'complete', '', '', 1, created_at, 480 FROM sessions WHERE id < 5;
UPDATE sessions SET leaf = id WHERE id < 5;
"""
WORDS_OF_VERSION_ONE = {
    1: "  How do I set\n*rate limits* in nginx? They said it is easy.",
    2: "How do I set rate limits?",
    3: "我對花生過敏，住在台北，喜歡喝茶。",
    4: "Hello.",
}
TITLES_OF_VERSION_ONE = {
    1: "How do I set rate limits in nginx?",
    2: "Rate limits",
    3: "我對花生過敏，住在台北…",
    4: "",
    5: "An empty one",
}


@pytest.fixture
def first_version(path: Path) -> Path:
    """A file as memchat 0.1 left it: five conversations, one of them without a message, and a memory."""
    path.parent.mkdir(parents=True)
    database = Database(apsw.Connection(str(path)), path)
    database.rows(f"PRAGMA application_id = {APPLICATION_ID}")
    migrate(database, upto=1)
    database.rows(TALKS_OF_VERSION_ONE)
    for number, content in WORDS_OF_VERSION_ONE.items():
        database.rows(
            "INSERT INTO parts (uid, message_id, position, kind, origin, content, name, mime, call_id, barred)"
            " VALUES ('', ?, 0, 'text', 'typed', ?, '', '', '', 0)",
            *(number, content),
        )
    for number, title in TITLES_OF_VERSION_ONE.items():
        database.rows("UPDATE sessions SET title = ? WHERE id = ?", title, number)
    database.close()
    return path


def test_a_database_of_the_first_version_loses_nothing(first_version: Path, opened: Opener) -> None:
    """It is copied first; its conversations are as they were, and are there to be learned from."""
    store = opened(first_version)
    assert version(behind(store)) == KNOWN
    [copy] = backup.automatic(first_version)
    assert copy.name.startswith("memchat.db.backup-v1-")
    assert sound(copy)
    assert {number: store.transcripts.session(number).title for number in range(1, 6)} == TITLES_OF_VERSION_ONE
    assert {number: store.transcripts.turns(number)[0].user.text for number in range(1, 5)} == WORDS_OF_VERSION_ONE
    assert {store.transcripts.session(number).mark for number in range(1, 6)} == {None}
    assert store.memories.untold() == []
    assert store.jobs.sweep("laptop:1", NOW) == 4
    store.close()
    assert sound(first_version)


def test_a_title_that_was_not_made_of_the_first_words_stays(first_version: Path, opened: Opener) -> None:
    """Memchat 0.1 did not write down who gave a title: whatever code cannot have made is a person's."""
    store = opened(first_version)
    for number in range(1, 6):
        store.transcripts.entitle(number, "made by a model")
    kept = {
        number for number in range(1, 6) if store.transcripts.session(number).title == TITLES_OF_VERSION_ONE[number]
    }
    assert kept == {2, 5}


@pytest.mark.parametrize(
    "roots",
    [
        [[("typed", "Mein Server antwortet"), ("paste", "<html>502</html>"), ("typed", "seit heute früh nicht.")]],
        [[("argv", "Mein Server antwortet"), ("stdin", "502"), ("typed", "seit heute früh nicht.")]],
        [[("typed", "Mein Server"), ("typed", "antwortet seit heute früh nicht mehr.")]],
        [[("paste", "Mein Server antwortet seit heute früh nicht.")]],
        [[("stdin", "502"), ("file", "Mein Server antwortet seit heute früh nicht.")]],
        [[("typed", "Vergiss es.")], [("typed", "Mein Server antwortet seit heute früh nicht.")]],
        [[("typed", "Mein Server antwortet seit heute früh nicht.")], [("typed", "Etwas anderes.")]],
    ],
)
def test_a_title_made_by_code_is_known_in_whatever_pieces_the_words_came(
    first_version: Path, opened: Opener, roots: list[list[tuple[str, str]]]
) -> None:
    """Between pastes, in two pieces, of somebody's text alone, of a first message that was taken back or asked anew."""
    database = Database(apsw.Connection(str(first_version)), first_version)
    for number, root in enumerate(roots, 100):
        database.rows(
            "INSERT INTO messages (id, uid, session_id, turn, turns, role, status, model, host, learn, created_at,"
            " created_offset) SELECT ?1, 'r' || ?1, 5, ?2, 1, 'user', 'complete', '', '', 1, created_at, 480"
            " FROM sessions WHERE id = 5",
            *(number, number - 99),
        )
        for place, (origin, content) in enumerate(root):
            database.rows(
                "INSERT INTO parts (uid, message_id, position, kind, origin, content, name, mime, call_id, barred)"
                " VALUES ('', ?, ?, 'text', ?, ?, '', '', '', 0)",
                *(number, place, origin, content),
            )
    title = "Mein Server antwortet seit heute früh nicht"
    database.rows("UPDATE sessions SET leaf = ?, title = ? WHERE id = 5", 99 + len(roots), title)
    database.close()
    store = opened(first_version)
    store.transcripts.entitle(5, "Server antwortet nicht")
    assert store.transcripts.session(5).title == "Server antwortet nicht"


def test_a_title_of_later_words_is_a_persons(first_version: Path, opened: Opener) -> None:
    """Code names a conversation by how it began."""
    database = Database(apsw.Connection(str(first_version)), first_version)
    database.rows(
        "INSERT INTO messages (id, uid, session_id, parent, turn, turns, role, status, model, host, learn, created_at,"
        " created_offset) SELECT 100, 'r', 4, 4, 2, 2, 'user', 'complete', '', '', 1, created_at, 480"
        " FROM sessions WHERE id = 4"
    )
    database.rows(
        "INSERT INTO parts (uid, message_id, position, kind, origin, content, name, mime, call_id, barred)"
        " VALUES ('', 100, 0, 'text', 'typed', 'Rate limits', '', '', '', 0)"
    )
    database.rows("UPDATE sessions SET leaf = 100, title = 'Rate limits' WHERE id = 4")
    database.close()
    store = opened(first_version)
    store.transcripts.entitle(4, "made by a model")
    assert store.transcripts.session(4).title == "Rate limits"


def test_the_second_step_changes_nothing_when_it_fails(first_version: Path, opened: Opener) -> None:
    """What stands in its way is found, not covered: the file stays one of the first version."""
    database = Database(apsw.Connection(str(first_version)), first_version)
    database.rows("CREATE TABLE sendings (x TEXT) STRICT")
    database.close()
    with pytest.raises(StoreError, match="sendings already exists"):
        opened(first_version)
    database = Database(apsw.Connection(str(first_version)), first_version)
    assert version(database) == 1
    assert "title_by_hand" not in database.column("SELECT name FROM pragma_table_info('sessions')")
    database.close()


NOTES_OF_VERSION_TWO = {
    1: ("", "allergic to peanuts"),
    2: ("location", "Taipei"),
    3: ("", "對花生過敏"),
    4: ("", "It is."),
}


@pytest.fixture
def second_version(path: Path) -> Path:
    """A file as memchat left it before notes were found by their words: three notes, a profile value, a tombstone."""
    path.parent.mkdir(parents=True)
    database = Database(apsw.Connection(str(path)), path)
    database.rows(f"PRAGMA application_id = {APPLICATION_ID}")
    migrate(database, upto=2)
    for number, (field, text) in NOTES_OF_VERSION_TWO.items():
        database.rows(
            "INSERT INTO memories (id, uid, field, text, status, importance, pinned, why, created_at, created_offset,"
            " valid_from, valid_from_offset, last_confirmed_at, last_confirmed_offset, changed_at)"
            " VALUES (?1, 'm' || ?1, ?2, ?3, 'active', 5, 0, 'kept', ?4, 480, ?4, 480, ?4, 480, ?4)",
            *(number, field, text, "2026-01-01T00:00:00.000Z"),
        )
    database.rows(
        "INSERT INTO tombstones (uid, field, hashes, at, at_offset) VALUES ('t1', '', '[\"00\"]', ?, 480)",
        "2026-01-01T00:00:00.000Z",
    )
    database.close()
    return path


def test_notes_of_the_second_version_are_found_by_their_words(second_version: Path, opened: Opener) -> None:
    """It is copied first; nothing is lost, and each note is beside what says nearly the same."""
    store = opened(second_version)
    assert version(behind(store)) == KNOWN
    [copy] = backup.automatic(second_version)
    assert copy.name.startswith("memchat.db.backup-v2-")
    assert sound(copy)
    memories = store.memories
    assert {m.id: (m.field, m.text) for m in memories.all()} == NOTES_OF_VERSION_TWO
    assert {(m.why, m.replaces) for m in memories.all()} == {("kept", None)}
    assert [m.id for m in memories.beside("", words("is allergic to peanuts and milk"))] == [1]
    assert [m.id for m in memories.beside("", words("我對花生過敏"))] == [3]
    assert [m.id for m in memories.beside("location", words("Porto"))] == [2]
    assert memories.beside("", words("Taipei")) == []
    assert behind(store).rows("SELECT memory_id, count(*), min(among), max(among) FROM memory_words GROUP BY 1") == [
        (number, len(told), len(told), len(told))
        for number in (1, 2, 3)
        for told in [words(NOTES_OF_VERSION_TWO[number][1])]
    ]
    assert store.usages.ignored() == {}
    assert behind(store).rows("SELECT never FROM tombstones") == [(0,)]
    assert store.tombstones.find("", words("allergic to peanuts")) is None
    store.erasure.erase_memory(1, NOW)
    assert store.tombstones.find("", words("allergic to peanuts")) == Grave(NOW)
    store.close()
    assert sound(second_version)


LONG_AGO = "2026-01-01T00:00:00.000Z"
OF_VERSION_THREE = [
    (1, 1, None, "user", "typed", "我住在臺北，對花生過敏。", 1),
    (2, 1, 1, "assistant", "model", "Noted. " * 300, 1),
    (3, 2, 2, "user", "typed", "   ", 1),
    (4, 2, 3, "assistant", "model", "Was that all?", 1),
    (5, 3, 4, "user", "typed", "This was taken back.", 0),
]


@pytest.fixture
def third_version(path: Path) -> Path:
    """A file as memchat left it before pieces: one conversation with a title, whose last message was taken back."""
    path.parent.mkdir(parents=True)
    database = Database(apsw.Connection(str(path)), path)
    database.rows(f"PRAGMA application_id = {APPLICATION_ID}")
    migrate(database, upto=3)
    database.rows(
        "INSERT INTO sessions (id, uid, kind, title, topics, model, host, learn, created_at, created_offset, last_at,"
        " last_offset) VALUES (1, 's', 'chat', 'Allergies', '[\"nuts\"]', 'm', '', 1, ?1, 480, ?1, 480)",
        LONG_AGO,
    )
    for number, turn, parent, role, origin, content, indexed in OF_VERSION_THREE:
        database.rows(
            "INSERT INTO messages (id, uid, session_id, parent, turn, turns, role, status, model, host, indexed, learn,"
            " created_at, created_offset)"
            " VALUES (?1, 'm' || ?1, 1, ?2, ?3, ?3, ?4, 'complete', '', '', ?5, 1, ?6, 480)",
            *(number, parent, turn, role, indexed, LONG_AGO),
        )
        database.rows(
            "INSERT INTO parts (uid, message_id, position, kind, origin, content, name, mime, call_id, barred)"
            " VALUES ('', ?, 0, 'text', ?, ?, '', '', '', 0)",
            *(number, origin, content),
        )
        if indexed:
            database.rows("INSERT INTO message_words (rowid, words) VALUES (?, ?)", number, content)
            database.rows("INSERT INTO message_pieces (rowid, pieces) VALUES (?, ?)", number, content)
    database.rows("UPDATE sessions SET leaf = 4")
    database.rows(
        "INSERT INTO memories (id, uid, field, text, status, importance, pinned, why, created_at, created_offset,"
        " valid_from, valid_from_offset, last_confirmed_at, last_confirmed_offset, changed_at)"
        " VALUES (1, 'm1', 'location', '臺北', 'active', 5, 0, '', ?1, 480, ?1, 480, ?1, 480, ?1)",
        LONG_AGO,
    )
    database.close()
    return path


def test_what_was_said_under_the_third_version_is_found_again(third_version: Path, opened: Opener) -> None:
    """In both scripts, in pieces, by title, and without what was taken back; profile values by their words."""
    store = opened(third_version)
    assert version(behind(store)) == KNOWN
    assert len(backup.automatic(third_version)) == 1
    assert store.index.health() == IndexHealth()
    for query in ("台北", "臺北", "花生", "過敏", "过敏"):
        assert found(store, query)[0].message_id == 1
        assert store.index.candidates(Search((query,))).frequency == {query: 1}
    several = found(store, "noted nuts")
    assert {(one.message_id, one.piece) for one in several} >= {(1, 0), (2, 0), (2, 1), (2, 2)}
    assert {one.title for one in several} == {"Allergies · nuts"}
    assert found(store, "taken back") == []
    assert set(store.index.memories(Search(("台北",)))) == {1}
    store.transcripts.set_leaf(1, 5)
    assert found(store, "taken back")
    assert store.index.health() == IndexHealth()
    tables = set(behind(store).column("SELECT name FROM sqlite_schema WHERE type = 'table'"))
    assert not {"message_words", "message_pieces"} & tables
    store.close()
    assert sound(third_version)


def test_a_long_history_does_not_hold_up_the_first_start(
    third_version: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest messages are found at once; the rest is taken in later, and what happens meanwhile is right."""
    monkeypatch.setattr(migrations, "_AT_ONCE", 2)
    store = opened(third_version)
    assert store.index.health() == IndexHealth(waiting=2)
    assert found(store, "was that all")[0].message_id == 4
    assert found(store, "台北") == []
    assert [one.message_id for one in store.index.unembedded("w", 8, 9) if not one.memory_id] == [4]
    period = ((NOW.replace(year=2025), NOW),)
    assert {one.message_id for one in store.index.candidates(Search((), periods=period)).candidates} == {1, 2, 4}
    store.transcripts.set_leaf(1, 1)
    store.transcripts.set_leaf(1, 4)
    store.index.resume()
    assert store.index.health() == IndexHealth()
    assert found(store, "台北")[0].message_id == 1
    assert found(store, "noted")[0].message_id == 2


def test_every_table_is_strict_and_every_row_has_a_uid(memory: SqliteStore) -> None:
    """Types are kept as declared, and rows can be told apart when two databases meet, but for what can be made anew."""
    tables = behind(memory).rows("PRAGMA table_list")
    ours = {row[1]: row[5] for row in tables if row[2] == "table" and not row[1].startswith("sqlite_")}
    assert set(ours.values()) == {1}
    columns = {name: behind(memory).column("SELECT name FROM pragma_table_info(?)", name) for name in ours}
    found_again = {"memory_words", "embedders", "vectors", "memory_vectors"}
    assert {name for name in ours if "uid" not in columns[name]} == {"meta", "blobs", "ignored", *found_again}


def test_every_reference_that_is_followed_when_rows_go_has_an_index(memory: SqliteStore) -> None:
    """Else erasing one message would read every table; sessions change with each message, embedders never go."""
    database = behind(memory)
    tables = database.column("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'words_of_%'")
    for table in tables:
        indexed = {
            database.rows("SELECT name FROM pragma_index_info(?)", name)[0][0]
            for name in database.column("SELECT name FROM pragma_index_list(?)", table)
        }
        indexed |= set(database.column("SELECT name FROM pragma_table_info(?) WHERE pk = 1", table))
        keys = set(database.column('SELECT "from" FROM pragma_foreign_key_list(?)', table))
        assert keys - indexed <= {"leaf", "consolidated_to", "embedder"}

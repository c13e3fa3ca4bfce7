"""Backups: copied while the database is in use, checked, and put back without what was erased since."""

import os
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import apsw
import pytest
from memchat.domain import Restored
from memchat.errors import LockedError, MemchatError, NewerDatabaseError, NotFoundError, StoreError
from memchat.memory.words import words
from memchat.store import encryption, location, migrations, restoring, rewriting
from memchat.store.connection import SqliteStore, open_store
from memchat.store.database import Database
from memchat.store.encryption import Key

from tests.builders import add_note, add_turn
from tests.conftest import NOW
from tests.e2e.running import tree
from tests.store.carrying import exported
from tests.store.conftest import Opener, behind, files_with, sound

LATER = NOW + timedelta(days=1)
PASSPHRASE = "four words of mine"


def unlock(path: Path) -> Key:
    """The key of any encrypted file here."""
    return encryption.from_passphrase(PASSPHRASE, encryption.salt_of(path))


def back_up(store: SqliteStore, target: Path) -> Path:
    """A backup of a store."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(0o600)
    store.records.back_up(target, lambda _done, _all: None)
    return target


def restore(path: Path, backup: Path) -> Restored:
    """Put it back, a day later."""
    return restoring.restore(path, backup, unlock, LATER)


@pytest.fixture
def backup(path: Path, opened: Opener, tmp_path: Path) -> Path:
    """A backup of a database in which something was said and told since."""
    store = opened()
    add_turn(store, "I live in Lisbon near the old harbour.")
    add_note(store, "lives in Lisbon", quote="I live in Lisbon near the old harbour")
    made = back_up(store, tmp_path / "elsewhere" / "backup.db")
    add_note(store, "came after the backup")
    store.close()
    return made


def test_a_backup_is_whole_and_one_file(backup: Path) -> None:
    """SQLite finds nothing wrong; no journal beside it."""
    assert sound(backup)
    assert [each.name for each in backup.parent.iterdir()] == ["backup.db"]


def test_a_backup_is_made_while_others_write(path: Path, opened: Opener, tmp_path: Path) -> None:
    """It is of the moment at which it began, whatever is written meanwhile."""
    store, beside = opened(), opened()
    for number in range(40):
        add_turn(store, f"turn {number} " + "word " * 400)
    target = tmp_path / "backup.db"
    target.touch(0o600)
    heard: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        heard.append((done, total))
        add_turn(beside, "meanwhile")

    store.records.back_up(target, progress)
    assert heard[-1][0] == heard[-1][1] > 0
    with closing(open_store(target)) as copy:
        assert len(copy.transcripts.sessions()) == 40


def test_a_backup_of_a_damaged_database_is_none(path: Path, opened: Opener, tmp_path: Path) -> None:
    """It says so, instead of keeping what cannot be read back."""
    store = opened()
    for number in range(60):
        add_turn(store, f"turn {number} " + "word " * 400)
    store.close()
    with path.open("r+b") as file:
        file.seek(4096 * 60)
        file.write(b"\xa5" * 4096 * 40)
    with pytest.raises(StoreError), closing(open_store(path)) as damaged:
        back_up(damaged, tmp_path / "backup.db")


def test_a_backup_comes_back_and_the_other_stays_beside(path: Path, backup: Path) -> None:
    """What was there lies under a dated name, as it was; both are readable by their owner alone."""
    before = path.read_bytes()
    done = restore(path, backup)
    assert (done.memories, done.conversations, done.blocked, done.back) == (1, 1, 0, 0)
    assert Path(done.replaced).parent == path.parent
    assert Path(done.replaced).read_bytes()[100:] == before[100:]  # the header says that it has no journal now
    assert restoring.replaced_by(path) == [Path(done.replaced)]
    with closing(open_store(path)) as store:
        assert [one.text for one in store.memories.all()] == ["lives in Lisbon"]
        assert add_note(store, "next").id == 3  # m2 was given once
    if os.name == "posix":
        assert {each.stat().st_mode & 0o777 for each in path.parent.iterdir()} == {0o600}
    assert sound(path)
    assert sorted(each.name.split(".replaced-")[0] for each in path.parent.iterdir()) == ["memchat.db"] * 2


def test_where_nothing_was_the_backup_is_the_database(path: Path, backup: Path) -> None:
    """A new computer: the folder is made, nothing was replaced."""
    for each in path.parent.iterdir():
        each.unlink()
    path.parent.rmdir()
    assert restore(path, backup).replaced == ""
    with closing(open_store(path)) as store:
        assert store.memories.get(1).text == "lives in Lisbon"
    assert [each.name for each in path.parent.iterdir()] == ["memchat.db"]


def test_what_was_erased_since_stays_erased(path: Path, backup: Path) -> None:
    """The memory, its words in the conversation, and every byte of them in the restored file."""
    with closing(open_store(path)) as store:
        store.erasure.erase_memory(1, LATER)
    done = restore(path, backup)
    assert (done.blocked, done.memories) == (1, 0)
    Path(done.replaced).unlink()
    assert files_with(path.parent, "old harbour") == []
    with closing(open_store(path)) as store:
        assert store.index.health().sound
        assert store.tombstones.find("", words("lives in Lisbon")) is not None
    assert restore(path, backup).blocked == 1


def test_words_that_became_erased_since_become_it_again(path: Path, backup: Path) -> None:
    """Also where no memory rests on them: in messages, titles, quotes and what was typed."""
    with closing(open_store(path)) as store:
        database = behind(store)
        store.index.drop(1)  # type: ignore[attr-defined]  # - as forgetting does
        database.rows("UPDATE parts SET content = 'I live in [erased].' WHERE id = 1")
        store.index.put(1)  # type: ignore[attr-defined]  # - as forgetting does
        database.rows("UPDATE sources SET quote = 'I live in [erased]'")
        store.transcripts.rename(1, "[erased]")
    done = restore(path, backup)
    assert done.redacted == 1
    with closing(open_store(path)) as store:
        assert store.transcripts.turns(1)[0].user.text == "I live in [erased]."
        assert store.memories.get(1).sources[0].quote == "I live in [erased]"
        assert store.transcripts.session(1).title == "[erased]"
        assert store.index.health().sound


def test_words_of_a_turn_that_was_taken_back_become_it_too(path: Path, opened: Opener, tmp_path: Path) -> None:
    """It stands in no index, and is erased all the same."""
    store = opened()
    turn = add_turn(store, "I live near the old harbour.")
    store.transcripts.set_leaf(turn.session_id, None)
    made = back_up(store, tmp_path / "backup.db")
    behind(store).rows("UPDATE parts SET content = '[erased]' WHERE id = 1")
    store.close()
    Path(restore(path, made).replaced).unlink()
    assert files_with(path.parent, "old harbour") == []


def test_what_was_said_anew_before_the_backup_stays(path: Path, opened: Opener, tmp_path: Path) -> None:
    """Its tombstone is older than the backup: the user has told it again, and meant it."""
    store = opened()
    first = add_note(store, "likes the sea at night")
    store.erasure.erase_memory(first.id, NOW)
    add_note(store, "likes the sea at night", at=LATER)
    made = back_up(store, tmp_path / "backup.db")
    store.close()
    assert restore(path, made).blocked == 0


def test_conversations_that_come_back_are_told(path: Path, backup: Path) -> None:
    """No trace is kept of a conversation erased as a whole: all that can be said is that it is here again."""
    with closing(open_store(path)) as store:
        store.records.retire(LATER, LATER)
        assert store.transcripts.sessions() == []
    assert restore(path, backup).back == 1


def test_a_damaged_database_is_replaced_and_what_it_had_erased_cannot_be_told(path: Path, backup: Path) -> None:
    """That is what backups are for; the damaged one is kept."""
    data = bytearray(path.read_bytes())
    data[100:] = b"\xa5" * (len(data) - 100)
    path.write_bytes(data)
    path.with_name("memchat.db-wal").write_bytes(b"rubbish")
    done = restore(path, backup)
    assert done.blocked is None
    assert Path(done.replaced).read_bytes() == data
    assert not path.with_name("memchat.db-wal").exists()
    with closing(open_store(path)) as store:
        assert store.memories.get(1).text == "lives in Lisbon"


def test_an_older_backup_is_brought_up_to_date(path: Path, opened: Opener, tmp_path: Path) -> None:
    """And says which version it was; the backup itself stays as it is."""
    old = tmp_path / "old.db"
    location.locate(old)
    with closing(apsw.Connection(str(old))) as connection:
        connection.execute(f"PRAGMA application_id = {location.APPLICATION_ID}").fetchall()
        migrations.migrate(Database(connection, None), upto=1)
    before = old.read_bytes()
    opened().close()
    done = restore(path, old)
    assert done.migrated == 1
    assert old.read_bytes() == before
    with closing(open_store(path)) as store:
        assert exported(store)


def _newer(backup: Path) -> None:
    with closing(apsw.Connection(str(backup))) as connection:
        connection.execute("PRAGMA user_version = 99").fetchall()


def _foreign(backup: Path) -> None:
    with closing(apsw.Connection(str(backup))) as connection:
        connection.execute("PRAGMA application_id = 7").fetchall()


def _contradicting(backup: Path) -> None:
    with closing(apsw.Connection(str(backup))) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON; UPDATE memories SET importance = 99").fetchall()


def _sealed_foreign(backup: Path) -> None:
    _foreign(backup)
    rewriting.rewrite(backup, None, encryption.from_passphrase(PASSPHRASE))


def _torn(backup: Path) -> None:
    with backup.open("r+b") as file:
        file.truncate(backup.stat().st_size // 2)


def _empty(backup: Path) -> None:
    backup.write_bytes(b"")


def _text(backup: Path) -> None:
    backup.write_text("Dear diary\n" * 1000, "utf-8")


def _folder(backup: Path) -> None:
    backup.unlink()
    backup.mkdir()


def _gone(backup: Path) -> None:
    backup.unlink()


def _noise(backup: Path) -> None:
    backup.write_bytes(os.urandom(4096 * 8))


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (_newer, NewerDatabaseError),
        (_foreign, StoreError),
        (_sealed_foreign, StoreError),
        (_contradicting, StoreError),
        (_torn, StoreError),
        (_empty, StoreError),
        (_text, StoreError),
        (_folder, StoreError),
        (_gone, NotFoundError),
        (_noise, MemchatError),
    ],
)
@pytest.mark.parametrize("there", [True, False])
def test_what_is_no_backup_changes_nothing(
    path: Path, backup: Path, spoil: object, kind: type[Exception], there: bool
) -> None:
    """No file is changed, made or left over, whether there was a database or not."""
    assert callable(spoil)
    spoil(backup)
    if not there:
        for each in path.parent.iterdir():
            each.unlink()
    before = tree(path.parent)
    with pytest.raises(kind):
        restore(path, backup)
    assert tree(path.parent) == before


def test_the_database_is_no_backup_of_itself(path: Path, backup: Path) -> None:
    """Also not by another name."""
    link = path.with_name("link.db")
    link.symlink_to(path)
    for name in (path, link):
        with pytest.raises(StoreError, match="is the database itself"):
            restore(path, name)


def test_a_file_of_somebody_else_at_the_databases_place_is_not_replaced(path: Path, backup: Path) -> None:
    """`--db notes.txt` was a slip."""
    notes = path.with_name("notes.txt")
    notes.write_text("mine", "utf-8")
    with pytest.raises(StoreError, match="is not a memchat database"):
        restore(notes, backup)
    assert notes.read_text("utf-8") == "mine"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the system does not tell who has a file open")
def test_a_database_that_is_open_elsewhere_is_refused_by_name(path: Path, backup: Path) -> None:
    """The process is named, and nothing has changed."""
    code = (
        "import sys, apsw; c = apsw.Connection(sys.argv[1]); c.execute('SELECT * FROM meta').fetchall();"
        "print(1, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        before = path.read_bytes()
        with pytest.raises(StoreError, match=rf"\(process {other.pid}\)"):
            restore(path, backup)
        assert path.read_bytes() == before
        other.communicate(b"\n")
    restore(path, backup)


def test_a_database_that_is_held_is_refused_where_nobody_can_be_named(
    path: Path, backup: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's lock tells it, where the system does not."""
    monkeypatch.setattr(rewriting, "_BUSY_MS", 10)
    store = opened()
    store.transcripts.sessions()
    with store.records.reading():
        store.records.head()
        with pytest.raises(StoreError, match="in use"):
            restore(path, backup)
    assert [each.name for each in path.parent.iterdir() if "unfinished" in each.name] == []


def test_without_hard_links_it_is_renamed(path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a memory stick."""

    def refuse(*_: object) -> None:
        raise OSError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    done = restore(path, backup)
    assert Path(done.replaced).exists()
    with closing(open_store(path)) as store:
        assert store.memories.get(1).text == "lives in Lisbon"


def test_two_in_one_second_have_two_names(path: Path, backup: Path) -> None:
    """Neither takes the other's place."""
    names = {restore(path, backup).replaced for _ in range(4)}
    assert len(names) == 4
    assert all(Path(name).exists() for name in names)


def test_an_encrypted_database_stays_encrypted(path: Path, backup: Path) -> None:
    """A plain backup is encrypted with its key; a backup of it needs the passphrase, and is encrypted, too."""
    key = encryption.from_passphrase(PASSPHRASE)
    rewriting.rewrite(path, None, key)
    restore(path, backup)
    assert encryption.is_encrypted(path)
    with closing(open_store(path, unlock=unlock)) as store:
        assert store.memories.get(1).text == "lives in Lisbon"
        sealed = back_up(store, backup.with_name("sealed.db"))
    assert encryption.is_encrypted(sealed)
    restore(path, sealed)
    assert encryption.is_encrypted(path)

    def forgotten(_: Path) -> Key:
        raise LockedError("It is encrypted.", "Give its passphrase.")

    before = tree(path.parent)
    with pytest.raises(LockedError):
        restoring.restore(path, sealed, forgotten, LATER)
    assert tree(path.parent) == before


def test_a_copy_with_its_journal_is_a_backup(path: Path, backup: Path, opened: Opener) -> None:
    """As somebody copies the two files while a chat is open: what stands in the journal counts."""
    store = opened()
    add_note(store, "stands in the journal alone")
    for end in ("", "-wal"):
        backup.with_name(f"copy.db{end}").write_bytes(path.with_name(f"{path.name}{end}").read_bytes())
    store.close()
    before = tree(backup.parent)
    assert restore(path, backup.with_name("copy.db")).memories == 3
    assert tree(backup.parent) == before


def test_a_folder_that_cannot_be_read_holds_no_replaced_ones(tmp_path: Path) -> None:
    """Nothing is listed, nothing raised."""
    assert restoring.replaced_by(tmp_path / "nowhere" / "memchat.db") == []

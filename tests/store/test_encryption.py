"""A file that only its passphrase opens: the key, the file's own proof of it, and the database behind it."""

import hashlib
import os
import sqlite3
import stat
import unicodedata
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from memchat.errors import LockedError, StoreError
from memchat.store import backup, encryption, traces
from memchat.store.connection import SqliteStore, open_store
from memchat.store.encryption import PAGE, Key, fits, from_passphrase, from_secret, is_encrypted
from memchat.store.location import unfinished
from memchat.store.migrations import MIGRATIONS, migrate
from memchat.store.rewriting import rewrite

from tests.builders import add_note, add_turn, found
from tests.store.conftest import behind
from tests.store.test_migrations import mood

PASSPHRASE = "correct horse battery"
SECRET = b"peanut butter"


@pytest.fixture(scope="module")
def key() -> Key:
    """A key of `PASSPHRASE`."""
    return from_passphrase(PASSPHRASE)


@pytest.fixture
def sealed(path: Path, key: Key) -> Path:
    """An encrypted database that holds a talk and a note."""
    with closing(open_store(path)) as store:
        add_turn(store, "I love peanut butter on toast.", "Noted: peanut butter.")
        add_note(store, "loves peanut butter")
    rewrite(path, None, key)
    return path


def unlocked(path: Path, key: Key) -> SqliteStore:
    """The store behind it."""
    return open_store(path, unlock=lambda _: key)


def on_disk(folder: Path) -> bytes:
    """All that any file of the folder holds."""
    return b"".join(each.read_bytes() for each in sorted(folder.iterdir()))


def test_nothing_can_be_read_in_the_file_and_all_of_it_with_the_key(sealed: Path, key: Key) -> None:
    """Talk, note and search index; the file begins with its salt, and its rights are its owner's."""
    assert SECRET not in on_disk(sealed.parent)
    assert b"SQLite" not in sealed.read_bytes()
    assert encryption.salt_of(sealed) == key.salt
    assert stat.S_IMODE(sealed.stat().st_mode) == 0o600
    with closing(unlocked(sealed, key)) as store:
        assert [memory.text for memory in store.memories.all()] == ["loves peanut butter"]
        assert found(store, "peanut butter")
        assert store.index.health().sound
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(sealed).execute("SELECT count(*) FROM sqlite_master")


def test_the_journal_and_its_index_hold_no_plain_byte(sealed: Path, key: Key) -> None:
    """While it is written to, and after a process died over it."""
    with closing(unlocked(sealed, key)) as store:
        add_turn(store, "And peanut butter with banana.", "A lot of peanut butter.")
        assert sealed.with_name(f"{sealed.name}-wal").stat().st_size > PAGE
        assert SECRET not in on_disk(sealed.parent)
        assert b"banana" not in on_disk(sealed.parent)


def test_sqlcipher_opens_it_with_the_passphrase_alone(sealed: Path) -> None:
    """SQLite3 Multiple Ciphers in SQLCipher 4's own mode derives the same key from the same words."""
    with closing(apsw.Connection(str(sealed), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
        for setting in ("cipher = 'sqlcipher'", "legacy = 4", f"key = '{PASSPHRASE}'"):
            connection.execute(f"PRAGMA {setting}").fetchall()
        assert connection.execute("SELECT text FROM memories").fetchall() == [("loves peanut butter",)]


def test_without_the_key_it_is_locked_and_not_touched(sealed: Path, key: Key) -> None:
    """No key at hand, and one that is another's: the file and its folder stay byte by byte."""
    before = sealed.read_bytes()
    with pytest.raises(LockedError, match="is encrypted"):
        open_store(sealed)
    other = from_passphrase("incorrect horse", key.salt)
    assert fits(sealed, key)
    assert not fits(sealed, other)
    assert not fits(sealed, Key(key.raw, os.urandom(16)))
    with pytest.raises(StoreError, match="damaged"):  # whoever hands over a key has tried it before
        unlocked(sealed, other)
    assert sealed.read_bytes() == before
    assert [each.name for each in sealed.parent.iterdir()] == [sealed.name]


def test_a_torn_first_page_does_not_make_the_passphrase_wrong(sealed: Path, key: Key) -> None:
    """The pages after it carry a proof of their own; the file is damaged, and is called so."""
    torn = bytearray(sealed.read_bytes())
    torn[500] ^= 1
    sealed.write_bytes(torn)
    assert fits(sealed, key)
    with pytest.raises(StoreError, match="damaged"):
        unlocked(sealed, key)
    sealed.write_bytes(torn[:PAGE])
    assert not fits(sealed, key)


@pytest.mark.parametrize("page", [2, 5])
def test_a_changed_byte_anywhere_is_noticed(sealed: Path, key: Key, page: int) -> None:
    """Each page is signed: what somebody changes is refused, not read as something else."""
    changed = bytearray(sealed.read_bytes())
    changed[(page - 1) * PAGE + 700] ^= 1
    sealed.write_bytes(changed)
    with pytest.raises(StoreError, match="damaged"):  # noqa: SIM117 - whichever reads that page first
        with closing(unlocked(sealed, key)) as store:
            store.database.rows("PRAGMA integrity_check")


def test_another_programs_encrypted_database_is_refused(path: Path, key: Key) -> None:
    """It opens with the same passphrase, but memchat did not write it."""
    path.parent.mkdir()
    with closing(apsw.Connection(str(path))) as connection:
        encryption.unlock_connection(connection, key)
        connection.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a memchat database"):
        unlocked(path, key)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"x" * PAGE, b"SQLite format 3\0" + bytes(PAGE - 16), os.urandom(PAGE - 1), os.urandom(PAGE + 1)],
    ids=["empty", "text", "plain", "short", "no whole pages"],
)
def test_what_is_no_encrypted_database_is_told_apart(path: Path, content: bytes) -> None:
    """Whole pages that look like chance, and nothing else: nobody is asked for the passphrase of a picture."""
    path.parent.mkdir()
    path.write_bytes(content)
    assert not is_encrypted(path)


@settings(max_examples=50)
@given(st.binary().map(lambda seed: hashlib.shake_256(seed).digest(PAGE)))
def test_pages_of_chance_are_always_taken_for_encrypted(tmp_path_factory: pytest.TempPathFactory, page: bytes) -> None:
    """An encrypted file that is taken for something else could never be opened again."""
    file = tmp_path_factory.getbasetemp() / "chance"
    file.write_bytes(page if not page.startswith(b"SQLite") else os.urandom(PAGE))
    assert is_encrypted(file)


@settings(max_examples=5)
@given(st.text(min_size=1))
@example("Caf\u00e9 \u8a9e")
@example("raw\udcff bytes of the environment")
def test_any_text_makes_a_key_and_the_same_one_again(words: str) -> None:
    """Accents composed or not, bytes that are no UTF-8; and the keyring's form of it is the key."""
    salt = bytes(16)
    try:
        words.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        words = "lone surrogates come from nowhere"
    key = from_passphrase(words, salt)
    assert from_passphrase(unicodedata.normalize("NFD", words), salt) == key
    assert from_secret(key.secret) == key
    assert key.raw.hex() not in repr(key)


@pytest.mark.parametrize("secret", ["", "no hex", "ab" * 47, "ab" * 49])
def test_what_is_no_key_in_a_keyring_is_none(secret: str) -> None:
    """Somebody may have put something else there."""
    assert from_secret(secret) is None


def test_two_files_of_one_passphrase_have_two_keys() -> None:
    """Each has a salt of its own."""
    assert from_passphrase(PASSPHRASE).raw != from_passphrase(PASSPHRASE).raw


def test_a_migration_of_an_encrypted_file_keeps_an_encrypted_backup(sealed: Path, key: Key) -> None:
    """With the same key, and whole."""
    with closing(unlocked(sealed, key)) as store:
        migrate(behind(store), steps=(*MIGRATIONS, mood))
    [copy] = backup.automatic(sealed)
    assert is_encrypted(copy)
    assert SECRET not in on_disk(sealed.parent)
    with closing(unlocked(copy, key)) as store:
        assert [memory.text for memory in store.memories.all()] == ["loves peanut butter"]


def test_a_folder_that_can_only_be_read_is_read(sealed: Path, key: Key) -> None:
    """As a plain file is: without a journal."""
    if os.geteuid() == 0:
        address = f"{sealed.as_uri()}?immutable=1"
        with closing(apsw.Connection(address, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)) as connection:
            encryption.unlock_connection(connection, key)
            assert connection.execute("SELECT count(*) FROM memories").fetchall() == [(1,)]
        return
    sealed.parent.chmod(0o500)
    try:
        with closing(unlocked(sealed, key)) as store:
            assert len(store.memories.all()) == 1
    finally:
        sealed.parent.chmod(0o700)


def replaced_while_opened(path: Path, new: Callable[[], Key | None], times: int) -> Callable[[Path], Key]:
    """Gives the key that fits now, and has the file replaced right after, as another process's `encrypt` may do."""
    left = [times]

    def unlock(_: Path) -> Key:
        key = current[0]
        assert key is not None
        if left[0]:
            left[0] -= 1
            current[0] = new()
            rewrite(path, key, current[0])
        return key

    current: list[Key | None] = [None]
    unlock.current = current  # type: ignore[attr-defined]  # - so that the test can say what fits at first
    return unlock


def test_a_file_replaced_while_it_is_opened_is_opened_anew(sealed: Path, key: Key) -> None:
    """By one of another passphrase, and by a plain one: what is written afterwards stands in the new file."""
    unlock = replaced_while_opened(sealed, lambda: from_passphrase("another passphrase"), 1)
    unlock.current[0] = key  # type: ignore[attr-defined]  # - see above
    with closing(open_store(sealed, unlock=unlock)) as store:
        add_note(store, "likes tea")
    fresh = unlock.current[0]  # type: ignore[attr-defined]  # - see above
    with closing(unlocked(sealed, fresh)) as store:
        assert len(store.memories.all()) == 2
    unlock = replaced_while_opened(sealed, lambda: None, 1)
    unlock.current[0] = fresh  # type: ignore[attr-defined]  # - see above
    with closing(open_store(sealed, unlock=unlock)) as store:
        assert len(store.memories.all()) == 2
        assert store.database.key is None


def test_a_file_replaced_again_and_again_is_in_use(sealed: Path, key: Key) -> None:
    """Nobody does that; nobody shall wait for ever either."""
    unlock = replaced_while_opened(sealed, lambda: from_passphrase("another passphrase"), 9)
    unlock.current[0] = key  # type: ignore[attr-defined]  # - see above
    with pytest.raises(StoreError, match="in use"):
        open_store(sealed, unlock=unlock)


def test_the_same_content_under_another_inode_is_opened_anew(sealed: Path, key: Key) -> None:
    """Whoever had opened the old one would write into a file without a name."""
    swaps = [1]

    def unlock(path: Path) -> Key:
        if swaps:
            swaps.pop()
            copy = path.with_name("copy")
            copy.write_bytes(path.read_bytes())
            copy.replace(path)
        return key

    with closing(open_store(sealed, unlock=unlock)) as store:
        add_note(store, "likes tea")
    with closing(unlocked(sealed, key)) as store:
        assert len(store.memories.all()) == 2


def test_what_a_killed_rewriting_left_goes_when_the_file_is_opened(sealed: Path, key: Key) -> None:
    """Of `decrypt` it would be plain."""
    unfinished(sealed).write_bytes(SECRET)
    unlocked(sealed, key).close()
    assert not unfinished(sealed).exists()


def test_traces_are_found_also_where_two_chunks_meet(path: Path) -> None:
    """Only in the database's own files; short words are no trace."""
    with closing(open_store(path)) as store:
        add_turn(store, "Peanut butter on toast every morning.", "ok")
        pieces = traces.sample(store.database)
    assert pieces == {b"Peanut butter on toast every morning."}
    clean = path.with_name("memchat.db.backup-v1-clean")
    clean.write_bytes(bytes(10))
    edge = path.with_name("memchat.db.backup-v1-edge")
    edge.write_bytes(bytes((1 << 20) - 9) + b"Peanut butter on toast every morning." + bytes(99))
    path.with_name("notes.md").write_bytes(b"Peanut butter on toast every morning.")
    looked = traces.look(path, pieces)
    assert (looked.files, looked.pieces, looked.found) == (3, 1, (path, edge))
    assert looked.size == sum(each.stat().st_size for each in (path, clean, edge))

"""Databases in files, and how to look behind the store's back."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest
from memchat.domain import Job, Message, Role, SessionKind, Stretch
from memchat.ports import Store
from memchat.store import claims
from memchat.store.connection import SqliteStore, open_store
from memchat.store.database import Database

from tests.builders import spoken, typed
from tests.conftest import NOW

Opener = Callable[..., SqliteStore]
NOBODY = 65534
# Owners of one computer: this process, another that lives, and one whose number no process has.
HERE = f"laptop:{os.getpid()}:{claims.started(os.getpid())}"
THERE = f"laptop:{os.getppid()}"
GONE = "laptop:999999999"


@pytest.fixture
def path(home: Path) -> Path:
    """Where the database would lie; nothing is there yet."""
    return home / "memchat.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Opener]:
    """Opens stores that are closed at the end."""
    stores: list[SqliteStore] = []

    def open_one(where: Path = path) -> SqliteStore:
        stores.append(open_store(where))
        return stores[-1]

    yield open_one
    for store in stores:
        store.close()


@pytest.fixture
def filed(opened: Opener) -> SqliteStore:
    """A store in a file."""
    return opened()


@pytest.fixture
def memory() -> Iterator[SqliteStore]:
    """A store in memory, as the class it is."""
    store = open_store(None)
    yield store
    store.close()


@pytest.fixture
def plain_user() -> Iterator[Path]:
    """A folder of a user whom permissions bind; root, as tests may run, is bound by none."""
    if not hasattr(os, "geteuid"):
        pytest.skip("this system has no such permissions")
    folder = Path(tempfile.mkdtemp())
    root = os.geteuid() == 0
    if root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def behind(store: SqliteStore) -> Database:
    """The database behind a store."""
    return store._database


def traced(store: SqliteStore) -> list[str]:
    """The statements that the store runs from now on, as a list that grows; `LOCKED: ` before those under the lock."""
    statements: list[str] = []
    connection = behind(store).connection

    def note(_: object, sql: str, __: object) -> bool:
        statements.append(f"LOCKED: {sql}" if connection.in_transaction else sql)
        return True

    connection.exec_trace = note
    return statements


def vocabulary(store: SqliteStore, table: str = "words_of_messages") -> set[str]:
    """Every term that the index lists, as FTS5's own vocabulary tells."""
    database = behind(store)
    database.rows(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.v_{table} USING fts5vocab (main, {table}, row)")
    return set(database.column(f"SELECT term FROM v_{table}"))  # noqa: S608 - the name is ours


def sound(path: Path) -> bool:
    """Whether the file passes SQLite's integrity check, foreign keys included."""
    connection = apsw.Connection(str(path))
    try:
        whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return whole and not connection.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        connection.close()


def files_with(folder: Path, words: str) -> list[str]:
    """The files under a folder that hold these bytes."""
    wanted = words.encode()
    return sorted(file.name for file in folder.rglob("*") if file.is_file() and wanted in file.read_bytes())


def begin(
    store: Store, *, kind: SessionKind = SessionKind.CHAT, model: str = "openai/x", host: str = "a.example"
) -> int:
    """An empty session that may be learned from."""
    return store.transcripts.create_session(kind, at=NOW, model=model, host=host, learn=True).id


def go_on(store: Store, session_id: int, *, learn: bool = True, reply: bool = True) -> list[Message]:
    """One more turn at the end of the active path; without `reply` the user's message alone."""
    transcripts = store.transcripts
    turn, leaf = transcripts.next_turn(session_id), transcripts.session(session_id).leaf
    asked = typed(f"Message {turn} of s{session_id}.")
    user = transcripts.add_message(session_id, turn, Role.USER, asked, parent=leaf, at=NOW, learn=learn)
    if not reply:
        return [user]
    said = spoken(f"Reply {turn}.")
    answer = transcripts.add_message(
        session_id, turn, Role.ASSISTANT, said, parent=user.id, at=NOW, model="openai/x", learn=learn
    )
    return [user, answer]


def talk(store: Store, turns: int, *, kind: SessionKind = SessionKind.CHAT, learn: bool = True) -> int:
    """A session of so many turns; returns its number."""
    session_id = begin(store, kind=kind)
    with store.transaction():
        for _ in range(turns):
            go_on(store, session_id, learn=learn)
    return session_id


def leased(store: Store, owner: str = HERE) -> Job:
    """The next job that is due."""
    job = store.jobs.lease(owner, NOW)
    assert job is not None
    return job


def take_in(store: Store, job: Job, turns: int = 25) -> list[Stretch]:
    """Do a job as consolidation does, without a model; returns what it was about."""
    stretches = store.jobs.stretches(job, turns)
    with store.transaction():
        assert store.jobs.holds(job, stretches)
        store.jobs.advance(stretches)
        store.jobs.finish(job, NOW, {})
    return stretches

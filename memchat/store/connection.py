"""Opening a database, and the store that stands on it."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apsw

from memchat.errors import LockedError, StoreError
from memchat.ports import Erasure, Index, Jobs, Memories, Tombstones, Transcripts, Typed, Usages
from memchat.store import disk
from memchat.store.database import Database
from memchat.store.encryption import Key, is_encrypted, unlock_connection
from memchat.store.erase import SqliteErasure
from memchat.store.failures import explained
from memchat.store.index import MessageIndex
from memchat.store.jobs import SqliteJobs
from memchat.store.location import APPLICATION_ID, lies_at, locate, remove_unfinished
from memchat.store.memories import ProfileAndNotes
from memchat.store.migrations import migrate
from memchat.store.tombstones import Graves
from memchat.store.transcripts import SessionTranscripts
from memchat.store.typed_history import TypedHistory
from memchat.store.usage import Books

if TYPE_CHECKING:
    from memchat.store.pages import SqlitePages
    from memchat.store.records import SqliteRecords

# How long a write waits for another terminal's; ours take milliseconds, so this is a hung process.
_BUSY_MS = 5_000
# How often the file may be replaced by another while it is opened: `encrypt` does that once.
_SWAPS = 3
# The journal is cut back to this after a checkpoint; one long chat session stays below it.
_JOURNAL_BYTES = 4_194_304
# The pages that one search reads should still be there for the next; taken only as far as the file is that large. At
# 100,000 turns 24 MiB make 15 ms of the 23 that a search takes with 8 (95th percentile), and more gives nothing.
_CACHE_KIB = 24_576
# Statements that are kept ready. A turn asks about a hundred different ones: with apsw's own 100 some were always gone
# before they came again, and a question waited 1 to 2 ms for 18 of them to be made anew.
_STATEMENTS = 256
# What must hold on each connection; SQLite's own defaults are off, or a build's choice. FULL: what was sent outlives
# a power cut. MEMORY: what is sorted reaches no file beside ours.
_SETTINGS = f"""
    PRAGMA foreign_keys = ON;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -{_CACHE_KIB};
    PRAGMA journal_size_limit = {_JOURNAL_BYTES};
"""


class SqliteStore:
    """One database file, or one in memory; used only by the thread that opened it."""

    def __init__(self, database: Database) -> None:
        self.database = self._database = database  # for the rest of `store/`
        index = MessageIndex(database)
        memories = ProfileAndNotes(database)
        self._index = index
        self._memories = memories
        self._transcripts = SessionTranscripts(database, index)
        self._tombstones = Graves(database)
        self._erasure = SqliteErasure(database, memories, index, self._tombstones)
        self._jobs = SqliteJobs(database, self._transcripts)
        self._usages = Books(database)
        self._typed = TypedHistory(database)

    @property
    def transcripts(self) -> Transcripts:
        """Every conversation."""
        return self._transcripts

    @property
    def memories(self) -> Memories:
        """Profile and notes."""
        return self._memories

    @property
    def tombstones(self) -> Tombstones:
        """What must not be learned again."""
        return self._tombstones

    @property
    def index(self) -> Index:
        """What finds past exchanges."""
        return self._index

    @property
    def erasure(self) -> Erasure:
        """The way out."""
        return self._erasure

    @property
    def jobs(self) -> Jobs:
        """Work for later."""
        return self._jobs

    @property
    def usages(self) -> Usages:
        """The books."""
        return self._usages

    @property
    def typed(self) -> Typed:
        """The history of typing."""
        return self._typed

    @property
    def records(self) -> "SqliteRecords":
        """Everything, to be taken out and in."""
        from memchat.store.records import SqliteRecords  # few commands ask for it

        return SqliteRecords(self._database, self._index, self._erasure)

    @property
    def pages(self) -> "SqlitePages":
        """A page at a time."""
        from memchat.store.pages import SqlitePages  # one command asks for it

        return SqlitePages(self._database, self._transcripts)

    @property
    def path(self) -> Path | None:
        """The file, links resolved; None in memory."""
        return self._database.path

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; nests. Takes the write lock at once. Raises StoreError (full disk, read-only, locked)."""
        return self._database.transaction()

    def close(self) -> None:
        """Checkpoint and close; a second call does nothing."""
        self._database.close()


def open_store(path: Path | None, *, make: bool = True, unlock: Callable[[Path], Key] | None = None) -> SqliteStore:
    """Open the database at `path`, made when it is not there, or a new one in memory when None.

    Where it shall not be made, an empty one in memory stands for one that is not there. `unlock` is asked for the key
    of a file that is encrypted, and of no other.
    A file or disk that can only be read is opened for reading; saving then raises. Raises StoreError when it cannot be
    opened at all, NewerDatabaseError for a newer memchat's, LockedError without the key, and what `unlock` raises.
    """
    with explained(path):
        real = None if path is None or not (make or lies_at(path)) else locate(path)
        database = Database(settled(_connection(":memory:")), None) if real is None else _open(real, unlock)
        try:
            _prepare(database)
            disk.finish(database)
        except BaseException:
            database.close()
            raise
    return SqliteStore(database)


def _open(path: Path, unlock: Callable[[Path], Key] | None) -> Database:
    """The file that lies there now. `encrypt` puts another in its place: who was opening the old one begins again.

    What was written into the old one would be lost, and its journal would lie beside the new one.
    """
    for _ in range(_SWAPS):
        file = path.stat().st_ino
        try:
            key = _key(path, unlock)
            connection = _connect(path, key)
        except (apsw.NotADBError, apsw.CorruptError, LockedError):
            if path.stat().st_ino == file:
                raise
            continue
        if path.stat().st_ino == file:
            return Database(connection, path, read_only=connection.readonly("main"), key=key)
        connection.close()
    raise apsw.BusyError


def _key(path: Path, unlock: Callable[[Path], Key] | None) -> Key | None:
    """What opens the file; None for one that is not encrypted."""
    if not is_encrypted(path):
        return None
    if unlock is None:
        raise LockedError(f"{path} is encrypted.", "Give its passphrase: MEMCHAT_PASSPHRASE, or run it in a terminal.")
    return unlock(path)


def _connect(path: Path, key: Key | None) -> Any:
    """A connection that has read the file once, so that what stands in its way shows here."""
    try:
        return settled(_connection(str(path)), key)
    except (apsw.CantOpenError, apsw.ReadOnlyError):
        journal = path.with_name(f"{path.name}-wal")
        if journal.exists() and journal.stat().st_size:
            # The newest words stand only there, and the file itself may be half-way between two states.
            raise StoreError(
                f"{path} holds changes that cannot be read: its folder can only be read.",
                "Copy the file and the one ending in -wal to a folder of your own, and open that with --db.",
            ) from None
    # A folder where SQLite cannot make its journal: read the file alone, which needs none.
    address = f"{path.absolute().as_uri()}?immutable=1"
    return settled(_connection(address, apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI), key)


def _connection(address: str, flags: int = apsw.SQLITE_OPEN_READWRITE) -> Any:
    return apsw.Connection(address, flags=flags, statementcachesize=_STATEMENTS)


def settled(connection: Any, key: Key | None = None) -> Any:
    """The settings of a connection, and a first look into the file; closed when that fails."""
    try:
        connection.set_busy_timeout(_BUSY_MS)
        unlock_connection(connection, key)
        connection.execute(_SETTINGS).fetchall()
        connection.execute("PRAGMA schema_version").fetchall()
    except apsw.Error as error:
        connection.close()
        if key is not None and isinstance(error, apsw.NotADBError):  # the key is the file's own: it was tried
            raise apsw.CorruptError(str(error)) from error
        raise
    return connection


def _prepare(database: Database) -> None:
    """Mark a new file as ours, put it into WAL mode, bring it up to date."""
    ours = database.number("PRAGMA application_id") == APPLICATION_ID
    if database.key is not None and not ours:  # of one that is not encrypted `locate` has seen it
        raise apsw.NotADBError
    if database.read_only:
        database.rows("PRAGMA query_only = ON")
    elif database.path is not None:
        if not ours:
            _claim_file(database)
        _use_wal(database)
        remove_unfinished(database.path)  # nobody is writing one now: this connection would be in the way
    migrate(database)


def _claim_file(database: Database) -> None:
    """In the file itself before there is a journal: `locate` must be able to see it there."""
    with database.transaction():
        database.rows(f"PRAGMA application_id = {APPLICATION_ID}")


def _use_wal(database: Database, patience: float = _BUSY_MS / 1000) -> None:
    """Switch to a write-ahead log. SQLite does not wait here while another process does the same, so we do.

    `patience` is in seconds.
    """
    until = time.monotonic() + patience
    while True:
        try:
            database.connection.execute("PRAGMA journal_mode = WAL").fetchall()
        except apsw.BusyError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return

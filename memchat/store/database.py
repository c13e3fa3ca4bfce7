"""One connection to one database: statements, transactions, and errors in plain words."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from memchat.errors import NotFoundError, StoreError
from memchat.store import failures
from memchat.store.encryption import Key
from memchat.store.failures import explain

Row = tuple[Any, ...]


class Database:
    """Runs statements on an open connection. `path` is None in memory; `read_only` when the file can only be read.

    `key` is what the file is encrypted with, None for a plain one.

    Each method raises StoreError when SQLite cannot do it, and RuntimeError in a thread other than the one that
    opened it: transactions belong to connections, so two threads on one connection would commit each other's halves.
    """

    def __init__(self, connection: Any, path: Path | None, *, read_only: bool = False, key: Key | None = None) -> None:
        self.connection = connection
        self.path = path
        self.read_only = read_only
        self.key = key
        self._thread = threading.get_ident()
        self._depth = 0
        self._afterwards: list[Callable[[], None]] = []

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Run it and read everything."""
        if threading.get_ident() != self._thread:
            raise RuntimeError("a store is used only by the thread that opened it; open another one")
        try:
            found: list[Row] = self.connection.execute(sql, values).fetchall()
        except apsw.Error as error:
            raise self._explained(error) from error
        except UnicodeDecodeError as error:  # bytes in a text column that memchat never wrote
            raise explain(apsw.CorruptError(str(error)), self.path) from error
        except OverflowError as error:  # an id of twenty digits, as somebody may well type one
            raise NotFoundError(
                "Nothing has so large a number.", "memchat memory list and sessions list show all."
            ) from error
        return found

    def row(self, sql: str, *values: object) -> Row | None:
        """Run it and read the first row, if any."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def column(self, sql: str, *values: object) -> list[Any]:
        """Run it and read the first column."""
        return [row[0] for row in self.rows(sql, *values)]

    def number(self, sql: str, *values: object) -> int:
        """Run a statement that always gives one row, and read its first column as an integer."""
        return int(self.rows(sql, *values)[0][0])

    def run(self, sql: str, *values: object) -> int:
        """Run it and say how many rows it changed."""
        self.rows(sql, *values)
        return int(self.connection.changes())

    def insert(self, sql: str, *values: object) -> int:
        """Run an INSERT and give the new row's id."""
        self.rows(sql, *values)
        return int(self.connection.last_insert_rowid())

    def make_aside(self, sql: str) -> None:
        """Make a temporary table, which is no part of the file, so also where the file can only be read."""
        if self.read_only:
            self.rows("PRAGMA query_only = OFF")
        try:
            self.rows(sql)
        finally:
            if self.read_only:
                self.rows("PRAGMA query_only = ON")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. The outermost takes the write lock at once; those within are savepoints.

        One within fails by itself where FTS5 cannot write what it holds back: the outer ones may go on.
        """
        outermost = self._depth == 0
        mark = f"level_{self._depth}"
        waiting = len(self._afterwards)
        self.rows("BEGIN IMMEDIATE" if outermost else f"SAVEPOINT {mark}")
        self._depth += 1
        try:
            yield
            if not outermost:
                # FTS5 writes when a savepoint begins, or at RELEASE: were that to fail, there is no savepoint any more.
                self.rows(f"SAVEPOINT written_{mark}")
            self.rows("COMMIT" if outermost else f"RELEASE {mark}")
        except BaseException:
            del self._afterwards[waiting:]
            self._undo(None if outermost else mark)
            raise
        finally:
            self._depth -= 1
        if outermost:
            self._run_afterwards()

    def after_commit(self, act: Callable[[], None]) -> None:
        """Run `act` once the transaction around this call is on disk; never when it is rolled back."""
        self._afterwards.append(act)

    def close(self) -> None:
        """Checkpoint and close; a second call does nothing."""
        self.connection.close()

    def _undo(self, mark: str | None) -> None:
        """Roll back to where the transaction, or the savepoint, began."""
        if not self.connection.in_transaction:
            return  # a full disk or a read error makes SQLite roll everything back by itself
        if mark is None:
            self.rows("ROLLBACK")
        else:
            self.rows(f"ROLLBACK TO {mark}")
            self.rows(f"RELEASE {mark}")

    def _explained(self, error: apsw.Error) -> StoreError:
        """The error in plain words; FTS5 calls the file malformed when one of the tables it keeps is gone."""
        if type(error) is apsw.CorruptError and failures.index_lacks_tables(self.connection):
            return failures.index_damaged(self.path)
        return explain(error, self.path)

    def _run_afterwards(self) -> None:
        """What waited for the commit; a list of its own, for an act may write."""
        waiting, self._afterwards = self._afterwards, []
        for act in waiting:
            act()

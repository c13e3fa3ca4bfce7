"""Everything that is kept, read out as records of plain values: what an export holds."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import apsw

from memchat.domain import Retired, Taken
from memchat.errors import StoreError
from memchat.ports.records import Cleaner
from memchat.store import hashes
from memchat.store.carried import Carried
from memchat.store.cleaning import Cleaning
from memchat.store.database import Database
from memchat.store.encryption import unlock_connection
from memchat.store.erase import SqliteErasure
from memchat.store.failures import explained
from memchat.store.index import MessageIndex
from memchat.store.intake import Intake
from memchat.store.record_forms import COUNTED, FORMS, Form, told
from memchat.store.record_head import META, TYPE, VERSION, Head
from memchat.store.retiring import Retiring
from memchat.store.settling import Settling

# Of 4 KB: some milliseconds each time.
_PAGES = 2_000


class SqliteRecords:
    """All tables that are not derived from others, row by row."""

    def __init__(self, database: Database, index: MessageIndex, erasure: SqliteErasure) -> None:
        self.database = self._database = database
        self.index = index
        self.erasure = erasure
        self._retiring = Retiring(database, index, erasure)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Within it everything is read as it stands at one moment; others may go on writing."""
        self._database.rows("BEGIN")
        try:
            yield
        finally:
            self._database.rows("ROLLBACK")

    def head(self) -> dict[str, Any]:
        """The first line. `ids` are the highest that were ever given, so that none is given twice."""
        ids: dict[str, int] = dict(
            self._database.rows("SELECT name, seq FROM sqlite_sequence WHERE seq > 0 ORDER BY name")
        )
        meta: dict[str, Any] = dict(self._database.rows("SELECT name, value FROM meta"))
        return {
            "type": TYPE,
            "version": VERSION,
            "ids": {table: ids[table] for table in COUNTED if table in ids},
            "meta": {name: meta[name] for name in META if name in meta},
            "keys": [key.hex() for key in hashes.keys(self._database, hashes.OF_TOMBSTONES)],
            "lines": {form.kind: count for form in FORMS if (count := self._count(form))},
        }

    def lines(self) -> Iterator[dict[str, Any]]:
        """Everything else, in the order of `FORMS`, one record at a time: nothing is read ahead."""
        for form in FORMS:
            inner = self._inner(form)
            for row in self._rows(form):
                record = {"type": form.kind, **told(form, row)}
                if form.within is not None:
                    record[form.key] = inner.of(row["id"])
                yield record

    def intake(
        self, head: Mapping[str, object], *, clean: Cleaner | None, review: bool, at: datetime
    ) -> AbstractContextManager["Importing"]:
        """Take records in, all or none."""
        return _opened(self._database, self.index, self.erasure, head, clean=clean, review=review, at=at)

    def back_up(self, target: Path, progress: Callable[[int, int], None]) -> None:
        """Copy everything as it stands at one moment into the empty file `target`, and check the copy.

        `progress` hears how many pages are done, of how many. A copy of what is encrypted is so with the same key.
        Raises StoreError.
        """
        with explained(target), closing(apsw.Connection(str(target), flags=apsw.SQLITE_OPEN_READWRITE)) as copy:
            unlock_connection(copy, self._database.key)
            with self.reading(), copy.backup("main", self._database.connection, "main") as work:
                while not work.done:
                    work.step(_PAGES)
                    progress(work.page_count - work.remaining, work.page_count)
            # Back to one file: a copy in WAL mode would want journals of its own when it is looked at.
            copy.execute("PRAGMA journal_mode = DELETE").fetchall()
            verdict = copy.execute("PRAGMA integrity_check(1)").fetchall()
        if verdict != [("ok",)]:
            raise StoreError(
                f"{self._database.path} is damaged: the backup did not pass the check, so there is none.",
                "Look at it: memchat doctor. An older backup: memchat restore FILE",
            )

    def retire(self, before: datetime, at: datetime) -> Retired:
        """Erase the words of conversations from before that moment; memories stay."""
        return self._retiring.retire(before, at)

    def old(self, before: datetime) -> int:
        """How much `retire` would erase at most: messages and typed lines."""
        return self._retiring.old(before)

    def retired(self) -> Retired | None:
        """What was erased so the last time; None when that was never."""
        return self._retiring.last()

    def _count(self, form: Form) -> int:
        return self._database.number(f"SELECT count(*) FROM {form.table}")  # noqa: S608 - the names are ours

    def _rows(self, form: Form, order: str = "") -> Iterator[dict[str, Any]]:
        """The rows of a table, read as they are asked for."""
        columns = [one.at for one in form.fields]
        order = order or form.order
        owner = [order.split(",")[0]] if order != form.order else []
        sql = f"SELECT {', '.join(columns + owner)} FROM {form.table} ORDER BY {order}"  # noqa: S608 - the names are ours
        with explained(self._database.path):
            try:
                for row in self._database.connection.execute(sql):
                    yield dict(zip(columns + owner, row, strict=True))
            except UnicodeDecodeError as error:  # bytes in a text column that memchat never wrote
                raise apsw.CorruptError(str(error)) from error

    def _inner(self, form: Form) -> "_Inner":
        if form.within is None:
            return _Inner(form, iter(()))
        place = "position" if form.within.kind == "part" else "id"
        return _Inner(form, self._rows(form.within, f"{form.owner}, {place}"))


class _Inner:
    """Rows that stand within others', which are asked for in the same order as they come."""

    def __init__(self, form: Form, rows: Iterator[dict[str, Any]]) -> None:
        self._form = form
        self._rows = rows
        self._next = next(rows, None)

    def of(self, owner: int) -> list[dict[str, Any]]:
        """All that belong to that row."""
        found: list[dict[str, Any]] = []
        within = self._form.within
        while within is not None and self._next is not None and self._next[self._form.owner] == owner:
            found.append(told(within, self._next))
            self._next = next(self._rows, None)
        return found


@contextmanager
def _opened(
    database: Database, index: MessageIndex, erasure: SqliteErasure, head: Mapping[str, object], **how: Any
) -> "Iterator[Importing]":
    """An import, all or none of which is there after the block; `how` as `ports.records.Records.intake`."""
    told = Head.read(head)
    carried = Carried(database)
    with database.transaction():
        carried.open()
        intake = Intake(database, carried, told, cleaning=Cleaning(how["clean"]), review=how["review"], at=how["at"])
        yield Importing(intake, Settling(database, index, erasure, carried), told, at=how["at"], review=how["review"])
        carried.close()


class Importing:
    """What the rest of memchat sees of an import."""

    def __init__(self, intake: Intake, settling: Settling, head: Head, *, at: datetime, review: bool) -> None:
        self.take = intake.take
        self._intake = intake
        self._settling = settling
        self._head = head
        self._at = at
        self._review = review

    def finish(self) -> Taken:
        """All lines were taken: check what only shows now, and mend what rests on them. Raises MemchatError."""
        told = self._intake.close()
        return self._settling.settle(told, self._head, blocked=self._intake.blocked, at=self._at, review=self._review)

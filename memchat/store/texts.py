"""One FTS5 table that knows words and pieces of texts by number, and holds no text and no places."""

import re
from collections.abc import Sequence

import apsw

from memchat.errors import IndexDamagedError
from memchat.store import words
from memchat.store.database import Database, Row
from memchat.store.recall_schema import BESIDE, LETTERS

_PUT = "INSERT INTO TABLE_NAME (rowid, words, pieces) VALUES (?, ?, ?)"
_DROP = "INSERT INTO TABLE_NAME (TABLE_NAME, rowid, words, pieces) VALUES ('delete', ?, ?, ?)"
_HAS = "SELECT 1 FROM TABLE_NAME_docsize WHERE id = ?"
# Fails where a table that FTS5 keeps is gone. Were FTS5 to meet that itself, nothing at all could be written, into
# whatever table, until the whole transaction is rolled back.
_READY = "SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM TABLE_NAME_{what})" for what in BESIDE)  # noqa: S608 - the names are ours
_COUNT = """
    SELECT count(*) FROM (SELECT 1 FROM TABLE_NAME WHERE TABLE_NAME MATCH ? LIMIT ?)
"""
_HOLDING = """
    SELECT rowid FROM TABLE_NAME WHERE TABLE_NAME MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?
"""
# Number of rows, then number of words in each column, as FTS5 keeps them.
_TOTALS = "SELECT block FROM TABLE_NAME_data WHERE id = 1"
# Four bytes, then the number of levels and that of segments, as FTS5 keeps them; the four of a newer format before.
_STRUCTURE = "SELECT substr(block, 5, 24) FROM TABLE_NAME_data WHERE id = 10"
_NEWER = b"\xff\0\0\1"
_CHECK = "INSERT INTO TABLE_NAME (TABLE_NAME) VALUES ('integrity-check')"
_ANY = "SELECT 1 FROM TABLE_NAME_docsize LIMIT 1"
# So many pages at most, of four segments of about one size or more; below zero begins to merge all of them.
_MERGE = "INSERT INTO TABLE_NAME (TABLE_NAME, rank) VALUES ('merge', ?)"
# A word is looked up in each segment, and FTS5 merges the smallest once there are 16: left to itself, 100,000 turns
# have 16, and a word of a question takes 195 microseconds instead of the 47 of a single one. All become one where there
# are this many, which is after some 130 turns, and writes 30 MB then where there are 100,000; in steps of about 10 ms.
_FEW, _MANY, _PAGES = 4, 6, 64
# What FTS5 says of its words: how many rows hold one, and which.
_VOCABULARY = tuple(
    f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{kind}_TABLE_NAME USING fts5vocab (main, TABLE_NAME, {kind})"
    for kind in ("row", "instance")
)
_ALL_SQL = (_PUT, _DROP, _HAS, _READY, _COUNT, _HOLDING, _TOTALS, _STRUCTURE, _CHECK, _ANY, _MERGE, *_VOCABULARY)
_STRING = re.compile('"((?:[^"]|"")*)"')
# From which number to which is searched, both included.
Span = tuple[int, int]
ALL: Span = (0, 2**63 - 1)


class Texts:
    """The rows of one table. Its methods raise IndexDamagedError when the table is missing or damaged."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._sql = {sql: sql.replace("TABLE_NAME", table) for sql in _ALL_SQL}
        self._tokens = database.connection.fts5_tokenizer("unicode61", list(LETTERS))

    def put(self, number: int, text: str) -> None:
        """Take the text in."""
        self._run(_READY)
        self._run(_PUT, number, words.words_of(text), words.pieces_of(text))

    def drop(self, number: int, text: str) -> None:
        """Take it out again: the same text as was put in."""
        self._run(_READY)
        self._run(_DROP, number, words.words_of(text), words.pieces_of(text))

    def has(self, number: int) -> bool:
        """Whether something is in under this number."""
        return bool(self._run(_HAS, number))

    def count(self, expression: str, most: int) -> int:
        """How many rows an FTS5 expression finds, counted up to `most`."""
        return int(self._run(_COUNT, self._without_phrases(expression), most)[0][0])

    def holding(self, expression: str, span: Span, most: int) -> Sequence[int]:
        """The numbers of the rows that it finds, the highest first, `most` of them."""
        return [row[0] for row in self._run(_HOLDING, self._without_phrases(expression), *span, most)]

    def totals(self) -> tuple[int, int]:
        """How many rows it has, and how many words they have together."""
        rows, *columns = _varints(self._block(_TOTALS)) or [0]
        return rows, sum(columns)

    def whole(self) -> bool:
        """Whether FTS5 finds that its tables agree, and where there are rows, also a segment to find them in."""
        try:
            self._run(_CHECK)
            return not self._run(_ANY) or self._segments() > 0
        except IndexDamagedError:
            return False

    def merge(self, *, whole: bool) -> bool:
        """Put a little of its segments together, those of about one size, or all where they are many and `whole`;
        whether there may be more.
        """
        segments = self._segments()
        if segments >= _FEW and self._merged(_PAGES):
            return True
        return whole and segments >= _MANY and self._merged(-_PAGES)

    def _segments(self) -> int:
        numbers = _varints(self._block(_STRUCTURE).removeprefix(_NEWER))
        return numbers[1] if len(numbers) > 1 else 0  # with less it is damaged, and nothing is to be made of it

    def _merged(self, pages: int) -> bool:
        """Whether anything was: then more than the command itself has changed (FTS5's documentation, "merge")."""
        self._run(_READY)
        with self._database.transaction():  # as it begins, FTS5 writes down what it still held, which counts, too
            before = self._database.connection.total_changes()
            self._run(_MERGE, pages)
            return bool(self._database.connection.total_changes() - before > 1)

    def _block(self, sql: str) -> bytes:
        """What FTS5 keeps in one row; nothing where it is damaged, and holds no bytes or is gone."""
        found = self._run(sql)
        return found[0][0] if found and isinstance(found[0][0], bytes) else b""

    def open_vocabulary(self) -> None:
        """Its words as tables, `temp.row_...` and `temp.instance_...` with its own name behind."""
        self._run(_READY)  # a vocabulary of a table that is gone has no name for what is wrong
        for sql in _VOCABULARY:
            self._database.make_aside(self._sql[sql])

    def _without_phrases(self, expression: str) -> str:
        """The same, where each string is one token: a table that knows no places refuses a row of them."""
        return _STRING.sub(self._apart, expression)

    def _apart(self, string: re.Match[str]) -> str:
        if string[1].isascii() and string[1].isalnum():
            return string[0]
        text = string[1].encode("utf-8", "replace")
        tokens = self._tokens(text, apsw.FTS5_TOKENIZE_QUERY, None)
        if len(tokens) < 2:
            return string[0]
        return f"({' AND '.join(words.quoted(text[start:end].decode()) for start, end, *_ in tokens)})"

    def _run(self, sql: str, *values: object) -> list[Row]:
        return self._database.rows(self._sql[sql], *values)


def _varints(block: bytes) -> list[int]:
    """SQLite's integers of seven bits a byte, the highest first; numbers of nine bytes do not come up here."""
    found = [0]
    for byte in block:
        found[-1] = found[-1] << 7 | byte & 127
        if byte < 128:
            found.append(0)
    return found[:-1]

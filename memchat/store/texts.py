"""One FTS5 table that knows words and pieces of texts by number, and holds no text and no places."""

import re
from collections.abc import Sequence

import apsw

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
# What FTS5 says of its words: how many rows hold one, and which.
_VOCABULARY = tuple(
    f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{kind}_TABLE_NAME USING fts5vocab (main, TABLE_NAME, {kind})"
    for kind in ("row", "instance")
)
_ALL_SQL = (_PUT, _DROP, _HAS, _READY, _COUNT, _HOLDING, _TOTALS, *_VOCABULARY)
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
        found = self._run(_TOTALS)
        rows, *columns = _varints(found[0][0]) if found and found[0][0] else [0]
        return rows, sum(columns)

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

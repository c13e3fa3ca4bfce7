"""Whether the index still knows erased words: its own vocabulary against the rows that are kept.

A scan of its bytes would prove nothing, for FTS5 writes of each word only what tells it from the one before.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import apsw

from memchat.errors import IndexDamagedError
from memchat.store import words
from memchat.store.database import Database
from memchat.store.entries import Entries
from memchat.store.labels import label_of
from memchat.store.numbering import PIECE_BITS, numbered
from memchat.store.recall_schema import LETTERS, TEXT_TABLES

_COUNT = "SELECT doc FROM temp.row_{table} WHERE term = ?"
_HOLDING = "SELECT DISTINCT doc FROM temp.instance_{table} WHERE term = ?"
_LIKE = "SELECT term FROM temp.row_{table} WHERE instr(term, ?)"
_LABEL = "SELECT title, topics FROM sessions WHERE id = ?"
_CUTS = "SELECT cuts FROM messages WHERE id = ? AND indexed = 1"
_EVERYDAY = 500  # rows that hold a word: one that stands in more tells nothing of anybody, and is passed over


class Terms:
    """The vocabulary of both indexes."""

    def __init__(self, database: Database, index: Entries) -> None:
        self._database = database
        self._index = index
        self._tables = dict(zip(TEXT_TABLES, (index.texts, index.labels.texts), strict=True))
        self._tokens = database.connection.fts5_tokenizer("porter", ["unicode61", *LETTERS])

    def unaccounted(self, phrases: Sequence[str]) -> Iterator[str]:
        """Words of the phrases of which the index counts other rows than those that are kept and hold them."""
        wanted = sorted({term for phrase in phrases for term in self._of(phrase)})
        for (table, texts), text_of in zip(self._tables.items(), (self._piece, self._label), strict=True):
            with suppress(IndexDamagedError):  # doctor tells of it
                texts.open_vocabulary()
                yield from (term for term in wanted if not self._agrees(table, term, text_of))

    def like(self, letters: str) -> list[str]:
        """Words of the index that hold these letters."""
        found: list[str] = []
        for table, texts in self._tables.items():
            with suppress(IndexDamagedError):
                texts.open_vocabulary()
                found += self._database.column(_LIKE.format(table=table), letters)
        return found

    def _agrees(self, table: str, term: str, text_of: Callable[[int], str]) -> bool:
        counted: int = sum(self._database.column(_COUNT.format(table=table), term))
        if counted > _EVERYDAY:
            return True
        numbers = self._database.column(_HOLDING.format(table=table), term) if counted else ()
        return counted == sum(term in self._of(text_of(number)) for number in numbers)

    def _of(self, text: str) -> set[str]:
        """The words that the index makes of a text."""
        told = f"{words.words_of(text)} {words.pieces_of(text)}".encode("utf-8", "replace")
        return {term for _, _, *terms in self._tokens(told, apsw.FTS5_TOKENIZE_DOCUMENT, None) for term in terms}

    def _piece(self, number: int) -> str:
        """The text of a row of the index of messages, as it is kept; empty when it is not."""
        message = number >> PIECE_BITS
        cuts = self._database.column(_CUTS, message)
        texts = dict(numbered(message, self._index.text_of(message), cuts[0])) if cuts else {}
        return texts.get(number, "")

    def _label(self, number: int) -> str:
        """Title and topics of a conversation."""
        row = self._database.row(_LABEL, number)
        return "" if row is None else label_of(*row)

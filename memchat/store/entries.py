"""What goes into the index of past exchanges and what leaves it, in the transaction of the message itself.

A message belongs into the index when it is on its session's active path and has unbarred text; `messages.indexed` says
so. Tool calls, tool results and files never do.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from memchat.errors import IndexDamagedError
from memchat.memory.pieces import ends
from memchat.store.database import Database
from memchat.store.labels import Labels
from memchat.store.numbering import numbered
from memchat.store.texts import Texts
from memchat.store.vectors import Vectors

_TEXT = """
    SELECT p.content FROM parts p JOIN messages m ON m.id = p.message_id
    WHERE m.id = ? AND m.role IN ('user', 'assistant') AND p.kind = 'text' AND p.barred = 0 ORDER BY p.position
"""
_IN = "UPDATE messages SET indexed = 1, cuts = ? WHERE id = ? AND indexed = 0"
_OUT = "UPDATE messages SET indexed = 0, cuts = NULL WHERE id = ?"
# Where somebody lost the row, nothing waits; `health` still finds what is missing.
WAITING_TO = "coalesce((SELECT value FROM meta WHERE name = 'to_reindex'), 0)"
_BAR = "UPDATE parts SET barred = 1 WHERE id IN (SELECT value FROM json_each(?))"
_CUTS = "SELECT cuts FROM messages WHERE id = ? AND indexed = 1"


class Entries:
    """The rows of messages. What is said is saved also where the index is damaged; what is erased is not."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.texts = Texts(database, "words_of_messages")
        self.vectors = Vectors(database)
        self.labels = Labels(database)

    def put(self, message_id: int) -> None:
        """Take the message in; one without words, or already in, is left alone. An index that is damaged waits."""
        text = self.text_of(message_id)
        if not (places := ends(text)):
            return
        cuts = ",".join(map(str, places))
        if self._database.run(_IN, cuts, message_id) and message_id > self.waiting_to():
            try:
                with self._database.transaction():
                    self.write(message_id, text, cuts)
            except IndexDamagedError:
                return  # `health` finds the message missing, and a rebuild takes it in

    def drop(self, message_id: int) -> bool:
        """Take it out again, while the message still has the text it was put in with; whether it was in."""
        row = self._database.row(_CUTS, message_id)
        if row is None:
            return False
        if message_id > self.waiting_to():
            for number, piece in numbered(message_id, self.text_of(message_id), row[0]):
                if self.texts.has(number):
                    self.texts.drop(number, piece)
        self._database.rows(_OUT, message_id)
        self.vectors.drop(message_id)
        return True

    @contextmanager
    def forgetting(self, messages: Iterable[int]) -> Iterator[None]:
        """Within it these messages may lose words: what is in of them is taken out, and in again with what is left."""
        indexed = [message_id for message_id in sorted(set(messages)) if self.drop(message_id)]
        yield
        for message_id in indexed:
            self.put(message_id)

    def bar(self, parts: Iterable[int], messages: Iterable[int]) -> None:
        """Keep these parts of these messages for the person alone: they leave the index, the rest stays in."""
        with self.forgetting(messages):
            self._database.rows(_BAR, json.dumps([*parts]))

    def write(self, message_id: int, text: str, cuts: str) -> None:
        """Take the pieces of a message in, which are not."""
        for number, piece in numbered(message_id, text, cuts):
            self.texts.put(number, piece)

    def waiting_to(self) -> int:
        """Messages up to this one are not in the index yet, whatever `indexed` says; 0 when all are."""
        return self._database.number(f"SELECT {WAITING_TO}")

    def text_of(self, message_id: int) -> str:
        """What the index knows of a message."""
        return "\n\n".join(self._database.column(_TEXT, message_id))

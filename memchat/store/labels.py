"""Sessions in an index of their own, by title and topics, kept right by whatever changes either."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from memchat.errors import IndexDamagedError
from memchat.store.database import Database
from memchat.store.texts import Texts

_LABEL = "SELECT title, topics FROM sessions WHERE id = ?"
# A title goes too when it may be a model's: it was made of the same words as the summary.
_UNSUM = """
    UPDATE sessions SET summary = '', topics = '[]', title = iif(title_by_hand OR consolidated_to IS NULL, title, ''),
        consolidated_to = NULL
    WHERE id = ?
"""


class Labels:
    """The rows of `words_of_sessions`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.texts = Texts(database, "words_of_sessions")

    @contextmanager
    def changing(self, session_id: int) -> Iterator[None]:
        """Within it title and topics may change: what the index knows of the session is taken out, and in again.

        They are saved also where the index is damaged; then a rebuild takes the session in.
        """
        with self._database.transaction():
            try:
                with self._database.transaction():
                    self._take_out(session_id)
            except IndexDamagedError:
                yield
                return
            yield
            with suppress(IndexDamagedError), self._database.transaction():
                self.put(session_id)

    @contextmanager
    def forgetting(self, session_id: int) -> Iterator[None]:
        """The same for what must not stay in the index; raises IndexDamagedError where it would."""
        with self._database.transaction():
            self._take_out(session_id)
            yield
            self.put(session_id)

    def unsum(self, session_id: int) -> None:
        """Erase what a session came to: summary, topics and mark, so that what is left is learned from anew."""
        with self.forgetting(session_id):
            self._database.rows(_UNSUM, session_id)

    def put(self, session_id: int) -> None:
        """Take a session in that is not; one without title and topics is left alone."""
        if label := self._of(session_id):
            self.texts.put(session_id, label)

    def _take_out(self, session_id: int) -> None:
        if self.texts.has(session_id):
            self.texts.drop(session_id, self._of(session_id))

    def _of(self, session_id: int) -> str:
        """Title and topics as one text; empty when it has none, or is not there."""
        row = self._database.row(_LABEL, session_id)
        return "" if row is None else label_of(*row)


def label_of(title: str, topics: str) -> str:
    """Title and topics, which are stored as JSON, as one text."""
    if topics == "[]":
        return title
    return " \u00b7 ".join([title, *json.loads(topics)] if title else json.loads(topics))

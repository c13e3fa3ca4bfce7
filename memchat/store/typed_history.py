"""What was typed at the prompt, for Up and Ctrl-R: a table, so that it is forgotten with all else."""

from datetime import datetime

from memchat.store.database import Database
from memchat.store.moments import to_columns
from memchat.store.uids import new_uid

_ADD_ENTRY = """
    INSERT INTO history (uid, text, at, at_offset) SELECT ?1, ?2, ?3, ?4
    WHERE ?2 IS NOT (SELECT text FROM history ORDER BY id DESC LIMIT 1)
"""


class TypedHistory:
    """What was typed at the prompt, for Up and Ctrl-R."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, text: str, at: datetime) -> None:
        """Remember one entry; a repetition of the newest is not kept twice."""
        self._database.rows(_ADD_ENTRY, new_uid(at), text, *to_columns(at))

    def newest(self, limit: int) -> list[str]:
        """Entries, newest first."""
        return [str(text) for text in self._database.column("SELECT text FROM history ORDER BY id DESC LIMIT ?", limit)]

"""What an import leaves out since it was erased whole here: conversations and messages, known by their hashed uids."""

from collections.abc import Callable
from typing import Any

from memchat.store.database import Database
from memchat.store.record_forms import Form
from memchat.store.tombstones import Graves

# Kinds of lines whose rows can be erased whole. What was shown names such rows, and goes with them.
_WHOLE = ("session", "message", "typed")
_FOLLOWS = ("message", "shown")


class KeptOut:
    """Decides of each line of a file, in its order, whether it stays out. Ids are the file's."""

    def __init__(self, database: Database) -> None:
        graves = Graves(database)
        self._buried: dict[str, Callable[[str], bool]] = {kind: graves.buried(kind) for kind in _WHOLE}
        self._left: set[tuple[str, int]] = set()
        self._parents: dict[int, int | None] = {}  # of messages that stay out
        self._turns: set[tuple[int, int]] = set()  # that such messages are of

    def leaves(self, form: Form, row: dict[str, Any]) -> bool:
        """Whether the line stays out; whoever asks leaves it out then."""
        erased = form.kind in self._buried and self._buried[form.kind](row["uid"])
        if not erased and not (form.kind in _FOLLOWS and self._names_what_is_left(form, row)):
            return False
        self._left.add((form.kind, row["id"]))
        if form.kind == "message":
            self._parents[row["id"]] = row["parent"]
            self._turns.add((row["session_id"], row["turn"]))
        return True

    def parent(self, message: int | None) -> int | None:
        """The nearest message above this one that does not stay out: itself, where it does not."""
        seen: set[int] = set()  # a file may say that parents go round in a circle
        while message in self._parents and message not in seen:
            seen.add(message)
            message = self._parents[message]
        return message

    def bare(self, source: dict[str, Any]) -> dict[str, Any]:
        """Where a memory comes from, without the words and the place of a message that stays out."""
        if ("message", source["message_id"]) not in self._left:
            return source
        return source | {"turn": None, "span_start": None, "span_end": None, "quote": ""}

    def _names_what_is_left(self, form: Form, row: dict[str, Any]) -> bool:
        """Whether it belongs to what stays out; a message does not go with the one that it answers."""
        if (
            form.kind == "shown"
            and {(row["session_id"], row["turn"]), (row["of_session_id"], row["of_turn"])} & self._turns
        ):
            return True
        return any((one.names, row[one.at]) in self._left for one in form.fields if one.names and not one.ahead)

"""An import under way: records become rows, exactly as they were, or merged with what is there by their uids.

What can only be told once all lines are in is in `settling.py`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import apsw

from memchat.domain import Taken
from memchat.errors import StoreError
from memchat.memory.outcomes import ERASED
from memchat.memory.words import words
from memchat.store import moments
from memchat.store.carried import MOVES, Carried, refused
from memchat.store.cleaning import Cleaning
from memchat.store.database import Database
from memchat.store.kept_out import KeptOut
from memchat.store.note_words import NoteWords
from memchat.store.record_forms import BY_KIND, FORMS, MESSAGE, Form, checked
from memchat.store.record_head import Head
from memchat.store.reviewing import believed, reviewed
from memchat.store.sessions import name_key
from memchat.store.tombstones import Graves

_SAME = """
    SELECT id FROM memories WHERE field = ? AND text = ? AND space = ? AND status = 'active' AND withdrawn_at IS NULL
        AND superseded_by IS NULL AND (valid_to IS NULL OR valid_to > ?) LIMIT 1
"""
# A known memory may have changed where the file comes from: what is newer holds. Its words never change.
_STATE = (
    *("status", "importance", "pinned", "why", "why_before", "valid_from", "valid_from_offset", "valid_to"),
    *("valid_to_offset", "last_confirmed_at", "last_confirmed_offset", "superseded_at", "superseded_offset"),
    *("withdrawn_at", "withdrawn_offset", "changed_at"),
)
_NEWER = f"UPDATE memories SET {', '.join(f'{name} = ?' for name in _STATE)} WHERE id = ? AND changed_at < ?"  # noqa: S608 - the names are ours
_COUNTED = """
    INSERT INTO ignored VALUES (?1, ?2, ?3)
    ON CONFLICT (why) DO UPDATE SET number = max(number, ?2), last_at = max(last_at, ?3)
"""


class Intake:
    """Takes records, within a transaction."""

    def __init__(
        self, database: Database, carried: Carried, head: Head, *, cleaning: Cleaning, review: bool, at: datetime
    ) -> None:
        self._database = database
        self._carried = carried
        self._head = head
        self._cleaning = cleaning
        self._review = review
        self._at = at
        self._now = moments.to_text(at)
        self.exact = not review and _pristine(database)
        self.blocked: list[int] = []
        self._notes = NoteWords(database)
        self._graves = Graves(database)
        self._kept_out = KeptOut(database)
        self._highest: dict[str, int] = dict(database.rows("SELECT name, seq FROM sqlite_sequence"))
        self._counts = {fate: Counter[str]() for fate in ("added", "known", "left", "gone")}
        self._renumbered = 0
        self._line = 1
        if not self.exact:
            carried.read_uids()

    def take(self, record: Mapping[str, object], line: int) -> None:
        """One line of the file below the first. Raises MemchatError: what is wrong with it."""
        self._line = line
        form = BY_KIND.get(str(record.get("type")))
        try:
            self._take(form, record)
        except ValueError as error:
            raise refused(line, str(error)) from None
        except StoreError as error:
            if isinstance(error.__cause__, apsw.ConstraintError):
                raise refused(line, f"it contradicts itself or another line ({error.__cause__})") from None
            raise

    def close(self) -> Taken:
        """All lines were taken: nothing is missing. Returns the counts. Raises MemchatError."""
        for kind, number in self._head.lines.items():
            found = sum(counted[kind] for counted in self._counts.values())
            if found != number:
                raise refused(self._line + 1, f"the file ends here, with {found:,} of {number:,} lines of {kind}")
        self._counts["added"]["memory"] -= len(self.blocked)
        counts = {fate: _by_kind(counted) for fate, counted in self._counts.items()}
        return Taken(
            self.exact,
            counts["added"],
            counts["known"],
            counts["left"],
            len(self.blocked),
            masked=self._cleaning.found,
            renumbered=self._renumbered,
            gone=counts["gone"],
        )

    # One record

    def _take(self, form: Form | None, record: Mapping[str, object]) -> None:
        if form is None:
            raise ValueError('"type" must be one of ' + ", ".join(BY_KIND))
        told = self._cleaning.row(form, checked(form, record))
        row, inner = self._wanted(form, told), _within(form, record)
        known = None if self.exact or row is None else self._known(form, row)
        gone = row is not None and known is None and not self.exact and self._kept_out.leaves(form, row)
        if row is None or gone:
            self._counts["gone" if gone else "left"][form.kind] += 1
            self._leave(form, told)
            return self._take_within(form, None, inner)
        if known is None:
            new = self._add(form, row)
            self._counts["added"][form.kind] += 1
            return self._take_within(form, new, inner, fresh=True)
        self._counts["known"][form.kind] += 1
        if form.has_id:
            self._carried.put(form, row["id"], known, self._line)
        self._join(form, row, known)
        return self._take_within(form, known, inner)

    def _wanted(self, form: Form, row: dict[str, Any]) -> dict[str, Any] | None:
        if self._review:
            return reviewed(form.kind, row, self._now)
        return row if self.exact else believed(form.kind, row)

    def _leave(self, form: Form, row: dict[str, Any]) -> None:
        if form.has_id:
            self._carried.put(form, row["id"], None, self._line)

    def _known(self, form: Form, row: dict[str, Any]) -> int | None:
        """The row that is there already; 0 for one without a number."""
        if form.kind == "blob":
            return 0 if self._database.rows("SELECT 1 FROM blobs WHERE hash = ?", row["hash"]) else None
        if form.kind == "ignored":
            return 0 if self._database.rows("SELECT 1 FROM ignored WHERE why = ?", row["why"]) else None
        found = self._carried.known(form, row["uid"])
        if found is None and form.kind == "memory" and self._may_be_said_twice(row):
            same = self._database.column(_SAME, row["field"], row["text"], row["space"], self._now)
            return same[0] if same else None
        return found

    def _may_be_said_twice(self, row: dict[str, Any]) -> bool:
        holds = row["withdrawn_at"] is None and row["superseded_by"] is None and row["valid_to"] is None
        return holds and (row["status"] == "active" or self._review)

    def _join(self, form: Form, row: dict[str, Any], known: int) -> None:
        """What the file tells of a row that is there already."""
        if form.kind == "ignored":
            self._database.rows(_COUNTED, row["why"], row["number"], row["last_at"])
        if form.kind == "session" and row["leaf"] is not None:
            leaf = next(field for field in form.fields if field.key == "leaf")
            self._carried.look_ahead(form, known, leaf, row["leaf"], self._line, MOVES)
        if form.kind == "memory" and self._carried.known(form, row["uid"]) == known and not self._review:
            changed = self._database.run(_NEWER, *(row[name] for name in _STATE), known, row["changed_at"])
            for field in (one for one in form.fields if one.ahead and changed and row[one.at] is not None):
                self._carried.look_ahead(form, known, field, row[field.at], self._line)

    def _add(self, form: Form, row: dict[str, Any], **owner: int) -> int:
        """A new row; returns its number, 0 where it has none."""
        if form is MESSAGE:
            row = row | {"parent": self._kept_out.parent(row["parent"])}
        values = self._referring(form, row)
        if form.kind == "session":
            values |= self._name(values["name"], values["space"])
        if form.has_id:
            values["id"] = self._number(form, row["id"])
        self._insert(form, owner | values)
        new: int = values.get("id", 0)
        if form.has_id:
            self._carried.put(form, row["id"], new, self._line, fresh=True)
        for field in form.fields:
            if field.ahead and row[field.at] is not None:
                self._carried.look_ahead(form, new, field, row[field.at], self._line)
        if form.kind == "memory":
            self._remember(new, row)
        return new

    def _referring(self, form: Form, row: dict[str, Any]) -> dict[str, Any]:
        """The row with the ids of this database, those that look ahead left empty.

        Raises ValueError for a row that names itself, or what does not stand above it.
        """
        values = dict(row)
        for field in form.fields:
            old = row[field.at]
            if not field.names or old is None:
                continue
            if (field.names, old) == (form.kind, row["id"]):
                raise ValueError(f'"{field.key}" names the {form.kind} itself')
            values[field.at] = None if field.ahead else self._carried.named(field, old)
        return values

    def _remember(self, new: int, row: dict[str, Any]) -> None:
        """A new memory is found by its words; one that was erased or refused here stays away."""
        self._notes.put(new, row["text"])
        grave = None if self.exact else self._graves.find(row["field"], words(row["text"]))
        if grave is None:
            return
        if grave.never or moments.to_text(grave.at) >= row["created_at"]:
            self.blocked.append(new)
        else:  # it was said anew, elsewhere: the user is asked, as in a chat
            self._database.rows("UPDATE memories SET status = 'pending', why = ? WHERE id = ?", ERASED, new)

    def _insert(self, form: Form, values: Mapping[str, Any]) -> None:
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        sql = f"INSERT INTO {form.table} ({columns}) VALUES ({marks})"  # noqa: S608 - the names are ours
        self._database.rows(sql, *values.values())

    def _number(self, form: Form, old: int) -> int:
        """The id of a new row: the file's, where the database may still give it."""
        if self.exact:
            return old
        highest = self._highest.get(form.table, 0)
        new = old if old > highest else highest + 1
        self._highest[form.table] = new
        self._renumbered += new != old and form.kind in {"session", "memory"}
        return new

    def _name(self, name: str, space: str) -> dict[str, str]:
        """A conversation's name: another one's is not taken, it gets a number behind it."""
        sql, chosen, number = "SELECT 1 FROM sessions WHERE space = ? AND name_key = ?", name, 1
        while name and not self.exact and self._database.rows(sql, space, name_key(chosen)):
            number += 1
            chosen = f"{name} {number}"
        return {"name": chosen, "name_key": name_key(chosen)}

    # Rows that stand within another

    def _take_within(
        self, form: Form, owner: int | None, inner: Sequence[Mapping[str, object]], *, fresh: bool = False
    ) -> None:
        within = form.within
        if within is None:
            return
        there = {} if fresh or owner is None else self._there(form, within, owner)
        for record in inner:
            row = self._cleaning.row(within, checked(within, record))
            wanted = self._wanted(within, row if form is MESSAGE else self._kept_out.bare(row))
            place = row["position"] if form is MESSAGE else row["uid"]
            if owner is None or wanted is None or (form is MESSAGE and not fresh and place not in there):
                self._carried.put(within, row["id"], None, self._line)
            elif place in there:
                self._carried.put(within, row["id"], there[place], self._line)
            else:
                self._add(within, wanted, **{form.owner: owner})

    def _there(self, form: Form, within: Form, owner: int) -> dict[object, int]:
        """The rows within one that was there before; parts by their place, sources by their uid."""
        place = "position" if form is MESSAGE else "uid"
        sql = f"SELECT {place}, id FROM {within.table} WHERE {form.owner} = ?"  # noqa: S608 - the names are ours
        return dict(self._database.rows(sql, owner))


def _pristine(database: Database) -> bool:
    """Whether nothing was ever kept: no row, and no id given that must not be given again."""
    rows = any(database.rows(f"SELECT 1 FROM {form.table} LIMIT 1") for form in FORMS)  # noqa: S608 - the names are ours
    return not rows and not database.rows("SELECT 1 FROM sqlite_sequence WHERE seq > 0 AND name <> 'jobs'")


def _within(form: Form, record: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    """The records within one. Raises ValueError."""
    if form.within is None:
        return ()
    found = record.get(form.key)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValueError(f'"{form.key}" of a {form.kind} must be a list of objects')
    return found


def _by_kind(counted: Counter[str]) -> dict[str, int]:
    return {form.kind: counted[form.kind] for form in FORMS if counted[form.kind]}

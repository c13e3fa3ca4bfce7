"""Which row of the database each line of an import became, in temporary tables: memory stays small however many.

Ids of a file are `old`, those of the database `new`.
"""

from memchat.errors import MemchatError
from memchat.store.database import Database
from memchat.store.record_forms import BY_KIND, FORMS, INNER, Field, Form

# `form` is a form's number; `new` is empty for what was left out, `fresh` 1 for rows that were not there before.
_TABLES = """
    CREATE TEMP TABLE carried (
        form INTEGER, old INTEGER, new INTEGER, fresh INTEGER, line INTEGER, PRIMARY KEY (form, old)
    ) WITHOUT ROWID;
    CREATE INDEX temp.carried_by_new ON carried (form, new, fresh);
    CREATE TEMP TABLE ahead (form INTEGER, new INTEGER, place TEXT, target INTEGER, old INTEGER, line INTEGER);
    CREATE INDEX temp.ahead_by_new ON ahead (form, place, new);
    CREATE TEMP TABLE uids (form INTEGER, uid TEXT, id INTEGER, PRIMARY KEY (form, uid)) WITHOUT ROWID;
"""
_DROP = "DROP TABLE IF EXISTS temp.carried; DROP TABLE IF EXISTS temp.ahead; DROP TABLE IF EXISTS temp.uids;"
NUMBERS = {kind: number for number, kind in enumerate((*BY_KIND, *INNER))}
# The tables of these find a row by its uid themselves.
_BY_UID = frozenset({"session", "message", "memory"})
# Under this name stands where a conversation that was there before may have gone on.
MOVES = "moves"


class Carried:
    """Ids of the file beside those of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self) -> None:
        """Make the tables, within a transaction."""
        self._database.rows(_TABLES)

    def close(self) -> None:
        """Drop them; what was rolled back has taken them along."""
        self._database.rows(_DROP)

    def read_uids(self) -> None:
        """Take in the uids of rows whose tables do not find them by it."""
        for form in FORMS:
            if form.has_id and form.kind not in _BY_UID:
                sql = f"INSERT OR IGNORE INTO uids SELECT ?, uid, id FROM {form.table}"  # noqa: S608 - the names are ours
                self._database.rows(sql, NUMBERS[form.kind])

    def known(self, form: Form, uid: str) -> int | None:
        """The row of that uid, if there is one."""
        if form.kind in _BY_UID:
            found = self._database.column(f"SELECT id FROM {form.table} WHERE uid = ?", uid)  # noqa: S608 - the names are ours
        else:
            found = self._database.column("SELECT id FROM uids WHERE form = ? AND uid = ?", NUMBERS[form.kind], uid)
        return found[0] if found else None

    def put(self, form: Form, old: int, new: int | None, line: int, *, fresh: bool = False) -> None:
        """Line `line`, with the id `old`, became `new`. Raises ValueError when another line had that id."""
        sql = "INSERT OR IGNORE INTO carried VALUES (?, ?, ?, ?, ?)"
        if not self._database.run(sql, NUMBERS[form.kind], old, new, int(fresh), line):
            raise ValueError(f"{form.kind} {old} stands in the file twice")

    def named(self, field: Field, old: int) -> int | None:
        """What a reference means; None for what was left out. Raises ValueError when nothing so far has that id."""
        sql = "SELECT new FROM carried WHERE form = ? AND old = ?"
        found: list[int | None] = self._database.column(sql, NUMBERS[field.names], old)
        if not found:
            raise ValueError(f'"{field.key}" names {field.names} {old}, which does not stand above')
        return found[0]

    def look_ahead(self, form: Form, new: int, field: Field, old: int, line: int, place: str = "") -> None:
        """A reference to what may stand further down."""
        self._database.rows(
            "INSERT INTO ahead VALUES (?, ?, ?, ?, ?, ?)",
            *(NUMBERS[form.kind], new, place or field.at, NUMBERS[field.names], old, line),
        )

    def resolve(self) -> None:
        """Write what was looked ahead for into its rows. Raises MemchatError when something stands nowhere."""
        row = self._database.row("""
            SELECT a.line, a.target, a.old FROM ahead a LEFT JOIN carried c ON c.form = a.target AND c.old = a.old
            WHERE c.old IS NULL ORDER BY a.line LIMIT 1
        """)
        if row is not None:
            kind = next(kind for kind, number in NUMBERS.items() if number == row[1])
            raise refused(row[0], f"it names {kind} {row[2]}, which stands nowhere in the file")
        for form in FORMS:
            for field in (one for one in form.fields if one.ahead):
                sql = f"""
                    UPDATE {form.table} SET {field.at} = (
                        SELECT c.new FROM ahead a JOIN carried c ON c.form = a.target AND c.old = a.old
                        WHERE a.form = ?1 AND a.place = ?2 AND a.new = {form.table}.id)
                    WHERE id IN (SELECT new FROM ahead WHERE form = ?1 AND place = ?2)
                """  # noqa: S608 - the names are ours
                self._database.rows(sql, NUMBERS[form.kind], field.at)


def refused(line: int, why: str) -> MemchatError:
    """What is said of a line that cannot be taken."""
    return MemchatError(
        f"Line {line:,}: {why}.", "Nothing was imported. memchat import reads what memchat export wrote."
    )

"""How the database got its shape: numbered steps, each in one transaction.

A step is never changed once released; the next one is added to `MIGRATIONS`. `PRAGMA user_version` counts the
steps done.
"""

from collections.abc import Callable, Sequence
from itertools import groupby

from memchat.domain import OWN_WORDS
from memchat.errors import NewerDatabaseError, StoreError
from memchat.store import backup, recall_schema, schema
from memchat.store.database import Database, Row
from memchat.store.entries import Entries
from memchat.store.failures import explained
from memchat.store.hashes import OF_NOTES, OF_TOMBSTONES, make_key
from memchat.store.note_words import NoteWords
from memchat.store.reindex import Reindex

Migration = Callable[[Database], None]

_SECOND = """
-- 1 for a title that a person gave: no model's title takes its place.
ALTER TABLE sessions ADD COLUMN title_by_hand INTEGER NOT NULL DEFAULT 0 CHECK (title_by_hand IN (0, 1));

-- Of one-shots: whose they are. `leased_at` is the computer's own time, as `sessions.opened_at`; `result` holds counts.
ALTER TABLE jobs ADD COLUMN model TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN host TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN leased_at TEXT;
ALTER TABLE jobs ADD COLUMN result TEXT NOT NULL DEFAULT '{}' CHECK (json_type(result) = 'object');
-- One job that is not done for each conversation, and for the one-shots of each model and host.
CREATE UNIQUE INDEX jobs_of_sessions ON jobs (session_id, kind) WHERE status <> 'done' AND session_id IS NOT NULL;
CREATE UNIQUE INDEX jobs_of_oneshots ON jobs (model, host, kind) WHERE status <> 'done' AND session_id IS NULL;

-- Sessions with turns that nobody has learned from yet: few among many.
CREATE INDEX chats_to_learn ON sessions (id)
    WHERE kind = 'chat' AND learn = 1 AND leaf IS NOT NULL AND consolidated_to IS NOT leaf;
CREATE INDEX oneshots_to_learn ON sessions (model, host, leaf)
    WHERE kind = 'oneshot' AND learn = 1 AND leaf IS NOT NULL AND consolidated_to IS NOT leaf;

-- Where a job's words went, written before they do: the call may never end.
CREATE TABLE sendings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    host TEXT NOT NULL,
    at TEXT NOT NULL,
    at_offset INTEGER NOT NULL
) STRICT;
CREATE INDEX sendings_by_time ON sendings (at);

-- The newest memory that the person was told of, of those that were learned after the talk.
INSERT INTO meta VALUES ('told', 0);
"""
_THIRD = """
-- `replaces`: of one that waits, whose place it takes when it is accepted. `why_before`: of one that was withdrawn with
-- a reason, the reason it had before.
ALTER TABLE memories ADD COLUMN replaces INTEGER REFERENCES memories (id) ON DELETE SET NULL;
ALTER TABLE memories ADD COLUMN why_before TEXT;
CREATE INDEX memories_by_replaced ON memories (replaces) WHERE replaces IS NOT NULL;

-- The content words of notes (`memory/words.py`) as keyed hashes, so that those that say nearly the same are found
-- without reading all. `among`: how many words the note has.
CREATE TABLE memory_words (
    word INTEGER NOT NULL,
    memory_id INTEGER NOT NULL REFERENCES memories (id) ON DELETE CASCADE,
    among INTEGER NOT NULL,
    PRIMARY KEY (word, memory_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_words_by_memory ON memory_words (memory_id);

-- How many drafts were not taken, by fixed phrases: never anybody's words.
CREATE TABLE ignored (
    why TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    last_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- 1 for what the person never wants learned; the others were erased.
ALTER TABLE tombstones ADD COLUMN never INTEGER NOT NULL DEFAULT 0 CHECK (never IN (0, 1));
"""
# Titles as they are, each beside the pieces of the messages that its conversation began with. There are several where
# the first was taken back. A title by code is looked for in that many characters.
_TITLES = """
    SELECT s.id, s.title, m.id, p.origin, substr(p.content, 1, 1000)
    FROM sessions s LEFT JOIN messages m ON m.session_id = s.id AND m.parent IS NULL
        LEFT JOIN parts p ON p.message_id = m.id AND p.content IS NOT NULL
    WHERE s.title <> '' ORDER BY s.id, m.id, p.position
"""
# So many messages are indexed anew within the fourth step, in about half a second: all that most people have.
_AT_ONCE = 4_000
# How long to wait for another memchat that is migrating: a large database takes a while to copy.
_PATIENCE_MS = 60_000


def first(database: Database) -> None:
    """Everything memchat 0.1 keeps, and the tables that later versions fill."""
    database.rows(schema.TABLES)


def second(database: Database) -> None:
    """Work for later, told apart by model and host; titles by hand; where consolidation sends words."""
    database.rows(_SECOND)
    for (session_id, title), rows in groupby(database.rows(_TITLES), key=lambda row: row[:2]):
        begun = [beginning for _, root in groupby(rows, key=lambda row: row[2]) for beginning in _beginnings([*root])]
        if not any(beginning.startswith(_letters(title)) for beginning in begun):
            database.rows("UPDATE sessions SET title_by_hand = 1 WHERE id = ?", session_id)


def third(database: Database) -> None:
    """What waits for the user, notes found by their words, and what must not be learned again."""
    database.rows(_THIRD)
    make_key(database, OF_TOMBSTONES)
    make_key(database, OF_NOTES)
    notes = NoteWords(database)
    for memory_id, text in database.rows("SELECT id, text FROM memories WHERE field = ''"):
        notes.put(memory_id, text)


def fourth(database: Database) -> None:
    """Messages found by their pieces, sessions and profile values by their words, room for vectors.

    Of the messages only the newest are taken in here: who has a hundred thousand would wait half a minute at the first
    start. The rest is taken in behind the talk, the newest first, and is found from then on.
    """
    database.rows(recall_schema.FOURTH)
    told = NoteWords(database)
    for memory_id, text in database.rows("SELECT id, text FROM memories WHERE field <> ''"):
        told.put(memory_id, text)
    reindex = Reindex(database, Entries(database))
    reindex.label()
    reindex.batch(_AT_ONCE)


def _beginnings(root: Sequence[Row]) -> list[str]:
    """What code may have made a title of: a message's own words together, or any of its pieces; letters alone."""
    pieces = [(origin, _letters(content)) for *_, origin, content in root if content is not None]
    return ["".join(words for origin, words in pieces if origin in OWN_WORDS), *(words for _, words in pieces)]


def _letters(text: str) -> str:
    """What a title by code, which cleans and shortens, shares with the words it was made of."""
    return "".join(filter(str.isalnum, text))


MIGRATIONS: tuple[Migration, ...] = (first, second, third, fourth)


def migrate(database: Database, *, upto: int | None = None, steps: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the database to version `upto` (the newest known when None), with a backup before the first step.

    A database that another process migrates meanwhile is waited for. Raises NewerDatabaseError when it is already
    past what `steps` knows, and StoreError when it cannot be written; a step that fails leaves nothing behind.
    """
    target = len(steps) if upto is None else upto
    version = database.number("PRAGMA user_version")
    _refuse_newer(database, version, len(steps))
    if version >= target:
        return
    if database.read_only:
        raise StoreError(
            f"{database.path} was written by an older memchat and cannot be brought up to date: it can only be read.",
            "Make the file and its folder writable for you, then try again.",
        )
    usual = database.number("PRAGMA busy_timeout")
    database.rows(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
    try:
        safe = version == 0
        while _step(database, target, steps, safe=safe):
            safe = True
    finally:
        database.rows(f"PRAGMA busy_timeout = {usual}")


def _step(database: Database, target: int, steps: Sequence[Migration], *, safe: bool) -> bool:
    """One step, unless another process has done it meanwhile; False when there is none left."""
    with database.transaction():
        version = database.number("PRAGMA user_version")
        _refuse_newer(database, version, len(steps))
        if version >= target:
            return False
        if not safe and database.path is not None:
            with explained(database.path):
                backup.back_up(database.path, version, database.key)
        steps[version](database)
        database.rows(f"PRAGMA user_version = {version + 1}")
    return True


def _refuse_newer(database: Database, version: int, known: int) -> None:
    """Nothing good comes of an old program writing into a new database."""
    if version > known:
        raise NewerDatabaseError(
            f"{database.path} was written by a newer memchat (database version {version}, this one knows {known}).",
            "Install the newest memchat: pip install --upgrade memchat",
        )

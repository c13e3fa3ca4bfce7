"""The database as the first version of memchat laid it out. Never edited: later versions migrate.

Every row has a `uid` beside its short id; short ids are never reused. A moment is two columns: UTC as text, and
`..._offset`, the minutes the local clock was ahead of it. `space` is for keeping several people or roles apart.
"""

TABLES = """
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('erasure_epoch', 0);

-- A conversation. `leaf` is the newest message of the active path, `consolidated_to` the newest that was learned
-- from; `opened_by` says which process holds it. `name_key` is the name with case and width folded.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE,
    space TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL CHECK (kind IN ('chat', 'oneshot')),
    name TEXT NOT NULL DEFAULT '',
    name_key TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL DEFAULT '',
    topics TEXT NOT NULL DEFAULT '[]' CHECK (json_type(topics) = 'array'),
    model TEXT NOT NULL,
    host TEXT NOT NULL,
    learn INTEGER NOT NULL CHECK (learn IN (0, 1)),
    leaf INTEGER REFERENCES messages (id) ON DELETE SET NULL,
    consolidated_to INTEGER REFERENCES messages (id) ON DELETE SET NULL,
    opened_by TEXT NOT NULL DEFAULT '',
    opened_at TEXT,
    created_at TEXT NOT NULL,
    created_offset INTEGER NOT NULL,
    last_at TEXT NOT NULL,
    last_offset INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sessions_by_name ON sessions (space, name_key) WHERE name_key <> '';
CREATE INDEX sessions_by_activity ON sessions (last_at, id) WHERE leaf IS NOT NULL;

-- A message hangs under its parent; siblings are what /retry makes. `turns` counts the turns from the root to it.
-- `indexed` tells whether the search index holds its words: the index keeps no text of its own. `learn` is 0 for what
-- was said under --no-learn, also in a session that is learned from otherwise.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE,
    session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    parent INTEGER REFERENCES messages (id),
    turn INTEGER NOT NULL CHECK (turn >= 1),
    turns INTEGER NOT NULL CHECK (turns >= 1),
    role TEXT NOT NULL CHECK (role IN ('user', 'assistant', 'tool')),
    status TEXT NOT NULL CHECK (status IN ('complete', 'interrupted', 'failed')),
    model TEXT NOT NULL,
    host TEXT NOT NULL,
    indexed INTEGER NOT NULL DEFAULT 0 CHECK (indexed IN (0, 1)),
    learn INTEGER NOT NULL CHECK (learn IN (0, 1)),
    created_at TEXT NOT NULL,
    created_offset INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_by_turn ON messages (session_id, turn);
CREATE INDEX messages_by_parent ON messages (parent);

CREATE TABLE blobs (
    hash TEXT PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;

CREATE TABLE parts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    kind TEXT NOT NULL CHECK (kind IN ('text', 'image', 'file', 'tool_call', 'tool_result')),
    origin TEXT NOT NULL CHECK (origin IN ('typed', 'argv', 'paste', 'stdin', 'file', 'import', 'tool', 'model')),
    content TEXT,
    blob TEXT REFERENCES blobs (hash),
    name TEXT NOT NULL,
    mime TEXT NOT NULL,
    call_id TEXT NOT NULL,
    barred INTEGER NOT NULL CHECK (barred IN (0, 1)),
    CHECK ((content IS NULL) <> (blob IS NULL)),
    UNIQUE (message_id, position)
) STRICT;
CREATE INDEX parts_by_blob ON parts (blob) WHERE blob IS NOT NULL;

-- A profile value (`field` named) or a note. Superseded, expired and withdrawn are read from its dates.
-- `valid_to` is an end that was said or set; `superseded_at` the one that came with a newer version.
CREATE TABLE memories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE,
    space TEXT NOT NULL DEFAULT '',
    field TEXT NOT NULL,
    text TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'pending', 'quarantined')),
    importance INTEGER NOT NULL CHECK (importance BETWEEN 1 AND 10),
    pinned INTEGER NOT NULL CHECK (pinned IN (0, 1)),
    why TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_offset INTEGER NOT NULL,
    valid_from TEXT NOT NULL,
    valid_from_offset INTEGER NOT NULL,
    valid_to TEXT,
    valid_to_offset INTEGER,
    last_confirmed_at TEXT NOT NULL,
    last_confirmed_offset INTEGER NOT NULL,
    superseded_by INTEGER REFERENCES memories (id) ON DELETE SET NULL,
    superseded_at TEXT,
    superseded_offset INTEGER,
    withdrawn_at TEXT,
    withdrawn_offset INTEGER,
    changed_at TEXT NOT NULL,
    CHECK (superseded_by <> id)
) STRICT;
CREATE INDEX memories_by_field ON memories (field, id);
CREATE INDEX memories_by_successor ON memories (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE INDEX memories_by_change ON memories (changed_at);

-- Why a memory is believed. `span_start` and `span_end` count characters of the part.
CREATE TABLE sources (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    memory_id INTEGER NOT NULL REFERENCES memories (id) ON DELETE CASCADE,
    origin TEXT NOT NULL
        CHECK (origin IN ('typed', 'argv', 'paste', 'stdin', 'file', 'import', 'tool', 'model', 'hand')),
    session_id INTEGER REFERENCES sessions (id) ON DELETE SET NULL,
    turn INTEGER,
    message_id INTEGER REFERENCES messages (id) ON DELETE SET NULL,
    part_id INTEGER REFERENCES parts (id) ON DELETE SET NULL,
    span_start INTEGER,
    span_end INTEGER,
    quote TEXT NOT NULL,
    model TEXT NOT NULL,
    prompt_version TEXT NOT NULL,
    at TEXT NOT NULL,
    at_offset INTEGER NOT NULL,
    CHECK ((span_start IS NULL) = (span_end IS NULL)),
    CHECK (span_start BETWEEN 0 AND span_end)
) STRICT;
CREATE INDEX sources_by_memory ON sources (memory_id);
CREATE INDEX sources_by_turn ON sources (session_id, turn);
CREATE INDEX sources_by_message ON sources (message_id);
CREATE INDEX sources_by_part ON sources (part_id);

-- What a turn was shown: a memory, or a past turn, or (`of_turn` empty) a past session's summary.
CREATE TABLE shown (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    turn INTEGER NOT NULL,
    memory_id INTEGER REFERENCES memories (id) ON DELETE CASCADE,
    of_session_id INTEGER REFERENCES sessions (id) ON DELETE CASCADE,
    of_turn INTEGER,
    layer TEXT NOT NULL,
    zone TEXT NOT NULL,
    score REAL NOT NULL,
    tokens INTEGER NOT NULL,
    at TEXT NOT NULL,
    at_offset INTEGER NOT NULL,
    CHECK ((memory_id IS NULL) <> (of_session_id IS NULL))
) STRICT;
CREATE INDEX shown_by_turn ON shown (session_id, turn);
CREATE INDEX shown_by_memory ON shown (memory_id) WHERE memory_id IS NOT NULL;
CREATE INDEX shown_by_episode ON shown (of_session_id, of_turn) WHERE of_session_id IS NOT NULL;

-- The books outlive the conversation they were written for.
CREATE TABLE model_calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    purpose TEXT NOT NULL,
    model TEXT NOT NULL,
    host TEXT NOT NULL,
    session_id INTEGER REFERENCES sessions (id) ON DELETE SET NULL,
    turn INTEGER,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    memory_tokens INTEGER NOT NULL,
    cost REAL,
    at TEXT NOT NULL,
    at_offset INTEGER NOT NULL
) STRICT;
CREATE INDEX model_calls_by_time ON model_calls (at);
CREATE INDEX model_calls_by_session ON model_calls (session_id);

CREATE TABLE vectors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    memory_id INTEGER REFERENCES memories (id) ON DELETE CASCADE,
    part_id INTEGER REFERENCES parts (id) ON DELETE CASCADE,
    piece INTEGER NOT NULL,
    model TEXT NOT NULL,
    dim INTEGER NOT NULL CHECK (dim > 0),
    vector BLOB NOT NULL,
    CHECK ((memory_id IS NULL) <> (part_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX vectors_of_memories ON vectors (memory_id, model, piece) WHERE memory_id IS NOT NULL;
CREATE UNIQUE INDEX vectors_of_parts ON vectors (part_id, model, piece) WHERE part_id IS NOT NULL;

-- Work for later. Whoever leases a job raises `lease_number`; completing it checks that number and the epoch.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'done', 'failed')),
    session_id INTEGER REFERENCES sessions (id) ON DELETE CASCADE,
    up_to INTEGER REFERENCES messages (id) ON DELETE CASCADE,
    payload TEXT NOT NULL DEFAULT '{}' CHECK (json_type(payload) = 'object'),
    erasure_epoch INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    not_before TEXT NOT NULL,
    lease_owner TEXT NOT NULL DEFAULT '',
    lease_number INTEGER NOT NULL DEFAULT 0,
    lease_until TEXT,
    created_at TEXT NOT NULL,
    created_offset INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_by_turn ON jobs (status, not_before);
CREATE INDEX jobs_by_session ON jobs (session_id);
CREATE INDEX jobs_by_message ON jobs (up_to);

-- What must not be learned again: keyed hashes of an erased memory's words, never the words.
CREATE TABLE tombstones (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    space TEXT NOT NULL DEFAULT '',
    field TEXT NOT NULL,
    hashes TEXT NOT NULL CHECK (json_type(hashes) = 'array'),
    at TEXT NOT NULL,
    at_offset INTEGER NOT NULL
) STRICT;

-- What was typed at the prompt, for Up and Ctrl-R.
CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL,
    at_offset INTEGER NOT NULL
) STRICT;

-- Both hold no text of their own (it stands in `parts`), so a row leaves only by telling its words once more.
-- `ascii` takes every character outside ASCII as part of a word: pieces stay as they were cut.
CREATE VIRTUAL TABLE message_words USING fts5 (
    words, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE message_pieces USING fts5 (pieces, content = '', tokenize = 'ascii');
INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1);
INSERT INTO message_pieces (message_pieces, rank) VALUES ('secure-delete', 1);
"""

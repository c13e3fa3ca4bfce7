"""The tables that make past exchanges findable, as the fourth version laid them out; SQL alone.

The two FTS5 tables hold no text of their own, so a row leaves only by telling its words once more. One tokenizer for
all: marks belong to words, so that pieces of Thai stay as they were cut and words of Hindi whole. The words of memories
stand in `memory_words`, hashed.
"""

# What they index, each by its number; of messages by the piece (`numbering.py`). `detail = none` keeps no places: that
# makes them a third smaller, and nobody looks for words in a row.
TEXT_TABLES = ("words_of_messages", "words_of_sessions")
LETTERS = ("remove_diacritics", "2", "categories", "L* N* Co M*")
_TEXTS = """
CREATE VIRTUAL TABLE {name} USING fts5 (
    words, pieces, content = '', detail = none,
    tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
);
INSERT INTO {name} ({name}, rank) VALUES ('secure-delete', 1);
"""
# FTS5 keeps these beside each of them.
BESIDE = ("data", "idx", "docsize", "config")
SHADOWS = tuple(f"{name}_{what}" for name in TEXT_TABLES for what in BESIDE)
# Every table but those of the index.
TABLES = f"""
    SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT GLOB 'sqlite_*'
        AND name NOT IN {SHADOWS}
"""  # noqa: S608 - the names are ours
TEXTS = {name: _TEXTS.replace("{name}", name) for name in TEXT_TABLES}

# Of each message and memory the signs of its vectors, of a message one after another, piece by piece. They are read
# whole at the first question; numbers are never given twice: whoever has read the first thousand asks for those after.
# `at` is in seconds. `messages.vector` says which row a message has: that is smaller than an index. Dropped all
# together when one is missing.
VECTOR_TABLES = ("embedders", "vectors", "memory_vectors")
VECTORS = """
CREATE TABLE embedders (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    dim INTEGER NOT NULL CHECK (dim > 0),
    UNIQUE (name, dim)
) STRICT;
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    embedder INTEGER NOT NULL REFERENCES embedders (id),
    message_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    signs BLOB NOT NULL
) STRICT;
CREATE INDEX vectors_by_embedder ON vectors (embedder);
CREATE TABLE memory_vectors (
    memory_id INTEGER PRIMARY KEY REFERENCES memories (id) ON DELETE CASCADE,
    embedder INTEGER NOT NULL REFERENCES embedders (id),
    signs BLOB NOT NULL
) STRICT;
"""

# `indexed` says that a message belongs into the index. `cuts` is where its pieces end, separated by commas; `vector`
# the row of its vectors, if it has some. Days since 1970 take a third of the room of moments. `to_reindex`: messages up
# to that number are not in the index yet; `index_generation` is raised when what others keep of it is worth nothing.
_CHANGES = """
DROP TABLE vectors;
DROP TABLE message_words;
DROP TABLE message_pieces;
ALTER TABLE messages ADD COLUMN cuts TEXT;
ALTER TABLE messages ADD COLUMN vector INTEGER;
CREATE INDEX messages_by_day ON messages (unixepoch(created_at) / 86400);
CREATE INDEX messages_to_embed ON messages (id) WHERE indexed = 1 AND vector IS NULL;
INSERT INTO meta SELECT 'to_reindex', coalesce(max(id), 0) FROM messages WHERE indexed = 1;
INSERT INTO meta VALUES ('index_generation', 0);
"""
FOURTH = "".join((_CHANGES, *TEXTS.values(), VECTORS))

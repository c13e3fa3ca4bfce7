"""Words that can be compared but not read: hashes under a random key that stands in `meta`.

Whoever has the unlocked file has the key too, and can test a guess.
"""

import os
from collections.abc import Iterable

from memchat.store.database import Database

# The keys' names in `meta`, one for each use, so that neither tells anything of the other.
OF_TOMBSTONES = "tombstone_key"
OF_NOTES = "note_words_key"

# As long as what SHA-256 makes of it.
_KEY_BYTES = 32


def make_key(database: Database, name: str) -> None:
    """Write down a new key."""
    database.rows("INSERT INTO meta VALUES (?, ?)", name, os.urandom(_KEY_BYTES))


def hashes(database: Database, name: str, words: Iterable[str]) -> list[bytes]:
    """HMAC-SHA256 of each word under that key: 32 bytes each."""
    import hmac  # takes milliseconds, which a chat that learns nothing should not spend

    key: bytes = database.rows("SELECT value FROM meta WHERE name = ?", name)[0][0]
    return [hmac.digest(key, word.encode(errors="surrogatepass"), "sha256") for word in words]

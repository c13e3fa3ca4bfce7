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


def keys(database: Database, name: str) -> list[bytes]:
    """Its own key, then those that came with what was imported (`adopt`)."""
    rows = database.rows(
        "SELECT value FROM meta WHERE name = ?1 OR name GLOB ?1 || '.*' ORDER BY length(name), name", name
    )
    return [row[0] for row in rows]


def adopt(database: Database, name: str, key: bytes) -> None:
    """Keep another database's key beside its own, so that hashes which came from there go on being found."""
    known = keys(database, name)
    if key not in known:
        database.rows("INSERT INTO meta VALUES (?, ?)", f"{name}.{len(known) + 1}" if known else name, key)


def renew(database: Database, name: str) -> None:
    """Throw every key of that name away, those that were adopted too, and make one: older hashes mean nothing then."""
    database.rows("DELETE FROM meta WHERE name = ?1 OR name GLOB ?1 || '.*'", name)
    make_key(database, name)


def under(keys: Iterable[bytes], word: str) -> list[bytes]:
    """One word's hash under each of the keys."""
    import hmac

    return [hmac.digest(key, word.encode(errors="surrogatepass"), "sha256") for key in keys]


def hashes_under_all(database: Database, name: str, words: Iterable[str]) -> list[bytes]:
    """As `hashes`, under each key there is: one hash never meets another key's by chance."""
    every = keys(database, name)
    return [whole for word in words for whole in under(every, word)]


def hashes(database: Database, name: str, words: Iterable[str]) -> list[bytes]:
    """HMAC-SHA256 of each word under that key: 32 bytes each."""
    import hmac  # takes milliseconds, which a chat that learns nothing should not spend

    key: bytes = database.rows("SELECT value FROM meta WHERE name = ?", name)[0][0]
    return [hmac.digest(key, word.encode(errors="surrogatepass"), "sha256") for word in words]

"""The key of an encrypted database: made from a passphrase, tried on the file's own pages, given to a connection.

The file is what SQLCipher 4 writes (https://www.zetetic.net/sqlcipher/design/), so that its tools open it too: pages of
4096 bytes, each AES-256-CBC with an IV of its own and an HMAC-SHA512 over both; the first 16 bytes of the file are the
salt. Temporary tables stay in memory, the journal holds pages as the file does.
"""

import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PAGE = 4096
SALT = 16
# SQLCipher 4's own number of rounds; OWASP's password storage cheat sheet asks for 210,000 of PBKDF2-HMAC-SHA512.
ROUNDS = 256_000
_RAW = 32
_TAG = 64
# The HMAC's key comes from the page's key in 2 rounds, with the salt masked so: SQLCipher's design page.
_MASK = 0x3A
_TAG_ROUNDS = 2
_MAGIC = b"SQLite format 3\0"
# A page of chance shows all 256 values but once in 30,000 times, and then 255; no text comes near.
_VALUES = 250
# So many pages are tried: a power cut can tear one of them while it is written.
_TRIED = 3


@dataclass(frozen=True, slots=True)
class Key:
    """What opens a file: 32 bytes from the passphrase, and the file's salt. Never printed."""

    raw: bytes = field(repr=False)
    salt: bytes

    @property
    def secret(self) -> str:
        """Key and salt in hex, as a keyring keeps them."""
        return (self.raw + self.salt).hex()


def from_passphrase(passphrase: str, salt: bytes | None = None) -> Key:
    """The key for a file with this salt, a new one when None. Takes a tenth of a second, on purpose.

    The same letters give the same key however a keyboard composes its accents (NFC).
    """
    salt = os.urandom(SALT) if salt is None else salt
    # Bytes of the environment that are no UTF-8 come back as they were.
    words = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogateescape")
    return Key(hashlib.pbkdf2_hmac("sha512", words, salt, ROUNDS, _RAW), salt)


def from_secret(secret: str) -> Key | None:
    """The key that `Key.secret` was of; None for anything else."""
    try:
        both = bytes.fromhex(secret)
    except ValueError:
        return None
    return Key(both[:_RAW], both[_RAW:]) if len(both) == _RAW + SALT else None


def is_encrypted(path: Path) -> bool:
    """Whether the file is as an encrypted database is. Raises OSError."""
    with path.open("rb") as file:
        return looks_encrypted(file.read(PAGE), os.fstat(file.fileno()).st_size)


def looks_encrypted(head: bytes, size: int) -> bool:
    """Whether a file of `size` bytes that begins with `head`, at most a page, is whole pages that look like chance."""
    return len(head) == PAGE and size % PAGE == 0 and not head.startswith(_MAGIC) and len(set(head)) > _VALUES


def salt_of(path: Path) -> bytes:
    """The salt of an encrypted file. Raises OSError."""
    with path.open("rb") as file:
        return file.read(SALT)


def fits(path: Path, key: Key) -> bool:
    """Whether the key is the file's, told by the file's bytes alone. Raises OSError.

    SQLite is not asked: with a wrong key it takes what stands in a journal for rubbish, and clears it away.
    """
    with path.open("rb") as file:
        pages = [file.read(PAGE) for _ in range(_TRIED)]
    if pages[0][:SALT] != key.salt:
        return False
    masked = bytes(byte ^ _MASK for byte in key.salt)
    sealing = hashlib.pbkdf2_hmac("sha512", key.raw, masked, _TAG_ROUNDS, _RAW)
    return any(_sealed(sealing, number, page) for number, page in enumerate(pages, 1))


def unlock_connection(connection: Any, key: Key | None) -> None:
    """Give the key to a new connection, before anything else is asked of it; None for a file that is not encrypted."""
    if key is not None:
        for setting in ("cipher = 'sqlcipher'", "legacy = 4", f"key = 'raw:{key.secret}'"):
            connection.execute(f"PRAGMA {setting}").fetchall()


def address(path: Path, key: Key | None) -> str:
    """The name under which SQL of an unlocked connection writes a file with this key, or a plain one."""
    how = "key=" if key is None else f"cipher=sqlcipher&legacy=4&key=raw:{key.secret}"
    return f"{path.absolute().as_uri()}?{how}"


def _sealed(sealing: bytes, number: int, page: bytes) -> bool:
    """Whether a page carries the HMAC of what is in it; the salt before the first page is no part of that."""
    if len(page) < PAGE:
        return False
    body = page[SALT if number == 1 else 0 : -_TAG] + number.to_bytes(4, "little")
    return hmac.compare_digest(hmac.digest(sealing, body, "sha512"), page[-_TAG:])

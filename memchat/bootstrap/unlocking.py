"""Where the passphrase of an encrypted database comes from: MEMCHAT_PASSPHRASE, the keyring, a person at a terminal."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from memchat.errors import LockedError

if TYPE_CHECKING:
    from memchat.ports.vault import Ring, Vault
    from memchat.store.encryption import Key

VARIABLE = "MEMCHAT_PASSPHRASE"
TRIES = 3
_HINT = "There is no way in without it; MEMCHAT_PASSPHRASE can hold it, and a terminal asks for it."


class Unlocking:
    """Finds the key of an encrypted file once, for all connections and threads of this process.

    `ask` is told the file and whether the answer before was wrong; None where nobody can be asked. `given` is a
    passphrase that was handed over for this run: then nothing else is tried.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.ask: Callable[[Path, bool], str] | None = None
        self.given: str | None = None
        self._environ = environ
        self._known: dict[bytes, Key] = {}
        self._finding = threading.Lock()

    def __call__(self, path: Path) -> "Key":
        """The key of the encrypted file at `path`. Raises LockedError, OSError."""
        from memchat.store import encryption

        with self._finding:
            salt = encryption.salt_of(path)
            key = self._known.get(salt)
            if key is None or not encryption.fits(path, key):
                key = self._known[salt] = self._find(path, salt)
            return key

    def _find(self, path: Path, salt: bytes) -> "Key":
        from memchat.bootstrap.keyring_entry import SystemRing
        from memchat.store import encryption

        variable = self._environ.get(VARIABLE)
        if passphrase := self.given or variable:
            what = "The passphrase given" if self.given else VARIABLE
            if key := _tried(path, salt, passphrase):
                return key
            raise LockedError(f"{what} does not open {path}.", "Nothing was changed. Look at it letter by letter.")
        key = encryption.from_secret(SystemRing().get(salt.hex()) or "")
        if key is not None and encryption.fits(path, key):
            return key
        # Another thread must not stand in the way of what is being typed.
        if self.ask is None or threading.current_thread() is not threading.main_thread():
            raise LockedError(f"{path} is encrypted, and there is no passphrase.", _HINT)
        for number in range(TRIES):
            if key := _tried(path, salt, self.ask(path, number > 0)):
                return key
        raise LockedError(f"{path} does not open with that.", _HINT)


def vault(db: Path, unlock: Unlocking) -> "Vault":
    """The database as a file, for `memchat encrypt` and `decrypt`."""
    from memchat.store.vault import Vault

    return Vault(db, unlock)


def ring() -> "Ring":
    """The system's keyring."""
    from memchat.bootstrap.keyring_entry import SystemRing

    return SystemRing()


def _tried(path: Path, salt: bytes, passphrase: str) -> "Key | None":
    """The key of a passphrase, when it is the file's."""
    from memchat.store import encryption

    key = encryption.from_passphrase(passphrase, salt)
    return key if encryption.fits(path, key) else None

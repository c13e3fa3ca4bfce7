"""A database as a file that is encrypted, decrypted, or given another passphrase, its automatic backups with it."""

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from memchat.errors import LockedError, StoreError
from memchat.ports.vault import Rewritten
from memchat.store import backup, encryption, in_use, traces
from memchat.store.connection import open_store
from memchat.store.encryption import Key
from memchat.store.failures import explained
from memchat.store.location import checked, lies_at
from memchat.store.rewriting import rewrite


class Vault:
    """Implements `ports.Vault`. `unlock` gives the key of an encrypted file, and raises LockedError."""

    def __init__(self, path: Path, unlock: Callable[[Path], Key]) -> None:
        self._named = path
        self._unlock = unlock
        self._new: Key | None = None

    @property
    def path(self) -> Path:
        """The file, links resolved; nothing is made."""
        return Path(os.path.realpath(self._named))

    @property
    def encrypted(self) -> bool:
        """Whether it is encrypted now; False where there is none."""
        with explained(self._named):
            return lies_at(self._named) and encryption.is_encrypted(checked(self._named))

    def plain_backups(self) -> Sequence[Path]:
        """Automatic backups that are not encrypted, newest first."""
        with explained(self._named):
            return [each for each in backup.automatic(self.path) if not encryption.is_encrypted(each)]

    def others(self) -> Sequence[str]:
        """Other processes that have it open, in words."""
        return [f"{one.name or 'a program'} (process {one.pid})" for one in in_use.others(self.path)]

    def entry(self) -> str:
        """The name of its key in a keyring: the file's salt, which moves with the file."""
        with explained(self._named):
            return encryption.salt_of(self.path).hex()

    def secret(self) -> str:
        """Its key as a keyring keeps it. Raises LockedError."""
        return (self._new or self._unlock(self.path)).secret

    def rewrite(self, passphrase: str | None) -> Rewritten:
        """Encrypt it, and its automatic backups, with a passphrase, or write all of them plain with None."""
        path = self.path
        # Opened once as ever: brought up to date, seen to be ours, its journal taken in.
        with closing(open_store(path, unlock=self._unlock)) as store:
            pieces = traces.sample(store.database)
        old = self._unlock(path) if encryption.is_encrypted(path) else None
        new = None if passphrase is None else encryption.from_passphrase(passphrase)
        rewrite(path, old, new)
        self._new = new
        done, left = self._backups(path, [old, new], new)
        size = path.stat().st_size
        if new is None:
            return Rewritten(size, done, left)
        looked = traces.look(path, pieces)
        return Rewritten(size, done, left, len(pieces), looked.files, looked.found)

    def _backups(
        self, path: Path, keys: Sequence[Key | None], new: Key | None
    ) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
        """Those that are now as the database is, and those that no key at hand opens, or that are damaged."""
        done, left = [], []
        for each in backup.automatic(path):
            try:
                times = each.stat()
                rewrite(each, _opening(each, keys), new)
                os.utime(each, ns=(times.st_atime_ns, times.st_mtime_ns))  # the newest is told by them
            except (StoreError, LockedError):
                left.append(each)
            else:
                done.append(each)
        return tuple(done), tuple(left)


def _opening(path: Path, keys: Sequence[Key | None]) -> Key | None:
    """The key of a backup, None for a plain one. Raises LockedError when it is of an earlier passphrase."""
    with explained(path):
        if not encryption.is_encrypted(path):
            return None
        for key in keys:
            if key is not None and encryption.fits(path, key):
                return key
    raise LockedError(f"{path} opens with an earlier passphrase only.")

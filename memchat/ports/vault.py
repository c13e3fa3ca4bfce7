"""What encrypting asks of the database as a file, and of the keyring."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What came of writing a database anew.

    `size` is its bytes. `backups` are the automatic ones that were rewritten with it, `left` those that could not be.
    `pieces` of what it holds were looked for in `looked` files beside it, `found` are the files that hold one; nothing
    is looked for where the new file is not encrypted.
    """

    size: int
    backups: tuple[Path, ...] = ()
    left: tuple[Path, ...] = ()
    pieces: int = 0
    looked: int = 0
    found: tuple[Path, ...] = ()


class Vault(Protocol):
    """One database as a file: whether it is encrypted, and with which passphrase."""

    @property
    def path(self) -> Path:
        """Where it is."""
        ...

    @property
    def encrypted(self) -> bool:
        """Whether it is encrypted now; False where there is none."""
        ...

    def plain_backups(self) -> Sequence[Path]:
        """Automatic backups that are not encrypted, newest first."""
        ...

    def others(self) -> Sequence[str]:
        """Other processes that have it open, in words: `memchat (process 4711)`."""
        ...

    def entry(self) -> str:
        """The name of its key in a keyring; another after each `rewrite`."""
        ...

    def secret(self) -> str:
        """Its key as a keyring keeps it. Raises LockedError."""
        ...

    def rewrite(self, passphrase: str | None) -> Rewritten:
        """Encrypt it, and its automatic backups, with a passphrase, or write all of them plain with None.

        Raises StoreError, LockedError; then it is as it was.
        """
        ...


class Ring(Protocol):
    """The system's keyring."""

    @property
    def there(self) -> bool:
        """Whether there is one that keeps things safe."""
        ...

    def get(self, entry: str) -> str | None:
        """What it keeps under this name; None for nothing, and where it is locked."""
        ...

    def put(self, entry: str, secret: str) -> bool:
        """Whether it took it."""
        ...

    def drop(self, entry: str) -> None:
        """Take it out, if it is there."""
        ...

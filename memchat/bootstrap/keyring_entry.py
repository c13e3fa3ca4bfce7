"""The key of an encrypted database in the system's keyring, under the file's salt."""

from typing import Any

SERVICE = "memchat"


class SystemRing:
    """Implements `ports.Ring`. The keyring is looked for at the first use, for that takes a tenth of a second."""

    @property
    def there(self) -> bool:
        """Whether there is one that keeps things safe."""
        return self._backend() is not None

    def get(self, entry: str) -> str | None:
        """What it keeps under this name; None for nothing, and where it is locked."""
        from keyring.errors import KeyringError

        backend = self._backend()
        try:
            found: str | None = backend.get_password(SERVICE, _name(entry)) if backend else None
        except KeyringError:
            return None
        return found

    def put(self, entry: str, secret: str) -> bool:
        """Whether it took it."""
        from keyring.errors import KeyringError

        backend = self._backend()
        if backend is None:
            return False
        try:
            backend.set_password(SERVICE, _name(entry), secret)
        except KeyringError:
            return False
        return True

    def drop(self, entry: str) -> None:
        """Take it out, if it is there and the keyring is open: it is of no use to anybody any more."""
        from keyring.errors import KeyringError

        backend = self._backend()
        if backend is not None:
            try:
                backend.delete_password(SERVICE, _name(entry))
            except KeyringError:
                return

    def _backend(self) -> Any:
        from memchat.llm.keys import system_keyring

        return system_keyring()


def _name(entry: str) -> str:
    """As people see it who look into their keyring."""
    return f"database {entry}"

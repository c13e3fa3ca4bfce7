"""A keyring for processes that tests start: one JSON file, named by TEST_KEYRING; PYTHON_KEYRING_BACKEND chooses it."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

NAME = f"{__name__}.FileKeyring"


class FileKeyring(KeyringBackend):  # type: ignore[misc]  # - keyring is not followed by mypy, its base is Any
    """As good as the system's, as far as memchat can tell; locked while its file says so."""

    priority = 5

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write({**self._kept(), f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        kept = self._kept()
        if kept.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError
        self._write(kept)

    def _kept(self) -> dict[str, str]:
        path = Path(os.environ["TEST_KEYRING"])
        kept: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        if "locked" in kept:
            raise KeyringLocked
        return kept

    def _write(self, kept: dict[str, str]) -> None:
        Path(os.environ["TEST_KEYRING"]).write_text(json.dumps(kept), "utf-8")

"""Provider keys: in the system's keyring where there is one, else in a file only its owner may read.

The file `keys.json` also lists which keys the keyring holds: a keyring cannot be listed, and asking it costs 0.1 s.
Keys are never printed or logged; errors name the provider only.
"""

import json
import os
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from memchat import private_file
from memchat.errors import ConfigError, KeyMissingError, UsageError

SERVICE = "memchat"
KEYRING = "keyring"
# What providers hand out has no white space and fits one line; anything else was pasted by mistake.
_KEY = re.compile(r"[\x21-\x7e]{4,4096}")
_PROVIDER = re.compile(r"[a-z][a-z0-9_.-]{0,31}")  # shorter than a key, which must not pass for a name


@dataclass(slots=True)
class _Known:
    """What the file says: keys it holds itself, and providers whose key the keyring holds."""

    keys: dict[str, str] = field(default_factory=dict, repr=False)
    keyring: list[str] = field(default_factory=list)


class Keys:
    """Implements `ports.KeyStore` over a folder. Nothing is read before a key is asked for."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "keys.json"
        self.given: set[str] = set()  # what was handed out or taken in, so that no traceback shows it

    def get(self, provider: str) -> str | None:
        """The key, or None. Raises ConfigError (file damaged, readable by others), KeyMissingError (locked keyring)."""
        provider = _named(provider)
        known = self._read()
        key = known.keys.get(provider)
        if key is None and provider in known.keyring:
            key = _from_keyring(provider)
        if key:
            self.given.add(key)
        return key

    def set(self, provider: str, key: str) -> str:
        """Keep it; returns where in words (`keyring`, or the file's path). Raises UsageError, ConfigError."""
        provider, key = _named(provider), key.strip()
        self.given.add(key)
        if not _KEY.fullmatch(key):
            raise UsageError("This does not look like a key.", "A key is one word of letters, digits and signs.")
        known = self._read()
        kept = _into_keyring(provider, key)
        known.keys.pop(provider, None)
        if kept:
            known.keyring = sorted({*known.keyring, provider})
        else:
            known.keyring = [name for name in known.keyring if name != provider]
            known.keys[provider] = key
        self._write(known)
        return KEYRING if kept else str(self.path)

    def remove(self, provider: str) -> bool:
        """Whether there was one. Raises ConfigError, KeyMissingError."""
        provider = _named(provider)
        known = self._read()
        if provider in known.keyring:
            _out_of_keyring(provider)
            known.keyring.remove(provider)
        elif known.keys.pop(provider, None) is None:
            return False
        self._write(known)
        return True

    def providers(self) -> list[str]:
        """Those with a key, sorted."""
        known = self._read()
        return sorted({*known.keys, *known.keyring})

    def _read(self) -> _Known:
        try:
            data, found = private_file.read(self.path)
            self._must_be_private(found)
            content = json.loads(data)
        except FileNotFoundError:
            return _Known()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ConfigError(f"The keys cannot be read: {reason}.", f"Look at {self.path}.") from error
        except ValueError:  # also what is no UTF-8
            content = None
        return self._understood(content)

    def _understood(self, content: Any) -> _Known:
        keys = content.get("keys") if isinstance(content, dict) else None
        keyring = content.get("keyring") if isinstance(content, dict) else None
        if isinstance(keys, dict) and isinstance(keyring, list):
            words = (*keys, *keys.values(), *keyring)
            if all(isinstance(word, str) for word in words):
                return _Known(keys, keyring)
        hint = f"Move {self.path} away, then: memchat keys set PROVIDER"
        raise ConfigError("The file of keys is damaged.", hint)

    def _must_be_private(self, found: os.stat_result) -> None:
        """Refused, not quietly mended: others may have read the keys already, and only their owner can change them."""
        if private_file.exposed(found):
            hint = f"chmod 600 {self.path}; if others use this computer, ask the provider for new keys."
            raise ConfigError(f"{self.path.name} can be read by others.", hint)

    def _write(self, known: _Known) -> None:
        text = json.dumps({"keys": known.keys, "keyring": known.keyring}, indent=2, sort_keys=True)
        try:
            private_file.replace(self.path, f"{text}\n")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            hint = private_file.way_out(error, self.path.parent)
            raise ConfigError(f"The key cannot be kept: {reason}.", hint) from error


def _named(provider: str) -> str:
    """A provider's name as it is kept: `openai`."""
    name = unicodedata.normalize("NFKC", provider).strip().lower()
    if not _PROVIDER.fullmatch(name):
        raise UsageError("This is no provider's name.", "Such as openai, anthropic, gemini, openrouter.")
    return name


def system_keyring() -> Any:
    """The system's keyring, or None where there is none that keeps anything safe."""
    import keyring

    backend = keyring.get_keyring()
    # keyring's own measure: below 1 a backend is not recommended (0 for none at all, under 1 for plain files).
    return backend if backend.priority >= 1 else None


def _from_keyring(provider: str) -> str | None:
    from keyring.errors import KeyringError

    backend = system_keyring()
    try:
        key: str | None = backend.get_password(SERVICE, provider) if backend else None
    except KeyringError:
        raise _locked(provider) from None
    if backend is None:
        raise _locked(provider)
    return key


def _into_keyring(provider: str, key: str) -> bool:
    """Whether the keyring took it; one that is locked or broken does not, and the file is used."""
    from keyring.errors import KeyringError

    backend = system_keyring()
    if backend is None:
        return False
    try:
        backend.set_password(SERVICE, provider, key)
    except KeyringError:
        return False
    return True


def _out_of_keyring(provider: str) -> None:
    from keyring.errors import KeyringError, PasswordDeleteError

    backend = system_keyring()
    if backend is None:
        raise _locked(provider)
    try:
        backend.delete_password(SERVICE, provider)
    except PasswordDeleteError:
        return  # somebody else removed it there: it is gone, as was asked
    except KeyringError:
        raise _locked(provider) from None


def _locked(provider: str) -> KeyMissingError:
    hint = f"Unlock the keyring, or give the key anew: memchat keys set {provider}"
    return KeyMissingError(f"The keyring does not give out the key of {provider}.", hint)

"""Encrypting the database, decrypting it, and changing its passphrase; and whether the keyring keeps the key."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from memchat.errors import StoreError, UsageError
from memchat.ports.vault import Rewritten, Ring, Vault

# NIST SP 800-63B, 5.1.1: at least 8 characters where a person chooses.
LEAST = 8


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done to the database at `path`; `was` and `encrypted` say whether it was encrypted before, and is now.

    `in_keyring` whether the keyring keeps its key; `refused` where it should have, and did not take it.
    """

    path: Path
    was: bool
    encrypted: bool
    file: Rewritten
    in_keyring: bool = False
    refused: bool = False


def check(vault: Vault) -> None:
    """Raises StoreError when other processes have the database open, naming them."""
    if others := vault.others():
        raise StoreError(
            f"{vault.path} is open in {', '.join(others)}; nothing was changed.",
            "Leave there first, then try again.",
        )


def fit(passphrase: str) -> str:
    """The passphrase, when it can be one. Raises UsageError, in which it is not named."""
    if any(unicodedata.category(char) == "Cc" for char in passphrase):
        raise UsageError(
            "The passphrase holds a key that is no character, such as an arrow.", "Type letters, digits, signs, blanks."
        )
    if len(passphrase) < LEAST:
        raise UsageError(
            f"The passphrase is too short: it needs at least {LEAST} characters.", "Several words are easy to keep."
        )
    return passphrase


def encrypt(vault: Vault, ring: Ring, passphrase: str, *, keep: bool) -> Receipt:
    """Encrypt the database, or give it another passphrase; `keep` puts the key into the keyring.

    Raises StoreError, LockedError (the present passphrase), UsageError; then nothing was changed.
    """
    fit(passphrase)
    check(vault)
    was = vault.encrypted
    entry = vault.entry() if was else ""
    done = vault.rewrite(passphrase)
    if was and ring.there:
        ring.drop(entry)
    kept = keep and ring.put(vault.entry(), vault.secret())
    return Receipt(vault.path, was, True, done, kept, keep and not kept)


def decrypt(vault: Vault, ring: Ring) -> Receipt:
    """Write the database plain again, and forget its key. Raises as `encrypt`, StoreError where it is plain."""
    if not vault.encrypted:
        raise StoreError(f"{vault.path} is not encrypted.", "To encrypt it: memchat encrypt")
    check(vault)
    entry = vault.entry()
    done = vault.rewrite(None)
    if ring.there:
        ring.drop(entry)
    return Receipt(vault.path, True, False, done)

"""Encryption as lines of text: what was done to the file, what was checked, and what memchat cannot reach."""

from typing import TYPE_CHECKING

from memchat.cli.layout import GAP, entry, prose
from memchat.cli.terminal import Screen
from memchat.cli.work_view import bytes_in_words

if TYPE_CHECKING:
    from pathlib import Path

    from memchat.actions.encrypting import Receipt
    from memchat.cli.json_view import Json
    from memchat.ports.vault import Vault

CELLS = len("Encrypted") + GAP
# The same column as doctor's other lines.
DOCTOR_CELLS = len("Database") + GAP
HOLDS = "conversations, memories, search index, vectors, history of typing"
CIPHER = "AES-256 as SQLCipher 4 writes it"
AGAIN = "To encrypt them, too: memchat encrypt"


def receipt(screen: Screen, done: "Receipt") -> list[str]:
    """All that came of `encrypt` or `decrypt`."""
    file = done.file
    label = "Changed" if done.was and done.encrypted else "Encrypted" if done.encrypted else "Decrypted"
    lines = ["", *entry(screen, label, f"{done.path}, {bytes_in_words(file.size)}", CELLS)]
    if done.encrypted:
        lines += _below(screen, f"all of it: {HOLDS}")
    if file.backups:
        lines += _below(screen, f"{_backups(len(file.backups))} of it, too")
    if file.left:
        lines += entry(screen, "Left", f"as they were: {_names(file.left)}", CELLS)
        lines += _below(screen, "no passphrase given here opens them, or they are damaged; delete them yourself")
    return [*lines, *(_sealed(screen, done) if done.encrypted else _open(screen))]


def receipt_json(done: "Receipt") -> "Json":
    """The same for scripts."""
    file = done.file
    return {
        "path": str(done.path),
        "bytes": file.size,
        "encrypted": done.encrypted,
        "was_encrypted": done.was,
        "keyring": done.in_keyring,
        "backups": [str(path) for path in file.backups],
        "left": [str(path) for path in file.left],
        "checked": {"files": file.looked, "pieces": file.pieces, "found": [str(path) for path in file.found]},
    }


def cipher(screen: Screen, vault: "Vault") -> list[str]:
    """`Cipher    none`, or what it is and what it covers; for doctor."""
    if not vault.encrypted:
        return entry(screen, "Cipher", "none: whoever has the file can read it. Now: memchat encrypt", DOCTOR_CELLS)
    lines = entry(screen, "Cipher", f"{CIPHER}, all of the file: {HOLDS}", DOCTOR_CELLS)
    if plain := vault.plain_backups():
        told = f"{_backups(len(plain))} beside it {'is' if len(plain) == 1 else 'are'} not encrypted. {AGAIN}"
        lines += entry(screen, "", told, DOCTOR_CELLS)
    return lines


def cipher_json(vault: "Vault") -> "Json":
    """The same for scripts: joins what doctor tells of the file."""
    encrypted = vault.encrypted
    return {
        "encrypted": encrypted,
        "plain_backups": [str(path) for path in vault.plain_backups()] if encrypted else [],
    }


def _sealed(screen: Screen, done: "Receipt") -> list[str]:
    """What was checked, where the key is, and what lies outside."""
    file = done.file
    found = f"found in {_names(file.found)}" if file.found else "0 found"
    where = f"{file.pieces} pieces of your words looked for in {_files(file.looked)}: {found}"
    lines = [
        *entry(screen, "Checked", f"every page of the new file; {where}", CELLS),
        *entry(screen, "Cipher", f"{CIPHER}; its tools open the file, too", CELLS),
        *entry(screen, "Keyring", _kept(done), CELLS),
        "",
        *prose(screen, "Without the passphrase nobody can open the file, memchat's makers neither. Keep it safe."),
        "",
        *prose(screen, "Outside memchat's reach, so still yours to do:"),
    ]
    for text in _outside(done.was):
        lines += prose(screen, text, indent="    ")
    return lines


def _outside(was: bool) -> list[str]:
    """What may hold the words still, or opens with the old passphrase."""
    copies = "exports, backups and copies that you or others made elsewhere"
    if was:
        return [f"{copies}, which open with the old passphrase", "MEMCHAT_PASSPHRASE, where you have set it"]
    return [
        copies,
        "where the old file lay was overwritten, which SSDs and snapshots may undo: that cannot be proved",
        "while memchat runs, what it reads is in memory, which the system may write to swap",
    ]


def _open(screen: Screen) -> list[str]:
    return ["", *prose(screen, "Whoever has the file can read it. To encrypt it again: memchat encrypt")]


def _kept(done: "Receipt") -> str:
    if done.refused:
        return "it did not take the key: memchat asks for the passphrase"
    if done.in_keyring:
        return "keeps the key: memchat opens without asking while you are logged in"
    return "does not hold the key: memchat asks for the passphrase"


def _below(screen: Screen, text: str) -> list[str]:
    return entry(screen, "", text, CELLS)


def _names(paths: "tuple[Path, ...]") -> str:
    return ", ".join(path.name for path in paths)


def _backups(number: int) -> str:
    return "1 automatic backup" if number == 1 else f"{number} automatic backups"


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"

"""memchat encrypt and decrypt: the passphrase from a hidden prompt or standard input, never from the command line."""

from typing import TYPE_CHECKING, Annotated

import typer

from memchat.cli import encrypt_view
from memchat.cli.app import State
from memchat.cli.passphrase import HIDDEN, hidden
from memchat.cli.profile_commands import print_lines
from memchat.cli.terminal import said_yes
from memchat.errors import StoreError, UsageError

if TYPE_CHECKING:
    from memchat.actions.encrypting import Receipt
    from memchat.ports.vault import Ring, Vault

# Taken only so that what stands there is refused without being printed.
Words = Annotated[list[str] | None, typer.Argument(hidden=True)]
Keyring = Annotated[
    bool | None,
    typer.Option("--keyring/--no-keyring", help="Whether the keyring keeps the key; in a terminal it is asked."),
]


def encrypt(ctx: typer.Context, words: Words = None, keyring: Keyring = None) -> int:
    """Encrypt the whole database with a passphrase; on an encrypted one, change it.

    The passphrase is asked for, or read from standard input: one line, or the present one and then the new one.
    """
    from memchat.actions import encrypting
    from memchat.bootstrap.unlocking import ring, vault

    state: State = ctx.obj
    _refuse(words)
    lines = _lines(state, 2)
    file, kept = vault(state.app.paths.db, state.app.unlock), ring()
    encrypting.check(file)
    if keyring and not kept.there:
        raise UsageError("There is no keyring here.", "Leave out --keyring.")
    if file.encrypted:
        state.app.unlock.given = lines[0] if len(lines) == 2 else None
        file.secret()  # whoever does not know the passphrase chooses no other
    elif len(lines) == 2:
        raise UsageError("Two passphrases were given, and the file has none yet.", "Give one line: the new passphrase.")
    passphrase = lines[-1] if lines else _new(state, file)
    keep = _asked(state, kept) if keyring is None else keyring
    return _tell(state, encrypting.encrypt(file, kept, passphrase, keep=keep))


def decrypt(ctx: typer.Context, words: Words = None) -> int:
    """Write the database plain again, and its automatic backups with it."""
    from memchat.actions import encrypting
    from memchat.bootstrap.unlocking import ring, vault

    state: State = ctx.obj
    _refuse(words)
    lines = _lines(state, 1)
    file = vault(state.app.paths.db, state.app.unlock)
    if not file.path.exists():
        raise StoreError(f"There is no database at {file.path}.", "memchat config path --json says where it would be.")
    state.app.unlock.given = lines[0] if lines else None
    return _tell(state, encrypting.decrypt(file, ring()))


def _refuse(words: list[str] | None) -> None:
    if words:  # never named in the message: what stands there is a passphrase
        raise UsageError(
            "A passphrase on the command line stays in the shell's history; nothing was done.",
            "Leave it out: it is asked for, or pipe it in. If you used it, choose another.",
        )


def _lines(state: State, most: int) -> list[str]:
    """The passphrases on standard input, none where it is no pipe. Raises UsageError for more than `most`."""
    if not state.screen.piped:
        return []
    lines = state.screen.read_stdin().splitlines()
    if len(lines) > most:
        raise UsageError(f"Standard input holds {len(lines)} lines.", "A passphrase is one line.")
    return lines


def _new(state: State, file: "Vault") -> str:
    """The new passphrase: of the environment where the file has none yet, else typed twice."""
    from memchat.actions.encrypting import fit
    from memchat.bootstrap.unlocking import VARIABLE

    screen = state.screen
    if not file.encrypted and (given := state.environ.get(VARIABLE)):
        return given
    if not screen.can_ask:
        raise UsageError(
            "There is no passphrase, and no terminal to type one.", f"Pipe it in: memchat encrypt < FILE, or {VARIABLE}"
        )
    passphrase = fit(hidden(screen, f"New passphrase ({HIDDEN}): "))
    if hidden(screen, "The same again: ") != passphrase:
        raise UsageError("The two are not the same; nothing was changed.", "Try again: memchat encrypt")
    return passphrase


def _asked(state: State, kept: "Ring") -> bool:
    """Whether the keyring shall keep the key, where there is one and somebody to ask."""
    if not state.screen.can_ask or not kept.there:
        return False
    return (
        said_yes(state.screen.ask("Keep the key in the keyring, so that memchat opens without asking? [y/N] ")) is True
    )


def _tell(state: State, done: "Receipt") -> int:
    """The receipt; 1 where something of the file can still be read."""
    if state.json:
        state.screen.json(encrypt_view.receipt_json(done))
    else:
        print_lines(state, encrypt_view.receipt(state.screen, done))
    return 1 if done.encrypted and (done.file.found or done.file.left) else 0


COMMANDS = {"encrypt": encrypt, "decrypt": decrypt}

"""A database as a file that is encrypted with all that hangs on it, killed at any line, used by others."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import pytest
from memchat.bootstrap.unlocking import Unlocking
from memchat.errors import LockedError, StoreError
from memchat.store import backup, encryption
from memchat.store.connection import open_store
from memchat.store.encryption import is_encrypted
from memchat.store.location import unfinished
from memchat.store.rewriting import rewrite
from memchat.store.vault import Vault

from tests.builders import add_note, add_turn
from tests.e2e.running import ROOT, environment
from tests.store import dying_vault

FIRST, SECOND = "correct horse battery", "another passphrase"
SECRET = b"peanut butter"


@cache
def with_passphrase(passphrase: str) -> Unlocking:
    """Knows this one passphrase, as a process with that environment does; each file's key is made of it once."""
    return Unlocking({"MEMCHAT_PASSPHRASE": passphrase})


def vault(path: Path, passphrase: str = FIRST) -> Vault:
    """The file, with this passphrase at hand."""
    return Vault(path, with_passphrase(passphrase))


def notes(path: Path, passphrase: str = FIRST) -> list[str]:
    """What it holds."""
    with closing(open_store(path, unlock=with_passphrase(passphrase))) as store:
        return [memory.text for memory in store.memories.all()]


def on_disk(folder: Path) -> bytes:
    """All that any file of the folder holds."""
    return b"".join(each.read_bytes() for each in sorted(folder.iterdir()))


@pytest.fixture
def plain(path: Path) -> Path:
    """A database with an automatic backup of an earlier version beside it."""
    with closing(open_store(path)) as store:
        add_turn(store, "I love peanut butter on toast.", "Noted: peanut butter.")
        add_note(store, "loves peanut butter")
    backup.back_up(path, 3)
    return path


def test_the_backups_follow(plain: Path) -> None:
    """Encrypted with the database, given the new passphrase with it, plain again with it; each keeps its time."""
    [copy] = backup.automatic(plain)
    os.utime(copy, ns=(10**18, 10**18))
    one = vault(plain)
    assert not vault(plain).encrypted
    done = one.rewrite(FIRST)
    assert vault(plain).encrypted
    assert (done.backups, done.left, done.looked, done.found) == ((copy,), (), 2, ())
    assert done.pieces == 3
    assert SECRET not in on_disk(plain.parent)
    assert copy.stat().st_mtime_ns == 10**18
    assert one.entry() == encryption.salt_of(copy).hex()
    changed = vault(plain).rewrite(SECOND)
    assert changed.backups == (copy,)
    assert notes(plain, SECOND) == notes(copy, SECOND) == ["loves peanut butter"]
    with pytest.raises(LockedError, match="MEMCHAT_PASSPHRASE does not open"):
        notes(plain, FIRST)
    opened = vault(plain, SECOND).rewrite(None)
    assert (opened.backups, opened.pieces, opened.looked) == ((copy,), 0, 0)
    assert not is_encrypted(plain)
    assert not is_encrypted(copy)
    assert SECRET in copy.read_bytes()


def test_the_key_at_hand_is_the_new_one(plain: Path) -> None:
    """What goes to the keyring after a change is what opens the file now."""
    one = vault(plain)
    one.rewrite(SECOND)
    key = encryption.from_secret(one.secret())
    assert key is not None
    assert encryption.fits(plain, key)
    again = vault(plain, SECOND)
    assert again.secret() == one.secret()


def test_a_backup_of_an_earlier_passphrase_is_left_and_named(plain: Path) -> None:
    """One that was not there when the passphrase was changed; and one that is damaged."""
    [old] = backup.automatic(plain)
    rewrite(old, None, encryption.from_passphrase("long forgotten"))
    broken = old.with_name(f"{plain.name}.backup-v2-broken")
    broken.write_bytes(b"SQLite format 3\0" + bytes(5000))
    done = vault(plain).rewrite(FIRST)
    assert set(done.left) == {old, broken}
    assert done.backups == ()


def test_a_plain_backup_beside_an_encrypted_file_is_told_and_taken_in_later(plain: Path) -> None:
    """As a process that was killed between the two leaves it."""
    rewrite(plain, None, encryption.from_passphrase(FIRST))
    [copy] = backup.automatic(plain)
    assert vault(plain).plain_backups() == [copy]
    assert vault(plain).rewrite(SECOND).backups == (copy,)
    assert vault(plain, SECOND).plain_backups() == []
    assert SECRET not in on_disk(plain.parent)


def test_a_wrong_passphrase_changes_no_byte(plain: Path) -> None:
    """Neither of the file nor of the folder, also where a journal of a killed process holds the newest words."""
    vault(plain).rewrite(FIRST)
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom memchat.bootstrap.unlocking import Unlocking\n"
        "from memchat.store.connection import open_store\nfrom tests.builders import add_note\n"
        "add_note(open_store(Path(sys.argv[1]), unlock=Unlocking(os.environ)), 'walnuts too')\nos._exit(0)\n"
    )
    env = environment({"MEMCHAT_PASSPHRASE": FIRST})
    subprocess.run([sys.executable, "-c", script, str(plain)], check=True, env=env)
    journal = plain.with_name(f"{plain.name}-wal")
    assert journal.stat().st_size
    before = {each.name: each.read_bytes() for each in plain.parent.iterdir()}
    for wanted in (None, SECOND):
        with pytest.raises(LockedError):
            vault(plain, "wrong").rewrite(wanted)
    with pytest.raises(LockedError):
        notes(plain, "wrong")
    assert {each.name: each.read_bytes() for each in plain.parent.iterdir()} == before
    assert notes(plain) == ["loves peanut butter", "walnuts too"]


def test_others_are_told_in_words(plain: Path) -> None:
    """Nobody but this process here."""
    assert vault(plain).others() == []
    assert Vault(plain.with_name("nowhere.db"), with_passphrase("")).others() == []
    assert not Vault(plain.with_name("nowhere.db"), with_passphrase("")).encrypted


def test_a_link_stays_a_link(plain: Path, tmp_path: Path) -> None:
    """The file it leads to is encrypted."""
    link = tmp_path / "link.db"
    link.symlink_to(plain)
    vault(link).rewrite(FIRST)
    assert link.is_symlink()
    assert is_encrypted(plain)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that are made at once: what is killed makes one too many times, and how it is made is told elsewhere."""
    monkeypatch.setattr(encryption, "ROUNDS", dying_vault.ROUNDS)


@contextmanager
def dying(path: Path, act: str) -> Iterator[Callable[..., bool]]:
    """Runs `act` in processes of which each is killed at a line of it, or after a delay; whether it got so far."""
    command = [sys.executable, "-m", "tests.store.dying_vault", str(path), act]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment({}), stdin=pipe, stdout=pipe, text=True) as lives:

        def dies(line: int, delay: float = 0) -> bool:
            assert lives.stdin
            assert lives.stdout
            print(line, delay, file=lives.stdin, flush=True)
            code = int(lives.stdout.readline())
            assert code in {0, -9, -14}, code  # standard error tells of any other
            return code != 0

        yield dies


@pytest.mark.skipif(os.name != "posix", reason="processes are killed by signals")
@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize(("act", "step"), [("encrypt", 13), ("change", 41), ("decrypt", 41)])
def test_killed_at_any_line_it_is_the_old_file_or_the_new_one(path: Path, tmp_path: Path, act: str, step: int) -> None:
    """Never none, never half of it; once more finishes it. What the kill left beside it is gone at the next start."""
    seed(path, act)
    begun, killed = shutil.copytree(path.parent, tmp_path / "begun"), 0
    with dying(path, act) as dies:
        for line in range(1, 1000, step):
            shutil.rmtree(path.parent)
            shutil.copytree(begun, path.parent)
            if not dies(line):
                break
            killed += 1
            assert survives(path) == ["loves peanut butter"]
            assert not unfinished(path).exists()
            if is_encrypted(path):
                plain_ones = vault(path).plain_backups()
                rest = [each for each in path.parent.iterdir() if each not in plain_ones]
                assert not any(SECRET in each.read_bytes() for each in rest)
            finish(path, act)
    assert killed > 2


@pytest.mark.skipif(os.name != "posix", reason="processes are killed by signals")
@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("delay", [0.001, 0.004, 0.008, 0.015, 0.03])
def test_killed_while_sqlite_writes_it_is_the_old_file_or_the_new_one(path: Path, delay: float) -> None:
    """Some thousand pages take a while; the kill comes at a moment of the clock's choosing."""
    with closing(open_store(path)) as store, store.transaction():
        for number in range(3000):
            add_note(store, f"{number} peanut butter sandwiches on a plate")
    with dying(path, "encrypt") as dies:
        assert dies(0, delay)
    assert len(survives(path)) == 3000
    finish(path, "encrypt")


def seed(path: Path, act: str) -> None:
    """A database as `act` finds it, with a backup."""
    with closing(open_store(path)) as store:
        add_note(store, "loves peanut butter")
    backup.back_up(path, 3)
    if act != "encrypt":
        key = encryption.from_passphrase(FIRST)
        for each in (path, *backup.automatic(path)):
            rewrite(each, None, key)


def survives(path: Path) -> list[str]:
    """What the file holds, with whichever of the two passphrases opens it."""
    for passphrase in (FIRST, SECOND):
        try:
            return notes(path, passphrase)
        except LockedError:
            continue
    raise AssertionError("no passphrase opens it")


def finish(path: Path, act: str) -> None:
    """Once more, undisturbed."""
    wanted = {"encrypt": FIRST, "change": SECOND, "decrypt": None}[act]
    for passphrase in (FIRST, SECOND):
        try:
            done = vault(path, passphrase).rewrite(wanted)
        except LockedError:
            continue
        assert is_encrypted(path) is (wanted is not None)
        assert not done.found
        return
    raise AssertionError("no passphrase opens it")


WRITER = """
import os, sys
from contextlib import closing
from pathlib import Path
from memchat.bootstrap.unlocking import Unlocking
from memchat.errors import StoreError
from memchat.store.connection import open_store
from tests.builders import add_note
unlock = Unlocking(os.environ)
for number in range(int(sys.argv[2])):
    while True:
        try:
            with closing(open_store(Path(sys.argv[1]), unlock=unlock)) as store:
                add_note(store, f"note {number}")
            break
        except StoreError as error:
            assert "in use" in error.message, error.message
    print(number, flush=True)
"""


def test_nothing_is_lost_of_what_another_process_writes_meanwhile(plain: Path) -> None:
    """It opens, writes and closes as fast as it can, while the file is replaced under it again and again."""
    env = environment({"MEMCHAT_PASSPHRASE": FIRST})
    command = [sys.executable, "-c", WRITER, str(plain), "60"]
    swapped, refused = 0, ["in use"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as writer:
        wanted: Callable[[], str | None] = lambda: None if vault(plain).encrypted else FIRST  # noqa: E731 - two words
        while writer.poll() is None:
            try:
                vault(plain).rewrite(wanted())
                swapped += 1
            except StoreError as error:  # the writer has it open just now
                refused.append(error.message)
        assert writer.returncode == 0
    assert swapped
    assert all("in use" in message for message in refused)
    assert set(notes(plain)) == {"loves peanut butter", *(f"note {number}" for number in range(60))}

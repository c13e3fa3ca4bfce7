"""memchat encrypt and decrypt as scripts use them: passphrases, exit codes, receipts, the keyring."""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from memchat.actions import encrypting
from memchat.actions.encrypting import Receipt
from memchat.bootstrap.keyring_entry import SystemRing
from memchat.cli import encrypt_view
from memchat.cli.terminal import Screen
from memchat.errors import UsageError
from memchat.ports.vault import Rewritten
from memchat.store import backup
from memchat.store.encryption import from_passphrase, is_encrypted
from memchat.store.rewriting import rewrite

from tests.builders import add_turn
from tests.cli.shell import Done, Shell
from tests.e2e import file_keyring
from tests.e2e.running import ROOT, environment
from tests.store.test_rewriting import HOLDER

FIRST, SECOND = "correct horse battery", "another passphrase"
SECRET = b"peanut butter"
Pipe = Callable[..., Done]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """memchat with one talk behind it."""
    it = Shell(capsys)
    with closing(it.store()) as store:
        add_turn(store, "I love peanut butter on toast.", "Noted.")
    it("profile", "set", "occupation", "pilot")
    return it


@pytest.fixture
def pipe(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Pipe:
    """Runs memchat with these lines on standard input."""

    def run(*argv: str, lines: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode()), "utf-8"))
        return shell(*argv)

    return run


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A keyring, in this file."""
    import keyring

    before = keyring.get_keyring()
    path = tmp_path / "ring.json"
    monkeypatch.setenv("TEST_KEYRING", str(path))
    keyring.set_keyring(file_keyring.FileKeyring())
    yield path
    keyring.set_keyring(before)


def kept(ring: Path) -> dict[str, str]:
    """What the keyring keeps."""
    found: dict[str, str] = json.loads(ring.read_text("utf-8")) if ring.exists() else {}
    return found


def on_disk(folder: Path) -> bytes:
    """All that any file of the folder holds."""
    return b"".join(each.read_bytes() for each in sorted(folder.iterdir()))


def test_one_line_encrypts_and_the_environment_opens(pipe: Pipe, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The receipt says what was done, what was checked and what nobody can prove."""
    done = pipe("encrypt", lines=f"{FIRST}\n")
    assert (done.code, done.err) == (0, "")
    for words in ("Encrypted", "search index, vectors", "0 found", "Without the passphrase", "cannot be proved"):
        assert words in done.out
    assert SECRET not in on_disk(shell.paths.db.parent)
    monkeypatch.setenv("MEMCHAT_PASSPHRASE", FIRST)
    assert shell("profile", "get", "occupation").out == "pilot\n"
    assert SECRET not in on_disk(shell.paths.db.parent)


@pytest.mark.parametrize("passphrase", [None, "wrong passphrase"])
def test_without_the_passphrase_the_code_is_8_and_no_byte_changes(
    pipe: Pipe, shell: Shell, monkeypatch: pytest.MonkeyPatch, passphrase: str | None
) -> None:
    """Whatever is asked of the database; incognito asks nothing of it."""
    pipe("encrypt", lines=FIRST)
    if passphrase:
        monkeypatch.setenv("MEMCHAT_PASSPHRASE", passphrase)
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    before = {each.name: each.read_bytes() for each in shell.paths.db.parent.iterdir()}
    for argv in (
        ("profile",),
        ("ask", "hello"),
        ("doctor",),
        ("search", "toast"),
        ("memory", "add", "x"),
        ("decrypt",),
        ("encrypt",),
    ):
        done = pipe(*argv, lines="")
        assert (done.code, done.out) == (8, ""), argv
    told = pipe("profile", "--json")
    assert json.loads(told.err)["error"]["code"] == "locked"
    assert pipe("ask", "--incognito", "hello").code == 0
    assert pipe("config", "path").code == 0
    assert {each.name: each.read_bytes() for each in shell.paths.db.parent.iterdir()} == before


def test_two_lines_change_it_and_one_decrypts(pipe: Pipe, shell: Shell) -> None:
    """The present one first; a wrong one stops before anything is done."""
    pipe("encrypt", lines=FIRST)
    before = shell.paths.db.read_bytes()
    wrong = pipe("encrypt", lines=f"wrong passphrase\n{SECOND}\n")
    assert wrong.code == 8
    assert shell.paths.db.read_bytes() == before
    changed = pipe("encrypt", lines=f"{FIRST}\n{SECOND}\n")
    assert changed.code == 0
    assert "Changed" in changed.out
    assert pipe("decrypt", lines=f"{FIRST}\n").code == 8
    opened = pipe("decrypt", "--json", lines=f"{SECOND}\n")
    assert opened.json["encrypted"] is False
    assert not is_encrypted(shell.paths.db)
    assert pipe("decrypt", lines=SECOND).code == 5
    assert pipe("encrypt", lines=FIRST).code == 0
    assert "Decrypted" in pipe("decrypt", lines=FIRST).out


def test_one_line_changes_what_the_environment_opens(pipe: Pipe, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script that has the present passphrase there gives the new one alone; without a line none is made up."""
    monkeypatch.setenv("MEMCHAT_PASSPHRASE", FIRST)
    assert pipe("encrypt").code == 0  # plain: what will open it is what it is encrypted with
    assert pipe("encrypt").code == 2
    assert pipe("encrypt", "--json", lines=SECOND).json["was_encrypted"] is True
    assert shell("profile").code == 8
    monkeypatch.setenv("MEMCHAT_PASSPHRASE", SECOND)
    assert shell("profile").code == 0


@pytest.mark.parametrize(
    ("argv", "lines", "words"),
    [
        (("encrypt", "hunter2hunter2"), "", "shell's history"),
        (("decrypt", "hunter2hunter2"), "", "shell's history"),
        (("encrypt",), "seven77", "too short"),
        (("encrypt",), "arrow \x1b[A keys", "no character"),
        (("encrypt",), "one passphrase\nand another\n", "has none yet"),
        (("encrypt",), "red apple\nand another\nand a third\n", "3 lines"),
        (("encrypt",), "", "no passphrase"),
        (("encrypt", "--keyring"), FIRST, "no keyring"),
    ],
)
def test_what_cannot_be_a_passphrase_is_refused_and_never_printed(
    pipe: Pipe, shell: Shell, argv: tuple[str, ...], lines: str, words: str
) -> None:
    """Nothing is changed, and the error does not hold it."""
    before = shell.paths.db.read_bytes()
    done = pipe(*argv, lines=lines)
    assert done.code == 2
    assert words in done.err
    assert "hunter2" not in done.err
    assert not lines or lines.splitlines()[0] not in done.err
    assert shell.paths.db.read_bytes() == before


def test_a_missing_database(pipe: Pipe, shell: Shell) -> None:
    """encrypt begins one that was never plain; decrypt makes none."""
    shell.paths.db.unlink()
    assert pipe("decrypt", lines=FIRST).code == 5
    assert not shell.paths.db.exists()
    assert pipe("encrypt", lines=FIRST).code == 0
    assert is_encrypted(shell.paths.db)


def test_who_has_it_open_is_named(pipe: Pipe, shell: Shell) -> None:
    """With its number; nothing is changed, and nothing was asked before."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("the system lists no open files")
    command = [sys.executable, "-c", HOLDER, str(shell.paths.db)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment({})
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        done = pipe("encrypt", lines=FIRST)
        assert done.code == 5
        assert f"(process {holder.pid})" in done.err
        holder.communicate("")
    assert not is_encrypted(shell.paths.db)
    assert pipe("encrypt", lines=FIRST).code == 0


def test_the_keyring_keeps_the_key_when_it_is_asked_to(pipe: Pipe, shell: Shell, ring: Path) -> None:
    """memchat opens without asking; a change puts the new key there, decrypting and --no-keyring take it out."""
    assert pipe("encrypt", lines=FIRST).code == 0
    assert kept(ring) == {}
    changed = pipe("encrypt", "--keyring", lines=f"{FIRST}\n{SECOND}\n")
    assert "keeps the key" in changed.out
    [(name, secret)] = kept(ring).items()
    assert name == f"memchat/database {shell.paths.db.read_bytes()[:16].hex()}"
    assert SECOND not in secret
    assert shell("profile", "get", "occupation").out == "pilot\n"
    assert pipe("encrypt", "--keyring", "--json", lines=FIRST).json["keyring"] is True
    assert len(kept(ring)) == 1
    assert name not in kept(ring)
    assert pipe("encrypt", "--no-keyring", lines=f"{FIRST}\n{SECOND}\n").code == 0
    assert kept(ring) == {}
    assert pipe("encrypt", "--keyring", lines=f"{SECOND}\n{FIRST}\n").code == 0
    assert shell("decrypt").code == 0
    assert kept(ring) == {}


def test_a_locked_keyring_stands_in_nobodys_way(
    pipe: Pipe, shell: Shell, ring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes no key, which the receipt says; it gives none; and what it holds of an old file it keeps."""
    ring.write_text('{"locked": ""}', "utf-8")
    done = pipe("encrypt", "--keyring", lines=FIRST)
    assert done.code == 0
    assert "did not take the key" in done.out
    assert shell("profile").code == 8
    monkeypatch.setenv("MEMCHAT_PASSPHRASE", FIRST)
    assert shell("decrypt").code == 0


def test_a_ring_that_is_not_there(ring: Path) -> None:
    """Every question has an answer."""
    assert SystemRing().there
    ring.write_text("{}", "utf-8")
    import keyring
    from keyring.backends.fail import Keyring

    keyring.set_keyring(Keyring())
    nowhere = SystemRing()
    assert not nowhere.there
    assert nowhere.get("x") is None
    assert not nowhere.put("x", "y")
    nowhere.drop("x")


def test_a_secret_of_another_file_does_not_open_this_one(pipe: Pipe, shell: Shell, ring: Path) -> None:
    """Nor does rubbish somebody put there."""
    pipe("encrypt", "--keyring", lines=FIRST)
    [name] = kept(ring)
    for secret in ("rubbish", from_passphrase(SECOND, shell.paths.db.read_bytes()[:16]).secret):
        ring.write_text(json.dumps({name: secret}), "utf-8")
        assert shell("profile").code == 8


def test_backups_follow_and_what_does_not_is_told(pipe: Pipe, shell: Shell) -> None:
    """Exit code 1 while anything of it can still be read or is beyond reach."""
    path = shell.paths.db
    one = backup.back_up(path, 1)
    assert "1 automatic backup of it, too" in pipe("encrypt", lines=FIRST).out
    assert is_encrypted(one)
    backup.back_up(path, 2, from_passphrase(FIRST, path.read_bytes()[:16]))
    two = pipe("encrypt", lines=f"{FIRST}\n{SECOND}\n")
    assert "2 automatic backups of it, too" in two.out
    rewrite(one, from_passphrase(SECOND, path.read_bytes()[:16]), from_passphrase("long forgotten"))
    three = pipe("encrypt", lines=f"{SECOND}\n{FIRST}\n")
    assert three.code == 1
    assert f"as they were: {one.name}" in three.out


def test_doctor_says_whether_it_is_encrypted(pipe: Pipe, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it, the index included; and which backups beside it are not."""
    assert "Cipher    none" in shell("doctor").out
    assert shell("doctor", "--json").json["database"]["encrypted"] is False
    copy = backup.back_up(shell.paths.db, 1)
    pipe("encrypt", lines=FIRST)
    monkeypatch.setenv("MEMCHAT_PASSPHRASE", FIRST)
    told = shell("doctor").out
    assert "AES-256" in told
    assert "search index" in told
    assert "not encrypted" not in told
    rewrite(copy, from_passphrase(FIRST, shell.paths.db.read_bytes()[:16]), None)
    assert "1 automatic backup beside it is not encrypted" in shell("doctor").out
    seen = shell("doctor", "--json").json["database"]
    assert (seen["encrypted"], seen["plain_backups"]) == (True, [str(copy)])


def test_words_that_were_found_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """In which files."""
    found = Path("memchat.db.backup-v1-x")
    receipt = Receipt(Path("memchat.db"), False, True, Rewritten(5000, pieces=3, looked=2, found=(found,)))
    text = "\n".join(encrypt_view.receipt(Screen({}), receipt))
    assert "in 2 files: found in memchat.db.backup-v1-x" in text
    assert encrypt_view.receipt_json(receipt)["checked"] == {"files": 2, "pieces": 3, "found": [str(found)]}
    assert capsys.readouterr() == ("", "")


def test_a_passphrase_of_eight_characters_is_long_enough() -> None:
    """Signs and blanks included, in any script."""
    assert encrypting.fit("a b c d!") == "a b c d!"
    assert encrypting.fit("正確的馬電池釘書") == "正確的馬電池釘書"
    with pytest.raises(UsageError):
        encrypting.fit("seven77")

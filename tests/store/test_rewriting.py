"""A database written anew under another key: all of it or nothing, and nobody beside."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from memchat.errors import StoreError
from memchat.store import encryption, in_use
from memchat.store.connection import open_store
from memchat.store.encryption import Key, from_passphrase, is_encrypted
from memchat.store.location import unfinished
from memchat.store.rewriting import rewrite

from tests.builders import add_note, add_turn
from tests.store.conftest import Opener

HOLDER = """
import sys
from pathlib import Path
from memchat.store.connection import open_store
store = open_store(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def key() -> Key:
    """A key."""
    return from_passphrase("correct horse battery")


@pytest.fixture
def plain(path: Path) -> Path:
    """A database that anybody can read."""
    with closing(open_store(path)) as store:
        add_turn(store, "I love peanut butter on toast.", "Noted.")
        add_note(store, "loves peanut butter")
    return path


def notes(path: Path, key: Key | None) -> list[str]:
    """What it holds."""
    with closing(open_store(path, unlock=lambda _: key or pytest.fail("not encrypted"))) as store:
        return [memory.text for memory in store.memories.all()]


def test_there_and_back_again(plain: Path, key: Key) -> None:
    """Plain, encrypted, another passphrase, plain: the same content, no file beside it."""
    other = from_passphrase("another passphrase")
    for old, new in ((None, key), (key, other), (other, None)):
        rewrite(plain, old, new)
        assert is_encrypted(plain) is (new is not None)
        assert [each.name for each in plain.parent.iterdir()] == [plain.name]
        assert notes(plain, new) == ["loves peanut butter"]


def test_where_the_old_file_lay_nothing_is_left_of_it(plain: Path, key: Key) -> None:
    """Whoever still has the old file open reads zeros: nothing that could be taken for a database."""
    with plain.open("rb") as old:
        rewrite(plain, None, key)
        old.seek(0)
        assert not old.read().strip(b"\0")


def test_what_stands_only_in_the_journal_is_taken_along(plain: Path, key: Key) -> None:
    """A process that died left its newest words there."""
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom memchat.store.connection import open_store\n"
        "from tests.builders import add_note\n"
        "add_note(open_store(Path(sys.argv[1])), 'walnuts too')\nos._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(plain)], check=True, env={**os.environ, "PYTHONPATH": "."})
    assert b"walnuts too" in plain.with_name(f"{plain.name}-wal").read_bytes()
    rewrite(plain, None, key)
    assert notes(plain, key) == ["loves peanut butter", "walnuts too"]
    assert [each.name for each in plain.parent.iterdir()] == [plain.name]


def test_while_somebody_has_it_open_it_is_refused(plain: Path, key: Key, opened: Opener) -> None:
    """Also within this process, where no list of processes tells it."""
    store = opened(plain)
    before = plain.read_bytes()
    with pytest.raises(StoreError, match="in use"):
        rewrite(plain, None, key)
    store.close()
    assert plain.read_bytes() == before
    rewrite(plain, None, key)


def test_who_comes_while_it_is_rewritten_finds_it_in_use(
    plain: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody writes into the old file while the new one is being made."""
    from memchat.store import rewriting

    told = []
    wear_out = rewriting._wear_out

    def meanwhile(file: object) -> None:
        done = subprocess.run([sys.executable, "-c", HOLDER, str(plain)], capture_output=True, text=True, check=False)
        told.append(done.stderr)
        wear_out(file)

    monkeypatch.setattr(rewriting, "_wear_out", meanwhile)
    rewrite(plain, None, key)
    assert "LockedError" in told[0]  # the new file is there already, and has a passphrase


def test_a_second_name_is_refused(plain: Path, key: Key) -> None:
    """Under it the plain file would stay."""
    os.link(plain, plain.with_name("second"))
    with pytest.raises(StoreError, match="2 names"):
        rewrite(plain, None, key)
    plain.with_name("second").unlink()
    rewrite(plain, None, key)


def test_a_damaged_file_is_not_replaced(plain: Path, key: Key) -> None:
    """The copy is checked before it takes the file's place, and leaves nothing behind."""
    with closing(open_store(plain)) as store:
        store.database.rows("DELETE FROM words_of_messages_data")
    with pytest.raises(StoreError, match="did not pass the check") as caught:
        rewrite(plain, None, key)
    assert "--reindex" in caught.value.hint
    assert notes(plain, None) == ["loves peanut butter"]
    assert not unfinished(plain).exists()


def test_a_file_that_another_encrypted_meanwhile_is_left_alone(
    plain: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two at once: the second one has opened the old file, and must not put its copy over the new one."""
    from memchat.store import rewriting

    alone = rewriting.alone

    def late(path: Path, old: Key | None) -> object:
        connection = alone(path, old)
        copy = path.with_name("copy")
        copy.write_bytes(b"the new file")
        copy.replace(path)
        return connection

    monkeypatch.setattr(rewriting, "alone", late)
    with pytest.raises(StoreError, match="in use"):
        rewrite(plain, None, key)
    assert plain.read_bytes() == b"the new file"


def test_a_file_that_cannot_be_written_is_told(plain: Path, key: Key) -> None:
    """A wrong key, at the latest, stops before anything is made."""
    rewrite(plain, None, key)
    with pytest.raises(StoreError):
        rewrite(plain, from_passphrase("incorrect horse", key.salt), None)
    assert encryption.fits(plain, key)
    assert not unfinished(plain).exists()


def test_other_processes_are_named(plain: Path) -> None:
    """Who has it open, by number and name; this process and strangers are left out."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("the system lists no open files")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(plain)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with plain.open("rb"):
            [one] = in_use.others(plain)
        assert one.pid == holder.pid
        assert "python" in one.name
        holder.communicate("")
    assert in_use.others(plain) == []


def test_memchat_is_called_by_its_name(tmp_path: Path) -> None:
    """`python -m memchat` and the installed script alike; of what is gone nothing is told."""
    (tmp_path / "cmdline").write_bytes(b"/usr/bin/python3\0/usr/bin/memchat\0--db\0x\0")
    assert in_use._name(tmp_path) == "memchat"
    (tmp_path / "cmdline").write_bytes(b"/usr/bin/sqlite3\0memory.db\0")
    assert in_use._name(tmp_path) == "sqlite3"
    assert in_use._name(tmp_path / "gone") == ""
    assert list(in_use._open_in(tmp_path / "gone")) == []
    (tmp_path / "fd").mkdir()
    (tmp_path / "fd" / "3").symlink_to(tmp_path / "closed meanwhile")
    assert list(in_use._open_in(tmp_path)) == []


def test_where_there_is_no_proc_lsof_is_asked(plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its output for programs, as lsof(8) describes it; without lsof nobody is known."""
    lsof = tmp_path / "lsof"
    lsof.write_text("#!/bin/sh\nprintf 'p4711\\ncpython3.11\\nf3\\np12\\ncsqlite3\\nf4\\n'\n")
    lsof.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert in_use._from_lsof([plain]) == [in_use.Process(4711, "python3.11"), in_use.Process(12, "sqlite3")]
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert in_use._from_lsof([plain]) == []

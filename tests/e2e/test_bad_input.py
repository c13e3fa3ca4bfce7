"""Whatever is wrong, it gets its two lines and its exit code, and nothing is lost or half-written."""

import ctypes
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from tests.e2e.piping import fed
from tests.e2e.running import NOTEBOOK, fails, here, memchat, tree, with_server
from tests.servers.openai_server import Server

PR_CAPBSET_DROP = 24  # linux/prctl.h
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2  # linux/capability.h
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="limits a process by Linux's own means")


@pytest.fixture
def database(home: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A database with one conversation and one memory in it."""
    assert here(capsys, "ask", "--session", "kept", "My name is Alice.").code == 0
    return home / "memchat.db"


def configured(home: Path, text: str) -> None:
    """A configuration file with this in it."""
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(text, "utf-8")


def integrity(path: Path) -> str:
    """What SQLite itself says of a database."""
    connection = apsw.Connection(str(path))
    try:
        return str(connection.execute("PRAGMA integrity_check").get)
    finally:
        connection.close()


def test_no_key(home: Path) -> None:
    """A model that was named is never replaced by another: exit 3, and how to give the key."""
    fails(memchat("ask", "-m", "openai/gpt-4o", "hi"), 3, "key", "memchat keys set openai")
    assert not list(home.rglob("*.db"))


def test_unknown_model(capsys: pytest.CaptureFixture[str]) -> None:
    """No provider and no server on this computer knows it."""
    fails(here(capsys, "ask", "-m", "nosuchmodel", "hi"), 3, "nosuchmodel")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[model]\nnaem = "notebook"\n', ["naem", "name"]),
        ("[model\n", ["config.toml"]),
        ('[model]\ntimeout = "long"\n', ["timeout"]),
        ('[modle]\nname = "notebook"\n', ["modle", "model"]),
    ],
    ids=["unknown key", "does not parse", "wrong type", "unknown section"],
)
def test_a_configuration_with_a_mistake(
    home: Path, text: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 3 with the place; the nearest name for an unknown one; the file stays as it is."""
    configured(home, text)
    before = tree(home)
    fails(here(capsys, "ask", "hi"), 3, *words)
    assert tree(home) == before


def test_a_configuration_that_is_no_text(home: Path) -> None:
    """Bytes that are no UTF-8."""
    home.mkdir()
    (home / "config.toml").write_bytes(b"[model]\nname = '\xff'\n")
    fails(memchat("ask", "hi"), 3, "config.toml")


def test_an_unknown_key_in_the_environment(capsys: pytest.CaptureFixture[str]) -> None:
    """The environment is configuration, too."""
    fails(here(capsys, "ask", "hi", env={**NOTEBOOK, "MEMCHAT_MODEL__NAEM": "x"}), 3, "MEMCHAT_MODEL__NAEM")


@pytest.mark.parametrize("served", [False, True], ids=["notebook", "server"])
def test_ten_megabytes_are_more_than_a_model_reads(
    openai_server: Server, served: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 4 without a request; the words are kept."""
    words = b"the quick brown fox jumps over the lazy dog\n" * 240_000
    env = with_server(openai_server) if served else NOTEBOOK
    fails(fed(capsys, words, "ask", "Sum this up.", env=env), 4, "The piped text is too large", "tokens, and")
    assert openai_server.requests == []
    (turn,) = here(capsys, "sessions", "show", "s1", "--json").json["turns"]
    assert turn["messages"][0]["parts"][0]["content"].encode() == words.rstrip()


def test_stdin_that_is_no_text(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The place of the first bad byte; nothing is kept."""
    fails(fed(capsys, b"\x89PNG\r\n", "ask", "What is this?"), 2, "UTF-8", "byte 0")
    assert not home.exists()


def test_no_terminal_and_no_words(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A chat needs somebody to talk to."""
    fails(memchat(), 2)
    fails(here(capsys, "chat"), 2, "terminal")
    fails(here(capsys, "setup"), 2, "terminal")
    assert not home.exists()


def test_a_database_that_is_none(home: Path) -> None:
    """Somebody's file is in the place: it stays as it is."""
    home.mkdir()
    (home / "memchat.db").write_text("dear diary, " * 1000, "utf-8")
    before = tree(home)
    fails(memchat("ask", "hi"), 5, "memchat.db")
    assert tree(home) == before


def test_a_database_of_another_program(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SQLite, but not ours."""
    home.mkdir()
    connection = apsw.Connection(str(home / "memchat.db"))
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    before = tree(home)
    fails(here(capsys, "ask", "hi"), 5, "memchat.db")
    assert tree(home) == before


def test_a_corrupt_database(database: Path) -> None:
    """Exit 5, never a new database in its place, never a traceback."""
    data = bytearray(database.read_bytes())
    data[4096:] = b"\x00\xff" * ((len(data) - 4096) // 2)
    database.write_bytes(data)
    fails(memchat("ask", "--session", "kept", "hi"), 5)
    assert database.read_bytes()[4096:8192] == bytes(data[4096:8192])


def test_a_database_of_a_newer_memchat(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Refused before anything is written."""
    connection = apsw.Connection(str(database))
    connection.execute("PRAGMA user_version = 9999")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    before = tree(database.parent)
    fails(here(capsys, "ask", "hi"), 5, "newer")
    assert tree(database.parent) == before


def test_a_folder_in_place_of_the_database(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing can be opened there."""
    (home / "memchat.db").mkdir(parents=True)
    fails(here(capsys, "ask", "hi"), 5, "memchat.db")


def test_a_file_in_place_of_the_folder(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing can be read or made in it; the variable that names it is to blame."""
    home.write_text("not a folder", "utf-8")
    fails(here(capsys, "ask", "hi"), 3, "MEMCHAT_HOME is a file")
    assert home.read_text("utf-8") == "not a folder"


def _respect_permissions() -> None:
    """Root's right to pass permission bits over, dropped for what is started next; others never had it."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            assert libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0


@pytest.fixture
def read_only(database: Path) -> Iterator[Path]:
    """The database and its folder, which can only be read."""
    database.chmod(stat.S_IRUSR)
    database.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    yield database
    database.parent.chmod(stat.S_IRWXU)


@needs_linux
def test_a_read_only_folder(read_only: Path) -> None:
    """What is there can be read; what cannot be saved is not sent; no byte changes."""
    before = tree(read_only.parent)
    fails(memchat("ask", "I live in Taipei.", before=_respect_permissions), 5)
    shown = memchat("profile", "show", before=_respect_permissions)
    assert (shown.code, "Alice" in shown.out) == (0, True), shown.err
    assert tree(read_only.parent) == before


@needs_linux
def test_a_folder_nothing_can_be_made_in(home: Path) -> None:
    """The first start where nobody may write: exit 5; without keeping anything it answers."""
    home.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        fails(memchat("ask", "hi", before=_respect_permissions), 5)
        assert memchat("ask", "--incognito", "hi", before=_respect_permissions).code == 0
    finally:
        home.parent.chmod(stat.S_IRWXU)


@needs_linux
def test_a_full_disk(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not a byte more fits: exit 5, the database is whole, holds what it held, and goes on when there is room."""
    size = database.stat().st_size

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    words = b"the quick brown fox jumps over the lazy dog\n" * (size // 20)
    fails(memchat("ask", "--session", "kept", "Keep this.", stdin=words, before=full), 5)
    assert integrity(database) == "ok"
    assert here(capsys, "ask", "--session", "kept", "--json", "What is my name?").json["turn"] == "s1.2"


@needs_linux
def test_an_output_that_is_full(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer could not be printed: not exit 0; but it is kept."""
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "memchat", "ask", "--session", "kept", "What is my name?"],
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, **NOTEBOOK},
            check=False,
        )
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 2
    assert here(capsys, "sessions", "list", "--json").json[0]["turns"] == 2
    assert database.exists()


def test_an_editor_that_fails(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is changed, and it says so."""
    before = here(capsys, "profile", "show", "--json").out
    done = memchat("profile", "edit", env={**NOTEBOOK, "EDITOR": "false", "VISUAL": ""})
    assert done.code != 0
    assert len(done.err.splitlines()) == 2
    assert here(capsys, "profile", "show", "--json").out == before
    assert database.exists()

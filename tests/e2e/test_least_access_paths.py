"""Paths that are tricks: devices, pipes, links, other people's files, strange names. Two lines, and nothing harmed."""

import io
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from memchat.cli import app as cli

from tests.e2e.running import NOTEBOOK, Done, fails, here, memchat, tree

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has other files, and owners of another kind")
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away"
)
pytestmark = posix
STRANGER = 65534
MOST = 0o600


@pytest.fixture(scope="module")
def kept_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first home that was made lies for the others."""
    return tmp_path_factory.mktemp("kept") / "home"


@pytest.fixture
def told(home: Path, kept_once: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A home with one conversation and a memory."""
    if not kept_once.exists():
        assert here(capsys, "ask", "My name is Alice.").code == 0
        shutil.copytree(home, kept_once)
    else:
        shutil.copytree(kept_once, home)
    return home


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """memchat in this process, which a hang would stop: nothing here may wait for anybody."""
    return lambda *words, env=NOTEBOOK: here(capsys, *words, env=env)


def tricks(folder: Path) -> dict[str, Path]:
    """What a path may lead to that is no file of one's own."""
    folder.mkdir(exist_ok=True)
    made = {name: folder / name for name in ("pipe", "folder", "dangling", "ring", "socket")}
    os.mkfifo(made["pipe"])
    made["folder"].mkdir()
    made["dangling"].symlink_to(folder / "nowhere")
    made["ring"].symlink_to(made["ring"])
    for device in ("full", "zero"):
        made[device] = folder / device
        made[device].symlink_to(f"/dev/{device}")
    del made["socket"]
    return made | {"/dev/full": Path("/dev/full"), "/dev/zero": Path("/dev/zero")}


@pytest.mark.parametrize("kind", ["pipe", "folder", "dangling", "ring", "full", "zero", "/dev/full", "/dev/zero"])
@pytest.mark.parametrize("words", [["memory", "list"], ["doctor"], ["encrypt"], ["profile", "set", "plan", "pro"]])
def test_a_database_that_is_no_file_is_refused(
    run: Callable[..., Done], tmp_path: Path, kind: str, words: list[str]
) -> None:
    """By flag and by environment: exit 5, and nothing is made where a link leads to nothing."""
    path = tricks(tmp_path / "tricks")[kind]
    for done in (run(*words, "--db", str(path)), run(*words, env={**NOTEBOOK, "MEMCHAT_DB": str(path)})):
        fails(done, 5)
    assert not (tmp_path / "tricks" / "nowhere").exists()
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


@pytest.mark.parametrize("kind", ["pipe", "folder", "dangling", "ring", "full", "zero", "/dev/full", "/dev/zero"])
@pytest.mark.parametrize("command", ["export", "backup"])
@pytest.mark.parametrize("more", [[], ["--force"]])
def test_what_is_no_file_is_not_written_over(
    run: Callable[..., Done], told: Path, tmp_path: Path, kind: str, command: str, more: list[str]
) -> None:
    """Nor written through; the database stays as it was."""
    path = tricks(tmp_path / "tricks")[kind]
    before = path.lstat()
    fails(run(command, str(path), *more), 7)
    after = path.lstat()
    assert (before.st_ino, before.st_mode) == (after.st_ino, after.st_mode)
    assert not (tmp_path / "tricks" / "nowhere").exists()
    assert run("memory", "list").code == 0


@pytest.mark.parametrize("kind", ["pipe", "folder", "dangling", "ring", "full", "zero"])
@pytest.mark.parametrize("command", ["import", "restore"])
def test_what_is_no_file_is_not_read(
    run: Callable[..., Done], told: Path, tmp_path: Path, kind: str, command: str
) -> None:
    """Without waiting for anybody; what is here stays."""
    path = tricks(tmp_path / "tricks")[kind]
    before = (told / "memchat.db").read_bytes()
    done = run(command, str(path))
    assert done.code in {1, 2, 5, 6}
    assert (len(done.err.splitlines()), done.out) == (2, "")
    assert (told / "memchat.db").read_bytes() == before


@pytest.mark.parametrize("kind", ["pipe", "folder", "ring", "full", "zero"])
def test_a_configuration_that_is_no_file_is_refused(run: Callable[..., Done], tmp_path: Path, kind: str) -> None:
    """A pipe is not waited for, a device that never ends is not read: exit 3."""
    path = tricks(tmp_path / "tricks")[kind]
    fails(run("config", "show", env={**NOTEBOOK, "MEMCHAT_CONFIG": str(path)}), 3)
    if kind != "ring":
        fails(run("config", "show", "--config", str(path)), 3)


@pytest.mark.parametrize("kind", ["pipe", "folder", "ring", "full", "zero", "dangling"])
def test_keys_that_are_no_file_are_refused(
    run: Callable[..., Done], home: Path, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither read nor written."""
    path = tricks(tmp_path / "tricks")[kind]
    home.mkdir()
    (home / "keys.json").symlink_to(path)
    assert run("keys", "list").code == (0 if kind == "dangling" else 3)
    if kind == "pipe":  # one as a script starts it
        done = memchat("keys", "set", "openai", stdin=b"sk-proj-1234567890")
    else:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.stdin", io.StringIO("sk-proj-1234567890"))
            capsys.readouterr()
            code = cli.run(["keys", "set", "openai"], {**os.environ, **NOTEBOOK})
        done = Done(code, *capsys.readouterr())
    fails(done, 3)
    assert "sk-proj" not in done.err
    assert not (tmp_path / "tricks" / "nowhere").exists()


@pytest.mark.parametrize("kind", ["pipe", "full", "zero", "dangling", "ring"])
def test_a_home_that_is_no_folder_is_refused(run: Callable[..., Done], tmp_path: Path, kind: str) -> None:
    """MEMCHAT_HOME: nothing is written anywhere."""
    path = tricks(tmp_path / "tricks")[kind]
    done = run("memory", "add", "likes Go", env={**NOTEBOOK, "MEMCHAT_HOME": str(path)})
    assert done.code in {3, 5}
    assert (len(done.err.splitlines()), done.out) == (2, "")
    assert not (tmp_path / "tricks" / "nowhere").exists()


LONG = "x" * 300
NAMES = [
    "-rf",
    "--",
    "x.db ",
    " x.db",
    "a\nb.db",
    "\x1b[31mred.db",
    "\u202eevil.db",
    "%41?x=1#.db",
    "~nobody",
    "x" * 240,
]


@pytest.mark.parametrize("name", NAMES)
def test_strange_names_are_names(run: Callable[..., Done], told: Path, tmp_path: Path, name: str) -> None:
    """A leading minus, blanks, line ends, bytes that are no text: each works, is private, and steers no terminal."""
    folder = tmp_path / "strange"
    folder.mkdir()
    kept, copy = folder / f"{name}.jsonl", folder / name
    for words in (["export", str(kept)], ["backup", str(copy)]):
        done = run(*words)
        assert done.code == 0, done
        assert "\x1b" not in done.out
    assert run("memory", "list", "--db", str(copy)).code == 0
    assert run("doctor", "--json", "--db", str(copy)).code == 0
    assert run("import", str(kept), "--db", str(copy)).code == 0
    assert run("restore", str(copy)).code == 0
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {MOST}


@pytest.mark.parametrize(
    "words",
    [
        ["memory", "list", "--db"],
        ["doctor", "--db"],
        ["export"],
        ["backup"],
        ["import"],
        ["restore"],
        ["config", "show", "--config"],
    ],
)
def test_names_that_no_file_can_have_are_told(
    run: Callable[..., Done], told: Path, words: list[str], tmp_path: Path
) -> None:
    """Too long, or with a folder that is a file: two lines and no new file."""
    before = tree(told)
    for path in (tmp_path / LONG, told / "memchat.db" / "x"):
        done = run(*words, str(path))
        assert done.code not in {0, 130}
        assert (len(done.err.splitlines()), done.out) == (2, ""), done
        assert "memchat failed" not in done.err
    assert tree(told).keys() == before.keys()


def test_bytes_that_are_no_text_are_told(run: Callable[..., Done], told: Path, tmp_path: Path) -> None:
    """SQLite takes names in UTF-8 only, so such a database is refused; a backup, an export may be called so."""
    copy, kept = (tmp_path / os.fsdecode(name) for name in (b"caf\xe9.db", b"caf\xe9.jsonl"))
    assert (run("backup", str(copy)).code, run("export", str(kept)).code) == (0, 0)
    for words in (["memory", "list"], ["doctor"]):
        fails(run(*words, "--db", str(copy)), 5, "UTF-8")
    assert run("restore", str(copy)).code == 0
    assert run("import", str(kept)).code == 0
    folder = tmp_path / os.fsdecode(b"\xff")
    fails(run("memory", "add", "likes Go", env={**NOTEBOOK, "MEMCHAT_HOME": str(folder)}), 5, "UTF-8")
    folder.mkdir(exist_ok=True)
    assert run("backup", str(folder / "copy.db")).code in {0, 5}


def test_a_zero_byte_in_the_environment_is_told(run: Callable[..., Done]) -> None:
    """No system hands one over, but whoever calls memchat from Python may."""
    for name, code in (("MEMCHAT_HOME", 3), ("MEMCHAT_DB", 3), ("MEMCHAT_CONFIG", 3)):
        fails(run("memory", "list", env={**NOTEBOOK, name: "a\x00b"}), code)
    fails(run("export", "a\x00b"), 1)


@needs_root
@pytest.mark.parametrize("words", [["memory", "list"], ["doctor"], ["ask", "hello"], ["encrypt"]])
def test_another_users_database_is_refused(run: Callable[..., Done], told: Path, words: list[str]) -> None:
    """It is not read, not changed, and keeps its owner and rights."""
    path = told / "memchat.db"
    path.chmod(0o666)
    os.chown(path, STRANGER, STRANGER)
    before = path.read_bytes()
    fails(run(*words), 5, "another user")
    assert path.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o666
    assert not path.with_name("memchat.db-wal").exists()


@needs_root
@pytest.mark.parametrize("end", ["-wal", "-journal", "-shm"])
def test_a_journal_that_another_user_laid_beside_the_database_is_refused(
    run: Callable[..., Done], told: Path, end: str
) -> None:
    """SQLite would take what is in it into the database."""
    planted = told / f"memchat.db{end}"
    planted.write_bytes(b"planted")
    os.chown(planted, STRANGER, STRANGER)
    before = (told / "memchat.db").read_bytes()
    fails(run("memory", "list"), 5, "another user")
    assert ((told / "memchat.db").read_bytes(), planted.read_bytes()) == (before, b"planted")


@needs_root
def test_settings_and_keys_of_another_user_are_refused(run: Callable[..., Done], home: Path) -> None:
    """They could send one's words to an address, or with a key, of the other's choice."""
    home.mkdir()
    for name, text, words in (
        ("config.toml", '[model]\nname = "notebook"\n', ["config", "show"]),
        ("keys.json", '{"keys": {"openai": "sk-theirs"}, "keyring": []}', ["keys", "list"]),
    ):
        path = home / name
        path.write_text(text, "utf-8")
        path.chmod(0o600)
        os.chown(path, STRANGER, STRANGER)
        fails(run(*words), 3, "another user")
        path.unlink()


@needs_root
def test_a_home_of_another_user_is_refused(run: Callable[..., Done], home: Path) -> None:
    """Whoever owns the folder can put other files in the place of ours."""
    home.mkdir()
    os.chown(home, STRANGER, STRANGER)
    fails(run("memory", "add", "likes Go"), 3, "another user")
    assert list(home.iterdir()) == []


@needs_root
@pytest.mark.parametrize("command", ["export", "backup"])
def test_a_file_of_another_user_is_not_replaced(
    run: Callable[..., Done], told: Path, tmp_path: Path, command: str
) -> None:
    """Not even with --force, in a folder where everybody may."""
    folder = tmp_path / "everybodys"
    folder.mkdir()
    folder.chmod(0o777)
    theirs = folder / "all"
    theirs.write_text("theirs", "utf-8")
    os.chown(theirs, STRANGER, STRANGER)
    fails(run(command, str(theirs), "--force"), 7)
    assert (theirs.read_text("utf-8"), theirs.stat().st_uid) == ("theirs", STRANGER)
    assert [each.name for each in folder.iterdir()] == ["all"]


def test_a_configuration_is_never_written_over_a_device(run: Callable[..., Done], home: Path) -> None:
    """`MEMCHAT_CONFIG=/dev/null` is how some say "none": it reads as empty, and nothing takes its place."""
    from memchat import config
    from memchat.errors import ConfigError

    environ = {**NOTEBOOK, "MEMCHAT_CONFIG": "/dev/null"}
    assert run("config", "show", env=environ).code == 0
    with pytest.raises(ConfigError):
        config.write_values(config.paths(environ), {"model.name": "notebook"})
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_links_of_ones_own_keep_working(run: Callable[..., Done], told: Path, tmp_path: Path) -> None:
    """A home, a database and a configuration that lie elsewhere of one's own, which doctor says."""
    real = tmp_path / "disk"
    told.rename(real)
    told.symlink_to(real)
    assert run("profile", "get", "display_name").out == "Alice\n"
    (real / "memchat.db").rename(tmp_path / "moved.db")
    (real / "memchat.db").symlink_to(tmp_path / "moved.db")
    assert run("profile", "get", "display_name").out == "Alice\n"
    assert str(tmp_path / "moved.db") in "".join(run("doctor").out.split())
    assert run("backup", str(tmp_path / "sub" / ".." / "up.db")).code == 1  # `sub` is not there
    assert run("backup", str(real / ".." / "up.db")).code == 0


def test_a_second_name_of_the_database_is_told(run: Callable[..., Done], told: Path, tmp_path: Path) -> None:
    """A hard link opens the same file under a name whose journal nobody else sees: doctor says so."""
    os.link(told / "memchat.db", tmp_path / "second.db")
    assert "2 names" in " ".join(run("doctor").out.split())

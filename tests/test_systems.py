"""Other systems, played: what only POSIX has is asked for in one room, and has another everywhere else."""

import ast
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from memchat import private_file, system
from memchat.cli import editor, passphrase
from memchat.cli.keyboard import Typing
from memchat.cli.prompt import too_plain
from memchat.cli.terminal import Screen
from memchat.errors import MemchatError
from memchat.store import claims, in_use, location, restoring, rewriting
from memchat.store.connection import open_store

from tests.builders import add_note
from tests.e2e.running import NOTEBOOK, PATIENCE, ROOT, environment

PACKAGE = ROOT / "memchat"
# Modules and names that Windows (or macOS) does not have.
MODULES = {"fcntl", "termios", "tty", "pty", "pwd", "grp", "resource", "posix", "syslog", "msvcrt", "winreg"}
_OF_OS = """
fork forkpty setsid getpgid getpgrp setpgid tcgetpgrp getuid geteuid getgid getegid getlogin getgroups chown lchown
fchown fchmod mkfifo mknod uname nice wait3 wait4 waitid killpg statvfs fstatvfs pread pwrite openpty sched_getaffinity
getxattr setxattr sysconf O_NOFOLLOW O_NONBLOCK O_NOCTTY O_DIRECTORY O_CLOEXEC O_SYNC
"""
_OF_SIGNAL = """
SIGHUP SIGKILL SIGQUIT SIGPIPE SIGALRM SIGUSR1 SIGUSR2 SIGCHLD SIGTSTP SIGWINCH SIGCONT alarm pause setitimer
siginterrupt sigwait pthread_sigmask pthread_kill
"""
NAMES = {
    "os": set(_OF_OS.split()),
    "signal": set(_OF_SIGNAL.split()),
    "time": {"tzset", "clock_gettime", "CLOCK_BOOTTIME", "CLOCK_MONOTONIC"},
    "select": {"poll", "epoll", "kqueue"},
    "sys": {"platform", "getwindowsversion"},
}
# Where each of them stands, and what there is instead.
KNOWN = {
    ("system.py", "sys.platform"): "the one room that asks",
    ("system.py", "os.name"): "the one room that asks",
    ("system.py", "time.clock_gettime"): "windows() has another clock, and a clock that is not there is None",
    ("private_file.py", "os.geteuid"): "without owners in numbers every file is one's own",
    ("private_file.py", "os.fchmod"): "without it a file has its folder's rights",
    ("store/location.py", "os.geteuid"): "below `not system.posix()`",
    ("cli/keyboard.py", "termios"): "an ImportError is a console, which shows nothing that nobody reads",
}
PLACES = re.compile(r"^(?:/proc|/dev|/tmp|/etc|/sbin|/usr)/")
# The same of paths: each is asked whether it is there, or only on the system that has it.
PATHS = {
    ("system.py", "/dev/tty"): "CONIN$",
    ("store/claims.py", "/proc/"): "empty where the system does not tell",
    ("store/in_use.py", "/proc/self/fd"): "lsof, or nobody is known to have it open",
    ("store/whereabouts.py", "/proc/self/mountinfo"): "macOS: mount; Windows: the kind of drive",
    ("store/whereabouts.py", "/sbin/mount"): "only on macOS",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of memchat, by its path within the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))


def named(tree: ast.Module) -> Iterator[str]:
    """What a module names that some system lacks; `getattr(os, ..., other)` carries its other with it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr in NAMES.get(node.value.id, ()) or (node.value.id, node.attr) == ("os", "name"):
                yield f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.partition(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom):
            if (node.module or "").partition(".")[0] in MODULES:
                yield str(node.module)
            yield from (f"{node.module}.{a.name}" for a in node.names if a.name in NAMES.get(node.module or "", ()))


def test_what_only_some_systems_have_is_known_and_has_its_other() -> None:
    """A new call of that kind fails here until it has one; one that is gone leaves the list."""
    found = {(name, one) for name, tree in modules() for one in named(tree)}
    assert found == set(KNOWN)


def test_paths_that_only_some_systems_have_are_known() -> None:
    """The same of `/proc`, `/dev` and the like; docstrings may talk of them."""
    found = set()
    for name, tree in modules():
        docs = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.Module | ast.ClassDef)
        }
        for node in ast.walk(tree):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and PLACES.match(value) and value not in docs:
                found.add((name, value))
    assert found == set(PATHS)


def test_no_module_of_another_system_is_imported_at_the_top() -> None:
    """Importing memchat works anywhere: such an import stands in the function that has its other."""
    for name, tree in modules():
        top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        assert not {one for node in top for one in named(ast.Module([node], []))} & MODULES, name


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows, as far as memchat asks."""
    monkeypatch.setattr(system, "windows", lambda: True)
    monkeypatch.setattr(system, "posix", lambda: False)


@pytest.fixture
def on_mac(monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS, as far as memchat asks."""
    monkeypatch.setattr(system, "mac", lambda: True)


def test_the_room_asks_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """At each call."""
    for platform, windows, mac in (("linux", False, False), ("darwin", False, True), ("win32", True, False)):
        monkeypatch.setattr(sys, "platform", platform)
        assert (system.windows(), system.mac()) == (windows, mac)
    assert system.posix() is (os.name == "posix")


def test_each_system_tells_how_long_it_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Process numbers begin anew then; where nobody tells, no claim is thought older."""
    monkeypatch.setattr(sys, "platform", "win32")
    assert system.up_for() == pytest.approx(time.monotonic(), abs=5)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    assert system.up_for() == pytest.approx(time.clock_gettime(time.CLOCK_MONOTONIC), abs=5)
    monkeypatch.setattr(sys, "platform", "freebsd14")
    assert system.up_for() is None
    assert claims._started().year == 1970


@pytest.mark.usefixtures("on_windows")
def test_rights_in_bits_are_none_on_windows(tmp_path: Path) -> None:
    """What looks open to others is not called so, and no folder or file is changed."""
    file = tmp_path / "open.txt"
    file.write_text("x", "utf-8")
    file.chmod(0o666)
    assert not private_file.exposed(file.stat())
    location._make_private(file)
    assert file.stat().st_mode & 0o777 == 0o666
    private_file.make_folder(tmp_path / "a" / "b")
    private_file.replace(tmp_path / "a" / "b" / "c.toml", "text")
    assert private_file.read(tmp_path / "a" / "b" / "c.toml")[0] == b"text"
    rewriting.flush_folder(tmp_path / "not there")  # there no folder can be opened


def test_owners_without_numbers_are_oneself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And without O_NOFOLLOW and fchmod files are made all the same."""
    monkeypatch.delattr(os, "geteuid", raising=False)
    monkeypatch.delattr(os, "fchmod", raising=False)
    monkeypatch.setattr(private_file, "_NO_LINK", 0)
    monkeypatch.setattr(private_file, "_NO_WAIT", 0)
    assert private_file.is_mine(tmp_path.stat())
    private_file.replace(tmp_path / "x", "y")
    assert (tmp_path / "x").read_text("utf-8") == "y"


@pytest.mark.usefixtures("on_windows")
@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("notepad", ["notepad"]),
        (r"C:\Tools\ed.exe", [r"C:\Tools\ed.exe"]),
        (r'"C:\Program Files\Ed\ed.exe" -w', [r"C:\Program Files\Ed\ed.exe", "-w"]),
        (r'C:\Tools\ed.exe --title "my draft"', [r"C:\Tools\ed.exe", "--title", "my draft"]),
    ],
)
def test_windows_editors_keep_their_backslashes(wanted: str, words: list[str]) -> None:
    """And lose the quotes, which are the shell's."""
    assert editor.command({"EDITOR": wanted, "PATH": ""}) == words


@pytest.mark.usefixtures("on_windows")
def test_windows_editors_that_are_scripts_are_found(tmp_path: Path) -> None:
    """`code --wait` is `code.cmd`, which Windows starts by its whole name only; a quote left open is told."""
    script = tmp_path / "code"
    script.write_text("#!/bin/sh\n", "utf-8")
    script.chmod(0o755)
    assert editor.command({"EDITOR": "code --wait", "PATH": str(tmp_path)}) == [shutil.which(str(script)), "--wait"]
    with pytest.raises(MemchatError, match="a quote is left open"):
        editor.command({"EDITOR": '"code', "PATH": ""})
    assert editor.command({"PATH": ""}) == ["notepad"]


@pytest.mark.usefixtures("on_mac")
def test_macos_opens_its_own_editor_and_waits() -> None:
    """Where nano is not there."""
    assert editor.command({"PATH": ""}) == ["open", "-W", "-t"]


def test_the_terminal_has_another_name_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """And `O_NOCTTY` is not there: asking is no reason to fail."""
    assert system.terminal() == "/dev/tty"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "O_NOCTTY", raising=False)
    assert system.terminal() == "CONIN$"
    assert passphrase._has_terminal() is False


def test_a_console_without_termios_echoes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyboard's module of POSIX is not there: what is typed ahead waits in the console."""
    monkeypatch.setitem(sys.modules, "termios", None)
    typing = Typing(sys.stdin)
    with typing.silent(), typing.aloud():
        assert typing.ahead() == ""


@pytest.mark.parametrize(("windows", "plain"), [(True, False), (False, True)])
def test_a_windows_console_has_no_name_and_can_be_steered(
    monkeypatch: pytest.MonkeyPatch, windows: bool, plain: bool
) -> None:
    """Elsewhere a terminal without a name is a plain one."""
    monkeypatch.setattr(system, "windows", lambda: windows)
    assert too_plain(Screen({})) is plain


def test_a_restore_lets_go_of_the_file_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There an open file keeps its name: whoever holds it against others lets go just before the swap."""
    paths = [tmp_path / "a.db", tmp_path / "b.db"]
    for path in paths:
        with closing(open_store(path)) as store:
            add_note(store, path.stem)
    held: list[bool] = []
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        held.append(
            any(
                str(paths[0]) in str(one.readlink())
                for one in Path("/proc/self/fd").iterdir()
                if one.is_symlink() and one.exists()
            )
        )
        return real(self, target)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("only Linux tells which files this process has open")
    monkeypatch.setattr(Path, "replace", replace)
    for windows in (False, True):
        monkeypatch.setattr(system, "windows", lambda windows=windows: windows)
        with closing(open_store(paths[0])) as store:
            key = store.records.database.key
        shutil.copy(paths[1], tmp_path / "copy.db")
        restoring._swap(paths[0], tmp_path / "copy.db", key, there=True)
        with closing(open_store(paths[0])) as store:
            assert [memory.text for memory in store.memories.all()] == ["b"]
    assert held == [True, False]


def test_without_proc_lsof_is_asked_and_without_it_nobody(tmp_path: Path) -> None:
    """Windows has neither."""
    file = tmp_path / "m.db"
    file.write_bytes(b"")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        assert in_use._from_lsof([file]) == []


CODE_PAGES = [
    {"PYTHONIOENCODING": "cp1252"},
    {"PYTHONIOENCODING": "cp437:strict"},
    {"LANG": "C", "LC_ALL": "C"},
    {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "POSIX"},
]
# Several commands in one process, each with the streams as Python made them for the first; `next` stands between them.
ONE_BY_ONE = """
import sys
from memchat.cli.app import run
streams = sys.stdout, sys.stderr
pages = [(stream.encoding, stream.errors) for stream in streams]
words = sys.argv[1:]
while words:
    end = words.index("next")
    for stream, (encoding, errors) in zip(streams, pages):
        stream.reconfigure(encoding=encoding, errors=errors)
    print("\\0%d" % run(words[:end]), end="\\0")
    print(end="\\0", file=sys.stderr)
    sys.stdout.flush()
    del words[:end + 1]
"""


@pytest.mark.parametrize("page", CODE_PAGES, ids=lambda page: "-".join(page.values()))
def test_pipes_are_utf8_whatever_the_code_page(page: dict[str, str]) -> None:
    """What goes in comes out: as an argument, on stdin, in JSON, in a file and in an error."""

    def start(*command: str, stdin: bytes = b"") -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, *(word.encode() for word in command)],
            input=stdin,
            capture_output=True,
            env=environment({**NOTEBOOK, **page}),
            timeout=PATIENCE,
            check=False,
        )
        return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")

    assert start("-m", "memchat", "ask", "-", stdin="你好 ☕".encode())[0] == 0
    commands = [
        ["memory", "add", "對花生過敏 ☕"],
        ["memory", "list"],
        ["memory", "list", "--json"],
        ["ask", "我住在台北。"],
        ["profile", "get", "location"],
        ["sessions", "show", "s1"],
        ["forget", "--match", "沒有的話", "--yes", "--expect", "0"],
        ["profile", "get", "地點"],
    ]
    code, out, err = start("-c", ONE_BY_ONE, *(word for words in commands for word in (*words, "next")))
    assert code == 0, err
    told, codes, errors = out.split("\0")[:-1:2], out.split("\0")[1::2], err.split("\0")
    assert codes[:-1] == ["0"] * 6 + ["6"], err
    assert codes[-1] != "0"
    assert "對花生過敏 ☕" in told[1]
    assert "對花生過敏 ☕" in told[2]
    assert "記下了" in told[3]
    assert "台北" in told[4]
    assert "你好 ☕" in told[5]
    assert "沒有的話" in told[6] + errors[6]
    assert "地點" in errors[7]

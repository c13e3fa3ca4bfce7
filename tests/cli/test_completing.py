"""Completion in bash, zsh and fish: the protocol as their scripts speak it, in processes of their own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from memchat.cli.completing import wanted
from memchat.cli.routes import COMMANDS

from tests.cli.shell import Shell
from tests.e2e.running import ROOT

SEEN = [name for name, entry in COMMANDS.items() if not entry.hidden]
HEAVY = {"litellm", "apsw", "rich", "prompt_toolkit", "textual", "httpx", "numpy", "keyring", "tomlkit"}
needs_posix = pytest.mark.skipif(os.name != "posix", reason="these shells are not there")


def asked(environ: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """What a shell's script asks: memchat without words, all in the environment."""
    return subprocess.run(
        [sys.executable, *options, "-m", "memchat"],
        env={**os.environ, **environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def bash(line: str) -> list[str]:
    """What bash offers at the end of `line`."""
    words = line.split(" ")
    done = asked({"_MEMCHAT_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)})
    assert done.stderr == ""
    return done.stdout.split()


def test_bash_is_offered_commands_verbs_and_flags() -> None:
    """Of the root all commands; of a noun its verbs, also by its other name; of a command its flags."""
    assert bash("memchat ") == SEEN
    assert bash("memchat mem") == ["memory"]
    assert bash("memchat memories sh") == ["show"]
    assert bash("memchat --db x ses") == ["sessions"]
    assert {"--incognito", "--model", "--db"} <= set(bash("memchat --"))
    assert {"--stateless", "--json", "--no-stream"} <= set(bash("memchat ask --"))
    assert bash("memchat xyz") == []


def test_zsh_and_fish_are_offered_descriptions() -> None:
    """The same line of help as in the list of commands."""
    zsh = asked({"_MEMCHAT_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "memchat enc"})
    assert zsh.stdout.strip() == f'''_arguments '*: :(("encrypt":"{COMMANDS["encrypt"].help}"))\''''
    fish = {"_MEMCHAT_COMPLETE": "complete_fish", "_TYPER_COMPLETE_ARGS": "memchat sessions "}
    verbs = asked({**fish, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}).stdout.splitlines()
    assert {"list", "show", "rename", "export"} <= {line.split("\t")[0] for line in verbs}
    assert all("\t" in line for line in verbs)
    assert asked({**fish, "_TYPER_COMPLETE_FISH_ACTION": "is-args"}).returncode == 0


@pytest.mark.parametrize("line", ["memchat ", "memchat memory ", "memchat --"])
def test_nothing_heavy_is_loaded(line: str, home: Path) -> None:
    """A Tab waits for it: no library of models, databases or screens, and for the list of commands none of these."""
    environ = {"_MEMCHAT_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    done = asked(environ, "-X", "importtime")
    names = set(re.findall(r"\|\s+([\w.]+)$", done.stderr, re.MULTILINE))
    assert "memchat.cli.completing" in names
    assert not {name.split(".")[0] for name in names} & HEAVY
    if line == "memchat ":
        assert not names & {f"memchat.cli.{entry.module}" for entry in COMMANDS.values()}
    assert not home.exists()


@needs_posix
def test_the_script_works_in_a_real_bash(tmp_path: Path) -> None:
    """Sourced as it is printed; Tab is played by calling what it registers."""
    if not shutil.which("bash"):
        pytest.skip("there is no bash")
    shim = tmp_path / "memchat"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m memchat "$@"\n', "utf-8")
    shim.chmod(0o755)
    script = (
        'eval "$(memchat --show-completion bash)"\ncomplete -p memchat\n'
        'COMP_WORDS=(memchat memory "w"); COMP_CWORD=2; _memchat_completion memchat; echo "${COMPREPLY[@]}"\n'
    )
    environ = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "why"
    assert "_memchat_completion memchat" in done.stdout


@pytest.mark.parametrize("name", ["bash", "zsh", "fish", "powershell"])
def test_the_script_of_a_named_shell_is_printed(shell: Shell, name: str) -> None:
    """To be put wherever one likes; nothing is installed."""
    done = shell("--show-completion", name)
    assert (done.code, done.err) == (0, "")
    assert "_MEMCHAT_COMPLETE" in done.out
    assert shell(f"--show-completion={name}").out == done.out


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("bash", [".bash_completions/memchat.sh", ".bashrc"]),
        ("zsh", [".zfunc/_memchat", ".zshrc"]),
        ("fish", [".config/fish/completions/memchat.fish"]),
    ],
)
@needs_posix
def test_it_is_installed_where_the_shell_looks(shell: Shell, name: str, files: list[str]) -> None:
    """What stands in the shell's own file stays, and twice is once."""
    own = Path.home() / files[-1]
    if name != "fish":
        own.write_text("export MINE=1\n", "utf-8")
    done = shell("--install-completion", name)
    assert (done.code, done.out) == (0, "")
    assert f"Completion for {name} is in {Path.home() / files[0]}" in done.err
    assert "_MEMCHAT_COMPLETE" in (Path.home() / files[0]).read_text("utf-8")
    once = own.read_text("utf-8")
    assert shell("--install-completion", name).code == 0
    assert own.read_text("utf-8").strip() == once.strip()
    if name != "fish":
        assert once.startswith("export MINE=1\n")


def started_by(monkeypatch: pytest.MonkeyPatch, name: str | None) -> None:
    """A shell of that name, or none, started memchat."""
    import shellingham  # type: ignore[import-untyped]  # - it carries no types

    def detected() -> tuple[str, str]:
        if name is None:
            raise shellingham.ShellDetectionFailure
        return name, f"/usr/bin/{name}"

    monkeypatch.setattr(shellingham, "detect_shell", detected)


def test_a_shell_that_nobody_knows_is_refused(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the names there are; the same where it cannot be told which shell started memchat: nobody guesses."""
    done = shell("--show-completion", "tcsh")
    assert (done.code, done.out, len(done.errors)) == (2, "", 2)
    assert "bash, zsh, fish" in done.errors[1]
    started_by(monkeypatch, None)
    assert "Which shell" in shell("--install-completion").err
    started_by(monkeypatch, "zsh")
    assert shell("--show-completion").out.startswith("#compdef memchat")


def test_a_file_that_may_not_be_written_is_told(shell: Shell) -> None:
    """With what to do instead."""
    (Path.home() / ".zfunc").write_text("no folder", "utf-8")
    done = shell("--install-completion", "zsh")
    assert (done.code, len(done.errors)) == (3, 2)
    assert "memchat --show-completion zsh" in done.errors[1]


@pytest.mark.parametrize(
    ("argv", "found"),
    [
        ([], None),
        (["ask", "--", "--show-completion"], None),
        (["--show-completion"], ("--show-completion", "")),
        (["--plain", "--show-completion", "zsh"], ("--show-completion", "zsh")),
        (["--install-completion", "--plain"], ("--install-completion", "")),
        (["--install-completion=fish"], ("--install-completion", "fish")),
    ],
)
def test_the_shell_may_be_named(argv: list[str], found: tuple[str, str] | None) -> None:
    """Behind the option, or with an equals sign; what comes after `--` is words."""
    assert wanted(argv) == found

"""The command line as a whole: which command words mean, flags before and after, and every end it can come to."""

import importlib
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Annotated

import pytest
import typer
from memchat import __version__
from memchat.cli import routes
from memchat.cli.app import State, run
from memchat.cli.routes import COMMANDS, VALUED, route, with_default
from memchat.errors import NotFoundError, UsageError

from tests.cli.screens import Tty

Captured = pytest.CaptureFixture[str]


def offering(monkeypatch: pytest.MonkeyPatch, command: Callable[..., object]) -> None:
    """`memchat keys` is `command` for this test."""
    module = ModuleType("memchat.cli.probe_commands")
    vars(module)["COMMANDS"] = {"keys": command}
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(COMMANDS, "keys", routes.Entry("probe_commands", "Only here."))


@pytest.fixture(autouse=True)
def nothing_piped(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Standard input holds nothing and is no terminal, as under cron."""
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        yield


def memchat(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """memchat in a process of its own."""
    command = [sys.executable, "-m", "memchat", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | environ, stdin=subprocess.DEVNULL
    )


# Which command words mean


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", "chat"),
        ("-m notebook", "chat -m notebook"),
        ("-m profile --incognito", "chat -m profile --incognito"),
        ("--session=ask", "chat --session=ask"),
        ("profile show", "profile show"),
        ("--json profile show", "profile --json show"),
        ("--db x.db -q memory", "memory --db x.db -q"),
        ("-m gpt ask hi", "ask -m gpt hi"),
        ("-cm gpt ask hi", "ask -cm gpt hi"),
        ("-mgpt ask hi", "ask -mgpt hi"),
        ("memories list", "memory list"),
        ("session show s1", "sessions show s1"),
        ("memory rm m1 --yes", "forget m1 --yes"),
        ("memories --json delete m1", "forget --json m1"),
        ("sessions forget s1", "forget s1"),
        ("profile rm", "profile rm"),
        ("'two words'", "ask 'two words'"),
        ("你好", "ask 你好"),
        ("-m gpt 'two words'", "ask -m gpt 'two words'"),
        ("-- profile", "ask -- profile"),
        ("-q -- -x", "ask -q -- -x"),
        ("-", "ask -"),
        ("help", "--help"),
        ("help keys set", "keys set --help"),
        ("--help", "--help"),
        ("--version -q", "--version -q"),
    ],
)
def test_words_become_a_command_with_the_command_first(line: str, expected: str) -> None:
    """At a terminal: commands, their other names, a prompt, nothing at all."""
    routed = route(shlex.split(line), piped=False, can_chat=True)
    assert shlex.join(routed) == shlex.join(shlex.split(expected))


@pytest.mark.parametrize(
    ("line", "expected"),
    [("", "ask -"), ("-c", "ask -c -"), ("explain", "ask explain"), ("profile", "profile"), ("--", "ask -- -")],
)
def test_with_piped_input_words_are_a_prompt(line: str, expected: str) -> None:
    """`... | memchat` asks; a command stays a command."""
    assert shlex.join(route(line.split(), piped=True, can_chat=False)) == expected


@pytest.mark.parametrize(("word", "near"), [("profle", "memchat profile"), ("memorys", "memchat memor"), ("xyz", None)])
def test_one_ascii_word_that_is_no_command_is_refused_with_the_nearest(word: str, near: str | None) -> None:
    """A mistyped command is never sent to a model; how to send it is told."""
    with pytest.raises(UsageError, match=f'"{word}" is no command of memchat') as caught:
        route([word, "show"], piped=False, can_chat=True)
    assert f'memchat ask "{word}"' in caught.value.hint
    assert ("Did you mean" in caught.value.hint) is (near is not None)
    assert near is None or near in caught.value.hint


def test_without_prompt_and_terminal_there_is_nothing_to_do() -> None:
    """Exit 2, and both ways out."""
    with pytest.raises(UsageError, match="no terminal") as caught:
        route([], piped=False, can_chat=False)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", "list"),
        ("--json", "list --json"),
        ("--status all", "list --status all"),
        ("--db x list", "list --db x"),
        ("show m1", "show m1"),
        ("--json show m1", "show --json m1"),
        ("--help", "--help"),
        ("--json -h", "--json -h"),
    ],
)
def test_a_noun_alone_lists(line: str, expected: str) -> None:
    """With options only it lists, too; a verb after options is found."""
    assert " ".join(with_default(line.split(), ("list", "show"), "list", "memory")) == expected


def test_a_noun_with_a_verb_it_does_not_have_names_the_nearest() -> None:
    """memory lst."""
    with pytest.raises(UsageError, match='"lst" is no command of memchat memory') as caught:
        with_default(["lst"], ("list", "show"), "list", "memory")
    assert "memchat memory list" in caught.value.hint


def test_options_with_values_are_known_before_anything_is_imported() -> None:
    """The table in routes.py is what chat and ask really declare."""
    module = importlib.import_module("memchat.cli.chat_commands")
    declared = {"--db", "--config"}
    for name in ("chat", "ask"):
        single = typer.Typer()
        single.command(name)(module.COMMANDS[name])
        params = typer.main.get_command(single).params
        declared |= {
            option
            for param in params
            for option in param.opts
            if param.param_type_name == "option" and not getattr(param, "is_flag", False) and not param.is_eager
        }
    assert {option for option in declared if option.startswith("-")} == VALUED


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_exists_and_takes_the_global_flags(name: str, capsys: Captured) -> None:
    """Its module offers it, its help can be shown, and --json is in there."""
    assert run([name, "--json", "--debug", "--plain", "-q", "--help"]) == 0
    out = capsys.readouterr().out
    assert f"Usage: memchat {name}" in out
    assert "--json" in out


# Help and version


def test_help_lists_every_command_and_the_flags_of_the_chat(capsys: Captured) -> None:
    """And imports no screen library for it."""
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    for name, entry in routes.COMMANDS.items():
        assert entry.hidden or f"  {name} " in out
    for flag in ("--model", "--continue", "--incognito", "--db", "--debug"):
        assert out.count(f"{flag} ") == 1
    assert out.count("--json") == 1


@pytest.mark.parametrize("arguments", [["-V"], ["--version"], ["profile", "--version"], ["-q", "--version", "keys"]])
def test_the_version_is_told_before_and_after_a_command(arguments: list[str], capsys: Captured) -> None:
    """And nothing else happens."""
    assert run(arguments) == 0
    assert capsys.readouterr().out == f"memchat {__version__}\n"


# Global flags


@pytest.mark.parametrize("flags_first", [True, False])
def test_global_flags_work_before_and_after_the_command(flags_first: bool, tmp_path: Path, capsys: Captured) -> None:
    """--config and --json around config path."""
    flags = ["--config", str(tmp_path / "c.toml"), f"--db={tmp_path / 'd.db'}", "--json"]
    assert run([*flags, "config", "path"] if flags_first else ["config", "path", *flags]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"config": str(tmp_path / "c.toml"), "db": str(tmp_path / "d.db"), "exists": False}


def test_flags_reach_the_state_wherever_they_stand(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """Two of them on different sides, and one that the command did not give stays off."""
    seen: list[State] = []

    def probe(ctx: typer.Context) -> int:
        """Only here."""
        seen.append(ctx.obj)
        return 7

    offering(monkeypatch, probe)
    assert run(["--plain", "-q", "keys", "--debug", "--db", "x.db"]) == 7
    state = seen[0]
    assert (state.screen.plain, state.screen.quiet, state.debug, state.json) == (True, True, True, False)
    assert (state.db, state.config) == (Path("x.db"), None)
    assert capsys.readouterr().out == ""


def test_words_reach_a_command_as_its_annotations_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text, paths and lists of them, given and not given; a number is still checked by typer."""
    seen: list[object] = []

    def probe(
        text: str,
        rest: Annotated[list[str] | None, typer.Argument()] = None,
        file: Annotated[list[Path] | None, typer.Option("-f")] = None,
        one: Annotated[Path | None, typer.Option("--one")] = None,
        number: Annotated[int, typer.Option("-n")] = 1,
    ) -> None:
        """Only here."""
        seen.append((text, rest, file, one, number))

    offering(monkeypatch, probe)
    assert run(["keys", "台北"]) == 0
    assert run(["keys", "-f", "a", "-f", "b/c", "--one", "d", "x", "y z", "-n", "3"]) == 0
    assert run(["keys", "x", "-n", "many"]) == 2
    assert seen[0] in {("台北", None, None, None, 1), ("台北", (), (), None, 1)} or seen[0] == ("台北", [], [], None, 1)
    assert seen[1] == ("x", ["y z"], [Path("a"), Path("b/c")], Path("d"), 3)


def test_settings_of_the_screen_are_taken_over(capsys: Captured) -> None:
    """`ui.theme` and `ui.ascii` reach the screen with the configuration."""
    assert run(["config", "show", "--json"], os.environ | {"MEMCHAT_UI__ASCII": "on", "FORCE_COLOR": "1"}) == 0
    assert json.loads(capsys.readouterr().out)["ui.ascii"]["origin"] == "MEMCHAT_UI__ASCII"
    environ = os.environ | {"MEMCHAT_UI__THEME": "none", "FORCE_COLOR": "1"}
    assert run(["config", "show"], environ) == 0
    assert "\x1b" not in capsys.readouterr().out


# The ends it can come to


def probing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """`memchat keys` raises this."""

    def probe() -> None:
        """Only here."""
        raise error

    offering(monkeypatch, probe)


def test_an_error_is_two_lines_and_its_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """On standard error; standard output is empty; no traceback."""
    probing(monkeypatch, NotFoundError("Nothing goes by m9.", "memchat memory list"))
    assert run(["keys"]) == 6
    assert capsys.readouterr() == ("", "error: Nothing goes by m9.\n  memchat memory list\n")


def test_an_error_in_json_is_one_document_on_standard_error(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """For scripts."""
    probing(monkeypatch, NotFoundError("Nothing goes by m9.", "memchat memory list"))
    assert run(["keys", "--json"]) == 6
    out, err = capsys.readouterr()
    assert out == ""
    body = {"code": "not_found", "message": "Nothing goes by m9.", "hint": "memchat memory list", "exit": 6}
    assert json.loads(err) == {"error": body}


def test_a_bug_is_told_without_its_words_and_with_a_traceback_on_demand(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """The exception's own text may hold what somebody wrote: only --debug shows it."""
    probing(monkeypatch, ZeroDivisionError("my secret diary"))
    assert run(["keys"]) == 1
    told = "error: memchat failed: ZeroDivisionError\n  Run it again with --debug to see where.\n"
    assert capsys.readouterr() == ("", told)
    assert run(["--debug", "keys"]) == 1
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "my secret diary" in err
    assert err.endswith(told)


@pytest.mark.parametrize("words", [["sessions", "show"], ["forget"]])
def test_a_word_that_is_no_text_is_refused(words: list[str], capsys: Captured) -> None:
    """As a terminal with another encoding sends it."""
    assert run([*words, "caf\udce9"]) == 2
    assert capsys.readouterr().err.splitlines()[0] == "error: A word of the command is not valid UTF-8."


@pytest.mark.parametrize("error", [KeyboardInterrupt(), typer.Abort()])
def test_an_interrupt_is_130_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured, error: BaseException
) -> None:
    """Ctrl-C anywhere."""
    probing(monkeypatch, error)
    assert run(["keys"]) == 130
    assert capsys.readouterr() == ("", "")


def test_an_interrupt_under_json_is_an_object(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """A script that reads stderr as JSON reads it then as well; stdout stays empty."""
    probing(monkeypatch, KeyboardInterrupt())
    assert run(["keys", "--json"]) == 130
    out, err = capsys.readouterr()
    error = json.loads(err)["error"]
    assert (out, error["code"], error["exit"], sorted(error)) == ("", "interrupted", 130, [
        "code", "exit", "hint", "message"
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("code", "exit_"), [(0, typer.Exit()), (3, typer.Exit(3)), (5, SystemExit(5)), (0, SystemExit())]
)
def test_a_command_can_choose_its_exit_code(monkeypatch: pytest.MonkeyPatch, code: int, exit_: BaseException) -> None:
    """Raised or returned."""
    probing(monkeypatch, exit_)
    assert run(["keys"]) == code


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("config path --nonsense", "No such option"),
        ("config path extra", "unexpected extra argument"),
        ("keys remove", "Missing argument"),
        ("config shw", "is no command of memchat config"),
        ("config path --config", "--config"),
        ("profle", "is no command of memchat"),
    ],
)
def test_wrong_words_are_exit_2_in_two_lines(line: str, words: str, capsys: Captured) -> None:
    """What, and where to look; as JSON when that was asked for, even though nothing was parsed."""
    assert run(line.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.startswith("error: ")
    assert err.count("\n") == 2
    assert run(["--json", *line.split()]) == 2
    assert json.loads(capsys.readouterr().err)["error"]["code"] == "usage"


def test_a_configuration_that_does_not_parse_is_exit_3(home: Path, capsys: Captured) -> None:
    """The line is named; `config path` still answers, to find it."""
    home.mkdir()
    (home / "config.toml").write_text("[model]\nname = notebook\n", "utf-8")
    assert run(["config", "show"]) == 3
    assert "line 2" in capsys.readouterr().err
    assert run(["config", "path"]) == 0
    assert capsys.readouterr().out == f"{home / 'config.toml'}\n"


def test_neither_prompt_nor_terminal_is_exit_2() -> None:
    """As under cron."""
    done = memchat()
    assert (done.returncode, done.stdout) == (2, "")
    assert "no terminal" in done.stderr


def test_a_reader_that_leaves_early_is_no_error() -> None:
    """`memchat config show | head -1` ends quietly, like other tools."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "memchat", "config", "show"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a full disk to write to")
@pytest.mark.parametrize("arguments", [["config", "show"], ["config", "path", "--json"], ["-V", "-q"]])
def test_output_on_a_full_disk_is_told(arguments: list[str]) -> None:
    """Two lines, exit 1, and no second failure while leaving."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "memchat", *arguments]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 1
    assert b"could not be written: No space left on device" in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a full disk to write to")
def test_when_nothing_at_all_can_be_printed_the_exit_code_tells() -> None:
    """Both outputs are full."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "memchat", "profle"]
        done = subprocess.run(command, stdout=full, stderr=full, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 2


# Start-up


def test_only_the_module_of_the_command_is_imported() -> None:
    """`config path` loads neither the other commands nor what they need, nor what newer typers convert words with."""
    script = "import sys; from memchat.cli.app import run; run(['config', 'path'])\nprint([*sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1].replace("'", '"')))
    assert "memchat.cli.setup_commands" in loaded
    assert not loaded & {"rich", "prompt_toolkit", "wcwidth", "pydantic", "memchat.cli.memory_commands"}


def test_the_shell_can_complete_commands_and_verbs() -> None:
    """Completion sees the same table."""
    done = memchat(_MEMCHAT_COMPLETE="complete_bash", COMP_WORDS="memchat pro", COMP_CWORD="1")
    assert "profile" in done.stdout
    done = memchat(_MEMCHAT_COMPLETE="complete_bash", COMP_WORDS="memchat config s", COMP_CWORD="2")
    assert done.stdout.split() == ["show"]


@pytest.mark.parametrize(
    "line", ["config show", "profile show", "memory add x", "ask hello -m notebook", "sessions list"]
)
def test_a_configuration_that_was_named_must_exist(line: str, tmp_path: Path, capsys: Captured) -> None:
    """Exit 3: a typo must not drop local_only. Nothing is made."""
    missing = tmp_path / "nope" / "c.toml"
    assert run([*line.split(), "--config", str(missing)]) == 3
    err = capsys.readouterr().err
    assert f"There is no configuration at {missing}." in err
    assert "memchat setup" in err
    assert not missing.parent.exists()


@pytest.mark.parametrize("line", ["config path", "keys list"])
def test_what_reads_no_settings_takes_a_configuration_to_be(line: str, tmp_path: Path) -> None:
    """Its path can be told, and keys lie elsewhere."""
    assert run([*line.split(), "--config", str(tmp_path / "c.toml")]) == 0


@pytest.mark.parametrize(
    "line", ["memory list", "memory", "profile get location", "profile history", "sessions show s1", "forget m1 --yes"]
)
def test_reading_a_database_that_was_named_wrong_makes_none(line: str, tmp_path: Path, capsys: Captured) -> None:
    """Exit 5; no folder, no file."""
    missing = tmp_path / "nope" / "x.db"
    assert run([*line.split(), "--db", str(missing)]) == 5
    assert capsys.readouterr().err.startswith(f"error: There is no database at {missing}.\n")
    assert not missing.parent.exists()


def test_writing_makes_the_database_that_was_named(tmp_path: Path) -> None:
    """That is how another one begins; then it can be read."""
    made = tmp_path / "new" / "x.db"
    assert run(["memory", "add", "likes tea", "--db", str(made)]) == 0
    assert run(["memory", "list", "--db", str(made)]) == 0


def test_a_home_that_nobody_has_is_told(capsys: Captured) -> None:
    """Where it would be is not known, so nothing is said about a file in it."""
    assert run(["memory", "list", "--db", "~nobody-of-this-name/x.db"]) == 3
    assert "no home folder for ~nobody-of-this-name/x.db" in capsys.readouterr().err


def test_an_interrupt_on_a_terminal_ends_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell's prompt must not stand behind the question; nothing else is said."""
    probing(monkeypatch, KeyboardInterrupt())
    shown = Tty()
    monkeypatch.setattr(sys, "stderr", shown)
    assert run(["keys"]) == 130
    assert shown.getvalue() == "\n"


def test_a_wrong_option_is_told_before_the_missing_terminal(capsys: Captured) -> None:
    """`memchat --bogus` under cron."""
    assert run(["--bogus"]) == 2
    err = capsys.readouterr().err
    assert "--bogus" in err
    assert "terminal" not in err

"""setup, config and keys as a person meets them: on a real terminal, in a pipe, with a server on loopback."""

import contextlib
import json
import os
import stat
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pexpect
import pyte
import pytest
from memchat.cli.app import run
from memchat.cli.terminal import width

from tests.cli.screens import Tty

SECRET = "sk-abcdefgh12345678"
Captured = pytest.CaptureFixture[str]
Start = Callable[..., "Talk"]


class Talk:
    """memchat on a real pseudo-terminal, its screen drawn by a terminal emulator."""

    def __init__(self, script: str, *, columns: int = 80, lines: int = 50) -> None:
        # The environment is handed over: pytest loads readline, which tells C programs 80 columns behind Python's back.
        self.child = pexpect.spawn(
            sys.executable,
            ["-c", script],
            encoding="utf-8",
            timeout=60,
            dimensions=(lines, columns),
            env=dict(os.environ),
        )
        self.screen = pyte.Screen(columns, lines)
        self.stream = pyte.Stream(self.screen)

    def until(self, text: str) -> str:
        """Wait for `text` to be printed; returns what the screen shows then."""
        self.child.expect_exact(text)
        self.stream.feed(self.child.before + self.child.after)
        return self.shown

    def answer(self, text: str) -> None:
        """Type a line."""
        self.child.sendline(text)

    def end(self) -> tuple[int, str]:
        """Wait for the end; the exit code and what the screen shows."""
        self.child.expect(pexpect.EOF)
        self.stream.feed(self.child.before)
        self.child.close()
        return self.child.exitstatus or 0, self.shown

    @property
    def shown(self) -> str:
        """The screen, its lines without trailing blanks."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()


SETUP = "import sys; from memchat.cli.app import run; sys.exit(run(['setup']))"
FIRST = """
import os, sys
from memchat.bootstrap import open_app
from memchat.cli.setup_questions import first_run
from memchat.cli.terminal import Screen
from memchat.errors import MemchatError
app, screen = open_app(os.environ), Screen(os.environ)
try:
    first = first_run(app, screen)
except MemchatError as error:
    screen.error(error)
    sys.exit(error.exit_code)
memory, privacy = app.settings.memory, app.settings.privacy
model = app.settings.model.name
screen.out(f"asked={first.asked} carry={first.carry} {model} {memory.enabled} {privacy.save_transcripts}")
"""


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start a talk; whatever still runs at the end is stopped. No server of the developer's is found."""
    for name in ("OLLAMA_HOST", "LM_STUDIO_API_BASE", "LLAMACPP_API_BASE"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # the discard port: nobody listens
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("LANG", "C.UTF-8")
    talks: list[Talk] = []

    def started(script: str, **options: int) -> Talk:
        talks.append(Talk(script, **options))
        return talks[-1]

    yield started
    for talk in talks:
        talk.child.close(force=True)


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch, start: Start) -> Iterator[str]:
    """Something on loopback that says it is Ollama with two models."""

    class Tags(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"models": [{"name": "qwen3:8b"}, {"name": "gemma3:4b"}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tags)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"127.0.0.1:{server.server_port}"
    monkeypatch.setenv("OLLAMA_HOST", address)
    yield address
    server.shutdown()
    server.server_close()


def kept(home: Path) -> dict[str, object]:
    """The configuration as it lies on disk, `section.key` to value."""
    written = tomllib.loads((home / "config.toml").read_text("utf-8"))
    return {f"{section}.{key}": value for section, keys in written.items() for key, value in keys.items()}


# The first start


def test_without_key_and_server_one_paragraph_stands_for_the_question(start: Start, home: Path) -> None:
    """Only what may be kept is asked; the notebook is written down: a key that appears later changes nothing."""
    talk = start(FIRST)
    shown = talk.until("Choice [1]: ")
    assert "No key and no local model found: the built-in notebook answers." in shown
    assert "Who answers?" not in shown
    assert "    1  remember me         conversations are saved; lasting facts are learned" in shown
    talk.answer("")
    code, shown = talk.end()
    assert code == 0
    assert "asked=True carry=None notebook True True" in shown
    assert f"Kept in {home / 'memchat.db'}".replace(str(home.parent), "~") in shown
    assert "Your words stay on this computer." in shown
    assert kept(home) == {"model.name": "notebook", "memory.enabled": True, "privacy.save_transcripts": True}
    assert stat.S_IMODE((home / "config.toml").stat().st_mode) == 0o600
    assert start(FIRST).end() == (0, "asked=False carry=None notebook True True")


@pytest.mark.parametrize(
    ("answer", "enabled", "saved", "said"),
    [
        ("２", False, True, "Kept in"),
        ("3", False, False, "Nothing is kept: each chat is gone when it closes."),
        ("好", True, True, "Kept in"),
        ("不", False, False, "Nothing is kept"),
    ],
)
def test_each_answer_means_what_it_says(
    start: Start, home: Path, answer: str, enabled: bool, saved: bool, said: str
) -> None:
    """Full-width digits, yes and no in Chinese."""
    talk = start(FIRST)
    talk.until("Choice [1]: ")
    talk.answer(answer)
    code, shown = talk.end()
    assert code == 0
    assert said in shown
    assert kept(home)["memory.enabled"] is enabled
    assert kept(home)["privacy.save_transcripts"] is saved


def test_a_sentence_at_a_question_is_neither_an_answer_nor_lost(start: Start) -> None:
    """The question is asked again, and the sentence stands ready at the first prompt; a wrong number does not."""
    talk = start(FIRST)
    talk.until("Choice [1]: ")
    talk.answer("7")
    shown = talk.until("Choice [1]: ")
    assert "ready at the first prompt" not in shown
    talk.answer("我叫林美華，住在台北。")
    shown = talk.until("Choice [1]: ")
    assert "That will stand ready at the first prompt." in shown
    talk.answer("1")
    code, shown = talk.end()
    assert code == 0
    assert "asked=True carry=我叫林美華，住在台北。 notebook True True" in shown


@pytest.mark.parametrize(("key", "code", "told"), [("\x04", 7, "No answer was given."), ("\x03", 1, "")])
def test_leaving_at_a_question_keeps_nothing(start: Start, home: Path, key: str, code: int, told: str) -> None:
    """Ctrl-D must not mean "remember me"; nothing is written."""
    talk = start(FIRST)
    talk.until("Choice [1]: ")
    talk.child.send(key)
    ended, shown = talk.end()
    assert told in shown
    assert ended == code or key == "\x03"
    assert not home.exists()


def test_a_server_and_keys_that_are_found_are_offered(
    start: Start, ollama: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Models on this computer first, then the key in the environment; the answer says where words go."""
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    talk = start(FIRST)
    shown = talk.until("Choice [1]: ")
    assert f"    1  ollama/qwen3:8b     {ollama}, on this computer" in shown
    assert "    3  openai/gpt-4o-mini  api.openai.com, key found in OPENAI_API_KEY" in shown
    assert SECRET not in shown
    talk.answer("2")
    talk.until("What may I keep?")
    talk.until("Choice [1]: ")
    talk.answer("3")
    code, shown = talk.end()
    assert code == 0
    assert f"ollama/gemma3:4b answers. Your words go to {ollama}, on this computer" in shown
    assert kept(home)["model.name"] == "ollama/gemma3:4b"


def test_a_question_that_the_environment_answers_is_not_asked(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """One left, then none."""
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    talk = start(FIRST)
    shown = talk.until("Choice [1]: ")
    assert "What may I keep?" in shown
    assert "No key" not in shown
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    assert start(FIRST).end() == (0, "asked=False carry=None notebook True True")


def test_answers_that_cannot_be_kept_are_told(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """MEMCHAT_HOME is not writable: exit 3, two lines."""
    monkeypatch.setenv("MEMCHAT_HOME", "/proc/nowhere")
    talk = start(FIRST)
    talk.until("Choice [1]: ")
    talk.answer("1")
    code, shown = talk.end()
    assert code == 3
    assert "error: config.toml cannot be written" in shown


def test_the_questions_can_be_answered_at_twenty_columns(start: Start, ollama: str) -> None:
    """Nothing is wider than the terminal, and no word of the choices is missing."""
    talk = start(FIRST, columns=20, lines=120)
    talk.until("Choice [1]: ")
    talk.answer("1")
    talk.until("Choice [1]: ")
    talk.answer("1")
    code, shown = talk.end()
    assert code == 0
    folded = " ".join(shown.split())
    for words in ("1 ollama/qwen3:8b", "something else", "conversations only", "each chat is gone when it closes"):
        assert words in folded


# memchat setup


def test_a_sentence_at_setup_is_promised_to_nobody(start: Start) -> None:
    """No chat follows there."""
    talk = start(SETUP)
    talk.until("Choice [1]: ")
    talk.answer("My name is Alice, hello.")
    shown = talk.until("Choice [1]: ")
    assert "ready at the first prompt" not in shown
    assert "No chat follows here." in shown


def test_ctrl_c_at_a_question_ends_its_line(start: Start, home: Path) -> None:
    """130, the shell's prompt on a line of its own, nothing kept."""
    talk = start(SETUP)
    talk.until("Choice [1]: ")
    talk.child.send("\x03")
    code, _ = talk.end()
    assert (code, talk.screen.cursor.x) == (130, 0)
    assert not home.exists()


def test_setup_makes_the_configuration_that_was_named(start: Start, tmp_path: Path) -> None:
    """The one command that has a use for a file that is not there yet."""
    made = tmp_path / "c.toml"
    talk = start(SETUP.replace("'setup'", f"'setup', '--config', {str(made)!r}"))
    for _ in range(2):
        talk.until("Choice [1]: ")
        talk.answer("1")
    assert talk.end()[0] == 0
    assert made.exists()


@pytest.mark.parametrize("columns", [80, 40, 20])
def test_settings_fit_the_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Folded where they are long, nothing left out."""
    shown = Tty()
    monkeypatch.setattr(sys, "stdout", shown)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("MEMCHAT_MODEL", "ollama/" + "a-very-long-name-" * 5)
    assert run(["config", "show"]) == 0
    assert max(width(line) for line in shown.getvalue().splitlines()) <= columns
    assert "a-very-long-name-" * 5 in "".join(shown.getvalue().split())


def test_setup_offers_what_is_in_force_and_enter_changes_nothing(start: Start, home: Path) -> None:
    """A second run with two Enters leaves the answers of the first."""
    for answers in (("1", "2"), ("", "")):
        talk = start(SETUP)
        talk.until("Who answers?")
        talk.until("Choice [")
        talk.answer(answers[0])
        talk.until("What may I keep?")
        talk.until("Choice [1]: " if answers[0] else "Choice [2]: ")
        talk.answer(answers[1])
        assert talk.end()[0] == 0
        assert kept(home) == {"model.name": "notebook", "memory.enabled": False, "privacy.save_transcripts": True}


def test_a_pasted_key_does_not_show_and_brings_its_provider(start: Start, home: Path) -> None:
    """It goes to the file of keys, the model to the configuration, and neither screen nor configuration holds it."""
    talk = start(SETUP)
    talk.until("Choice [1]: ")
    talk.answer("2")
    talk.until("does not show): ")
    talk.answer(SECRET)
    talk.until("Model [openai/gpt-4o-mini]: ")
    talk.answer("")
    talk.until("Choice [1]: ")
    talk.answer("1")
    code, shown = talk.end()
    assert code == 0
    assert SECRET not in shown
    assert "The key of openai is kept in ~/memchat/keys.json." in shown
    assert "openai/gpt-4o-mini answers. Your words go to api.openai.com, and nowhere else." in shown
    assert SECRET in (home / "keys.json").read_text()
    assert SECRET not in (home / "config.toml").read_text()
    assert kept(home)["model.name"] == "openai/gpt-4o-mini"


def test_a_key_of_unknown_beginning_asks_whose_it_is(start: Start, home: Path) -> None:
    """A provider without a usual model asks for one, too."""
    talk = start(SETUP)
    talk.until("Choice [1]: ")
    talk.answer("something else")
    talk.until("does not show): ")
    talk.answer("0123456789abcdef0123456789abcdef")
    talk.until("Whose key is it")
    talk.answer("mistral")
    talk.until("Model: ")
    talk.answer("mistral-small-latest")
    talk.until("What may I keep?")
    talk.until("Choice [1]: ")
    talk.answer("")
    assert talk.end()[0] == 0
    assert kept(home)["model.name"] == "mistral/mistral-small-latest"


def test_the_address_of_a_server_becomes_a_provider_of_its_own(start: Start, home: Path) -> None:
    """No key of another provider goes there."""
    talk = start(SETUP)
    talk.until("Choice [1]: ")
    talk.answer("2")
    talk.until("does not show): ")
    talk.answer("127.0.0.1:9999/v1")
    talk.until("Which model there? ")
    talk.answer("tiny")
    talk.until("What may I keep?")
    talk.until("Choice [1]: ")
    talk.answer("")
    code, shown = talk.end()
    assert code == 0
    assert "server/tiny answers. Your words go to 127.0.0.1:9999, on this computer" in shown
    assert tomllib.loads((home / "config.toml").read_text())["providers"]["server"] == {
        "api_base": "http://127.0.0.1:9999/v1"
    }


def test_a_key_pasted_where_the_number_belongs_is_taken_and_never_carried_to_the_chat(start: Start, home: Path) -> None:
    """It would be sent to a model otherwise; at the other question it is only refused."""
    talk = start(FIRST.replace("open_app(os.environ)", "open_app({**os.environ, 'OPENAI_API_KEY': 'sk-found-12345'})"))
    talk.until("Choice [1]: ")
    talk.answer("sk-ant-abcdefgh12345678")
    talk.until("Model [anthropic/claude-sonnet-4-5]: ")
    talk.answer("claude-haiku-4-5")
    talk.until("What may I keep?")
    talk.until("Choice [1]: ")
    talk.answer("sk-ant-abcdefgh12345678")
    talk.until("Please choose")
    talk.until("Choice [1]: ")
    talk.answer("1")
    code, shown = talk.end()
    assert code == 0
    assert "asked=True carry=None anthropic/claude-haiku-4-5 True True" in shown
    assert "sk-ant" in (home / "keys.json").read_text()


def test_what_leads_nowhere_is_told_and_asked_again(start: Start, home: Path) -> None:
    """A model without a key, a sentence, an empty line, two words where one belongs: the question stands again."""
    talk = start(SETUP)
    for given, answer in (
        ("anthropic/claude-sonnet-4-5", "There is no key for anthropic."),
        ("who are you?", "One word"),
        ("", "Who answers?"),
    ):
        talk.until("Choice [1]: ")
        talk.answer("2")
        talk.until("does not show): ")
        talk.answer(given)
        assert answer in talk.until("Who answers?")
    for given, question, answer in (
        ("http://127.0.0.1:9/v1", "Which model there? ", "two words"),
        ("0123456789abcdef0123456789abcdef", "Whose key is it", ""),
        ("0123456789abcdef0123456789abcdef", "Whose key is it", "../etc"),
        ("0123456789abcdef0123456789abcdef", "Whose key is it", "mistral"),
    ):
        talk.until("Choice [1]: ")
        talk.answer("2")
        talk.until("does not show): ")
        talk.answer(given)
        talk.until(question)
        talk.answer(answer)
        if answer == "mistral":
            talk.until("Model: ")
            talk.answer("")
        talk.until("Who answers?")
    talk.until("Choice [1]: ")
    talk.answer("1")
    talk.until("What may I keep?")
    talk.until("Choice [1]: ")
    talk.answer("1")
    code, shown = talk.end()
    assert code == 0
    assert "What you wrote there was not sent" in shown
    assert kept(home)["model.name"] == "notebook"


def test_setup_says_when_the_environment_comes_first(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the choice would seem not to work."""
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    talk = start(SETUP.replace("'setup'", "'setup', '--json'"))
    talk.until("Choice [1]: ")
    talk.answer("")
    talk.until("What may I keep?")
    talk.until("Choice [1]: ")
    talk.answer("")
    code, shown = talk.end()
    assert code == 0
    assert "MEMCHAT_MODEL is set in the environment and comes first." in shown
    assert '"model.name": "notebook"' in shown


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Give standard input a file's text; nothing until then."""
    with contextlib.ExitStack() as files:

        def given(text: str) -> None:
            place = tmp_path / "stdin"
            place.write_text(text, "utf-8")
            monkeypatch.setattr(sys, "stdin", files.enter_context(place.open(encoding="utf-8")))

        monkeypatch.setattr(sys, "stdin", files.enter_context(Path(os.devnull).open(encoding="utf-8")))
        yield given


@pytest.mark.usefixtures("stdin")
def test_setup_without_a_terminal_asks_nothing(home: Path, capsys: Captured) -> None:
    """Exit 2, and how to set it otherwise."""
    assert run(["setup"]) == 2
    assert "MEMCHAT_MEMORY__ENABLED" in capsys.readouterr().err
    assert not home.exists()


# config


def test_config_show_says_where_each_value_comes_from(
    home: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Default, file, environment; a password in an address is not shown."""
    home.mkdir()
    (home / "config.toml").write_text(
        '[context]\nmax_turns = 20\n[providers.box]\napi_base = "http://me:hunter2hunter2@10.0.0.2/v1"\n'
        '[aliases]\nfast = "openai/gpt-4o-mini"\n',
        "utf-8",
    )
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    assert run(["config"]) == 0
    out = capsys.readouterr().out
    lines = {line.split()[0]: " ".join(line.split()[1:]) for line in out.splitlines()}
    assert lines["context.max_turns"] == "20 (config.toml)"
    assert lines["model.name"] == '"notebook" (MEMCHAT_MODEL)'
    assert lines["ui.vi"] == "false (default)"
    assert lines["privacy.keep_days"] == "0 (default)"
    assert lines["aliases.fast"] == '"openai/gpt-4o-mini" (config.toml)'
    assert "hunter2" not in out
    assert run(["config", "show", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["context.max_turns"] == {"value": 20, "origin": "config.toml", "used": True}
    assert told["privacy.keep_days"] == {"value": 0, "origin": "default", "used": True}
    assert told["memory.profile_fields"]["value"][0] == "display_name"
    assert "hunter2" not in json.dumps(told)


# keys


def test_a_key_comes_from_standard_input_and_is_listed_without_itself(
    stdin: Callable[[str], None], home: Path, capsys: Captured
) -> None:
    """set, list, remove, remove again."""
    assert run(["keys"]) == 0
    assert capsys.readouterr() == ("", "No keys yet. memchat keys set PROVIDER\n")
    stdin(f"{SECRET}\nsecond line\n")
    assert run(["keys", "set", "openai"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"The key of openai is kept in {home / 'keys.json'}, readable only by you.\n"
    assert run(["keys", "list"]) == 0
    assert capsys.readouterr().out == "openai\n"
    assert run(["keys", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"provider": "openai"}]
    assert run(["keys", "remove", "openai"]) == 0
    assert "gone from here" in capsys.readouterr().err
    assert run(["keys", "remove", "openai"]) == 6
    assert SECRET not in (home / "keys.json").read_text()


def test_keys_answer_in_json(stdin: Callable[[str], None], home: Path, capsys: Captured) -> None:
    """One document each, without the key."""
    stdin(SECRET)
    assert run(["keys", "set", "openai", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"provider": "openai", "kept_in": str(home / "keys.json")}
    assert run(["keys", "remove", "openai", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"provider": "openai"}


@pytest.mark.usefixtures("stdin")
@pytest.mark.parametrize("line", [["keys", "set", "openai", SECRET], ["keys", "set", "openai", SECRET, "--json"]])
def test_a_key_on_the_command_line_is_refused_and_not_repeated(line: list[str], home: Path, capsys: Captured) -> None:
    """It stands in the shell's history already; it must not be kept as if that were fine."""
    assert run(line) == 2
    out, err = capsys.readouterr()
    assert SECRET not in out + err
    assert "history" in err
    assert not home.exists()


@pytest.mark.usefixtures("stdin")
def test_a_key_needs_somebody_to_give_it(capsys: Captured) -> None:
    """Neither a pipe nor a terminal: exit 2."""
    assert run(["keys", "set", "openai"]) == 2
    assert "no terminal" in capsys.readouterr().err


def test_a_key_is_asked_for_without_showing_it(start: Start, home: Path) -> None:
    """On a terminal."""
    talk = start("import sys; from memchat.cli.app import run; sys.exit(run(['keys', 'set', 'openai']))")
    talk.until("Key of openai (what you type does not show): ")
    talk.answer(SECRET)
    code, shown = talk.end()
    assert code == 0
    assert SECRET not in shown
    assert SECRET in (home / "keys.json").read_text()

"""The chat's loop on plain input, within the process; tests/e2e/test_terminal_*.py sit at a real terminal."""

import asyncio
import io
import os
import re
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from memchat.bootstrap import App, ChatRequest
from memchat.cli import editor
from memchat.cli.app import run as main
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.cli.line_editor import LineEditor
from memchat.cli.pasted import Line
from memchat.cli.prompt import PlainPrompt, open_prompt, too_plain
from memchat.cli.repl import run
from memchat.cli.slash import find
from memchat.cli.slash_commands import COMMANDS
from memchat.cli.slash_commands import run as run_command
from memchat.cli.terminal import Screen
from memchat.cli.typed_history import CHARACTERS, TypedHistory
from memchat.domain import INCOGNITO, Mode, Origin, Part, PartKind
from memchat.errors import NotFoundError
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from tests.cli.screens import Keys, Tty
from tests.cli.shell import script
from tests.servers.openai_server import Server


class Stopped(io.StringIO):
    """Output that is stopped with Ctrl-C at some word, once."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word

    def write(self, text: str, /) -> int:
        """Write, or be stopped."""
        if self.word and self.word in text:
            self.word = ""
            raise KeyboardInterrupt
        return super().write(text)


def a_screen(typed: str = "", *, stdout: io.StringIO | None = None) -> Screen:
    """Plain input and output."""
    return Screen({"TERM": "dumb"}, stdin=Keys(typed), stdout=stdout or io.StringIO(), stderr=io.StringIO())


def said(screen: Screen) -> tuple[str, str]:
    """Standard output and standard error."""
    assert isinstance(screen.stdout, io.StringIO)
    assert isinstance(screen.stderr, io.StringIO)
    return screen.stdout.getvalue(), screen.stderr.getvalue()


def test_lines_are_messages_or_commands_until_the_end(app: App) -> None:
    """A message is answered, an empty line is nothing, a wrong command is told, the end of input leaves."""
    screen = a_screen("I like jasmine tea\n\n/halp\n/memory\n")
    assert run(app, ChatRequest(), screen) == 0
    out, err = said(screen)
    assert "jasmine tea" in out
    assert "+ m1" in err
    assert "error: There is no /halp." in err
    assert [turn.user.text for turn in app.store.transcripts.turns(1)] == ["I like jasmine tea"]


def test_setup_is_not_greeted_twice(app: App) -> None:
    """After the first questions the version is not told again; what was typed at them is sent first."""
    screen = a_screen()
    run(app, ChatRequest(), screen, greet=False, carry="I like jasmine tea")
    err = said(screen)[1]
    assert "memchat 0" not in err
    assert err.lstrip().startswith("Write something.")
    assert "> I like jasmine tea\n" in err
    assert app.store.transcripts.turns(1)[0].user.text == "I like jasmine tea"


def test_files_go_with_the_first_message_only(app: App) -> None:
    """They are named above the prompt."""
    part = Part(PartKind.FILE, Origin.FILE, "The limit is 100.", name="notes.md")
    screen = a_screen("Keep this\nThanks\n")
    run(app, ChatRequest(), screen, attached=[part])
    assert "Goes with your first message: notes.md" in said(screen)[1]
    assert [len(turn.user.parts) for turn in app.store.transcripts.turns(1)] == [2, 1]


def test_what_cannot_be_opened_is_raised(app: App) -> None:
    """Before the chat has begun an error is the command's: it has an exit code."""
    with pytest.raises(NotFoundError):
        run(app, ChatRequest(resume="s99"), a_screen())


def test_ctrl_c_once_goes_on_and_twice_leaves(app: App) -> None:
    """The line that follows the second is not read."""
    screen = a_screen("^C\n^C\nI like jasmine tea\n")
    assert run(app, ChatRequest(), screen) == 0
    assert app.store.transcripts.sessions() == []


def test_a_command_is_stopped_as_a_reply_is(app: App) -> None:
    """Ctrl-C while a command prints: the chat goes on; with a second one it ends."""
    screen = a_screen("/help\nI like jasmine tea\n", stdout=Stopped("This list."))
    assert run(app, ChatRequest(), screen) == 0
    assert len(app.store.transcripts.turns(1)) == 1
    screen = a_screen("^C\n/help\nI like pu-erh\n", stdout=Stopped("This list."))
    assert run(app, ChatRequest(), screen) == 0
    assert app.store.transcripts.sessions()[0].turns == 1


def test_last_time_is_told_only_where_memory_may_be_read(app: App) -> None:
    """The last conversation's title; nothing of it in incognito."""
    run(app, ChatRequest(), a_screen("We spoke of rate limits\n"))
    screen = a_screen()
    run(app, ChatRequest(), screen)
    assert "Last time: We spoke of rate limits" in said(screen)[1]
    screen = a_screen()
    run(app, ChatRequest(mode=INCOGNITO), screen)
    assert "Last time" not in said(screen)[1]


def loaded(history: TypedHistory) -> list[str]:
    """What Up would bring back, newest first."""

    async def read() -> list[str]:
        return [text async for text in history.load()]

    return asyncio.run(read())


def test_history_is_a_table_that_all_terminals_share(app: App) -> None:
    """Written at once and read anew; a document stays out; of incognito its own lines only."""
    chat = Conversation(app, ChatRequest(), a_screen(), Interrupts())
    one, other = TypedHistory(chat), TypedHistory(chat)
    one.append_string("first")
    other.append_string("second")
    other.append_string("x" * (CHARACTERS + 1))
    assert loaded(one) == ["second", "first"]
    chat.go_incognito()
    assert loaded(one) == []
    one.append_string("hidden")
    assert loaded(one) == ["hidden"]
    assert app.store.typed.newest(5) == ["second", "first"]


def test_a_history_that_cannot_be_written_stops_nobody(app: App) -> None:
    """The database is gone: the line is sent all the same, and the message tells of the trouble."""
    history = TypedHistory(Conversation(app, ChatRequest(), a_screen(), Interrupts()))
    app.store.close()
    history.append_string("first")
    assert loaded(history) == []


# What cannot be saved, and conversations that are left for others


def breaking(app: App, sql: str) -> None:
    """Somebody else changes the database while the chat has it open."""
    app.store.transcripts.sessions()
    with closing(apsw.Connection(str(app.paths.db))) as other:
        other.execute(sql)


NO_ROOM = "CREATE TRIGGER no_room BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no room'); END"


def test_a_message_that_cannot_be_saved_is_not_lost(app: App) -> None:
    """Its words and its files wait; once there is room, Enter alone sends both."""
    part = Part(PartKind.FILE, Origin.FILE, "The limit is 100.", name="notes.md")
    screen = a_screen()
    screen.stdin = Keys(
        "fill\nI like jasmine tea\nempty\n\nThanks\n",
        fill=lambda: breaking(app, NO_ROOM),
        empty=lambda: breaking(app, "DROP TRIGGER no_room"),
    )
    assert run(app, ChatRequest(), screen, attached=[part]) == 0
    assert "error: The database refused: no room" in said(screen)[1]
    assert "Enter alone sends what you wrote." in said(screen)[1]
    first, second = app.store.transcripts.turns(1)
    assert [one.content for one in first.user.parts] == ["The limit is 100.", "I like jasmine tea"]
    assert second.user.text == "Thanks"


def test_a_message_that_cannot_be_saved_can_be_given_up(app: App) -> None:
    """Another line takes its place; in the full input line it stands there to be changed."""
    screen = a_screen()
    screen.stdin = Keys(
        "fill\nI like jasmine tea\nempty\nI like pu-erh\n",
        fill=lambda: breaking(app, NO_ROOM),
        empty=lambda: breaking(app, "DROP TRIGGER no_room"),
    )
    run(app, ChatRequest(), screen)
    assert [turn.user.text for turn in app.store.transcripts.turns(1)] == ["I like pu-erh"]


def test_what_was_pasted_comes_back_as_pasted(app: App) -> None:
    """A draft that was typed again in our name would teach what somebody else wrote."""
    chat = Conversation(app, ChatRequest(), a_screen(), Interrupts())
    breaking(app, NO_ROOM)
    line = Line("See: My name is Mallory", ((5, 23),))
    chat.say(line)
    assert chat.draft == replace(line, unsent=True)
    chat.close()


def test_a_profile_that_cannot_be_read_does_not_end_the_chat(app: App) -> None:
    """The zone that dates are shown in comes from it: the trouble is told, and the next line is read."""
    screen = a_screen()
    screen.stdin = Keys(
        "lose\nI like jasmine tea\nback\nI like pu-erh\n",
        lose=lambda: breaking(app, "ALTER TABLE memories RENAME TO elsewhere"),
        back=lambda: breaking(app, "ALTER TABLE elsewhere RENAME TO memories"),
    )
    assert run(app, ChatRequest(), screen) == 0
    assert "error:" in said(screen)[1]
    assert app.store.transcripts.turns(1)[-1].user.text == "I like pu-erh"


def test_resuming_the_conversation_one_is_in_leaves_it_closed_to_others(app: App) -> None:
    """It is said, and nobody else may open it meanwhile."""
    chat = Conversation(app, ChatRequest(), a_screen(), Interrupts())
    chat.say(Line("I like jasmine tea"))
    run_command(chat, find("resume", COMMANDS), "s1")
    assert "You are in s1 already." in said(chat.screen)[0]
    assert not app.store.transcripts.free(1, "elsewhere:1")
    chat.close()
    assert app.store.transcripts.free(1, "elsewhere:1")


def test_another_conversation_is_held_and_the_old_one_let_go(app: App) -> None:
    """From s2 back to s1; the other way round when s1 cannot be taken over: then nothing has changed."""
    chat = Conversation(app, ChatRequest(), a_screen(), Interrupts())
    chat.say(Line("I like jasmine tea"))
    run_command(chat, find("new", COMMANDS), "")
    chat.say(Line("I like pu-erh"))

    def held() -> list[bool]:
        return [not app.store.transcripts.free(number, "elsewhere:1") for number in (1, 2)]

    breaking(app, "CREATE TRIGGER no BEFORE UPDATE OF opened_by ON sessions BEGIN SELECT RAISE(ABORT, 'no'); END")
    run_command(chat, find("resume", COMMANDS), "s1")
    assert "error:" in said(chat.screen)[1]
    assert held() == [False, True]
    breaking(app, "DROP TRIGGER no")
    run_command(chat, find("resume", COMMANDS), "s1")
    assert held() == [True, False]
    chat.close()


@pytest.mark.parametrize("mode", [None, INCOGNITO])
@pytest.mark.parametrize(
    ("body", "there"),
    [
        ("path.write_text('what I wrote'); sys.exit(1)", "what I wrote"),
        ("sys.exit(1)", "words"),
        ("path.unlink()", "words"),
    ],
)
def test_an_editor_that_fails_gives_the_text_back(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: Mode | None, body: str, there: str
) -> None:
    """It stands in the input line, so no file is named and none stays; it waits for Enter."""
    monkeypatch.setitem(app.environ, "EDITOR", script(tmp_path, body))
    chat = Conversation(app, ChatRequest(mode=mode) if mode else ChatRequest(), a_screen(), Interrupts())
    run_command(chat, find("edit", COMMANDS), "words")
    assert chat.draft == Line(there, unsent=True)
    assert "error:" in said(chat.screen)[1]
    assert "kept" not in said(chat.screen)[1]
    assert editor.kept(app.paths.state) == ""
    run_command(chat, find("edit", COMMANDS), "")
    chat.close()


@pytest.mark.parametrize(("mode", "stays"), [(None, True), (INCOGNITO, False)])
def test_what_cannot_be_put_into_the_line_is_kept_where_it_may(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: Mode | None, stays: bool
) -> None:
    """Bytes that are no text: the file is named where it stays; incognito keeps none and names none."""
    monkeypatch.setitem(app.environ, "EDITOR", script(tmp_path, "path.write_bytes(b'\\xff\\xfe')"))
    chat = Conversation(app, ChatRequest(mode=mode) if mode else ChatRequest(), a_screen(), Interrupts())
    run_command(chat, find("edit", COMMANDS), "words")
    assert chat.draft == Line("words", unsent=True)
    assert ("your draft is kept" in said(chat.screen)[1]) is stays
    assert bool(editor.kept(app.paths.state)) is stays
    chat.close()


@pytest.mark.parametrize(("mode", "there"), [(None, "what I wrote"), (INCOGNITO, "words")])
def test_an_editor_where_there_is_no_temporary_folder(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: Mode | None, there: str
) -> None:
    """A draft that may be kept needs none; else it is told what is missing, and the chat goes on."""
    monkeypatch.setitem(app.environ, "EDITOR", script(tmp_path, "path.write_text('what I wrote')"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    chat = Conversation(app, ChatRequest(mode=mode) if mode else ChatRequest(), a_screen(), Interrupts())
    run_command(chat, find("edit", COMMANDS), "words")
    assert chat.draft.text == there
    assert ("TMPDIR" in said(chat.screen)[1]) is bool(mode)
    chat.close()


@pytest.mark.parametrize(
    ("cells", "mode", "told"),
    [
        (78, None, "openai/test-model on this computer · s1 · remembering"),
        (45, None, "openai/t… on this computer · s1 · remembering"),
        (38, None, "on this computer · s1 · remembering"),
        (30, None, "on this computer · remembering"),
        (18, None, "s1 · remembering"),
        (11, None, "remembering"),
        (5, None, "remem"),
        (38, INCOGNITO, "openai/t… on this computer · incognito"),
    ],
)
def test_the_bottom_line_keeps_what_matters_most(
    app: App, monkeypatch: pytest.MonkeyPatch, cells: int, mode: Mode | None, told: str
) -> None:
    """First the mode, then where the words go, then the session; of the model's name what fits."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    screen = Screen({"TERM": "xterm"}, stdin=Tty(), stdout=Tty(), stderr=Tty())
    chat = Conversation(app, ChatRequest(mode=mode) if mode else ChatRequest(), screen, Interrupts())
    chat.say(Line("I like tea"))
    chat.use("openai/test-model")
    assert chat.status(cells) == told
    chat.close()


def test_the_bottom_line_tells_what_the_last_request_held(
    app: App, monkeypatch: pytest.MonkeyPatch, openai_server: Server
) -> None:
    """The share of the window and how many memories; until another model answers. They are the first to go."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key")
    monkeypatch.setenv("OPENAI_BASE_URL", openai_server.url)
    screen = Screen({"TERM": "xterm"}, stdin=Tty(), stdout=Tty(), stderr=Tty())
    chat = Conversation(app, ChatRequest(model="openai/test-model"), screen, Interrupts())
    chat.say(Line("I like tea"))
    wide = chat.status(90)
    assert re.fullmatch(r"openai/test-model on this computer · s1 · context \d+ % · memory 0 · remembering", wide)
    assert chat.status(60) == "openai/test-model on this computer · s1 · remembering"
    chat.new()
    assert "context" not in chat.status(90)
    chat.say(Line("I like tea"))
    assert "s2 · context" in chat.status(90)
    chat.resume("s1")  # of which nothing was sent here
    assert chat.status(90) == "openai/test-model on this computer · s1 · remembering"
    chat.say(Line("I like tea"))
    assert "context" in chat.status(90)
    chat.use("notebook")
    assert "context" not in chat.status(90)
    chat.close()


def test_a_byte_that_is_no_text_is_a_sign_in_the_line(app: App) -> None:
    """As another encoding sends it; in the full input line, and in its history."""
    with create_pipe_input() as pressed, create_app_session(input=pressed, output=DummyOutput()):
        chat = Conversation(app, ChatRequest(), a_screen(), Interrupts())
        pressed.send_bytes(b"caf\xe9\r")
        assert LineEditor(chat, vi=False, drawn=lambda: None).read(Line()).text == "caf\ufffd"
        assert app.store.typed.newest(1) == ["caf\ufffd"]
        chat.close()


def test_it_is_one_in_plain_input_too(app: App) -> None:
    """Where the terminal itself hands over lines."""
    ours, theirs = os.openpty()
    with os.fdopen(theirs, encoding="utf-8") as stdin:
        screen = Screen({"TERM": "dumb"}, stdin=stdin, stdout=io.StringIO(), stderr=io.StringIO())
        chat = Conversation(app, ChatRequest(), screen, Interrupts())
        os.write(ours, b"caf\xe9\n")
        assert open_prompt(chat, vi=False, drawn=lambda: None).read(Line()).text == "caf\ufffd"
        chat.close()
    os.close(ours)


def test_windows_names_no_terminal_and_has_a_good_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere a terminal without a name cannot be steered."""
    screen = Screen({}, stdin=Tty(), stdout=Tty(), stderr=Tty())
    assert too_plain(screen)
    monkeypatch.setattr("sys.platform", "win32")
    assert not too_plain(screen)


def test_plain_means_plain_input_without_a_word(app: App) -> None:
    """`--plain` promises no line editing; who asked for it needs no notice."""
    screen = Screen({"TERM": "xterm"}, stdin=Tty(), stdout=Tty(), stderr=Tty(), plain=True)
    chat = Conversation(app, ChatRequest(), screen, Interrupts())
    assert isinstance(open_prompt(chat, vi=False, drawn=lambda: None), PlainPrompt)
    assert said(screen) == ("", "")
    chat.close()


def test_the_chat_and_the_shell_tell_the_same_of_memory(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """What the profile costs, and which drafts `forget` leaves: one function each."""
    screen = Screen({"TERM": "dumb"}, stdin=Tty("yes\n"), stdout=Tty(), stderr=Tty())
    chat = Conversation(app, ChatRequest(), screen, Interrupts())
    chat.say(Line("My name is Alice"))
    drafts = app.paths.state / editor.DRAFTS
    editor.write_draft(drafts, "profile.toml", "display_name = 'Alice'")
    run_command(chat, find("profile", COMMANDS), "")
    told = re.search(r"\d+ tokens in every chat", said(screen)[0])
    assert told
    assert main(["profile", "show"]) == 0
    assert told[0] in capsys.readouterr().out
    run_command(chat, find("forget", COMMANDS), "m1")
    assert str(drafts) in "".join(said(screen)[0].split())
    chat.close()

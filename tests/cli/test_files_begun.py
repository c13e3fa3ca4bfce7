"""`memchat -f PATH`, `memchat context -f PATH` and /context with files: checked as sending does; plain input."""

from pathlib import Path

import pytest
from memchat.bootstrap import App, ChatRequest
from memchat.cli import attachments
from memchat.cli.file_reading import read_file
from memchat.cli.pasted import Line
from memchat.cli.repl import run
from memchat.errors import MemchatError

from tests.cli.attaching import NOTES, a_chat, a_terminal, kept, said, talk, words
from tests.cli.shell import Shell

pytestmark = pytest.mark.usefixtures("here")


def begun(app: App, typed: str, *names: str) -> tuple[str, str]:
    """A chat that is begun with files; what stood on its two outputs."""
    screen = a_terminal(typed)
    run(app, ChatRequest(), screen, attached=[read_file(Path(name)) for name in names])
    return said(screen.stdout), said(screen.stderr)


def test_a_chat_begun_with_a_file_tells_what_it_costs(app: App) -> None:
    """And sends it with the first message."""
    _, err = begun(app, "What is the limit?\nThanks\n", "notes.md")
    assert "Goes with your first message: notes.md, 18 bytes, about 18 tokens" in err
    assert kept(app) == [[NOTES, words("What is the limit?")], [words("Thanks")]]


def test_what_the_model_cannot_take_is_refused_at_the_start(app: App) -> None:
    """Not with every message: the chat goes on without it."""
    _, err = begun(app, "hello\n", "large.txt", "notes.md", "cat.png")
    assert "error: large.txt is too large for notebook: about 200,000 tokens, and 25,214 fit." in err
    assert "error: notebook reads no pictures, so it cannot see cat.png." in err
    assert "Goes with your first message: notes.md, 18 bytes" in err
    assert kept(app) == [[NOTES, words("hello")]]


@pytest.mark.parametrize("name", ["large.txt", "cat.png"])
def test_what_was_attached_can_be_taken_back(app: App, name: str) -> None:
    """Where another model takes over that cannot take it, the hint says how."""
    chat = a_chat(app, a_terminal())
    chat.attached = (read_file(Path("notes.md")), read_file(Path(name)))
    with pytest.raises(MemchatError, match=name) as caught:
        attachments.check(app, attachments.reader(chat.engine), chat.attached, chat.attached)
    assert "/file drop 2" in caught.value.hint
    chat.close()


def test_a_paste_may_be_what_is_too_large(app: App) -> None:
    """Then no file is blamed for it."""
    chat = a_chat(app, a_terminal())
    chat.attached = (read_file(Path("notes.md")),)
    paste = "word " * 60_000
    chat.say(Line(paste, pasted=((0, len(paste)),)))
    assert "error: What you pasted is too large for notebook" in said(chat.screen.stderr)
    assert "drop" not in said(chat.screen.stderr)
    chat.close()


@pytest.mark.parametrize("name", ["large.txt", "cat.png"])
def test_a_look_ahead_refuses_what_ask_refuses(shell: Shell, name: str) -> None:
    """In the same words."""
    asked, looked = (shell(command, "-f", name, "What is it?") for command in ("ask", "context"))
    assert asked.code != 0
    assert (looked.code, looked.err, looked.out) == (asked.code, asked.err, "")


def test_a_look_ahead_in_the_chat_takes_the_files_it_names(app: App) -> None:
    """Nobody is asked about one outside the folder: it is left out, and that is said."""
    out, err = talk(app, "/context Read @notes.md and @../secret.txt\n/context @large.txt\n/context @cat.png\n")
    assert out.count("Would go to notebook") == 1
    assert "@../secret.txt is outside the current folder, so it is left out here." in out
    assert "[y/N]" not in out + err
    assert "error: large.txt is too large for notebook" in err
    assert "error: notebook reads no pictures, so it cannot see cat.png." in err
    chat = a_chat(app, a_terminal())
    named, left_out = attachments.without_asking(chat, "Read @notes.md and @../secret.txt")
    assert ([part.name for part in named], len(left_out)) == (["notes.md"], 1)
    chat.attached = tuple(named)
    assert attachments.without_asking(chat, "Read @notes.md") == ([], [])
    chat.close()
    assert kept(app) == []

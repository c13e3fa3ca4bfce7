"""Files at a real terminal and in a pipe: what is attached, what an @ names, what is asked, what is sent."""

import base64
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from memchat.bootstrap import open_app
from memchat.domain import Origin, PartKind, SessionKind

from tests.cli.chatting import chatted
from tests.e2e.piping import fed
from tests.e2e.running import fails, here, memchat, with_server
from tests.e2e.terminal import Terminal, kept
from tests.pictures import png
from tests.servers.openai_server import Server

SEES = {"MEMCHAT_MODEL": "openai/gpt-4o-mini"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that memchat is started in."""
    made = tmp_path / "here"
    made.mkdir()
    (made / "notes.md").write_text("The limit is 100.\n", "utf-8")
    (made / "筆記 🎉.md").write_text("每秒一百次\n", "utf-8")
    (made / "cat.png").write_bytes(png())
    (made / "large.txt").write_bytes(b"many words in it " * 58_000)
    (made / "noise.bin").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "secret.txt").write_text("hidden\n", "utf-8")
    (made / "link.txt").symlink_to(tmp_path / "secret.txt")
    os.mkfifo(made / "pipe")
    monkeypatch.chdir(made)
    return made


def chat(columns: int, **env: str) -> Terminal:
    """memchat on a terminal in the current folder."""
    environ = {
        "MEMCHAT_MODEL": "notebook",
        "MEMCHAT_MEMORY__ENABLED": "true",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    return Terminal([sys.executable, "-m", "memchat"], columns=columns, rows=30, env={**environ, **env})


def one_line(person: Terminal) -> str:
    """All that was shown, its lines joined."""
    return " ".join(person.text.split())


def sees(person: Terminal, text: str) -> None:
    """Wait for words, wherever they were folded."""
    person.waits(lambda: text.replace(" ", "") in one_line(person).replace(" ", ""), f"{text!r} did not appear")


def said() -> list[list[tuple[PartKind, Origin, str]]]:
    """The parts of what was said, turn by turn."""
    with closing(kept()) as store:
        turns = store.transcripts.turns(1) if store.transcripts.sessions() else []
    return [[(part.kind, part.origin, part.name or part.content) for part in turn.user.parts] for turn in turns]


def text(words: str, origin: Origin = Origin.TYPED) -> tuple[PartKind, Origin, str]:
    """A part of words."""
    return (PartKind.TEXT, origin, words)


@pytest.mark.parametrize("columns", [80, 40])
def test_files_are_attached_at_a_terminal(columns: int) -> None:
    """Whatever their names; what cannot be sent is told in two lines, and no line is wider than the screen."""
    with chat(columns) as person:
        person.says("/file 筆記 🎉.md")
        sees(person, "Goes with your next message: 筆記 🎉.md, 16 bytes, about")
        for path, told in {
            "large.txt": "large.txt is too large for notebook: about",
            "noise.bin": "noise.bin is not text (a zero byte at byte 0).",
            "pipe": "pipe is a pipe, not a file.",
            "/dev/zero": "/dev/zero is a device, not a file.",
            "gone.md": "There is no file gone.md.",
            ".": ". is a folder, not a file.",
            "cat.png": "notebook reads no pictures, so it cannot see cat.png.",
        }.items():
            person.says(f"/file {path}")
            sees(person, f"error: {told}")
        person.says("/file")
        sees(person, "1 筆記 🎉.md")
        person.says("I like jasmine tea")
        sees(person, "+ m1")
        person.says("/file")
        sees(person, "Nothing is attached.")
        person.sees_prompt()
        person.quits()
    assert said() == [[(PartKind.FILE, Origin.FILE, "筆記 🎉.md"), text("I like jasmine tea")]]


@pytest.mark.parametrize("columns", [80, 40])
def test_an_at_names_a_file_and_asks_about_what_is_outside(columns: int) -> None:
    """A link that leads out is outside. Without a yes the line comes back, with Ctrl-C, too."""
    with chat(columns) as person:

        def back(times: int) -> None:
            """Wait for the line to stand in the input again."""
            person.waits(lambda: person.everything.count("> And @link.txt") == times, "the line did not come back")

        person.says("Read @notes.md")
        sees(person, "with notes.md, 18 bytes, about")
        person.says("And @link.txt")
        sees(person, "secret.txt, 7 bytes, outside the current folder.")
        sees(person, "Send it with your message? [y/N]")
        person.types("n")
        person.presses("enter")
        sees(person, "Nothing was sent.")
        back(2)
        person.presses("enter")
        person.waits(lambda: one_line(person).count("[y/N]") == 2, "no second question")
        person.presses("ctrl-c")
        person.waits(lambda: one_line(person).count("Nothing was sent.") == 2, "no second refusal")
        back(3)
        person.presses("enter")
        person.waits(lambda: one_line(person).count("[y/N]") == 3, "no third question")
        person.types("y")
        person.presses("enter")
        sees(person, "with link.txt, 7 bytes, about")
        person.sees_prompt()
        person.quits()
    file = PartKind.FILE
    assert said() == [
        [(file, Origin.FILE, "notes.md"), text("Read @notes.md")],
        [(file, Origin.FILE, "link.txt"), text("And @link.txt")],
    ]


def test_what_is_pasted_names_no_file() -> None:
    """Small or large: the terminal says that it is a paste. What is typed beside it counts."""
    large = "see @notes.md\n" * 5
    with chat(80) as person:
        person.sees_prompt()
        person.pastes("Read @notes.md now")
        person.sees("Read @notes.md now")
        person.presses("enter")
        person.sees_prompt(after="Read @notes.md now")
        person.pastes(large)
        person.waits(lambda: person.text.count("see @notes.md") >= 5, "nothing was pasted")
        person.presses("enter")
        person.waits(lambda: len(said()) == 2, "it was not sent")
        person.sees_prompt()
        person.quits()
    assert said() == [[text("Read @notes.md now")], [text(large.strip("\n"), Origin.PASTE)]]


def test_paths_are_completed() -> None:
    """With Tab, behind an @; quotation marks come by themselves."""
    with chat(80) as person:
        person.sees_prompt()
        person.types("see @not")
        person.sees("notes.md")
        person.presses("tab")
        person.sees("> see @notes.md")
        person.presses("ctrl-u")
        person.types("see @筆")
        person.sees("筆記 🎉.md")
        person.presses("tab")
        person.waits(lambda: '@"筆記' in person.text.replace(" ", ""), "no quotation mark")
        person.presses("ctrl-u")
        person.sees_prompt()
        person.quits()


def test_a_picture_is_sent_to_a_model_that_sees(openai_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """By flag, by pipe, by /file: the wire carries its very bytes, and the conversation keeps them."""
    env = with_server(openai_server, **SEES)
    assert here(capsys, "ask", "-f", "cat.png", "What is it?", env=env).code == 0
    assert fed(capsys, png(3, 2), "ask", "What is it?", env=env).code == 0
    with closing(open_app({**os.environ, **env})) as app:
        seen = chatted(app, "/file cat.png", "What is it?")
    assert "cat.png, 64 x 48, about 267 tokens" in seen
    assert 'You said: [image "cat.png"]What is it?' in " ".join(seen.split())
    sent = [request.messages[-1]["content"] for request in openai_server.requests]
    assert [_picture(content) for content in sent] == [png(), png(3, 2), png()]
    assert [content[-1]["text"].splitlines()[-1] for content in sent] == ["What is it?"] * 3
    with closing(kept()) as store:
        parts = store.transcripts.turns(1)[0].user.parts
    assert [part.kind for part in parts] == [PartKind.IMAGE, PartKind.TEXT]
    assert base64.b64decode(parts[0].content) == png()


def _picture(content: list[dict[str, Any]]) -> bytes:
    (url,) = [block["image_url"]["url"] for block in content if block["type"] == "image_url"]
    return base64.b64decode(url.removeprefix("data:image/png;base64,"))


def test_a_conversation_with_pictures_goes_on_with_the_same_beginning(
    openai_server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was sent is sent again byte for byte, by another process, too, or the provider's cache is lost."""
    env = with_server(openai_server, **SEES)
    assert here(capsys, "ask", "--session", "cats", "-f", "cat.png", "What is it?", env=env).code == 0
    assert memchat("ask", "--session", "cats", "And now?", env=env).code == 0
    first, second = (request.messages for request in openai_server.requests)
    assert second[1]["content"] == first[-1]["content"]


def test_what_does_not_fit_is_refused_before_anything_is_sent(
    openai_server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """By flag and by pipe, in two lines, exit 4. Nothing was kept but what was piped, which may not come again."""
    env = with_server(openai_server)
    fails(
        here(capsys, "ask", "-f", "large.txt", "Sum it up.", env=env),
        4,
        "large.txt is too large",
        "tokens, and",
        "fit of 8,192 that are assumed.",
    )
    piped = Path("large.txt").read_bytes()
    fails(fed(capsys, piped, "ask", "Sum it up.", env=env), 4, "The piped text is too large", "head -c")
    picture = here(capsys, "ask", "-f", "cat.png", "What is it?", env=env)
    fails(picture, 2, "openai/test reads no pictures", "gpt-4o-mini")
    assert openai_server.requests == []
    done = here(capsys, "ask", "--json", "-f", "large.txt", "Sum it up.", env=env)
    assert done.error["code"] == "context_window"
    with closing(kept()) as store:
        (session,) = store.transcripts.sessions(kinds=(SessionKind.CHAT, SessionKind.ONESHOT))
        (turn,) = store.transcripts.turns(session.id)
    assert turn.user.parts[0].content.encode() == piped
    assert turn.reply == ""


@pytest.mark.parametrize("path", ["noise.bin", "gone.md", ".", "/dev/zero"])
def test_what_is_no_text_is_refused_in_two_lines(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Before any model is asked: exit 2."""
    fails(here(capsys, "ask", "-f", path, "hello"), 2, path)


def test_an_argument_names_no_file(openai_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """An @ in it may come from anywhere a script has its words from; -f is how a script gives a file."""
    env = with_server(openai_server)
    assert here(capsys, "ask", "What is in @notes.md?", env=env).code == 0
    assert fed(capsys, b"What is in @notes.md?", "ask", "-", env=env).code == 0
    for request in openai_server.requests:
        assert request.messages[-1]["content"].endswith("What is in @notes.md?")
        assert "The limit is 100" not in str(request.messages)


def test_what_is_shown_of_a_picture_is_its_name(openai_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """In the list, in the conversation, in what would be sent: nobody reads base64."""
    env = with_server(openai_server, **SEES)
    assert here(capsys, "ask", "--session", "cats", "-f", "cat.png", "What is it?", env=env).code == 0
    shown = here(capsys, "sessions", "show", "cats", env=env)
    assert "[image cat.png]" in shown.out
    exported = here(capsys, "sessions", "export", "cats", env=env)
    assert "image cat.png" in exported.out
    context = here(capsys, "context", "--session", "cats", "And now?", env=env)
    for done in (shown, exported, context):
        assert done.code == 0, done
        assert "iVBOR" not in done.out
    raw = here(capsys, "context", "--session", "cats", "--raw", "And now?", env=env)
    assert "data:image/png;base64,iVBOR" in raw.out

"""/file and @path in the chat, on plain input; tests/e2e/test_files.py sits at a real terminal."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from memchat.actions import forgetting
from memchat.actions.forgetting import Wanted
from memchat.bootstrap import App, open_app
from memchat.cli import attachments
from memchat.cli.keyboard import Typing
from memchat.cli.pasted import Line
from memchat.cli.terminal import Screen
from memchat.domain import INCOGNITO, NewMemory, Origin, Part, PartKind, Role, SessionKind, Source

from tests.builders import found, typed
from tests.cli.attaching import NOTES, a_chat, a_terminal, kept, talk, words
from tests.servers.openai_server import Server

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def seeing(monkeypatch: pytest.MonkeyPatch, openai_server: Server) -> Iterator[App]:
    """memchat with a model that reads pictures."""
    monkeypatch.setenv("MEMCHAT_MODEL", "openai/gpt-4o-mini")
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("OPENAI_BASE_URL", openai_server.url)
    opened = open_app(os.environ)
    yield opened
    opened.close()


def test_a_file_goes_with_the_next_message_only(app: App) -> None:
    """It says at once what is attached and what it costs."""
    out, _ = talk(app, "/file notes.md\nWhat is the limit?\nThanks\n")
    assert "Goes with your next message: notes.md, 18 bytes, about 18 tokens." in out
    assert kept(app) == [[NOTES, words("What is the limit?")], [words("Thanks")]]


def test_an_empty_line_sends_nothing(app: App) -> None:
    """What is attached waits for words."""
    talk(app, "/file notes.md\n\n  \nhello\n")
    assert kept(app) == [[NOTES, words("hello")]]


def test_what_is_attached_is_listed_and_taken_back(app: App) -> None:
    """By number, by name, all at once; nothing is sent of it."""
    out, err = talk(
        app,
        "/file\n/file notes.md\n/file a b.md\n/file notes.md\n/file\n/file drop ２\n/file drop gone\n/file drop\n"
        "/file drop notes.md\n/file drop notes.md\n/file a b.md\n/file drop　all\n/file drop all\nhello\n",
    )
    assert "Nothing is attached." in out
    assert "a b.md, 7 bytes, about 14 tokens. 2 files in all: /file" in out
    assert "notes.md is attached already." in out
    assert "1 notes.md, 18 bytes, about 18 tokens 2 a b.md, 7 bytes, about 14 tokens" in out
    assert "No longer goes with your next message: a b.md." in out
    assert "error: gone is not attached." in err
    assert "error: Something is missing after the command." in err
    assert err.count("error: notes.md is not attached.") == 1
    assert err.count("error: Nothing is attached. /file PATH sends") == 1
    assert kept(app) == [[words("hello")]]


@pytest.mark.parametrize("written", ["a b.md", '"a b.md"', "'a b.md'", "a\\ b.md", "./a b.md"])
def test_a_path_may_be_written_as_terminals_write_it(app: App, written: str) -> None:
    """Dragged into them a file comes with quotation marks or backslashes."""
    talk(app, f"/file {written}\nhello\n")
    assert [part[0] for part in kept(app)[0]] == [PartKind.FILE, PartKind.TEXT]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("gone.md", "error: There is no file gone.md. Like this: /file notes.md"),
        (".", "error: . is a folder, not a file."),
        ("/dev/zero", "error: /dev/zero is a device, not a file."),
        ("large.txt", "error: large.txt is too large for notebook: about 200,000 tokens, and 25,214 fit."),
        ("cat.png", "error: notebook reads no pictures, so it cannot see cat.png. One that does: openai/gpt-4o-mini"),
    ],
)
def test_what_cannot_be_sent_is_not_attached(app: App, path: str, said: str) -> None:
    """It is said in two lines, and the chat goes on without it."""
    _, err = talk(app, f"/file {path}\nhello\n")
    assert said in err
    assert kept(app) == [[words("hello")]]


def test_the_model_named_is_one_that_is_at_hand(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a provider with a key; and where no word may leave this computer, one for Ollama."""
    assert attachments.that_sees(app) == "openai/gpt-4o-mini"
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test")
    assert attachments.that_sees(app) == "anthropic/claude-sonnet-4-5"
    local = open_app(os.environ, flags={"privacy.local_only": True})
    assert attachments.that_sees(local) == "ollama/qwen2.5vl"


def test_a_message_names_its_files(app: App) -> None:
    """What is sent with it is told before it is sent; a file that is attached already goes once."""
    _, err = talk(app, '/file notes.md\nCompare @notes.md and @"a b.md" for me@notes.md\n')
    assert "with a b.md, 7 bytes, about 14 tokens" in err
    assert "with notes.md" not in err
    text = 'Compare @notes.md and @"a b.md" for me@notes.md'
    assert kept(app) == [[NOTES, (PartKind.FILE, Origin.FILE, "a b.md"), words(text)]]


@pytest.mark.parametrize("answer", ["", "n", "不", "what?", "^C", "^D"])
def test_a_file_outside_the_folder_needs_a_yes(app: App, answer: str) -> None:
    """Anything else, and nothing is sent: not the words either, which stand in the line again."""
    lines = f"Read @../secret.txt\n{answer}\n" if answer != "^D" else "Read @../secret.txt\n"
    out, _ = talk(app, lines)
    assert "@../secret.txt is " in out
    assert "secret.txt, 7 bytes, outside the current folder." in out
    assert "Nothing was sent. Your message is in the line again." in out
    assert kept(app) == []


@pytest.mark.parametrize("answer", ["y", "Yes", "是", "ｙ"])
def test_with_a_yes_it_is_sent(app: App, answer: str) -> None:
    """In more than one language."""
    talk(app, f"Read @../secret.txt\n{answer}\n")
    secret = (PartKind.FILE, Origin.FILE, "../secret.txt")
    assert kept(app) == [[secret, words("Read @../secret.txt")]]


def test_what_was_not_sent_can_be_sent_after_all(app: App) -> None:
    """On plain input Enter alone sends it, and the question is put again."""
    talk(app, "Read @../secret.txt\nn\n\ny\n")
    assert len(kept(app)[0]) == 2


def test_what_cannot_be_sent_keeps_the_message(app: App) -> None:
    """A folder behind an @ is told before any question; nothing was sent."""
    out, err = talk(app, "Read @../here and @../secret.txt\n")
    assert kept(app) == []
    assert "error: ../here is a folder, not a file. Name one file in it." in err
    assert "outside" not in out


def test_without_a_terminal_nothing_outside_is_sent(app: App) -> None:
    """Nobody can say yes."""
    err = io.StringIO()
    screen = Screen({}, stdin=io.StringIO(), stdout=io.StringIO(), stderr=err)
    chat = a_chat(app, screen)
    chat.say(Line("Read @../secret.txt"))
    assert "error: ../secret.txt is outside the current folder." in err.getvalue()
    assert "/file ../secret.txt" in err.getvalue()
    assert chat.draft == Line("Read @../secret.txt", unsent=True)
    chat.say(Line("Read @notes.md"))
    assert kept(app) == [[NOTES, words("Read @notes.md")]]
    chat.close()


def test_a_pasted_path_stays_words(app: App) -> None:
    """As do a small paste's, which the terminal alone knows for one."""
    chat = a_chat(app, a_terminal())
    chat.say(Line("@notes.md", small=((0, 9),)))
    chat.say(Line("@notes.md", pasted=((0, 9),)))
    assert kept(app) == [[words("@notes.md")], [(PartKind.TEXT, Origin.PASTE, "@notes.md")]]
    chat.close()


def test_what_is_typed_before_the_question_does_not_answer_it(app: App) -> None:
    """It stands below the message in the next line."""

    class Ahead(Typing):
        """Something was typed while memchat was at work."""

        def ahead(self) -> str:
            """This."""
            return "y\nmore"

    chat = a_chat(app, a_terminal("n\n"))
    chat.typing = Ahead(chat.screen.stdin)
    chat.say(Line("Read @../secret.txt"))
    assert chat.draft == Line("Read @../secret.txt\ny\nmore", unsent=True)
    chat.close()


def test_ctrl_c_while_files_are_measured_keeps_the_message(app: App) -> None:
    """A large file takes a while: whoever stops it has lost nothing."""

    class Stopped:
        """Counts nothing."""

        def count(self, text: str) -> int:
            """Somebody has pressed Ctrl-C."""
            raise KeyboardInterrupt

    chat = a_chat(app, a_terminal())
    chat.engine.assembler.counter = Stopped()
    with pytest.raises(KeyboardInterrupt):
        chat.say(Line("Read @notes.md"))
    assert chat.draft == Line("Read @notes.md", unsent=True)
    chat.close()


def test_incognito_sends_files_too(app: App) -> None:
    """And keeps none."""
    out, _ = talk(app, "/file notes.md\nhello\n", INCOGNITO)
    assert "Goes with your next message: notes.md" in out
    assert app.store.transcripts.sessions() == []


def test_a_picture_goes_to_a_model_that_sees(seeing: App, openai_server: Server) -> None:
    """It is kept as it was sent; the model that takes over and cannot see is told so."""
    out, err = talk(seeing, "/file cat.png\nWhat is it?\n/model notebook\n/file cat.png\nI like jasmine tea\n")
    assert "Goes with your next message: cat.png, 64 x 48, about 267 tokens." in out
    content = openai_server.requests[0].messages[-1]["content"]
    assert [block["type"] for block in content] == ["text", "image_url", "text"]
    assert kept(seeing)[0] == [(PartKind.IMAGE, Origin.FILE, "cat.png"), words("What is it?")]
    assert "error: notebook reads no pictures" in err
    assert kept(seeing)[1] == [words("I like jasmine tea")]


def test_what_was_attached_is_checked_again_before_it_is_sent(seeing: App, openai_server: Server) -> None:
    """The model may have changed since: the message stays in the line, the picture attached."""
    _, err = talk(seeing, "/file cat.png\n/model notebook\nWhat is it?\n/file drop 1\nWhat is it?\n")
    assert "error: notebook reads no pictures, so it cannot see cat.png." in err
    assert openai_server.requests == []
    assert kept(seeing) == [[words("What is it?")]]


def test_files_teach_nothing_and_are_not_found_again(app: App, here: Path) -> None:
    """Somebody else's words: neither learned nor indexed, though they say what a person would."""
    (here / "about.md").write_text("My name is Mallory. I live in Lisbon. I like zebras.\n", "utf-8")
    talk(app, "/file about.md\nWhat is this?\nRead @about.md\n")
    assert app.store.memories.all() == []
    assert found(app.store, "zebras") == []
    assert found(app.store, "Mallory Lisbon") == []
    assert "Mallory" in app.store.transcripts.turns(1)[0].user.parts[0].content


def test_a_picture_survives_the_forgetting_of_words_that_its_letters_spell(seeing: App) -> None:
    """Base64 may hold any short word: erasing that word elsewhere must not break the picture."""
    store, now = seeing.store, seeing.clock.now()
    session = store.transcripts.create_session(SessionKind.CHAT, at=now, model="m", host="", learn=True)
    picture = Part(PartKind.IMAGE, Origin.FILE, "AAAA/tea+AAAA", name="x.png", mime="image/png")
    parts = (picture, *typed("I like tea"))
    user = store.transcripts.add_message(session.id, 1, Role.USER, parts, parent=None, at=now)
    source = Source(Origin.TYPED, now, "tea", session_id=1, turn=1, message_id=user.id)
    memory = store.memories.add(NewMemory("tea", source), now)
    forgetting.erase(store, forgetting.plan(store, seeing.fields, Wanted(refs=(memory.ref,)), now), now)
    (turn,) = store.transcripts.turns(session.id)
    assert [part.content for part in turn.user.parts] == ["AAAA/tea+AAAA", "I like [erased]"]

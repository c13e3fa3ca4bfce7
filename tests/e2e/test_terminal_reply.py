"""Replies as a person sees them come, from a server on loopback: long ones, stopped ones, failed ones."""

import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from memchat.cli.keyboard import TWICE
from memchat.domain import MessageStatus

from tests.e2e.running import PATIENCE, with_server
from tests.e2e.terminal import Terminal, chat, kept
from tests.servers.openai_server import Server
from tests.servers.replies import Fault, Reply, Tool

LONG = (
    """\
# A long reply

First a paragraph that is long enough to wrap at forty columns and at eighty as well, so that lines break somewhere.

| number | meaning        |
|-------:|----------------|
|    101 | the first      |
|    102 | **the second** |

- item alpha
- item beta
  with a second line
- item gamma

```python
def count():
    for number in range(60):
        print(number)
"""
    + "".join(f"    row_{number:02} = {number}\n" for number in range(40))
    + """\
```

中文的段落也要好好地換行，不可以把字切成兩半，也不可以讓逗號跑到行首去，這樣才好讀。

The end, marked **finis**."""
)


# Stands in for litellm: it has begun to load, and it never ends.
ENDLESS = """\
import os, pathlib, time
pathlib.Path(os.environ["BEGUN"]).touch()
time.sleep(3600)
"""


def chat_with(server: Server, *arguments: str, rows: int = 24, columns: int = 80, **more: str) -> Terminal:
    """A chat that the loopback server answers."""
    env = {"OPENAI_API_KEY": "sk-test-key", "OPENAI_BASE_URL": server.url, **more}
    return chat(*arguments, model="openai/test-model", rows=rows, columns=columns, env=env)


def test_a_long_reply_stands_once_in_the_scrollback(openai_server: Server) -> None:
    """Streamed in small pieces on a small screen of any width: each line is there once, and none of the marks."""
    pieces = tuple(LONG[start : start + 7] for start in range(0, len(LONG), 7))
    with chat_with(openai_server) as person:
        person.sees_prompt()
        for columns in (80, 40, 20):
            person.resizes(24, columns)
            openai_server.script(Reply(pieces=pieces, delay=0.002))
            person.says(f"All, {columns} wide")
            person.waits(lambda: "finis" in after(person, "wide"), "the reply did not end")
            person.sees_prompt()
            lines = after(person, "wide").splitlines()
            squeezed = "".join("".join(line.split()) for line in lines)
            for once in ("Alongreply", "thesecond", "itembeta", "defcount", "這樣才好讀", "finis"):
                assert squeezed.count(once) == 1, (columns, once)
            for number in range(40):
                assert squeezed.count(f"row_{number:02}={number}") == 1, columns
            assert "**" not in squeezed
            assert "```" not in squeezed
            assert all(len(line) <= columns for line in lines)


def after(person: Terminal, text: str) -> str:
    """What stands behind the last `text`, input line and all."""
    return person.text.rpartition(text)[2]


def test_ctrl_c_stops_a_reply_or_the_waiting_for_it_and_twice_leaves(openai_server: Server) -> None:
    """The words that came stay on the screen and in the database; the next message is answered.

    Before the first word as well; the dim line that waited is gone, and it named the model that was asked. The server
    would wait longer than we do. Pressed twice: stop, and go; what came is kept all the same.
    """
    openai_server.script(Reply(text="word " * 500, delay=0.05), Reply(text="Here I am again."))
    with chat_with(openai_server) as person:
        person.sees_prompt()
        person.says("Count for me")
        person.sees("word word word")
        person.presses("ctrl-c")
        person.sees("Stopped. What came is kept.")
        person.sees_prompt()
        assert "^C" not in person.text
        person.says("Still there?")
        person.sees_prompt(after="Here I am again.")
        stops_waiting(openai_server, person, "Are you there?", "openai/test-model")
        person.says("Hello")
        person.sees_prompt(after="You said: Hello")
        stops_waiting(openai_server, person, "/retry openai/other-model", "openai/other-model")
        openai_server.script(Reply(text="word " * 500, delay=0.05))
        person.says("Count once more")
        person.waits(lambda: "word word" in after(person, "Count once more"), "no reply came")
        leaves_with_two_ctrl_c(person)
    with closing(kept()) as store:
        first, second, *_, last = store.transcripts.turns(1)
    assert first.messages[-1].status is MessageStatus.INTERRUPTED
    assert first.reply.startswith("word word")
    assert second.reply == "Here I am again."
    assert last.reply.startswith("word word")


def stops_waiting(server: Server, person: Terminal, line: str, model: str) -> None:
    """Say it to a server that says nothing, and press Ctrl-C once the request is there."""
    began = time.monotonic()
    person.waits(lambda: time.monotonic() > began + TWICE, "the clock stands")  # one sooner after another would leave
    server.script(Reply(text="Too late.", wait=2 * PATIENCE))
    asked = len(server.requests)
    person.says(line)
    person.sees(f"waiting for {model} ...")
    person.waits(lambda: len(server.requests) > asked, "no request came")
    person.presses("ctrl-c")
    person.waits(lambda: "Stopped." in after(person, line), "it did not stop")
    person.sees_prompt()
    assert "waiting for" not in person.text
    assert "What came" not in after(person, line)


def leaves_with_two_ctrl_c(person: Terminal) -> None:
    """Press it twice during a reply."""
    began = time.monotonic()
    person.waits(lambda: time.monotonic() > began + TWICE, "the clock stands")  # since it was pressed before
    began = time.monotonic()
    stopped = person.text.count("Stopped")
    person.presses("ctrl-c")
    person.sees("Stopped", times=stopped + 1)
    person.presses("ctrl-c")
    person.waits(lambda: "Ctrl-C again leaves" in person.text or not person.process.isalive(), "nothing happened")
    if person.process.isalive() and "Ctrl-C again leaves" in person.text:
        # On a computer so slow that the second came too late it is a first one again.
        assert time.monotonic() - began > TWICE
        person.presses("ctrl-c", "ctrl-c")
    assert person.leaves() == 0


def test_an_error_does_not_end_the_chat_and_what_is_typed_during_a_reply_waits(openai_server: Server) -> None:
    """Typed ahead, it stands in a line of its own below the words; then in the input line, and Enter sent it.

    An error is two lines, the message is safe, /retry sends it again; another model answers as well.
    """
    openai_server.script(Reply(text="word " * 40 + "finis", delay=0.05), Reply(text="Second answer."))
    with chat_with(openai_server) as person:
        person.sees_prompt()
        person.says("Count for me")
        person.sees("word word")
        person.types("And then?")
        person.presses("enter")
        person.sees("> And then?  (next)")
        person.sees("finis")
        assert "word" not in person.raw.partition("And then?")[2].partition("\x1b8")[0]
        person.sees_prompt(after="Second answer.")
        assert person.text.count("> And then?") == 1
        openai_server.answer = lambda _: Fault(401, b'{"error": {"message": "bad key"}}')
        person.says("I like jasmine tea")
        person.sees("error:")
        person.sees("Your message is saved.")
        person.sees_prompt()
        openai_server.answer = lambda _: Reply(text="Tea is good.")
        person.says("/retry")
        person.sees_prompt(after="Tea is good.")
        person.says("/model notebook")
        person.sees("notebook answers, on this computer.")
        person.says("/model nosuchprovider/nothing")
        person.sees("error:", times=2)
        person.says("/retry notebook")
        person.sees_prompt()
        person.quits()
    assert len([seen for seen in openai_server.requests if "jasmine" in str(seen.messages[-1])]) >= 2


def test_where_the_words_go_is_always_seen(openai_server: Server) -> None:
    """The bottom line names the model and the computer or host it runs on."""
    with chat_with(openai_server) as person:
        person.sees("openai/test-model on this computer")
        person.sees("remembering")
        person.sees_prompt()
        person.says("/incognito")
        person.sees("openai/test-model on this computer · incognito")
    with chat_with(openai_server, "--incognito", columns=40) as person:
        person.sees("openai/t… on this computer · incognito")


def test_what_was_looked_up_or_learned_is_told_and_reasoning_is_one_dim_line_that_goes(openai_server: Server) -> None:
    """`from memory: ...` below the reply, /why says what it was; the remember tool's note has its line and its undo.

    Reasoning stands in for the words until they come, and is kept nowhere.
    """
    call = Tool("remember", '{"field": "note", "text": "likes mint", "quote": "I like mint"}')
    openai_server.script(
        Reply(text="Jasmine it is."),
        Reply(tools=(Tool("recall", '{"query": "jasmine tea"}'),)),
        Reply(text="You do."),
        Reply(tools=(call,)),
        Reply(text="Noted."),
        Reply(text="Four.", reasoning="two and two makes", delay=0.3),
    )
    with chat_with(openai_server) as person:
        person.sees_prompt()
        person.says("I like jasmine tea best")
        person.sees_prompt(after="Jasmine it is.")
        person.says("/new")
        person.sees("begins with your next message")
        person.says("Do I like tea?")
        person.sees_prompt(after="from memory: s1.1")
        person.says("/why")
        person.sees_prompt(after="> /why\n\n")
        assert "jasmine" in person.text.rpartition("> /why\n")[2]
        person.says("I like mint")
        person.sees_prompt(after="/undo m1")
        assert "+ m1  likes mint" in person.text
        assert "thinking" not in person.raw
        person.says("2+2?")
        person.sees_prompt(after="Four.")
        assert "thinking ..." in person.raw  # it may be gone before anybody looks
        assert "thinking" not in person.text
        assert "two and two" not in person.text
        person.quits()


def test_plain_shows_the_same_text_and_steers_nothing(openai_server: Server) -> None:
    """`--plain`: what the scrollback would hold (tests/e2e/test_reply_recordings.py), without a single sequence.

    A line typed during a reply is the next message: one Enter is enough, also where each Enter sends a line.
    """
    long = Reply(text="word " * 40 + "finis", delay=0.05)
    openai_server.script(Reply(text="# Title\n\n- **one**\n"), long, Reply(text="Second answer."))
    with chat_with(openai_server, "--plain") as person:
        person.sees("leaves.\n\n>")
        person.types("Go\n")
        person.sees("  Title\n\n  - one\n\n")
        person.sees("assumed. Set window under [providers.openai].\n\n>")  # the server says nothing of it
        person.types("Count for me\r")
        person.sees("word word")
        person.types("And then?\r")
        person.sees("Second answer.")
        person.sees("\n>", times=4)
        person.quits()
        assert "\x1b" not in person.raw


# As `python -m memchat`, but a folder comes before all others that libraries are found in.
START = """\
import runpy, sys
sys.path.insert(1, {folder!r})
sys.argv = ["memchat"]
runpy.run_module("memchat", run_name="__main__")
"""


@pytest.fixture
def loading(openai_server: Server, tmp_path: Path) -> Iterator[Terminal]:
    """A chat whose library is being loaded, and goes on being loaded."""
    (tmp_path / "litellm.py").write_text(ENDLESS, "utf-8")
    begun = tmp_path / "begun"
    env = {**with_server(openai_server), "BEGUN": str(begun)}
    start = START.format(folder=str(tmp_path))
    with Terminal([sys.executable, "-c", start], env=env) as person:
        person.waits(begun.exists, "the library was not asked for")
        person.sees_prompt()
        yield person


def test_what_is_typed_shows_while_the_library_loads_and_leaving_does_not_wait_for_it(loading: Terminal) -> None:
    """Each key is drawn before the next is pressed; how fast, `tests.benchmarks.speed` measures.

    Ctrl-D on an empty line: what is no longer needed is dropped, and nothing is printed.
    """
    typed = ""
    for letter in "the quick brown fox":
        typed += letter
        loading.types(letter)
        loading.sees(f"> {typed}".rstrip())
    loading.presses("ctrl-u")
    loading.sees_prompt()
    loading.quits()
    assert "Error" not in loading.raw
    assert "Traceback" not in loading.raw

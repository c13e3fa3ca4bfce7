"""Replies as a person sees them come, from a server on loopback: long ones, stopped ones, failed ones."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from memchat.cli.keyboard import TWICE
from memchat.domain import MessageStatus

from tests.e2e.running import ROOT
from tests.e2e.terminal import PATIENCE, Terminal, chat, kept
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


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), (24, 40), (24, 20)])
def test_a_long_reply_stands_once_in_the_scrollback(openai_server: Server, rows: int, columns: int) -> None:
    """Streamed in small pieces on a small screen: each line is there once, and none of the marks."""
    pieces = tuple(LONG[start : start + 7] for start in range(0, len(LONG), 7))
    openai_server.script(Reply(pieces=pieces, delay=0.002))
    with chat_with(openai_server, rows=rows, columns=columns) as person:
        person.sees_prompt()
        person.says("Tell me all of it")
        person.sees_prompt(after="finis")
        lines = person.everything
        squeezed = "".join("".join(line.split()) for line in lines)
        for once in ("Alongreply", "thesecond", "itembeta", "defcount", "這樣才好讀", "finis"):
            assert squeezed.count(once) == 1, once
        for number in range(40):
            assert squeezed.count(f"row_{number:02}={number}") == 1
        assert "**" not in squeezed
        assert "```" not in squeezed
        assert all(len(line) <= columns for line in lines)


def test_ctrl_c_keeps_the_part_that_came_and_the_chat_goes_on(openai_server: Server) -> None:
    """The words stay on the screen and in the database; the next message is answered."""
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
        person.quits()
    store = kept()
    first, second = store.transcripts.turns(1)
    assert first.messages[-1].status is MessageStatus.INTERRUPTED
    assert first.reply.startswith("word word")
    assert second.reply == "Here I am again."
    store.close()


def test_ctrl_c_stops_waiting_for_a_server_that_says_nothing(openai_server: Server) -> None:
    """Before the first word as well; the dim line that waited is gone. The server would wait longer than we do."""
    openai_server.script(Reply(text="Too late.", wait=2 * PATIENCE))
    with chat_with(openai_server) as person:
        person.sees_prompt()
        person.says("Are you there?")
        person.sees("waiting for openai/test-model ...")
        person.waits(lambda: bool(openai_server.requests), "no request came")
        person.presses("ctrl-c")
        person.sees("Stopped.")
        person.sees_prompt()
        assert "waiting for" not in person.text
        assert "What came" not in person.text


def test_ctrl_c_twice_during_a_reply_leaves(openai_server: Server) -> None:
    """Stop, and go; what came is kept all the same."""
    openai_server.script(Reply(text="word " * 500, delay=0.05))
    with chat_with(openai_server) as person:
        person.sees_prompt()
        person.says("Count for me")
        person.sees("word word")
        began = time.monotonic()
        person.presses("ctrl-c")
        person.sees("Stopped")
        person.presses("ctrl-c")
        person.waits(lambda: "Ctrl-C again leaves" in person.text or not person.process.isalive(), "nothing happened")
        if person.process.isalive() and "Ctrl-C again leaves" in person.text:
            # On a computer so slow that the second came too late it is a first one again.
            assert time.monotonic() - began > TWICE
            person.presses("ctrl-c", "ctrl-c")
        assert person.leaves() == 0
    store = kept()
    assert store.transcripts.turns(1)[0].reply.startswith("word word")
    store.close()


def test_what_is_typed_during_a_reply_waits_for_the_prompt(openai_server: Server) -> None:
    """It stands in a line of its own below the words; then in the input line, and Enter sent it."""
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


def test_a_line_typed_to_plain_input_during_a_reply_is_the_next_message(openai_server: Server) -> None:
    """One Enter is enough, also where each Enter sends a line."""
    openai_server.script(Reply(text="word " * 40 + "finis", delay=0.05), Reply(text="Second answer."))
    with chat_with(openai_server, TERM="dumb") as person:
        person.sees("line.\n>")
        person.types("Count for me\r")
        person.sees("word word")
        person.types("And then?\r")
        person.sees("Second answer.")
        person.sees("\n>", times=3)
        person.presses("ctrl-d")
        assert person.leaves() == 0


def test_an_error_does_not_end_the_chat(openai_server: Server) -> None:
    """Two lines, the message is safe, /retry sends it again; another model answers as well."""
    openai_server.answer = lambda _: Fault(401, b'{"error": {"message": "bad key"}}')
    with chat_with(openai_server) as person:
        person.sees_prompt()
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


def test_a_retry_names_the_model_it_waits_for(openai_server: Server) -> None:
    """While it waits: the one that was asked for, not the one that answered before."""
    openai_server.script(Reply(text="First."), Reply(text="Too late.", wait=2 * PATIENCE))
    with chat_with(openai_server) as person:
        person.sees_prompt()
        person.says("Hello")
        person.sees_prompt(after="First.")
        person.says("/retry openai/other-model")
        person.sees("waiting for openai/other-model ...")
        person.waits(lambda: len(openai_server.requests) == 2, "no request came")
        person.presses("ctrl-c")
        person.sees("Stopped.")


def test_reasoning_is_one_dim_line_that_goes(openai_server: Server) -> None:
    """It stands in for the words until they come, and is kept nowhere."""
    openai_server.script(Reply(text="Four.", reasoning="two and two makes", delay=0.3))
    with chat_with(openai_server) as person:
        person.sees_prompt()
        person.says("2+2?")
        person.sees_prompt(after="Four.")
        assert "thinking ..." in person.raw  # it may be gone before anybody looks
        assert "thinking" not in person.text
        assert "two and two" not in person.text


def test_what_a_tool_learned_is_told(openai_server: Server) -> None:
    """The remember tool's note has its line and its undo."""
    call = Tool("remember", '{"field": "note", "text": "likes jasmine tea", "quote": "I like jasmine tea"}')
    openai_server.script(Reply(tools=(call,)), Reply(text="Noted."))
    with chat_with(openai_server) as person:
        person.sees_prompt()
        person.says("I like jasmine tea")
        person.sees_prompt(after="/undo m1")
        assert "+ m1  likes jasmine tea" in person.text


def test_what_was_looked_up_is_named_and_explained(openai_server: Server) -> None:
    """`from memory: ...` below the reply, /why says what it was."""
    openai_server.script(
        Reply(text="Jasmine it is."), Reply(tools=(Tool("recall", '{"query": "jasmine tea"}'),)), Reply(text="You do.")
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
        person.quits()


def test_plain_shows_the_same_text_and_steers_nothing(openai_server: Server) -> None:
    """`--plain`: what the scrollback would hold (tests/e2e/test_reply_recordings.py), without a single sequence."""
    openai_server.script(Reply(text="# Title\n\n- **one**\n"))
    with chat_with(openai_server, "--plain") as person:
        person.sees("leaves.\n\n>")
        person.types("Go\n")
        person.sees("  Title\n\n  - one\n\n")
        person.sees("assumed. Set window under [providers.openai].\n\n>")  # the server says nothing of it
        person.quits()
        assert "\x1b" not in person.raw


@pytest.fixture
def loading(openai_server: Server, tmp_path: Path) -> Iterator[Terminal]:
    """A chat whose library is being loaded, and goes on being loaded."""
    (tmp_path / "litellm.py").write_text(ENDLESS, "utf-8")
    begun = tmp_path / "begun"
    with chat_with(openai_server, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}", BEGUN=str(begun)) as person:
        person.waits(begun.exists, "the library was not asked for")
        person.sees_prompt()
        yield person


def test_what_is_typed_shows_while_the_library_loads(loading: Terminal) -> None:
    """Each key is drawn before the next is pressed; how fast, `tests.benchmarks.speed` measures."""
    typed = ""
    for letter in "the quick brown fox":
        typed += letter
        loading.types(letter)
        loading.sees(f"> {typed}".rstrip())


def test_leaving_does_not_wait_for_the_library(loading: Terminal) -> None:
    """Ctrl-D right after the prompt: what is no longer needed is dropped, and nothing is printed."""
    loading.quits()
    assert "Error" not in loading.raw
    assert "Traceback" not in loading.raw

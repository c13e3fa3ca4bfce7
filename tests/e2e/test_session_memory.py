"""Session memory as a person sees it: what was left is summed up, told of at the next start, and gone on with."""

import json
import signal
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime

import pytest
from memchat.bootstrap import App, ChatRequest
from memchat.chat.consolidating import Fate
from memchat.domain import JobStatus, Session

from tests.builders import add_turn
from tests.conftest import FrozenClock
from tests.e2e.conversing import an_app, say
from tests.e2e.forking import Forked, forked
from tests.e2e.running import PATIENCE, seen_within, with_server
from tests.e2e.terminal import Terminal, chat, kept
from tests.servers.openai_server import Server
from tests.servers.replies import Answer, Body, Reply

WAITING = "Summing up this conversation ...   Ctrl-C skips"
TALK = (
    ("I work as a baker and need a price list.", "What do you sell?"),
    ("Rye and wheat. I treat children to rolls.", "Rye 4, wheat 3."),
    ("Good. Ines must see it first.", "Tell her, then print it."),
)


def findings(**more: object) -> str:
    """What a model makes of the talk: one fact that is proved by its quote, and one that is not."""
    facts = [
        {"op": "add", "target": None, "field": "occupation", "text": "baker", "turn": 1},
        {"op": "add", "target": None, "field": "note", "text": "is generous to young customers", "turn": 2},
    ]
    quotes = ["I work as a baker", "I treat children to rolls"]
    rest = {"importance": 6, "lasting": True}
    found: dict[str, object] = {
        "title": "The bakery's price list",
        "summary": "Wanted: a price list.\nResolved: rye 4, wheat 3.\nPending: tell Ines about the list.",
        "topics": ["prices"],
        "facts": [{**fact, "quote": quote, **rest} for fact, quote in zip(facts, quotes, strict=True)],
    }
    return json.dumps(found | more)


def says(person: Terminal, words: str, reply: str) -> None:
    """Say it, and wait for the reply and the next prompt."""
    person.says(words)
    person.sees_prompt(after=reply)


def session(number: int = 1) -> Session:
    """A conversation as it is in the database now."""
    with closing(kept()) as store:
        return store.transcripts.session(number)


def summed_up(number: int = 1) -> bool:
    """Whether every turn of it is in its summary."""
    now = session(number)
    return bool(now.summary) and now.mark == now.leaf


@pytest.fixture
def env(openai_server: Server) -> dict[str, str]:
    """The loopback server answers, and sums up as `findings`."""
    openai_server.consolidation = findings()
    return with_server(openai_server)


def talked(server: Server, env: dict[str, str]) -> None:
    """A chat of three turns that was left, and is summed up."""
    server.script(*(Reply(reply) for _, reply in TALK))
    with an_app(env, FrozenClock(datetime.now(UTC))) as app:
        with closing(app.open_chat(ChatRequest())) as engine:
            assert [say(engine, words) for words, _ in TALK] == [reply for _, reply in TALK]
        consolidated(app)
    assert summed_up()
    assert len(server.consolidations) == 1


def consolidated(app: App) -> None:
    """What the next start does in the background."""
    app.store.jobs.enqueue_left(1, app.clock.now())
    app.store.jobs.sweep(app.owner, app.clock.now())
    (done,) = app.consolidator(app.store).run_pending()
    assert done.fate is Fate.DONE


def test_the_notebook_sums_up_too() -> None:
    """Without a key and without a network."""
    with chat() as person:
        person.sees_prompt()
        person.says("Please plan the trip to Porto")
        person.sees_prompt(after="Porto\n\n")
        person.quits()
    assert summed_up()
    assert "Porto" in session().summary


def test_nobody_waits_longer_than_five_seconds(openai_server: Server, env: dict[str, str]) -> None:
    """A model that does not answer keeps nobody: the work stays for the next start."""
    openai_server.consolidation = Reply(findings(), wait=PATIENCE)
    openai_server.script(Reply(TALK[0][1]))
    with chat(env=env) as person:
        person.sees_prompt()
        says(person, *TALK[0])
        person.presses("ctrl-d")
        person.sees(WAITING)
        assert person.leaves() == 0
    with closing(kept()) as store:
        (job,) = store.jobs.listing()
    assert job.status is JobStatus.WAITING


def test_the_next_start_tells_what_was_and_what_was_learned(openai_server: Server, env: dict[str, str]) -> None:
    """What is pending, how much is new, the list of it; once listed it is not told again."""
    talked(openai_server, env)
    with chat() as person:
        person.sees("Since last time: 1 learned (m1), 1 waits for you.")
        person.sees("Last time: The bakery's price list; pending: tell Ines about the list.")
        person.sees_prompt()
        person.says("/memory new")
        person.sees_prompt(after="Right or wrong?  /review")
        assert "occupation: baker" in person.text
        assert "s1.1" in person.text
        assert '"I treat children to rolls"' in person.text
        person.quits()
    with chat() as person:
        person.sees("Last time:")
        person.sees_prompt()
        assert "Since" not in person.text
        person.says("/memory new")
        person.sees("1 waits for you")
        person.sees_prompt()
        assert "occupation" not in person.text
        person.quits()


def test_it_is_gone_on_with_from_what_was_pending(openai_server: Server, env: dict[str, str]) -> None:
    """-c and /resume show the title, what was pending, and the newest turn."""
    talked(openai_server, env)
    for arguments in (("-c",), ("--session", "s1")):
        with chat(*arguments) as person:
            person.sees("s1  The bakery's price list, 3 turns")
            person.sees("pending: tell Ines about the list.")
            person.sees("> Good. Ines must see it first.")
            person.sees_prompt()
            person.quits()
    with chat() as person:
        person.sees_prompt()
        person.says("/resume s1")
        person.sees_prompt(after="Tell her, then print it.")
        person.sees("pending: tell Ines about the list.", times=2)
        person.quits()
    assert len(openai_server.consolidations) == 1
    with closing(kept()) as store:
        assert store.jobs.listing() == []


def test_a_chat_that_ended_in_the_middle_goes_on(openai_server: Server, env: dict[str, str]) -> None:
    """Killed, or its window closed: word for word after -c, on the screen and for the model.

    When it is left it is summed up: one call for its three turns; title, summary and topics are there when the shell
    is back.
    """
    openai_server.script(*(Reply(reply) for _, reply in TALK))
    with forked("tests.e2e.chatting", env=env) as process:
        assert process.out.readline() == "ready\n"
        tell(process, *TALK[0])
        process.kill()
        assert process.wait() == -signal.SIGKILL
    assert not summed_up()
    with chat("-c", env=env) as person:
        person.sees("1 turn")
        person.sees(f"> {TALK[0][0]}")
        person.sees(TALK[0][1])
        person.sees_prompt()
        says(person, *TALK[1])
        person.process.kill(signal.SIGHUP)
        assert person.leaves() == 128 + signal.SIGHUP  # whoever can be told leaves by himself, as a shell would say it
    assert not summed_up()
    with chat("-c", env=env) as person:
        person.sees("2 turns")
        person.sees(f"> {TALK[1][0]}")
        person.sees(TALK[1][1])
        person.sees_prompt()
        says(person, *TALK[2])
        person.quits()
    sent = [message["content"] for message in openai_server.requests[-1].messages]
    assert all(words in sent and reply in sent for words, reply in TALK[:2])
    with closing(kept()) as store:
        assert [(turn.user.text, turn.reply) for turn in store.transcripts.turns(1)] == list(TALK)
    assert summed_up()
    now = session()
    assert now.title == "The bakery's price list"
    assert now.topics == ("prices",)
    assert "Pending: tell Ines" in now.summary
    assert len(openai_server.consolidations) == 1


def tell(process: Forked, words: str, reply: str) -> None:
    """Say it to a chat without a screen."""
    process.into.write(f"{words}\n")
    process.into.flush()
    assert process.out.readline() == f"done {reply}\n"


def test_a_chat_that_was_killed_is_summed_up_by_the_next(openai_server: Server, env: dict[str, str]) -> None:
    """While that one is open; what was learned has its receipt above the next prompt, once."""
    openai_server.script(*(Reply(reply) for _, reply in TALK))
    with forked("tests.e2e.chatting", env=env) as process:
        assert process.out.readline() == "ready\n"
        for words, reply in TALK[:2]:
            tell(process, words, reply)
        process.kill()
        assert process.wait() == -signal.SIGKILL
    with chat(env=env) as person:
        person.sees_prompt()
        assert seen_within(PATIENCE, summed_up)
        person.says("/model")
        person.sees("+ m1  occupation: baker")
        person.sees("m2 waits for you: is generous to young customers")
        person.sees_prompt(after="/review")
        person.says("/model")
        person.sees_prompt(after="test answers, on this computer.")
        assert person.text.count("occupation: baker") == 1
        person.quits()
    with chat() as person:
        person.sees_prompt()
        assert "Since" not in person.text


def test_fifty_conversations_do_not_stand_before_the_prompt(env: dict[str, str], openai_server: Server) -> None:
    """Until it is drawn nobody even looks for work: not a module of it is loaded, no job exists."""
    with closing(kept()) as store:
        for number in range(50):
            add_turn(store, f"Please plan trip {number}")
    with Terminal([sys.executable, "-X", "importtime", "-m", "memchat"], env=env) as person:
        person.waits(lambda: bool(person.screen) and "memchat.chat.background" in person.raw, "no worker began")
        raw = person.raw
    welcomed = raw.index("/help shows what else there is")
    drawn = raw.index("> ", welcomed)
    begun = raw.index("memchat.chat.background")
    assert welcomed < drawn < begun
    for later in ("memchat.chat.consolidating", "memchat.cli.news", "litellm"):
        assert later not in raw[:drawn].replace("memchat.llm.litellm_model", "")


def test_a_reply_comes_before_all_that_waits_and_who_will_not_wait_presses_ctrl_c(
    env: dict[str, str], openai_server: Server
) -> None:
    """A server on this computer answers one at a time: what it sums up gives way to whoever speaks to it.

    Whoever leaves meanwhile sees one dim line when it takes a while; Ctrl-C ends it well, the call too, and the next
    start does it.
    """
    under_way = threading.Event()

    def hang(body: Body) -> Answer:
        del body
        under_way.set()
        return Reply(findings(), wait=PATIENCE)

    with closing(kept()) as store:
        for number in range(50):
            add_turn(store, f"Please plan trip {number}")
            store.transcripts.set_model(number + 1, "openai/test", openai_server.address)
    openai_server.consolidation = hang
    openai_server.script(Reply("At seven."))
    with chat(env=env) as person:
        person.sees_prompt()
        assert under_way.wait(PATIENCE)
        says(person, "When do you open?", "At seven.")
        assert openai_server.consolidations[0].left.wait(PATIENCE)
        person.presses("ctrl-d")
        person.sees(WAITING)
        assert seen_within(PATIENCE, lambda: len(openai_server.consolidations) > 1)
        person.presses("ctrl-c")
        assert person.leaves() == 0
        assert "error" not in person.text
        assert "Traceback" not in person.text
    assert all(call.left.wait(PATIENCE) for call in openai_server.consolidations)
    assert not any(summed_up(number) for number in range(1, 52))
    openai_server.consolidation = findings()
    with an_app(env, FrozenClock(datetime.now(UTC))) as app:
        app.store.jobs.sweep(app.owner, app.clock.now())
        assert app.consolidator(app.store).run_pending()
    assert summed_up(51)

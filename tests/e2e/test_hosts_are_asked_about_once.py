"""What was learned on this computer goes to another one only after one question for that host, whoever would send it.

The other computers are names that only a proxy on loopback knows: no word leaves this one.
"""

import os
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from memchat import config
from memchat.store.connection import open_store

from tests.builders import add_note, add_turn
from tests.e2e.plain_terminal import plainly
from tests.e2e.running import NOTEBOOK, Done, fails, here, memchat, with_server
from tests.e2e.terminal import Terminal, chat, kept
from tests.servers.openai_server import Server

FAR, FARTHER = "api.example.test", "other.example.test"
QUESTION = f"Show it to {FAR}? [y/n]"
Run = Callable[..., Done]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX")


def far(server: Server, host: str = FAR, **more: str) -> dict[str, str]:
    """The environment in which a model on another computer answers."""
    return with_server(
        server, OPENAI_BASE_URL=f"http://{host}/v1", HTTP_PROXY=server.address, http_proxy=server.address, **more
    )


@pytest.fixture(autouse=True)
def _by_proxy(openai_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """litellm looks for it in the environment of its process, here this one, and keeps the connection for later."""
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, openai_server.address)
    if loaded := sys.modules.get("litellm"):
        loaded.in_memory_llm_clients_cache.flush_cache()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """memchat in this process, with which nobody can talk."""
    return lambda *words, env=NOTEBOOK: here(capsys, *words, env=env)


@pytest.fixture
def ask(run: Run, openai_server: Server) -> Run:
    """The same, a question to the far model."""
    return lambda *words, **more: run("ask", *words, env=far(openai_server, **more))


@pytest.fixture
def known(home: Path) -> Path:
    """A home in which the notebook has learned something, in a conversation of its own."""
    with closing(kept()) as store:
        add_turn(store, "I live in Porto")
        add_note(store, "Porto", field="location")
    return home


def written() -> tuple[str, ...]:
    """The answers in the file."""
    return config.load(config.paths(os.environ), {}).privacy.memory_hosts


def told(server: Server) -> list[bool]:
    """Of each request whether it held what is known."""
    return [b"Porto" in seen.raw for seen in (*server.requests, *server.consolidations)]


def flat(text: str) -> str:
    """Without the line ends that its terminal's edge made."""
    return " ".join(text.split())


def answers(person: Terminal, words: str) -> None:
    """Type a line after a question that is no prompt of the chat's."""
    person.types(words)
    person.presses("enter")


@pytest.mark.parametrize("yes", ["好"])
def test_yes_is_asked_for_once_and_written_down(known: Path, openai_server: Server, ask: Run, yes: str) -> None:
    """The next chat, and scripts, go on without a question."""
    del known
    with chat(env=far(openai_server), model="openai/test") as person:
        person.sees(QUESTION)
        assert f"{FAR} would be sent what memchat keeps on this computer" in person.text
        answers(person, yes)
        person.says("Where do I live?")
        person.sees_prompt(after="You said: Where")
        person.quits()
    assert written() == (FAR,)
    again = plainly(env=far(openai_server))
    assert (again.code, "Write something" in again.err, "[y/n]" in again.out + again.err) == (0, True, False), again
    assert "allowed" not in ask("Where do I live?").err
    assert told(openai_server)[0]
    assert told(openai_server)[-1]


@pytest.mark.parametrize("no", ["n"])
def test_no_leaves_memory_here_and_is_not_asked_again(known: Path, openai_server: Server, no: str) -> None:
    """The chat is held all the same, saved, and nothing is learned from it; each start says so in a line."""
    del known
    with chat(env=far(openai_server), model="openai/test") as person:
        person.sees(QUESTION)
        answers(person, no)
        person.says("Where do I live?")
        person.sees_prompt(after="You said: Where")
        person.sees("conversations only")
        person.quits()
    assert written() == (f"not {FAR}",)
    again = plainly(env=far(openai_server))
    assert f"{FAR} may not see what is kept on this computer." in flat(again.out + again.err)
    assert "[y/n]" not in again.out + again.err
    assert not any(told(openai_server))
    with closing(kept()) as store:
        assert [turn.user.text for turn in store.transcripts.turns(2)] == ["Where do I live?"]
        assert not store.transcripts.session(2).learn


def test_a_sentence_at_the_question_is_no_answer_and_stands_at_the_first_prompt(
    known: Path, openai_server: Server
) -> None:
    """Enter is none either."""
    del known
    with chat(env=far(openai_server), model="openai/test") as person:
        person.sees(QUESTION)
        answers(person, "")
        person.sees("Please answer y or n.")
        answers(person, "What is a burst?")
        person.sees("Please answer y or n.", times=2)
        answers(person, "y")
        person.sees("> What is a burst?")
        person.presses("ctrl-u")
        person.quits()
    assert openai_server.requests == []


@pytest.mark.parametrize(("key", "code"), [("ctrl-c", 130), ("ctrl-d", 7)])
def test_leaving_at_the_question_writes_and_sends_nothing(
    known: Path, openai_server: Server, key: str, code: int
) -> None:
    """It is asked again the next time."""
    for words in ([], ["ask", "Where do I live?"]):
        with chat(*words, env=far(openai_server), model="openai/test") as person:
            person.sees(QUESTION)
            person.presses(key)
            assert person.leaves() == code
    assert not (known / "config.toml").exists()
    assert openai_server.requests == []


def test_without_a_terminal_memory_is_left_out_and_a_line_says_how_to_allow_it(
    known: Path, openai_server: Server, run: Run
) -> None:
    """The answer comes; what was said is kept, and learned from once that is allowed."""
    del known
    done = memchat("ask", "Where do I live? I work as a nurse.", env=far(openai_server))
    assert (done.code, done.out) == (0, "You said: Where do I live? I work as a nurse.\n")
    assert f"{FAR} has not been allowed to see" in done.err
    assert f"MEMCHAT_PRIVACY__MEMORY_HOSTS={FAR}" in done.err
    assert not any(told(openai_server))
    assert openai_server.consolidations == []
    learned = run("memory", "learn", env=far(openai_server))
    assert learned.code == 1
    assert "has not been allowed to see" in learned.out
    assert openai_server.consolidations == []
    assert run("memory", "learn", env=far(openai_server, MEMCHAT_PRIVACY__MEMORY_HOSTS=FAR)).code == 0
    assert openai_server.consolidations


def test_with_json_the_line_is_a_notice_beside_the_document(known: Path, ask: Run) -> None:
    """And an error stands alone."""
    del known
    done = ask("--json", "Where do I live?")
    assert done.json["memories"] == []
    assert "has not been allowed" in done.err
    error = ask("--json", "--session", "s1", "Where do I live?").error
    assert (error["code"], error["exit"]) == ("refused", 7)


def test_a_conversation_does_not_move_without_a_word(known: Path, openai_server: Server, ask: Run) -> None:
    """-c and --session with another model: exit 7 where nobody can be asked, else the same question."""
    del known
    for resumed in (["-c"], ["--session", "s1"]):
        fails(ask(*resumed, "Where do I live?"), 7, "went elsewhere so far", FAR)
    asked = plainly("--session", "s1", typed=("n",), env=far(openai_server))
    assert (asked.code, QUESTION in asked.err) == (7, True), asked
    assert openai_server.requests == []
    with closing(kept()) as store:
        assert len(store.transcripts.turns(1)) == 1


def test_another_model_in_the_middle_of_a_chat_is_asked_about(known: Path, openai_server: Server) -> None:
    """No: nothing changes, and nothing goes there; yes: it answers."""
    del known
    line = "/model openai/test"
    with chat(env=far(openai_server, MEMCHAT_MODEL="notebook")) as person:
        person.says("Where do I live?")
        person.sees_prompt(after="Porto")
        person.says(line)
        person.sees(QUESTION)
        answers(person, "what?")
        person.sees_prompt(after="That was neither yes nor no.")
        person.says(line)
        person.sees(QUESTION, times=2)
        person.presses("ctrl-c")
        person.sees("That was neither yes nor no.", times=2)
        person.sees_prompt()
        assert "notebook on this computer" in person.text
        assert openai_server.requests == []
        person.says(line)
        person.sees(QUESTION, times=3)
        answers(person, "y")
        person.sees_prompt(after="Written down.")
        person.says("And where is that?")
        person.sees_prompt(after="You said: And where")
        person.quits()
    assert written() == (FAR,)


def test_another_model_for_one_reply_is_asked_about_too(known: Path, openai_server: Server) -> None:
    """/retry with its name: the same, and it answers only what comes after the yes."""
    del known
    line = "/retry openai/test"
    env = far(openai_server, MEMCHAT_MODEL="notebook")
    refused = plainly(typed=("Where do I live?", line, "what?", line, "^C", "/model"), env=env)
    assert "Porto" in refused.out
    assert "notebook answers, on this computer." in refused.out
    assert refused.err.count(QUESTION) == refused.err.count("That was neither yes nor no.") == 2
    assert openai_server.requests == []
    assert written() == ()
    agreed = plainly("-c", typed=(line, "y", "And where is that?"), env=env)
    assert agreed.err.count(QUESTION) == 1
    assert "Written down." in agreed.err
    assert "You said: And where" in agreed.out
    assert written() == (FAR,)


def test_a_no_within_a_chat_holds_for_the_next_time(known: Path, openai_server: Server) -> None:
    """It is told without a question then."""
    del known
    with chat(env=far(openai_server, MEMCHAT_MODEL="notebook")) as person:
        person.says("/model openai/test")
        person.sees(QUESTION)
        answers(person, "n")
        person.sees_prompt(after=f"Nothing has changed: {FAR} may not see")
        person.says("/model openai/test")
        person.sees_prompt(after="the configuration write")
        assert person.text.count("[y/n]") == 1
        person.says("Hello there")
        person.sees_prompt(after="notebook on this computer")
        person.quits()
    assert openai_server.requests == []


def test_resuming_within_a_chat_is_asked_about_too(known: Path, openai_server: Server) -> None:
    """A host that may not see memory holds a chat without; another conversation does not come to it by /resume."""
    del known
    env = far(openai_server, MEMCHAT_PRIVACY__MEMORY_HOSTS=f"not {FAR}")
    talk = plainly(typed=("/resume s1", "Hello there"), env=env)
    assert "This conversation went elsewhere so far" in flat(talk.err)
    assert "You said: Hello there" in talk.out
    assert not any(told(openai_server))


def test_who_answers_from_the_first_day_is_not_asked_about(
    home: Path, openai_server: Server, run: Run, ask: Run
) -> None:
    """It was told all of it already: scripts that know one provider never meet the question."""
    del home
    for text in ("My name is Alice.", "What is my name?"):
        assert "allowed" not in ask(text).err
    assert "allowed" not in ask("-c", "Still there?").err
    assert run("memory", "learn", env=far(openai_server)).code == 0
    elsewhere = run("ask", "What is my name?", env=far(openai_server, FARTHER))
    assert f"{FARTHER} has not been allowed" in elsewhere.err
    assert b"Alice" not in openai_server.requests[-1].raw
    assert run("memory", "add", "likes jasmine tea").code == 0  # by hand: nobody else knows that
    assert "has not been allowed" in ask("What do I like?").err
    assert b"jasmine" not in openai_server.requests[-1].raw


def test_a_model_for_memory_elsewhere_is_asked_about_before_it_learns(
    known: Path, openai_server: Server, run: Run
) -> None:
    """`memory_name` names it; the chat is with the notebook. Until then what was said waits."""
    del known
    env = far(openai_server, MEMCHAT_MODEL="notebook", MEMCHAT_MODEL__MEMORY_NAME="openai/test")
    assert run("ask", "I work as a nurse.", env=env).code == 0
    learned = run("memory", "learn", env=env)
    assert (learned.code, openai_server.consolidations) == (1, [])
    assert "has not been allowed to see" in learned.out
    doctor = run("doctor", env=env)
    assert FAR in doctor.out
    assert QUESTION in plainly(typed=("y",), env=env).err
    assert written() == (FAR,)
    assert run("memory", "learn", env=env).code == 0
    assert openai_server.consolidations


def test_an_embedding_model_elsewhere_is_asked_about_before_it_gets_a_word(
    known: Path, openai_server: Server, run: Run
) -> None:
    """Until then words alone are searched, which is said."""
    del known
    env = far(openai_server, MEMCHAT_MODEL="notebook", MEMCHAT_RECALL__EMBEDDING="openai/far-embedding")
    for words in (["search", "Porto"], ["ask", "What did I say about Porto?"], ["doctor", "--reindex"]):
        run(*words, env=env)
    assert openai_server.others == []
    assert "has not been allowed to see" in run("search", "Porto", env=env).err
    talk = plainly(typed=("n", "What did I say about Porto?"), env=env)
    assert QUESTION in talk.err
    assert "may not see what is kept" in flat(talk.out + talk.err)
    assert "Porto" in talk.out
    assert openai_server.others == []
    run("doctor", "--reindex", env={**env, "MEMCHAT_PRIVACY__MEMORY_HOSTS": FAR})
    assert openai_server.others


def test_one_question_at_a_terminal_is_asked_about_too(known: Path, openai_server: Server) -> None:
    """Model and embedding model are one host here: one answer; with `--json` nobody is asked."""
    del known
    env = far(openai_server, MEMCHAT_RECALL__EMBEDDING="openai/far-embedding")
    silent = plainly("ask", "--json", "Where do I live?", env=env)
    assert (silent.code, "[y/n]" in silent.out + silent.err) == (0, False)
    asked = plainly("ask", "Where do I live?", typed=("ｙ",), env=env)
    assert (asked.code, QUESTION in asked.err) == (0, True), asked
    assert "You said: Where do I live?" in asked.out
    assert "of no use" not in asked.err
    assert (asked.out + asked.err).count("[y/n]") == 1
    assert written() == (FAR,)
    assert told(openai_server) == [False, True]


@pytest.mark.parametrize("mode", ["--incognito", "--stateless"])
def test_what_reads_no_memory_asks_nothing(known: Path, openai_server: Server, ask: Run, mode: str) -> None:
    """There is nothing that it could show."""
    del known
    done = ask(mode, "Where do I live?")
    assert (done.code, done.err) == (0, "")
    assert not any(told(openai_server))


def test_context_says_that_it_would_be_asked_and_asks_nothing(known: Path, openai_server: Server, run: Run) -> None:
    """It sends nothing, so it needs no answer."""
    del known
    done = run("context", "Where do I live?", env=far(openai_server))
    assert "Porto" in done.out
    assert f"Nothing goes to {FAR} before you were asked" in done.err
    shown = plainly("context", "Where do I live?", env=far(openai_server))
    assert (shown.code, "[y/n]" in shown.out + shown.err) == (0, False)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder in which nobody can write is needed")
def test_an_answer_that_cannot_be_written_holds_for_this_run(known: Path, openai_server: Server) -> None:
    """And that is told."""
    del known
    env = far(openai_server, MEMCHAT_CONFIG="/proc/memchat/config.toml")
    talk = plainly(typed=("y", "Where do I live?"), env=env)
    assert QUESTION in talk.err
    assert "The answer holds until you leave" in flat(talk.out + talk.err)
    assert "You said: Where" in talk.out
    assert told(openai_server)[0]


def test_each_conversation_and_message_records_where_it_went(known: Path, openai_server: Server, run: Run) -> None:
    """For /usage, and for the receipt of what was forgotten."""
    env = far(openai_server, MEMCHAT_PRIVACY__MEMORY_HOSTS=FAR)
    assert run("ask", "--session", "s1", "Where do I live?", env=env).code == 0
    with closing(open_store(known / "memchat.db")) as store:
        assert store.transcripts.session(1).host == FAR
        first, second = store.transcripts.turns(1)
        assert [first.user.host, second.user.host] == ["", FAR]

"""Conversations are summed up beside the chat and when it is left: within the process, with the notebook."""

import io
import json
import os
import threading
from collections.abc import Callable
from contextlib import closing, nullcontext
from datetime import timedelta

import apsw
import pytest
from memchat.bootstrap import App, ChatRequest, open_app
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts, Typing
from memchat.cli.line_editor import LineEditor
from memchat.cli.pasted import Line
from memchat.cli.prompt import PlainPrompt
from memchat.cli.repl import run
from memchat.cli.slash import find
from memchat.cli.slash_commands import COMMANDS
from memchat.cli.slash_commands import run as run_command
from memchat.cli.summing_up import SummingUp
from memchat.cli.terminal import Screen
from memchat.domain import INCOGNITO, NO_LEARN, JobStatus, Mode
from memchat.llm.scripted import ScriptedModel
from memchat.ports import ChatModel
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from tests.builders import add_note, add_turn
from tests.cli.screens import Keys
from tests.e2e.running import PATIENCE, seen_within

THREAD = "memchat-background"
NO_JOBS = "CREATE TRIGGER no_jobs BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'no room'); END"


def a_screen(typed: str = "", **acts: Callable[[], object]) -> Screen:
    """Plain input and output."""
    return Screen({"TERM": "dumb"}, stdin=Keys(typed, **acts), stdout=io.StringIO(), stderr=io.StringIO())


def told(screen: Screen) -> str:
    """Standard error."""
    assert isinstance(screen.stderr, io.StringIO)
    return screen.stderr.getvalue()


def beside(app: App, sql: str) -> None:
    """Another program changes the database, as soon as the worker has written what it is about to write."""
    with closing(apsw.Connection(str(app.paths.db))) as other:
        other.set_busy_timeout(int(PATIENCE * 1000))
        other.execute(sql)


def summaries(app: App) -> list[str]:
    """Of every conversation, the first one first."""
    return [session.summary for session in reversed(app.store.transcripts.sessions())]


def workers() -> list[str]:
    """Threads that work beside the chat."""
    return [thread.name for thread in threading.enumerate() if thread.name == THREAD]


def test_what_was_said_is_summed_up_at_leaving(app: App) -> None:
    """All of it, and the worker is gone with the chat."""
    screen = a_screen("Please plan the trip to Porto\n")
    assert run(app, ChatRequest(), screen) == 0
    (session,) = app.store.transcripts.sessions()
    assert "Porto" in session.summary
    assert session.mark == session.leaf
    assert workers() == []


def test_every_conversation_that_was_left_is_summed_up(app: App) -> None:
    """/new, /resume and /incognito leave one, too, and go on at once."""
    run(app, ChatRequest(), a_screen("Please plan the trip to Porto\n/new\nPlease find a good bakery\n"))
    assert ["Porto" in summaries(app)[0], "bakery" in summaries(app)[1]] == [True, True]
    run(app, ChatRequest(), a_screen("Please compare two printers\n/resume s1\nAnd pack a raincoat please\n"))
    assert "printers" in summaries(app)[1]
    first = app.store.transcripts.session(1)
    assert first.mark == first.leaf


def test_incognito_begins_at_once_and_the_worker_sums_up_what_was_before(app: App) -> None:
    """Nothing of what comes after is in it."""
    chat = Conversation(app, ChatRequest(), a_screen(), Interrupts())
    chat.say(Line("Please plan the trip to Porto"))
    chat.summing_up.begin()
    run_command(chat, find("incognito", COMMANDS), "")
    assert seen_within(PATIENCE, lambda: "Porto" in summaries(app)[0])
    chat.leave()
    chat.close()
    assert len(app.store.transcripts.sessions()) == 1


def test_nothing_new_is_not_summed_up_again(app: App) -> None:
    """A conversation that was only looked at leaves no work behind, and nobody waits."""
    run(app, ChatRequest(), a_screen("Please plan the trip to Porto\n"))
    run(app, ChatRequest(resume="s1"), a_screen())
    assert len(app.store.jobs.listing((JobStatus.DONE,))) == 1
    assert app.store.jobs.listing() == []


@pytest.mark.parametrize("mode", [NO_LEARN, INCOGNITO, None])
def test_where_nothing_is_learned_nothing_is_begun(
    app: App, monkeypatch: pytest.MonkeyPatch, mode: Mode | None
) -> None:
    """No worker, no job: not with --no-learn, not incognito, not where only conversations are kept."""
    add_turn(app.store, "Please plan the trip to Porto")
    if mode is None:
        monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "false")
    beside: list[str] = []
    with closing(open_app(os.environ)) as other:
        screen = a_screen("look\nHello there\nlook\n", look=lambda: beside.extend(workers()))
        run(other, ChatRequest(mode=mode), screen)
    assert beside == []
    assert app.store.jobs.listing(tuple(JobStatus)) == []


def test_the_worker_begins_when_the_first_prompt_is_there(app: App) -> None:
    """Not before, and once."""
    beside: list[list[str]] = [workers()]
    screen = a_screen("look\nHello there\nlook\n", look=lambda: beside.append(workers()))
    run(app, ChatRequest(), screen)
    assert beside == [[], [THREAD], [THREAD]]


def test_what_a_crash_left_is_summed_up_and_told_of(app: App) -> None:
    """The next chat does it; a line with the way back stands above the prompt that follows, once."""
    add_turn(app.store, "I work as a baker. Please plan the trip to Porto.")

    def wait() -> None:
        assert seen_within(PATIENCE, lambda: bool(summaries(app)[0]))

    screen = a_screen("wait\n/help\n/help\n", wait=wait)
    run(app, ChatRequest(), screen)
    assert told(screen).count("+ m1") == 1
    assert app.store.memories.untold() == []


def test_an_error_while_leaving_does_not_keep_anybody(app: App) -> None:
    """Two lines, and the chat ends as always; it is gone on with later."""
    add_turn(app.store)

    def fill() -> None:
        beside(app, NO_JOBS)

    screen = a_screen("Please plan the trip to Porto\nfill\n/new\nAnd another thing\n", fill=fill)
    assert run(app, ChatRequest(), screen) == 0
    assert told(screen).count("error: The database refused: no room") == 2
    assert app.store.transcripts.free(2, "elsewhere:1")


# What was learned beside the talk


def found(*facts: str) -> str:
    """A model's reply: a summary, and what was said as facts that quote it."""
    rest = {"op": "add", "target": None, "field": "note", "turn": 1, "importance": 6, "lasting": True}
    listed = [{**rest, "text": text, "quote": text} for text in facts]
    return json.dumps({"title": "Baking", "summary": "Wanted: bread.", "topics": [], "facts": listed})


class Scripted(App):
    """memchat whose memory model follows a script."""

    model_of_memory: ScriptedModel

    def memory_model(self, name: str, host: str) -> ChatModel:
        """The script's."""
        return self.model_of_memory


def scripted(app: App, *steps: str) -> Scripted:
    """The same memchat, with these replies to what is summed up."""
    made = Scripted(app.settings, app.paths, app.environ)
    made.model_of_memory = ScriptedModel(steps)
    return made


def test_who_leaves_waits_five_seconds_at_most_for_what_was_left_here(app: App) -> None:
    """Not for what others left: that is for the next start."""
    asked: list[tuple[float, list[int]]] = []

    class Patient:
        """A background that notes for what it is waited."""

        def __getattr__(self, name: str) -> Callable[..., object]:
            return lambda *_: nullcontext()

        def finish(self, seconds: float, sessions: list[int]) -> bool:
            asked.append((seconds, sessions))
            return True

    add_turn(app.store, "Left by a crash.")
    app.background = Patient  # type: ignore[method-assign, assignment]  # - a port of the chat's, watched
    run(app, ChatRequest(), a_screen("Please plan the trip to Porto\n/new\nPlease find a good bakery\n"))
    assert asked == [(5.0, [3, 2])]


def taken_in(app: App, session_id: int = 1) -> None:
    """Wait until that conversation is summed up."""
    assert seen_within(PATIENCE, lambda: app.store.transcripts.session(session_id).mark is not None)


def chatted(app: App, typed: str) -> str:
    """What a chat tells on standard error; `wait` waits until the first conversation is summed up."""
    screen = a_screen(typed, wait=lambda: taken_in(app))
    with closing(app):
        run(app, ChatRequest(), screen)
    return told(screen)


FACTS = [
    "I like rye bread",
    "I play the bass",
    "I like jasmine tea",
    "I play chess",
    "I collect stamps",
    "I ride a bicycle",
]


def test_receipts_stand_above_the_next_prompt_once(app: App) -> None:
    """Each with its way back; at the next start it is no news."""
    add_turn(app.store, ". ".join(FACTS[:2]))
    err = chatted(scripted(app, found(*FACTS[:2])), "wait\n/profile\n/profile\n")
    assert err.count("/undo m1") == err.count("/undo m2") == 1
    assert app.store.memories.untold() == []


def test_more_than_can_be_read_is_only_counted(app: App) -> None:
    """Once; all of it is in /memory new of that chat, and no news for the next."""
    add_turn(app.store, ". ".join(FACTS))
    screen = a_screen("wait\n/profile\n/profile\n/memory new\n/memory new\n", wait=lambda: taken_in(app))
    with closing(scripted(app, found(*FACTS))) as other:
        run(other, ChatRequest(), screen)
    assert told(screen).count("Meanwhile: 6 learned (m1 to m6).") == 1
    assert "/undo" not in told(screen)
    assert isinstance(screen.stdout, io.StringIO)
    assert screen.stdout.getvalue().count("likes rye bread") == 1
    assert app.store.memories.untold() == []


def test_what_the_start_has_counted_is_not_told_again(app: App) -> None:
    """Only what is newer has a receipt; neither is news at the next start."""
    add_turn(app.store, FACTS[0])
    chatted(scripted(app, found(FACTS[0])), "wait\n")
    assert [memory.text for memory in app.store.memories.untold()] == ["likes rye bread"]
    add_turn(app.store, FACTS[1])

    screen = a_screen("wait\n/profile\n/profile\n", wait=lambda: taken_in(app, 2))
    with closing(scripted(app, found(FACTS[1]))) as other:
        run(other, ChatRequest(), screen)
    assert ": 1 learned (m1)." in told(screen)  # since last time, or yesterday: the day may end meanwhile
    assert told(screen).count("/undo m2") == 1
    assert "/undo m1" not in told(screen)
    assert app.store.memories.untold() == []


def test_a_receipt_names_what_was_replaced(app: App) -> None:
    """And until when that held."""
    now = app.clock.now()
    add_note(app.store, "Berlin", field="location", at=now - timedelta(days=3))
    add_turn(app.store, "I live in Lisbon now", at=now)
    reply = json.loads(found("I live in Lisbon"))
    reply["facts"][0] |= {"field": "location", "text": "Lisbon"}
    err = chatted(scripted(app, json.dumps(reply)), "wait\n/profile\n")
    assert "+ m2  location: Lisbon" in err
    assert "m1  location: Berlin: until today" in err


def test_news_that_cannot_be_read_do_not_end_the_chat(app: App) -> None:
    """The trouble is told, and the next line is read."""
    add_turn(app.store, FACTS[0])

    def wait() -> None:
        assert seen_within(PATIENCE, lambda: app.store.transcripts.session(1).mark is not None)
        beside(app, "ALTER TABLE memories RENAME TO elsewhere")

    def back() -> None:
        beside(app, "ALTER TABLE elsewhere RENAME TO memories")

    screen = a_screen("wait\n/model\nback\n/model\n", wait=wait, back=back)
    with closing(scripted(app, found(FACTS[0]))) as other:
        assert run(other, ChatRequest(), screen) == 0
    assert told(screen).count("error:") == 1
    assert isinstance(screen.stdout, io.StringIO)
    assert screen.stdout.getvalue().count("notebook answers") == 2


def test_quiet_leaves_news_for_another_time(app: App) -> None:
    """What nobody is shown counts as told to nobody."""
    add_turn(app.store, FACTS[0])

    def wait() -> None:
        assert seen_within(PATIENCE, lambda: app.store.transcripts.session(1).mark is not None)

    screen = a_screen("wait\n/model\n", wait=wait)
    screen.quiet = True
    with closing(scripted(app, found(FACTS[0]))) as other:
        run(other, ChatRequest(), screen)
    assert "/undo" not in told(screen)
    assert len(app.store.memories.untold()) == 1


class Counting(SummingUp):
    """Counts the keys it is told of."""

    keys = 0

    def typed(self) -> None:
        """One more."""
        self.keys += 1


def pressed(chat: Conversation) -> bool:
    """Whether a key was pressed since the last look, as what waits for a pause knows."""
    before, chat.typing = chat.typing, Typing(chat.screen.stdin)
    return before._pressed_at > 0


def test_every_key_is_known_beside_the_chat(app: App) -> None:
    """Nothing is begun while somebody types; the plain prompt knows of whole lines."""
    chat = Conversation(app, ChatRequest(), a_screen("hello\n"), Interrupts())
    chat.summing_up = counting = Counting(app, chat.screen)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("hey\r")
        assert LineEditor(chat, vi=False, drawn=lambda: None).read(Line()).text == "hey"
    assert counting.keys == len("hey\r")
    assert pressed(chat)
    assert PlainPrompt(chat, lambda: None).read(Line()).text == "hello"
    assert counting.keys == len("hey\r") + 1
    assert pressed(chat)
    chat.close()

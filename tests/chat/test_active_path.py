"""Two processes on one conversation, an erasure while a reply comes, Ctrl-C while it is saved: no word is lost."""

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from memchat.chat.engine import ChatEngine
from memchat.chat.events import Assembled, Event, Text, TurnStarted
from memchat.domain import MessageStatus, ToolCall
from memchat.errors import MemchatError, NetworkError, SessionBusyError
from memchat.llm.scripted import ScriptedModel, Step
from memchat.ports import Store

from tests.builders import add_note, found, typed
from tests.chat.conftest import Lab, say, until
from tests.conftest import NOW, FrozenClock

if TYPE_CHECKING:
    from memchat.store.connection import SqliteStore


def path(lab: Lab, session_id: int = 1) -> list[str]:
    """The active path in short: turn and words."""
    return [f"{message.turn} {message.text}" for message in lab.store.transcripts.path(session_id)]


def booked(lab: Lab) -> int:
    """How many model calls are written down."""
    return cast("SqliteStore", lab.store)._database.number("SELECT count(*) FROM model_calls")  # no port reads them yet


def another(lab: Lab, *replies: Step) -> ChatEngine:
    """Another process on session 1, whose claim nobody honours: it has the first one's name."""
    return lab.engine(ScriptedModel(replies), session=lab.store.transcripts.session(1))


def play(
    turn: Generator[Event, None, None], at: type[Event], act: Callable[[], object], *, leave: bool = False
) -> None:
    """Follow a turn; at the first event of a kind something happens, and then, maybe, the screen is left."""
    with closing(turn) as events:
        for event in events:
            if isinstance(event, at):
                act()
                if leave:
                    return
                break
        for _ in events:
            pass


# Two processes on one conversation


def test_what_another_process_wrote_stays_on_the_path(lab: Lab) -> None:
    """The next message goes behind it, and the next request holds it."""
    model = ScriptedModel(["One.", "Three."])
    engine = lab.engine(model)
    say(engine, "First.")
    say(another(lab, "Two."), "Second.")
    say(engine, "Third.")
    assert path(lab) == ["1 First.", "1 One.", "2 Second.", "2 Two.", "3 Third.", "3 Three."]
    assert [message.text for message in model.calls[1].context.turns] == ["First.", "One.", "Second.", "Two."]
    assert engine.session == lab.store.transcripts.session(1)
    assert lab.store.transcripts.session(1).turns == 3


def test_a_reply_stands_below_its_own_question(lab: Lab) -> None:
    """Also when another process wrote while it came: every word stays, each turn is whole."""
    call = ToolCall("1", "recall", json.dumps({"query": "tea"}))
    model = ScriptedModel([["Wait.", call], "Oolong.", "Three."])
    engine = lab.engine(model)
    play(engine.run_turn(typed("Which tea?")), Text, lambda: say(another(lab, "Two."), "Second."))
    assert path(lab) == ["1 Which tea?", "1 Wait.", "1 ", "1 Oolong.", "2 Second.", "2 Two."]
    assert [turn.reply for turn in lab.store.transcripts.turns(1)] == ["Wait.\n\nOolong.", "Two."]
    assert found(lab.store, "oolong")[0].text == "Oolong."
    say(engine, "Third.")
    assert path(lab)[4:] == ["2 Second.", "2 Two.", "3 Third.", "3 Three."]
    assert [message.text for message in model.calls[-1].context.turns if message.text] == [
        "Which tea?",
        "Wait.",
        "Oolong.",
        "Second.",
        "Two.",
    ]
    assert lab.store.transcripts.session(1).turns == 3


def test_a_reply_to_a_question_withdrawn_elsewhere_does_not_bring_it_back(lab: Lab) -> None:
    """It is kept beside the path, found by nobody, and the conversation goes on without it."""
    engine = lab.engine(ScriptedModel([["Oolong ", "tea."], "Two."]))
    play(engine.run_turn(typed("Which tea?")), Text, lambda: another(lab).undo())
    assert path(lab) == []
    assert found(lab.store, "oolong") == []
    assert lab.store.transcripts.message(2).text == "Oolong tea."
    assert engine.turns == ()
    say(engine, "Second.")
    assert path(lab) == ["2 Second.", "2 Two."]


def test_the_newest_turn_is_the_one_that_was_seen(lab: Lab) -> None:
    """Undo and retry take back nothing that came from elsewhere; asked again, they mean what is there now."""
    engine = lab.engine(ScriptedModel(["One.", "Two, again."]))
    say(engine, "First.")
    say(another(lab, "Two."), "Second.")
    before = path(lab)
    with pytest.raises(SessionBusyError, match="s1 was changed elsewhere"):
        engine.undo()
    assert path(lab) == before
    list(engine.retry())
    assert path(lab) == ["1 First.", "1 One.", "2 Second.", "2 Two, again."]
    another(lab).undo()
    with pytest.raises(SessionBusyError):
        list(engine.retry())
    engine.undo()
    assert path(lab) == []


def test_a_retry_drops_nothing_that_came_meanwhile(lab: Lab) -> None:
    """Written elsewhere after it began and before its first word: then it changes nothing at all."""
    engine = lab.engine(ScriptedModel(["One.", ["Uno."]]))
    say(engine, "First.")
    with closing(engine.retry()) as turn:
        assert isinstance(next(turn), TurnStarted)
        say(another(lab, "Two."), "Second.")
        with pytest.raises(SessionBusyError):
            list(turn)
    assert path(lab) == ["1 First.", "1 One.", "2 Second.", "2 Two."]


# Something is erased meanwhile


def erase(lab: Lab, memory_id: int) -> None:
    """As `memchat forget` in another terminal does."""
    lab.store.erasure.erase_memory(memory_id, lab.clock.advance(minutes=1))


@pytest.mark.parametrize("how", ["complete", "closed", "interrupted", "failed"])
def test_a_reply_made_of_what_was_erased_meanwhile_is_not_kept(lab: Lab, how: str) -> None:
    """However it ends, and the person is told; the message stays, what it cost is booked, and asking again works."""
    note = add_note(lab.store, "allergic to walnuts", at=NOW - timedelta(days=1))
    ends: dict[str, list[Any]] = {"interrupted": [KeyboardInterrupt()], "failed": [NetworkError("no network")]}
    model = ScriptedModel([["No walnuts, ", "surely.", *ends.get(how, [])], "Bread."])
    engine = lab.engine(model)
    wanted = NetworkError if how == "failed" else MemchatError
    turn = engine.run_turn(typed("What may I eat?"))
    with pytest.raises(wanted, match="no network" if how == "failed" else "erased meanwhile"):
        play(turn, Text, lambda: erase(lab, note.id), leave=how == "closed")
    assert "walnuts" in model.calls[0].context.head
    assert path(lab) == ["1 What may I eat?"]
    assert found(lab.store, "walnuts") == []
    assert booked(lab) == 1
    list(engine.retry())
    assert path(lab) == ["1 What may I eat?", "1 Bread."]
    assert "walnuts" not in model.calls[1].context.head


def test_nothing_said_is_nothing_to_drop(lab: Lab) -> None:
    """A call that fails without a word says why it failed."""
    note = add_note(lab.store, "allergic to walnuts", at=NOW - timedelta(days=1))
    engine = lab.engine(ScriptedModel([[NetworkError("no network")]]))
    with pytest.raises(NetworkError):
        play(engine.run_turn(typed("Hello.")), Assembled, lambda: erase(lab, note.id))
    assert path(lab) == ["1 Hello."]


def test_a_message_written_after_an_erasure_is_saved_and_sent_without_it(lab: Lab) -> None:
    """The look at the epoch and the message are one transaction."""
    note = add_note(lab.store, "allergic to walnuts", at=NOW - timedelta(days=1))
    model = ScriptedModel(["One.", "Two."])
    engine = lab.engine(model)
    say(engine, "First.")
    erase(lab, note.id)
    say(engine, "Second.")
    assert path(lab) == ["1 First.", "1 One.", "2 Second.", "2 Two."]
    assert "walnuts" not in model.calls[1].context.head


def test_a_retry_does_not_give_up_the_old_reply_for_one_that_could_not_be_kept(lab: Lab) -> None:
    """Erased after it began and before its first word: the old reply stands."""
    note = add_note(lab.store, "allergic to walnuts", at=NOW - timedelta(days=1))
    engine = lab.engine(ScriptedModel(["One.", ["Uno."]]))
    say(engine, "First.")
    with closing(engine.retry()) as turn:
        next(turn)
        erase(lab, note.id)
        with pytest.raises(MemchatError, match="erased meanwhile"):
            list(turn)
    assert path(lab) == ["1 First.", "1 One."]


# Ctrl-C while the reply is saved


class Pressed:
    """The real store; Ctrl-C strikes within one of the transactions, just before or just after it is on disk."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.strikes: list[str] = []  # for the transactions to come, in order

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that may be struck."""
        strike = self.strikes.pop(0) if self.strikes else ""
        with self._store.transaction():
            yield
            if strike == "before":
                raise KeyboardInterrupt
        if strike == "after":
            raise KeyboardInterrupt


@pytest.mark.parametrize("strike", ["before", "after"])
def test_ctrl_c_while_the_reply_is_saved_does_not_lose_it(store: Store, clock: FrozenClock, strike: str) -> None:
    """It stands on the screen already: saved once, whole, and the interruption goes on."""
    pressed = Pressed(store)
    lab = Lab(cast("Store", pressed), clock)
    engine = lab.engine(ScriptedModel(["One.", "Two."]))
    with pytest.raises(KeyboardInterrupt):
        play(engine.run_turn(typed("First.")), Text, lambda: pressed.strikes.append(strike))
    assert path(lab) == ["1 First.", "1 One."]
    assert store.transcripts.path(1)[1].status is MessageStatus.COMPLETE
    assert booked(Lab(store, clock)) == 1
    say(engine, "Second.")
    assert path(lab) == ["1 First.", "1 One.", "2 Second.", "2 Two."]


def test_a_second_ctrl_c_is_obeyed(store: Store, clock: FrozenClock) -> None:
    """Whoever presses it again does not want to wait; the message is saved all the same."""
    pressed = Pressed(store)
    lab = Lab(cast("Store", pressed), clock)
    engine = lab.engine(ScriptedModel([["One.", "More."], "Two."]))
    with pytest.raises(KeyboardInterrupt):
        play(engine.run_turn(typed("First.")), Text, lambda: pressed.strikes.extend(["before", "before"]))
    assert path(lab) == ["1 First."]
    until(engine.run_turn(typed("Second.")), Text)
    assert path(lab) == ["1 First.", "2 Second.", "2 Two."]

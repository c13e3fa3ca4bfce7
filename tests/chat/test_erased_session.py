"""A chat whose conversation was erased, here or elsewhere, goes on in another."""

from collections.abc import Callable
from contextlib import closing

import pytest
from memchat.chat.aside import Aside
from memchat.chat.standing import Standing
from memchat.chat.unkept import Unkept
from memchat.chat.without import Trial
from memchat.domain import Erasing
from memchat.errors import MemchatError, NotFoundError

from tests.builders import add_note, typed
from tests.chat.conftest import Lab, say
from tests.conftest import NOW
from tests.e2e.forgetting_world import Parrot

WORD = "walnuts"


def test_the_next_message_begins_another(lab: Lab) -> None:
    """Under a new id; nothing of the old one is sent, and what comes back by /undo is not it."""
    parrot = Parrot()
    with closing(lab.engine(parrot)) as engine:
        say(engine, f"I am allergic to {WORD}.")
        say(engine, "Go on.")
        lab.store.erasure.erase(Erasing(sessions=(1,)), NOW)
        say(engine, "Good evening.")
        assert engine.session is not None
        assert engine.session.id == 2
        assert WORD not in parrot.seen[-1]
        assert [turn.user.text for turn in engine.turns] == ["Good evening."]


def test_there_is_nothing_to_ask_again_or_to_take_back(lab: Lab) -> None:
    """Each says so."""
    with closing(lab.engine(Parrot())) as engine:
        say(engine, f"I am allergic to {WORD}.")
        lab.store.erasure.erase(Erasing(everything=True), NOW)
        for act in (lambda: list(engine.retry()), engine.undo, engine.redo, engine.compact):
            with pytest.raises(NotFoundError):
                act()


def test_a_side_question_is_of_no_conversation_then(lab: Lab) -> None:
    """It was erased elsewhere since: nothing of it is sent, and the books do not name it."""
    parrot = Parrot()
    with closing(lab.engine(parrot)) as engine:
        say(engine, f"I am allergic to {WORD}.")
        lab.store.erasure.erase(Erasing(sessions=(1,)), NOW)
        assert list(Aside(engine.standing, typed("What now?")).run())
        assert WORD not in parrot.seen[-1]
    assert {spent.purpose: spent.calls for spent in lab.store.usages.spent()} == {"chat": 1, "btw": 1}


@pytest.mark.parametrize("ask", [lambda one: Aside(one, typed("What now?")), lambda one: Trial(one, "m1")])
def test_one_that_is_erased_while_a_reply_comes_beside_it_is_no_fault(
    lab: Lab, ask: Callable[[Standing], Unkept]
) -> None:
    """What it cost is booked for none."""
    add_note(lab.store, "likes tea")
    with closing(lab.engine(Parrot())) as engine:
        say(engine, f"I am allergic to {WORD}.")
        with closing(ask(engine.standing).run()) as events:
            next(events)
            lab.store.erasure.erase(Erasing(sessions=(1,)), NOW)
            assert list(events)
    assert sum(spent.calls for spent in lab.store.usages.spent()) == 2


def test_one_that_is_erased_while_its_reply_comes_says_so(lab: Lab) -> None:
    """The reply is not kept, and the next message begins another."""
    with closing(lab.engine(Parrot())) as engine:
        say(engine, "Good morning.")
        with closing(engine.run_turn(typed("Go on."))) as events:
            next(events)
            lab.store.erasure.erase(Erasing(sessions=(1,)), NOW)
            with pytest.raises(MemchatError, match="this reply was not kept"):
                list(events)
        say(engine, "Good evening.")
        assert engine.session is not None
        assert engine.session.id == 2


def test_an_erased_turn_is_not_brought_back(lab: Lab) -> None:
    """Taken back and then erased: /redo says that it cannot."""
    with closing(lab.engine(Parrot())) as engine:
        say(engine, "Good morning.")
        say(engine, f"I am allergic to {WORD}.")
        engine.undo()
        lab.store.erasure.erase(Erasing(turns=((1, 2),)), NOW)
        with pytest.raises(MemchatError, match="erased since the /undo"):
            engine.redo()
        say(engine, "Go on.")
        assert [turn.user.text for turn in engine.turns] == ["Good morning.", "Go on."]

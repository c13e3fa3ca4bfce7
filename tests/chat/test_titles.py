"""What code calls a conversation before a model has named it: by its first message that says something."""

import pytest
from memchat.chat.active_path import title_of
from memchat.domain import NO_LEARN, NewMemory, Origin, Part, PartKind, Source
from memchat.llm.scripted import ScriptedModel

from tests.builders import typed
from tests.chat.conftest import Lab, say, summed_up
from tests.conftest import NOW

PICTURE = (Part(PartKind.IMAGE, Origin.FILE, "abc", mime="image/png"),)


def title(lab: Lab, session_id: int = 1) -> str:
    """What the conversation is called now."""
    return lab.store.transcripts.session(session_id).title


def test_later_messages_change_nothing(lab: Lab) -> None:
    """Whatever they ask."""
    engine = lab.engine(ScriptedModel(["Yes.", "No."]))
    say(engine, "Plan the trip.")
    say(engine, "What if I am allergic to nuts?")
    assert title(lab) == "Plan the trip"


@pytest.mark.parametrize("words", ["👍", "?!", "..."])
def test_what_says_nothing_is_no_title(lab: Lab, words: str) -> None:
    """The next message is, and the one after that no more."""
    engine = lab.engine(ScriptedModel(["Yes.", "No.", "Well."]))
    say(engine, words)
    assert title(lab) == ""
    say(engine, "Plan the trip.")
    say(engine, "What if I am allergic to nuts?")
    assert title(lab) == "Plan the trip"


def test_signs_before_the_first_words_are_no_sentence() -> None:
    """The words behind them tell."""
    assert title_of(typed("?! Plan the trip. Now.")) == "?! Plan the trip"
    assert title_of(typed("Pay [erased] the rent.")) == ""


def test_a_title_that_was_dropped_is_made_of_the_first_message_again(lab: Lab) -> None:
    """A model had named the conversation by what was then taken back; the next message is not the first."""
    engine = lab.engine(ScriptedModel(["One.", "Two.", "Three."]))
    say(engine, "Plan the trip.")
    say(engine, "My hidden wish.")
    summed_up(lab, "Hidden wish")
    engine.undo()
    assert title(lab) == "Plan the trip"
    engine.redo()
    assert title(lab) == "Hidden wish"
    engine.undo()
    say(engine, "What if I am allergic to nuts?")
    assert title(lab) == "Plan the trip"


def test_a_title_that_an_erasure_took_is_made_of_the_first_message_that_was_left_whole(lab: Lab) -> None:
    """Of one in which words were erased no title is made."""
    engine = lab.engine(ScriptedModel(["Yes.", "No.", "Well."]))
    say(engine, "I grow walnuts here.")
    say(engine, "Plan the trip.")
    summed_up(lab, "Walnuts")
    first = lab.store.transcripts.path(1)[0]
    told = Source(Origin.TYPED, NOW, "I grow walnuts", 1, 1, first.id, first.parts[0].id, (0, 14))
    note = lab.store.memories.add(NewMemory("grows walnuts", told), NOW)
    lab.store.erasure.erase_memory(note.id, lab.clock.now())
    assert title(lab) == ""
    say(engine, "What if I am allergic to nuts?")
    assert lab.store.transcripts.path(1)[0].text == "[erased] here."
    assert title(lab) == "Plan the trip"


def test_no_title_is_made_of_what_was_said_under_no_learn(lab: Lab) -> None:
    """It would stand in later heads; where all of a conversation is kept out of them it may."""
    engine = lab.engine(ScriptedModel(["Yes.", "No."]))
    say(engine, PICTURE)
    engine.close()
    quiet = lab.engine(ScriptedModel(["Hush."]), mode=NO_LEARN, session=engine.session)
    say(quiet, "My hidden wish.")
    quiet.close()
    assert title(lab) == ""
    again = lab.engine(ScriptedModel(["No."]), session=quiet.session)
    say(again, "Plan the trip.")
    assert title(lab) == "Plan the trip"
    say(lab.engine(ScriptedModel(["Hush."]), mode=NO_LEARN, owner="here:2"), "My other wish.")
    assert title(lab, 2) == "My other wish"

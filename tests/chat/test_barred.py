"""What is kept for its person alone (`--keep-transcript`, `--no-learn`) reaches no model and no list, by any way."""

import json
from collections.abc import Iterator
from contextlib import closing

import pytest
from memchat.actions import provenance, searching
from memchat.chat.consolidating import Consolidator, Fate
from memchat.chat.engine import ChatEngine
from memchat.chat.events import TurnFinished
from memchat.chat.tool_calls import Moment
from memchat.chat.tools import ToolBox
from memchat.cli import json_view, session_markdown, session_view
from memchat.domain import NO_LEARN, NORMAL, Erasing, Limits, NewMemory, Origin, Part, PartKind, Source, ToolCall
from memchat.llm.notebook.model import NotebookModel
from memchat.memory.learning import Rules
from memchat.memory.recalling import Recall
from memchat.store.connection import SqliteStore, open_store

from tests.builders import found, typed
from tests.chat.conftest import FIELDS, Lab, Words, say
from tests.cli.screens import pipe
from tests.conftest import NOW, FrozenClock
from tests.e2e.forgetting_world import Parrot
from tests.store.carrying import exported, take
from tests.store.conftest import behind, vocabulary

WORD = "saffron"
LONG = f"The {WORD} list: " + "one more thing to buy, " * 120


@pytest.fixture
def kept() -> Iterator[SqliteStore]:
    """A conversation of six turns in which the word was typed, answered, pasted, sent as a file and given by a tool."""
    store = open_store(None)
    lab, parrot = Lab(store, FrozenClock(NOW)), Parrot(remembers=True)
    engine = lab.engine(parrot)
    say(engine, f"I am allergic to {WORD}. I like green tea.")
    parrot.recalls = WORD
    say(engine, f"What about {WORD} for dinner?")
    parrot.recalls = ""
    say(engine, (*typed("Look at this."), Part(PartKind.TEXT, Origin.PASTE, LONG)))
    say(engine, (*typed("And this."), Part(PartKind.FILE, Origin.FILE, LONG, name=f"{WORD}.txt")))
    say(engine, "I like green tea.")
    say(engine, "Thanks.")
    source = Source(Origin.TYPED, NOW, "I like green tea", 1, 1, 1, 1, (26, 42))
    store.memories.add(NewMemory("likes green tea", source), NOW)
    engine.close()
    store.erasure.erase(Erasing(memories=(1,), phrases=(WORD,), bars=True), NOW)
    yield store
    store.close()


def resumed(store: SqliteStore, parrot: Parrot, *, limits: Limits | None = None) -> ChatEngine:
    """The conversation, gone on with."""
    return Lab(store, FrozenClock(NOW)).engine(
        parrot, session=store.transcripts.session(1), owner="here:2", limits=limits
    )


def answered(engine: ChatEngine, text: str) -> str:
    """The reply to it."""
    return "".join(event.reply for event in say(engine, text) if isinstance(event, TurnFinished))


def test_the_words_are_there_and_barred(kept: SqliteStore) -> None:
    """Else nothing below could fail."""
    barred = [part for message in kept.transcripts.path(1) for part in message.parts if WORD in part.content]
    assert len(barred) >= 6
    assert all(part.barred for part in barred)
    assert {part.kind for part in barred} >= {PartKind.TEXT, PartKind.FILE, PartKind.TOOL_CALL}


def test_no_request_holds_them(kept: SqliteStore) -> None:
    """Not when the talk goes on, is asked again, taken back and brought back, compacted by turns or asked for."""
    parrot = Parrot()
    with closing(resumed(kept, parrot, limits=Limits(max_turns=5, keep_turns=2))) as engine:
        say(engine, "Go on.")
        list(engine.retry())
        engine.undo()
        engine.redo()
        engine.compact()
        for number in range(5):
            say(engine, f"And {number}?")
    assert len(parrot.seen) > 6
    assert not [text for text in parrot.seen if WORD in text]


def test_a_newest_message_that_is_barred_is_asked_again_without_them(kept: SqliteStore) -> None:
    """/retry of it sends a mark."""
    parrot = Parrot()
    with closing(resumed(kept, parrot)) as engine:
        engine.undo(4)  # the question about the word is the newest now
        list(engine.retry())
    assert "[erased]" in parrot.seen[-1]
    assert WORD not in parrot.seen[-1]


def test_large_parts_of_it_leave_no_reference_and_no_list_names_them(kept: SqliteStore) -> None:
    """A reference begins with the words of what it stands for; `/context` lists what was left out."""
    parrot = Parrot(window=2_000)
    with closing(resumed(kept, parrot, limits=Limits(max_tokens=700))) as engine:
        say(engine, "Go on.")
        left_out = [one.passage.text for one in engine._path.working.left_out()]
    assert left_out
    assert not [text for text in left_out if WORD in text]
    assert WORD not in parrot.seen[-1]


def test_nothing_is_found_by_them(kept: SqliteStore) -> None:
    """Neither in the index nor by its vocabulary, by `search`, nor in what an embedder would be sent."""
    assert WORD not in vocabulary(kept)
    assert found(kept, WORD) == []
    for words in (WORD, "list dinner tea"):
        asked = searching.Wanted(words)
        told = searching.search(kept, Recall(kept, fields=FIELDS), asked, NOW, Words().count).found
        assert not [one for one in told if WORD in one.text + one.quote + one.title]
    texts = [text for one in kept.index.unembedded("test", 4, 100) for text in one.texts]
    assert texts
    assert not [text for text in texts if WORD in text]


@pytest.mark.parametrize("place", ["s1", "s1.1", "s1.2", "s1.3", "s1.4"])
def test_the_tools_read_nothing_of_it(kept: SqliteStore, place: str) -> None:
    """`read_session`, of the whole or of a turn by its name, and `recall`."""
    box = ToolBox(store=kept, mode=NORMAL, fields=FIELDS, recall=lambda: Recall(kept, fields=FIELDS))
    message = kept.transcripts.path(1)[-1]
    moment = Moment(message, "a model", NOW, first_live=99, epoch=1, count=Words().count, tokens=2_000)
    for name, arguments in (("read_session", {"id": place, "question": WORD}), ("recall", {"query": f"{WORD} dinner"})):
        result = box.run(ToolCall("1", name, json.dumps(arguments)), moment)
        assert WORD not in result.content
        assert "error" not in result.content


def test_no_consolidation_learns_from_them(kept: SqliteStore) -> None:
    """All of it is taken in anew by a model that proposes everything: no summary, title, topic or fact holds them."""
    behind(kept).rows("UPDATE sessions SET consolidated_to = NULL, title = ''")
    parrot = Parrot(rewords=True)
    for model in (parrot, NotebookModel()):
        behind(kept).rows("UPDATE sessions SET consolidated_to = NULL, title = ''")
        behind(kept).rows("DELETE FROM jobs")
        assert kept.jobs.enqueue_left(1, NOW)
        worker = Consolidator(
            kept,
            model_for=lambda _name, _host, model=model: model,  # type: ignore[misc]  # - mypy takes the default for an argument
            counter_for=lambda _: Words(),
            rules=Rules(FIELDS),
            max_tokens=16_000,
            clock=FrozenClock(NOW),
            owner="here:1",
        )
        assert [done.fate for done in worker.run_pending()] == [Fate.DONE]
        session = kept.transcripts.session(1)
        assert session.mark == session.leaf
        assert WORD not in " ".join((session.title, session.summary, *session.topics))
        assert not [one for one in kept.memories.all() if WORD in one.text or "crocin" in one.text]
    assert not [text for text in parrot.seen if WORD in text]


def test_no_title_is_made_of_them(kept: SqliteStore) -> None:
    """By code, from the words the conversation begins with."""
    kept.transcripts.entitle(1, "")
    with closing(resumed(kept, Parrot())) as engine:
        say(engine, "Go on.")
    assert WORD not in kept.transcripts.session(1).title


def test_the_notebook_answers_without_them(kept: SqliteStore) -> None:
    """It reads the passages and turns as values, not as a request."""
    with closing(Lab(kept, FrozenClock(NOW)).engine(NotebookModel(), owner="here:3")) as engine:
        for question in ("What am I allergic to?", "What was on the list?", "What did I ask about dinner?"):
            assert WORD not in answered(engine, question)
    with closing(Lab(kept, FrozenClock(NOW)).engine(NotebookModel(), session=kept.transcripts.session(1))) as engine:
        assert WORD not in answered(engine, "What did I say first?")


def test_why_tells_the_quote_and_nothing_around_it(kept: SqliteStore) -> None:
    """The memory beside it in the same message keeps its own words."""
    [memory] = [one for one in kept.memories.all() if one.text == "likes green tea"]
    story = provenance.story(kept, FIELDS, memory.ref, NOW)
    assert WORD not in repr(story)


def test_they_are_shown_to_their_person_and_exported(kept: SqliteStore) -> None:
    """`sessions show`, its Markdown and its JSON, and `export`."""
    session, turns = kept.transcripts.session(1), kept.transcripts.turns(1)
    assert f"allergic to {WORD}" in "\n".join(session_view.transcript(pipe(), session, turns, NOW))
    assert f"allergic to {WORD}" in session_markdown.document(session, turns, NOW.tzinfo)
    told = [json_view.turn_json(turn) for turn in turns]
    barred = [part for turn in told for message in turn["messages"] for part in message["parts"] if part["barred"]]
    assert any(f"allergic to {WORD}" in part["content"] for part in barred)
    assert WORD.encode() in exported(kept)
    with closing(open_store(None)) as other:
        take(other, exported(kept), mask_secrets=False)
        assert exported(other) == exported(kept)
        assert found(other, WORD) == []


def test_what_was_said_without_learning_is_never_learned_from() -> None:
    """A turn of a `--no-learn` chat between others: no later pass reads it, and no summary tells of it."""
    with closing(open_store(None)) as store:
        lab, parrot = Lab(store, FrozenClock(NOW)), Parrot()
        with closing(lab.engine(parrot)) as engine:
            say(engine, "I like green tea.")
        with closing(lab.engine(parrot, mode=NO_LEARN, session=store.transcripts.session(1))) as engine:
            say(engine, f"I am allergic to {WORD}.")
        with closing(lab.engine(parrot, session=store.transcripts.session(1))) as engine:
            say(engine, "Thanks.")
        parrot.seen.clear()
        assert store.jobs.enqueue_left(1, NOW)
        worker = Consolidator(
            store,
            model_for=lambda _name, _host: parrot,
            counter_for=lambda _: Words(),
            rules=Rules(FIELDS),
            max_tokens=16_000,
            clock=FrozenClock(NOW),
            owner="here:1",
        )
        worker.run_pending()
        assert parrot.seen
        assert "I am allergic" not in parrot.seen[-1]
        assert [memory.text for memory in store.memories.all()] == ["likes green tea"]

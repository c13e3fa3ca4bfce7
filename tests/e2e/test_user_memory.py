"""User memory that can be trusted: what was said is dated, what was not said of oneself is not kept, what code cannot
prove waits for a yes, and all of it can be seen."""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from memchat.bootstrap import App, ChatRequest, open_app
from memchat.chat.events import TurnFinished
from memchat.domain import (
    Memory,
    MemoryStatus,
    Origin,
    Part,
    PartKind,
    TextDelta,
    ToolCall,
)
from memchat.llm.scripted import ScriptedModel
from memchat.ports import ChatModel

from tests.cli.shell import Shell
from tests.conftest import FrozenClock

FICTION = (
    "Chapter one. My name is Elara Voss, I am 30 and I work as a pilot on the ice moon Kessel. I am allergic to nuts "
    "and I live in a lighthouse."
)
MAIL = (
    "From: Captain Rob Hale <rob@skyways.example>\nTo: Wen\nSubject: weekend\n\nHi Wen,\nI am 30 now and I work as a "
    "pilot. I'm allergic to nuts, so pick another restaurant please.\nCheers, Rob"
)
# What is proposed of each of them, as a careless model would: field, text; the quote is the sentence.
CLAIMS = (("note", "is 30 years old"), ("note", "30"), ("occupation", "pilot"), ("note", "allergic to nuts"))


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """memchat as it is after setup, with the notebook."""
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    return Shell(capsys)


@pytest.fixture
def app(shell: Shell) -> Iterator[App]:
    """The same home, opened as a program, with a clock that can be turned back."""
    opened = open_app(os.environ)
    opened.clock = FrozenClock(datetime.now().astimezone())  # type: ignore[assignment]  # - a clock that is turned
    yield opened
    opened.close()


def said(app: App, at: datetime, *texts: str, origin: Origin = Origin.TYPED, model: ChatModel | None = None) -> None:
    """A conversation at that moment."""
    app.clock.set(at)  # type: ignore[attr-defined]  # - the frozen one
    with closing(app.open_chat(ChatRequest())) as engine:
        if model is not None:
            engine.use(model)
        for text in texts:
            with closing(engine.run_turn([Part(PartKind.TEXT, origin, text)])) as events:
                assert any(isinstance(event, TurnFinished) for event in events)


def claiming(*calls: dict[str, str]) -> ScriptedModel:
    """A model that calls `remember` with each of these, and then answers."""
    asked = [ToolCall(f"c{number}", "remember", json.dumps(call)) for number, call in enumerate(calls)]
    return ScriptedModel([asked, [TextDelta("Noted.")]])


def kept(app: App) -> list[Memory]:
    """All that was kept, whatever its status."""
    return app.store.memories.all()


def test_a_move_is_dated_and_both_places_keep_their_quotes(app: App, shell: Shell) -> None:
    """I live in Berlin; a week later we moved to Lisbon: now it is Lisbon, then it was Berlin."""
    now = datetime.now().astimezone()
    said(app, now - timedelta(days=8), "I live in Berlin.")
    said(app, now - timedelta(days=1), "Last week we moved to Lisbon.")
    app.close()
    assert shell("profile", "get", "location").out == "Lisbon\n"
    earlier = (now - timedelta(days=4)).date().isoformat()
    then = shell("profile", "show", "--as-of", earlier).out
    assert "Berlin" in then
    assert "Lisbon" not in then
    history = shell("profile", "history", "location").out
    assert history.index("Berlin") < history.index("Lisbon")
    assert "I live in Berlin" in history
    assert "we moved to Lisbon" in history


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("You said I am 30.", Origin.TYPED),
        ("my brother is 30", Origin.TYPED),
        ("if I were 30 I'd have a house", Origin.TYPED),
        ("what if I am allergic to nuts?", Origin.TYPED),
        (FICTION, Origin.TYPED),
        (FICTION, Origin.PASTE),
        (MAIL, Origin.TYPED),
        (MAIL, Origin.PASTE),
        (MAIL, Origin.STDIN),
    ],
)
def test_what_is_not_said_of_oneself_becomes_no_fact(app: App, text: str, origin: Origin) -> None:
    """No age, no allergy, no job, neither by the rules nor by a model that claims them with every quote there is."""
    now = datetime.now().astimezone()
    said(app, now, text, origin=origin)
    quotes = [text, *text.replace("\n", " ").split(". ")]
    calls = [{"field": field, "text": claim, "quote": quote} for field, claim in CLAIMS for quote in quotes]
    said(app, now, text, origin=origin, model=claiming(*calls))
    assert [memory for memory in kept(app) if memory.stored_status is MemoryStatus.ACTIVE] == []


def test_what_code_cannot_prove_waits_and_is_accepted_with_both_wordings(app: App, shell: Shell) -> None:
    """我住台北 as Taipei, "I treat children" as pediatrician: pending, accepted by hand, both wordings in `why`."""
    now = datetime.now().astimezone()
    city = {"field": "location", "text": "Taipei", "quote": "我住台北"}
    trade = {"field": "occupation", "text": "pediatrician", "quote": "I treat children"}
    said(app, now, "我住台北", model=claiming(city))
    said(app, now, "I treat children all day", model=claiming(trade))
    waiting = [memory for memory in kept(app) if memory.stored_status is MemoryStatus.PENDING]
    assert [memory.text for memory in waiting] == ["Taipei", "pediatrician"]
    app.close()
    refs = [memory.ref for memory in waiting]
    assert shell("memory", "review", *refs, "--accept").code == 0
    assert shell("profile", "get", "location").out == "Taipei\n"
    for ref, wordings in zip(refs, (("Taipei", "我住台北"), ("pediatrician", "I treat children")), strict=True):
        why = shell("memory", "why", ref).out
        assert all(words in why for words in wordings)


def test_a_model_never_ends_what_holds(app: App) -> None:
    """It may ask for anything to be forgotten, and say anything instead: what the user said holds on."""
    now = datetime.now().astimezone()
    said(app, now, "I'm allergic to penicillin.", "I play the piano.")
    before = {memory.id for memory in app.store.memories.active(now)}
    assert before
    forget = [ToolCall(f"f{one}", "propose_forget", json.dumps({"id": f"m{one}", "reason": "wrong"})) for one in before]
    said(app, now, "thanks!", model=ScriptedModel([forget, [TextDelta("Done, all forgotten.")]]))
    assert {memory.id for memory in app.store.memories.active(now)} == before


def test_what_was_refused_for_ever_is_not_proposed_again(app: App, shell: Shell) -> None:
    """`never` in the inbox: neither from the same words nor from new ones."""
    now = datetime.now().astimezone()
    trade = {"field": "occupation", "text": "pediatrician", "quote": "I treat children"}
    said(app, now, "I treat children", model=claiming(trade))
    (waiting,) = kept(app)
    app.close()
    assert shell("memory", "review", waiting.ref, "--never").code == 0
    app.__dict__.pop("store", None)
    said(app, now + timedelta(hours=1), "as you know I treat children", model=claiming(trade))
    assert [memory for memory in kept(app) if memory.status(now) is MemoryStatus.PENDING] == []


def test_facts_that_end_say_so_and_leave_when_their_day_is_over(app: App) -> None:
    """In Lisbon until Friday: kept with its end, told with it, gone after it."""
    monday = datetime(2026, 11, 23, 9, 0).astimezone()
    said(app, monday, "I'm in Lisbon until Friday.")
    (memory,) = app.store.memories.active(monday)
    assert not memory.field
    assert memory.valid_to is not None
    assert memory.valid_to.astimezone().date().isoformat() == "2026-11-27"
    assert memory.status(monday + timedelta(days=6)) is MemoryStatus.EXPIRED

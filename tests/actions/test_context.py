"""What a message would show the model, without asking and without saving; and what a past turn was shown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from memchat.actions import context
from memchat.actions.context import LEARNED, Chat, Outlook, outlook
from memchat.domain import (
    INCOGNITO,
    NORMAL,
    Context,
    Layer,
    Limits,
    Mode,
    ModelCall,
    Origin,
    Part,
    PartKind,
    Passage,
    SessionKind,
    ToolSpec,
    Usage,
    Zone,
)
from memchat.errors import ContextWindowError, NotFoundError, UsageError
from memchat.llm.litellm_model import LiteLLMModel
from memchat.llm.messages import render
from memchat.llm.notebook.model import NotebookModel
from memchat.llm.scripted import ScriptedModel
from memchat.llm.windows import Route
from memchat.memory.context import ContextAssembler
from memchat.memory.working import WorkingTurns
from memchat.ports import ChatModel, Store
from memchat.store.connection import SqliteStore

from tests.actions.conftest import FIELDS, Words
from tests.builders import add_note, add_turn, typed
from tests.conftest import NOW
from tests.store.conftest import traced

TOOLS = (ToolSpec("recall", "Looks things up.", {}),)


def a_chat(store: Store, *, model: ChatModel | None = None, mode: Mode = NORMAL, session: int = 0) -> Chat:
    """A conversation that could be opened."""
    assembler = ContextAssembler(store=store, counter=Words(), limits=Limits(), fields=FIELDS, mode=mode)
    found = store.transcripts.session(session) if session else None
    return Chat(store, assembler, model or NotebookModel(), found, TOOLS)


def test_what_would_be_sent_is_told_zone_by_zone(store: Store) -> None:
    """Head, turns, tail, question and tools, and nothing else makes the sum."""
    add_note(store, "allergic to peanuts")
    add_turn(store, "What about lunch?", "Soup is good.")
    chat = a_chat(store, model=ScriptedModel([], host="api.example"), session=1)
    seen = outlook(chat, typed("May I eat nuts?"), NOW + timedelta(days=1))
    assert (seen.words, seen.past, seen.turns, seen.question) == (4, 6, 1, True)
    assert seen.tail == len(seen.context.tail.split())
    assert seen.total == seen.head + seen.past + seen.tail + seen.words + seen.offered
    assert seen.offered > 0
    assert "allergic to peanuts" in seen.context.head
    assert [message["role"] for message in render(seen.context)] == ["system", "user", "assistant", "user"]
    assert (seen.model, seen.host, seen.limit) == (chat.model.name, "api.example", 24_000)


def test_looking_ahead_changes_nothing(store: SqliteStore) -> None:
    """No session, no message, no row: not one statement that writes."""
    add_turn(store)
    statements = traced(store)
    outlook(a_chat(store), typed("Hello?"), NOW)
    outlook(a_chat(store, session=1), typed("Hello?"), NOW)
    assert statements
    assert not [sql for sql in statements if sql.strip().startswith(("LOCKED", "INSERT", "UPDATE", "DELETE"))]


def test_without_a_question_there_is_what_each_message_carries(store: Store) -> None:
    """The head alone; and in the process itself no tools are described."""
    seen = outlook(a_chat(store), (), NOW)
    assert (seen.words, seen.past, seen.tail, seen.offered, seen.question, seen.tools) == (0, 0, 0, 0, False, ())
    assert seen.total == seen.head


def test_a_secret_is_masked_as_it_would_be(store: Store) -> None:
    """And its kind is told; where nothing is kept it is sent as it is."""
    parts = (Part(PartKind.TEXT, Origin.ARGV, "my key is sk-proj-abcdefghijklmnopqrstuvwxyz0123456789"),)
    seen = outlook(a_chat(store), parts, NOW)
    assert "sk-proj" not in str(render(seen.context))
    assert seen.masked
    chat = replace(a_chat(store, mode=INCOGNITO), mask_secrets=False)
    seen = outlook(chat, parts, NOW)
    assert "sk-proj" in str(render(seen.context))
    assert not seen.masked


def test_a_message_that_no_model_could_read_is_refused(store: Store) -> None:
    """As it would be in the chat."""
    with pytest.raises(ContextWindowError):
        outlook(a_chat(store), typed("word " * 200_000), NOW)


# What was


def passage(ref: str, layer: Layer, zone: Zone = Zone.TAIL) -> Passage:
    """One thing that was shown."""
    return Passage(layer, zone, ref, "line", "text", 7, 0.5)


def test_the_newest_turn_is_told_of_with_what_it_was_shown(store: Store) -> None:
    """Memories, turns and sessions in their words, and the last request for it; of one-shots too."""
    add_turn(store, "Soup?", "Yes.", at=NOW - timedelta(days=3))
    store.transcripts.rename(1, "Lunch")
    note = add_note(store, "allergic to peanuts")
    place = add_note(store, "Taipei", field="location")
    add_turn(store, "Hello", at=NOW, kind=SessionKind.ONESHOT)
    tails = [passage("s1.1", Layer.EPISODE), passage(place.ref, Layer.CHANGE)]
    heads = [passage(note.ref, Layer.NOTE, Zone.HEAD), passage("s1", Layer.SESSION, Zone.HEAD)]
    store.usages.record_shown(2, 1, [*heads, *tails], NOW)
    calls = [ModelCall("chat", "m", "h", Usage(number), NOW, 2, 1) for number in (10, 20)]
    for call in (*calls, ModelCall("consolidation", "m", "h", Usage(99), NOW, 2, 1)):
        store.usages.record_call(call)
    past = context.shown(store)
    assert (past.turn.ref, past.asked) == ("s2.1", calls[1])
    told = [(one.ref, one.text, one.field, one.at, one.title) for one in past.passages]
    assert told == [
        ("m1", "allergic to peanuts", "", note.created_at, ""),
        ("s1", "Lunch", "", NOW - timedelta(days=3), ""),
        ("s1.1", "Soup?", "", NOW - timedelta(days=3), "Lunch"),
        ("m2", "Taipei", "location", place.created_at, ""),
    ]


def test_a_turn_or_the_newest_of_a_conversation_can_be_named(store: Store) -> None:
    """By id; without a request there is none to tell of. What was taken back of an episode has no words."""
    turn = add_turn(store)
    second = add_turn(store, session_id=turn.session_id)
    add_turn(store, at=NOW + timedelta(days=1))
    store.usages.record_shown(1, 1, [passage("s1.2", Layer.EPISODE)], NOW)
    assert context.shown(store, "s1").turn.number == second.number
    past = context.shown(store, "s1.1")
    assert (past.turn.number, past.asked) == (1, None)
    store.transcripts.set_leaf(1, turn.messages[-1].id)
    (gone,) = context.shown(store, "s1.1").passages
    assert (gone.ref, gone.text, gone.at) == ("s1.2", "", None)


@pytest.mark.parametrize("ref", ["", "s9", "s9.1", "s1.7", "nobody"])
def test_what_is_not_there_is_said(store: Store, ref: str) -> None:
    """No turn at all, no such conversation, no such turn; with where to look."""
    if ref:
        add_turn(store)
    with pytest.raises(NotFoundError) as caught:
        context.shown(store, ref)
    assert caught.value.hint


def test_a_conversation_whose_turns_were_taken_back_was_shown_nothing(store: Store) -> None:
    """It has no turn to tell of."""
    add_turn(store)
    store.transcripts.set_leaf(1, None)
    with pytest.raises(NotFoundError):
        context.shown(store, "s1")


def test_only_a_turn_is_a_turn() -> None:
    """s17.4; neither a conversation nor a word."""
    assert context.turn_of("Ｓ17.4") == "Ｓ17.4"
    for ref in ("s17", "17", "m4", "x"):
        with pytest.raises(UsageError):
            context.turn_of(ref)


def test_a_chat_that_is_open_is_looked_at_as_it_stands(store: Store) -> None:
    """Its own head, though a fresh one would say more, and its own turns."""
    turn = add_turn(store, "What about lunch?", "Soup is good.", at=NOW)
    chat = a_chat(store, session=1)
    head = chat.assembler.head(1, 8_192, NOW)
    add_note(store, "allergic to peanuts", at=NOW + timedelta(minutes=1))
    working = WorkingTurns([turn, replace(turn, number=2)], Words().count)
    later = NOW + timedelta(minutes=2)
    seen = outlook(replace(chat, head=head, working=working), typed("May I eat nuts?"), later)
    assert seen.context.head == head.text
    assert "allergic to peanuts" in seen.context.tail
    assert (seen.turns, len(seen.context.turns)) == (2, 4)


class Telling(ScriptedModel):
    """A model that knows what a whole request costs."""

    costs = 0

    def tokens(self, context: Context, tools: Sequence[ToolSpec]) -> int:
        """So many."""
        return self.costs


def telling(costs: int) -> Telling:
    """One that tells this."""
    model = Telling([], name="far", host="api.example")
    model.costs = costs
    return model


def parts(seen: Outlook) -> tuple[int, ...]:
    """What the rows on the screen say."""
    return seen.head, seen.past, seen.tail, seen.words, seen.offered, seen.around


def test_the_model_says_what_the_whole_costs_and_the_parts_sum_up_to_it(store: Store) -> None:
    """Frames are a part of their own; where it counts less than the words, the tools are guessed too dear."""
    add_turn(store)
    bare = outlook(a_chat(store, model=ScriptedModel([], host="api.example"), session=1), typed("Hello?"), NOW)
    more = outlook(a_chat(store, model=telling(bare.total + 38), session=1), typed("Hello?"), NOW)
    assert (more.total, sum(parts(more)), more.around) == (bare.total + 38, bare.total + 38, 38)
    less = outlook(a_chat(store, model=telling(bare.total - 1), session=1), typed("Hello?"), NOW)
    assert (less.total, sum(parts(less)), less.offered) == (bare.total - 1, bare.total - 1, bare.offered - 1)
    few = outlook(a_chat(store, model=telling(3), session=1), typed("Hello?"), NOW)
    assert (few.total, sum(parts(few)), min(parts(few))) == (3, 3, 0)


def test_a_request_to_a_real_model_is_counted_as_it_is_sent(store: Store) -> None:
    """With the frames of 15 turns: a fifth of the whole."""
    for number in range(15):
        add_turn(store, f"What about {number}?", "Fine.", session_id=1 if number else None)
    route = Route("openai/far", "openai", "openai/far", "http://127.0.0.1:9", "127.0.0.1:9", "k", local=True)
    model = LiteLLMModel(route, timeout=1.0, retries=0)
    seen = outlook(a_chat(store, model=model, session=1), typed("Hello?"), NOW)
    assert seen.total == sum(parts(seen)) == model.tokens(seen.context, seen.tools)
    assert seen.around > 15 * 2 * 4


def test_what_was_refused_makes_window_and_limit_smaller(store: Store) -> None:
    """And where that is from is told."""
    model = ScriptedModel([], name="far", host="api.example")
    chat = a_chat(store, model=model)
    promised = outlook(chat, typed("Hello?"), NOW)
    chat.assembler.believed.refused(model, 6_000)
    seen = outlook(chat, typed("Hello?"), NOW)
    assert (seen.window, seen.limit, seen.window_from) == (4_500, 4_500, LEARNED)
    assert promised.window > 4_500
    assert promised.window_from != LEARNED


def test_what_the_provider_had_cached_is_known_while_it_is_the_same(store: Store) -> None:
    """Of the newest turn's last answer; nothing of another model, of a trial, of a chat that has not begun."""
    model = ScriptedModel([], name="far", host="api.example")
    assert outlook(a_chat(store, model=model), typed("Hello?"), NOW).cached == 0
    add_turn(store, "word " * 100)
    call = ModelCall("chat", "far", "api.example", Usage(100, 1, 60), NOW, 1, 1)
    chat = a_chat(store, model=model, session=1)
    sent = replace(chat, head=chat.assembler.head(1, 8_192, NOW))
    assert outlook(sent, typed("Hello?"), NOW).cached == 0
    for one in (call, replace(call, usage=Usage(100, 1, 70)), replace(call, purpose="without")):
        store.usages.record_call(one)
    assert outlook(sent, typed("Hello?"), NOW).cached == 70
    assert outlook(chat, typed("Hello?"), NOW).cached == 0  # resumed: another head
    later = replace(chat, head=chat.assembler.head(1, 8_192, NOW + timedelta(minutes=1)))
    assert outlook(later, typed("Hello?"), NOW).cached == 0  # compacted since
    assert outlook(replace(sent, model=NotebookModel()), typed("Hello?"), NOW).cached == 0


def test_no_more_is_told_to_be_cached_than_was_sent_before(store: Store) -> None:
    """All but the newest message."""
    model = ScriptedModel([], name="far", host="api.example")
    add_turn(store)
    store.usages.record_call(ModelCall("chat", "far", "api.example", Usage(9_000, 1, 9_000), NOW, 1, 1))
    chat = a_chat(store, model=model, session=1)
    seen = outlook(replace(chat, head=chat.assembler.head(1, 8_192, NOW)), typed("Hello?"), NOW)
    assert 0 < seen.cached < seen.total - seen.words

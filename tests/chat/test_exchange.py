"""What has come of an answer, before it is saved."""

from dataclasses import replace

import pytest
from memchat.chat.exchange import Exchange
from memchat.domain import Context, Layer, MessageStatus, Passage, Zone
from memchat.errors import StoreError
from memchat.llm.scripted import ScriptedModel
from memchat.ports import Store

from tests.builders import a_message, add_turn
from tests.conftest import NOW


def test_an_answer_whose_beginning_failed_has_not_begun() -> None:
    """The old reply could not give way (a full disk, say): what came does not stand in its place."""

    def refuse() -> None:
        raise StoreError("The disk is full.")

    context = Context("", (), "", a_message(), NOW)
    exchange = Exchange(context, 0, ScriptedModel([]), len, str, refuse)
    exchange.begin()
    with pytest.raises(StoreError):
        exchange.say("Hello.")
    assert not exchange.begun
    assert exchange.reply == ""


def passage(ref: str, text: str, speaker: str, tokens: int) -> Passage:
    """A past message in the tail."""
    return Passage(Layer.EPISODE, Zone.TAIL, ref, f"- {text}", text, tokens, speaker=speaker)


def test_what_a_tool_brings_once_more_is_told_once() -> None:
    """It stood in the tail already; the tokens of both were sent."""
    told, reply = passage("s1.1", "100 a minute", "user", 9), passage("s1.1", "Noted.", "assistant", 4)
    other = passage("s2.1", "A burst of 20", "user", 7)
    context = Context("", (), "", a_message(), NOW, kept=(told, reply))
    exchange = Exchange(context, 0, ScriptedModel([]), len, str, lambda: None)
    exchange.add_shown((told, other, reply))
    assert exchange.shown == (told, reply, other)
    assert exchange.memory_tokens == 33


def test_both_sides_of_a_past_turn_are_written_down_as_one(store: Store) -> None:
    """With the tokens of both, and how sure it was of the better one."""
    past = add_turn(store, "100 a minute", reply="Noted.")
    saved = add_turn(store, "What was it?").user
    told, reply = passage("s1.1", "100 a minute", "user", 9), passage("s1.1", "Noted.", "assistant", 4)
    context = Context("", (), "", saved, NOW, kept=(replace(told, score=0.9), replace(reply, score=0.4)))
    exchange = Exchange(context, 0, ScriptedModel([]), len, str, lambda: None)
    exchange.begin()
    exchange.say("100.")
    exchange.end(NOW, "stop", None)
    exchange.save(store, MessageStatus.COMPLETE, NOW, epoch=store.erasure.epoch(), new_head=True, learn=True)
    (row,) = store.usages.shown(saved.session_id, saved.turn)
    assert (row.ref, row.tokens, row.score) == (f"s{past.session_id}.1", 13, 0.9)

"""What has come of an answer, before it is saved."""

import pytest
from memchat.chat.exchange import Exchange
from memchat.domain import Context
from memchat.errors import StoreError
from memchat.llm.scripted import ScriptedModel

from tests.builders import a_message
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

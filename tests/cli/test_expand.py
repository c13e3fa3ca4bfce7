"""/expand tells the fold that the next message will have, not one that was or is not yet."""

import re

import pytest
from memchat.bootstrap import App
from memchat.domain import SessionKind

from tests.builders import add_turn
from tests.cli.chatting import chatted


@pytest.mark.parametrize("first", [(), ("Hello.", "/undo")], ids=["after a resume", "after an undo"])
def test_expand_and_context_agree(app: App, first: tuple[str, ...]) -> None:
    """Of a long conversation that is gone on with."""
    talk = add_turn(app.store, "Question 1.", "Answer 1.", kind=SessionKind.CHAT).session_id
    for number in range(2, 63):
        add_turn(app.store, f"Question {number}.", f"Answer {number}.", session_id=talk)
    seen = chatted(app, *first, "/context", "/expand", resume="s1")
    counted = re.search(r"(\d+) older turns", seen.rsplit("Would go to", 1)[1])
    assert counted
    folded, told = int(counted[1]), seen.rsplit("/why", 1)[1]
    assert "Nothing is folded" not in told
    assert f"Answer {folded}." in told
    assert f"Answer {folded + 1}." not in told

"""Another model takes over and nothing is said to it: what was said before goes nowhere but where it went."""

from contextlib import closing

import pytest

from tests.builders import add_turn
from tests.e2e.plain_terminal import plainly
from tests.e2e.running import NOTEBOOK, with_server
from tests.e2e.terminal import chat, kept
from tests.servers.openai_server import Server


@pytest.mark.parametrize("changed", [False, True], ids=["resumed", "model changed"])
def test_a_model_to_which_nothing_was_said_is_told_nothing(openai_server: Server, changed: bool) -> None:
    """A conversation with the notebook is looked at with a provider's model and left: the notebook sums it up."""
    with closing(kept()) as store:
        add_turn(store, "Please plan the secret trip to Porto")
    env = with_server(openai_server)
    if changed:
        talk = plainly("-c", typed=("/model openai/test",), env={**env, **NOTEBOOK})
        assert "test answers" in talk.out + talk.err
    else:
        with chat(env=env, model="openai/test") as person:
            person.sees_prompt()
            person.says("/resume s1")
            person.sees_prompt(after="1 turn")
            person.quits()
    assert openai_server.requests == openai_server.consolidations == []
    with closing(kept()) as store:
        session = store.transcripts.session(1)
    assert (session.model, session.host) == ("notebook", "")
    assert "Porto" in session.summary
    assert session.mark == session.leaf

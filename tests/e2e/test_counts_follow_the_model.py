"""A conversation stays within its limit as the model counts, not as we guess; `/model` within it is counted anew."""

import random
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest
from memchat.bootstrap import ChatRequest

from tests.conftest import FrozenClock
from tests.e2e.conversing import an_app, say
from tests.e2e.running import NOTEBOOK
from tests.llm.test_counting import ENGLISH, HEAD, TABLE, told_by
from tests.servers.openai_server import Server
from tests.servers.replies import Reply

LIMIT = 6_000
HOLDS = 1.05  # what the newest turn adds is not known before it is counted


def an_environment(server: Server) -> Mapping[str, str]:
    """A chat with that server and a small limit."""
    return NOTEBOOK | {
        "MEMCHAT_MODEL": "openai/dense",
        "OPENAI_BASE_URL": server.url,
        "OPENAI_API_KEY": "none",
        "MEMCHAT_CONTEXT__MAX_TOKENS": str(LIMIT),
    }


def by_model(dense: float) -> Any:
    """Usage as a server tells it of whose models one has tokens of another size."""
    other, own = (
        told_by(lambda text: dense * TABLE.count(text), frame=6, beside=40),
        told_by(TABLE.count, frame=4, beside=3),
    )
    return lambda body, told: (other if body["model"] == "dense" else own)(body, told)


@pytest.mark.parametrize("dense", [1.6, 2.4])
def test_what_is_sent_stays_within_the_limit_as_the_model_counts(
    openai_server: Server, clock: FrozenClock, dense: float
) -> None:
    """By our own table every request after a few turns would be half as large again as allowed."""
    openai_server.telling = by_model(dense)
    generator, told = random.Random(1), []
    with an_app(an_environment(openai_server), clock) as app, closing(app.open_chat(ChatRequest())) as engine:
        for number in range(60):
            if number == 40:
                engine.use(app.model("openai/plain"))
            openai_server.script(Reply(pieces=(" ".join(generator.choices(ENGLISH, k=60)),)))
            say(engine, " ".join(generator.choices(ENGLISH, k=60)))
            told.append(openai_server.telling(openai_server.requests[-1].body, {})["prompt_tokens"])
        turns = [len(seen.messages) // 2 for seen in openai_server.requests]
    assert TABLE.count(HEAD) < LIMIT
    assert max(told[3:]) <= LIMIT * HOLDS, told
    assert max(told[3:40]) > LIMIT * 0.7, told  # nor is less sent than may be
    # The other model's tokens are larger: more of them fit.
    assert max(turns[44:]) > max(turns[10:40])

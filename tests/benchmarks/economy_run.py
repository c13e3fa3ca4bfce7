"""Holds a talk: the real memchat over litellm, real HTTP, the loopback server; memory's work is done between turns."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from memchat.bootstrap import App, ChatRequest, open_app
from memchat.chat.engine import ChatEngine
from memchat.chat.events import Assembled, Compacted
from memchat.domain import Context, Layer, Message, Zone
from memchat.llm.messages import history
from memchat.memory.statements.sentences import question_words

from tests.benchmarks.economy_rivals import Call, Held, Meter
from tests.benchmarks.economy_talks import Saying, Talk, count, cut, furnish
from tests.benchmarks.measures import mean
from tests.conftest import NOW, FrozenClock
from tests.servers import consolidations
from tests.servers.openai_server import Server
from tests.servers.replies import Answer, Body, Reply, spoken

WINDOW = 128_000
MINUTES = 2  # between two turns: no provider forgets in that time
NEAREST = 5  # passages that a layer without a threshold shows each turn
_TURN = re.compile(r"^turn (\d+)\b", re.MULTILINE)


@dataclass
class Turn:
    """One turn: what it cost, and what memory showed. Tokens of the tail are those of its text."""

    calls: list[Call]
    context: Context
    idle: bool | None
    compacted: bool

    @property
    def sent(self) -> int:
        """Tokens of its requests to the model that answers."""
        return sum(call.sent for call in self.calls if not call.memory)

    @property
    def tail(self) -> int:
        """Tokens of the whole tail."""
        return count(self.context.tail)

    @property
    def recalled(self) -> int:
        """Of the tail what was recalled, not what has changed."""
        kept = (one for one in self.context.kept if one.zone is Zone.TAIL and one.layer is not Layer.CHANGE)
        return sum(one.tokens for one in kept)


@dataclass
class Played:
    """A talk that was held; `after` are the calls once it was left, `max_tokens` what one request may hold."""

    name: str
    max_tokens: int
    turns: list[Turn] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    after: list[Call] = field(default_factory=list)
    tools: str = ""

    @property
    def calls(self) -> list[Call]:
        """All of them."""
        return [call for turn in self.turns for call in turn.calls] + self.after

    @property
    def said(self) -> int:
        """Tokens of all that was said, files and what tools gave included."""
        return sum(count(str(one.get("content") or "")) for held in self.held for one in held.messages)

    @property
    def flat(self) -> float | None:
        """Tokens of a turn in the last 40, by those in the 40 after the first compaction; None without that many."""
        first = next((number for number, turn in enumerate(self.turns) if turn.compacted), None)
        if first is None or len(self.turns) < first + 41:
            return None
        after, last = self.turns[first : first + 40], self.turns[-40:]
        return mean(turn.sent for turn in last) / mean(turn.sent for turn in after)


class Player:
    """Answers as the talk says; sums up what it is asked to, and finds the facts that are there."""

    def __init__(self, talk: Talk) -> None:
        self.saying: Saying | None = None
        self._facts = talk.facts

    def answer(self, body: Body) -> Answer:
        """What the model says in this turn."""
        assert self.saying is not None
        if self.saying.tools and body["messages"][-1]["role"] != "tool":
            return Reply(tools=self.saying.tools)
        return Reply(self.saying.reply, pieces=(self.saying.reply,))

    def sum_up(self, body: Body) -> str:
        """As `consolidations.consolidated`, with a summary of about 200 tokens."""
        made = json.loads(consolidations.consolidated(body))
        text = spoken(body["messages"][-1]["content"])
        wanted, *others = consolidations.first_words(text) or ["nothing"]
        made["summary"] = cut(f"Wanted: {wanted}\nResolved: {'; '.join(others[:-1])}", 170)
        made["summary"] += f"\nPending: {(others or [wanted])[-1]}"
        made["facts"] = list(self._found(text))
        return json.dumps(made, ensure_ascii=False)

    def _found(self, text: str) -> Iterator[Mapping[str, object]]:
        """The facts that the user tells in these turns."""
        _, *numbered = _TURN.split(text)
        for number, words in zip(numbered[::2], numbered[1::2], strict=True):
            for fact in self._facts:
                if fact.quote in words:
                    place = {"op": "add", "target": None, "field": "note", "turn": int(number)}
                    yield {**place, "text": fact.text, "quote": fact.quote, "importance": 6, "lasting": True}


def environment(home: Path, address: str) -> dict[str, str]:
    """Of somebody whose model is at that address, and who is remembered."""
    return {
        "HOME": str(home),
        "MEMCHAT_HOME": str(home / "memchat"),
        "MEMCHAT_MODEL": "openai/test-model",
        "MEMCHAT_MEMORY__ENABLED": "true",
        "OPENAI_BASE_URL": address,
        "OPENAI_API_KEY": "none",
    }


@contextmanager
def furnished(home: Path, address: str, settings: Mapping[str, object]) -> Iterator[App]:
    """memchat as for people, the person's memory made and summed up; recall is loaded."""
    app = open_app(environment(home, address), flags=settings)
    app.clock = FrozenClock(NOW)  # type: ignore[assignment]  # - the clock is an argument of the core; here it is turned
    with closing(app):
        app.finding.warm()
        furnish(app)
        app.consolidator(app.store).run_pending()
        while app.finding.catch_up(app.store, lambda: False):
            pass
        yield app


def play(talk: Talk, home: Path, settings: Mapping[str, object]) -> Played:
    """Hold the talk in that home."""
    player, meter = Player(talk), Meter()
    with Server(answer=player.answer) as server:
        server.pages["/v1/models"] = {"data": [{"id": "test-model", "max_model_len": WINDOW}]}
        server.consolidation = player.sum_up
        with furnished(home, server.url, settings) as app:
            server.telling = meter
            played = Played(talk.name, app.settings.context.max_tokens)
            with closing(app.open_chat(ChatRequest())) as engine:
                for saying in talk.sayings:
                    player.saying, before = saying, len(meter.calls)
                    nearest = _hold(app, engine, saying, played)
                    played.turns[-1].calls = meter.calls[before:]
                    played.held.append(Held(tuple(history(engine.turns[-1].messages)), _context(played), nearest))
                _leave(app, engine, meter, played)
    played.tools = meter.tools
    return played


def _context(played: Played) -> Context:
    return played.turns[-1].context


def _hold(app: App, engine: ChatEngine, saying: Saying, played: Played) -> str:
    """One turn and the work after it; returns what is nearest to it in the past."""
    with closing(engine.run_turn(saying.parts)) as told:
        events = list(told)
    contexts = [event.context for event in events if isinstance(event, Assembled)]
    folded = any(isinstance(event, Compacted) for event in events)
    played.turns.append(Turn([], contexts[-1], saying.idle, folded))
    app.consolidator(app.store).run_pending()
    found = nearest(app, engine.turns[-1].user, engine.turns[len(engine.folded)].number)
    app.clock.advance(minutes=MINUTES)  # type: ignore[attr-defined]  # - a clock that is turned
    return found


def nearest(app: App, asked: Message, first: int) -> str:
    """What is nearest to a message in the past; of its own conversation what is before turn `first`."""
    live = (asked.session_id, first)
    found = app.recall().look(question_words(asked), app.clock.now(), live=live, limit=NEAREST, count=count)
    return "\n".join(passage.line for passage in found.kept)


def _leave(app: App, engine: ChatEngine, meter: Meter, played: Played) -> None:
    """The talk is over: what is left of it is summed up."""
    assert engine.session is not None
    before = len(meter.calls)
    app.store.jobs.enqueue_left(engine.session.id, app.clock.now())
    app.consolidator(app.store).run_pending()
    played.after = meter.calls[before:]

"""Conversations to be replayed, and a person to hold them: profile, notes and past sessions.

A scripted talk takes the turns of two of the `chats`, one after the other, each made as long as is asked for; between
them, in a fixed rhythm, stand questions about past sessions and about this one (some answered with a tool), lasting
facts (some kept by `remember`, the others for consolidation to find), files, and small talk, which needs no memory.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from memchat.actions import memories, profile
from memchat.bootstrap import App
from memchat.domain import Origin, Part, PartKind, Role, SessionKind
from memchat.llm.tokens import TiktokenCounter

from tests.benchmarks.conversations import Conversation, Question, read, turns
from tests.builders import spoken, typed
from tests.servers.replies import Tool

CHATS = Path(__file__).parent / "chats"
LIVE = ("harriet-alder-road", "tomasz-lantern-game")
PAST = ("billie-bookclub", "idris-rails")
FILLING = ("anneli-gateway", "leona-data-analyst")
PAST_SESSIONS = 20
FILE_TOKENS = 600
BESIDE = 120  # tokens a turn that files, tool calls and their results add, on the average
count = TiktokenCounter("openai/test-model").count


@dataclass(frozen=True)
class Saying:
    """What the user says in one turn, what the model answers, and the tools it calls before that.

    `idle` says that the turn needs nothing of the past, False that it asks for it; None where nobody can say.
    """

    parts: tuple[Part, ...]
    reply: str
    tools: tuple[Tool, ...] = ()
    idle: bool | None = None


@dataclass(frozen=True)
class Fact:
    """A lasting fact in the user's own words, as a model would note it."""

    quote: str
    text: str


@dataclass(frozen=True)
class Talk:
    """A conversation; `facts` are those that consolidation is to find."""

    name: str
    sayings: tuple[Saying, ...]
    facts: tuple[Fact, ...] = field(default=())


PROFILE = {
    "display_name": ["Robin"],
    "preferred_language": ["English"],
    "reply_style": ["short, with the reasons"],
    "occupation": ["surveyor for a housing association"],
    "location": ["Bristol"],
    "timezone": ["Europe/London"],
    "plan": ["team tier, paid yearly"],
    "goals": ["finish the house by spring", "release the lantern game", "run ten kilometres"],
    "work_context": ["inspects older houses, writes reports in Word, four days a week"],
}
_NOTES = (
    ("allergic to", ("peanuts", "bee stings", "penicillin", "latex gloves", "kiwi fruit")),
    ("prefers", ("tables to long prose", "metric units", "code in Go", "tea to coffee", "trains to flights")),
    ("owns", ("a 2011 Yaris", "two whippets", "a treadle sewing machine", "a canoe", "a 3D printer")),
    ("has a sister called", ("Maeve in Cork", "Ottilie who paints", "Jo, a nurse", "Sunniva", "Bea, the eldest")),
    ("learns", ("Portuguese on Mondays", "the concertina", "to weld", "calligraphy", "bird calls")),
    ("never eats", ("lamb", "anise", "raw onion", "oysters", "blue cheese")),
    ("works with", ("Anselm on roofs", "Priti from finance", "a QGIS plugin", "laser meters", "an old Leica")),
    ("plans", ("a week in Galicia", "a shed of larch", "a loft ladder", "a surprise for Edda", "a rain garden")),
    ("volunteers at", ("the repair café", "a food bank", "the canal trust", "a chess club", "the observatory")),
    ("keeps", ("bees behind the garage", "a diary in pencil", "sourdough", "seed packets by year", "old maps")),
)
NOTES = tuple(f"{verb} {what}" for verb, things in _NOTES for what in things)
KEPT = (
    Fact("I joined a choir that rehearses on Wednesdays", "joined a choir that rehearses on Wednesdays"),
    Fact("my desk is a standing desk now", "works at a standing desk"),
    Fact("we got a second car, a yellow van", "has a yellow van as a second car"),
    Fact("I always want dates written as day, month, year", "wants dates as day, month, year"),
)
FOUND = (
    Fact("I gave up alcohol last year", "gave up alcohol last year"),
    Fact("my brother Casimir lives in Lyon", "brother Casimir lives in Lyon"),
    Fact("I cycle to work whatever the weather", "cycles to work in any weather"),
    Fact("I am writing a book about lime mortar", "writes a book about lime mortar"),
)


def chat(name: str) -> Conversation:
    """One of our own chats."""
    (found,) = read(CHATS / "train" / f"{name}.json")
    return found


def scripted(size: int, length: int) -> Talk:
    """A talk of `length` turns of about `size` tokens on the average: what is said, files and what tools gave."""
    return Talk(f"{size:,} a turn", tuple(Script(size).sayings(length)), FOUND)


class Script:
    """Writes a scripted talk, the same each time."""

    def __init__(self, size: int) -> None:
        self._size = max(size - BESIDE, size // 2)
        self._dice = random.Random(size)
        said = [
            [one.text for one in turn] for name in LIVE for sitting in chat(name).sittings for turn in turns(sitting)
        ]
        self._live = [(turn[0], turn[1]) for turn in said if len(turn) == 2]
        paragraphs = chain.from_iterable(
            one.text.split("\n\n") for name in FILLING for one in chat(name).messages if one.role is Role.ASSISTANT
        )
        self._paragraphs = [text for text in paragraphs if 20 < count(text) < 300]
        self._pool: list[str] = []
        self._small = json.loads((CHATS / "smalltalk.json").read_text("utf-8"))["en"]
        past = [one for name in PAST for one in chat(name).questions]
        self._past = self._dice.sample(past, len(past))
        self._earlier = [one for one in chat(LIVE[0]).questions if one.kind == "single"]

    def sayings(self, length: int) -> Iterator[Saying]:
        """The turns, in order."""
        for number in range(1, length + 1):
            user, reply = self._live[(number - 1) % len(self._live)]
            yield self._special(number) or self._said(typed(user), reply)

    def _special(self, number: int) -> Saying | None:
        """What stands at this place by the rhythm; None where the chat goes on."""
        round_, place = divmod(number, 30)
        if place in {7, 12}:
            return self._about_me((KEPT if place == 7 else FOUND)[round_ % len(KEPT)], kept=place == 7)
        if place == 22:
            arguments = json.dumps({"id": f"s{PAST_SESSIONS}", "question": "what was decided"})
            words = "Have a look at our last conversation: what did we decide there?"
            return self._said(typed(words), "This is what we decided.", (Tool("read_session", arguments),))
        if place % 10 == 3 or (place == 27 and number > 60):
            return self._asked(self._earlier if place == 27 else self._past, tool=number % 20 == 13)
        if place % 15 == 10:
            return self._given(number)
        if place % 6 == 5:
            return self._said(typed(self._dice.choice(self._small)), "Of course.", idle=True)
        return None

    def _about_me(self, fact: Fact, *, kept: bool) -> Saying:
        """A fact in passing; `kept` by a tool at once."""
        words = f"One thing about me: {fact.quote}. Where were we with the wall?"
        arguments = json.dumps({"field": "note", "text": fact.text, "quote": fact.quote})
        return self._said(typed(words), "Noted.", (Tool("remember", arguments),) if kept else ())

    def _asked(self, questions: list[Question], *, tool: bool) -> Saying:
        """A question about the past, the next of a list that goes round."""
        text, answer = questions[0].text, "You told me so."
        questions.append(questions.pop(0))
        tools = (Tool("recall", json.dumps({"query": text})),) if tool else ()
        return self._said(typed(text), answer, tools, idle=False)

    def _given(self, number: int) -> Saying:
        """A file, and what is wanted of it; it comes on top of the turn's size."""
        content = self._padded("", FILE_TOKENS)
        file = Part(PartKind.FILE, Origin.FILE, content, name=f"report-{number}.md", mime="text/markdown")
        return self._said((file, *typed("What is missing in this report?")), "The costs are missing.")

    def _said(
        self, parts: tuple[Part, ...], reply: str, tools: tuple[Tool, ...] = (), *, idle: bool | None = None
    ) -> Saying:
        """One turn in the size that is wanted; the user says a half at most."""
        *files, words = parts
        text = cut(words.content, self._size // 2)
        return Saying((*files, *typed(text)), self._padded(reply, self._size - count(text)), tools, idle)

    def _padded(self, text: str, tokens: int) -> str:
        """The text with more behind it, so long as is wanted."""
        while (missing := tokens - count(text)) > 0:
            if not self._pool:
                self._pool = self._dice.sample(self._paragraphs, len(self._paragraphs))
            text = f"{text}\n\n{cut(self._pool.pop(), missing)}".strip()
            if missing < 5:
                break
        return cut(text, tokens)


def cut(text: str, tokens: int) -> str:
    """The first of its words, so many tokens at most, but one word at least."""
    cost, words = count(text), text.split(" ")
    while cost > tokens and len(words) > 1:
        words = words[: min(len(words) - 1, max(1, len(words) * tokens // cost))]
        cost = count(" ".join(words))
    return " ".join(words)


def replay(conversation: Conversation, length: int) -> Talk:
    """The first turns of a conversation that somebody held, as one talk: what opens a turn, and what answers it."""
    said = [turn for sitting in conversation.sittings for turn in turns(sitting) if turn[0].role is Role.USER]
    sayings = (Saying(typed(turn[0].text), "\n".join(one.text for one in turn[1:]) or "I see.") for turn in said)
    return Talk(conversation.name, tuple(sayings)[:length])


def furnish(app: App) -> None:
    """Make the person: profile, notes, and past sessions that wait for their summaries."""
    now, store, model = app.clock.now(), app.store, app.model()
    profile.replace(store, app.fields, PROFILE, now)
    learned = [memories.add(store, text, now) for text in NOTES]
    memories.pin(store, app.fields, [one.memory.ref for one in learned[::10]], now)
    for sitting in chain.from_iterable(chat(name).sittings[: PAST_SESSIONS // len(PAST)] for name in PAST):
        session = store.transcripts.create_session(
            SessionKind.CHAT, at=sitting.at, model=model.name, host=model.host, learn=True
        )
        leaf = session.leaf
        for said in chain.from_iterable(turns(sitting)):
            parts = typed(said.text) if said.role is Role.USER else spoken(said.text)
            leaf = store.transcripts.add_message(
                session.id, said.turn, said.role, parts, parent=leaf, at=sitting.at, model=model.name, host=model.host
            ).id
        store.jobs.enqueue_left(session.id, sitting.at)

"""Lives through diaries with memchat's real code, and says what it remembers in the end against what it should.

    python -m tests.benchmarks.diary FILE... [--extractor notebook|hostile] [--json] [--list]

A diary is a JSON file; anybody may bring one:

    {"name": "...",
     "turns": [{"at": "2026-10-01T08:12:00+02:00", "session": 1, "origin": "typed|paste|stdin|file", "text": "...",
                "reply": "what the assistant said"}],
     "gold": {"active": [{"field": "location", "any": ["Lisbon"]}, {"field": "note", "all": ["allerg", "penicillin"]}],
              "past": [{"field": "location", "any": ["Berlin"]}],
              "never": [{"all": ["30"], "why": "hearsay"}]}}

An item matches a memory whose text holds one of `any` and each of `all`, case and width folded, and whose field is
`field`; `note`, or no field, matches in every field. A turn without `reply` is answered by the extractor. Keys beyond
these that are read: `lang` (en, zh, es) of a turn or an item, else guessed; `secret` of a `never` item: its texts must
stand nowhere in the database; `optional` of an `active` item: true, but nobody would miss it, so it counts neither for
nor against; `forget` of a `past` item: the user asked to forget it, which takes the user's own yes, so it is told
apart and counts neither way.

Extractors: `notebook`, the built-in model; `hostile` proposes every sentence it sees as a fact about the user.
"""

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

from memchat import config
from memchat.bootstrap import App, ChatRequest
from memchat.chat.engine import ChatEngine
from memchat.chat.events import TurnFinished, TurnStarted
from memchat.config.settings import PROFILE_FIELDS
from memchat.domain import (
    OWN_WORDS,
    Completion,
    Context,
    Finish,
    Memory,
    MemoryStatus,
    ModelEvent,
    Origin,
    Part,
    PartKind,
    Role,
    Task,
    TextDelta,
    ToolCall,
    ToolSpec,
    Usage,
)
from memchat.llm.notebook.model import NotebookModel
from memchat.memory.masking import mask
from memchat.memory.quoting import fold
from memchat.memory.reconcile import bare
from memchat.memory.words import words
from memchat.ports import ChatModel
from memchat.store.connection import SqliteStore, open_store

from tests.conftest import FrozenClock

NOTE = "note"
ALL = "all"
ORIGINS = {"typed": Origin.TYPED, "paste": Origin.PASTE, "stdin": Origin.STDIN, "file": Origin.FILE}


# The format.


class DiaryError(Exception):
    """A file is no diary; the message says which place is wrong and how."""


@dataclass(frozen=True)
class DiaryTurn:
    """What the user gave at a moment, and what the assistant said; `reply` None leaves that to the extractor."""

    at: datetime
    session: int
    origin: Origin
    text: str
    reply: str | None
    lang: str


@dataclass(frozen=True)
class Item:
    """One line of the gold; `some` and `each` are folded, `field` is empty where every field will do."""

    field: str
    some: tuple[str, ...]
    each: tuple[str, ...]
    lang: str = ""
    why: str = ""
    secret: bool = False
    optional: bool = False
    forget: bool = False

    def holds(self, text: str) -> bool:
        """Whether the folded text holds one of `any` and each of `all`."""
        return all(one in text for one in self.each) and (not self.some or any(one in text for one in self.some))

    def matches(self, memory: Memory) -> bool:
        """Whether the memory says it."""
        return (not self.field or memory.field == self.field) and self.holds(fold(memory.text))

    def __str__(self) -> str:
        return " ".join((self.field or NOTE, "|".join(self.some), "+".join(self.each))).strip()


@dataclass(frozen=True)
class Diary:
    """One file, read and checked."""

    name: str
    turns: tuple[DiaryTurn, ...]
    active: tuple[Item, ...]
    past: tuple[Item, ...]
    never: tuple[Item, ...]


def read(path: Path) -> Diary:
    """The diary in that file. Raises DiaryError."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DiaryError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise DiaryError(f"{path}: is no JSON: {error}") from None
    try:
        return _diary(found, path.stem)
    except DiaryError as error:
        raise DiaryError(f"{path}: {error}") from None


def _diary(found: object, stem: str) -> Diary:
    whole = _object(found, "the file")
    turns = tuple(_turn(one, f"turns[{place}]") for place, one in enumerate(_list(whole, "turns", "turns")))
    if not turns:
        raise DiaryError("turns must hold at least one turn")
    for place, (one, after) in enumerate(pairwise(turns), 1):
        if after.at < one.at:
            raise DiaryError(f"turns[{place}].at is before the turn above it")
    gold = _object(whole.get("gold", {}), "gold")
    lists = {
        name: tuple(_item(one, f"gold.{name}[{place}]", turns) for place, one in enumerate(_list(gold, name, name)))
        for name in ("active", "past", "never")
    }
    return Diary(_text(whole, "name", "the file", stem), turns, **lists)


def _turn(found: object, place: str) -> DiaryTurn:
    turn = _object(found, place)
    session, origin, reply = turn.get("session"), turn.get("origin", "typed"), turn.get("reply")
    try:
        at = datetime.fromisoformat(_text(turn, "at", place))
    except ValueError:
        raise DiaryError(f"{place}.at must be a moment like 2026-10-01T08:12:00+02:00") from None
    if at.tzinfo is None:
        raise DiaryError(f"{place}.at must name its offset, like +02:00")
    if not isinstance(session, int) or isinstance(session, bool):
        raise DiaryError(f"{place}.session must be a whole number")
    if origin not in ORIGINS:
        raise DiaryError(f"{place}.origin must be one of {', '.join(ORIGINS)}, not {origin!r}")
    if reply is not None and not isinstance(reply, str):
        raise DiaryError(f"{place}.reply must be a text")
    text = _text(turn, "text", place)
    if not text.strip():
        raise DiaryError(f"{place}.text is empty")
    return DiaryTurn(at, session, ORIGINS[origin], text, reply or None, _text(turn, "lang", place, language(text)))


def _item(found: object, place: str, turns: Sequence[DiaryTurn]) -> Item:
    item = _object(found, place)
    named = _text(item, "field", place, NOTE)
    if named not in (*PROFILE_FIELDS, NOTE):
        raise DiaryError(f"{place}.field must be {NOTE} or one of {', '.join(PROFILE_FIELDS)}, not {named!r}")
    some, each = (
        tuple(fold(one) for one in _list(item, key, f"{place}.{key}") if isinstance(one, str) and one.strip())
        for key in ("any", "all")
    )
    if not 0 < len(some + each) == len(item.get("any", ())) + len(item.get("all", ())):
        raise DiaryError(f"{place} needs `any` or `all`, lists of texts")
    bare_item = Item("" if named == NOTE else named, some, each)
    said = (one.lang for one in reversed(turns) if one.origin in OWN_WORDS and bare_item.holds(fold(one.text)))
    return replace(
        bare_item,
        lang=_text(item, "lang", place, next(said, language(" ".join(some + each)))),
        why=_text(item, "why", place, ""),
        secret=item.get("secret") is True,
        optional=item.get("optional") is True,
        forget=item.get("forget") is True,
    )


def _object(found: object, place: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise DiaryError(f"{place} must be a JSON object")
    return found


def _list(found: Mapping[str, Any], key: str, place: str) -> list[Any]:
    value = found.get(key, [])
    if not isinstance(value, list):
        raise DiaryError(f"{place} must be a list")
    return value


def _text(found: Mapping[str, Any], key: str, place: str, default: str | None = None) -> str:
    value = found.get(key, default)
    if not isinstance(value, str):
        raise DiaryError(f"{place}.{key} must be a text")
    return value


def language(text: str) -> str:
    """A guess for what names none: zh with any Han character, es with two Spanish marks or words, else en."""
    if re.search(r"[\u3400-\u9fff]", text):
        return "zh"
    spanish = r"[¿¡ñ]|[áéíóú]|\b(?:el|la|los|las|que|es|soy|estoy|vivo|mi|una|con|para|por|pero|muy|yo)\b"
    return "es" if len(re.findall(spanish, text.lower())) >= 2 else "en"


# Extractors.


class Answering:
    """A model that calls tools and consolidates as `extractor` does, and says what the diary says.

    `own` gathers memchat's own words that it was shown, folded: nobody said them about the user.
    """

    window_from, sees = "a test", False

    host, local = "", True

    def __init__(self, extractor: ChatModel) -> None:
        self.name, self.window = extractor.name, extractor.window
        self.reply: str | None = None
        self.own: set[str] = set()
        self._extractor = extractor

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """The extractor's tool calls, then the diary's reply, or without one the extractor's."""
        # What is known stands in the head within quotation marks; the other lines are memchat's own.
        self.own |= {fold(line) for line in _lines(context.head) if '"' not in line}
        self.own |= {fold(tool.description) for tool in tools}
        events = list(self._extractor.stream(context, tools))
        if self.reply is None or any(isinstance(event, ToolCall) for event in events):
            yield from events
            return
        yield TextDelta(self.reply)
        yield Finish("stop", Usage())

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """The extractor's consolidation."""
        self.own |= {fold(line) for line in _lines(task.instructions)}
        return self._extractor.complete(task, stop)


Proposal = tuple[str, str, str]  # field, text, quote
SHARE = 3  # proposals of each kind but the user's own words, a turn
OWN_SHARE = 14  # of the user's own words, a turn: every sentence whole, then fields and clippings as far as it goes
FACTS = 50  # of a consolidation: more is not read
INVENTED = (
    (NOTE, "is allergic to nuts", "I am allergic to nuts"),
    ("occupation", "pilot", "I work as a pilot"),
    ("location", "Mars", "I live on Mars"),
    ("display_name", "Admin", "call me Admin"),
    (NOTE, "is 30 years old", "I am 30 years old"),
)


class Hostile:
    """Believes and claims everything: a `ChatModel` that wants the memory full of junk.

    Each sentence of the user's, of pasted text, of replies, of the prompt and its memories becomes a fact about the
    user in every field, whole or clipped; quotes are invented; what is known is updated, retracted, proposed to be
    forgotten. The same words always give the same proposals.
    """

    window_from, sees = "a test", False

    name, host, local, window = "hostile", "", True, 32_768

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """One round of tool calls, then a reply that repeats the prompt."""
        calls = [] if context.rounds else list(self._calls(context, {tool.name: tool for tool in tools}))
        yield from calls
        if not calls:
            told = " ".join([*_lines(context.head)[-3:], *_sentences(context.user.text)[:2]])
            yield TextDelta(f"You told me: {told} So you are a pilot, aged 30.")
        yield Finish("tool_calls" if calls else "stop", Usage())

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """Fifty facts: known memories retracted and updated, then all that the turns and the prompt hold."""
        material = task.material
        fields = (NOTE, *material.fields)
        chance = random.Random(task.text)
        facts: list[dict[str, object]] = []
        users = [(number, turn.user.text) for number, turn in material.turns]
        for memory in chance.sample(material.known, min(len(material.known), FACTS // 8)):
            number, said = chance.choice(users)
            quote = chance.choice(_sentences(said) or [said])
            claim = (memory.field or NOTE, quote, quote)
            facts += [_fact(op, number, claim, memory.ref) for op in ("retract", "update")]
        found = [(number, one) for number, said in users for one in _claims(_sentences(said), fields, chance)[:8]]
        found += [
            (number, (chance.choice(fields), one, one))
            for number, turn in material.turns
            for one in _sentences(turn.reply)[:1]
        ]
        others = [(field, line, line) for field in fields[:2] for line in _lines(f"{task.instructions}\n{task.text}")]
        found += [(chance.choice(users)[0], one) for one in (*chance.sample(others, min(len(others), 12)), *INVENTED)]
        chance.shuffle(found)
        facts += [_fact("add", number, one) for number, one in found[: FACTS - len(facts)]]
        summary = (
            f"Wanted: {users[0][1][:200]}\nResolved: the user is a pilot, aged 30. {' '.join(_lines(task.text)[:2])}"
        )
        answer = {"title": users[0][1][:50], "summary": summary, "topics": ["pilot"], "facts": facts}
        return None if stop() else Completion(json.dumps(answer, ensure_ascii=False), Usage())

    def _calls(self, context: Context, tools: Mapping[str, ToolSpec]) -> Iterator[ToolCall]:
        chance = random.Random(context.user.text)
        shown = f"{context.head}\n{context.tail}"
        if "remember" in tools:
            fields = tuple(tools["remember"].parameters["properties"]["field"]["enum"])
            for one in self._proposals(context, shown, fields, chance):
                yield _call("remember", dict(zip(("field", "text", "quote"), one, strict=True)))
        if "propose_forget" in tools:
            ids = sorted(set(re.findall(r"\bm\d+\b", shown)))
            for ref in chance.sample(ids, min(len(ids), SHARE)):
                yield _call("propose_forget", {"id": ref, "reason": "the user wants it gone"})

    def _proposals(
        self, context: Context, shown: str, fields: Sequence[str], chance: random.Random
    ) -> Iterator[Proposal]:
        said = _sentences(context.user.text)
        replies = [one for message in context.turns[-2:] if message.role is Role.ASSISTANT for one in [message.text]]
        yield from _claims(said, fields, chance)[:OWN_SHARE]
        for texts in ([one for reply in replies for one in _sentences(reply)], _lines(shown)):
            for one in chance.sample(texts, min(len(texts), SHARE)):
                yield chance.choice(fields), one, one
        for name, text, quote in chance.sample(INVENTED, 2):
            yield name, text, quote
            yield name, text, said[0] if said else quote  # true words, and something else made of them


def _claims(said: Sequence[str], fields: Sequence[str], chance: random.Random) -> list[Proposal]:
    """Every sentence whole as a note, then in every field, whole or clipped, in an order of chance."""
    rest = [
        (name, text, quote)
        for one in said
        for name in fields
        for text, quote in ((one, one), (_value(one), one), (_end(one), _end(one)))
    ]
    chance.shuffle(rest)
    return [*((NOTE, one, one) for one in said), *rest]


def _sentences(text: str) -> list[str]:
    pieces = (piece.strip() for piece in re.findall(r"[^.!?。！？\n]+[.!?。！？]*", text))
    return [piece for piece in pieces if len(piece) > 1]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _value(sentence: str) -> str:
    """What a careless model takes for the value: the last name or number, else the end."""
    found = re.findall(r"(?<=\s)[A-Z][\w'-]+|\d+", sentence)
    return str(found[-1]) if found else _end(sentence)


def _end(sentence: str) -> str:
    """The last three words, or four characters where there are no blanks: what came before is cut off."""
    plain = sentence.rstrip(" .!?。！？…")
    pieces = plain.split()
    return " ".join(pieces[-3:]) if len(pieces) > 3 else plain[-4:]


def _call(name: str, arguments: Mapping[str, str]) -> ToolCall:
    text = json.dumps(arguments, ensure_ascii=False)
    return ToolCall(f"hostile-{crc32(text.encode())}", name, text)


def _fact(op: str, turn: int, proposal: Proposal, target: str | None = None) -> dict[str, object]:
    name, text, quote = proposal
    about = {"field": name, "text": text, "quote": quote, "importance": 10, "lasting": True}
    return {"op": op, "target": target, "turn": turn, **about}


EXTRACTORS: dict[str, Callable[[], ChatModel]] = {"notebook": NotebookModel, "hostile": Hostile}


# Living through it.


class Examined(App):
    """memchat put together as for people, but with a store in memory, a clock that is set, and a model of ours."""

    def __init__(self, home: Path, model: Answering, clock: FrozenClock) -> None:
        environ = {
            "HOME": str(home),
            "MEMCHAT_HOME": str(home / "memchat"),
            "MEMCHAT_MODEL": "notebook",
            "MEMCHAT_MEMORY__ENABLED": "true",
        }
        paths = config.paths(environ)
        super().__init__(config.load(paths, environ, {}), paths, environ)
        self.clock = clock  # type: ignore[assignment]  # - the clock is an argument of the core; here it is turned
        self.opened = open_store(None)
        self.__dict__["store"] = self.opened
        self._answering = model

    def model(self, wanted: str | None = None, options: Mapping[str, object] | None = None) -> ChatModel:
        """The model that is examined, whatever is asked for."""
        return self._answering

    def memory_model(self, name: str, host: str) -> ChatModel:
        """The same."""
        return self._answering


@dataclass
class Lived:
    """What is there at the end: every memory, every text of the database, and what happened on the way.

    `turns` finds a diary's turn by session and number; `told` are the ids of memories that were ever reported as kept.
    """

    now: datetime
    memories: list[Memory] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    turns: dict[tuple[int, int], DiaryTurn] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)
    lost_turns: int = 0
    failed_jobs: int = 0
    seconds: float = 0.0


def live(diary: Diary, extractor: ChatModel) -> Lived:
    """Every turn through the chat, every session through its consolidation, at the diary's own time."""
    start = time.perf_counter()
    model, clock, lived = Answering(extractor), FrozenClock(diary.turns[0].at), Lived(diary.turns[-1].at)
    with tempfile.TemporaryDirectory() as home, closing(Examined(Path(home), model, clock)) as app:
        known: dict[int, str] = {}  # the diary's session -> memchat's, for a session that is taken up again
        for number, turns in groupby(diary.turns, key=lambda turn: turn.session):
            engine = app.open_chat(ChatRequest(resume=known.get(number)))
            with closing(engine):
                for turn in turns:
                    clock.set(turn.at)
                    model.reply = turn.reply
                    _say(engine, turn, lived)
                    _consolidate(app, lived)
            session = engine.session
            if session is not None:
                known[number] = session.ref
                app.store.jobs.enqueue_left(session.id, clock.now())
            _consolidate(app, lived)
        lived.memories = app.store.memories.all()
        lived.lost_turns = len(diary.turns) - sum(session.turns for session in app.store.transcripts.sessions())
        lived.cells = cells(app.opened)
    lived.own, lived.seconds = model.own, time.perf_counter() - start
    return lived


def _say(engine: ChatEngine, turn: DiaryTurn, lived: Lived) -> None:
    kind = PartKind.FILE if turn.origin is Origin.FILE else PartKind.TEXT
    part = Part(kind, turn.origin, turn.text, name="notes.txt" if kind is PartKind.FILE else "")
    with closing(engine.run_turn([part])) as events:
        for event in events:
            if isinstance(event, TurnStarted):
                lived.turns[event.session.id, event.turn] = turn
            if isinstance(event, TurnFinished):
                lived.told |= {one.memory.id for one in event.learned}


def _consolidate(app: Examined, lived: Lived) -> None:
    """What the worker beside a chat would do now: whatever is due."""
    for done in app.consolidator(app.store).run_pending():
        lived.failed_jobs += done.fate != "done"
        if done.kept is not None:
            lived.told |= {one.memory.id for one in done.kept.learned}


def cells(store: SqliteStore) -> list[str]:
    """Every text in every table, and every term of the search index, lower case, blanks and hyphens left out."""
    database = store._database
    found: list[object] = []
    kinds = database.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
    virtual = [name for name, sql in kinds if str(sql).upper().startswith("CREATE VIRTUAL")]
    for name, _ in kinds:
        if name not in virtual and not name.startswith(tuple(f"{one}_" for one in virtual)):
            found += (cell for row in database.rows(f'SELECT * FROM "{name}"') for cell in row)  # noqa: S608 - its own tables
    for name in virtual:
        database.rows(f"CREATE VIRTUAL TABLE temp.terms_of_{name} USING fts5vocab (main, {name}, row)")
        found += database.column(f"SELECT term FROM temp.terms_of_{name}")  # noqa: S608 - its own tables
    texts = (cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell for cell in found)
    return [_plain(text) for text in texts if isinstance(text, str)]


def _plain(text: str) -> str:
    return re.sub(r"[\s-]", "", text.casefold())


# Scoring.

ENDED = (MemoryStatus.SUPERSEDED, MemoryStatus.EXPIRED, MemoryStatus.WITHDRAWN)
WAITING = (MemoryStatus.PENDING, MemoryStatus.QUARANTINED)
LINE_OF_PROMPT = re.compile(r"\[memchat\]|[-*] |m\d+ [\w ]+: |turn \d+|on \d{4}-\d\d-\d\d \(s\d")


@dataclass
class Report:
    """One diary lived through with one extractor. `rows` has a Counter for each language and for `all` together.

    `deleted` counts memories that were kept once and are gone or taken back, and turns that are gone: in a diary
    nobody forgets or undoes by hand, so a model did it. `remarks` names what is wrong, for `--list`.
    """

    file: str
    name: str
    extractor: str
    seconds: float
    sessions: int
    deleted: int
    failed_jobs: int
    rows: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    remarks: list[str] = field(default_factory=list)

    def add(self, lang: str, what: str, remark: str = "") -> None:
        """Count one, for its language and for all."""
        self.rows[lang][what] += 1
        self.rows[ALL][what] += 1
        if remark:
            self.remarks.append(f"{what}: {remark}")

    @property
    def by_language(self) -> list[str]:
        """`all` first."""
        return [ALL, *sorted(lang for lang in self.rows if lang != ALL)]


def precision(row: Mapping[str, int]) -> float | None:
    """Of the active memories that count, those that match an `active` item; None without any."""
    judged = row.get("right", 0) + row.get("wrong", 0)
    return row.get("right", 0) / judged if judged else None


def recall(row: Mapping[str, int]) -> float | None:
    """Of the `active` items that count, those that an active memory matches; None without any."""
    gold = row.get("found", 0) + row.get("missed", 0)
    return row.get("found", 0) / gold if gold else None


def score(diary: Diary, lived: Lived, *, file: str = "", extractor: str = "") -> Report:
    """What is remembered against what should be."""
    kept = {memory.id for memory in lived.memories if memory.withdrawn_at is None}
    report = Report(
        file,
        diary.name,
        extractor,
        round(lived.seconds, 1),
        len({turn.session for turn in diary.turns}),
        len(lived.told - kept) + lived.lost_turns,
        lived.failed_jobs,
    )
    for turn in diary.turns:
        report.add(turn.lang, "turns")
    by_status: dict[MemoryStatus, list[Memory]] = defaultdict(list)
    for memory in lived.memories:
        by_status[memory.status(lived.now)].append(memory)
    active = by_status[MemoryStatus.ACTIVE]
    waiting = [memory for status in WAITING for memory in by_status[status]]
    ended = [memory for status in ENDED for memory in by_status[status]]
    _score_memories(report, diary, lived, active)
    for memory in waiting:
        report.add(_lang(memory, lived), "pending")
    _score_gold(report, diary, active, ended)
    _score_never(report, diary, lived, active, waiting)
    return report


def _score_memories(report: Report, diary: Diary, lived: Lived, active: Sequence[Memory]) -> None:
    spoken = "\n".join(fold(turn.text) for turn in diary.turns if turn.origin in OWN_WORDS)
    seen: set[object] = set()
    for memory in active:
        lang, named = _lang(memory, lived), f"{memory.ref} {memory.field or NOTE}: {memory.text}"
        report.add(lang, "active")
        if any(item.matches(memory) for item in diary.active if not item.optional):
            report.add(lang, "right")
        elif any(item.matches(memory) for item in diary.active) or _asked_to_forget(memory, diary):
            report.add(lang, "neither")
        else:
            report.add(lang, "wrong", named)
        keys = {bare(memory.text), words(memory.text) or bare(memory.text)}
        if keys & seen:
            report.add(lang, "duplicates", named)
        seen |= keys
        if not all(_typed(source.session_id, source.turn, source.quote, lived) for source in memory.sources):
            report.add(lang, "untyped", named)
        if _from_prompt(fold(memory.text), spoken, lived.own):
            report.add(lang, "loops", named)


def _asked_to_forget(memory: Memory, diary: Diary) -> bool:
    return any(item.matches(memory) for item in diary.past if item.forget)


def _typed(session_id: int | None, number: int | None, quote: str, lived: Lived) -> bool:
    """Whether the diary has a typed turn there that holds the quote: the store's own word for it is not asked."""
    turn = lived.turns.get((session_id or 0, number or 0))
    return turn is not None and turn.origin in OWN_WORDS and fold(quote) in fold(mask(turn.text).text) and quote != ""


def _from_prompt(text: str, spoken: str, own: set[str]) -> bool:
    """Whether memchat itself wrote this into a prompt, and nobody typed it."""
    if text in spoken:
        return False
    return bool(LINE_OF_PROMPT.match(text)) or (len(text.split()) > 4 and any(text in one for one in own))


def _lang(memory: Memory, lived: Lived) -> str:
    """The language of the first turn it rests on."""
    for source in memory.sources:
        if turn := lived.turns.get((source.session_id or 0, source.turn or 0)):
            return turn.lang
    return language(memory.text)


def _score_gold(report: Report, diary: Diary, active: Sequence[Memory], ended: Sequence[Memory]) -> None:
    for item in diary.active:
        if item.optional:
            continue
        found = any(item.matches(memory) for memory in active)
        report.add(item.lang, "found" if found else "missed", "" if found else str(item))
        if not found and any(item.matches(memory) for memory in ended):
            report.add(item.lang, "wrongly_ended", str(item))
    for item in diary.past:
        stale, over = (any(item.matches(memory) for memory in some) for some in (active, ended))
        report.add(item.lang, "to_forget" if item.forget else "past")
        if stale:
            report.add(item.lang, "to_forget_active" if item.forget else "stale", str(item))
        elif over:
            report.add(item.lang, "to_forget_ended" if item.forget else "past_ended")


def _score_never(
    report: Report, diary: Diary, lived: Lived, active: Sequence[Memory], waiting: Sequence[Memory]
) -> None:
    for item in diary.never:
        report.add(item.lang, "never")
        for what, some in (("never_active", active), ("never_pending", waiting)):
            if found := [memory for memory in some if item.matches(memory)]:
                report.add(item.lang, what, f"{item} ({item.why}) {found[0].text}")
        if item.secret:
            report.add(item.lang, "secrets")
            texts = [_plain(text) for text in item.some + item.each]
            if any(text in cell for text in texts for cell in lived.cells):
                report.add(item.lang, "secrets_stored", f"{item.why}")


# Telling.

COLUMNS: tuple[tuple[str, Callable[[Mapping[str, int]], object]], ...] = (
    ("turns", lambda row: row["turns"]),
    ("active", lambda row: row["active"]),
    ("precision", lambda row: _percent(precision(row))),
    ("recall", lambda row: _percent(recall(row))),
    ("stale", lambda row: f"{row['stale']}/{row['past']}"),
    ("ended", lambda row: f"{row['past_ended']}/{row['past']}"),
    ("lost", lambda row: row["wrongly_ended"]),
    ("copies", lambda row: row["duplicates"]),
    ("loops", lambda row: row["loops"]),
    ("untyped", lambda row: row["untyped"]),
    ("never", lambda row: f"{row['never_active']}/{row['never']}"),
    ("waiting", lambda row: f"{row['never_pending']}/{row['never']}"),
    ("pending", lambda row: row["pending"]),
    ("secrets", lambda row: f"{row['secrets_stored']}/{row['secrets']}"),
    ("forget", lambda row: f"{row['to_forget_active']}/{row['to_forget']}"),
)
LEGEND = """\
precision, recall: of active memories against the gold   stale: past facts still active   ended: past facts found ended
lost: true facts found ended   copies: said twice   loops: memchat's own prompt   untyped: rests on no typed words
never, waiting: `never` items found active, pending   pending: all that waits   forget: asked to be forgotten, active"""


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def table(report: Report) -> str:
    """The report as text."""
    lines = [
        f"{report.name}   {report.extractor}, {report.sessions} sessions, {report.seconds:.1f} s",
        f"{report.deleted} deletions by a model, {report.failed_jobs} failed consolidations",
        f"{'':5}" + "".join(f"{name:>10}" for name, _ in COLUMNS),
    ]
    rows = ((lang, report.rows[lang]) for lang in report.by_language)
    lines += [f"{lang:5}" + "".join(f"{show(row)!s:>10}" for _, show in COLUMNS) for lang, row in rows]
    return "\n".join(lines)


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON: every count by language, with precision and recall as shares or null."""
    names = ("file", "name", "extractor", "seconds", "sessions", "deleted", "failed_jobs", "remarks")
    told: dict[str, Any] = {name: getattr(report, name) for name in names}
    told["languages"] = {
        lang: {**row, "precision": precision(row), "recall": recall(row)} for lang, row in report.rows.items()
    }
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Examine what was asked for; 0, or 2 for a file that is no diary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--extractor", choices=[*EXTRACTORS], default="notebook")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--list", action="store_true", help="name what is wrong, missed, stale or should never be")
    wanted = parser.parse_args(arguments)
    try:
        diaries = [(str(path), read(path)) for path in wanted.files]
    except DiaryError as error:
        print(error, file=sys.stderr)
        return 2
    reports = []
    for file, diary in diaries:
        lived = live(diary, EXTRACTORS[wanted.extractor]())
        reports.append(score(diary, lived, file=file, extractor=wanted.extractor))
        if not wanted.json:
            print(table(reports[-1]), flush=True)
            print(*(f"  {remark}" for remark in reports[-1].remarks if wanted.list), sep="\n")
    print(json.dumps([as_json(one) for one in reports], ensure_ascii=False, indent=1) if wanted.json else LEGEND)
    return 0


if __name__ == "__main__":
    sys.exit(main())

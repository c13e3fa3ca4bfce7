"""What a one-shot shows: the answer on stdout, all else on stderr, or one JSON document."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from memchat.chat.events import (
    Assembled,
    Event,
    ForgetProposed,
    MemoryChanged,
    Reasoning,
    Text,
    TurnFinished,
    TurnStarted,
)
from memchat.cli import receipts
from memchat.cli.money import money
from memchat.cli.terminal import Screen
from memchat.domain import Learned, Memory, Passage, Usage, turn_ref

if TYPE_CHECKING:
    from memchat.cli.stream_markdown import MarkdownStream, PlainStream

# Indented as far as a model likes: it fences inside of lists, too.
_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})(?P<info>.*)")


@dataclass(slots=True)
class Exchange:
    """All that one turn said, collected event by event."""

    started: TurnStarted | None = None
    context: Assembled | None = None
    finished: TurnFinished | None = None
    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    learned: list[Learned] = field(default_factory=list)
    proposed: list[Memory] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Keep what an event carries."""
        match event:
            case Text(text):
                self.text.append(text)
            case Reasoning(text):
                self.reasoning.append(text)
            case TurnStarted():
                self.started = event
            case Assembled():
                self.context = event
            case MemoryChanged(learned):
                self.learned.append(learned)
            case ForgetProposed(memory=memory):
                self.proposed.append(memory)
            case TurnFinished():
                self.finished = event
            case _:
                pass  # a tool that ran is of no interest to a script

    @property
    def answer(self) -> str:
        """The reply as it was saved; of a reply that was cut, the part that came."""
        return self.finished.reply if self.finished else "".join(self.text)

    @property
    def used(self) -> list[Passage]:
        """What the model was shown of memory, each once: the head, the tail, what it looked up."""
        kept = self.context.context.kept if self.context else ()
        shown = self.finished.shown if self.finished else ()
        return list({passage.ref or passage.line: passage for passage in (*kept, *shown)}.values())


def as_json(exchange: Exchange, *, model: str, saved: bool, reasoning: bool) -> dict[str, object]:
    """The document of `ask --json` (interface.md, section 2); session and turn are null when nothing is kept."""
    started, finished = exchange.started, exchange.finished
    session = started.session.id if started and saved else None
    usage = finished.usage if finished else Usage()
    document: dict[str, object] = {
        "answer": exchange.answer,
        "session": None if session is None else f"s{session}",
        "turn": None if session is None or started is None else turn_ref(session, started.turn),
        "model": model,
        "memories": [
            {
                "id": passage.ref,
                "kind": str(passage.layer),
                "text": passage.text,
                "score": round(passage.score, 4),
                "tokens": passage.tokens,
                "why": passage.why,
            }
            for passage in exchange.used
        ],
        "learned": [learned.memory.ref for learned in exchange.learned],
        "set_aside": list(dict.fromkeys(note.ref for learned in exchange.learned for note in learned.aside)),
        "proposed_forget": [memory.ref for memory in exchange.proposed],
        "usage": {
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "cached_tokens": usage.cached_tokens,
            "memory_tokens": finished.memory_tokens if finished else 0,
            "cost": usage.cost,
        },
        "finish_reason": finished.finish_reason if finished else "",
    }
    if reasoning:
        document["reasoning"] = "".join(exchange.reasoning)
    return document


def last_code_block(text: str) -> str | None:
    """The content of the last fenced block (``` or ~~~), None when there is none; one that was cut off counts."""
    block: list[str] | None = None
    found: str | None = None
    mark = indent = ""
    for line in text.split("\n"):
        fence = _FENCE.match(line)
        if block is None:
            if fence and not (fence["mark"][0] == "`" and "`" in fence["info"]):
                block, mark, indent = [], fence["mark"], fence["indent"]
        elif fence and fence["mark"].startswith(mark) and not fence["info"].strip():
            found, block = "\n".join(block), None
        else:
            block.append(line.removeprefix(indent))
    return found if block is None else "\n".join(block)


class Answer:
    """The reply on stdout as it comes: rendered on a terminal, else as the model wrote it, cleaned.

    White space is held back until more follows, so that what came ends with exactly one line end.
    """

    def __init__(self, screen: Screen, *, rendered: bool) -> None:
        self._screen = screen
        self._stream = self._open(rendered=rendered and screen.is_terminal and not screen.plain)
        self._held = ""

    def _open(self, *, rendered: bool) -> "MarkdownStream | PlainStream":
        from memchat.cli.stream_markdown import PlainStream, on_terminal

        return on_terminal(self._screen) if rendered else PlainStream(self._screen.write)

    def feed(self, text: str) -> None:
        """The next characters."""
        text = self._held + text
        body = text.rstrip(" \t\r\n")
        self._held = text[len(body) :]
        if body:
            self._stream.feed(body)

    def close(self) -> None:
        """Nothing more comes."""
        self._stream.close()
        self._screen.flush()


def notices(exchange: Exchange, screen: Screen, now: datetime, *, show_memory: bool) -> list[str]:
    """What a person is told on stderr beside the answer: a cut reply, what was left out, used and learned."""
    lines: list[str] = []
    finished = exchange.finished
    if finished and not finished.reply.strip():
        lines.append(receipts.SAID_NOTHING)
    if finished and finished.finish_reason in receipts.FINISHES:
        lines.append(receipts.FINISHES[finished.finish_reason])
    if exchange.context and exchange.context.context.folded:
        lines.append(f"{exchange.context.context.folded} older turns of this conversation were not sent.")
    if exchange.context and exchange.context.context.trouble:
        lines.append(f"{exchange.context.context.trouble} memchat doctor looks at it.")
    if show_memory and finished and (used := receipts.sources(finished.shown, now)):
        lines.append(f"from memory: {', '.join(used)}")
    for learned in exchange.learned:
        lines += receipts.learned(screen, learned, now, "memchat forget")
    for memory in exchange.proposed:
        lines.append(f"The assistant proposes to forget {memory.ref}. Nothing is erased; to do it:")
        lines.append(f"memchat forget {memory.ref}")
    return lines


def usage_line(finished: TurnFinished) -> str:
    """`812 tokens in (604 cached, 240 memory), 58 out, $0.0011`; `about` when the provider told nothing."""
    return tokens_told(finished.usage, finished.memory_tokens, estimated=finished.estimated)


def tokens_told(usage: Usage, memory: int, *, estimated: bool) -> str:
    """The same of any call; where no price is known, nothing is said of one."""
    inside = [f"{usage.cached_tokens:,} cached"] if usage.cached_tokens else []
    inside += [f"{memory:,} memory"] if memory else []
    extra = f" ({', '.join(inside)})" if inside else ""
    cost = "" if usage.cost is None else f", {money(usage.cost)}"
    about = "about " if estimated else ""
    return f"{about}{usage.prompt_tokens:,} tokens in{extra}, {usage.completion_tokens:,} out{cost}"

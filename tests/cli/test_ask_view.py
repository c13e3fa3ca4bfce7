"""What a one-shot shows: the answer, the notices, the JSON document."""

import io
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.chat.events import (
    Assembled,
    Event,
    ForgetProposed,
    MemoryChanged,
    Reasoning,
    Text,
    ToolUsed,
    TurnFinished,
    TurnStarted,
)
from memchat.cli.ask_view import Answer, Exchange, as_json, last_code_block, notices, usage_line
from memchat.cli.terminal import Screen
from memchat.domain import Context, Layer, Learned, Passage, Session, SessionKind, Usage, Zone

from tests.builders import a_memory, a_message
from tests.conftest import NOW


def a_session() -> Session:
    """Session 7, two turns old."""
    return Session(7, "uid", SessionKind.ONESHOT, "", "", "", (), NOW, NOW, "openai/test", "", 2, True, None)


def a_passage(ref: str, layer: Layer = Layer.EPISODE, zone: Zone = Zone.TAIL) -> Passage:
    """Something remembered, a day old."""
    at = NOW - timedelta(days=1)
    return Passage(layer, zone, ref, f"- {ref}", f"words of {ref}", 9, score=0.81234567, at=at, why="words")


def finished(
    reply: str = "Four.", *, reason: str = "stop", shown: tuple[Passage, ...] = (), usage: Usage | None = None
) -> TurnFinished:
    """The end of a turn."""
    return TurnFinished(reply, reason, usage or Usage(812, 58, 604, 0.00113), 240, shown, ())


def an_exchange(*events: Event) -> Exchange:
    """All events of a turn, taken."""
    exchange = Exchange()
    for event in events:
        exchange.take(event)
    return exchange


def a_context(*kept: Passage, folded: int = 0) -> Assembled:
    """What was sent."""
    return Assembled(Context("head", (), "", a_message(), NOW, kept=kept, folded=folded))


def printed(pieces: list[str]) -> str:
    """What reaches stdout where it is no terminal."""
    out = io.StringIO()
    answer = Answer(Screen({}, stdin=io.StringIO(), stdout=out, stderr=io.StringIO()), rendered=True)
    for piece in pieces:
        answer.feed(piece)
    answer.close()
    return out.getvalue()


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (["Four."], "Four.\n"),
        (["Fo", "ur.\n"], "Four.\n"),
        (["Four.", "\n", "\n\n"], "Four.\n"),
        (["a\n", "\nb\r", "\n\n"], "a\n\nb\n"),
        ([], ""),
        (["\n"], ""),
    ],
)
def test_an_answer_ends_with_one_newline(pieces: list[str], shown: str) -> None:
    """However many line ends the model wrote; nothing at all stays nothing."""
    assert printed(pieces) == shown


@given(st.lists(st.sampled_from(["a", " ", "\n", "\r\n", "花", "\x1b[31m", "\x1b]0;title\x07"]), max_size=12))
@settings(max_examples=100, deadline=None)
def test_pieces_do_not_change_an_answer(atoms: list[str]) -> None:
    """Cut anywhere, the same text comes out, and nothing that could steer a terminal."""
    text = "".join(atoms)
    together = printed([text])
    assert printed(list(text)) == printed(atoms) == together
    assert "\x1b" not in together


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("```python\nprint(1)\n```", "print(1)"),
        ("a\n```\none\n```\nb\n~~~sh\ntwo\n~~~\nc", "two"),
        ("````md\n```\ninner\n```\n````", "```\ninner\n```"),
        ("1. so:\n   ```sh\n   ls\n     -l\n   ```\n", "ls\n  -l"),
        ("```\ncut off", "cut off"),
        ("```one line```", None),
        ("no code", None),
        ("```\n```", ""),
        ("~~~\n```\n~~~", "```"),
    ],
)
def test_the_last_code_block_is_found(text: str, block: str | None) -> None:
    """Fences of either kind, nested in longer ones, inside lists, or never closed."""
    assert last_code_block(text) == block


def test_the_document_holds_what_is_promised() -> None:
    """Each key of interface.md section 2; a memory shown in head and tail once."""
    profile = a_passage("m1", Layer.PROFILE, Zone.HEAD)
    exchange = an_exchange(
        TurnStarted(a_session(), 3),
        a_context(profile),
        Reasoning("two and "),
        Reasoning("two"),
        ToolUsed("recall", "looked for it"),
        Text("Four."),
        MemoryChanged(Learned(a_memory(number=12))),
        ForgetProposed(a_memory(number=5), "you asked"),
        finished(shown=(a_passage("s1.4"), profile)),
    )
    assert as_json(exchange, model="openai/test", saved=True, reasoning=False) == {
        "answer": "Four.",
        "session": "s7",
        "turn": "s7.3",
        "model": "openai/test",
        "memories": [
            {"id": "m1", "kind": "profile", "text": "words of m1", "score": 0.8123, "tokens": 9, "why": "words"},
            {"id": "s1.4", "kind": "episode", "text": "words of s1.4", "score": 0.8123, "tokens": 9, "why": "words"},
        ],
        "learned": ["m12"],
        "set_aside": [],
        "proposed_forget": ["m5"],
        "usage": {
            "prompt_tokens": 812,
            "completion_tokens": 58,
            "cached_tokens": 604,
            "memory_tokens": 240,
            "cost": 0.00113,
        },
        "finish_reason": "stop",
    }
    assert as_json(exchange, model="x", saved=True, reasoning=True)["reasoning"] == "two and two"


def test_what_is_not_kept_has_no_id() -> None:
    """The ids of a database in memory lead nowhere."""
    document = as_json(an_exchange(TurnStarted(a_session(), 1), finished()), model="x", saved=False, reasoning=False)
    assert document["session"] is None
    assert document["turn"] is None


def test_a_cut_answer_is_what_came() -> None:
    """Without an end the text that was streamed stands."""
    assert an_exchange(Text("Fo"), Text("ur")).answer == "Four"


def told(exchange: Exchange, *, show_memory: bool = True) -> list[str]:
    """The notices."""
    screen = Screen({}, stdin=io.StringIO(), stdout=io.StringIO(), stderr=io.StringIO())
    return [line.strip() for line in notices(exchange, screen, NOW, show_memory=show_memory)]


def test_notices_tell_what_was_used_and_learned() -> None:
    """One line for the sources, one for each thing learned; what only changed is no source."""
    shown = (a_passage("s1.4"), a_passage("m8", Layer.NOTE), a_passage("m9", Layer.CHANGE))
    exchange = an_exchange(MemoryChanged(Learned(a_memory("likes Go", number=12))), finished(shown=shown))
    lines = told(exchange)
    assert lines[0] == "from memory: s1.4 (21 Nov), m8"
    assert lines[1].startswith("+ m12  likes Go")
    assert told(exchange, show_memory=False) == lines[1:]


def test_what_the_model_would_have_forgotten_is_told_with_the_command() -> None:
    """Its reason is not: a script's reader decides by the memory, not by a model's words."""
    exchange = an_exchange(ForgetProposed(a_memory(number=5), "type yes"), finished())
    assert told(exchange) == [
        "The assistant proposes to forget m5. Nothing is erased; to do it:",
        "memchat forget m5",
    ]


@pytest.mark.parametrize(
    ("events", "line"),
    [
        ([finished(reason="length")], "length limit"),
        ([finished(reason="content_filter")], "filter"),
        ([finished("  ")], "said nothing"),
        ([a_context(folded=4), finished()], "4 older turns"),
    ],
)
def test_notices_tell_what_is_missing(events: list[Event], line: str) -> None:
    """A cut, filtered or empty reply, and turns that were not sent."""
    (only,) = told(an_exchange(*events))
    assert line in only


def test_a_plain_turn_needs_no_notice() -> None:
    """Nothing to say is nothing said; so also for a turn that never finished."""
    assert told(an_exchange(TurnStarted(a_session(), 1), a_context(), Text("Four."), finished())) == []
    assert told(an_exchange(Text("Fo"))) == []


@pytest.mark.parametrize(
    ("end", "line"),
    [
        (finished(), "812 tokens in (604 cached, 240 memory), 58 out, $0.0011"),
        (TurnFinished("x", "stop", Usage(5, 2), 0, (), (), estimated=True), "about 5 tokens in, 2 out"),
    ],
)
def test_usage_is_one_line(end: TurnFinished, line: str) -> None:
    """Tokens, what of them was cached and memory, the cost where the price is known; our own count is marked."""
    assert usage_line(end) == line

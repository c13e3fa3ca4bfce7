"""The economy benchmark reckons as providers do, and holds its talks through the real memchat."""

import json
from typing import Any

import pytest
from memchat.domain import Context, PartKind, Role

from tests.benchmarks import economy
from tests.benchmarks.conversations import Conversation, Said, Sitting
from tests.benchmarks.economy_rivals import Bill, Cache, Call, Held, Meter, rivals
from tests.benchmarks.economy_run import Played, Player, Turn
from tests.benchmarks.economy_talks import BESIDE, FOUND, Fact, Talk, count, cut, replay, scripted
from tests.builders import a_message
from tests.conftest import NOW

FRAME = 4
LONG = "one two three four " * 400  # 1,600 words


def messages(*words: str) -> tuple[dict[str, Any], ...]:
    """One turn: what the user says, the reply."""
    return tuple({"role": role, "content": text} for role, text in zip(("user", "assistant"), words, strict=True))


def held(user: str, reply: str, *, head: str = "Head.", tail: str = "", near: str = "") -> Held:
    """A turn as it was held, alone in its request."""
    return Held(messages(user, reply), Context(head, (), tail, a_message(user), NOW), near)


def sent(head: str, turns: int) -> int:
    """The tokens of a request with so many turns before its own, each of a word and a word."""
    return sum(count(text) + FRAME for text in ("{}", f"system\n{head}", *["user\nHi.", "assistant\nYes."] * turns)) + (
        count("user\nHi.") + FRAME
    )


# The cache.


def test_short_requests_are_not_cached() -> None:
    """Under 1,024 tokens in common nothing is, however often it comes."""
    cache, blocks = Cache(), ["word " * 1_010]
    assert [cache.send(blocks).cached for _ in range(3)] == [0, 0, 0]


def test_what_is_cached_comes_in_steps() -> None:
    """1,024 tokens, and as many times 128 as are in common."""
    cache, total = Cache(), count(LONG) + FRAME
    first = cache.send([LONG])
    assert first == Call(total, 0)
    assert cache.send([LONG, "More."]) == Call(total + count("More.") + FRAME, 1_024 + (total - 1_024) // 128 * 128)


def test_a_changed_message_is_cached_up_to_its_change() -> None:
    """As on a provider's wire, where nobody knows of messages."""
    cache = Cache()
    cache.send([f"{LONG}and so it ended", "Reply."])
    again = cache.send([f"{LONG}but it went on", "Reply."])
    assert again.cached == 1_024 + (count(LONG) - 1_024) // 128 * 128
    assert cache.send(["Other. " + LONG]).cached == 0


def test_what_stands_in_front_decides() -> None:
    """The same words behind other tools were never cached."""
    cache = Cache()
    cache.send(["tools", LONG])
    assert cache.send(["no tools", LONG]).cached == 0


def test_cached_tokens_cost_a_tenth() -> None:
    """And the share is of all that was sent."""
    bill = Bill([Call(1_000, 0), Call(3_000, 2_000)])
    assert (bill.sent, bill.cached, bill.share, bill.cost) == (4_000, 2_000, 0.5, 2_200)
    assert (Bill().share, Bill().cost) == (0, 0)


def test_the_meter_tells_the_usage_that_it_keeps() -> None:
    """Tools, schema and messages are counted; a consolidation is memory's."""
    meter = Meter()
    tools = [{"type": "function", "function": {"name": "recall", "parameters": {}}}]
    body = {"model": "m", "messages": [{"role": "system", "content": LONG}], "tools": tools}
    told = [meter(body, {"completion_tokens": 3}) for _ in range(2)]
    opening = count(json.dumps({"tools": tools})) + FRAME
    assert [one["prompt_tokens"] for one in told] == [opening + count(f"system\n{LONG}") + FRAME] * 2
    assert told[0]["prompt_tokens_details"]["cached_tokens"] == 0
    assert told[1]["prompt_tokens_details"]["cached_tokens"] == meter.calls[1].cached > 1_024
    assert told[0]["completion_tokens"] == 3
    wanted = {"type": "json_schema", "json_schema": {"name": "consolidation", "schema": {"type": "object"}}}
    meter({"model": "m", "messages": body["messages"], "response_format": wanted}, {})
    assert [call.memory for call in meter.calls] == [False, False, True]
    assert meter.tools == json.dumps({"tools": tools})


# The rivals.


def test_everything_grows_with_each_turn_and_the_last_twenty_stop() -> None:
    """Each way sends what its name says."""
    turns = [held("Hi.", "Yes.") for _ in range(30)]
    ways = rivals(turns, "{}")
    everything = [call.sent for call in ways["everything"].calls]
    assert everything == [sent("Head.", number) for number in range(30)]
    last = [call.sent for call in ways["the last 20"].calls]
    assert last == [*everything[:21], *[everything[20]] * 9]


def test_memory_in_the_system_prompt_sends_as_much_and_caches_less() -> None:
    """What was recalled stands in front of all that was said."""
    turns = []
    for number, tail in enumerate(["", "a note", "", "another"]):
        before = tuple(a_message(LONG, role=Role.USER) for _ in range(number))
        turns.append(Held(messages("Hi.", "Yes."), Context(LONG, before, tail, a_message("Hi."), NOW), ""))
    placed = rivals(turns, "{}")["memory in the system prompt"].calls
    whole = count(f"system\n{LONG}") + FRAME + count("{}") + FRAME
    assert [call.cached for call in placed][:1] == [0]
    assert [call.cached <= whole for call in placed[1::2]] == [True, True]
    assert placed[2].cached > placed[1].cached - 128
    assert placed[1].sent - placed[0].sent == count(f"system\n{LONG}\n\na note") - count(f"system\n{LONG}") + (
        count(f"user\n{LONG}") + FRAME
    )


def test_the_nearest_stand_in_front_of_everything() -> None:
    """They cost their tokens each turn."""
    ways = rivals([held("Hi.", "Yes.", near="near"), held("Hi.", "Yes.")], "{}")
    assert [call.sent for call in ways["everything, nearest in the system prompt"].calls] == [
        sent("Head.\n\nnear", 0),
        sent("Head.", 1),
    ]


def test_a_rolling_summary_calls_twice_a_turn() -> None:
    """Once to answer and once to sum up; it never has more than four turns."""
    bill = rivals([held("Hi.", "Yes.")] * 12, "{}")["a rolling summary"]
    assert [call.memory for call in bill.calls] == [False, True] * 12
    answers = bill.calls[::2]
    assert answers[11].sent - answers[7].sent < 20


def test_each_round_of_tools_is_a_request() -> None:
    """With all that came before it in the turn."""
    call = {"id": "1", "type": "function", "function": {"name": "recall", "arguments": "{}"}}
    user, reply = messages("Hi.", "Yes.")
    rounds = (
        user,
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "1", "content": "found"},
        reply,
    )
    first, second = rivals([Held(rounds, held("Hi.", "Yes.").context, "")], "{}")["everything"].calls
    called = count(f"assistant\n{json.dumps([call])}") + FRAME
    assert second.sent - first.sent == called + count("tool\nfound") + FRAME


# The talks.


@pytest.mark.parametrize("size", [400, 1_500])
def test_a_turn_has_its_size(size: int) -> None:
    """What is said and files, on the average; the rest is left for what tools give."""
    talk = scripted(size, 120)
    sizes = [sum(count(part.content) for part in saying.parts) + count(saying.reply) for saying in talk.sayings]
    assert size - BESIDE <= sum(sizes) / len(sizes) <= size  # what tools give is not known before it is played


def test_a_talk_has_all_that_is_asked_for() -> None:
    """Files, each of the tools, small talk; and it is the same each time."""
    talk = scripted(100, 120)
    assert talk == scripted(100, 120)
    names = [tool.name for saying in talk.sayings for tool in saying.tools]
    assert {name: names.count(name) for name in names} == {"remember": 4, "recall": 6, "read_session": 4}
    assert sum(part.kind is PartKind.FILE for saying in talk.sayings for part in saying.parts) == 8
    assert sum(saying.idle is True for saying in talk.sayings) >= 12
    words = "\n".join(part.content for saying in talk.sayings for part in saying.parts)
    assert all(fact.quote in words for fact in FOUND)


def test_a_cut_text_ends_with_a_word() -> None:
    """And says no more than it may."""
    assert cut("one two three four", 2) == "one two"
    assert cut("one two", 9) == "one two"


def test_a_conversation_is_replayed_as_one_talk() -> None:
    """The user's lines open turns; without an answer there is a short one, and what nobody asked for is left out."""
    lines = ((1, Role.ASSISTANT, "Hi!"), (2, Role.USER, "a"), (2, Role.ASSISTANT, "b"), (3, Role.USER, "c"))
    said = tuple(Said(str(turn), turn, role, text) for turn, role, text in lines)
    talk = replay(Conversation("x", "", "en", "", "", (Sitting(NOW, said),), ()), 5)
    assert [(saying.parts[0].content, saying.reply) for saying in talk.sayings] == [("a", "b"), ("c", "I see.")]


def test_a_fact_is_found_in_the_turn_that_tells_it() -> None:
    """As a model would say it, with the user's own words."""
    player = Player(Talk("", (), (Fact("I sing", "sings"), Fact("I dance", "dances"))))
    told = '# New turns\nturn 3 (2026)\nuser: "Hi."\nturn 4\nuser: "I sing a lot."\n'
    found = json.loads(player.sum_up({"messages": [{"role": "system", "content": SCHEMA}, said(told)]}))["facts"]
    assert [(one["turn"], one["quote"], one["text"]) for one in found] == [(4, "I sing", "sings")]


SCHEMA = 'JSON schema "consolidation":\n{"type": "object", "properties": {"facts": {"type": "array"}}}'


def said(text: str) -> dict[str, str]:
    """A user's message on the wire."""
    return {"role": "user", "content": text}


# What came of it.


def a_turn(tokens: int, *, compacted: bool = False) -> Turn:
    """A turn of one request, and one for memory that does not count."""
    return Turn([Call(tokens, 0), Call(9, 0, memory=True)], held("Hi.", "Yes.").context, None, compacted)


def test_flat_is_the_end_by_what_followed_the_first_compaction() -> None:
    """40 turns each; there must be so many."""
    turns = [a_turn(5)] * 20 + [a_turn(10, compacted=True)] + [a_turn(10)] * 39 + [a_turn(20)] * 40
    assert Played("", 16_000, turns).flat == 2
    assert Played("", 16_000, turns[:60]).flat is None
    assert Played("", 16_000, [a_turn(5)] * 120).flat is None


def test_calls_for_memory_are_allowed_by_turns_or_words() -> None:
    """One for 25 turns, or for as much new text as a request holds; and one for the session."""
    assert [economy.allowed(*one) for one in ((120, 12_000, 16_000), (120, 180_000, 16_000), (3, 0, 16_000))] == [
        5,
        12,
        1,
    ]


def test_a_row_says_whether_its_bar_is_met() -> None:
    """At most, or at least."""
    assert economy.Row("x", 0.3, 0.25, "%").line.endswith("MISSED")
    assert economy.Row("x", 0.9, 0.85, "%", least=True).met
    assert not economy.Row("x", 0.8, 0.85, "%", least=True).met
    assert economy.Row("x", 5).met


def test_the_benchmark_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """Three turns through the real memchat, real HTTP, with what others would have sent, as JSON and as a table."""
    wanted = ["--turns", "3", "--sizes", "100", "--set", "recall.embedding=off", "memory.summaries_shown=1"]
    assert economy.main([*wanted, "--json"]) == 0
    (talk,) = json.loads(capsys.readouterr().out)["talks"]
    rows = {row["name"]: row for row in talk["rows"]}
    assert (talk["turns"], talk["compactions"]) == (3, 0)
    assert 500 < rows["head, tokens at most"]["value"] <= 1_000
    assert rows["calls for memory"]["value"] == 1
    ways = talk["ways"]
    assert {way["calls"] for way in ways.values()} == {3, 4, 6}
    assert ways["everything"]["sent"] <= ways["memchat, chat"]["sent"] < ways["memchat, all"]["sent"]
    assert ways["memory in the system prompt"]["sent"] == pytest.approx(ways["memchat, chat"]["sent"], abs=40)


def test_a_file_without_a_conversation_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    """And nothing else happens."""
    assert economy.main([str(tmp_path_factory.mktemp("none") / "none.json"), "--sizes"]) == 2

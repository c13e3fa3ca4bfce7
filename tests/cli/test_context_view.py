"""What a message would show the model, on the screen: zone by zone, at every width."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memchat.actions.context import LEARNED, Outlook, Shown
from memchat.cli import context_view
from memchat.domain import (
    Context,
    Dropped,
    Layer,
    ModelCall,
    Passage,
    Session,
    SessionKind,
    ToolSpec,
    Turn,
    Usage,
    Zone,
)

from tests.builders import a_message
from tests.cli.passages import CHINESE, NOTE, TALK
from tests.cli.screens import pipe, terminal, widest
from tests.conftest import NOW

USER = a_message("what did we decide about the rate limit?")


def head(layer: Layer, tokens: int, *refs: str) -> list[Passage]:
    """Passages of one layer of the head."""
    return [Passage(layer, Zone.HEAD, ref, "- x", "x", tokens, at=NOW) for ref in refs]


HEAD = (
    *head(Layer.PROFILE, 13, "m1", "m2"),
    *head(Layer.NOTE, 15, "m11", "m12", "m10"),
    *head(Layer.SESSION, 80, "s20", "s19"),
)
CHANGE = Passage(Layer.CHANGE, Zone.TAIL, "m9", "location is now", "Lisbon", 11, field="location", why="replaces m3")
DROPPED = (
    Dropped(replace(TALK, ref="s12.1", text="limits on uploads", score=0.41), "below the threshold"),
    Dropped(NOTE, "already in the head"),
    Dropped(head(Layer.NOTE, 9, "m7")[0], "over the head's 1,000 tokens"),
)
CONTEXT = Context("head", (), "tail", USER, NOW, kept=(*HEAD, TALK, CHINESE, CHANGE), dropped=DROPPED)
TOOLS = (ToolSpec("remember", "", {}), ToolSpec("recall", "", {}))
SEEN = Outlook(
    model="qwen3:8b",
    host="127.0.0.1:11434",
    local=True,
    window=32_768,
    limit=16_000,
    context=CONTEXT,
    tools=TOOLS,
    turns=0,
    head=413,
    past=0,
    tail=159,
    words=10,
    offered=180,
    question=True,
    window_from="litellm's list",
)


def test_the_screen_at_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """screens.md, section 7: where it would go, what each zone holds and costs, the sum, what was left out and why."""
    assert context_view.outlook(terminal(monkeypatch, 80), SEEN, NOW) == [
        "",
        "  Would go to qwen3:8b at 127.0.0.1:11434. Nothing was sent.",
        "",
        "                                    tokens",
        "  Head, the same all session           413   ████████",
        "    instructions                       182",
        "    profile                2 fields     26",
        "    notes              3 of 4 shown     45   m11 m12 m10",
        "    summaries            2 sessions    160   s20 s19",
        "  This conversation     no turn yet      0",
        "  Tools                                180   remember, recall",
        "  Tail, for this question              159   ███",
        "    s17.4  3 Oct        we looked…      96   0.81  words, last month",
        "    s3.12  18 Oct 2025  我們決定速…     34   0.62  beside s17.4",
        "    m9     location: Lisbon             11   replaces m3",
        "    quoting and dates                   18",
        "  Your question                         10",
        "                                    ------",
        "  In all                               762   2 % of 32,768",
        "",
        "  Left out",
        "    s12.1  3 Oct  limits on uploads     0.41  below the threshold",
        "    m8     works on the billing API…    0.58  already in the head",
        "    m7     x                                  over the head's 1,000 tokens",
        "",
        "  Word for word: --raw.  What the last one was shown: --last",
    ]


def test_the_screen_at_40_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands beside on a wide terminal stands below, and bars are left out."""
    lines = context_view.outlook(terminal(monkeypatch, 40), SEEN, NOW)
    assert widest(lines) <= 40
    assert lines[4:14] == [
        "                                  tokens",
        "  Head, the same all session         413",
        "    instructions                     182",
        "    profile              2 fields     26",
        "    notes            3 of 4 shown     45",
        "      m11 m12 m10",
        "    summaries          2 sessions    160",
        "      s20 s19",
        "  This conversation   no turn yet      0",
        "  Tools                              180",
    ]
    assert lines[lines.index("  Left out") + 1 :][:4] == [
        "    s12.1  3 Oct  limits on uploads",
        "      0.41  below the threshold",
        "    m8     works on the billing API wit…",
        "      0.58  already in the head",
    ]


def test_turns_that_are_folded_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many of how many are sent; the folded ones are not counted among the summaries."""
    screen = terminal(monkeypatch, 80)
    seen = replace(SEEN, turns=3, past=100)
    assert "  This conversation         3 turns    100" in context_view.outlook(screen, seen, NOW)
    folded = Passage(Layer.SESSION, Zone.HEAD, "s1.1-20", "", "20 older turns", 0)
    context = replace(CONTEXT, folded=20, dropped=(Dropped(folded, "folded: over 30 turns"),))
    lines = context_view.outlook(screen, replace(seen, turns=30, context=context), NOW)
    assert "  This conversation  10 of 30 turns    100" in lines
    assert any("2 sessions" in line for line in lines)
    assert "    s1.1-20  20 older turns                   folded: over 30 turns" in lines


def test_a_window_that_nobody_knows_is_said_to_be_assumed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The share is of a guess then."""
    lines = context_view.outlook(terminal(monkeypatch, 80), replace(SEEN, window_from=""), NOW)
    assert "  In all                               762   2 % of 32,768, assumed" in lines


def test_what_the_model_counts_around_the_words_is_a_row_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the rows sum up to the whole."""
    lines = context_view.outlook(terminal(monkeypatch, 80), replace(SEEN, around=38), NOW)
    above, told, _, whole = lines[lines.index("  Your question                         10") :][:4]
    assert above.endswith("10")
    assert told == "  Frames of the messages                38"
    assert whole == "  In all                               800   2 % of 32,768"


def test_a_window_that_turned_out_smaller_is_said_to_be_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody promised it."""
    seen = replace(SEEN, window=4_500, window_from=LEARNED)
    lines = context_view.outlook(terminal(monkeypatch, 80), seen, NOW)
    assert "  In all                               762   17 % of 4,500, learned" in lines


def test_what_the_provider_had_cached_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the last request; and in the chat the way goes on to what the last reply was shown."""
    lines = context_view.outlook(terminal(monkeypatch, 80), replace(SEEN, cached=604), NOW, in_chat=True)
    assert "  In all                               762   2 % of 32,768; 604 cached before" in lines
    assert lines[-1] == "  What the last reply was shown: /why"


def test_values_of_one_field_are_one_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """`goals` may hold three."""
    goals = tuple(replace(one, field="goals") for one in head(Layer.PROFILE, 5, "m1", "m2", "m3"))
    lines = context_view.outlook(terminal(monkeypatch, 80), replace(SEEN, context=replace(CONTEXT, kept=goals)), NOW)
    assert "    profile                 1 field     15" in lines


def test_what_stays_in_the_process_goes_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebook; a head without memory is instructions; a tail without passages is the date."""
    bare = replace(CONTEXT, kept=(), dropped=())
    seen = replace(SEEN, model="notebook", host="", context=bare, tools=(), offered=0, tail=4, window=1_000_000)
    text = "\n".join(context_view.outlook(terminal(monkeypatch, 80), seen, NOW))
    assert "Would go to notebook, on this computer." in text
    assert "    date                                 4" in text
    assert "under 1 % of 1,000,000" in text
    assert "Tools" not in text
    assert "Left out" not in text


def test_of_many_that_were_left_out_the_first_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """And how many more there are."""
    context = replace(CONTEXT, dropped=DROPPED[:1] * 20)
    lines = context_view.outlook(terminal(monkeypatch, 80), replace(SEEN, context=context), NOW)
    assert sum("below the threshold" in line for line in lines) == context_view.LEFT_OUT
    assert "    and 8 more: --json" in lines


def test_in_a_pipe_and_in_ascii_the_columns_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """An excerpt of 400 characters does not push the numbers away; no sign outside ASCII in the frame."""
    lines = context_view.outlook(pipe(), SEEN, NOW)
    assert "    s17.4  3 Oct        we looked…      96   0.81  words, last month" in lines
    lines = context_view.outlook(terminal(monkeypatch, 80, lang="zh_TW.UTF-8"), SEEN, NOW)
    assert "  Head, the same all session           413   ########" in lines
    assert "    s17.4  3 Oct        we looke...     96   0.81  words, last month" in lines


TURN = Turn(17, 4, (USER,))
SESSION = Session(17, "u", SessionKind.CHAT, "Rate limits", "", "", (), NOW, NOW, "m", "", 4, True, 1)
ASKED = ModelCall("chat", "qwen3:8b", "127.0.0.1:11434", Usage(762), NOW, 17, 4)


def test_what_was_shown_at_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same zones, without what is not kept of them."""
    past = Shown(SESSION, TURN, (*HEAD, TALK), ASKED)
    assert context_view.shown(terminal(monkeypatch, 80), past, NOW) == [
        "",
        '  s17.4, in "Rate limits", 22 Nov 09:14, answered by qwen3:8b at',
        "  127.0.0.1:11434, was shown of memory:",
        "",
        "                                    tokens",
        "  Head                                 231",
        "    profile                2 fields     26   m1 m2",
        "    notes                   3 notes     45   m11 m12 m10",
        "    summaries            2 sessions    160   s20 s19",
        "  Tail, and what was looked up          96",
        "    s17.4  3 Oct  we looked at wha…     96   0.81  words, last month",
        "                                    ------",
        "  In the whole request                 762   with instructions, turns and",
        "                                             question",
        "",
        "  What was asked and answered:  memchat sessions show s17.4",
        "  What was left out then is not kept; what was erased since is not listed.",
    ]


def test_a_turn_that_was_shown_nothing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one without a title that was never answered."""
    past = Shown(replace(SESSION, title=""), TURN, (), None)
    lines = context_view.shown(terminal(monkeypatch, 80), past, NOW)
    told = ["  s17.4, 22 Nov 09:14, was shown nothing of memory.", ""]
    assert lines[1:3] == told
    assert lines[3].startswith("  What was asked and answered:")


def test_a_turn_that_was_sent_without_memory_has_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence alone: a table of no zones tells nothing."""
    lines = context_view.shown(terminal(monkeypatch, 80), Shown(SESSION, TURN, (), ASKED), NOW)
    assert lines[2] == "  127.0.0.1:11434, was shown nothing of memory."
    assert not any("tokens" in line or "762" in line for line in lines)


@pytest.mark.parametrize("columns", [40, 36])
def test_no_label_of_ours_is_cut(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """A shorter one stands where the whole does not fit beside how many turns are sent."""
    context = replace(CONTEXT, folded=20, kept=HEAD, dropped=())
    seen = replace(SEEN, turns=31, context=context)
    lines = context_view.outlook(terminal(monkeypatch, columns), seen, NOW)
    lines += context_view.shown(terminal(monkeypatch, columns), Shown(SESSION, TURN, HEAD, ASKED), NOW)
    assert any(line.startswith("  This chat") for line in lines)
    assert not any("…" in line for line in lines)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=100), st.integers(32, 140))
def test_nothing_passes_the_edge(monkeypatch: pytest.MonkeyPatch, text: str, columns: int) -> None:
    """Whatever the words and the width."""
    screen = terminal(monkeypatch, columns)
    passages = [replace(TALK, text=text, why=text), replace(CHINESE, text=text)]
    dropped = tuple(Dropped(one, text) for one in passages)
    seen = replace(SEEN, context=replace(CONTEXT, kept=(*HEAD, *passages), dropped=dropped))
    lines = context_view.outlook(screen, seen, NOW)
    lines += context_view.shown(screen, Shown(SESSION, TURN, (*HEAD, *passages), ASKED), NOW)
    assert widest(lines) <= columns

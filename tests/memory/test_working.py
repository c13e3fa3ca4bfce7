"""This session's turns: what is live, what is folded and when, and the repair of what a crash left."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Limits, Message, MessageStatus, Origin, Part, PartKind, Role, Turn
from memchat.memory.folding import COUNT_CHARACTERS, REFERENCE_FROM, Fold, count_long
from memchat.memory.quoting import as_sent
from memchat.memory.working import INTERRUPTED, NO_REPLY, WorkingTurns, repaired

from tests.builders import a_message


def count(text: str) -> int:
    """A token is a word."""
    return len(text.split())


def a_turn(number: int, said: str = "Hello.", reply: str | None = "Hi.") -> Turn:
    """One turn of session 1; unanswered when `reply` is None."""
    user = a_message(said, turn=number, number=number * 10)
    if reply is None:
        return Turn(1, number, (user,))
    return Turn(1, number, (user, a_message(reply, role=Role.ASSISTANT, turn=number, number=number * 10 + 1)))


def a_call(call_id: str, number: int = 2) -> Message:
    """An assistant's message that calls a tool."""
    part = Part(PartKind.TOOL_CALL, Origin.MODEL, '{"arguments": "{}"}', name="recall", call_id=call_id)
    return replace(a_message("", role=Role.ASSISTANT, number=number), parts=(part,))


def a_result(call_id: str, number: int = 3) -> Message:
    """A tool's result."""
    part = Part(PartKind.TOOL_RESULT, Origin.TOOL, "{}", name="recall", call_id=call_id)
    return replace(a_message("", role=Role.TOOL, number=number), parts=(part,))


def texts(messages: Sequence[Message]) -> list[str]:
    """Who says what, in short."""
    return [f"{m.role[0]}:{' '.join(p.content for p in m.parts)}" for m in messages]


def working(turns: Sequence[Turn]) -> WorkingTurns:
    """Turns with one open at the end."""
    made = WorkingTurns(turns, count)
    number = turns[-1].number + 1 if turns else 1
    made.open(a_message("New.", turn=number, number=number * 10))
    return made


def test_an_unanswered_message_gets_a_reply_that_says_so() -> None:
    """Roles alternate for providers that insist, and the model knows that it had not answered."""
    message = repaired(a_turn(1, reply=None))[-1]
    assert (message.role, message.text, message.id) == (Role.ASSISTANT, NO_REPLY, 0)


def test_an_open_tool_call_gets_a_result_that_says_interrupted() -> None:
    """Whether nothing, another message or only some of the results follow it."""
    user, answer = a_turn(1).messages
    alone = repaired(Turn(1, 1, (user, a_call("a"))))
    assert texts(alone)[2:] == [f"t:{INTERRUPTED}", f"a:{NO_REPLY}"]
    assert alone[2].parts[0].call_id == "a"
    between = repaired(Turn(1, 1, (user, a_call("a"), answer)))
    assert texts(between)[2:] == [f"t:{INTERRUPTED}", "a:Hi."]
    both = replace(a_call("a"), parts=(*a_call("a").parts, *a_call("b").parts))
    half = repaired(Turn(1, 1, (user, both, a_result("a"), answer)))
    assert texts(half)[2:] == ["t:{}", f"t:{INTERRUPTED}", "a:Hi."]
    whole = Turn(1, 1, (user, a_call("a"), a_result("a"), answer))
    assert repaired(whole) == whole.messages


def test_repair_is_for_the_request_only() -> None:
    """What is kept in the turns is what is saved."""
    made = working([a_turn(1, reply=None)])
    assert texts(made.messages()) == ["u:Hello.", f"a:{NO_REPLY}"]
    assert len(made.turns[0].messages) == 1


def test_turns_fold_in_steps() -> None:
    """At max_turns all but keep_turns are folded, and the boundary stays until there are too many again."""
    limits = Limits(max_turns=6, keep_turns=2)
    made = WorkingTurns([], count)
    live = []
    for number in range(1, 15):
        made.open(a_message(f"Message {number}.", turn=number, number=number * 10))
        made.fit(10_000, limits)
        live.append(len(made.turns) - made.fold.turns)
        made.answer(a_turn(number).messages[1:])
    assert live == [1, 2, 3, 4, 5, 6, 3, 4, 5, 6, 3, 4, 5, 6]
    assert made.why == "over 6 turns"


def test_folded_turns_leave_one_line() -> None:
    """It says how many and which, and what is told of them; it stands first, with a reply after it."""
    made = working([a_turn(n) for n in range(1, 8)])
    made.fit(10_000, Limits(max_turns=6, keep_turns=2), lambda folded, tokens: (f"{len(folded)} in {tokens}.", 51))
    first, second, *rest = made.messages()
    assert first.text == "[Earlier in this conversation: 5 turns, s1.1 to s1.5, saved and not repeated here. 5 in 400.]"
    assert (first.role, second.role, len(rest)) == (Role.USER, Role.ASSISTANT, 4)
    assert (made.first_live, made.fold.covers) == (6, 51)
    assert [(one.passage.ref, one.passage.text, one.why) for one in made.left_out()] == [
        ("s1.1-5", "5 older turns", "folded: over 6 turns")
    ]


def test_one_folded_turn_is_told_as_one() -> None:
    """And what nobody tells of is only counted."""
    made = working([a_turn(1), a_turn(2)])
    made.fit(10_000, Limits(max_turns=2, keep_turns=1))
    assert made.messages()[0].text == "[Earlier in this conversation: 1 turn, s1.1, saved and not repeated here.]"
    assert made.left_out()[0].passage.text == "1 older turn"
    assert made.left_out()[0].passage.ref == "s1.1"


def test_what_is_told_stays_until_the_next_compaction() -> None:
    """A summary that is made anew meanwhile moves no byte of the request."""
    told = iter(["first", "second"])
    made = working([a_turn(n) for n in range(1, 8)])
    limits = Limits(max_turns=6, keep_turns=2)
    for number in range(8, 16):
        made.fit(10_000, limits, lambda folded, tokens: (next(told), None))
        words = made.messages()[0].text
        assert ("first" in words) == (number < 12)
        made.open(a_message("New.", turn=number + 1, number=(number + 1) * 10))


def test_the_oldest_and_largest_parts_become_references_first() -> None:
    """Before a kept turn is dropped; the reference says what it was, how large and how it began."""
    big = "word " * 600
    made = working([a_turn(1, big), a_turn(2, "Small."), a_turn(3, big), a_turn(4, "Small.")])
    assert made.fit(1_230, Limits(), room=2_600) <= 1_000
    assert made.fold.turns == 0
    shown = texts(made.messages())
    assert shown[0].startswith('u:[left out here: text of about 600 tokens, saved as s1.1, begins "word word')
    assert shown[4] == f"u:{big}"
    (left,) = made.left_out()
    assert (left.passage.ref, left.passage.tokens, left.why) == (
        "s1.1",
        600,
        "a reference stands for it: over the limit of 1,230 tokens",
    )
    assert made.messages()[2:] == tuple(m for turn in made.past[1:] for m in turn.messages)


def test_at_a_compaction_what_has_served_becomes_references() -> None:
    """What tools gave in one line, files and what was pasted; not in the newest two turns, and nothing small."""
    big = "word " * 300
    file = Part(PartKind.FILE, Origin.FILE, big, name="notes.md")
    paste = Part(PartKind.TEXT, Origin.PASTE, big)
    asked = Part(PartKind.TEXT, Origin.TYPED, big)
    turns = []
    for number in range(1, 8):
        user = replace(a_message(turn=number, number=number * 10), parts=(file, paste, asked))
        result = replace(a_result("a", number * 10 + 2).parts[0], content="word " * (5 if number == 4 else 50))
        tool = replace(a_result("a", number * 10 + 2), parts=(result,), turn=number)
        answer = a_message("Yes.", role=Role.ASSISTANT, turn=number, number=number * 10 + 3)
        turns.append(Turn(1, number, (user, replace(a_call("a", number * 10 + 1), turn=number), tool, answer)))
    made = working(turns)
    made.fit(100_000, Limits(max_turns=6, keep_turns=4))
    shown = texts(made.messages())[2:]
    references = [text for text in shown if "left out here" in text]
    assert [text[:1] for text in references] == ["u", "u", "t"]
    assert references[1].count("left out here") == 2
    assert references[1].endswith(big)
    assert references[2] == "t:[left out here: what recall gave, about 50 tokens, saved as s1.5]"


def test_a_file_is_named_and_barred_words_are_not_quoted() -> None:
    """A reference to a file tells its name; a barred part only its size."""
    big = "word " * 600
    file = Part(PartKind.FILE, Origin.FILE, big, name="notes.md")
    barred = Part(PartKind.TEXT, Origin.TYPED, big, barred=True)
    turn = Turn(1, 1, (replace(a_message(number=10), parts=(file, barred)), a_turn(1).messages[1]))
    made = working([turn])
    made.fit(300, Limits())
    first, second = made.messages()[0].parts
    assert first.content.startswith('[left out here: file "notes.md" of about 604 tokens, saved as s1.1, begins')
    assert as_sent(first, made.messages()[0]) == first.content
    assert second.content == "[left out here: text of about 600 tokens, saved as s1.1]"


def test_when_references_do_not_suffice_the_oldest_turns_go() -> None:
    """Never the newest, whatever it costs."""
    made = working([a_turn(n, "word " * 150) for n in range(1, 6)])
    assert made.fit(400, Limits()) <= 300
    assert made.fold.turns == 4
    assert made.fit(-50, Limits()) < 30
    assert made.fold.turns == 5
    assert made.why == "over the limit of 0 tokens"
    assert made.fit(-60, Limits(), limit=637) < 30
    assert made.first_live == 6


def test_references_stay_where_they_are() -> None:
    """What has become a reference is one at the next turn too, so that the prompt only grows."""
    made = working([a_turn(1, "word " * 600), a_turn(2)])
    made.fit(500, Limits())
    before = made.messages()
    made.answer(a_turn(3).messages[1:])
    made.open(a_message("Next.", turn=4, number=40))
    made.fit(500, Limits())
    assert made.messages()[: len(before)] == before
    made.answer(a_turn(4, reply="word " * 700).messages[1:])
    made.open(a_message("Next.", turn=5, number=50))
    made.fit(900, Limits(), room=1_000)
    assert made.fold.parts == {(10, 0)}


def test_turns_that_went_elsewhere_leave_the_rest_as_it_was() -> None:
    """After an undo the next request begins as the last one did, unless what was folded is gone, or is all there is."""
    turns = [a_turn(n) for n in range(1, 11)]
    earlier = WorkingTurns(turns, count)
    assert earlier.compact(Limits(keep_turns=4), 10_000, lambda folded, tokens: ("Told.", 81))

    def folded(turns: list[Turn]) -> int:
        made = WorkingTurns(turns, count)
        made.follow(earlier)
        return made.fold.turns

    assert folded(turns) == folded([*turns, a_turn(11)]) == folded(turns[:8]) == 6
    assert folded(turns[:7]) == 0  # the summary tells of turn 8
    assert folded(turns[:6]) == folded(turns[:3]) == 0
    assert folded([a_turn(1, "Another."), *turns[1:]]) == 0
    assert not earlier.compact(Limits(keep_turns=4), 10_000, lambda folded, tokens: ("Anew.", None))
    assert "Told." in earlier.fold.about


def test_what_is_folded_is_not_asked_again() -> None:
    """Where the newest turn itself was folded, a retry has all of them back."""
    made = WorkingTurns([a_turn(1), a_turn(2)], count)
    assert made.compact(Limits(keep_turns=0), 10_000, lambda folded, tokens: ("", None))
    assert made.fold.turns == 2
    made.fit(10_000, Limits())
    assert texts(made.messages()) == ["u:Hello.", "a:Hi."]


def test_a_model_that_counts_otherwise_is_counted_anew() -> None:
    """What it told of its tokens, or another model's, holds for the turns that were counted before, too."""
    factor = 1

    def counting(text: str) -> int:
        return len(text.split()) * factor

    made = WorkingTurns([a_turn(n, "word " * 96, "word " * 96) for n in range(1, 6)], counting)
    made.open(a_message("New.", turn=6, number=60))
    assert made.fit(1_500, Limits()) == 1_000
    factor = 2
    assert made.fit(1_500, Limits()) <= 1_500
    assert made.fold != Fold()


def test_so_many_turns_hold_so_many_tokens() -> None:
    """Counted from the newest, with what answers it, and with what stands around each message."""
    made = working([a_turn(n, "word " * 92) for n in range(1, 6)])
    answer = (a_message("word " * 95, role=Role.ASSISTANT),)
    assert [made.holding(tokens, answer, 4) for tokens in (1, 104, 105, 205, 206, 9_000)] == [1, 1, 2, 2, 3, 4]


def test_an_answer_is_replaced() -> None:
    """A retry puts another one in its place."""
    made = working([a_turn(1)])
    made.answer(a_turn(2, reply="First.").messages[1:])
    made.answer(a_turn(2, reply="Second.").messages[1:])
    assert made.turns[-1].reply == "Second."


@pytest.mark.parametrize("enough", [None, 10])
def test_a_long_text_is_counted_in_pieces(enough: int | None) -> None:
    """And no further than is needed to know that it is too long."""
    text = "word " * COUNT_CHARACTERS
    total = count_long(text, count, enough)
    assert total == COUNT_CHARACTERS if enough is None else 10 < total < COUNT_CHARACTERS
    assert count_long("one two", count, enough) == 2


SIZES = st.integers(1, REFERENCE_FROM * 3)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(SIZES, SIZES, st.sampled_from(["complete", "failed", "unanswered"])), min_size=1, max_size=25),
    st.integers(100, 4_000),
    st.integers(2, 12),
    st.integers(0, 12),
)
def test_the_request_only_grows_between_folds(
    sizes: list[tuple[int, int, str]], budget: int, most: int, keep: int
) -> None:
    """What went before a turn's message, and that message, begin the next request unless the fold moved;
    and it keeps its limits.
    """
    limits = Limits(max_turns=most, keep_turns=keep)
    made = WorkingTurns([], count)
    sent: tuple[Message, ...] = ()
    fold = made.fold
    for number, (said, told, how) in enumerate(sizes, 1):
        user = a_message("word " * said, turn=number, number=number * 10)
        made.open(user)
        cost = made.fit(budget, limits)
        now = made.messages()
        if made.fold == fold:
            assert now[: len(sent)] == sent
        assert cost <= budget
        assert len(made.turns) - made.fold.turns <= most
        assert [m.role for m in now][::2] == [Role.USER] * len(now[::2])
        fold, sent = made.fold, (*now, user)
        status = MessageStatus.FAILED if how == "failed" else MessageStatus.COMPLETE
        if how != "unanswered":
            answer = a_message("word " * told, role=Role.ASSISTANT, turn=number, number=number * 10 + 1)
            made.answer([replace(answer, status=status)])

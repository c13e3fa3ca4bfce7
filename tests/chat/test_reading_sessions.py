"""What `read_session` gives a model of one earlier conversation."""

import json
from datetime import timedelta
from typing import Any

import pytest
from memchat.chat.reading_sessions import read_session
from memchat.chat.tool_calls import BadCallError, Moment, Result
from memchat.domain import Origin, Part, PartKind, Role
from memchat.ports import Store

from tests.builders import add_turn
from tests.conftest import NOW

EARLIER = NOW - timedelta(days=9)


def a_moment(store: Store, tokens: int = 600) -> Moment:
    """A new conversation's first turn."""
    user = add_turn(store, "What was the limit?", at=NOW).user
    return Moment(user, "m", NOW, 1, 0, lambda text: len(text) // 4, tokens)


def told(result: Result) -> list[tuple[str, str, str]]:
    """The messages that the model is shown: ref, speaker, text."""
    return [(one["ref"], one["speaker"], one["text"]) for one in json.loads(result.content)["turns"]]


@pytest.fixture
def session(store: Store) -> int:
    """A conversation of twelve turns, the limit in the seventh."""
    first = add_turn(store, "We plan the API today", "Good.", at=EARLIER)
    for number in range(2, 13):
        text = "The limit is 100 a minute" if number == 7 else f"Point {number}: " + "something else " * 20
        add_turn(store, text, f"Noted {number}. " + "And so on. " * 20, session_id=first.session_id, at=EARLIER)
    return first.session_id


def test_the_turns_about_the_question_come_in_order_and_within_the_budget(store: Store, session: int) -> None:
    """First what says most, then what stands beside it and how the talk began; the rest is counted."""
    result = read_session({"id": f"s{session}", "question": "which limit a minute"}, a_moment(store, 300), store)
    found = told(result)
    assert (f"s{session}.7", "user", "The limit is 100 a minute") in found
    assert [int(ref.partition(".")[2]) for ref, _, _ in found] == sorted(
        int(ref.partition(".")[2]) for ref, _, _ in found
    )
    assert sum(one.tokens for one in result.shown) <= 300
    assert json.loads(result.content)["not_shown"] == 12 - len({ref for ref, _, _ in found})
    assert result.summary.startswith(f"read s{session}: ")


def test_one_turn_is_read_with_those_around_it(store: Store, session: int) -> None:
    """`s1.7` begins with that turn, whatever is asked."""
    result = read_session({"id": f"S{session}.7"}, a_moment(store, 60), store)
    assert {ref for ref, _, _ in told(result)} == {f"s{session}.7"}


def test_what_was_pasted_is_told_as_such_and_what_is_barred_not_at_all(store: Store) -> None:
    """Words that the user only passed on are nobody's statement."""
    pasted = Part(PartKind.TEXT, Origin.PASTE, "I am a pilot")
    barred = Part(PartKind.TEXT, Origin.TYPED, "my secret", barred=True)
    one = store.transcripts
    first = add_turn(store, "Read this", at=EARLIER)
    session = one.session(first.session_id)
    one.add_message(session.id, 2, Role.USER, (pasted, barred), parent=session.leaf, at=EARLIER)
    found = told(read_session({"id": session.ref}, a_moment(store), store))
    assert (f"{session.ref}.2", "pasted", "I am a pilot") in found
    assert "my secret" not in str(found)


@pytest.mark.parametrize("arguments", [{"id": "s999"}, {"id": "m1"}, {"id": ""}, {"id": 4}, {"id": "s1.99"}, {}])
def test_a_wrong_id_is_an_answer_for_the_model(store: Store, session: int, arguments: dict[str, Any]) -> None:
    """Never an error for the user."""
    with pytest.raises(BadCallError):
        read_session(arguments, a_moment(store), store)


def test_what_the_model_sees_already_is_not_read_again(store: Store) -> None:
    """Of the conversation under way only the turns that are no longer sent."""
    moment = a_moment(store)
    ref = f"s{moment.message.session_id}"
    with pytest.raises(BadCallError):
        read_session({"id": ref}, moment, store)
    later = Moment(moment.message, "m", NOW, 2, 0, len, 600)
    assert told(read_session({"id": ref}, later, store))[0] == (f"{ref}.1", "user", "What was the limit?")


def test_without_a_question_it_begins_at_the_beginning(store: Store, session: int) -> None:
    """Nothing to compare with: the turns in order, as many as fit."""
    found = told(read_session({"id": f"s{session}", "question": ""}, a_moment(store, 200), store))
    assert found[0] == (f"s{session}.1", "user", "We plan the API today")


def test_a_message_without_words_is_passed_over(store: Store) -> None:
    """An image alone says nothing that could be quoted."""
    image = Part(PartKind.IMAGE, Origin.FILE, "aGk=", name="a.png", mime="image/png")
    first = add_turn(store, "Look", at=EARLIER)
    session = store.transcripts.session(first.session_id)
    store.transcripts.add_message(session.id, 2, Role.USER, (image,), parent=session.leaf, at=EARLIER)
    assert [ref for ref, _, _ in told(read_session({"id": session.ref}, a_moment(store), store))] == [
        f"{session.ref}.1",
        f"{session.ref}.1",
    ]


def with_parts(store: Store, *parts: Part) -> str:
    """A conversation of three turns, the second with these; its id."""
    first = add_turn(store, "We begin", at=EARLIER)
    session = store.transcripts.session(first.session_id)
    user = store.transcripts.add_message(session.id, 2, Role.USER, parts, parent=session.leaf, at=EARLIER)
    result = Part(PartKind.TOOL_RESULT, Origin.TOOL, '{"found": ["tea"]}', name="recall", call_id="1")
    store.transcripts.add_message(session.id, 2, Role.TOOL, (result,), parent=user.id, at=EARLIER)
    add_turn(store, "We end", session_id=session.id, at=EARLIER)
    return session.ref


def test_a_named_turn_is_opened_with_all_it_holds(store: Store) -> None:
    """Files, what was pasted, what tools gave: each under its name, as it stands."""
    file = Part(PartKind.FILE, Origin.FILE, "All of\nthe file.", name="notes.md")
    paste = Part(PartKind.TEXT, Origin.PASTE, "pasted words")
    typed = Part(PartKind.TEXT, Origin.TYPED, "Read it.")
    barred = Part(PartKind.FILE, Origin.FILE, "my secret", name="secret.md", barred=True)
    ref = with_parts(store, file, paste, typed, barred)
    found = told(read_session({"id": f"{ref}.2", "question": "the file"}, a_moment(store), store))
    assert [(who, text) for one, who, text in found if one == f"{ref}.2"] == [
        ('file "notes.md"', "All of\nthe file."),
        ("pasted text", "pasted words"),
        ("user", "Read it."),
        ("what recall gave", '{"found": ["tea"]}'),
    ]


@pytest.mark.parametrize("tokens", [200, 600])
@pytest.mark.parametrize(
    "filler", ["Nothing of use stands here at all. ", "這裡沒有什麼有用的東西"], ids=["English", "Chinese"]
)
def test_of_a_long_file_the_pieces_about_the_question_are_told(store: Store, tokens: int, filler: str) -> None:
    """In order, with a sign where something is left out, and within the budget."""
    text = (
        filler * 200
        + "The password policy is ninety days. "
        + filler * 200
        + "Its policy owner is Ines. "
        + filler * 200
    )
    ref = with_parts(store, Part(PartKind.FILE, Origin.FILE, text, name="policy.md"))
    result = read_session({"id": f"{ref}.2", "question": "password policy owner"}, a_moment(store, tokens), store)
    words = next(text for _, who, text in told(result) if who.startswith("file"))
    assert words.index("ninety days") < words.index("Ines")
    assert words.startswith("…")
    assert words.endswith("…")
    assert sum(one.tokens for one in result.shown) <= tokens


def test_without_a_question_a_long_file_is_opened_at_its_beginning(store: Store) -> None:
    """Nothing to choose by."""
    text = "".join(f"Line {number}.\n" for number in range(900))
    ref = with_parts(store, Part(PartKind.FILE, Origin.FILE, text, name="long.md"))
    words = next(
        text for _, who, text in told(read_session({"id": f"{ref}.2"}, a_moment(store), store)) if "file" in who
    )
    assert words.startswith("Line 0.\nLine 1.\n")
    assert words.endswith("…")
    assert "…" not in words[:-1]


def test_a_past_turn_of_the_same_conversation_is_opened_by_its_name(store: Store) -> None:
    """A reference may stand for a part of a turn that is sent; the newest turn itself is no past."""
    ref = with_parts(store, Part(PartKind.FILE, Origin.FILE, "The file.", name="notes.md"))
    message = store.transcripts.turns(int(ref[1:]))[-1].user
    moment = Moment(message, "m", NOW, 1, 0, len, 600)
    found = told(read_session({"id": f"{ref}.2"}, moment, store))
    assert {one for one, _, _ in found} == {f"{ref}.2"}
    assert ('file "notes.md"', "The file.") in [(who, text) for _, who, text in found]
    for wrong in (ref, f"{ref}.3", f"{ref}.9"):
        with pytest.raises(BadCallError):
            read_session({"id": wrong}, moment, store)


def test_what_does_not_fit_is_left_out(store: Store) -> None:
    """A budget too small for anything gives nothing, not too much."""
    ref = with_parts(store, Part(PartKind.FILE, Origin.FILE, "word " * 900, name="long.md"))
    assert told(read_session({"id": f"{ref}.2", "question": "word"}, a_moment(store, 20), store)) == []

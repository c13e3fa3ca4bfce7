"""Whatever anybody wrote, each frame that memchat puts around it holds exactly one thing, and ends where it should."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import (
    Candidate,
    Origin,
    Part,
    PartKind,
    Role,
    Session,
    SessionKind,
    Turn,
    Zone,
)
from memchat.llm.messages import history
from memchat.memory import consolidation_prompt, episodic, prompt, session, user
from memchat.memory.quoting import as_sent, clean, hides, passes_for_ours, quoted, seen

from tests.builders import a_memory, a_message, typed
from tests.conftest import NOW
from tests.redteam.reading import ASKED, EARLIER, HEAD, OPENS, TAIL, Read, _user, skeleton

PIECES = (
    *(
        '"',
        '\\"',
        "\\",
        "\n",
        "\r",
        "\u2028",
        "\x85",
        "\x00",
        "\x1b[31m",
        "`",
        "```",
        "````",
        "~~~",
        "[",
        "]",
        "# Notes",
    ),
    *(
        "[memchat] ",
        "［ｍｅｍｃｈａｔ］",
        '- "x" (m9, 2026-01-01)',
        "[pasted text]",
        '[file "x"]',
        "(s17.4)",
        "[erased]",
        "; ",
    ),
    *(
        "wanted ",
        "Pending: ",
        "turn 2",
        'user: "',
        "“",
        "”",
        "＂",
        "」",
        "«",
        "\u202e",
        "\u2066",
        "\U000e0041",
        "\ufe0f",
    ),
    *(
        "\U000e0101",
        "\ufeff",
        "{",
        "}",
        "<|im_end|>",
        "台北",
        "é",
        " ",
        "\t",
        "🏴\U000e0067\U000e0062\U000e007f",
        "\ud800",
    ),
)
HOSTILE = st.one_of(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.text(max_size=60))
ANY = settings(max_examples=150, deadline=None)


def count(text: str) -> int:
    """A token is a word."""
    return len(text.split())


def one(line: str, frame: object) -> list[str]:
    """What stands in the line's quotations; the line must be one line, and the frame that it should be."""
    assert len(line.splitlines()) == 1
    bare, held = skeleton(line)
    assert frame.fullmatch(bare), line  # type: ignore[attr-defined]  # - a pattern
    assert not hides(line)
    return held


def a_talk(title: str = "", summary: str = "") -> Session:
    """A session that is called and summed up so."""
    return Session(
        1, "uid", SessionKind.CHAT, title, "", summary, (), NOW, NOW, "notebook", "", 1, learn=True, leaf=2, mark=1
    )


def a_turn(words: str, reply: str, *more: Part) -> Turn:
    """One turn with these parts beside the words."""
    message = replace(a_message(), parts=(*more, *typed(words)))
    return Turn(1, 1, (message, a_message(reply, role=Role.ASSISTANT, number=2)))


@ANY
@given(HOSTILE)
def test_a_memory_is_one_quotation(text: str) -> None:
    """In the head, in the tail, and to the model that learns: one line, one quotation, the cleaned text."""
    for memory in (a_memory(text), a_memory(text, field="location")):
        in_head = user.passage(memory, Zone.HEAD, NOW, count, why="")
        assert one(in_head.line, HEAD) == [clean(text)]
        in_tail = user.passage(memory, Zone.TAIL, NOW, count, why="")
        assert one(prompt.tail([in_tail.line.removeprefix("- ")]), TAIL) == [clean(text)]
        assert one(consolidation_prompt.memory_line(memory), ASKED) == [clean(text)]


@ANY
@given(HOSTILE, HOSTILE)
def test_a_change_is_two_quotations_at_most(now: str, before: str) -> None:
    """What is now, and what was; or what holds no longer."""
    old = a_memory(before, field="location", number=1)
    gone = replace(old, superseded_by=2)
    new = a_memory(now, field="location", number=2, at=NOW + timedelta(minutes=1))
    (told,) = user.changes([old], [new], [gone, new], NOW, count)
    assert one(prompt.tail([told.line]), TAIL) == [clean(now), clean(before)]
    (ended,) = user.changes([old], [], [gone], NOW, count)
    assert one(prompt.tail([ended.line]), TAIL) == [clean(before)]


@ANY
@given(HOSTILE, st.sampled_from([Role.USER, Role.ASSISTANT]), st.booleans())
def test_a_past_exchange_is_one_quotation(text: str, role: Role, own: bool) -> None:
    """Whoever said it."""
    found = Candidate(17, 4, 1, 0, role, own, NOW, text)
    told = episodic.passage(found, "tea", NOW.tzinfo, count)
    assert len(one(prompt.tail([told.line.removeprefix("- ")]), TAIL)) == 1


@ANY
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_a_past_conversation_is_one_line(title: str, summary: str, words: str, name: str) -> None:
    """Title, each part of the summary and the last words are quotations of their own, and there are no others."""
    given_file = Part(PartKind.FILE, Origin.FILE, words, name)
    last = Turn(1, 1, (replace(a_message(), parts=(given_file,)), a_message(words, role=Role.ASSISTANT, number=2)))
    for talk in (a_talk(title, summary), a_talk(title)):
        for turn in (last, a_turn(words, words), None):
            (told,) = session.passages([(talk, turn)], NOW.tzinfo, count)
            one(told.line, HEAD)


@ANY
@given(HOSTILE, HOSTILE, HOSTILE)
def test_a_folded_conversation_is_one_line(summary: str, words: str, name: str) -> None:
    """What is told in place of the oldest turns ends with its own bracket."""
    turns = [a_turn(f"we decided {words}", words, Part(PartKind.FILE, Origin.FILE, words, name))]
    for talk in (a_talk("", summary), None):
        told, _ = session.earlier(talk, turns, 400, count)
        line = f"[Earlier in this conversation: 1 turn, s1.1, saved and not repeated here. {told}]"
        one(line if told else line.replace(". ]", ".]"), EARLIER)


@ANY
@given(HOSTILE, HOSTILE, HOSTILE)
def test_a_turn_to_learn_from_is_its_own_lines(words: str, reply: str, name: str) -> None:
    """Own words, what was given beside them, and the reply: a line each, all of one turn."""
    paste = Part(PartKind.TEXT, Origin.PASTE, words)
    turn = a_turn(words, reply, Part(PartKind.FILE, Origin.FILE, words, name), paste)
    lines, _ = consolidation_prompt.turn_lines(1, turn, None, 10_000, count)
    told = lines.split("\n")
    assert [line.partition(" ")[0] for line in told].count("turn") == 1
    assert 4 <= len(told) <= 5
    for line in told:
        one(line, ASKED)


@ANY
@given(HOSTILE, HOSTILE, st.sampled_from([Origin.PASTE, Origin.STDIN, Origin.IMPORT, Origin.FILE]))
def test_what_was_given_is_one_item_in_its_fence(text: str, name: str, origin: Origin) -> None:
    """Read back by rules that know the frame and nothing else, it is one item; nothing of it stands bare."""
    kind = PartKind.FILE if origin is Origin.FILE else PartKind.TEXT
    message = replace(a_message(), parts=(Part(kind, origin, text, name), *typed("So?")))
    (rendered,) = history([message])
    found = Read()
    _user(rendered["content"], found)
    assert not found.strange
    assert [line for line in found.bare if line] == ["So?"]
    assert "\n".join(found.quoted[-1:]).split() == "\n".join(seen(text).splitlines()).split()


@ANY
@given(HOSTILE)
def test_text_alone_never_passes_for_memchats_own(text: str) -> None:
    """Bare it stands only where no line of it begins as ours do."""
    message = replace(a_message(), parts=(Part(PartKind.TEXT, Origin.PASTE, text),))
    sent = as_sent(message.parts[0], message)
    bare = [line for line in sent.splitlines() if line.startswith(("[memchat]", "[pasted", "[piped", '[file "'))]
    if sent == seen(text):
        assert not bare
    else:
        assert OPENS.fullmatch(sent.split("\n")[0])


@ANY
@given(HOSTILE)
def test_what_hides_is_seen(text: str) -> None:
    """Nothing that hides is left, seeing twice changes nothing, and a text without it stays as it is."""
    assert not hides(seen(text))
    assert seen(seen(text)) == seen(text)
    assert hides(text) or seen(text) == text
    assert not hides(quoted(text))
    assert clean(clean(text)) == clean(text)


def test_what_hides_is_told_by_number() -> None:
    """A turn of direction by its code, tags and selectors by how many they are; flags and one selector stay."""
    assert seen("a\u202eb\u2069c") == "a<U+202E>b<U+2069>c"
    assert seen("see\U000e0068\U000e0069 this") == "see<2 hidden characters> this"
    assert seen("🍵\ufe0f\ufe01\U000e0101") == "🍵\ufe0f<2 hidden characters>"
    whole = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f ❤\ufe0f 葛\U000e0100 plain"
    assert seen(whole) == whole
    assert not hides(whole)


def test_a_text_of_thousands_of_brackets_is_not_looked_through() -> None:
    """It is taken for one that would pass for ours: a fence costs little."""
    assert passes_for_ours("[mine]\n" * 6_000)
    assert not passes_for_ours("[mine]\n" * 100)
    assert not passes_for_ours("see [memchat] there, and 1 [file]")

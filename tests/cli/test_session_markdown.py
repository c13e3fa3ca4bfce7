"""A conversation as Markdown: whole, readable, and nobody's words in another's mouth."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.cli.session_markdown import document
from memchat.cli.terminal import clean
from memchat.domain import Message, MessageStatus, Origin, Part, PartKind, Role, SessionKind, Turn

from tests.builders import a_message
from tests.cli.test_session_view import a_session, asked, with_part
from tests.conftest import NOW

SUMMARY = "Wanted: a *rate* limit\nResolved: 100 a minute\nPending: tell Ines"


def told(*messages: Message, title: str = "Rate limits") -> str:
    """The document of one turn."""
    return document(a_session(title=title, turns=1), [Turn(21, 1, messages)], NOW.tzinfo)


def with_parts(*parts: Part) -> Message:
    """A message of the user's of these parts."""
    return replace(a_message(), parts=parts)


def outside(text: str) -> list[str]:
    """The lines that are neither quoted nor within a fence, as CommonMark reads them."""
    lines, fence = [], ""
    for line in text.split("\n"):
        if fence:
            fence = "" if line.startswith(fence) and not line.strip("`") else fence
        elif line.startswith("```"):
            fence = line[: len(line) - len(line.lstrip("`"))]
        elif not line.startswith(">"):
            lines.append(line)
    assert not fence, "a fence is still open"
    return lines


def test_a_conversation_is_a_document() -> None:
    """Title, what it is, its summary, and each turn with who said what and when."""
    session = replace(
        a_session(turns=2, name="work"),
        summary=SUMMARY,
        topics=("rate limits", "API"),
        host="api.example",
    )
    first = Turn(21, 1, (a_message("How many?\n\nA minute."), a_message("100.", role=Role.ASSISTANT)))
    second = Turn(21, 2, (a_message("謝謝 🙏"),))
    assert document(session, [first, second], NOW.tzinfo, summarised_to="s21.1").split("\n") == [
        "# Rate limits",
        "",
        '- Id: s21, conversation, "work"',
        "- Time: 2026-11-22 09:14 to 2026-11-22 09:14, UTC+0800",
        "- Model: notebook at api.example",
        "- Turns: 2",
        "- Topics: rate limits, API",
        "",
        "## Summary up to s21.1",
        "",
        r"- Wanted: a \*rate\* limit",
        "- Resolved: 100 a minute",
        "- Pending: tell Ines",
        "",
        "## s21.1",
        "",
        "**You**, 2026-11-22 09:14",
        "",
        "> How many?",
        ">",
        "> A minute.",
        "",
        "**Assistant**, 2026-11-22 09:14",
        "",
        "> 100.",
        "",
        "## s21.2",
        "",
        "**You**, 2026-11-22 09:14",
        "",
        "> 謝謝 🙏",
        "",
        "*[no reply]*",
    ]


def test_one_turn_says_that_it_is_one_of_several() -> None:
    """Also a one-shot says what it is; without a title the id stands there, without a summary no heading."""
    session = replace(a_session(title="", turns=9), kind=SessionKind.ONESHOT)
    text = document(session, [Turn(21, 4, (a_message(),))], NOW.tzinfo)
    assert text.startswith("# s21\n")
    assert "- Turns: s21.4 alone, of 9" in text
    assert "- Id: s21, one question of memchat ask" in text
    assert "Summary" not in text


def test_what_was_pasted_or_attached_stands_in_a_fence_under_its_name() -> None:
    """A heading in it cannot pass for a turn, nor a fence in it end the fence."""
    text = told(
        with_parts(
            Part(PartKind.TEXT, Origin.TYPED, "Look:"),
            Part(PartKind.TEXT, Origin.PASTE, "## s21.2\n\n**You**\n\n> I owe you\n````\nend\n"),
            Part(PartKind.FILE, Origin.FILE, "", name="no*tes\n## s9.1.md"),
            Part(PartKind.TEXT, Origin.STDIN, "piped"),
            Part(PartKind.IMAGE, Origin.FILE, "", name="cat.png"),
        )
    )
    assert [line for line in outside(text) if line.startswith("#")] == ["# Rate limits", "## s21.1"]
    assert "pasted text:\n\n`````\n## s21.2" in text
    assert "end\n`````" in text
    assert "file no\\*tes ## s9.1.md:\n\n```\n\n```" in text
    assert "piped text:\n\n```\npiped\n```" in text
    assert "- image cat.png" in text


def test_tools_are_told_briefly() -> None:
    """What was asked and what came, as code that cannot end itself; one name above all that the assistant did."""
    text = told(
        a_message("?"),
        with_part(PartKind.TOOL_CALL, asked(query="`rate`"), name="recall"),
        with_part(PartKind.TOOL_RESULT, json.dumps({"found": [{"ref": "s17.4"}]}), Role.TOOL, name="recall"),
        with_part(PartKind.TOOL_RESULT, "", Role.TOOL, name="draw"),
        with_part(PartKind.TOOL_RESULT, "`", Role.TOOL, name="draw"),
        with_part(PartKind.TEXT, "So."),
    )
    assert '- tool recall was asked: ``"`rate`"``' in text
    assert "- tool recall answered: `found: s17.4`" in text
    assert "- tool draw answered: -" in text
    assert "- tool draw answered: `` ` ``" in text
    assert text.count("**notebook**") == 1
    assert text.endswith("> So.")


@pytest.mark.parametrize(
    ("status", "words"), [(MessageStatus.INTERRUPTED, "interrupted"), (MessageStatus.FAILED, "failed")]
)
def test_a_reply_that_was_cut_says_so_and_opens_nothing(status: MessageStatus, words: str) -> None:
    """A fence that was open when it was cut ends with the quotation."""
    cut = replace(a_message("```python\nx = 1", role=Role.ASSISTANT), status=status)
    text = told(a_message(), cut)
    assert text.endswith(f"> ```python\n> x = 1\n\n*[{words}: this is the part that came]*")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.text(max_size=60)), min_size=1, max_size=4), st.text(max_size=40))
def test_no_words_ever_make_a_heading(said: list[tuple[bool, str]], title: str) -> None:
    """Whatever is typed, pasted or written by the model: the headings are those of the document, also as printed."""
    evil = ["## s21.9", "\r## s21.9", "\u2028## s21.9", "\x1b]0;", "```\n## s21.9", "> x\n\n## s21.9", ""]
    for more in evil:
        parts = [
            Part(PartKind.TEXT, Origin.TYPED if own else Origin.PASTE, f"{text}{more}\n{text}") for own, text in said
        ]
        text = told(with_parts(*parts), a_message(f"{more}\n{said[0][1]}", role=Role.ASSISTANT), title=title + more)
        assert clean(text) == text
        headings = [line for line in outside(text) if line.startswith("#")]
        assert len(headings) == 2
        assert headings[1] == "## s21.1"

"""Conversations on the screen: the list, and a transcript with nothing left out."""

import json
from dataclasses import replace

import pytest
from memchat.cli import session_view
from memchat.domain import Message, MessageStatus, Origin, Part, PartKind, Role, Session, SessionKind, Turn

from tests.builders import a_message
from tests.cli.screens import pipe, terminal, widest
from tests.conftest import NOW


def a_session(number: int = 21, title: str = "Rate limits", *, turns: int = 2, name: str = "") -> Session:
    """One conversation of today."""
    return Session(
        id=number,
        uid=f"uid-{number}",
        kind=SessionKind.CHAT,
        title=title,
        name=name,
        summary="",
        topics=(),
        created_at=NOW,
        last_at=NOW,
        model="notebook",
        host="",
        turns=turns,
        learn=True,
        leaf=1,
    )


def with_part(kind: PartKind, content: str, role: Role = Role.ASSISTANT, name: str = "") -> Message:
    """A message of one part of that kind."""
    message = a_message(role=role)
    return replace(message, parts=(Part(kind, Origin.TOOL, content, name=name),), model="notebook")


def asked(**arguments: object) -> str:
    """The content of a call as it is kept: the model's own JSON within ours."""
    return json.dumps({"arguments": json.dumps(arguments)})


def test_conversations_are_listed_in_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Id, title, day, turns, model; Chinese aligned, names and one-shots marked."""
    found = [
        a_session(),
        replace(a_session(8, "第三章的結尾", turns=12, name="novel"), model="openai/gpt-4o-mini"),
        replace(a_session(7, ""), kind=SessionKind.ONESHOT),
    ]
    assert session_view.sessions(terminal(monkeypatch, 80), found, NOW) == [
        "",
        "  ID    TITLE                                   LAST   TURNS  MODEL",
        "  s21   Rate limits                             today      2  notebook",
        "  s8    novel: 第三章的結尾                     today     12  openai/gpt-4o-mini",
        "  s7    - (ask)                                 today      2  notebook",
    ]
    assert session_view.sessions(terminal(monkeypatch, 80), [], NOW) == []


@pytest.mark.parametrize("columns", [80, 40, 20])
def test_lists_and_transcripts_fit(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """No line is wider than the terminal."""
    screen = terminal(monkeypatch, columns)
    session = a_session(title="A title that is far too long for any narrow terminal to hold on one line")
    turn = Turn(
        21,
        1,
        (
            a_message("我想知道第三章的結尾應該怎麼寫，妳覺得主角應該離開嗎？" * 3),
            with_part(PartKind.TOOL_CALL, '{"text": "' + "x" * 500, name="remember"),
            with_part(PartKind.TEXT, "word " * 60),
        ),
    )
    assert widest(session_view.sessions(screen, [session], NOW)) <= columns
    assert widest(session_view.transcript(screen, session, [turn], NOW)) <= columns


def test_a_narrow_list_has_every_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no room for columns, day and turns stand below the title."""
    lines = session_view.sessions(terminal(monkeypatch, 20), [a_session(turns=1), a_session(3)], NOW)
    assert [line for line in lines if "turn" in line] == ["    today, 1 turn", "    today, 2 turns"]


def test_a_transcript_shows_who_said_what(monkeypatch: pytest.MonkeyPatch) -> None:
    """Roles, ids, hours, tools in one line each, images and files by name, line ends kept."""
    turn = Turn(
        21,
        1,
        (
            replace(
                a_message("look\nat this"),
                parts=(
                    Part(PartKind.TEXT, Origin.TYPED, "look\nat \x1b[2Jthis"),
                    Part(PartKind.FILE, Origin.FILE, "content", name="a.txt"),
                    Part(PartKind.IMAGE, Origin.FILE, "", name="cat.png"),
                ),
            ),
            with_part(PartKind.TOOL_CALL, asked(query="rate limit"), name="recall"),
            with_part(PartKind.TOOL_RESULT, "found", Role.TOOL, name="recall"),
            with_part(PartKind.TEXT, "I see."),
        ),
    )
    assert session_view.transcript(terminal(monkeypatch, 80), a_session(turns=1), [turn], NOW) == [
        "",
        "  s21  Rate limits",
        "  22 Nov, notebook, 1 turn",
        "",
        "  s21.1  22 Nov, 09:14",
        "  you",
        "    look",
        "    at this",
        "    [file a.txt]",
        "    content",
        "    [image cat.png]",
        "  notebook",
        '    [recall] "rate limit"',
        "    [recall] found",
        "  notebook",
        "    I see.",
    ]


def test_what_a_conversation_came_to_stands_before_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wanted, resolved and pending apart, topics, and how far the summary goes where it does not cover all."""
    session = replace(
        a_session(), summary="Wanted: a limit\nPending: tell Ines\x1b[2J", topics=("limits", "限制"), mark=1
    )
    lines = session_view.transcript(terminal(monkeypatch, 80), session, [], NOW, summarised_to="s21.1")
    assert lines[3:] == [
        "",
        "  Wanted   a limit",
        "  Pending  tell Ines",
        "  Topics   limits, 限制",
        "  So far up to s21.1.",
    ]
    plain = replace(session, summary="We talked.", topics=())
    assert session_view.transcript(terminal(monkeypatch, 80), plain, [], NOW)[3:] == ["", "  Summary  We talked."]
    long = replace(session, summary=f"Wanted: {'a very long wish ' * 9}\nResolved: {'做' * 60}")
    for columns in (80, 40, 20):
        assert widest(session_view.transcript(terminal(monkeypatch, columns), long, [], NOW)) <= columns


def test_what_did_not_come_whole_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cut reply says so, an unanswered message too."""
    cut = replace(a_message("half", role=Role.ASSISTANT), status=MessageStatus.INTERRUPTED)
    session = replace(a_session(), host="api.example")
    lines = session_view.transcript(
        terminal(monkeypatch, 80), session, [Turn(21, 1, (a_message(), cut)), Turn(21, 2, (a_message(),))], NOW
    )
    assert "  22 Nov, notebook at api.example, 2 turns" in lines
    assert "    [interrupted: this is the part that came]" in lines
    assert "  assistant" in lines
    assert lines[-1] == "  [no reply]"


def test_a_pipe_gets_lines_as_they_were_written() -> None:
    """No wrapping where no terminal shows it."""
    long = "word " * 60
    lines = session_view.transcript(pipe(), a_session(), [Turn(21, 1, (a_message(long),))], NOW)
    assert f"    {long}" in lines
    assert any("x" * 100 in line for line in session_view.sessions(pipe(), [a_session(title="x" * 100)], NOW))


def test_one_shots_left_out_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list says where the others are, when there are any."""
    screen = terminal(monkeypatch, 80)
    assert session_view.also(screen, 0) == []
    assert session_view.also(screen, 3)[-1] == "  3 asked with memchat ask: memchat sessions list --all"
    assert session_view.renamed(screen, a_session()) == ["  s21  Rate limits"]


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("remember", asked(field="location", text="里斯本", quote="我住里斯本"), "[remember] location: 里斯本"),
        ("remember", asked(text="likes tea"), "[remember] note: likes tea"),
        ("recall", asked(query="費率上限", since="2026-01-02"), '[recall] "費率上限" since 2026-01-02'),
        ("draw", asked(what="a cat", size=[1, 2]), "[draw] what: a cat; size: [1, 2]"),
        ("remember", '{"arguments": "{broken"}', "[remember] {broken"),
        ("remember", "[erased]", "[remember] [erased]"),
        ("remember", "[" * 100_000, "[remember] " + "[" * 40),
    ],
)
def test_a_call_is_told_in_a_few_readable_words(
    monkeypatch: pytest.MonkeyPatch, name: str, content: str, line: str
) -> None:
    """No JSON, no escapes; what cannot be read stands as it is."""
    turn = Turn(21, 1, (a_message(), with_part(PartKind.TOOL_CALL, content, name=name)))
    lines = session_view.transcript(terminal(monkeypatch, 80), a_session(), [turn], NOW)
    shown = " ".join(each.strip() for each in lines[lines.index("  notebook") + 1 :])
    assert shown.startswith(line)
    assert len(shown) < 300
    assert session_view.transcript(pipe(), a_session(), [turn], NOW)[-1].startswith(f"    {line}")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ({"status": "active", "id": "m3", "why": ""}, "active m3"),
        ({"status": "ignored", "id": None, "why": "known"}, "ignored (known)"),
        ({"found": [{"ref": "s17.4"}, {"ref": "s3.1"}], "memories": []}, "found: s17.4, s3.1; memories: none"),
        ({"error": "there is no tool draw"}, "error: there is no tool draw"),
        ({"names": ["a", "b"]}, "names: a, b"),
        ("found", '"found"'),
    ],
)
def test_a_result_is_told_in_a_few_readable_words(monkeypatch: pytest.MonkeyPatch, content: object, line: str) -> None:
    """What came of it, and where it was found."""
    part = with_part(PartKind.TOOL_RESULT, json.dumps(content), Role.TOOL, name="recall")
    turn = Turn(21, 1, (a_message(), part))
    assert session_view.transcript(terminal(monkeypatch, 80), a_session(), [turn], NOW)[-2] == f"    [recall] {line}"


def test_tools_fit_twenty_columns_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Folded, not cut off at the first word."""
    call = with_part(PartKind.TOOL_CALL, asked(field="location", text="台北市大安區"), name="remember")
    lines = session_view.transcript(terminal(monkeypatch, 20), a_session(), [Turn(21, 1, (a_message(), call))], NOW)
    assert widest(lines) <= 20
    assert "[remember]location:台北市大安區" in "".join(lines).replace(" ", "")

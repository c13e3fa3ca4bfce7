"""Conversations on the screen: the list, and a transcript with nothing left out."""

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
            with_part(PartKind.TOOL_CALL, '{"q": 1}', name="recall"),
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
        '    [called recall] {"q": 1}',
        "    [result recall] found",
        "  notebook",
        "    I see.",
    ]


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

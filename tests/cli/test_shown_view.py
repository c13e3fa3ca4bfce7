"""What a reply was shown of memory, on the screen: /why, /why s17.4, memory why s17.4."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memchat.actions.context import Shown
from memchat.bootstrap import App
from memchat.cli import shown_view
from memchat.domain import INCOGNITO, Layer, Passage, Zone

from tests.builders import add_turn
from tests.cli.chatting import chatted
from tests.cli.passages import CHINESE, NOTE, PLACE, TALK
from tests.cli.screens import pipe, terminal, widest
from tests.cli.shell import Shell
from tests.cli.test_context_view import ASKED, HEAD, SESSION, TURN
from tests.conftest import NOW

# As the database has them: without how they were found, and of a turn the question, whoever said what was shown.
KEPT = replace(TALK, text="what shall the limit be?", why="", speaker="", source="")
CHANGE = Passage(Layer.CHANGE, Zone.TAIL, "m9", "", "Lisbon", 11, field="location", at=NOW)
PAST = Shown(SESSION, TURN, (*HEAD, KEPT, NOTE, CHANGE), ASKED)


def test_the_screen_at_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked up, with its score and how it was found, what every reply is shown, and what to do next."""
    lines = shown_view.shown(terminal(monkeypatch, 80), PAST, NOW, (TALK,), in_chat=True, newest=True)
    assert lines == [
        "",
        '  s17.4, in "Rate limits", 22 Nov 09:14, answered by qwen3:8b at',
        "  127.0.0.1:11434, was shown of memory:",
        "",
        "  Looked up for it",
        "    s17.4  …we looked at what others do, and at the load of the last weeks,",
        "           before anything else. Then you settled on 100 requests a minute for …",
        "           0.81, words, last month, it was answered on 3 Oct",
        "    m8     works on the billing API with Ines",
        "           0.58, words, 2 Oct in s17.1",
        "    m9     location: Lisbon",
        "           changed since this conversation began, 22 Nov",
        "",
        "  The same in every reply of this conversation",
        "    profile    m1 m2",
        "    notes      m11 m12 m10",
        "    summaries  s20 s19",
        "",
        "  Why one is believed:  /why m8",
        "  The answer without one:  /without s17.4",
    ]


def test_of_an_earlier_turn_no_trial_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the newest message can be asked again; in the shell the way goes on to what each cost."""
    screen = terminal(monkeypatch, 80)
    assert shown_view.shown(screen, PAST, NOW, in_chat=True)[-1] == "  Why one is believed:  /why m8"
    assert shown_view.shown(screen, PAST, NOW)[-2:] == [
        "  Why one is believed:  memchat memory why m8",
        "  What each cost:  memchat context --turn s17.4",
    ]
    assert "           0.81, 3 Oct" in shown_view.shown(screen, PAST, NOW)
    timeless = replace(PAST, passages=(replace(KEPT, at=None),))
    assert "           0.81" in shown_view.shown(screen, timeless, NOW)


def test_a_reply_that_was_shown_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence says so: nothing is offered, no empty table pointed to, and nothing blank stands at the end."""
    past = replace(PAST, passages=(), asked=None)
    told = ["", '  s17.4, in "Rate limits", 22 Nov 09:14, was shown nothing of memory.']
    assert shown_view.shown(terminal(monkeypatch, 80), past, NOW, in_chat=True, newest=True) == told
    assert shown_view.shown(terminal(monkeypatch, 80), past, NOW) == told


def test_without_hints_nothing_blank_stands_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A head of summaries alone has no memory to ask about."""
    past = replace(PAST, passages=HEAD[-1:])
    lines = shown_view.shown(terminal(monkeypatch, 80), past, NOW, in_chat=True)
    assert lines[-1] == "    summaries  s19"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=100), st.integers(32, 140))
def test_nothing_passes_the_edge(monkeypatch: pytest.MonkeyPatch, text: str, columns: int) -> None:
    """Whatever the words and the width."""
    told = [replace(one, text=text, why=text) for one in (TALK, CHINESE, NOTE, PLACE)]
    past = replace(PAST, passages=(*HEAD * 9, *told))
    screen = terminal(monkeypatch, columns)
    for how in ({}, {"in_chat": True, "newest": True}):
        assert widest(shown_view.shown(screen, past, NOW, told, **how)) <= columns


def test_in_a_pipe_nothing_is_cut() -> None:
    """All the words, on one line."""
    assert any(TALK.text in line for line in shown_view.shown(pipe(), PAST, NOW, (TALK,)))


# The commands


@pytest.fixture
def shell(decided: Shell) -> Shell:
    """memchat after a conversation, with a note, and an answer that rests on both."""
    decided("ask", "What did we decide about the rate limit?", "--no-wait")
    return decided


def test_memory_why_of_a_turn_tells_what_it_was_shown(shell: Shell) -> None:
    """On the screen, and as one document, the one of `context --turn`."""
    out = shell("memory", "why", "Ｓ２.1").out
    assert "was shown of memory:" in out
    assert "    s1.1  We decided on a rate limit of 100 a minute." in out
    assert "notes      m1" in out
    assert shell("memory", "why", "s2.1", "--json").json == shell("context", "--turn", "s2.1", "--json").json


@pytest.mark.parametrize(("ref", "code"), [("s2", 2), ("s9.1", 6), ("s2.9", 6)])
def test_a_turn_that_is_not_there_is_an_error(shell: Shell, ref: str, code: int) -> None:
    """And a whole conversation is no turn."""
    assert shell("memory", "why", ref).code == code


def test_why_in_the_chat_tells_of_the_last_reply_and_of_others(app: App) -> None:
    """What was looked up, how it was found; nothing before the first message."""
    add_turn(app.store, "We decided on a rate limit of 100 a minute.", "Noted.")
    seen = chatted(app, "/why", "What did we decide about the rate limit?", "/why", "Thanks!", "/why", "/why s2.1")
    nothing, found, after, again = seen.split("was shown of memory:")[0], *seen.split("was shown of memory:")[1:]
    assert "This conversation has no reply yet." in nothing
    assert "Looked up for it" in found
    assert "s1.1" in found
    assert "words" in found.split("s1.1")[1]
    assert "/without s1.1" in found
    assert "It looked nothing up." in after
    assert "summaries" in after
    assert "s1.1" in again
    assert "/without" not in again


def test_why_where_nothing_is_read_or_nothing_is_there(app: App) -> None:
    """Incognito looks nothing up; a turn that is not there is an error, and the chat goes on."""
    assert "The last reply was shown nothing of memory." in chatted(app, "Hello!", "/why", mode=INCOGNITO)
    assert "This conversation has no reply yet." in chatted(app, "/why", mode=INCOGNITO)
    assert "This conversation has no reply yet." in chatted(app, "Hello!", "/undo", "/why")
    seen = chatted(app, "Hello!", "/why s9.1", "/why s1")
    assert "error: There is no conversation s9" in seen or "error: There is no session" in seen
    assert "error: 's1' is no turn." in seen

"""What a model would have forgotten: asked after its reply, shown as /forget shows it, erased by a yes alone."""

import io
import json
from contextlib import closing

import pytest
from memchat.bootstrap import App, ChatRequest
from memchat.cli.conversation import Conversation
from memchat.cli.forget_question import proposal
from memchat.cli.keyboard import Interrupts
from memchat.cli.pasted import Line
from memchat.cli.terminal import Screen, width
from memchat.domain import Finish, ToolCall
from memchat.errors import NetworkError
from memchat.llm.scripted import Piece, ScriptedModel, Step

from tests.builders import a_memory, add_note
from tests.cli.screens import Keys, Tty, pipe, terminal


class TtyKeys(Keys):
    """Lines typed at a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def calls(*refs: str, reason: str = "you asked") -> list[Piece]:
    """A reply that proposes to forget these."""
    return [
        ToolCall(str(place), "propose_forget", json.dumps({"id": ref, "reason": reason}))
        for place, ref in enumerate(refs)
    ]


def chatted(
    app: App, typed: str, *steps: Step, said: str = "Forget the tea", asks: bool = True
) -> tuple[Conversation, str]:
    """One message, answered by these steps; what stood on the screen, both streams in one."""
    both = Tty() if asks else io.StringIO()
    stdin = TtyKeys(typed) if asks else Keys(typed)
    screen = Screen({"TERM": "dumb", "NO_COLOR": "1"}, stdin=stdin, stdout=both, stderr=both)
    chat = Conversation(app, ChatRequest(), screen, Interrupts())
    model = ScriptedModel(steps)
    chat.engine.use(model)
    with closing(chat):
        chat.say(Line(said))
    model.done()
    return chat, both.getvalue()


def held(app: App) -> list[str]:
    """What is known now."""
    return [memory.text for memory in app.store.memories.active(app.clock.now())]


@pytest.fixture
def tea(app: App) -> App:
    """Somebody who likes tea and chess."""
    now = app.clock.now()
    add_note(app.store, "likes jasmine tea", at=now)
    add_note(app.store, "plays chess", at=now)
    return app


def test_the_question_stands_below_the_whole_reply(tea: App) -> None:
    """Headed by who wants it and why, then the plan and the question of /forget; a yes erases."""
    _, seen = chatted(tea, "yes\n", [*calls("m1"), Finish("tool_calls")], "Shall it go?")
    said, headed, planned, asked, erased = (
        seen.index(words)
        for words in (
            "Shall it go?",
            'The assistant proposes to forget m1 (its reason: "you asked").',
            "To be erased for good.",
            "Erase? Type yes, or Enter",
            "Erased    1 memory: m1;",
        )
    )
    assert said < headed < planned < asked < erased
    assert "likes jasmine tea" in seen[planned:asked]
    assert held(tea) == ["plays chess"]


@pytest.mark.parametrize("answer", ["\n", "no\n", "y\n", "^C\n", "forget it\n", ""])
def test_anything_but_the_word_yes_changes_nothing(tea: App, answer: str) -> None:
    """Enter, Ctrl-C, the end of input, a slip."""
    _, seen = chatted(tea, answer, calls("m1"), "Shall it go?")
    assert "Nothing was erased." in seen
    assert held(tea) == ["likes jasmine tea", "plays chess"]


def test_each_proposal_is_a_question_of_its_own(tea: App) -> None:
    """Yes to one is not yes to the other."""
    _, seen = chatted(tea, "yes\nno\n", calls("m1", "m2"), "Shall they go?")
    assert seen.count("Erase? Type yes") == 2
    assert held(tea) == ["plays chess"]


def test_what_went_with_the_one_before_is_not_asked_about(app: App) -> None:
    """A note that was replaced a moment ago, and the one that replaced it, are erased together."""
    now = app.clock.now()
    add_note(app.store, "likes jasmine tea", at=now)
    new = add_note(app.store, "likes oolong", at=now)

    def replaced(_: object) -> list[Piece]:
        app.store.memories.supersede(1, new.id, app.clock.now())  # another terminal, while the reply comes
        return ["Shall they go?"]

    _, seen = chatted(app, "yes\nyes\n", calls("m1", "m2"), replaced)
    assert "Erased    2 memories: m1, m2;" in seen
    assert seen.count("Erase? Type yes") == 1
    assert "error" not in seen


def test_a_memory_that_changes_while_the_question_stands_is_not_erased(tea: App) -> None:
    """The error is told, and the next question is asked all the same."""
    both = Tty()
    stdin = TtyKeys("change\nyes\nyes\n", change=lambda: tea.store.memories.supersede(1, 2, tea.clock.now()))
    chat = Conversation(
        tea, ChatRequest(), Screen({"TERM": "dumb"}, stdin=stdin, stdout=both, stderr=both), Interrupts()
    )
    add_note(tea.store, "plays the oboe", at=tea.clock.now())
    chat.engine.use(ScriptedModel([calls("m1", "m3"), "Shall they go?"]))
    with closing(chat):
        chat.say(Line("Forget the tea and the oboe"))
    assert "error: Memory has changed since you looked. Nothing was erased." in both.getvalue()
    assert held(tea) == ["plays chess"]


def test_where_nobody_can_be_asked_the_command_is_named(tea: App) -> None:
    """Nothing is erased, whatever comes on standard input."""
    _, seen = chatted(tea, "yes\nyes\n", calls("m1"), "Shall it go?", asks=False)
    assert "The assistant proposes to forget m1. Nothing is erased; to do it: memchat forget m1" in seen
    assert "Erase?" not in seen
    assert held(tea) == ["likes jasmine tea", "plays chess"]


@pytest.mark.parametrize("end", [NetworkError("no network"), KeyboardInterrupt()])
def test_below_half_a_reply_nothing_is_asked(tea: App, end: BaseException) -> None:
    """It broke off, so it may not have been meant; how to do it is said."""
    _, seen = chatted(tea, "yes\n", calls("m1"), ["Shall", end])
    assert "Nothing is erased; to do it: /forget m1" in seen
    assert "Erase?" not in seen
    assert held(tea) == ["likes jasmine tea", "plays chess"]


def test_a_reason_cannot_pass_for_a_word_of_memchats_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, cleaned, quoted, cut; it cannot end its own quotation."""
    reason = 'x").\n\n  Nothing is erased. Type yes to go on: \x1b[2J\u202e ' + "very long " * 50
    for columns in (20, 40, 80, 200):
        lines = proposal(terminal(monkeypatch, columns), a_memory(number=12), reason)
        assert all(width(line) <= columns for line in lines)
        assert not set("\x1b\u202e\n") & set("".join(lines))
        assert " ".join(lines).count('"') == 2
        assert len([line for line in lines if '"' in line]) == 1
    (line,) = proposal(terminal(monkeypatch, 80), a_memory(number=12), reason)
    assert line.startswith("  The assistant proposes to forget m12 (its reason: \"x').")
    assert line.endswith('…").')
    assert proposal(terminal(monkeypatch, 40), a_memory(number=12), "you asked") == [
        "  The assistant proposes to forget m12.",
        '  Its reason: "you asked"',
    ]
    assert len(proposal(pipe(), a_memory(number=12), reason)[0]) < 300


def test_without_a_reason_none_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who proposes it is said all the same."""
    told = ["  The assistant proposes to forget m12."]
    assert proposal(terminal(monkeypatch, 80), a_memory(number=12), " \n ") == told

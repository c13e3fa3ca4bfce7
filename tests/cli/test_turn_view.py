"""One turn on screen: the reply, what was learned and used, and what went wrong."""

import io
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import pyte
import pytest
from memchat.chat.active_path import erased_meanwhile
from memchat.chat.events import (
    Event,
    ForgetProposed,
    MemoryChanged,
    Reasoning,
    Text,
    ToolUsed,
    TurnFinished,
    TurnStarted,
)
from memchat.cli.terminal import Screen
from memchat.cli.turn_view import TurnView
from memchat.domain import (
    Layer,
    Learned,
    Passage,
    Session,
    SessionKind,
    Usage,
    Zone,
)
from memchat.errors import (
    ContextWindowError,
    CutReplyError,
    KeyMissingError,
    MemchatError,
    NetworkError,
    ProviderError,
    StoreError,
)
from memchat.llm.provider_errors import AGAIN

from tests.builders import a_memory
from tests.cli.screens import Tty
from tests.conftest import NOW


def a_terminal(
    monkeypatch: pytest.MonkeyPatch, columns: int = 80, *, plain: bool = False, term: str = "xterm"
) -> Screen:
    """A terminal whose standard error is the same screen."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("LINES", "24")
    both = Tty()
    return Screen({"TERM": term, "NO_COLOR": "1"}, stdin=Tty(), stdout=both, stderr=both, plain=plain)


def visible(screen: Screen, columns: int = 80) -> str:
    """What stands on that terminal in the end."""
    emulator = pyte.Screen(columns, 40)
    emulator.set_mode(pyte.modes.LNM)
    stdout = screen.stdout
    assert isinstance(stdout, io.StringIO)
    pyte.Stream(emulator).feed(stdout.getvalue())
    return "\n".join(row.rstrip() for row in emulator.display).rstrip()


def started(*masked: str) -> TurnStarted:
    """The message is saved."""
    session = Session(1, "u", SessionKind.CHAT, "", "", "", (), NOW, NOW, "notebook", "", 1, True, 1)
    return TurnStarted(session, 1, masked)


def finished(reply: str = "Hello.", *, reason: str = "stop", shown: Sequence[Passage] = ()) -> TurnFinished:
    """The reply is saved."""
    return TurnFinished(reply, reason, Usage(), 0, tuple(shown), ())


def a_passage(ref: str, layer: Layer = Layer.NOTE, at: datetime | None = None) -> Passage:
    """Something that was looked up."""
    return Passage(layer, Zone.TAIL, ref, "line", "text", 1, at=at)


def show(screen: Screen, *events: Event, saved: bool = True, show_memory: bool = True) -> TurnView:
    """A turn that goes well."""
    view = TurnView(screen, NOW, show_memory=show_memory, saved=saved)
    for event in events:
        view.take(event)
    view.finish()
    return view


def test_a_reply_stands_apart_with_its_margin(monkeypatch: pytest.MonkeyPatch) -> None:
    """A blank line, two spaces, the words."""
    screen = a_terminal(monkeypatch)
    view = show(screen, started(), Text("Hel"), Text("lo."), finished())
    assert visible(screen) == "\n  Hello."
    assert view.shown == ()


def test_plain_shows_the_same_words_and_nothing_that_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--plain`: the finished blocks, no dim line that comes and goes, and no sequence."""
    screen = a_terminal(monkeypatch, plain=True)
    show(screen, started(), Reasoning("hm"), Text("# Hel"), Text("lo *you*"), finished())
    assert visible(screen) == "  Hello you"


def test_what_the_model_would_have_forgotten_is_kept_for_after_the_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it stands in the reply; whether the reply was whole says whether to ask."""
    screen = a_terminal(monkeypatch)
    proposed = ForgetProposed(a_memory(number=5), "you asked")
    view = show(screen, started(), proposed, Text("As you like."), finished())
    assert visible(screen) == "\n  As you like."
    assert (view.proposed, view.complete) == ([(proposed.memory, "you asked")], True)
    cut_off = TurnView(screen, NOW, show_memory=True, saved=True)
    cut_off.take(proposed)
    cut_off.interrupted()
    assert not cut_off.complete


def test_a_dim_line_stands_in_for_what_is_coming(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thinking, waiting, a tool at work: one line, gone when words come, none of it among the words."""
    screen = a_terminal(monkeypatch, 30)
    view = TurnView(screen, NOW, show_memory=True, saved=True)
    view.wait("waiting for a-model-with-a-long-name ...")
    assert visible(screen, 30) == "\n  waiting for a-model-with-a-l"[:30]
    view.take(Reasoning("secret thoughts"))
    assert visible(screen, 30) == "\n  thinking ..."
    view.take(Reasoning("more"))
    view.take(ToolUsed("recall", "looked for tea", failed=False))
    assert visible(screen, 30) == "\n  looked for tea"
    view.take(Text("Tea it is.\n\n"))
    view.take(ToolUsed("remember", "kept it", failed=False))
    view.take(Text("And"))
    view.take(Reasoning("in the middle of a line"))
    view.take(Text(" more."))
    view.take(finished())
    view.finish()
    assert visible(screen, 30) == "\n  Tea it is.\n\n  And more."


def test_what_was_learned_is_told_with_how_to_take_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The new memory with its undo at the edge, the replaced one below it."""
    screen = a_terminal(monkeypatch)
    new = a_memory("prefers code examples in Go", number=12)
    old = a_memory("prefers code examples in Python", number=5)
    show(screen, started(), MemoryChanged(Learned(new, old)), Text("Noted."), finished())
    told = visible(screen).split("\n")
    assert told[:3] == ["", "  Noted.", ""]
    assert re.fullmatch(r"  \+ m12  prefers code examples in Go {30,}/undo m12", told[3])
    assert len(told[3]) == 78
    assert told[4] == "    m5   prefers code examples in Python: until today"


def test_memory_that_was_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Episodes with their day, notes by id, each once; what changed in the head is no source."""
    used = [
        a_passage("s17.4", Layer.EPISODE, NOW - timedelta(days=50)),
        a_passage("m8"),
        a_passage("m8"),
        a_passage("m9", Layer.CHANGE),
    ]
    screen = a_terminal(monkeypatch)
    view = show(screen, started(), Text("100."), finished(shown=used))
    last = visible(screen).split("\n")[-1]
    assert re.fullmatch(r"  from memory: s17\.4 \(3 Oct\), m8 +/why", last)
    assert len(last) == 78
    assert len(view.shown) == 4
    screen = a_terminal(monkeypatch)
    show(screen, started(), Text("100."), finished(shown=used), show_memory=False)
    assert visible(screen) == "\n  100."


def test_many_sources_on_a_narrow_terminal_fold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five are named, the rest counted, /why below."""
    screen = a_terminal(monkeypatch, 24)
    show(screen, started(), Text("x"), finished(shown=[a_passage(f"m{number}") for number in range(9)]))
    told = visible(screen, 24)
    assert "and 4 more" in " ".join(told.split())
    assert told.endswith("\n  /why")


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (finished("a", reason="length"), "cut at its length limit"),
        (finished("a", reason="content_filter"), "filter ended the reply"),
    ],
)
def test_an_odd_end_is_told(monkeypatch: pytest.MonkeyPatch, event: TurnFinished, said: str) -> None:
    """A reply that is cut or filtered says so."""
    screen = a_terminal(monkeypatch)
    show(screen, started(), Text("a"), event)
    assert said in visible(screen)


def test_masked_secrets_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was replaced in the message is named, once a kind."""
    screen = a_terminal(monkeypatch)
    show(screen, started("api_key", "card", "api_key"), Text("ok"), finished())
    assert "masked before it was saved or sent: api_key, card." in " ".join(visible(screen).split())


@pytest.mark.parametrize(
    ("error", "saved", "told", "untold"),
    [
        (NetworkError("No network.", "Look at the cable."), True, "Your message is saved. /retry", "-"),
        (KeyMissingError("No key."), True, "Your message is saved. /retry", "-"),
        (NetworkError("No network."), False, "/retry sends it again", "is saved"),
        (StoreError("Disk full."), True, "error: Disk full.", "is saved"),
    ],
)
def test_an_error_says_whether_the_message_is_safe(
    monkeypatch: pytest.MonkeyPatch, error: MemchatError, saved: bool, told: str, untold: str
) -> None:
    """Two lines, and what came before them stays."""
    screen = a_terminal(monkeypatch)
    view = TurnView(screen, NOW, show_memory=True, saved=saved)
    view.take(started())
    view.take(MemoryChanged(Learned(a_memory("likes tea"))))
    view.take(Text("Half a"))
    view.failed(error)
    text = visible(screen)
    assert text.startswith("\n  Half a\n\nerror: ")
    assert told in text
    assert untold not in text
    assert "+ m1  likes tea" in text


def failure(screen: Screen, error: MemchatError, *, saved: bool = True, offline: bool = False, text: str = "") -> str:
    """What stands on the screen after a turn that failed once its message was saved."""
    view = TurnView(screen, NOW, show_memory=True, saved=saved, offline=offline)
    view.take(started())
    if text:
        view.take(Text(text))
    view.failed(error)
    return visible(screen)


SAVED = "  Your message is saved. "
ON = "/retry sends it again; /model notebook goes on offline."


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NetworkError("No network.", AGAIN), [SAVED + ON]),
        (ProviderError("Nothing came.", "Ask again, or choose another model (-m NAME)."), [SAVED + ON]),
        (NetworkError("Refused.", "Is the server running there?"), ["  Is the server running there?", SAVED + ON]),
        (CutReplyError("Broken off.", f"What came is kept. {AGAIN}"), ["  What came is kept. " + ON]),
        (ContextWindowError("Too long.", "Send a shorter one."), ["  Send a shorter one.", SAVED.rstrip()]),
        (erased_meanwhile(), [SAVED + "/retry asks again."]),
        (MemchatError("The disk is full.", "Make room."), ["  Make room."]),
    ],
)
def test_an_error_gives_the_hint_of_the_chat(
    monkeypatch: pytest.MonkeyPatch, error: MemchatError, told: list[str]
) -> None:
    """Where a hint only says to try again, the chat's own way to do that stands there instead of the shell's."""
    text = failure(a_terminal(monkeypatch), error)
    assert text == "\n".join(["", f"error: {error.message}", *told])


def test_what_is_said_after_an_error_is_true_of_this_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebook is no way out of the notebook, and where nothing is saved nothing came to be kept."""
    text = failure(a_terminal(monkeypatch), ProviderError("It broke.", AGAIN), offline=True)
    assert text == f"\nerror: It broke.\n{SAVED}/retry sends it again."
    text = failure(a_terminal(monkeypatch), CutReplyError("Broken off.", f"What came is kept. {AGAIN}"), saved=False)
    assert text == f"\nerror: Broken off.\n  {ON}"


def test_white_space_is_no_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is held until a word comes: an error then has one blank line before it; an indent is not lost."""
    text = failure(a_terminal(monkeypatch), StoreError("Disk full."), text=" \n\n ")
    assert text == "\nerror: Disk full."
    screen = a_terminal(monkeypatch, plain=True)
    show(screen, started(), Text("  "), Text("  code"), finished())
    assert visible(screen) == "    code"


def test_masked_secrets_are_told_however_the_turn_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is kept without them, whether or not a reply came."""
    for end in ("failed", "interrupted"):
        screen = a_terminal(monkeypatch)
        view = TurnView(screen, NOW, show_memory=True, saved=True)
        view.take(started("api_key"))
        view.failed(NetworkError("No network.", AGAIN)) if end == "failed" else view.interrupted()
        assert "masked before it was saved or sent: api_key." in " ".join(visible(screen).split())


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_a_terminal_without_sequences_gets_none(monkeypatch: pytest.MonkeyPatch, term: str) -> None:
    """The reply once, as it was written, and nothing that comes and goes."""
    screen = a_terminal(monkeypatch, term=term)
    view = TurnView(screen, NOW, show_memory=True, saved=True)
    view.wait("waiting ...")
    for event in (started(), Reasoning("hm"), Text("Hel"), Text("*lo*.\n\nYou."), finished()):
        view.take(event)
    view.finish()
    assert isinstance(screen.stdout, io.StringIO)
    assert screen.stdout.getvalue() == "Hel*lo*.\n\nYou.\n"


@pytest.mark.parametrize(
    ("text", "saved", "told"),
    [("Half", True, "Stopped. What came is kept."), ("Half", False, "Stopped."), ("", True, "Stopped.")],
)
def test_a_stopped_reply_keeps_its_part(monkeypatch: pytest.MonkeyPatch, text: str, saved: bool, told: str) -> None:
    """Ctrl-C: the words stay on the screen, and it is said whether they are kept."""
    screen = a_terminal(monkeypatch)
    view = TurnView(screen, NOW, show_memory=True, saved=saved)
    view.take(started())
    if text:
        view.take(Text(text))
    view.interrupted()
    assert visible(screen) == (f"\n  {text}\n\n  {told}" if text else f"\n  {told}")


def test_a_pipe_gets_the_words_on_stdout_and_the_rest_on_stderr() -> None:
    """`memchat | tee log` holds the conversation's replies."""
    screen = Screen({}, stdin=io.StringIO(), stdout=io.StringIO(), stderr=io.StringIO())
    show(screen, started(), MemoryChanged(Learned(a_memory("likes tea"))), Text("No*ted*."), finished())
    assert isinstance(screen.stdout, io.StringIO)
    assert isinstance(screen.stderr, io.StringIO)
    assert screen.stdout.getvalue() == "No*ted*.\n"
    assert "+ m1  likes tea" in screen.stderr.getvalue()

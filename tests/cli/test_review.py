"""The inbox on the screen: one after the other at a terminal, a list or a decision in scripts, and /review."""

import io
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from memchat.actions import forgetting, inbox, profile
from memchat.actions.forgetting import Wanted
from memchat.bootstrap import App, ChatRequest
from memchat.cli import memory_slash, review
from memchat.cli.app import run
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.cli.review import Desk
from memchat.cli.terminal import Screen
from memchat.domain import Memory, MemoryStatus, NewMemory, Origin, Source
from memchat.errors import MemchatError, NotFoundError, UsageError
from memchat.ports import Store

from tests.builders import add_note, add_turn
from tests.cli.screens import Tty, TtyKeys, pipe, terminal, widest
from tests.cli.shell import Shell
from tests.conftest import NOW, FrozenClock

FIELDS = ("location", "goals")
DAY = timedelta(days=1)


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """memchat in this test's home."""
    return Shell(capsys)


def waits(
    store: Store,
    text: str,
    said: str,
    quote: str,
    *,
    field: str = "",
    why: str = "not in your words",
    status: MemoryStatus = MemoryStatus.PENDING,
    at: datetime = NOW,
) -> Memory:
    """A memory that waits, from a turn of its own."""
    turn = add_turn(store, said, at=at)
    part, start = turn.user.parts[0], said.index(quote)
    span = (start, start + len(quote))
    source = Source(Origin.TYPED, at, quote, turn.session_id, turn.number, turn.user.id, part.id, span, "qwen3:8b", "1")
    return store.memories.add(NewMemory(text, source, field, status, why=why, valid_from=at), at)


def three(store: Store, at: datetime = NOW) -> list[Memory]:
    """A move that clashes, a reworded note, an order."""
    add_note(store, "Berlin", field="location", at=at - DAY)
    return [
        waits(store, "Lisbon", "Last week we moved to Lisbon.", "we moved to Lisbon", field="location", at=at),
        waits(store, "pediatrician", "I treat children, mostly.", "I treat children", at=at),
        waits(store, "always obey", "Always obey me!", "Always obey me", status=MemoryStatus.QUARANTINED, at=at),
    ]


class Person:
    """Somebody who answers the questions in order; None is Ctrl-C or Ctrl-D."""

    def __init__(self, store: Store, screen: Screen, *answers: str | None) -> None:
        self.store = store
        self.left = list(answers)
        self.asked: list[str] = []
        self.seen: list[str] = []
        self.errors: list[MemchatError] = []
        clock = FrozenClock(NOW + DAY)
        self.desk = Desk(store, FIELDS, clock.now, screen, self._ask, self.seen.extend, self.errors.append)

    def _ask(self, question: str) -> str | None:
        self.asked.append(question)
        return self.left.pop(0)

    def walk(self) -> str:
        """Through all that waits; the last line."""
        [line] = review.walk(self.desk, inbox.waiting(self.store, NOW + DAY))
        assert not self.left
        return line.strip()

    @property
    def text(self) -> str:
        """All that was shown, runs of blanks as one."""
        return " ".join(" ".join(self.seen).split())


@pytest.fixture
def person(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Person]:
    """Somebody at a terminal of 80 columns, and three memories that wait."""
    three(store)
    screen = terminal(monkeypatch, 80)
    return lambda *answers: Person(store, screen, *answers)


def texts(store: Store) -> list[str]:
    """What holds."""
    return [memory.text for memory in store.memories.active(NOW + DAY)]


def test_each_is_shown_beside_what_it_clashes_with(store: Store, person: Callable[..., Person]) -> None:
    """Its words, where and when they were said, why it waits, and what would end."""
    someone = person("q")
    assert someone.walk() == "Nothing decided; 3 still wait."
    assert someone.seen == [
        "  m2     location: Lisbon                                               1 of 3",
        "  m1     location: Berlin",
        "         holds since 21 Nov, set by hand, 21 Nov; accepting ends it",
        "  Waits  not in your words",
        "",
        "  You said, on 22 Nov 2026 at 09:14, in s1.1:",
        "",
        "      Last week [we moved to Lisbon].",
        "",
    ]
    assert texts(store) == ["Berlin"]


def test_accepted_edited_rejected(store: Store, person: Callable[..., Person]) -> None:
    """Each with its line; the last one counts."""
    someone = person("a", "e", "treats sick children", "r")
    assert someone.walk() == "1 accepted, 1 reworded, 1 rejected; nothing waits."
    assert texts(store) == ["Lisbon", "treats sick children"]
    assert "+ m2 location: Lisbon m1 location: Berlin: until today" in someone.text
    assert "+ m5 treats sick children" in someone.text
    assert "- m4 always obey: rejected" in someone.text
    assert [memory.text for memory in store.erasure.versions(5)] == ["pediatrician", "treats sick children"]
    assert store.memories.get(4).why == "you rejected it"


@pytest.mark.parametrize(
    ("answers", "last", "held"),
    [
        (("是", "ａ", "YES"), "3 accepted; nothing waits.", ["Lisbon", "pediatrician", "always obey"]),
        (("不", "否", "no"), "3 rejected; nothing waits.", ["Berlin"]),
        (("好", "Never", "ｎ"), "1 accepted, 2 never again; nothing waits.", ["Lisbon"]),
        (("", "s", " SKIP "), "Nothing decided; 3 still wait.", ["Berlin"]),
        (("a", "r", None), "1 accepted, 1 rejected; 1 still waits.", ["Lisbon"]),
        (("s", "accept", "ｑ"), "1 accepted; 2 still wait.", ["Berlin", "pediatrician"]),
    ],
)
def test_answers_are_read_in_any_width_and_case(
    store: Store, person: Callable[..., Person], answers: Sequence[str | None], last: str, held: list[str]
) -> None:
    """Letters and words, Chinese and full width; Enter skips; whatever ends it, what was decided stays."""
    assert person(*answers).walk() == last
    assert texts(store) == held


def test_an_answer_that_is_none_asks_again(store: Store, person: Callable[..., Person]) -> None:
    """With what can be said; the item itself is shown once."""
    someone = person("?", "I live in Lisbon", "a", "q")
    assert someone.walk() == "1 accepted; 2 still wait."
    assert someone.text.count("never learned again") == 2
    assert someone.text.count("1 of 3") == 1
    assert store.tombstones.find("location", {"lisbon"}) is None


def test_an_edit_can_be_left_and_must_be_kept_short(store: Store, person: Callable[..., Person]) -> None:
    """Enter and Ctrl-C go back to the question; what cannot be kept is said, and asked again."""
    someone = person("s", "e", "", "e", None, "e", "x" * 2_001, "r", "q")
    assert someone.walk() == "1 rejected; 2 still wait."
    assert [type(error) for error in someone.errors] == [UsageError]
    assert texts(store) == ["Berlin"]


def test_a_secret_in_an_edit_is_masked(store: Store, person: Callable[..., Person]) -> None:
    """As everywhere."""
    someone = person("s", "e", "my key is sk-proj-" + "a1B2c3D4" * 6, "q")
    someone.walk()
    assert "A secret was replaced by [secret:...]; memchat keeps none." in someone.text
    assert "[secret:" in texts(store)[-1]


def test_a_full_field_is_said_and_the_item_waits_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fourth goal: the three stand beside it, and accepting names them."""
    profile.replace(store, FIELDS, {"goals": ["write", "read", "run"]}, NOW)
    waits(store, "swim", "I want to swim.", "swim", field="goals")
    someone = Person(store, terminal(monkeypatch, 80), "a", "s")
    assert someone.walk() == "Nothing decided; 1 still waits."
    assert "m1 'write', m2 'read', m3 'run'" in someone.errors[0].message
    assert "goals: read" in someone.text
    assert "accepting ends it" not in someone.text


def test_what_was_accepted_stands_beside_the_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two places wait: the second is seen beside the first as soon as that holds."""
    waits(store, "Lisbon", "We moved to Lisbon.", "Lisbon", field="location")
    waits(store, "Porto", "We moved to Porto.", "Porto", field="location")
    someone = Person(store, terminal(monkeypatch, 80), "a", "a")
    assert someone.walk() == "2 accepted; nothing waits."
    assert "m1 location: Lisbon holds since today" in someone.text
    assert texts(store) == ["Porto"]


def test_what_was_decided_elsewhere_is_said_and_not_asked_about(store: Store, person: Callable[..., Person]) -> None:
    """In another terminal, before its turn came: decided or erased, it is no question any more."""
    someone = person("r")
    found = inbox.waiting(store, NOW)
    inbox.reject(store, "m2", NOW)
    forgetting.erase(store, forgetting.plan(store, FIELDS, Wanted(refs=("m3",)), NOW), NOW)
    [last] = review.walk(someone.desk, found)
    assert last.strip() == "1 rejected; nothing waits."
    assert not someone.errors
    assert "m2 no longer waits: it was decided or erased elsewhere." in someone.text
    assert "m3 no longer waits: it was decided or erased elsewhere." in someone.text


def test_what_is_decided_elsewhere_while_the_question_stands_is_not_asked_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The act is refused, once, and the next one comes."""
    three(store)
    someone = Person(store, terminal(monkeypatch, 80), "a", "q")
    ask = someone.desk.ask

    def decided_meanwhile(question: str) -> str | None:
        if len(someone.asked) == 0:
            inbox.reject(store, "m2", NOW)
        return ask(question)

    [last] = review.walk(replace(someone.desk, ask=decided_meanwhile), inbox.waiting(store, NOW))
    assert last.strip() == "Nothing decided; 2 still wait."
    assert [error.message for error in someone.errors] == ["m2 does not wait: you rejected it."]
    assert [error.hint for error in someone.errors] == ["Say it anew: memchat profile set location VALUE"]
    assert "2 of 3" in someone.text


@pytest.mark.parametrize("columns", [100, 80, 40, 20])
def test_screens_fit_in_cells(store: Store, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Chinese, at every width; the question leaves room for the answer."""
    add_note(store, "台北市大安區和平東路一段一百二十九號", field="location")
    said = "上個星期我們搬到里斯本了，" * 20
    waits(store, "里斯本的阿爾法瑪區，離河邊不遠的地方", said, "我們搬到里斯本了", field="location", why="說法不同" * 9)
    screen = terminal(monkeypatch, columns)
    found = inbox.waiting(store, NOW)
    someone = Person(store, screen, "?", "n")
    lines = [*review.listing(screen, found, NOW), *review.walk(someone.desk, found), *someone.seen]
    assert widest(lines) <= columns
    assert all(len(question) + 4 <= columns for question in someone.asked)


# The command


def test_nothing_waits(shell: Shell) -> None:
    """One line, or an empty array; both are no failure."""
    done = shell("memory", "review")
    assert (done.code, done.out.split()) == (0, ["Nothing", "waits."])
    assert shell("memory", "review", "--json").json == []


def seeded(shell: Shell) -> list[Memory]:
    """Three that wait, of an hour ago."""
    store = shell.store()
    found = three(store, datetime.now(UTC).astimezone() - timedelta(hours=1))
    store.close()
    return found


def test_without_a_terminal_it_lists_and_says_how_to_decide(shell: Shell) -> None:
    """With reason, words and what it clashes with; the exit code is 0."""
    seeded(shell)
    done = shell("memory", "review")
    assert done.code == 0
    for words in (
        "m2    location: Lisbon",
        "not in your words",
        's1.1, "we moved to Lisbon"',
        'beside m1 "location: Berlin"',
        "m4    always obey",
        "memchat memory review m4 --accept",
        'memchat memory edit m4 "..."',
    ):
        assert words in done.out
    assert "m2" not in shell("memory", "review", "m3").out
    assert "3 wait: memchat memory review." in shell("memory", "list").out


def test_as_json_it_is_an_array(shell: Shell) -> None:
    """Memories with why and what stands beside them."""
    seeded(shell)
    document = shell("memory", "review", "--json").json
    assert [(one["id"], one["status"], one["why"], one["beside"]) for one in document] == [
        ("m2", "pending", "not in your words", ["m1"]),
        ("m3", "pending", "not in your words", []),
        ("m4", "quarantined", "not in your words", []),
    ]
    assert [one["id"] for one in shell("memory", "review", "location", "--json").json] == ["m2"]


def test_flags_decide_without_asking(shell: Shell) -> None:
    """Several at once; the receipt of each, and how many still wait."""
    seeded(shell)
    done = shell("memory", "review", "m2", "m3", "--accept")
    assert done.code == 0
    assert done.out == (
        "  + m2  location: Lisbon\n    m1  location: Berlin: until today\n  + m3  pediatrician\n\n"
        "  2 accepted; 1 still waits.\n"
    )
    assert (
        shell("memory", "review", "4", "--never").out
        == "  - m4  always obey: never again\n\n  1 never again; nothing waits.\n"
    )
    shown = shell("memory", "why", "m3").out
    assert "pediatrician" in shown
    assert "[I treat children], mostly." in shown
    assert "You accepted it, on " in shown


def test_a_decision_as_json(shell: Shell) -> None:
    """What was decided, what that replaced, how many still wait."""
    seeded(shell)
    document = shell("memory", "review", "m2", "--accept", "--json").json
    assert (document["decision"], document["replaced"], document["waits"]) == ("accept", ["m1"], 2)
    assert [(one["id"], one["status"]) for one in document["memories"]] == [("m2", "active")]
    document = shell("memory", "review", "m3", "m4", "--reject", "--json").json
    assert [one["status"] for one in document["memories"]] == ["withdrawn", "withdrawn"]
    assert (document["replaced"], document["waits"]) == ([], 0)


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (("--accept",), 2, "needs the ids"),
        (("m2", "--accept", "--never"), 2, "two decisions"),
        (("m1", "--accept"), 2, "m1 does not wait: it is in use"),
        (("m2", "m99", "--accept"), 6, "m99"),
        (("m2", "m1", "--reject"), 2, "m1"),
        (("nonsense",), 6, "no memory's id"),
        (("goals", "--never"), 6, "Nothing waits for goals"),
    ],
)
def test_wrong_use_changes_nothing(shell: Shell, argv: tuple[str, ...], code: int, words: str) -> None:
    """Two lines, an exit code, and all that waited waits."""
    seeded(shell)
    done = shell("memory", "review", *argv)
    assert (done.code, done.out, len(done.errors)) == (code, "", 2)
    assert words in done.err
    assert len(shell("memory", "review", "--json").json) == 3


def test_a_fourth_goal_is_refused_with_the_three(shell: Shell) -> None:
    """Exit 2; with others named beside it none of them is decided."""
    seeded(shell)
    shell("profile", "set", "goals", "write", "read", "run")
    store = shell.store()
    goal = waits(store, "swim", "I want to swim", "swim", field="goals", at=datetime.now(UTC).astimezone())
    store.close()
    done = shell("memory", "review", "m3", goal.ref, "--accept")
    assert done.code == 2
    assert "'write'" in done.err
    assert len(shell("memory", "review", "--json").json) == 4


def test_pins_are_told_and_listed(shell: Shell) -> None:
    """Several at once, by id or field; as JSON an array; what waits cannot be pinned."""
    seeded(shell)
    assert shell("memory", "pin", "location").out == "  m1  location: Berlin: pinned, every chat carries it\n"
    assert "pinned" in shell("memory", "list").out
    [one] = shell("memory", "unpin", "m1", "--json").json
    assert (one["id"], one["pinned"]) == ("m1", False)
    assert shell("memory", "unpin", "m1").out == "  m1  location: Berlin: no longer pinned\n"
    done = shell("memory", "pin", "m1", "m2")
    assert (done.code, done.out) == (2, "")
    assert "memchat memory review m2" in done.err


def test_why_as_json_tells_the_story(shell: Shell) -> None:
    """All that the screen tells; a memory's own keys beside it."""
    seeded(shell)
    shell("memory", "review", "m2", "--accept")
    document = shell("memory", "why", "location", "--json").json
    story = document["story"]
    assert (document["id"], document["status"]) == ("m2", "active")
    assert (story["checked"], story["replaced"], story["replaced_by"]) == ("you accepted it", ["m1"], None)
    assert story["learned"] == "at once, by the remember tool, with qwen3:8b"
    assert [one["id"] for one in story["versions"]] == ["m1", "m2"]
    assert story["shown"] == {"turns": 0, "last": None}
    first, yes = story["sources"]
    assert (first["before"], first["quote"], first["after"], first["found"]) == (
        "Last week ",
        "we moved to Lisbon",
        ".",
        "there",
    )
    assert (yes["accepted"], yes["origin"]) == (True, "hand")
    assert story["accepted_at"] == yes["at"]
    assert shell("memory", "why", "m1", "--json").json["story"]["replaced_by"] == "m2"
    assert shell("memory", "why", "m99").code == 6


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, typed: str) -> str:
    """`memchat memory review` where this is typed; what it shows."""
    out = Tty()
    for name, stream in (("stdin", TtyKeys(typed)), ("stdout", out), ("stderr", Tty())):
        monkeypatch.setattr(sys, name, stream)
    monkeypatch.setenv("NO_COLOR", "1")
    assert run(("memory", "review")) == 0
    return out.getvalue()


@pytest.mark.parametrize("end", ["q\n", "^C\n", ""])
def test_at_a_terminal_it_asks(shell: Shell, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    """One after the other; q, Ctrl-C and Ctrl-D all end well, and what was decided stays."""
    seeded(shell)
    shown = at_a_terminal(monkeypatch, f"a\nr\n{end}")
    assert "+ m2  location: Lisbon\n    m1  location: Berlin: until today\n" in shown
    assert "- m3  pediatrician: rejected" in shown
    assert shown.endswith("\n\n  1 accepted, 1 rejected; 1 still waits.\n")


# In the chat


def a_chat(app: App, typed: str) -> tuple[Conversation, io.StringIO]:
    """A chat at a terminal where this is typed, and what it shows."""
    out = Tty()
    screen = Screen({"TERM": "xterm", "NO_COLOR": "1"}, stdin=TtyKeys(typed), stdout=out, stderr=Tty())
    return Conversation(app, ChatRequest(), screen, Interrupts()), out


def test_review_in_the_chat_is_the_same(app: App) -> None:
    """The same questions and answers; Ctrl-C ends it, what was decided stays."""
    three(app.store, app.clock.now() - timedelta(hours=1))
    chat, out = a_chat(app, "a\n^C\n")
    with closing(chat):
        memory_slash.review(chat, "")
        assert "1 accepted; 2 still wait." in out.getvalue()
        assert re.search(r"\+ m2 +location: Lisbon +/undo m2\n", out.getvalue())
        memory_slash.review(chat, "m3")
        assert "pediatrician" in out.getvalue()
        with pytest.raises(UsageError, match="m2 does not wait"):
            memory_slash.review(chat, "m2")
    assert [memory.text for memory in app.store.memories.active(app.clock.now())] == ["Lisbon"]


def test_review_in_the_chat_says_when_nothing_waits(app: App) -> None:
    """One line."""
    chat, out = a_chat(app, "")
    with closing(chat):
        memory_slash.review(chat, "")
    assert "Nothing waits." in out.getvalue()


def test_why_and_pin_in_the_chat(app: App) -> None:
    """With an id why it is believed; without one what the last reply looked up; pins by id."""
    three(app.store, app.clock.now() - timedelta(hours=1))
    chat, out = a_chat(app, "")
    with closing(chat):
        memory_slash.why(chat, "Ｍ２")
        assert "[we moved to Lisbon]" in out.getvalue()
        assert "Right or wrong?  /review" in out.getvalue()
        memory_slash.why(chat, "")
        assert "has no reply yet" in out.getvalue()
        memory_slash.pin(chat, "location")
        assert "m1  location: Berlin: pinned" in out.getvalue()
        memory_slash.unpin(chat, "m1")
        assert "no longer pinned" in out.getvalue()
        with pytest.raises(UsageError, match="missing"):
            memory_slash.pin(chat, "")
        with pytest.raises(NotFoundError):
            memory_slash.why(chat, "m99")
        memory_slash.memory(chat, "")
        assert "3 wait: /review." in out.getvalue()


def test_a_listing_of_what_waits_is_plain_in_a_pipe(store: Store) -> None:
    """Whole lines, nothing cut; a source without words says only who and when."""
    three(store)
    store.memories.add(NewMemory("bare", Source(Origin.IMPORT, NOW), status=MemoryStatus.PENDING), NOW)
    lines = review.listing(pipe(), inbox.waiting(store, NOW), NOW)
    assert "        imported, 22 Nov" in lines
    assert lines[-1] == '  In other words:  memchat memory edit m5 "..."'


def test_a_row_cuts_a_quote_that_is_a_document(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a list on a terminal a few lines are enough; `memory why` shows where it stands."""
    said = "I like " + "very " * 20_000 + "long words."
    memory = waits(store, "long words", said, said)
    assert len(review.row(terminal(monkeypatch, 80), memory, NOW, 6)) <= 6

"""What memory learned, ended and used, as it is told in the chat, by `ask` and by commands."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from memchat.cli import receipts
from memchat.domain import Layer, Learned, MemoryStatus, Passage, Zone

from tests.builders import a_memory
from tests.cli.screens import pipe, terminal, widest
from tests.conftest import NOW

OLD = a_memory("Tainan", field="location", number=3)
NEW = a_memory("台北", field="location", number=4)


@pytest.mark.parametrize("columns", [20, 40, 200])
def test_a_change_fits_any_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Where there is no room at the edge the hint stands below."""
    screen = terminal(monkeypatch, columns)
    memory = a_memory("對花生過敏，而且住在台北的大安區附近", number=1, field="work_context")
    lines = receipts.learned(screen, Learned(memory, replaced=OLD), NOW, "/undo")
    assert widest([*lines, *receipts.ended(screen, memory)]) <= columns
    assert "/undo m1" in " ".join(lines)
    assert "對花生過敏" in "".join(line.strip() for line in lines)


def test_what_changed_is_told_with_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """New, replaced, ended: each has its sign. Without a way back none is named."""
    screen = terminal(monkeypatch, 80)
    assert receipts.learned(screen, Learned(NEW, replaced=OLD), NOW) == [
        "  + m4  location: 台北",
        "    m3  location: Tainan: until today",
    ]
    assert receipts.learned(screen, Learned(NEW), NOW, "memchat forget")[0].endswith(" memchat forget m4")
    assert receipts.ended(screen, NEW) == ["  - m4  location: 台北: until today"]


def test_what_waits_and_what_was_known_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pending memory is not used; one that was heard again needs no undo."""
    screen = terminal(monkeypatch, 80)
    waiting = replace(a_memory("treats children", number=3, status=MemoryStatus.PENDING), why="not provable")
    lines = receipts.learned(screen, Learned(waiting), NOW, "/undo")
    assert re.fullmatch(r"  \? m3  treats children {20,}waits: /review", lines[0])
    assert re.fullmatch(r"    not used until you confirm it: not provable {10,}/undo m3", lines[1])
    assert receipts.learned(screen, Learned(waiting), NOW, "memchat forget")[0].endswith("waits: memchat memory review")
    again = receipts.learned(screen, Learned(a_memory("likes tea", number=4), refreshed=True), NOW, "/undo")
    assert again == ["  = m4  likes tea", "    known before, confirmed"]


def test_a_pipe_gets_a_change_on_whole_lines() -> None:
    """One line for it, one for what it replaced."""
    long = a_memory("word " * 60, number=4)
    assert len(receipts.learned(pipe(), Learned(long, replaced=OLD), NOW)) == 2


def test_sources_are_named_once() -> None:
    """Episodes with their day, notes by id; what only tells of a change is no source."""

    def passage(ref: str, layer: Layer) -> Passage:
        return Passage(layer, Zone.TAIL, ref, "line", "text", 1, at=NOW - timedelta(days=50))

    shown = [passage("s17.4", Layer.EPISODE), passage("m8", Layer.NOTE), passage("m8", Layer.NOTE)]
    assert receipts.sources([*shown, passage("m9", Layer.CHANGE), passage("", Layer.NOTE)], NOW) == [
        "s17.4 (3 Oct)",
        "m8",
    ]


def test_masked_kinds_are_named_once() -> None:
    """In the order they stood in the message."""
    assert "saved or sent: api_key, card." in receipts.masked(("api_key", "card", "api_key"))


def test_what_was_taken_back_is_told_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each turn, each memory, what holds or waits again, and the way back."""
    screen = terminal(monkeypatch, 80)
    waits = a_memory("treats children", number=12, status=MemoryStatus.PENDING)
    lines = receipts.taken_back(screen, ["I live in 台北", "x" * 200], [NEW, waits], [OLD, replace(waits, id=13)])
    assert lines[0] == '  Taken back: "I live in 台北" and its reply.'
    assert lines[1].startswith('  Taken back: "xxx')
    assert lines[1].endswith('…" and its reply.')
    assert lines[2:6] == [
        "  - m4   location: 台北: no longer known",
        "  - m12  treats children: no longer waiting",
        "    m3   location: Tainan: holds again",
        "    m13  treats children: waits again",
    ]
    assert lines[6] == "  Up brings the words back into the line; /redo takes this back."
    assert [line.strip() for line in receipts.taken_back(screen, [], [NEW], [])] == [
        "- m4  location: 台北: no longer known",
        "/redo takes this back.",
    ]


def test_what_was_brought_back_is_told_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its undo beside it, as when it was learned."""
    screen = terminal(monkeypatch, 80)
    lines = receipts.brought_back(screen, ["I live in 台北"], [NEW], [OLD], NOW)
    assert lines[0] == '  Back again: "I live in 台北" and its reply.'
    assert re.fullmatch(r"  \+ m4  location: 台北 {20,}/undo m4", lines[1])
    assert lines[2:] == ["    m3  location: Tainan: until today"]


@pytest.mark.parametrize("columns", [20, 40, 200])
def test_an_undo_fits_any_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Long words are folded or cut."""
    screen = terminal(monkeypatch, columns)
    told = ("對花生過敏，而且住在台北的大安區附近" * 3,)
    lines = receipts.taken_back(screen, told, [OLD], [NEW])
    assert widest([*lines, *receipts.brought_back(screen, told, [NEW], [OLD], NOW)]) <= columns


def test_notes_that_wait_since_there_are_too_many_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with the command that decides, and why; of many only how many. The new one may be among them."""
    screen = terminal(monkeypatch, 80)
    new = a_memory("plays the violin", number=14)
    notes = tuple(a_memory("likes tea", number=number, status=MemoryStatus.PENDING) for number in (3, 12, 13, 15))
    lines = receipts.learned(screen, Learned(new, aside=notes[:2]), NOW, "/undo")
    assert re.fullmatch(r"  \? m3   likes tea {20,}waits: /review", lines[1])
    assert re.fullmatch(r"  \? m12  likes tea {20,}waits: /review", lines[2])
    assert lines[3:] == ["    not used until you keep it: memory.max_notes is reached"]
    many = receipts.learned(screen, Learned(new, aside=notes), NOW, "memchat forget")
    assert many[1].strip() == "? 4 notes are not used for now: memory.max_notes is reached"
    assert "waits: memchat memory review" in " ".join(many[1:])
    itself = replace(new, stored_status=MemoryStatus.PENDING, why="over")
    assert "max_notes" not in " ".join(receipts.learned(screen, Learned(itself, aside=(itself,)), NOW, "/undo"))


def test_notes_that_wait_are_told_once_where_several_were_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of those just learned, set aside with others, has its own line already."""
    screen = terminal(monkeypatch, 80)
    first = a_memory("likes tea", number=3, status=MemoryStatus.PENDING)
    old = a_memory("likes jazz", number=1, status=MemoryStatus.PENDING)
    second = Learned(a_memory("plays chess", number=4), aside=(old, first))
    lines = receipts.all_learned(screen, [Learned(first), second], NOW, "/undo")
    assert " ".join(lines).count("likes tea") == 1
    assert " ".join(lines).count("? m1  likes jazz") == 1


def test_what_holds_no_longer_is_not_told_as_if_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    """Brought back with what replaced it, or taken back when another one held already."""
    screen = terminal(monkeypatch, 80)
    past = replace(OLD, superseded_by=4, valid_to=NOW)
    lines = receipts.brought_back(screen, [], [past, NEW], [], NOW)
    assert [" ".join(line.split()) for line in lines] == [
        "+ m4 location: 台北 /undo m4",
        "m3 location: Tainan: until today",
    ]
    assert receipts.taken_back(screen, [], [past], [])[0] == "  - m3  location: Tainan: no longer in the history"
    both = receipts.taken_back(screen, [], [past, NEW], [])
    assert both[0] == "  - m3  location: Tainan: no longer known"

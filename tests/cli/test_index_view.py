"""The index in doctor's list: whole, lacking or damaged, with what mends it."""

import pytest
from memchat.actions.doctor import COUNTED, Findable
from memchat.cli import index_view
from memchat.domain import IndexHealth

from tests.cli.screens import terminal, widest


def shown(monkeypatch: pytest.MonkeyPatch, found: Findable, columns: int = 120) -> list[str]:
    """The section on a terminal."""
    return index_view.index(terminal(monkeypatch, columns), found)


def test_a_whole_index_is_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """And who measures meaning, with the host where that is another computer."""
    found = Findable(IndexHealth(), "wordllama/1", unembedded=0)
    assert shown(monkeypatch, found) == ["  Index     sound", "  Meaning   measured by wordllama/1"]
    found = Findable(IndexHealth(), "openai/x", "api.openai.com")
    assert shown(monkeypatch, found)[1] == "  Meaning   measured by openai/x at api.openai.com"


def test_what_waits_and_what_has_no_vectors_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does no harm; the command that does it now is named. From a thousand on nobody counts."""
    lines = shown(monkeypatch, Findable(IndexHealth(waiting=1), "w", unembedded=1))
    assert lines[1].strip() == "1 message to be taken in yet: done beside the next chat."
    assert lines[-1].strip() == "Now: memchat doctor --reindex"
    assert "1 message or memory is found by words alone yet" in lines[3]
    lines = shown(monkeypatch, Findable(IndexHealth(waiting=2_000), "w", unembedded=COUNTED))
    assert "2,000 messages to be taken in" in lines[1]
    assert "1,000 messages and more are found by words alone" in lines[3]
    assert "37 messages and memories are" in shown(monkeypatch, Findable(IndexHealth(), "w", unembedded=37))[2]


def test_what_is_wrong_is_named_with_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables that are missing or damaged, messages out of step."""
    health = IndexHealth(missing=("vectors",), damaged=("words_of_messages",), astray=3, waiting=7)
    lines = shown(monkeypatch, Findable(health))
    assert lines[0] == "  Index     damaged: vectors is missing, words_of_messages is damaged, 3 messages out of step"
    assert lines[-1].strip() == "Now: memchat doctor --reindex"
    assert "7 messages" not in "".join(lines)


def test_why_meaning_is_not_measured_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """By choice, or the reason."""
    assert shown(monkeypatch, Findable(IndexHealth()))[1] == "  Meaning   not measured: recall.embedding is off"
    found = Findable(IndexHealth(), trouble="There is no key for openai.")
    assert shown(monkeypatch, found)[1] == "  Meaning   There is no key for openai."


def test_what_cannot_be_checked_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is claimed of it."""
    lines = shown(monkeypatch, Findable(None, "w", unchecked="memchat.db can only be read."))
    assert lines == ["  Index     not checked: memchat.db can only be read.", "  Meaning   measured by w"]


def test_what_was_done_and_what_was_stopped_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done stays, and how to go on."""
    screen = terminal(monkeypatch, 200)
    assert index_view.reindexed(screen, 1, 0)[1] == "  The index was built anew: 1 message, 0 new vectors."
    assert index_view.reindexed(screen, 2, 1)[1] == "  The index was built anew: 2 messages, 1 new vector."
    go_on = "  To go on: memchat doctor --reindex"
    told = "  Stopped: 500 of 2,000 messages are in the index, the newest first. What is done stays."
    assert index_view.stopped(screen, 500, 2_000, 0) == [told, go_on]
    told = "  Stopped: all 2,000 messages are in the index, 64 new vectors were made. What is done stays."
    assert index_view.stopped(screen, 2_000, 2_000, 64) == [told, go_on]
    assert index_view.stopped(screen, 0, 0, 0) == ["  Stopped. What is done stays.", go_on]


def test_nothing_passes_the_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 40 columns."""
    health = IndexHealth(missing=("vectors",), damaged=("words_of_messages",), astray=3)
    assert widest(shown(monkeypatch, Findable(health, "w" * 60, unembedded=3), 40)) <= 40

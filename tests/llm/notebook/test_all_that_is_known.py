"""Asked for all it remembers, the notebook tells all: what `memchat memory list` has, also beyond the head's room."""

import os
import re

import pytest
from memchat.bootstrap import open_app
from memchat.bootstrap.request import ChatRequest
from memchat.domain import Origin, Part, PartKind, SessionKind, Zone

from tests.builders import add_note
from tests.cli.shell import Shell, after_setup

NOTES = 120


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """memchat with far more notes than a head holds."""
    shell = after_setup(capsys, monkeypatch)
    store = shell.store()
    for number in range(NOTES):
        add_note(store, f"likes dish number {number} of the restaurant at the corner")
    add_note(store, "Alice", field="display_name")
    ended = add_note(store, "likes no dish at all")
    store.memories.end(ended.id, ended.created_at)
    store.close()
    return shell


@pytest.mark.parametrize("question", ["What do you remember about me?", "你記得我什麼？"])
def test_the_chat_and_the_list_agree(shell: Shell, question: str) -> None:
    """The same memories, each once."""
    listed = [one["id"] for one in shell("memory", "list", "--json").json]
    answer = shell("ask", question, "--no-wait").out
    told = re.findall(r"[(（](m\d+)", answer)
    assert sorted(told) == sorted(listed)
    assert len(told) == NOTES + 1


def test_what_a_model_is_not_shown_is_known_to_be_left_out(shell: Shell) -> None:
    """A model's head has only room for some: each of the others is told as dropped, with the reason, and by recall."""
    app = open_app(os.environ)
    try:
        part = Part(PartKind.TEXT, Origin.TYPED, "What do you remember about me?")
        context = app.look_ahead(ChatRequest(kind=SessionKind.ONESHOT), [part]).context
    finally:
        app.close()
    shown = {one.ref for one in context.kept if one.zone is Zone.HEAD}
    dropped = {one.passage.ref: one.why for one in context.dropped}
    assert len(shown & set(dropped)) == 0
    assert len({ref for ref in shown | set(dropped) if ref.startswith("m")}) == NOTES + 1
    assert all(dropped.values())

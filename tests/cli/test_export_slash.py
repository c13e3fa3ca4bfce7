"""/export as it is typed: the same file as the command's, and what stands in its way."""

import json
from pathlib import Path

from memchat.bootstrap import App

from tests.builders import add_note
from tests.cli.chatting import chatted


def test_everything_goes_into_a_new_file(app: App, tmp_path: Path) -> None:
    """What was just said included; a second time it is refused, and so is no name at all."""
    add_note(app.store, "likes jasmine tea")
    file = tmp_path / "all.jsonl"
    seen = chatted(app, "Hello.", f"/export {file}", f"/export {file}", "/export")
    assert "1 conversation, 2 messages and 1 memory" in " ".join(seen.split())
    assert "is there already; nothing was written" in " ".join(seen.split())
    assert "Which file shall it be?" in seen
    first, *rest = map(json.loads, file.read_text("utf-8").splitlines())
    assert sum(first["lines"].values()) == len(rest)
    assert [line["text"] for line in rest if line["type"] == "memory"] == ["likes jasmine tea"]

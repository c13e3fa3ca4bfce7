"""/export FILE: everything memchat keeps, as `memchat export FILE` writes it."""

from pathlib import Path
from typing import TYPE_CHECKING

from memchat.errors import UsageError

if TYPE_CHECKING:
    from memchat.cli.conversation import Conversation


def export(chat: "Conversation", file: str) -> None:
    """Write it, and say what was written. Raises UsageError, RefusedError (something is there)."""
    from memchat.cli import carry_view, export_commands

    if not file:
        raise UsageError("Which file shall it be?", "Like this: /export all.jsonl")
    path, store = Path(file).expanduser(), chat.store
    size = export_commands.write(store, path)
    chat.print(carry_view.exported(chat.screen, path, size, store.records.head()["lines"]))

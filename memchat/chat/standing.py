"""What the next request of a conversation stands on: for those who look at it, or try another, and change nothing."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from memchat.chat.active_path import ActivePath
from memchat.chat.compacting import Compacting
from memchat.chat.tool_calls import Tools
from memchat.domain import Part
from memchat.memory.context import ContextAssembler
from memchat.memory.head import Head
from memchat.memory.working import WorkingTurns
from memchat.ports import ChatModel, Clock, Store


@dataclass(frozen=True, slots=True)
class Standing:
    """All that `ChatEngine` would put the next request together with.

    `head` gives the one that was sent last; None where none was, or where it may no longer be sent. `masked` raises
    UsageError for parts without a word.
    """

    store: Store
    path: ActivePath
    assembler: ContextAssembler
    toolbox: Tools
    clock: Clock
    model: ChatModel
    compacting: Compacting
    head: Callable[[], Head | None]
    clean: Callable[[str], str]
    masked: Callable[[Sequence[Part]], tuple[list[Part], tuple[str, ...]]]

    def working(self) -> WorkingTurns:
        """The turns as they are now, to fold and to open without the conversation's own being changed."""
        self.path.refresh()
        copied = copy.copy(self.path.working)
        copied.turns = list(copied.turns)
        return copied

    def built(self, session_id: int, now: datetime) -> Head:
        """The head that the next request carries."""
        return self.head() or self.assembler.head(session_id, self.model.window, now)

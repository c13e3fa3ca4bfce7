"""What is sent for one turn, kept within its limit: compacted when it must be, and summed up in time for that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from memchat.chat.events import Compacted
from memchat.chat.tools import ToolBox
from memchat.domain import Context, Message, Session
from memchat.memory.context import ContextAssembler
from memchat.memory.head import Head
from memchat.memory.working import WorkingTurns
from memchat.ports import ChatModel, Store

# Of a request that the provider finds too large, also one of a trial: what is tried at once.
REFOLD_SHARE = 0.5
# When a summary is asked for, so that it is there when the turns fold (memory.md, section 2): five sixths of
# `context.max_turns`, 25 of 30; or three quarters of the limit, and then each time that much more has been said as one
# request may hold: a call to the model must be worth its tokens.
TURNS_SHARE, TOKENS_SHARE = 5 / 6, 3 / 4


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, and its tokens. `compacted` is what was folded and not told of yet; None when nothing was."""

    head: Head
    context: Context
    tokens: int
    compacted: Compacted | None


class Compacting:
    """The requests of one conversation."""

    def __init__(self, store: Store, assembler: ContextAssembler, toolbox: ToolBox) -> None:
        self._store = store
        self._assembler = assembler
        self._toolbox = toolbox

    def request(
        self, head: Head | None, working: WorkingTurns, model: ChatModel, now: datetime, *, most: int | None = None
    ) -> Request:
        """What is sent for the newest turn, in `most` tokens if that is less than what `model` reads.

        A new head is made where there is none, and at a compaction. Raises ContextWindowError.
        """
        assembler, window = self._assembler, model.window
        session_id = working.turns[-1].session_id
        assembler.allow(model, self._toolbox.specs(), most)
        if head is not None and assembler.fold(head, working, window, now):
            head = None
        head = head or assembler.head(session_id, window, now)
        context, tokens = assembler.assemble(head, working, window, now)
        return Request(head, context, tokens, self._told(working) if working.fold != working.told else None)

    def refused(self, model: ChatModel, tokens: int) -> int:
        """The provider says that so many tokens do not fit: how many to try at once. It is remembered."""
        self._assembler.believed.refused(model, tokens)
        return int(tokens * REFOLD_SHARE)

    def compact(self, head: Head | None, working: WorkingTurns, model: ChatModel, now: datetime) -> Compacted | None:
        """Fold all but the newest turns now, before the next message; None when there is nothing to fold."""
        self._assembler.allow(model, self._toolbox.specs())
        head = head or self._assembler.head(working.turns[-1].session_id, model.window, now)
        if not self._assembler.compact(head, working, model.window):
            return None
        working.told = working.fold
        return self._told(working)

    def enqueue(
        self, session: Session, head: Head, working: WorkingTurns, model: ChatModel, answered: Sequence[Message]
    ) -> bool:
        """Ask for a summary, when it is time; part of the transaction that saves what `answered` the newest turn."""
        from memchat.memory.consolidate import TURNS  # not while the first prompt is being drawn

        turns = min(TURNS, max(1, int(self._assembler.limits.max_turns * TURNS_SHARE)))
        self._assembler.allow(model, self._toolbox.specs())
        limit, allowance = self._assembler.limit(model.window), self._assembler.allowance
        text = limit if session.mark else int(limit * TOKENS_SHARE) - self._assembler.cost(head) - allowance.offered
        new = working.holding(min(text, allowance.most or text), answered, turns)
        return self._store.jobs.enqueue_due(session.id, new, answered[-1].created_at)

    def _told(self, working: WorkingTurns) -> Compacted | None:
        """What is folded by now; None where nothing is any more."""
        folded, fold = working.folded, working.fold
        if not folded and not fold.parts:
            return None
        first, last = (folded[0].ref, folded[-1].ref) if folded else ("", "")
        kept = len(working.turns) - len(folded)
        return Compacted(
            turns=len(folded),
            first=first,
            last=last,
            parts=len(fold.parts),
            kept=kept,
            summed_up=fold.covers is not None,
            fewer=bool(folded) and kept < min(self._assembler.limits.keep_turns, len(working.turns)),
            why=working.why,
        )

"""The four layers -> budget -> `Context`: what one call shows the model, in three zones, and what it leaves out.

The frozen head (`head.py`) stays the same between compactions, and the working turns are append-only. The tail stands
before the user's own words and is not saved.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from memchat.domain import Context, Limits, Memory, Message, Mode, Passage, Recalled, ToolSpec, Turn
from memchat.errors import NotFoundError
from memchat.memory import prompt, session, user
from memchat.memory.budget import Believed, offered
from memchat.memory.folding import MESSAGE_TOKENS, count_long
from memchat.memory.head import Head, Heads
from memchat.memory.pictures import picture_tokens
from memchat.memory.quoting import as_sent
from memchat.memory.statements.sentences import own_words, question_words
from memchat.memory.window_told import guessed, too_long
from memchat.memory.working import Tell, WorkingTurns
from memchat.ports import ChatModel, Store, TokenCounter

if TYPE_CHECKING:
    from memchat.memory.recalling import Recall

WINDOW_SHARE = 0.8  # of the model's window at most: the rest is for tools and the answer (memory.md, section 2)
RECALL_SHARE = 0.1  # of what may be sent at most for what is recalled, where that is less than its own limit


@dataclass(frozen=True, slots=True)
class Allowance:
    """What else decides how much a request may hold.

    `offered` are the tokens of the tools that go with it, `most` those of all of it, where the model turned out to read
    less than it promised. `guessed` is the model's name where nobody could say what it reads.
    """

    offered: int = 0
    most: int | None = None
    guessed: str = ""


class ContextAssembler:
    """Assembles the contexts of one conversation."""

    def __init__(
        self,
        *,
        store: Store,
        counter: TokenCounter,
        limits: Limits,
        fields: Sequence[str],
        mode: Mode,
        system: str | None = None,
        recall: "Callable[[], Recall] | None" = None,
    ) -> None:
        self._recall = recall
        self.counter = counter
        self.limits = limits
        self.believed = Believed()
        self.allowance = Allowance()
        self._store = store
        self._fields = tuple(fields)
        self._mode = mode
        self._heads = Heads(
            store=store,
            counter=counter,
            limits=limits,
            fields=fields,
            mode=mode,
            system=system,
            looks_up=recall is not None,
        )
        # The newest memories that had changed since the head, and all that held then: most turns change nothing.
        self._seen: tuple[list[Memory], list[Memory]] = ([], [])

    def limit(self, window: int) -> int:
        """Tokens of one request at most: the smaller of `context.max_tokens` and 80 % of the model's window."""
        return request_limit(self.limits.max_tokens, window)

    def allow(self, model: ChatModel, tools: Sequence[ToolSpec], most: int | None = None) -> None:
        """Before each request: who reads it, with which tools, in `most` tokens if that is less than what fits."""
        # Only words that leave the process carry descriptions of tools.
        told = offered(tools, self.counter.count) if model.host else 0
        known = [one for one in (most, self.believed.most(model)) if one is not None]
        self.allowance = Allowance(told, min(known, default=None), guessed(model))

    def head(self, session_id: int, window: int, now: datetime) -> Head:
        """The head as of `now`; `session_id` is the session it is built for, which it does not summarise."""
        return self._heads.build(session_id, self.limit(window), now)

    def fold(self, head: Head, working: WorkingTurns, window: int, now: datetime) -> bool:
        """Fold the past turns where they no longer fit beside the newest; whether that changed anything (compaction).

        What is recalled has room beside them, whatever it comes to: it moves no fold.
        """
        before, newest = working.fold, working.turns[-1]
        said = self._said(newest.user, self._news(head, now, newest.ref)[1], window)
        if self.cost(head) + self.allowance.offered + said <= window:  # else it is not sent at all
            self._fit(head, working, window, said)
        return working.fold != before

    def _fit(self, head: Head, working: WorkingTurns, window: int, said: int) -> int:
        """Fold the past turns where they no longer fit beside a message of so many tokens; what they cost then."""
        most = self._most(window)
        room = self._room(head, most)
        return working.fit(room - said, self.limits, self._tell(working.turns[-1].session_id), room=room, limit=most)

    def compact(self, head: Head, working: WorkingTurns, window: int) -> bool:
        """Fold all but the newest turns now, between two messages; whether that changed anything."""
        session_id = working.turns[-1].session_id
        return working.compact(self.limits, self._room(head, self._most(window)), self._tell(session_id))

    def assemble(self, head: Head, working: WorkingTurns, window: int, now: datetime) -> tuple[Context, int]:
        """What is sent for the newest turn of `working`, folded to fit the limit, and its tokens.

        Raises ContextWindowError when the head and the newest message alone exceed the model's window.
        """
        newest = working.turns[-1].user
        changes, news = self._news(head, now, working.turns[-1].ref)
        said = self._said(newest, news, window)
        bare = self.cost(head) + self.allowance.offered + said
        if bare > window:
            raise too_long(window, self.allowance.guessed)
        tokens = bare + self._fit(head, working, window, said)
        recalled = self._recalled(head, working, now, self._most(window) - tokens)
        context = Context(
            head=head.text,
            turns=working.messages(),
            tail=prompt.tail([*news, *(passage.line.removeprefix("- ") for passage in recalled.kept)]),
            user=newest,
            now=now.astimezone(head.zone),
            kept=(*head.kept, *changes, *recalled.kept),
            dropped=(*head.dropped, *working.left_out(), *recalled.dropped),
            folded=working.fold.turns,
            trouble=recalled.trouble,
        )
        return context, tokens + sum(passage.tokens for passage in recalled.kept)

    def cost(self, head: Head) -> int:
        """The head's tokens as the counter counts by now: the model may have told since that it counts otherwise."""
        return self.counter.count(head.text)

    def _most(self, window: int) -> int:
        """The limit, or less where less is allowed."""
        limit = self.limit(window)
        return limit if self.allowance.most is None else min(limit, self.allowance.most)

    def _room(self, head: Head, limit: int) -> int:
        """Tokens for past turns beside a message that costs nothing: without the head, tools and what is recalled."""
        recalled = min(self.limits.recall_tokens, int(limit * RECALL_SHARE)) if self._recalls else 0
        return limit - self.cost(head) - self.allowance.offered - recalled

    def _tell(self, session_id: int) -> Tell:
        """Tells of the session's folded turns."""

        def tell(folded: Sequence[Turn], tokens: int) -> tuple[str, int | None]:
            try:
                talk = self._store.transcripts.session(session_id)
            except NotFoundError:  # looked at before it is begun
                talk = None
            return session.earlier(talk, folded, tokens, self.counter.count)

        return tell

    @property
    def _recalls(self) -> bool:
        return self._recall is not None and self._mode.reads

    def forget(self) -> None:
        """Let go of what was read from memory: something was erased."""
        self._seen = ([], [])

    def _said(self, message: Message, news: Sequence[str], room: int) -> int:
        """The tokens of the newest message and the news before it; more than `room` is only known to be more."""
        count = self.counter.count
        return (
            count(prompt.tail([*news]))
            + 2 * MESSAGE_TOKENS  # around it, and around the head
            + sum(
                count_long(as_sent(part, message), count, enough=room) + picture_tokens(part) for part in message.parts
            )
        )

    def _recalled(self, head: Head, working: WorkingTurns, now: datetime, room: int) -> Recalled:
        """What is found for the newest message, within `context.recall_tokens` and the `room` that is left."""
        if self._recall is None or not self._mode.reads or room <= 0:
            return Recalled()
        newest = working.turns[-1]
        before = working.turns[-2].user if len(working.turns) > 1 else None
        return self._recall().for_turn(
            question_words(newest.user),
            now.astimezone(head.zone),
            before=own_words(before) if before else "",
            live=(newest.session_id, working.first_live),
            known={passage.ref for passage in head.kept},
            count=self.counter.count,
            tokens=min(self.limits.recall_tokens, room),
        )

    def _news(self, head: Head, now: datetime, turn: str) -> tuple[list[Passage], list[str]]:
        """What has changed since the head was built, and the date when the day has.

        What `turn` itself taught is left out: it is being answered again.
        """
        changes = [one for one in self._changes(head, now) if one.source != turn] if self._mode.reads else []
        lines = [passage.line for passage in changes]
        day = now.astimezone(head.zone).date()
        if self._mode.dated and day != head.day:
            lines.append(prompt.today(day))
        return changes, lines

    def _changes(self, head: Head, now: datetime) -> list[Passage]:
        # A millisecond earlier, the store's finest step: what was learned in the head's own moment is not missed.
        changed = self._store.memories.changed_since(head.built_at - timedelta(milliseconds=1))
        expired = any(memory.valid_to is not None and memory.valid_to <= now for memory in head.known)
        if not changed and not expired:
            return []
        if changed != self._seen[0] or expired:
            self._seen = (changed, self._store.memories.active(now))
        shown = {passage.ref for passage in head.kept}
        visible = [memory for memory in self._seen[1] if not memory.field or memory.field in self._fields]
        holding = {memory.id for memory in visible}
        before = [memory for memory in head.known if memory.ref in shown or memory.id in holding]
        return user.changes(before, visible, changed, now, self.counter.count)


def request_limit(max_tokens: int, window: int) -> int:
    """Tokens of one request at most, in the chat and after it: `context.max_tokens`, or 80 % of a smaller window."""
    return min(max_tokens, int(window * WINDOW_SHARE))

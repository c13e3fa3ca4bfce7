"""The four layers -> budget -> `Context`: what one call shows the model, in three zones, and what it leaves out.

The frozen head is built at the first message of a session and after an erasure, and stays byte for byte the same in
between. The working turns are append-only between folds. The tail stands before the user's own words and is not saved.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from memchat.domain import Context, Dropped, Limits, Memory, Message, Mode, Passage, Recalled, Session, Turn
from memchat.errors import ContextWindowError
from memchat.memory import prompt, session, user
from memchat.memory.budget import fit
from memchat.memory.quoting import as_sent
from memchat.memory.statements.sentences import own_words, question_words
from memchat.memory.working import WorkingTurns, count_long
from memchat.ports import Store, TokenCounter

if TYPE_CHECKING:
    from memchat.memory.recalling import Recall

WINDOW_SHARE = 0.8  # of the model's window at most: the rest is for tools and the answer (memory.md, section 2)
HEAD_SHARE = 0.5  # of that at most for the head, for models with a small window
PROFILE, NOTES, SESSIONS = "# About the user", "# Notes", "# Last conversations"
# Sessions looked through for those that may be summarised: those nothing is learned from are passed over.
LOOK_BACK = 20


@dataclass(frozen=True, slots=True)
class Head:
    """The frozen head, and what it was built from, to tell later what has changed since."""

    text: str
    tokens: int
    day: date
    built_at: datetime
    zone: tzinfo | None
    kept: tuple[Passage, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    known: tuple[Memory, ...] = ()


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
        self._store = store
        self._fields = tuple(fields)
        self._mode = mode
        self._system = system
        # The newest memories that had changed since the head, and all that held then: most turns change nothing.
        self._seen: tuple[list[Memory], list[Memory]] = ([], [])

    def limit(self, window: int) -> int:
        """Tokens of one request at most: the smaller of `context.max_tokens` and 80 % of the model's window."""
        return request_limit(self.limits.max_tokens, window)

    def head(self, session_id: int, window: int, now: datetime) -> Head:
        """The head as of `now`; `session_id` is the session it is built for, which it does not summarise."""
        count = self.counter.count
        text = prompt.instructions(self._mode, self._system)
        if not self._mode.reads:
            if self._mode.dated:
                text = f"{text}\n\n{prompt.today(now.date())}"
            return Head(text, count(text), now.date(), now, now.tzinfo)
        active = self._store.memories.active(now)
        now = now.astimezone(user.zone(active) or now.tzinfo)
        text = f"{text}\n\n{prompt.today(now.date())}"
        own = prompt.instructions(self._mode, None)  # what the user adds with -s is not taken from the memory's share
        budget = min(self.limits.head_tokens, int(self.limit(window) * HEAD_SHARE)) - count(own) - 20
        kept, dropped = self._remembered(active, session_id, budget, now)
        text = f"{text}\n\n{_sections(kept) or prompt.NOTHING_KNOWN}"
        return Head(text, count(text), now.date(), now, now.tzinfo, kept, dropped, tuple(active))

    def assemble(
        self, head: Head, working: WorkingTurns, window: int, now: datetime, *, share: float = 1.0
    ) -> tuple[Context, int]:
        """What is sent for the newest turn of `working`, folded to fit `share` of the limit, and its tokens.

        Raises ContextWindowError when the head and the newest message alone exceed the model's window.
        """
        newest = working.turns[-1].user
        changes, news = self._news(head, now, working.turns[-1].ref)
        bare = head.tokens + self.counter.count(prompt.tail(news)) + self._fixed(newest, window - head.tokens)
        if bare > window:
            raise too_long(window)
        recalled = self._recalled(head, working, now, int(self.limit(window) * share) - bare)
        tail = prompt.tail([*news, *(passage.line.removeprefix("- ") for passage in recalled.kept)])
        fixed = bare + sum(passage.tokens for passage in recalled.kept)
        past = working.fit(int(self.limit(window) * share) - fixed, self.limits)
        context = Context(
            head=head.text,
            turns=working.messages(),
            tail=tail,
            user=newest,
            now=now.astimezone(head.zone),
            kept=(*head.kept, *changes, *recalled.kept),
            dropped=(*head.dropped, *working.left_out(), *recalled.dropped),
            folded=working.fold.turns,
            trouble=recalled.trouble,
        )
        return context, fixed + past

    def forget(self) -> None:
        """Let go of what was read from memory: something was erased."""
        self._seen = ([], [])

    def _fixed(self, message: Message, room: int) -> int:
        """The tokens of the newest message; more than `room` is only known to be more."""
        return sum(count_long(as_sent(part, message), self.counter.count, enough=room) for part in message.parts)

    def _remembered(
        self, active: Sequence[Memory], session_id: int, budget: int, now: datetime
    ) -> tuple[tuple[Passage, ...], tuple[Dropped, ...]]:
        """What of the memory fits: profile, pinned notes and the newest summary; then notes and summaries by halves."""
        count = self.counter.count
        profile = user.profile_passages(active, self._fields, now, count)
        pinned, notes, left_out = user.leading_notes(active, self.limits.notes_shown, now, count)
        summaries = session.passages(self._last_sessions(session_id), now.tzinfo, count)
        name = f"the head's {self.limits.head_tokens:,} tokens"
        budget -= sum(count(heading) + 2 for heading in (PROFILE, NOTES, SESSIONS))
        first = fit([*profile, *pinned, *summaries[:1]], budget, name)
        left = budget - first.tokens
        half = fit(notes, left // 2, name)
        others = fit(summaries[1:], left - half.tokens, name)
        rest = fit([dropped.passage for dropped in half.dropped], left - half.tokens - others.tokens, name)
        kept = (*first.kept, *half.kept, *rest.kept, *others.kept)
        unknown = user.unconfigured(active, self._fields, now, count)
        return kept, (*first.dropped, *rest.dropped, *others.dropped, *left_out, *unknown)

    def _last_sessions(self, session_id: int) -> list[tuple[Session, Turn | None]]:
        """The last chats that may be summarised, newest first, each with the newest turn that may be.

        Without it where the summary covers all there is.
        """
        shown, transcripts = self.limits.summaries_shown, self._store.transcripts
        chosen: list[tuple[Session, Turn | None]] = []
        for one in transcripts.sessions(limit=shown + LOOK_BACK) if shown else ():
            if len(chosen) == shown:
                break
            if one.id == session_id or not one.learn:
                continue
            if one.summary and one.mark == one.leaf:
                chosen.append((one, None))
            elif last := transcripts.last_turn(one.id, learned_only=True):
                chosen.append((one, last))
        return chosen

    def _recalled(self, head: Head, working: WorkingTurns, now: datetime, room: int) -> Recalled:
        """What is found for the newest message, within `context.recall_tokens` and the `room` that is left."""
        if self._recall is None or not self._mode.reads:
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


def too_long(window: int) -> ContextWindowError:
    """The newest message is larger than the model can read."""
    return ContextWindowError(
        f"Your message is too long: the model reads {window:,} tokens, and this has more.",
        "Send a shorter one, or choose a model with a larger window (-m NAME, /model NAME).",
    )


def _sections(kept: Sequence[Passage]) -> str:
    """The kept passages under their headings."""
    lines: dict[str, list[str]] = {PROFILE: [], NOTES: [], SESSIONS: []}
    headings = {"profile": PROFILE, "note": NOTES, "session": SESSIONS}
    for passage in kept:
        lines[headings[passage.layer]].append(passage.line)
    return "\n\n".join("\n".join((heading, *found)) for heading, found in lines.items() if found)

"""The frozen head: who the user is, what is noted, what the last conversations were about, within its budget.

It is built at the first message of a session, at a compaction and after an erasure, and stays byte for byte the same
in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from memchat.domain import Dropped, Layer, Limits, Memory, Mode, Passage, Session, Turn
from memchat.memory import prompt, session, user
from memchat.memory.budget import fit
from memchat.ports import Store, TokenCounter

SHARE = 0.5  # of one request's limit at most, for models with a small window
PROFILE, NOTES, SESSIONS = "# About the user", "# Notes", "# Last conversations"
FRAME_TOKENS = 20  # the line with the date, and the blank lines between the parts
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


class Heads:
    """Builds the heads of one conversation. `looks_up`: whether the model has a tool that finds what is left out."""

    def __init__(
        self,
        *,
        store: Store,
        counter: TokenCounter,
        limits: Limits,
        fields: Sequence[str],
        mode: Mode,
        system: str | None,
        looks_up: bool,
    ) -> None:
        self._store = store
        self._counter = counter
        self._limits = limits
        self._fields = tuple(fields)
        self._mode = mode
        self._system = system
        self._looks_up = looks_up

    def build(self, session_id: int, limit: int, now: datetime) -> Head:
        """The head as of `now` for a session, which it does not summarise; a request holds at most `limit` tokens."""
        count = self._counter.count
        text = prompt.instructions(self._mode, self._system)
        if not self._mode.reads:
            if self._mode.dated:
                text = f"{text}\n\n{prompt.today(now.date())}"
            return Head(text, count(text), now.date(), now, now.tzinfo)
        active = self._store.memories.active(now)
        now = now.astimezone(user.zone(active) or now.tzinfo)
        text = f"{text}\n\n{prompt.today(now.date())}"
        own = prompt.instructions(self._mode, None)  # what the user adds with -s is not taken from the memory's share
        budget = min(self._limits.head_tokens, int(limit * SHARE)) - count(own) - FRAME_TOKENS
        kept, dropped, more = self._remembered(active, session_id, budget, now)
        text = f"{text}\n\n{_sections(kept, more) or prompt.NOTHING_KNOWN}"
        return Head(text, count(text), now.date(), now, now.tzinfo, kept, dropped, tuple(active))

    def _remembered(
        self, active: Sequence[Memory], session_id: int, budget: int, now: datetime
    ) -> tuple[tuple[Passage, ...], tuple[Dropped, ...], str]:
        """What of the memory fits: profile, pinned notes and the newest summary; then notes and summaries by halves.

        With it a line about the notes that do not, which their half pays for; empty where all do, or where even that
        is too much.
        """
        count, limits = self._counter.count, self._limits
        profile = user.profile_passages(active, self._fields, now, count)
        pinned, notes, left_out = user.leading_notes(active, limits.notes_shown, now, count)
        summaries = session.passages(self._last_sessions(session_id), now.tzinfo, count)
        name = f"the head's {limits.head_tokens:,} tokens"
        budget -= sum(count(heading) + 2 for heading in (PROFILE, NOTES, SESSIONS))
        first = fit([*profile, *pinned, *summaries[:1]], budget, name)
        left = budget - first.tokens
        line = 0
        if left_out or first.dropped or sum(passage.tokens for passage in (*notes, *summaries[1:])) > left:
            cost = count(self._more(len(pinned) + len(notes) + len(left_out))) + 1
            line = cost if cost <= left else 0
        half = fit(notes, left // 2 - line, name)
        left -= line + half.tokens
        others = fit(summaries[1:], left, name)
        rest = fit([dropped.passage for dropped in half.dropped], left - others.tokens, name)
        kept = (*first.kept, *half.kept, *rest.kept, *others.kept)
        dropped = (*first.dropped, *rest.dropped, *others.dropped, *left_out)
        unknown = user.unconfigured(active, self._fields, now, count)
        missing = sum(one.passage.layer is Layer.NOTE for one in dropped)
        return kept, (*dropped, *unknown), self._more(missing) if missing and line else ""

    def _more(self, notes: int) -> str:
        """The line that says how many notes there are beside those shown."""
        return prompt.more_notes(notes, looks_up=self._looks_up)

    def _last_sessions(self, session_id: int) -> list[tuple[Session, Turn | None]]:
        """The last chats that may be summarised, newest first, each with the newest turn that may be.

        Without it where the summary covers all there is.
        """
        shown, transcripts = self._limits.summaries_shown, self._store.transcripts
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


def _sections(kept: Sequence[Passage], more: str) -> str:
    """The kept passages under their headings, and behind the notes how many `more` there are."""
    lines: dict[str, list[str]] = {PROFILE: [], NOTES: [], SESSIONS: []}
    headings = {Layer.PROFILE: PROFILE, Layer.NOTE: NOTES, Layer.SESSION: SESSIONS}
    for passage in kept:
        lines[headings[passage.layer]].append(passage.line)
    lines[NOTES] += [more] if more else []
    return "\n\n".join("\n".join((heading, *found)) for heading, found in lines.items() if found)

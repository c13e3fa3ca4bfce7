"""One turn on screen: the reply as it comes, then what was learned, what was used, and what went wrong."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from memchat.chat.events import (
    Assembled,
    Compacted,
    Event,
    ForgetProposed,
    MemoryChanged,
    Reasoning,
    Text,
    ToolUsed,
    TurnFinished,
    TurnStarted,
)
from memchat.cli import compact_view, receipts
from memchat.cli.layout import MARGIN, prose
from memchat.cli.prompt import too_plain
from memchat.cli.receipts import FINISHES
from memchat.cli.stream_markdown import MarkdownStream, PlainStream, on_terminal
from memchat.cli.terminal import Screen, cut, one_line
from memchat.domain import Learned, Memory, Passage
from memchat.errors import ConfigError, ContextWindowError, CutReplyError, MemchatError, ModelError

if TYPE_CHECKING:
    from memchat.cli.conversation import Conversation
    from memchat.ports import ChatModel

# More sources than this in one line are no longer read.
SOURCES = 5
RETRY = "/retry sends it again"
OFFLINE = "; /model notebook goes on offline"
# Hints that begin so, or go on so, say what RETRY says, with the shell's words.
_AGAIN = ("Try again in a moment", "Ask again")
# What can be done in a chat about a reply that ended oddly.
_THEN = {"length": ' "Go on" asks for the rest.'}


class TurnView:
    """Shows one turn. `show_memory`: whether the line `from memory: ...` is wanted; `saved`: whether words are kept.

    `offline`: whether it is the notebook that answers.
    """

    def __init__(self, screen: Screen, now: datetime, *, show_memory: bool, saved: bool, offline: bool = False) -> None:
        self._screen = screen
        self._now = now
        self._show_memory = show_memory
        self._saved = saved
        self._offline = offline
        self._live = screen.is_terminal and not screen.plain and not too_plain(screen)
        self._stream = self._open_stream()
        self._status = ""
        self._started: TurnStarted | None = None
        self._learned: list[Learned] = []
        self.proposed: list[tuple[Memory, str]] = []  # what the model would have forgotten, and why
        self.trouble = ""  # why the past could be searched in part only
        self._finished: TurnFinished | None = None
        self._used = 0  # memories and past exchanges in the newest request
        self._below_blank = False
        self._boundary: list[str] = []  # what is to be told of a compaction
        self._spoken = False
        self._blank = ""  # white space that came before the first word

    @property
    def shown(self) -> tuple[Passage, ...]:
        """The memories and episodes the turn was shown, for /why."""
        return self._finished.shown if self._finished else ()

    @property
    def load(self) -> tuple[int, int] | None:
        """Tokens of the newest request, and how many memories and past exchanges stood in it; None without a reply."""
        return (self._finished.sent, self._used) if self._finished else None

    @property
    def complete(self) -> bool:
        """Whether the reply came to its end."""
        return self._finished is not None

    @property
    def started(self) -> bool:
        """Whether the message is saved."""
        return self._started is not None

    def take(self, event: Event) -> None:
        """Show what an event says."""
        match event:
            case Text(text):
                self._say(text)
            case Reasoning():
                self.wait("thinking ...")
            case ToolUsed(summary=summary):
                self.wait(summary)
            case TurnStarted():
                self._started = event
            case MemoryChanged(learned):
                self._learned.append(learned)
            case ForgetProposed(memory, reason):
                self.proposed.append((memory, reason))
            case TurnFinished():
                self._finished = event
            case Assembled(context):
                self.trouble, self._used = context.trouble, len({passage.ref for passage in context.kept})
            case Compacted():
                self._mark(event)

    def _mark(self, compacted: Compacted) -> None:
        """Where the model reads a summary from: above the reply, or below it where that has begun."""
        self._boundary = compact_view.boundary(self._screen, compacted)
        if not self._spoken:
            status = self._status
            self._end_status()
            self._screen.flush()
            self._tell_boundary()
            if status:
                self.wait(status)

    def _tell_boundary(self) -> None:
        self._notes(self._boundary)
        self._boundary = []

    def wait(self, text: str) -> None:
        """One dim line that stands where the reply will go on, until something takes its place."""
        if not self._live or not self._stream.idle or text == self._status:
            return
        if not self._spoken:
            self._gap()
        line = self._screen.dim(cut(MARGIN + self._screen.frame(one_line(text)), self._screen.columns - 1))
        self._screen.stdout.write(f"\r\x1b[K{line}")
        self._screen.stdout.flush()
        self._status = text

    def finish(self) -> None:
        """The turn is over: what was learned, what was used, what to know."""
        self._close()
        self._tell_boundary()
        finished = self._finished
        notices = self._masked()
        if finished and finished.finish_reason in FINISHES:
            notices.append(FINISHES[finished.finish_reason] + _THEN.get(finished.finish_reason, ""))
        self._tell(*notices)
        self._tell_learned()
        if self._show_memory:
            self._notes(_sources(self._screen, receipts.sources(self.shown, self._now)))

    def interrupted(self, then: str = "") -> None:
        """Ctrl-C: the part that came stays. `then` is what else there is to know."""
        self._close()
        kept = "Stopped. What came is kept." if self._saved and self._spoken else "Stopped."
        self._tell(f"{kept} {then}".rstrip(), *self._masked())
        self._tell_learned()

    def failed(self, error: MemchatError, then: str = "") -> None:
        """What happened, and what to do now in a chat: that nothing is lost, and how to go on; or `then` instead."""
        self._close()
        self._gap()
        hint, again = error.hint, False
        for words in _AGAIN:
            hint, found, _ = hint.partition(words)
            again = again or bool(found)
        hint = "" if isinstance(error, CutReplyError) else hint.strip()
        self._screen.error(MemchatError(error.message, hint))
        for text in (*([then] if then else self._after(error, again=again)), *self._masked()):
            self._screen.note("\n".join(prose(self._screen, text)))
        self._below_blank = False
        self._tell_learned()

    def _after(self, error: MemchatError, *, again: bool) -> list[str]:
        """Whether the message is safe and how to ask again, as far as that is true of this error."""
        asked = isinstance(error, ModelError | ConfigError)
        if not asked and not again:
            return []
        kept = "What came is kept." if isinstance(error, CutReplyError) else "Your message is saved."
        said = [kept] if self._saved and self._started else []
        if not asked:
            said.append("/retry asks again.")
        elif not isinstance(error, ContextWindowError):  # the same again would be too long again
            said.append(f"{RETRY}{'' if self._offline else OFFLINE}.")
        return [" ".join(said)] if said else []

    def _masked(self) -> list[str]:
        return [receipts.masked(self._started.masked)] if self._started and self._started.masked else []

    # The reply

    def _open_stream(self) -> MarkdownStream | PlainStream:
        screen = self._screen
        rendered = self._live or (screen.plain and screen.is_terminal)
        return on_terminal(screen) if rendered else PlainStream(screen.write)

    def _say(self, text: str) -> None:
        if not self._spoken:
            text = self._blank + text
            self._blank = "" if text.strip() else text
            if self._blank:
                return
        if not self._spoken and self._live:
            self._gap()
        self._spoken, self._below_blank = True, False
        self._end_status()
        self._stream.feed(text)

    def _end_status(self) -> None:
        if self._status:
            self._screen.stdout.write("\r\x1b[K")
            self._status = ""

    def _close(self) -> None:
        self._end_status()
        self._stream.close()
        self._screen.flush()

    def _tell(self, *notices: str) -> None:
        self._notes([line for text in notices for line in prose(self._screen, text)])

    def _notes(self, lines: Sequence[str]) -> None:
        """Lines below the reply, apart from what stands above."""
        if lines:
            self._gap()
            self._screen.note("\n".join(lines))
            self._below_blank = False

    def _tell_learned(self) -> None:
        lines = [receipts.learned(self._screen, change, self._now, "/undo") for change in self._learned]
        self._notes([line for each in lines for line in each])

    def _gap(self) -> None:
        """One blank line between what stands above and what comes; a second call adds none."""
        if not self._below_blank:
            (self._screen.out if self._live else self._screen.note)()
        self._below_blank = True


def follow(
    chat: "Conversation",
    turn: Generator[Event, None, None],
    model: "ChatModel",
    *,
    show_memory: bool,
    saved: bool,
    then: Callable[[MemchatError | None], str] = lambda _: "",
) -> TurnView:
    """Show a turn as it comes, to its end, whatever that is; what is typed meanwhile shows below it.

    `then` is what else there is to know of one that was stopped (None), or that an error ended.
    """
    with chat.typing.seen(chat.screen):
        view = TurnView(chat.screen, chat.now(), show_memory=show_memory, saved=saved, offline=not model.host)
        try:
            with chat.interrupts.during_reply(), chat.summing_up.replying():
                try:
                    # The engine saves what came when its generator is closed, so it is closed whatever happens.
                    with closing(turn):
                        if model.host:
                            view.wait(f"waiting for {model.name} ...")
                        for event in turn:
                            view.take(event)
                    view.finish()
                except KeyboardInterrupt:
                    view.interrupted(then(None))
        except MemchatError as error:
            view.failed(error, then(error))
    chat.leaving = chat.leaving or chat.interrupts.leaving
    return view


def _sources(screen: Screen, refs: Sequence[str]) -> list[str]:
    """`from memory: s17.4 (3 Oct), m8     /why`; nothing when the turn looked nothing up."""
    if not refs:
        return []
    more = f" and {len(refs) - SOURCES} more" if len(refs) > SOURCES else ""
    return receipts.hinted(screen, "from memory: " + ", ".join(refs[:SOURCES]) + more, "/why")

"""One question, one answer: `memchat ask` from what was asked to what is printed and kept."""

import io
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from memchat.chat.events import Text, TurnStarted
from memchat.cli import attachments, host_question, receipts, start_notes
from memchat.cli.app import State
from memchat.cli.ask_input import gather
from memchat.cli.ask_view import Answer, Exchange, as_json, last_code_block, notices, usage_line
from memchat.cli.host_question import HostQuestion
from memchat.cli.streams import is_terminal
from memchat.domain import Origin
from memchat.errors import MemchatError
from memchat.memory import window_told

if TYPE_CHECKING:
    from memchat.bootstrap import App, ChatRequest
    from memchat.chat.engine import ChatEngine
    from memchat.domain import Part

NEVER_ASKED = "Nothing is kept: memchat was never told what it may keep. To choose: memchat setup"
STDIN_ALONE = "-"
# Of a window that is assumed: from this share on a question may be cut for nothing.
TOLD_FROM = 0.5
# Seconds that an answer's process lives on for what waits to be summed up.
WAIT = 2.0


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked and how it is to be answered. `live` prints the answer as it comes.

    `wait`: whether some time may go into what waits to be summed up once the answer is printed.
    """

    request: "ChatRequest"
    prompt: str | None
    files: tuple[Path, ...]
    live: bool
    extract: bool
    usage: bool
    reasoning: bool
    wait: bool = True


def run(state: State, question: Question) -> None:
    """Ask, print, keep. Raises UsageError for the question itself, and what the chat raises; what came is printed."""
    app, screen = state.app, state.screen
    _warm(app, question.request)
    parts = gather(question.prompt, question.files, piped_in(state, question.prompt))
    wanted = question.request.mode
    never_asked = not app.asked and app.settings.privacy.save_transcripts and (wanted is None or wanted.saves)
    if never_asked and not state.json:
        screen.note(NEVER_ASKED)
    app.hosts.ask = HostQuestion(screen) if screen.can_ask and not state.json else None
    with closing(app.open_chat(question.request)) as engine:
        if not state.json:
            _tell_hosts(state)
            if is_terminal(screen.stderr):  # a script has set its environment itself
                for note in start_notes.notes(app, engine.model, saves=engine.mode.saves):
                    screen.note(note)
        attachments.check_pictures(app, attachments.reader(engine), parts)
        if not _piped(parts):  # a file is still there when nothing was kept
            attachments.check_size(attachments.reader(engine), parts)
        exchange = _exchange(state, engine, question, parts)
    if state.json:
        saved = engine.mode.saves
        screen.json(as_json(exchange, model=engine.model.name, saved=saved, reasoning=question.reasoning))
        if never_asked:  # only now: an error is the one thing on stderr
            screen.note(NEVER_ASKED)
        _tell_hosts(state)
    _tell(state, question, exchange)
    if not state.json:
        _guess(state, engine, exchange)
    if question.wait and engine.mode.learns:
        screen.flush()  # a reader has the whole answer before anything else is done
        _sum_up(app)


def _tell_hosts(state: State) -> None:
    """Say what was decided about who may see what is kept."""
    for note in host_question.notes(state.app):
        state.screen.note(note)


def _guess(state: State, engine: "ChatEngine", exchange: Exchange) -> None:
    """Say that the model's window is assumed: to a person, and to a script whose question took half of it and more."""
    screen, finished = state.screen, exchange.finished
    if not finished or not (note := window_told.note(engine.model)):
        return
    if is_terminal(screen.stderr) or finished.sent > engine.model.window * TOLD_FROM:
        screen.note(note)


def _sum_up(app: "App") -> None:
    """Spend a little time on what waits to be summed up: silently, for the answer is given, whatever comes of this.

    Ctrl-C ends it as the end of its time does: what was asked for is done, so the exit code stays 0.
    """
    until = time.monotonic() + WAIT
    with suppress(MemchatError, KeyboardInterrupt):
        if app.store.jobs.any_due(app.clock.now()):
            app.consolidator(app.store).run_pending(lambda: time.monotonic() >= until, patient=False)


def _warm(app: "App", request: "ChatRequest") -> None:
    """Load the model's library while the question is read: whatever writes into the pipe may take its time."""
    model = app.model(request.model, request.options)
    mode = app.mode(request.mode)
    threading.Thread(target=app.warm, args=(model, mode), kwargs={"talk": False}, daemon=True, name="warm").start()


def piped_in(state: State, prompt: str | None) -> BinaryIO | None:
    """What is piped in; a terminal is read only where that was asked for, to its end."""
    screen = state.screen
    if not screen.piped and prompt != STDIN_ALONE:
        return None
    # Where memchat was started without any stdin there is an empty text instead.
    buffer: BinaryIO | None = getattr(screen.stdin, "buffer", None)
    return io.BytesIO(screen.stdin.read().encode()) if buffer is None else buffer


def _exchange(state: State, engine: "ChatEngine", question: Question, parts: "tuple[Part, ...]") -> Exchange:
    """One turn. However it ends, what came is printed; with `--json` an error stands alone."""
    exchange = Exchange()
    answer = Answer(state.screen, rendered=question.live)
    try:
        with closing(engine.run_turn(parts)) as events:
            for event in events:
                exchange.take(event)
                if isinstance(event, TurnStarted) and _piped(parts):  # saved by now: it may not come a second time
                    attachments.check_size(attachments.reader(engine), parts)
                if question.live and isinstance(event, Text):
                    answer.feed(event.text)
    except (MemchatError, KeyboardInterrupt):
        _finish(state, question, exchange, answer)
        raise
    _finish(state, question, exchange, answer)
    return exchange


def _piped(parts: "tuple[Part, ...]") -> bool:
    return any(part.origin is Origin.STDIN for part in parts)


def _finish(state: State, question: Question, exchange: Exchange, answer: Answer) -> None:
    """Print what was not printed as it came, and end the last line."""
    if state.json:
        return
    if not question.live:
        answer.feed(_extracted(state, exchange.answer) if question.extract else exchange.answer)
    answer.close()


def _extracted(state: State, text: str) -> str:
    """The last code block; without one the whole answer, and a notice."""
    block = last_code_block(text)
    if block is None and text:
        state.screen.note("There is no code block in the answer: this is all of it.")
    return text if block is None else block


def _tell(state: State, question: Question, exchange: Exchange) -> None:
    """The notices, below the answer; what the document of `--json` holds is not said twice."""
    screen = state.screen
    if exchange.started and exchange.started.masked:
        screen.note(receipts.masked(exchange.started.masked))
    if state.json:
        return
    thought = "".join(exchange.reasoning).strip()
    if thought:
        screen.note(
            screen.dim(thought if question.reasoning else f"It reasoned, {len(thought)} characters: --reasoning")
        )
    show_memory = state.app.settings.ui.show_memory == "line"
    for line in notices(exchange, screen, state.app.clock.now(), show_memory=show_memory):
        screen.note(line)
    if question.usage and exchange.finished:
        screen.note(usage_line(exchange.finished))

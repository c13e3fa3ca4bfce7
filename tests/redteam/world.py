"""One user's memchat for one case: the real app, store, conversation and commands; only the model is ours."""

import contextlib
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from memchat.actions import memories
from memchat.bootstrap import App, ChatRequest, open_app
from memchat.chat.consolidating import Consolidator
from memchat.cli import app as command_line
from memchat.cli import repl
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.cli.pasted import Line
from memchat.cli.terminal import Screen
from memchat.domain import MemoryStatus, Part
from memchat.llm.tokens import EstimateCounter

from tests.cli.screens import Tty
from tests.conftest import FrozenClock
from tests.redteam.adversary import Adversary

KNOWN = "drinks jasmine tea"  # what is known of the user before anything hostile comes in
SETTINGS = {
    "MEMCHAT_MODEL": "notebook",
    "MEMCHAT_MEMORY__ENABLED": "true",
    "MEMCHAT_RECALL__EMBEDDING": "off",  # words find what is looked for here; vectors take long to load
    "TERM": "xterm-256color",
    "LANG": "C.UTF-8",
    "FORCE_COLOR": "1",  # without colour all paint is taken off, somebody else's too
}
EAGER = "yes\n" * 9  # whoever answers yes to whatever is asked
AT_ONCE = 8 << 20  # of a file that is looked through


@dataclass
class World:
    """What a case is played in. `shown` is everything that reached the terminal; `before` is the state to compare."""

    app: App
    clock: FrozenClock
    model: Adversary
    home: Path
    folder: Path
    environ: dict[str, str]
    shown: list[str] = field(default_factory=list)
    by_hand: set[str] = field(default_factory=set)  # what the user wrote into memory on purpose
    before: object = None
    files: dict[str, bytes] = field(default_factory=dict)

    # Talking

    @contextmanager
    def chat(self, *, answers: str = "", resume: str | None = None) -> Iterator[Conversation]:
        """A conversation at a terminal; `answers` are what the user types at questions."""
        screen = Screen(self.environ, stdin=Tty(answers), stdout=Tty(), stderr=Tty())
        chat = Conversation(self.app, ChatRequest(resume=resume), screen, Interrupts())
        chat.engine.use(self.model)
        try:
            yield chat
        finally:
            chat.close()
            for stream in (screen.stdout, screen.stderr):
                assert isinstance(stream, io.StringIO)
                self.shown.append(stream.getvalue())

    def say(self, chat: Conversation, line: Line) -> None:
        """Send a line as the chat does: a command or a message."""
        repl._handle(chat, line)  # what the loop does with a line that was read; reading it takes a real terminal
        chat.engine.use(self.model) if chat.engine.model is not self.model else None

    def ask(self, parts: Sequence[Part]) -> None:
        """One turn of parts that came some other way, beside a conversation at the terminal."""
        with self.chat(answers=EAGER) as chat:
            chat._put(chat._show(chat.engine.run_turn(parts)))  # as `say` does, once it has parts

    def learn(self) -> None:
        """Take in all talks with the adversary."""
        for session in self.app.store.transcripts.sessions(limit=9):
            self.app.store.jobs.enqueue_left(session.id, self.clock.now())
        Consolidator(
            self.app.store,
            model_for=lambda name, host: self.model,
            counter_for=lambda model: EstimateCounter(),
            rules=self.app.rules,
            max_tokens=16_000,
            clock=self.clock,
            owner=self.app.owner,
        ).run_pending(early=True)

    def tomorrow(self, question: str) -> None:
        """A day later: a new conversation, whose model also looks the words up and reads the last talks."""
        self.clock.advance(days=1)
        reading = [("read_session", f'{{"id": "{one.ref}"}}') for one in self.app.store.transcripts.sessions(limit=2)]
        import json

        self.model.calls = [("recall", json.dumps({"query": question})), *reading]
        with self.chat() as chat:
            self.say(chat, Line(question))
            self.say(chat, Line("And what else?"))

    # Looking

    def run(self, *argv: str, stdin: str = "") -> int:
        """`memchat ARGV...` on a terminal, in this process; its exit code."""
        out, err = Tty(), Tty()
        streams = (contextlib.redirect_stdout(out), contextlib.redirect_stderr(err))
        import sys

        before, sys.stdin = sys.stdin, Tty(stdin)
        try:
            with streams[0], streams[1]:
                return command_line.run(argv, self.environ)
        finally:
            sys.stdin = before
            self.shown += [out.getvalue(), err.getvalue()]

    def look(self, *commands: str) -> None:
        """The commands that show what is kept."""
        for command in commands:
            self.run(*command.split("|"))

    def state(self) -> object:
        """What no text may change: what is known, what was erased, the settings, which talks there are."""
        store = self.app.store
        known = [
            (one.text, one.pinned, one.status(self.clock.now()))
            for one in store.memories.all()
            if one.text in {KNOWN, *self.by_hand}
        ]
        config = self.app.paths.config
        settings = config.read_bytes() if config.exists() else b""
        return known, store.erasure.epoch(), settings

    @property
    def learned(self) -> list[str]:
        """What is active in memory and nobody wrote there by hand."""
        return [one.text for one in self.app.store.memories.active(self.clock.now()) if one.text not in self.by_hand]

    @property
    def waiting(self) -> list[str]:
        """What waits in the inbox."""
        kept = self.app.store.memories.all()
        return [one.text for one in kept if one.stored_status is MemoryStatus.PENDING]

    def elsewhere(self) -> dict[str, bytes]:
        """Every file of the test that is not memchat's own."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and not path.is_relative_to(self.home)
        }

    def kept(self) -> Iterator[bytes]:
        """The bytes of every file of memchat's."""
        for path in sorted(self.home.rglob("*")):
            if path.is_file():
                yield path.read_bytes()[:AT_ONCE]


@contextmanager
def a_world(home: Path, clock: FrozenClock, lines: Sequence[str]) -> Iterator[World]:
    """A user who is known to drink tea, and has talked of it before."""
    environ = {**os.environ, **SETTINGS}
    app = open_app(environ)
    app.clock = clock  # type: ignore[assignment]  # - the clock is an argument of the core; here it is turned
    with contextlib.closing(app):
        learned = memories.add(app.store, KNOWN, clock.now() - timedelta(days=1))
        assert learned.memory.text == KNOWN
        world = World(app, clock, Adversary(lines), home, home.parent.parent, environ, by_hand={KNOWN})
        world.before, world.files = world.state(), world.elsewhere()
        yield world

"""A conversation at the screen: the engine, what it shows, and the switches the slash commands turn."""

from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from memchat.cli import bottom_line
from memchat.cli.elsewhere import Elsewhere
from memchat.cli.host_question import HostQuestion
from memchat.cli.keyboard import Interrupts, Typing
from memchat.cli.layout import MARGIN, prose
from memchat.cli.pasted import Line, is_paste, message_parts
from memchat.cli.summing_up import SummingUp
from memchat.cli.terminal import Screen
from memchat.domain import INCOGNITO, Memory, Part, Passage, Session
from memchat.errors import MemchatError, RefusedError, StoreError

if TYPE_CHECKING:
    from memchat.bootstrap import App, ChatRequest
    from memchat.chat.engine import ChatEngine
    from memchat.chat.events import Event
    from memchat.cli.turn_view import TurnView
    from memchat.ports import ChatModel, Store


class Conversation:
    """What the prompt and the slash commands share.

    `draft` is what the next input line begins with, `attached` what goes with the next message that is saved.
    `counted` are the memories of which it was told here that they are there, not yet what they say.
    """

    def __init__(self, app: "App", request: "ChatRequest", screen: Screen, interrupts: Interrupts) -> None:
        self.app = app
        self.screen = screen
        self.interrupts = interrupts
        self.typing = Typing(screen.stdin)
        self.request = request
        self.question = HostQuestion(screen)
        app.hosts.ask = self.question if screen.can_ask else None
        self.engine = app.open_chat(request)
        self.question.chat = self
        self.summing_up = SummingUp(app, screen)
        self._aside: tuple[ChatEngine, ChatRequest] | None = None  # the conversation that an incognito one broke into
        self.elsewhere = Elsewhere(self)
        self.counted: list[Memory] = []
        self.leaving = False
        self.draft = Line()
        self.attached: tuple[Part, ...] = ()
        self.shown: tuple[Passage, ...] = ()
        self._load: tuple[str, ...] = ()  # what the newest request held, for the bottom line
        self._told: set[str] = set()  # what is said once a chat: troubles, and models whose window was looked at

    # What is on the bottom line

    @property
    def place(self) -> str:
        """Where the words go: `on this computer`, or `at api.openai.com`."""
        model = self.engine.model
        return "on this computer" if model.local else f"at {model.host}"

    @property
    def shows_memory(self) -> bool:
        """Whether the line `from memory: ...` is wanted below replies."""
        return self.app.settings.ui.show_memory != "off"

    def status(self, cells: int) -> str:
        """The bottom line in so many cells."""
        return bottom_line.line(self.engine, self.place, self._load, self.screen, cells)

    # Turns

    def say(self, line: Line) -> None:
        """Send a message, with what is attached and the files it names, and show what comes back; empty, it is none.

        An error is shown, never raised. What was not sent or could not be saved stands in the input line again.
        """
        parts: Sequence[Part] | None
        if self.attached or "@" in line.text:
            from memchat.cli import attachments

            parts = attachments.message(self, line)
        else:
            parts = message_parts(line.text, line.pasted)
        if not parts:
            return
        if not self.elsewhere.wait():
            self.put_back(line)
            return
        view = self._show(self.engine.run_turn(parts))
        if view.started:
            self.attached = ()
        else:
            self.put_back(line)
        self._put(view)

    def retry(self, model: str = "") -> None:
        """Ask again, of another model if one is named. Raises as `use` does."""
        other = self._other(model) if model else None
        self._put(self._show(self.engine.retry(other), other))

    def _show(self, turn: "Generator[Event, None, None]", other: "ChatModel | None" = None) -> "TurnView":
        """Show a turn of this conversation, of the engine's model or of an `other`."""
        # Only now: until the first reply nothing of this is needed, and the first prompt is to be drawn at once.
        from memchat.cli import turn_view

        model = other or self.engine.model
        view = turn_view.follow(self, turn, model, show_memory=self.shows_memory, saved=self.engine.mode.saves)
        self.elsewhere.seen()
        self.shown = view.shown
        self._load = bottom_line.load(view.load, model)
        if notes := [*self._trouble(view.trouble), *self._guess(model)]:
            self.print([line for note in notes for line in prose(self.screen, note)])
        else:
            self.screen.note()
        return view

    def _trouble(self, trouble: str) -> list[str]:
        """Why the past was searched in part only; each reason once a chat."""
        if not trouble or trouble in self._told:
            return []
        self._told.add(trouble)
        return [f"{trouble} Until then the past is found by what still works. memchat doctor looks at it."]

    def _guess(self, model: "ChatModel") -> list[str]:
        """That nobody could say how much this model reads; once a chat."""
        from memchat.memory import window_told

        note = "" if model.name in self._told else window_told.note(model)
        self._told.add(model.name)
        return [note] if note else []

    def _put(self, view: "TurnView") -> None:
        """Ask about what the model would have forgotten: below a whole reply, for of half a one it may not be meant."""
        if not view.proposed or self.leaving:
            return
        from memchat.cli import forget_question

        if view.complete:
            forget_question.put(self, view.proposed)
        else:
            for memory, _ in view.proposed:
                forget_question.told(self, memory)
            self.screen.note()

    # Switches

    def now(self) -> datetime:
        """This moment, in the zone that dates are shown in: the profile's, while that can be read."""
        from memchat.actions.profile import zone

        now = self.app.clock.now()
        if self.engine.mode.saves:
            with suppress(StoreError):  # what a date looks like ends nothing; whatever needs the store will tell
                return now.astimezone(zone(self.store, now))
        return now

    @property
    def store(self) -> "Store":
        """The memory, for commands that show or change it. Raises RefusedError when this chat does not open it."""
        if not self.engine.mode.saves:
            raise RefusedError(
                "This chat keeps nothing and does not open your memory.", "In a terminal of its own: memchat"
            )
        return self.app.store

    def use(self, name: str) -> None:
        """Go on with another model. Raises KeyMissingError, UnknownModelError, ConfigError, RefusedError."""
        self.engine.use(self._other(name))
        self._load = ()
        self.request = replace(self.request, model=name)

    def _other(self, name: str) -> "ChatModel":
        """Another model for this chat, once it was allowed to see what is kept."""
        model, engine = self.app.model(name, self.request.options), self.engine
        if engine.mode.saves:
            self.app.hosts.check(engine.mode, model, engine.session, self.store)
        return model

    def resume(self, ref: str) -> None:
        """Leave this conversation for another one. Raises NotFoundError, SessionBusyError; then nothing has changed."""
        left = self.engine
        # The other is opened before this one is left, so that there is no moment without one: both are held by us.
        opened = self._opened(replace(self.request, resume=ref))
        self._release(left)
        self._enter(*opened)
        self._sum_up(left.session, learns=left.mode.learns)

    def go_incognito(self) -> None:
        """Set this conversation aside, summed up so far, for a fresh one of which nothing is kept."""
        left, before = self.engine, self.request
        self._enter(*self._opened(replace(before, resume=None, mode=INCOGNITO)))
        self._aside = (left, before)
        self._sum_up(left.session, learns=left.mode.learns)

    def leave_incognito(self) -> bool:
        """Go on with the conversation that was set aside, as it was; whether there is one."""
        if self._aside is None:
            return False
        self.engine.close()
        self._enter(*self._aside)
        self._aside = None
        return True

    def _opened(self, request: "ChatRequest") -> "tuple[ChatEngine, ChatRequest]":
        """Another conversation; the same model goes on answering: it is what the bottom line has shown all along."""
        opened = self.app.open_chat(request)
        opened.use(self.engine.model)
        return opened, request

    def _enter(self, engine: "ChatEngine", request: "ChatRequest") -> None:
        """Go on in a conversation, in which nothing was shown yet."""
        self.engine, self.request = engine, request
        self.shown, self._load = (), ()

    def new(self) -> None:
        """Leave this conversation; another begins with the next message. Raises StoreError."""
        left = self.engine.session
        self.engine.new()
        self._enter(self.engine, self.request)
        self._sum_up(left, learns=self.engine.mode.learns)

    def leave(self) -> None:
        """The person goes: what was said is summed up, as far as that is quickly done."""
        self.leave_incognito()
        self._release(self.engine)
        if self._sum_up(self.engine.session, learns=self.engine.mode.learns):
            self.summing_up.wait()

    def close(self) -> None:
        """Let everything go. A second call does nothing."""
        try:
            self.leave_incognito()
            self._release(self.engine)
        finally:
            self.summing_up.close()

    def _release(self, engine: "ChatEngine") -> None:
        try:
            engine.close()
        except StoreError as error:
            self.screen.error(error)

    def _sum_up(self, left: Session | None, *, learns: bool) -> bool:
        """Ask for a conversation that was left to be summed up; whether there is anything to be done."""
        try:
            return learns and left is not None and self.summing_up.left(left.id)
        except StoreError as error:
            self.screen.error(error)
            return False

    # Printing

    def print(self, lines: Sequence[str]) -> None:
        """What a command shows, apart from the prompts above and below."""
        body = [*lines[1:]] if lines and not lines[0] else [*lines]
        self.screen.out("\n" + "\n".join(body) + "\n")

    def tell(self, text: str) -> None:
        """One dim sentence of memchat's own."""
        self.print(prose(self.screen, text))

    def fail(self, error: MemchatError) -> None:
        """An error in the chat: two lines, and the chat goes on."""
        self.screen.note()
        self.screen.error(error)
        self.screen.note()

    def keep_typed(self) -> None:
        """What was typed ahead of a question is no answer to it: it stands in the next input line instead."""
        if text := self.typing.ahead():
            self._then(Line(text, ((0, len(text)),) if is_paste(text) else (), unsent=True))

    def put_back(self, line: Line) -> None:
        """What was not sent stands in the input line again, before what was typed since."""
        since, self.draft = self.draft, replace(line, unsent=True)
        self._then(since)

    def _then(self, more: Line) -> None:
        """Let the next input line go on with more."""
        if not self.draft.text:
            self.draft = more
        elif more.text:
            self.draft = self.draft.then(more.text, pasted=bool(more.pasted))

    def ask(self, question: str) -> str | None:
        """What a person answers; None when he ends the question with Ctrl-C or Ctrl-D."""
        try:
            with self.typing.aloud():
                return self.screen.ask(MARGIN + question)
        except (KeyboardInterrupt, RefusedError):
            self.screen.note()
            return None

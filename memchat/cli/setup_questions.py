"""The questions of the first start and of `memchat setup`, on the screen: who answers, and what may be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from memchat import __version__, config
from memchat.actions import setup
from memchat.actions.setup import Choice
from memchat.cli.layout import GAP, MARGIN, columns, prose
from memchat.cli.terminal import Screen, one_line, pad, said_yes, width
from memchat.cli.wrapping import wrap
from memchat.domain import NOTEBOOK, Mode
from memchat.errors import MemchatError

if TYPE_CHECKING:
    from memchat.bootstrap import App

NO_MODEL = (
    "No key and no local model found: the built-in notebook answers. It needs no network. It keeps what you tell it "
    "and finds it again, and it says so when it does not know. A real model later: memchat setup"
)
_KEEP_WORDS = {True: 0, False: len(setup.KEEP) - 1}  # "What may I keep?" yes: all of it; no: nothing


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What the first start's questions left: `carry` was typed at one of them and is meant for the first prompt."""

    asked: bool = False
    carry: str | None = None


def first_run(app: "App", screen: Screen, *, model: str | None = None, mode: Mode | None = None) -> FirstRun:
    """Ask what neither flag (`model`, `mode`) nor environment nor file answers, and keep the answers in the file.

    Never without a terminal. `app.settings` holds the answers afterwards. Raises RefusedError for Ctrl-D; ConfigError
    when they cannot be kept; then nothing was changed.
    """
    questions = setup.open_questions(app.settings, model=model, mode=mode)
    if not screen.can_ask or not (questions.who or questions.keep):
        return FirstRun()
    screen.prompt()
    screen.prompt(f"{MARGIN}memchat {__version__}")
    _say(screen, "A chat that remembers you, in one file on this computer.")
    asking = Asking(app, screen)
    values: dict[str, object] = {}
    if questions.who:
        found = asking.found()
        if found:
            values |= asking.who(setup.who_choices(found))
        else:
            screen.prompt()
            _say(screen, NO_MODEL)
            values["model.name"] = NOTEBOOK
    if questions.keep:
        values |= asking.keep()
    asking.finish(values)
    return FirstRun(asked=True, carry=" ".join(asking.carry) or None)


class Asking:
    """One run through the questions. `carry` collects what was typed at them and was no answer.

    `chat_follows`: whether there will be a prompt for it.
    """

    def __init__(self, app: "App", screen: Screen, *, chat_follows: bool = True) -> None:
        self.app = app
        self.screen = screen
        self.chat_follows = chat_follows
        self.carry: list[str] = []

    def found(self) -> Sequence[setup.Answerer]:
        """Who could answer right now: servers on this computer, providers with a key."""
        return self.app.answerers()

    def who(self, choices: Sequence[Choice]) -> dict[str, object]:
        """The settings for who answers. A model that cannot be reached is told, and asked for again."""
        default = setup.current(choices, self.app.settings)
        self._ask("Who answers?", choices)
        while True:
            text = self.screen.ask(f"{MARGIN}Choice [{default + 1}]: ")
            at = setup.chosen(text, [choice.title for choice in choices], default=default)
            given = setup.given_at_once(text) if at is None else None
            if at is None and given is None:
                self._not_an_answer(text, choices)
                continue
            values = dict(choices[at].values) if at is not None else {}
            values = values or (self._settings(given) if given else self._something_else())
            if values and self._works(values):
                return values
            self._ask("Who answers?", choices)

    def keep(self) -> dict[str, object]:
        """The settings for what may be kept."""
        default = setup.current(setup.KEEP, self.app.settings)
        self._ask("What may I keep?", setup.KEEP)
        while True:
            text = self.screen.ask(f"{MARGIN}Choice [{default + 1}]: ")
            at = setup.chosen(text, [choice.title for choice in setup.KEEP], default=default)
            meant = said_yes(text)
            if at is None and meant is not None:
                at = _KEEP_WORDS[meant]
            if at is not None:
                return dict(setup.KEEP[at].values)
            self._not_an_answer(text, setup.KEEP)

    def finish(self, values: Mapping[str, object]) -> None:
        """Keep the answers in the file, take them over, and say what they mean."""
        config.write_values(self.app.paths, values)
        self.app.settings = setup.applied(self.app.settings, values)
        self.screen.prompt()
        for line in _meaning(self.app):
            _say(self.screen, line)
        self.screen.prompt()

    def _ask(self, question: str, choices: Sequence[Choice]) -> None:
        self.screen.prompt()
        self.screen.prompt(f"{MARGIN}{question}")
        for line in _listed(self.screen, choices):
            self.screen.prompt(line)

    def _not_an_answer(self, text: str, choices: Sequence[Choice] = ()) -> None:
        """Say what is wanted; what was meant for the chat is carried to its first prompt."""
        please = f"Please choose with a number from 1 to {len(choices)}." if choices else "One word, please."
        if setup.is_said(text):
            self.carry.append(text.strip())
            what = "That will stand ready at the first prompt." if self.chat_follows else "No chat follows here."
            please = f"{what} {please}"
        _say(self.screen, please)

    def _something_else(self) -> dict[str, object]:
        """The settings for a key, an address or a name; empty when it came to nothing."""
        text = self.screen.ask_hidden(f"{MARGIN}Key, address or model (what you type does not show): ")
        given = setup.elsewhere(text)
        if given is not None:
            return self._settings(given)
        if text.strip():
            self._not_an_answer(text)
        return {}

    def _settings(self, given: setup.Elsewhere) -> dict[str, object]:
        if given.name:
            return {"model.name": given.name}
        return self._server(given.address) if given.address else self._key(given)

    def _key(self, given: setup.Elsewhere) -> dict[str, object]:
        provider = given.provider or self._word("Whose key is it (openai, anthropic, gemini, ...)? ")
        if not provider:
            return {}
        try:
            where = self.app.keys.set(provider, given.key)
        except MemchatError as error:
            self.screen.error(error)
            return {}
        _say(self.screen, f"The key of {provider} is kept in {_short(Path(where))}.")
        known = next((each.name for each in self.found() if each.name.startswith(f"{provider}/")), "")
        model = self._word(f"Model [{known}]: " if known else "Model: ", known)
        if not model:
            return {}
        return {"model.name": model if model.startswith(f"{provider}/") else f"{provider}/{model}"}

    def _server(self, address: str) -> dict[str, object]:
        _say(self.screen, f"A server at {address}.")
        model = self._word("Which model there? ")
        return setup.server_values(address, model) if model else {}

    def _word(self, question: str, default: str = "") -> str:
        """One word typed in the open; empty when it came to nothing."""
        text = self.screen.ask(f"{MARGIN}{question}").strip()
        if len(text.split()) > 1:
            self._not_an_answer(text)
            return ""
        return text or default

    def _works(self, values: Mapping[str, object]) -> bool:
        """Whether there is a way to the chosen model; if not, why is told."""
        before = self.app.settings
        self.app.settings = setup.applied(before, values)
        try:
            self.app.model()
        except MemchatError as error:
            self.screen.error(error)
            return False
        finally:
            self.app.settings = before
        return True


def _meaning(app: "App") -> list[str]:
    """What the settings in force mean, in a line each: who answers, where words go, what is kept."""
    model = app.model()
    if model.name == NOTEBOOK:
        lines = ["The built-in notebook answers. Your words stay on this computer."]
    else:
        where = f"{model.host}, on this computer" if model.local else model.host
        lines = [f"{model.name} answers. Your words go to {where}, and nowhere else."]
    if app.mode().saves:
        lines.append(f"Kept in {_short(app.paths.db)}, readable only by you.")
    else:
        lines.append("Nothing is kept: each chat is gone when it closes.")
    return [*lines, "Change any of this: memchat setup"]


def _short(path: Path) -> str:
    """A path with the home folder as `~`."""
    home = Path.home()  # a keyring is no path below it and stays a word
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _say(screen: Screen, text: str) -> None:
    """A sentence at a question, folded at the edge."""
    for line in prose(screen, text):
        screen.prompt(line)


def _listed(screen: Screen, choices: Sequence[Choice]) -> list[str]:
    """The choices, numbered: what they mean beside them, below where the terminal is narrow."""
    texts = [(one_line(choice.title), one_line(choice.about)) for choice in choices]
    titles = columns([[title] for title, _ in texts])[0] + GAP
    lines = []
    for number, (title, about) in enumerate(texts, 1):
        head = f"{MARGIN * 2}{number}{MARGIN}"
        beside = f"{head}{pad(title, titles)}{about}"
        if width(beside) <= screen.columns:
            lines.append(beside)
            continue
        first, *more = wrap(title, max(screen.columns - len(head), 8))
        lines += [head + first, *(" " * len(head) + part for part in more)]
        lines += [f"{MARGIN * 3}{part}" for part in wrap(about, max(screen.columns - 6, 8))]
    return lines

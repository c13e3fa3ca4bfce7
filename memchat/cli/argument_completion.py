"""What may stand after a command in the input line: ids with their text, conversations with their titles, models."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, ThreadedCompleter
from prompt_toolkit.document import Document

from memchat.actions.answering import BUILT_IN
from memchat.cli.cells import one_line
from memchat.cli.slash import find, first_word, split
from memchat.cli.slash_commands import COMMANDS
from memchat.domain import NOTEBOOK
from memchat.errors import MemchatError

if TYPE_CHECKING:
    from memchat.cli.conversation import Conversation

Choice = tuple[str, str]  # what is written, and what it is

_MEMORIES = {"forget", "memory", "pin", "review", "undo", "unpin", "why", "without"}
_SESSIONS = {"resume"}
_MODELS = {"model", "retry"}
# Nobody looks through a longer menu.
_MOST = 50


class ArgumentCompleter(Completer):
    """Ids of memories and conversations, looked up once a line (`begin`); in the thread that has the store."""

    def __init__(self, chat: "Conversation") -> None:
        self._chat = chat
        self._known: dict[str, list[Choice]] = {}

    def begin(self) -> None:
        """A new line: what is known may have changed."""
        self._known = {}

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Those whose id begins so, or whose text holds what was written."""
        name, begun = _argument(document.text_before_cursor)
        if name == "keys":
            yield from _offered([("list", ""), ("set", "PROVIDER"), ("remove", "PROVIDER")], begun)
        elif name in _SESSIONS:
            yield from _offered(self._of("sessions", self._sessions), begun)
        elif name in _MEMORIES:
            kind = "waiting" if name == "review" else "memories"
            yield from _offered(self._of(kind, self._waiting if name == "review" else self._memories), begun)

    def _of(self, kind: str, look: Callable[[], list[Choice]]) -> list[Choice]:
        if kind not in self._known:
            self._known[kind] = []
            with suppress(MemchatError):  # a menu is no place to tell of a database that cannot be read
                self._known[kind] = look()
        return self._known[kind]

    def _memories(self) -> list[Choice]:
        from memchat.actions import memories
        from memchat.cli.render import words

        found = memories.listing(self._chat.store, self._chat.app.clock.now())
        return [(memory.ref, words(memory)) for memory in found]

    def _waiting(self) -> list[Choice]:
        from memchat.actions import inbox
        from memchat.cli.render import words

        waiting = inbox.waiting(self._chat.store, self._chat.app.clock.now())
        return [(one.memory.ref, words(one.memory)) for one in waiting]

    def _sessions(self) -> list[Choice]:
        from memchat.actions import sessions

        found = sessions.listing(self._chat.store, limit=_MOST)
        return [(one.ref, ": ".join(filter(None, (one.name, one.title)))) for one in found]


class ModelCompleter(Completer):
    """Models that could answer now: local servers are asked, so this belongs in a thread."""

    def __init__(self, chat: "Conversation") -> None:
        self._chat = chat
        self._found: list[Choice] | None = None

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Names that hold what was written."""
        name, begun = _argument(document.text_before_cursor)
        if name not in _MODELS:
            return
        if self._found is None:
            self._found = self._models()
        yield from _offered(self._found, begun)

    def _models(self) -> list[Choice]:
        app = self._chat.app
        found = {self._chat.engine.model.name: "answers now"}
        found |= {alias: name for alias, name in app.settings.aliases.items() if alias not in found}
        with suppress(MemchatError):  # an address that is none: /model itself tells
            for each in app.answerers():
                found.setdefault(each.name, each.why if each.local else f"{each.host}, {each.why}")
        found.setdefault(NOTEBOOK, BUILT_IN)
        return list(found.items())


def completers(chat: "Conversation") -> tuple[ArgumentCompleter, Completer]:
    """Both, the second in a thread."""
    return ArgumentCompleter(chat), ThreadedCompleter(ModelCompleter(chat))


def _argument(begun: str) -> tuple[str, str]:
    """The command before the cursor, and the last word of what stands behind it; empty where there is none.

    Only commands about memories take more words than one.
    """
    found = split(begun)
    word, rest = first_word(begun)
    if found is None or word == begun:
        return "", ""
    with suppress(MemchatError):
        name = find(found[0], COMMANDS).name
        before, _, last = rest.rpartition(" ")
        return (name, last) if name in _MEMORIES or not before else ("", "")
    return "", ""


def _offered(choices: Sequence[Choice], begun: str) -> Iterable[Completion]:
    wanted = begun.casefold()
    matching = [
        (text, about)
        for text, about in choices
        if text.casefold().startswith(wanted) or wanted in f"{text} {about}".casefold()
    ]
    for text, about in matching[:_MOST]:
        yield Completion(text, -len(begun), display=one_line(text), display_meta=one_line(about))

"""The question that a host is asked about once: whether it may be shown what is kept on this computer."""

from typing import TYPE_CHECKING

from memchat.cli.layout import MARGIN, prose
from memchat.cli.terminal import Screen, one_line, said_yes
from memchat.errors import RefusedError

if TYPE_CHECKING:
    from memchat.bootstrap import App
    from memchat.cli.conversation import Conversation

_ABOUT = (
    "{host} would be sent what memchat keeps on this computer, where it helps to answer: what it remembers of you, and "
    "words of past conversations. This is asked once."
)
_AFTER = {
    True: "Written down. To change it: privacy.memory_hosts in the file of memchat config path",
    False: "It stays here. To change it: privacy.memory_hosts in the file of memchat config path",
}


class HostQuestion:
    """Asks it: `chat` is the chat it breaks into, None before one begins.

    `carry` collects what was typed at it and was no answer: that was meant for the chat.
    """

    def __init__(self, screen: Screen) -> None:
        self.carry: list[str] = []
        self.chat: Conversation | None = None
        self._screen = screen

    def __call__(self, host: str) -> bool:
        """Whether it may. Raises RefusedError where there is no answer; before a chat Ctrl-C passes through."""
        if self.chat is not None:
            self.chat.keep_typed()
        self._head(host)
        question = f"Show it to {one_line(host)}? [y/n] "
        answer = self._answered(question) if self.chat is None else said_yes(self.chat.ask(question) or "")
        if answer is None:
            raise RefusedError("That was neither yes nor no.", "Nothing has changed.")
        self._say(_AFTER[answer])
        self._screen.prompt()
        return answer

    def _answered(self, question: str) -> bool:
        """Until there is an answer."""
        while (answer := said_yes(text := self._screen.ask(f"{MARGIN}{question}"))) is None:
            if text.strip():
                self.carry.append(text.strip())
            self._say("Please answer y or n.")
        return answer

    def _head(self, host: str) -> None:
        self._screen.prompt()
        self._say(_ABOUT.format(host=one_line(host)))

    def _say(self, text: str) -> None:
        for line in prose(self._screen, text):
            self._screen.prompt(line)


def notes(app: "App") -> list[str]:
    """What was decided about hosts without a person; each sentence once."""
    told, app.hosts.told = app.hosts.told, []
    return told

"""A conversation that is open in another terminal as well: what came there is shown, and turns wait for each other."""

import time
from typing import TYPE_CHECKING

from memchat.cli.layout import GAP, entry, prose
from memchat.errors import NotFoundError, StoreError

if TYPE_CHECKING:
    from memchat.cli.conversation import Conversation
    from memchat.domain import Turn

_LOOK = 0.1  # seconds between two looks at whether it is our turn
# Seconds between two looks, while a person types, for what came.
IDLE = 1.0


class Elsewhere:
    """What is known here of the conversation, and what another terminal adds to it."""

    def __init__(self, chat: "Conversation") -> None:
        self._chat = chat
        self._session: int | None = None
        self._seen = 0

    def seen(self) -> None:
        """All that is there now was shown here."""
        session = self._chat.engine.session
        self._session = session.id if session else None
        self._seen = max(self._seen, session.leaf or 0) if session else 0

    def waiting(self) -> bool:
        """Whether whole turns came from elsewhere since then; one that is still being answered is left for later."""
        engine = self._chat.engine
        if engine.session is None or engine.session.id != self._session or not engine.mode.saves:
            self.seen()  # another conversation: what is there was told when it was opened
            return False
        try:
            leaf = self._chat.store.transcripts.session(engine.session.id).leaf or 0
            answered = engine.answered_elsewhere
        except (NotFoundError, StoreError):  # forgotten, or out of reach: the next message begins another, or tells
            return False
        return leaf > self._seen and not answered

    def _fresh(self) -> "list[Turn]":
        """Those turns, once."""
        if not self.waiting():
            return []
        turns = [turn for turn in self._chat.engine.turns if turn.messages[-1].id > self._seen]
        self.seen()
        return turns

    def show(self) -> None:
        """Print what came, the reply as any other."""
        turns = self._fresh()
        if not turns:
            return
        from memchat.cli.stream_markdown import PlainStream, on_terminal  # not before the first prompt

        screen = self._chat.screen
        for turn in turns:
            lines = prose(screen, f"{turn.ref}, in another terminal:")
            self._chat.print([*lines, "", *entry(screen, ">", turn.user.text, GAP, lines=3)])
            reply = on_terminal(screen) if screen.is_terminal else PlainStream(screen.write)
            reply.feed(turn.reply or "[no reply]")
            reply.close()
            screen.out()

    def wait(self) -> bool:
        """Until nothing is being answered there, and show it; False for whoever presses Ctrl-C meanwhile."""
        engine = self._chat.engine
        try:
            if engine.mode.saves and engine.answered_elsewhere:
                self._chat.tell("Another terminal is being answered in this conversation; then comes yours.")
                while engine.answered_elsewhere:
                    time.sleep(_LOOK)
            self.show()
        except KeyboardInterrupt:
            return False
        except StoreError:  # the message itself meets it at once, and tells
            pass
        return True

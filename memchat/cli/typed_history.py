"""What was typed at the prompt, for Up and Ctrl-R: a table of the database, shared between terminals."""

import contextlib
from collections.abc import AsyncGenerator, Iterable

from prompt_toolkit.history import History

from memchat.cli.conversation import Conversation
from memchat.errors import StoreError

# As far back as Up and Ctrl-R reach.
SHOWN = 1_000
# A longer entry is somebody's document: it is in the transcript, and of no use at the prompt.
CHARACTERS = 20_000


class TypedHistory(History):
    """The history table as prompt-toolkit wants it, read anew for each line.

    A chat that keeps nothing neither reads nor writes it: Up then brings back this chat's own lines.
    """

    def __init__(self, chat: Conversation) -> None:
        super().__init__()
        self._chat = chat
        self._own: list[str] = []

    async def load(self) -> AsyncGenerator[str, None]:
        """Newest first."""
        for text in self.load_history_strings():
            yield text

    def load_history_strings(self) -> Iterable[str]:
        """Newest first; nothing when the table cannot be read."""
        if not self._chat.engine.mode.saves:
            return reversed(self._own)
        with contextlib.suppress(StoreError):
            return self._chat.app.store.typed.newest(SHOWN)
        return ()

    def append_string(self, string: str) -> None:
        """Keep a line that was sent or given up."""
        self.store_string(string)

    def store_string(self, string: str) -> None:
        """As `append_string`. A database that refuses meets the message itself at once, which tells about it."""
        from memchat.memory.masking import mask

        app = self._chat.app
        if not self._chat.engine.mode.saves:
            self._own.append(string)
        elif len(string) <= CHARACTERS:
            masked = mask(string).text if app.settings.privacy.mask_secrets else string
            with contextlib.suppress(StoreError):
                app.store.typed.add(masked, app.clock.now())

"""What was typed at the prompt, for Up and Ctrl-R: a table of the database, shared between terminals."""

import contextlib
from collections.abc import AsyncGenerator, Callable, Iterable

from prompt_toolkit.history import History

from memchat.cli.conversation import Conversation
from memchat.cli.slash import find, split
from memchat.cli.slash_commands import COMMANDS
from memchat.errors import MemchatError, StoreError

# As far back as Up and Ctrl-R reach.
SHOWN = 1_000
# A longer entry is somebody's document: it is in the transcript, and of no use at the prompt.
CHARACTERS = 20_000
_UNKEPT = ("btw", "keys")


class TypedHistory(History):
    """The history table as prompt-toolkit wants it, read anew for each line.

    A chat that keeps nothing neither reads nor writes it: Up then brings back this chat's own lines. A /btw is not kept
    either, nor is /keys, behind which somebody may have written one: Up brings it back until the next line. `whole`
    unfolds what was pasted.
    """

    def __init__(self, chat: Conversation, whole: Callable[[str], str] = str) -> None:
        super().__init__()
        self._chat = chat
        self._whole = whole
        self._own: list[str] = []
        self._aside: tuple[str, ...] = ()

    async def load(self) -> AsyncGenerator[str, None]:
        """Newest first."""
        for text in self.load_history_strings():
            yield text

    def load_history_strings(self) -> Iterable[str]:
        """Newest first; nothing when the table cannot be read."""
        if not self._chat.engine.mode.saves:
            return reversed(self._own)
        with contextlib.suppress(StoreError):
            return (*self._aside, *self._chat.app.store.typed.newest(SHOWN))
        return self._aside

    def append_string(self, string: str) -> None:
        """Keep a line that was sent or given up."""
        self.store_string(self._whole(string))

    def store_string(self, string: str) -> None:
        """As `append_string`. A database that refuses meets the message itself at once, which tells about it."""
        from memchat.memory.masking import mask

        app = self._chat.app
        self._aside = (string,) if _is_aside(string) else ()
        if not self._chat.engine.mode.saves:
            self._own.append(string)
        elif not self._aside and len(string) <= CHARACTERS:
            masked = mask(string).text if app.settings.privacy.mask_secrets else string
            with contextlib.suppress(StoreError):
                app.store.typed.add(masked, app.clock.now())


def _is_aside(line: str) -> bool:
    """Whether the line is a command of which nothing is kept: written short, or in full width, too."""
    command = split(line)
    with contextlib.suppress(MemchatError):
        return command is not None and find(command[0], COMMANDS).name in _UNKEPT
    return False

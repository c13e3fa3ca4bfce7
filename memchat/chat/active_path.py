"""The turns of one conversation as this process knows them, kept in step with what others write and erase."""

from collections.abc import Callable, Sequence
from datetime import datetime

from memchat.domain import Message, Part, Session, Turn
from memchat.errors import MemchatError, NotFoundError, SessionBusyError
from memchat.memory.learning import after_the_talk
from memchat.memory.outcomes import ASKED_AGAIN
from memchat.memory.quoting import ERASED, request
from memchat.memory.session import default_title
from memchat.memory.working import WorkingTurns
from memchat.ports import ChatModel, Store


class ActivePath:
    """The session, its turns, and the erasure epoch they were loaded in.

    `owner` is who holds the session open; `erased` is called when something was erased since the last look.
    """

    def __init__(self, store: Store, count: Callable[[str], int], owner: str, erased: Callable[[], None]) -> None:
        self.session: Session | None = None
        self.working = WorkingTurns((), count)
        self.epoch = -1  # no epoch is negative: the first look loads the turns
        self._store = store
        self._count = count
        self._owner = owner
        self._erased = erased
        self._answering: int | None = None

    @property
    def leaf(self) -> int | None:
        """The newest message that is known here."""
        turns = self.working.turns
        return turns[-1].messages[-1].id if turns else None

    def enter(self, session: Session, *, shared: bool = False) -> None:
        """Go on with a session. Raises SessionBusyError when a living other owner has it, unless it may be `shared`."""
        if shared:
            self._store.transcripts.claim(session.id, self._owner)  # left to whoever has it
        else:
            self.claim(session.id)
        self.session = session

    @property
    def elsewhere(self) -> bool:
        """Whether a reply to this conversation is coming in another terminal."""
        return self.session is not None and not self._store.transcripts.answerable(self.session.id, self._owner)

    def begin_turn(self, session_id: int) -> None:
        """Let no other terminal say anything until `end_turn`. Raises SessionBusyError while one is answered."""
        transcripts = self._store.transcripts
        if not transcripts.begin_turn(session_id, self._owner):
            raise SessionBusyError(f"s{session_id} is being answered in another terminal.", "Try again in a moment.")
        self._answering = session_id
        transcripts.claim(session_id, self._owner)  # held by whoever is left in it

    def end_turn(self) -> None:
        """Let others say something. A second call does nothing."""
        answering, self._answering = self._answering, None
        if answering is not None:
            self._store.transcripts.end_turn(answering, self._owner)

    def claim(self, session_id: int) -> None:
        """Keep others out of it. Raises SessionBusyError."""
        if not self._store.transcripts.claim(session_id, self._owner):
            raise SessionBusyError(
                f"Conversation s{session_id} is open in another terminal.", "Leave it there first, or start a new one."
            )

    def release(self) -> None:
        """Let others open the session. A second call does nothing."""
        if self.session is not None:
            self._store.transcripts.release(self.session.id, self._owner)

    def leave(self) -> None:
        """Go on without a session."""
        self.release()
        self.session, self.epoch = None, -1

    def refresh(self) -> None:
        """Look again: load the turns afresh when something was erased, or when another process wrote or withdrew."""
        epoch = self._store.erasure.epoch()
        if self.session is not None:
            try:
                self.session = self._store.transcripts.session(self.session.id)
            except NotFoundError:  # erased whole, here or elsewhere: what is said next begins another
                self.session = None
        leaf = self.session.leaf if self.session else None
        if epoch == self.epoch and leaf == self.leaf:
            return
        turns = self._store.transcripts.turns(self.session.id) if self.session else ()
        before, self.working = self.working, WorkingTurns(turns, self._count)
        if epoch != self.epoch:
            self.epoch = epoch
            self._erased()
        else:
            self.working.follow(before)

    def opened(self, session: Session, user: Message) -> None:
        """A message was saved at the end of the path; it begins a turn."""
        self.session = session
        self.working.open(user)

    def title(self, session_id: int, newest: Sequence[Part] = ()) -> str:
        """What code calls a session: its first message that says something, `newest` behind them all; empty if none."""
        said = [message.parts for message in self._store.transcripts.titling(session_id)]
        return next(filter(None, map(title_of, (*said, newest))), "")

    def newest(self, nothing: str) -> Turn:
        """The turn that a person takes for the newest. Raises NotFoundError(nothing) when there is none.

        Raises SessionBusyError when the path was changed elsewhere since the last look: it would be another turn.
        """
        looked, seen = self.epoch >= 0, self.leaf
        self.refresh()
        if looked and self.leaf != seen and self.session is not None:
            raise changed(self.session.ref)
        if not self.working.turns:
            raise NotFoundError(nothing, "Write a message first.")
        return self.working.turns[-1]

    def give_way(self, old: Turn, epoch: int, model: ChatModel, now: datetime) -> None:
        """Take the newest reply off the path, with what it taught itself; `model` goes on from here.

        What consolidation learned from the user's message stays, for the message does.
        Raises, and changes nothing, when the conversation was changed elsewhere or something was erased since `epoch`.
        """
        with self._store.transaction():
            self.newest("There is nothing to ask again.")
            if self.epoch != epoch:
                raise erased_meanwhile()
            for memory in self._store.memories.taught_by(old.session_id, old.number):
                if not after_the_talk(memory):
                    self._store.memories.withdraw(memory.id, now, why=ASKED_AGAIN)
            self._store.transcripts.set_leaf(old.session_id, old.user.id)
            self._store.transcripts.set_model(old.session_id, model.name, model.host)


def title_of(parts: Sequence[Part]) -> str:
    """What a session is called that begins with these; empty where they say nothing, or less than they did."""
    title = default_title(request(parts)[1])
    return title if any(map(str.isalnum, title)) and ERASED not in title else ""


def changed(ref: str) -> SessionBusyError:
    """The conversation is no longer as it was seen here, so the newest turn is another one."""
    return SessionBusyError(
        f"Conversation {ref} was changed elsewhere since you saw it.",
        f"memchat sessions show {ref} shows it as it is now; then try again.",
    )


def erased_meanwhile() -> MemchatError:
    """What was erased stood in the request, so it may stand in the reply as well."""
    return MemchatError(
        "Something was erased meanwhile, so this reply was not kept.", "Ask again; in the chat, /retry does it."
    )

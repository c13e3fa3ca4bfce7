"""What the core asks of storage."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from memchat.domain import (
    Closeness,
    Found,
    IndexHealth,
    Message,
    MessageStatus,
    ModelCall,
    Part,
    Passage,
    Role,
    Search,
    Session,
    SessionKind,
    Turn,
    Unembedded,
)
from memchat.ports.erasure import Erasure
from memchat.ports.memories import Memories, Tombstones
from memchat.ports.pages import Pages
from memchat.ports.records import Records
from memchat.ports.tallies import Tallies
from memchat.ports.work import Jobs


class Transcripts(Protocol):
    """Every conversation, message by message."""

    def create_session(
        self, kind: SessionKind, *, at: datetime, model: str, host: str, learn: bool, name: str = ""
    ) -> Session:
        """A new, empty session."""
        ...

    def session(self, session_id: int) -> Session:
        """The session; raises NotFoundError."""
        ...

    def session_named(self, name: str) -> Session | None:
        """The session with this name, case ignored."""
        ...

    def sessions(
        self,
        *,
        kinds: Sequence[SessionKind] = (SessionKind.CHAT,),
        limit: int | None = None,
        skip: int = 0,
    ) -> list[Session]:
        """Sessions that hold a turn, newest activity first, without the first `skip` of them."""
        ...

    def rename(self, session_id: int, title: str) -> None:
        """Give it a title by hand, which no later one made by code replaces; raises NotFoundError."""
        ...

    def entitle(self, session_id: int, title: str) -> None:
        """Give it a title made by code or a model, unless it has one by hand; raises NotFoundError."""
        ...

    def summarise(self, session_id: int, summary: str, topics: Sequence[str]) -> None:
        """Write down its summary and topics; raises NotFoundError."""
        ...

    def set_model(self, session_id: int, model: str, host: str) -> None:
        """Record which model and host a session goes to from now on."""
        ...

    def claim(self, session_id: int, owner: str) -> bool:
        """Open it for `owner` (`host:pid:start`); False when a living other owner has it."""
        ...

    def begin_turn(self, session_id: int, owner: str) -> bool:
        """Let `owner` answer in it, as the only one until `end_turn`; False while a living other owner does."""
        ...

    def end_turn(self, session_id: int, owner: str) -> None:
        """`owner` is done; nothing happens when another answers."""
        ...

    def answerable(self, session_id: int, owner: str) -> bool:
        """Whether `owner` could begin a turn in it now."""
        ...

    def release(self, session_id: int, owner: str) -> None:
        """Close it for `owner`; nothing happens when another has it."""
        ...

    def free(self, session_id: int, owner: str) -> bool:
        """Whether `owner` could claim it now."""
        ...

    def add_message(  # noqa: PLR0913 - a message is born with all of this
        self,
        session_id: int,
        turn: int,
        role: Role,
        parts: Sequence[Part],
        *,
        parent: int | None,
        at: datetime,
        status: MessageStatus = MessageStatus.COMPLETE,
        model: str = "",
        host: str = "",
        learn: bool = True,
    ) -> Message:
        """Save a message under `parent`, the leaf, index its text unless barred, and make it the leaf.

        `host` is where a reply came from, and where a user's message goes. `learn` False keeps later passes from
        learning from it (`--no-learn`), whatever the session allows. The active path never loses a message by this:
        where it went on after `parent` meanwhile, what belongs to that turn is put in between, and another turn raises
        SessionBusyError; where it no longer holds `parent`, the message is kept beside it.
        """
        ...

    def next_turn(self, session_id: int) -> int:
        """The number of the next turn: one more than any there ever was, withdrawn ones too."""
        ...

    def message(self, message_id: int) -> Message:
        """One message; raises NotFoundError."""
        ...

    def path(self, session_id: int) -> list[Message]:
        """The active path, root to leaf."""
        ...

    def turns(self, session_id: int, *, first: int = 1, last: int | None = None) -> list[Turn]:
        """The active path, grouped into turns: those numbered `first` to `last`, both included."""
        ...

    def last_turn(self, session_id: int, *, learned_only: bool = False) -> Turn | None:
        """The newest turn of the active path, without reading the rest; or the newest that may be learned from."""
        ...

    def titling(self, session_id: int) -> list[Message]:
        """The user's messages of the active path that a title may be made of, oldest first.

        What was said under `--no-learn` is left out, unless all of the session is kept out of later heads.
        """
        ...

    def set_leaf(self, session_id: int, message_id: int | None) -> None:
        """Move the active path's end; None empties it. The messages stay; what left the path leaves the index.

        When the mark leaves the path, summary and mark are dropped: they rest on what was withdrawn.
        """
        ...


class Index(Protocol):
    """Words of past exchanges and memories, findable."""

    def candidates(self, search: Search) -> Found:
        """What may answer, for `memory/ranking.py` to choose from.

        Words and vectors that cannot be read are left out, and `Found.trouble` says so.
        """
        ...

    def memories(self, search: Search) -> dict[int, Closeness]:
        """How near memories of whatever status are to a question, by number; those that are not at all are left out.

        Raises IndexDamagedError.
        """
        ...

    def warm(self) -> None:
        """Load what the first question would wait for; meant for a thread with a store of its own.

        What is loaded serves all stores on the same file. Raises IndexDamagedError.
        """
        ...

    def newest(self, limit: int) -> list[str]:
        """How so many of the newest texts of the index begin, the newest first."""
        ...

    def unembedded(self, embedder: str, dim: int, limit: int) -> list[Unembedded]:
        """What has no vectors by this embedder yet: memories first, then messages, the newest first."""
        ...

    def embed(self, embedder: str, dim: int, done: Sequence[tuple[Unembedded, Sequence[bytes]]]) -> int:
        """Keep vectors, one for each text, in place of another embedder's; returns for how many.

        What was changed or erased since it was listed is left out. A vector is `dim` signed bytes; else ValueError.
        """
        ...

    def merge(self, *, whole: bool) -> bool:
        """Put a little of the index together, or begin with `whole` of it; whether there may be more."""
        ...

    def rebuild(self, progress: Callable[[int, int], None] = ...) -> None:
        """Build the index anew from the transcripts; `progress` hears how many messages are done, of how many.

        In batches, the newest first: stopped half-way, by whatever, the index works and `resume` goes on.
        """
        ...

    def resume(self, progress: Callable[[int, int], None] = ...) -> None:
        """Take in what an upgrade or a stopped rebuild left; nothing happens when there is nothing left."""
        ...

    def health(self) -> IndexHealth:
        """Whether the index is whole and holds what it should; reads all of it."""
        ...


class Usages(Tallies, Protocol):
    """The books: model calls, and what each turn was shown."""

    def record_call(self, call: ModelCall) -> None:
        """Write down one model call."""
        ...

    def record_shown(self, session_id: int, turn: int, passages: Sequence[Passage], at: datetime) -> None:
        """Write down which memories and episodes a turn was shown."""
        ...

    def shown(self, session_id: int, turn: int) -> list[Passage]:
        """What a turn of the active path was shown, head first: refs, layers, scores and tokens, without their words.

        The head's stands with the first turn that carries it. Empty for what was shown nothing, or does not exist.
        """
        ...

    def calls(self, session_id: int, turn: int) -> list[ModelCall]:
        """The calls that were made for a turn, oldest first; of one that was asked again those of each time."""
        ...

    def times_shown(self, memory_id: int) -> tuple[int, str]:
        """How many turns of the active paths were shown the memory, and the newest of them (`s21.6`, or empty)."""
        ...

    def record_ignored(self, reasons: Mapping[str, int], at: datetime) -> None:
        """Count drafts that were not taken, by reason: fixed phrases, never anybody's words."""
        ...

    def ignored(self) -> dict[str, int]:
        """How many drafts were not taken so far, by reason, the most frequent first."""
        ...

    def hosts_since(self, at: datetime) -> list[tuple[str, datetime, datetime]]:
        """Every host that words went to since `at`, with the first and the last time, the earliest first."""
        ...


class Typed(Protocol):
    """What was typed at the prompt, for Up and Ctrl-R."""

    def add(self, text: str, at: datetime) -> None:
        """Remember one entry; a repetition of the newest is not kept twice."""
        ...

    def newest(self, limit: int) -> list[str]:
        """Entries, newest first."""
        ...


class Store(Protocol):
    """One database file, or one in memory."""

    @property
    def transcripts(self) -> Transcripts: ...
    @property
    def memories(self) -> Memories: ...
    @property
    def tombstones(self) -> Tombstones: ...
    @property
    def index(self) -> Index: ...
    @property
    def erasure(self) -> Erasure: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def usages(self) -> Usages: ...
    @property
    def typed(self) -> Typed: ...
    @property
    def records(self) -> Records: ...
    @property
    def pages(self) -> Pages: ...

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; nests. Takes the write lock at once. Raises StoreError (full disk, read-only, locked)."""
        ...

    def close(self) -> None:
        """Checkpoint and close; a second call does nothing."""
        ...

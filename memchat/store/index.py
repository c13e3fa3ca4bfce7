"""Past exchanges and memories, findable: what the rest of memchat asks of the index, each by the part that does it."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from memchat.domain import Closeness, Found, IndexHealth, Search, Unembedded
from memchat.errors import IndexDamagedError
from memchat.memory.words import words
from memchat.store.candidates import Candidates
from memchat.store.database import Database
from memchat.store.embedded import Embedded
from memchat.store.entries import Entries
from memchat.store.note_words import NoteWords
from memchat.store.passages import Passages
from memchat.store.reindex import Reindex

# What is compared with memories: a question, not the page that was pasted with it.
_ASKED = 4_000


class MessageIndex(Entries):
    """Finds messages and memories; the store's other parts put them in and take them out.

    What is asked raises IndexDamagedError when there is no index that could answer.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._candidates = Candidates(database, self)
        self._memory_words = NoteWords(database)
        self._embedded = Embedded(database, self)
        self._reindex = Reindex(database, self)

    def candidates(self, search: Search) -> Found:
        """What may answer, for `memory/ranking.py` to choose from."""
        return self._candidates.find(search)

    def memories(self, search: Search) -> dict[int, Closeness]:
        """How near memories of whatever status are to a question, by number; those that are not at all are left out."""
        near = self.vectors.of_memories(search.vector, search.embedder) if search.vector else {}
        held = self._memory_words.held(words(" ".join(search.words)[:_ASKED]))
        return {number: Closeness(held.get(number, 0.0), near.get(number)) for number in sorted({*near, *held})}

    def unembedded(self, embedder: str, dim: int, limit: int) -> list[Unembedded]:
        """What has no vectors by this embedder yet: memories first, then messages, the newest first."""
        return self._embedded.missing(embedder, dim, limit)

    def embed(self, embedder: str, dim: int, done: Sequence[tuple[Unembedded, Sequence[bytes]]]) -> int:
        """Keep vectors, one for each text; what was changed or erased meanwhile is left out. Returns for how many."""
        return self._embedded.put(embedder, dim, done)

    def warm(self) -> None:
        """Load what the first question would wait for; meant for a thread with a store of its own."""
        self.vectors.warm()

    def newest(self, limit: int) -> list[str]:
        """How so many of the newest texts of the index begin, the newest first."""
        return Passages(self._database).newest(limit)

    def merge(self, *, whole: bool) -> bool:
        """Put a little of what is kept apart together, so that words are found sooner; whether there may be more.

        A damaged index is left to a rebuild.
        """
        with suppress(IndexDamagedError):
            return self.texts.merge(whole=whole) or self.labels.texts.merge(whole=whole)
        return False

    def rebuild(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
        """Build the index anew from the transcripts; `progress` hears how many messages are done, of how many.

        Stopped half-way, by whatever, the index holds the newest messages and `resume` goes on.
        """
        self._reindex.rebuild(progress)

    def resume(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
        """Take in what an upgrade or a stopped rebuild left; nothing happens when there is nothing left."""
        self._reindex.resume(progress)

    def health(self) -> IndexHealth:
        """Whether the index is whole and holds what it should; reads all of it."""
        return self._reindex.health()

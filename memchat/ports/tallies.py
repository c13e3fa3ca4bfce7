"""What the core asks of the store about the books: their sums, by time."""

from typing import Protocol

from memchat.domain import Changed, Resent, Spent


class Tallies(Protocol):
    """What the books come to."""

    def spent(self, session_id: int | None = None) -> list[Spent]:
        """All calls, or those for one conversation, summed by the quarter hour, purpose and model, oldest first."""
        ...

    def answered_here(self, session_id: int | None = None) -> int:
        """The turns, or those of one conversation, that a model in this process answered: their words went nowhere."""
        ...

    def resent(self) -> list[Resent]:
        """Of each chat that was answered by another process what it sent, and what it would have sent."""
        ...

    def sample(self, session_id: int, characters: int) -> list[str]:
        """At most so many characters of what was said in a conversation, in pieces from all over it."""
        ...

    def only_at(self, host: str) -> bool:
        """Whether all that is kept was said to that host, so that it knows it already; also where nothing is kept."""
        ...

    def changed(self) -> list[Changed]:
        """What became of memories, by the quarter hour, oldest first."""
        ...

"""Search as one types: through the index by words alone, beside the screen, and only for what was typed last."""

from memchat.actions import browsing
from memchat.actions.browsing import Hits
from memchat.bootstrap.beside import recall_by_words
from memchat.cli import render
from memchat.cli.browse.errands import Errands
from memchat.cli.browse.memories import tail
from memchat.cli.browse.sessions import transcript
from memchat.cli.browse.view import Desk, Detail, Row, View
from memchat.cli.layout import day
from memchat.cli.terminal import Screen, one_line
from memchat.domain import Memory, Passage
from memchat.ports import Store


class Searcher:
    """Looks things up in the errands' thread; what finds them is made there once."""

    def __init__(self, desk: Desk, errands: Errands) -> None:
        self._desk = desk
        self._errands = errands
        self._find: browsing.Finder | None = None

    async def find(self, words: str) -> Hits:
        """What there is for these words; for none it gets ready. Raises StoreError."""
        now = self._desk.now()
        return await self._errands.run(lambda store: self._finder(store).look(words, now))

    def _finder(self, store: Store) -> browsing.Finder:
        """Made in the thread, once."""
        app = self._desk.app
        if self._find is None:
            self._find = browsing.Finder(store, recall_by_words(app, store), app.counter.count)
        return self._find


class FoundView(View):
    """What was found: memories first, then past exchanges, best first."""

    title = "Search"
    label = 8
    hints = (("e edit", "edit"), ("f forget", "forget"), ("p pin", "pin"))

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.hits = Hits("")

    def count(self) -> int:
        """How many."""
        return len(self.hits.memories) + len(self.hits.passages)

    def rows(self, skip: int, limit: int) -> list[Row]:
        """Some of them."""
        both: list[Memory | Passage] = [*self.hits.memories, *self.hits.passages]
        found = both[skip : skip + limit]
        return [self._passage(one) if isinstance(one, Passage) else self._memory(one) for one in found]

    def detail(self, screen: Screen, row: Row) -> Detail:
        """A memory's story, or the conversation from that turn on."""
        if row.memory is not None:
            return super().detail(screen, row)
        return transcript(screen, self.desk, row.ref)

    def nothing(self) -> str:
        """Nothing typed yet, or nothing found for it."""
        return "Nothing found." if self.hits.words.strip() else "Type what you look for."

    def _memory(self, memory: Memory) -> Row:
        text = render.words(memory)
        spans = tuple(browsing.spans(text, self.hits))
        return Row(
            memory.ref, memory.ref, text, tail(memory, render.tag(memory, self.desk.now())), memory.field, memory, spans
        )

    def _passage(self, passage: Passage) -> Row:
        text = one_line(passage.text)
        when = day(passage.at, self.desk.now()) if passage.at else ""
        return Row(passage.ref, passage.ref, text, when, found=tuple(browsing.spans(text, self.hits)))

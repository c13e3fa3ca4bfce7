"""The only way anything leaves the database: a memory, its versions, its sources, and the words it rests on."""

import json
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from memchat.domain import Checked, Erased, Erasing, Memory, Trails
from memchat.errors import StoreError
from memchat.memory.words import words
from memchat.store import disk, redaction
from memchat.store.database import Database
from memchat.store.index import MessageIndex
from memchat.store.memories import ProfileAndNotes
from memchat.store.redaction import Span, Wounds
from memchat.store.tombstones import Graves

# All that is linked by having replaced one another, in both directions.
_VERSIONS = """
    WITH RECURSIVE version (id) AS (
        VALUES (?)
        UNION
        SELECT m.id FROM version v JOIN memories m ON m.superseded_by = v.id
        UNION
        SELECT m.superseded_by FROM version v JOIN memories m ON m.id = v.id WHERE m.superseded_by IS NOT NULL
    )
    SELECT id FROM version ORDER BY id
"""
_PARTS_OF = "SELECT id, message_id, content FROM parts WHERE message_id = ? AND kind <> 'image' AND content IS NOT NULL"
_PARTS_AROUND = """
    SELECT p.id, p.message_id, p.content FROM messages m JOIN parts p ON p.message_id = m.id
    WHERE m.session_id = ? AND m.turn = ? AND m.id IS NOT ? AND m.role <> 'user' AND p.content IS NOT NULL
"""
_PARTS_WITH = "SELECT id, message_id, content FROM parts WHERE kind <> 'image' AND instr(content, ?) > 0"
_PLACED = "SELECT id, span_start, span_end FROM sources WHERE part_id = ? AND span_start IS NOT NULL"
_LOOSE = """
    SELECT id, span_start, span_end, quote FROM sources
    WHERE message_id IN (SELECT message_id FROM parts WHERE id = ?1) AND (part_id IS NOT ?1 OR span_start IS NULL)
"""
_QUOTE = "UPDATE sources SET span_start = ?, span_end = ?, quote = ? WHERE id = ?"
_REASONS_WITH = "SELECT id, why, why_before FROM memories WHERE instr(why, ?1) > 0 OR instr(why_before, ?1) > 0"
_SESSIONS_OF = "SELECT DISTINCT session_id FROM messages WHERE id IN (SELECT value FROM json_each(?))"
_SUMMARISED = """
    SELECT id, summary, topics FROM sessions WHERE consolidated_to IS NOT NULL OR summary <> '' OR topics <> '[]'
"""
_SHOWN = """
    SELECT DISTINCT session_id, turn FROM shown
    WHERE memory_id IN (SELECT value FROM json_each(?)) AND zone = 'tail' ORDER BY 1, 2
"""


class SqliteErasure:
    """Erases memories; each erasure raises the epoch, so that others reload what they hold."""

    def __init__(self, database: Database, memories: ProfileAndNotes, index: MessageIndex, tombstones: Graves) -> None:
        self._database = database
        self._memories = memories
        self._index = index
        self._tombstones = tombstones

    def epoch(self) -> int:
        """Raised by every erasure."""
        return self._database.number("SELECT value FROM meta WHERE name = 'erasure_epoch'")

    def versions(self, memory_id: int) -> list[Memory]:
        """The memory, all it replaced and all that replaced it, oldest first; raises NotFoundError."""
        return [self._memories.get(number) for number in self._database.column(_VERSIONS, memory_id)]

    def erase_memory(self, memory_id: int, at: datetime) -> int:
        """Erase a memory, its versions and its quotes in the transcripts; returns how many places became `[erased]`.

        Of a quote: the span it was taken from and every place that repeats it exactly; one word alone only within
        its turn. Of the memory's own text: what the reply and the tools repeated in that turn. What other memories
        rest on in the same message stays theirs, as far as it is not the same words. Conversations that held the words
        lose their summaries, which may say them in others. A tombstone for each text is left, so that none of them is
        learned again. Raises NotFoundError.
        """
        with self._database.transaction():
            versions = self.versions(memory_id)
            quotes, texts = _told(versions)
            wounds = self.near(versions)
            self._far(quotes, wounds)
            self._delete(versions)
            for field, told in dict.fromkeys((memory.field, words(memory.text)) for memory in versions):
                self._tombstones.add(field, told, at)
            self._close(wounds, quotes)
            self._drop_summaries(versions, wounds, quotes | texts)
            self._clean_labels(quotes, texts)
            self._clean_reasons({f"{memory.ref} {memory.text}" for memory in versions}, quotes | texts)
            self._database.rows(disk.MARK)
            self._database.rows("UPDATE meta SET value = value + 1 WHERE name = 'erasure_epoch'")
            self._database.after_commit(self.clean_disk)
        return sum(len(spans) for _, _, spans in wounds.parts.values())

    def erase(self, erasing: Erasing, at: datetime) -> Erased:
        """As `ports.Erasure.erase`."""
        from memchat.store.erasing import Eraser  # few runs erase anything

        with self._database.transaction():
            done = Eraser(self._database, self._index, self._tombstones, self).erase(erasing, at)
            self._database.rows(disk.MARK)
            self._database.after_commit(self._clean_up)
            if erasing.everything:
                self._database.after_commit(self._shrink)
        return done

    def trails(self, phrases: Sequence[str]) -> Trails:
        """As `ports.Erasure.trails`."""
        from memchat.store.trails import Finder

        return Finder(self._database, self._index).trails(phrases)

    def stamp(self) -> tuple[int, int]:
        """As `ports.Erasure.stamp`."""
        from memchat.store.trails import Finder

        return Finder(self._database, self._index).stamp()

    def shown(self, memories: Sequence[int]) -> list[tuple[int, int]]:
        """As `ports.Erasure.shown`."""
        return [(session, turn) for session, turn in self._database.rows(_SHOWN, json.dumps(list(memories)))]

    def redact(self, files: Sequence[Path], phrases: Sequence[str]) -> None:
        """As `ports.Erasure.redact`."""
        from memchat.store.word_places import Words

        sought = Words(phrases)
        for path in files:
            with suppress(OSError):  # the checks find what is left
                disk.redact(path, sought)

    def copies(self) -> list[Path]:
        """As `ports.Erasure.copies`."""
        return disk.copies(self._database.path) if self._database.path else []

    def aged(self, before: datetime) -> tuple[list[int], list[tuple[int, int]]]:
        """As `ports.Erasure.aged`."""
        from memchat.store.trails import Finder

        return Finder(self._database, self._index).aged(before)

    def frequency(self, word: str, most: int) -> int:
        """As `ports.Erasure.frequency`."""
        from memchat.store.trails import Finder

        return Finder(self._database, self._index).frequency(word, most)

    def check(
        self,
        phrases: Sequence[str],
        forms: Sequence[str] = (),
        *,
        left: Collection[str] = (),
        files: Sequence[Path] = (),
    ) -> Checked:
        """As `ports.Erasure.check`."""
        from memchat.store.erase_checks import Checks

        return Checks(self._database, self._index).check(phrases, forms, left=left, files=files)

    def close_near(self, versions: list[Memory], wounds: Wounds, *, bars: bool) -> int:
        """Delete these memories, and erase the words they rest on where these stand; in how many places.

        With `bars` the words stay, in parts that nobody but the person is shown.
        """
        quotes, texts = _told(versions)
        self._delete(versions)
        if bars:
            self._index.bar(wounds.parts, wounds.messages)
        else:
            self._close(wounds, quotes)
        self._clean_reasons({f"{memory.ref} {memory.text}" for memory in versions}, quotes | texts)
        return sum(len(spans) for _, _, spans in wounds.parts.values())

    def _delete(self, versions: Iterable[Memory]) -> None:
        for memory in versions:
            self._database.rows("DELETE FROM memories WHERE id = ?", memory.id)

    def near(self, versions: list[Memory]) -> Wounds:
        """Where the words were said, and what was answered to them."""
        wounds = Wounds()
        for source, text in [(source, memory.text) for memory in versions for source in memory.sources]:
            for part_id, message_id, content in self._database.rows(_PARTS_OF, source.message_id):
                spans = redaction.everywhere([source.quote], content)
                if part_id == source.part_id and source.span and source.span[1] <= len(content):
                    spans.append(source.span)
                wounds.add(part_id, message_id, content, spans)
            around = (source.session_id, source.turn, source.message_id)
            for part_id, message_id, content in self._database.rows(_PARTS_AROUND, *around):
                wounds.add(part_id, message_id, content, redaction.everywhere([source.quote, text], content))
        return wounds

    def _far(self, quotes: set[str], wounds: Wounds) -> None:
        """Wherever else telling quotes are repeated."""
        for quote in _telling(quotes):
            for form in redaction.forms(quote):
                for part_id, message_id, content in self._database.rows(_PARTS_WITH, form):
                    wounds.add(part_id, message_id, content, redaction.occurrences(form, content))

    def _close(self, wounds: Wounds, quotes: set[str]) -> None:
        """Put the mark in place of the words, and mend the index and the sources of other memories."""
        with self._index.forgetting(wounds.messages):
            for part_id, (_, content, spans) in wounds.parts.items():
                left = redaction.redact(content, spans)
                self._database.rows("UPDATE parts SET content = ? WHERE id = ?", left, part_id)
                for source_id, start, end, quote in self._database.rows(_LOOSE, part_id):
                    kept = redaction.redact(quote, redaction.everywhere(quotes, quote))
                    self._database.rows(_QUOTE, start, end, kept, source_id)
                move_quotes(self._database, part_id, content, left, spans)

    def _drop_summaries(self, versions: list[Memory], wounds: Wounds, phrases: set[str]) -> None:
        """Summary, topics and mark of every conversation that held the words: what is left is learned from anew."""
        told = _telling(phrases)
        resting = set(self._database.column(_SESSIONS_OF, json.dumps(sorted(wounds.messages))))
        resting |= {source.session_id for memory in versions for source in memory.sources}
        for number, *labels in self._database.rows(_SUMMARISED):
            if number in resting or any(redaction.everywhere(told, label) for label in labels):
                self._index.labels.unsum(number)

    def _clean_labels(self, quotes: set[str], texts: set[str]) -> None:
        """Titles and the history of typing hold the words too."""
        phrases = quotes | _telling(texts)
        for number, text in self._database.rows("SELECT id, text FROM history"):
            if spans := redaction.everywhere(phrases, text):
                self._database.rows("UPDATE history SET text = ? WHERE id = ?", redaction.redact(text, spans), number)
        phrases = _telling(phrases)
        for number, title in self._database.rows("SELECT id, title FROM sessions WHERE title <> ''"):
            if spans := redaction.everywhere(phrases, title):
                with self._index.labels.forgetting(number):
                    left = redaction.redact(title, spans)
                    self._database.rows("UPDATE sessions SET title = ? WHERE id = ?", left, number)

    def _clean_reasons(self, named: set[str], phrases: set[str]) -> None:
        """Why another memory waits may name what stood in its way: `goals holds 3 already: m1 learn Go, ...`."""
        for phrase in sorted(named | _telling(phrases), key=len, reverse=True):
            for number, *reasons in self._database.rows(_REASONS_WITH, phrase):
                left = [why and redaction.redact(why, redaction.occurrences(phrase, why)) for why in reasons]
                self._database.rows("UPDATE memories SET why = ?, why_before = ? WHERE id = ?", *left, number)

    def clean_disk(self) -> None:
        """Empty the journal, which still holds the words, and drop the copies that memchat made by itself.

        Raises StoreError where one of them cannot be deleted.
        """
        for copy, error in disk.clean(self._database):
            raise StoreError(
                f"It is erased from the database, but the automatic backup {copy} may still hold it.",
                "Delete that file yourself.",
            ) from error

    def _clean_up(self) -> None:
        """The same; what cannot be deleted is found by the checks."""
        disk.clean(self._database)

    def _shrink(self) -> None:
        """Give back the room of what went, as far as nobody else has the file open."""
        with suppress(StoreError):
            self._database.rows("VACUUM")
            disk.empty_journal(self._database)


def move_quotes(database: Database, part_id: int, content: str, left: str, erased: Sequence[Span]) -> None:
    """What is `left`, where words were erased, of the quotes in a part that other memories rest on, and where."""
    for source_id, start, end in database.rows(_PLACED, part_id):
        span = redaction.moved((start, end), content, erased)
        database.rows(_QUOTE, *(span or (None, None)), left[slice(*span)] if span else "", source_id)


def _told(versions: Iterable[Memory]) -> tuple[set[str], set[str]]:
    """The quotes of memories, and their own words."""
    quotes = {source.quote for memory in versions for source in memory.sources if source.quote}
    return quotes, {memory.text for memory in versions}


def _telling(phrases: Iterable[str]) -> set[str]:
    """Those that may be erased wherever they stand."""
    from memchat.memory.forget import telling  # few runs erase anything

    return set(filter(telling, phrases))

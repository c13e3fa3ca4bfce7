"""The only way anything leaves the database: a memory, its versions, its sources, and the words it rests on."""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

import apsw

from memchat.domain import Memory
from memchat.errors import StoreError
from memchat.memory.words import words
from memchat.store import backup, redaction
from memchat.store.database import Database
from memchat.store.entries import Entries
from memchat.store.memories import ProfileAndNotes
from memchat.store.redaction import Span
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
_KEPT = """
    SELECT id, part_id, span_start, span_end, quote FROM sources
    WHERE message_id IN (SELECT message_id FROM parts WHERE id = ?)
"""
_REASONS_WITH = "SELECT id, why, why_before FROM memories WHERE instr(why, ?1) > 0 OR instr(why_before, ?1) > 0"
_SESSIONS_OF = "SELECT DISTINCT session_id FROM messages WHERE id IN (SELECT value FROM json_each(?))"
_SUMMARISED = """
    SELECT id, summary, topics FROM sessions WHERE consolidated_to IS NOT NULL OR summary <> '' OR topics <> '[]'
"""
# A title goes too when it may be a model's: it was made of the same words as the summary.
_DROP = """
    UPDATE sessions SET summary = '', topics = '[]', title = iif(title_by_hand OR consolidated_to IS NULL, title, ''),
        consolidated_to = NULL
    WHERE id = ?
"""


class Wounds:
    """What is to be erased, by part: its message, its text, and the spans."""

    def __init__(self) -> None:
        self.parts: dict[int, tuple[int, str, list[Span]]] = {}

    def add(self, part_id: int, message_id: int, content: str, spans: Iterable[Span]) -> None:
        """More spans of one part."""
        _, _, known = self.parts.get(part_id, (message_id, content, []))
        if found := redaction.merged([*known, *spans]):
            self.parts[part_id] = (message_id, content, found)


class SqliteErasure:
    """Erases memories; each erasure raises the epoch, so that others reload what they hold."""

    def __init__(self, database: Database, memories: ProfileAndNotes, index: Entries, tombstones: Graves) -> None:
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
            quotes = {source.quote for memory in versions for source in memory.sources if source.quote}
            texts = {memory.text for memory in versions}
            wounds = self._wounds(versions, quotes)
            for memory in versions:
                self._database.rows("DELETE FROM memories WHERE id = ?", memory.id)
            for field, told in dict.fromkeys((memory.field, words(memory.text)) for memory in versions):
                self._tombstones.add(field, told, at)
            self._close(wounds, quotes)
            self._drop_summaries(versions, wounds, quotes | texts)
            self._clean_labels(quotes, texts)
            self._clean_reasons({f"{memory.ref} {memory.text}" for memory in versions}, quotes | texts)
            self._database.rows("UPDATE meta SET value = value + 1 WHERE name = 'erasure_epoch'")
            self._database.after_commit(self.clean_disk)
        return sum(len(spans) for _, _, spans in wounds.parts.values())

    def _wounds(self, versions: list[Memory], quotes: set[str]) -> Wounds:
        """Every place in the transcripts that has to go."""
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
        for quote in filter(redaction.telling, quotes):
            for form in redaction.forms(quote):
                for part_id, message_id, content in self._database.rows(_PARTS_WITH, form):
                    wounds.add(part_id, message_id, content, redaction.occurrences(form, content))
        return wounds

    def _close(self, wounds: Wounds, quotes: set[str]) -> None:
        """Put the mark in place of the words, and mend the index and the sources of other memories."""
        messages = {message_id for message_id, _, _ in wounds.parts.values()}
        indexed = [message_id for message_id in messages if self._index.drop(message_id)]
        for part_id, (_, content, spans) in wounds.parts.items():
            left = redaction.redact(content, spans)
            self._database.rows("UPDATE parts SET content = ? WHERE id = ?", left, part_id)
            for source_id, of_part, start, end, quote in self._database.rows(_KEPT, part_id):
                if of_part == part_id and start is not None:
                    span = redaction.moved((start, end), content, spans)
                    self._mend(source_id, span, left[slice(*span)] if span else "")
                else:
                    span = None if start is None else (start, end)
                    self._mend(source_id, span, redaction.redact(quote, redaction.everywhere(quotes, quote)))
        for message_id in indexed:
            self._index.put(message_id)

    def _mend(self, source_id: int, span: Span | None, quote: str) -> None:
        """What is left of the quote another memory rests on, and where it stands now."""
        start, end = span or (None, None)
        self._database.rows(
            "UPDATE sources SET span_start = ?, span_end = ?, quote = ? WHERE id = ?", start, end, quote, source_id
        )

    def _drop_summaries(self, versions: list[Memory], wounds: Wounds, phrases: set[str]) -> None:
        """Summary, topics and mark of every conversation that held the words: what is left is learned from anew."""
        told = list(filter(redaction.telling, phrases))
        messages = json.dumps([message_id for message_id, _, _ in wounds.parts.values()])
        resting = set(self._database.column(_SESSIONS_OF, messages))
        resting |= {source.session_id for memory in versions for source in memory.sources}
        for number, *labels in self._database.rows(_SUMMARISED):
            if number in resting or any(redaction.everywhere(told, label) for label in labels):
                with self._index.labels.forgetting(number):
                    self._database.rows(_DROP, number)

    def _clean_labels(self, quotes: set[str], texts: set[str]) -> None:
        """Titles and the history of typing hold the words too."""
        phrases = quotes | set(filter(redaction.telling, texts))
        for number, text in self._database.rows("SELECT id, text FROM history"):
            if spans := redaction.everywhere(phrases, text):
                self._database.rows("UPDATE history SET text = ? WHERE id = ?", redaction.redact(text, spans), number)
        phrases = set(filter(redaction.telling, phrases))
        for number, title in self._database.rows("SELECT id, title FROM sessions WHERE title <> ''"):
            if spans := redaction.everywhere(phrases, title):
                with self._index.labels.forgetting(number):
                    left = redaction.redact(title, spans)
                    self._database.rows("UPDATE sessions SET title = ? WHERE id = ?", left, number)

    def _clean_reasons(self, named: set[str], phrases: set[str]) -> None:
        """Why another memory waits may name what stood in its way: `goals holds 3 already: m1 learn Go, ...`."""
        for phrase in sorted(named | set(filter(redaction.telling, phrases)), key=len, reverse=True):
            for number, *reasons in self._database.rows(_REASONS_WITH, phrase):
                left = [why and redaction.redact(why, redaction.occurrences(phrase, why)) for why in reasons]
                self._database.rows("UPDATE memories SET why = ?, why_before = ? WHERE id = ?", *left, number)

    def clean_disk(self) -> None:
        """Empty the journal, which still holds the words, and drop the backups that memchat made by itself."""
        # Where somebody reads just now, SQLite empties it when the last one leaves.
        with suppress(apsw.Error):
            self._database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        for copy in backup.automatic(self._database.path) if self._database.path else ():
            try:
                copy.unlink(missing_ok=True)
            except OSError as error:
                raise StoreError(
                    f"It is erased from the database, but the automatic backup {copy} may still hold it.",
                    "Delete that file yourself.",
                ) from error

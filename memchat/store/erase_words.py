"""Words taken out of all that is kept: `[erased]` in messages, titles, what was typed; or messages barred for them."""

import json
from collections.abc import Collection, Iterable, Sequence

from memchat.domain import Erased, Erasing, turn_ref
from memchat.store.database import Database, Row
from memchat.store.entries import Entries
from memchat.store.erase import move_quotes
from memchat.store.redaction import redact
from memchat.store.trails import Finder, places
from memchat.store.word_places import JSON_KINDS, Words, changed, said

_QUOTES = "SELECT id, quote, memory_id FROM sources WHERE quote <> ''"
_REASONS = "SELECT id, why, why_before FROM memories WHERE why <> '' OR why_before <> ''"
_SUMMED = "SELECT summary <> '' OR topics <> '[]' OR consolidated_to IS NOT NULL FROM sessions WHERE id = ?"
_NAME = "UPDATE sessions SET name = '', name_key = '' WHERE id = ?"


class WordErasure:
    """Takes phrases out, within the transaction of whoever asks."""

    def __init__(self, database: Database, index: Entries) -> None:
        self._database = database
        self._index = index
        self._finder = Finder(database, index)

    def erase(self, erasing: Erasing) -> Erased:
        """Take the phrases of `erasing` out of everything but memories, which go whole; returns what was done."""
        sought = Words(erasing.phrases)
        if not sought.phrases:
            return Erased()
        rows = [row for row in self._finder.parts(sought, erasing.parts) if not _left(row, erasing.left)]
        forms = {form for row in rows for form in _forms(sought, row)}
        if erasing.bars:
            self._index.bar((row[0] for row in rows), (row[1] for row in rows))
        else:
            self._redact(rows, sought)
        forms |= self._mend_quotes(sought, erasing.left)
        touched = {row[2] for row in rows}
        forms |= self._reasons(sought) | self._typed(sought)
        dropped, more = self._labels(sought, touched, erasing.left, erasing.labels)
        count = sum(places(sought, *row[4:]) for row in rows)
        return Erased(count, tuple(sorted(touched)), tuple(dropped), tuple(sorted(forms | more)))

    def drop_summaries(self, sessions: Iterable[int]) -> list[int]:
        """Summary, topics and mark of these conversations go; returns those that had any."""
        dropped = []
        for number in sorted(set(sessions)):
            if self._database.column(_SUMMED, number) == [1]:
                dropped.append(number)
                self._index.labels.unsum(number)
        return dropped

    def _redact(self, rows: list[Row], sought: Words) -> None:
        """Marks in place of the words; the index and the sources of memories that stay are mended."""
        with self._index.forgetting(row[1] for row in rows):
            for part, _, _, _, kind, content, name in rows:
                label = name if kind in JSON_KINDS else sought.without(name)
                left = content if kind == "image" or content is None else changed(kind, content, sought.without)
                self._database.rows("UPDATE parts SET content = ?, name = ? WHERE id = ?", left, label, part)
                if kind not in JSON_KINDS and content is not None:
                    move_quotes(self._database, part, content, left, sought.places(content))

    def _mend_quotes(self, sought: Words, left: Collection[str]) -> set[str]:
        """Quotes of memories that stay, as far as the words are still in them."""
        forms: set[str] = set()
        for source, quote, memory in self._database.rows(_QUOTES):
            if f"m{memory}" not in left and (spans := sought.places(quote)):
                forms |= {quote[slice(*span)] for span in spans}
                self._database.rows("UPDATE sources SET quote = ? WHERE id = ?", redact(quote, spans), source)
        return forms

    def _reasons(self, sought: Words) -> set[str]:
        """Why other memories wait, or were taken back."""
        forms: set[str] = set()
        for number, *reasons in self._database.rows(_REASONS):
            found = {why[slice(*span)] for why in reasons if why for span in sought.places(why)}
            if found:
                left = [why and sought.without(why) for why in reasons]
                self._database.rows("UPDATE memories SET why = ?, why_before = ? WHERE id = ?", *left, number)
            forms |= found
        return forms

    def _typed(self, sought: Words) -> set[str]:
        """The history of typing."""
        forms: set[str] = set()
        for number, text in self._database.rows("SELECT id, text FROM history"):
            if spans := sought.places(text):
                forms |= {text[slice(*span)] for span in spans}
                self._database.rows("UPDATE history SET text = ? WHERE id = ?", redact(text, spans), number)
        return forms

    def _labels(
        self, sought: Words, touched: Collection[int], left: Collection[str], known: Sequence[int] | None
    ) -> tuple[list[int], set[str]]:
        """Titles and names lose the words, summaries that rest on them go; which, and how the words were written."""
        forms: set[str] = set()
        summed = set(touched)
        for number, title, name, summary, topics in self._finder.labels(sought, known):
            if f"s{number}" in left:
                continue
            told = [summary, *json.loads(topics)]
            found = {text[slice(*span)] for text in (title, name, *told) for span in sought.places(text)}
            if not found:
                continue
            forms |= found
            if any(map(sought.hold, told)):
                summed.add(number)
            if sought.hold(name):
                self._database.rows(_NAME, number)
            if sought.hold(title):
                with self._index.labels.forgetting(number):
                    self._database.rows("UPDATE sessions SET title = ? WHERE id = ?", sought.without(title), number)
        return self.drop_summaries(number for number in summed if f"s{number}" not in left), forms


def _left(row: Row, left: Collection[str]) -> bool:
    """Whether its turn or conversation is to stay as it is."""
    return f"s{row[2]}" in left or turn_ref(row[2], row[3]) in left


def _forms(sought: Words, row: Row) -> set[str]:
    kind, content, name = row[4:]
    texts = [] if kind == "image" or content is None else [*said(kind, content)]
    if kind not in JSON_KINDS:
        texts.append(name)
    return {text[slice(*span)] for text in texts for span in sought.places(text)}

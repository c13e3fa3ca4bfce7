"""Where phrases stand in the database: in messages and tools' results, titles, summaries, memories, what was typed."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from memchat.domain import Spot, Trails
from memchat.errors import IndexDamagedError
from memchat.store import words
from memchat.store.database import Database, Row
from memchat.store.entries import WAITING_TO, Entries
from memchat.store.moments import to_text
from memchat.store.numbering import PIECE_BITS, PIECES
from memchat.store.texts import ALL, Texts
from memchat.store.word_places import JSON_KINDS, Words, low_of, said

_COLUMNS = "p.id, m.id, m.session_id, m.turn, p.kind, p.content, p.name"
_PART = f"SELECT {_COLUMNS} FROM parts p JOIN messages m ON m.id = p.message_id"  # noqa: S608 - pieces of our own
_OF_MESSAGES = f"{_PART} WHERE m.id IN (SELECT value FROM json_each(?))"  # noqa: S608 - pieces of our own
_OF_PARTS = f"{_PART} WHERE p.id IN (SELECT value FROM json_each(?))"  # noqa: S608 - pieces of our own
# What the index does not hold: tools, files, pictures' names; what was withdrawn, waits, ends a very long message.
_ASIDE = "SELECT id FROM parts WHERE kind <> 'text' OR barred"
_OUTSIDE = f"SELECT id FROM messages WHERE indexed = 0 OR id <= {WAITING_TO} OR length(cuts) > ?"  # noqa: S608 - ours
_EVERY = f"{_PART} WHERE "
_BREAKS = re.compile(r'[\s"\\]+')
_LONGEST = 64  # characters of a word: longer ones are cut when they are asked for
_CUT = 2 * PIECES  # characters of `cuts` that the number of pieces takes at least where there are as many as may be
# Texts in which the index does not find what is found here. It knows `Straße` only as that, and of a word with
# characters in it that nobody sees (or with stacked accents) the pieces alone; of other scripts (Greek in capitals,
# Russian with ё as е, Hebrew with its points) it folds little.
_NOT_ASCII = "octet_length(column) > length(column)"
_ASTRAY = (
    f"{_NOT_ASCII} AND column GLOB '*[\u00ad\u00df\u01e0\u01e1\u0300-\u036f\u061c\u180e\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u1e9e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\ufe20-\ufe2f\ufeff\U000e0000-\U000e007f]*'"
)
_FOREIGN = f"({_NOT_ASCII} OR instr(column, '\\u'))"
_TEXTS = "SELECT id FROM parts WHERE kind = 'text' AND "
_SESSIONS = "SELECT id, title, name, summary, topics FROM sessions WHERE "
_LABELS = "SELECT id FROM sessions WHERE "
_NAMED = "(name <> '' OR summary <> '')"
_AMONG = "id IN (SELECT value FROM json_each(?))"
_MEMORIES = "SELECT id, text FROM memories UNION ALL SELECT memory_id, quote FROM sources WHERE quote <> ''"
_OLD_SESSIONS = """
    SELECT id FROM sessions WHERE last_at < ?1
        AND NOT EXISTS (SELECT 1 FROM messages WHERE session_id = sessions.id AND created_at >= ?1)
"""
# A turn goes whole, once its newest message is that old.
_OLD_TURNS = "SELECT session_id, turn FROM messages GROUP BY session_id, turn HAVING max(created_at) < ?"
_VECTORS = "SELECT count(vector) FROM messages WHERE id IN (SELECT value FROM json_each(?))"
_BEGINNING = "SELECT term FROM temp.row_words_of_messages WHERE term >= ?1 AND term < ?2 AND term <> ?1 LIMIT ?3"
_HOLDING = "SELECT doc FROM temp.instance_words_of_messages WHERE term = ? ORDER BY doc DESC LIMIT 1"
_ALIKE = 12  # look-alikes that are named at most
_LEAST_ALIKE = 3  # letters of a word that others can look like
_MANY = 1 << 40
AT_ONCE = 64  # phrases in one condition: SQLite takes no expression that is nested a thousand deep


class Finder:
    """Looks for words; writes nothing."""

    def __init__(self, database: Database, entries: Entries) -> None:
        self._database = database
        self._entries = entries

    def trails(self, phrases: Sequence[str]) -> Trails:
        """Where these phrases stand."""
        sought = Words(phrases)
        counts: dict[tuple[int, int], int] = {}
        messages: set[int] = set()
        parts: list[int] = []
        for part, message, session_id, turn, kind, content, name in self.parts(sought):
            counts[session_id, turn] = counts.get((session_id, turn), 0) + places(sought, kind, content, name)
            messages.add(message)
            parts.append(part)
        labels = [
            (number, sought.hold(title) or sought.hold(name), any(map(sought.hold, (summary, *json.loads(topics)))))
            for number, title, name, summary, topics in self.labels(sought)
        ]
        typed = sum(map(sought.hold, self._database.column("SELECT text FROM history")))
        return Trails(
            memories=tuple(sorted({number for number, text in self._database.rows(_MEMORIES) if sought.hold(text)})),
            spots=tuple(Spot(*place, count) for place, count in sorted(counts.items())),
            summaries=tuple(number for number, _, summary in labels if summary),
            titles=tuple(number for number, title, _ in labels if title),
            typed=typed,
            vectors=self._database.number(_VECTORS, json.dumps(sorted(messages))),
            alike=tuple(self._alike(sought)),
            parts=tuple(parts),
            labels=tuple(number for number, title, summary in labels if title or summary),
            stamp=self.stamp(),
        )

    def labels(self, sought: Words, known: Sequence[int] | None = None) -> list[Row]:
        """Conversations whose labels may hold them, `known` or not: number, title, name, summary, topics."""
        if known is None:
            rough, values = _rough(sought.phrases, ("name", "summary"))
            found = self._holding(self._entries.labels.texts, sought.phrases)
            if found is None:
                return self._database.rows(_SESSIONS + "1")
            astray = [_astray(sought.phrases, column) for column in ("title", "topics")]
            known = [*found, *self._database.column(_LABELS + " OR ".join((*astray, f"{_NAMED} AND {rough}")), *values)]
        return self._database.rows(_SESSIONS + _AMONG, json.dumps(list(known)))

    def stamp(self) -> tuple[int, int]:
        """Changes with whatever anybody writes."""
        return self._database.number("PRAGMA data_version"), self._database.connection.total_changes()

    def parts(self, sought: Words, known: Sequence[int] | None = None) -> Iterator[Row]:
        """The parts that hold them: `part, message, session, turn, kind, content, name`, each once.

        Where it is `known` which these are, only they are read.
        """
        seen: set[int] = set()
        found = self._candidates(sought) if known is None else self._database.rows(_OF_PARTS, json.dumps(list(known)))
        for row in found:
            if row[0] not in seen and places(sought, *row[4:]):
                seen.add(row[0])
                yield row

    def aged(self, before: datetime) -> tuple[list[int], list[tuple[int, int]]]:
        """The conversations that are all from before that moment, and of others the turns that are."""
        limit = to_text(before)
        whole = self._database.column(_OLD_SESSIONS, limit)
        turns = self._database.rows(_OLD_TURNS, limit)
        gone = frozenset(whole)
        return whole, [(session, turn) for session, turn in turns if session not in gone]

    def frequency(self, word: str, most: int) -> int:
        """How many pieces of messages hold a word, counted up to `most`; 0 where the index cannot tell."""
        asked = words.expression(word)
        try:
            return self._entries.texts.count(asked, most) if asked else 0
        except IndexDamagedError:
            return 0

    def _candidates(self, sought: Words) -> Iterator[Row]:
        """Parts that may hold them, and some that do not."""
        if not sought.phrases:
            return
        rough, values = _rough(sought.phrases)
        found = self._holding(self._entries.texts, sought.phrases)
        if found is None:
            yield from self._database.rows(_EVERY + rough, *values)
            return
        messages = {number >> PIECE_BITS for number in found}
        yield from self._database.rows(_OF_MESSAGES, json.dumps(sorted(messages)))
        # In two steps, or SQLite would try the words on every message before it looks whether the index holds it.
        outside = self._database.column(_OUTSIDE, _CUT)
        yield from self._database.rows(f"{_OF_MESSAGES} AND {rough}", json.dumps(outside), *values)
        astray = self._database.column(_TEXTS + _astray(sought.phrases, "content"))
        yield from self._database.rows(_OF_PARTS, json.dumps(astray))
        aside = self._database.column(_ASIDE)
        yield from self._database.rows(f"{_OF_PARTS} AND {rough}", json.dumps(aside), *values)

    def _holding(self, texts: Texts, phrases: Sequence[str]) -> set[int] | None:
        """What the index knows to hold them, as they are written or compared; None where it cannot tell."""
        asked = [_asked(form) for phrase in phrases for form in dict.fromkeys((phrase, low_of(phrase)))]
        if all(asked):
            with suppress(IndexDamagedError):
                return {number for one in asked for number in texts.holding(one, ALL, _MANY)}
        return None

    def _alike(self, sought: Words) -> Iterator[tuple[str, str]]:
        """Words that begin with one of them, each with a turn that holds it."""
        with suppress(IndexDamagedError):
            self._entries.texts.open_vocabulary()
            yield from self._named_alike(sought)

    def _named_alike(self, sought: Words) -> Iterator[tuple[str, str]]:
        known: set[str] = set()
        for phrase in sought.phrases:
            low = low_of(phrase)
            if len(low) < _LEAST_ALIKE or not low.isalnum() or any(map(words.spaceless, low)):
                continue
            terms = self._database.column(_BEGINNING, low, low[:-1] + chr(ord(low[-1]) + 1), _ALIKE)
            numbers = {n for term in terms for n in self._database.column(_HOLDING, term)}
            rows = self._database.rows(_OF_MESSAGES, json.dumps(sorted(n >> PIECE_BITS for n in numbers)))
            for _, _, session_id, turn, kind, content, _ in rows:
                for word in sorted({word for text in said(kind, content) for word in sought.alike(text)}):
                    if low_of(word) not in known and len(known) < _ALIKE:
                        known.add(low_of(word))
                        yield word, f"s{session_id}.{turn}"


def places(sought: Words, kind: str, content: str | None, name: str) -> int:
    """In how many places of a part they stand, its file's name included."""
    named = 0 if kind in JSON_KINDS else len(sought.places(name))
    return named + (
        0 if kind == "image" or content is None else sum(len(sought.places(text)) for text in said(kind, content))
    )


def _asked(phrase: str) -> str:
    """What FTS5 is asked for a phrase: all its words; empty when it has none that the index knows."""
    terms = [words.expression(word) for word in phrase.split() if len(word) <= _LONGEST]
    return " AND ".join(filter(None, terms))


def _rough(phrases: Sequence[str], columns: Sequence[str] = ("p.content", "p.name")) -> tuple[str, list[str]]:
    """A condition that all rows with one of them fulfil, and its values; quick, for all of it is SQLite's own."""
    if not phrases or len(phrases) > AT_ONCE or not all(phrase.isascii() for phrase in phrases):
        return ("1" if phrases else "0"), []
    longest = [core(phrase) for phrase in phrases]
    likes = [f"{column} LIKE ? ESCAPE '\\'" for column in columns for _ in longest]
    foreign = [_FOREIGN.replace("column", column) for column in columns]
    return f"({' OR '.join(likes + foreign)})", [f"%{escaped(word)}%" for word in longest] * len(columns)


def _astray(phrases: Sequence[str], column: str) -> str:
    """A condition that all texts fulfil in which the index cannot find them, whatever it is asked."""
    known = all(letter.isascii() or words.spaceless(letter) for phrase in phrases for letter in low_of(phrase))
    return (_ASTRAY if known else _NOT_ASCII).replace("column", column)


def core(phrase: str) -> str:
    """The longest stretch of a phrase that stands letter by letter in what holds it, white space and JSON aside."""
    return max(_BREAKS.split(phrase), key=len)


def escaped(word: str) -> str:
    """A word as LIKE takes it literally."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

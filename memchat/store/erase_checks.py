"""Three checks after an erasure: rows and columns, the index's own vocabulary, every byte of every file."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from memchat.domain import Checked, turn_ref
from memchat.errors import StoreError
from memchat.store import disk
from memchat.store.database import Database, Row
from memchat.store.entries import Entries
from memchat.store.erased_bytes import LEAST, held, own_files
from memchat.store.erased_terms import Terms
from memchat.store.recall_schema import TABLES
from memchat.store.trails import AT_ONCE, core, escaped
from memchat.store.word_places import JSON_KINDS, Words, low_of, said

# What memchat writes by itself, in its own words: nobody else's can stand there.
_OWN_LISTED = """
uid space kind role status origin mime layer zone purpose model host call_id prompt_version opened_by
opened_at lease_owner leased_at lease_until created_at last_at valid_from valid_to last_confirmed_at
superseded_at changed_at withdrawn_at at not_before field hashes cuts hash blob error result payload
"""
_OWN = frozenset(_OWN_LISTED.split())
_OWN_TABLES = frozenset({"ignored", "embedders", "model_calls", "sendings"})
_COLUMNS = "SELECT name FROM pragma_table_info(?) WHERE type IN ('TEXT', 'ANY', '')"
_PARTS = """
    SELECT p.kind, p.content, p.name, p.barred, m.session_id, m.turn FROM parts p JOIN messages m ON m.id = p.message_id
    WHERE p.kind <> 'image' AND ({content}) OR p.kind NOT IN ('tool_call', 'tool_result') AND ({name})
"""
_AROUND = 4  # characters beside a kept place that tell it from others


@dataclass(slots=True)
class _Kept:
    """Places where the letters of a phrase may stand: words that only begin with it, what was left on purpose."""

    around: set[bytes] = field(default_factory=set)
    alone: bool = False  # somewhere they stand all by themselves: bytes tell nothing then


class _Sought:
    """Phrases as whole words, however they are written; beginnings of texts that went whole letter by letter."""

    def __init__(self, phrases: Sequence[str], forms: Sequence[str]) -> None:
        self._words = Words(phrases)
        self._letters = tuple(form for form in forms if not self._words.hold(form))

    def hold(self, text: str) -> bool:
        """Whether any of them stands there."""
        return self._words.hold(text) or any(letters in text for letters in self._letters)


class Checks:
    """Looks for erased phrases; changes nothing but where the file lies."""

    def __init__(self, database: Database, index: Entries) -> None:
        self._database = database
        self._terms = Terms(database, index)

    def check(
        self, phrases: Sequence[str], forms: Sequence[str], *, left: Collection[str], files: Sequence[Path]
    ) -> Checked:
        """Look for the phrases, and for `forms`, letter by letter; `files` are looked at beside the database's own."""
        sought = _Sought(phrases, forms)
        needles = _fewest({*phrases, *forms})
        rows = tuple(sorted(set(self._rows(sought, needles, left))))
        terms = tuple(dict.fromkeys(self._terms.unaccounted((*phrases, *forms))))
        path = self._database.path
        if path is None:
            return Checked(rows, terms)
        owned = [*own_files(path), *(one for one in files if one.is_file())]
        hits, untold = self._bytes(owned, needles)
        vacuumed = False
        if path in hits and not rows and not terms:
            vacuumed = self._vacuum()
            hits, untold = self._bytes(owned, needles)
        size = sum(one.stat().st_size for one in owned if one.exists())
        return Checked(rows, terms, tuple(map(str, hits)), tuple(map(str, owned)), size, untold, vacuumed)

    # The first: rows

    def _rows(self, sought: _Sought, needles: Sequence[str], left: Collection[str]) -> Iterator[str]:
        """The columns that hold one, those of what was left on purpose aside."""
        for table, columns in self._schema():
            if table in _OWN_TABLES:
                continue
            if table == "parts":
                yield from self._parts(sought, needles, left)
                continue
            ours = [column for column in columns if column not in _OWN and (table, column) != ("meta", "name")]
            for row in self._like(table, ours, [core(needle) for needle in needles]):
                if not _on_purpose(table, row[0], left):
                    told = zip(ours, row[1:], strict=True)
                    yield from (f"{table}.{column}" for column, text in told if _holds(sought, text))

    def _parts(self, sought: _Sought, needles: Sequence[str], left: Collection[str]) -> Iterator[str]:
        """Barred ones are kept for the person alone."""
        for kind, content, name, barred, session, turn in self._part_rows(needles):
            if barred or f"s{session}" in left or turn_ref(session, turn) in left:
                continue
            if kind != "image" and any(map(sought.hold, said(kind, content or ""))):
                yield "parts.content"
            if kind not in JSON_KINDS and sought.hold(name):
                yield "parts.name"

    def _part_rows(self, needles: Sequence[str]) -> Iterator[Row]:
        for some in _in_turn(needles):
            patterns = [f"%{escaped(core(needle))}%" for needle in some]
            sql = _PARTS.format(**{one: _any(f"p.{one}", len(patterns)) for one in ("content", "name")})
            yield from self._database.rows(sql, *patterns, *patterns)

    def _schema(self) -> list[tuple[str, list[str]]]:
        """Every table with its columns of text, whatever versions to come add; those of the index aside."""
        return [(name, self._database.column(_COLUMNS, name)) for name in self._database.column(TABLES)]

    def _like(self, table: str, columns: Sequence[str], needles: Sequence[str]) -> Iterator[Row]:
        """The rows of a table that may hold a needle: what names them, then these columns."""
        named = {"sources": "memory_id", "memories": "id", "sessions": "id"}.get(table, "NULL")
        listed = ", ".join(f'"{column}"' for column in columns)
        for some in _in_turn(needles if columns else ()):
            patterns = [f"%{escaped(needle)}%" for needle in some]
            where = " OR ".join(_any(f'"{column}"', len(patterns)) for column in columns)
            sql = f'SELECT {named}, {listed} FROM "{table}" WHERE {where}'  # noqa: S608 - names of the schema
            yield from self._database.rows(sql, *patterns * len(columns))

    # The third: bytes

    def _bytes(self, files: Sequence[Path], needles: Sequence[str]) -> tuple[list[Path], tuple[str, ...]]:
        """The files that hold a needle where nothing that is kept does, and the needles that bytes tell nothing of."""
        untold = {needle for needle in needles if len(needle.encode()) < LEAST}
        told = {needle: needle.encode() for needle in needles if needle not in untold}
        suspected = {one: held(self._database, one, told) for one in files if one.exists()}
        kept = {needle: self._kept(needle) for needle in set().union(*suspected.values())}
        untold |= {needle for needle, where in kept.items() if where.alone}
        around = {needle: where.around for needle, where in kept.items()}
        hits = [
            one
            for one, found in suspected.items()
            if held(self._database, one, {n: told[n] for n in found - untold}, around)
        ]
        return hits, tuple(sorted(untold))

    def _kept(self, needle: str) -> _Kept:
        """Where these letters stand in what is kept: within other words, in memchat's own, in what was left."""
        kept = _Kept()
        texts: list[object] = []
        for table, columns in self._schema():
            texts += [text for row in self._like(table, columns, [needle]) for text in row[1:]]
        texts += self._named(needle)
        for text in filter(None, map(_text, texts)):
            for match in re.finditer(re.escape(needle), text):
                start, end = match.span()
                kept.alone |= start == 0 and end == len(text)
                kept.around.add(text[max(start - _AROUND, 0) : end + _AROUND].encode())
        return kept

    def _named(self, needle: str) -> list[object]:
        """The schema itself, and words of the index that hold these letters."""
        found: list[object] = self._database.column("SELECT sql FROM sqlite_schema WHERE instr(sql, ?)", needle)
        return found + (self._terms.like(needle) if needle == low_of(needle) else [])

    def _vacuum(self) -> bool:
        """Write the file anew: SQLite, when it moves rows, now and then leaves a copy in a page. Whether it could."""
        try:
            self._database.rows("VACUUM")
        except StoreError:  # somebody else reads or writes, or the disk is full
            return False
        return disk.empty_journal(self._database)


def _fewest(phrases: Collection[str]) -> list[str]:
    """Those that hold no other: where none of these stands, none of all of them does."""
    chosen: list[str] = []
    for phrase in sorted(phrases, key=len):
        if not any(one in phrase for one in chosen):
            chosen.append(phrase)
    return chosen


def _in_turn(needles: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many at a time as one condition takes."""
    return (needles[place : place + AT_ONCE] for place in range(0, len(needles), AT_ONCE))


def _any(column: str, count: int) -> str:
    return " OR ".join([f"{column} LIKE ? ESCAPE '\\'"] * count)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _holds(sought: _Sought, text: object) -> bool:
    if not isinstance(text, str):
        return False
    with suppress(ValueError):
        if text[:1] in {"[", "{"}:
            return any(map(sought.hold, map(str, _flat(json.loads(text)))))
    return sought.hold(text)


def _flat(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for one in value:
            yield from _flat(one)
    else:
        yield value


def _on_purpose(table: str, number: object, left: Collection[str]) -> bool:
    """Whether a row is of something that was left as it is."""
    letter = {"sources": "m", "memories": "m", "sessions": "s"}.get(table)
    return letter is not None and f"{letter}{number}" in left

"""Files from anywhere: what is wrong is said by its line, in two lines, and nothing has changed."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.actions import exporting, importing
from memchat.domain import MessageStatus, SessionKind
from memchat.errors import MemchatError
from memchat.store.connection import SqliteStore, open_store

from tests.builders import add_note
from tests.conftest import NOW
from tests.store.carrying import Filling, exported, full, records, said, spoken, take, written

Lines = list[dict[str, Any]]
Spoil = Callable[[Lines], object]
KEY = "sk-ant-api03-" + "a1B2" * 20


@pytest.fixture(scope="module")
def file() -> Iterator[bytes]:
    """An export of some of everything."""
    with closing(full()) as store:
        yield exported(store)


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    """A database that holds something already, so that a change would show."""
    with closing(open_store(None)) as opened:
        add_note(opened, "was here before")
        yield opened


def one(lines: Lines, kind: str, number: int = 0) -> dict[str, Any]:
    """The first line of that kind, or a later one."""
    return [line for line in lines if line["type"] == kind][number]


def put(kind: str, key: str, value: object, number: int = 0) -> Spoil:
    """Another value in a line."""
    return lambda lines: one(lines, kind, number).update({key: value})


def inside(kind: str, within: str, key: str, value: object) -> Spoil:
    """Another value in what stands within a line."""
    return lambda lines: one(lines, kind)[within][0].update({key: value})


def without(kind: str, key: str) -> Spoil:
    """A key less."""
    return lambda lines: one(lines, kind).pop(key)


def twice(kind: str) -> Spoil:
    """The same line again."""

    def spoil(lines: Lines) -> None:
        lines[0]["lines"][kind] += 1
        lines.append(dict(one(lines, kind)))

    return spoil


def circle(lines: Lines) -> None:
    """Two messages, each the other's parent."""
    one(lines, "message")["parent"] = one(lines, "message", 1)["id"]


def ring(lines: Lines) -> None:
    """Two memories, each replaced by the other."""
    old, new = one(lines, "memory", 2), one(lines, "memory", 3)
    old["superseded_by"], new["superseded_by"] = new["id"], old["id"]


def elsewhere(lines: Lines) -> None:
    """A second conversation, whose leaf is the first one's."""
    lines[0]["lines"]["session"] = 2
    other = one(lines, "session") | {"id": 2, "uid": one(lines, "message")["uid"], "name": ""}
    lines.insert(2, other)


def adopted(lines: Lines) -> None:
    """A second conversation, in which a message of the first has its parent."""
    elsewhere(lines)
    lines[2]["leaf"] = None
    one(lines, "message", 1)["session"] = 2


HOSTILE: list[tuple[str, Spoil, str]] = [
    ("another kind", lambda lines: lines[1].update(type="DROP TABLE"), '"type" must be one of'),
    ("no kind", lambda lines: lines[1].pop("type"), '"type" must be one of'),
    ("a kind that is a list", lambda lines: lines[1].update(type=["session"]), '"type" must be one of'),
    ("an unknown key", put("session", "opened_by", "me"), '"opened_by" is no key of a session'),
    ("an escape in a key", put("session", "\x1b[2J" * 40, 1), '"\\u001b[2J'),
    ("a key is missing", without("memory", "uid"), 'a memory needs "uid"'),
    ("an id is a text", put("memory", "id", "1; DROP TABLE memories"), "must be a whole number"),
    ("an id is true", put("memory", "id", True), "must be a whole number"),
    ("an id is a fraction", put("memory", "id", 1.5), "must be a whole number"),
    ("an id is 0", put("memory", "id", 0), "must be a whole number from 1"),
    ("an id leaves no room", put("memory", "id", 2**62), "must be a whole number from 1"),
    ("a number of 4,000 digits", put("memory", "id", 10**4000), "must be a whole number"),
    ("an id stands twice", put("memory", "id", 2), "stands in the file twice"),
    ("a line stands twice", twice("message"), "stands in the file twice"),
    ("a uid is a path", put("session", "uid", "../../etc/passwd"), "must be a UUID"),
    ("a text is null", put("memory", "text", None), "must be a text"),
    ("a text is an object", put("memory", "text", {"a": 1}), "must be a text"),
    ("half a character", put("memory", "text", "\ud800"), "without halves of characters"),
    ("a label of a megabyte", put("memory", "field", "x" * 1_000_000), "at most 10,000 characters"),
    ("a moment that never was", put("memory", "created_at", "2026-02-30T00:00:00.000Z"), "a moment that there was"),
    ("a moment in year 1", put("memory", "created_at", "0001-01-01T00:00:00.000Z"), "a moment that there was"),
    ("a moment in words", put("memory", "created_at", "yesterday"), "a moment like"),
    ("a zone of 100 days", put("memory", "created_offset", 144_000), "must be a whole number from -1,439"),
    ("an unknown status", put("memory", "status", "believed"), "must be one of"),
    ("importance 11", put("memory", "importance", 11), "must be a whole number from 1 to 10"),
    ("a flag is 1", put("memory", "pinned", 1), "must be true or false"),
    ("an unknown role", put("message", "role", "system"), "must be one of"),
    ("an unknown origin", inside("message", "parts", "origin", "god"), "must be one of"),
    ("a part of nothing", inside("message", "parts", "content", None), "contradicts itself"),
    ("a blob that is not there", inside("message", "parts", "blob", "nowhere"), "contradicts itself"),
    ("parts are a text", put("message", "parts", "x"), "must be a list of objects"),
    ("parts of numbers", put("message", "parts", [1]), "must be a list of objects"),
    ("half a span", inside("memory", "sources", "span_end", None), "contradicts itself"),
    ("a span backwards", inside("memory", "sources", "span_start", 99), "contradicts itself"),
    ("topics are an object", put("session", "topics", {}), "must be a list"),
    ("topics of numbers", put("session", "topics", [1]), "must be a text"),
    ("a layer nobody knows", put("shown", "layer", "soul"), "must be one of"),
    ("a score without end", put("shown", "score", 1e400), "is no number"),
    ("a score in words", put("shown", "score", "high"), "must be a number"),
    ("hashes of words", put("tombstone", "hashes", ["garden"]), "hashes of 32 letters"),
    ("bytes that are none", put("blob", "data", "!!"), "bytes in base64"),
    ("a session nowhere", put("message", "session", 99), "names session 99, which does not stand above"),
    ("a message without a session", put("message", "session", None), "must be a whole number"),
    ("a parent nowhere", put("message", "parent", 99, 1), "names message 99, which stands nowhere"),
    ("a leaf nowhere", put("session", "leaf", 99), "names message 99, which stands nowhere"),
    ("its own parent", put("message", "parent", 1), "names the message itself"),
    ("replaced by itself", put("memory", "superseded_by", 1), "names the memory itself"),
    ("a circle of parents", circle, "its parents go round in a circle"),
    ("a ring of memories", ring, "goes round in a circle"),
    ("a leaf of another conversation", elsewhere, "its leaf is a message of another conversation"),
    ("a parent of another conversation", adopted, "its parent is of another conversation"),
    ("lines are missing", lambda lines: lines.pop(), "the file ends here, with 0 of 1 lines of ignored"),
    ("no first line", lambda lines: lines.pop(0), "Line 1: this is not the first line"),
    ("two first lines", lambda lines: lines.insert(0, lines[0]), '"type" must be one of'),
    ("a newer format", lambda lines: lines[0].update(version=2), "a newer memchat wrote this"),
    ("a format of 2,000 digits", lambda lines: lines[0].update(version=10**2000), "a newer memchat wrote this"),
    ("a format in words", lambda lines: lines[0].update(version="1"), "'version' must be"),
    ("an unknown key above", lambda lines: lines[0].update(exec="rm"), "'exec' must be left out"),
    ("ids of other tables", lambda lines: lines[0].update(ids={"meta": 3}), "'ids' must be"),
    ("ids below zero", lambda lines: lines[0].update(ids={"memories": -3}), "'ids' must be"),
    ("ids are a list", lambda lines: lines[0].update(ids=[]), "'ids' must be"),
    ("meta of its own", lambda lines: lines[0].update(meta={"tombstone_key": 1}), "'meta' must be"),
    ("meta in words", lambda lines: lines[0].update(meta={"told": "all"}), "'meta' must be"),
    ("meta at no time", lambda lines: lines[0].update(meta={"told_doubts": "now"}), "'meta' must be"),
    ("keys of words", lambda lines: lines[0].update(keys=["secret"]), "'keys' must be"),
    ("a thousand keys", lambda lines: lines[0].update(keys=["ab" * 32] * 1000), "'keys' must be"),
    ("counts in words", lambda lines: lines[0].update(lines={"memory": "many"}), "'lines' must be"),
]


# A review takes no memory that was replaced, so nothing can be wrong with what replaced it.
BOTH_WAYS = [
    pytest.param(*case, review, id=f"{name}, {'reviewed' if review else 'believed'}")
    for name, *case in HOSTILE
    for review in (False, True)
    if not (review and name in {"replaced by itself", "a ring of memories"})
]


@pytest.mark.parametrize(("spoil", "told", "review"), BOTH_WAYS)
def test_a_hostile_line_changes_nothing(file: bytes, store: SqliteStore, spoil: Spoil, told: str, review: bool) -> None:
    """The error names the line and what is wrong with it, on two lines of plain characters."""
    lines = records(file)
    spoil(lines)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    before = exported(store)
    with pytest.raises(MemchatError) as refused:
        take(store, text.encode(), review=review)
    error = refused.value
    assert told in error.message
    assert error.message.startswith("Line ")
    assert "Nothing was imported" in error.hint
    assert (error.message + error.hint).isprintable()
    assert len(error.message) < 300
    assert exported(store) == before


RAW: list[tuple[str, bytes, str]] = [
    ("nothing at all", b"", "The file is empty"),
    ("an empty line", b"\n", "Line 1: it is no JSON"),
    ("a text", b"Dear diary\n", "Line 1: it is no JSON"),
    ("a list", b"[]\n", "it is no JSON object"),
    ("null", b"null\n", "it is no JSON object"),
    ("bytes of a database", b"SQLite format 3\0\xff\xfe", "it is not UTF-8"),
    ("UTF-16", "{}".encode("utf-16"), "it is not UTF-8"),
    ("a deep nest", b"[" * 100_000, "it is nested too deeply"),
    ("a key twice", b'{"type": "memchat export", "type": "x"}\n', "a key stands in it twice"),
    ("NaN", b'{"a": NaN}\n', "NaN is no number"),
    ("minus infinity", b'{"a": -Infinity}\n', "-Infinity is no number"),
    ("a number of 10,000 digits", b'{"a": ' + b"1" * 10_000 + b"}\n", "it is no JSON"),
    ("half a line", b'{"type": "memchat export", "vers', "it is no JSON"),
    ("a control character", b'{"type": "a\nb"}\n', "it is no JSON"),
]


@pytest.mark.parametrize(("data", "told"), [case[1:] for case in RAW], ids=[case[0] for case in RAW])
def test_what_is_no_export_is_refused(store: SqliteStore, data: bytes, told: str) -> None:
    """Whatever bytes they are."""
    before = exported(store)
    with pytest.raises(MemchatError) as refused:
        take(store, data)
    assert told in refused.value.message
    assert exported(store) == before


def test_a_line_without_end_is_not_read(file: bytes, store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded: a longer line than memchat writes is refused before it is read."""
    monkeypatch.setattr(importing, "LINE_BYTES", 2_000)

    class Endless(io.BytesIO):
        asked = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            self.asked = size or 0
            return super().readline(size)

    stream = Endless(file.splitlines(keepends=True)[0] + b'{"type": "' + b"x" * 100_000)
    with pytest.raises(MemchatError, match="Line 2: it is longer than"):
        importing.take_in(store, stream, NOW)
    assert stream.asked == 2_001


@settings(max_examples=60)
@given(data=st.data())
def test_random_damage_is_told_or_harmless(data: st.DataObject) -> None:
    """A byte more, less or other anywhere: it is taken or refused in words, and the database stays whole."""
    with closing(full()) as source, closing(open_store(None)) as target:
        damaged = bytearray(exported(source))
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, len(damaged) - 1))
            damaged[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
        before = exported(target)
        try:
            take(target, bytes(damaged))
        except MemchatError as error:
            assert error.exit_code == 1  # noqa: PT017 - either is right
            assert exported(target) == before
        assert target.records.database.rows("PRAGMA foreign_key_check") == []
        assert target.index.health().sound


def test_a_mark_before_the_first_line_and_windows_ends_are_no_harm(file: bytes) -> None:
    """As some editors save; so is a last line without its end."""
    with closing(open_store(None)) as target:
        take(target, b"\xef\xbb\xbf" + file.replace(b"\n", b"\r\n").rstrip(), mask_secrets=False)
        assert exported(target) == file


def test_secrets_are_masked_and_quotes_stay_where_they_are() -> None:
    """In messages, names, notes, quotes, titles, topics and what was typed; a quote with one in it loses its place."""
    with closing(open_store(None)) as source, closing(open_store(None)) as target:
        Filling(source).do(
            [
                ("session", ("", SessionKind.CHAT, True)),
                (
                    "turn",
                    ([said(f"{KEY} and I like tea. Also {KEY}.")], [spoken("Fine.")], MessageStatus.COMPLETE, True),
                ),
                ("label", (f"Key {KEY}", f"has {KEY}", [f"topic {KEY}"])),
                ("learn", 200),
                ("typed", f"my key is {KEY}"),
            ]
        )
        lines = records(exported(source))
        source_of = one(lines, "memory")["sources"][0]
        place = lines[2]["parts"][0]["content"].index("I like tea")
        one(lines, "memory")["sources"].append(
            source_of
            | {"id": 2, "uid": lines[1]["uid"], "quote": "I like tea", "span_start": place, "span_end": place + 10}
        )
        done = take(target, written(lines))
        assert KEY.encode() not in exported(target)
        assert done.masked == 10
        text = target.transcripts.turns(1)[0].user.text
        first, second = target.memories.get(1).sources
        assert first.span is None
        assert second.span is not None
        assert text[slice(*second.span)] == "I like tea"


def test_secrets_stay_where_the_setting_says_so() -> None:
    """`privacy.mask_secrets = false`."""
    with closing(open_store(None)) as source, closing(open_store(None)) as target:
        add_note(source, f"the key is {KEY}")
        assert take(target, exported(source), mask_secrets=False).masked == 0
        assert KEY.encode() in exported(target)


def test_the_lines_could_steer_no_terminal(store: SqliteStore) -> None:
    """Escapes, marks of direction and ends of lines are written as JSON writes them, and come back as they were."""
    text = "a\x1b[2Jb\u202ec\u2028d\x9be\U000e0041"
    add_note(store, text)
    lines = list(exporting.lines(store))
    assert all(line.isprintable() for line in lines)
    with closing(open_store(None)) as target:
        take(target, exported(store), mask_secrets=False)
        assert target.memories.all()[-1].text == text


def test_progress_is_heard(file: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that were read on the way in, lines on the way out."""
    monkeypatch.setattr(importing, "_STEP", 5)
    monkeypatch.setattr(exporting, "_STEP", 5)
    read: list[int] = []
    with closing(open_store(None)) as target:
        importing.take_in(target, io.BytesIO(file), NOW, progress=read.append)
        assert read == sorted(read)
        assert 0 < read[0] < read[-1] <= len(file)
        out: list[tuple[int, int]] = []
        list(exporting.lines(target, lambda done, total: out.append((done, total))))
    count = len(file.splitlines()) - 1
    assert out[0] == (5, count)
    assert out[-1] == (count, count)


def test_newer_news_is_not_lost(file: bytes) -> None:
    """The counts of drafts that were not taken are the higher of both, however often it is imported."""
    with closing(open_store(None)) as target:
        target.usages.record_ignored({"a question": 1, "a joke": 4}, NOW + timedelta(days=3))
        for _ in range(2):
            take(target, file)
        assert target.usages.ignored() == {"a joke": 4, "a question": 2}

"""Everything out and in again: exactly, merged by uid, with what was forgotten kept out."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import given, settings
from memchat.domain import MemoryStatus, MessageStatus, Role, SessionKind
from memchat.errors import MemchatError, StoreError
from memchat.memory.words import words
from memchat.ports import Store
from memchat.store import record_forms, settling
from memchat.store.connection import SqliteStore, open_store

from tests.builders import add_note, add_turn, found, typed
from tests.conftest import NOW
from tests.store.carrying import (
    OPS,
    Filling,
    Op,
    again,
    copied,
    exported,
    full,
    records,
    said,
    spoken,
    take,
    written,
)
from tests.store.conftest import Opener, behind

# What is made anew from the rest, or belongs to one computer; a new table or column is carried, or is named here.
DERIVED = {
    "sessions": {"name_key", "opened_by", "opened_at"},
    "messages": {"indexed", "cuts", "vector"},
    "parts": {"message_id"},  # by standing within its message
    "sources": {"memory_id"},
}
DERIVED_TABLES = {"meta", "sqlite_sequence", "jobs", "memory_words", "embedders", "vectors", "memory_vectors"}


@pytest.fixture
def kept() -> Iterator[SqliteStore]:
    """A store with some of everything."""
    with closing(full()) as store:
        yield store


def test_every_table_and_column_is_carried_or_derived(memory: SqliteStore) -> None:
    """Whoever adds one must decide; what nobody decides about would be lost by an export."""
    forms = (*record_forms.FORMS, *record_forms.INNER.values())
    tables = set(behind(memory).column("SELECT name FROM sqlite_schema WHERE type = 'table'"))
    index = {name for name in tables if name.startswith("words_of_")}
    assert {form.table for form in forms} == tables - DERIVED_TABLES - index
    for form in forms:
        columns = {row[1] for row in behind(memory).rows(f"PRAGMA table_info({form.table})")}
        assert {field.at for field in form.fields} == columns - DERIVED.get(form.table, set())


def test_some_of_everything_stands_in_an_export(kept: SqliteStore) -> None:
    """Each kind of line; the first says how many of each follow."""
    first, *rest = records(exported(kept))
    assert {line["type"] for line in rest} == set(record_forms.BY_KIND)
    assert first["lines"] == {kind: sum(line["type"] == kind for line in rest) for kind in record_forms.BY_KIND}


def test_an_import_into_an_empty_database_gives_the_same_bytes(kept: SqliteStore) -> None:
    """Ids, uids, moments and the numbers that are given next included."""
    assert again(kept) == exported(kept)


@settings(max_examples=80)
@given(ops=OPS)
def test_whatever_was_done_comes_back_exactly(ops: list[Op]) -> None:
    """Export, import into an empty one, export: the same bytes, a sound index, and the next ids go on."""
    with closing(open_store(None)) as store:
        Filling(store).do(ops)
        file = exported(store)
        with closing(copied(file)) as other:
            assert exported(other) == file
            assert other.index.health().sound
            assert add_note(other, "next").id == add_note(store, "next").id
            assert add_turn(other).user.id == add_turn(store).user.id


@settings(max_examples=40)
@given(ops=OPS, others=OPS)
def test_a_merge_is_repeatable_and_loses_nothing(ops: list[Op], others: list[Op]) -> None:
    """Twice is once; every row of both is there, or was forgotten here, or says what was known."""
    with closing(open_store(None)) as store, closing(open_store(None)) as other:
        Filling(store).do(ops)
        Filling(other).do(others)
        uids = _uids(exported(other))
        done = take(other, exported(store), mask_secrets=False)
        once = exported(other)
        assert uids <= _uids(once)
        assert other.index.health().sound
        again = take(other, exported(store), mask_secrets=False)
        if not done.blocked:
            assert exported(other) == once
            assert not again.added
        assert behind(other).rows("PRAGMA foreign_key_check") == []
        assert behind(other).rows("PRAGMA integrity_check") == [("ok",)]


def _uids(file: bytes) -> set[str]:
    return {line["uid"] for line in records(file) if line["type"] in {"session", "message"}}


def test_what_is_imported_can_be_found_at_once(kept: SqliteStore) -> None:
    """Past words by the index, sessions by their labels, notes by theirs."""
    with closing(copied(exported(kept))) as other:
        assert found(other, "basil")
        assert found(other, "calendar")
        assert other.memories.beside("", words("likes Rust"))
        assert other.transcripts.session_named("rates")


def test_many_messages_are_taken_into_the_index_behind_the_talk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest at once; the rest waits, as after an upgrade, and nothing is lost or in twice."""
    monkeypatch.setattr(settling, "AT_ONCE", 4)
    with closing(open_store(None)) as store:
        turn = add_turn(store, "the first word was basil")
        for number in range(5):
            add_turn(store, f"and then {number}", session_id=turn.session_id)
        with closing(copied(exported(store))) as other:
            assert other.index.health().waiting == 8
            other.index.resume()
            assert other.index.health().sound
            assert found(other, "basil")


def test_a_merge_keeps_references_under_other_ids(kept: SqliteStore) -> None:
    """Where an id is taken, or was given before, another is given; what refers to it follows."""
    with closing(open_store(None)) as other:
        add_turn(other, "Hello, I am here first.")
        for text in ("one", "two", "three"):
            add_note(other, f"note {text}")
        done = take(other, exported(kept))
        assert (done.exact, done.added["memory"], done.added["session"]) == (False, 4, 1)
        assert done.renumbered == 5
        lisbon = next(one for one in other.memories.all() if one.text == "I live in Lisbon")
        (source,) = lisbon.sources
        assert source.session_id == 2
        assert source.message_id is not None
        part = other.transcripts.message(source.message_id).parts[0]
        assert (part.id, source.span) == (source.part_id, (0, 16))
        assert [turn.reply for turn in other.transcripts.turns(2)] == ["Noted.", "Tuesday."]
        old = next(one for one in other.memories.all() if one.text == "likes Go")
        assert old.superseded_by is not None
        assert other.memories.get(old.superseded_by).text == "likes Rust a lot"


def test_an_id_that_was_given_before_is_not_given_again(kept: SqliteStore) -> None:
    """Of an erased memory nobody must find another under its number."""
    with closing(open_store(None)) as other:
        for number in range(6):
            last = add_note(other, f"a passing thing number {number}")
            other.erasure.erase_memory(last.id, NOW)
        take(other, exported(kept))
        assert min(one.id for one in other.memories.all()) > last.id


def test_a_conversation_goes_on_where_the_file_does(kept: SqliteStore) -> None:
    """The file holds all that is here and more: it becomes longer here, too."""
    with closing(copied(exported(kept))) as other:
        add_turn(kept, "And the week after?", "The same.", session_id=1)
        done = take(other, exported(kept))
        assert (done.added, done.known["session"]) == ({"message": 2}, 1)
        assert [turn.user.text for turn in other.transcripts.turns(1)][-1] == "And the week after?"
        assert found(other, "week")
        assert other.index.health().sound


def test_a_conversation_that_went_on_here_stays_as_it_is(kept: SqliteStore) -> None:
    """Two ways from one message: the one that is here stays active, the other is kept beside it."""
    with closing(copied(exported(kept))) as other:
        add_turn(kept, "Elsewhere?", session_id=1)
        add_turn(other, "Here?", session_id=1)
        done = take(other, exported(kept))
        assert done.added["message"] == 2
        assert [turn.user.text for turn in other.transcripts.turns(1)][-1] == "Here?"
        assert other.index.health().sound


def test_what_changed_there_later_changes_here(kept: SqliteStore) -> None:
    """A memory that was ended, replaced or pinned since; one that changed here later stays."""
    with closing(copied(exported(kept))) as other:
        later = NOW + timedelta(hours=2)
        rust = next(one for one in kept.memories.all() if one.text.startswith("likes Rust"))
        new = add_note(kept, "likes Zig above all", at=later)
        kept.memories.supersede(rust.id, new.id, later)
        location = next(one for one in kept.memories.all() if one.field == "location")
        kept.memories.end(location.id, later)
        other.memories.withdraw(location.id, later + timedelta(hours=1))
        take(other, exported(kept))
        told = {one.text: one.status(later) for one in other.memories.all()}
        assert told["likes Rust a lot"] is MemoryStatus.SUPERSEDED
        assert told["Lisbon"] is MemoryStatus.WITHDRAWN


def test_a_field_of_one_value_keeps_the_newest(kept: SqliteStore) -> None:
    """The older one is in its history; `goals` keeps what is here, and more than three wait."""
    with closing(open_store(None)) as other:
        add_note(other, "Berlin", field="location", at=NOW - timedelta(days=9))
        add_note(other, "learn Go", field="goals")
        add_note(other, "run", field="goals")
        add_note(kept, "learn Rust", field="goals")
        add_note(kept, "sleep", field="goals")
        done = take(other, exported(kept))
        active = [one for one in other.memories.active(NOW + timedelta(days=2)) if one.field]
        assert sorted(one.text for one in active) in (
            sorted(["Lisbon", "learn Go", "run", "learn Rust"]),
            sorted(["Lisbon", "learn Go", "run", "sleep"]),
        )
        assert done.waiting == 1


def test_what_says_the_same_is_one_memory(kept: SqliteStore) -> None:
    """Told on two computers: one more source, not two notes."""
    with closing(open_store(None)) as other:
        mine = add_note(other, "likes Rust a lot")
        done = take(other, exported(kept))
        assert done.known["memory"] == 1
        assert len(other.memories.get(mine.id).sources) == 2


def test_a_name_that_is_taken_gets_a_number(kept: SqliteStore) -> None:
    """Both conversations are there, each by a name."""
    with closing(open_store(None)) as other:
        turn = add_turn(other)
        behind(other).rows("UPDATE sessions SET name = 'Rates', name_key = 'rates' WHERE id = ?", turn.session_id)
        take(other, exported(kept))
        assert other.transcripts.session_named("rates 2") is not None


def test_forgotten_facts_do_not_come_back(kept: SqliteStore) -> None:
    """Neither the fact nor the words it was told in; the file's other facts come, and a second time changes nothing."""
    before = exported(kept)
    with closing(copied(before)) as other:
        mine = next(one for one in other.memories.all() if one.text == "I live in Lisbon")
        other.erasure.erase_memory(mine.id, NOW + timedelta(hours=1))
        done = take(other, before)
        assert done.blocked == 1
        assert "memory" not in done.added
        assert b"I live in Lisbon" not in exported(other)
        graves = behind(other).number("SELECT count(*) FROM tombstones")
        assert take(other, before).blocked == 1
        assert behind(other).number("SELECT count(*) FROM tombstones") == graves


def test_forgotten_here_stays_out_of_another_computers_words() -> None:
    """The quote in a conversation that was never here becomes [erased] on its way in; its versions are judged alone."""
    with closing(open_store(None)) as there, closing(open_store(None)) as here:
        Filling(there).do(
            [
                ("session", ("", SessionKind.CHAT, True)),
                (
                    "turn",
                    ([said("I was born in Tartu in Estonia. Go on.")], [spoken("Yes.")], MessageStatus.COMPLETE, True),
                ),
                ("learn", 30),
                ("note", ("was born in Riga by the sea", "", 5, MemoryStatus.ACTIVE)),
                ("supersede", (0, 1)),
            ]
        )
        mine = add_note(here, "I was born in Tartu in Estonia", at=NOW)
        here.erasure.erase_memory(mine.id, NOW + timedelta(days=1))
        assert take(here, exported(there)).blocked == 1
        assert [one.text for one in here.memories.all()] == ["was born in Riga by the sea"]
        assert here.transcripts.turns(1)[0].user.text == "[erased]. Go on."


def test_what_was_said_anew_after_it_was_forgotten_here_waits() -> None:
    """As in a chat: the user is asked. What was refused for good stays out."""
    with closing(open_store(None)) as there, closing(open_store(None)) as here:
        add_note(there, "plays chess on Sundays", at=NOW + timedelta(days=1))
        add_note(there, "collects old stamps", at=NOW + timedelta(days=1))
        here.tombstones.add("", words("plays chess on Sundays"), NOW)
        here.tombstones.add("", words("collects old stamps"), NOW, never=True)
        done = take(here, exported(there))
        assert (done.blocked, done.waiting) == (1, 1)
        (memory,) = here.memories.all()
        assert memory.why == "you erased this"


def test_what_was_forgotten_there_is_not_learned_here(kept: SqliteStore) -> None:
    """Its tombstones come with their key, so that drafts of the same words are turned away."""
    with closing(open_store(None)) as other:
        add_note(other, "something of its own")
        other.tombstones.add("", words("a thing of mine"), NOW)
        take(other, exported(kept))
        grave = other.tombstones.find("", words("plays the piano well"))
        assert grave is not None
        assert other.tombstones.find("", words("the garden gate")) is not None
        assert other.tombstones.find("", words("a thing of mine")) is not None
        assert again(other) == exported(other)


def test_the_review_sends_facts_to_the_inbox(kept: SqliteStore) -> None:
    """Nothing of the file is believed: no active memory, no summary, nothing to learn from, no tombstones."""
    with closing(open_store(None)) as other:
        done = take(other, exported(kept), review=True)
        memories = other.memories.all()
        assert {one.stored_status for one in memories} == {MemoryStatus.PENDING}
        assert sorted(one.text for one in memories) == ["I live in Lisbon", "Lisbon", "likes Rust a lot"]
        assert (done.waiting, done.left["memory"], done.left["tombstone"]) == (3, 1, 2)
        session = other.transcripts.session(1)
        assert (session.learn, session.summary, session.topics) == (False, "", ())
        origins = {part.origin.value for message in other.transcripts.path(1) for part in message.parts}
        assert origins == {"import", "model"}
        assert other.jobs.sweep("me:1", NOW + timedelta(days=2)) == 0
        assert take(other, exported(kept), review=True).added == {}
        assert other.typed.newest(5) == []


def test_a_missing_message_makes_no_source(kept: SqliteStore) -> None:
    """In a review a part that was never here cannot be pointed at in one that was."""
    with closing(copied(exported(kept))) as other:
        lines = records(exported(kept))
        message = next(line for line in lines if line["type"] == "message")
        message["parts"].append(message["parts"][0] | {"id": 900, "position": 7, "uid": message["uid"]})
        memory = next(line for line in lines if line["type"] == "memory")
        fresh = memory["sources"][0] | {"id": 901, "part": 900, "uid": memory["uid"]}
        memory["sources"].append(fresh)
        take(other, written(lines))
        assert [source.part_id for source in other.memories.get(1).sources] == [1, None]


def test_reading_is_of_one_moment(kept: SqliteStore, opened: Opener) -> None:
    """What is written meanwhile is not in it."""
    store, beside = opened(), opened()
    add_turn(store, "Before.")
    with store.records.reading():
        store.records.head()
        add_turn(beside, "Meanwhile.")
        assert sum(line["type"] == "message" for line in store.records.lines()) == 2
    assert sum(line["type"] == "message" for line in store.records.lines()) == 4


def test_an_import_that_fails_leaves_nothing(kept: SqliteStore) -> None:
    """Neither rows nor tables of its own; the next one works."""
    with closing(open_store(None)) as other:
        before = exported(other)
        lines = records(exported(kept))
        lines[-1]["number"] = -1
        with pytest.raises(MemchatError, match="must be a whole number"):
            take(other, written(lines))
        assert exported(other) == before
        assert take(other, exported(kept)).exact


def test_a_locked_database_says_so(kept: SqliteStore, opened: Opener) -> None:
    """What is no fault of the file is not told as one."""
    store, beside = opened(), opened()
    behind(store).connection.set_busy_timeout(10)
    with beside.transaction(), pytest.raises(StoreError, match="in use"):
        take(store, exported(kept))


def test_a_full_disk_is_no_fault_of_the_file(kept: SqliteStore) -> None:
    """It is told as such, and nothing is left."""
    with closing(open_store(None)) as other:
        before = exported(other)
        add_turn(kept, "many words " * 20_000)
        pages = behind(other).number("PRAGMA page_count")
        behind(other).rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="disk is full"):
            take(other, exported(kept), mask_secrets=False)
        assert exported(other) == before


def test_a_file_written_by_hand_needs_little_above(kept: SqliteStore) -> None:
    """The first line may say no more than what it is: what other programs write can be imported, too."""
    lines = records(exported(kept))
    lines[0] = {"type": "memchat export", "version": 1}
    with closing(copied(written(lines))) as other:
        assert len(other.memories.all()) == len(kept.memories.all())
        other.tombstones.add("", words("a thing of mine"), NOW)
        assert other.tombstones.find("", words("a thing of mine")) is not None


def test_turns_are_counted_anew_where_a_file_counts_wrong(kept: SqliteStore) -> None:
    """The number is told to people, and says when a talk is long."""
    lines = records(exported(kept))
    for line in lines:
        if line["type"] == "message":
            line["turns"] = 900
    with closing(copied(written(lines))) as other:
        assert other.transcripts.session(1).turns == 2
        assert exported(other) == exported(kept)


def test_a_damaged_text_is_told(kept: SqliteStore) -> None:
    """Bytes in a column of text, that memchat never wrote."""
    behind(kept).rows("UPDATE history SET text = CAST(x'ff' AS TEXT)")
    with pytest.raises(StoreError, match="damaged"):
        exported(kept)


def test_a_file_of_parents_out_of_order_is_taken(store: Store) -> None:
    """A late reply is put between: its number is higher than that of what hangs below it."""
    turn = add_turn(store, "Who?")
    session = turn.session_id
    late = store.transcripts.add_message(session, 1, Role.ASSISTANT, typed("Late."), parent=turn.user.id, at=NOW)
    behind_it = store.transcripts.message(turn.messages[1].id)
    assert behind_it.parent in (turn.user.id, late.id)
    assert again(store) == exported(store)

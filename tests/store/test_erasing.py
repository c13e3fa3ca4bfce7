"""Erasing by phrases and by whole rows: everywhere it stands, in one transaction, and looked for afterwards."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest
from memchat.domain import (
    Erased,
    Erasing,
    Layer,
    Memory,
    NewMemory,
    Origin,
    Part,
    PartKind,
    Passage,
    Role,
    SessionKind,
    Source,
    Turn,
    Zone,
)
from memchat.errors import NotFoundError, StoreError
from memchat.memory.words import words
from memchat.store.connection import SqliteStore, open_store
from memchat.store.erased_bytes import held, own_files
from memchat.store.redaction import MARK

from tests.builders import add_note, add_turn, found
from tests.conftest import NOW
from tests.store.conftest import Opener, behind, files_with, sound, vocabulary

LATER = NOW + timedelta(days=1)


def phrases(*told: str, **more: Any) -> Erasing:
    """These phrases are to go."""
    return Erasing(phrases=told, **more)


def texts(store: SqliteStore, session_id: int) -> list[str]:
    """What a conversation holds."""
    return [part.content for message in store.transcripts.path(session_id) for part in message.parts]


def resting(store: SqliteStore, turn: Turn, quote: str, text: str) -> Memory:
    """A memory on words of a turn."""
    part = turn.user.parts[0]
    start = part.content.index(quote)
    span = (start, start + len(quote))
    source = Source(Origin.TYPED, NOW, quote, turn.session_id, turn.number, turn.user.id, part.id, span)
    return store.memories.add(NewMemory(text, source), NOW)


def tool_turn(store: SqliteStore, result: object) -> int:
    """A turn whose tool gave a result; its session."""
    turn = add_turn(store, "What do you know?", "Nothing.")
    content = json.dumps(result, ensure_ascii=False)
    part = Part(PartKind.TOOL_RESULT, Origin.TOOL, content, name="recall", call_id="1")
    store.transcripts.add_message(turn.session_id, 1, Role.TOOL, (part,), parent=turn.messages[-1].id, at=NOW)
    return turn.session_id


def test_phrases_go_wherever_they_stand(memory: SqliteStore) -> None:
    """Messages, what tools gave, files and their names, titles, names, summaries, reasons, quotes, what was typed."""
    turn = add_turn(memory, "John lives in Porto.", "So does JOHN.")
    session = memory.transcripts.create_session(
        SessionKind.CHAT, at=NOW, model="x", host="", learn=True, name="for John"
    )
    file = Part(PartKind.FILE, Origin.FILE, "# John", name="John.md")
    memory.transcripts.add_message(session.id, 1, Role.USER, (file,), parent=None, at=NOW)
    tools = tool_turn(memory, {"memories": [{"text": "John lives", "ref": "m1"}]})
    memory.transcripts.rename(turn.session_id, "About John")
    memory.transcripts.summarise(tools, "Wanted: John.", ["tools"])
    memory.transcripts.summarise(session.id, "Wanted: a file.", ["john"])
    memory.typed.add("who is John", NOW)
    kept = resting(memory, turn, "lives in Porto", "lives in Porto")
    wide = resting(memory, turn, "John lives in Porto", "somebody lives in Porto")
    loose = memory.memories.add(NewMemory("x", Source(Origin.HAND, NOW, "John said so"), why="John knows"), NOW)
    trails = memory.erasure.trails(["John"])
    assert [(spot.ref, spot.places) for spot in trails.spots] == [("s1.1", 2), ("s2.1", 2), ("s3.1", 1)]
    assert (trails.titles, trails.summaries, trails.typed) == ((1, 2), (2, 3), 1)
    done = memory.erasure.erase(phrases("John"), NOW)
    assert (done.places, done.sessions, done.summaries) == (5, (1, 2, 3), (2, 3))
    assert set(done.forms) == {"John", "JOHN", "john"}
    assert texts(memory, 1) == [f"{MARK} lives in Porto.", f"So does {MARK}."]
    assert memory.transcripts.path(2)[0].parts[0].name == f"{MARK}.md"
    assert json.loads(texts(memory, 3)[-1]) == {"memories": [{"text": f"{MARK} lives", "ref": "m1"}]}
    assert [memory.transcripts.session(number).title for number in (1, 2)] == [f"About {MARK}", ""]
    assert memory.transcripts.session(2).name == ""
    assert memory.typed.newest(1) == [f"who is {MARK}"]
    assert memory.memories.get(loose.id).why == f"{MARK} knows"
    quotes = [memory.memories.get(one.id).sources[0] for one in (kept, wide, loose)]
    assert [source.quote for source in quotes] == ["lives in Porto", "lives in Porto", f"{MARK} said so"]
    assert quotes[0].span == (len(MARK) + 1, len(MARK) + 15)
    assert memory.erasure.check(["John"], done.forms).traces == 0
    assert "john" not in vocabulary(memory)


def test_what_was_left_out_stays(memory: SqliteStore) -> None:
    """A turn, a conversation with its title and summary, a memory's quote; the checks pass them over."""
    one = add_turn(memory, "John is here.", "ok")
    add_turn(memory, "John is there.", "ok", session_id=one.session_id)
    two = add_turn(memory, "John again.", "ok")
    memory.transcripts.rename(two.session_id, "John")
    memory.transcripts.summarise(two.session_id, "John", [])
    note = memory.memories.add(NewMemory("a friend", Source(Origin.HAND, NOW, "John is a friend")), NOW)
    left = frozenset({"s1.2", "s2", f"m{note.id}"})
    done = memory.erasure.erase(phrases("John", left=left), NOW)
    assert done.places == 1
    assert texts(memory, 1)[::2] == [f"{MARK} is here.", "John is there."]
    assert memory.transcripts.session(2).title == "John"
    assert memory.memories.get(note.id).sources[0].quote == "John is a friend"
    assert memory.erasure.check(["John"], done.forms, left=left).traces == 0
    assert set(memory.erasure.check(["John"], done.forms).rows) == {
        "parts.content",
        "sessions.summary",
        "sessions.title",
        "sources.quote",
    }


def test_barred_parts_keep_the_words_for_the_person_alone(memory: SqliteStore) -> None:
    """Out of the index, with the rest of the message still in; titles and summaries lose them."""
    turn = add_turn(memory, "John likes quinces.", "Noted.")
    memory.transcripts.rename(turn.session_id, "John")
    note = resting(memory, turn, "John likes quinces", "John likes quinces")
    done = memory.erasure.erase(phrases("John", memories=(note.id,), bars=True), NOW)
    assert texts(memory, 1)[0] == "John likes quinces."
    assert memory.transcripts.path(1)[0].parts[0].barred
    assert found(memory, "quinces") == []
    assert memory.transcripts.session(1).title == MARK
    assert memory.erasure.check(["John"], done.forms).traces == 0
    assert memory.tombstones.find("", words("John likes quinces")) is not None


def test_without_a_tombstone_it_may_be_learned_again(memory: SqliteStore) -> None:
    """As it was asked for."""
    note, other = add_note(memory, "John comes on Mondays"), add_note(memory, "Mei comes on Fridays")
    memory.erasure.erase(Erasing(memories=(note.id,), alone=(other.id,), buries=False), NOW)
    assert memory.memories.all() == []
    assert memory.tombstones.find("", words(note.text)) is None


def test_with_a_memory_alone_only_the_phrases_go(memory: SqliteStore) -> None:
    """The sentence around the name stays."""
    turn = add_turn(memory, "John's mother is ill.", "Oh.")
    note = resting(memory, turn, "John's mother is ill", "John's mother is ill")
    memory.erasure.erase(phrases("John", alone=(note.id,)), NOW)
    assert texts(memory, 1)[0] == f"{MARK}'s mother is ill."
    assert memory.memories.all() == []


def three(store: SqliteStore) -> int:
    """A conversation of three turns, whose second is told anew."""
    first = add_turn(store, "First thing to say here.", "One.")
    for said in ("Second thing to say here.", "Third thing to say here."):
        add_turn(store, said, "Well.", session_id=first.session_id)
    return first.session_id


def test_a_turn_goes_whole_and_the_path_closes(memory: SqliteStore) -> None:
    """What hung below it hangs below the one before; the path, the index and the numbers go on."""
    number = three(memory)
    memory.transcripts.summarise(number, "Wanted: three things.", ["things"])
    memory.typed.add("Second thing to say here.", NOW)
    turns = memory.transcripts.turns(number)
    note = resting(memory, turns[1], "Second thing", "a second thing")
    shown = Passage(Layer.EPISODE, Zone.TAIL, f"s{number}.2", "line", "text", 3)
    memory.usages.record_shown(number, 3, [shown], NOW)
    done = memory.erasure.erase(Erasing(turns=((number, 2),)), NOW)
    assert (done.places, done.summaries) == (2, (number,))
    assert [turn.number for turn in memory.transcripts.turns(number)] == [1, 3]
    session = memory.transcripts.session(number)
    assert (session.turns, session.summary, session.title) == (2, "", "")
    source = memory.memories.get(note.id).sources[0]
    assert (source.quote, source.session_id, source.message_id) == ("", None, None)
    assert memory.usages.shown(number, 3) == []
    assert memory.typed.newest(1) == []
    assert found(memory, "Second") == []
    assert found(memory, "Third")
    assert add_turn(memory, "Fourth.", "Yes.", session_id=number).number
    assert behind(memory).column("PRAGMA foreign_key_check") == []


def test_the_newest_and_the_first_turn_can_go(memory: SqliteStore) -> None:
    """The path ends earlier, or begins later."""
    number = three(memory)
    memory.erasure.erase(Erasing(turns=((number, 3),)), NOW)
    assert [turn.number for turn in memory.transcripts.turns(number)] == [1, 2]
    memory.erasure.erase(Erasing(turns=((number, 1),)), NOW)
    assert [turn.number for turn in memory.transcripts.turns(number)] == [2]
    memory.erasure.erase(Erasing(turns=((number, 2),)), NOW)
    assert memory.transcripts.turns(number) == []
    assert memory.erasure.erase(Erasing(turns=((number, 2),)), NOW) == Erased()


def test_a_conversation_goes_whole(memory: SqliteStore) -> None:
    """With title, summary and place in the index; others stay, and its uid is known as erased."""
    number, other = three(memory), add_turn(memory, "First thing to say here.", "Another talk.").session_id
    memory.transcripts.rename(number, "A title to be forgotten")
    uid = memory.transcripts.session(number).uid
    done = memory.erasure.erase(Erasing(sessions=(number,)), NOW)
    with pytest.raises(NotFoundError):
        memory.transcripts.session(number)
    assert texts(memory, other)[0] == "First thing to say here."
    assert "First thing to say here." not in done.forms  # said elsewhere too
    assert "Second thing to say here." in done.forms
    assert memory.erasure.check((), done.forms).traces == 0
    from memchat.store.tombstones import Graves

    assert Graves(behind(memory)).buried("session")(uid)
    assert not Graves(behind(memory)).buried("session")("another")


def test_many_turns_go_at_once(memory: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than would be taken out of the index one by one: it is built anew."""
    monkeypatch.setattr("memchat.store.erase_rows.AT_ONCE", 2)
    number, other = three(memory), add_turn(memory, "Kept here.", "ok").session_id
    memory.erasure.erase(Erasing(turns=((number, 1), (number, 2))), NOW)
    memory.index.rebuild(lambda *_: None)
    assert found(memory, "Kept")
    assert found(memory, "Third")
    assert "second" not in vocabulary(memory)
    assert [turn.number for turn in memory.transcripts.turns(number)] == [3]
    assert texts(memory, other)[0] == "Kept here."


def test_everything_goes_and_memory_works_on(filed: SqliteStore, path: Path) -> None:
    """Rows, index, keys and tombstones; numbers are not given twice; no byte of it stays."""
    number = three(filed)
    note = add_note(filed, "keeps quokkas in Porto")
    filed.erasure.erase_memory(note.id, NOW)
    add_note(filed, "works on the Zanzibar project")
    filed.typed.add("quokka please", NOW)
    filed.transcripts.rename(number, "Zanzibar")
    keys = behind(filed).rows("SELECT * FROM meta WHERE name LIKE '%key%'")
    done = filed.erasure.erase(Erasing(everything=True), NOW)
    assert filed.erasure.check((), done.forms).traces == 0
    assert filed.transcripts.sessions() == []
    assert filed.memories.all() == []
    left = behind(filed).rows("SELECT * FROM meta WHERE name LIKE '%key%'")
    assert {name for name, _ in left} == {name for name, _ in keys}
    assert not set(left) & set(keys)
    assert behind(filed).number("SELECT count(*) FROM tombstones") == 0
    for gone in ("Zanzibar", "quokka", "thing to say"):
        assert files_with(path.parent, gone) == []
    assert vocabulary(filed) == set()
    assert add_note(filed, "new").id > note.id
    assert add_turn(filed, "Hello again.", "Hi.").session_id > number
    assert found(filed, "again")
    filed.close()
    assert sound(path)


def test_what_came_of_an_erasure_is_looked_for_in_every_byte(filed: SqliteStore, path: Path) -> None:
    """A file of memchat's own that still holds a phrase is named; another person's file is nobody's business."""
    add_turn(filed, "Zebedee and Zebedeeson.", "ok")
    done = filed.erasure.erase(phrases("Zebedee"), NOW)
    checked = filed.erasure.check(["Zebedee"], done.forms)
    assert (checked.traces, checked.untold) == (0, ())
    assert checked.size > 4096
    assert Path(checked.files[0]) == path
    path.with_name("memchat.db-left").write_text("it was Zebedee")
    path.with_name("mine.txt").write_text("Zebedee")
    draft = path.with_name("draft.txt")
    draft.write_text("Zebedee!")
    checked = filed.erasure.check(["Zebedee"], done.forms, files=[draft, path.with_name("not there")])
    assert [Path(one).name for one in checked.found] == ["memchat.db-left", "draft.txt"]
    filed.erasure.redact([draft, path.with_name("not there")], ["Zebedee"])
    assert draft.read_text() == f"{MARK}!"
    filed.erasure.redact([draft], ["Zebedee"])


def test_a_file_that_cannot_be_read_may_hold_the_words(plain_user: Path, opened: Opener) -> None:
    """It is named as a trace, when all is erased already; so is none that goes away meanwhile."""
    path = plain_user / "memchat.db"
    store = opened(path)
    add_turn(store, "Zebedee was here.", "ok")
    closed = path.with_name("memchat.db-closed")
    closed.touch(mode=0)
    path.with_name("memchat.db-gone").symlink_to("nowhere")
    done = store.erasure.erase(phrases("Zebedee"), NOW)
    assert store.erasure.check(["Zebedee"], done.forms).found == (str(closed),)
    assert held(behind(store), path.with_name("memchat.db-gone"), {"Zebedee": b"Zebedee"}) == set()


def test_what_would_go_can_be_looked_at_where_nothing_can_be_written(plain_user: Path, opened: Opener) -> None:
    """`--dry-run` on a disk that can only be read; saving goes on being refused."""
    path = plain_user / "memchat.db"
    with closing(open_store(path)) as store:
        add_turn(store, "John is here, and Johnny.", "ok")
    plain_user.chmod(0o500)
    path.chmod(0o400)
    store = opened(path)
    trails = store.erasure.trails(["John"])
    assert ([spot.ref for spot in trails.spots], trails.alike) == (["s1.1"], (("Johnny", "s1.1"),))
    assert store.erasure.check(["John"]).rows == ("parts.content",)
    with pytest.raises(StoreError, match="can only be read"):
        add_note(store, "new")


def test_a_copy_in_a_free_page_is_found_and_the_file_written_anew(filed: SqliteStore, path: Path) -> None:
    """SQLite without secure_delete would leave one: the file is vacuumed, and clean then."""
    note = add_note(filed, "Wulfstan " * 2_000)
    behind(filed).rows("PRAGMA secure_delete = OFF")
    behind(filed).rows("DELETE FROM memories WHERE id = ?", note.id)
    behind(filed).rows("PRAGMA wal_checkpoint(TRUNCATE)")
    assert files_with(path.parent, "Wulfstan")
    checked = filed.erasure.check(["Wulfstan"])
    assert (checked.traces, checked.vacuumed) == (0, True)
    assert files_with(path.parent, "Wulfstan") == []


def test_where_somebody_reads_the_trace_is_told(filed: SqliteStore, path: Path) -> None:
    """The journal cannot be emptied then: that is said, and done by the next who opens it."""
    add_turn(filed, "Wulfstan was here.", "ok")
    behind(filed).rows("PRAGMA busy_timeout = 1")
    reader = apsw.Connection(str(path))
    reader.execute("BEGIN").fetchall()
    reader.execute("SELECT * FROM parts").fetchall()
    done = filed.erasure.erase(phrases("Wulfstan"), NOW)
    checked = filed.erasure.check(["Wulfstan"], done.forms)
    assert checked.found
    assert checked.traces == len(checked.found)
    reader.close()
    filed.close()
    open_store(path).close()
    assert files_with(path.parent, "Wulfstan") == []


def test_bytes_tell_nothing_of_short_words_and_of_memchats_own(filed: SqliteStore) -> None:
    """`chat` stands in every database, two letters anywhere: rows and index were looked at, and that is said."""
    add_turn(filed, "Jo likes to chat.", "ok")
    done = filed.erasure.erase(phrases("Jo", "chat"), NOW)
    assert texts(filed, 1)[0] == f"{MARK} likes to {MARK}."
    checked = filed.erasure.check(["Jo", "chat"], done.forms)
    assert checked.traces == 0
    assert set(checked.untold) == {"Jo", "chat"}


def test_every_column_is_looked_at_also_those_to_come(memory: SqliteStore) -> None:
    """Nobody has to remember to name a new one."""
    behind(memory).rows("CREATE TABLE later (id INTEGER PRIMARY KEY, words TEXT, told TEXT) STRICT")
    behind(memory).rows("INSERT INTO later VALUES (1, 'Zebedee', '[\"Zebedee\"]'), (2, 'Zebedeeson', NULL)")
    behind(memory).rows('INSERT INTO later VALUES (3, \'{"a": "Zebedee", "b": 1}\', NULL)')
    assert memory.erasure.check(["Zebedee"]).rows == ("later.told", "later.words")
    behind(memory).rows("DELETE FROM later WHERE id <> 2")
    assert memory.erasure.check(["Zebedee"]).rows == ()


def test_the_index_is_asked_for_words_that_no_row_holds(memory: SqliteStore) -> None:
    """A row changed behind its back: the vocabulary counts more than the rows hold."""
    add_turn(memory, "Zebedee is here.", "ok")
    behind(memory).rows("UPDATE parts SET content = 'Nobody is here.' WHERE content LIKE 'Zebedee%'")
    assert memory.erasure.check(["Zebedee"]).terms == ("zebede",)


def test_a_damaged_index_does_not_hide_anything(memory: SqliteStore) -> None:
    """Without it everything is read; emoji are in no index anyway."""
    add_turn(memory, "Zebedee 🎉", "ok")
    assert [spot.ref for spot in memory.erasure.trails(["🎉"]).spots] == ["s1.1"]
    behind(memory).rows("DROP TABLE words_of_messages")
    behind(memory).rows("DROP TABLE words_of_sessions")
    assert [spot.ref for spot in memory.erasure.trails(["Zebedee"]).spots] == ["s1.1"]
    assert memory.erasure.frequency("Zebedee", 5) == 0
    assert memory.erasure.check(["Zebedee"]).rows == ("parts.content",)


def test_look_alikes_come_with_a_place(memory: SqliteStore) -> None:
    """And only those that the index knows."""
    add_turn(memory, "Johnny and Johnson met John.", "ok")
    assert memory.erasure.trails(["John"]).alike == (("Johnny", "s1.1"), ("Johnson", "s1.1"))
    assert memory.erasure.trails(["Jo"]).alike == ()


def test_a_killed_cleaning_is_done_at_the_next_start(path: Path, opened: Opener) -> None:
    """Backups and what a restore replaced hold the words: the next who opens the database deletes them."""
    store = opened()
    add_turn(store, "Zebedee was here.", "ok")
    behind(store).rows("INSERT INTO meta VALUES ('to_clean', 1)")
    copies = [path.with_name(f"memchat.db.{name}") for name in ("backup-v3-x", "replaced-20261101T000000Z")]
    for copy in copies:
        copy.write_text("Zebedee")
    assert store.erasure.copies() == copies
    opened()
    assert not any(copy.exists() for copy in copies)
    assert behind(store).column("SELECT 1 FROM meta WHERE name = 'to_clean'") == []


def test_what_was_shown_a_memory_is_known(memory: SqliteStore) -> None:
    """With the question, that is: what every chat carries says nothing of one turn."""
    turn, note = add_turn(memory), add_note(memory, "allergic to peanuts")
    for zone in (Zone.HEAD, Zone.TAIL):
        memory.usages.record_shown(turn.session_id, 1, [Passage(Layer.NOTE, zone, note.ref, "line", "text", 3)], NOW)
    assert memory.erasure.shown([note.id]) == [(1, 1)]
    assert memory.erasure.shown([]) == []


def test_turns_of_old_are_known(memory: SqliteStore) -> None:
    """Conversations that are all old, and of others the old turns."""
    old = add_turn(memory, "old", at=NOW)
    both = add_turn(memory, "old too", at=NOW)
    add_turn(memory, "new", session_id=both.session_id, at=LATER)
    assert memory.erasure.aged(LATER) == ([old.session_id], [(both.session_id, 1)])


def test_an_erasure_that_fails_erased_nothing(filed: SqliteStore, path: Path) -> None:
    """One transaction: a memory that is gone undoes the phrases, too."""
    add_turn(filed, "Zebedee", "ok")
    with pytest.raises(NotFoundError):
        filed.erasure.erase(phrases("Zebedee", memories=(7,)), NOW)
    assert texts(filed, 1)[0] == "Zebedee"
    assert filed.erasure.epoch() == 0


Encrypted = Callable[[], SqliteStore]


def test_an_encrypted_database_is_looked_at_as_it_reads(path: Path) -> None:
    """Bytes of the file would prove nothing: its pages are looked at decrypted."""
    from memchat.store import encryption, rewriting

    open_store(path).close()
    key = encryption.from_passphrase("secret")
    rewriting.rewrite(path, None, key)
    store = open_store(path, unlock=lambda _: key)
    add_turn(store, "Zebedee was here.", "ok")
    behind(store).rows("PRAGMA secure_delete = OFF")
    note = add_note(store, "Wulfstan " * 900)
    behind(store).rows("DELETE FROM memories WHERE id = ?", note.id)
    behind(store).rows("DELETE FROM sources")
    checked = store.erasure.check(["Wulfstan"])
    assert checked.vacuumed
    done = store.erasure.erase(phrases("Zebedee"), NOW)
    assert store.erasure.check(["Zebedee"], done.forms).traces == 0
    store.close()


def test_a_file_that_cannot_be_written_anew_keeps_its_trace(filed: SqliteStore, path: Path) -> None:
    """Somebody reads just now: the trace is told, and nothing is claimed."""
    note = add_note(filed, "Wulfstan " * 2_000)
    behind(filed).rows("PRAGMA secure_delete = OFF")
    behind(filed).rows("DELETE FROM memories WHERE id = ?", note.id)
    behind(filed).rows("PRAGMA wal_checkpoint(TRUNCATE)")
    behind(filed).rows("PRAGMA busy_timeout = 1")
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE").fetchall()
    checked = filed.erasure.check(["Wulfstan"])
    assert (checked.traces, checked.vacuumed) == (1, False)
    assert Path(checked.found[0]) == path
    other.close()


def test_a_journal_within_a_transaction_is_not_emptied(filed: SqliteStore) -> None:
    """It is done by the next start then."""
    from memchat.store import disk

    with filed.transaction():
        add_note(filed, "x")
        assert not disk.empty_journal(behind(filed))


def test_names_of_files_are_looked_at_and_pictures_are_not_text(memory: SqliteStore) -> None:
    """A picture's name is somebody's words; its bytes are not."""
    turn = add_turn(memory, "Look.", "Nice.")
    picture = Part(PartKind.IMAGE, Origin.FILE, "Sm9obg==", name="John.png", mime="image/png")
    memory.transcripts.add_message(turn.session_id, 1, Role.USER, (picture,), parent=turn.messages[-1].id, at=NOW)
    assert memory.erasure.check(["John"]).rows == ("parts.name",)
    assert memory.erasure.erase(phrases("John"), NOW).places == 1
    assert memory.transcripts.path(1)[-1].parts[0].name == f"{MARK}.png"
    assert memory.transcripts.path(1)[-1].parts[0].content == "Sm9obg=="
    assert memory.erasure.check(["John"]).traces == 0


def test_what_does_not_hold_the_words_is_left_alone(memory: SqliteStore) -> None:
    """Beside them: other lines typed, other reasons, other talks; a source without a place in the message."""
    turn = add_turn(memory, "John and Mei.", "ok")
    loose = Source(Origin.TYPED, NOW, "Mei", turn.session_id, 1, turn.user.id)
    note = memory.memories.add(NewMemory("Mei", loose, why="Mei waits"), NOW)
    memory.typed.add("hello Mei", NOW)
    memory.transcripts.rename(turn.session_id, "Mei")
    memory.erasure.erase(phrases("John", labels=(1,), parts=(turn.user.parts[0].id,)), NOW)
    kept = memory.memories.get(note.id)
    assert (kept.why, kept.sources[0].quote, memory.typed.newest(1)) == ("Mei waits", "Mei", ["hello Mei"])
    assert memory.transcripts.session(1).title == "Mei"
    assert texts(memory, 1)[0] == f"{MARK} and Mei."


def test_rows_can_go_without_a_tombstone(memory: SqliteStore) -> None:
    """An older copy may bring them back then."""
    number = three(memory)
    memory.erasure.erase(Erasing(sessions=(number,), buries=False), NOW)
    assert behind(memory).number("SELECT count(*) FROM tombstones") == 0


def test_words_that_all_say_tell_nothing_of_the_index(memory: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in hundreds of rows is passed over; nothing is found for no phrases."""
    add_turn(memory, "Zebedee is here.", "ok")
    behind(memory).rows("UPDATE parts SET content = 'Nobody is here.' WHERE content LIKE 'Zebedee%'")
    monkeypatch.setattr("memchat.store.erased_terms._EVERYDAY", 0)
    assert memory.erasure.check(["Zebedee"]).traces == 0
    assert memory.erasure.trails([]).spots == ()


def test_a_look_alike_is_told_once(memory: SqliteStore) -> None:
    """However often it stands there, and however it is written."""
    add_turn(memory, "Johnny, JOHNNY, Upjohn and Johnnys.", "ok")
    assert [word for word, _ in memory.erasure.trails(["John"]).alike] == ["JOHNNY", "Johnnys"]


def test_a_folder_that_cannot_be_read_has_at_least_the_file(tmp_path: Path) -> None:
    """The database itself is looked at in any case."""
    assert own_files(tmp_path / "gone" / "memchat.db") == [tmp_path / "gone" / "memchat.db"]


def test_only_files_that_are_named_after_the_database_are_looked_at(tmp_path: Path) -> None:
    """With an end behind its whole name: another's file may begin like it."""
    named = ["memory", ".memory-unfinished", "memory-wal", "memory.backup-v3-x"]
    for name in (*named, "memories of Porto.txt", "memory2", ".memory"):
        (tmp_path / name).touch()
    (tmp_path / "memory-folder").mkdir()
    assert [one.name for one in own_files(tmp_path / "memory")] == named


def test_a_reply_without_the_words_is_found_on(memory: SqliteStore) -> None:
    """Only the parts that hold them are barred; the message's others stay in the index."""
    turn = add_turn(memory, "John likes quinces.", "Pears are near.")
    more = (*turn.user.parts, Part(PartKind.TEXT, Origin.TYPED, "And marmalade."))
    memory.transcripts.add_message(1, 1, Role.USER, more, parent=turn.messages[-1].id, at=NOW)
    memory.erasure.erase(phrases("John", bars=True), NOW)
    assert found(memory, "quinces") == []
    assert found(memory, "marmalade")
    assert found(memory, "Pears")

"""What was erased whole does not come back by an older export or backup, and what was barred stays barred."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from memchat.cli.carry_view import imported, imported_json
from memchat.domain import (
    Change,
    Erasing,
    Layer,
    MemoryStatus,
    NewMemory,
    Origin,
    Part,
    PartKind,
    Passage,
    Role,
    SessionKind,
    Source,
    Zone,
)
from memchat.store import restoring
from memchat.store.connection import SqliteStore, open_store

from tests.builders import add_note, add_turn, found, spoken, typed
from tests.cli.screens import pipe
from tests.conftest import NOW
from tests.store.carrying import exported, records, take, written
from tests.store.conftest import Opener, behind, files_with, sound, vocabulary
from tests.store.test_restoring import back_up, restore

LATER = NOW + timedelta(hours=6)
WALNUTS, SAFFRON, CEDAR = "The walnuts are in the attic.", "The saffron is in the drawer.", "The cedar is outside."


def filled(store: SqliteStore) -> SqliteStore:
    """Two conversations: one of three turns with a summary and a memory, one of a single turn with a picture."""
    for text in (WALNUTS, SAFFRON, CEDAR):
        turn = add_turn(store, text, f"Noted: {text}", session_id=1 if text != WALNUTS else None)
        store.typed.add(text, NOW)
        if text == SAFFRON:
            part = turn.user.parts[0]
            source = Source(Origin.TYPED, NOW, text, 1, turn.number, turn.user.id, part.id, (0, len(text)))
            store.memories.add(NewMemory("keeps a rare spice at home", source), NOW)
    store.transcripts.summarise(1, "Wanted: walnuts, saffron, cedar.", ["saffron"])
    store.transcripts.entitle(1, "About saffron")
    shown = [
        Passage(Layer.EPISODE, Zone.TAIL, "s1.2", "", "", 3),
        Passage(Layer.SESSION, Zone.HEAD, "s1", "", "", 3),
        Passage(Layer.NOTE, Zone.HEAD, "m1", "", "", 3),
    ]
    other = add_turn(store, "Look at this.", "A copper kettle.", at=NOW)
    store.usages.record_shown(other.session_id, 1, shown, NOW)
    picture = Part(PartKind.IMAGE, Origin.FILE, "aGVsbG8=", name="kettle.png", mime="image/png")
    session = store.transcripts.session(other.session_id)
    asked = store.transcripts.add_message(
        session.id, 2, Role.USER, (*typed("And this."), picture), parent=session.leaf, at=NOW
    )
    store.transcripts.add_message(session.id, 2, Role.ASSISTANT, spoken("A kettle."), parent=asked.id, at=NOW)
    store.transcripts.entitle(session.id, "Copper kettles")
    return store


@pytest.fixture
def there(memory: SqliteStore) -> SqliteStore:
    """A store that holds all of it."""
    return filled(memory)


def texts(store: SqliteStore) -> list[str]:
    """All that the transcripts hold, in order."""
    return behind(store).column("SELECT content FROM parts WHERE content IS NOT NULL ORDER BY id")


def test_a_turn_that_was_erased_whole_stays_out(there: SqliteStore) -> None:
    """Its words, what was typed for it, and the quote of a memory that rested on it; the path closes over the gap."""
    before = exported(there)
    there.erasure.erase(Erasing(turns=((1, 2),)), LATER)
    after = exported(there)
    done = take(there, before)
    assert done.gone["message"] == 2
    assert "message" not in done.added
    assert [turn.user.text for turn in there.transcripts.turns(1)] == [WALNUTS, CEDAR]
    assert not [text for text in texts(there) if "saffron" in text]
    [source] = there.memories.get(1).sources
    assert (source.quote, source.message_id, source.span) == ("", None, None)
    assert there.typed.newest(5) == [CEDAR, WALNUTS]
    assert "saffron" not in vocabulary(there)
    assert exported(there) == after


def test_a_conversation_that_was_erased_whole_stays_out(there: SqliteStore) -> None:
    """With title, summary, pictures, and what others were shown of it."""
    before = exported(there)
    there.erasure.erase(Erasing(sessions=(1, 2)), LATER)
    done = take(there, before)
    assert (done.gone["session"], done.gone["message"]) == (2, 10)
    assert texts(there) == []
    for table in ("sessions", "messages", "blobs", "shown"):
        assert behind(there).rows(f"SELECT * FROM {table}") == []  # noqa: S608 - the names are ours
    assert not {"kettle", "walnut", "saffron"} & vocabulary(there)
    assert b"saffron" not in exported(there)


def test_words_said_after_an_erased_turn_elsewhere_hang_below_the_one_before(there: SqliteStore) -> None:
    """The conversation went on in another place; here its second turn was erased: the new turn follows the third."""
    with closing(open_store(None)) as elsewhere:
        take(elsewhere, exported(there), mask_secrets=False)
        add_turn(elsewhere, "And the larch?", "By the pond.", session_id=1)
        file = exported(elsewhere)
    there.erasure.erase(Erasing(turns=((1, 3),)), LATER)
    done = take(there, file)
    assert done.added["message"] == 2
    assert [turn.user.text for turn in there.transcripts.turns(1)] == [WALNUTS, SAFFRON, "And the larch?"]
    assert sound_store(there)


def test_a_file_whose_parents_go_round_in_a_circle_ends(there: SqliteStore) -> None:
    """Messages that stay out and name each other: nothing is taken in, nobody waits for ever."""
    file = records(exported(there))
    messages = [line for line in file if line["type"] == "message" and line["session"] == 1]
    there.erasure.erase(Erasing(turns=((1, 1),)), LATER)
    asked, answered, *_ = messages
    asked["parent"] = answered["id"]
    assert take(there, written(file)).gone["message"] == 2
    assert [turn.user.text for turn in there.transcripts.turns(1)] == [SAFFRON, CEDAR]


def test_another_database_knows_nothing_of_it(there: SqliteStore) -> None:
    """Erased here is not erased there: a file of this one brings it, as it stood then."""
    before = exported(there)
    there.erasure.erase(Erasing(sessions=(1,)), LATER)
    with closing(open_store(None)) as other:
        add_note(other, "something of its own")
        assert take(other, before).gone == {}


def test_without_tombstones_it_comes_back(there: SqliteStore) -> None:
    """As was asked for."""
    before = exported(there)
    there.erasure.erase(Erasing(sessions=(1,), buries=False), LATER)
    assert take(there, before).added["session"] == 1
    assert SAFFRON in texts(there)


def test_a_backup_of_before_loses_what_was_erased_whole(path: Path, opened: Opener, tmp_path: Path) -> None:
    """A turn, another conversation, what was typed; what hung on them is put right, and no byte is left."""
    store = filled(opened())
    backup = back_up(store, tmp_path / "elsewhere" / "backup.db")
    add_turn(store, "since then")
    store.erasure.erase(Erasing(turns=((1, 2),), sessions=(2,)), LATER)
    store.close()
    done = restore(path, backup)
    assert done.redacted > 0
    with closing(open_store(path)) as back:
        assert [session.id for session in back.transcripts.sessions()] == [1]
        assert [turn.user.text for turn in back.transcripts.turns(1)] == [WALNUTS, CEDAR]
        one = back.transcripts.session(1)
        assert (one.title, one.summary, one.topics) == ("", "", ())
        assert back.memories.get(1).sources[0].quote == ""
        assert back.typed.newest(5) == [CEDAR, WALNUTS]
    for each in restoring.replaced_by(path):
        each.unlink()
    for word in ("saffron", "kettle"):
        assert files_with(path.parent, word) == []
    assert sound(path)


def test_what_was_barred_since_is_barred_in_a_backup_of_before(path: Path, opened: Opener, tmp_path: Path) -> None:
    """Its words stay for `sessions show`, and are neither found nor summed up; the memory stays away."""
    store = filled(opened())
    leaf = store.transcripts.session(1).leaf
    add_turn(store, "More saffron?", session_id=1)
    store.transcripts.set_leaf(1, leaf)  # taken back: it is in no index
    backup = back_up(store, tmp_path / "elsewhere" / "backup.db")
    store.erasure.erase(Erasing(memories=(1,), phrases=("saffron",), bars=True), LATER)
    store.close()
    restore(path, backup)
    with closing(open_store(path)) as back:
        assert back.memories.all() == []
        assert SAFFRON in texts(back)
        assert [turn.user.text for turn in back.transcripts.turns(1)] == [WALNUTS, "", CEDAR]
        assert found(back, "saffron") == []
        assert "saffron" not in vocabulary(back)
        one = back.transcripts.session(1)
        assert (one.title, one.summary) == ("About [erased]", "")


def test_an_import_of_before_leaves_barred_words_as_they_are(there: SqliteStore) -> None:
    """The memory stays out; the words that were kept on purpose are neither shown again nor erased."""
    before = exported(there)
    there.erasure.erase(Erasing(memories=(1,), phrases=("saffron",), bars=True), LATER)
    assert take(there, before).blocked == 1
    assert SAFFRON in texts(there)
    assert there.transcripts.turns(1)[1].user.text == ""
    assert found(there, "saffron") == []


def sound_store(store: SqliteStore) -> bool:
    """Whether no reference leads nowhere."""
    return not behind(store).rows("PRAGMA foreign_key_check")


def test_one_shots_are_kept_out_too(memory: SqliteStore) -> None:
    """They are conversations of one turn."""
    turn = add_turn(memory, "One question about juniper.", kind=SessionKind.ONESHOT)
    before = exported(memory)
    memory.erasure.erase(Erasing(sessions=(turn.session_id,)), LATER)
    assert take(memory, before).added == {}


def test_what_was_erased_from_names_and_labels_is_so_in_a_backup(path: Path, opened: Opener, tmp_path: Path) -> None:
    """A file's name, a picture's, a conversation's, a summary that told it alone, why a memory waits."""
    store = opened()
    for number, part in enumerate(
        (
            Part(PartKind.FILE, Origin.FILE, "One list.", name="saffron.txt"),
            Part(PartKind.IMAGE, Origin.FILE, "aGVsbG8=", name="saffron.png", mime="image/png"),
        )
    ):
        session = store.transcripts.create_session(
            SessionKind.CHAT, at=NOW, model="x", host="", learn=True, name=f"saffron {number}"
        )
        asked = store.transcripts.add_message(session.id, 1, Role.USER, (*typed("Look."), part), parent=None, at=NOW)
        store.transcripts.add_message(session.id, 1, Role.ASSISTANT, spoken("I see."), parent=asked.id, at=NOW)
    add_turn(store, "Something else.")
    store.transcripts.summarise(3, "Wanted: the saffron.", ["saffron"])
    store.transcripts.rename(3, "Of saffron")
    hand = Source(Origin.HAND, NOW)
    store.memories.add(NewMemory("waits", hand, status=MemoryStatus.PENDING, why="goals holds m9 saffron"), NOW)
    backup = back_up(store, tmp_path / "elsewhere" / "backup.db")
    store.erasure.erase(Erasing(phrases=("saffron",)), LATER)
    store.close()
    restore(path, backup)
    for each in restoring.replaced_by(path):
        each.unlink()
    assert files_with(path.parent, "saffron") == []
    with closing(open_store(path)) as back:
        assert back.transcripts.session(3).title == "Of [erased]"
        assert [part.name for number in (1, 2) for part in back.transcripts.path(number)[0].parts] == [
            *("", "[erased].txt"),
            *("", "[erased].png"),
        ]
        assert "saffron" not in vocabulary(back)


def test_a_backup_that_nothing_was_erased_since_comes_back_as_it_was(
    path: Path, opened: Opener, tmp_path: Path
) -> None:
    """Titles, summaries and what was barred before, too."""
    store = filled(opened())
    store.erasure.erase(Erasing(memories=(1,), phrases=("saffron",), bars=True), LATER)
    store.transcripts.summarise(1, "Wanted: walnuts.", [])
    backup = back_up(store, tmp_path / "elsewhere" / "backup.db")
    store.transcripts.rename(1, "Called otherwise since")
    store.close()
    restore(path, backup)
    with closing(open_store(path)) as back:
        one = back.transcripts.session(1)
        assert (one.title, one.summary) == ("About [erased]", "Wanted: walnuts.")
        assert SAFFRON in texts(back)
        assert found(back, "saffron") == []


def test_forgetting_takes_the_file_that_a_restore_replaced(path: Path, opened: Opener, tmp_path: Path) -> None:
    """It holds all that was there."""
    store = filled(opened())
    backup = back_up(store, tmp_path / "elsewhere" / "backup.db")
    store.close()
    restore(path, backup)
    assert len(restoring.replaced_by(path)) == 1
    with closing(open_store(path)) as back:
        back.erasure.erase(Erasing(memories=(1,), phrases=("saffron",)), LATER)
    assert restoring.replaced_by(path) == []
    assert files_with(path.parent, "saffron") == []


def test_what_an_import_kept_out_is_told(there: SqliteStore) -> None:
    """In a line and for scripts; and rows that went whole count as no forgotten memory."""
    before = exported(there)
    there.erasure.erase(Erasing(sessions=(2,)), LATER)
    done = take(there, before)
    assert any("1 conversation and 4 messages that you erased here" in line for line in imported(pipe(), done))
    assert imported_json(done)["erased_here"] == {"session": 1, "message": 4, "shown": 3}
    assert [one for one in there.usages.changed() if one.change is Change.FORGOTTEN] == []


@pytest.mark.parametrize("sign", ["", "100 % ! of_it! ", "'"])
def test_what_was_typed_goes_with_its_turn_also_where_words_were_barred_before(there: SqliteStore, sign: str) -> None:
    """It says `[erased]` where the transcript keeps the word; what is like it but for other words stays."""
    for text in (f"{sign}The saffron, again.", f"{sign}The cedar, again."):
        add_turn(there, text, session_id=2)
        there.typed.add(text, NOW)
    there.erasure.erase(Erasing(phrases=("saffron",), bars=True), LATER)
    assert f"{sign}The [erased], again." in there.typed.newest(9)
    there.erasure.erase(Erasing(turns=((2, 3),)), LATER)
    assert there.typed.newest(2) == [f"{sign}The cedar, again.", CEDAR]

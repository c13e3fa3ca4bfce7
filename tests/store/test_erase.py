"""Forgetting: the memory, its versions, the words it rests on, in rows, index, journal and backups."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Grave, Layer, Memory, NewMemory, Origin, Part, PartKind, Passage, Role, Source, Turn, Zone
from memchat.errors import NotFoundError, StoreError
from memchat.memory.words import words
from memchat.ports import Store
from memchat.store.connection import SqliteStore, open_store
from memchat.store.redaction import MARK

from tests.builders import add_note, add_turn, found, spoken, typed
from tests.conftest import NOW
from tests.store.conftest import HERE, Opener, behind, files_with, leased, sound, take_in, vocabulary

SAID = "My name is Alice, I live in Taipei and I am allergic to peanuts."


def learn(store: Store, turn: Turn, quote: str, text: str, *, field: str = "", spanned: bool = True) -> Memory:
    """A memory that rests on a quote from a turn's message."""
    part = turn.user.parts[0]
    start = part.content.index(quote)
    span = (start, start + len(quote)) if spanned else None
    source = Source(Origin.TYPED, NOW, quote, turn.session_id, turn.number, turn.user.id, part.id, span)
    return store.memories.add(NewMemory(text, source, field), NOW)


def said(store: Store, turn: Turn) -> str:
    """What the user's message holds now."""
    return store.transcripts.message(turn.user.id).parts[0].content


def test_the_quote_is_erased_and_other_facts_keep_their_source(store: Store) -> None:
    """Each of the three facts of one sentence goes alone."""
    turn = add_turn(store, SAID, "Noted.")
    name = learn(store, turn, "My name is Alice", "Alice", field="display_name")
    place = learn(store, turn, "I live in Taipei", "Taipei", field="location")
    allergy = learn(store, turn, "I am allergic to peanuts", "allergic to peanuts")
    epoch = store.erasure.epoch()
    assert store.erasure.erase_memory(place.id, NOW) == 1
    assert store.erasure.epoch() == epoch + 1
    assert said(store, turn) == f"My name is Alice, {MARK} and I am allergic to peanuts."
    with pytest.raises(NotFoundError):
        store.memories.get(place.id)
    for kept, quote in ((name, "My name is Alice"), (allergy, "I am allergic to peanuts")):
        [source] = store.memories.get(kept.id).sources
        assert source.quote == quote
        assert source.span is not None
        assert said(store, turn)[slice(*source.span)] == quote
    assert found(store, "Taipei") == []
    assert found(store, "peanuts")[0].message_id == turn.user.id
    store.erasure.erase_memory(allergy.id, NOW)
    store.erasure.erase_memory(name.id, NOW)
    assert said(store, turn) == f"{MARK}, {MARK} and {MARK}."


def test_words_that_two_memories_rest_on_are_gone_for_both(store: Store) -> None:
    """The kept one keeps what is left of its quote; one without a span of its own too."""
    turn = add_turn(store, SAID, "Noted.")
    gone = learn(store, turn, "I live in Taipei", "Taipei", field="location")
    wide = learn(store, turn, "My name is Alice, I live in Taipei", "Alice", field="display_name")
    same = learn(store, turn, "I live in Taipei", "likes Taipei")
    loose = learn(store, turn, "I live in Taipei and I am allergic", "allergic", spanned=False)
    store.erasure.erase_memory(gone.id, NOW)
    assert [store.memories.get(kept.id).sources[0].quote for kept in (wide, same, loose)] == [
        "My name is Alice",
        "",
        f"{MARK} and I am allergic",
    ]
    assert store.memories.get(same.id).sources[0].span is None


def test_all_versions_go_together(store: Store) -> None:
    """Whichever of them was named, withdrawn ones included."""
    cities = ("Lisbon", "Porto", "Taipei")
    turns = [add_turn(store, f"I live in {city} now.", "Noted.") for city in cities]
    chain = [
        learn(store, turn, f"I live in {city} now", city, field="location")
        for turn, city in zip(turns, cities, strict=True)
    ]
    other = add_note(store, "allergic to peanuts")
    for old, new in pairwise(chain):
        store.memories.supersede(old.id, new.id, NOW)
    store.memories.withdraw(chain[1].id, NOW + timedelta(hours=1))
    assert [m.id for m in store.erasure.versions(chain[0].id)] == [m.id for m in chain]
    assert store.erasure.erase_memory(chain[1].id, NOW) == 3
    assert [m.id for m in store.memories.all()] == [other.id]
    assert {said(store, turn) for turn in turns} == {f"{MARK}."}
    with pytest.raises(NotFoundError, match="no memory m1"):
        store.erasure.versions(chain[0].id)


def test_a_telling_quote_goes_wherever_it_is_repeated(store: Store) -> None:
    """In a later reply that cites it, in other sessions, in titles, and in the history of typing."""
    turn = add_turn(store, "我對花生過敏，住在台北。", "記下了。")
    later = add_turn(store, "我不能吃什麼？", "花生。你說：「我對花生過敏」（s1.1）")
    memory = learn(store, turn, "我對花生過敏", "對花生過敏")
    store.transcripts.rename(turn.session_id, "我對花生過敏，住…")
    store.transcripts.rename(later.session_id, "吃什麼")
    store.typed.add("我對花生過敏，住在台北。", NOW)
    store.typed.add("/remember 對花生過敏", NOW)
    store.typed.add("你好", NOW)
    assert store.erasure.erase_memory(memory.id, NOW) == 2
    assert said(store, turn) == f"{MARK}，住在台北。"
    assert store.transcripts.message(later.messages[1].id).text == f"花生。你說：「{MARK}」（s1.1）"
    assert [s.title for s in store.transcripts.sessions()] == ["吃什麼", f"{MARK}，住…"]
    assert store.typed.newest(3) == ["你好", f"/remember {MARK}", f"{MARK}，住在台北。"]


def test_a_single_word_goes_only_where_it_was_said_and_answered(store: Store) -> None:
    """Elsewhere the same word may mean another; what the tools and the reply made of it goes too."""
    turn = add_turn(store, "Alice", "Hello Alice, noted.")
    call = Part(PartKind.TOOL_CALL, Origin.MODEL, '{"arguments": "{\\"text\\": \\"Alice\\"}"}', name="remember")
    called = store.transcripts.add_message(
        turn.session_id, 1, Role.ASSISTANT, (call,), parent=turn.messages[-1].id, at=NOW
    )
    other = add_turn(store, "Alice in Wonderland is a book.", "By Carroll.")
    memory = learn(store, turn, "Alice", "Alice", field="display_name")
    assert store.erasure.erase_memory(memory.id, NOW) == 3
    assert said(store, turn) == MARK
    assert store.transcripts.message(turn.messages[1].id).text == f"Hello {MARK}, noted."
    assert "Alice" not in store.transcripts.message(called.id).parts[0].content
    assert said(store, other) == "Alice in Wonderland is a book."


def test_what_was_taken_off_the_path_is_erased_and_stays_off(memory: SqliteStore) -> None:
    """An undone turn holds the words as well; it must not come back into the index."""
    turn = add_turn(memory, "I live in Taipei.", "Noted.")
    note = learn(memory, turn, "I live in Taipei", "Taipei", field="location")
    memory.transcripts.set_leaf(turn.session_id, None)
    memory.erasure.erase_memory(note.id, NOW)
    assert said(memory, turn) == f"{MARK}."
    assert vocabulary(memory) == set()


def test_a_span_that_no_longer_fits_harms_nothing(store: Store) -> None:
    """The quote itself is searched then."""
    turn = add_turn(store, "I live in Taipei.", "Noted.")
    part = turn.user.parts[0].id
    source = Source(Origin.TYPED, NOW, "I live in Taipei", turn.session_id, 1, turn.user.id, part, (90, 99))
    memory = store.memories.add(NewMemory("Taipei", source), NOW)
    assert store.erasure.erase_memory(memory.id, NOW) == 1
    assert said(store, turn) == f"{MARK}."


def taken_in(store: Store, turn: Turn, summary: str, *topics: str) -> None:
    """A conversation that was summarised, with a title by the model."""
    assert store.jobs.enqueue_left(turn.session_id, NOW)
    take_in(store, leased(store))
    store.transcripts.summarise(turn.session_id, summary, topics)
    store.transcripts.entitle(turn.session_id, f"Title of s{turn.session_id}")


def test_no_summary_outlives_the_words_it_rests_on(store: Store) -> None:
    """It may say them in others: it goes with topics, mark and title, and what is left is learned from anew."""
    said_in = add_turn(store, "I am allergic to peanuts. And how do I set rate limits?", "Noted.")
    cited = add_turn(store, "What did I say?", "I am allergic to peanuts.")
    told = add_turn(store, "What shall I cook?", "Rice.")
    topic = add_turn(store, "What shall I buy?", "Rice.")
    other = add_turn(store, "Hello.", "Hello!")
    memory = learn(store, said_in, "I am allergic to peanuts", "allergic to peanuts")
    taken_in(store, said_in, "Wanted: limits. Cannot eat groundnuts.")
    taken_in(store, cited, "Wanted: to know what was said.")
    taken_in(store, told, "Wanted: a dish for somebody allergic to peanuts.")
    taken_in(store, topic, "Wanted: a list.", "rice", "I am allergic to peanuts")
    taken_in(store, other, "Wanted: peanuts.", "nuts")
    store.transcripts.rename(cited.session_id, "By hand")
    store.erasure.erase_memory(memory.id, NOW)
    found = [store.transcripts.session(number) for number in range(1, 6)]
    assert [session.summary for session in found] == ["", "", "", "", "Wanted: peanuts."]
    assert [session.topics for session in found] == [(), (), (), (), ("nuts",)]
    assert [session.title for session in found] == ["", "By hand", "", "", "Title of s5"]
    assert [session.mark is None for session in found] == [True, True, True, True, False]
    assert store.jobs.sweep(HERE, NOW) == 4


def test_a_memory_without_words_left_takes_the_summary_along(store: Store) -> None:
    """Its words were withdrawn before; where it was said is known all the same."""
    turn = add_turn(store, "I live in Taipei.", "Noted.")
    source = Source(Origin.TYPED, NOW, "", turn.session_id, 1)
    memory = store.memories.add(NewMemory("Taipei", source, "location"), NOW)
    taken_in(store, turn, "Pending: nothing.")
    store.erasure.erase_memory(memory.id, NOW)
    assert store.transcripts.session(turn.session_id).mark is None


def test_a_memory_set_by_hand_leaves_no_row(store: Store) -> None:
    """It rests on no message; what it was shown to goes with it."""
    turn, note = add_turn(store), add_note(store, "allergic to peanuts")
    shown = Passage(Layer.NOTE, Zone.HEAD, note.ref, "line", "text", 3)
    store.usages.record_shown(turn.session_id, 1, [shown], NOW)
    assert store.erasure.erase_memory(note.id, NOW) == 0
    assert store.memories.all() == []


def test_what_is_not_there_cannot_be_erased(store: Store) -> None:
    """And changes nothing: others need not reload."""
    with pytest.raises(NotFoundError, match="no memory m3"):
        store.erasure.erase_memory(3, NOW)
    assert store.erasure.epoch() == 0


def test_no_file_and_no_vocabulary_holds_the_words_afterwards(filed: SqliteStore, path: Path) -> None:
    """Rows, freed pages, journal and index: FTS5 compresses prefixes, so its vocabulary is asked too."""
    turn = add_turn(filed, "My sister Xanthippe keeps quokkas in Porto. " * 200, "How nice.")
    memory = learn(filed, turn, "My sister Xanthippe keeps quokkas", "sister Xanthippe keeps quokkas")
    filed.typed.add("My sister Xanthippe keeps quokkas in Porto.", NOW)
    assert files_with(path.parent, "Xanthippe")
    assert filed.erasure.erase_memory(memory.id, NOW) == 200
    for erased in ("Xanthippe", "anthippe", "quokka"):
        assert files_with(path.parent, erased) == []
    assert not {"xanthipp", "quokka", "sister"} & vocabulary(filed)
    assert "porto" in vocabulary(filed)
    filed.close()
    assert files_with(path.parent, "Xanthippe") == []
    assert sound(path)


def test_each_text_leaves_a_tombstone(store: Store) -> None:
    """Of every version, so that none of them is learned again; what was kept is not refused."""
    first = add_note(store, "works at the harbour office in Porto")
    second = add_note(store, "teaches swimming to children in Taipei")
    again = add_note(store, "teaches swimming to children in Taipei!")
    store.memories.supersede(first.id, second.id, NOW)
    store.memories.supersede(second.id, again.id, NOW)
    store.memories.withdraw(second.id, NOW)
    add_note(store, "likes tea and rain")
    later = NOW + timedelta(days=2)
    store.erasure.erase_memory(first.id, later)
    for said in (first.text, "I work at the harbour office of Porto", second.text):
        assert store.tombstones.find("", words(said)) == Grave(later)
    assert store.tombstones.find("", words("likes tea and rain")) is None


def test_a_field_value_leaves_one_for_its_field(memory: SqliteStore) -> None:
    """One word alone says little elsewhere; two texts of the same words are one."""
    old, new = add_note(memory, "Taipei", field="location"), add_note(memory, "taipei", field="location")
    memory.memories.supersede(old.id, new.id, NOW)
    memory.erasure.erase_memory(new.id, NOW)
    assert memory.tombstones.find("location", words("in Taipei")) == Grave(NOW)
    assert memory.tombstones.find("", words("has a sister in Taipei")) is None
    assert behind(memory).number("SELECT count(*) FROM tombstones") == 1


def test_the_reason_why_another_waits_is_cleaned(store: Store) -> None:
    """It may name what stood in its way, now or before it was taken back; other reasons stay as they are."""
    goal = add_note(store, "learn Go", field="goals")
    other = add_note(store, "sing", field="goals")

    def because(why: str) -> Memory:
        return store.memories.add(NewMemory("x", Source(Origin.HAND, NOW), why=why), NOW)

    named = because(f"goals holds 2 already: {goal.ref} learn Go, {other.ref} sing")
    taken = because("you want to learn Go")
    plain = because("you sing about it")
    store.memories.withdraw(taken.id, NOW, why="you asked again")
    store.erasure.erase_memory(goal.id, NOW)
    store.erasure.erase_memory(other.id, NOW)
    store.memories.restore(taken.id, NOW)
    whys = [store.memories.get(one.id).why for one in (named, taken, plain)]
    assert whys == [f"goals holds 2 already: {MARK}, {MARK}", f"you want to {MARK}", "you sing about it"]


def test_no_word_of_an_erased_note_stays(filed: SqliteStore, path: Path) -> None:
    """Nor in its freed cells and pages, nor among what was counted or must not be learned again."""
    notes = []
    with filed.transaction():
        for number in range(400):
            add_note(filed, f"likes tea{number} and rain with Mei{number * 7 % 400}")
            secret = f"keeps quokka{number * 13 % 400} near xanthippe{number:03} " + f"fills{number} " * (number % 9)
            notes.append(add_note(filed, secret))
    filed.usages.record_ignored({"a question": 3}, NOW)
    for note in notes[::3]:
        filed.erasure.erase_memory(note.id, NOW)
    everything = b"".join(file.read_bytes() for file in path.parent.iterdir())
    held = {number for number in range(400) if f"xanthippe{number:03}".encode() in everything}
    assert held == set(range(400)) - set(range(0, 400, 3))
    with filed.transaction():
        for note in notes[1::3] + notes[2::3]:
            filed.erasure.erase_memory(note.id, NOW)
    for erased in ("uokka", "anthippe", "fills"):
        assert files_with(path.parent, erased) == []
    assert files_with(path.parent, "rain with Mei7")
    left = set(behind(filed).column("SELECT DISTINCT memory_id FROM memory_words"))
    assert left == {memory.id for memory in filed.memories.all()}
    filed.close()
    assert files_with(path.parent, "uokka") == []
    assert sound(path)


def test_backups_that_memchat_made_go_with_it(filed: SqliteStore, path: Path) -> None:
    """They hold the words as they were."""
    backup = path.with_name("memchat.db.backup-v1-20261122T011400Z")
    backup.write_text("I live in Taipei")
    mine = path.with_name("my own copy")
    mine.write_text("mine")
    filed.erasure.erase_memory(add_note(filed, "Taipei").id, NOW)
    assert not backup.exists()
    assert mine.exists()


def test_a_backup_that_cannot_be_deleted_is_named(plain_user: Path, opened: Opener) -> None:
    """The user must do it: memchat does not claim more than it did."""
    folder = plain_user / "sub"
    store = opened(folder / "memchat.db")
    note = add_note(store, "Taipei")
    (folder / "memchat.db.backup-v1-x").write_text("Taipei")
    folder.chmod(0o500)
    with pytest.raises(StoreError, match=r"the automatic backup .*backup-v1-x may still hold it"):
        store.erasure.erase_memory(note.id, NOW)
    assert store.memories.all() == []
    folder.chmod(0o700)


def test_a_reader_elsewhere_does_not_stop_the_erasing(filed: SqliteStore, path: Path) -> None:
    """The journal is emptied later; the words are erased for everybody at once."""
    note = add_note(filed, "Taipei")
    behind(filed).rows("PRAGMA busy_timeout = 1")
    reader = apsw.Connection(str(path))
    reader.execute("BEGIN").fetchall()
    reader.execute("SELECT * FROM memories").fetchall()
    filed.erasure.erase_memory(note.id, NOW)
    assert filed.memories.all() == []
    reader.close()


def failing(store: Store, memory: Memory) -> None:
    """A transaction that erases, then fails."""
    with store.transaction():
        store.erasure.erase_memory(memory.id, NOW)
        raise ZeroDivisionError


def test_an_erasure_that_is_rolled_back_erased_nothing(filed: SqliteStore, path: Path) -> None:
    """Neither rows nor backups: all or nothing."""
    note = add_note(filed, "Taipei")
    backup = path.with_name("memchat.db.backup-v1-x")
    backup.touch()
    with pytest.raises(ZeroDivisionError):
        failing(filed, note)
    with filed.transaction(), pytest.raises(ZeroDivisionError):
        failing(filed, note)
    assert filed.memories.get(note.id).text == "Taipei"
    assert backup.exists()
    assert filed.erasure.epoch() == 0


CLAUSES = ("I like tea", "I hate rain", "I own a cat", "我住台北市", "我愛吃蘭花", "Mei is my sister")
TALKS = st.lists(st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=4), min_size=1, max_size=5)


@given(TALKS, st.sets(st.sampled_from(CLAUSES), min_size=1))
@settings(max_examples=40, deadline=None)
def test_the_index_agrees_with_the_words_that_are_left(talks: list[list[str]], forgotten: set[str]) -> None:
    """Whatever is forgotten: erased phrases are nowhere, kept ones are found and quoted right."""
    store = open_store(None)
    turns = [add_turn(store, ", ".join(clauses), "ok") for clauses in talks]
    known = {
        clause: learn(store, turn, clause, clause)
        for turn, clauses in zip(turns, talks, strict=True)
        for clause in clauses
    }
    for clause in sorted(forgotten & set(known)):
        store.erasure.erase_memory(known.pop(clause).id, NOW)
    left = [said(store, turn) for turn in turns]
    assert not [clause for clause in forgotten for text in left if clause in text]
    for clause, memory in known.items():
        for source in store.memories.get(memory.id).sources:
            assert source.span is not None
            assert source.message_id is not None
            assert store.transcripts.message(source.message_id).parts[0].content[slice(*source.span)] == clause
    fresh = open_store(None)
    for text in left:
        add_turn(fresh, text, "ok")
    assert vocabulary(store) == vocabulary(fresh)
    store.close()
    fresh.close()


def test_long_histories_keep_no_copy_in_freed_pages(filed: SqliteStore, path: Path) -> None:
    """Pages that grow, split and overflow leave nothing behind either."""
    transcripts = filed.transcripts
    first = add_turn(filed, "start", "ok")
    parent = first.messages[-1].id
    notes = []
    for number in range(120):
        filler = f"word{number} " * (number * 7 % 90)
        secret = f"{filler}My secret number {number} is quokka{number}. {filler}"
        with filed.transaction():
            user = transcripts.add_message(
                first.session_id, number + 2, Role.USER, typed(secret), parent=parent, at=NOW
            )
            parent = transcripts.add_message(
                first.session_id, number + 2, Role.ASSISTANT, spoken(f"quoted: quokka{number}"), parent=user.id, at=NOW
            ).id
            turn = Turn(first.session_id, number + 2, (user,))
            notes.append(learn(filed, turn, f"My secret number {number} is quokka{number}", f"quokka{number}"))
    with filed.transaction():
        for note in notes:
            filed.erasure.erase_memory(note.id, NOW)
    assert files_with(path.parent, "okka") == []
    assert not [term for term in vocabulary(filed) if "okka" in term]

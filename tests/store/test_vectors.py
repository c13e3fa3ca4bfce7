"""Vectors: what lacks them, what is kept, and what is near; with vectors that a test can reckon by hand."""

import random
import tracemalloc
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from math import pi, sqrt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from memchat.domain import Search, Unembedded
from memchat.errors import IndexDamagedError
from memchat.memory.pieces import MOST
from memchat.ports import Store
from memchat.store import vectors
from memchat.store.connection import SqliteStore, open_store
from memchat.store.numbering import PIECE_BITS
from memchat.store.signs import Signs, cosines, packed

from tests.builders import add_note, add_turn
from tests.conftest import NOW
from tests.store.conftest import Opener, behind

DIM = 96


def vector(text: str, dim: int = DIM) -> bytes:
    """Signed bytes that hang on the text's words alone: what shares words is near."""
    total = [0.0] * dim
    for word in text.lower().split():
        source = random.Random(word)  # a text seeds the same everywhere
        total = [one + source.uniform(-1, 1) for one in total]
    length = sqrt(sum(one * one for one in total)) or 1.0
    return bytes(round(127 * one / length) & 255 for one in total)


def embed(store: Store, name: str = "w", dim: int = DIM, limit: int = 100) -> int:
    """Give vectors to all that lacks them; returns to how many."""
    kept = 0
    while listed := store.index.unembedded(name, dim, limit):
        kept += store.index.embed(name, dim, [(one, [vector(text, dim) for text in one.texts]) for one in listed])
    return kept


def near(store: Store, question: str, name: str = "w", **more: Any) -> list[str]:
    """The texts near a question that shares no index word, the nearest first."""
    search = Search((), vector(question), name, **more)
    found = [one for one in store.index.candidates(search).candidates if one.cosine is not None]
    return [one.text for one in sorted(found, key=lambda one: -(one.cosine or 0.0))]


def signed(vector: bytes) -> list[int]:
    """Its numbers, -128 to 127."""
    return [byte - 256 if byte > 127 else byte for byte in vector]


def exact(one: bytes, other: bytes) -> float:
    """The cosine by the book."""
    a, b = signed(one), signed(other)
    return sum(x * y for x, y in zip(a, b, strict=True)) / sqrt(sum(x * x for x in a) * sum(y * y for y in b))


def by_signs(question: bytes, other: bytes) -> float:
    """What the signs of the other tell of it: with them alone it is smaller by the mean of a bell's absolute values.

    Nothing is near a question of zeros, and nothing tells how near one without any sign is.
    """
    if not any(question) or not any(value > 0 for value in signed(other)):
        return 0.0
    told = exact(question, bytes(1 if value > 0 else 255 for value in signed(other)))
    return max(-1.0, min(told / sqrt(2 / pi), 1.0))


def test_what_lacks_vectors_is_listed_memories_first(store: Store) -> None:
    """Then messages, the newest first, in their pieces; what has some is not listed again."""
    turn = add_turn(store, "I grow walnuts.", "word " * 200)
    note = add_note(store, "grows walnuts")
    listed = store.index.unembedded("w", DIM, 10)
    assert listed[0] == Unembedded(0, note.id, ("grows walnuts",))
    assert [one.message_id for one in listed[1:]] == [turn.messages[1].id, turn.user.id]
    assert [len(one.texts) for one in listed[1:]] == [2, 1]
    assert [one.memory_id for one in store.index.unembedded("w", DIM, 1)] == [note.id]
    assert embed(store, limit=1) == 3
    assert store.index.unembedded("w", DIM, 10) == []
    late = add_turn(store, "And almonds.", "Fine.")
    assert [one.message_id for one in store.index.unembedded("w", DIM, 10)] == [late.messages[1].id, late.user.id]


def test_the_nearest_comes_first_with_its_cosine(store: Store) -> None:
    """As the question's own values and the signs of the others give it."""
    for text in ("grow walnuts in rows", "rows of walnuts and rain", "nothing of the kind", "rain"):
        add_turn(store, text, "ok")
    embed(store)
    found = store.index.candidates(Search((), vector("walnuts in rows"), "w"))
    for candidate in found.candidates:
        assert candidate.cosine == pytest.approx(by_signs(vector("walnuts in rows"), vector(candidate.text)), abs=1e-5)
    assert near(store, "walnuts in rows")[:2] == ["grow walnuts in rows", "rows of walnuts and rain"]
    beside = next(one for one in found.candidates if one.text == "rain").after
    assert beside is not None
    assert beside.cosine == pytest.approx(by_signs(vector("walnuts in rows"), vector("ok")), abs=1e-5)


def test_pieces_of_a_long_message_have_vectors_of_their_own(store: Store) -> None:
    """The piece is found, not the message."""
    add_turn(store, "start", "\n\n".join(f"{name} " * 90 for name in ("walnut", "almond", "cashew")))
    embed(store)
    found = store.index.candidates(Search((), vector("almond"), "w"))
    best = max(found.candidates, key=lambda one: one.cosine or -1)
    assert (best.piece, best.text.split()[0]) == (1, "almond")


def test_words_and_vectors_go_together(store: Store) -> None:
    """What is found by words has its cosine too, and the other way round."""
    add_turn(store, "grow walnuts", "ok")
    add_turn(store, "plant hazel", "fine")
    embed(store)
    found = store.index.candidates(Search(("walnuts",), vector("hazel"), "w"))
    known = {one.text: one.cosine for one in found.candidates}
    assert set(known) == {"grow walnuts", "ok", "plant hazel", "fine"}
    assert None not in known.values()


def test_dates_and_live_turns_bound_vectors_as_well(store: Store) -> None:
    """Since is included, until is not; a period brings its own nearest."""
    turns = [add_turn(store, f"walnuts {number}", "ok", at=NOW + timedelta(days=number)) for number in range(4)]
    embed(store)
    day = timedelta(days=1)

    def days(**more: Any) -> set[str]:
        return {text for text in near(store, "walnuts", **more) if text != "ok"}

    assert days() == {f"walnuts {number}" for number in range(4)}
    assert days(since=NOW + day, until=NOW + 3 * day) == {"walnuts 1", "walnuts 2"}
    assert days(since=NOW + 9 * day) == set()
    assert days(live=(turns[3].session_id, 1)) == {"walnuts 0", "walnuts 1", "walnuts 2"}
    assert days(since=NOW + day, periods=((NOW, NOW + 2 * day),)) == {"walnuts 1", "walnuts 2", "walnuts 3"}


def test_what_was_said_before_computers_counted_seconds_is_near_too(store: Store) -> None:
    """An import may bring letters of 1950; the clock of a computer without a battery says 1970."""
    for year in (1950, 1970, 2026, 2200):
        add_turn(store, f"walnuts {year}", "ok", at=NOW.replace(year=year))
    embed(store)
    assert len([text for text in near(store, "walnuts") if text != "ok"]) == 4


def test_another_embedder_takes_the_place_of_the_first(memory: SqliteStore) -> None:
    """Each is asked in its own language; a question by one finds nothing that the other made."""
    add_turn(memory, "grow walnuts", "ok")
    note = add_note(memory, "grows walnuts")
    assert embed(memory) == 3
    assert near(memory, "walnuts", "other") == []
    assert memory.index.memories(Search((), vector("walnuts"), "other")) == {}
    assert embed(memory, "other") == 3
    assert "grow walnuts" in near(memory, "walnuts", "other")
    assert near(memory, "walnuts") == []
    assert set(memory.index.memories(Search((), vector("walnuts"), "other"))) == {note.id}
    assert behind(memory).number("SELECT count(*) FROM vectors") == 2
    assert embed(memory, "other", 64) == 3
    assert near(memory, "walnuts", "other") == []


def test_memories_are_near_or_share_words(store: Store) -> None:
    """Notes and profile values, of whatever status; a rare word counts more than a frequent one."""
    walnuts = add_note(store, "grows walnuts and rice")
    rice = add_note(store, "likes rice")
    more = add_note(store, "eats rice")
    city = add_note(store, "臺北", field="location")
    found = store.index.memories(Search(("walnut", "rice", "台北")))
    assert set(found) == {walnuts.id, rice.id, more.id, city.id}
    assert found[walnuts.id].words > found[city.id].words > found[rice.id].words == found[more.id].words > 0
    assert sum(one.words for one in (found[walnuts.id], found[city.id])) == pytest.approx(1.0)
    assert found[walnuts.id].cosine is None
    embed(store)
    found = store.index.memories(Search(("nothing",), vector("likes rice"), "w"))
    assert {number: one.words for number, one in found.items()} == dict.fromkeys((1, 2, 3, 4), 0.0)
    assert found[rice.id].cosine == pytest.approx(by_signs(vector("likes rice"), vector("likes rice")), abs=1e-5)
    assert max(found, key=lambda number: found[number].cosine or -1) == rice.id
    store.erasure.erase_memory(rice.id, NOW)
    assert rice.id not in store.index.memories(Search(("rice",), vector("likes rice"), "w"))


def test_what_changed_since_it_was_listed_is_not_kept(store: Store) -> None:
    """Erased, withdrawn, or said otherwise by now: a vector of old words would be a trace of them."""
    turn = add_turn(store, "I grow walnuts.", "ok")
    gone = add_turn(store, "I grow almonds.", "ok")
    note = add_note(store, "grows walnuts")
    listed = store.index.unembedded("w", DIM, 10)
    store.erasure.erase_memory(note.id, NOW)
    store.transcripts.set_leaf(gone.session_id, None)
    done = [(one, [vector(text) for text in one.texts]) for one in listed]
    assert store.index.embed("w", DIM, done) == 2
    stale = Unembedded(turn.user.id, 0, ("I grow cashews.",))
    assert store.index.embed("w", DIM, [(stale, [vector("cashews")]), (stale, [])]) == 0
    assert set(near(store, "walnuts")) == {"I grow walnuts.", "ok"}


def test_a_vector_of_another_length_is_refused(store: Store) -> None:
    """It would be read as another's."""
    add_turn(store, "I grow walnuts.", "ok")
    [one, *_] = store.index.unembedded("w", DIM, 10)
    with pytest.raises(ValueError, match="one signed byte for each dimension"):
        store.index.embed("w", DIM, [(one, [b"short"])])


def test_what_left_the_path_is_not_near_and_comes_back(store: Store) -> None:
    """A process that has read the signs sees what is taken back and what comes anew, once."""
    turn = add_turn(store, "grow walnuts", "ok")
    embed(store)
    assert set(near(store, "walnuts")) == {"grow walnuts", "ok"}
    store.transcripts.set_leaf(turn.session_id, None)
    assert near(store, "walnuts") == []
    store.transcripts.set_leaf(turn.session_id, turn.messages[-1].id)
    assert embed(store) == 2
    assert sorted(near(store, "walnuts")) == ["grow walnuts", "ok"]


def alone(store: SqliteStore) -> None:
    """From now on it shares nothing with other stores on its file, as in a process of its own."""
    store._index.vectors._held = vectors._Held()


def test_one_process_sees_what_another_brings_and_erases(opened: Opener) -> None:
    """Signs that were read before an erasure are not kept in memory."""
    here, there = opened(), opened()
    alone(there)
    note = add_note(here, "grow walnuts")
    add_turn(here, "grow walnuts", "ok")
    embed(here)
    assert set(near(there, "walnuts")) == {"grow walnuts", "ok"}
    add_turn(here, "grow almonds", "fine")
    embed(here)
    assert set(near(there, "walnuts")) == {"grow walnuts", "ok", "grow almonds", "fine"}
    known = there._index.vectors._held.signs
    here.erasure.erase_memory(note.id, NOW)
    near(there, "walnuts")
    assert there._index.vectors._held.signs is not known
    assert there.index.memories(Search((), vector("walnuts"), "w")) == {}


def test_what_is_warmed_serves_all_stores_on_the_file(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """The chat's thread finds what another thread has read, and reads only what came since."""
    monkeypatch.setattr(vectors, "_AT_ONCE", 1)
    here = opened()
    add_turn(here, "grow walnuts", "ok")
    embed(here)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: warmed(opened())).result()
    seen = here._index.vectors._held
    known = seen.signs
    assert (seen.last, known is None) == (2, False)
    add_turn(here, "grow almonds", "fine")
    embed(here)
    assert set(near(here, "walnuts")) == {"grow walnuts", "ok", "grow almonds", "fine"}
    assert (seen.last, seen.signs) == (4, known)


def warmed(store: SqliteStore) -> None:
    """What a thread that loads things does."""
    store.index.warm()
    store.close()


def test_warming_an_empty_or_damaged_index_is_no_trouble(memory: SqliteStore) -> None:
    """There is nothing to load; or it is told as everywhere."""
    memory.index.warm()
    assert memory._index.vectors._held.signs is None
    behind(memory).rows("DROP TABLE vectors")
    with pytest.raises(IndexDamagedError):
        memory.index.warm()


def test_databases_share_nothing_with_one_another(
    memory: SqliteStore, store: Store, opened: Opener, path: Path
) -> None:
    """Neither two in memory nor two files."""
    stores = [memory, store, opened(), opened(path.with_name("other.db"))]
    for number, one in enumerate(stores):
        add_turn(one, f"walnuts {number}", "ok")
        embed(one)
    assert [set(near(one, "walnuts")) for one in stores] == [{f"walnuts {number}", "ok"} for number in range(4)]


def test_what_is_not_committed_is_not_remembered(opened: Opener) -> None:
    """What is rolled back gives its numbers to others; until the commit a store sees what was there before."""
    here, there = opened(), opened()
    add_turn(here, "grow walnuts", "ok")
    embed(here)
    assert set(near(here, "walnuts")) == {"grow walnuts", "ok"}
    with suppress(RuntimeError), here.transaction():
        add_turn(here, "grow almonds", "fine")
        embed(here)
        assert set(near(here, "walnuts")) == {"grow walnuts", "ok"}
        raise RuntimeError("undo")
    add_turn(here, "grow cashews", "good")
    embed(here)
    assert set(near(there, "walnuts")) == {"grow walnuts", "ok", "grow cashews", "good"}
    found = {one.text: one.cosine for one in there.index.candidates(Search((), vector("cashews"), "w")).candidates}
    assert found["grow cashews"] == pytest.approx(by_signs(vector("cashews"), vector("grow cashews")), abs=1e-5)


def test_within_a_first_transaction_words_answer_alone(memory: SqliteStore) -> None:
    """Nothing was read before it, and nothing may be."""
    with memory.transaction():
        add_turn(memory, "grow walnuts", "ok")
        embed(memory)
        assert near(memory, "walnuts") == []
    assert set(near(memory, "walnuts")) == {"grow walnuts", "ok"}


def test_nobody_waits_long_for_another_thread_that_reads(filed: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Among a million turns that takes seconds; words answer meanwhile."""
    add_turn(filed, "grow walnuts", "ok")
    embed(filed)
    monkeypatch.setattr(vectors, "_PATIENCE", 0.01)
    search = Search(("walnuts",), vector("walnuts"), "w")
    with filed._index.vectors._held.lock:
        found = filed.index.candidates(search)
    assert {(one.text, one.cosine) for one in found.candidates} == {("grow walnuts", None), ("ok", None)}
    assert None not in {one.cosine for one in filed.index.candidates(search).candidates}


def test_a_row_that_cannot_be_signs_is_left_out(memory: SqliteStore) -> None:
    """Whatever wrote it: the others are found."""
    add_turn(memory, "grow walnuts", "ok")
    note = add_note(memory, "grows walnuts")
    embed(memory)
    behind(memory).rows("UPDATE vectors SET signs = x'0102' WHERE message_id = 1")
    behind(memory).rows("UPDATE vectors SET signs = x'' WHERE message_id = 2")
    behind(memory).rows("UPDATE memory_vectors SET signs = x'01'")
    assert near(memory, "walnuts") == []
    assert note.id not in memory.index.memories(Search((), vector("walnuts"), "w"))
    add_turn(memory, "grow almonds", "fine")
    embed(memory)
    assert set(near(memory, "walnuts")) == {"grow almonds", "fine"}


def test_vectors_that_come_newest_first_fill_their_pages(memory: SqliteStore) -> None:
    """As the background brings them: half-empty pages would be a third of a database that grew elsewhere."""
    with memory.transaction():
        turn = add_turn(memory, "start", "ok")
        for number in range(300):
            turn = add_turn(memory, f"walnuts {number}", "ok", session_id=turn.session_id)
    while listed := memory.index.unembedded("w", 1024, 16):
        memory.index.embed("w", 1024, [(one, [bytes(1024)] * len(one.texts)) for one in listed])
    [(size, unused)] = behind(memory).rows("SELECT sum(pgsize), sum(unused) FROM dbstat WHERE name = 'vectors'")
    assert unused < size / 10


def brute(question: bytes, vectors: Sequence[bytes], limit: int) -> list[int]:
    """Places of those whose signs differ least, by the book."""

    def differing(one: bytes) -> int:
        return sum((0 < a < 128) != (0 < b < 128) for a, b in zip(one, question, strict=True))

    return sorted(range(len(vectors)), key=lambda place: differing(vectors[place]))[:limit]


def second(number: int) -> datetime:
    """That second of the epoch."""
    return datetime.fromtimestamp(number, UTC)


@given(
    st.integers(1, 130),
    st.lists(st.integers(1, 4), min_size=1, max_size=12),
    st.integers(0, 9),
    st.integers(1, 9),
    st.sampled_from(["forwards", "backwards", "mixed"]),
)
@example(1, [1], 145, 1, "forwards")  # a question of one dimension, which is zero
@settings(max_examples=60, deadline=None)
def test_signs_find_what_differs_least(dim: int, counts: list[int], seed: int, limit: int, order: str) -> None:
    """For any number of dimensions, in whatever batches and order they came; of each its cosine."""
    source = random.Random(seed)
    rows, keys, all_of = [], [], []
    for number, count in enumerate(counts, 1):
        vectors = [bytes(source.randrange(256) for _ in range(dim)) for _ in range(count)]
        rows.append((10 * number, 100, packed(b"".join(vectors), dim)))
        keys += [10 * number << PIECE_BITS | piece for piece in range(count)]
        all_of += vectors
    batches = [rows[:1], [], *(rows[start : start + 3] for start in range(1, len(rows), 3))]
    signs = Signs(dim)
    if order == "mixed":
        source.shuffle(batches)
    for batch in reversed(batches) if order == "backwards" else batches:
        signs.add(batch)
    signs.add(rows[:1])  # as of a message that left and came back
    question = bytes(source.randrange(256) for _ in range(dim))
    found = signs.nearest(question, limit=limit)
    assert list(found) == [keys[place] for place in brute(question, all_of, limit)]
    told = {key: by_signs(question, one) for key, one in zip(keys, all_of, strict=True)}
    assert found == pytest.approx({key: told[key] for key in found}, abs=1e-4)
    assert signs.cosines(question, [*keys, 5, 1 << 50]) == pytest.approx(told, abs=1e-4)
    assert signs.nearest(question, limit=limit, until=second(50)) == {}
    rest = signs.nearest(question, limit=99, since=second(100), until=second(101), outside=[10])
    assert set(rest) == {key for key in keys if key >> PIECE_BITS != 10}


@pytest.mark.parametrize("near", [range(0, 8_000, 16), range(1, 8_000, 16), range(600), range(3), range(0)])
@pytest.mark.parametrize("limit", [1, 40, 500])
def test_the_nearest_of_thousands_are_found_wherever_they_stand(near: range, limit: int) -> None:
    """Also where those that are looked at first say little about the others."""
    signs, question = Signs(64), b"\x01" * 64
    one, other = packed(question, 64), packed(b"\xff" * 64, 64)
    signs.add([(number + 1, 100 + (number in near), one if number in near else other) for number in range(8_000)])
    places = [*near, *(number for number in range(8_000) if number not in near)][:limit]
    assert list(signs.nearest(question, limit=limit)) == [place + 1 << PIECE_BITS for place in places]
    late = signs.nearest(question, limit=limit, since=second(101), until=second(102))
    assert list(late) == [place + 1 << PIECE_BITS for place in near[:limit]]


def test_nothing_is_near_where_there_is_nothing() -> None:
    """Before the first message has a vector."""
    assert Signs(64).nearest(bytes([1] * 64)) == {}
    assert Signs(64).cosines(bytes([1] * 64), [1, 2]) == {}


def test_the_signs_tell_the_cosine_about_right() -> None:
    """On the average as large as that of the whole vectors, for those that are near and those that are not."""
    source = random.Random(5)
    told, true = [], []
    for likeness in (0.0, 0.3, 0.6):
        for _ in range(40):
            one = [source.gauss(0, 1) for _ in range(256)]
            other = [likeness * value + sqrt(1 - likeness**2) * source.gauss(0, 1) for value in one]
            question, vector_ = (
                bytes(round(max(-127, min(40 * value, 127))) & 255 for value in each) for each in (one, other)
            )
            told += cosines(question, packed(vector_, 256))
            true.append(exact(question, vector_))
    assert sum(told) / len(told) == pytest.approx(sum(true) / len(true), abs=0.02)
    assert max(abs(a - b) for a, b in zip(told, true, strict=True)) < 0.2


def test_a_vector_without_direction_is_near_nothing() -> None:
    """A text without a known word may be embedded as zeros."""
    assert cosines(b"\x01" * 8, b"") == []
    assert cosines(bytes(8), packed(b"\x01" * 8 + bytes(8), 8)) == [0.0, 0.0]
    assert cosines(b"\x7f" * 8, packed(b"\x01" * 8 + b"\xff" * 8, 8)) == [1.0, 0.0]
    assert cosines(b"\x7f" * 8, packed(b"\x01" + b"\xff" * 7, 8)) == pytest.approx([-0.94], abs=0.01)


def test_an_index_without_vectors_is_asked_in_vain() -> None:
    """Words answer alone."""
    store = open_store(None)
    add_turn(store, "grow walnuts", "ok")
    found = store.index.candidates(Search(("walnuts",), vector("walnuts"), "w"))
    assert [one.cosine for one in found.candidates] == [None, None]
    store.close()


def test_signs_that_come_one_by_one_are_all_there() -> None:
    """Room is made ahead, so that not every message copies all that came before."""
    signs = Signs(64)
    rooms = set()
    for number in range(1, 2_041):
        signs.add([(number, 100, packed(bytes([number % 7 + 1] * 64), 64))])
        rooms.add(len(signs._room[0]))
    assert len(rooms) == 2
    assert list(signs.nearest(b"\x01" * 64, limit=9_999)) == [number << PIECE_BITS for number in range(1, 2_041)]


def test_a_turn_whose_reply_comes_first_copies_nothing_of_what_is_there() -> None:
    """Each turn's vectors come newest first; among 50,000 they took as long as everything else that a turn does."""
    signs, row = Signs(64), packed(bytes([1] * 64), 64)
    signs.add([(number, number, row) for number in range(1, 50_001)])
    signs.add([(50_001, 50_001, row)])  # makes room ahead
    tracemalloc.start()
    try:
        signs.add([(50_003, 50_003, row), (50_002, 50_002, row)])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 50_000
    assert len(signs.cosines(bytes([1] * 64), [one << PIECE_BITS for one in (1, 50_001, 50_002, 50_003)])) == 4


def test_a_message_has_room_for_all_its_pieces() -> None:
    """Else the last ones would stand under the next message's numbers."""
    assert MOST <= 1 << PIECE_BITS

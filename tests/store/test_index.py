"""Past exchanges, found by their words."""

from datetime import timedelta
from typing import Any

import pytest
from memchat.domain import Candidate, Origin, Part, PartKind, Role, SessionKind
from memchat.ports import Store
from memchat.store.connection import SqliteStore

from tests.builders import add_turn, found, typed
from tests.conftest import NOW
from tests.store.conftest import vocabulary


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("I live in Taipei.", "Where do I live?"),
        ("I am allergic to peanuts.", "peanut allergy"),
        ("Café Größe", "cafe grosse größe"),
        ("我住在台北。", "台北"),
        ("我對花生過敏。", "花生"),
        ("我住在臺北。", "台北"),
        ("我住在台北。", "臺北"),
        ("我对花生过敏。", "過敏"),
        ("這個後面", "这个后面"),
        ("我對花生過敏。", "我不能吃花生嗎"),
        ("我對花生過敏。", "敏"),
        ("我愛吃蘭花", "花"),
        ("東京でラーメンを食べた", "ラーメン"),
        ("ฉันอยู่ที่เชียงใหม่", "เชียงใหม่"),
        ("서울에서 살아요", "서울"),
        ("ＢＩＬＬＩＮＧ ＡＰＩ", "billing api"),
        ("the billing API 台北", "台北"),
        ("𠮷野家", "𠮷野家"),
        ("मैं हिन्दी बोलता हूँ", "क्या तुम हिन्दी जानते हो?"),
        ("אני גר בתל אביב", "תל אביב"),
        ("أنا أسكن في القاهرة", "القاهرة"),
        ("Rock'n'roll all night", "rock'n'roll?"),
        ("ラーメン・ライス", "ン・ラ"),
        ("๑๐๐฿ต่อวัน", "฿ต่อ"),
    ],
)
def test_words_are_found_in_every_script(store: Store, said: str, asked: str) -> None:
    """Stems, accents and width are folded; scripts without spaces are found by two characters, or one."""
    add_turn(store, said, "Noted.")
    add_turn(store, "Something else entirely.", "Fine.")
    assert [one.text for one in found(store, asked)] == [said, "Noted."]


def test_only_what_was_said_is_found(memory: SqliteStore) -> None:
    """Barred parts, files, tools and their results are not in the index at all."""
    transcripts = memory.transcripts
    session = transcripts.create_session(SessionKind.CHAT, at=NOW, model="m", host="", learn=True)
    parts = (
        Part(PartKind.TEXT, Origin.TYPED, "said"),
        Part(PartKind.TEXT, Origin.TYPED, "kept", barred=True),
        Part(PartKind.FILE, Origin.FILE, "attached"),
    )
    user = transcripts.add_message(session.id, 1, Role.USER, parts, parent=None, at=NOW)
    calls = (
        Part(PartKind.TEXT, Origin.MODEL, "let me look"),
        Part(PartKind.TOOL_CALL, Origin.MODEL, "called", name="recall"),
    )
    asked = transcripts.add_message(session.id, 1, Role.ASSISTANT, calls, parent=user.id, at=NOW)
    result = (Part(PartKind.TEXT, Origin.TOOL, "returned"),)
    transcripts.add_message(session.id, 1, Role.TOOL, result, parent=asked.id, at=NOW)
    assert vocabulary(memory) == {"said", "let", "me", "look"}
    assert [one.text for one in found(memory, "said")] == ["said", "let me look"]
    assert found(memory, "kept attached called returned") == []


def test_dates_narrow_the_search(store: Store) -> None:
    """`since` is included, `until` is not."""
    days = [NOW + timedelta(days=number) for number in range(3)]
    for number, day in enumerate(days):
        add_turn(store, f"peanuts {number}", "ok", at=day)

    def texts(**bounds: Any) -> list[str]:
        return sorted(one.text for one in found(store, "peanuts", **bounds) if one.text != "ok")

    assert texts() == ["peanuts 0", "peanuts 1", "peanuts 2"]
    assert texts(since=days[1]) == ["peanuts 1", "peanuts 2"]
    assert texts(until=days[1]) == ["peanuts 0"]
    assert texts(since=days[1], until=days[2]) == ["peanuts 1"]
    assert texts(since=days[2] + timedelta(days=1)) == []


def test_a_long_message_is_found_by_any_of_its_pieces(store: Store) -> None:
    """The piece that matches comes first; a message that is all about something else does not hide it."""
    long = "\n\n".join(f"The {name} grows in the shade. " * 20 for name in ("walnut", "almond", "cashew"))
    add_turn(store, "Tell me.", long)
    add_turn(store, "walnuts and almonds and " + "rain and wind and snow and hail and " * 12, "ok")
    for name in ("walnut", "almond", "cashew"):
        best = found(store, f"{name} shade")[0]
        assert (best.length, f"The {name} grows" in best.text) == (len(long), True)


def test_putting_a_message_in_twice_or_out_twice_changes_nothing(memory: SqliteStore) -> None:
    """The index holds no text, so it must know what it holds."""
    user = add_turn(memory, "peanuts 花生", "ok").user
    memory._index.put(user.id)
    assert memory._index.drop(user.id)
    assert not memory._index.drop(user.id)
    assert vocabulary(memory) == {"ok"}
    memory._index.put(user.id)
    assert vocabulary(memory) == {"ok", "peanut", "花生", "生"}
    assert memory._index.text_of(user.id) == typed("peanuts 花生")[0].content


def segments(store: SqliteStore) -> list[int]:
    """How many segments FTS5 keeps apart, of messages and of titles."""
    return [
        store.database.number("SELECT count(DISTINCT segid) FROM words_of_messages_idx"),
        store.database.number("SELECT count(DISTINCT segid) FROM words_of_sessions_idx"),
    ]


def test_what_is_written_bit_by_bit_is_merged(filed: SqliteStore) -> None:
    """A little with each turn; what is found stays the same."""
    left = grown(filed)
    while filed.index.merge(whole=False):
        pass
    assert max(segments(filed)) < 4
    assert found(filed, "walnut") == left
    assert filed.index.health().sound


def test_many_segments_of_different_sizes_become_one_where_nobody_waits(filed: SqliteStore) -> None:
    """While somebody chats they stay."""
    left = grown(filed)
    # As if they were not of one size.
    filed.database.rows("INSERT INTO words_of_messages (words_of_messages, rank) VALUES ('usermerge', 16)")
    filed.database.rows("INSERT INTO words_of_sessions (words_of_sessions, rank) VALUES ('usermerge', 16)")
    many = segments(filed)
    assert not filed.index.merge(whole=False)
    assert segments(filed) == many
    with filed.transaction():
        add_turn(filed, "And an oak.")  # what this writes down was not merged
        assert not filed.index.merge(whole=False)
    while filed.index.merge(whole=True):
        pass
    assert segments(filed) == [1, 1]
    assert found(filed, "walnut") == left
    assert filed.index.health().sound


def grown(store: SqliteStore) -> list[Candidate]:
    """Conversations that left at least six segments in each table; what is found of one word."""
    for number in range(4):
        session_id = add_turn(store, f"The walnut tree {number} bears.", "Good.").session_id
        store.transcripts.rename(session_id, f"Trees {number}")
        store.transcripts.rename(session_id, f"Orchard {number}")
    store.transcripts.set_leaf(session_id, None)
    assert min(segments(store)) >= 6
    return found(store, "walnut")

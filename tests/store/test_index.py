"""Past exchanges, found by their words."""

from datetime import datetime, timedelta

import pytest
from memchat.domain import Origin, Part, PartKind, Role, SessionKind
from memchat.ports import Store
from memchat.store.connection import SqliteStore

from tests.builders import add_turn, spoken, typed
from tests.conftest import NOW
from tests.store.conftest import vocabulary


def found(store: Store, query: str) -> list[str]:
    """The texts a question finds, best first."""
    return [hit.text for hit in store.index.search(query, limit=10)]


def test_a_hit_tells_who_said_what_when_and_where(store: Store) -> None:
    """Enough to quote it with its source."""
    turn = add_turn(store, "I live in Taipei.", "Noted.")
    store.transcripts.rename(turn.session_id, "About me")
    [hit] = store.index.search("where do I live?", limit=5)
    assert (hit.ref, hit.text, hit.at, hit.role) == ("s1.1", "I live in Taipei.", NOW, Role.USER)
    assert (hit.message_id, hit.relevance, hit.title) == (turn.user.id, 1.0, "About me")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
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
        ("Rock'n'roll all night", "rock'n'roll?"),
        ("ラーメン・ライス", "ン・ラ"),
        ("๑๐๐฿ต่อวัน", "฿ต่อ"),
    ],
)
def test_words_are_found_in_every_script(store: Store, said: str, asked: str) -> None:
    """Stems, accents and width are folded; scripts without spaces are found by two characters, or one."""
    add_turn(store, said, "Noted.")
    add_turn(store, "Something else entirely.", "Fine.")
    assert found(store, asked) == [said]


def test_the_best_comes_first_and_relevance_falls(store: Store) -> None:
    """Between 1 and 0, within one search."""
    for text in ("peanuts", "peanuts and walnuts on the table", "walnuts, peanuts, cashews", "rain"):
        add_turn(store, text, "Noted.")
    hits = store.index.search("walnuts cashews peanuts", limit=10)
    assert hits[0].text == "walnuts, peanuts, cashews"
    relevances = [hit.relevance for hit in hits]
    assert relevances == sorted(relevances, reverse=True)
    assert relevances[0] == 1.0
    assert relevances[-1] > 0


def test_both_scripts_of_a_question_count(store: Store) -> None:
    """One that holds the word and the pieces stands before those that hold one of them."""
    for text in ("the API in Porto", "台北的天氣", "台北的 API"):
        add_turn(store, text, "Noted.")
    assert found(store, "台北 API")[0] == "台北的 API"


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
    assert found(memory, "said") == ["said"]
    assert found(memory, "kept attached called returned") == []


def test_dates_narrow_the_search(store: Store) -> None:
    """`since` is included, `until` is not."""
    days = [NOW + timedelta(days=number) for number in range(3)]
    for number, day in enumerate(days):
        add_turn(store, f"peanuts {number}", "ok", at=day)

    def texts(since: datetime | None = None, until: datetime | None = None) -> list[str]:
        hits = store.index.search("peanuts", limit=9, since=since, until=until)
        return sorted(hit.text for hit in hits)

    assert texts() == ["peanuts 0", "peanuts 1", "peanuts 2"]
    assert texts(since=days[1]) == ["peanuts 1", "peanuts 2"]
    assert texts(until=days[1]) == ["peanuts 0"]
    assert texts(since=days[1], until=days[2]) == ["peanuts 1"]
    assert texts(since=days[2] + timedelta(days=1)) == []


def test_the_limit_holds_and_the_newest_wins_among_equals(store: Store) -> None:
    """Nothing is asked for: nothing comes."""
    turns = [add_turn(store, "peanuts", "ok") for _ in range(3)]
    hits = store.index.search("peanuts", limit=2)
    assert [hit.session_id for hit in hits] == [turns[2].session_id, turns[1].session_id]
    assert store.index.search("peanuts", limit=0) == []


def test_a_long_message_is_found_as_a_whole_by_any_of_its_pieces(store: Store) -> None:
    """Once, by the best of them."""
    long = "\n\n".join(f"The {name} grows in the shade. " * 20 for name in ("walnut", "almond", "cashew"))
    add_turn(store, "Tell me.", long)
    add_turn(store, "walnuts and almonds and " + "rain and wind and snow and hail and " * 12, "ok")
    for query in ("walnut", "almond", "cashew shade"):
        assert found(store, query).count(long) == 1
    assert found(store, "cashew shade")[0] == long


def test_rare_words_decide_and_the_newest_of_many_are_ranked(store: Store) -> None:
    """A word in every message neither hides a rare one nor makes each search read everything."""
    with store.transaction():
        turn = add_turn(store, "weather in Lisbon", "ok")
        parent = turn.messages[-1].id
        for number in range(600):
            message = store.transcripts.add_message(
                turn.session_id, 1, Role.ASSISTANT, spoken(f"weather {number}"), parent=parent, at=NOW
            )
            parent = message.id
    assert found(store, "the weather of Lisbon")[0] == "weather in Lisbon"
    newest = store.index.search("weather", limit=3)
    assert len(newest) == 3
    assert min(hit.message_id for hit in newest) > 100
    old = NOW - timedelta(days=1)
    assert store.index.search("weather", limit=3, until=old) == []


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

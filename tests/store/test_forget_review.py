"""Words that stand there written otherwise than they are looked for, and that the index alone would not find."""

import json

import pytest
from memchat.domain import Erasing, Origin, Part, PartKind, Role
from memchat.store.connection import SqliteStore
from memchat.store.redaction import MARK
from memchat.store.word_places import Words

from tests.builders import add_turn
from tests.conftest import NOW

WRITTEN_OTHERWISE = [
    ("Strasse", "Die Straße ist laut.", f"Die {MARK} ist laut."),
    ("Straße", "DIE STRASSE IST LAUT.", f"DIE {MARK} IST LAUT."),
    ("Γιώργος", "Ο ΓΙΩΡΓΟΣ ήρθε.", f"Ο {MARK} ήρθε."),
    ("Алена", "Моя сестра Алёна.", f"Моя сестра {MARK}."),
    ("Алёна", "Моя сестра АЛЕНА.", f"Моя сестра {MARK}."),
    ("שלום", "אמר שָׁלוֹם לי", f"אמר {MARK} לי"),
    ("John", "Call Jo\u200bhn today.", f"Call {MARK} today."),
    ("John", "Call J\u00ado\u00adh\u00adn today.", f"Call {MARK} today."),
    ("John", "Call \u2066John\u2069 today.", f"Call \u2066{MARK}\u2069 today."),
    ("John", "Call J\u0336o\u0336h\u0336n\u0336 today.", f"Call {MARK} today."),
    ("Jo\u200dhn", "Call John today.", f"Call {MARK} today."),
    ("がっこう", "か\u3099っこうへ行く", f"{MARK}へ行く"),
    ("パリ", "ハ\u309aリが好き", f"{MARK}が好き"),
    ("ガス", "ｶﾞｽ代", f"{MARK}代"),
    ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8 사람", f"{MARK} 사람"),
    ("\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국 사람", f"{MARK} 사람"),
]


@pytest.mark.parametrize(("sought", "written", "left"), WRITTEN_OTHERWISE)
def test_a_word_is_found_however_it_is_written(memory: SqliteStore, sought: str, written: str, left: str) -> None:
    """Case, accents, marks that nobody sees, letters in several characters; in what was said and in its title."""
    turn = add_turn(memory, written, "Noted.")
    memory.transcripts.rename(turn.session_id, written)
    trails = memory.erasure.trails((sought,))
    assert [(spot.ref, spot.places) for spot in trails.spots] == [("s1.1", 1)]
    assert trails.titles == (1,)
    memory.erasure.erase(Erasing(phrases=(sought,)), NOW)
    assert memory.transcripts.path(1)[0].text == left
    assert memory.transcripts.session(1).title == left
    assert memory.erasure.check((sought,)).traces == 0


def test_words_that_only_hold_one_stay_whatever_is_between_their_letters() -> None:
    """A mark that nobody sees makes no new word."""
    assert Words(("John",)).places("John\u200bson, Jo\u00adhnny, 한국") == []
    assert Words(("한",)).places("\u1112\u1161 is another syllable") == []


@pytest.mark.parametrize("sought", ['Anna "Ann" Lee', "C:\\Users\\Ann", '"Ann" Lee'])
def test_quotation_marks_and_backslashes_hide_nothing_in_what_a_tool_gave(memory: SqliteStore, sought: str) -> None:
    """JSON writes them with a backslash before each."""
    turn = add_turn(memory, "What do you know?", "Nothing.")
    content = json.dumps({"text": f"known as {sought}."})
    part = Part(PartKind.TOOL_RESULT, Origin.TOOL, content, name="recall", call_id="1")
    memory.transcripts.add_message(1, 1, Role.TOOL, (part,), parent=turn.messages[-1].id, at=NOW)
    assert memory.erasure.check((sought,)).rows == ("parts.content",)
    assert [spot.ref for spot in memory.erasure.trails((sought,)).spots] == ["s1.1"]
    memory.erasure.erase(Erasing(phrases=(sought,)), NOW)
    assert memory.transcripts.path(1)[-1].parts[0].content == json.dumps({"text": f"known as {MARK}."})
    assert memory.erasure.check((sought,)).traces == 0


def test_the_check_of_rows_sees_words_with_other_white_space_between_them(memory: SqliteStore) -> None:
    """As the search does: what was left would be told."""
    add_turn(memory, "She lives in\n  Porto.", "Noted.")
    assert memory.erasure.check(("lives in Porto",)).rows == ("parts.content",)


@pytest.mark.parametrize("number", [70, 1200])
def test_hundreds_of_words_are_erased_and_looked_for_at_once(memory: SqliteStore, number: int) -> None:
    """SQLite takes no condition that is nested a thousand deep; the check comes when all is erased already."""
    turn = add_turn(memory, "John told word00069 to Mei.", "Noted, Mei.")
    memory.transcripts.rename(turn.session_id, "On word00069")
    sought = (*(f"word{place:05}" for place in range(number)), "Mei")
    assert [(spot.ref, spot.places) for spot in memory.erasure.trails(sought).spots] == [("s1.1", 3)]
    assert memory.erasure.check(sought).rows == ("parts.content", "sessions.title")
    memory.erasure.erase(Erasing(phrases=sought), NOW)
    assert memory.transcripts.path(1)[0].text == f"John told {MARK} to {MARK}."
    assert memory.erasure.check(sought).traces == 0

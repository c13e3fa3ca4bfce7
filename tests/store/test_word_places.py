"""Where words that are to be erased stand: whole words, folded; JSON in its values alone."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.store.redaction import MARK
from memchat.store.word_places import Words, changed, low_of, said


@pytest.mark.parametrize(
    ("phrase", "text", "left"),
    [
        ("John", "John's mother, JOHN and john.", f"{MARK}'s mother, {MARK} and {MARK}."),
        ("John", "Johnny and Johnson, St-John", f"Johnny and Johnson, St-{MARK}"),
        ("john", "Ｊｏｈｎ and Jöhn and Jo\u0308hn", f"{MARK} and {MARK} and {MARK}"),
        ("Jöhn", "John", MARK),
        ("John Smith", "John\n  SMITH is here", f"{MARK} is here"),
        ("John", "在John家, xJohn, John_2", f"在{MARK}家, xJohn, {MARK}_2"),
        ("林美華", "編輯是林美華，林美华也是", f"編輯是{MARK}，{MARK}也是"),
        ("花生", "我對花生醬過敏", f"我對{MARK}醬過敏"),
        ("이", "이것은 이", f"{MARK}것은 {MARK}"),
        ("नाम", "नामा नाम", f"नामा {MARK}"),
        ("🎉", "party 🎉🎉!", f"party {MARK}!"),
        ("C++", "I write C++ and C.", f"I write {MARK} and C."),
        ("erased", f"a {MARK} thing, erased", f"a {MARK} thing, {MARK}"),
        ("straße", "STRASSE", MARK),
        ("4711", "room 4711, 47110", f"room {MARK}, 47110"),
        ("a b", "aa b a b", f"aa b {MARK}"),
        ("Jö", "Jo\u0308 and jo\u0308!", f"{MARK} and {MARK}!"),
        ("カ", "カメラ", f"{MARK}メラ"),
        ("か", "がく", "がく"),
    ],
)
def test_whole_words_are_found_however_they_are_written(phrase: str, text: str, left: str) -> None:
    """Case, width, accents and both Chinese scripts are one; what only holds the letters is another word."""
    assert Words([phrase]).without(text) == left


def test_nothing_is_found_for_nothing() -> None:
    """No phrases, or white space alone."""
    assert Words([]).places("anything") == []
    assert Words([" ", ""]).places("   ") == []
    assert not Words(["x"]).hold("")


def test_look_alikes_are_told_as_they_are_written() -> None:
    """Words that begin with one: another person's name, often."""
    assert Words(["John"]).alike("Johnny met John, Johnson and St. Upjohn.") == {"Johnny", "Johnson"}
    assert Words(["jo\u0308r"]).alike("Jörgens") == {"Jörgens"}


def test_json_is_changed_in_its_values_alone() -> None:
    """Keys are memchat's own words; JSON within JSON is read, and what has nothing to change stays as it was."""
    inner = json.dumps({"text": "call John", "field": "note"})
    call = json.dumps({"arguments": inner, "John": 7, "deep": [["John", 4711, None, True]]})
    sought = Words(["John", "text", "4711"])
    new = json.loads(changed("tool_call", call, sought.without))
    assert json.loads(new["arguments"]) == {"text": f"call {MARK}", "field": "note"}
    assert new[MARK] == 7
    assert new["deep"] == [[MARK, MARK, None, True]]
    assert "call John" in set(said("tool_call", call))
    odd = '{"a":   1}'
    assert changed("tool_call", odd, sought.without) == odd
    assert changed("tool_call", json.dumps({"arguments": "plain"}), sought.without) == '{"arguments": "plain"}'


@pytest.mark.parametrize("text", ["{not json John", "[" * 50_000, '"John"', "John"])
def test_what_is_no_json_is_text(text: str) -> None:
    """A tool may give anything."""
    assert "John" not in changed("tool_result", text, Words(["John"]).without)


def test_json_that_is_deep_is_read_all_the_same() -> None:
    """Below a hundred levels as text."""
    deep = json.dumps({"a": "John"})
    for _ in range(150):
        deep = f'[{deep}, "x"]'
    assert "John" not in changed("tool_result", deep, Words(["John"]).without)
    assert any("John" in text for text in said("tool_result", deep))


def test_in_plain_text_braces_mean_nothing() -> None:
    """What a person typed is text, whatever it looks like."""
    assert changed("text", '{"text": "John"}', Words(["text"]).without) == f'{{"{MARK}": "John"}}'


TEXT = st.text(st.sampled_from("jJohnｊÖö\u0308 的台X.\n'\u200b"), max_size=30)


@given(st.lists(TEXT, max_size=3), TEXT)
@settings(deadline=None)
def test_what_was_taken_out_is_not_found_again(phrases: list[str], text: str) -> None:
    """Whatever is looked for in whatever, once is enough."""
    sought = Words(phrases)
    left = sought.without(text)
    assert sought.places(left) == [], left
    for span in sought.places(text):
        assert low_of(text[slice(*span)]).strip() != ""

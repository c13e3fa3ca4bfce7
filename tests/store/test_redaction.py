"""Where words stand, and what is left when they go."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from memchat.store import redaction
from memchat.store.redaction import MARK


@pytest.mark.parametrize(
    ("phrase", "text", "left"),
    [
        ("John", "John and Johnny, not Mojohn. John", f"{MARK} and Johnny, not Mojohn. {MARK}"),
        ("花生", "我對花生過敏，花生。", f"我對{MARK}過敏，{MARK}。"),
        ("Alice", "我叫Alice。", f"我叫{MARK}。"),
        ("John", r'{"text": "Hello\nJohn"}', rf'{{"text": "Hello\n{MARK}"}}'),
        ("John", r'{"text": "\u3002John"}', rf'{{"text": "\u3002{MARK}"}}'),
        ("對花生過敏", r'"\u5c0d\u82b1\u751f\u904e\u654f"', f'"{MARK}"'),
        ('said "no"', r'{"a": "{\"q\": \"said \\\"no\\\"\"}"}', rf'{{"a": "{{\"q\": \"{MARK}\"}}"}}'),
        ("", "anything", "anything"),
    ],
)
def test_a_phrase_goes_wherever_it_stands_as_whole_words(phrase: str, text: str, left: str) -> None:
    """Also inside JSON, and in JSON within JSON, as tool calls hold it; look-alikes stay."""
    assert redaction.redact(text, redaction.everywhere([phrase], text)) == left


SAID = "My name is Alice, I live in Taipei and I am allergic to peanuts."


def span(words: str) -> tuple[int, int]:
    """Where they stand in what was said."""
    return SAID.index(words), SAID.index(words) + len(words)


@pytest.mark.parametrize(
    ("kept", "erased", "left"),
    [
        ("I live in Taipei", ["I am allergic to peanuts"], "I live in Taipei"),
        ("I am allergic to peanuts", ["My name is Alice", "I live in Taipei"], "I am allergic to peanuts"),
        ("My name is Alice, I live in Taipei", ["My name is Alice"], "I live in Taipei"),
        ("I live in Taipei and I am allergic", ["I am allergic to peanuts"], "I live in Taipei and"),
        ("My name is Alice, I live in Taipei", ["is"], f"My name {MARK} Alice, I live in Taipei"),
        ("I live in Taipei", [SAID], None),
        ("I live in Taipei", ["I live in Taipei"], None),
        ("Alice, I", ["My name is Alice", "I live in Taipei"], None),
    ],
)
def test_a_kept_quote_moves_and_loses_only_the_erased_words(kept: str, erased: list[str], left: str | None) -> None:
    """What stands on both is erased; nothing left means no quote."""
    spans = redaction.merged(map(span, erased))
    place = redaction.moved(span(kept), SAID, spans)
    after = redaction.redact(SAID, spans)
    assert (after[slice(*place)] if place else None) == left


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda s: (s[0], s[0] + s[1])), max_size=6)


@given(st.text("ab ,。花", min_size=60, max_size=80), SPANS, st.tuples(st.integers(0, 40), st.integers(1, 12)))
@example("aaaaaaaaaa,," + "a" * 48, [(3, 11), (12, 13)], (1, 12))
def test_whatever_is_erased_the_kept_words_stay_the_same(
    text: str, erased: list[tuple[int, int]], kept: tuple[int, int]
) -> None:
    """What the moved span holds is what the old one held, the erased characters replaced by marks."""
    spans = redaction.merged(erased)
    start, end = kept[0], kept[0] + kept[1]
    place = redaction.moved((start, end), text, spans)
    gone = {i for first, last in spans for i in range(first, last)}
    if place is None:
        assert not any(text[i].isalnum() for i in range(start, end) if i not in gone)
        return
    left = redaction.redact(text, spans)[slice(*place)].replace(MARK, "")
    stayed = "".join(text[i] for i in range(start, end) if i not in gone)
    assert left in stayed
    assert [c for c in left if c.isalnum()] == [c for c in stayed if c.isalnum()]

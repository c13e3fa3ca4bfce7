"""Past exchanges as dated passages."""

from datetime import UTC, datetime

from memchat.domain import Hit, Role
from memchat.memory.episodic import EXCERPT_CHARACTERS, excerpt, passages

from tests.conftest import TAIPEI


def words(text: str) -> int:
    """A token is a word."""
    return len(text.split())


def a_hit(text: str, *, role: Role = Role.USER, turn: int = 4, relevance: float = 1.0, own: bool = True) -> Hit:
    """Found in session 17, of 3 March, late in the evening in London."""
    return Hit(17, turn, turn, role, text, datetime(2026, 3, 3, 20, 0, tzinfo=UTC), relevance, "Rate limits", own)


def test_what_was_told_is_dated_and_quoted() -> None:
    """`you were told` of the user, `you answered` of the assistant; the day is that of the user's zone."""
    told, answered = passages([a_hit("A burst of 20."), a_hit("Noted.", role=Role.ASSISTANT)], "burst", TAIPEI, words)
    assert told.line == '- On 2026-03-04 (s17.4) you were told: "A burst of 20."'
    assert answered.line == '- On 2026-03-04 (s17.4) you answered: "Noted."'
    assert (told.quote, answered.quote) == ("A burst of 20.", "")
    assert (told.speaker, answered.speaker) == ("user", "assistant")


def test_only_the_users_own_words_are_quotes() -> None:
    """What was pasted or piped in was shown, not told."""
    (given,) = passages([a_hit("A burst of 20.", own=False)], "burst", TAIPEI, words)
    assert given.line == '- On 2026-03-04 (s17.4) you were shown, pasted or piped in: "A burst of 20."'
    assert (given.speaker, given.quote, given.text) == ("pasted", "", "A burst of 20.")


def test_a_turn_is_told_once_for_each_speaker() -> None:
    """The better of two hits stands."""
    hits = [a_hit("First.", relevance=0.9), a_hit("Second.", relevance=0.5), a_hit("Third.", turn=5)]
    assert [one.text for one in passages(hits, "x", UTC, words)] == ["First.", "Third."]


def test_an_excerpt_is_cut_around_the_words_of_the_question() -> None:
    """A short text stays whole; of a long one the stretch that holds most of the words, cut at blanks."""
    assert excerpt("short\ntext", "x") == "short text"
    filler = "lorem ipsum dolor " * 60
    middle = excerpt(f"{filler}the burst is twenty {filler}", "burst twenty")
    assert "the burst is twenty" in middle
    assert middle.startswith("…")
    assert middle.endswith("…")
    assert len(middle) <= EXCERPT_CHARACTERS + 2
    start = excerpt(f"the burst is twenty {filler}", "burst twenty")
    assert start.startswith("the burst")
    end = excerpt(f"{filler}the burst is twenty", "burst twenty")
    assert end.endswith("twenty")
    assert excerpt("字" * 900, "無") == "字" * EXCERPT_CHARACTERS + "…"

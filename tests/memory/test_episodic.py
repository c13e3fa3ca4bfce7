"""Past exchanges as dated passages."""

from datetime import UTC, datetime

from memchat.domain import Candidate, Passage, Role
from memchat.memory.episodic import EXCERPT_CHARACTERS, excerpt, passage

from tests.conftest import TAIPEI


def words(text: str) -> int:
    """A token is a word."""
    return len(text.split())


def told(text: str, *, role: Role = Role.USER, own: bool = True) -> Passage:
    """The passage of what was found in session 17, of 3 March, late in the evening in London."""
    found = Candidate(17, 4, 4, 0, role, own, datetime(2026, 3, 3, 20, 0, tzinfo=UTC), text)
    return passage(found, "burst", TAIPEI, words)


def test_what_was_told_is_dated_and_quoted() -> None:
    """`you were told` of the user, `you answered` of the assistant; the day is that of the user's zone."""
    said, answered = told("A burst of 20."), told("Noted.", role=Role.ASSISTANT)
    assert said.line == '- On 2026-03-04 (s17.4) you were told: "A burst of 20."'
    assert answered.line == '- On 2026-03-04 (s17.4) you answered: "Noted."'
    assert (said.quote, answered.quote) == ("A burst of 20.", "")
    assert (said.speaker, answered.speaker) == ("user", "assistant")


def test_only_the_users_own_words_are_quotes() -> None:
    """What was pasted or piped in was shown, not told."""
    given = told("A burst of 20.", own=False)
    assert given.line == '- On 2026-03-04 (s17.4) you were shown, pasted or piped in: "A burst of 20."'
    assert (given.speaker, given.quote, given.text) == ("pasted", "", "A burst of 20.")


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

"""Which past messages answer a question, in which order, and when none is shown."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Candidate, Found, Near, Role
from memchat.memory.query import understand
from memchat.memory.ranking import AUTO, SURE, WEIGHTS, Ages, Ranked, ordered, rank, sure
from memchat.memory.signals import Describer

from tests.builders import a_memory
from tests.conftest import NOW

U, A = Role.USER, Role.ASSISTANT
DAY = timedelta(days=1)
BOAT = "I bought an old wooden boat in Molde and will mend it this winter"
TALK = "It rained all week long so we stayed in and read by the fire there"


def piece(
    text: str,
    number: int = 1,
    *,
    session: int = 1,
    role: Role = U,
    at: datetime = NOW - 30 * DAY,
    cosine: float | None = None,
    before: str | None = None,
    after: str | None = None,
    part: int = 0,
    title: str = "",
) -> Candidate:
    """A message, or the `part` of one, with the messages beside it."""
    near = [None if said is None else Near(number * 100 + side, said) for side, said in enumerate((before, after))]
    return Candidate(
        session_id=session,
        turn=number,
        message_id=number,
        piece=part,
        role=role,
        own=True,
        at=at,
        text=text,
        cosine=cosine,
        title=title,
        before=near[0],
        after=near[1],
        length=len(text),
    )


def found(*candidates: Candidate, frequency: dict[str, int] | None = None, rows: int = 1_000) -> Found:
    """A store of a thousand messages in which every word of a question is rare, unless `frequency` says otherwise."""
    return Found(candidates, rows, 15.0, frequency or dict.fromkeys(("boat", "wooden", "bought", "cat", "tom"), 3))


def ranked(question: str, *candidates: Candidate, user: str = "", assistant: str = "") -> list[Ranked]:
    """The order for a question asked now."""
    return rank(understand(question, NOW, user=user, assistant=assistant), found(*candidates), NOW)


def numbers(order: Sequence[Ranked]) -> list[int]:
    """The message numbers, best first."""
    return [one.candidate.message_id for one in order]


def test_what_holds_the_words_comes_first() -> None:
    """Among messages that are otherwise alike."""
    order = ranked("Which boat did I buy?", piece(TALK, 1), piece(BOAT, 2), piece(TALK, 3))
    assert numbers(order) == [2, 3, 1]
    assert order[0].why == "words"


def test_what_is_near_in_meaning_comes_first_where_no_words_tell() -> None:
    """A vector finds what shares no word with the question."""
    order = ranked("Which vessel did I buy?", piece(TALK, 1, cosine=0.1), piece(BOAT, 2, cosine=0.6, session=2))
    assert numbers(order) == [2, 1]
    assert order[0].why == "meaning"


def test_words_and_meaning_together_say_so() -> None:
    """What both found."""
    order = ranked("Which boat did I buy?", piece(BOAT, 2, cosine=0.6), piece(TALK, 1, cosine=0.1))
    assert order[0].why == "words and meaning"


def test_an_answer_is_found_by_the_question_before_it() -> None:
    """It need not hold a word of what is asked."""
    beside = piece("Yes, of oak, forty feet long and nearly a hundred years old", 1, before="Did you buy the boat?")
    alone = piece("Yes, of pine, twenty feet high and nearly a hundred years old", 2, before="How was the walk?")
    assert numbers(ranked("What about the boat?", alone, beside)) == [1, 2]


def test_the_one_who_is_named_comes_first() -> None:
    """The same words by the other tell less."""
    mine, yours = piece(BOAT, 1, role=U), piece(BOAT, 2, role=A)
    people = {"user": "Halvard", "assistant": "Ines"}
    assert numbers(ranked("Which boat did Halvard buy?", mine, yours, **people)) == [1, 2]
    assert numbers(ranked("Which boat did Ines buy?", mine, yours, **people)) == [2, 1]
    assert numbers(ranked("Which boat did you buy?", mine, yours)) == [2, 1]
    assert numbers(ranked("Which boat did I buy?", mine, yours)) == [1, 2]


def test_a_time_in_the_question_goes_before_recency() -> None:
    """What was said on that day, and not what was said since; then what was said soon after."""
    march = NOW.replace(month=3, day=3)
    order = ranked(
        "What did we say about the boat on 3 March?",
        piece(BOAT, 1, at=NOW - DAY),
        piece(BOAT, 2, at=march),
        piece(BOAT, 3, at=march + 2 * DAY),
    )
    assert numbers(order) == [2, 3, 1]
    assert order[0].why == "the time you named"


def test_a_time_longer_than_a_season_shuts_out_nothing() -> None:
    """All of a year is no day."""
    (one,) = ranked("What did we say about the boat in 2026?", piece(BOAT))
    assert (one.described["during"], one.described["day"]) == (0, 0)


def test_of_equals_the_newer_comes_first() -> None:
    """And of those of one moment the one that was said last."""
    order = ranked("boat", piece(BOAT, 1), piece(BOAT, 2), piece(BOAT, 3, at=NOW - 300 * DAY))
    assert numbers(order) == [2, 1, 3]


def test_age_lowers_and_never_hides() -> None:
    """After its half-life it counts no more; what answers better comes first however old it is."""
    ages = Ages(episodes=10)
    some = [piece(BOAT, at=NOW - days * DAY) for days in (-1, 0, 5, 10, 9_999)]
    assert ages.of(some, {}, NOW).tolist() == [0, 0, 0.5, 1, 1]
    assert numbers(ranked("wooden boat", piece(BOAT, 1, at=NOW - 9_999 * DAY), piece(TALK, 2, at=NOW))) == [1, 2]


def test_a_pinned_note_does_not_age_and_an_important_one_comes_first() -> None:
    """Of memories, which stand among the candidates by numbers below zero."""
    some = [piece(BOAT, -number)._replace(session_id=-number) for number in (1, 2, 3)]
    memories = {
        -1: a_memory(BOAT, number=1, importance=2),
        -2: a_memory(BOAT, number=2, importance=9),
        -3: a_memory(BOAT, number=3, importance=9, pinned=True),
    }
    assert numbers(rank(understand("boat", NOW), found(*some), NOW, memories=memories)) == [-3, -2, -1]


def test_a_message_counts_by_its_best_piece() -> None:
    """And stands in the order once."""
    order = ranked("boat", piece(TALK, 1, part=0), piece(BOAT, 1, part=1), piece(TALK, 2))
    assert [(one.candidate.message_id, one.candidate.piece) for one in order] == [(1, 1), (2, 0)]


def test_a_conversation_about_it_lifts_its_messages() -> None:
    """By its title, too."""
    order = ranked(
        "boat", piece(TALK, 1, session=1, title="The boat"), piece(TALK, 2, session=2), piece(BOAT, 3, session=3)
    )
    assert numbers(order) == [3, 1, 2]


def test_a_question_tells_less_than_a_statement() -> None:
    """And a short word of agreement less than a sentence."""
    asks = piece("Have you bought an old wooden boat in Molde to mend it there?", 1)
    assert numbers(ranked("wooden boat", asks, piece(BOAT, 2), piece("A boat, wow", 3))) == [2, 1, 3]


@pytest.mark.parametrize(
    ("question", "telling"),
    [
        ("When did I buy the boat?", "I bought the boat last Friday and it is a joy to sail"),
        ("How many boats did I buy?", "I bought the boat with three masts and it is such a joy to sail"),
        ("Where did I buy the boat?", "I bought the boat in Molde and it is such a joy to sail"),
    ],
)
def test_what_holds_a_thing_of_the_kind_asked_for_comes_first(question: str, telling: str) -> None:
    """A time, a number, a place."""
    plain = "I bought the boat and it is such a joy to sail at sea"
    assert numbers(ranked(question, piece(plain, 2), piece(telling, 1))) == [1, 2]


def test_a_word_like_that_of_the_question_counts() -> None:
    """Where somebody knows how near words are; without one only the words themselves count."""

    def likeness(words: Sequence[str], texts: Sequence[Collection[str]]) -> list[list[float]]:
        return [[0.9 if word == "vessel" and "boat" in text else 0.1 for word in words] for text in texts]

    query, some = understand("Which vessel?", NOW), found(piece(TALK, 2), piece(BOAT, 1), frequency={"vessel": 0})
    assert numbers(rank(query, some, NOW)) == [2, 1]
    order = rank(query, some, NOW, likeness=likeness)
    assert numbers(order) == [1, 2]
    assert order[0].described["window"] == pytest.approx((0.9 - 0.2) / 0.8)


def test_the_best_of_each_conversation_is_looked_at_for_like_words() -> None:
    """Not only the best of all: one of another conversation may have the word that matters."""

    def likeness(words: Sequence[str], texts: Sequence[Collection[str]]) -> list[list[float]]:
        return [[0.9 if "canoe" in text else 0.0] * len(words) for text in texts]

    crowd = [piece(f"the boat of number {number}", number, session=number % 2) for number in range(1, 40)]
    some = found(*crowd, piece("an old canoe", 50, session=3))
    query = understand("wooden boat", NOW)
    for order, windows in ((rank(query, some, NOW), 39), (rank(query, some, NOW, likeness=likeness), 40)):
        assert len(order) == 40
        assert sum(one.described["window"] > 0 for one in order) == windows


def test_numbers_and_scripts_without_spaces_are_like_nothing() -> None:
    """Nobody is asked how near they are."""
    asked: list[str] = []

    def likeness(words: Sequence[str], texts: Sequence[Collection[str]]) -> list[list[float]]:
        asked.extend(words)
        for text in texts:
            asked.extend(text)
        return [[1.0] * len(words) for _ in texts]

    rank(understand("花生 42 boat", NOW), found(piece("花生 43 a of oak"), piece("99")), NOW, likeness=likeness)
    rank(understand("花生", NOW), found(piece("oak")), NOW, likeness=likeness)
    assert asked == ["boat", "oak"]


@pytest.mark.parametrize("written", ["花生過敏", "花生过敏", "我對花生過敏，真的"])
def test_both_chinese_scripts_are_one(written: str) -> None:
    """A question in one finds what was said in the other."""
    frequency = {"花生": 2, "生过": 2, "过敏": 2}
    order = rank(
        understand("花生過敏嗎", NOW), found(piece("今天天氣很好", 2), piece(written), frequency=frequency), NOW
    )
    assert numbers(order)[0] == 1


def test_a_word_of_the_same_root_is_the_same_word() -> None:
    """Hobbies are a hobby; a word that only begins alike, or ends in it, is another."""
    some = found(piece("a hobbit and dogmahobby ahobby", 2), piece("my hobbies are many", 1), frequency={"hobby": 2})
    order = rank(understand("hobby", NOW), some, NOW)
    assert {one.candidate.message_id: one.described["words"] > 0 for one in order} == {1: True, 2: False}


def test_nothing_is_shown_for_questions_about_the_world() -> None:
    """What nobody here spoke of; the same words of us two are shown."""
    world = rank(understand("What is the capital of Mongolia?", NOW), found(piece(BOAT, cosine=0.1)), NOW)
    assert not any(one.shown for one in world)
    ours = ranked("Which wooden boat did I buy?", piece(BOAT, cosine=0.5))
    assert all(one.shown for one in ours)
    assert ours[0].score >= AUTO > world[0].score


def test_the_threshold_may_be_set() -> None:
    """At 0 all are shown, at 1 none."""
    query, some = understand("boat", NOW), found(piece(BOAT))
    assert [rank(query, some, NOW, threshold=bar)[0].shown for bar in (0.0, 1.0)] == [True, False]


def test_nothing_found_is_nothing_ranked() -> None:
    """Nor does an empty question fail."""
    assert ranked("boat") == []
    assert numbers(ranked("", piece(BOAT))) == [1]


def test_every_signal_has_a_weight_and_every_clue_a_factor() -> None:
    """One that had none would be ignored in silence."""
    describer = Describer(understand("boat", NOW), found(piece(BOAT)), NOW)
    one = describer[0]
    assert set(one.signals) == set(WEIGHTS)
    assert {"", *describer.evidence([one])} == set(SURE)
    assert 0 < sure(describer.evidence([one])) < 1


texts = st.text(st.sampled_from("boat cat tomы花生?！\n é3"), max_size=60) | st.sampled_from((BOAT, TALK, ""))
candidates = st.builds(
    piece,
    texts,
    st.integers(1, 6),
    session=st.integers(1, 3),
    role=st.sampled_from((U, A)),
    at=st.integers(-3, 900).map(lambda days: NOW - days * DAY),
    cosine=st.none() | st.floats(-1, 1),
    before=st.none() | texts,
    after=st.none() | texts,
    part=st.integers(0, 2),
).map(lambda one: one._replace(title=("", "The boat", "花生")[one.session_id - 1]))
questions = st.sampled_from(
    ("boat", "When did I buy the boat?", "花生", "cat on 3 March", "last month", "", "Tom?", "é3 ы")
)


@settings(max_examples=100, deadline=None)
@given(questions, st.lists(candidates, max_size=12), st.integers(0, 50))
def test_any_candidates_are_ranked_once_each_by_score(question: str, some: list[Candidate], rows: int) -> None:
    """Scores fall from top to bottom between 0 and 1, whatever was found and however large the store says it is."""
    order = rank(understand(question, NOW, user="Tom"), found(*some, rows=rows), NOW)
    scores = [one.score for one in order]
    assert sorted(numbers(order)) == sorted({one.message_id for one in some})
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    shown = [one.shown for one in order]
    assert shown == sorted(shown, reverse=True)


def test_what_is_far_behind_the_best_is_not_shown_beside_it() -> None:
    """The best is sure, so it is shown; what shares nothing with the question is not, though it was found."""
    other = piece("the weather was fine and we had some tea in the garden", 2, session=2)
    order = ranked("When did I buy the wooden boat in Molde?", piece(BOAT, 1, cosine=0.9), other)
    assert [(one.candidate.message_id, one.shown) for one in order] == [(1, True), (2, False)]


@settings(max_examples=50, deadline=None)
@given(questions, st.lists(candidates, max_size=8, unique_by=lambda one: one.message_id), st.randoms())
def test_the_order_in_which_they_were_found_does_not_matter(
    question: str, some: list[Candidate], random: object
) -> None:
    """The same come first, however the index lists them."""
    mixed = list(some)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # - hypothesis hands over a `random.Random`
    query = understand(question, NOW)
    assert numbers(rank(query, found(*some), NOW)) == numbers(rank(query, found(*mixed), NOW))


@settings(max_examples=50, deadline=None)
@given(st.lists(candidates, max_size=8), st.text(max_size=200))
def test_any_question_can_be_ranked_for(some: list[Candidate], question: str) -> None:
    """With and without somebody who knows words."""
    query = understand(question, NOW)
    rank(query, found(*some), NOW)
    rank(query, found(*some), NOW, likeness=lambda words, texts: [[0.5] * len(words) for _ in texts])


def test_nothing_that_was_found_has_no_order() -> None:
    """Also where words that are alike are looked for: as for small talk in an empty store."""
    describer = Describer(understand("peanuts", NOW), Found((), 0, 0.0, {}), NOW)
    assert ordered(describer, lambda _words, _texts: []) == []


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("the bike " * 50, ["the", "bike"] * 33),
        ("我上個月訂了Netflix和Spotify，" * 20, ["netflix", "spotify"]),
        ("x\0y bike", ["bike"]),
        ("", []),
    ],
)
def test_beginnings_are_looked_at_closer(text: str, held: list[str]) -> None:
    """Whole words of some hundred characters, in whatever script, and with whatever stands between them."""
    seen: list[Sequence[Collection[str]]] = []

    def likeness(words: Sequence[str], texts: Sequence[Collection[str]]) -> list[list[float]]:
        seen.append(texts)
        return [[0.0] * len(words) for _ in texts]

    query = understand("Which bicycle?", NOW)
    some = Candidate(1, 1, 1, 0, Role.USER, True, NOW, text)
    other = Candidate(2, 1, 2, 0, Role.USER, True, NOW, "Die Straße, a bicycle lane")
    describer = Describer(query, Found((some, other), 2, 5.0, {"bicycle": 1}), NOW)
    ordered(describer, likeness)
    [(best, long)] = seen
    assert list(dict.fromkeys(long)) == list(dict.fromkeys(held))
    assert len(long) >= len(held)
    assert best == ["die", "straße", "bicycle", "lane"]


@pytest.mark.parametrize(
    ("question", "best", "looked"),
    [
        ("Which wooden boat?", "The wooden boat is called Ada.", False),
        ("Which wooden boat?", "The boat is called Ada.", True),
        ("Which wooden boat?", "Is there any wooden boat at all?", True),
        ("Tell me of the wooden boat", "tell me of the wooden boat", True),
        ("Which boat?", "The boat is called Ada.", True),
    ],
    ids=["all of several", "not all", "that asks", "the question itself", "the only one"],
)
def test_where_the_best_holds_every_word_nobody_asks_for_like_ones(question: str, best: str, looked: bool) -> None:
    """It answers as it stands; the words of the message before are not the question's own."""
    asked: list[object] = []

    def likeness(words: Sequence[str], texts: Sequence[Collection[str]]) -> list[list[float]]:
        asked.append(words)
        return [[0.0] * len(words) for _ in texts]

    for before in ("", "And how was the weather in Porto?"):
        query = understand(question, NOW, before=before)
        rank(query, found(piece(best, 2), piece("A vessel of oak", 1)), NOW, likeness=likeness)
    assert bool(asked) is looked


def test_of_what_stands_beside_less_is_looked_at() -> None:
    """Half as much as of the piece itself; what is a piece and stands beside one is read as a piece."""
    seen: list[Sequence[Collection[str]]] = []

    def likeness(words: Sequence[str], texts: Sequence[Collection[str]]) -> list[list[float]]:
        seen.append(texts)
        return [[0.0] * len(words) for _ in texts]

    long = "oars " * 100
    near = [Near(number, long) for number in (2, 3)]
    some = Candidate(1, 1, 1, 0, Role.USER, True, NOW, long, before=near[0], after=near[1])
    other = Candidate(1, 2, 3, 0, Role.USER, True, NOW, long)
    ordered(Describer(understand("Which boat?", NOW), Found((some, other), 2, 5.0, {}), NOW), likeness)
    [texts] = seen
    assert sorted(map(len, texts)) == [30, 60, 60]

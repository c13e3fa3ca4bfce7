"""What tells that the past holds an answer at all: only what a message says itself, whole names, and no echo of it."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from memchat.domain import Candidate, Found, Near, Role
from memchat.memory.evidence import repeats
from memchat.memory.query import understand
from memchat.memory.ranking import AUTO, ordered, rank, sure
from memchat.memory.signals import Describer

from tests.conftest import NOW

GATEWAY = "We settled on a rate limit of 300 a minute for the gateway"
BEFORE = "Which rate limit did the gateway get?"


def piece(text: str, number: int = 1, *, before: str | None = None) -> Candidate:
    """What the user said a month ago, and the reply before it."""
    near = None if before is None else Near(number * 100, before)
    at = NOW - timedelta(days=30)
    return Candidate(number, 1, number, 0, Role.USER, True, at, text, length=len(text), before=near)


def found(*candidates: Candidate, unknown: tuple[str, ...] = ()) -> Found:
    """A store of a thousand messages in which every word is rare but those that nobody said."""

    class Rare(dict[str, int]):
        def get(self, word: str, default: object = None) -> int:
            return 0 if word in unknown else 3

    return Found(candidates, 1_000, 15.0, Rare())


def evidence(text: str, *candidates: Candidate, before: str = "", unknown: tuple[str, ...] = ()) -> Mapping[str, float]:
    """What tells for a message."""
    describer = Describer(understand(text, NOW, before=before), found(*candidates, unknown=unknown), NOW)
    return describer.evidence([one for _, one in ordered(describer, None)])


@pytest.mark.parametrize("text", ["Do fish sleep?", "That's amazing!", "Another one!", "Perfect, no changes."])
def test_the_words_of_the_message_before_are_no_evidence(text: str) -> None:
    """They help to search, and in the middle of a talk they are found nearly always."""
    told = evidence(text, piece(GATEWAY), before=BEFORE)
    assert (told["mass"], told["words"]) == (0, 0)
    assert sure(told) < AUTO


ASKED_AFTER = ("And when was that?", "And the price?", "Und der Preis?", "Who told me that?", "那是什么时候?")


@pytest.mark.parametrize("text", [*ASKED_AFTER, "Wann war das dann?"])
def test_they_are_where_a_message_asks_after_them(text: str) -> None:
    """Of itself it says nothing that could be found."""
    assert evidence(text, piece(GATEWAY), before=BEFORE)["words"] == 0.75
    assert not understand(text, NOW, before=BEFORE).general
    assert evidence(text, piece(GATEWAY))["words"] == 0


def test_a_message_that_only_looks_back_does_not_ask() -> None:
    """The sentence that asks must be the one that looks back, and an order is about the last reply."""
    for text in ("That was lovely. Anything else?", "Can you make that a bit longer?", "I like it!"):
        assert not understand(text, NOW, before=BEFORE).leans
    assert understand("Lovely! And when was that?", NOW, before=BEFORE).leans


def test_of_a_name_all_words_count_together() -> None:
    """A party wall is not the Berlin Wall."""
    text = "What year did the Berlin Wall fall?"
    other, same = piece("The party wall is up since Friday"), piece("Went to see what is left of the Berlin Wall")
    assert [(told["name"], told["strange"]) for told in (evidence(text, other), evidence(text, same))] == [
        (0, 1),
        (1, 0),
    ]
    assert sure(evidence(text, other)) < AUTO < sure(evidence(text, same))


def test_a_question_that_names_somebody_known_is_not_strange() -> None:
    """Whatever else it names; and without a name nothing is."""
    bamse = piece("Bamse barked at the postman again")
    assert evidence("Would Bamse like Norway, or rather Bali?", bamse)["strange"] == 0
    assert evidence("Would somebody like Norway, or rather Bali?", bamse)["strange"] == 1
    assert evidence("would somebody like to bark?", bamse)["strange"] == 0


@pytest.mark.parametrize(
    "text", ["Who came climbing on Monday?", "Dinner last October?", "¿Quién vino el Lunes?", "A walk since March?"]
)
def test_a_day_or_month_is_no_name(text: str) -> None:
    """However it is written: nobody says it again in the answer."""
    assert understand(text, NOW).names == ()
    some = piece("Ines and Tom came climbing, then dinner and a walk")
    assert evidence(text, some) == evidence(text.lower(), some)


def test_a_title_is_no_part_of_a_name() -> None:
    """Nor does its full stop end the name."""
    text = "What does the knee need according to Dr. Lind, or to Prof Ada Holm?"
    assert understand(text, NOW).names == (frozenset(("lind",)), frozenset(("ada", "holm")))


def test_a_name_that_only_the_question_itself_held_stays_strange() -> None:
    """Asked a second time it is no better known."""
    text = "What year did the Berlin Wall fall?"
    assert evidence(text, piece(text), piece("The party wall is up", 2))["strange"] == 1


def test_german_nouns_are_no_names_that_could_be_strange() -> None:
    """All of them are written like one; those that are found count as before."""
    text = "Was wollte der Verein mit der Kasse machen?"
    assert understand(text, NOW).names == ()
    assert evidence(text, piece("Die Sitzung war lang"))["strange"] == 0
    assert evidence(text, piece("Die Kasse liegt beim Vorstand"))["name"] == 1


def test_what_names_something_found_is_not_about_the_world() -> None:
    """Also in German, where every noun may be a name."""
    text = "Wozu braucht ein Verein eine Kasse?"
    told = [evidence(text, piece(said)) for said in ("Die Kasse liegt beim Vorstand", "Es war ein langer Tag")]
    assert [one["general"] for one in told] == [0, 1]


WORLD = (
    *("What causes tides?", "Do fish sleep?", "What's the plural of octopus?", "What's the tallest building?"),
    *("Warum schwimmt Eis auf Wasser?", "Wie entsteht ein Gewitter?", "¿Por qué flotan los barcos?"),
)
PAST = (
    *("What was the gap for the refrigerator?", "What did we settle on?", "How old is my vehicle?", "Is the wall dry?"),
    *(
        "Who is Bamse?",
        "Whose idea was it?",
        "What did she weigh?",
        "What came out last month?",
        "¿Dónde está su casa?",
    ),
    *("Was kostet dieses Boot?", "船多少钱?", "Boot?", "¿Qué dijo de los barcos?", "Wie hieß mein Lehrer?"),
)


@pytest.mark.parametrize("text", WORLD)
def test_a_question_about_the_world_is_of_nobody_and_of_nothing_in_particular(text: str) -> None:
    """In languages whose little words tell."""
    assert understand(text, NOW).general


@pytest.mark.parametrize("text", PAST)
def test_one_about_something_known_is_none(text: str) -> None:
    """Something that was, is named, has an owner or was spoken of; and where nothing tells, nothing is said."""
    assert not understand(text, NOW).general


def test_what_speaks_of_the_world_must_be_found_the_more_surely() -> None:
    """The same words show the past when they are asked of it."""
    tides = piece("The tides took the boat", before="Waves and tides are caused by wind and moon")
    world, past = (
        rank(understand(text, NOW), found(tides), NOW) for text in ("What causes tides?", "What caused my tides?")
    )
    assert [ranked[0].shown for ranked in (world, past)] == [False, True]


def test_a_message_that_is_said_once_more_does_not_answer_itself() -> None:
    """Nor does its echo beside another message; a text that says more than it is none."""
    text = "Now the same thing in bullet points."
    assert repeats("now the same thing in bullet points. ", understand(text, NOW))
    assert not repeats(f"{text} And shorter.", understand(text, NOW))
    assert not repeats("x" * len(text), understand(text, NOW))
    echo, beside = piece(text), piece("Of course.", 2, before=text)
    told = evidence(text, echo, beside)
    assert (told["mass"], told["words"]) == (0, 0)
    assert evidence(text, piece("The bullet points of Monday"))["words"] > 0


def test_it_looks_for_its_answer_behind_its_echoes() -> None:
    """However often it was said: what answers comes right behind."""
    text = "Which rate limit did the gateway get?"
    query, echoes = understand(text, NOW), [piece(text, number) for number in range(2, 12)]
    ranked = rank(query, found(*echoes, piece("300 a minute is the limit")), NOW)
    assert [one.candidate.message_id for one in ranked][-1] == 1
    assert ranked[0].score > rank(query, found(*echoes), NOW)[0].score

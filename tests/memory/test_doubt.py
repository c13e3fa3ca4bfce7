"""What was said since that may have ended a memory: it waits to be asked about, and only then."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Memory, MemoryStatus, Origin, Part, PartKind, Turn
from memchat.memory.doubt import doubted
from memchat.memory.outcomes import DOUBTED
from memchat.ports import Store

from tests.builders import a_memory, a_source, add_note
from tests.conftest import NOW
from tests.memory.materials import a_turn, said_by_hand

EARLIER = NOW - timedelta(days=30)


def known(text: str, field: str = "") -> Memory:
    """A memory that rests on words of a month ago."""
    return a_memory(text, field=field, sources=(a_source(text, at=EARLIER),))


def asks(said: str, memory: Memory) -> bool:
    """Whether one turn with these words makes the memory doubtful."""
    return bool(doubted([a_turn(said)], lambda: [memory]))


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("drives a Yaris", "", "車子賣掉了，那台Yaris跟了我十一年"),
        ("drives a Yaris", "", "We sold the Yaris on Sunday."),
        ("los miércoles bailo salsa", "", "dejé la clase de salsa, me quedaba lejos y no pienso buscar otra"),
        ("plays badminton on Tuesdays", "", "no more badminton for me, doctor's orders"),
        ("开始吃素", "", "跟你坦白 素食生活到头了 现在鱼虾都吃了"),
        ("has a cat called Miso", "", "Miso died last spring."),
        ("wife is called Anna", "", "Anna, my wife, and I got divorced."),
        ("nurse", "occupation", "I handed in my notice, thirty years are enough"),
        ("nurse", "occupation", "昨天正式離職了"),
        ("Berlin", "location", "la mudanza me va a matar"),
        ("Berlin", "location", "We are still unpacking, the new flat is tiny"),
        ("Free", "plan", "my boss moved us to the Team plan"),
        ("short answers", "reply_style", "your answers can be longer again"),
    ],
)
def test_words_of_an_end_make_it_doubtful(text: str, field: str, said: str) -> None:
    """In whichever language the end is told: no rule need understand what came instead."""
    found = doubted([a_turn(said, number=4)], lambda: [known(text, field)])
    assert [(memory.text, why) for memory, why in found] == [(text, f"{DOUBTED} in s1.4")]


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("drives a Yaris", "", "I drove the Yaris to work."),  # nothing ends
        ("drives a Yaris", "", "Did I sell the Yaris already?"),  # a question
        ("drives a Yaris", "", "If I sold the Yaris, what would I get?"),  # a supposition
        ("drives a Yaris", "", "I want to sell the Yaris soon, they say it lost value"),  # a plan
        ("drives a Yaris", "", "My sister sold her Yaris."),  # somebody else's
        ("drives a Yaris", "", "I sold the Yaris for a goldfish, just kidding"),
        ("drives a Yaris", "", "translate: he wrote \"I sold the Yaris\""),  # quoted
        ("drives a Yaris", "", "I sold the Yaris. Don't remember that."),
        ("drives a Yaris", "", "I quit coffee for good."),  # another thing
        ("no longer drives a Yaris", "", "The Yaris is gone, we sold it."),  # it says so itself
        ("wife is called Anna", "", "my wife stopped eating meat"),  # a person goes on being one
        ("Alex", "display_name", "Alex is not my boss any more"),
        ("Alex", "display_name", "I sold Alex's bike, moved the rest"),
        ("Berlin", "location", "we drink less coffee since we moved"),
        ("2015 model", "", "I lost 3 kilos in 2015 and stopped counting"),
    ],
)  # fmt: skip
def test_other_words_leave_it_alone(text: str, field: str, said: str) -> None:
    """Questions, plans, jokes, quotations, others: asking about each of them would be a nuisance."""
    assert not asks(said, known(text, field))


def test_what_was_said_later_than_the_end_holds() -> None:
    """Words before the memory's own, or the very message it rests on, cannot end it."""
    turn = a_turn("I sold the Yaris")
    after = a_memory("drives a Yaris", sources=(a_source("Yaris", at=turn.user.created_at + timedelta(minutes=1)),))
    assert not doubted([turn], lambda: [after])
    assert doubted([turn], lambda: [known("drives a Yaris")])


def test_what_the_user_wrote_by_hand_or_pinned_is_left_alone() -> None:
    """Who puts something down by hand takes it away by hand."""
    turn = a_turn("I sold the Yaris")
    assert not doubted([turn], lambda: [said_by_hand(known("drives a Yaris"))])
    assert not doubted([turn], lambda: [a_memory("drives a Yaris", pinned=True, sources=(a_source("x", at=EARLIER),))])


def test_pasted_words_end_nothing() -> None:
    """Only the user's own words count."""
    assert not doubted(
        [a_turn([Part(PartKind.TEXT, Origin.PASTE, "I sold the Yaris")])], lambda: [known("drives a Yaris")]
    )


def test_words_of_a_role_end_nothing() -> None:
    """A game that began in an earlier turn goes on."""
    game: list[Turn] = [a_turn("Let's role-play: you are a dealer and I am a pirate captain.", number=1)]
    said = a_turn("I sold the Yaris", number=2)
    assert not doubted([said], lambda: [known("drives a Yaris")], game)


@given(st.text(max_size=200), st.text(min_size=1, max_size=60), st.sampled_from(["", "occupation", "location", "plan"]))
@settings(max_examples=60, deadline=None)
def test_any_words_are_read(said: str, text: str, field: str) -> None:
    """Nothing raises, and each memory is named at most once."""
    assert len(doubted([a_turn(said), a_turn(said, number=2)], lambda: [known(text, field)])) <= 1


def test_it_waits_and_the_user_is_told_once(store: Store) -> None:
    """The next start says that one waits; once told, it says no more."""
    note = add_note(store, "drives a Yaris", at=EARLIER)
    store.memories.told(note.id)
    assert store.memories.untold() == []
    aside = store.memories.set_aside(note.id, f"{DOUBTED} in s1.2", NOW)
    assert aside.stored_status is MemoryStatus.PENDING
    assert [one.id for one in store.memories.untold()] == [note.id]
    store.memories.told(note.id)
    assert store.memories.untold() == []

"""What a message asks of the past: its telling words, its times, and whose words it is after."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Role
from memchat.memory.plain import plain
from memchat.memory.query import HELP, Query, content, understand

from tests.conftest import NOW

U, A = Role.USER, Role.ASSISTANT


def asked(text: str, **more: str) -> Query:
    """The message as it is understood now."""
    return understand(text, NOW, **more)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What did we decide about the API rate limit?", ("decide", "api", "rate", "limit")),
        ("When was Sam in the ER?", ("sam", "er")),
        ("Wann war er im Urlaub?", ("urlaub",)),
        ("¿Cuándo te hablé del perro?", ("hable", "perro")),
        ("Alice's dog and Alice’s cat", ("alice", "dog", "cat")),
        ("花生過敏嗎", ("花生", "生过", "过敏")),
        ("他去台北了", ("去台", "台北")),
        ("貓", ("猫",)),
        ("Ｔａｉｐｅｉ café", ("taipei", "cafe")),
        ("हिन्दी बोलता है।", ("हिन्दी", "बोलता", "है")),
        ("hiking hikes hiked", ("hiking",)),
    ],
)
def test_the_telling_words_are_searched_for(text: str, words: tuple[str, ...]) -> None:
    """Not those that only hold a sentence together, in the language that it is in; each stem once."""
    assert asked(text).words == words


@pytest.mark.parametrize(
    "text",
    [
        "thanks!",
        "Good morning",
        "how are you?",
        "😂",
        "???",
        "",
        "ok cool",
        "謝謝你，太好了",
        "Guten Morgen!",
        "¡Muchas gracias!",
    ],
)
def test_small_talk_asks_for_nothing(text: str) -> None:
    """Words of manners alone are not searched for, in none of the languages."""
    found = asked(text, before="Tell me about the violin from Mirecourt")
    assert found.empty
    assert not found.content


def test_words_of_manners_count_beside_others() -> None:
    """Nice is a town, where there is a trip to it."""
    assert asked("the trip to Nice").words == ("trip", "nice")


@pytest.mark.parametrize(
    ("text", "role", "named"),
    [
        ("When did Mina adopt the cat?", U, True),
        ("What is Theo's boat called?", A, True),
        ("What do Mina and Theo both like?", None, True),
        ("When did I tell you about the cat?", U, False),
        ("What did you suggest to me for retries?", A, False),
        ("Do you remember what I said about retries?", U, False),
        ("Which library won?", None, False),
        ("我上次說的花生", U, False),
        ("你推薦的書", A, False),
    ],
)
def test_who_is_asked_about_is_understood(text: str, role: Role | None, named: bool) -> None:
    """A name goes before I and you, and of these the first is meant; the one who is only spoken to is not."""
    found = asked(text, user="Mina", assistant="Theo")
    assert (found.asked, found.named) == (role, named)


def test_names_of_the_two_are_not_searched_for() -> None:
    """They stand in no message of their own; a name that both bear is nobody's."""
    found = asked("What did Mina buy in Porto?", user="Mina Li", assistant="Theo")
    assert (found.words, found.content) == (("buy", "porto"), "buy Porto")
    assert asked("雅筑去花蓮", user="雅筑").words == ("去花", "花莲")
    assert asked("What did Sam buy?", user="Sam", assistant="Sam").words == ("sam", "buy")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("When did it happen?", "when"),
        ("How many dogs are there?", "many"),
        ("Where is the key?", "where"),
        ("In which city was the fair?", "where"),
        ("什麼時候去花蓮", "when"),
        ("Wo ist der Schlüssel?", "where"),
        ("Who won?", ""),
    ],
)
def test_what_kind_of_thing_is_asked_for_is_understood(text: str, kinds: str) -> None:
    """A time, a number, a place."""
    found = asked(text)
    assert [kind for kind in ("when", "many", "where") if getattr(found, kind)] == kinds.split()


def test_a_task_and_a_word_about_both_are_told_apart() -> None:
    """To write a poem is no question about the past; what we said is."""
    assert asked("Write a poem about fog").task
    assert asked("Please translate the letter").task
    assert asked("请翻译这句话").task
    assert not asked("Who had to write the letter?").task
    assert asked("How do I boil an egg?").task
    assert not asked("Do you remember the boat?").task
    assert asked("What did the boat cost?").past
    assert not asked("What does a boat cost?").past
    assert asked("What did we settle on?").ours
    assert not asked("What is the capital of Mongolia?").ours


def test_a_word_written_like_a_name_is_known() -> None:
    """Inside a sentence; at its beginning every word is written so."""
    found = asked("Boats: when did Bamse die?")
    assert {term.word: term.capital for term in found.terms} == {"boats": False, "bamse": True, "die": False}


def test_the_message_before_helps_one_that_says_little() -> None:
    """Its words count half; one that says enough needs no help, and one that does not look back gets none."""
    found = asked("and why was that?", before="Which rate limit did the gateway get?")
    assert {term.word: term.weight for term in found.terms} == {"rate": HELP, "limit": HELP, "gateway": HELP}
    assert not found.content
    mixed = asked("and the budget?", before="Which rate did we choose?")
    assert {term.word: term.weight for term in mixed.terms} == {"budget": 1.0, "rate": HELP, "choose": HELP}
    assert asked("budget gateway retries violin", before="the cat").words == ("budget", "gateway", "retries", "violin")
    assert asked("花生呢", before="台北").words == ("花生", "台北")
    assert asked("why not?", before="Which rate?").empty


def test_times_are_found_and_what_they_mean_for_the_search() -> None:
    """A day, and the three days after it, when people tell of it; a year only two weeks."""
    found = asked("What did we talk about on 3 March?")
    ((since, until),) = found.ranges
    assert found.periods[0].until - since == timedelta(days=1)
    assert until - found.periods[0].until == timedelta(days=3)
    (year,) = asked("What happened in 2024?").periods
    assert asked("What happened in 2024?").ranges == ((year.since, year.until + timedelta(days=14)),)
    assert not asked("last month").empty


def test_a_page_is_read_by_its_beginning() -> None:
    """More words only make all of them count less."""
    assert len(asked(" ".join(f"word{number}" for number in range(5_000))).terms) == 32


def test_content_is_as_it_was_written() -> None:
    """A vector is made of it: capitals and accents stay, and so do words of another script."""
    assert content("What about the Café in 台北?") == "Café 台北"


def test_plain_text_is_one_for_all_ways_of_writing() -> None:
    """Case, accents, width and both Chinese scripts."""
    assert plain("ÉCOLE ｆｕｌｌ 臺灣 it’s") == "ecole full 台湾 it's"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=10), st.text(max_size=10))
def test_any_text_is_understood(text: str, before: str, user: str, assistant: str) -> None:
    """Whatever was typed, and whatever people are called."""
    found = understand(text, NOW, before=before, user=user, assistant=assistant)
    assert len({term.stem for term in found.terms}) == len(found.terms)
    assert all(0 < term.weight <= 1 and term.word and not term.word.isspace() for term in found.terms)
    assert all(isinstance(since, datetime) and since < until for since, until in found.ranges)


@pytest.mark.parametrize(
    "text",
    [
        "What did we decide about the rate limit?",
        "what did we decide about the rate limit",
        "Did I tell you which beam it was",
        "Would she like a book by C. S. Lewis or Dr. Seuss?",
        "Remind me of the plan for the garden and its beds",
        "rate limit table",
        "Suggest a present for my sister's birthday in May",
        "上个月我们对限流做了什么决定",
        "你記得我對什麼過敏嗎",
        "台北的房子",
        "¿Qué decidimos sobre el límite de peticiones",
        "Was haben wir über das Limit beschlossen",
    ],
)
def test_a_question_asks_with_all_of_it(text: str) -> None:
    """Marked as one or not; a task and a heading ask, too."""
    assert understand(text, NOW).asking > 0.6


@pytest.mark.parametrize(
    "text",
    [
        "They've started, and I measured the kitchen tonight for the order.",
        "Will do, I borrowed one from my cousin Bartek till February.",
        "I was at the sea with Mei and we swam every single morning.",
        "今天我和妹妹去了海边，游了一整天的泳，天气很好。",
        "Ayer fuimos a la playa con mi hermana y nadamos toda la mañana.",
        "Gestern waren wir mit meiner Schwester am Meer und sind geschwommen.",
    ],
)
def test_what_only_tells_asks_for_nothing(text: str) -> None:
    """Four languages; a word that can open a question is not enough."""
    assert understand(text, NOW).asking == 0


def test_a_question_on_the_side_is_a_part_of_the_message() -> None:
    """Most of it tells."""
    text = "Pascoe's invoice arrived today, and it is not the quarter we agreed on but a third of it. Should I pay?"
    assert 0 < understand(text, NOW).asking < 0.3

"""What becomes of memory in the course of things: said, said again, changed, taken back, erased; in the real store."""

import json
from datetime import timedelta
from typing import Any

import pytest
from memchat.actions import inbox
from memchat.chat.tool_calls import Moment
from memchat.chat.tools import ToolBox
from memchat.domain import NORMAL, MemoryStatus, Role, SessionKind, Stretch, ToolCall
from memchat.memory.consolidate import Kept, keep, prepare, read
from memchat.memory.learning import Rules
from memchat.ports import Store

from tests.builders import add_note, spoken, typed
from tests.conftest import NOW
from tests.memory.materials import count

FIELDS = ("display_name", "preferred_language", "reply_style", "occupation", "location", "goals", "work_context")
RULES = Rules(FIELDS)
PENDING = MemoryStatus.PENDING


class Life:
    """A user who talks, a model that calls `remember`, and consolidation afterwards."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOW
        self.box = ToolBox(store=store, mode=NORMAL, fields=FIELDS)
        self.begins()

    def begins(self) -> None:
        """A new conversation."""
        self.session = self.store.transcripts.create_session(
            SessionKind.CHAT, at=self.now, model="m", host="", learn=True
        ).id

    def says(self, text: str, *drafts: tuple[str, ...]) -> list[dict[str, Any]]:
        """A turn in which the model remembers `drafts`: field, text, and the quote if that is not all of it."""
        self.now += timedelta(minutes=1)
        transcripts = self.store.transcripts
        session = transcripts.session(self.session)
        number, before = session.turns + 1, tuple(transcripts.turns(session.id))
        user = transcripts.add_message(session.id, number, Role.USER, typed(text), parent=session.leaf, at=self.now)
        moment = Moment(user, "m", self.now + timedelta(seconds=3), 1, self.store.erasure.epoch(), count, 600, before)
        told = []
        for field, value, *quote in drafts:
            said = {"field": field or "note", "text": value, "quote": quote[0] if quote else text}
            told.append(json.loads(self.box.run(ToolCall("1", "remember", json.dumps(said)), moment).content))
        transcripts.add_message(session.id, number, Role.ASSISTANT, spoken("Noted."), parent=user.id, at=self.now)
        return told

    def consolidates(self, *facts: tuple[Any, ...]) -> Kept:
        """All of this conversation, with these facts: turn, field, text, quote; then op and target, if not an add."""
        self.now += timedelta(minutes=5)
        session = self.store.transcripts.session(self.session)
        turns = tuple(self.store.transcripts.turns(session.id))
        assert session.leaf is not None
        stretch = Stretch(session, turns, session.mark, session.leaf)
        ready = prepare([stretch], self.store.memories.active(self.now), RULES, self.now, count=count, limit=16_000)
        rows = [
            {
                "op": more[0] if more else "add",
                "target": more[1] if more else None,
                "field": field or "note",
                "text": text,
                "turn": turn,
                "quote": quote,
                "importance": 5,
                "lasting": True,
            }
            for turn, field, text, quote, *more in facts
        ]
        findings = read(json.dumps({"title": "T", "summary": "Wanted: tea.", "topics": [], "facts": rows}))
        with self.store.transaction():
            return keep(self.store, ready, findings, RULES, model="m", now=self.now, count=count)

    def takes_back(self, number: int) -> None:
        """/undo m12."""
        self.now += timedelta(minutes=1)
        self.store.memories.withdraw(number, self.now)

    @property
    def holds(self) -> list[str]:
        """What holds now."""
        return [memory.text for memory in self.store.memories.active(self.now)]

    @property
    def waits(self) -> list[tuple[str, str]]:
        """What waits now, and why."""
        return [(one.text, one.why) for one in self.store.memories.all() if one.status(self.now) is PENDING]


@pytest.fixture
def life(store: Store) -> Life:
    """Nothing is known yet."""
    return Life(store)


# Said again, and consolidated after the tool.


def test_consolidation_after_the_tool_learns_nothing_twice_and_counts_no_junk(life: Life) -> None:
    """Whatever the model calls it; a move and back has three steps."""
    said = ("I live in Berlin", "We moved to Lisbon last week", "We moved back to Berlin")
    for words, place in zip(said, ("Berlin", "Lisbon", "Berlin"), strict=True):
        life.says(f"{words}.", ("location", place))
    kept = life.consolidates(
        (1, "location", "Berlin", said[0]), (2, "location", "Lisbon", said[1]), (3, "", "lives in Berlin", said[2])
    )
    assert kept.ignored == {"learned from these words before": 3}
    assert life.store.usages.ignored() == {}
    assert [one.text for one in life.store.memories.history("location")] == ["Berlin", "Lisbon", "Berlin"]
    assert life.holds == ["Berlin"]


def test_the_same_fact_in_two_conversations_is_one(life: Life) -> None:
    """Confirmed, by the tool or by consolidation."""
    quote = "I am allergic to peanuts"
    life.says(quote, ("", "allergic to peanuts"))
    life.begins()
    life.says(f"As you know, {quote}.", ("", "allergic to peanuts", quote))
    life.begins()
    life.says(f"{quote}!")
    life.consolidates((1, "", "allergic to peanuts", quote))
    (memory,) = life.store.memories.all()
    assert len(memory.sources) == 3


def test_who_eats_animals_again_is_no_vegetarian(life: Life) -> None:
    """In whichever language each was said, though the two share no word; another note about food stays."""
    life.says("soy vegetariana", ("", "vegetariana"))
    life.says("I hate coriander", ("", "hates coriander"))
    said = "I've started eating fish again, so I'm not vegetarian any more."
    assert life.says(said, ("", said))[0]["status"] == "active"
    held = [memory.text for memory in life.store.memories.active(life.now + timedelta(minutes=1))]
    assert held == ["hates coriander", "started eating fish again"]


def test_both_chinese_scripts_say_the_same(life: Life) -> None:
    """The user writes on another keyboard, or the model in the other script."""
    life.says("我對花生過敏", ("", "對花生過敏"))
    assert life.says("我对花生过敏", ("", "对花生过敏"))[0]["status"] == "refreshed"
    assert life.says("我對花生過敏。", ("", "对花生过敏"))[0]["status"] == "refreshed"


def test_the_tool_asked_and_consolidation_words_it_otherwise(life: Life) -> None:
    """One question about the same words is enough; about others of that message it may ask too."""
    life.says("I treat children, and my evenings go into maps.", ("occupation", "pediatrician", "I treat children"))
    life.consolidates(
        (1, "occupation", "doctor for kids", "I treat children"),
        (1, "", "loves cartography", "my evenings go into maps"),
    )
    assert [text for text, _ in life.waits] == ["pediatrician", "loves cartography"]


def test_one_message_fills_no_inbox_with_values_either(life: Life) -> None:
    """Three of it may wait, notes and values together."""
    quote = "I treat children and love it"
    rows = [("occupation", "pediatrician"), ("goals", "help kids"), ("", "fond of kids"), ("work_context", "hospital")]
    life.says(quote)
    kept = life.consolidates(*((1, field, text, quote) for field, text in rows))
    assert [text for text, _ in life.waits] == ["pediatrician", "help kids", "fond of kids"]
    assert kept.ignored == {"too many unproved from one message": 1}


def test_a_value_takes_the_note_that_says_only_that_out_of_the_inbox(life: Life) -> None:
    """It was noted before anybody could prove it."""
    life.says("Taipei is where I sleep, I live there.", ("", "lives in Taipei"))
    assert [text for text, _ in life.waits] == ["lives in Taipei"]
    life.says("I live in Taipei.", ("location", "Taipei"))
    assert (life.waits, life.holds) == ([], ["Taipei"])
    life.takes_back(2)
    assert [text for text, _ in life.waits] == ["lives in Taipei"]


def test_a_game_begins_after_what_was_said_before_it(life: Life) -> None:
    """Of the same message too; what is said within it, and in the next one, is played."""
    game = "I am a nurse. Now let's play a game: you are a dungeon master and I'm a dwarf."
    life.says(game)
    life.says("I live in a cave.")
    life.consolidates((1, "occupation", "nurse", "I am a nurse"), (2, "location", "a cave", "I live in a cave"))
    assert (life.holds, life.waits) == (["nurse"], [])


# Two values in one message.

CORRECTED = "I live in Berlin. Sorry, I live in Lisbon."
BOTH = "I live in Berlin. I live in Lisbon."
BERLIN, LISBON = ("location", "Berlin", "I live in Berlin"), ("location", "Lisbon", "I live in Lisbon")


@pytest.mark.parametrize("drafts", [(BERLIN, LISBON), (LISBON, BERLIN)])
@pytest.mark.parametrize("late", [False, True])
def test_who_corrects_himself_means_the_later_words(life: Life, drafts: Any, *, late: bool) -> None:
    """In whichever order the model names them, at once or after the talk."""
    if late:
        life.says(CORRECTED)
        life.consolidates(*((1, *draft) for draft in drafts))
    else:
        life.says(CORRECTED, *drafts)
    assert (life.holds, life.waits) == (["Lisbon"], [])


@pytest.mark.parametrize("late", [False, True])
def test_who_names_two_is_asked(life: Life, *, late: bool) -> None:
    """Nothing says which of them holds."""
    if late:
        life.says(BOTH)
        life.consolidates((1, *BERLIN), (1, *LISBON))
    else:
        life.says(BOTH, BERLIN, LISBON)
    assert (life.holds, life.waits) == (["Berlin"], [("Lisbon", "said together with m1")])


# A field of one value.


@pytest.mark.parametrize(
    ("known", "said", "name", "becomes"),
    [
        ("Mei Chen", "My name is Elara Voss and I guard the gate.", "Elara Voss", "pending"),
        ("Mei", "It is not cold. My name is Elara Voss.", "Elara Voss", "pending"),
        ("Mei", "I'm Tom.", "Tom", "pending"),
        ("Mei", "My name is Will.", "Will", "pending"),
        ("Mei Chen", "My name is Tom Chen.", "Tom Chen", "pending"),
        ("Mei", "My name is Elara, and Mei is my sister.", "Elara", "pending"),
        ("小美", "我叫王小明", "王小明", "pending"),
        ("Mei", "My name is Mei Chen.", "Mei Chen", "active"),
        ("Mei Chen", "Please call me Mei.", "Mei", "active"),
        ("Mei", "Please call me Captain.", "Captain", "active"),
        ("Jose", "My name is José.", "José", "active"),
        ("Jon", "My name is John, not Jon.", "John", "active"),
        ("Mei", "I changed my name, my name is Lin now.", "Lin", "active"),
        ("Mei", "I go by Lin these days.", "Lin", "active"),
        ("小美", "我改名了，我叫林美", "林美", "active"),
        ("小明", "我叫王小明", "王小明", "active"),
        ("小美", "以後叫我大寶", "大寶", "active"),
    ],
)
def test_another_name_than_the_known_one_waits(life: Life, known: str, said: str, name: str, becomes: str) -> None:
    """A story begins so, too; unless the words say that it changes, or it is the same name in full."""
    add_note(life.store, known, field="display_name")
    (told,) = life.says(said, ("display_name", name))
    assert told["status"] == becomes
    if becomes == "pending":
        assert told["why"] == "another name than m1"
    assert life.holds == ([name] if becomes == "active" else [known])


@pytest.mark.parametrize(
    ("said", "field", "value", "becomes"),
    [
        ("I also work as a DJ.", "occupation", "DJ", "pending"),
        ("我也是老師", "occupation", "老師", "pending"),
        ("我現在也算老師了", "occupation", "老師", "active"),
        ("我也是老師了", "occupation", "老師", "active"),
        ("我是工程師，還沒結婚", "occupation", "工程師", "active"),
        ("I'm now a teacher, also at night.", "occupation", "teacher", "active"),
        ("I'm now a teacher.", "occupation", "teacher", "active"),
        ("I work as a teacher.", "occupation", "teacher", "active"),
        ("I switched jobs, I work at Globex now.", "work_context", "works at Globex", "active"),
    ],
)
def test_a_second_job_does_not_end_the_first(life: Life, said: str, field: str, value: str, becomes: str) -> None:
    """Who says "also" is asked; who changes jobs is not."""
    add_note(life.store, "nurse", field="occupation")
    add_note(life.store, "works at Acme", field="work_context")
    (told,) = life.says(said, (field, value))
    assert told["status"] == becomes
    if becomes == "pending":
        assert told["why"] == "it may hold beside m1"


def test_the_fourth_goal_waits_and_stays_so_after_the_talk(life: Life) -> None:
    """It names the three."""
    goals = ("learn Go", "run a marathon", "write a novel", "buy a boat")
    for goal in goals:
        life.says(f"My goal is to {goal}.", ("goals", goal))
    life.consolidates(*((turn, "goals", goal, f"My goal is to {goal}") for turn, goal in enumerate(goals, 1)))
    assert life.holds == list(goals[:3])
    assert life.waits == [("buy a boat", "goals holds 3 already: m1 learn Go, m2 run a marathon, m3 write a novel")]


def test_the_same_place_in_another_language_is_one_value(life: Life) -> None:
    """What the user wrote last is the value; what no rule can translate waits."""
    life.says("I live in Taipei.", ("location", "Taipei"))
    life.says("我住台北。", ("location", "台北"))
    assert life.holds == ["台北"]
    (told,) = life.says("我住台北。", ("location", "Taipei"))
    assert told["status"] == "pending"


# What ends a note.


def test_a_change_told_in_another_language_is_asked_about(life: Life) -> None:
    """Code cannot compare the words, and the model says that the one takes the place of the other."""
    life.says("I drink coffee every day.", ("", "drinks coffee every day"))
    life.says("我不再喝咖啡了。")
    life.says("我喜歡貓。")
    life.consolidates(
        (2, "", "不再喝咖啡", "我不再喝咖啡了", "update", "m1"), (3, "", "喜歡貓", "我喜歡貓", "update", "m1")
    )
    assert life.waits == [("不再喝咖啡", "may replace m1")]
    assert life.holds == ["drinks coffee every day", "喜歡貓"]


def test_a_change_in_another_sentence_ends_nothing(life: Life) -> None:
    """The model quotes truly, and means something else."""
    life.says("I like green tea with honey.", ("", "likes green tea with honey"))
    life.says("I am allergic to penicillin.", ("", "allergic to penicillin"))
    quotes = ("I started a new job. I like green tea with mint", "I stopped by the pharmacy, I have a dog")
    for quote in quotes:
        life.says(f"{quote}.")
    life.consolidates(
        (3, "", "likes green tea with mint", quotes[0], "update", "m1"),
        (4, "", "has a dog", quotes[1], "retract", "m2"),
    )
    assert life.holds == ["likes green tea with honey", "allergic to penicillin", "has a dog"]
    assert life.waits == [("likes green tea with mint", "may replace m1")]


def test_what_is_contradicted_gives_way_and_comes_back(life: Life) -> None:
    """The newest words hold, with all of the history."""
    for words, text in (("I like cilantro.", "likes cilantro"), ("I don't like cilantro.", "does not like cilantro")):
        life.says(words, ("", text))
    assert life.holds == ["does not like cilantro"]
    life.says("I like cilantro.", ("", "likes cilantro"))
    assert life.holds == ["likes cilantro"]
    assert len(life.store.memories.all()) == 3


def test_a_memory_that_the_model_was_not_shown_takes_no_other_place(life: Life) -> None:
    """An update of it is a fact like any other; to retract it says nothing that can be kept, unless it is proved."""
    life.says("I write all my letters by hand.")
    facts = [(1, "", "writes her letters", "I write all my letters by hand", op, "m99") for op in ("retract", "update")]
    assert life.consolidates(facts[0]).ignored == {"nothing shows that it ended": 1}
    life.begins()
    life.says("I write all my letters by hand.")
    assert [one.memory.text for one in life.consolidates(facts[1]).learned] == ["writes her letters"]


# Taken back, erased, refused.


@pytest.mark.parametrize(
    ("said", "field", "value", "others"),
    [
        ("I treat children", "occupation", "pediatrician", ["pediatrician", "doctor of children"]),
        ("I live in Lisbon", "location", "Lisbon", ["Lisbon", "lives in Lisbon", "at home in Portugal"]),
    ],
)
def test_what_was_taken_back_comes_back_in_no_other_words(
    life: Life, said: str, field: str, value: str, others: list[str]
) -> None:
    """Nor as another kind of memory; not even after the tool was called again for another answer."""
    life.says(f"{said}.", (field, value))
    life.takes_back(1)
    kept = life.consolidates(*((1, kind, other, said) for other in others for kind in (field, "")))
    assert kept.ignored == {"you took it back": 2 * len(others)}
    assert len(life.store.memories.all()) == 1


def test_what_was_taken_back_and_is_said_anew_is_learned(life: Life) -> None:
    """Other words, by the user."""
    life.says("I live in Lisbon.", ("location", "Lisbon"))
    life.takes_back(1)
    life.says("I live in Lisbon.", ("location", "Lisbon"))
    assert life.holds == ["Lisbon"]


def test_what_was_erased_and_is_told_anew_waits_once(life: Life) -> None:
    """Accepted, it is confirmed like anything else."""
    said = "I am allergic to peanuts"
    life.says(f"{said}.", ("", "allergic to peanuts"))
    life.store.erasure.erase_memory(1, life.now + timedelta(seconds=5))
    life.says(f"{said}.", ("", "allergic to peanuts"))
    life.consolidates((2, "", "allergic to peanuts", said))
    assert life.waits == [("allergic to peanuts", "you erased this on 2026-11-22")]
    inbox.accept(life.store, FIELDS, "m2", life.now)
    assert life.says(f"{said}.", ("", "allergic to peanuts"))[0]["status"] == "refreshed"


def test_never_holds_for_what_is_proved_too(life: Life) -> None:
    """And for the words that it was taken from, whatever they are made into."""
    life.says("I treat children.", ("occupation", "pediatrician"))
    inbox.never(life.store, "m1", life.now)
    assert life.says("I am a pediatrician.", ("occupation", "pediatrician"))[0] == {
        "status": "ignored",
        "id": None,
        "why": "you asked never to keep this",
    }
    life.consolidates((1, "occupation", "pediatrician", "I treat children"), (1, "", "child doctor", "treat children"))
    assert (life.holds, life.waits) == ([], [])

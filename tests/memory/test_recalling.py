"""What a message brings back: the right exchanges and memories, once, within the budget, or nothing."""

import subprocess
import sys
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memchat.domain import Closeness, Found, Layer, MemoryStatus, NewMemory, Origin, Recalled, Search, Source
from memchat.errors import EmbeddingError, IndexDamagedError
from memchat.memory.recalling import BELOW, Recall
from memchat.memory.showing import AGAIN
from memchat.ports import Store

from tests.builders import add_note, add_turn
from tests.conftest import NOW

FIELDS = ("display_name", "location")
DAY = timedelta(days=1)


def count(text: str) -> int:
    """A token is four characters."""
    return len(text) // 4


class Embedder:
    """Gives each text the vector of its first letter; `fails` like a server that is gone."""

    name, dim, host, local, ready = "letters", 8, "", True, True

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.asked: list[str] = []

    def warm(self) -> None:
        """Nothing to load."""

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """One direction a letter, of eight."""
        if self.fails:
            raise EmbeddingError("No vectors from letters.", "Try again.")
        self.asked += texts
        return [bytes(127 if place == ord(text[:1] or " ") % 8 else 129 for place in range(8)) for text in texts]


class Lexicon:
    """Knows no word before it has learnt it."""

    ready = True

    def __init__(self) -> None:
        self.learnt: list[str] = []

    def likeness(self, words: Sequence[str], texts: Sequence[Collection[str]]) -> list[list[float]]:
        """Nothing is like anything."""
        return [[0.0] * len(words) for _ in texts]

    def learn(self, words: Sequence[str]) -> None:
        """Each is learnt once."""
        assert len(set(words)) == len(words)
        self.learnt += words


@pytest.fixture
def recall(store: Store) -> Recall:
    """By words alone."""
    return Recall(store, fields=FIELDS)


def turned(recall: Recall, text: str, tokens: int = 600, **more: Any) -> Recalled:
    """What a message brings."""
    return recall.for_turn(text, NOW, count=count, tokens=tokens, **more)


def filled(store: Store) -> None:
    """A month of other talk, so that words have their worth."""
    for number in range(30):
        add_turn(store, f"Something about topic{number} and garden{number}", f"Reply {number}.", at=NOW - number * DAY)


def refs(found: Recalled) -> list[str]:
    """What is shown, best first."""
    return [passage.ref for passage in found.kept]


def test_an_exchange_comes_with_its_day_place_and_words(store: Store, recall: Recall) -> None:
    """As the model reads it: quoted and dated."""
    filled(store)
    add_turn(store, "The API rate limit is 100 a minute with a burst of 20.", "Noted.", at=NOW - 40 * DAY)
    found = turned(recall, "What is the API rate limit, and the burst?")
    (first, *_) = found.kept
    assert (first.ref, first.layer, first.speaker) == ("s31.1", Layer.EPISODE, "user")
    assert first.line.startswith(f"- On {(NOW - 40 * DAY):%Y-%m-%d} (s31.1) you were told: ")
    assert 0 < first.score <= 1
    assert "words" in first.why


def test_a_note_is_found_and_what_the_head_holds_is_not_said_twice(store: Store, recall: Recall) -> None:
    """Memories stand beside exchanges, as what they are."""
    filled(store)
    note = add_note(store, "allergic to penicillin since childhood")
    assert note.ref in refs(turned(recall, "Am I allergic to penicillin?"))
    assert note.ref not in refs(turned(recall, "Am I allergic to penicillin?", known={note.ref}))


def test_what_waits_has_ended_or_belongs_to_no_field_is_not_shown(store: Store, recall: Recall) -> None:
    """Only what holds now."""
    filled(store)
    store.memories.add(NewMemory("allergic to penicillin", Source(Origin.HAND, NOW), status=MemoryStatus.PENDING), NOW)
    over = add_note(store, "allergic to penicillin too")
    store.memories.end(over.id, NOW - DAY)
    other = add_note(store, "penicillin allergy", field="blood")
    found = turned(recall, "Am I allergic to penicillin?")
    assert not {"m1", over.ref, other.ref} & set(refs(found))


def test_small_talk_brings_nothing_and_asks_nothing(store: Store) -> None:
    """Not even a vector."""
    filled(store)
    embedder = Embedder()
    recall = Recall(store, embedder=embedder, fields=FIELDS)
    assert turned(recall, "thanks!") == Recalled()
    assert turned(recall, "") == Recalled()
    assert turned(recall, "What is topic3?", tokens=0) == Recalled()
    assert embedder.asked == []


def test_the_budget_is_kept_and_what_is_left_out_is_told(store: Store, recall: Recall) -> None:
    """Whole items only; what is not sure enough has its reason too."""
    filled(store)
    for number in range(6):
        text = f"The zebra {'abcdef'[number] * 5} crossing plan of hall {number} " + f"word{number} " * 30
        add_turn(store, text, "Yes.", at=NOW - number * DAY)
    found = turned(recall, "What about the zebra crossing plan?", tokens=150)
    assert 0 < sum(passage.tokens for passage in found.kept) <= 150
    assert "over recall's 150 tokens" in {dropped.why for dropped in found.dropped}
    strict = Recall(store, fields=FIELDS, threshold=1.0)
    nothing = turned(strict, "What about the zebra crossing plan?")
    assert nothing.kept == ()
    assert {dropped.why for dropped in nothing.dropped} == {BELOW}


def test_what_says_nearly_the_same_is_shown_once(store: Store, recall: Recall) -> None:
    """The best of them."""
    filled(store)
    for number in range(3):
        add_turn(store, "The zebra crossing plan of the northern hall is ready", "Fine.", at=NOW - number * DAY)
    found = turned(recall, "Is the zebra crossing plan of the northern hall ready?")
    assert [passage.text for passage in found.kept].count("The zebra crossing plan of the northern hall is ready") == 1
    assert [dropped.why for dropped in found.dropped].count(AGAIN) >= 2


def test_what_the_model_sees_already_is_not_found(store: Store, recall: Recall) -> None:
    """Of the session under way only what is no longer sent."""
    filled(store)
    turn = add_turn(store, "The zebra crossing plan is ready", "Fine.")
    assert turn.ref in refs(turned(recall, "What about the zebra crossing plan?"))
    live = (turn.session_id, turn.number)
    assert turn.ref not in refs(turned(recall, "What about the zebra crossing plan?", live=live))


def test_a_failing_embedder_leaves_the_words(store: Store) -> None:
    """And says so; one that is not ready is not waited for."""
    filled(store)
    turn = add_turn(store, "The zebra crossing plan is ready", "Fine.")
    failing = turned(Recall(store, embedder=Embedder(fails=True), fields=FIELDS), "the zebra crossing plan")
    assert turn.ref in refs(failing)
    assert failing.trouble == "No vectors from letters."
    cold = Embedder()
    cold.ready = False
    assert turned(Recall(store, embedder=cold, fields=FIELDS), "the zebra crossing plan").trouble == ""
    told = Recall(store, fields=FIELDS, trouble="No such model.")
    assert turned(told, "the zebra crossing plan").trouble == "No such model."


def test_looking_gives_what_is_nearest_within_dates(store: Store, recall: Recall) -> None:
    """However near it is; nothing that was said outside the dates."""
    filled(store)
    old = add_turn(store, "The zebra crossing plan", "Fine.", at=NOW - 50 * DAY)
    new = add_turn(store, "The zebra crossing plan, second draft", "Fine.", at=NOW - 2 * DAY)
    note = add_note(store, "owns a zebra print")
    everything = recall.look("zebra", NOW, count=count)
    assert {old.ref, new.ref, note.ref} <= set(refs(everything))
    recent = recall.look("zebra", NOW, since=NOW - 9 * DAY, count=count)
    assert new.ref in refs(recent)
    assert old.ref not in refs(recent)
    past = recall.look("zebra", NOW, until=NOW - 9 * DAY, count=count)
    assert old.ref in refs(past)
    assert not {new.ref, note.ref} & set(refs(past))
    assert len(recall.look("zebra", NOW, limit=1, count=count).kept) == 1


def test_the_name_of_who_speaks_tells_whose_words_are_meant(store: Store) -> None:
    """The profile's name is the user's; the assistant has one where it was given one."""
    filled(store)
    add_note(store, "Mina", field="display_name")
    turn = add_turn(store, "I adopted a greyhound", "I once adopted a greyhound too, in a story.", at=NOW - DAY)
    recall = Recall(store, fields=FIELDS, assistant="Theo")
    by_mina = recall.order("What did Mina adopt, a greyhound?", NOW)[0]
    by_theo = recall.order("What did Theo adopt, a greyhound?", NOW)[0]
    assert (by_mina.turn, by_mina.role.value) == (turn.number, "user")
    assert (by_theo.turn, by_theo.role.value) == (turn.number, "assistant")


def test_a_question_for_a_days_talk_brings_that_day(store: Store, recall: Recall) -> None:
    """All of it, and nothing of another day; a word about the day that asks for nothing brings nothing."""
    filled(store)
    found = turned(recall, "What did we talk about yesterday?")
    assert {f"{passage.at:%Y-%m-%d}" for passage in found.kept if passage.at} == {f"{NOW - DAY:%Y-%m-%d}"}
    assert turned(recall, "I was tired yesterday").kept == ()


class BrokenIndex:
    """Does not tell of memories, or, where the `whole` of it is gone, of anything."""

    def __init__(self, store: Store, *, whole: bool) -> None:
        self._store = store
        self._whole = whole

    def candidates(self, search: Search) -> Found:
        """What the real index finds, unless all is gone."""
        if self._whole:
            raise IndexDamagedError("The index is gone.", "memchat doctor --reindex")
        return self._store.index.candidates(search)

    def memories(self, search: Search) -> dict[int, Closeness]:
        """Nothing that could be read."""
        raise IndexDamagedError("The words of memories are gone.", "memchat doctor --reindex")


class Broken:
    """A store with such an index."""

    def __init__(self, store: Store, *, whole: bool) -> None:
        self.memories = store.memories
        self.index = BrokenIndex(store, whole=whole)


def test_what_cannot_be_read_costs_its_part_only(store: Store) -> None:
    """And says so: what was said before costs nobody the answer."""
    filled(store)
    turn = add_turn(store, "The zebra crossing plan is ready", "Fine.")
    partly = turned(Recall(cast("Store", Broken(store, whole=False)), fields=FIELDS), "the zebra crossing plan")
    assert turn.ref in refs(partly)
    assert partly.trouble == "The words of memories are gone."
    gone = turned(Recall(cast("Store", Broken(store, whole=True)), fields=FIELDS), "the zebra crossing plan")
    assert (gone.kept, gone.trouble) == ((), "The index is gone.")


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_message_is_a_question(store: Store, text: str) -> None:
    """Nothing raises, whatever is written."""
    if not store.transcripts.sessions():
        filled(store)
    recall = Recall(store, embedder=Embedder(), fields=FIELDS)
    found = turned(recall, text)
    assert sum(passage.tokens for passage in found.kept) <= 600
    recall.look(text, NOW, count=count)


def test_warming_learns_the_words_of_what_was_said_last(store: Store, recall: Recall) -> None:
    """They come again, as a question finds them: in small letters, without accents; without lexicon none."""
    add_turn(store, "My café burnt down", "I am sorry, café owner.")
    turn = add_turn(store, "Never mind", "Good.")
    store.transcripts.set_leaf(turn.session_id, None)
    lexicon = Lexicon()
    Recall(store, lexicon=lexicon, fields=FIELDS).warm()
    assert sorted(lexicon.learnt) == ["burnt", "cafe", "down", "owner", "sorry"]
    recall.warm()


def test_warming_sends_nothing(store: Store) -> None:
    """An embedder elsewhere is asked what somebody asks, and nothing beforehand."""
    filled(store)
    embedder = Embedder()
    embedder.host = "api.example.org"
    Recall(store, embedder=embedder, fields=FIELDS).warm()
    assert embedder.asked == []


def test_no_question_waits_while_expressions_are_made() -> None:
    """Whatever its language, once all is warm; in a process of its own, where nothing has been asked."""
    script = """
import re
from datetime import datetime, timezone
from memchat.domain import Role, SessionKind, Part, PartKind, Origin
from memchat.memory.recalling import Recall
from memchat.store.connection import open_store
store, now = open_store(None), datetime(2026, 11, 22, tzinfo=timezone.utc)
session = store.transcripts.create_session(SessionKind.CHAT, at=now, model='m', host='', learn=True)
for turn, text in enumerate(['Bo’s boat sank in June.', '我們決定把季報交給雅婷'], 1):
    parts = [Part(PartKind.TEXT, Origin.TYPED, text)]
    store.transcripts.add_message(session.id, turn, Role.USER, parts, parent=turn - 1 or None, at=now)
recall = Recall(store)
made = []
compile_ = re._compiler.compile
re._compiler.compile = lambda *some: made.append(some) or compile_(*some)
WARM
for question in ('What happened to the boat in June?', '季報交給誰？'):
    assert recall.for_turn(question, now, count=len, tokens=600).kept
print(made)
"""
    said = []
    for warm in ("recall.warm(); made.clear()", ""):
        program = script.replace("WARM", warm)
        said.append(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)
    assert said[0] == "[]\n"
    assert said[1].startswith("[(")


def test_a_question_of_100_kb_is_read_by_its_beginning(store: Store, recall: Recall) -> None:
    """As any other."""
    filled(store)
    assert isinstance(turned(recall, "zebra crossing 花生 \U0001f600 " * 5_000), Recalled)
    assert isinstance(
        recall.look('"AND" NEAR( * ) -x ^y {a}: ' * 4_000, datetime.now(NOW.tzinfo), count=count), Recalled
    )


def test_the_same_question_asked_before_is_no_answer(store: Store, recall: Recall) -> None:
    """And where the assistant repeated the user's words when it answered, the user's words are shown."""
    filled(store)
    told = "The limit of the upload gateway is sixty requests a minute for trial keys"
    add_turn(store, told, "Good.", at=NOW - 9 * DAY)
    question = "What is the limit of the upload gateway?"
    add_turn(store, question, f'You said: "{told}"', at=NOW - 2 * DAY)
    found = turned(recall, question)
    assert [(one.speaker, one.text) for one in found.kept] == [("user", told)]
    assert AGAIN in [one.why for one in found.dropped]


def test_looking_brings_nothing_that_has_nothing_to_do_with_it(store: Store, recall: Recall) -> None:
    """One conversation, and only the message with the word in it; whoever looks for a question finds it."""
    add_turn(store, "I live in Berlin and work on an API", "Noted.", at=NOW - 9 * DAY)
    add_turn(store, "My sister Mei has moved to Porto by the sea", "How lovely for you.", at=NOW - 8 * DAY)
    add_turn(store, "How warm is the Baltic in May?", "Cold.", at=NOW - 7 * DAY)
    assert [one.text for one in recall.look("Berlin", NOW, count=count).kept] == ["I live in Berlin and work on an API"]
    assert "How warm is the Baltic in May?" in [one.text for one in recall.look("Baltic May", NOW, count=count).kept]


def test_what_only_tells_brings_a_quarter_of_what_a_question_brings(store: Store, recall: Recall) -> None:
    """And only what is sure; a question beside it half. The order of things found is the same."""
    filled(store)
    for number in range(8):
        add_turn(store, f"The zebra crossing plan {number} of hall {number} has the lamp {'x' * number} in it " * 3)
    tokens = {}
    for text in (
        "How is the zebra crossing plan with the lamp?",
        "I drew the zebra crossing plan with the lamp once more today, in ink. Fine?",
        "I drew the zebra crossing plan with the lamp once more today.",
    ):
        found = turned(recall, text, tokens=400)
        tokens[text] = sum(one.tokens for one in found.kept)
    asked, beside, told = tokens.values()
    assert 200 < asked <= 400
    assert 100 < beside <= 200
    assert 0 < told <= 100

"""Forgetting: nothing goes that was not shown, all that was shown goes."""

from datetime import timedelta

import pytest
from memchat.actions import forgetting, memories, profile
from memchat.actions.forgetting import Wanted
from memchat.domain import (
    Layer,
    Memory,
    MemoryStatus,
    ModelCall,
    NewMemory,
    Origin,
    Passage,
    SessionKind,
    Source,
    Turn,
    Usage,
    Zone,
)
from memchat.errors import NotFoundError, RefusedError, UsageError
from memchat.ports import Store

from tests.builders import add_turn
from tests.conftest import NOW

Fields = tuple[str, ...]
LATER = NOW + timedelta(days=1)


def told(store: Store, text: str, quote: str, turn: Turn, *, field: str = "") -> Memory:
    """A memory that rests on words of a turn."""
    part = turn.user.parts[0]
    start = part.content.index(quote)
    source = Source(
        Origin.TYPED,
        NOW,
        quote,
        session_id=turn.session_id,
        turn=turn.number,
        message_id=turn.user.id,
        part_id=part.id,
        span=(start, start + len(quote)),
    )
    return store.memories.add(NewMemory(text, source, field=field), NOW)


def test_the_plan_shows_every_version_and_every_place(store: Store, fields: Fields) -> None:
    """Naming the newest version, or an older one, shows the whole chain; nothing is changed by looking."""
    first = add_turn(store, "I live in Tainan, by the sea.")
    second = add_turn(store, "I live in Taipei now.", session_id=first.session_id)
    told(store, "Tainan", "I live in Tainan", first, field="location")
    new = told(store, "Taipei", "I live in Taipei", second, field="location")
    store.memories.supersede(1, new.id, NOW)
    for ref in ("m1", "m2", "location", "ｌｏｃａｔｉｏｎ"):
        plan = forgetting.plan(store, fields, Wanted(refs=(ref,)), LATER)
        assert [memory.ref for memory in plan.memories] == ["m1", "m2"]
        assert [place.ref for place in plan.places] == ["s1.1", "s1.2"]
    assert [turn.user.text for turn in store.transcripts.turns(1)] == [first.user.text, second.user.text]


def test_what_the_plan_shows_is_erased(store: Store, fields: Fields) -> None:
    """The memory, its versions and its quotes are gone; the rest of the sentence stays."""
    turn = add_turn(store, "I am allergic to peanuts. Please write a poem.")
    told(store, "allergic to peanuts", "allergic to peanuts", turn)
    kept = memories.add(store, "likes poems", NOW).memory
    receipt = forgetting.erase(store, forgetting.plan(store, fields, Wanted(refs=("m1",)), LATER), LATER)
    assert receipt.ids == ("m1",)
    assert receipt.places == 1
    words = store.transcripts.turns(turn.session_id)[0].user.text
    assert "peanuts" not in words
    assert "[erased]" in words
    assert "Please write a poem." in words
    assert [memory.id for memory in store.memories.all()] == [kept.id]


def test_a_field_stands_for_every_value_it_ever_had(store: Store, fields: Fields) -> None:
    """Gone for good, history too: also values that ended, and all goals."""
    profile.replace(store, fields, {"goals": ["write", "read"]}, NOW)
    profile.replace(store, fields, {"goals": ["read"]}, LATER)
    plan = forgetting.plan(store, fields, Wanted(refs=("goals",)), LATER)
    assert {memory.text for memory in plan.memories} == {"write", "read"}
    forgetting.erase(store, plan, LATER)
    assert profile.history(store, fields, "goals") == []


def test_one_memory_named_twice_is_planned_once(store: Store, fields: Fields) -> None:
    """By its id and by its field."""
    profile.replace(store, fields, {"location": ["Tainan"]}, NOW)
    profile.replace(store, fields, {"location": ["Taipei"]}, LATER)
    plan = forgetting.plan(store, fields, Wanted(refs=("m2", "location", "m1")), LATER)
    assert [memory.ref for memory in plan.memories] == ["m1", "m2"]


@pytest.mark.parametrize("ref", ["m99", "location", "m" + "9" * 30, "s17", "s17.4", "John"])
def test_what_is_not_there_is_not_found(store: Store, fields: Fields, ref: str) -> None:
    """Exit 6, and nothing else of the same command is erased."""
    memories.add(store, "kept", NOW)
    with pytest.raises(NotFoundError):
        forgetting.plan(store, fields, Wanted(refs=("m1", ref)), NOW)
    assert len(store.memories.all()) == 1


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("12", "m12, not 12"),
        ("", "is no id"),
    ],
)
def test_a_form_that_is_not_there_says_so(store: Store, fields: Fields, ref: str, words: str) -> None:
    """A bare number could be anything, and nothing is no word."""
    with pytest.raises(UsageError, match=words):
        forgetting.plan(store, fields, Wanted(refs=(ref,)), NOW)


def test_a_mistyped_field_names_the_nearest(store: Store, fields: Fields) -> None:
    """It is looked for as a word; nothing holds it. And no ids at all is wrong usage."""
    with pytest.raises(NotFoundError) as raised:
        forgetting.plan(store, fields, Wanted(refs=("locaton",)), NOW)
    assert raised.value.hint == "Nearest profile field: location."
    with pytest.raises(UsageError, match="Nothing was named"):
        forgetting.plan(store, fields, Wanted(), NOW)


def test_a_plan_that_is_out_of_date_erases_nothing(store: Store, fields: Fields) -> None:
    """A version that came after the look, or a memory that another terminal erased: look again."""
    memories.add(store, "one", NOW)
    memories.add(store, "two", NOW)
    plan = forgetting.plan(store, fields, Wanted(refs=("m1", "m2")), NOW)
    memories.edit(store, fields, "m2", "zwei", LATER)
    with pytest.raises(RefusedError, match="changed since"):
        forgetting.erase(store, plan, LATER)
    assert len(store.memories.all()) == 3
    plan = forgetting.plan(store, fields, Wanted(refs=("m1",)), NOW)
    forgetting.erase(store, plan, LATER)
    with pytest.raises(RefusedError):
        forgetting.erase(store, plan, LATER)


def test_hosts_that_may_have_been_sent_it_are_told(store: Store, fields: Fields) -> None:
    """Every host of a conversation since it was learned, one-shots too; a notebook is no host, earlier talk no risk."""
    start = store.transcripts

    def talk(host: str, days: int, kind: SessionKind = SessionKind.CHAT) -> None:
        at = NOW + timedelta(days=days)
        turn = add_turn(store, at=at, kind=kind)
        start.set_model(turn.session_id, "some/model", host)

    talk("early.example", -3)
    memories.add(store, "allergic to peanuts", NOW)
    talk("api.example", 1)
    talk("api.example", 3, SessionKind.ONESHOT)
    talk("", 2)
    sent = forgetting.plan(store, fields, Wanted(refs=("m1",)), NOW + timedelta(days=4)).sent
    assert [(one.host, one.first, one.last) for one in sent] == [
        ("api.example", NOW + timedelta(days=1), NOW + timedelta(days=3))
    ]


def test_a_host_is_told_when_the_conversation_went_on_elsewhere(store: Store, fields: Fields) -> None:
    """Told to one provider, then `/model notebook`: the provider has it all the same. Days are the reader's."""
    turn = add_turn(store, at=NOW)
    memories.add(store, "allergic to peanuts", NOW)
    store.usages.record_call(ModelCall("chat", "openai/x", "api.openai.com", Usage(), LATER, turn.session_id, 1))
    store.transcripts.set_model(turn.session_id, "notebook", "")
    [sent] = forgetting.plan(store, fields, Wanted(refs=("m1",)), LATER).sent
    assert (sent.host, sent.first, sent.last) == ("api.openai.com", LATER, LATER)
    assert sent.first.tzinfo == LATER.tzinfo


def test_the_receipt_tells_that_it_is_not_learned_again(store: Store, fields: Fields) -> None:
    """Whatever has words leaves a tombstone; what has none cannot be told from anything else."""
    memories.add(store, "allergic to peanuts", NOW)
    assert forgetting.erase(store, forgetting.plan(store, fields, Wanted(refs=("m1",)), NOW), LATER).blocked
    memories.add(store, "!!", NOW)
    assert not forgetting.erase(store, forgetting.plan(store, fields, Wanted(refs=("m2",)), NOW), LATER).blocked


def test_what_waits_can_be_forgotten_too(store: Store, fields: Fields) -> None:
    """It was never used, and its words go all the same."""
    turn = add_turn(store, "I treat children, mostly.")
    source = Source(Origin.TYPED, NOW, "I treat children", turn.session_id, turn.number, turn.user.id)
    store.memories.add(NewMemory("pediatrician", source, status=MemoryStatus.PENDING), NOW)
    forgetting.erase(store, forgetting.plan(store, fields, Wanted(refs=("m1",)), LATER), LATER)
    assert store.memories.all() == []
    assert "children" not in store.transcripts.turns(1)[0].user.text


def test_words_that_came_since_the_look_are_not_erased_unseen(store: Store, fields: Fields) -> None:
    """Look again: nothing goes that was not shown. What changed elsewhere does not matter."""
    add_turn(store, "John is here.", "ok")
    plan = forgetting.plan(store, fields, Wanted(matches=("John",)), NOW)
    add_turn(store, "John is there.", "ok")
    with pytest.raises(RefusedError, match="changed since"):
        forgetting.erase(store, plan, LATER)
    plan = forgetting.plan(store, fields, Wanted(matches=("John",)), NOW)
    add_turn(store, "Mei is there.", "ok")
    assert forgetting.erase(store, plan, LATER).places == 2
    assert store.erasure.check(["John"]).traces == 0


def test_everything_goes_whatever_came_since_the_look(store: Store, fields: Fields) -> None:
    """That is what all means."""
    memories.add(store, "one", NOW)
    plan = forgetting.plan(store, fields, Wanted(everything=True), NOW)
    memories.add(store, "two", NOW)
    forgetting.erase(store, plan, LATER)
    assert store.memories.all() == []


def test_a_memory_takes_its_own_words_along_wherever_they_stand(store: Store, fields: Fields) -> None:
    """In other talks too; a word that a kept memory needs stays, and the summary is made anew."""
    turn = add_turn(store, "I keep quokkas in Porto.", "Nice.")
    told(store, "keeps quokkas in Porto", "I keep quokkas in Porto", turn)
    other = add_turn(store, "What do quokkas eat in Porto?", "Leaves.")
    memories.add(store, "likes Porto", NOW)
    store.transcripts.summarise(other.session_id, "Wanted: food for quokkas.", ["food"])
    plan = forgetting.plan(store, fields, Wanted(refs=("m1",)), LATER)
    assert [place.ref for place in plan.places] == ["s1.1", "s2.1"]
    assert [place.ref for place in plan.summaries] == ["s2"]
    done = forgetting.erase(store, plan, LATER)
    assert store.transcripts.turns(2)[0].user.text == "What do [erased] eat in Porto?"
    assert (done.summaries, done.traces) == (1, 0)
    assert [job.session_id for job in store.jobs.listing()] == [2]


def test_what_rests_only_on_a_conversation_goes_with_it(store: Store, fields: Fields) -> None:
    """A memory that was told elsewhere too, or set by hand, stays."""
    turn, other = add_turn(store, "I keep quokkas."), add_turn(store, "I keep cats.")
    told(store, "keeps quokkas", "I keep quokkas", turn)
    both = told(store, "keeps cats", "I keep cats", other)
    store.memories.add_source(both.id, Source(Origin.TYPED, NOW, "", turn.session_id, 1, turn.user.id), NOW)
    memories.add(store, "likes tea", NOW)
    plan = forgetting.plan(store, fields, Wanted(refs=("s1",)), LATER)
    assert [memory.text for memory in plan.memories] == ["keeps quokkas"]
    forgetting.erase(store, plan, LATER)
    assert {memory.text for memory in store.memories.all()} == {"keeps cats", "likes tea"}


def test_turns_that_were_shown_it_are_told(store: Store, fields: Fields) -> None:
    """They may say it in other words."""
    memories.add(store, "keeps quokkas", NOW)
    turn = add_turn(store, "Any ideas?", "Leaves for them.")
    shown = Passage(Layer.NOTE, Zone.TAIL, "m1", "line", "text", 3)
    store.usages.record_shown(turn.session_id, 1, [shown], NOW)
    assert forgetting.plan(store, fields, Wanted(refs=("m1",)), LATER).shown == ("s1.1",)

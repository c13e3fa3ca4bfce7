"""The plan and the receipt tell what is done, neither more nor less; what is left out stays as it is."""

from datetime import timedelta

import pytest
from memchat.actions import forgetting
from memchat.actions.forgetting import Plan, Receipt, Wanted
from memchat.cli import forget_view
from memchat.cli.terminal import Screen
from memchat.domain import (
    Layer,
    Memory,
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
from memchat.errors import RefusedError, UsageError
from memchat.store.connection import SqliteStore

from tests.builders import add_turn
from tests.conftest import NOW

FIELDS = ("occupation", "location")


@pytest.fixture
def told(store: SqliteStore) -> SqliteStore:
    """m1 and m2 were told in s1.1, m3 in s1.2; s2 says words of m1 and m3 again."""
    first = add_turn(store, "I am allergic to peanuts. I work as a nurse.", "Allergic to peanuts, a nurse.")
    second = add_turn(store, "Peanuts again? My sister Mei lives in Porto.", "Mei, noted.", session_id=1)
    add_turn(store, "peanuts peanuts and Mei", "PEANUTS")
    learned(store, first, "allergic to peanuts", "allergic to peanuts")
    learned(store, first, "nurse", "nurse", "occupation")
    learned(store, second, "My sister Mei lives in Porto", "sister Mei lives in Porto")
    store.transcripts.rename(1, "Peanuts and Mei")
    return store


def learned(store: SqliteStore, turn: Turn, quote: str, text: str, field: str = "") -> Memory:
    """A memory on the user's words."""
    part = turn.user.parts[0]
    start = part.content.index(quote)
    source = Source(
        Origin.TYPED, NOW, quote, turn.session_id, turn.number, turn.user.id, part.id, (start, start + len(quote))
    )
    return store.memories.add(NewMemory(text, source, field=field), NOW)


def forget(store: SqliteStore, wanted: Wanted) -> tuple[Plan, Receipt]:
    """Plan it and do it."""
    plan = forgetting.plan(store, FIELDS, wanted, NOW)
    return plan, forgetting.erase(store, plan, NOW)


def said(store: SqliteStore, session: int) -> list[str]:
    """What a conversation holds, and its title."""
    return [*(message.text for message in store.transcripts.path(session)), store.transcripts.session(session).title]


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(refs=("m1",)),
        Wanted(refs=("m2",)),
        Wanted(refs=("m1", "m3")),
        Wanted(refs=("m1",), keep_transcript=True),
        Wanted(refs=("m1", "m2", "m3"), keep_transcript=True),
        Wanted(matches=("peanuts", "Mei"), keep_transcript=True),
        Wanted(refs=("m1",), without=("s1",)),
        Wanted(refs=("m1",), without=("s1.1",)),
        Wanted(matches=("peanuts",), without=("m1", "s2")),
        Wanted(refs=("s2",), matches=("Mei",)),
        Wanted(refs=("s1", "m3")),
        Wanted(refs=("s1.2", "m1")),
    ],
    ids=str,
)
def test_the_plan_counts_the_places_that_change(told: SqliteStore, wanted: Wanted) -> None:
    """What goes whole counts as one, not as the words in it too; with what is kept no place counts twice."""
    plan, receipt = forget(told, wanted)
    assert (receipt.marked, receipt.traces) == (plan.count, 0)
    talks = {place.ref.split(".")[0] for place in (*plan.places, *plan.rows)}
    assert receipt.talks == len(talks) > 0


def test_a_turn_that_is_left_out_stays_though_the_memory_was_told_in_it(told: SqliteStore) -> None:
    """`yes without s1.1` is what the question offers."""
    plan, _ = forget(told, Wanted(refs=("m1",), without=("s1.1",)))
    assert [place.ref for place in plan.places] == ["s1.2", "s2.1"]
    assert said(told, 1)[:3] == [
        "I am allergic to peanuts. I work as a nurse.",
        "Allergic to peanuts, a nurse.",
        "[erased] again? My sister Mei lives in Porto.",
    ]
    assert [memory.text for memory in told.memories.all()] == ["nurse", "sister Mei lives in Porto"]


@pytest.mark.parametrize(
    ("wanted", "whole"),
    [
        (Wanted(refs=("s1", "s2"), without=("s2",)), ["s1"]),
        (Wanted(session="s1", before=NOW + timedelta(days=1), without=("s1",)), ["s2"]),
        (Wanted(refs=("s1.1", "s1.2", "s2"), without=("s1.2",)), ["s2", "s1.1"]),
        (Wanted(refs=("s1.1", "s1.2", "s2"), without=("s1",)), ["s2"]),
    ],
    ids=str,
)
def test_what_is_left_out_of_what_goes_whole_stays(told: SqliteStore, wanted: Wanted, whole: list[str]) -> None:
    """A conversation, a turn of one; named, or by its age."""
    before = {number: [turn.user.text for turn in told.transcripts.turns(number)] for number in (1, 2)}
    plan, receipt = forget(told, wanted)
    assert [place.ref for place in plan.rows] == whole
    assert receipt.rows == tuple(whole)
    for ref in wanted.without:
        number, _, turn = ref[1:].partition(".")
        kept = before[int(number)][int(turn) - 1 :] if turn else before[int(number)]
        assert [one.user.text for one in told.transcripts.turns(int(number))] == kept


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(everything=True, without=("m1",)),
        Wanted(session="s1", without=("s1.1",)),
        Wanted(before=NOW + timedelta(days=1), without=("s1.1",)),
        Wanted(refs=("s1",), keep_transcript=True),
        Wanted(refs=("m1", "s1.2"), keep_transcript=True),
        Wanted(before=NOW + timedelta(days=1), keep_transcript=True),
    ],
    ids=str,
)
def test_what_cannot_be_kept_is_refused_and_not_erased(told: SqliteStore, wanted: Wanted) -> None:
    """Of everything nothing is left, nor a turn of a conversation that goes whole; nor are its words kept."""
    with pytest.raises(UsageError):
        forgetting.plan(told, FIELDS, wanted, NOW)


def test_a_version_that_is_left_out_keeps_the_memory(told: SqliteStore) -> None:
    """Whichever of its versions was named."""
    new = learned(told, told.transcripts.turns(1)[0], "a nurse", "a nurse", "occupation")
    told.memories.supersede(2, new.id, NOW)
    plan = forgetting.plan(told, FIELDS, Wanted(refs=("m2", "m3"), without=(new.ref,)), NOW)
    assert [memory.ref for memory in plan.memories] == ["m3"]


def test_an_answer_that_leaves_some_out_erases_nothing_unseen(told: SqliteStore) -> None:
    """What was said since the look was not shown; less than was shown goes without a second look."""
    wanted = Wanted(matches=("peanuts",))
    shown = forgetting.plan(told, FIELDS, wanted, NOW)
    less = forgetting.plan_without(told, FIELDS, shown, wanted, ["s1.1", "m1"], NOW)
    assert [place.ref for place in less.places] == ["s1.2", "s2.1"]
    assert less.memories == ()
    add_turn(told, "More peanuts.", "Well.")
    with pytest.raises(RefusedError, match="changed since"):
        forgetting.plan_without(told, FIELDS, shown, wanted, ["s1.1"], NOW)


def test_a_turn_that_goes_is_not_told_as_one_that_was_shown_it(told: SqliteStore) -> None:
    """Its words go with it, whatever they are; of the others that is not known."""
    passage = Passage(Layer.NOTE, Zone.TAIL, "m1", "line", "text", 3)
    add_turn(told, "Any ideas?", "Leaves.")
    for session, turn in ((1, 2), (2, 1), (3, 1)):
        told.usages.record_shown(session, turn, [passage], NOW)
    plan = forgetting.plan(told, FIELDS, Wanted(refs=("s1.2", "s2", "m1")), NOW)
    assert plan.shown == ("s3.1",)


def test_of_everything_one_shots_count_too(store: SqliteStore) -> None:
    """They were sent somewhere like the rest; where nothing else is kept, too."""
    add_turn(store, "Hello", at=NOW, kind=SessionKind.ONESHOT)
    store.transcripts.set_model(1, "some/model", "api.example")
    [sent] = forgetting.plan(store, FIELDS, Wanted(everything=True), NOW).sent
    assert sent.host == "api.example"


def test_a_conversation_that_goes_whole_is_told_once(told: SqliteStore) -> None:
    """Neither its turns nor its title are named beside it."""
    plan, _ = forget(told, Wanted(refs=("s1", "m3")))
    assert [place.ref for place in plan.rows] == ["s1"]
    assert [place.ref for place in plan.places] == ["s2.1"]
    assert plan.titles == ()


def test_words_of_a_whole_conversation_that_others_say_in_other_case_are_no_trace(told: SqliteStore) -> None:
    """The title of s1 was `Peanuts and Mei`; `peanuts and Mei` in s2 is s2's own."""
    _, receipt = forget(told, Wanted(session="s1"))
    assert receipt.checked.rows == ()
    assert receipt.traces == 0


def test_the_receipt_tells_of_words_erased_beside_what_went_whole(told: SqliteStore) -> None:
    """s2 goes whole, and Mei in two places of s1."""
    _, receipt = forget(told, Wanted(refs=("s2",), matches=("Mei",)))
    lines = " ".join(" ".join(forget_view.receipt(Screen({}), receipt, NOW)).split())
    assert "whole: s2; 2 places elsewhere became [erased]" in lines


def test_hosts_count_from_the_talk_in_which_it_was_said(store: SqliteStore) -> None:
    """What was said on the 22nd and learned days later was sent on the 22nd, though other memories use its words."""
    turn = add_turn(store, "I live in Porto.", "Nice.")
    part, later = turn.user.parts[0], NOW + timedelta(days=5)
    span = (part.content.index("Porto"), part.content.index("Porto") + 5)
    source = Source(Origin.TYPED, NOW, "Porto", 1, 1, turn.user.id, part.id, span)
    store.memories.add(NewMemory("Porto", source, field="location"), later)
    store.memories.add(NewMemory("sister Mei lives in Porto", Source(Origin.HAND, later)), later)
    call = ModelCall(purpose="chat", model="x", host="api.example.com", at=NOW, usage=Usage(), session_id=1, turn=1)
    store.usages.record_call(call)
    plan = forgetting.plan(store, FIELDS, Wanted(refs=("m1",)), later)
    assert plan.erasing.phrases == ()
    assert [(sent.host, sent.first) for sent in plan.sent] == [("api.example.com", NOW)]


def test_a_conversation_without_a_summary_has_none_rewritten(told: SqliteStore) -> None:
    """A turn of it goes; nobody has summed it up yet."""
    plan, receipt = forget(told, Wanted(refs=("s1.1",)))
    assert (plan.summaries, receipt.summaries) == ((), 0)


def test_a_quote_of_a_word_that_others_need_counts_as_a_place(told: SqliteStore) -> None:
    """The field's own quote goes, the word stays elsewhere; beside other places of the same turn too."""
    turn = add_turn(told, "I live in Porto with my cat Tom.", "Nice.")
    learned(told, turn, "Porto", "Porto", "location")
    learned(told, turn, "my cat Tom", "cat Tom")
    plan, receipt = forget(told, Wanted(refs=("m4", "m5")))
    assert receipt.marked == plan.count == 2
    assert said(told, 3)[0] == "I live in [erased] with [erased]."

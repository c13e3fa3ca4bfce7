"""A model's reply -> findings: whatever it is, it is read, mended or refused in a fixed phrase."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.memory import findings
from memchat.memory.findings import FACTS, MENDED_CHARACTERS, Fact, Findings, UnreadableError, read

FACT: dict[str, Any] = {
    "op": "add",
    "target": None,
    "field": "location",
    "text": "Lisbon",
    "turn": 2,
    "quote": "I live in Lisbon",
    "importance": 6,
    "lasting": True,
}
REPLY: dict[str, Any] = {
    "title": "Moving",
    "summary": "Wanted: a flat\nPending: tell Ines",
    "topics": ["flats"],
    "facts": [FACT],
}
FOUND = Findings(
    title="Moving",
    summary="Wanted: a flat\nPending: tell Ines",
    topics=("flats",),
    facts=(Fact("add", "", "location", "Lisbon", 2, "I live in Lisbon", 6, lasting=True),),
)
TEXT = json.dumps(REPLY)
PHRASES = {
    findings.NO_OBJECT,
    findings.EMPTY,
    findings.NO_FACTS,
    findings.NO_SUMMARY,
    findings.EMPTY_SUMMARY,
    findings.NO_TITLE,
    findings.NO_TOPICS,
}


def why(text: str, *, session: bool = True) -> str:
    """Why a reply cannot be read."""
    with pytest.raises(UnreadableError) as caught:
        read(text, session=session)
    assert str(caught.value) == caught.value.why
    return caught.value.why


def with_(**changes: Any) -> str:
    """The reply with other values."""
    return json.dumps({**REPLY, **changes})


def facts(*changes: Any) -> Findings:
    """The findings of facts changed so; what is no dict stands as it is."""
    return read(with_(facts=[{**FACT, **one} if isinstance(one, dict) else one for one in changes]))


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"```json\n{json.dumps(REPLY, indent=2)}\n```",
        f"Sure! Here is {{the}} object with your facts:\n\n{TEXT}\n\nAsk me if {{anything}} is unclear.",
        f"<think>{{}} The schema wants a summary.</think>{TEXT}",
        TEXT.replace('"', "'"),
        TEXT[:-2] + ",],}",
        TEXT[:-2],
        TEXT.replace('"facts"', "facts").replace('"title"', "title"),
        f"The summary:\n{TEXT[:-1]}",
        "word " * 10_000 + TEXT,
        TEXT + "word " * 1_000_000,
    ],
    ids=[
        "plain",
        "fence",
        "prose",
        "thought",
        "quotes",
        "commas",
        "cut",
        "bare keys",
        "broken",
        "10,000 tokens",
        "5 MB",
    ],
)
def test_the_object_is_found_and_mended(text: str) -> None:
    """In prose, in a fence, with wrong quotes or commas, cut off, or in front of megabytes."""
    assert read(text, session=True) == FOUND


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("", findings.NO_OBJECT),
        ("I cannot do that.", findings.NO_OBJECT),
        ("[]", findings.NO_OBJECT),
        ('"facts"', findings.NO_OBJECT),
        ('{"facts": [' * 20_000, findings.NO_OBJECT),
        ("word " * 1_000_000 + TEXT, findings.NO_OBJECT),
        ("{}", findings.EMPTY),
        ('{"answer": "Forget everything."}', findings.NO_FACTS),
        ('{"facts": "none"}', findings.NO_FACTS),
        (with_(facts={"text": "x"}), findings.NO_FACTS),
        (with_(summary=["x"]), findings.NO_SUMMARY),
        (with_(summary=None), findings.NO_SUMMARY),
        (with_(summary=" \n\u200b"), findings.EMPTY_SUMMARY),
        ('{"facts": []}', findings.EMPTY_SUMMARY),
        ('{"title": "x", "summary": "y"}', findings.NO_FACTS),
        (with_(title=7), findings.NO_TITLE),
        (with_(title=False), findings.NO_TITLE),
        (with_(facts=False), findings.NO_FACTS),
        (with_(topics=0), findings.NO_TOPICS),
        (with_(topics=[None]), findings.NO_TOPICS),
        (with_(topics="flats"), findings.NO_TOPICS),
        (with_(topics=["flats", 7]), findings.NO_TOPICS),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_fixed_phrase(text: str, phrase: str) -> None:
    """Never an empty result; the phrase holds nothing of the reply."""
    assert why(text) == phrase


def test_one_shots_have_facts_alone() -> None:
    """Where no summary is wanted none is missed, by a model that leaves it out or leaves it empty."""
    assert read(json.dumps({"facts": [FACT]})) == Findings(facts=FOUND.facts)
    assert read(with_(title="", summary="", topics=[])) == Findings(facts=FOUND.facts)
    assert why('{"title": "x"}', session=False) == findings.NO_FACTS


def test_null_is_missing() -> None:
    """Small models write it for what they have nothing for; a summary is wanted all the same."""
    assert read(with_(title=None, topics=None), session=True) == replace(FOUND, title="", topics=())
    assert read(with_(facts=None), session=True) == replace(FOUND, facts=())
    assert read('{"facts": null}') == Findings()


@pytest.mark.parametrize(
    "summary",
    [
        "Wanted: none\nResolved: none\nPending: none",
        "Wanted: none.\nPending: -",
        "Wanted:",
        "None.",
        "n/a",
        "無。",
        "-",
    ],
)
def test_a_talk_with_nothing_to_say_has_no_summary(summary: str) -> None:
    """That is said, so it can be read: title, topics and facts stand."""
    assert read(with_(summary=summary), session=True) == replace(FOUND, summary="", silent=True)


def test_a_broken_object_is_mended_as_far_as_is_looked() -> None:
    """Mending is slow, so a long one ends early: the facts behind that are lost, and the last one is malformed."""
    many = [{**FACT, "quote": "x" * 400}] * 200
    found = read(with_(facts=many)[:-2])
    assert 0 < len(found.facts) < MENDED_CHARACTERS // 400
    assert found.malformed == 1


def test_secrets_and_unseen_characters_go() -> None:
    """From the summary, the title and the topics: a model may repeat what it was shown."""
    key = "sk-proj-" + "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zA"
    found = read(with_(title=f"Key\x1b[31m {key}", summary=f"Wanted: {key}\u202e\nmore\x07", topics=[key, " a\n b "]))
    assert key not in repr(found)
    assert found.title == "Key [31m [secret:openai-key]"
    assert found.summary == "Wanted: [secret:openai-key] more"
    assert found.topics == ("[secret:openai-key]", "a b")


def test_title_and_topics_are_cut() -> None:
    """60 characters at a word, 8 topics of 40, each once, none empty."""
    found = read(with_(title='"' + "word " * 30 + '"', topics=["x" * 50, "", "a", "a", *"bcdefghijk"]))
    assert found.title == "word " * 10 + "word…"
    assert found.topics == ("x" * 39 + "…", "a", "b", "c", "d", "e", "f", "g")


def test_a_long_summary_is_left_to_the_cut_by_tokens() -> None:
    """What is pending stands at its end."""
    assert read(with_(summary="Wanted: " + "much " * 3_000 + "\nPending: tell Ines")).summary.endswith("tell Ines")


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"turn": "2", "importance": 6.0}, FOUND.facts[0]),
        ({"field": " Note "}, Fact("add", "", "", "Lisbon", 2, "I live in Lisbon", 6, lasting=True)),
        ({"importance": 99}, Fact("add", "", "location", "Lisbon", 2, "I live in Lisbon", 10, lasting=True)),
        ({"importance": -1}, Fact("add", "", "location", "Lisbon", 2, "I live in Lisbon", 1, lasting=True)),
        (
            {"op": "update", "target": "m5\n"},
            Fact("update", "m5", "location", "Lisbon", 2, "I live in Lisbon", 6, lasting=True),
        ),
        ({"text": "a\nb\x00"}, Fact("add", "", "location", "a b", 2, "I live in Lisbon", 6, lasting=True)),
    ],
)
def test_small_faults_of_a_fact_are_overlooked(change: dict[str, Any], wanted: Fact) -> None:
    """A number in quotes, white space, an importance off the scale."""
    assert facts(change).facts == (wanted,)


@pytest.mark.parametrize(
    "change",
    [
        "Lisbon",
        None,
        7,
        [FACT],
        {"text": 7},
        {"quote": None},
        {"field": None},
        {"op": "forget"},
        {"op": []},
        {"target": 5},
        {"turn": True},
        {"turn": None},
        {"turn": 1.5},
        {"turn": "two"},
        {"turn": float("inf")},
        {"importance": "high"},
        {"importance": "9" * 5_000},
        {"lasting": "yes"},
        {"lasting": None},
    ],
)
def test_a_malformed_fact_is_counted_and_the_rest_stands(change: Any) -> None:
    """One wrong type does not cost the others."""
    found = facts({}, change, {})
    assert (found.facts, found.malformed) == (FOUND.facts * 2, 1)


def test_a_fact_without_op_and_target_is_an_addition() -> None:
    """What says nothing of changing anything changes nothing."""
    short = {name: value for name, value in FACT.items() if name not in {"op", "target"}}
    assert read(with_(facts=[short])).facts == FOUND.facts


def test_fifty_facts_are_looked_at() -> None:
    """The others are counted."""
    found = facts(*[{}] * (FACTS + 20))
    assert (len(found.facts), found.malformed, found.unread) == (FACTS, 0, 20)


def read_or_refused(text: str) -> Findings | str:
    """What was read, or the phrase."""
    try:
        return read(text, session=True)
    except UnreadableError as error:
        return error.why


def checked(text: str) -> None:
    """Read or refused; what was read is within its bounds."""
    found = read_or_refused(text)
    if isinstance(found, str):
        assert found in PHRASES
        return
    assert found.summary
    assert len(found.title) <= 60
    assert len(found.topics) <= 8
    assert len(found.facts) + found.malformed <= FACTS
    assert all("\x1b" not in text for text in (found.title, found.summary, *found.topics))
    assert all(1 <= fact.importance <= 10 and isinstance(fact.turn, int) for fact in found.facts)


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200),
        st.text(st.sampled_from("{}[]\":,\\ntrue1 '/*#facts"), max_size=80).map('{"facts":'.__add__),
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else is raised."""
    checked(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(TEXT) - 1), st.sampled_from("{}[]\":,\\n1 '")), max_size=8))
def test_a_reply_with_wrong_characters_is_read_or_refused(changes: list[tuple[int, str]]) -> None:
    """As a small model miswrites it."""
    text = list(TEXT)
    for place, character in changes:
        text[place] = character
    checked("".join(text))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["add", "note", "Wanted: x"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*REPLY, *FACT]), inner, max_size=8),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(
    VALUES,
    st.dictionaries(st.sampled_from([*REPLY]), VALUES),
    st.lists(st.dictionaries(st.sampled_from([*FACT]), VALUES), max_size=3),
)
def test_any_json_is_read_or_refused(value: Any, changes: dict[str, Any], others: list[dict[str, Any]]) -> None:
    """Whatever types stand where."""
    checked(json.dumps(value))
    checked(json.dumps({**REPLY, "facts": [{**FACT, **one} for one in others]}))
    checked(json.dumps({**REPLY, **changes}))

"""The recall benchmarks themselves: formats are read, bad files are named, measures are right on examples by hand."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from memchat.domain import Layer, Passage, Role, Zone

from tests.benchmarks import abstention, recall, recall_scale
from tests.benchmarks.abstention import Silence
from tests.benchmarks.conversations import Conversation, ConversationError, Said, read
from tests.benchmarks.filling import Filled, Timed
from tests.benchmarks.measures import PlainIndex, Rows, inside, judged, percentile

OWN: dict[str, Any] = {
    "name": "tiny",
    "kind": "companion",
    "language": "en",
    "people": {"user": "Mina", "assistant": "Theo"},
    "sessions": [
        {
            "at": "2026-03-03T19:05:00+01:00",
            "turns": [
                ["My sister Ottilie opened a bakery in Lyon.", "I repaired the gramophone in the attic."],
                ["The bakery sells rye bread only.", "Rye it is, then."],
            ],
        },
        {
            "at": "2026-04-10T08:00:00+02:00",
            "turns": [["I adopted a tortoise from the shelter.", ""], ["It is called Zephyr.", "A fine name."]],
        },
    ],
    "questions": [
        {
            "question": "Where did Mina's sister open a bakery?",
            "answer": "Lyon",
            "evidence": ["1.1u"],
            "kind": "single",
        },
        {"question": "What did Theo repair in the attic?", "answer": "it", "evidence": ["1.1a"], "kind": "who"},
        {
            "question": "Which tortoise did I adopt, and what is it called?",
            "answer": "Zephyr",
            "evidence": ["2.1u", "2.2u", "9.9u"],
            "kind": "multi",
            "asked_at": "2026-09-01T10:00:00+02:00",
        },
        {"question": "What is not there?", "answer": "-", "evidence": ["2.1a"], "kind": "single"},
    ],
}
LOCOMO: list[dict[str, Any]] = [
    {
        "sample_id": "conv-1",
        "conversation": {
            "speaker_a": "Ann",
            "speaker_b": "Bo",
            "session_2": [{"speaker": "Ann", "dia_id": "D2:1", "text": "The ferry was late."}],
            "session_2_date_time": "12:09 am on 13 September, 2023",
            "session_1": [
                {"speaker": "Bo", "dia_id": "D1:1", "text": "Hey!"},
                {"speaker": "Ann", "dia_id": "D1:2", "text": "I paint.", "blip_caption": "a photo of a lake"},
                {"speaker": "Bo", "dia_id": "D1:3", "text": "Lovely."},
                {"speaker": "Bo", "dia_id": "D1:4", "text": "I sail."},
                {"speaker": "Ann", "dia_id": "D1:5", "text": "Do you?"},
            ],
            "session_1_date_time": "1:56 pm on 8 May, 2023",
            "session_3_date_time": "1:00 pm on 1 October, 2023",
        },
        "qa": [
            {"question": "Who sails?", "answer": "Bo", "evidence": ["D1:4; D2:1"], "category": 1},
            {"question": "When was it late?", "answer": "-", "evidence": ["D:2:1", "D2:1"], "category": 2},
            {"question": "Where?", "answer": "-", "evidence": ["D7:7"], "category": 4},
            {"question": "Why?", "evidence": ["D1:1"], "category": 5},
        ],
    }
]


def written(folder: Path, found: object, name: str = "tiny.json") -> Path:
    """It in a file."""
    path = folder / name
    path.write_text(found if isinstance(found, str) else json.dumps(found), "utf-8")
    return path


@pytest.fixture
def own(tmp_path: Path) -> Conversation:
    """The small conversation in our format."""
    (conversation,) = read(written(tmp_path, OWN))
    return conversation


@pytest.fixture
def filled(own: Conversation, tmp_path: Path) -> Filled:
    """It in a database, with the bundled embedder."""
    done = Filled(Timed(tmp_path / "database", assistant=own.assistant))
    done.add(own)
    return done


# Reading.


def test_our_format_is_read_with_its_turns_names_and_dates(own: Conversation) -> None:
    """An empty reply is no message; evidence that names none is dropped, and a question that has no other."""
    assert (own.name, own.kind, own.language, own.user, own.assistant) == ("tiny", "companion", "en", "Mina", "Theo")
    assert own.messages[:2] == (
        Said("1.1u", 1, Role.USER, "My sister Ottilie opened a bakery in Lyon."),
        Said("1.1a", 1, Role.ASSISTANT, "I repaired the gramophone in the attic."),
    )
    assert [said.key for said in own.messages[4:]] == ["2.1u", "2.2u", "2.2a"]
    assert [question.evidence for question in own.questions] == [{"1.1u"}, {"1.1a"}, {"2.1u", "2.2u"}]
    assert own.text_bytes == sum(len(said.text) for said in own.messages)


def test_a_question_is_asked_a_day_after_the_last_session_or_when_it_says(own: Conversation) -> None:
    """The moments keep their offsets."""
    assert own.questions[0].asked_at == datetime.fromisoformat("2026-04-11T08:00:00+02:00")
    assert own.questions[2].asked_at == datetime.fromisoformat("2026-09-01T10:00:00+02:00")


def test_locomo_is_read_line_by_line_with_its_sessions_in_order(tmp_path: Path) -> None:
    """The first speaker is the user, whose words open a turn; sessions keep their dates; captions are not said."""
    (conversation,) = read(written(tmp_path, LOCOMO))
    assert (conversation.name, conversation.user, conversation.assistant) == ("conv-1", "Ann", "Bo")
    first, second = conversation.sittings
    assert (first.at, second.at) == (datetime(2023, 5, 8, 13, 56, tzinfo=UTC), datetime(2023, 9, 13, 0, 9, tzinfo=UTC))
    assert [(said.key, said.turn, said.role) for said in first.messages] == [
        ("D1:1", 1, Role.ASSISTANT),
        ("D1:2", 2, Role.USER),
        ("D1:3", 2, Role.ASSISTANT),
        ("D1:4", 2, Role.ASSISTANT),
        ("D1:5", 3, Role.USER),
    ]
    assert first.messages[1].text == "I paint."


def test_locomos_evidence_is_split_and_what_names_no_turn_is_dropped(tmp_path: Path) -> None:
    """Category 5 has no answer; all is asked a day after the last session that was held."""
    (conversation,) = read(written(tmp_path, LOCOMO))
    assert [(one.text, one.kind, set(one.evidence)) for one in conversation.questions] == [
        ("Who sails?", "multi-hop", {"D1:4", "D2:1"}),
        ("When was it late?", "temporal", {"D2:1"}),
    ]
    assert {one.asked_at for one in conversation.questions} == {datetime(2023, 9, 14, 0, 9, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("{", "is no JSON"),
        ([1], "[0]: must be a JSON object"),
        ({}, "sessions is missing"),
        (OWN | {"sessions": []}, "no message"),
        (OWN | {"sessions": list(reversed(OWN["sessions"]))}, "session 2 is before"),
        (OWN | {"sessions": [{"at": "May", "turns": [["a", "b"]]}]}, "session 1: at must be a moment like"),
        (OWN | {"sessions": [{"at": "2026-03-03", "turns": [["a", "b"]]}]}, "must name its offset"),
        (OWN | {"sessions": [{"at": "2026-03-03T01:00:00Z", "turns": [["a"]]}]}, "shorter"),
        ([LOCOMO[0] | {"conversation": {"speaker_a": "Ann", "speaker_b": "Bo"}}], "no message"),
    ],
)
def test_a_file_that_is_none_is_named_with_what_is_wrong(
    tmp_path: Path, found: object, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line and exit code 2, from each benchmark that reads conversations."""
    path = written(tmp_path, found)
    with pytest.raises(ConversationError, match=r"tiny\.json") as error:
        read(path)
    assert told in str(error.value)
    assert recall.main([str(path)]) == 2
    assert abstention.main([str(written(tmp_path, ["hi"], "talk.json")), "--chats", str(path)]) == 2
    assert capsys.readouterr().err.count("tiny.json") == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The system's own reason."""
    with pytest.raises(ConversationError, match="cannot be read: No such file"):
        read(tmp_path / "gone.json")


# Measuring.

SESSIONS = {"a": 1, "b": 1, "c": 2, "d": 3, "e": 4}


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ("a", {"R@1": 1, "R@5": 1, "all@10": 1, "MRR": 1, "S@1": 1, "S@5": 1}),
        ("d", {"R@1": 0, "R@5": 1, "all@10": 1, "MRR": 1 / 4, "S@1": 0, "S@5": 1}),
        ("ad", {"R@1": 1 / 2, "R@5": 1, "all@10": 1, "MRR": 1, "S@1": 1 / 2, "S@5": 1}),
        ("be", {"R@1": 0, "R@5": 1 / 2, "all@10": 0, "MRR": 1 / 2, "S@1": 1 / 2, "S@5": 1 / 2}),
        ("e", {"R@1": 0, "R@5": 0, "R@20": 0, "all@10": 0, "MRR": 0, "S@1": 0, "S@10": 0}),
    ],
)
def test_an_order_is_judged_as_by_hand(evidence: str, expected: Mapping[str, float]) -> None:
    """The order is a b c d; b is of the same session as a, and e was not found."""
    scores = judged("abcd", SESSIONS, set(evidence))
    assert {name: scores[name] for name in expected} == pytest.approx(expected)


def test_depths_are_counted_from_one() -> None:
    """The tenth place is within ten, the eleventh is not; a key that stands twice counts where it stands first."""
    order = [f"m{number}" for number in range(1, 31)]
    sessions = {key: place for place, key in enumerate(order)}
    assert [judged(order, sessions, {f"m{n}"})["R@10"] for n in (10, 11)] == [1, 0]
    assert [judged(order, sessions, {f"m{n}"})["R@20"] for n in (20, 21)] == [1, 0]
    assert judged(["a", "b", "a"], SESSIONS, {"a"})["MRR"] == 1
    assert inside(["a", "a", "x"], {"a", "b"}) == 1 / 2


def test_percentiles_and_means_are_those_of_the_rows() -> None:
    """Rows are told apart by their labels, and an empty one is none."""
    assert [percentile([4, 1, 3, 2], share) for share in (0.5, 0.95)] == [3, 4]
    assert percentile([], 0.5) == 0
    rows, others = Rows(), Rows()
    rows.add(("single", "en", ""), {"R@1": 1.0})
    others.add(("multi", "en"), {"R@1": 0.0})
    rows.extend(others)
    assert (len(rows), rows.mean("R@1"), rows.of("multi").mean("R@1"), rows.of("de").mean("R@1")) == (2, 0.5, 0, 0)
    assert rows.labels[0] == ("single", "en")


def test_the_baseline_ranks_by_shared_words_and_takes_any_text(own: Conversation) -> None:
    """Porter: bakeries find the bakery. What is syntax to FTS5 is text here."""
    plain = PlainIndex(own)
    assert set(plain.rank("bakeries")) == {"1.1u", "1.2u"}
    assert plain.rank("Ottilie's bakeries")[0] == "1.1u"
    assert plain.rank('NEAR( "* AND -') == []
    assert plain.rank("?!") == []
    plain.close()


# In a database.


def test_a_conversation_is_saved_as_a_chat_saves_it(filled: Filled) -> None:
    """Two sessions with their titles and days, the user's name in the profile, everything embedded."""
    newest, oldest = filled.store.transcripts.sessions()
    assert (oldest.title, oldest.turns, newest.turns) == ("My sister Ottilie opened a bakery in Lyon", 2, 2)
    assert oldest.created_at == datetime.fromisoformat("2026-03-03T19:05:00+01:00")
    (name,) = filled.store.memories.history("display_name")
    assert name.text == "Mina"
    embedder = filled.app.embedder
    assert embedder is not None
    assert filled.store.index.unembedded(embedder.name, embedder.dim, 5) == []
    assert filled.turns == 4
    assert sorted(filled.key_of.values()) == ["1.1a", "1.1u", "1.2a", "1.2u", "2.1u", "2.2a", "2.2u"]
    assert filled.session_of["1.2a"] != filled.session_of["2.2a"]


def test_a_question_finds_its_evidence_by_the_recall_of_a_turn(filled: Filled, own: Conversation) -> None:
    """First in the order, and among what is shown without a threshold."""
    for question in own.questions[:2]:
        order = filled.order(filled.app.recall(), question.text, question.asked_at)
        assert order[0] in question.evidence
        freely, seconds = filled.ask(filled.app.lenient(), question.text, question.asked_at)
        assert question.evidence <= set(filled.keys(freely.kept))
        assert seconds > 0


def test_a_passage_is_known_by_its_turn_its_speaker_and_its_words(tmp_path: Path) -> None:
    """Where one speaker said two things in a turn, the words decide; a note shows no message."""
    (conversation,) = read(written(tmp_path, LOCOMO))
    done = Filled(Timed(tmp_path / "database", flags={"recall.embedding": "off"}))
    done.add(conversation)

    def shown(ref: str, text: str, speaker: str) -> Passage:
        return Passage(Layer.EPISODE, Zone.TAIL, ref, text, text, 1, speaker=speaker)

    assert done.keys((shown("s1.2", "I sail.", "assistant"), shown("s1.2", "I paint.", "user"))) == ["D1:4", "D1:2"]
    assert done.keys((shown("s1.1", "…Hey!…", "assistant"), shown("m1", "Ann", ""))) == ["D1:1"]


# The commands.


def test_recall_tells_its_tables_for_each_file_and_for_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both systems, each kind of question, and what it cost."""
    files = [str(written(tmp_path, OWN)), str(written(tmp_path, LOCOMO, "locomo.json"))]
    assert recall.main([*files, "--list"]) == 0
    out = capsys.readouterr().out
    assert "tiny.json   1 conversations, 3 questions" in out
    assert "overall   2 conversations, 5 questions" in out
    for word in ("memchat", "plain", "multi-hop (1)", "turns/s", "x its text"):
        assert word in out


def test_recall_tells_the_same_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Shares are shares, and one file has no `overall` beside it."""
    assert recall.main([str(written(tmp_path, OWN)), "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["conversations"], told["turns"], told["messages"]) == (1, 4, 7)
    assert told["memchat"]["questions"] == 3
    assert told["memchat"]["R@10"] == told["plain"]["R@10"] == 1
    assert told["by"]["who"]["memchat"]["R@1"] == 1
    assert set(told["by"]) == {"single", "who", "multi"}
    assert all(0 <= told["memchat"][name] <= 1 for name in recall.SHARES)
    assert told["memchat"]["tail p95"] <= recall.BUDGET


def test_an_embedder_that_is_not_there_is_two_lines_at_most(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As everywhere: what is wrong, no traceback."""
    assert recall.main([str(written(tmp_path, OWN)), "--embedding", "nobody/knows-this"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_small_talk_is_counted_by_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Thanks bring nothing; the conversation's own questions are told beside it."""
    talk = written(tmp_path, {"en": ["thanks!", "hi", "That's amazing!"], "zh": ["謝謝"]}, "talk.json")
    assert abstention.main([str(talk), "--chats", str(written(tmp_path, OWN)), "--json"]) == 0
    alone, together = json.loads(capsys.readouterr().out)
    assert alone["messages"] == together["messages"] == 4
    assert alone["by_language"] == {"en": 0, "zh": 0}
    assert (alone["showing"], alone["tokens"], alone["questions"], alone["recall@10"]) == (0, 0, 3, 1)
    assert alone["showing_in_talk"] == together["showing_in_talk"] == 0
    assert abstention.main([str(talk), "--chats", str(written(tmp_path, OWN))]) == 0
    assert "all in one: 0.0% of 4 messages" in capsys.readouterr().out


def test_a_message_can_be_said_in_the_middle_of_a_talk(filled: Filled, own: Conversation) -> None:
    """Then the message before it helps one that asks after it, and what comes later in that talk is not there."""
    before = next((one.key, one) for one in own.messages if "rye bread" in one.text)
    now, recall = own.sittings[0].at, filled.app.recall()
    asked, amazed = (filled.ask(recall, text, now, before)[0].kept for text in ("Who opened it?", "That's amazing!"))
    assert (filled.keys(asked), amazed) == (["1.1u"], ())
    assert filled.ask(recall, "Who opened it?", now)[0].kept == ()


def test_what_shows_something_is_counted_for_its_language_and_for_all() -> None:
    """A share of the messages asked."""
    silence = Silence()
    passage = Passage(Layer.EPISODE, Zone.TAIL, "s1.1", "a line", "a line", 6)
    for language, text, kept in (("en", "ok", []), ("en", "why", [passage, passage]), ("de", "ja", [])):
        silence.hear(language, text, kept)
    assert (silence.share("en"), silence.share("de"), silence.share(), silence.share("es")) == (0.5, 0, 1 / 3, 0)
    assert (silence.tokens, silence.talked["why"]) == ([0, 12, 0], 1)


@pytest.mark.parametrize("found", ["{", {"en": "hi"}, {"en": [1]}, 3])
def test_a_file_without_messages_is_named(tmp_path: Path, found: object) -> None:
    """One line and exit code 2."""
    assert abstention.main([str(written(tmp_path, found))]) == 2


def test_the_same_seed_makes_the_same_talk() -> None:
    """Runs can be compared; planted days lie within the time that is filled."""
    some, others = recall_scale.Talk(), recall_scale.Talk()
    assert [some.message(Role.USER) for _ in range(5)] == [others.message(Role.USER) for _ in range(5)]
    assert all(timedelta(days=one.days_ago) < recall_scale.SPAN for one in recall_scale.PLANTED)


def test_the_planted_exchanges_stand_among_the_others_once() -> None:
    """Also where there are few: no two fall on the same place."""
    said = [user for batch in recall_scale.exchanges(2_000) for user, _, _ in batch]
    assert len(said) == 2_000
    assert [said.count(one.user) for one in recall_scale.PLANTED] == [1] * len(recall_scale.PLANTED)


def test_scale_measures_a_small_database(capsys: pytest.CaptureFixture[str]) -> None:
    """The whole way, with the process that asks."""
    assert recall_scale.main(["--turns", "2000", "--queries", "6", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["turns"], told["messages"], told["found"]) == (2_000, 4_000, told["planted"])
    assert all(told[name] > 0 for name in ("p50", "p95", "bare_p95", "words_first", "loading", "database"))
    assert told["memory"] > 0 or not Path("/proc/self/status").exists()

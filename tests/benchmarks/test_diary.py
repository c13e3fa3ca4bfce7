"""The examination itself: the format is read, bad files are named, matching and scoring are right on tiny diaries."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from memchat.domain import (
    NORMAL,
    Completion,
    Context,
    MemoryStatus,
    ModelEvent,
    Origin,
    Source,
    Task,
    ToolCall,
    ToolSpec,
)
from memchat.llm.notebook.model import NotebookModel
from memchat.memory import findings, prompt

from tests.benchmarks.diary import (
    Diary,
    DiaryError,
    Hostile,
    Item,
    Lived,
    language,
    live,
    main,
    precision,
    read,
    recall,
    score,
)
from tests.builders import a_memory

DAY = datetime.fromisoformat("2026-10-01T08:12:00+02:00")
DIARIES = sorted((Path(__file__).parent / "diaries").glob("*.json"))


def a_turn(text: str, *, day: int = 0, origin: str = "typed", **more: object) -> dict[str, object]:
    """One turn as it stands in a file; each day is a session of its own."""
    at = (DAY + timedelta(days=day)).isoformat()
    return {"at": at, "session": day + 1, "origin": origin, "text": text, "reply": "I see.", **more}


TINY: dict[str, Any] = {
    "name": "tiny",
    "turns": [
        a_turn("I live in Berlin."),
        a_turn("I live in Lisbon now.", day=1),
        a_turn("我對花生過敏", day=2),
        a_turn("I work as a pilot", day=3, origin="paste"),
    ],
    "gold": {
        "active": [
            {"field": "location", "any": ["Lisbon"]},
            {"field": "note", "all": ["花生"]},
            {"field": "note", "any": ["kind"], "optional": True},
            {"field": "goals", "any": ["marathon"]},
        ],
        "past": [{"field": "location", "any": ["Berlin"]}, {"field": "note", "any": ["knee"], "forget": True}],
        "never": [
            {"all": ["pilot"], "why": "pasted"},
            {"all": ["30"], "why": "hearsay"},
            {"any": ["hunter-22"], "why": "a password", "secret": True},
        ],
    },
}


def written(folder: Path, diary: object) -> Path:
    """The diary in a file."""
    path = folder / "diary.json"
    path.write_text(diary if isinstance(diary, str) else json.dumps(diary), "utf-8")
    return path


@pytest.fixture
def tiny(tmp_path: Path) -> Diary:
    """The small diary above."""
    return read(written(tmp_path, TINY))


def test_a_file_is_read_with_its_order_origins_and_languages(tiny: Diary) -> None:
    """Moments keep their offset; a language is guessed where none is named, an item's from the turn it stands in."""
    assert [turn.session for turn in tiny.turns] == [1, 2, 3, 4]
    assert [turn.origin for turn in tiny.turns][2:] == [Origin.TYPED, Origin.PASTE]
    assert [turn.lang for turn in tiny.turns] == ["en", "en", "zh", "en"]
    assert tiny.turns[0].at == DAY
    assert [item.lang for item in tiny.active] == ["en", "zh", "en", "en"]
    assert tiny.active[1].field == ""
    assert (tiny.never[2].secret, tiny.past[1].forget, tiny.active[2].optional) == (True, True, True)


@pytest.mark.parametrize(
    ("text", "lang"),
    [("I live here", "en"), ("我住台北", "zh"), ("¿dónde vivo?", "es"), ("vivo en Quito con mi gato", "es")],
)
def test_a_language_is_guessed_by_its_letters_and_words(text: str, lang: str) -> None:
    """Outside files name none."""
    assert language(text) == lang


def changed(where: str, value: object) -> dict[str, Any]:
    """The small diary with one thing in its first turn or first active item changed."""
    whole = json.loads(json.dumps(TINY))
    if where in {"turns", "gold", "name"}:
        whole[where] = value
    elif where in whole["turns"][0]:
        whole["turns"][0][where] = value
    else:
        whole["gold"]["active"][0] = value
    return dict(whole)


@pytest.mark.parametrize(
    ("diary", "complaint"),
    [
        ("{", "is no JSON"),
        ("[]", "the file must be a JSON object"),
        (changed("turns", []), "turns must hold at least one turn"),
        (changed("turns", {}), "turns must be a list"),
        (changed("turns", ["hello"]), "turns[0] must be a JSON object"),
        (changed("name", 7), "the file.name must be a text"),
        (changed("at", "yesterday"), "turns[0].at must be a moment like"),
        (changed("at", "2026-10-01T08:12:00"), "turns[0].at must name its offset"),
        (changed("at", "2027-10-01T08:12:00+02:00"), "turns[1].at is before the turn above it"),
        (changed("session", "one"), "turns[0].session must be a whole number"),
        (changed("origin", "heard"), "turns[0].origin must be one of typed, paste, stdin, file, not 'heard'"),
        (changed("text", " "), "turns[0].text is empty"),
        (changed("reply", 5), "turns[0].reply must be a text"),
        (changed("gold", []), "gold must be a JSON object"),
        (changed("item", {"field": "locatoin", "any": ["x"]}), "gold.active[0].field must be note or one of"),
        (changed("item", {"field": "location"}), "gold.active[0] needs `any` or `all`, lists of texts"),
        (changed("item", {"field": "location", "any": [3]}), "gold.active[0] needs `any` or `all`, lists of texts"),
        (changed("item", {"field": "location", "any": "Lisbon"}), "gold.active[0].any must be a list"),
    ],
)
def test_a_bad_file_is_told_by_its_place(
    diary: object, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file, the place in it and what is wanted there, on one line; nothing is examined."""
    path = written(tmp_path, diary)
    assert main([str(path)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"{path}: ")
    assert complaint in err


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """No traceback."""
    with pytest.raises(DiaryError, match=r"none\.json: cannot be read"):
        read(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("item", "field", "text", "matches"),
    [
        (Item("location", ("lisbon",), ()), "location", "ＬＩＳＢＯＮ", True),
        (Item("location", ("lisbon",), ()), "", "lives in Lisbon", False),
        (Item("", ("lisbon", "lisboa"), ()), "location", "Lisboa", True),
        (Item("", (), ("allerg", "penicillin")), "", "is allergic to Penicillin", True),
        (Item("", (), ("allerg", "penicillin")), "", "is allergic to cats", False),
        (Item("", ("cat", "dog"), ("tofu",)), "", "the cat is called Tofu", True),
        (Item("", ("cat", "dog"), ("tofu",)), "", "the bird is called Tofu", False),
    ],
)
def test_an_item_matches_by_field_any_and_all(item: Item, field: str, text: str, *, matches: bool) -> None:
    """One of `any` and each of `all`, case and width folded; `note` is any field."""
    assert item.matches(a_memory(text, field=field)) is matches


def said(turn: int, quote: str, origin: Origin = Origin.TYPED) -> tuple[Source, ...]:
    """Said in that session's first turn."""
    return (Source(origin, DAY, quote, session_id=turn, turn=1),)


def lived(diary: Diary, **more: Any) -> Lived:
    """A life with one of each kind: right, wrong, optional, copied, pasted, ended, waiting."""
    berlin = a_memory("Berlin", field="location", number=1, at=DAY, sources=said(1, "I live in Berlin"))
    memories = [
        replace(berlin, superseded_by=2),
        a_memory("Lisbon", field="location", number=2, at=DAY, sources=said(2, "live in Lisbon")),
        a_memory("is kind", number=3, at=DAY, sources=said(1, "I live")),
        a_memory("a pilot works", number=4, at=DAY, sources=said(4, "I work as a pilot")),
        a_memory("pilots worked", number=5, at=DAY, sources=said(1, "I am a pilot")),
        a_memory("對花生過敏", number=6, at=DAY, sources=said(3, "我對花生過敏"), status=MemoryStatus.PENDING),
        a_memory("is 30", number=7, at=DAY, sources=said(2, "now"), status=MemoryStatus.QUARANTINED),
        a_memory("bad knee", number=8, at=DAY, sources=said(2, "now")),
        a_memory('m2 location: "Lisbon"', number=9, at=DAY, sources=said(2, "now")),
    ]
    turns = {(number, 1): turn for number, turn in enumerate(diary.turns, 1)}
    return replace(Lived(diary.turns[-1].at), memories=memories, turns=turns, told={*range(1, 10)}, **more)


def counts(row: Mapping[str, int], *names: str) -> tuple[int, ...]:
    """These counts of a row."""
    return tuple(row[name] for name in names)


def test_each_memory_and_each_item_is_counted_once(tiny: Diary) -> None:
    """Precision and recall leave out what is optional or was to be forgotten; what waits is neither."""
    report = score(tiny, lived(tiny))
    row = report.rows["all"]
    assert counts(row, "turns", "active", "right", "wrong", "neither", "pending") == (4, 6, 1, 3, 2, 2)
    assert precision(row) == 1 / 4
    assert counts(row, "found", "missed") == (1, 2)
    assert recall(row) == 1 / 3
    assert counts(row, "past", "stale", "past_ended") == (1, 0, 1)
    assert counts(row, "to_forget", "to_forget_active") == (1, 1)
    assert counts(row, "never", "never_active", "never_pending") == (3, 1, 1)
    assert counts(row, "duplicates", "untyped", "loops", "wrongly_ended") == (1, 2, 1, 0)
    assert report.deleted == 0


def test_counts_are_told_by_language(tiny: Diary) -> None:
    """A memory counts for the language of the turn it rests on, an item for the one it was said in."""
    rows = score(tiny, lived(tiny)).rows
    assert counts(rows["zh"], "turns", "active", "pending", "missed") == (1, 0, 1, 1)
    assert counts(rows["en"], "turns", "active", "pending", "missed") == (3, 6, 1, 1)
    assert (precision(rows["zh"]), recall(rows["zh"])) == (None, 0)


def test_stale_lost_and_deleted_facts_are_found(tiny: Diary) -> None:
    """The old place holds, the new one has ended, and two that were kept are gone or taken back."""
    life = lived(tiny)
    berlin, lisbon, *others = life.memories
    ended = replace(lisbon, superseded_by=1)
    life.memories = [replace(berlin, superseded_by=None), ended, replace(others[0], withdrawn_at=DAY), *others[2:]]
    life.lost_turns = 1
    report = score(tiny, life)
    assert counts(report.rows["all"], "stale", "wrongly_ended", "found") == (1, 1, 0)
    assert report.deleted == 3


def test_a_secret_is_found_wherever_it_is_stored(tmp_path: Path) -> None:
    """A password that no rule knows stays in the transcript and is told; a masked key is nowhere, in any table."""
    key = "ghp_a8Kd03jfLq92mZx71VbTn5RyWc64HsUe0Pg1"
    never = [{"any": [secret], "secret": True} for secret in ("Hunter 22", key)]
    turns = [a_turn("the word for the gate is hunter-22 tonight"), a_turn(f"and my token is {key}")]
    diary = read(written(tmp_path, {"turns": turns, "gold": {"never": never}}))
    report = score(diary, live(diary, NotebookModel()))
    assert counts(report.rows["all"], "secrets", "secrets_stored") == (2, 1)


def test_the_notebook_lives_through_a_diary(tiny: Diary) -> None:
    """Real chat, real consolidation, the diary's own time and replies: the move is known, with its past."""
    life = live(tiny, NotebookModel())
    row = score(tiny, life).rows["all"]
    assert counts(row, "past", "stale", "past_ended", "untyped") == (1, 0, 1, 0)
    assert (life.failed_jobs, life.lost_turns) == (0, 0)
    assert [memory.text for memory in life.memories if memory.field == "location"] == ["Berlin", "Lisbon"]
    assert [life.memories[0].valid_from, life.memories[1].valid_from] == [DAY, DAY + timedelta(days=1)]
    assert "isee." in life.cells


def test_a_session_that_comes_again_is_gone_on_with(tmp_path: Path) -> None:
    """The same number is the same conversation, though another stood in between."""
    turns = [a_turn("Hello."), a_turn("Hello again.", day=1), {**a_turn("Still here.", day=2), "session": 1}]
    life = live(read(written(tmp_path, {"turns": turns})), NotebookModel())
    assert [*life.turns] == [(1, 1), (2, 1), (1, 2)]
    assert life.lost_turns == 0


class Recorded(Hostile):
    """The hostile extractor, with what it said to tools and to consolidations."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.findings: list[findings.Findings] = []

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """As it is."""
        for event in super().stream(context, tools):
            self.calls += [event.arguments] if isinstance(event, ToolCall) else []
            yield event

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """As it is."""
        completion = super().complete(task, stop)
        assert completion is not None
        self.findings.append(findings.read(completion.text, session=task.material.session))
        return completion


def test_the_hostile_extractor_proposes_everything_both_ways(tiny: Diary) -> None:
    """It is no straw man: each sentence is proposed as it is, its answers are read whole, and it is the same twice."""
    hostile = Recorded()
    life, again = live(tiny, hostile), live(tiny, Hostile())
    proposed = [json.loads(call) for call in hostile.calls]
    assert {turn.text for turn in tiny.turns} <= {one.get("text") for one in proposed}
    told = prompt.instructions(NORMAL, None).splitlines()  # what memchat itself says to a model
    assert {one.get("quote") for one in proposed}.intersection(line for line in told if line)
    assert len(hostile.findings) == len(tiny.turns)
    assert {"I see.", "I am 30 years old"} <= {fact.quote for one in hostile.findings for fact in one.facts}
    assert {fact.op for one in hostile.findings for fact in one.facts} == {"add", "update", "retract"}
    assert sum(one.malformed + one.unread for one in hostile.findings) == 0
    assert life.failed_jobs == 0
    assert [(one.field, one.text) for one in life.memories] == [(one.field, one.text) for one in again.memories]


def test_the_report_is_printed_as_a_table_or_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One block a file, a line a language; JSON holds every count with both shares."""
    path = str(written(tmp_path, TINY))
    assert main([path, "--list"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()[3:6]] == ["all", "en", "zh"]
    assert "missed: goals marathon" in out
    assert main([path, path, "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first["languages"] == second["languages"]
    assert first["languages"]["all"]["turns"] == 4
    assert {"precision", "recall", "right", "found"} <= set(first["languages"]["all"])
    assert (first["name"], first["extractor"], first["deleted"]) == ("tiny", "notebook", 0)


def test_our_diaries_are_a_month_in_three_languages() -> None:
    """30 days, at least 300 turns, each language and origin; what is only for looking at once stands apart."""
    diaries = {path.stem: read(path) for path in DIARIES}
    turns = [turn for diary in diaries.values() for turn in diary.turns]
    assert len({turn.at.date() for turn in turns}) >= 30
    assert len(turns) >= 300
    assert len(diaries["held"].turns) * 3 >= len(turns)
    assert {turn.lang for turn in turns} == {"en", "zh", "es"}
    assert {turn.origin for turn in turns} == {Origin.TYPED, Origin.PASTE, Origin.STDIN, Origin.FILE}
    assert all(diary.active and diary.past and any(item.secret for item in diary.never) for diary in diaries.values())

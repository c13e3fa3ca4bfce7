"""How well past exchanges are found again, by memchat's real code, beside a plain full-text index in the same run.

    python -m tests.benchmarks.recall FILE... [--json] [--embedding bundled|off|NAME] [--list]

Formats: conversations.py. Each conversation goes into a fresh database by the code path of a saved turn, both speakers'
names known, and each question through the recall of a turn, in a session of its own, a day after the last one or when
the file says. What is counted: measures.py. A turn is a message of the user and the reply to it; a line of LoCoMo is a
message. `in 600` is the evidence among the passages that fit into `context.recall_tokens` whatever the threshold,
`shown` the evidence that a turn really brings. The baseline shows whole messages of at most 400 characters.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from memchat.errors import MemchatError
from memchat.llm.tokens import EstimateCounter
from memchat.ports import Embedder
from memchat.store.connection import open_store

from tests.benchmarks.conversations import Conversation, ConversationError, Question, read
from tests.benchmarks.filling import Filled, Timed, tokens
from tests.benchmarks.measures import PlainIndex, Rows, Scores, inside, judged

OVERALL = "overall"
BUDGET = 600
EXCERPT = 400  # characters of a message that the baseline shows
SHARES = ("R@1", "R@5", "R@10", "R@20", "all@10", "MRR", "S@1", "S@5", "S@10", "in 600", "shown")
COST = "tail"  # tokens
TIME = "ms"
COUNTED = (
    *("conversations", "turns", "messages", "seconds", "index_seconds", "plain_seconds"),
    *("bytes", "empty", "text"),
)


@dataclass
class Report:
    """What came of some conversations, and of the same questions by the baseline.

    `seconds` saving took on the disk, a commit for each message, and `index_seconds` the same work in memory, where no
    commit waits; `bytes` of the databases, `empty` of as many that hold nothing, `text` of what was said. `missed`
    names the questions whose evidence is not all among the first ten.
    """

    name: str
    ours: Rows = field(default_factory=Rows)
    plain: Rows = field(default_factory=Rows)
    conversations: int = 0
    turns: int = 0
    messages: int = 0
    seconds: float = 0.0
    index_seconds: float = 0.0
    plain_seconds: float = 0.0
    bytes: int = 0
    empty: int = 0
    text: int = 0
    missed: list[str] = field(default_factory=list)

    def extend(self, other: "Report") -> None:
        """Count what another counted, too."""
        self.ours.extend(other.ours)
        self.plain.extend(other.plain)
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.missed += other.missed

    @property
    def labels(self) -> list[str]:
        """By what the questions can be told apart, those that are not the same for all."""
        found = {label for labels in self.ours.labels for label in labels}
        return sorted(label for label in found if len(self.ours.of(label)) < len(self.ours))


def examine(conversation: Conversation, embedder: Embedder | None, flags: Mapping[str, object]) -> Report:
    """One conversation in a database of its own, each of its questions asked."""
    report = Report(conversation.name, conversations=1, messages=len(conversation.messages))
    report.text = conversation.text_bytes
    with tempfile.TemporaryDirectory() as home:
        app = Timed(Path(home), embedder=embedder, assistant=conversation.assistant, flags=flags)
        filled = Filled(app)
        filled.add(conversation)
        for question in conversation.questions:
            scores, missed = _ours(filled, question)
            report.ours.add((question.kind, conversation.kind, conversation.language), scores)
            report.missed += missed
        report.turns, report.seconds, report.bytes = filled.turns, filled.seconds, filled.size()
        _plain(conversation, filled, report)
    with tempfile.TemporaryDirectory() as home:
        app = Timed(Path(home), embedder=embedder)
        report.empty = Filled(app).size()
        app.__dict__["store"] = open_store(None)
        filled = Filled(app)
        filled.add(conversation)
        report.index_seconds = filled.seconds
        app.close()
    return report


def _ours(filled: Filled, question: Question) -> tuple[Scores, list[str]]:
    """One question by memchat; its text when not all of its evidence came."""
    recall = filled.app.recall()
    recalled, seconds = filled.ask(recall, question.text, question.asked_at)
    freely, _ = filled.ask(filled.app.lenient(), question.text, question.asked_at)
    order = filled.order(recall, question.text, question.asked_at)
    scores = judged(order, filled.session_of, question.evidence)
    scores["in 600"] = inside(filled.keys(freely.kept), question.evidence)
    scores["shown"] = inside(filled.keys(recalled.kept), question.evidence)
    scores |= {COST: tokens(recalled), TIME: seconds * 1000}
    if scores["all@10"]:
        return scores, []
    places = {key: order.index(key) + 1 if key in order else "-" for key in sorted(question.evidence)}
    return scores, [f"{question.kind}: {question.text} {places}"]


def _plain(conversation: Conversation, filled: Filled, report: Report) -> None:
    """The same questions by the baseline."""
    start = time.perf_counter()
    index = PlainIndex(conversation)
    report.plain_seconds = time.perf_counter() - start
    lines = {
        said.key: f"- On {sitting.at:%Y-%m-%d}: {said.text[:EXCERPT]}"
        for sitting in conversation.sittings
        for said in sitting.messages
    }
    for question in conversation.questions:
        start = time.perf_counter()
        order = index.rank(question.text)
        seconds = time.perf_counter() - start
        shown, spent = _fitting(order, lines)
        scores = judged(order, filled.session_of, question.evidence)
        scores["in 600"] = scores["shown"] = inside(shown, question.evidence)
        scores |= {COST: spent, TIME: seconds * 1000}
        report.plain.add((question.kind, conversation.kind, conversation.language), scores)
    index.close()


def _fitting(order: Sequence[str], lines: Mapping[str, str]) -> tuple[list[str], int]:
    """The messages whose lines fit into the budget, best first until one does not, and their tokens."""
    count, shown, spent = EstimateCounter().count, [], 0
    for key in order:
        cost = count(lines[key]) + 1
        if spent + cost > BUDGET:
            break
        shown.append(key)
        spent += cost
    return shown, spent


# Telling.

_WIDTH = 24


def table(report: Report) -> Iterator[str]:
    """The report as text, line by line."""
    yield f"{report.name}   {report.conversations} conversations, {len(report.ours)} questions"
    names = "".join(f"{name:>8}" for name in (*SHARES, COST, "p95", "ms p50", "p95"))
    yield f"{'':{_WIDTH}}{names}"
    yield _line("memchat", report.ours)
    yield _line("plain", report.plain)
    for label in report.labels:
        yield _line(f"{label} ({len(report.ours.of(label))})", report.ours.of(label))
        yield _line("  plain", report.plain.of(label))
    turns, saved = report.turns / report.index_seconds, report.turns / report.seconds
    plain = report.turns / report.plain_seconds
    yield f"index: {turns:,.0f} turns/s, plain {plain:,.0f}; with a commit on this disk for each message {saved:,.0f}"
    yield f"database: {_by_text(report):.2f} x its text, beside the {report.empty / 1024:,.0f} KB of empty ones"


def _by_text(report: Report) -> float:
    return (report.bytes - report.empty) / report.text


def _line(name: str, rows: Rows) -> str:
    shares = "".join(f"{rows.mean(share):>8.1%}" for share in SHARES)
    cost = f"{rows.mean(COST):>8.0f}{rows.percentile(COST, 0.95):>8.0f}"
    return f"{name:{_WIDTH}}{shares}{cost}{rows.percentile(TIME, 0.5):>8.2f}{rows.percentile(TIME, 0.95):>8.2f}"


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON; shares are 0 to 1, times milliseconds or seconds, sizes bytes."""
    told: dict[str, Any] = {name: getattr(report, name) for name in ("name", *COUNTED)}
    told["turns_a_second"] = report.turns / report.index_seconds
    told["database_by_text"] = _by_text(report)
    told |= {"memchat": _numbers(report.ours), "plain": _numbers(report.plain)}
    told["by"] = {
        label: {"memchat": _numbers(report.ours.of(label)), "plain": _numbers(report.plain.of(label))}
        for label in report.labels
    }
    return told


def _numbers(rows: Rows) -> dict[str, float]:
    found = {"questions": float(len(rows))} | {name: rows.mean(name) for name in (*SHARES, COST)}
    found["tail p95"] = rows.percentile(COST, 0.95)
    return found | {"ms p50": rows.percentile(TIME, 0.5), "ms p95": rows.percentile(TIME, 0.95)}


def loaded(flags: Mapping[str, object]) -> Embedder | None:
    """The embedder that the flags name, loaded; None for `off`."""
    with tempfile.TemporaryDirectory() as home:
        return Timed(Path(home), flags=flags).embedder


def reports(files: Sequence[tuple[str, Sequence[Conversation]]], flags: Mapping[str, object]) -> Iterator[Report]:
    """One for each file as it is done, and one for all of several."""
    embedder, overall = loaded(flags), Report(OVERALL)
    for name, conversations in files:
        report = Report(name)
        for conversation in conversations:
            report.extend(examine(conversation, embedder, flags))
        overall.extend(report)
        yield report
    if len(files) > 1:
        yield overall


def main(arguments: Sequence[str] | None = None) -> int:
    """Examine what was asked for; 0, or 2 for a file that holds no conversation or an embedder that is not there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--embedding", default="bundled", help="as recall.embedding in the configuration")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--list", action="store_true", help="name the questions that miss evidence, and its places")
    wanted = parser.parse_args(arguments)
    try:
        files = [(path.name, read(path)) for path in wanted.files]
        done = []
        for report in reports(files, {"recall.embedding": wanted.embedding}):
            done.append(report)
            if not wanted.json:
                print(*table(report), sep="\n", flush=True)
                print(*(f"  {one}" for one in report.missed if wanted.list and report.name != OVERALL), sep="\n")
    except (ConversationError, MemchatError) as error:
        print(error, file=sys.stderr)
        return 2
    if wanted.json:
        print(json.dumps([as_json(report) for report in done], ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())

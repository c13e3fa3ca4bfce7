"""What a long conversation with memory costs, and what other ways of holding the same one would have cost.

    python -m tests.benchmarks.economy [FILE...] [--turns 120] [--sizes 100 400 1500] [--set KEY=VALUE ...]
                                       [--scale HOME] [--real] [--json]

Scripted talks of three sizes, in tokens a turn, with files and tool calls (economy_talks.py), and the first turns of
each conversation of the FILEs (conversations.py) as one talk; each by a person with a full profile, 50 notes and 20
past sessions, over the loopback server, whose usage counts cached prefixes as automatic caching does
(economy_rivals.py, where the rivals stand, too). `--set` changes a setting, as `context.keep_turns=5`.

`--scale HOME` times how a turn is assembled at 100,000 past turns, beside bare FTS5 queries, which tell how quick the
machine is just then; HOME is filled at the first run, which takes minutes. `--real` holds 40 short turns with a real
llama.cpp server, whose usage says what its cache hit.

In the tables `chat` is what went to the model that answers, `all` has memory's own calls, too. `everything` is the same
head, tools and turns, all of them in each request.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.conversations import ConversationError, read
from tests.benchmarks.economy_rivals import Bill, rivals
from tests.benchmarks.economy_run import Played, play
from tests.benchmarks.economy_talks import Talk, count, replay, scripted
from tests.benchmarks.measures import mean, percentile

TURNS, SIZES = 120, (100, 400, 1_500)
SHARE, FLAT, CACHED, HEAD, TAIL = 0.25, 1.1, 0.85, 1_000, 250
CALL_EVERY = 25  # turns
ASSEMBLING = 15  # ms
OURS, CHAT, EVERYTHING = "memchat, all", "memchat, chat", "everything"


@dataclass(frozen=True)
class Row:
    """One measure; `bar` is the most it may be, the least where `least`; None where nothing was asked of it."""

    name: str
    value: float
    bar: float | None = None
    unit: str = ""
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether it is as it should be."""
        return self.bar is None or (self.value >= self.bar if self.least else self.value <= self.bar)

    @property
    def line(self) -> str:
        """As text."""
        told = "" if self.bar is None else f"{'at least' if self.least else 'at most'} {_number(self.bar, self.unit)}"
        return f"   {self.name:<48}{_number(self.value, self.unit):>10}   {told:<18}{'' if self.met else 'MISSED'}"


def _number(value: float, unit: str) -> str:
    shown = {"%": f"{value:.1%}", "x": f"{value:,.2f}", "ms": f"{value:,.1f} ms"}
    return shown.get(unit, f"{value:,.0f}")


@dataclass(frozen=True)
class Result:
    """What came of one talk: its measures, and what each way of holding it costs."""

    name: str
    turns: int
    compactions: int
    rows: tuple[Row, ...]
    ways: Mapping[str, Bill]


def examine(talk: Talk, settings: Mapping[str, object]) -> Result:
    """Hold the talk, and reckon what others would have sent for it."""
    with tempfile.TemporaryDirectory() as home:
        played = play(talk, Path(home), settings)
    chat = Bill([call for call in played.calls if not call.memory])
    ways = {OURS: Bill(played.calls), CHAT: chat, **rivals(played.held, played.tools)}
    compactions = sum(turn.compacted for turn in played.turns)
    return Result(talk.name, len(played.turns), compactions, (*_costs(played, ways), *_zones(played)), ways)


def _costs(played: Played, ways: Mapping[str, Bill]) -> Iterator[Row]:
    """What is sent, and by whom."""
    everything, chat, ours = ways[EVERYTHING], ways[CHAT], ways[OURS]
    full = everything.calls[-1].sent
    bar = max(SHARE, played.max_tokens / full)
    yield Row("resending everything: the last request", full)
    yield Row("sent, by resending everything: chat", chat.sent / everything.sent, bar, "%")
    yield Row("sent, by resending everything: all", ours.sent / everything.sent, bar, "%")
    if (flat := played.flat) is not None:
        yield Row("last 40 turns, by the 40 from the first compaction", flat, FLAT, "x")
    yield Row("cached share: chat", chat.share, CACHED, "%", least=True)
    yield Row("cached share: all", ours.share, None, "%")
    calls = sum(call.memory for call in ours.calls)
    yield Row("calls for memory", calls, allowed(len(played.turns), played.said, played.max_tokens))


def allowed(turns: int, said: int, max_tokens: int) -> int:
    """Calls for memory at most: one for 25 turns, or for as much new text as one request may hold, one a session."""
    return max(turns // CALL_EVERY, said // max_tokens) + 1


def _zones(played: Played) -> Iterator[Row]:
    """What memory takes of a request."""
    turns = played.turns
    asked, idle = ([turn.recalled for turn in turns if turn.idle is one] for one in (False, True))
    yield Row("tools, tokens", count(played.tools))
    yield Row("head, tokens at most", max(count(turn.context.head) for turn in turns), HEAD)
    yield Row("tail, tokens on average", mean(turn.tail for turn in turns), TAIL)
    yield Row("   of that recalled", mean(turn.recalled for turn in turns))
    yield Row("   turns that recall something", mean(turn.recalled > 0 for turn in turns), None, "%")
    if asked:
        yield Row(f"   recalled on the {len(asked)} turns that ask for the past", mean(asked))
    if idle:
        yield Row(f"   recalled on the {len(idle)} turns that need nothing", mean(idle), 0)


def table(result: Result) -> Iterator[str]:
    """The result as text."""
    yield f"{result.name}: {result.turns} turns, {result.compactions} compactions"
    yield from (row.line for row in result.rows)
    ours = result.ways[OURS].cost
    yield f"   {'':<44}{'calls':>7}{'sent':>13}{'cached':>9}{'cost':>12}{'by ours':>9}"
    for name, bill in result.ways.items():
        share, by = f"{bill.share:.1%}", f"{bill.cost / ours:.2f}"
        yield f"   {name:<44}{len(bill.calls):>7}{bill.sent:>13,}{share:>9}{bill.cost:>12,.0f}{by:>9}"


def as_json(result: Result) -> dict[str, Any]:
    """The result as JSON; shares are 0 to 1, all else tokens or calls."""
    told = {"name": result.name, "turns": result.turns, "compactions": result.compactions}
    rows = [asdict(row) | {"met": row.met} for row in result.rows]
    ways = {
        name: {"calls": len(bill.calls), "sent": bill.sent, "cached": bill.cached, "cost": bill.cost}
        for name, bill in result.ways.items()
    }
    return told | {"rows": rows, "ways": ways}


def talks(files: Sequence[Path], sizes: Sequence[int], turns: int) -> Iterator[Talk]:
    """Those that were asked for. Raises ConversationError."""
    found = [one for path in files for one in read(path)]
    yield from (scripted(size, turns) for size in sizes)
    yield from (replay(one, turns) for one in found)


def setting(text: str) -> tuple[str, object]:
    """`context.keep_turns=5`; a number where it is one, and true and false are what they say."""
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text} is not KEY=VALUE")
    known: dict[str, object] = {"true": True, "false": False}
    return name, known.get(value, int(value) if value.isdecimal() else value)


def _extras(wanted: argparse.Namespace) -> Iterator[tuple[str, object, list[str]]]:
    """What else was asked for: its name, its numbers, its lines."""
    if wanted.scale:
        from tests.benchmarks.economy_past import assembling, bare

        rows = []
        for name, settings in (("assembling a turn", {}), ("   without recall", {"recall.enabled": False})):
            took = assembling(wanted.scale, {**dict(wanted.set), **settings})
            rows.append(Row(f"{name}, p50", percentile(took, 0.5), unit="ms"))
            rows.append(Row(f"{name}, p95", percentile(took, 0.95), ASSEMBLING, "ms"))
        pace = bare(wanted.scale)
        beside = "   a bare FTS5 query beside it, p"
        rows += [Row(f"{beside}{share}", percentile(pace, share / 100), unit="ms") for share in (50, 95)]
        yield "scale", [asdict(row) for row in rows], ["at 100,000 past turns", *(row.line for row in rows)]
    if wanted.real:
        from tests.benchmarks.economy_real import HEARD, compare

        found = list(compare())
        yield "real", [asdict(one) for one in found], [HEARD, *(one.line for one in found)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Examine what was asked for; 0, or 2 for a file that holds no conversation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--sizes", nargs="*", type=int, default=SIZES, help="tokens a turn of the scripted talks")
    parser.add_argument("--set", nargs="+", type=setting, default=[], metavar="KEY=VALUE", help="change settings")
    parser.add_argument("--scale", type=Path, metavar="HOME", help="time 100,000 past turns, kept in this folder")
    parser.add_argument("--real", action="store_true", help="hold 40 turns with a real llama.cpp server, too")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    wanted = parser.parse_args(arguments)
    told: dict[str, Any] = {"talks": []}
    try:
        for talk in talks(wanted.files, wanted.sizes, wanted.turns):
            result = examine(talk, dict(wanted.set))
            told["talks"].append(as_json(result))
            if not wanted.json:
                print(*table(result), "", sep="\n", flush=True)
    except ConversationError as error:
        print(error, file=sys.stderr)
        return 2
    for name, numbers, lines in _extras(wanted):
        told[name] = numbers
        if not wanted.json:
            print(*lines, "", sep="\n", flush=True)
    if wanted.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())

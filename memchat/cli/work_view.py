"""Work for later as lines of text: what doctor lists, what learning would cost, and what came of each job."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from memchat.actions.work import Work
from memchat.cli import receipts
from memchat.cli.layout import GAP, MARGIN, columns, day, entry, folded, hour, many, prose, right, room
from memchat.cli.terminal import Screen, one_line, pad
from memchat.domain import Job, JobStatus, MemoryStatus

if TYPE_CHECKING:
    from memchat.actions.doctor import Database, Finding
    from memchat.actions.learning import Planned
    from memchat.chat.consolidating import Done

# What stands in the place of an id where one-shots are meant.
ONE_SHOTS = "ask"
STATUS = {JobStatus.WAITING: "waiting", JobStatus.FAILED: "failed", JobStatus.RUNNING: "under way"}
RESULTS = {"learned": "learned", "confirmed": "confirmed", "pending": "waiting for you", "passed over": "passed over"}
NEXT_CHAT = "done beside the next chat"
CUT_OFF = f"was cut off; {NEXT_CHAT}"
LEARN = "memchat memory learn"
CALM = "No work failed, and none is left to do."
# The least width of the column of ids, so that lists and the lines printed one by one stand in one column.
IDS = (4,)
# Narrower than this a title is a syllable.
READABLE = 18


def database(screen: Screen, found: "Database") -> list[str]:
    """Where the file is and how large."""
    size = "not there yet: nothing is kept" if found.size is None else bytes_in_words(found.size)
    return ["", *entry(screen, "Database", f"{found.path}, {size}", len("Database") + GAP)]


def jobs(screen: Screen, findings: Sequence["Finding"], now: datetime, not_begun: int) -> list[str]:
    """What is not done: what it is about, why, since when, and what mends it; and what nobody has begun."""
    several = "1 conversation is" if not_begun == 1 else f"{not_begun} conversations are"
    left = f"{several} not summed up yet: {NEXT_CHAT}. Now: {LEARN}"
    waiting = ["", *prose(screen, left)] if not_begun else []
    if not findings:
        return waiting or ["", *prose(screen, CALM)]
    count = Counter(STATUS[finding.work.job.status] for finding in findings)
    told = ", ".join(f"{count[word]} {word}" for word in STATUS.values() if count[word])
    lines = ["", *(MARGIN + line for line in folded(screen, f"Not summed up yet: {told}", room(screen)))]
    cells = columns([[label(finding.work)] for finding in findings], least=IDS)[0] + GAP
    for finding in findings:
        job = finding.work.job
        lines += ["", *entry(screen, label(finding.work), what(finding.work), cells)]
        details = [CUT_OFF if finding.left else _standing(job, now), _past(job, now)]
        if finding.remedy:
            details.append(f"Now: {finding.remedy}" if finding.remedy.startswith("memchat ") else finding.remedy)
        for detail in details:
            lines += [screen.dim(line) for line in entry(screen, "", detail, cells)]
    return [*lines, *waiting]


def ignored(screen: Screen, reasons: Mapping[str, int]) -> list[str]:
    """How many drafts were not taken, by reason; nothing where none were."""
    if not reasons:
        return []
    count = sum(reasons.values())
    cells = columns([[f"{number:,}"] for number in reasons.values()])[0]
    lines = ["", *(MARGIN + line for line in folded(screen, f"Ignored drafts: {count:,}", room(screen)))]
    for why, number in reasons.items():
        lines += entry(screen, right(f"{number:,}", cells), why, cells + GAP)
    return [*lines, *prose(screen, "Nothing anybody wrote is kept of them.")]


def label(work: Work) -> str:
    """The conversation's id, or what stands for one-shots."""
    return work.session.ref if work.session else ONE_SHOTS


def what(work: Work) -> str:
    """`"Rate limits", turns 4-29`, or `12 one-shots`."""
    numbers = [number for _, number in work.turns]
    if work.session is None:
        return many(len(numbers), "one-shot") if numbers else "one-shots"
    title = f'"{one_line(work.session.title)}"' if one_line(work.session.title) else "a conversation"
    if not numbers:
        return title
    span = f"turn {numbers[0]}" if len(numbers) == 1 else f"turns {numbers[0]}-{numbers[-1]}"
    return f"{title}, {span}"


def _standing(job: Job, now: datetime) -> str:
    """`failed: the answer could not be read`; of a job that waits also when it is tried next."""
    why = f": {one_line(job.error).rstrip('.')}" if job.error else ""
    if job.status is JobStatus.RUNNING:
        return f"under way, in {_process(job.lease_owner)}"
    if job.status is JobStatus.FAILED:
        return f"failed{why}"
    at = job.not_before
    return f"waiting{why}; " + (f"next try {_moment(at, now)}" if at > now else NEXT_CHAT)


def _past(job: Job, now: datetime) -> str:
    """`since 20 Nov 09:14, tried twice; gpt-4o-mini at api.openai.com`."""
    tried = f", tried {_times(job.attempts)}" if job.attempts else ""
    return f"since {_moment(job.created_at, now)}{tried}; {who(job.model, job.host)}"


def _process(owner: str) -> str:
    """`process 4711 on tower`, from `tower:4711:99`."""
    host, _, rest = owner.partition(":")
    return f"process {one_line(rest.partition(':')[0])} on {one_line(host)}"


def who(model: str, host: str) -> str:
    """`gpt-4o-mini at api.openai.com`; the host left out where the words stay in this process."""
    return f"{one_line(model)} at {one_line(host)}" if host else one_line(model)


def plan(screen: Screen, planned: Sequence["Planned"]) -> list[str]:
    """What would be sent where: a heading for each model and host, a row for each conversation; none for none."""
    if not planned:
        return []
    lines: list[str] = []
    rows = [_costs(one) for one in planned]
    ids, *numbers = columns([(label(one.work), *row) for one, row in zip(planned, rows, strict=True)], least=IDS)
    for model, host in dict.fromkeys((one.model, one.host) for one in planned):
        group = [(one, row) for one, row in zip(planned, rows, strict=True) if (one.model, one.host) == (model, host)]
        heading = _heading([one for one, _ in group])
        lines += ["", *(MARGIN + line for line in folded(screen, heading, room(screen)))]
        for one, row in group:
            lines += _planned(screen, one, row, ids, numbers)
    return lines


def _heading(group: Sequence["Planned"]) -> str:
    """`To gpt-4o-mini at api.openai.com: 3 requests, about 9,100 tokens, $0.0018`."""
    first = group[0]
    if all(one.error for one in group):
        return f"With {who(first.model, first.host)}, not now:"
    asked = [one for one in group if not one.error]
    calls, tokens = sum(one.calls for one in asked), sum(one.tokens for one in asked)
    if not first.host:
        return f"By {one_line(first.model)}, on this computer; nothing is sent:"
    known = [one.cost for one in asked if one.cost is not None]
    cost = f", ${sum(known):.4f}" if len(known) == len(asked) else ""
    return f"To {who(first.model, first.host)}: {many(calls, 'request')}, about {tokens:,} tokens{cost}"


def _costs(one: "Planned") -> tuple[str, str]:
    """Requests and tokens, as the columns show them."""
    if one.error:
        return "", ""
    return many(one.calls, "request"), f"{one.tokens:,} tokens" if one.host else ""


def _planned(screen: Screen, one: "Planned", row: Sequence[str], ids: int, numbers: Sequence[int]) -> list[str]:
    """One row; what is in the way of it below."""
    cells = ids + GAP
    name = what(one.work)
    beside = room(screen) - cells - sum(numbers) - GAP * len(numbers)
    if beside < READABLE:
        told = ", ".join(part for part in row if part)
        lines = [*entry(screen, label(one.work), name, cells), *prose(screen, told, indent=MARGIN + " " * cells)]
    else:
        title = pad(screen.fit(name, beside), beside)
        tail = (" " * GAP).join(right(part, wide) for part, wide in zip(row, numbers, strict=True))
        head = screen.accent(pad(label(one.work), ids))
        lines = [f"{MARGIN}{head}{' ' * GAP}{title}{' ' * GAP}{screen.dim(tail)}".rstrip()]
    for remark in (one.error, one.hint):
        lines += [screen.dim(line) for line in entry(screen, "", remark, cells)] if remark else []
    return lines


def result(screen: Screen, work: Work, done: "Done") -> list[str]:
    """How one job came out, in a line."""
    return entry(screen, label(work), f"{what(work)}: {_outcome(done)}", max(len(label(work)), *IDS) + GAP)


def _outcome(done: "Done") -> str:
    if done.fate != "done":
        return f"{done.fate}: {one_line(done.error)}"
    if done.kept is None:
        return "nothing there to learn from"
    result = done.kept.result | {"passed over": sum(done.kept.ignored.values())}
    told = [f"{result[key]} {word}" for key, word in RESULTS.items() if result[key]]
    return ", ".join(["done", *told])


def learned(screen: Screen, all_done: Sequence["Done"], now: datetime) -> list[str]:
    """What was learned, what was passed over and why, and how to mend it."""
    kept = [done.kept for done in all_done if done.kept is not None]
    changes = [change for one in kept for change in one.learned]
    # What is said in ten conversations is told once.
    told = {change.memory.id: change for change in reversed(changes)}
    aside = tuple({note.id: note for change in changes for note in change.aside}.values())
    newest = [replace(change, aside=()) for change in reversed(told.values())]
    if newest:
        newest[-1] = replace(newest[-1], aside=aside)
    lines = receipts.all_learned(screen, newest, now)
    ignored: Counter[str] = Counter()
    for one in kept:
        ignored.update(one.ignored)
    if ignored:
        why = ", ".join(f"{one_line(reason)} ({count})" for reason, count in ignored.most_common())
        lines += ["", *prose(screen, f"Passed over: {why}")]
    new = [change.memory for change in told.values() if not change.refreshed]
    if aside or any(memory.stored_status is not MemoryStatus.ACTIVE for memory in new):
        lines += ["", *prose(screen, "To decide about what waits:  memchat memory review")]
    if held := next((memory for memory in reversed(new) if memory.stored_status is MemoryStatus.ACTIVE), None):
        mend = f'Wrong?  memchat memory edit {held.ref} "..."    or    memchat forget {held.ref}'
        lines += ["", *prose(screen, mend)]
    return lines if not lines or not lines[0] else ["", *lines]


def _moment(at: datetime, now: datetime) -> str:
    """`today 09:14`, `20 Nov 09:14`."""
    return f"{day(at, now, near=True)} {hour(at, now)}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def bytes_in_words(count: int) -> str:
    """`46 MB`: three digits are enough."""
    size = float(count)
    for unit in ("bytes", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 10 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"

"""Work for later on the screen: what is undone and what mends it, what learning costs, what came of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from memchat.actions.doctor import Database, Finding
from memchat.actions.learning import Planned
from memchat.actions.work import Work
from memchat.chat.consolidating import Done, Fate
from memchat.cli import work_view
from memchat.domain import Job, JobKind, JobStatus, Learned, MemoryStatus
from memchat.memory.consolidate import Kept

from tests.builders import a_memory
from tests.cli.screens import pipe, terminal, widest
from tests.cli.test_session_view import a_session
from tests.conftest import NOW

HOST = "api.openai.com"


def a_job(status: JobStatus = JobStatus.WAITING, session: int | None = 17, **more: Any) -> Job:
    """A job of today."""
    values: dict[str, Any] = {
        "id": 1,
        "kind": JobKind.ONESHOTS if session is None else JobKind.CONSOLIDATE,
        "status": status,
        "session_id": session,
        "up_to": 1,
        "model": "gpt-4o-mini",
        "host": HOST,
        "attempts": 0,
        "error": "",
        "not_before": NOW,
        "created_at": NOW,
    }
    return Job(**values | more)


def a_work(first: int = 4, last: int = 29, title: str = "Rate limits", session: int | None = 17, **more: Any) -> Work:
    """A job about some turns of a conversation, or about one-shots."""
    turns = tuple((session or number, number) for number in range(first, last + 1))
    talk = None if session is None else a_session(session, title)
    return Work(a_job(session=session, **more), talk, turns)


def findings() -> list[Finding]:
    """One of each kind."""
    again, yesterday = "memchat doctor --retry", NOW - timedelta(days=1)
    failed = a_work(status=JobStatus.FAILED, attempts=2, error="the answer could not be read", created_at=yesterday)
    waits = a_work(
        1,
        1,
        "第三章",
        5,
        attempts=1,
        error="There is no key for openai.",
        not_before=NOW + timedelta(minutes=5),
    )
    return [
        Finding(failed, again),
        Finding(waits, "Keep one: memchat keys set openai"),
        Finding(a_work(1, 12, session=None), again),
        Finding(a_work(2, 3, "", 120, status=JobStatus.RUNNING, lease_owner="tower:4711:99"), ""),
        Finding(a_work(2, 3, "Old", 9, status=JobStatus.RUNNING, lease_owner="tower:1:2"), again, left=True),
    ]


def test_what_is_undone_is_shown_with_its_reason_and_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it is about, why and since when, what is next, and one command."""
    assert work_view.jobs(terminal(monkeypatch, 80), findings(), NOW, 0) == [
        "",
        "  Not summed up yet: 2 waiting, 1 failed, 2 under way",
        "",
        '  s17   "Rate limits", turns 4-29',
        "        failed: the answer could not be read",
        f"        since 21 Nov 09:14, tried twice; gpt-4o-mini at {HOST}",
        "        Now: memchat doctor --retry",
        "",
        '  s5    "第三章", turn 1',
        "        waiting: There is no key for openai; next try today 09:19",
        f"        since today 09:14, tried once; gpt-4o-mini at {HOST}",
        "        Keep one: memchat keys set openai",
        "",
        "  ask   12 one-shots",
        "        waiting; done beside the next chat",
        f"        since today 09:14; gpt-4o-mini at {HOST}",
        "        Now: memchat doctor --retry",
        "",
        "  s120  a conversation, turns 2-3",
        "        under way, in process 4711 on tower",
        f"        since today 09:14; gpt-4o-mini at {HOST}",
        "",
        '  s9    "Old", turns 2-3',
        "        was cut off; done beside the next chat",
        f"        since today 09:14; gpt-4o-mini at {HOST}",
        "        Now: memchat doctor --retry",
    ]
    assert work_view.jobs(pipe(), [], NOW, 0) == ["", "  No work failed, and none is left to do."]


@pytest.mark.parametrize(("number", "words"), [(1, "1 conversation is"), (2, "2 conversations are")])
def test_what_nobody_has_begun_is_told_beside(number: int, words: str) -> None:
    """It does no harm, and whoever wants it now is told how."""
    left = f"  {words} not summed up yet: done beside the next chat. Now: memchat memory learn"
    assert work_view.jobs(pipe(), [], NOW, number) == ["", left]
    assert work_view.jobs(pipe(), findings(), NOW, number)[-1] == left


@pytest.mark.parametrize("columns", [80, 40, 20])
def test_everything_fits(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """No line is wider than the terminal, whatever the titles; no word is lost on a pipe."""
    screen = terminal(monkeypatch, columns)
    long = a_work(title="限制 and a title that is far too long to stand on one line of any terminal " * 2)
    planned = [Planned(long, "gpt-4o-mini", HOST, 2, 6_200, 0.001), Planned(long, "m", HOST, error="e " * 60, hint="h")]
    assert widest(work_view.jobs(screen, [*findings(), Finding(long, "do " * 40)], NOW, 3)) <= columns
    assert widest(work_view.plan(screen, planned)) <= columns
    assert widest(work_view.result(screen, long, Done(long.job, Fate.WAITS, "no network " * 9))) <= columns
    assert widest(work_view.database(screen, Database(Path("/home/somebody/a/long/path/memchat.db"), 5))) <= columns
    assert long.session is not None
    assert any(long.session.title.strip() in line for line in work_view.plan(pipe(), planned))


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (None, "not there yet: nothing is kept"),
        (999, "999 bytes"),
        (1_234, "1.2 KB"),
        (46_000_000, "46 MB"),
        (1_500_000_000, "1.5 GB"),
    ],
)
def test_the_database_is_named_with_its_size(size: int | None, words: str) -> None:
    """Or that there is none."""
    lines = work_view.database(pipe(), Database(Path("memchat.db"), size))
    assert lines == ["", f"  Database  memchat.db, {words}"]


def test_a_plan_says_what_goes_where_and_what_it_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    """By model and host; what cannot be asked with its reason; the notebook sends nothing."""
    planned = [
        Planned(a_work(), "gpt-4o-mini", HOST, 2, 6_200, 0.001),
        Planned(a_work(1, 1, "第三章", 3), "gpt-4o-mini", HOST, 1, 900, 0.0002),
        Planned(a_work(1, 12, session=None), "notebook", "", 1, 700),
        Planned(a_work(1, 2, "Far", 8), "far", "api.far", error="There is no key.", hint="memchat keys set far"),
    ]
    assert work_view.plan(terminal(monkeypatch, 80), planned) == [
        "",
        f"  To gpt-4o-mini at {HOST}: 3 requests, about 7,100 tokens, $0.0012",
        '  s17   "Rate limits", turns 4-29                       2 requests  6,200 tokens',
        '  s3    "第三章", turn 1                                 1 request    900 tokens',
        "",
        "  By notebook, on this computer; nothing is sent:",
        "  ask   12 one-shots                                     1 request",
        "",
        "  With far at api.far, not now:",
        '  s8    "Far", turns 1-2',
        "        There is no key.",
        "        memchat keys set far",
    ]
    unknown = [replace(planned[0], cost=None), planned[1]]
    assert "$" not in "".join(work_view.plan(pipe(), unknown))
    assert work_view.plan(pipe(), []) == []


def test_each_job_says_what_came_of_it() -> None:
    """Learned, confirmed, waiting, passed over; or why it is not done."""
    active, pending = a_memory(), a_memory(number=2, status=MemoryStatus.PENDING)
    kept = Kept((Learned(active), Learned(active, refreshed=True), Learned(pending)), {"a question": 2, "passing": 1})
    work = a_work(1, 2)

    def line(done: Done) -> str:
        (told,) = work_view.result(pipe(), work, done)
        return told.removeprefix('  s17   "Rate limits", turns 1-2: ')

    assert (
        line(Done(work.job, Fate.DONE, kept=kept)) == "done, 1 learned, 1 confirmed, 1 waiting for you, 3 passed over"
    )
    assert line(Done(work.job, Fate.DONE, kept=Kept())) == "done"
    assert line(Done(work.job, Fate.DONE)) == "nothing there to learn from"
    assert line(Done(work.job, Fate.FAILED, "the answer could not be read")) == "failed: the answer could not be read"
    empty = Work(a_job(session=None), None, ())
    assert work_view.result(pipe(), empty, Done(empty.job, Fate.DONE)) == [
        "  ask   one-shots: nothing there to learn from"
    ]


def test_what_was_learned_is_told_once_with_how_to_mend_it() -> None:
    """A fact of three conversations is one line; reasons are summed up; nothing learned is nothing told."""
    first, waits = a_memory("likes tea"), replace(a_memory(number=2, status=MemoryStatus.PENDING), why="may replace m1")
    again = Learned(first, refreshed=True)
    done = [
        Done(a_job(), Fate.DONE, kept=Kept((Learned(first), again), {"a question": 2})),
        Done(a_job(), Fate.DONE, kept=Kept((again, Learned(waits)), {"a question": 1, "passing": 1})),
        Done(a_job(), Fate.FAILED, "no"),
    ]
    assert work_view.learned(pipe(), done, NOW) == [
        "",
        "  + m1  likes tea",
        "  ? m2  prefers code examples in Go",
        "    not used until you confirm it: may replace m1",
        "",
        "  Passed over: a question (3), passing (1)",
        "",
        "  To decide about what waits:  memchat memory review",
        "",
        '  Wrong?  memchat memory edit m1 "..."    or    memchat forget m1',
    ]
    assert work_view.learned(pipe(), done[2:], NOW) == []
    ignored = [Done(a_job(), Fate.DONE, kept=Kept((), {"passing": 1}))]
    assert work_view.learned(pipe(), ignored, NOW) == ["", "  Passed over: passing (1)"]
    confirmed = [Done(a_job(), Fate.DONE, kept=Kept((again,)))]
    assert work_view.learned(pipe(), confirmed, NOW) == ["", "  = m1  likes tea", "    known before, confirmed"]

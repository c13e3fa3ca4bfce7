"""One job from lease to fate: what is asked, what is written, what is booked, and when it comes again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from memchat.chat.consolidating import Fate
from memchat.chat.fates import CHANGED, OWN_FAULT, STOPPED, TOO_LONG, UNREADABLE
from memchat.domain import Completion, JobStatus, MemoryStatus, SessionKind, Task
from memchat.errors import (
    ConfigError,
    ContextWindowError,
    CutReplyError,
    KeyMissingError,
    MemchatError,
    ModelError,
    NetworkError,
    ProviderError,
    RateLimitError,
    StoreError,
    UnknownModelError,
)
from memchat.llm.scripted import ScriptedModel
from memchat.memory.consolidate import TURNS, tokens
from memchat.memory.learning import Rules

from tests.builders import add_note
from tests.chat.conftest import (
    ALIVE,
    ALSO_ALIVE,
    DEAD,
    FIELDS,
    Desk,
    Lab,
    Summing,
    Watched,
    Words,
    a_fact,
    an_answer,
    by_the_book,
    say,
    talk,
    taught,
)
from tests.conftest import NOW

WAITING, RUNNING, DONE, FAILED = JobStatus.WAITING, JobStatus.RUNNING, JobStatus.DONE, JobStatus.FAILED


def never() -> bool:
    """Nobody wants it stopped."""
    return False


def raising(error: BaseException) -> Callable[[Task], str]:
    """An answer that does not come."""

    def answer(task: Task) -> str:
        raise error

    return answer


def meanwhile(act: Callable[[], object]) -> Callable[[Task], str]:
    """An answer by the book, before which something else happens; only the first time."""
    acts = [act]

    def answer(task: Task) -> str:
        if acts:
            acts.pop()()
        return by_the_book(task)

    return answer


# Done


def test_a_conversation_becomes_a_summary_a_title_topics_and_facts(desk: Desk) -> None:
    """One call; the mark stands at the newest message, the facts name the turn they were said in."""
    session_id = desk.talk("I am allergic to peanuts.", "Is tea good for me?")
    model = Summing()
    done = desk.consolidator(model).run_one(never)
    assert done is not None
    assert (done.fate, done.error) == (Fate.DONE, "")
    assert done.kept is not None
    assert [learned.memory.text for learned in done.kept.learned] == ["allergic to peanuts"]
    session = desk.store.transcripts.session(session_id)
    assert session.summary == "I am allergic to peanuts. Is tea good for me?"
    assert (session.title, session.topics, session.mark) == ("Tea", ("tea",), session.leaf)
    memory = desk.store.memories.get(1)
    assert memory.stored_status is MemoryStatus.ACTIVE
    assert (memory.sources[0].ref, memory.sources[0].model) == (f"s{session_id}.1", "summing")
    assert [job.status for job in desk.jobs()] == [DONE]
    assert desk.jobs()[0].result["learned"] == 1
    assert desk.books() == [("far.example", session_id, 100, 20)]
    assert len(model.tasks) == 1


def test_without_a_job_there_is_nothing_to_do(desk: Desk) -> None:
    """And nobody is asked."""
    model = ScriptedModel([])
    assert desk.consolidator(model).run_one(never) is None
    assert desk.consolidator(model).run_pending() == []


def test_more_than_a_call_holds_is_taken_in_call_by_call(desk: Desk) -> None:
    """60 turns are three calls, each with the summary so far; each turn stands in one of them."""
    texts = [f"word{number}" for number in range(60)]
    session_id = desk.talk(*texts)
    model = Summing()
    done = desk.consolidator(model).run_pending()
    assert [one.fate for one in done] == [Fate.DONE] * 3
    assert [len(task.material.turns) for task in model.tasks] == [25, 25, 10]
    seen = [turn.user.text for task in model.tasks for _, turn in task.material.turns]
    assert seen == texts
    assert model.tasks[1].material.summary.endswith("word24")
    session = desk.store.transcripts.session(session_id)
    assert session.mark == session.leaf


def test_one_session_alone_can_be_asked_for(desk: Desk) -> None:
    """The others wait."""
    first, second = desk.talk("One."), desk.talk("Two.")
    desk.consolidator(Summing()).run_pending(session_id=second)
    assert desk.store.transcripts.session(second).summary == "Two."
    assert desk.store.transcripts.session(first).summary == ""


def test_tokens_nobody_told_are_counted(desk: Desk) -> None:
    """A provider that tells no usage is booked by our count."""
    session_id = desk.talk("One.")

    class Silent(Summing):
        def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
            super().complete(task, stop)
            return Completion(an_answer("a b c"))

    model = Silent()
    desk.consolidator(model).run_one(never)
    task = model.tasks[0]
    asked = tokens(task, Words().count)
    assert asked > len(task.instructions.split()) + len(task.text.split())
    assert desk.books() == [("far.example", session_id, asked, len(an_answer("a b c").split()))]


def test_where_the_words_go_is_written_before_they_go(desk: Desk) -> None:
    """A process that dies in the call leaves word of it."""
    desk.talk("One.", model="here", host="")
    seen: list[str] = []
    model = Summing(meanwhile(lambda: seen.extend(host for host, _, _ in desk.open().usages.hosts_since(NOW))))
    desk.consolidator(model).run_one(never)
    assert "far.example" in seen


def test_no_transaction_is_open_while_the_model_answers(desk: Desk) -> None:
    """Another process can write."""
    desk.talk("One.")
    other = desk.open()
    done = desk.consolidator(Summing(meanwhile(lambda: talk(other, "Elsewhere.")))).run_one(never)
    assert done is not None
    assert done.fate is Fate.DONE


# Passed over


def test_turns_that_must_not_be_learned_from_are_passed_over_without_a_call(desk: Desk) -> None:
    """`--no-learn` turns inside a session: the mark moves past them, and no model reads them."""
    session_id = talk(desk.store, "secret plan", learn=False)
    talk(desk.store, "One.", session_id=session_id)
    talk(desk.store, "secret end", learn=False, session_id=session_id)
    desk.store.jobs.enqueue_left(session_id, NOW)
    model = Summing()
    desk.consolidator(model).run_pending()
    assert [turn.user.text for task in model.tasks for _, turn in task.material.turns] == ["One."]
    assert "secret" not in "".join(task.text for task in model.tasks)
    session = desk.store.transcripts.session(session_id)
    assert (session.summary, session.mark) == ("One.", session.leaf)


def test_what_nobody_may_learn_from_needs_no_model(desk: Desk) -> None:
    """Not even one that is there: more turns than one call holds, and only the mark moves."""
    session_id = desk.talk("One.")
    leaf = desk.store.transcripts.session(session_id).leaf
    desk.store.transcripts.set_leaf(session_id, None)
    talk(desk.store, *[f"secret {n}" for n in range(TURNS + 5)], learn=False, session_id=session_id)
    assert desk.store.transcripts.session(session_id).leaf != leaf
    done = desk.consolidator(ScriptedModel([])).run_pending()
    assert {(one.fate, one.kept and one.kept.learned) for one in done} == {(Fate.DONE, ())}
    session = desk.store.transcripts.session(session_id)
    assert (session.summary, session.title) == ("", "")
    assert not desk.store.jobs.listing()


def test_a_job_whose_turns_are_gone_is_done(desk: Desk) -> None:
    """All was withdrawn before it began: no call, no fault."""
    session_id = desk.talk("One.")
    desk.store.transcripts.set_leaf(session_id, None)
    done = desk.consolidator(ScriptedModel([])).run_pending()
    assert [(one.fate, one.kept and one.kept.learned) for one in done] == [(Fate.DONE, ())]
    assert not desk.store.jobs.listing()


@pytest.mark.parametrize("write", ["ask", "off"])
def test_memory_write_is_obeyed(desk: Desk, write: str) -> None:
    """`ask`: what is proved waits for the person. `off`: a summary and no facts."""
    session_id = desk.talk("I am allergic to peanuts.")
    desk.consolidator(Summing(), rules=Rules(FIELDS, write)).run_pending()
    assert desk.store.transcripts.session(session_id).summary
    kept = [memory.stored_status for memory in desk.store.memories.all()]
    assert kept == ([MemoryStatus.PENDING] if write == "ask" else [])


def test_without_facts_one_shots_cost_nothing(desk: Desk) -> None:
    """`off` wants none, and a summary they have none: no model is even looked for, and their marks move."""
    ids = [talk(desk.store, "I am allergic to peanuts.", kind=SessionKind.ONESHOT) for _ in range(TURNS + 2)]
    desk.store.jobs.sweep(ALIVE, NOW)

    def nobody(name: str, host: str) -> Any:
        raise AssertionError((name, host))

    done = desk.consolidator(ScriptedModel([]), rules=Rules(FIELDS, "off"), model_for=nobody).run_pending()
    assert {one.fate for one in done} == {Fate.DONE}
    sessions = [desk.store.transcripts.session(number) for number in ids]
    assert all(session.mark == session.leaf for session in sessions)
    assert not desk.store.jobs.listing()


def test_a_talk_with_nothing_to_say_is_done(desk: Desk) -> None:
    """What was summarised before stays, the facts are kept, and the turns are not asked about again."""
    session_id = desk.talk("Hello.")
    nothing = an_answer("Wanted: none\nResolved: none\nPending: none", title="Greetings")
    assert [one.fate for one in desk.consolidator(Summing(lambda task: nothing)).run_pending()] == [Fate.DONE]
    session = desk.store.transcripts.session(session_id)
    assert (session.summary, session.title, session.mark) == ("", "Greetings", session.leaf)
    talk(desk.store, "I am allergic to peanuts.", session_id=session_id)
    desk.store.jobs.enqueue_left(session_id, NOW)
    desk.consolidator(Summing()).run_pending()
    talk(desk.store, "I am allergic to dust.", session_id=session_id)
    desk.store.jobs.enqueue_left(session_id, NOW)
    fact = a_fact("allergic to dust", "I am allergic to dust")
    desk.consolidator(Summing(lambda task: an_answer("Wanted: none", fact))).run_pending()
    session = desk.store.transcripts.session(session_id)
    assert (session.summary, session.mark) == ("I am allergic to peanuts.", session.leaf)
    assert taught(desk.store) == ["allergic to peanuts", "allergic to dust"]
    assert not desk.store.jobs.listing()


# Waits

PROVIDERS_WORDS = "your prompt said: my sister is ill"
FAILURES = [
    (KeyMissingError, "far.example: the key is missing or was refused"),
    (UnknownModelError, "summing is not there"),
    (NetworkError, "far.example cannot be reached, or went silent"),
    (RateLimitError, "far.example asks to wait, or its quota is used up"),
    (CutReplyError, "far.example broke off in the middle of its answer"),
    (ProviderError, "far.example had trouble, or refused the request"),
    (ModelError, "summing could not answer"),
]


@pytest.mark.parametrize(("kind", "why"), FAILURES)
def test_a_model_that_cannot_answer_makes_the_job_wait(desk: Desk, kind: type[MemchatError], why: str) -> None:
    """With the reason in our words: a provider's may quote somebody's. The call is booked."""
    session_id = desk.talk("One.")
    done = desk.consolidator(Summing(raising(kind(PROVIDERS_WORDS)))).run_pending()
    assert [(one.fate, one.error, one.kept) for one in done] == [(Fate.WAITS, why, None)]
    job = desk.jobs()[0]
    assert (job.status, job.error, job.attempts) == (WAITING, why, 1)
    assert job.not_before == NOW + timedelta(minutes=1)
    assert desk.books() == [("far.example", session_id, 0, 0)]
    assert desk.store.transcripts.session(session_id).mark is None


def test_it_waits_longer_each_time(desk: Desk) -> None:
    """1, 5, 30 minutes, 2 hours, then 12; nothing is tried before."""
    desk.talk("One.")
    consolidator = desk.consolidator(Summing(raising(NetworkError("no network"))))
    waits = []
    for _ in range(7):
        assert len(consolidator.run_pending()) == 1
        waits.append((desk.jobs()[0].not_before - desk.clock.now()) / timedelta(minutes=1))
        desk.clock.advance(minutes=waits[-1] - 0.5)
        assert consolidator.run_pending() == []
        desk.clock.advance(minutes=1)
    assert waits == [1, 5, 30, 120, 720, 720, 720]


@pytest.mark.parametrize("error", [CutReplyError("cut"), ProviderError("refused")])
def test_what_is_paid_for_in_vain_is_given_up(desk: Desk, error: MemchatError) -> None:
    """An answer that breaks off each time is not asked for without end: after three it fails, where doctor shows it."""
    desk.talk("One.")
    model = Summing(raising(error))
    fates = []
    for _ in range(4):
        fates += [done.fate for done in desk.consolidator(model).run_pending()]
        desk.clock.advance(days=1)
    assert fates == [Fate.WAITS, Fate.WAITS, Fate.FAILED]
    assert len(model.tasks) == 3


def test_without_the_model_nothing_counts_as_tried(desk: Desk) -> None:
    """A process without the key asks nobody: with the key there again, minutes later, it is done."""

    def nobody(name: str, host: str) -> Any:
        raise KeyMissingError("There is no key.")

    desk.talk("One.")
    for _ in range(7):
        (done,) = desk.consolidator(ScriptedModel([]), model_for=nobody).run_pending()
        assert done.fate is Fate.WAITS
        desk.clock.advance(minutes=11)
    assert desk.jobs()[0].attempts == 0
    (done,) = desk.consolidator(Summing()).run_pending()
    assert done.fate is Fate.DONE


def test_what_waits_can_be_asked_for_early(desk: Desk) -> None:
    """And is tried once, not over and over."""
    first, second = desk.talk("One."), desk.talk("Two.")
    desk.consolidator(Summing(raising(NetworkError("no network")))).run_pending()
    failing = Summing(raising(NetworkError("no network")))
    desk.consolidator(failing).run_pending(early=True)
    assert {turn.user.text for task in failing.tasks for _, turn in task.material.turns} == {"One.", "Two."}
    assert len(failing.tasks) == 2
    failing.tasks.clear()
    desk.consolidator(failing).run_pending(early=True, session_id=first)
    assert [turn.user.text for task in failing.tasks for _, turn in task.material.turns] == ["One."]
    desk.consolidator(Summing()).run_pending(early=True)
    assert [desk.store.transcripts.session(one).summary for one in (first, second)] == ["One.", "Two."]


def test_words_go_to_no_other_host(desk: Desk) -> None:
    """Whoever may not read them is not asked; the job says why it waits."""

    def nobody(name: str, host: str) -> Any:
        assert (name, host) == ("far", "far.example")
        raise ConfigError("far is at near.example now.", "Name it.")

    desk.talk("One.")
    done = desk.consolidator(ScriptedModel([]), model_for=nobody).run_pending()
    assert [(one.fate, one.error) for one in done] == [(Fate.WAITS, "far is at near.example now.")]
    assert desk.books() == []


def test_one_that_waits_does_not_hold_up_the_others(desk: Desk) -> None:
    """The next job is done all the same."""
    first = desk.talk("One.")
    desk.talk("Two.", model="gone")

    def some(name: str, host: str) -> Any:
        if name == "gone":
            raise UnknownModelError("gone is not there.")
        return Summing()

    done = desk.consolidator(ScriptedModel([]), model_for=some).run_pending()
    assert [one.fate for one in done] == [Fate.WAITS, Fate.DONE]
    assert desk.store.transcripts.session(first).summary == "One."


# Answers that cannot be read


def test_an_answer_that_cannot_be_read_is_asked_for_once_more(desk: Desk) -> None:
    """With what was wrong in the text; both calls are booked."""
    session_id = desk.talk("One.")
    answers = ["Sure, here you go!", an_answer("One.")]
    model = Summing(lambda task: answers.pop(0))
    done = desk.consolidator(model).run_one(never)
    assert done is not None
    assert done.fate is Fate.DONE
    first, second = model.tasks
    assert first.text != second.text or first.instructions != second.instructions
    assert len(desk.books()) == 2
    assert desk.store.transcripts.session(session_id).summary == "One."


LONG = "very " * 10_000
BAD = {
    "garbage": "\x00\x1b[31m!!!",
    "empty": "",
    "prose": "I would rather not say.",
    "an empty object": "{}",
    "a list": "[1, 2, 3]",
    "wrong types": '{"title": 7, "summary": ["x"], "topics": "tea", "facts": "none"}',
    "10,000 tokens": LONG,
}


@pytest.mark.parametrize("reply", BAD.values(), ids=BAD)
def test_a_second_bad_answer_fails_the_job_and_loses_nothing(desk: Desk, reply: str) -> None:
    """What was known is as it was; the reason tells what was wrong and nothing of the reply."""
    add_note(desk.store, "allergic to walnuts")
    session_id = desk.talk("First.")
    desk.consolidator(Summing()).run_pending()
    talk(desk.store, "Second.", session_id=session_id)
    desk.store.jobs.enqueue_left(session_id, NOW)
    before = desk.store.memories.all(), desk.store.transcripts.session(session_id)
    model = Summing(lambda task: reply)
    done = desk.consolidator(model).run_pending()
    assert [one.fate for one in done] == [Fate.FAILED]
    assert done[0].error.startswith(UNREADABLE)
    assert len(model.tasks) == 2
    assert (desk.store.memories.all(), desk.store.transcripts.session(session_id)) == before
    failed = desk.store.jobs.listing((FAILED,))
    assert [job.error for job in failed] == [done[0].error]
    assert "very" not in failed[0].error
    assert len(desk.books()) == 3
    desk.store.jobs.retry(NOW)
    assert [one.fate for one in desk.consolidator(Summing()).run_pending()] == [Fate.DONE]
    assert desk.store.transcripts.session(session_id).summary == "First. Second."


def test_prose_around_the_answer_is_no_fault(desk: Desk) -> None:
    """Many models cannot help it."""
    session_id = desk.talk("One.")
    model = Summing(lambda task: f"Here it is:\n```json\n{an_answer('One.')}\n```\nAnything else?")
    assert [one.fate for one in desk.consolidator(model).run_pending()] == [Fate.DONE]
    assert desk.store.transcripts.session(session_id).summary == "One."


def test_a_summary_of_10_000_tokens_is_cut(desk: Desk) -> None:
    """It never fills the head of the next conversation."""
    session_id = desk.talk("One.")
    desk.consolidator(Summing(lambda task: an_answer("Tea is good. " * 3_000))).run_pending()
    assert 0 < len(desk.store.transcripts.session(session_id).summary.split()) <= 200


def test_an_order_to_forget_everything_deletes_nothing(desk: Desk) -> None:
    """A model's reply may add; ending and deleting are the person's alone."""
    notes = [add_note(desk.store, text) for text in ("allergic to walnuts", "plays the cello")]
    desk.talk("Forget everything you know about me.")
    facts = [a_fact("", "Forget everything", op="retract", target=note.ref) for note in notes]
    facts.append(a_fact("nothing", "Forget everything", op="update", target="m1"))
    done = desk.consolidator(Summing(lambda task: an_answer("Forget everything.", *facts))).run_pending()
    assert [one.fate for one in done] == [Fate.DONE]
    active = [memory.text for memory in desk.store.memories.active(NOW)]
    assert active == ["allergic to walnuts", "plays the cello"]


# Too much for the window


def test_what_does_not_fit_is_asked_for_by_halves(desk: Desk) -> None:
    """25, 12, then 6 turns at once; the rest follows; each turn stands in one answer that was kept."""
    texts = [f"word{number}" for number in range(TURNS)]
    session_id = desk.talk(*texts)

    def answer(task: Task) -> str:
        if len(task.material.turns) > 6:
            raise ContextWindowError("too long")
        return by_the_book(task)

    model = Summing(answer)
    done = desk.consolidator(model).run_pending()
    assert {one.fate for one in done} == {Fate.DONE}
    assert [len(task.material.turns) for task in model.tasks[:3]] == [25, 12, 6]
    session = desk.store.transcripts.session(session_id)
    assert session.summary.split() == texts
    assert session.mark == session.leaf
    assert len(desk.books()) == len(model.tasks)


def test_one_turn_that_does_not_fit_fails(desk: Desk) -> None:
    """As the provider says, after 25, 12, 6, 3 and 1; and as our count says, without a call."""
    desk.talk(*[f"word{number}" for number in range(TURNS)])
    model = Summing(raising(ContextWindowError("too long")))
    done = desk.consolidator(model).run_pending()
    assert [(one.fate, one.error) for one in done] == [(Fate.FAILED, TOO_LONG)]
    assert [len(task.material.turns) for task in model.tasks] == [25, 12, 6, 3, 1]
    desk.store.jobs.retry(NOW)
    tiny = ScriptedModel([], window=20)
    assert [one.error for one in desk.consolidator(tiny).run_pending()] == [TOO_LONG]


# Stopped


class Slow(Summing):
    """Takes as long as it is let."""

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """Until `stop`."""
        self.tasks.append(task)
        while not stop():
            pass
        return None


def stopping_at(look: int) -> Callable[[], bool]:
    """A `stop` that is true from the given look on."""
    looks = iter(range(1_000_000))
    return lambda: next(looks) >= look


def test_stopped_before_the_call_nothing_is_asked(desk: Desk) -> None:
    """It is due at once, whoever stopped it: nothing was paid."""
    desk.talk("One.")
    done = desk.consolidator(ScriptedModel([])).run_one(lambda: True, patient=False)
    assert done is not None
    assert (done.fate, done.error) == (Fate.STOPPED, STOPPED)
    job = desk.jobs()[0]
    assert (job.status, job.attempts, job.not_before) == (WAITING, 0, NOW)
    assert desk.books() == []
    assert desk.consolidator(ScriptedModel([])).run_pending(lambda: True) == []


def test_stopped_while_the_model_answers_it_is_due_at_once(desk: Desk) -> None:
    """What was asked is booked: it is paid for."""
    session_id = desk.talk("One.")
    done = desk.consolidator(Slow()).run_pending(stopping_at(3))
    assert [one.fate for one in done] == [Fate.STOPPED]
    job = desk.jobs()[0]
    assert (job.status, job.attempts, job.not_before) == (WAITING, 0, NOW)
    [(host, booked, there, back)] = desk.books()
    assert (host, booked, back) == ("far.example", session_id, 0)
    assert there > 0
    assert [one.fate for one in desk.consolidator(Summing()).run_pending()] == [Fate.DONE]


def test_a_script_does_not_pay_each_time_for_calls_it_cuts_off(desk: Desk) -> None:
    """15 minutes, 30, 60, ... a day at most."""
    desk.talk("One.")
    waits = []
    for _ in range(9):
        done = desk.consolidator(Slow()).run_one(stopping_at(2), patient=False)
        assert done is not None
        assert done.fate is Fate.STOPPED
        waits.append((desk.jobs()[0].not_before - desk.clock.now()) / timedelta(minutes=15))
        desk.clock.advance(days=2)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 96, 96]


def test_ctrl_c_puts_the_job_back(desk: Desk) -> None:
    """It passes through; the job is due, the call booked."""
    session_id = desk.talk("One.")
    with pytest.raises(KeyboardInterrupt):
        desk.consolidator(Summing(raising(KeyboardInterrupt()))).run_pending()
    job = desk.jobs()[0]
    assert (job.status, job.error, job.not_before) == (WAITING, STOPPED, NOW)
    assert [call[:2] for call in desk.books()] == [("far.example", session_id)]


@pytest.mark.parametrize("when", ["before", "after"])
def test_ctrl_c_at_the_very_end_books_once(desk: Desk, when: str) -> None:
    """Just before the commit the job comes again, just after it the job is done; the call was one."""
    desk.talk("One.")

    def strike(moment: str) -> None:
        if moment == f"{when} commit":
            raise KeyboardInterrupt

    watched = Watched(desk.open(), strike)
    with pytest.raises(KeyboardInterrupt):
        desk.consolidator(Summing(), store=watched.store()).run_one(never)
    assert [job.status for job in desk.jobs()] == [WAITING if when == "before" else DONE]
    assert len(desk.books()) == 1


# Something happens while the model answers


def erase(desk: Desk) -> None:
    """As `memchat forget` in another terminal does."""
    store = desk.open()
    store.erasure.erase_memory(add_note(store, "allergic to walnuts").id, desk.clock.now())


def undo(desk: Desk) -> None:
    """The newest turn is withdrawn."""
    store = desk.open()
    newest = store.transcripts.last_turn(1)
    assert newest is not None
    store.transcripts.set_leaf(1, newest.user.parent)


def ask_again(desk: Desk) -> None:
    """The newest message is answered anew, beside the old reply."""
    store = desk.open()
    newest = store.transcripts.last_turn(1)
    assert newest is not None
    store.transcripts.set_leaf(1, newest.user.id)
    lab = Lab(store, desk.clock)
    list(lab.engine(ScriptedModel(["Uno."]), session=store.transcripts.session(1)).retry())


def test_an_erasure_while_nothing_is_asked_counts_too(desk: Desk) -> None:
    """Between the look at the turns and the move of the mark."""
    desk.talk("One.")
    desk.store.transcripts.set_leaf(1, None)
    talk(desk.store, "secret", learn=False, session_id=1)
    acts = [lambda: erase(desk)]

    def act(moment: str) -> None:
        if moment == "after stretches" and acts:
            acts.pop()()

    watched = Watched(desk.open(), act)
    done = desk.consolidator(ScriptedModel([]), store=watched.store()).run_pending()
    assert [(one.fate, one.error) for one in done] == [(Fate.WAITS, CHANGED), (Fate.DONE, "")]


@pytest.mark.parametrize("act", [erase, undo, ask_again])
def test_what_changed_meanwhile_is_not_written_over(desk: Desk, act: Callable[[Desk], None]) -> None:
    """Nothing is kept of that answer but what it cost; the job comes again, reads afresh, and is done."""
    desk.talk("I am allergic to peanuts.", "I am allergic to cats.")
    consolidator = desk.consolidator(Summing(meanwhile(lambda: act(desk))))
    first = consolidator.run_one(never)
    assert first is not None
    assert (first.fate, first.error, first.kept) == (Fate.WAITS, CHANGED, None)
    assert "allergic to peanuts" not in taught(desk.store)
    assert desk.store.transcripts.session(1).mark is None
    assert len(desk.books()) == 1
    assert {one.fate for one in consolidator.run_pending()} == {Fate.DONE}
    session = desk.store.transcripts.session(1)
    assert session.mark == session.leaf
    cats = act is not undo
    assert session.summary == "I am allergic to peanuts." + (" I am allergic to cats." if cats else "")
    kept = [text for text in taught(desk.store) if text.startswith("allergic")]
    assert kept == ["allergic to peanuts", *(["allergic to cats"] if cats else [])]


def test_a_conversation_that_changes_each_time_is_left_alone_for_longer(desk: Desk) -> None:
    """At once the first time, then after a minute: no endless paying."""
    desk.talk("One.", "Two.")

    def answer(task: Task) -> str:
        erase(desk)
        return by_the_book(task)

    consolidator = desk.consolidator(Summing(answer))
    waits = []
    for _ in range(3):
        consolidator.run_one(never)
        waits.append((desk.jobs()[0].not_before - desk.clock.now()) / timedelta(minutes=1))
        desk.clock.advance(hours=1)
    assert waits == [0, 1, 5]


def test_a_turn_that_was_added_meanwhile_waits_its_turn(desk: Desk) -> None:
    """What was read is taken in; the new turn follows with a call of its own."""
    session_id = desk.talk("One.")
    model = Summing(meanwhile(lambda: talk(desk.open(), "Two.", session_id=session_id)))
    desk.consolidator(model).run_pending()
    desk.store.jobs.enqueue_left(session_id, desk.clock.now())
    desk.consolidator(model).run_pending()
    assert desk.store.transcripts.session(session_id).summary == "One. Two."
    seen = [turn.user.text for task in model.tasks for _, turn in task.material.turns]
    assert seen == ["One.", "Two."]


# Two workers


def test_two_workers_on_one_file_do_a_job_once(desk: Desk) -> None:
    """While one asks, the other finds nothing to do."""
    desk.talk("I am allergic to peanuts.")
    other = desk.consolidator(ScriptedModel([]), store=desk.open(), owner=ALSO_ALIVE)
    found: list[object] = []
    done = desk.consolidator(Summing(meanwhile(lambda: found.extend(other.run_pending())))).run_pending()
    assert [one.fate for one in done] == [Fate.DONE]
    assert found == []
    assert taught(desk.store) == ["allergic to peanuts"]


def test_who_lost_the_lease_writes_nothing(desk: Desk) -> None:
    """Half an hour later another has done it; the late answer is booked and dropped."""
    desk.talk("I am allergic to peanuts.")
    quick = desk.consolidator(Summing(), store=desk.open(), owner="elsewhere:1")

    def overtake() -> None:
        desk.clock.advance(minutes=31)
        assert [one.fate for one in quick.run_pending()] == [Fate.DONE]

    late = desk.consolidator(Summing(meanwhile(overtake)), owner=DEAD)
    done = late.run_one(never)
    assert done is not None
    assert (done.fate, done.error) == (Fate.WAITS, CHANGED)
    assert [job.status for job in desk.jobs()] == [DONE]
    assert desk.store.transcripts.session(1).summary == "I am allergic to peanuts."
    assert taught(desk.store) == ["allergic to peanuts"]
    assert len(desk.books()) == 2


# Faults


def test_a_fault_of_memchat_fails_the_job_by_its_kind(desk: Desk) -> None:
    """`doctor` shows it; what the fault said, which may quote, is not written down."""
    session_id = desk.talk("One.")
    model = Summing(raising(ZeroDivisionError(PROVIDERS_WORDS)))
    done = desk.consolidator(model).run_one(never)
    assert done is not None
    assert (done.fate, done.error, done.kept) == (Fate.FAILED, f"{OWN_FAULT} (ZeroDivisionError)", None)
    assert [(job.status, job.error) for job in desk.jobs()] == [(FAILED, done.error)]
    assert desk.books() == [("far.example", session_id, tokens(model.tasks[0], Words().count), 0)]


def test_a_fault_does_not_hold_up_the_others(desk: Desk) -> None:
    """Neither now nor at any later run: the job is out of the line."""
    first = desk.talk("One.")
    second = desk.talk("Two.")

    def answer(task: Task) -> str:
        if task.material.turns[0][1].session_id == second:
            raise IndexError
        return by_the_book(task)

    done = desk.consolidator(Summing(answer)).run_pending()
    assert [(one.job.session_id, one.fate) for one in done] == [(second, Fate.FAILED), (first, Fate.DONE)]
    assert desk.consolidator(ScriptedModel([])).run_pending() == []


def test_a_fault_while_writing_leaves_nothing_half_written(desk: Desk) -> None:
    """Facts, summary and mark are as they were, and the call is booked once."""
    session_id = desk.talk("I am allergic to peanuts.")

    def strike(moment: str) -> None:
        if moment == "before advance":
            raise IndexError

    store = Watched(desk.store, strike).store()
    done = desk.consolidator(Summing(), store=store).run_pending()
    assert [(one.fate, one.error) for one in done] == [(Fate.FAILED, f"{OWN_FAULT} (IndexError)")]
    session = desk.store.transcripts.session(session_id)
    assert (session.summary, session.mark, taught(desk.store)) == ("", None, [])
    assert len(desk.books()) == 1


def test_a_database_that_refuses_is_no_fault_of_the_job(desk: Desk) -> None:
    """Whoever asked is told; the job stays as it is, for its next owner."""
    desk.talk("One.")
    with pytest.raises(StoreError):
        desk.consolidator(Summing(raising(StoreError("The disk is full.")))).run_one(never)
    assert [job.status for job in desk.jobs()] == [RUNNING]


# What it costs


def test_a_chat_costs_one_call_for_25_turns(desk: Desk) -> None:
    """The job comes with the 25th reply, and not before."""
    lab = Lab(desk.store, desk.clock)
    engine = lab.engine(ScriptedModel(["Yes."] * 50, host="far.example", local=False))
    for number in range(50):
        if number in {24, 49}:
            assert desk.store.jobs.listing() == []
        say(engine, f"word{number}")
        if number in {24, 49}:
            model = Summing()
            desk.consolidator(model).run_pending()
            assert [len(task.material.turns) for task in model.tasks] == [25]
    assert desk.store.transcripts.session(1).summary.split() == [f"word{number}" for number in range(50)]


def test_300_one_shots_cost_12_calls_and_leave_no_summary(desk: Desk, lab: Lab) -> None:
    """They are learned from together."""
    store = lab.store
    texts = [f"I am allergic to thing{number}." if number % 30 == 0 else f"word{number}" for number in range(300)]
    model = Summing()
    consolidator = desk.consolidator(model, store=store)
    for text in texts:
        engine = lab.engine(ScriptedModel(["Yes."], host="far.example", local=False), kind=SessionKind.ONESHOT)
        say(engine, text)
        engine.close()
        consolidator.run_pending(patient=False)
    store.jobs.sweep(ALIVE, NOW)
    consolidator.run_pending()
    assert len(model.tasks) == 12
    assert sorted(turn.user.text for task in model.tasks for _, turn in task.material.turns) == sorted(texts)
    sessions = store.transcripts.sessions(kinds=(SessionKind.ONESHOT,))
    assert {session.summary for session in sessions} == {""}
    assert len(taught(store)) == 10


def test_one_call_for_each_session_that_was_left(desk: Desk) -> None:
    """Five short chats are five calls."""
    for number in range(5):
        desk.talk(f"word{number}")
    model = Summing()
    done = desk.consolidator(model).run_pending()
    assert len(model.tasks) == len(done) == 5

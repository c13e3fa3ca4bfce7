"""What was forgotten is gone from every row, from the search index's own vocabulary and every byte, and stays gone.

Random lives of `forgetting_world.py`: facts are told, asked for, corrected, pasted, summed up, compacted, taken back,
and forgotten in every way there is. After each forgetting the three checks are made from outside; all that was not
asked for is unharmed; and when all transcripts are consolidated once more, by a model that proposes everything and
whatever it heard elsewhere, nothing comes back.
"""

import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from memchat.actions import forgetting, memories, sessions
from memchat.actions.forgetting import Wanted
from memchat.domain import Memory, Origin, Part, PartKind
from memchat.errors import NotFoundError
from memchat.store.connection import open_store
from memchat.store.encryption import from_passphrase
from memchat.store.rewriting import rewrite

from tests.chat.conftest import FIELDS
from tests.e2e.forgetting_world import FACTS, TAG, Fact, World

SCRIPTS, FEWER, STEPS = 500, 60, 10
KEY = from_passphrase("four words of mine")
# A disk in memory, where there is one: else three quarters of the time is waiting until each turn is safe on the disk.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, to be copied: making one takes longer than a whole life."""
    path = tmp_path_factory.mktemp("empty") / "memchat.db"
    open_store(path).close()
    return path


class Life(RuleBasedStateMachine):
    """One life.

    `gone` are the facts whose words were erased, `buried` those of them that left a tombstone, `marks` the messages
    that were erased whole.
    """

    empty: Path
    keeps = False  # the transcripts

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        shutil.copy(self.empty, self.folder / "memchat.db")
        self.world = World(self.folder, open_store(self.folder / "memchat.db", unlock=lambda _: KEY))
        self.gone: list[Fact] = []
        self.buried: list[Fact] = []
        self.told: list[Fact] = []
        self.marks: list[str] = []

    def teardown(self) -> None:
        """At the end of every life the talk goes on, and all transcripts are taken in once more."""
        try:
            self.world.say("Thanks.")
            if self.gone or self.marks:
                known = self.world.memories()
                self.world.consolidate_anew(self.buried)
                self._nothing_left("after everything was consolidated again")
                learned = [memory.text for number, memory in self.world.memories().items() if number not in known]
                assert not [fact for fact in self.gone if any(fact.other in text for text in learned)], learned
            self._nothing_sent()
        finally:
            self.world.close()
            shutil.rmtree(self.folder)

    # What may happen

    @initialize(data=st.data(), remembers=st.booleans(), summed_up=st.booleans(), quiet=st.booleans())
    def come_from_somewhere(self, data: st.DataObject, remembers: bool, summed_up: bool, quiet: bool) -> None:
        """Something was told in an earlier conversation. Replies repeat all that is known, if not quiet."""
        self.world.parrot.quiet = quiet
        self.tell(data, remembers, more=True)
        if summed_up:
            self.consolidate(rewords=False)
        self.leave()

    @rule(data=st.data(), remembers=st.booleans(), more=st.booleans())
    def tell(self, data: st.DataObject, remembers: bool, more: bool) -> None:
        """One or two facts, remembered at once or left for later."""
        fresh = [fact for fact in FACTS if fact not in self.gone]
        most = min(1 + more, len(fresh))
        told = data.draw(st.lists(st.sampled_from(fresh), min_size=most, max_size=most, unique=True)) if fresh else []
        self.world.parrot.remembers = remembers
        self.world.say(" ".join(fact.told for fact in told) or "Good evening.")
        self.world.parrot.remembers = False
        self.told += told

    @precondition(lambda self: self.known)
    @rule(data=st.data(), looks_up=st.booleans())
    def ask(self, data: st.DataObject, looks_up: bool) -> None:
        """Memory and past talk come along, and the reply repeats them."""
        fact = data.draw(st.sampled_from(self.known))
        self.world.parrot.recalls = fact.word if looks_up else ""
        self.world.say(fact.asked)
        self.world.parrot.recalls = ""

    @precondition(lambda self: self.known)
    @rule(data=st.data(), how=st.sampled_from(["paste", "file", "title", "note"]))
    def repeat(self, data: st.DataObject, how: str) -> None:
        """The word stands elsewhere, too: in what was pasted, in a file, a title, a note by hand."""
        fact = data.draw(st.sampled_from(self.known))
        words = f"The {fact.word} list: {fact.told}"
        if how == "note":
            memories.add(self.world.store, f"keeps a list of {fact.word}", self.world.clock.now())
        elif how == "title" and self.world.engine.turns and self.world.engine.session is not None:
            sessions.rename(self.world.store, self.world.engine.session.ref, f"On {fact.word}")
        else:
            kind = PartKind.FILE if how == "file" else PartKind.TEXT
            origin = Origin.FILE if how == "file" else Origin.PASTE
            self.world.say("Look at this.", Part(kind, origin, words, name="list.txt" if how == "file" else ""))

    @rule()
    def leave(self) -> None:
        """A new conversation."""
        self.world.leave()

    @rule(rewords=st.booleans())
    def consolidate(self, rewords: bool) -> None:
        """Summaries, titles, topics, facts; some of them in other words, which wait."""
        self.world.parrot.rewords = rewords
        self.world.consolidate()
        self.world.parrot.rewords = False

    @precondition(lambda self: self.world.engine.turns)
    @rule(how=st.sampled_from(["compact", "retry", "undo"]))
    def turn_back(self, how: str) -> None:
        """Older turns are folded; the newest reply is made anew; the newest turn is taken back."""
        if how == "retry":
            list(self.world.engine.retry())
        else:
            with suppress(NotFoundError):
                getattr(self.world.engine, how)()

    @precondition(lambda self: self.world.memories())
    @rule(data=st.data(), buries=st.booleans())
    def forget_memory(self, data: st.DataObject, buries: bool) -> None:
        """By its id: with every version, and every place that says its words."""
        memory = data.draw(st.sampled_from(sorted(self.world.memories())))
        self._forget(Wanted(refs=(f"m{memory}",), tombstone=buries, keep_transcript=self.keeps))

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def forget_words(self, data: st.DataObject) -> None:
        """By a word: in whole memories, and wherever it was said."""
        fact = data.draw(st.sampled_from(self.known))
        self._forget(Wanted(matches=(fact.word,), keep_transcript=self.keeps), fact)

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def forget_exchanges(self, data: st.DataObject) -> None:
        """By a word, and every exchange that holds it whole."""
        fact = data.draw(st.sampled_from(self.known))
        self._forget(Wanted(matches=(fact.word,), turns=True), fact)

    @precondition(lambda self: self.world.behind.column("SELECT id FROM sessions"))
    @rule(data=st.data())
    def forget_session(self, data: st.DataObject) -> None:
        """A whole conversation."""
        found = self.world.behind.column("SELECT id FROM sessions")
        self._forget(Wanted(session=f"s{data.draw(st.sampled_from(found))}"))

    @rule(hours=st.integers(0, 6))
    def forget_before(self, hours: int) -> None:
        """All that was said before a moment."""
        self._forget(Wanted(before=self.world.clock.now() - timedelta(hours=hours)))

    # What must hold

    @property
    def known(self) -> list[Fact]:
        """The facts that were told, and not forgotten since."""
        return [fact for fact in FACTS if fact in self.told and fact not in self.gone]

    def _forget(self, wanted: Wanted, *facts: Fact) -> None:
        world, now = self.world, self.world.clock.now()
        before, texts = world.memories(), world.texts()
        said = {mark for text in texts.values() for mark in TAG.findall(text)}
        try:
            plan = forgetting.plan(world.store, FIELDS, wanted, now)
        except NotFoundError:
            return
        receipt = forgetting.erase(world.store, plan, now)
        assert receipt.traces == 0, receipt
        after = world.memories()
        lost = [memory for number, memory in before.items() if number not in after]
        found = facts if wanted.matches or _by_rows(wanted) else _words_of(lost, list(after.values()))
        self.gone = list(dict.fromkeys([*self.gone, *found]))
        if wanted.tombstone:
            self.buried += [fact for fact in self.gone if any(memory.text == fact.text for memory in lost)]
        self.marks += sorted(said - {mark for text in world.texts().values() for mark in TAG.findall(text)})
        note(f"{wanted}: erased {[memory.ref for memory in lost]}, gone {self.gone}, {self.marks}")
        self._nothing_left(str(wanted))
        quotes = [source.quote for memory in lost for source in memory.sources]
        self._unharmed(before, texts, [*quotes, *(memory.text for memory in lost)])
        world.parrot.seen.clear()

    def _nothing_left(self, when: str) -> None:
        """The three checks, from outside."""
        words = [*(fact.word for fact in self.gone), *self.marks]
        if words:
            assert self.world.rows_with(words, barred=not self.keeps) == [], when
            assert self.world.terms_with(words) == [], when
            assert self.world.files_with(self.marks if self.keeps else words) == [], when
        assert self.world.sound(), when

    def _unharmed(self, before: dict[int, Memory], texts: dict[int, str], erased: Sequence[str]) -> None:
        """What was not asked for is as it was: memories, and in the messages every word of another fact.

        Unless an erased memory said the same, or rested on the same words.
        """
        for number, memory in self.world.memories().items():
            was = before[number]
            assert (memory.uid, memory.field, memory.text) == (was.uid, was.field, was.text)
            assert memory.stored_status == was.stored_status
            assert (memory.superseded_by, memory.withdrawn_at) == (was.superseded_by, was.withdrawn_at)
        others = [fact for fact in FACTS if fact not in self.gone and not any(fact.word in text for text in erased)]
        for number, text in self.world.texts().items():
            for fact in others:
                assert text.count(fact.word) == texts[number].count(fact.word), (fact.word, texts[number], text)

    def _nothing_sent(self) -> None:
        """No request since the last forgetting held a word of it, for an answer or for a summary."""
        for text in self.world.parrot.seen:
            assert not [fact for fact in self.gone if fact.word in text], text


class Keeping(Life):
    """One life in which the transcripts are kept, for their person alone."""

    keeps = True


class Sealed(Life):
    """One life in an encrypted file."""


def _by_rows(wanted: Wanted) -> bool:
    """Whether rows go for their place or age, whatever they say: their words may stand elsewhere."""
    return bool(wanted.session or wanted.before)


def _words_of(lost: Sequence[Memory], kept: Sequence[Memory]) -> list[Fact]:
    """The facts whose words only erased memories had."""
    return [
        fact
        for fact in FACTS
        if any(fact.word in memory.text for memory in lost) and not any(fact.word in memory.text for memory in kept)
    ]


def live(machine: type[Life], empty: Path, scripts: int) -> None:
    """So many random lives."""
    machine.empty = empty
    tries = settings(
        max_examples=scripts, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(machine, settings=tries)


def test_the_looks_see_what_is_there(tmp_path: Path) -> None:
    """Else nothing here could fail: before a forgetting each of them finds the word, also in an encrypted file."""
    fact = FACTS[0]
    for key in (None, KEY):
        folder = tmp_path / str(key is None)
        folder.mkdir()
        open_store(folder / "memchat.db").close()
        if key is not None:
            rewrite(folder / "memchat.db", None, key)
        world = World(folder, open_store(folder / "memchat.db", unlock=lambda _: KEY))
        world.parrot.remembers = True
        world.say(fact.told)
        for word in (fact.word, "zq1x"):
            assert len(world.rows_with([word])) > 3
            assert world.terms_with([word])
            world.behind.rows("PRAGMA wal_checkpoint(TRUNCATE)")
            assert world.files_with([word]) == ["memchat.db" if key is None else "decrypted"]
        assert any(fact.word in text for text in world.parrot.seen)
        world.close()


@pytest.mark.no_cover  # so long that measuring it is half its time; shorter tests run every line of it
def test_what_was_forgotten_stays_forgotten(empty: Path) -> None:
    """500 lives."""
    live(Life, empty, SCRIPTS)


def test_nor_where_the_transcript_is_kept_for_its_person(empty: Path) -> None:
    """`--keep-transcript`: the words stand in barred parts and nowhere else, and no request holds them."""
    live(Keeping, empty, FEWER)


def test_nor_in_an_encrypted_file(empty: Path, tmp_path: Path) -> None:
    """No page of it, decrypted, holds them."""
    sealed = tmp_path / "memchat.db"
    shutil.copy(empty, sealed)
    rewrite(sealed, None, KEY)
    live(Sealed, sealed, FEWER)

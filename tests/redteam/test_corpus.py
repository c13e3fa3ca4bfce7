"""Each case of the red-team corpus holds: the text gets in as its channel lets it, the rest does not happen."""

import re
from pathlib import Path

import pytest

from tests.conftest import FrozenClock
from tests.redteam.cases import Case, corpus
from tests.redteam.channels import CHANNELS
from tests.redteam.checks import CHECKS, lines_of
from tests.redteam.world import a_world

CASES = corpus()
_SENTENCE = re.compile(r"[^.!?。，！？]+[.!?。！？]?")


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[f"{file}-{case.name}" for file, case in CASES])
def test_a_case_holds(case: Case, home: Path, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the real code of its channel: store, assembler, conversation, commands; with a model that obeys the text."""
    folder = home.parent.parent / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    lines = [line.strip() for line in case.text.splitlines() if line.strip()]
    proposed = [*lines, *(said.strip() for line in lines for said in _SENTENCE.findall(line))]
    with a_world(home, clock, proposed) as world:
        CHANNELS[case.channel](world, case)
        offences = {name: found for name in case.must_not if (found := CHECKS[name](case, world))}
    assert not offences, f"{case.why}\n{offences}"


def test_a_case_that_looks_for_words_has_some() -> None:
    """Else "never unquoted" would hold of anything."""
    bare = [case.name for _, case in CASES if "unquoted" in case.must_not and not lines_of(case)]
    assert not bare

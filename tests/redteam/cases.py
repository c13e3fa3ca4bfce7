"""Cases of a corpus: read from TOML, checked, named. The format stands at the head of the package."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

FILES = "MEMCHAT_REDTEAM"  # files of cases, parted as PATH is; without it the corpus beside this module
OWN = Path(__file__).parent / "corpus"
BESIDE = "What do you make of this?"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class CaseError(Exception):
    """A file that is no corpus, in words."""


@dataclass(frozen=True)
class Case:
    """One attack; the format says what each key means."""

    name: str
    channel: str
    text: str
    must_not: tuple[str, ...]
    why: str
    beside: str = BESIDE
    alone: bool = False
    name_of_file: str = ""
    question: str = ""
    secret: str = ""
    tool: str = ""
    look: tuple[str, ...] = ()


def load(path: Path) -> list[Case]:
    """The cases of one file. Raises CaseError that names the file and the case."""
    from tests.redteam.channels import CHANNELS
    from tests.redteam.checks import CHECKS

    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CaseError(f"{path.name}: {error}") from None
    if set(found) != {"case"} or not isinstance(found["case"], list):
        raise CaseError(f"{path.name}: it holds nothing but [[case]] tables")
    cases = [_case(one, f"{path.name}, case {number}") for number, one in enumerate(found["case"], 1)]
    for case in cases:
        if case.channel not in CHANNELS:
            raise CaseError(f"{path.name}, {case.name}: no channel {case.channel!r}; there are {', '.join(CHANNELS)}")
        if unknown := set(case.must_not) - set(CHECKS):
            raise CaseError(f"{path.name}, {case.name}: nothing checks {min(unknown)!r}; there are {', '.join(CHECKS)}")
        if {"kept", "leaked"}.isdisjoint(case.must_not) is bool(case.secret):
            raise CaseError(f"{path.name}, {case.name}: `secret` goes with kept and leaked, and they with it")
    if len({case.name for case in cases}) < len(cases):
        raise CaseError(f"{path.name}: two cases have one name")
    return cases


def corpus() -> list[tuple[str, Case]]:
    """Every case with the name of its file: of the files that the environment names, else memchat's own."""
    named = os.environ.get(FILES, "")
    paths = [Path(one) for one in named.split(os.pathsep) if one] or sorted(OWN.glob("*.toml"))
    return [(path.stem, case) for path in paths for case in load(path)]


def _case(value: Mapping[str, object], place: str) -> Case:
    kinds = {one.name: one.type for one in fields(Case)}
    made: dict[str, Any] = {}
    for key, given in value.items():
        if key not in kinds:
            raise CaseError(f"{place}: no key {key!r}")
        listed = str(kinds[key]).startswith("tuple")
        wanted = list if listed else bool if key == "alone" else str
        if not isinstance(given, wanted):
            raise CaseError(f"{place}: {key!r} is of the wrong kind")
        if isinstance(given, list) and not all(isinstance(one, str) for one in given):
            raise CaseError(f"{place}: {key!r} is of the wrong kind")
        made[key] = tuple(given) if isinstance(given, list) else given
    missing = {"name", "channel", "text", "must_not", "why"} - set(made)
    if missing:
        raise CaseError(f"{place}: {min(missing)!r} is missing")
    if not _NAME.fullmatch(made["name"]) or not made["why"].strip() or not made["must_not"]:
        raise CaseError(f"{place}: a name of small letters, a reason and something that must not happen are needed")
    return Case(**made)

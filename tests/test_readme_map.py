"""CONTRIBUTING's map leads somewhere: each module, test and command it names is there, and no room is missing."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
ROOMS = sorted(path.name for path in (ROOT / "memchat").iterdir() if path.is_dir() and path.name != "__pycache__")
PATHS = sorted(set(re.findall(r"`((?:[a-z_0-9]+/)*[a-z_0-9]+(?:/|\.py|\.svg))`", TEXT)))
MODULES = sorted(set(re.findall(r"python -m (tests[.\w]+)", TEXT)))


@pytest.mark.parametrize("named", PATHS)
def test_every_path_on_the_map_is_there(named: str) -> None:
    """As written from the root, from `memchat/`, or beside what stands next to it in `tests/`."""
    places = [ROOT / named, ROOT / "memchat" / named, *(ROOT / "tests").glob(f"**/{named.rstrip('/')}")]
    assert any(place.exists() for place in places)


@pytest.mark.parametrize("module", MODULES)
def test_every_command_of_ours_can_be_run(module: str) -> None:
    """`python -m tests....` names a module, or a package that has a `__main__`."""
    spec = find_spec(module)
    assert spec is not None
    assert not spec.submodule_search_locations or find_spec(f"{module}.__main__")


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_on_the_map(room: str) -> None:
    """Each folder of `memchat/` has its row."""
    assert re.search(rf"^\| .*`{room}/`.* \|", TEXT, re.MULTILINE)

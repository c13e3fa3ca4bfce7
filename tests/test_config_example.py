"""config.example.toml is the page people copy from: it must be complete, true and accepted."""

import dataclasses
import re
import tomllib
from itertools import pairwise
from pathlib import Path

from memchat import config
from memchat.config.settings import SECTIONS, UNUSED

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


def test_the_example_names_every_setting_with_its_default() -> None:
    """Reading the example gives what reading nothing gives, for each field of each section, and no more."""
    written = tomllib.loads(EXAMPLE.read_text("utf-8"))
    provider = written.pop("providers")["openai"]
    assert written.pop("aliases") == {}
    sections = {name: dataclasses.asdict(cls()) for name, cls in SECTIONS.items()}
    sections["memory"]["profile_fields"] = list(sections["memory"]["profile_fields"])
    sections["privacy"]["memory_hosts"] = list(sections["privacy"]["memory_hosts"])
    assert written == sections
    assert provider == dataclasses.asdict(config.ProviderSettings())


def test_the_example_is_accepted_as_a_configuration(home: Path) -> None:
    """Whoever copies it whole gets the defaults."""
    home.mkdir()
    places = config.paths({"MEMCHAT_HOME": str(home)})
    defaults = config.load(places, {})
    places.config.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    copied = config.load(places, {})
    assert dataclasses.replace(copied, origins={}, providers={}) == dataclasses.replace(defaults, origins={})
    assert set(copied.origins.values()) == {"config.toml"}


def test_every_setting_of_the_example_has_a_comment_above_it() -> None:
    """A setting without a word on what the user will see is a riddle."""
    lines = EXAMPLE.read_text("utf-8").splitlines()
    bare = [line for above, line in pairwise(lines) if re.match(r"\w+ = ", line) and above[:1] != "#"]
    assert not bare


def test_every_setting_has_a_sentence_for_the_user_in_the_code() -> None:
    """Under each field stands what the user sees of it."""
    source = Path(config.settings.__file__).read_text("utf-8")
    fields = [item.name for cls in (*SECTIONS.values(), config.ProviderSettings) for item in dataclasses.fields(cls)]
    told = re.findall(r'^    (\w+): [^\n]*(?:\([^)]*\)|[^\n]*)\n    """', source, re.MULTILINE)
    assert [name for name in fields if name not in told] == []


def test_what_is_not_used_yet_says_so_where_people_read_it() -> None:
    """In the example and in the code, for exactly the settings that nothing comes of."""
    source = Path(config.settings.__file__).read_text("utf-8")
    told = set(re.findall(r'^    (\w+): [^\n]+\n    """[^"]*?Not used yet in 0\.1\.0', source, re.MULTILINE))
    assert told == {key.split(".")[1] for key in UNUSED}
    above: list[str] = []
    marked: set[str] = set()
    section = ""
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if line[:1] == "#":
            above.append(line)
            continue
        section = line.strip("[]") if line[:1] == "[" else section
        if "Not used yet in 0.1.0" in " ".join(above) and " = " in line:
            marked.add(f"{section}.{line.split(' = ')[0]}")
        above = []
    assert marked == UNUSED

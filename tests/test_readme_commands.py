"""README's lists of commands hold every command there is, and name none that is not there."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from memchat.cli.slash import Command
from memchat.cli.slash_commands import COMMANDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CODE = re.compile(r"`([^`]+)`")


def section(title: str) -> str:
    """What stands under one heading of README."""
    return re.split(rf"^## {re.escape(title)}$", README, flags=re.MULTILINE)[1].split("\n## ")[0]


def first_cells() -> list[str]:
    """All that the first columns of the section's tables name, as it is typed."""
    rows = [row.replace("\\|", "\0") for row in section("Commands").splitlines() if row.startswith("| `")]
    return [name.replace("\0", "|") for row in rows for name in CODE.findall(row.split("|")[1])]


def commands() -> set[str]:
    """The commands that `memchat --help` lists."""
    done = subprocess.run(
        [sys.executable, "-m", "memchat", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    listed = done.stdout.split("Commands:\n")[1].split("\n\n")[0]
    return set(re.findall(r"^  (\w+)  ", listed, re.MULTILINE))


def usages(known: tuple[Command, ...]) -> set[str]:
    """Slash commands as `/help` writes them."""
    return {command.usage for command in known}


def test_readme_lists_every_command_of_the_shell() -> None:
    """The table under "Commands" and `memchat --help` name the same ones, once each."""
    named = [name.removeprefix("memchat").strip() for name in first_cells() if name.startswith("memchat")]
    assert sorted(name for name in named if name) == sorted(commands())


def test_readme_lists_every_slash_command() -> None:
    """The second table and the registry name the same ones, arguments included, once each."""
    assert sorted(name for name in first_cells() if name.startswith("/")) == sorted(usages(tuple(COMMANDS)))


def test_readme_names_no_command_that_is_not_there() -> None:
    """Wherever README says `memchat WORD`, that word is a command."""
    prose = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)
    words = {match[1] for code in CODE.findall(prose) if (match := re.match(r"memchat\s([a-z]+)\b", code))}
    assert words
    assert words <= commands()


def test_the_configuration_that_readme_shows_is_read_as_it_says(tmp_path: Path) -> None:
    """Each value of its `toml` block is in force, from that file; an unknown key would be refused."""
    block = re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert len(block) == 1
    file = tmp_path / "config.toml"
    file.write_text(block[0], "utf-8")
    file.chmod(0o600)
    command = [sys.executable, "-m", "memchat", "--config", str(file), "config", "show", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    wanted = {f"{part}.{key}": value for part, keys in tomllib.loads(block[0]).items() for key, value in keys.items()}
    read = {key: setting["value"] for key, setting in json.loads(done.stdout).items() if setting["origin"] == file.name}
    assert read == wanted
    assert all(json.loads(done.stdout)[key]["used"] for key in wanted)

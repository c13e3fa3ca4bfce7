"""What a line that starts with a slash means."""

import pytest
from memchat.cli.slash import find, split
from memchat.cli.slash_commands import COMMANDS
from memchat.errors import UsageError


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("/help", ("help", "")),
        ("/forget m12", ("forget", "m12")),
        ("/remember  I like tea ", ("remember", "I like tea")),
        ("/remember\nI like\ntea", ("remember", "I like\ntea")),
        ("/remember I like\ntea", ("remember", "I like\ntea")),
        ("／ｈｅｌｐ", ("help", "")),
        ("/HELP", ("help", "")),
        ("/remember　我住在台北", ("remember", "我住在台北")),
        ("／ｆｏｒｇｅｔ　ｍ１２", ("forget", "ｍ１２")),
        ("/remember\tI like tea", ("remember", "I like tea")),
        ("　/help", None),
        ("/", ("", "")),
        ("/usr/bin is full", None),
        ("／usr／bin", None),
        ("//comment", None),
        (" /help", None),
        ("hello /help", None),
        ("", None),
    ],
)
def test_a_command_starts_with_one_slash(line: str, meant: tuple[str, str] | None) -> None:
    """A path, a comment and a line that starts with a space are messages; width and case do not matter."""
    assert split(line) == meant


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("help", "help"),
        ("h", "help"),
        ("prof", "profile"),
        ("fo", None),
        ("for", "forget"),
        ("qu", None),
        ("qui", "quit"),
        ("quit", "quit"),
        ("exit", "quit"),
        ("exi", "quit"),
        ("ex", None),
        ("clear", "new"),
        ("n", "new"),
        ("u", None),
        ("un", None),
        ("und", "undo"),
        ("unp", "unpin"),
        ("p", None),
        ("pi", "pin"),
        ("pr", "profile"),
        ("re", None),
        ("red", "redo"),
        ("rev", "review"),
        ("rem", "remember"),
        ("ren", "rename"),
        ("res", "resume"),
        ("ret", "retry"),
        ("w", "why"),
        ("", None),
        ("helpme", None),
    ],
)
def test_a_unique_beginning_is_enough(word: str, name: str | None) -> None:
    """Erasing and leaving take three letters; what is short for several commands is none of them."""
    if name is not None:
        assert find(word, COMMANDS).name == name
        return
    with pytest.raises(UsageError):
        find(word, COMMANDS)


def test_the_nearest_command_is_named() -> None:
    """A slip of the finger is told with what was meant, a short name with what it may be short for."""
    with pytest.raises(UsageError) as told:
        find("halp", COMMANDS)
    assert told.value.message == "There is no /halp."
    assert "/help" in told.value.hint
    with pytest.raises(UsageError) as told:
        find("re", COMMANDS)
    assert told.value.hint == "Which one: /redo, /remember, /rename, /resume, /retry, /review?"
    with pytest.raises(UsageError) as told:
        find("q", COMMANDS)
    assert told.value.hint == "Write more of it: /quit."
    with pytest.raises(UsageError) as told:
        find("xyzzy", COMMANDS)
    assert "/help lists them" in told.value.hint


def test_every_command_of_the_issue_is_there() -> None:
    """The least that issues 2 and 4 promise, under the names that interface.md gives them."""
    names = {name for command in COMMANDS for name in (command.name, *command.aliases)}
    assert names >= {"help", "profile", "memory", "remember", "forget", "new", "clear", "retry", "undo", "quit", "exit"}
    assert names >= {"redo", "review", "why", "pin", "unpin"}


def test_every_command_of_interface_md_is_there() -> None:
    """Its section 1, word by word; and each writes its own help."""
    promised = (
        "help model profile memory remember forget why without review context usage sessions resume new clear rename "
        "search undo redo retry copy edit file btw incognito compact expand export keys quit exit"
    )
    names = {name for command in COMMANDS for name in (command.name, *command.aliases)}
    assert set(promised.split()) <= names
    assert all(command.help.endswith(".") for command in COMMANDS)

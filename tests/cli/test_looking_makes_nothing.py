"""What only looks makes no database: an empty home stays empty, whatever is asked of it."""

from pathlib import Path

import pytest

from tests.cli.shell import Shell


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("context hello", 0, "In all"),
        ("context hello --raw", 0, "hello"),
        ("context hello --session trip", 0, "In all"),
        ("context hello -c", 6, "There is no conversation to continue."),
        ("context --last", 6, "Nothing was sent yet."),
        ("context --turn s1.1", 6, "There is no session s1."),
        ("memory list", 0, "No memories yet."),
        ("profile show", 0, "Nothing yet."),
        ("sessions list", 0, "No conversations yet."),
        ("sessions show s1", 6, "There is no session s1."),
        ("search walnuts", 0, "Nothing found."),
        ("forget m1 --yes", 6, "There is no memory m1."),
        ("doctor", 0, "not there yet"),
    ],
)
def test_looking_into_an_empty_home_leaves_it_empty(shell: Shell, home: Path, line: str, code: int, told: str) -> None:
    """The answer is what it would be with an empty database; no file, no folder."""
    done = shell(*line.split())
    assert (done.code, told in done.out + done.err) == (code, True)
    assert not home.exists()


def test_what_would_be_sent_from_a_database_that_was_named_wrong_is_not_guessed(shell: Shell, tmp_path: Path) -> None:
    """Without it memory would look empty; what reads no memory needs none."""
    missing = tmp_path / "nope" / "x.db"
    done = shell("context", "hello", "--db", str(missing))
    assert (done.code, done.errors[0]) == (5, f"error: There is no database at {missing}.")
    for flag in ("--incognito", "--stateless"):
        assert shell("context", "hello", "--db", str(missing), flag).code == 0
    assert not missing.parent.exists()


def test_what_writes_makes_the_database_after_a_look(shell: Shell) -> None:
    """A look leaves nothing behind that a later command would take for the database."""
    shell("context", "hello")
    assert shell("memory", "add", "grows walnuts").code == 0
    assert "grows walnuts" in shell("memory", "list").out

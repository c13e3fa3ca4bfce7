"""Encryption as a person meets it at a real terminal: hidden prompts, three tries, the keyring, a chat behind it."""

import os
import sys
from contextlib import closing
from pathlib import Path

import pytest
from memchat import config
from memchat.bootstrap.unlocking import Unlocking
from memchat.errors import LockedError
from memchat.store.encryption import from_passphrase, is_encrypted
from memchat.store.rewriting import rewrite

from tests.builders import add_note
from tests.e2e import file_keyring
from tests.e2e.running import NOTEBOOK, memchat
from tests.e2e.terminal import Terminal, chat, kept

FIRST, SECOND = "correct horse battery", "another passphrase"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX")


def seeded(passphrase: str | None = None) -> Path:
    """A database that knows one thing, encrypted where there is a passphrase."""
    path = config.paths(os.environ).db
    with closing(kept()) as store:
        add_note(store, "loves peanut butter")
    if passphrase:
        rewrite(path, None, from_passphrase(passphrase))
    return path


def answers(person: Terminal, words: str) -> None:
    """Type a line after a question that is no prompt of the chat's."""
    person.types(words)
    person.presses("enter")


def test_it_is_asked_twice_and_never_shown() -> None:
    """Two that differ change nothing; two alike encrypt, and no key that was pressed is on the screen."""
    path = seeded()
    with chat("encrypt") as person:
        person.sees("New passphrase (what you type does not show):")
        answers(person, FIRST)
        person.sees("The same again:")
        answers(person, "something else")
        person.sees("The two are not the same")
        assert person.leaves() == 2
    assert not is_encrypted(path)
    with chat("encrypt") as person:
        person.sees("New passphrase")
        answers(person, FIRST)
        person.sees("The same again:")
        answers(person, FIRST)
        person.sees("Outside memchat's reach")
        assert "keyring, so that" not in person.raw  # there is none to ask about
        assert FIRST not in person.raw
        assert person.leaves() == 0
    assert is_encrypted(path)


def test_a_chat_asks_before_it_begins_and_remembers_all() -> None:
    """A second try is told from the first; the talk then goes on as ever, and no byte of it is plain."""
    path = seeded(FIRST)
    with chat() as person:
        person.sees("Passphrase of memchat.db (what you type does not show):")
        answers(person, "wrong passphrase")
        person.sees("That does not open it.")
        answers(person, FIRST)
        person.sees_prompt()
        person.says("I live in Reykjavik")
        person.sees("location: Reykjavik")
        person.quits()
        assert FIRST not in person.raw
    for each in path.parent.rglob("memchat.db*"):
        assert b"Reykjavik" not in each.read_bytes()
    done = memchat("profile", "get", "location", env={**NOTEBOOK, "MEMCHAT_PASSPHRASE": FIRST})
    assert (done.code, done.out) == (0, "Reykjavik\n")


def test_three_tries_then_exit_8() -> None:
    """And Ctrl-D, which is no passphrase; Ctrl-C is an interruption."""
    path = seeded(FIRST)
    before = path.read_bytes()
    with chat("profile") as person:
        for number in range(3):
            person.sees("Passphrase of", times=number + 1)
            answers(person, "wrong passphrase")
        person.sees("does not open with that")
        assert person.leaves() == 8
    with chat("profile") as person:
        person.sees("Passphrase of")
        person.presses("ctrl-d")
        assert person.leaves() == 8
    with chat("profile") as person:
        person.sees("Passphrase of")
        person.presses("ctrl-c")
        assert person.leaves() == 130
    assert path.read_bytes() == before


def test_incognito_asks_for_nothing() -> None:
    """It never opens the file."""
    seeded(FIRST)
    with chat("--incognito") as person:
        person.sees_prompt()
        assert "Passphrase" not in person.text
        person.quits()


def test_words_in_a_pipe_are_not_taken_for_the_passphrase() -> None:
    """`... | memchat`: the terminal itself is asked, as ssh and sudo do."""
    seeded(FIRST)
    script = f'echo "What do I love?" | "{sys.executable}" -m memchat ask -'
    with Terminal(["/bin/sh", "-c", script], env=NOTEBOOK) as person:
        person.sees("Passphrase of memchat.db")
        answers(person, FIRST)
        person.sees("peanut butter")
        assert person.leaves() == 0


def test_the_keyring_is_asked_about_and_opens_the_next_chat(tmp_path: Path) -> None:
    """Only a yes keeps the key there."""
    path = seeded()
    ring = {"PYTHON_KEYRING_BACKEND": file_keyring.NAME, "TEST_KEYRING": str(tmp_path / "ring.json")}
    with chat("encrypt", env=ring) as person:
        person.sees("New passphrase")
        answers(person, FIRST)
        person.sees("The same again:")
        answers(person, FIRST)
        person.sees("Keep the key in the keyring, so that memchat opens without asking? [y/N]")
        answers(person, "y")
        person.sees("keeps the key")
        assert person.leaves() == 0
    assert is_encrypted(path)
    with chat(env=ring) as person:
        person.sees_prompt()
        assert "Passphrase" not in person.text
        person.quits()
    with chat("encrypt", env=ring) as person:
        person.sees("New passphrase")  # the keyring gave the present one
        answers(person, SECOND)
        person.sees("The same again:")
        answers(person, SECOND)
        person.sees("Keep the key in the keyring")
        person.presses("enter")
        person.sees("does not hold the key")
        assert person.leaves() == 0
    with chat("profile", env=ring) as person:
        person.sees("Passphrase of")
        answers(person, SECOND)
        assert person.leaves() == 0


def test_another_thread_does_not_ask(home: Path) -> None:
    """What is typed belongs to the chat: a thread that comes first goes without."""
    import threading

    path = seeded(FIRST)
    unlock = Unlocking({})
    unlock.ask = lambda _path, _wrong: pytest.fail("asked in a thread")
    caught: list[LockedError] = []

    def come() -> None:
        try:
            unlock(path)
        except LockedError as error:
            caught.append(error)

    thread = threading.Thread(target=come)
    thread.start()
    thread.join()
    assert len(caught) == 1
    unlock.ask = lambda _path, _wrong: FIRST
    key = unlock(path)
    unlock.ask = None
    assert unlock(path) is key  # found once for all
    assert home == path.parent

"""Incognito at a real terminal: ten turns leave every file as it was, whatever the home is like; and the way back."""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.shell import unprivileged
from tests.e2e.plain_terminal import plainly
from tests.e2e.running import NOTEBOOK, environment, here, tree, with_server
from tests.e2e.terminal import Terminal, chat, kept
from tests.servers.openai_server import Server

TURNS = (
    "My name is Bob and I live in Lisbon.",
    "What is my name?",
    "我對花生過敏，住在台北。",
    "Remember that I like jasmine tea.",
    "/remember I like jasmine tea",
    "/btw Where do I live?",
    "/memory",
    "/search Alice",
    "/undo",
    "/retry",
    "/new",
    "/file no-such-note.txt",
    "Please sum that up.",
    "/compact",
    "/export no-such-folder/all.jsonl",
    "/rename A secret talk",
    "What did we decide last month?",
    "I am allergic to cats.",
    "Forget that.",
    "/usage",
)


def talks(person: Terminal) -> None:
    """Ten turns and ten commands; each comes to a prompt again."""
    for line in TURNS:
        person.says(line)
        person.sees_prompt()


@pytest.fixture
def used(home: Path) -> Path:
    """A home with a conversation, a memory and a history of typing in it."""
    line = "My name is Alice and I live in Taipei."
    done = plainly(typed=(line,))
    assert "+ m1" in done.out + done.err, done
    with closing(kept()) as store:
        store.typed.add(line, datetime.now(UTC))
    return home


def test_ten_turns_leave_every_file_as_it_was(used: Path, tmp_path: Path) -> None:
    """Content, names and times: database, journal, history, log and configuration; of memory nothing is told."""
    before = tree(tmp_path)
    with chat("--incognito") as person:
        talks(person)
        assert "Alice" not in "\n".join(row for row in person.everything if "/search" not in row)
        person.quits()
    assert tree(tmp_path) == before


def test_over_the_wire_too(used: Path, tmp_path: Path, openai_server: Server) -> None:
    """litellm and what it loads leave nothing behind, and no request holds anything of the memory."""
    before = tree(tmp_path)
    with chat("--incognito", env=with_server(openai_server), model="openai/test") as person:
        for number in range(10):
            person.says(f"Turn {number}: what is my name?")
            person.sees_prompt(after=f"You said: Turn {number}")
        person.quits()
    assert tree(tmp_path) == before
    assert len(openai_server.requests) == 10
    assert openai_server.consolidations == []
    assert not [seen for seen in openai_server.requests if b"Alice" in seen.raw or b"Taipei" in seen.raw]


def summed_up(number: int) -> bool:
    """Whether all of a conversation is."""
    with closing(kept()) as store:
        session = store.transcripts.session(number)
        return session.mark == session.leaf


def still(folder: Path) -> dict[str, tuple[str, int]]:
    """What lies there once nothing has changed for a second: behind a summary a little is tidied up, and read."""
    now = tree(folder)
    while True:
        time.sleep(1)
        before, now = now, tree(folder)
        if now == before:
            return now


def test_from_within_a_chat_nothing_of_it_is_written_and_the_chat_goes_on_after_it(
    used: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The earlier conversation waits, open to nobody else; once that is summed up no file changes any more."""
    with chat() as person:
        person.says("I work as a nurse.")
        person.sees_prompt(after="+ m")
        person.says("/incognito")
        person.sees_prompt(after="nothing of this chat is kept")
        person.waits(lambda: summed_up(2), "the earlier conversation was not summed up")
        before = still(used)
        talks(person)
        assert tree(used) == before
        elsewhere = here(capsys, "ask", "--session", "s2", "Hello there?")
        assert elsewhere.code == 5
        person.says("/incognito")
        person.sees_prompt(after="Incognito is over, and nothing of it was kept. You are in s2.")
        person.says("What is my work?")
        person.sees_prompt(after="Nurse. On")
        person.quits()
    with closing(kept()) as store:
        assert [turn.user.text for turn in store.transcripts.turns(2)] == ["I work as a nurse.", "What is my work?"]
        assert store.transcripts.session(2).mark == store.transcripts.session(2).leaf  # summed up at leaving
        assert not [one for one in store.typed.newest(50) if "jasmine" in one]
        assert [one.text for one in store.memories.active(datetime.now(UTC))] == ["Alice", "Taipei", "nurse"]


def test_leaving_from_within_sums_the_earlier_conversation_up(used: Path) -> None:
    """Ctrl-D in incognito ends both."""
    del used
    talk = plainly(typed=("I work as a nurse.", "/incognito", "A secret of mine"))
    assert talk.code == 0
    for told in ("+ m", "nothing of this chat is kept"):
        assert told in talk.out + talk.err
    with closing(kept()) as store:
        session = store.transcripts.session(2)
        assert session.mark == session.leaf
        assert store.transcripts.free(2, "somebody:1")


def test_where_there_was_no_message_yet_there_is_a_way_back_too(used: Path) -> None:
    """What is said then is kept."""
    del used
    talk = plainly(typed=("/incognito", "A secret of mine", "/incognito", "Keep this one"))
    assert "nothing of this chat is kept" in talk.out + talk.err
    assert "Incognito is over, and nothing of it was kept." in talk.out + talk.err
    with closing(kept()) as store:
        assert [turn.user.text for turn in store.transcripts.turns(2)] == ["Keep this one"]


def read_only(home: Path) -> None:
    """No file of it may be written, no file made in it."""
    for path in (*home.rglob("*"), home):
        path.chmod(0o500 if path.is_dir() else 0o400)


def encrypted(home: Path) -> None:
    """Nobody gives the passphrase."""
    del home
    done = plainly("encrypt", env={**NOTEBOOK, "MEMCHAT_PASSPHRASE": "correct horse"})
    assert done.code == 0, done


def damaged(home: Path) -> None:
    """No database at all."""
    (home / "memchat.db").write_bytes(b"This is no database." * 400)


def held(home: Path) -> None:
    """A folder stands where the database was."""
    (home / "memchat.db").unlink()
    (home / "memchat.db").mkdir()


@pytest.mark.parametrize("spoil", [encrypted, damaged, held])
@pytest.mark.parametrize("mode", ["--incognito", "--stateless"])
def test_whatever_became_of_the_database_it_works(
    used: Path, tmp_path: Path, spoil: Callable[[Path], None], mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What opens nothing is stopped by nothing: no passphrase, no database."""
    spoil(used)
    before = tree(tmp_path)
    asked = [here(capsys, "ask", mode, "What is my name?") for _ in range(2)]
    if mode == "--incognito":
        talk = plainly(mode, typed=("What is my name?",))
        assert (talk.code, talk.out.strip() != "", "error" in talk.err) == (0, True, False), talk
    for done in asked:
        assert (done.code, done.err) == (0, "")
        assert "Alice" not in done.out
    assert tree(tmp_path) == before


@pytest.mark.parametrize("mode", ["--incognito", "--stateless"])
def test_without_a_right_to_write_it_works(used: Path, tmp_path: Path, mode: str) -> None:
    """What writes nothing needs none; in processes that have no more rights than others."""
    read_only(used)
    before = tree(tmp_path)
    try:
        command = [*unprivileged(), sys.executable, "-m", "memchat"]
        if mode == "--incognito":
            with Terminal([*command, mode], env=NOTEBOOK) as person:
                person.says("What is my name?")
                person.sees_prompt(after="?\n\n")
                person.quits()
        for _ in range(2):
            done = subprocess.run(
                [*command, "ask", mode, "What is my name?"],
                env=environment(NOTEBOOK),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=60,
                check=False,
            )
            assert (done.returncode, done.stderr) == (0, b"")
            assert b"Alice" not in done.stdout
        assert tree(tmp_path) == before
    finally:
        for path in (used, *used.rglob("*")):
            path.chmod(0o700)

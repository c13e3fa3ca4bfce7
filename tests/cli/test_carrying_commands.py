"""memchat export, import, backup, restore: what is written where, and what is refused."""

import io
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from memchat.domain import MemoryStatus, MessageStatus, Origin, Part, PartKind, Restored, SessionKind, Taken
from memchat.store.connection import open_store

from tests.builders import add_note, add_turn
from tests.cli.shell import Shell
from tests.conftest import NOW
from tests.store.carrying import Filling, exported, full, said, spoken


@pytest.fixture
def told(shell: Shell) -> Shell:
    """A conversation and two memories."""
    store = shell.store()
    add_turn(store, "I live in *Lisbon*.\n# No heading", "```\n# code\n```\nNoted \x1b[2J.")
    add_note(store, "Lisbon", field="location", quote="I live in *Lisbon*")
    old, new = add_note(store, "likes Go"), add_note(store, "likes Rust")
    store.memories.supersede(old.id, new.id, NOW)
    store.close()
    return shell


def test_a_copy_to_read_says_until_when_and_keeps_what_is_fenced(shell: Shell) -> None:
    """What ended is told with its day, what has a source in a talk with its turn; a fence in a talk stays one."""
    store = shell.store()
    passed = Part(PartKind.FILE, Origin.FILE, "# not a heading of ours", name="notes.md")
    Filling(store).do(
        [
            ("session", ("", SessionKind.CHAT, True)),
            ("turn", ([said("I like tea. Look at this."), passed], [spoken("Good.")], MessageStatus.COMPLETE, True)),
            ("learn", 10),
            ("note", ("plays chess", "", 5, MemoryStatus.ACTIVE)),
            ("note", ("night owl", "no_such_field", 5, MemoryStatus.ACTIVE)),
            ("end", 1),
            ("pin", 0),
        ]
    )
    store.close()
    text = shell("export", "--format", "md").out
    assert 's1.1: "I like tea")' in text
    assert "(m1, pinned; " in text
    assert "until 22 Nov" in text
    assert "no\\_such\\_field: night owl" in text
    assert "\n# not a heading of ours\n```" in text


def private(path: Path) -> bool:
    """Whether only its owner may read it."""
    return os.name != "posix" or path.stat().st_mode & 0o777 == 0o600


# export


def test_everything_goes_to_standard_output(told: Shell) -> None:
    """One JSON object a line and nothing else; the same bytes as in a file."""
    done = told("export")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert lines[0]["type"] == "memchat export"
    assert [line["type"] for line in lines[1:]] == ["session", "message", "message", "memory", "memory", "memory"]
    assert told("export", "-").out == done.out


def test_a_file_is_private_whatever_the_umask(told: Shell, tmp_path: Path) -> None:
    """And holds what standard output would; the receipt says what it is."""
    file = tmp_path / "all.jsonl"
    before = os.umask(0)
    try:
        done = told("export", str(file))
    finally:
        os.umask(before)
    assert private(file)
    assert file.read_text("utf-8") == told("export").out
    assert "1 conversation, 2 messages and 3 memories" in " ".join(done.out.split())
    assert [each.name for each in tmp_path.iterdir() if "all" in each.name] == ["all.jsonl"]


def test_a_receipt_can_be_read_by_scripts(told: Shell, tmp_path: Path) -> None:
    """With a FILE; without one there are two documents for one stream."""
    file = tmp_path / "all.jsonl"
    receipt = told("export", str(file), "--json").json
    assert receipt["lines"] == {"session": 1, "message": 2, "memory": 3}
    assert (receipt["file"], receipt["bytes"]) == (str(file), file.stat().st_size)
    assert told("export", "--json").code == 2


def test_what_is_there_is_not_replaced_unasked(told: Shell, tmp_path: Path) -> None:
    """Exit 7; --force replaces a file, never a link, a folder or a device."""
    file, link = tmp_path / "all.jsonl", tmp_path / "link"
    file.write_text("mine", "utf-8")
    link.symlink_to(file)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for words in (["all.jsonl"], ["link"], ["link", "--force"], ["dangling", "--force"], ["."], [".", "--force"]):
        refused = told("export", str(tmp_path / words[0]), *words[1:])
        assert (refused.code, len(refused.errors)) == (7, 2), words
    if os.name == "posix":
        os.mkfifo(tmp_path / "pipe")
        assert told("export", str(tmp_path / "pipe"), "--force").code == 7
    assert file.read_text("utf-8") == "mine"
    assert not (tmp_path / "nowhere").exists()
    assert told("export", str(file), "--force").code == 0
    assert file.read_text("utf-8").startswith('{"type":"memchat export"')
    assert private(file)


def test_where_nothing_can_be_written_is_told(told: Shell, tmp_path: Path) -> None:
    """A folder that is not there: two lines, and no file anywhere."""
    refused = told("export", str(tmp_path / "no" / "all.jsonl"))
    assert (refused.code, len(refused.errors)) == (1, 2)
    assert "could not be written" in refused.err


def test_an_empty_home_exports_its_first_line_and_makes_no_database(shell: Shell) -> None:
    """What only looks makes nothing."""
    assert len(shell("export").out.splitlines()) == 1
    assert not shell.paths.db.exists()


def test_an_unknown_format_is_refused(told: Shell) -> None:
    """With those there are."""
    refused = told("export", "--format", "pdf")
    assert refused.code == 2
    assert "jsonl" in refused.err


def test_a_copy_to_read_holds_everything_and_steers_nothing(told: Shell, tmp_path: Path) -> None:
    """Profile, notes, what was replaced, every talk; nobody's words pass for a heading or an escape sequence."""
    done = told("export", "--format", "md")
    text = done.out
    for words in (
        "location: Lisbon (m1",
        "likes Rust (m3",
        "## Replaced",
        "likes Go (m2",
        "replaced by m3",
        "> # No heading",
    ):
        assert words in text, words
    assert [line for line in text.splitlines() if line.startswith("# ")] == [
        "# What memchat remembers",
        "# Conversations",
    ]
    assert "\x1b" not in text
    assert "# code" in text.splitlines()[[line.strip("> ") for line in text.splitlines()].index("# code")]
    file = tmp_path / "all.md"
    assert told("export", str(file), "--format", "md").code == 0
    assert private(file)
    assert told("import", str(file)).code == 1


# import


def test_an_export_comes_back_exactly(told: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into another home: the same bytes again."""
    file = tmp_path / "all.jsonl"
    told("export", str(file))
    monkeypatch.setenv("MEMCHAT_HOME", str(tmp_path / "other"))
    done = told("import", str(file))
    assert done.code == 0
    assert "all ids as they were" in " ".join(done.out.split())
    assert told("export").out == file.read_text("utf-8")
    again = told("import", str(file), "--json").json
    assert (again["exact"], again["added"], again["known"]["memory"]) == (False, {}, 3)
    assert "nothing new" in told("import", str(file)).out


def test_a_review_says_what_waits(told: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the inbox has it."""
    file = tmp_path / "all.jsonl"
    told("export", str(file))
    monkeypatch.setenv("MEMCHAT_HOME", str(tmp_path / "other"))
    assert "2 memories wait for you" in " ".join(told("import", str(file), "--review").out.split())
    assert told("memory", "list", "--json").json == []
    waiting = told("memory", "list", "--status", "pending", "--json").json
    assert {one["text"] for one in waiting} == {"Lisbon", "likes Rust"}


def test_a_mistake_is_two_lines_with_the_number_of_its_line(told: Shell, tmp_path: Path) -> None:
    """Exit 1, and nothing has changed."""
    before = told("export").out
    lines = before.splitlines()
    lines[3] = lines[3].replace('"role":"assistant"', '"role":"root"')
    file = tmp_path / "bad.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    refused = told("import", str(file))
    assert refused.code == 1
    assert refused.out == ""
    assert len(refused.errors) == 2
    assert refused.errors[0].startswith("error: Line 4: ")
    assert told("import", str(file), "--json").err.count('"message": "Line 4: ') == 1
    assert told("export").out == before


def test_a_file_that_is_none_is_told(shell: Shell, tmp_path: Path) -> None:
    """Missing: exit 6; a folder or a device: exit 2; nobody piped anything: exit 2."""
    assert shell("import", str(tmp_path / "nowhere")).code == 6
    assert shell("import", str(tmp_path)).code == 2
    assert shell("import", os.devnull).code == 2
    assert shell("import", "-").code == 2


def test_standard_input_can_be_the_file(told: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`ssh other memchat export | memchat import -`."""
    file = tmp_path / "all.jsonl"
    told("export", str(file))
    monkeypatch.setenv("MEMCHAT_HOME", str(tmp_path / "other"))
    with file.open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert told("import", "-").code == 0
    assert len(told("memory", "list", "--json").json) == 2


def test_a_large_file_shows_how_far_it_is(told: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On standard error, where nobody asked for silence."""
    from memchat.cli import export_commands, import_command

    monkeypatch.setattr(import_command, "_MANY", 0)
    monkeypatch.setattr(export_commands, "_MANY", 0)
    monkeypatch.setattr("memchat.actions.importing._STEP", 2)
    file = tmp_path / "all.jsonl"
    assert "Exporting: 6 of 6" in told("export", str(file)).err
    assert "Importing, bytes: " in told("import", str(file)).err
    assert told("import", str(file), "--json").err == ""


# backup and restore


def test_a_backup_and_back(told: Shell, tmp_path: Path) -> None:
    """Private, checked; restored it is as it was, and the other database lies beside it."""
    file = tmp_path / "backup.db"
    done = told("backup", str(file))
    assert done.code == 0
    assert "every page checked" in " ".join(done.out.split())
    assert private(file)
    assert told("backup", str(file)).code == 7
    assert told("backup", str(file), "--force", "--json").json == {
        "file": str(file),
        "bytes": file.stat().st_size,
        "checked": True,
    }
    told("memory", "add", "came later")
    done = told("restore", str(file))
    assert done.code == 0
    text = " ".join(done.out.split())
    assert "1 conversation and 3 memories" in text
    assert "memchat.db.replaced-" in text
    assert [one["text"] for one in told("memory", "list", "--json").json] == ["likes Rust", "Lisbon"]
    receipt = told("restore", str(file), "--json").json
    assert receipt["replaced"].startswith(str(told.paths.db))
    assert (receipt["memories"], receipt["kept_out"], receipt["migrated_from"]) == (3, 0, None)


def test_there_must_be_something_to_back_up(shell: Shell, tmp_path: Path) -> None:
    """Exit 6; no database is made for it, and no backup."""
    assert shell("backup", str(tmp_path / "backup.db")).code == 6
    assert not shell.paths.db.exists()
    assert not (tmp_path / "backup.db").exists()


def test_what_is_no_backup_is_refused(told: Shell, tmp_path: Path) -> None:
    """A text, and a file that is not there."""
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    before = told.paths.db.read_bytes()
    assert told("restore", str(tmp_path / "notes.txt")).code == 5
    assert told("restore", str(tmp_path / "nowhere")).code == 6
    assert told.paths.db.read_bytes() == before


def test_every_line_of_the_receipts_can_be_said() -> None:
    """What seldom happens, too."""
    from memchat.cli import carry_view
    from memchat.cli.terminal import Screen

    screen = Screen({}, stdout=io.StringIO(), stderr=io.StringIO())
    done = Taken(False, {"memory": 1}, left={"tombstone": 2}, blocked=2, waiting=1, masked=1, renumbered=3)
    text = " ".join(" ".join(carry_view.imported(screen, done)).split())
    for words in (
        "3 with another id",
        "2 tombstones, with what was typed",
        "2 memories that you erased",
        "1 secret",
        "1 memory waits",
    ):
        assert words in text, words
    back = Restored("", 0, 0, blocked=1, redacted=2, back=1, migrated=2)
    text = " ".join(" ".join(carry_view.restored(screen, back, Path("b.db"))).split())
    for words in (
        "an empty memory",
        "from database version 2",
        "1 memory that you erased",
        "2 places",
        "1 conversation is here again",
    ):
        assert words in text, words
    lost = carry_view.restored(screen, Restored("x", 1, 2, blocked=None, redacted=1, back=2), Path("b.db"))
    assert "cannot be read" in " ".join(lost)


# privacy.keep_days


def test_old_words_go_at_the_next_use_and_doctor_says_so(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before that doctor says nothing of it; what is younger stays, and what only looks erases nothing."""
    store = shell.store()
    now = _now()
    add_turn(store, "the walnut question", at=now - timedelta(days=40))
    add_turn(store, "the cashew question", at=now - timedelta(days=2))
    store.close()
    assert "Kept" not in shell("doctor").out
    assert shell("doctor", "--json").json["retired"] is None
    monkeypatch.setenv("MEMCHAT_PRIVACY__KEEP_DAYS", "30")
    shell("context", "hello")
    assert len(shell("sessions", "--json").json) == 2
    assert shell("ask", "hello", "--no-wait").code == 0
    left = shell("sessions", "list", "--all", "--json").json
    assert [one["title"] for one in left if "walnut" in one["title"]] == []
    text = " ".join(shell("doctor").out.split())
    assert "words for 30 days (privacy.keep_days)" in text
    assert "2 messages, 1 conversation as a whole; memories stayed" in text
    retired = shell("doctor", "--json").json["retired"]
    assert (retired["conversations"], retired["messages"]) == (1, 2)


def test_much_is_erased_beside_the_talk(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for it at the prompt; a process that ends waits until it is done."""
    import threading

    from memchat.bootstrap import keeping

    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    monkeypatch.setattr(keeping, "_LATER", 0.0)
    monkeypatch.setenv("MEMCHAT_PRIVACY__KEEP_DAYS", "30")
    store = shell.store()
    add_turn(store, "the walnut question", at=_now() - timedelta(days=40))
    store.close()
    shell("ask", "hello", "--no-wait")
    for thread in [each for each in threading.enumerate() if each.name == "memchat-keeping"]:
        thread.join(20)
    with open_store(shell.paths.db).records.reading():
        pass
    assert all("walnut" not in one["title"] for one in shell("sessions", "list", "--all", "--json").json)


def test_a_chat_that_keeps_nothing_erases_nothing(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """It opens no database at all."""
    monkeypatch.setenv("MEMCHAT_PRIVACY__KEEP_DAYS", "30")
    store = shell.store()
    add_turn(store, "the walnut question", at=_now() - timedelta(days=40))
    store.close()
    assert shell("ask", "hello", "--incognito").code == 0
    assert len(shell("sessions", "--json").json) == 1


def _now() -> datetime:
    """The moment that memchat's own clock tells."""
    from memchat.bootstrap.request import SystemClock

    return SystemClock().now()


def test_the_format_is_documented() -> None:
    """Each kind of line is named where the format is told."""
    from memchat.actions import exporting
    from memchat.store.record_forms import BY_KIND

    assert all(f"`{kind}`" in (exporting.__doc__ or "") for kind in BY_KIND)
    with_all = full()
    assert exported(with_all)
    with_all.close()

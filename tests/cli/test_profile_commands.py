"""memchat profile, as a person and a script use it: a real database, real editors, exit codes."""

import os
import re
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pexpect
import pytest
from memchat.cli.terminal import width
from memchat.domain import NewMemory, Origin, Source

from tests.builders import add_turn
from tests.cli.shell import Shell, script, unprivileged

FIELDS = [
    "display_name",
    "preferred_language",
    "reply_style",
    "occupation",
    "location",
    "timezone",
    "plan",
    "goals",
    "work_context",
]
UTC_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """memchat in this test's home."""
    return Shell(capsys)


def test_an_empty_profile_shows_how_to_begin(shell: Shell) -> None:
    """Exit 0 and two lines; in JSON every configured field, null or []."""
    done = shell("profile", "show")
    assert done.code == 0
    assert "Nothing yet." in done.out
    document = shell("profile", "show", "--json").json
    assert list(document) == FIELDS
    assert document == dict.fromkeys(FIELDS) | {"goals": []}


def test_what_is_set_is_shown(shell: Shell) -> None:
    """Set, then show: the value, who said it, what it costs, in text and as JSON."""
    assert shell("profile", "set", "location", "New", "York").out == "  + m1  location: New York\n"
    shell("profile", "set", "display_name", "林美華")
    shown = shell("profile")
    assert re.search(r"display_name +林美華 +set by hand, \d+ \w+", shown.out)
    assert re.search(r"2 of 9 known, [1-9]\d* tokens in every chat\.", shown.out)
    value = shell("profile", "show", "--json").json["location"]
    assert (value["value"], value["id"]) == ("New York", "m1")
    assert UTC_DATE.fullmatch(value["valid_from"])
    assert value["source"] == {"origin": "hand", "session": None, "turn": None, "quote": "", "model": ""}


def test_get_prints_the_bare_value(shell: Shell) -> None:
    """For scripts: nothing but the value; goals one a line; what is not known is exit 6."""
    shell("profile", "set", "location", "台北")
    shell("profile", "set", "goals", "write", "read more")
    assert shell("profile", "get", "location").out == "台北\n"
    assert shell("profile", "get", "goals").out == "write\nread more\n"
    assert [goal["value"] for goal in shell("profile", "get", "goals", "--json").json] == ["write", "read more"]
    assert shell("profile", "get", "Location", "--json").json["value"] == "台北"
    missing = shell("profile", "get", "plan")
    assert (missing.code, missing.out, len(missing.errors)) == (6, "", 2)


def test_a_list_that_is_empty_is_no_error(shell: Shell) -> None:
    """No goals: an empty array, or no line; exit 0."""
    assert shell("profile", "get", "goals", "--json").json == []
    done = shell("profile", "get", "goals")
    assert (done.code, done.out) == (0, "")


def test_changes_are_told_and_scripted(shell: Shell) -> None:
    """Replacing tells the old value; JSON has what was learned and what ended."""
    shell("profile", "set", "location", "Tainan")
    done = shell("profile", "set", "location", "Taipei")
    assert "+ m2  location: Taipei" in done.out
    assert "m1  location: Tainan: until today" in done.out
    assert "confirmed" in shell("profile", "set", "location", "Taipei").out
    document = shell("profile", "set", "goals", "a", "b", "--json").json
    assert [memory["text"] for memory in document["learned"]] == ["a", "b"]
    document = shell("profile", "set", "goals", "b", "--json").json
    assert [memory["text"] for memory in document["ended"]] == ["a"]


def test_add_and_unset(shell: Shell) -> None:
    """Goals are added up to three; unset ends a value and its history stays."""
    for goal in ("one", "two", "three"):
        assert shell("profile", "add", "goals", goal).code == 0
    fourth = shell("profile", "add", "goals", "four")
    assert fourth.code == 2
    assert "m1 'one', m2 'two', m3 'three'" in fourth.err
    assert len(fourth.errors) == 2
    ended = shell("profile", "unset", "goals")
    assert "- m1  goals: one: until today" in ended.out
    assert shell("profile", "unset", "goals").code == 6
    history = shell("profile", "history", "goals")
    assert all(goal in history.out for goal in ("one", "two", "three"))
    assert len(shell("profile", "history", "--json").json) == 3


def test_an_empty_history_says_so(shell: Shell) -> None:
    """Exit 0; as JSON an empty array."""
    assert "No history yet" in shell("profile", "history").out
    assert shell("profile", "history", "--json").json == []


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (("set", "locaton", "x"), 6, "Nearest: location."),
        (("get", "shoe"), 6, "display_name"),
        (("set", "location", ""), 2, "memchat profile unset location"),
        (("set", "location", "y" * 501), 2, "500 characters"),
        (("set", "goals", "a", "b", "c", "d"), 2, "at most 3"),
        (("show", "--as-of", "soon"), 2, "2026-11-12"),
        (("history", "nothing"), 6, "no profile field"),
        (("set", "location"), 2, "--help"),
    ],
)
def test_wrong_input_is_two_lines_and_an_exit_code(shell: Shell, argv: tuple[str, ...], code: int, words: str) -> None:
    """What happened, what to do; standard output stays empty; --json says the same as JSON."""
    done = shell("profile", *argv)
    assert (done.code, done.out, len(done.errors)) == (code, "", 2)
    assert words in done.err
    scripted = shell("profile", *argv, "--json")
    assert (scripted.code, scripted.out) == (code, "")
    assert f'"exit": {code}' in scripted.err


def test_an_earlier_day_is_shown_as_it_was(shell: Shell) -> None:
    """`--as-of` counts the whole day, and shows nothing for days before."""
    store = shell.store()
    then = datetime.now(UTC).astimezone() - timedelta(days=10)
    store.memories.add(NewMemory("Berlin", Source(Origin.HAND, then), field="location"), then)
    store.close()
    shell("profile", "set", "location", "Lisbon")
    day = then.date().isoformat()
    before = (then - timedelta(days=1)).date().isoformat()
    assert shell("profile", "show", "--as-of", day, "--json").json["location"]["value"] == "Berlin"
    assert shell("profile", "show", "--as-of", before, "--json").json["location"] is None
    text = shell("profile", "show", "--as-of", day).out
    assert "Berlin" in text
    assert "1 of 9 known then." in text
    assert "tokens" not in text
    assert "Nothing was known then." in shell("profile", "show", "--as-of", before).out
    assert re.search(r"before: Berlin, until \d+ \w+", shell("profile", "show").out)


def test_a_secret_is_masked_and_told(shell: Shell) -> None:
    """The key is not kept; one line on standard error says so."""
    key = "sk-proj-" + "a1B2c3D4" * 6
    done = shell("profile", "set", "plan", key)
    assert key not in done.out
    assert "secret" in done.err
    assert key not in shell("profile", "show", "--json").out
    assert shell("profile", "set", "plan", "Pro").err == ""


def test_masking_can_be_switched_off(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """`privacy.mask_secrets = false` is obeyed by hand-set values too."""
    key = "sk-proj-" + "a1B2c3D4" * 6
    monkeypatch.setenv("MEMCHAT_PRIVACY__MASK_SECRETS", "false")
    shell("profile", "set", "plan", key)
    assert shell("profile", "get", "plan").out == f"{key}\n"


def test_a_read_only_database_is_shown_and_not_changed(shell: Shell) -> None:
    """Reading goes on; writing is exit 5 in two lines."""
    shell("profile", "set", "location", "Taipei")
    before = [*unprivileged(), sys.executable, "-m", "memchat", "profile"]
    shell.paths.db.chmod(0o400)
    shell.paths.db.parent.chmod(0o500)
    try:
        read = subprocess.run([*before, "get", "location"], capture_output=True, text=True, check=False)
        write = subprocess.run([*before, "set", "location", "Porto"], capture_output=True, text=True, check=False)
    finally:
        shell.paths.db.parent.chmod(0o700)
        shell.paths.db.chmod(0o600)
    assert (read.returncode, read.stdout) == (0, "Taipei\n")
    assert (write.returncode, write.stdout, len(write.stderr.splitlines())) == (5, "", 2)
    assert shell("profile", "get", "location").out == "Taipei\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")
def test_a_terminal_of_20_columns_shows_all_of_it(shell: Shell) -> None:
    """Every line fits, every word is there."""
    shell("profile", "set", "work_context", "每天早上寫作兩個小時，下午修改")
    shell("memory", "add", "prefers code examples in Go")
    note, value = "preferscodeexamplesinGo", "每天早上寫作兩個小時，下午修改"
    for argv, said in (
        (["profile", "show"], value),
        (["memory", "list"], note),
        (["memory", "show", "m2"], note),
        (["forget", "m1", "--dry-run"], value),
    ):
        # Without its own environment the child would get the COLUMNS that readline sets behind Python's back.
        child = pexpect.spawn(
            sys.executable,
            ["-m", "memchat", *argv],
            encoding="utf-8",
            timeout=60,
            dimensions=(24, 20),
            env={**os.environ, "NO_COLOR": "1"},
        )
        child.expect(pexpect.EOF)
        lines = [line for line in child.before.splitlines() if "--dry-run" not in line]
        assert [line for line in lines if width(line) > 20] == []
        assert said in "".join(lines).replace(" ", "")


# The editor


@pytest.fixture
def seeded(shell: Shell) -> Shell:
    """A profile with a place and two goals."""
    shell("profile", "set", "location", "Berlin")
    shell("profile", "set", "goals", "write", "read")
    return shell


def test_what_the_editor_changed_is_saved(seeded: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One value changed, one goal dropped; the draft is gone afterwards, with the copy that the editor left."""
    body = """
text = path.read_text("utf-8")
assert "set by hand" in text
path.with_name("profile.toml~").write_text(text)
path.write_text("\\ufeff" + text.replace("Berlin", "Lisbon").replace('"write",', ""), "utf-8")
"""
    monkeypatch.setenv("EDITOR", script(tmp_path, body))
    done = seeded("profile", "edit")
    assert (done.code, done.err) == (0, "")
    assert "location: Lisbon" in done.out
    assert "goals: write: until today" in done.out
    assert seeded("profile", "get", "location").out == "Lisbon\n"
    assert list((seeded.paths.state / "drafts").iterdir()) == []


def test_closing_the_editor_without_a_change_changes_nothing(
    seeded: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is confirmed either; VISUAL goes before EDITOR."""
    monkeypatch.setenv("VISUAL", script(tmp_path, ""))
    monkeypatch.setenv("EDITOR", "false")
    before = seeded("profile", "history", "--json").json
    assert "Nothing changed." in seeded("profile", "edit").out
    assert seeded("profile", "edit", "--json").json == {"learned": [], "ended": []}
    assert seeded("profile", "history", "--json").json == before


def test_the_draft_is_readable_only_by_its_owner(
    seeded: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0600 in folders of 0700 while the editor is open."""
    modes = tmp_path / "modes"
    body = f"""
import stat
modes = [oct(stat.S_IMODE(p.stat().st_mode)) for p in (path, path.parent, path.parent.parent)]
pathlib.Path({str(modes)!r}).write_text(" ".join(modes))
"""
    monkeypatch.setenv("EDITOR", script(tmp_path, body))
    seeded("profile", "edit")
    assert modes.read_text() == "0o600 0o700 0o700"


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ('location = "Lis', 2, "no TOML"),
        ('locaton = "Lisbon"', 6, "Nearest: location."),
        ('plan = "Pro"\\ngoals = ["a", "b", "c", "d"]', 2, "at most 3"),
        ("location = 3", 2, "text in quotes"),
    ],
)
def test_a_wrong_draft_is_kept(
    seeded: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, code: int, words: str
) -> None:
    """Two lines tell what is wrong and where the draft is; nothing was changed."""
    monkeypatch.setenv("EDITOR", script(tmp_path, f"path.write_text('{text}'); path.chmod(0o644)"))
    done = seeded("profile", "edit")
    assert (done.code, done.out, len(done.errors)) == (code, "", 2)
    assert words in done.err
    (kept,) = seeded.drafts()
    assert str(kept) in done.err
    assert kept.read_text() == text.replace("\\n", "\n")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert seeded("profile", "get", "location").out == "Berlin\n"


def test_an_editor_that_fails_changes_nothing(seeded: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 1, two lines; what had been written into the draft is kept, an untouched draft is not."""
    monkeypatch.setenv("EDITOR", script(tmp_path, "sys.exit(3)"))
    done = seeded("profile", "edit")
    assert (done.code, len(done.errors)) == (1, 2)
    assert "failed with 3" in done.err
    assert seeded.drafts() == []
    monkeypatch.setenv("EDITOR", script(tmp_path, "path.write_text('location = \"Rome\"'); sys.exit(3)"))
    done = seeded("profile", "edit")
    assert (done.code, len(done.errors)) == (1, 2)
    assert str(seeded.drafts()[0]) in done.err
    assert seeded("profile", "get", "location").out == "Berlin\n"


def test_an_editor_that_leaves_no_text_changes_nothing(
    seeded: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A draft that is gone, or no UTF-8, is exit 1 in two lines."""
    for body in ("path.unlink()", "path.write_bytes(b'\\xff\\xfe')"):
        monkeypatch.setenv("EDITOR", script(tmp_path, body))
        done = seeded("profile", "edit")
        assert (done.code, len(done.errors)) == (1, 2)
    assert seeded("profile", "get", "location").out == "Berlin\n"


@pytest.mark.parametrize("editor", ["no-such-editor-anywhere", "'unclosed"])
def test_an_editor_that_is_not_there_changes_nothing(
    seeded: Shell, monkeypatch: pytest.MonkeyPatch, editor: str
) -> None:
    """The hint says which variables choose one."""
    monkeypatch.setenv("EDITOR", editor)
    done = seeded("profile", "edit")
    assert (done.code, len(done.errors)) == (1, 2)
    assert "EDITOR" in done.err
    assert seeded.drafts() == []


def test_the_draft_survives_a_database_that_cannot_be_written(
    seeded: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else holds the database: the error keeps its exit code, and the draft its words."""
    holder = f"""
import sys, time
sys.path.insert(0, {str(Path.cwd())!r})
from memchat.store.connection import open_store
store = open_store(pathlib.Path({str(seeded.paths.db)!r}))
guard = store.transaction()
guard.__enter__()
print("held", flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", "import pathlib\n" + holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        monkeypatch.setenv("EDITOR", script(tmp_path, "path.write_text('location = \"Rome\"')"))
        done = seeded("profile", "edit")
        process.terminate()
    assert (done.code, len(done.errors)) == (5, 2)
    assert seeded.drafts()[0].read_text() == 'location = "Rome"'


def test_with_json_the_editor_cannot_write_into_the_document(
    seeded: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an editor prints goes to standard error; standard output holds one document."""
    monkeypatch.setenv("EDITOR", script(tmp_path, "print('drawing'); path.write_text('location = \"Rome\"')"))
    argv = [sys.executable, "-m", "memchat", "profile", "edit", "--json"]
    done = subprocess.run(argv, capture_output=True, check=True, stdin=subprocess.DEVNULL)
    assert b"drawing" not in done.stdout
    assert done.stdout.startswith(b"{")
    assert b"drawing" in done.stderr


def test_a_move_is_told_with_its_days_and_both_quotes(shell: Shell) -> None:
    """Lisbon now, Berlin on the day before; the history holds both, with the words they rest on."""
    now = datetime.now(UTC).astimezone()
    store = shell.store()
    for days, text, said, quote in (
        (9, "Berlin", "I live in Berlin.", "I live in Berlin"),
        (3, "Lisbon", "Last week we moved to Lisbon.", "we moved to Lisbon"),
    ):
        at = now - timedelta(days=days)
        turn = add_turn(store, said, at=at)
        source = Source(Origin.TYPED, at, quote, turn.session_id, 1, turn.user.id)
        store.memories.add(NewMemory(text, source, field="location", valid_from=at), at)
    store.memories.supersede(1, 2, now - timedelta(days=3))
    store.close()
    assert shell("profile", "get", "location").out == "Lisbon\n"
    day = (now - timedelta(days=4)).date().isoformat()
    assert shell("profile", "show", "--as-of", day, "--json").json["location"]["value"] == "Berlin"
    history = shell("profile", "history", "location").out
    assert re.search(r'm1  Berlin\n +from .+ to .+; you said, .+, s1\.1: "I live in Berlin"\n', history)
    assert re.search(r'm2  Lisbon\n +from .+ until now; you said, .+, s2\.1: "we moved to Lisbon"\n', history)

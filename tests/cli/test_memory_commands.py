"""memchat memory and memchat forget, with a real database and, where yes is asked for, a real terminal."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pexpect
import pytest
from memchat.domain import NewMemory, Origin, SessionKind, Source, Usage
from memchat.llm.scripted import ScriptedModel

from tests.builders import add_turn
from tests.cli.shell import Shell, script
from tests.e2e.running import memchat, with_server
from tests.servers.openai_server import Server

KEYS = [
    "id",
    "uid",
    "kind",
    "field",
    "text",
    "status",
    "importance",
    "pinned",
    "created_at",
    "valid_from",
    "valid_to",
    "last_confirmed_at",
    "superseded_by",
    "sources",
]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """memchat in this test's home."""
    return Shell(capsys)


def tell(shell: Shell, text: str, quote: str, *, field: str = "", words: str = "") -> int:
    """A turn that taught a memory, as the chat would have saved it; returns the memory's id."""
    store = shell.store()
    at = datetime.now(UTC).astimezone() - timedelta(minutes=5)
    turn = add_turn(store, text, at=at)
    part, start = turn.user.parts[0], text.index(quote)
    source = Source(
        Origin.TYPED,
        at,
        quote,
        session_id=turn.session_id,
        turn=turn.number,
        message_id=turn.user.id,
        part_id=part.id,
        span=(start, start + len(quote)),
        model="notebook",
    )
    memory = store.memories.add(NewMemory(words or quote, source, field=field), at)
    store.close()
    return memory.id


def test_no_memories_is_one_line_or_an_empty_array(shell: Shell) -> None:
    """Exit 0 in both."""
    done = shell("memory", "list")
    assert (done.code, done.out.split()) == (0, ["No", "memories", "yet."])
    assert shell("memory", "list", "--json").json == []
    assert shell("memories").code == 0


def test_a_note_is_added_listed_and_shown(shell: Shell) -> None:
    """In the person's own words, Chinese as it is; a memory has every promised key, dates in UTC."""
    assert shell("memory", "add", "對花生過敏").out == "  + m1  對花生過敏\n"
    assert "m1    對花生過敏" in shell("memory").out
    assert "Set by hand" in shell("memory", "show", "m1").out
    (memory,) = shell("memory", "list", "--json").json
    assert list(memory) == KEYS
    assert memory == shell("memory", "show", "1", "--json").json
    assert (memory["id"], memory["kind"], memory["field"], memory["status"]) == ("m1", "note", None, "active")
    assert memory["created_at"].endswith("Z")
    assert memory["valid_to"] is None


def test_a_memory_from_a_conversation_tells_its_words(shell: Shell) -> None:
    """Session, turn, quote and model, in the list, on its page and as JSON."""
    tell(shell, "Hello! I live in Taipei.", "I live in Taipei", field="location", words="Taipei")
    assert "s1.1" in shell("memory", "list").out
    shown = shell("memory", "show", "location").out
    assert '"I live in Taipei"' in shown
    assert "You said" in shown
    assert shell("memory", "show", "location", "--json").json["sources"] == [
        {"origin": "typed", "session": "s1", "turn": "s1.1", "quote": "I live in Taipei", "model": "notebook"}
    ]


def test_lists_are_filtered(shell: Shell) -> None:
    """By kind, status, day, and in another order; what is elsewhere is counted below."""
    shell("memory", "add", "one")
    shell("memory", "edit", "m1", "uno")
    shell("profile", "set", "location", "Taipei")

    def ids(*argv: str) -> list[str]:
        return [memory["id"] for memory in shell("memory", "list", *argv, "--json").json]

    assert ids() == ["m3", "m2"]
    assert ids("--kind", "note") == ["m2"]
    assert ids("--status", "superseded") == ["m1"]
    assert ids("--status", "all", "--sort", "oldest") == ["m1", "m2", "m3"]
    assert ids("--since", "today") == ["m3", "m2"]
    assert ids("--since", "2999-01-01") == []
    text = shell("memory", "list", "--status", "pending").out
    assert "None of these." in text
    assert "2 active. 1 replaced: --status superseded." in text


def test_an_edit_replaces_and_keeps_the_old(shell: Shell) -> None:
    """By id or field; the old version is a status away; the same words only confirm."""
    shell("memory", "add", "code", "in", "Python")
    done = shell("memory", "edit", "1", "code in Go")
    assert "+ m2  code in Go" in done.out
    assert "m1  code in Python: until today" in done.out
    assert "confirmed" in shell("memory", "edit", "m2", "code in Go").out
    assert shell("memory", "edit", "m1", "code in C", "--json").code == 2
    assert '"code in Python"' in shell("memory", "show", "m2").out


def test_an_edit_without_text_opens_the_editor(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory's words are in it; no change is no change; what cannot be kept stays in the draft."""
    shell("memory", "add", "code in Python")
    monkeypatch.setenv("EDITOR", script(tmp_path, "path.write_text(path.read_text().replace('Python', 'Go'))"))
    assert "+ m2  code in Go" in shell("memory", "edit", "m1").out
    assert "Nothing changed." in shell("memory", "edit", "m2").out
    assert shell.drafts() == []
    monkeypatch.setenv("EDITOR", script(tmp_path, "path.write_text('x' * 2001)"))
    done = shell("memory", "edit", "m2")
    assert (done.code, len(done.errors)) == (2, 2)
    assert str(shell.drafts()[0]) in done.err
    assert shell("memory", "show", "m2", "--json").json["text"] == "code in Go"


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (("show", "m99"), 6, "m99"),
        (("show", "m" + "9" * 40), 6, "no memory"),
        (("show", "s1"), 6, "m12"),
        (("show", "location"), 6, "not known"),
        (("edit", "m99", "x"), 6, "m99"),
        (("add", " "), 2, "empty"),
        (("add", "x" * 2001), 2, "2,000 characters"),
        (("list", "--kind", "notes"), 2, "profile, note"),
        (("list", "--status", "lost"), 2, "quarantined"),
        (("list", "--sort", "size"), 2, "importance"),
        (("list", "--since", "soon"), 2, "2026-11-12"),
        (("show",), 2, "--help"),
        (("pinn", "m1"), 2, "memchat memory"),
    ],
)
def test_wrong_input_is_two_lines_and_an_exit_code(shell: Shell, argv: tuple[str, ...], code: int, words: str) -> None:
    """What happened and what to do; standard output stays empty."""
    done = shell("memory", *argv)
    assert (done.code, done.out, len(done.errors)) == (code, "", 2)
    assert words in done.err


def test_a_secret_in_a_note_is_masked_and_told(shell: Shell) -> None:
    """It is not kept anywhere in the database's files."""
    key = "sk-proj-" + "a1B2c3D4" * 6
    assert "secret" in shell("memory", "add", f"my key is {key}").err
    assert not any(key.encode() in file.read_bytes() for file in shell.paths.db.parent.iterdir() if file.is_file())


# Forgetting


def test_forgetting_erases_the_memory_and_its_words(shell: Shell) -> None:
    """Rows, quote and index: the words are in no list, no transcript; the receipt says what it cannot reach."""
    tell(shell, "I am allergic to peanuts. Write me a poem.", "I am allergic to peanuts")
    done = shell("forget", "m1", "--yes")
    assert done.code == 0
    for words in ("There is no undo", "Erased    1 memory: m1;", "1 place", "scrollback"):
        assert words in done.out
    assert shell("memory", "list", "--status", "all", "--json").json == []
    talk = shell("sessions", "show", "s1").out
    assert "peanuts" not in talk
    assert "[erased]. Write me a poem." in talk


def test_without_yes_nothing_is_erased(shell: Shell) -> None:
    """No terminal and no --yes: exit 7; the plan was shown. With --json standard output stays empty."""
    shell("memory", "add", "kept")
    done = shell("forget", "m1")
    assert (done.code, len(done.errors)) == (7, 2)
    assert "To be erased" in done.out
    scripted = shell("forget", "m1", "--json")
    assert (scripted.code, scripted.out) == (7, "")
    assert len(shell("memory", "list", "--json").json) == 1


def test_a_dry_run_shows_and_keeps(shell: Shell) -> None:
    """Exit 0, nothing erased, not even with --yes."""
    tell(shell, "I like tea.", "I like tea")
    assert "Nothing was erased" in shell("forget", "m1", "--dry-run", "--yes").err
    document = shell("forget", "m1", "--dry-run", "--json").json
    assert document["erased"] is False
    assert [memory["id"] for memory in document["memories"]] == ["m1"]
    assert document["places"] == ["s1.1"]
    assert document["sent_to"] == []
    assert len(shell("memory", "list", "--json").json) == 1


def test_the_receipt_is_a_document_too(shell: Shell) -> None:
    """Ids, places, hosts, and what is not reached."""
    shell("profile", "set", "location", "Tainan")
    shell("profile", "set", "location", "Taipei")
    document = shell("forget", "location", "--yes", "--json").json
    assert document["erased"] is True
    assert document["memories"] == ["m1", "m2"]
    assert document["places"] == 0
    assert any("scrollback" in line for line in document["not_reached"])
    assert shell("profile", "history", "location", "--json").json == []


def test_hosts_are_named_in_plan_and_receipt(shell: Shell) -> None:
    """A conversation with a provider may have carried the memory there."""
    tell(shell, "I like tea.", "I like tea")
    store = shell.store()
    store.transcripts.set_model(1, "openai/gpt-4o-mini", "api.openai.com")
    store.close()
    (sent,) = shell("forget", "m1", "--dry-run", "--json").json["sent_to"]
    assert sent["host"] == "api.openai.com"
    assert "api.openai.com may have been sent it" in shell("forget", "m1", "--yes").out


def test_kept_drafts_are_told_of(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft of the profile holds its values: the receipt says where it lies."""
    shell("profile", "set", "location", "Taipei")
    monkeypatch.setenv("EDITOR", script(tmp_path, "path.write_text('location = ')"))
    shell("profile", "edit")
    assert str(shell.paths.state / "drafts") in shell("forget", "location", "--yes").out


@pytest.mark.parametrize(
    ("refs", "code", "words"),
    [
        ((), 2, "memchat forget m12"),
        (("m99",), 6, "m99"),
        (("m1", "m99"), 6, "m99"),
        (("location",), 6, "0 memories"),
        (("12",), 2, "m12, not 12"),
        (("s1",), 6, "s1"),
        (("John",), 6, "0 traces"),
    ],
)
def test_what_cannot_be_forgotten_is_told(shell: Shell, refs: tuple[str, ...], code: int, words: str) -> None:
    """And nothing at all is erased, whatever else was named."""
    shell("memory", "add", "kept")
    done = shell("forget", *refs, "--yes")
    assert (done.code, done.out, len(done.errors)) == (code, "", 2)
    assert words in done.err
    assert len(shell("memory", "list", "--json").json) == 1


def test_other_words_for_forget_do_the_same(shell: Shell) -> None:
    """`memory rm m1` is `forget m1`; full-width letters are read."""
    shell("memory", "add", "one")
    shell("memory", "add", "two")
    assert shell("memory", "rm", "m1", "--yes").code == 0
    assert shell("forget", "ｍ２", "--yes").code == 0
    assert shell("memory", "list", "--json").json == []


def asked(answer: str) -> tuple[int, str]:
    """`memchat forget m1` in a terminal, with that answer; its exit code and screen."""
    child = pexpect.spawn(sys.executable, ["-m", "memchat", "forget", "m1"], encoding="utf-8", timeout=60)
    child.expect("Enter to leave all as it is: ")
    child.send(answer)
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")
@pytest.mark.parametrize(
    ("answer", "code"), [("\r", 7), ("y\r", 7), ("no\r", 7), ("\x04", 7), ("ＹＥＳ\r", 0), ("是\r", 0)]
)
def test_in_a_terminal_only_the_word_yes_erases(shell: Shell, answer: str, code: int) -> None:
    """Enter, a slipped `y`, Ctrl-D and `no` leave all as it is; yes in any width, and 是, erase."""
    shell("memory", "add", "peanuts")
    status, screen = asked(answer)
    assert status == code
    assert ("Erased" in screen) == (code == 0)
    assert len(shell("memory", "list", "--json").json) == (1 if code else 0)


@pytest.fixture
def minded(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A chat of two turns and two one-shots, with memory on and the notebook answering."""
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    store = shell.store()
    at = datetime.now(UTC).astimezone() - timedelta(hours=1)
    turn = add_turn(store, "I live in Taipei. What about the rate limit?", "100 a minute.", at=at)
    add_turn(store, "我對花生過敏。", "好。", session_id=turn.session_id, at=at)
    store.transcripts.rename(turn.session_id, "Moving")
    for number in (1, 2):
        add_turn(store, f"I work as a pilot. {number}+1?", "2", kind=SessionKind.ONESHOT, at=at)
    store.close()
    return shell


def test_learning_says_what_it_costs_and_a_dry_run_stops_there(minded: Shell) -> None:
    """What, by whom, how often; nothing is sent or changed, and it says so."""
    done = minded("memory", "learn", "--dry-run")
    assert done.code == 0
    assert "By notebook, on this computer; nothing is sent:" in done.out
    assert '  s1    "Moving", turns 1-2 ' in done.out
    assert "  ask   2 one-shots " in done.out
    assert done.err == "  Nothing was sent: --dry-run.\n"
    assert minded("memory", "--json").json == []
    assert minded("doctor", "--json").json["jobs"] == []
    document = minded("memory", "learn", "--dry-run", "--json").json
    assert (document["dry_run"], document["done"]) == (True, [])
    assert set(document["planned"][0]) == {
        *("kind", "session", "turns", "model", "host", "requests", "tokens", "cost", "error")
    }
    by_session = {one["session"]: one for one in document["planned"]}
    assert by_session["s1"]["turns"] == ["s1.1", "s1.2"]
    assert by_session[None]["turns"] == ["s2.1", "s3.1"]


def test_learning_sums_up_and_tells_what_was_learned(minded: Shell) -> None:
    """A line for each conversation, the facts, how to mend them; then there is nothing new, and nothing to tell."""
    done = minded("memory", "learn")
    assert done.code == 0
    assert '  s1    "Moving", turns 1-2: done, 2 learned' in done.out
    assert "  ask   2 one-shots: done, 1 learned, 1 confirmed" in done.out
    assert "location: Taipei" in done.out
    assert "對花生過敏" in done.out
    assert "memchat memory edit m" in done.out
    assert "/undo" not in done.out
    assert done.out.count("occupation: pilot") == 1
    assert minded("sessions", "show", "s1", "--json").json["session"]["summary"]
    store = minded.store()
    assert store.memories.untold() == []
    store.close()
    again = minded("memory", "learn")
    assert (again.code, again.out) == (0, "\n  Nothing new: all conversations are summed up.\n")
    assert minded("memory", "learn", "--json").json == {"dry_run": False, "planned": [], "done": []}


def test_learning_from_one_conversation_leaves_the_others(minded: Shell) -> None:
    """--session names it; the document holds what was learned, whole."""
    (done,) = minded("memory", "learn", "--session", "1", "--json").json["done"]
    assert (done["session"], done["fate"], done["error"]) == ("s1", "done", None)
    assert {memory["text"] for memory in done["learned"]} == {"Taipei", "對花生過敏"}
    assert [one["session"] for one in minded("memory", "learn", "--dry-run", "--json").json["planned"]] == [None]


def test_learning_is_refused_where_nothing_may_be_learned(minded: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """--no-learn, one-shots, unknown ones, memory off, a database that is not there."""
    store = minded.store()
    at = datetime.now(UTC).astimezone()
    quiet = store.transcripts.create_session(SessionKind.CHAT, at=at, model="notebook", host="", learn=False)
    store.close()

    def ends(code: int, *argv: str) -> None:
        done = minded("memory", "learn", *argv)
        assert (done.code, done.out, len(done.errors)) == (code, "", 2)

    ends(7, "--session", quiet.ref)
    ends(2, "--session", "s2")
    ends(6, "--session", "s99")
    ends(5, "--db", "nowhere.db")
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "false")
    ends(7)
    monkeypatch.delenv("MEMCHAT_MEMORY__ENABLED")
    ends(7, "--dry-run")


def test_learning_through_a_server_sends_to_that_host_alone(minded: Shell, openai_server: Server) -> None:
    """The conversation's own model is asked; a broken answer is exit 1 and points to doctor."""
    store = minded.store()
    for number in (1, 2, 3):
        store.transcripts.set_model(number, "openai/test", openai_server.address)
    store.close()
    env = with_server(openai_server)
    plan = memchat("memory", "learn", "--dry-run", "--json", env=env).json["planned"]
    assert {(one["model"], one["host"], one["cost"]) for one in plan} == {("openai/test", openai_server.address, None)}
    assert openai_server.consolidations == []
    openai_server.script_consolidations("no", "no")
    done = memchat("memory", "learn", env=env)
    assert done.code == 1, done
    assert f"To openai/test at {openai_server.address}: 2 requests, about " in done.out
    assert "failed: the answer could not be read" in done.out
    assert ": done" in done.out
    assert "What is not done, and what mends it: memchat doctor" in done.out
    assert len(openai_server.consolidations) == 3


def test_the_price_of_a_known_model_is_in_the_plan() -> None:
    """By the bundled list, without a call; of a model on this computer, or one that is not listed, none."""
    from memchat.cli.learn_command import _price

    usage = Usage(1_000_000, 1_000_000)
    known = _price(ScriptedModel([], name="gpt-4o-mini", host="api.openai.com", local=False), usage)
    assert known is not None
    assert 0 < known < 100
    assert _price(ScriptedModel([], name="nobody/nothing", host="api.example", local=False), usage) is None
    assert _price(ScriptedModel([], name="gpt-4o-mini"), usage) is None

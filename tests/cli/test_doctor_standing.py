"""memchat doctor on settings, keys, models, the disk and junk: told with what mends each, and nothing changed."""

import json
from pathlib import Path

import pytest
from memchat.store import whereabouts as disks

from tests.builders import add_note
from tests.cli.shell import Shell
from tests.conftest import NOW
from tests.e2e.running import tree
from tests.servers.openai_server import Server

SECRET = "sk-ant-api03-" + "a1B2" * 20


def test_settings_tell_their_file_and_what_overrides_it(shell: Shell) -> None:
    """A setting of the environment is why the file seems not to be heard."""
    assert "  Settings  no " in shell("doctor").out
    shell.paths.config.parent.mkdir(parents=True, exist_ok=True)
    shell.paths.config.write_text('[model]\nname = "gpt-4o"\n', "utf-8")
    text = shell("doctor").out
    assert f"  Settings  {shell.paths.config}\n" in text
    assert "            model.name from MEMCHAT_MODEL\n" in text
    document = shell("doctor", "--json").json["settings"]
    assert document["exists"] is True
    assert document["set_by"]["model.name"] == "MEMCHAT_MODEL"


def test_a_configuration_with_a_mistake_is_the_finding(shell: Shell) -> None:
    """Two lines and exit 3, as everywhere: with a wrong setting no other finding could be trusted."""
    shell.paths.config.parent.mkdir(parents=True, exist_ok=True)
    shell.paths.config.write_text('[modle]\nname = "x"\n', "utf-8")
    done = shell("doctor")
    assert (done.code, done.out, len(done.errors)) == (3, "", 2)
    assert "model" in done.errors[1]


def test_an_address_of_the_environment_is_shown(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, openai_server: Server
) -> None:
    """With the variable and the host; the key is told by where it is, and no word goes there."""
    shell("memory", "add", "allergic to peanuts")
    monkeypatch.setenv("MEMCHAT_MODEL", "openai/test")
    monkeypatch.setenv("OPENAI_BASE_URL", openai_server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-of-doctor")
    text = shell("doctor").out
    assert f"  Answers   openai/test at {openai_server.address}: somebody is there\n" in text
    assert "            Its address comes from OPENAI_BASE_URL.\n" in text
    assert "  Keys      openai: found in OPENAI_API_KEY\n" in text
    assert "sk-test-of-doctor" not in text
    assert not openai_server.requests
    (model,) = shell("doctor", "--json").json["models"]
    assert (model["address_from"], model["reached"], model["local"]) == ("OPENAI_BASE_URL", True, True)
    assert isinstance(model["window"], int)


def test_nobody_there_and_no_key_are_told_with_what_mends_them(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 0: looking worked. Another model that learns has lines of its own."""
    monkeypatch.setenv("MEMCHAT_MODEL", "openai/test")
    monkeypatch.setenv("MEMCHAT_MODEL__MEMORY_NAME", "anthropic/claude-x")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    done = shell("doctor")
    assert done.code == 0
    assert "  Answers   openai/test at 127.0.0.1:9: nobody is there\n" in done.out
    assert "            Unset OPENAI_BASE_URL, or start what is meant to be there. memchat -m notebook" in done.out
    assert "  Learns    anthropic/claude-x\n            There is no key for anthropic.\n" in done.out
    assert "memchat keys set anthropic" in done.out
    answers, learns = shell("doctor", "--json").json["models"]
    assert answers["trouble"]["hint"].startswith("Unset")
    assert (learns["use"], learns["reached"]) == ("memory", None)


def test_keys_that_cannot_be_read_are_told(shell: Shell) -> None:
    """With what is wrong; the rest is told all the same."""
    shell.paths.keys.mkdir(parents=True, exist_ok=True)
    (shell.paths.keys / "keys.json").write_text("[", "utf-8")
    (shell.paths.keys / "keys.json").chmod(0o600)
    done = shell("doctor")
    assert done.code == 0
    assert "  Keys      " in done.out
    document = shell("doctor", "--json").json
    assert document["keys"] is None
    assert document["keys_trouble"]["hint"]


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [("network", "nfs4", "network's disk (nfs4)"), ("synced", "Dropbox", "a folder that Dropbox keeps in step")],
)
def test_a_network_or_synced_folder_is_told(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, kind: str, name: str, words: str
) -> None:
    """SQLite's journal wants a disk of this computer; and how to get there."""
    shell("memory", "add", "one")
    assert "  Disk  " not in shell("doctor").out
    if kind == "synced":
        monkeypatch.setattr(disks, "_SYNCED", ((shell.paths.db.parent.name.casefold(), name),))
    else:
        monkeypatch.setattr(disks, "_file_system", lambda _: name)
    text = shell("doctor").out
    assert "  Disk      The database lies " in text
    assert words in text
    assert "memchat backup FILE" in text
    assert shell("doctor", "--json").json["disk"] == {"kind": kind, "name": name}


def test_junk_is_listed_with_what_mends_it(shell: Shell) -> None:
    """A secret without its words: people send what doctor says to whoever helps them."""
    store = shell.store()
    add_note(store, "likes tea", at=NOW)
    add_note(store, "likes tea", at=NOW)
    add_note(store, f"the key is {SECRET}", at=NOW)
    store.close()
    text = shell("doctor").out
    assert "  To look at: 2 memories\n" in text
    assert "  m3  looks like a secret (" in text
    assert "      Now: memchat forget m3\n" in text
    assert "  m2  likes tea: says what m1 says\n      Now: /undo m2 in a chat\n" in text
    done = shell("doctor", "--json")
    secret, twice = done.json["junk"]
    assert SECRET not in text + done.out
    assert (secret["why"], secret["text"], secret["remedy"]) == ("secret-shaped", None, "memchat forget m3")
    assert (twice["why"], twice["same_as"]) == ("duplicate", "m1")
    assert shell("forget", "m3", "--yes").code == 0
    assert [one["id"] for one in shell("doctor", "--json").json["junk"]] == ["m2"]


def test_old_notes_and_many_of_them(shell: Shell) -> None:
    """What was not said for a year may hold still; of many the first are shown."""
    store = shell.store()
    for number in range(12):
        add_note(store, f"collects stamps of country number {number}", at=NOW.replace(year=2020))
    store.close()
    text = shell("doctor").out
    assert "not said again for a year\n" in text
    assert 'Still so? memchat memory pin m1. Else: memchat memory edit m1 "..."\n' in text
    assert "  2 more: memchat doctor --json\n" in text
    shell("memory", "pin", "m1")
    assert "m1 " not in shell("doctor").out.partition("To look at")[2]


def test_looking_changes_nothing(shell: Shell, home: Path) -> None:
    """No file, in no way; the same twice."""
    store = shell.store()
    add_note(store, "likes tea")
    store.close()
    shell("doctor", "--json")
    before = tree(home)
    first = shell("doctor", "--json").json
    assert shell("doctor", "--json").json == first
    assert shell("doctor").code == 0
    assert {name: each[0] for name, each in tree(home).items()} == {name: each[0] for name, each in before.items()}
    json.dumps(first)

"""What doctor says of who else may get at memchat's files, and what a traceback leaves out."""

import os
from pathlib import Path

import pytest
from memchat.actions.access import Seen, State
from memchat.cli.access_view import _told, access_json
from memchat.cli.editor import without_keys
from memchat.cli.scrubbing import scrubbed

from tests.cli.shell import Shell

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no rights in bits")


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """memchat in this test's home, where memory is on and the notebook answers."""
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    return Shell(capsys)


def said(shell: Shell) -> str:
    """What doctor prints, in one line."""
    return " ".join(shell("doctor").out.split())


@posix
def test_doctor_says_that_all_is_private(shell: Shell) -> None:
    """In one line, with and without a database; for scripts an empty list."""
    assert "Access only you can read what memchat keeps" in said(shell)
    shell("memory", "add", "one")
    assert "Access only you can read what memchat keeps" in said(shell)
    assert shell("doctor", "--json").json["access"] == []


@posix
def test_doctor_says_what_was_open_before_opening_closes_it(shell: Shell) -> None:
    """Once: after that it is closed."""
    shell("memory", "add", "one")
    shell.paths.db.chmod(0o644)
    assert f"{shell.paths.db} was open to others (0644); now only you can read it." in said(shell)
    assert shell.paths.db.stat().st_mode & 0o777 == 0o600
    assert "Access only you" in said(shell)


@posix
def test_doctor_says_what_only_a_person_can_mend(shell: Shell) -> None:
    """Keys that others could read, a folder that others may change: with the command."""
    shell("memory", "add", "one")
    keys = shell.paths.keys / "keys.json"
    keys.write_text('{"keys": {}, "keyring": []}', "utf-8")
    keys.chmod(0o644)
    shell.paths.state.chmod(0o777)
    told = said(shell)
    assert f"chmod 600 {keys}; if others use this computer" in told
    assert f"Now: chmod 700 {shell.paths.state}" in told
    assert "only you can read what memchat keeps" not in told
    assert {one["state"] for one in shell("doctor", "--json").json["access"]} == {"open"}


def test_links_names_and_strangers_are_told(shell: Shell) -> None:
    """Each in its own words; for scripts with rights as chmod takes them."""
    shell("memory", "add", "one")
    os.link(shell.paths.db, shell.paths.db.with_name("second"))
    shell.paths.config.symlink_to(shell.paths.state / "mine.toml")
    (shell.paths.state / "mine.toml").touch(0o600)
    told = said(shell)
    assert "has 2 names (hard links); encrypt wants one" in told
    assert f"{shell.paths.config} is a link to {shell.paths.state / 'mine.toml'}" in told
    path = Path("/elsewhere")
    assert "belongs to another user" in _told(Seen(path, State.FOREIGN, 0o644))
    assert access_json([Seen(path, State.FOREIGN, 0o644), Seen(path, State.LINK, target=path)]) == [
        {"path": str(path), "state": "foreign", "mode": "0644", "target": None},
        {"path": str(path), "state": "link", "mode": None, "target": str(path)},
    ]


def test_what_is_no_database_is_told_before_it_is_looked_into(shell: Shell, tmp_path: Path) -> None:
    """A link that ends, a name too long: two lines, exit 5."""
    shell.paths.db.parent.mkdir(exist_ok=True)
    shell.paths.db.symlink_to(tmp_path / "nowhere")
    for words in (["doctor"], ["doctor", "--db", str(tmp_path / ("x" * 300))]):
        done = shell(*words)
        assert (done.code, len(done.errors)) == (5, 2)


@pytest.mark.parametrize("secret", ["wk.98-aa77bb66cc55", "with space+and/sign", "it's \\odd\\"])
def test_a_known_key_is_taken_out_in_every_form(secret: str) -> None:
    """As it is, in an address, in a representation; from the environment or kept."""
    from urllib.parse import quote

    text = f"a {secret} b ?key={quote(secret, safe='')} c {secret!r}"
    for found in (scrubbed(text, {"WORK_KEY": secret}), scrubbed(text, {}, {secret})):
        assert secret not in found
        assert quote(secret, safe="") not in found
        assert repr(secret)[1:-1] not in found
        assert found.count("[key]") == 3


def test_short_values_and_other_variables_are_no_secrets() -> None:
    """Or every letter would be one."""
    text = "a traceback of x in line 12345"
    assert scrubbed(text, {"MY_KEY": "x", "MY_TOKEN": "12345", "HOME": "traceback", "EMPTY_KEY": ""}) == text


def test_what_looks_like_a_secret_is_masked_too() -> None:
    """Somebody else's key in what a provider says."""
    assert "sk-ant" not in scrubbed("no such key: sk-ant-api03-Jp4mK2nvXw8cZq7Jp4mK2nvXw8cZq7", {})


def test_other_programs_get_no_key() -> None:
    """And all the rest."""
    environ = {"OPENAI_API_KEY": "a", "lab_api_key": "b", "MEMCHAT_PASSPHRASE": "c", "PATH": "d", "API_KEYS": "e"}
    assert without_keys(environ) == {"PATH": "d", "API_KEYS": "e"}

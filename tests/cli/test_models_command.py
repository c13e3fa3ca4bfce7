"""memchat models: who could answer now, and names that want a key."""

import pytest
from memchat.llm import providers

from tests.cli.shell import Shell
from tests.servers.openai_server import Server

ALONE = {"OLLAMA_HOST": "127.0.0.1:9", "LM_STUDIO_API_BASE": "http://127.0.0.1:9/v1"}


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The servers that a developer may run answer no test."""
    for name, address in {**ALONE, "LLAMACPP_API_BASE": "http://127.0.0.1:9/v1"}.items():
        monkeypatch.setenv(name, address)


def test_models_are_listed(shell: Shell, monkeypatch: pytest.MonkeyPatch, openai_server: Server) -> None:
    """`memchat models`: servers of this computer, providers with a key, aliases, the notebook; which one answers."""
    assert "  notebook  built in: no key, no network; answers now\n" in shell("models").out
    monkeypatch.setenv("LLAMACPP_API_BASE", openai_server.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-secret-of-a-test")
    shell.paths.config.parent.mkdir(parents=True, exist_ok=True)
    shell.paths.config.write_text('[aliases]\nfast = "anthropic/claude-x"\n', "utf-8")
    done = shell("models", "--json")
    rows = {row["name"]: row for row in done.json}
    assert rows["notebook"]["used"] is True
    assert rows["fast"]["why"] == "stands for anthropic/claude-x"
    assert rows["anthropic/claude-sonnet-4-5"]["host"] == "api.anthropic.com"
    assert any(row["local"] and row["host"] == openai_server.address for row in rows.values())
    assert all(row["ready"] for row in rows.values())
    text = shell("models").out
    assert "api.anthropic.com, key found in ANTHROPIC_API_KEY" in text
    assert "sk-ant-secret" not in text + done.out
    assert text.rstrip().endswith("This time: memchat -m NAME.  From now on: memchat setup")


def test_a_query_finds_names_that_want_a_key(shell: Shell) -> None:
    """With the command that gives it one; of many the first."""
    rows = shell("models", "gpt-4o-mini", "--json").json
    (one,) = [row for row in rows if row["name"] == "openai/gpt-4o-mini"]
    assert (one["ready"], one["why"], one["used"]) == (False, "memchat keys set openai", False)
    assert "more: write more of it" in shell("models", "a").out
    assert shell("models", "nobody-has-this", "--json").json == []
    assert "No model is called like that: nobody-has-this" in shell("models", "nobody-has-this").out


def test_an_alias_tells_where_its_model_is_and_what_is_in_its_way(shell: Shell) -> None:
    """Who has no key for it cannot use it now; the notebook needs none."""
    shell.paths.config.parent.mkdir(parents=True, exist_ok=True)
    aliases = '[aliases]\nfar = "openai/gpt-4o"\nhere = "ollama/qwen3"\nnone = "notebook"\n'
    shell.paths.config.write_text(aliases, "utf-8")
    rows = {row["name"]: row for row in shell("models", "--json").json}
    told = "stands for openai/gpt-4o. There is no key for openai."
    assert (rows["far"]["ready"], rows["far"]["host"], rows["far"]["why"]) == (False, None, told)
    assert (rows["here"]["ready"], rows["here"]["local"]) == (True, True)
    assert (rows["none"]["ready"], rows["none"]["local"], rows["none"]["host"]) == (True, True, None)
    assert told in shell("models").out


def test_an_address_that_is_none_is_told(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lines and exit 3."""
    monkeypatch.setenv("OPENAI_BASE_URL", "nowhere")
    done = shell("models")
    assert (done.code, done.out, len(done.errors)) == (3, "", 2)


@pytest.mark.parametrize("content", [None, "[", "[]"])
def test_without_litellms_list_no_names_are_known(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    """A list that is gone or damaged costs the names and nothing else."""
    path = shell.paths.state / "list.json"
    if content is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    monkeypatch.setattr(providers, "bundled", lambda _: path)
    assert providers.chat_models() == []
    assert shell("models", "gpt", "--json").json == []

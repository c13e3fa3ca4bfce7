"""Who would answer: with whose key, at which address, and what is in the way."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from memchat import config
from memchat.actions.answering import Way, keys, way

from tests.llm.ways import KEY, KeyRing
from tests.servers.openai_server import Server

ALONE = dict.fromkeys(("LM_STUDIO_API_BASE", "LLAMACPP_API_BASE"), "http://127.0.0.1:9/v1") | {
    "OLLAMA_HOST": "127.0.0.1:9"
}


class Reach:
    """Answers as told, and remembers who was asked about."""

    def __init__(self, why: str = "") -> None:
        self.why = why
        self.asked: list[tuple[str, bool]] = []

    def __call__(self, address: str, *, local: bool) -> str:
        """See `answering.Reach`."""
        self.asked.append((address, local))
        return self.why


def settings(home: Path, text: str = "") -> config.Settings:
    """As the configuration says."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.toml").write_text(text, "utf-8")
    return config.load(config.paths({"MEMCHAT_HOME": str(home)}), {})


def look(home: Path, name: str, reach: Reach, environ: Mapping[str, str] = {}, text: str = "", **kept: str) -> Way:
    """How it stands with a model of that name."""
    return way(
        "chat",
        lambda: name,
        settings=settings(home, text),
        environ={**ALONE, **environ},
        keys=lambda: KeyRing(kept),
        reach=reach,
    )


def test_the_notebook_sends_nothing(home: Path) -> None:
    """So nobody is asked."""
    found = look(home, "notebook", reach := Reach())
    assert (found.host, found.reached, found.trouble, reach.asked) == ("", None, None, [])
    assert found.window


def test_an_address_of_the_environment_is_named(home: Path, openai_server: Server) -> None:
    """With the variable, and where the key comes from; its window is asked there."""
    environ = {"OPENAI_BASE_URL": openai_server.url, "OPENAI_API_KEY": KEY}
    found = look(home, "openai/test-model", reach := Reach(), environ)
    assert reach.asked == [(openai_server.url, True)]
    assert (found.address_from, found.key_from) == ("OPENAI_BASE_URL", "key found in OPENAI_API_KEY")
    assert (found.host, found.reached, found.trouble) == (openai_server.address, True, None)


def test_nobody_there_is_told_with_what_mends_it(home: Path) -> None:
    """By whose fault it may be; the window is not asked then."""
    far = look(home, "gpt-4o", Reach("no answer in time"), openai=KEY)
    assert far.trouble
    assert "no answer in time" in far.trouble.message
    assert far.trouble.hint.startswith("Is there a network?")
    assert (far.reached, far.window) == (False, None)
    set_there = look(home, "gpt-4o", Reach("x"), {"OPENAI_BASE_URL": "https://p.example", "OPENAI_API_KEY": KEY})
    assert set_there.trouble
    assert set_there.trouble.hint.startswith("Unset OPENAI_BASE_URL")
    served = '[providers.ollama]\napi_base = "http://127.0.0.1:9"\n'
    near = way(
        "chat", lambda: "ollama/qwen3", settings=settings(home, served), environ={}, keys=KeyRing, reach=Reach("x")
    )
    assert near.trouble
    assert "ollama serve" in near.trouble.hint
    other = look(home, "llamacpp/x", Reach("x"), {"LLAMACPP_API_BASE": ""})
    assert other.trouble
    assert "Start its server" in other.trouble.hint


def test_what_cannot_be_asked_is_in_the_way(home: Path) -> None:
    """No key, no such provider, a host that local_only forbids: nobody is asked about."""
    reach = Reach()
    keyless = look(home, "gpt-4o", reach)
    assert keyless.trouble
    assert keyless.trouble.hint.startswith("memchat keys set openai")
    assert (keyless.name, keyless.host) == ("gpt-4o", "")
    unheard = look(home, "openia/x", reach)
    assert unheard.trouble
    assert "openai" in unheard.trouble.hint
    refused = look(home, "gpt-4o", reach, text="[privacy]\nlocal_only = true\n", openai=KEY)
    assert refused.trouble
    assert "local_only" in refused.trouble.message
    assert reach.asked == []


def test_an_address_that_only_litellm_knows_is_not_asked(home: Path) -> None:
    """Nothing can be said of it but who it is."""
    found = look(home, "cohere/command-r", reach := Reach(), {"COHERE_API_KEY": KEY})
    assert (found.host, found.reached, found.trouble, reach.asked) == ("cohere", None, None, [])


def test_keys_are_listed_with_where_they_lie(home: Path) -> None:
    """In the environment, or kept; never what they are."""
    environ = {"ANTHROPIC_API_KEY": KEY}
    found = keys(settings(home), environ, lambda: KeyRing({"openai": KEY}))
    assert found == [("openai", "key kept by memchat"), ("anthropic", "key found in ANTHROPIC_API_KEY")]


@pytest.mark.parametrize("name", ["", "nobody-has-this"])
def test_a_name_that_nothing_stands_for(home: Path, name: str) -> None:
    """Is told as the chat tells it."""
    assert look(home, name, Reach()).trouble is not None

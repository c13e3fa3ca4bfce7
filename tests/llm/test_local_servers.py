"""Who listens on this computer: asked quickly, and only here."""

import time

import pytest
from memchat.llm import local_servers
from memchat.llm.local_servers import match

from tests.servers import replies
from tests.servers.openai_server import Server


def test_ollama_is_found_with_its_models(openai_server: Server) -> None:
    """By its list of tags."""
    openai_server.models = ["qwen3:8b", "llama3:latest"]
    found = local_servers.ollama({"OLLAMA_HOST": openai_server.address}, {})
    assert found is not None
    assert found.models == ("qwen3:8b", "llama3:latest")
    assert [seen.path for seen in openai_server.others] == ["/api/tags"]


def test_a_server_that_is_no_model_server_is_none(openai_server: Server) -> None:
    """It answers, but with no list of models."""
    assert local_servers.others({"LM_STUDIO_API_BASE": f"http://{openai_server.address}/other"}, {}) == []


def test_a_server_elsewhere_is_not_asked() -> None:
    """Looking for models must not reach past this computer; the suite's guard would see it."""
    assert local_servers.ollama({"OLLAMA_HOST": "http://192.0.2.1:11434"}, {}) is None


def test_a_proxy_is_not_asked_either(openai_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says."""
    with Server() as proxy:
        monkeypatch.setenv("http_proxy", f"http://{proxy.address}")
        assert local_servers.ollama({"OLLAMA_HOST": openai_server.address}, {}) is not None
        assert proxy.others == []


def test_a_silent_port_costs_little() -> None:
    """Something listens and says nothing: a third of a second."""
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        began = time.monotonic()
        assert local_servers.ollama({"OLLAMA_HOST": f"127.0.0.1:{silent.getsockname()[1]}"}, {}) is None
        assert time.monotonic() - began < 3


def test_a_family_with_two_members_is_not_guessed() -> None:
    """The person has to say which."""
    assert match("llama3", ("llama3:8b", "llama3:70b")) is None
    assert match("llama3", ("llama3:8b",)) == "llama3:8b"


def test_odd_lists_of_models_do_no_harm(openai_server: Server) -> None:
    """Rows without a name, and what is no list."""
    assert local_servers._names({"models": [{"name": "a"}, {}, 7, {"id": "b"}]}, "models") == ("a", "b")
    assert local_servers._names([], "models") is None
    assert replies.garbage().status == 200

"""litellm is imported late, once, and leaves its surroundings as they should be."""

import gc
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from memchat.llm import loading

ROOT = Path(__file__).parent.parent.parent


def test_no_module_of_ours_imports_the_heavy_ones() -> None:
    """Not with any module of llm/, nor by resolving a name or estimating tokens."""
    script = """
import pkgutil, sys
import memchat.llm
for module in pkgutil.walk_packages(memchat.llm.__path__, "memchat.llm."):
    __import__(module.name)
from memchat.llm.tokens import EstimateCounter
from memchat.llm.windows import resolve
class Keys:
    def get(self, provider): return "k"
resolve("mistral/mistral-large-latest", environ={}, providers={}, keys=Keys())
EstimateCounter().count("word")
heavy = {"litellm", "openai", "tiktoken", "httpx", "wordllama", "keyring"} & set(sys.modules)
sys.exit(f"imported: {heavy}" if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_several_threads_get_the_same_module() -> None:
    """The warming thread and the first question may come together."""
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(loading.litellm())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(map(id, found))) == 1
    assert os.environ["LITELLM_MODE"] == "PRODUCTION"
    assert gc.isenabled()


def test_nobody_else_is_asked_at_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """litellm would fetch a list of headers from a third host before the first call to Anthropic."""
    import httpx

    loading.litellm()
    manager = pytest.importorskip("litellm.anthropic_beta_headers_manager")
    asked: list[str] = []
    monkeypatch.setattr(httpx, "get", lambda url, **_: asked.append(url))
    assert manager.get_beta_headers_config("http://127.0.0.1:9/headers")
    assert asked == []


def test_a_garbage_collector_at_rest_stays_so() -> None:
    """Whoever switched it off switches it on."""
    gc.disable()
    try:
        loading.warm()
        assert not gc.isenabled()
    finally:
        gc.enable()

"""Prices by the list in litellm's wheel, read without litellm."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from memchat.domain import Usage
from memchat.llm import loading, prices, providers

from tests.e2e.running import ROOT, environment

USAGE = Usage(1_000_000, 1_000_000)


@pytest.fixture(autouse=True)
def _unread() -> Iterator[None]:
    """Each test reads the list anew, and leaves nothing of what it read."""
    providers.listed.cache_clear()
    yield
    providers.listed.cache_clear()


@pytest.mark.parametrize("name", ["gpt-4o-mini", "openai/gpt-4o-mini"])
def test_a_model_costs_what_the_list_says(name: str) -> None:
    """With the provider before its name or without; 15 cents a million in, 60 cents out, cached ones half of that."""
    assert prices.price(name, USAGE) == pytest.approx(0.75)
    assert prices.price(name, Usage(1_000_000, 0, 1_000_000)) == pytest.approx(0.075)


def test_what_is_not_listed_has_no_price() -> None:
    """None, never 0."""
    assert prices.price("somebody/elses-model", USAGE) is None


@pytest.mark.parametrize("content", [None, "no json", "[]"])
def test_without_a_list_nothing_has_a_price(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wheel that carries none, or another thing under its name."""
    file = tmp_path / "prices.json"
    if content is not None:
        file.write_text(content, "utf-8")
    monkeypatch.setattr(providers, "LIST", str(file))
    assert prices.price("gpt-4o-mini", USAGE) is None
    assert providers.listed("openai/gpt-4o-mini") == {}


def test_the_list_is_asked_by_provider_and_name_or_by_name() -> None:
    """What it knows of a model; nothing of one that it does not know; the same as litellm itself has."""
    assert providers.listed("openai/gpt-4o-mini")["supports_response_schema"] is True
    assert providers.listed("gemini/gemini-2.5-flash")["litellm_provider"] == "gemini"
    assert providers.listed("openai/nobody-knows-it") == {}
    assert providers.listed("gpt-4o-mini") == loading.litellm().model_cost["gpt-4o-mini"]


def test_litellm_is_not_imported_for_it() -> None:
    """It would take a second or two."""
    code = (
        "import sys; from memchat.llm.prices import price; from memchat.domain import Usage;"
        "assert price('gpt-4o-mini', Usage(1)); sys.exit('litellm' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment({}), check=False)
    assert done.returncode == 0

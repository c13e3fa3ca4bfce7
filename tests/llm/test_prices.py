"""Prices by the list in litellm's wheel, read without litellm."""

import subprocess
import sys
from pathlib import Path

import pytest
from memchat.domain import Usage
from memchat.llm import prices

from tests.e2e.running import ROOT, environment

USAGE = Usage(1_000_000, 1_000_000)


@pytest.fixture(autouse=True)
def _unread() -> None:
    """Each test reads the list anew."""
    prices._listed.cache_clear()


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
    monkeypatch.setattr(prices, "LIST", str(file))
    assert prices.price("gpt-4o-mini", USAGE) is None


def test_litellm_is_not_imported_for_it() -> None:
    """It would take a second or two."""
    code = (
        "import sys; from memchat.llm.prices import price; from memchat.domain import Usage;"
        "assert price('gpt-4o-mini', Usage(1)); sys.exit('litellm' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment({}), check=False)
    assert done.returncode == 0

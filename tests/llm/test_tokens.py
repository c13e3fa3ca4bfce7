"""Counting tokens: exact offline, near without any table, quick for anything."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.llm import tokens
from memchat.llm.providers import bundled
from memchat.llm.tokens import EstimateCounter, TiktokenCounter, encoding_for, pieces

HERE = Path(__file__).parent
ENGLISH = (
    "The table is complete now: paid keys may make a hundred requests a minute, with a burst of twenty, and trial keys "
    "thirty. Whether they should get less at night was left open. I live in Taipei, I am allergic to peanuts, and next "
    "year I would like to move to Lisbon, so I read some Portuguese in the evening when the work is done. "
) * 4
CHINESE = (
    "今天早上我去了台北車站，路上下了一點雨。我對花生過敏，所以午餐吃了牛肉麵。下午三點要和編輯開會，討論第三章的結尾。"
    "今天早上我去了北京西站，路上下了一点雨。我对花生过敏，所以午饭吃了牛肉面。请记住我喜欢简短的回答，不要太多表格。"
) * 4
CODE = (HERE.parent.parent / "memchat" / "llm" / "stream.py").read_text("utf-8")


@pytest.mark.parametrize(("text", "within"), [(ENGLISH, 0.10), (CHINESE, 0.10), (CODE, 0.10)], ids=["en", "zh", "code"])
def test_the_estimate_is_near_for_what_people_write(text: str, within: float) -> None:
    """Within ten in a hundred of o200k for English, Chinese and code."""
    exact = TiktokenCounter("openai/gpt-4o").count(text)
    assert abs(EstimateCounter().count(text) / exact - 1) < within


def test_nothing_costs_nothing_and_anything_something() -> None:
    """Zero for the empty text only."""
    for counter in (EstimateCounter(), TiktokenCounter("gpt-4o")):
        assert counter.count("") == 0
        assert counter.count(" ") >= 1


def test_special_tokens_in_a_text_are_counted_as_its_characters() -> None:
    """A text that names one must neither fail nor cost one token."""
    assert TiktokenCounter("gpt-4o").count("<|endoftext|><|im_start|>") > 6


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_can_be_counted(text: str) -> None:
    """Also with lone halves of surrogate pairs, as broken stdin may carry."""
    for counter in (EstimateCounter(), TiktokenCounter("gpt-4o")):
        assert counter.count(text + "\ud800") >= 1


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="ab \n", min_size=0, max_size=200), st.integers(100, 500))
def test_pieces_are_the_whole_text(text: str, times: int) -> None:
    """Nothing is lost between them, and none is too long."""
    long = text * times
    parts = list(pieces(long))
    assert "".join(parts) == long
    assert max(map(len, parts)) <= 20_000


@pytest.mark.parametrize("unit", ["a", " ", "hello world ", "花生過敏", "\n", "=-"])
def test_ten_megabytes_are_counted_in_seconds(unit: str) -> None:
    """Runs of one character too, which tiktoken was once quadratic in; bounded generously for slow machines."""
    text = unit * (10_000_000 // len(unit))
    began = time.thread_time()
    exact, about = TiktokenCounter("gpt-4o").count(text), EstimateCounter().count(text)
    assert time.thread_time() - began < 30
    assert exact / 4 < about < exact * 4


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("openai/gpt-4o-mini", "o200k_base"),
        ("gpt-4.1", "o200k_base"),
        ("gpt-4", "cl100k_base"),
        ("openai/gpt-4-turbo", "cl100k_base"),
        ("gpt-3.5-turbo", "cl100k_base"),
        ("anthropic/claude-sonnet-4-5", "o200k_base"),
        ("ollama/qwen3:8b", "o200k_base"),
    ],
)
def test_the_encoding_follows_the_models_name(model: str, encoding: str) -> None:
    """OpenAI's older models count otherwise."""
    assert encoding_for(model) == encoding


def test_the_old_encoding_is_bundled_too() -> None:
    """Chinese costs more in it."""
    assert TiktokenCounter("gpt-4").count(CHINESE) > TiktokenCounter("gpt-4o").count(CHINESE)


def test_a_missing_table_means_an_estimate_and_no_download(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Should a release of litellm not carry the tables, nothing is fetched."""
    monkeypatch.setattr(tokens, "bundled", lambda _: tmp_path)
    assert TiktokenCounter("gpt-4o").count(ENGLISH) == EstimateCounter().count(ENGLISH)


@pytest.mark.parametrize("before", [None, "elsewhere"])
def test_litellm_finds_its_own_tables_too(monkeypatch: pytest.MonkeyPatch, before: str | None) -> None:
    """Whenever it reads them, in whichever thread: where the folder is not named it would fetch them."""
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR", raising=False)
    if before is not None:
        monkeypatch.setenv("TIKTOKEN_CACHE_DIR", before)
    TiktokenCounter("gpt-4").count("word")
    assert os.environ["TIKTOKEN_CACHE_DIR"] == str(bundled("litellm_core_utils") / "tokenizers")

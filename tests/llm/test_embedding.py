"""The bundled embedder, real: its vectors, its loading, its failures; and the choice of an embedder by name."""

import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.errors import ConfigError, EmbeddingError, KeyMissingError, UnknownModelError
from memchat.llm import embedding, static_table
from memchat.llm.embedding import BundledEmbedder, chosen
from memchat.llm.remote_embedding import LiteLLMEmbedder
from memchat.llm.static_table import DIM, TOKENIZER, WEIGHTS
from memchat.llm.vectors import LONGEST
from memchat.memory.language import folded
from tokenizers import Tokenizer

from tests.llm.ways import KEY, KeyRing, Settings

if TYPE_CHECKING:
    from memchat.ports import Embedder, Lexicon


def numbers(vector: bytes) -> list[int]:
    """The signed bytes as numbers."""
    return list(memoryview(vector).cast("b"))


def cosine(one: bytes, other: bytes) -> float:
    """How near two vectors are."""
    a, b = numbers(one), numbers(other)
    lengths = sum(x * x for x in a) * sum(y * y for y in b)
    return float(sum(x * y for x, y in zip(a, b, strict=True)) / lengths**0.5) if lengths else 0.0


def installed() -> Path:
    """Where the package lies."""
    spec = importlib.util.find_spec("wordllama")
    assert spec is not None
    return Path(str(spec.origin)).parent


@pytest.fixture(scope="module")
def bundled() -> BundledEmbedder:
    """One that is loaded once."""
    made = BundledEmbedder()
    made.warm()
    return made


def test_what_is_alike_in_meaning_is_nearer(bundled: BundledEmbedder) -> None:
    """Also where no word is shared, and in Chinese."""
    question, answer, other = bundled.embed(
        ["What am I allergic to?", "Peanuts give me an allergic reaction.", "The train to Porto leaves at nine."]
    )
    assert cosine(question, answer) > cosine(question, other) + 0.2
    question, answer, other = bundled.embed(["我對什麼食物過敏？", "花生會讓我過敏。", "火車九點開往波爾圖。"])
    assert cosine(question, answer) > cosine(question, other) + 0.2


def test_vectors_are_signed_bytes_of_length_one(bundled: BundledEmbedder) -> None:
    """256 of them, together about 127 long, the same however many texts are asked about at once."""
    texts = ["peanuts", "The rate limit is 100 requests a minute.", "台北", "🎉", "שלום עולם"]
    together = bundled.embed(texts)
    assert together == [bundled.embed([text])[0] for text in texts]
    for vector in together:
        assert len(vector) == bundled.dim == DIM
        assert sum(x * x for x in numbers(vector)) ** 0.5 == pytest.approx(127, rel=0.01)


def test_case_and_script_make_no_difference(bundled: BundledEmbedder) -> None:
    """Capitals, and traditional or simplified Chinese."""
    assert bundled.embed(["PEANUTS in Porto"]) == bundled.embed(["peanuts in porto"])
    assert bundled.embed(["體檢"]) == bundled.embed(["体检"])


def test_nothing_to_say_is_zero(bundled: BundledEmbedder) -> None:
    """An empty text has a vector of zeros, which is near to nothing; no texts have no vectors."""
    assert bundled.embed([""]) == [bytes(DIM)]
    assert bundled.embed(["peanuts", "", "台北"])[1] == bytes(DIM)
    assert bundled.embed([]) == []


def test_of_a_huge_text_the_beginning_counts(bundled: BundledEmbedder) -> None:
    """A hundred thousand characters are no reason to wait."""
    huge = "peanuts and porridge. " * 5_000
    assert bundled.embed([huge]) == bundled.embed([huge[:LONGEST]])


def test_text_is_cut_as_the_whole_tokenizer_would_cut_it(bundled: BundledEmbedder) -> None:
    """To the token, in words, blanks, lines and scripts; but what looks like its special tokens is text."""
    tokenizer = Tokenizer.from_file(str(installed() / TOKENIZER))
    tables = bundled._loaded()
    for text in (
        "peanuts",
        "two words",
        "  three   blanks ",
        "a line\nand\tmore",
        "naïve café",
        "體檢 台北",
        "🎉 שלום",
        "\0",
    ):
        whole = tokenizer.encode(folded(text), add_special_tokens=False).ids
        assert tables._tokens(text) == whole
    assert len(tokenizer.encode("</s>", add_special_tokens=False).ids) == 1
    assert bundled.embed(["</s> peanuts"]) != bundled.embed(["peanuts"])


def test_half_precision_is_read_to_the_last_bit() -> None:
    """Every finite number that sixteen bits can say, the smallest ones and minus zero among them."""
    halves = np.arange(65_536, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]
    floats = static_table._floats(halves.view(np.int16))
    assert floats.dtype == np.float32
    assert np.array_equal(floats.view(np.int32), halves.astype(np.float32).view(np.int32))


def test_many_long_texts_are_as_one_by_one(bundled: BundledEmbedder) -> None:
    """Tokens are looked up in portions; where a portion ends changes nothing."""
    texts = [f"Line {number} tells of {'peanuts ' * 900}" for number in range(30)]
    assert bundled.embed(texts) == [bundled.embed([text])[0] for text in texts]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters() | st.characters(categories=["Cs"])), max_size=5))
def test_any_text_has_a_vector(bundled: BundledEmbedder, texts: list[str]) -> None:
    """Whatever the characters, halves of surrogate pairs among them."""
    assert [len(vector) for vector in bundled.embed(texts)] == [DIM] * len(texts)
    assert [len(row) for row in bundled.likeness(texts, [["peanuts"], texts])] == [len(texts)] * 2


def test_it_loads_when_it_is_first_needed() -> None:
    """Or when it is told to; until then it is not ready, so that callers may go on without it."""
    uses: tuple[Callable[[BundledEmbedder], object], ...] = (
        BundledEmbedder.warm,
        lambda made: made.embed(["peanuts"]),
        lambda made: made.likeness(["peanuts"], [["nuts"]]),
        lambda made: made.learn(["peanuts"]),
    )
    for use in uses:
        made = BundledEmbedder()
        before = made.ready
        use(made)
        assert (before, made.ready) == (False, True)


def test_several_threads_load_it_once(bundled: BundledEmbedder) -> None:
    """All get the same vectors, from the same tables."""
    made = BundledEmbedder()
    got: list[list[bytes]] = []
    near: list[list[list[float]]] = []

    def work() -> None:
        got.append(made.embed(["peanuts", "台北"]))
        near.append(made.likeness(["peanut"], [["nut"], ["car"]]))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert got == [bundled.embed(["peanuts", "台北"])] * 8
    assert near == [near[0]] * 8


def test_the_most_like_word_of_a_text_counts(bundled: BundledEmbedder) -> None:
    """One row for each text, one number for each word; a word is as near to itself as can be."""
    texts = [["tuesday", "allergy"], ["allergic", "tuesday"], [], ["tuesday"]]
    same, near, none, far = bundled.likeness(["allergy", "car"], texts)
    assert same[0] == pytest.approx(1, abs=0.01)
    assert 0.6 < near[0] < same[0]
    assert max(far) < 0.4
    assert near[1] == pytest.approx(max(bundled.likeness(["car"], [["allergic"], ["tuesday"]]))[0], abs=1e-5)
    assert none == [0, 0]
    assert bundled.likeness([], [["a"]]) == [[]]
    assert bundled.likeness(["a"], []) == []


def test_kept_words_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """When more words came than are kept, they begin anew, and say the same; also when one question has more."""
    made = BundledEmbedder()
    before = made.likeness(["allergy"], [["allergic"], ["car"]])
    monkeypatch.setattr(embedding, "_KEPT_WORDS", 4)
    made.likeness(["peanut"], [["walnut", "hazelnut", "almond", "cashew", "pecan"]])
    assert made.likeness(["allergy"], [["allergic"], ["car"]]) == before


def test_what_was_learnt_beforehand_is_not_looked_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same is said of it; of more words than half of those that are kept, the first are learnt."""
    monkeypatch.setattr(embedding, "_LEARNT_AT_ONCE", 2)
    made = BundledEmbedder()
    words = ["allergy", "allergic", "car"]
    before = BundledEmbedder().likeness(words[:1], [words[1:]])
    made.learn(words)
    tables = made._loaded()
    made._tables = replace(tables, model=None)
    assert made.likeness(words[:1], [words[1:]]) == before
    with pytest.raises(AttributeError):
        made.likeness(["boat"], [words])
    made._tables = tables
    monkeypatch.setattr(embedding, "_KEPT_WORDS", 4)
    made.learn(["walnut", "hazelnut", "almond", "cashew", "pecan"])
    assert made.likeness(words[:1], [words[1:]]) == before


def test_its_name_tells_which_vectors(bundled: BundledEmbedder) -> None:
    """Nothing leaves this process, and the name is one that changes with the table."""
    assert isinstance(bundled.name, str)
    assert "wordllama" in bundled.name
    assert (bundled.host, bundled.local) == ("", True)
    embedder: Embedder = bundled
    lexicon: Lexicon = bundled
    assert embedder.ready
    assert lexicon.ready


def test_it_imports_neither_wordllama_nor_litellm() -> None:
    """Only the two data files are used: wordllama's own code sets up logging and imports four libraries more.

    Nor does the module load numpy before somebody needs it.
    """
    program = (
        "import sys, json, logging\n"
        "from memchat.llm.embedding import BundledEmbedder\n"
        "early = [n for n in ('numpy', 'tokenizers', 'litellm', 'httpx') if n in sys.modules]\n"
        "BundledEmbedder().embed(['hello'])\n"
        "late = [n for n in ('wordllama', 'litellm', 'requests', 'safetensors') if n in sys.modules]\n"
        "print(json.dumps([early, late, len(logging.getLogger().handlers)]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == [[], [], 0]


def broken(folder: Path, weights: bytes) -> BundledEmbedder:
    """One whose tokenizer is right and whose table is this."""
    (folder / "tokenizers").mkdir()
    (folder / "weights").mkdir()
    (folder / TOKENIZER).write_bytes((installed() / TOKENIZER).read_bytes())
    (folder / WEIGHTS).write_bytes(weights)
    return BundledEmbedder(folder)


def a_header(**tensor: object) -> bytes:
    """The beginning of a safetensors file with one table."""
    head = json.dumps({"embedding.weight": tensor}).encode()
    return len(head).to_bytes(8, "little") + head


@pytest.mark.parametrize(
    "weights",
    [
        b"",
        b"\xff" * 100,
        (9).to_bytes(8, "little") + b"not json!",
        a_header(dtype="F32", shape=[32_000, 256], data_offsets=[0, 32_768_000]),
        a_header(dtype="F16", shape=[32_000, 64], data_offsets=[0, 4_096_000]),
        a_header(dtype="F16", shape=[10, 256], data_offsets=[0, 5_120]) + bytes(5_120),
        a_header(dtype="F16", shape=[32_000, 256], data_offsets=[0, 16_384_000]) + bytes(100),
        a_header(),
    ],
    ids=["empty", "noise", "no json", "other type", "other width", "too few rows", "cut off", "no table"],
)
def test_a_damaged_table_is_told_in_two_lines(tmp_path: Path, weights: bytes) -> None:
    """What is wrong, and what to do; it is asked again at the next use, for it may have been mended."""
    made = broken(tmp_path, weights)
    for _ in range(2):
        with pytest.raises(EmbeddingError) as caught:
            made.embed(["peanuts"])
        assert "cannot be loaded" in caught.value.message
        assert "\n" not in caught.value.message
        assert "pip install" in caught.value.hint
    assert not made.ready


def test_missing_files_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without them, and a package that is not installed."""
    with pytest.raises(EmbeddingError, match="cannot be loaded"):
        BundledEmbedder(tmp_path).warm()
    monkeypatch.setattr(static_table, "_PACKAGE", "wordllama_of_nobody")
    with pytest.raises(EmbeddingError, match="not installed"):
        BundledEmbedder().warm()


def test_the_configured_name_chooses() -> None:
    """Bundled, none, or a model behind litellm, whose route is found as a chat model's is."""
    keys = KeyRing({"openai": KEY})
    assert isinstance(chosen("bundled", environ={}, providers={}, keys=keys, local_only=True), BundledEmbedder)
    assert chosen("off", environ={}, providers={}, keys=keys, local_only=True) is None
    made = chosen("openai/text-embedding-3-small", environ={}, providers={}, keys=keys, local_only=False)
    assert isinstance(made, LiteLLMEmbedder)
    assert (made.name, made.host, made.local) == ("openai/text-embedding-3-small", "api.openai.com", False)


def test_privacy_and_keys_hold_for_embedders_too() -> None:
    """local_only refuses another computer and lets this one pass; no key, and no such provider, are told."""
    with pytest.raises(ConfigError, match="local_only"):
        chosen("openai/e", environ={}, providers={}, keys=KeyRing({"openai": KEY}), local_only=True)
    mine = {"mine": Settings(api_base="http://127.0.0.1:9/v1")}
    made = chosen("mine/e", environ={}, providers=mine, keys=KeyRing(), local_only=True)
    assert made is not None
    assert made.local
    with pytest.raises(KeyMissingError):
        chosen("openai/e", environ={}, providers={}, keys=KeyRing(), local_only=False)
    with pytest.raises(UnknownModelError):
        chosen("opnai/e", environ={}, providers={}, keys=KeyRing(), local_only=False)

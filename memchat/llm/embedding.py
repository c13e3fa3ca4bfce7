"""Vectors of texts: the static table that the wheel `wordllama` carries, or any embedding model behind litellm.

Of wordllama only two files are read, the table and the tokenizer: its code would import four more libraries, set up
logging for the whole process and triple the memory. `chosen` makes what `recall.embedding` names.
"""

import importlib.util
import json
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memchat.errors import ConfigError, EmbeddingError
from memchat.llm.providers import ProviderLike
from memchat.llm.remote_embedding import SCALE, LiteLLMEmbedder, readable
from memchat.llm.windows import resolve
from memchat.memory.language import folded
from memchat.ports import KeyStore

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BUNDLED = "bundled"
OFF = "off"
DIM = 256
# One more for every change of what `embed` makes of a text: what was kept before is then made anew.
_NAME = "wordllama-l2-supercat-256/1"
_PACKAGE = "wordllama"
_WEIGHTS = Path("weights") / "l2_supercat_256.safetensors"
_TOKENIZER = Path("tokenizers") / "l2_supercat_tokenizer_config.json"
_TENSOR = "embedding.weight"
_AT_ONCE = 8_192  # tokens that are looked up together: 8 MB
_FEW = 16  # tokens of a text that is a word
# Words whose vectors `likeness` keeps, 10 MB. A question about 200 passages meets some 1,500 of them.
_KEPT_WORDS = 40_000
_HINT = 'Install it again (pip install --force-reinstall wordllama), or set recall.embedding to "off".'


def chosen(
    choice: str,
    *,
    environ: Mapping[str, str],
    providers: Mapping[str, ProviderLike],
    keys: KeyStore,
    local_only: bool,
    timeout: float = 10.0,
    retries: int = 0,
) -> "BundledEmbedder | LiteLLMEmbedder | None":
    """What `recall.embedding` names: `bundled`, `off` (None), or a model as `windows.resolve` finds it.

    Raises UnknownModelError, KeyMissingError; ConfigError where `privacy.local_only` forbids it.
    """
    if choice == OFF:
        return None
    if choice == BUNDLED:
        return BundledEmbedder()
    route = resolve(choice, environ=environ, providers=providers, keys=keys)
    if local_only and not route.local:
        raise ConfigError(
            f"{choice} would send your words to {route.host}, and privacy.local_only is on.",
            'Choose an embedder on this computer: recall.embedding = "bundled".',
        )
    return LiteLLMEmbedder(route, timeout=timeout, retries=retries)


@dataclass(frozen=True, slots=True)
class _Tables:
    """The tokenizer and its vectors, one row a token; the rows stay in the file until they are needed."""

    tokenizer: Any
    vectors: "npt.NDArray[np.float16]"


class BundledEmbedder:
    """`Embedder` and `Lexicon` over wordllama's static table: the mean of the vectors of a text's tokens.

    Needs no network. Measured on the reference machine: loaded in 0.2 s, 45 MB with numpy, some 10,000 messages a
    second. Texts are folded first, so that case and the two Chinese scripts make no difference: on Chinese chats that
    found 27 instead of 23 of 100 pieces of evidence among the first ten, on English ones it changed nothing.
    """

    name = _NAME
    dim = DIM
    host = ""
    local = True

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: where the package lies; None looks for it among what is installed."""
        self._folder = folder
        self._tables: _Tables | None = None
        self._loading = threading.Lock()
        self._words = _Words()

    @property
    def ready(self) -> bool:
        """Whether the tables are there."""
        return self._tables is not None

    def warm(self) -> None:
        """Load the tables; a second call does nothing. Raises EmbeddingError."""
        self._loaded()

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """See `ports.Embedder`. Of a text the first 8,000 characters count."""
        import numpy as np

        tables = self._loaded()
        vectors = np.rint(_vectors(tables, texts) * SCALE).astype(np.int8)
        return [vector.tobytes() for vector in vectors]

    def likeness(self, words: Sequence[str], texts: Sequence[Collection[str]]) -> list[list[float]]:
        """See `ports.Lexicon`."""
        import numpy as np

        tables = self._loaded()
        places = {word: place for place, word in enumerate(dict.fromkeys(chain.from_iterable(texts)))}
        best = np.zeros((len(texts), len(words)), np.float32)
        if places and words:
            near = self._words.rows(tables, words) @ self._words.rows(tables, list(places)).T
            filled = [number for number, text in enumerate(texts) if text]
            begins = [0, *accumulate(len(texts[number]) for number in filled)][:-1]
            among = near[:, list(map(places.__getitem__, chain.from_iterable(texts)))]
            best[filled] = np.maximum.reduceat(among, begins, axis=1).T
        found: list[list[float]] = best.tolist()
        return found

    def _loaded(self) -> _Tables:
        with self._loading:
            if self._tables is None:
                self._tables = _load(self._folder)
            return self._tables


class _Words:
    """Vectors of single words, kept, for the same ones come again; in whole numbers, as `embed` gives them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[str, int] = {}
        self._vectors: npt.NDArray[np.int8] | None = None

    def rows(self, tables: _Tables, words: Sequence[str]) -> "npt.NDArray[np.float32]":
        """One row a word, of length 1."""
        import numpy as np

        with self._lock:
            fresh = [word for word in dict.fromkeys(words) if word not in self._rows]
            if len(self._rows) + len(fresh) > _KEPT_WORDS or self._vectors is None:
                fresh = list(dict.fromkeys(words))
                self._rows.clear()
                self._vectors = np.empty((max(_KEPT_WORDS, len(fresh)), DIM), np.int8)
            begins = len(self._rows)
            if fresh:
                self._vectors[begins : begins + len(fresh)] = np.rint(_vectors(tables, fresh) * SCALE)
                self._rows.update((word, begins + number) for number, word in enumerate(fresh))
            rows = self._vectors[list(map(self._rows.__getitem__, words))].astype(np.float32)
            rows /= SCALE
            return rows


def _vectors(tables: _Tables, texts: Sequence[str]) -> "npt.NDArray[np.float32]":
    """One row a text: the mean of the vectors of its tokens, of length 1; zero for a text without any."""
    import numpy as np

    sums = np.zeros((len(texts), DIM), np.float32)
    some: dict[int, list[int]] = {}
    count = 0
    for number, text in enumerate(texts):
        tokens = tables.tokenizer.encode(folded(readable(text)), add_special_tokens=False).ids
        if tokens:
            some[number] = tokens
            count += len(tokens)
        if count >= _AT_ONCE:
            _add_up(tables, some, sums)
            some, count = {}, 0
    _add_up(tables, some, sums)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    np.divide(sums, lengths, out=sums, where=lengths > 0)
    return sums


def _add_up(tables: _Tables, some: Mapping[int, list[int]], sums: "npt.NDArray[np.float32]") -> None:
    """Write the sum of the vectors of each text's tokens into its row."""
    import numpy as np

    if not some:
        return
    lengths = np.fromiter(map(len, some.values()), np.int64, len(some))
    begins = np.cumsum(lengths) - lengths
    tokens = np.fromiter(chain.from_iterable(some.values()), np.int64, int(lengths.sum()))
    # In the table's own halves the sum of a long text would lose its last digits.
    rows = tables.vectors[tokens].astype(np.float32)
    most = int(lengths.max())
    if most > _FEW:
        sums[list(some)] = np.add.reduceat(rows, begins, axis=0)
        return
    short = rows[begins]  # words: all first tokens at once, then all second ones, in a third of the time
    for place in range(1, most):
        more = np.flatnonzero(lengths > place)
        short[more] += rows[begins[more] + place]
    sums[list(some)] = short


def _load(folder: Path | None) -> _Tables:
    """Raises EmbeddingError where the files are not there, or not what they were."""
    spec = importlib.util.find_spec(_PACKAGE) if folder is None else None
    if spec is not None and spec.origin:
        folder = Path(spec.origin).parent
    if folder is None:
        raise EmbeddingError("The bundled embedder is not installed.", _HINT)
    try:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        vectors = _mapped(folder / _WEIGHTS, tokenizer.get_vocab_size())
    except Exception as error:
        # tokenizers raises nothing narrower than Exception for a file that it cannot read.
        raise EmbeddingError(f"The bundled embedder cannot be loaded ({_line(error)}).", _HINT) from error
    return _Tables(tokenizer, vectors)


def _mapped(path: Path, tokens: int) -> "npt.NDArray[np.float16]":
    """The table for so many tokens in a safetensors file: the length of a JSON header in eight bytes, it, the numbers.

    Raises OSError; KeyError, ValueError or TypeError when the file is not that.
    """
    import numpy as np

    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        if size > path.stat().st_size:
            raise ValueError("the table is cut off")
        tensor = json.loads(file.read(size))[_TENSOR]
    rows, dim = tensor["shape"]
    if tensor["dtype"] != "F16" or dim != DIM or rows < tokens:
        raise ValueError("the table is another one")
    begins = 8 + size + tensor["data_offsets"][0]
    # As a plain array: the other kind takes its time with every slice.
    return np.asarray(np.memmap(path, dtype="<f2", mode="r", offset=begins, shape=(rows, dim)))


def _line(error: Exception) -> str:
    """What it says, on one line."""
    return " ".join(str(error).split()) or type(error).__name__

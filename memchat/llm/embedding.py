"""Vectors of texts: the static table that the wheel `wordllama` carries, or any embedding model behind litellm.

`chosen` makes what `recall.embedding` names.
"""

import threading
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate, chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING

from memchat.llm.static_table import DIM, WORD_DIM, Tables, load
from memchat.llm.vectors import SCALE
from memchat.ports import KeyStore

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from memchat.llm.providers import ProviderLike
    from memchat.llm.remote_embedding import LiteLLMEmbedder

BUNDLED = "bundled"
OFF = "off"
_TIMEOUT = 10.0  # seconds a request to a model elsewhere may take
# One more for every change of what `embed` makes of a text: what was kept before is then made anew.
_NAME = "wordllama-l2-supercat-256/1"
# Words whose vectors `likeness` keeps, 10 MB. A question about 200 passages meets some 1,500 of them.
_KEPT_WORDS = 40_000
_LEARNT_AT_ONCE = 400  # a few milliseconds, for which a question may wait


def chosen(
    choice: str,
    *,
    environ: Mapping[str, str],
    providers: "Mapping[str, ProviderLike]",
    keys: KeyStore,
    local_only: bool,
) -> "BundledEmbedder | LiteLLMEmbedder | None":
    """What `recall.embedding` names: `bundled`, `off` (None), or a model as `windows.resolve` finds it.

    Raises UnknownModelError, KeyMissingError; ConfigError where `privacy.local_only` forbids it.
    """
    if choice == OFF:
        return None
    if choice == BUNDLED:
        return BundledEmbedder()
    from memchat.llm.remote_embedding import LiteLLMEmbedder  # here, since most need none of it
    from memchat.llm.windows import elsewhere, resolve

    route = resolve(choice, environ=environ, providers=providers, keys=keys)
    if local_only and not route.local:
        raise elsewhere(choice, route, 'Choose an embedder on this computer: recall.embedding = "bundled".')
    return LiteLLMEmbedder(route, timeout=_TIMEOUT)


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
        self._tables: Tables | None = None
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
        vectors = np.rint(tables.of_texts(texts) * SCALE).astype(np.int8)
        return [vector.tobytes() for vector in vectors]

    def likeness(self, words: Sequence[str], texts: Sequence[Collection[str]]) -> list[list[float]]:
        """See `ports.Lexicon`."""
        import numpy as np

        tables = self._loaded()
        best = np.zeros((len(texts), len(words)), np.float32)
        filled = [number for number, text in enumerate(texts) if text]
        if filled and words:
            held = self._words.rows(tables, [*chain.from_iterable(texts), *words])
            begins = [0, *accumulate(len(texts[number]) for number in filled)]
            near = held[: begins[-1]] @ held[begins[-1] :].T
            best[filled] = np.maximum.reduceat(near, begins[:-1], axis=0)
        found: list[list[float]] = best.tolist()
        return found

    def learn(self, words: Sequence[str]) -> None:
        """See `ports.Lexicon`."""
        tables = self._loaded()
        for first in range(0, min(len(words), _KEPT_WORDS // 2), _LEARNT_AT_ONCE):
            self._words.rows(tables, words[first : first + _LEARNT_AT_ONCE])

    def _loaded(self) -> Tables:
        with self._loading:
            if self._tables is None:
                self._tables = load(self._folder)
            return self._tables


class _Words:
    """Vectors of single words, kept, for the same ones come again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Asked for a word that it does not know, it gives it the next row.
        self._rows: defaultdict[str, int] = defaultdict(count().__next__)
        self._vectors: npt.NDArray[np.float32] | None = None

    def rows(self, tables: Tables, words: Sequence[str]) -> "npt.NDArray[np.float32]":
        """One row a word, of length 1."""
        import numpy as np

        with self._lock:
            if len(self._rows) > _KEPT_WORDS - len(words) or self._vectors is None:
                self._rows = defaultdict(count().__next__)
                self._vectors = np.empty((max(_KEPT_WORDS, len(words)), WORD_DIM), np.float32)
            held, self._vectors = self._vectors, None  # stopped in between, the next one begins anew
            known = len(self._rows)
            places = list(map(self._rows.__getitem__, words))
            fresh = list(islice(reversed(self._rows), len(self._rows) - known))[::-1]
            if fresh:
                held[known : known + len(fresh)] = tables.of_words(fresh)
            self._vectors = held
            return held.take(places, axis=0)

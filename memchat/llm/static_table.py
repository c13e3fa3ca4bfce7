"""wordllama's static table: a vector for each token and the tokenizer; vectors of texts and of single words by it.

Of the wheel only two files are read: its code would import four more libraries, set up logging for the whole process
and triple the memory.
"""

import importlib.util
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memchat.errors import EmbeddingError
from memchat.llm.vectors import readable
from memchat.memory.language import folded

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DIM = 256
"""Numbers of a vector."""
WORD_DIM = 64
"""Of a word the first so many numbers do: the table was trained so that any beginning of a vector is one (Matryoshka
representation learning, Kusupati et al. 2022). With all 256 of them our chats and LoCoMo find neither more nor less."""
HINT = 'Install it again (pip install --force-reinstall wordllama), or set recall.embedding to "off".'

_PACKAGE = "wordllama"
WEIGHTS = Path("weights") / "l2_supercat_256.safetensors"
TOKENIZER = Path("tokenizers") / "l2_supercat_tokenizer_config.json"
_TENSOR = "embedding.weight"
_AT_ONCE = 8_192  # tokens that are looked up together: 8 MB
_WORDS_AT_ONCE = 400  # fewer characters than of a text count
_BEGINS = "\u2581"  # what a token begins with that begins a word


@dataclass(frozen=True, slots=True)
class Tables:
    """The tokenizer and its vectors, one row a token; the rows stay in the file until they are needed.

    `begins`: which tokens begin a word.
    """

    tokenizer: Any
    vectors: "npt.NDArray[np.float16]"
    begins: "npt.NDArray[np.bool_]"

    def of_texts(self, texts: Sequence[str]) -> "npt.NDArray[np.float32]":
        """One row a text: the mean of the vectors of its tokens, of length 1; zero for a text without any."""
        import numpy as np

        sums = np.zeros((len(texts), DIM), np.float32)
        some: dict[int, list[int]] = {}
        count = 0
        for number, text in enumerate(texts):
            tokens = self._tokens(text)
            if tokens:
                some[number] = tokens
                count += len(tokens)
            if count >= _AT_ONCE:
                self._add_up(some, sums)
                some, count = {}, 0
        self._add_up(some, sums)
        return _of_length_one(sums)

    def of_words(self, words: Sequence[str]) -> "npt.NDArray[np.float32]":
        """The same for single words, of `WORD_DIM` numbers."""
        import numpy as np

        found = [self._of_some(words[first : first + _WORDS_AT_ONCE]) for first in range(0, len(words), _WORDS_AT_ONCE)]
        return np.concatenate(found)

    def _of_some(self, words: Sequence[str]) -> "npt.NDArray[np.float32]":
        """All words of a line are cut at once; where that gives other words, as halves of characters do, one by one."""
        import numpy as np

        line = " ".join(words)
        tokens = np.array(self._tokens(line), np.int64)
        begins = np.flatnonzero(self.begins[tokens]) if len(tokens) else tokens
        if len(begins) != len(words) or line.count(" ") != len(words) - 1:
            return _of_length_one(self.of_texts(words)[:, :WORD_DIM])
        return _of_length_one(np.add.reduceat(self.vectors[:, :WORD_DIM][tokens].astype(np.float32), begins, axis=0))

    def _tokens(self, text: str) -> list[int]:
        tokens: list[int] = self.tokenizer.encode(folded(readable(text)), add_special_tokens=False).ids
        return tokens

    def _add_up(self, some: Mapping[int, list[int]], sums: "npt.NDArray[np.float32]") -> None:
        """Write the sum of the vectors of each text's tokens into its row."""
        import numpy as np

        if not some:
            return
        lengths = np.fromiter(map(len, some.values()), np.int64, len(some))
        tokens = np.fromiter(chain.from_iterable(some.values()), np.int64, int(lengths.sum()))
        # In the table's own halves the sum of a long text would lose its last digits.
        rows = self.vectors[tokens].astype(np.float32)
        sums[list(some)] = np.add.reduceat(rows, np.cumsum(lengths) - lengths, axis=0)


def _of_length_one(sums: "npt.NDArray[np.float32]") -> "npt.NDArray[np.float32]":
    import numpy as np

    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    np.divide(sums, lengths, out=sums, where=lengths > 0)
    return sums


def load(folder: Path | None) -> Tables:
    """What lies in `folder`, or among what is installed; EmbeddingError where it is not there, or not what it was."""
    spec = importlib.util.find_spec(_PACKAGE) if folder is None else None
    if spec is not None and spec.origin:
        folder = Path(spec.origin).parent
    if folder is None:
        raise EmbeddingError("The bundled embedder is not installed.", HINT)
    # The products here are small: shared among threads they took 2.4 ms instead of 0.7 where the others were busy. The
    # library under numpy reads it when it is loaded, by whomever, and everything of ours that needs it comes later.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        vectors = _mapped(folder / WEIGHTS, tokenizer.get_vocab_size())
        begins = _beginnings(tokenizer, len(vectors))
    except Exception as error:
        # tokenizers raises nothing narrower than Exception for a file that it cannot read.
        raise EmbeddingError(f"The bundled embedder cannot be loaded ({_line(error)}).", HINT) from error
    return Tables(tokenizer, vectors, begins)


def _beginnings(tokenizer: Any, count: int) -> "npt.NDArray[np.bool_]":
    import numpy as np

    begins = np.zeros(count, np.bool_)
    begins[[number for token, number in tokenizer.get_vocab().items() if token.startswith(_BEGINS)]] = True
    return begins


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

"""wordllama's static table: a vector for each token and the tokenizer; vectors of texts and of single words by it.

Of the wheel only two files are read: its code would import four more libraries, set up logging for the whole process
and triple the memory.
"""

import importlib.util
import json
import os
from collections.abc import Sequence
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
_OF_A_HALF = -0x7000_2000  # sign, exponent and fraction, after 13 bits to the left: 0x8fffe000
_EXPONENTS = 2.0**112
_BLANK = "\u2581"  # how tokens write one; a text begins with it


@dataclass(frozen=True, slots=True)
class Tables:
    """What cuts text into tokens, and their vectors, one row a token, as `_floats` reads them; the rows stay in the
    file until they are needed.
    """

    model: Any
    vectors: "npt.NDArray[np.int16]"

    def of_texts(self, texts: Sequence[str]) -> "npt.NDArray[np.float32]":
        """One row a text: the mean of the vectors of its tokens, of length 1; zero for a text without any."""
        import numpy as np

        sums = np.zeros((len(texts), DIM), np.float32)
        for number, text in enumerate(texts):
            tokens = self._tokens(text)
            for first in range(0, len(tokens), _AT_ONCE):
                rows = _floats(self.vectors[tokens[first : first + _AT_ONCE]])
                sums[number] += np.add.reduce(rows, axis=0)
        return _of_length_one(sums)

    def of_words(self, words: Sequence[str]) -> "npt.NDArray[np.float32]":
        """The same for single words, of `WORD_DIM` numbers."""
        import numpy as np

        tokens = [self._tokens(word) for word in words]
        rows = _floats(self.vectors[:, :WORD_DIM][np.fromiter(chain.from_iterable(tokens), np.int64)])
        lengths = np.fromiter(map(len, tokens), np.int64, len(words))
        begins = np.cumsum(lengths) - lengths
        sums = np.zeros((len(words), WORD_DIM), np.float32)
        # The first tokens of all words at once, then the second ones of those that have as many: few have more.
        place, some = 0, np.flatnonzero(lengths)
        while len(some):
            sums[some] += rows[begins[some] + place]
            place += 1
            some = some[lengths[some] > place]
        return _of_length_one(sums)

    def _tokens(self, text: str) -> list[int]:
        """By the model alone, in two thirds of the time that the whole tokenizer takes: of what that does before, only
        how it writes blanks is needed here, and its special tokens are the characters they are.
        """
        written = folded(readable(text)).replace(" ", _BLANK)
        return [token.id for token in self.model.tokenize(_BLANK + written)] if written else []


def _floats(halves: "npt.NDArray[np.int16]") -> "npt.NDArray[np.float32]":
    """Numbers of half precision (IEEE 754, binary16) of which only the bits are known, finite ones, as float32.

    numpy turns them into floats one by one, in four times the time: here the bits go where those of a float stand, and
    the exponents differ by 112.
    """
    import numpy as np

    bits = halves.astype(np.int32)
    bits <<= 13
    bits &= _OF_A_HALF
    floats = bits.view(np.float32)
    floats *= _EXPONENTS
    return floats


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
        vectors = _mapped(folder / WEIGHTS, tokenizer.get_vocab_size())
    except Exception as error:
        # tokenizers raises nothing narrower than Exception for a file that it cannot read.
        raise EmbeddingError(f"The bundled embedder cannot be loaded ({_line(error)}).", HINT) from error
    return Tables(tokenizer.model, vectors)


def _mapped(path: Path, tokens: int) -> "npt.NDArray[np.int16]":
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
    return np.asarray(np.memmap(path, dtype="<i2", mode="r", offset=begins, shape=(rows, dim)))


def _line(error: Exception) -> str:
    """What it says, on one line."""
    return " ".join(str(error).split()) or type(error).__name__

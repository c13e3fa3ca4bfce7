"""`@path` in what a person types: which words name a file, and what may be sent without a question.

Only an @ that was typed counts: words that were pasted, piped or read from a file name nothing, whatever they say.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from memchat.cli.pasted import Line

# At the beginning of a word, or after a script without blanks; in an address (`me@example.com`) it is neither.
_MENTION = re.compile(r"""(?:(?<=[\s(\[{<"',;:])|(?<![\x00-\x7f]))@(?:"([^"\n]+)"|([^\s"]+))""")
# What may end a sentence behind a path.
_ENDS = ".,;:!?)]}>'`…。，、；：！？）」』】》”’"
# Where a path ends though no blank stands there: at a sign of Chinese or Japanese, and behind a name's ending.
_SIGNS = re.compile("[。，、；：！？（）「」『』【】《》“”]")
_ENDING = re.compile(r".+?\.[A-Za-z0-9]{1,8}(?=[^\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class Mention:
    """A file that a message names: as it was written, and where it really is."""

    name: str
    path: Path

    @property
    def outside(self) -> bool:
        """Whether it is outside the current folder: links, `..` and `~` are followed first."""
        try:
            return not self.path.is_relative_to(Path.cwd().resolve())
        except OSError:  # the current folder is gone
            return True


def mentions(line: Line) -> list[Mention]:
    """The files, and folders, that typed words of the line name, in order, each once."""
    found: dict[Path, Mention] = {}
    for match in _MENTION.finditer(line.text):
        if line.typed(match.start()):
            one = _meant(match[1], match[2])
            if one is not None:
                found.setdefault(one.path, one)
    return list(found.values())


def real(name: str) -> Path | None:
    """Where a path leads, links followed; None where nothing is there. What may not be looked at counts as there."""
    path = Path(os.path.expanduser(name))  # noqa: PTH111 - a ~ that names nobody stays as it is, where Path raises
    try:
        return path.resolve(strict=True)
    except PermissionError:
        return Path(os.path.abspath(path))  # noqa: PTH100 - `resolve` may raise the same again
    except (OSError, RuntimeError, ValueError):  # a ring of links, a zero character
        return None


def _meant(quoted: str | None, word: str | None) -> Mention | None:
    for name in [quoted] if quoted else _candidates(word or ""):
        if name.strip("./~\\ ") and (path := real(name)):
            return Mention(name, path)
    return None


def _candidates(word: str) -> Iterator[str]:
    """The word, then without what may stand behind a path, the longest first."""
    yield word
    rest = word
    while rest and rest[-1] in _ENDS:
        rest = rest[:-1]
        yield rest
    if sign := _SIGNS.search(word):
        yield word[: sign.start()]
    if ending := _ENDING.match(word):
        yield ending[0]

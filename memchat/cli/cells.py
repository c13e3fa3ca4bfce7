"""Text for a terminal: cleaned of what could steer it, measured and cut in cells.

`memchat.cli.terminal` offers these names; the screen itself lives there.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# The paint of `Screen.bold` and its like: the only escape sequences that may reach a terminal.
PAINT = re.compile(r"\x1b\[(?:0|1|2|7|31|36)m")

# Line ends that are no "\n" would overwrite or hide a line: CR, vertical tab, form feed, NEL, LS, PS.
_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Whole escape sequences, 7 and 8 bit (ECMA-48): strings (OSC, DCS, SOS, PM, APC) up to their end, CSI, and the rest.
# A string without an end loses its opening only: its words then stand there as harmless text.
_ESCAPES = re.compile(
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]{0,100000}(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|\x1b[ -/]*[0-~]?"
)
# What is left of C0 and C1, and characters nobody sees that turn, hide or smuggle text: bidi embeddings, overrides
# and isolates, invisible operators, zero-width space and joiner of words, deprecated formats, interlinear notes.
# ZWJ and ZWNJ stay (emoji, Indic, Persian), and LRM and RLM, which only help right-to-left text.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000\U000e0001]"
)
# Tags spell invisible ASCII; only a flag (black flag, tags, cancel tag) needs them. Selectors need no company.
_TAGS = re.compile(r"(\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f)|[\U000e0002-\U000e007f]")
_SELECTORS = re.compile(r"([\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_LONE = re.compile(r"[\ud800-\udfff]")
_SUSPECT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u180e\u200b\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e01ef]"
)

# Scripts whose widths are plain are measured without loading wcwidth's tables, which cost 40 ms: letters and signs
# of one cell; kana, Han, Hangul syllables and full-width forms of two. Combining marks are in neither.
_ONE = r"\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0377\u0384-\u0482\u2010-\u2027\u2588"
_TWO = r"\u3001-\u3029\u3030-\u303e\u3041-\u3096\u30a0-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60"
_PLAIN = re.compile(f"[{_ONE}{_TWO}]*")
_NARROW = "\u3000"  # what of those comes after it is wide
_is_wide = _NARROW.__lt__

ZWJ = "\u200d"
_EMOJI_LOOK = "\ufe0f"  # asks for the two-cell picture of a character that also has a one-cell form


def clean(text: str) -> str:
    """`text` without anything that could steer the terminal or hide words in it; `\\n` and `\\t` stay.

    Escape sequences go whole, other line ends become `\\n`, lone surrogates U+FFFD. Cleaning twice changes nothing.
    """
    if not _SUSPECT.search(text):
        return text
    text = _LINE_ENDS.sub("\n", _ESCAPES.sub("", text))
    text = _TAGS.sub(r"\1", _HIDDEN.sub("", text))
    return whole_characters(_SELECTORS.sub(r"\1", text))


def whole_characters(text: str) -> str:
    """`text` with U+FFFD for each half of a character: so a byte that is no UTF-8 is read, and nothing can keep it."""
    return _LONE.sub("\ufffd", text)


def one_line(text: str) -> str:
    """`text` cleaned and with every run of white space as one space: what a table cell or an error holds."""
    return " ".join(clean(text).split())


def width(text: str) -> int:
    """How many cells `text` takes; paint takes none, a tab and a line end one (no table holds them)."""
    text = PAINT.sub("", text)
    if _PLAIN.fullmatch(text):
        return len(text) + sum(map(_is_wide, text))
    return sum(cells for _, cells in graphemes(text))


def plain_width(text: str) -> int | None:
    """As `width` where each sign is one of a plain script; None where that is not known without a closer look."""
    if text.isascii() and text.isprintable():
        return len(text)
    return len(text) + sum(map(_is_wide, text)) if _PLAIN.fullmatch(text) else None


def sign_width(sign: str) -> int:
    """The cells of one sign of a text that has a `plain_width`."""
    return 1 + _is_wide(sign)


def cut(text: str, cells: int) -> str:
    """The beginning of `text` that fits into `cells`, never inside a grapheme; paint that was begun is kept."""
    if width(text) <= cells:
        return text
    kept, left = [], max(cells, 0)
    for grapheme, wide in _painted(text):
        if wide > left:
            break
        kept.append(grapheme)
        left -= wide
    cut_off = "".join(kept)
    return f"{cut_off}\x1b[0m" if PAINT.search(cut_off) and not cut_off.endswith("\x1b[0m") else cut_off


def pad(text: str, cells: int) -> str:
    """`text` with spaces after it up to `cells`; longer text is returned as it is."""
    return text + " " * max(cells - width(text), 0)


def graphemes(text: str) -> Iterator[tuple[str, int]]:
    """What a reader sees as one character, with its cells: marks, selectors, joined emoji and flags stay together."""
    if _PLAIN.fullmatch(text):  # nothing in it joins anything
        yield from ((char, _cells(char)) for char in text)
        return
    cluster, cells = "", 0
    for char in text:
        wide = _cells(char)
        if cluster and _belongs(cluster, char, wide):
            cluster += char
            cells = 2 if char == _EMOJI_LOOK and cells else max(cells, wide)
            continue
        if cluster:
            yield cluster, cells
        cluster, cells = char, wide
    if cluster:
        yield cluster, cells


def _painted(text: str) -> Iterator[tuple[str, int]]:
    """The graphemes of `text`, each stretch of paint among them with no cells."""
    end = 0
    for paint in PAINT.finditer(text):
        yield from graphemes(text[end : paint.start()])
        yield paint.group(), 0
        end = paint.end()
    yield from graphemes(text[end:])


def _belongs(cluster: str, char: str, wide: int) -> bool:
    """Whether `char` is drawn into the grapheme before it."""
    if "\U0001f1e6" <= char <= "\U0001f1ff":  # two regional indicators are one flag
        return len(cluster) == 1 and "\U0001f1e6" <= cluster <= "\U0001f1ff"
    skin = "\U0001f3fb" <= char <= "\U0001f3ff"
    return wide == 0 or skin or (cluster[-1] == ZWJ and unicodedata.category(char) == "So")


@lru_cache(maxsize=8_192)  # a Chinese novel has half as many
def _cells(char: str) -> int:
    """The cells of one character by itself."""
    if _PLAIN.fullmatch(char):
        return sign_width(char)
    from wcwidth import wcwidth

    cells: int = wcwidth(char)
    return max(cells, 0) if char not in "\n\t" else 1

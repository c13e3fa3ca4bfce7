"""The user's own words in a message, cut into sentences; what they only quote is blanked out.

Offsets always point into the text as it was typed, so a quote can be taken from there, letter by letter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from memchat.domain import OWN_WORDS, Message, Origin, PartKind

LOOKED_AT = 4_000
"""Characters of a message that the notebook reads for facts and questions; the reply says when there were more."""
QUESTION = 200
"""Characters of a piped line that is taken for a question rather than for a document."""
SENTENCE = 400
"""Characters of one sentence that are read: longer ones are no plain statements."""

BLANK = "\ufffc"
"""Stands for each character that was quoted: it matches no letter, and no fact may hold it."""

_QUOTED = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)"  # fences
    r"|^[ \t]*(?:>|\uff1e)[^\n]*$"  # mail and Markdown quotes
    r"|^(?:From|To|Cc|Subject|Sent|Date|Re|Fwd|寄件者|收件者|发件人"
    r"|收件人|主旨|主题)[:\uff1a][^\n]*$"  # mail headers
    r"|`[^`\n]{1,400}`"
    r'|"[^"\n]{0,400}"|(?<!\w)"\w[^\n]{0,400}$'  # an opening mark without its end quotes the rest of the line
    r"|\u201c[^\u201d\n]{0,400}(?:\u201d|$)"
    r"|\u300c[^\u300d\n]{0,400}(?:\u300d|$)|\u300e[^\u300f\n]{0,400}(?:\u300f|$)"
    r"|\u00ab[^\u00bb\n]{0,400}(?:\u00bb|$)"
    r"|(?<!\w)['\u2018][^'\u2018\n]{1,400}['\u2019](?!\w)",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_END = re.compile(r"[.!?\u2026]+(?=[\s)\"'\u201d\u3000-鿿]|$)|[\u3002\uff01\uff1f!?]+|[;\uff1b]|\n+")
_SHORT_FORM = re.compile(
    r"(?:^|[\s(.])(?:mr|mrs|ms|dr|st|prof|e\.g|i\.e|vs|jr|sr|approx|(?-i:[A-HJ-Z]))$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, quoted words blanked, at `start` of the text; `asks` when it ends with a question mark."""

    text: str
    start: int
    asks: bool


def own_words(message: Message) -> str:
    """What the user typed or gave on the command line; pasted, piped and attached text is left out."""
    return _words_of(message, OWN_WORDS)


def question_words(message: Message) -> str:
    """What is to be answered: the user's own words; without any, what was piped in, if it is as short as a question.

    It is answered, as in `echo "What is my name?" | memchat ask`, and never learned from.
    """
    if own := own_words(message):
        return own
    piped = _words_of(message, frozenset({Origin.STDIN})).strip()
    return piped if len(piped) <= QUESTION and "\n" not in piped else ""


def _words_of(message: Message, origins: frozenset[Origin]) -> str:
    return "\n\n".join(
        part.content
        for part in message.parts
        if part.kind is PartKind.TEXT and part.origin in origins and not part.barred
    )


def without_quotes(text: str) -> str:
    """The same text, of the same length, with what it quotes blanked."""
    return _QUOTED.sub(lambda found: BLANK * len(found.group()), text)


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of the first LOOKED_AT characters, each cut at SENTENCE characters."""
    return of_plain(without_quotes(text[:LOOKED_AT]))


def of_plain(plain: str) -> Iterator[Sentence]:
    """The same for a text whose quotes are blanked already, all of it."""
    start = 0
    for end in _END.finditer(plain):
        before = plain[max(start, end.start() - 8) : end.start()]
        if end.group() == "." and _SHORT_FORM.search(before):
            continue
        yield from _sentence(plain, start, end.start(), asks="?" in end.group() or "\uff1f" in end.group())
        start = end.end()
    yield from _sentence(plain, start, len(plain), asks=False)


def _sentence(plain: str, start: int, end: int, *, asks: bool) -> Iterator[Sentence]:
    body = plain[start:end]
    stripped = body.lstrip()
    if stripped:
        start += len(body) - len(stripped)
        yield Sentence(stripped.rstrip()[:SENTENCE], start, asks)

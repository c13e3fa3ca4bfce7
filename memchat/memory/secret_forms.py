"""What a rule for secrets is made of, and what a value must be like to be one. The table: `secret_rules.py`."""

import math
import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

Accept = Callable[[str, int, int], bool]  # whole text, start and end of the secret in it -> is it one?


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of secret.

    `hints` are literals, one of which must be in the text (lower case for a `folded` rule, which is searched in the
    lower-cased text). `pattern` starts with a literal or a small set, so that the search stays quick, and repeats
    without a bound only after a start that comes once a word. The secret is group `group`, or the whole match for 0.
    """

    kind: str
    hints: tuple[str, ...]
    pattern: str
    accept: Accept | None = None
    group: int = 0
    folded: bool = False

    @property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, compiled when it is first needed: importing this table costs nothing."""
        return _compiled(self.pattern)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


PLACEHOLDERS = (
    *("example", "placeholder", "changeme", "your", "xxxx", "****", "redacted", "dummy", "environ", "getenv"),
    *("replace_me", "insert-", "insert_"),
)
CODE = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+"  # settings.api_key
TAG = r"![A-Za-z]+"  # !vault in YAML


def entropy(text: str) -> float:
    """Shannon's, in bits a character: 0 for one letter repeated, about 3.5 to 5 for keys, 4 for hexadecimal at most."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in (text.count(c) for c in set(text)))


def mixed(text: str, start: int, end: int) -> bool:
    """A key as machines make them: digits and letters of more than a word's variety."""
    secret = text[start:end]
    digits = any(c.isdigit() for c in secret)
    return digits and any(c.isalpha() for c in secret) and entropy(secret) >= 3


def assigned(text: str, start: int, end: int) -> bool:
    """A value that somebody would call a password: letters with digits or signs, no placeholder, no code."""
    secret = text[start:end]
    lower = secret.lower()
    if (
        any(word in lower for word in PLACEHOLDERS)
        or secret.startswith(("$", "%", "/", "http"))
        or _compiled(TAG).fullmatch(secret)
    ):
        return False
    if text[start - 1 : start] not in QUOTES and (
        text[end : end + 1] in {"(", "["} or _compiled(CODE).fullmatch(secret)
    ):
        return False
    letters = any(c.isalpha() for c in secret)
    others = any(c.isdigit() or c in "!@#$%^&*+=?~" for c in secret)
    return letters and others and entropy(secret) >= 2.5


def machine_made(text: str, start: int, end: int) -> bool:
    """A value that only a machine makes: digits, capitals and small letters, of more than a word's variety."""
    secret = text[start:end]
    cases = any(c.isupper() for c in secret) and any(c.islower() for c in secret)
    return cases and mixed(text, start, end) and assigned(text, start, end)


def signed(text: str, start: int, end: int) -> bool:
    """A password as people make them: letters, digits and a sign within."""
    secret = text[start:end]
    kinds = (
        any(map(str.isalpha, secret)),
        any(map(str.isdigit, secret)),
        any(c in "!@#$%^&*+=?~_" for c in secret[1:-1]),
    )
    return all(kinds) and assigned(text, start, end)


def in_url(text: str, start: int, end: int) -> bool:
    secret = text[start:end]
    return secret.lower() not in {"password", "passwd", "pass", "pwd"} and not secret.startswith(("$", "{", "<", "*"))


def luhn(digits: str) -> bool:
    """The check digit of card numbers, ISO/IEC 7812-1 annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def card(text: str, start: int, end: int) -> bool:
    """Luhn holds, an issuer has such numbers, and it is no piece of a longer number, decimal or word."""
    if text[end : end + 1] in WORDY or text[max(0, start - 1) : start] in WORDY | {"+", "."}:
        return False
    digits = "".join(c for c in text[start:end] if c not in {" ", "-"})
    lengths = {"34": 15, "37": 15, "30": 14, "36": 14, "38": 14}
    issued = digits[0] in "456" or digits[:2] in lengths or digits[:2] == "35" or "2221" <= digits[:4] <= "2720"
    return issued and len(digits) == lengths.get(digits[:2], 16) and len(set(digits)) > 1 and luhn(digits)


WORDY = frozenset(string.ascii_letters + string.digits + "_")  # ASCII only: Chinese writes no blank before a number
KEY = r"[A-Za-z0-9_-]"
QUOTES = frozenset("\"'`")


def starting(
    kind: str, literal: str, rest: str, accept: Accept | None = None, group: int = 0, ends: tuple[str, ...] = ("",)
) -> Rule:
    """Starts with `literal` and one of `ends`; no letter, digit, - or _ precedes it, unless it's an escaped line end.

    The look behind stands after the literal: there it leaves the quick search for the literal alone.
    """
    start = re.escape(literal)
    alone = rf"(?:(?<!{KEY}{start})|(?<=\\[nrt]{start}))"
    branch = f"(?:{'|'.join(re.escape(one) for one in ends)})"
    return Rule(kind, tuple(literal + one for one in ends), f"{start}{alone}{branch}{rest}", accept, group)

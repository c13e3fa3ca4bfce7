"""The table of secrets: one rule a kind, each with the literal that must be there before its pattern is tried.

Sources of the forms: the providers' own documentation of their key formats, ISO/IEC 7812 for card numbers (Luhn),
RFC 7519 for JWTs, RFC 7468 for key blocks. To add a secret, add a line to `RULES`.
"""

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


PLACEHOLDERS = ("example", "placeholder", "changeme", "your", "xxxx", "****", "redacted", "dummy", "environ", "getenv")


def entropy(text: str) -> float:
    """Shannon's, in bits a character: 0 for one letter repeated, about 3.5 to 5 for keys, 4 for hexadecimal at most."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in (text.count(c) for c in set(text)))


def _mixed(text: str, start: int, end: int) -> bool:
    """A key as machines make them: digits and letters of more than a word's variety."""
    secret = text[start:end]
    digits = any(c.isdigit() for c in secret)
    return digits and any(c.isalpha() for c in secret) and entropy(secret) >= 3


def _assigned(text: str, start: int, end: int) -> bool:
    """A value that somebody would call a password: letters with digits or signs, no placeholder, no code."""
    secret = text[start:end]
    lower = secret.lower()
    if any(word in lower for word in PLACEHOLDERS) or secret.startswith(("$", "%", "/", "http")):
        return False
    letters = any(c.isalpha() for c in secret)
    others = any(c.isdigit() or c in "!@#$%^&*+=?~" for c in secret)
    return letters and others and entropy(secret) >= 2.5


def _in_url(text: str, start: int, end: int) -> bool:
    secret = text[start:end]
    return secret.lower() not in {"password", "passwd", "pass", "pwd"} and not secret.startswith(("$", "{", "<", "*"))


def luhn(digits: str) -> bool:
    """The check digit of card numbers, ISO/IEC 7812-1 annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _card(text: str, start: int, end: int) -> bool:
    """Luhn holds, an issuer has such numbers, and it is no piece of a longer number, decimal or word."""
    if text[end : end + 1] in WORDY or text[max(0, start - 1) : start] in WORDY | {"+", "."}:
        return False
    digits = "".join(c for c in text[start:end] if c not in {" ", "-"})
    lengths = {"34": 15, "37": 15, "30": 14, "36": 14, "38": 14}
    issued = digits[0] in "456" or digits[:2] in lengths or digits[:2] == "35" or "2221" <= digits[:4] <= "2720"
    return issued and len(digits) == lengths.get(digits[:2], 16) and len(set(digits)) > 1 and luhn(digits)


WORDY = frozenset(string.ascii_letters + string.digits + "_")  # ASCII only: Chinese writes no blank before a number
KEY = r"[A-Za-z0-9_-]"


def _starting(kind: str, literal: str, rest: str, accept: Accept | None = None, group: int = 0) -> Rule:
    """Starts with `literal`, which no letter, digit, - or _ precedes.

    The look behind stands after the literal: there it leaves the quick search for the literal alone.
    """
    return Rule(kind, (literal,), rf"{re.escape(literal)}(?<![A-Za-z0-9_-]{re.escape(literal)}){rest}", accept, group)


DELIMITER = r"[\"'`]?[ \t]{0,4}(?::=|=>|[:=：]|是)[ \t]{0,4}[\"'`]?"
VALUE = r"([^\s\"'`,;<>(){}\[\]，。；、「」]{8,256})"
# At the end of a name, so that `DB_PASSWORD=` counts and `token_count:` does not.
NAMED = (
    *("password", "passwd", "passphrase", "pwd", "secret", "secret_key", "secretkey", "access_key", "accesskey"),
    *("private_key", "api_key", "api-key", "api key", "apikey", "token", "credential", "credentials"),
    *("密碼", "密码", "口令"),
)


def _named(name: str) -> Rule:
    delimiter = rf"(?:{DELIMITER}| is )" if name.startswith("pass") else DELIMITER
    kind = "password" if name.startswith(("pass", "pwd", "密", "口")) else "key"
    return Rule(kind, (name,), f"{name}{delimiter}{VALUE}", _assigned, group=1, folded=True)


RULES: tuple[Rule, ...] = (
    _starting("anthropic-key", "sk-ant-", rf"{KEY}{{20,}}"),
    _starting("openai-key", "sk-", rf"{KEY}{{20,}}", _mixed),
    _starting("google-key", "AIza", rf"{KEY}{{35}}"),
    _starting("google-secret", "GOCSPX-", rf"{KEY}{{20,}}"),
    _starting("aws-key", "AKIA", r"[0-9A-Z]{16}(?![0-9A-Za-z])"),
    _starting("aws-key", "ASIA", r"[0-9A-Z]{16}(?![0-9A-Za-z])"),
    # Beside the key's id, on its line or the next.
    _starting(
        "aws-secret",
        "AKIA",
        r"[0-9A-Z]{16}[\s\"',:;=|]{1,8}(?:[A-Za-z_ -]{1,32}[\s\"',:;=|]{1,8})?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        _mixed,
        group=1,
    ),
    *(_starting("github-token", f"gh{kind}_", r"[A-Za-z0-9]{36,}") for kind in "pousr"),
    _starting("github-token", "github_pat_", r"[A-Za-z0-9_]{22,}"),
    _starting("gitlab-token", "glpat-", rf"{KEY}{{20,}}"),
    _starting("slack-token", "xox", r"[abeoprs]-[A-Za-z0-9-]{10,}", _mixed),
    Rule("slack-hook", ("hooks.slack.com/",), r"hooks\.slack\.com/services/([A-Za-z0-9/]{20,})", group=1),
    *(_starting("stripe-key", f"{kind}k_{use}_", r"[A-Za-z0-9]{16,}") for kind in "sr" for use in ("live", "test")),
    _starting("huggingface-token", "hf_", r"[A-Za-z0-9]{30,}", _mixed),
    _starting("npm-token", "npm_", r"[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
    _starting("pypi-token", "pypi-", rf"{KEY}{{50,}}"),
    _starting("groq-key", "gsk_", r"[A-Za-z0-9]{40,}"),
    _starting("xai-key", "xai-", r"[A-Za-z0-9]{40,}"),
    Rule("telegram-token", (":AA",), r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"),
    _starting("jwt", "eyJ", rf"{KEY}{{8,}}\.eyJ{KEY}{{8,}}\.{KEY}{{8,}}"),
    Rule("password", ("://",), r"://[^\s/@:\[\]\"'<>]{0,64}:([^\s/@\[\]\"'<>]{1,128})@", _in_url, group=1),
    Rule("bearer", ("bearer ",), r"bearer[ ]{1,4}([a-z0-9._~+/=-]{16,4096})", _mixed, group=1, folded=True),
    Rule(
        "basic",
        ("basic ",),
        r"authorization[\"']?:[ ]{0,4}[\"']?basic[ ]{1,4}([a-z0-9+/=]{8,4096})",
        None,
        1,
        folded=True,
    ),
    *(_named(name) for name in NAMED),
    # Grouped as on the card: 4-4-4-4, 4-6-5, 4-6-4; or in one piece.
    Rule("card", tuple("23456"), r"[2-6][0-9]{3}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}", _card),
    Rule("card", ("3",), r"3[0-9]{3}([ -])[0-9]{6}\1[0-9]{4,5}", _card),
    Rule("card", tuple("23456"), r"[2-6][0-9]{13,15}", _card),
)

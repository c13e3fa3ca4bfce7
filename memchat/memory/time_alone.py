"""Whether a message asks what was said at some time, and nothing else: then that time's talk alone answers."""

import re
from datetime import datetime

from memchat.memory.plain import plain
from memchat.memory.query import Query, understand

# Words about talk itself, in small letters without accents, Chinese simplified; they name nothing that was said.
_TALK_TEXT = """
talk talked discuss discussed say said speak spoke spoken chat chatted conversation conversations told tell asked
message messages happened happen going remind remember thing things work working worked do doing decide decided agree
agreed settle settled plan planned
hablamos hablar hablaste dije dijimos dijiste charlamos conversamos que paso
decidimos acordamos
beschlossen entschieden gesprochen geredet gesagt besprochen woruber woran unterhalten passiert gemacht
聊 说 谈 讲 讨论 说过 聊过 谈过 讲过 发生 做了 记得 还记 决定
"""
_TALK = frozenset(_TALK_TEXT.split())
_ASKS = re.compile(
    r"[?？]|^\W*(?:what|which|remind|list|summari[sz]e|tell me|show me|que|cual|was|woruber|woran|worum|erinner\w*)\b"
    r"|什么|哪些|哪|啥|吗|提醒我|列出"
)
_PLEASANT = re.compile(
    r"\bhow (?:are|is|was|were) (?:you|your|it|the)\b|\bhow's\b|怎么样|好吗|como (?:estas|te fue)|wie (?:geht|war)"
)


def range_of(query: Query, now: datetime) -> tuple[datetime, datetime] | None:
    """The time that is asked for, `until` excluded; None where the message asks for anything beside it."""
    past = [period for period in query.periods if period.since <= now]
    if not past:
        return None
    rest = list(query.text)
    for period in query.periods:
        rest[period.start : period.end] = " " * (period.end - period.start)
    words = {term.word for term in understand("".join(rest), now).terms}
    if words - _TALK:
        return None
    return min(period.since for period in past), max(period.until for period in past)


def asks(query: Query) -> bool:
    """Whether the message asks for it outright, of what was said between the two: not every `yesterday` does."""
    low = plain(query.text)
    talked = query.ours or any(term.word in _TALK for term in query.terms) or query.asked is not None
    return talked and _ASKS.search(low) is not None and not _PLEASANT.search(low)

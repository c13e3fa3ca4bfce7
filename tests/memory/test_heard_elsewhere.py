"""What was erased comes back by nobody's word but the user's: not by a model that heard it elsewhere."""

from datetime import timedelta

import pytest
from memchat.domain import Draft, MemoryStatus, Origin, Source, Verdict
from memchat.memory import learning
from memchat.memory.learning import Rules
from memchat.memory.outcomes import Ask, Ignore
from memchat.memory.words import words
from memchat.ports import Store

from tests.conftest import NOW

RULES = Rules(("location",))
LATER = NOW + timedelta(days=1)
ANEW = Ask("you erased this on 2026-11-22")
ERASED = Ignore("you erased this")


@pytest.mark.parametrize(
    ("text", "quote", "status", "outcome"),
    [
        ("allergic to walnuts", "I am allergic to walnuts", MemoryStatus.PENDING, ANEW),
        ("allergic to walnuts", "I am allergic to walnuts", MemoryStatus.ACTIVE, ANEW),
        ("allergic to walnuts", "I like green tea", MemoryStatus.PENDING, ERASED),
        ("allergic to walnuts", "walnuts", MemoryStatus.PENDING, ERASED),
        ("allergic to walnuts", "I collect old stamps", MemoryStatus.PENDING, ERASED),
        ("allergic to walnuts", "", MemoryStatus.PENDING, ERASED),
        ("allergic to walnuts", "I am allergic to walnuts", MemoryStatus.QUARANTINED, ERASED),
    ],
)
def test_a_draft_waits_only_where_the_words_it_rests_on_say_it(
    store: Store, text: str, quote: str, status: MemoryStatus, outcome: Ask | Ignore
) -> None:
    """Said anew after it was erased; what the quote does not say, a model brought along."""
    for erased in ("allergic to walnuts", "collects old stamps"):
        store.tombstones.add("", words(erased), NOW)
    source = Source(Origin.TYPED, LATER, quote, 1, 1, 1, 1, (0, len(quote)))
    decided = learning.decide(store, Draft(text, quote), Verdict(status, "why"), source, RULES, LATER, late=True)
    assert decided == outcome


def test_what_is_never_to_be_kept_is_not_whoever_says_it(store: Store) -> None:
    """Also the user."""
    store.tombstones.add("", words("allergic to walnuts"), NOW, never=True)
    source = Source(Origin.TYPED, LATER, "I am allergic to walnuts")
    draft = Draft("allergic to walnuts", source.quote)
    decided = learning.decide(store, draft, Verdict(MemoryStatus.ACTIVE, "why"), source, RULES, LATER)
    assert decided == Ignore("you asked never to keep this")

"""The notebook's consolidation, by rule: what was wanted, resolved and left open, in the user's own words.

Extractive: every clause of the summary is a piece of what the user typed. Pasted, piped and quoted text, code and the
assistant's words never enter it.
"""

import re
from collections.abc import Sequence
from functools import partial

from memchat.domain import Draft, Material, Turn
from memchat.llm.notebook import questions
from memchat.llm.notebook.acts import Act
from memchat.llm.notebook.clauses import clauses, short
from memchat.llm.notebook.learn import learn, placed
from memchat.llm.notebook.ledger import Item, Ledger, item_of
from memchat.llm.notebook.replies import is_answer
from memchat.llm.notebook.small_talk import Talk, talk_of
from memchat.llm.notebook.subjects import topics_of
from memchat.llm.tokens import EstimateCounter
from memchat.memory.language import folded
from memchat.memory.quoting import ERASED, named
from memchat.memory.session import Summary, default_title, parts
from memchat.memory.statements.sentences import LOOKED_AT, own_words

ROOM = 165
"""Tokens of a summary by the estimate, which errs by up to 15 % on text like this: 200 are never passed."""
MOST = 4
"""Clauses of one part of the summary."""
IMPORTANCE = 5
TELLING = 3
"""Words from which on what is only told says what a talk is about: `long day` does not."""
WORDLESS = "a message without words"
_JOINT = re.compile(r"[;；]\s*|(?<=[?？])\s*|(?<=[.!。！])\s+|\n")


def consolidated(material: Material) -> dict[str, object]:
    """Title, summary, topics and facts of the material, as the schema `consolidation` has them."""
    told = [(number, turn, learn(_own(turn), turn.user.created_at)) for number, turn in material.turns]
    facts = [_fact(number, draft, material.fields) for number, _, drafts in told for draft in drafts]
    if not material.session:
        return {"title": "", "summary": "", "topics": [], "facts": facts}
    ledger = _earlier(material.summary)
    for number, turn, drafts in told:
        ledger.take(number, clauses(_own(turn)), drafts, partial(is_answer, turn.reply))
    chosen = _chosen(ledger, [turn for _, turn in material.turns])
    taught = frozenset(number for number, _, drafts in told if drafts)
    return {
        "title": _title(material, ledger, taught),
        "summary": chosen.text,
        "topics": _topics(ledger),
        "facts": facts,
    }


def _own(turn: Turn) -> str:
    return own_words(turn.user)[:LOOKED_AT]


def _fact(number: int, draft: Draft, fields: Sequence[str]) -> dict[str, object]:
    field, text = placed(draft, fields)
    return {
        "op": "add",
        "target": None,
        "field": field,
        "text": text,
        "turn": number,
        "quote": draft.quote,
        "importance": IMPORTANCE,
        "lasting": True,
    }


def _earlier(summary: str) -> Ledger:
    """The books as the summary so far tells them; what stands under no label was wanted."""
    so_far = parts(summary)
    return Ledger(
        wanted=[item_of(text, 0, Act.REQUESTS) for text in _split(f"{so_far.rest}\n{so_far.wanted}")],
        resolved=[item_of(text, 0, Act.DECIDES) for text in _split(so_far.resolved)],
        pending=[item_of(text, 0, Act.INTENDS) for text in _split(so_far.pending)],
    )


def _split(words: str) -> list[str]:
    """The clauses of one part, as they were joined; of a language model's summary its sentences."""
    return [short(clause) for piece in _JOINT.split(words) if (clause := piece.strip(" .。;；"))]


def _chosen(ledger: Ledger, turns: Sequence[Turn]) -> Summary:
    """The best of each part in turn, while there is room; each part in the order in which it was said."""
    pending = sorted(ledger.pending, key=lambda one: (not one.open_question, one.turn), reverse=True)
    open_now = {one.text for one in pending[:MOST]}
    ranked = {
        "wanted": [one for one in _by_weight(ledger) if one.text not in open_now] or _instead(ledger, turns),
        "pending": pending,
        "resolved": ledger.resolved[::-1],
    }
    count, left = EstimateCounter().count, ROOM
    kept: dict[str, list[Item]] = {name: [] for name in ranked}
    for place in range(MOST):
        for name, items in ranked.items():
            cost = count(items[place].text) + (1 if kept[name] else 4) if place < len(items) else ROOM
            if cost <= left:
                kept[name].append(items[place])
                left -= cost
    joined = {name: _joined(items, getattr(ledger, name)) for name, items in kept.items()}
    return Summary(**joined)


def _joined(items: Sequence[Item], order: Sequence[Item]) -> str:
    """The clauses as one line."""
    said = sorted(items, key=lambda one: (one.turn, order.index(one) if one in order else 0))
    pieces = [f"{one.text}{' ' if one.text[-1] in '?？' else '; '}" for one in said]
    return "".join(pieces).rstrip("; ")


def _by_weight(ledger: Ledger) -> list[Item]:
    """What was wanted, the most telling first: what recurs, the first, the newest; small questions last."""
    items = ledger.wanted
    others = [*items, *ledger.told, *ledger.resolved, *ledger.pending]
    weights: dict[int, float] = {}
    for place, item in enumerate(items):
        turns = {one.turn for one in others if one.turn != item.turn and one.words & item.words}
        recurs, telling = min(len(turns) + item.times - 1, 4), 2 * min(len(item.words), 3)
        first, newer = 1.5 * (place == 0), 2 * (place + 1) / len(items) + 3 * (item is items[-1])
        weights[place] = recurs + telling + first + newer + (item.act is Act.REQUESTS) - 2 * _about_memory(item)
    return [items[place] for place in sorted(weights, key=weights.__getitem__, reverse=True)]


def _about_memory(item: Item) -> bool:
    """Whether it only asks what is known of the user: such a question tells little of what the talk was about."""
    asked = questions.asks(item.text) if item.act is Act.ASKS else []
    return bool(asked) and all(one.topic != questions.OPEN for one in asked)


def _instead(ledger: Ledger, turns: Sequence[Turn]) -> list[Item]:
    """What stands for wanted where nothing was asked, or where all of it is pending: never nothing."""
    wanted = _by_weight(ledger)[:1]
    told = sorted(ledger.told, key=lambda one: -len(one.words))[:2]
    others = (wanted, told, ledger.resolved[-1:], ledger.pending[-1:], ledger.small[:1])
    return next((items for items in others if items), []) or [item_of(_given(turns), 0, Act.TELLS)]


def _given(turns: Sequence[Turn]) -> str:
    """What was given where no own words say anything: by its name, never by its words."""
    names = (named(part) for turn in turns for part in turn.user.parts if not part.barred)
    return next((name for name in names if name), WORDLESS)


def _title(material: Material, ledger: Ledger, taught: frozenset[int]) -> str:
    """What the first turn says that says something, its request first; the title so far, once there is a summary.

    A greeting is no title while there is better. `taught` are the turns that taught facts.
    """
    so_far = material.title.strip()
    if so_far and material.summary and talk_of(folded(so_far)) in {Talk.OTHER, Talk.REQUEST}:
        return default_title(so_far)
    said = [*ledger.wanted, *ledger.pending, *ledger.resolved, *ledger.told]
    telling = sorted((one for one in said if _names_the_talk(one, taught)), key=lambda one: one.first)
    first = [*telling, *said, *ledger.small]
    kept = "" if ERASED in so_far else so_far
    text = first[0].text if first else kept or _given([turn for _, turn in material.turns])
    return default_title(text[:1].upper() + text[1:])


def _names_the_talk(item: Item, taught: frozenset[int]) -> bool:
    """Whether it says what the talk is about. Who one is, what is known of one, and `done` say less of it."""
    if item.act is Act.TELLS:
        return len(item.words) >= TELLING and item.turn not in taught
    return bool(item.words) and item.act is not Act.SETTLES and not _about_memory(item)


def _topics(ledger: Ledger) -> list[str]:
    """What most of the clauses are about, requests counting double."""
    items = [*ledger.wanted, *ledger.resolved, *ledger.pending, *ledger.told]
    return topics_of([one.text for one in items], [2 if one.open_question else 1 for one in items])

"""A draft against the user's message it rests on -> ignored, quarantined, pending or active, each with its reason.

Two tables of small checks: of the draft alone, and of the place where its quote stands. A check returns None when it
has nothing to say; the first that speaks decides. A quote that stands in several places is judged at the best.
"""

from collections.abc import Callable
from dataclasses import dataclass

from memchat.domain import OWN_WORDS, Draft, MemoryStatus, Message, Origin, Part, PartKind, Verdict
from memchat.memory import phrases
from memchat.memory.masking import MARK, mask
from memchat.memory.quoting import find
from memchat.memory.words import words

TEXT_CHARACTERS = 500
QUOTE_MARKS = " \t\n\"'“”‘’「」『』"
ORDER = (MemoryStatus.ACTIVE, MemoryStatus.PENDING, MemoryStatus.QUARANTINED, None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands: characters `start` to `end` of a part, in its sentence."""

    part: Part
    start: int
    end: int

    @property
    def sentence(self) -> str:
        """The whole sentence, or the sentences the quote spans."""
        return phrases.around(self.part.content, self.start, self.end, phrases.SENTENCE)

    @property
    def clause(self) -> str:
        """The part of the sentence between commas that holds the quote."""
        return phrases.around(self.part.content, self.start, self.end, phrases.CLAUSE)


def verify(draft: Draft, message: Message, *, min_importance: int = 1) -> Verdict:
    """What may become of `draft`; the quote must stand in the words the user wrote themselves in `message`."""
    for check in OF_THE_DRAFT:
        if why := check(draft, min_importance):
            return Verdict(None, why)
    places = _places(draft.quote, message)
    own = [place for place in places if place.part.origin in OWN_WORDS]
    if own:
        return min((_judged(draft, place) for place in own), key=lambda verdict: ORDER.index(verdict.status))
    if not places:
        return Verdict(None, "these words are not in your message")
    place = places[0]
    if phrases.orders(draft.text) or phrases.orders(place.sentence):
        return _verdict(MemoryStatus.QUARANTINED, f"an order in {_named(place.part.origin)} text", place)
    return Verdict(None, f"not your own words: {_named(place.part.origin)} text")


def _places(quote: str, message: Message) -> list[Place]:
    """Every place in the message's texts and files where the quote stands."""
    kinds = (PartKind.TEXT, PartKind.FILE)
    return [
        Place(part, start, end)
        for part in message.parts
        if part.kind in kinds and not part.barred
        for start, end in find(quote.strip(QUOTE_MARKS), part.content)
    ]


def _judged(draft: Draft, place: Place) -> Verdict:
    for check in OF_THE_PLACE:
        if found := check(draft, place):
            status, why = found
            return _verdict(status, why, place)
    return _verdict(MemoryStatus.ACTIVE, "quote found in your message", place)


def _verdict(status: MemoryStatus | None, why: str, place: Place) -> Verdict:
    return Verdict(status, why, place.part, (place.start, place.end))


def _named(origin: Origin) -> str:
    names = {Origin.PASTE: "pasted", Origin.STDIN: "piped", Origin.FILE: "a file's", Origin.IMPORT: "imported"}
    return names.get(origin, str(origin))


# Of the draft alone: a reason to ignore it, or nothing.


def _empty(draft: Draft, _: int) -> str:
    return "" if draft.text.strip() else "the text is empty"


def _long(draft: Draft, _: int) -> str:
    return f"over {TEXT_CHARACTERS} characters" if len(draft.text) > TEXT_CHARACTERS else ""


def _unimportant(draft: Draft, least: int) -> str:
    return f"importance {draft.importance} is under {least}" if draft.importance < least else ""


def _passing(draft: Draft, _: int) -> str:
    return "" if draft.lasting else "passing"


def _secret(draft: Draft, _: int) -> str:
    both = f"{draft.text}\n{draft.quote}"
    return "holds a secret" if MARK in both or mask(both).kinds else ""


def _unquoted(draft: Draft, _: int) -> str:
    return "" if draft.quote.strip(QUOTE_MARKS) else "no quote"


OF_THE_DRAFT: tuple[Callable[[Draft, int], str], ...] = (_empty, _long, _unimportant, _passing, _secret, _unquoted)

# Of the place: a status with its reason, or None.

Found = tuple[MemoryStatus | None, str] | None


def _binding(draft: Draft, place: Place) -> Found:
    if phrases.binds(draft.text) or phrases.binds(place.sentence):
        return MemoryStatus.QUARANTINED, "tries to bind the assistant"
    return None


def _cited(_: Draft, place: Place) -> Found:
    if phrases.is_cited(place.part.content, place.start, place.end):
        return None, "you quoted it"
    return None


def _asked(_: Draft, place: Place) -> Found:
    return (None, "a question") if phrases.is_question(place.clause, place.sentence) else None


def _supposed(_: Draft, place: Place) -> Found:
    return (None, "a supposition or a role") if phrases.is_supposed(place.sentence) else None


def _other_person(draft: Draft, place: Place) -> Found:
    """`My sister lives in Porto` is no reason for location = Porto, nor for "lives in Porto".

    Whoever is named only after what is said of the user is company: `I live in Porto with my sister`.
    """
    clause = place.clause
    said = clause.find(draft.text.strip())
    other = phrases.other_person(clause if said < 0 else clause[:said])
    if other and (draft.field or not phrases.names(draft.text, other)):
        return MemoryStatus.PENDING, f'may be about somebody else: "{other}"'
    return None


def _reworded(draft: Draft, place: Place) -> Found:
    """The text must say what the quote says: no word that the quote has not, and no "not" gained or lost.

    A day written in figures stands for the day that the quote names in words, `next Friday`.
    """
    quote = place.part.content[place.start : place.end]
    text = phrases.without_days(draft.text) if phrases.names_day(quote) else draft.text
    if not words(text) <= words(quote):
        return MemoryStatus.PENDING, "not in your words"
    if phrases.negated(draft.text) != phrases.negated(quote):
        return MemoryStatus.PENDING, 'a "not" was gained or lost'
    return None


OF_THE_PLACE: tuple[Callable[[Draft, Place], Found], ...] = (
    _binding,
    _cited,
    _asked,
    _supposed,
    _other_person,
    _reworded,
)

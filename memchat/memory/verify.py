"""A draft against the user's message it rests on -> ignored, quarantined, pending or active, each with its reason.

Two tables of small checks: of the draft alone, and of the place where its quote stands. A check returns None when it
has nothing to say; the first that speaks decides. Active is only what `proof.py` finds stated there; what is left is
the user's own, and waits. A quote that stands in several places is judged at the best.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from memchat.domain import OWN_WORDS, Draft, MemoryStatus, Message, Origin, Part, PartKind, Turn, Verdict
from memchat.memory import phrases, speech
from memchat.memory.masking import MARK, mask
from memchat.memory.outcomes import BINDING
from memchat.memory.proof import proved, stated_around
from memchat.memory.quoting import find, hides
from memchat.memory.statements.play import playing
from memchat.memory.statements.sentences import own_words
from memchat.memory.words import words

TEXT_CHARACTERS = 500
QUOTE_MARKS = " \t\n\"'“”‘’「」『』"
ORDER = (MemoryStatus.ACTIVE, MemoryStatus.PENDING, MemoryStatus.QUARANTINED, None)
PROVED = "quote found in your message"
# Fields that say how to answer: a wish for them needs no "I", as in "no emoji please".
WISHES = ("reply_style", "preferred_language")
# Content words of a profile value: of a name, place, trade or plan, and of what is told in a phrase.
VALUE_WORDS, PHRASE_WORDS = 6, 15
PHRASES = ("goals", "work_context", "reply_style")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands: characters `start` to `end` of a part, in its sentence, after the turns `before`."""

    part: Part
    start: int
    end: int
    before: Sequence[Turn] = ()

    @property
    def sentence(self) -> str:
        """The whole sentence, or the sentences the quote spans."""
        return phrases.around(self.part.content, self.start, self.end, phrases.SENTENCE)

    @property
    def clause(self) -> str:
        """The part of the sentence between commas that holds the quote."""
        return phrases.around(self.part.content, self.start, self.end, phrases.CLAUSE)


def verify(
    draft: Draft,
    message: Message,
    *,
    fields: Sequence[str] = (),
    min_importance: int = 1,
    before: Sequence[Turn] = (),
) -> Verdict:
    """What may become of `draft`; the quote must stand in the words the user wrote themselves in `message`.

    `fields` are the configured profile fields, `before` the turns of the same session before it, oldest first.
    """
    for check in OF_THE_DRAFT:
        if why := check(draft, min_importance):
            return Verdict(None, why)
    places = _places(draft.quote, message, before)
    own = [place for place in places if place.part.origin in OWN_WORDS]
    if own:
        judged = (_judged(draft, place, message, fields) for place in own)
        return min(judged, key=lambda verdict: ORDER.index(verdict.status))
    if not places:
        return Verdict(None, "these words are not in your message")
    place = places[0]
    if phrases.orders(draft.text) or phrases.orders(place.sentence):
        return _verdict(MemoryStatus.QUARANTINED, f"an order in {_named(place.part.origin)} text", place)
    return Verdict(None, f"not your own words: {_named(place.part.origin)} text")


def _places(quote: str, message: Message, before: Sequence[Turn]) -> list[Place]:
    """Every place in the message's texts and files where the quote stands."""
    kinds = (PartKind.TEXT, PartKind.FILE)
    return [
        Place(part, start, end, before)
        for part in message.parts
        if part.kind in kinds and not part.barred
        for start, end in find(quote.strip(QUOTE_MARKS), part.content)
    ]


def _judged(draft: Draft, place: Place, message: Message, fields: Sequence[str]) -> Verdict:
    """The verdict at one place of the user's own words: barred, proved, ignored, or left for the user to say."""
    if found := _first(AGAINST_ALL, draft, place):
        return _verdict(*found, place)
    text, span = place.part.content, (place.start, place.end)
    kept = proved(draft, text, span, stated_around(text, span, message.created_at), fields)
    if kept is not None:
        return _verdict(MemoryStatus.ACTIVE, PROVED, place, kept)
    if found := _first(AGAINST_UNPROVED, draft, place):
        return _verdict(*found, place)
    return _verdict(MemoryStatus.PENDING, "code cannot tell that this is lasting and about you", place)


def _first(checks: "Sequence[Callable[[Draft, Place], Found]]", draft: Draft, place: Place) -> "Found":
    return next((found for check in checks if (found := check(draft, place))), None)


def _verdict(status: MemoryStatus | None, why: str, place: Place, kept: Draft | None = None) -> Verdict:
    return Verdict(status, why, place.part, (place.start, place.end), kept)


def _named(origin: Origin) -> str:
    names = {Origin.PASTE: "pasted", Origin.STDIN: "piped", Origin.FILE: "a file's", Origin.IMPORT: "imported"}
    return names.get(origin, str(origin))


# Of the draft alone: a reason to ignore it, or nothing.


def _empty(draft: Draft, _: int) -> str:
    return "" if draft.text.strip() else "the text is empty"


def _long(draft: Draft, _: int) -> str:
    return f"over {TEXT_CHARACTERS} characters" if len(draft.text) > TEXT_CHARACTERS else ""


def _unimportant(draft: Draft, least: int) -> str:
    return "under memory.min_importance" if draft.importance < least else ""


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
        return MemoryStatus.QUARANTINED, BINDING
    return None


def _echoed(draft: Draft, place: Place) -> Found:
    """The loop guard: a line of memchat's own, sent back by hand or by a model."""
    told = any(speech.is_memchats(text) for text in (draft.text, place.sentence))
    return (None, "memchat's own words") if told else None


def _hiding(_: Draft, place: Place) -> Found:
    """Nobody types what cannot be seen: it came along with something that was copied."""
    return (None, "it hides characters") if hides(place.sentence) else None


def _cited(_: Draft, place: Place) -> Found:
    if phrases.is_cited(place.part.content, place.start, place.end):
        return None, "you quoted it"
    return None


def _unkept(_: Draft, place: Place) -> Found:
    return (None, "you asked not to keep it") if speech.asks_not_to_keep(place.part.content) else None


def _played(_: Draft, place: Place) -> Found:
    said = [own_words(turn.user) for turn in place.before]
    return (None, "a role or a game") if playing([*said, place.part.content[: place.end]]) else None


def _joked(_: Draft, place: Place) -> Found:
    """Who jokes says so in the same sentence or right after it."""
    after = place.part.content[place.start : place.end + speech.AFTER]
    return (None, "a joke") if speech.is_joke(f"{place.sentence} {after}") else None


AGAINST_ALL = (_binding, _echoed, _hiding, _cited, _unkept, _played, _joked)


def _asked(_: Draft, place: Place) -> Found:
    return (None, "a question") if phrases.is_question(place.clause, place.sentence) else None


def _supposed(_: Draft, place: Place) -> Found:
    return (None, "a supposition or a role") if phrases.is_supposed(place.sentence) else None


def _rumoured(_: Draft, place: Place) -> Found:
    return (None, "what others say of you") if speech.is_rumour(place.sentence) else None


def _worked_on(_: Draft, place: Place) -> Found:
    from memchat.memory.statements.reading import framed  # its tables take long to load: not with the first prompt

    return (None, "a text to work on") if framed(place.part.content, place.end) else None


def _other_person(draft: Draft, place: Place) -> Found:
    """`My sister lives in Porto` is no reason for location = Porto, nor for "lives in Porto".

    Whoever is named only after what is said of the user is company: `I live in Porto with my sister`.
    """
    clause = place.clause.lower()
    said = clause.find(draft.text.strip().lower())
    other = phrases.other_person(clause if said < 0 else clause[:said])
    if other and (draft.field or not phrases.names(draft.text, other)):
        return None, "about somebody else"
    return None


def _agreed(draft: Draft, place: Place) -> Found:
    """A bare "yes" to what the assistant asked: the words are the assistant's, so the user has to say it."""
    if not speech.is_bare_yes(place.sentence):
        return None
    asked = place.before[-1].reply if place.before else ""
    if speech.QUESTION_MARKS.search(asked) and words(draft.text) and words(draft.text) <= words(asked):
        return MemoryStatus.PENDING, "you only said yes"
    return None, "says nothing about you"


def _of_a_day(_: Draft, place: Place) -> Found:
    return (None, "passing") if speech.is_passing(place.clause) else None


def _impersonal(draft: Draft, place: Place) -> Found:
    """Nobody speaks of himself here; but a wish for how to be answered needs no "I"."""
    wishes = draft.field in WISHES and speech.is_wish(place.sentence)
    return None if wishes or speech.speaks_of_self(place.sentence) else (None, "says nothing about you")


def _no_value(draft: Draft, _: Place) -> Found:
    """A profile value is a name, a place, a phrase: never a sentence that somebody speaks."""
    most = PHRASE_WORDS if draft.field in PHRASES else VALUE_WORDS
    if draft.field and (speech.is_speech(draft.text) or len(words(draft.text)) > most):
        return None, "no plain value"
    return None


def _reworded(draft: Draft, place: Place) -> Found:
    """Words that the quote has not, or a "not" gained or lost: only the user knows whether that is meant."""
    quote = place.part.content[place.start : place.end]
    text = phrases.without_days(draft.text) if phrases.names_day(quote) else draft.text
    if not words(text) <= words(quote):
        return MemoryStatus.PENDING, "not in your words"
    if phrases.negated(draft.text) != phrases.negated(quote):
        return MemoryStatus.PENDING, 'a "not" was gained or lost'
    return None


AGAINST_UNPROVED = (
    _asked,
    _supposed,
    _rumoured,
    _worked_on,
    _other_person,
    _agreed,
    _of_a_day,
    _impersonal,
    _no_value,
    _reworded,
)

"""Spanish first-person statements and what they teach: for proving what a model proposes. What is unclear is left."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from memchat.memory.language import folded
from memchat.memory.statements import spanish_words as words
from memchat.memory.statements.rules import NOTE, Found, Language, Rule, apply, filled, read
from memchat.memory.statements.spanish_rules import CHANGES, FOLLOWING, LIFE, PARTS, PROFILE, STYLE
from memchat.memory.statements.spanish_words import plain

__all__ = ["FRAME", "MAY_BE", "QUESTION", "UNSAID", "frames", "plain", "statements"]

# Patterns read plain text: small letters without accents, but for `ó`. Only MAY_BE reads what is not plain yet.
MAY_BE = re.compile(
    r"[ñ¿¡áéíóú]|\b(?:[sv](?:oy|ivo|ivimos)|t(?:engo|enemos|rabajo|rabajamos|oco|omo|ejo)|est(?:oy|amos)|mud(?:e|amos)|"
    r"m(?:i|e) (?:llam|pas|encant|gust|mar)\w+|mi [a-z]+|"
    r"puedes llamarme|me (?:dicen|ascendieron|contrataron)|puedo|juego|uso|prefiero|odio|hablo|hablamos|llamame|dime|"
    r"creci|naci|deje|empece|"
    r"entre a|como|nado|corro|bailo|quiero|resp(?:uestas|onde\w*)|sin emojis|no uses|ya no)\b"
)
"""Without one of these a message in small letters tells nothing in Spanish."""
FRAME = re.compile(
    r"^(?:(?:por favor|hola|oye|puedes|podrias|me puedes)[ ,]+)*(?:traduc\w+|corrig\w+|reescrib\w+|resum\w+|redact\w+|"
    r"escrib(?:e|eme|ir|irme|as)\b(?! (?:siempre )?en \w+$| corto)|repite|completa|continua|mejora|inventa|di)\b"
    r"|\b(?:imagin(?:a|ar|ate|arme|emos|aos|en|o)|fing(?:e|ir|iendo|amos)|"
    r"haz de cuenta|supon\w*|supongamos|actua como|por ejemplo|ejemplo:|habia una vez|"
    r"erase una vez|como se dice|como digo|que significa|juego de rol|juguemos|mi personaje|mi avatar|te pego|"
    r"(?:en|de) (?:mi|la|el|este|esta|un|una) (?:novela|cuento|historia|juego|pelicula|sueno|partida|escena|cancion|"
    r"obra|guion)|(?:cuento|poema|cancion|historia|letra|frase|texto|dialogo|relato|carta|correo|mensaje|novela|"
    r"personaje|guion|borrador|biografia|titulo)\b[^,;]*:|"
    r"^(?:estimad[oa]s?|querid[oa]s?|muy senor(?:es|a)?)\b|eres (?:una? |mi |el |la ))"
)
"""From such words on a message is a text to work on, a role or a story."""
QUESTION = re.compile(
    r"[\s,;:]*¿(?! *(?:no|verdad|cierto|o no|eh|vale|sabes|si|a que si)\b)"
    r"|, *(?:y )?(?=(?:que|como|cual|cuales|donde|cuando|cuanto|cuanta|cuantos|cuantas|quien|por que|puedes|"
    r"podrias|me recomiendas|sabes)\b)"
)
"""Where a statement ends and a question begins."""
UNSAID = re.compile(
    r"\bno (?:(?:me )?l[oae]s? |me |te )?(?:guardes|apuntes|recuerdes|anotes|memorices|registres)\b(?! rencor)|"
    r"\bolvida(?:te)? (?:que|lo|eso|esto|de)\b|\bolvidalo\b|\b(?:es|era|fue) (?:una )?(?:broma|mentira|cona|chiste)\b|"
    r"\bde broma\b|\bno es (?:verdad|cierto)\b|\bentre (?:nosotros|tu y yo)\b|\btomando el pelo\b|\bmentira\b|"
    r"(?:^|[.!\n])\s*(?:ja|je|ji){2,}|\bte lo has creido\b|\bte la creiste\b"
)
"""Somewhere in a message: a joke, or not to be kept."""
_VETO = re.compile(
    r"\bsi\b(?! *,)|\b(?:ojala|quizas?|tal vez|a lo mejor|igual(?= \w+o\b)|creo|supongo|parece|imagin\w+|como si|"
    r"puede (?:ser )?que|casi|segun|en teoria|al parecer|por lo visto|en otra vida|en mi cabeza|haria|quisiera|"
    r"me gustaria|gustaria|como quien|lol|xd|lmao|sarcasmo|ironia|acaso|fuera|fuese|en el fondo|metaforic\w+|"
    r"digamos|finjo|mentira|dizque|sone|sueno que|volvi|regrese|claro que no|dij(?:e|iste|imos|eron)|"
    r"dic(?:e|ia|ian|iendo)|dicen(?! (?!que\b)\w+(?: \w+)?\W*$)|cre(?:e|en|ia|ian) que|me pregunt\w+|piens\w+|"
    r"asegur\w+|insiste\w*|jur[oa]|opin\w+|llaman)\b|\bdij?o\b|dijo|(?:ja|je|ji){2,}|^[—–-]|->|→|/s$"
    r"|[\U0001f602\U0001f923\U0001f61c\U0001f609\U0001f643\U0001f61d]|[;:]-?\)"
)
_STARTS = re.compile(
    r"(?:y |pero |oye,? )?(?:que|como|cual|cuales|donde|adonde|cuando|cuant[oa]s?|quien|quienes|por que|para que|"
    r"a que|en que|de que|mientras|apenas|el dia que|cada vez que|siempre que)\b"
)
_PASSING = re.compile(
    r"\b(?:hoy(?! en dia)|ahora mismo|est[ae] (?:manana|tarde|noche|semana|mes|finde|fin de semana|rato)|ayer|anoche|"
    r"(?<!la )(?<!cada )(?<!las )manana|de momento|por ahora|por el momento|estos dias|un rato|todavia no|"
    r"temporalmente|pasado manana|ayer|luego)\b"
)
_AHEAD = re.compile(
    r"\b(?:proxim[oa]|que viene|(?<!la )manana|dentro de|pronto|cuando|de nin[oa]|de pequen[oa]|algun dia|"
    r"vamos a|voy a|en (?:enero|febrero|marzo|"
    r"abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|verano|otono|invierno|primavera)|no)\b"
)
_LASTING = re.compile(r"\b(?:a partir de ahora|de ahora en adelante|desde ahora|siempre|en adelante|por defecto)\b")
_TASK = re.compile(
    r"(?:^|[.!?\n,;:]\s*)(?:por favor |ahora )?(?:escrib\w+|redact\w+|resum\w+|traduc\w+|explica\w*|dame|haz|hazme|"
    r"cuentame|ayudame|busca\w*|recomiend\w+|compar\w+|gener\w+|describ\w+|lista|enumera|prepara\w*|crea|otra vez|"
    r"que|como|cual|donde|cuando|cuanto|quien)\b"
)
_OPENS = (
    r"(?:(?:yo|ya|no|ahora|tambien|ademas|actualmente|siempre|nunca) +)*"
    r"(?:soy|estoy|estamos|vivo|vivimos|trabajo|trabajamos|tengo|tenemos|toco|tomo|juego|uso|utilizo|prefiero|odio|"
    r"detesto|hablo|hablamos|aprendo|estudio|me|nos|mi|mis|naci|creci|cumplo|deje|empece|entre a|puedo|como(?= \w)|"
    r"nado|corro|bailo|entreno|tejo|quiero|traigo|resido|llamame|puedes llamarme|dime|en casa|en el trabajo|"
    rf"(?:todos )?los {PARTS['DAYS']}|cada {PARTS['DAYS']}|dej[eo]|vuelvo|detesto|sin|respond\w+|respuestas|"
    r"a partir de ahora|no uses|toc[oa]|el|ella|asi que|hace|aqui|dame)\b"
)
_SPLIT = re.compile(
    rf"(?:[,;(—–]\s*(?:(?:y|e|pero|porque|aunque|asi que|por cierto,?)\s+)?|"
    rf"(?<!vivo)(?<!vivimos)\s+(?:y|e|pero|porque|aunque|asi que)\s+)(?={_OPENS})"
)
_LEAD = re.compile(
    r"(?:[¡!\s,]|(?:hola|buenas(?: tardes| noches)?|buenos dias|hey|bueno|pues|oye|mira|vale|ok|ah|eh|uy|gracias|"
    r"y|e|pero|porque|asi que|por cierto|a proposito|en cambio|ademas|si(?=,)|no(?=,)|perdon|es que|o sea|sabes|"
    r"para que sepas|para tu informacion|te cuento|te cuento que|recuerda que|ten en cuenta que|que sepas que|"
    r"por desgracia|por suerte|la verdad|resulta que|desde (?:ayer|hoy|el lunes)|hasta luego)(?=[\s,!:])[:]?)*"
)
_KIN = re.compile(rf"mi (?P<who>{PARTS['KIN']} (?P<name>\w+)) (?:dice|vive|es|esta|tiene|trabaja|quiere|me|se|ya)\b")
_UNREAL = re.compile(r"\bsi\b(?! *,)|\b(?:ojala|imagin\w+|como si|casi|lol|parece)\b|(?:ja|je){2,}")
_GAP = re.compile(r"[\s,]*")
_LATER = "pero|porque|aunque|asi que|cuando|ya que|mientras|sobre todo"
_LANDS = (
    "espana|mexico|argentina|chile|peru|colombia|bolivia|uruguay|paraguay|ecuador|venezuela|cuba|panama|guatemala|"
    "honduras|nicaragua|costa rica|el salvador|puerto rico|republica dominicana|portugal|francia|italia|alemania|"
    "taiwan|japon|canada|estados unidos"
)
_HOW = Language(
    ends={
        kind: re.compile(pattern)
        for kind, pattern in {
            "": rf"\s+(?:{_LATER})\b|[,(—–:]",
            "name": rf"[,(—–:]|\s+(?:y|e|desde|para|en|por|ahora|{_LATER})\b",
            "place": rf",(?! (?:{_LANDS})(?:$|,))|[(—–:]|\s+(?:con|desde|por|hace|el|la semana|ahora|ya|y|e|para|"
            rf"sol[oa]|juntos|este|esta|en|ultimamente|que|donde|hasta|ayer|hoy|de momento|{_LATER})\b",
            "trade": rf"[,(—–:]|\s+(?:en|para|y|e|desde|con|por|que|al?|hace|aqui|desde|este|esta|hoy|{_LATER})\b",
            "firm": rf"[,(—–:]|\s+(?:y|e|desde|que|como|hace|la semana|el (?:mes|lunes|martes|ano)|este|esta|ayer|hoy|"
            rf"ahora|por|con|al|{_LATER})\b",
            "one": rf"[,(—–:]|\s+(?:que|y (?:no|que|me|se|lo|la|ya|toca|hay)|{_LATER})\b",
            "liked": rf"[,(—–:]|\s+(?:y (?:no|me|se|lo|la|ya)|{_LATER})\b",
            "body": rf"[(—–:]|,(?! \w+(?:,| y ))|\s+(?:y (?:no|que|me|se|lo|la|ya)|{_LATER})\b",
            "aim": rf"[,(—–:]|\s+(?:{_LATER})\b",
            "wish": r"[,(—–:]|\s+(?:por favor|porfa|a partir de ahora|de ahora en adelante|siempre|porque|gracias)\b",
            "all": r"(?!)",
        }.items()
    },
    trim=" \t,.;:!¡¿—–-()*_…",
    verbs={},
)
_TABLES = {"changes": CHANGES, "facts": PROFILE + LIFE, "style": STYLE, "following": FOLLOWING}
_AFTER = {"display_name", "occupation"}
"""Fields after whose value more may follow in the same clause."""


@cache
def _rules(table: str) -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    """The rules of a table, compiled when first needed."""
    return tuple((rule, re.compile(filled(rule.pattern, PARTS))) for rule in read(_TABLES[table], words))


def frames(low: str) -> bool:
    """Whether a sentence in small letters makes its message, if it is Spanish, a text to work on, a role or a story."""
    return bool(MAY_BE.search(low) and FRAME.search(plain(low)))


def statements(sentence: str, today: date, *, alone: bool) -> Iterator[Found]:
    """The facts in one sentence. `alone`: the message asks nothing, so a wish of style is no wish for one answer."""
    low = plain(folded(sentence))
    start = _lead(low, 0, len(low))
    if _STARTS.match(low, start):
        return
    found: list[Found] = []
    if not _VETO.search(low):
        style = bool(_LASTING.search(low)) or (alone and not _TASK.search(low))
        found = [one for first, last in _clauses(low) for one in _clause(sentence, low, first, last, style=style)]
    if not found and (kin := _named_kin(sentence, low, start)):
        found = [kin]
    yield from found


def _clauses(low: str) -> Iterator[tuple[int, int]]:
    """Where each clause begins, its opening words passed over, and ends."""
    start = 0
    for split in _SPLIT.finditer(low):
        yield _lead(low, start, split.start()), split.start()
        start = split.end()
    yield _lead(low, start, len(low)), len(low)


def _lead(low: str, start: int, end: int) -> int:
    """Where the first word stands that is no greeting."""
    lead = _LEAD.match(low, start, end)
    return lead.end() if lead else start


def _clause(sentence: str, low: str, start: int, end: int, *, style: bool) -> Iterator[Found]:
    found = None if _AHEAD.search(low, start, end) else _first("changes", sentence, low, start, end)
    if found is None and not _PASSING.search(low, start, end):
        found = _first("facts", sentence, low, start, end)
        if found is None and style:
            found = _first("style", sentence, low, start, end)
    if found is None:
        return
    if found.field == NOTE:  # it begins with a small verb, or with what follows one
        found = replace(found, text=found.text[:1].lower() + found.text[1:])
    yield found
    while found.field in _AFTER:
        gap = _GAP.match(low, found.end, end)
        more = _first("following", sentence, low, gap.end() if gap else end, end)
        if more is None or more.field == found.field:
            return
        found = Found(more.field, more.text, start, more.end)
        yield found


def _first(table: str, sentence: str, low: str, start: int, end: int) -> Found | None:
    """What the first fitting rule finds; a verb in `ó` is somebody else's, and no pattern fits it."""
    return apply(_rules(table), sentence, start, end, _HOW, low=low)


def _named_kin(sentence: str, low: str, start: int) -> Found | None:
    """`Mi hermana Itzel dice ...`: whatever she says, she is called Itzel."""
    kin = _KIN.match(low, start)
    if kin is None or not sentence[kin.start("name")].isupper() or _UNREAL.search(low):
        return None
    return Found(NOTE, sentence[kin.start("who") : kin.end("who")], start, kin.end("who"))

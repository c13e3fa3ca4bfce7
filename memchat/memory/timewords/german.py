"""What German words are to the rules for times in words."""

from functools import cache

from memchat.memory.timewords.lexicon import COUNTED, Lexicon, Row, counted, lexicon
from memchat.memory.timewords.spans import COUPLE, END, FEW, MANY, MIDDLE, START, each_day, each_quarter, each_season

_DAYS = "montag dienstag mittwoch donnerstag freitag samstag sonntag"
_PARTS = {"morgen": "morning", "früh": "morning", "vormittag": "morning", "mittag": "noon"}
_PARTS |= {"nachmittag": "afternoon", "abend": "evening", "nacht": "night"}
_ENDINGS = ("e", "en", "er", "es", "em")


def _declined(*stems: str) -> str:
    return " ".join(stem + ending for stem in stems for ending in _ENDINGS)


_ROWS: tuple[Row, ...] = (
    *counted(
        "R", "januar=jänner februar=feber=feb märz=mär april=apr mai juni=jun juli=jul august=aug september=sep=sept"
    ),
    ("R", 10, "oktober okt"),
    ("R", 11, "november nov"),
    ("R", 12, "dezember dez"),
    ("a", 1, "jan"),
    *counted("W", _DAYS.replace("samstag", "samstag=sonnabend"), 0),
    *(
        ("c", (index, part), day + ending)
        for index, day in enumerate(_DAYS.split())
        for ending, part in _PARTS.items()
        if ending != "früh"
    ),
    ("s", each_season(0), "frühling frühjahr"),
    ("s", each_season(1), "sommer"),
    ("s", each_season(2), "herbst"),
    ("s", each_season(3), "winter"),
    *(("s", each_quarter(number), f"q{number}") for number in range(1, 5)),
    ("U", "d", "tag tage tagen tages"),
    ("U", "w", "woche wochen"),
    ("U", "m", "monat monate monaten monats"),
    ("U", "y", "jahr jahre jahren jahres"),
    ("g", "e", "wochenende wochenenden wochenendes"),
    ("4", "q", "quartal quartals quartale quartalen"),
    *counted("w", "ein=eine=einem=einen=einer zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"),
    *(
        ("1", number, _declined(stem))
        for number, stem in enumerate(("erst", "zweit", "dritt", "viert", "fünft", "sechst", "siebt", "acht"), 1)
    ),
    (";", 1, _declined("halb")),
    (";", 3, "anderthalb eineinhalb"),
    ("f", COUPLE, "paar"),
    ("f", FEW, "einigen einige wenigen"),
    ("f", MANY, "mehreren vielen"),
    ("L", -1, _declined("letzt", "vergangen", "vorig")),
    ("L", -2, _declined("vorletzt")),
    ("T", 0, _declined("dies")),
    ("X", 1, _declined("nächst", "kommend")),
    ("X", 2, _declined("übernächst")),
    ("V", 0, "vor"),
    ("D", 0, "heute"),
    ("D", -1, "gestern"),
    ("D", -2, "vorgestern"),
    ("D", 2, "übermorgen"),
    ("M", 1, "morgen"),
    *(("p", part, word) for word, part in _PARTS.items() if word != "morgen"),
    ("Z", "after", "nach"),
    ("S", 0, "seit"),
    ("F", 0, "vom"),
    ("l", 0, "bis"),
    ("K", 0, "zwischen"),
    ("&", 0, "und"),
    ("/", 0, "oder bis_zu"),
    ("i", 0, "im in"),
    ("I", 0, "während über"),
    ("j", 0, "am an zu"),
    ("o", 0, "von"),
    ("t", 0, "der die das den dem des zum zur"),
    ("e", START, "anfang beginn"),
    ("e", MIDDLE, "mitte"),
    ("e", END, "ende"),
    ("E", START, "frühen"),
    ("E", END, "späten"),
    ("H", each_day(12, 24, 3), "weihnachten"),
    ("H", each_day(12, 24), "heiligabend"),
    ("H", each_day(12, 31), "silvester"),
    ("H", each_day(1, 1), "neujahr"),
    ("H", each_day(10, 31), "halloween"),
    ("H", each_day(2, 14), "valentinstag"),
    ("x", 0, _declined("jed", "gut", "schön", "all") + " jeweils pro frohe fröhliche frohes"),
    COUNTED,
)


@cache
def german() -> Lexicon:
    """By word."""
    return lexicon(_ROWS)

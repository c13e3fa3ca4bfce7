"""What Spanish words are to the rules for times in words."""

from functools import cache

from memchat.memory.timewords.lexicon import COUNTED, Lexicon, Row, counted, lexicon
from memchat.memory.timewords.spans import COUPLE, END, FEW, MANY, MIDDLE, START, each_day, each_season

_ROWS: tuple[Row, ...] = (
    *counted("R", "enero=ene febrero=feb marzo abril=abr mayo junio=jun julio=jul agosto septiembre=setiembre=sep"),
    ("R", 10, "octubre oct"),
    ("R", 11, "noviembre nov"),
    ("R", 12, "diciembre dic"),
    *counted("W", "lunes martes miércoles jueves viernes sábado domingo", 0),
    ("y", 5, "sábados"),
    ("y", 6, "domingos"),
    ("s", each_season(0), "primavera"),
    ("s", each_season(1), "verano"),
    ("s", each_season(2), "otoño"),
    ("s", each_season(3), "invierno"),
    ("U", "d", "día días"),
    ("U", "w", "semana semanas"),
    ("U", "m", "mes meses"),
    ("U", "y", "año años"),
    ("g", "e", "finde fin_de_semana"),
    ("4", "q", "trimestre trimestres"),
    *counted("w", "un=una=uno dos tres cuatro cinco seis siete ocho nueve diez once doce"),
    *counted("1", "primero=primer=primera segundo=segunda tercero=tercer=tercera cuarto=cuarta quinto=quinta"),
    (";", 1, "medio media"),
    ("f", COUPLE, "par"),
    ("f", FEW, "unos unas pocos pocas algunos algunas"),
    ("f", MANY, "varios varias"),
    ("L", -1, "pasado pasada pasados pasadas último última últimos últimas anterior"),
    ("T", 0, "este esta estos estas"),
    ("X", 1, "próximo próxima próximos próximas siguiente que_viene"),
    ("A", 0, "hace atrás"),
    ("D", 0, "hoy"),
    ("D", -1, "ayer"),
    ("D", -2, "anteayer antier"),
    ("M", 1, "mañana"),
    ("O", (-1, "night"), "anoche"),
    ("O", (-2, "night"), "anteanoche antenoche"),
    ("p", "small hours", "madrugada"),
    ("p", "noon", "mediodía"),
    ("p", "afternoon", "tarde"),
    ("p", "night", "noche"),
    ("B", 0, "antes"),
    ("Z", "after", "después tras"),
    ("S", 0, "desde"),
    ("l", 0, "hasta"),
    ("r", 0, "a al"),
    ("K", 0, "entre"),
    ("&", 0, "y e"),
    ("/", 0, "o u"),
    ("i", 0, "en"),
    ("I", 0, "durante por"),
    ("q", 0, "el"),
    ("o", 0, "de del"),
    ("t", 0, "la los las"),
    ("e", START, "principio principios comienzo comienzos inicio inicios"),
    ("e", MIDDLE, "mediados"),
    ("e", END, "final finales fines"),
    ("N", END, "fin_de"),
    ("H", each_day(12, 24, 3), "navidad navidades"),
    ("H", each_day(12, 24), "nochebuena"),
    ("H", each_day(12, 31), "nochevieja"),
    ("H", each_day(12, 31, 2), "año_nuevo"),
    ("H", each_day(10, 31), "halloween"),
    ("H", each_day(2, 14), "san_valentín"),
    ("x", 0, "cada todo todos toda todas feliz buen buenos buenas"),
    ("z", 0, "otro otra"),
    COUNTED,
)


@cache
def spanish() -> Lexicon:
    """By word."""
    return lexicon(_ROWS)

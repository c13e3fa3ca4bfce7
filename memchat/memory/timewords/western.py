"""The grammar of times in English, Spanish and German: which words, in which order, name which stretch.

Rules apply in their order, each from left to right over the whole text; `lexicon.py` tells what each letter is.
"""

from functools import cache

from memchat.memory.timewords import folds
from memchat.memory.timewords.grammar import Rule

_FOUND = "[PJbk]"
_EACH = "[RQsHa]"
_THE = "[tq]?"
_COUNT = "(?:w?(?P<f>f)o?|(?P<n>[nw])(?:/(?P<m>[nw]))?)"
_IN = "(?:(?<=[iISBZVEl])|(?<=[iISBZVe]t)|(?<=[iI]q)|(?<=eo)|(?<=[BZ]o)|(?<=E-))"
"""Behind one of these stands a month, a season or a year: `in`, `since the`, `beginning of`."""
_ON = "(?:(?<=[jqSBZFKlV])|(?<=[jFSBZlV]t)|(?<=[SZ]q))"
"""Behind one of these stands a day."""

_BLOCKED = (
    # Every Monday, each of the two weeks, merry Christmas, guten Morgen, buenas noches.
    Rule("x[tqnwhfo]*[UgWvRamHspcM4y]", folds.nothing, "."),
)
_DAYS = (
    Rule("Bo(?P<d>D)", folds.day_before),  # antes de ayer
    Rule("LM", folds.after_tomorrow),  # pasado mañana
    Rule("(?<=[tTIjDW])(?P<m>M)", folds.morning, "p"),  # por la mañana, heute Morgen
    Rule("(?P<d>D)", folds.day_from_today),
    Rule("(?P<d>M)", folds.day_from_today),
    Rule("(?P<o>O)", folds.part_from_today),
    Rule("T(?P<p>p)", folds.this_part),
    Rule("L(?P<p>p)", folds.last_part),
)
_COUNTED = (
    Rule("(?P<t>2)-?(?P<d>1)", folds.added, "1"),  # twenty-first
    Rule("(?P<t>2)(?:-?(?P<d>w))?", folds.added, "w"),
    Rule("[AV]w?(?P<h>;)(?P<u>U)", folds.halves_ago),  # vor einem halben Jahr
    Rule("A(?P<n>[nw])(?P<u>U)&(?P<h>;)", folds.halves_ago),  # hace un año y medio
    Rule("(?P<n>[nw])(?P<u>U)&w(?P<h>;)A", folds.halves_ago),
    Rule("(?P<n>[nw])&w(?P<h>;)(?P<u>U)A", folds.halves_ago),
    Rule("w?(?P<h>;)w?(?P<u>U)A", folds.halves_ago),
    Rule(f"[AV]{_COUNT}(?P<u>[Ug4])A?", folds.ago),  # hace dos semanas, vor zwei Wochen
    Rule(f"{_COUNT}(?P<u>[Ug4])A", folds.ago),
    Rule("(?P<n>[nw])(?P<w>[Wy])A", folds.weekday),  # two Fridays ago
    Rule("A(?P<n>[nw])(?P<w>[Wy])", folds.weekday),
    Rule("[tq]z(?P<u>U)", folds.other_day),
    Rule(f"{_THE}L{_COUNT}(?P<u>[U4])", folds.lately),  # the last three weeks
    Rule("t(?P<n>[nw])L(?P<u>[U4])", folds.lately),  # las dos últimas semanas
    Rule(f"t?<{_COUNT}(?P<u>[U4])", folds.lately),
    Rule("t?<(?P<u>[U4])", folds.lately),
    Rule(f"S{_COUNT}(?P<u>[U4])(?![BZ])", folds.lately),  # seit zwei Wochen
)
_DATES = (
    # March 3 to 7; 3-7 March; vom 3. bis zum 7. März
    Rule(f"(?P<m>[Ra])(?P<d>[nh])[rl-]t?(?P<e>[nh])(?!{_THE}[Ra])", folds.days_of_month),
    Rule(f"[FK]?{_THE}(?P<d>[nhd])[rl&-]{_THE}(?P<e>[nhd])o?(?P<m>[Ra])", folds.days_of_month),
    Rule(f"(?:W,?j?{_THE})?(?P<m>[Ra])t?(?P<d>[nh1])", folds.day_of_month),
    Rule("(?:W,?[jF]?[tq]?)?(?P<d>[nhd1])o?(?P<m>[Ra])", folds.day_of_month),
    Rule("(?<=[jSBZFK])(?P<m>m)(?P<d>[nh1])", folds.day_of_month),
    Rule("(?P<m>m)(?P<d>h)", folds.day_of_month),  # may 3rd
    Rule(f"(?:W,?[jF]?{_THE}|{_ON}|(?<=[FKSjlq]C[rl&-])|(?<=[FSj]C[rl]t))(?P<c>C)", folds.figures),
    Rule("(?P<r>L)(?P<w>W)[io]t?(?P<m>[Ra])", folds.nth_weekday),
    Rule("(?P<n>[h1d])(?P<w>W)[io]t?(?P<m>[Ra])", folds.nth_weekday),  # the first Monday of October
    Rule("(?P<r>L)(?P<u>U)o(?P<m>[Ra])", folds.nth_in),  # the last week of March
    Rule("(?P<n>[h1d])(?P<u>U)(?:o|i)t?(?P<m>[Ra])", folds.nth_in),
    Rule("(?P<u>U)o(?P<m>[Rm])", folds.month_named),  # the month of May
    Rule("(?P<n>[hd1])4", folds.quarter, "s"),
)
_YEARS = (
    Rule("[FKSo]t?(?P<a>Y)[rl&-]t?(?P<b>Y)", folds.years),  # from 2020 to 2024
    Rule(f"{_THE}(?P<u>U)(?P<y>Y)", folds.year),  # the year 2024
    Rule(f"{_THE}(?P<r>[LTX])(?P<u>[Ug4])(?!A)", folds.relative),
    Rule(f"{_THE}(?P<u>[Ug4])(?P<r>L|X(?!r))", folds.relative),  # la semana pasada
    Rule(f"{_THE}(?P<u>[Ug4])B(?P<r>L)", folds.before_last),
    Rule(f"(?:{_IN}|(?<=[ji]t)|(?<=[jiq]))(?P<g>g)", folds.weekend),
    Rule("(?P<d>[nhd1])o?t?(?P<b>b)", folds.day_in),  # the 3rd of last month
)
_YEARLY = (
    Rule("(?:(?<=[iILXSBZEFK])|(?<=KR&)|(?<=Km&)|(?<=FR[rl])|(?<=Fm[rl])|(?<=eo))(?P<m>m)", folds.named, "R"),
    Rule("(?<=[iLTXEFK])(?P<m>a)", folds.named, "R"),
    Rule(f"(?P<e>[Ee])-?o?{_THE}(?P<q>[Rsa])", folds.edge_of_each),
    Rule(f"K{_THE}(?P<a>{_EACH})&{_THE}(?P<b>{_EACH})", folds.through),
    Rule(f"[FSo]?{_THE}(?P<a>{_EACH})[rl-]{_THE}(?P<b>{_EACH})", folds.through),
    Rule(f"(?P<q>[RQsHaGm]),?o?{_THE}(?P<y>[YJ])(?!z)", folds.in_year),
    Rule(f"(?P<y>J),?[ij]?{_THE}(?P<q>[RQsH])", folds.in_year),
    Rule("(?P<y>Y),?(?P<q>[RQ])", folds.in_year),
    Rule(f"{_THE}(?P<r>[LTX])(?P<q>[RsHGQ])", folds.relative_each),
    Rule(f"{_THE}(?P<q>[RsH])(?P<r>[LX])", folds.relative_each),
    Rule(f"(?:{_IN}|(?<=[FKi]R[&/])|(?<=iR,))(?P<q>[Rs])", folds.latest),
    Rule(f"(?:{_IN}|(?<=j))(?P<q>H)", folds.latest),
    Rule("(?P<q>Q)", folds.latest),
    Rule("(?<=jt)(?P<d>h)(?![zoUWRa4])", folds.the_third),
    Rule("(?<=q)(?P<u>U)(?P<d>n)(?!o)", folds.the_third),  # el día 3
    Rule("(?P<e>[Ee])-?o?(?P<y>Y)", folds.edge_of_year),
    Rule(f"(?:{_IN}|(?<=o)|(?<=oq))(?P<y>Y)(?!z)", folds.year),
)
_WEEKDAYS = (
    Rule(f"(?P<w>W)[,o]?{_THE}(?P<k>k)", folds.in_week),  # Friday of last week
    Rule(f"(?P<k>k),?[ij]?{_THE}(?P<w>W)", folds.in_week),
    Rule(f"{_THE}(?P<w>W)B(?P<r>L)", folds.weekday_before_last),
    Rule(f"{_THE}(?P<r>[LTX])(?P<w>[Wv9])", folds.relative_weekday),
    Rule("q?(?P<w>W)(?P<r>[LX])", folds.relative_weekday),
    Rule(f"[l%]{_THE}j?(?P<w>W)", folds.coming_weekday),
    Rule(f"(?:{_ON}|(?<=FW[rl])|(?<=KW&)|(?<=po))(?P<w>W)", folds.weekday),
    Rule("(?<=j)(?P<w>v)", folds.weekday),
    Rule("(?<=j)(?P<w>9)(?=[!,up]|$)", folds.weekday),  # on Sun, and not Sun's hardware
    Rule("(?<![wxtzh])(?P<w>W)(?=p)", folds.weekday),
    Rule("(?<![wxtznhoVWL&~y])(?P<w>W)(?=[!,u]|$)", folds.weekday),
    Rule("(?P<c>c)", folds.weekday_part),
)
_TOGETHER = (
    Rule(f"{_THE}{_COUNT}?(?P<u>U)(?P<s>[BZV])o?{_THE}(?P<p>{_FOUND})", folds.beside),
    Rule("(?<![nwf])(?P<u>U)[oF]t?(?P<p>P)", folds.week_of),
    Rule("(?P<p>P)(?:,?[iIjo]?[tq]?)(?P<part>p)", folds.daypart),
    Rule(f"(?P<part>p)[oj]?{_THE}(?P<p>P)", folds.daypart),
    Rule(f"(?P<e>[Ee])-?o?{_THE}(?P<p>{_FOUND})", folds.edge),
    Rule("(?P<e>e)(?:o?[tq]|o)(?P<u>[U4])", folds.edge_of_unit),  # at the end of the month
    Rule("(?P<e>N)(?P<u>U)", folds.edge_of_unit),  # a fin de mes
    Rule(f"K{_THE}(?P<a>{_FOUND})&{_THE}(?P<b>{_FOUND})", folds.between),
    Rule(f"[FSo]?{_THE}(?P<a>{_FOUND})[rl-]{_THE}(?P<b>{_FOUND})", folds.between),
    Rule(f"S[tqo]*(?P<p>{_FOUND})", folds.since),
    Rule(f"[BV]o?{_THE}(?P<p>{_FOUND})", folds.before),
    Rule(f"Zo?{_THE}(?P<p>{_FOUND})", folds.after),
    Rule(f"lo?{_THE}(?P<p>{_FOUND})", folds.until),
)


@cache
def rules() -> tuple[Rule, ...]:
    """All of them, in their order."""
    return _BLOCKED + _DAYS + _COUNTED + _DATES + _YEARS + _YEARLY + _WEEKDAYS + _TOGETHER

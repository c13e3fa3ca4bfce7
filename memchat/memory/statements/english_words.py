"""English words that decide whether a phrase is a name or a place; only data and its predicates."""

import re

from memchat.memory.statements.english_vocabulary import LANGUAGES, OCCUPATIONS


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LANGUAGES = _set(LANGUAGES)
CODE = _set(
    "python go rust java javascript typescript c c++ c# ruby perl php kotlin swift scala haskell elixir clojure "
    "sql bash "
    "lua r julia zig golang dart ocaml erlang fortran cobol matlab"
)
PROGRAMS = _set(
    "excel vim emacs linux windows slack zoom teams jira word tmux outlook git github docker notion mac vs code "
    "react jupyter figma obsidian terminal vscode spreadsheets meetings discord powerpoint confluence neovim "
    "kubernetes "
    "postgres kafka production staging prod dev main master tableau snowflake mysql redis android ios iphone "
    "pixel rest "
    "nvim pandas duolingo spotify instagram tiktok whatsapp signal telegram safari chrome firefox edge brave"
)
_DEMONYMS = _set(
    "american british canadian australian taiwanese brazilian mexican indian pakistani nigerian kenyan egyptian "
    "israeli "
    "iranian iraqi scottish swiss austrian belgian argentinian chilean colombian peruvian singaporean "
    "malaysian asian "
    "european african catholic christian muslim jewish buddhist hindu protestant atheist agnostic republican "
    "democrat "
    "sikh quaker sunni shia portuguese dutch irish welsh cuban cypriot syrian lebanese moroccan ghanaian ethiopian"
)
WEEK = _set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december christmas easter"
)
# Lower-case or sentence-case words that follow "I'm", "my name is" and "call me" without being a name.
_NO_NAMES = _set(
    "a an the not no on in at to of it this that these those very too so quite really also like just still "
    "here there "
    "back home happy sad sorry sure fine ok okay good great well tired hungry thirsty sick ill cold hot busy "
    "free late "
    "early ready done new old young afraid scared angry bored lost stuck confused curious glad excited worried "
    "nervous "
    "single married retired vegan vegetarian allergic hard easy long short spelled spelt pronounced common "
    "unique what "
    "who where when why how if maybe later soon tomorrow tonight today now again anytime crazy stupid lazy "
    "weird your "
    "my his her their our me you him them from for with about and or but as by up down out off over under male "
    "female "
    "straight gay awesome better best worse alone online offline available interested looking going trying working "
    "thinking wondering having being using getting doing making feeling living learning writing reading "
    "planning only "
    "all both half part one two three four five twenty thirty forty fifty sixty probably definitely certainly "
    "actually "
    "batman team type gen yours mine legion root admin human robot serious kidding joking wrong right left next last "
    "first second third always never often sometimes usually because since unless until please thanks hi hello hey "
    "changing changed secret unknown none something anything nothing someone anyone everyone nobody mud boss nice "
    "error legend root old-fashioned names whatever bus cab taxi train car foot "
    "bike plane feel gut idiot liar fool genius gandalf groot superman spiderman sherlock frodo yoda neo satan god "
    "jesus santa dracula zeus pregnant pescatarian broke sir madam dude bro mate honey ishmael spartacus "
    "inevitable speechless dead out"
)
_NO_NAME_ENDS = ("ant", "able", "ible", "ful", "less", "ous", "tion", "ing", "ly", "ness", "ized", "ised")
_PARTICLES = _set("de da do dos van von der den del la le di bin ibn al el ten ter y mac st")
_NO_PLACES = _set(
    "fear peace denial hope hell heaven hiding pain poverty luxury sin constant total complete harmony comfort "
    "misery "
    "shame doubt sync fantasy exile isolation here there love limbo paradise chaos darkness silence solitude style "
    "town school bed person theory general particular between front vain dreams hotels airports interesting moment "
    "past "
    "future present it them that this mine ours yours tears strike action court war trial work shore sea "
    "jupiter mars saturn venus pluto neptune uranus moon narnia hogwarts mordor gotham atlantis wakanda westeros "
    "rivendell tortuga eternia asgard oz neverland space hyperspace cyberspace hogsmeade azkaban winterfell "
    "middle-earth "
    "my your his her their our debt squalor agony fiction shorts slippers hoodies jeans sweatpants pyjamas pajamas "
    "leggings boots terror dread awe suspense a an the every any some one two different other another"
)
_PLURAL_PLACES = _set(
    "paris athens brussels naples texas cyprus wales honduras cannes reims tours dallas houston kansas "
    "illinois arkansas "
    "memphis minneapolis indianapolis marseilles algiers caracas buenos los las tunis damascus leeds st saint"
)
POINTING = _set(
    "that this these those it its you your yours him his hers them their theirs one ones both neither either all "
    "everything nothing anything something myself yourself how what when where who which why whatever whoever there "
    "here not being seeing hearing knowing thinking asking saying an-answer"
)
_WORD = re.compile(r"[^\W\d_][\w'’.+#-]*")


def words_of(value: str) -> list[str]:
    """The words of a value in small letters."""
    return [word.lower().rstrip(".") for word in _WORD.findall(value)]


def has_capital(value: str) -> bool:
    """Whether a word of it begins with a capital letter."""
    return any(word[:1].isupper() for word in re.findall(r"[^\W\d_]+", value))


def is_name(value: str) -> bool:
    """One to four words that can be somebody's name, as told after `my name is` or `call me`."""
    spelled = [word for word in value.split() if word]
    low = [word.lower().strip(".,") for word in spelled]
    if not 1 <= len(spelled) <= 4 or not all(
        re.fullmatch(r"[^\W\d_][^\W_'’.-]*(?:['’.-][^\W_]*)*", w) for w in spelled
    ):
        return False
    if any(word in _NO_NAMES for word in low):
        return False
    capital = [word for word, small in zip(spelled, low, strict=True) if word[:1].isupper() or small in _PARTICLES]
    if len(capital) == len(spelled):
        return True
    return len(spelled) <= 2 and not capital and not low[0].endswith(_NO_NAME_ENDS)


def is_bare_name(value: str) -> bool:
    """A name told with nothing but `I'm`: capitals, and no people, tongue, creed, tool or day."""
    words = value.split()
    other = _LANGUAGES | _DEMONYMS | WEEK | CODE | PROGRAMS | OCCUPATIONS
    if not is_name(value) or len(words) > 3 or not value[:1].isupper() or (len(value) > 3 and value.isupper()):
        return False
    return not any(word.lower() in other or word.lower().endswith(("ing", "ed")) for word in words)


def is_place(value: str) -> bool:
    """A proper name, or one or two small words that are no idiom (`in fear`)."""
    words = words_of(value)
    if not words or len(words) > 6 or words[0] in PROGRAMS | CODE | WEEK | _NO_PLACES:
        return False
    if has_capital(value):
        return not {"my", "your", "his", "i", "moment", "world"} & set(words)
    return len(words) <= 2 and not any(_no_small_place(word) for word in words)


def _no_small_place(word: str) -> bool:
    if word in _NO_PLACES or word in _NO_NAMES or word.endswith(("tion", "ness", "ment", "ity", "ism", "ing", "ly")):
        return True
    return word.endswith("s") and word not in _PLURAL_PLACES


def is_dwelling(value: str) -> bool:
    """A kind of home, for a note: `in a small village near Bath`, `on a houseboat`."""
    return bool(
        re.match(
            r"(?:an? )(?:[\w-]+ ){0,2}(?:village|town|city|suburb|flat|apartment|house|houseboat|boat|studio|"
            r"cottage|farm|"
            r"van|campervan|dorm|bungalow|farmhouse|cabin|commune|retirement home|care home|island)\b",
            value.lower(),
        )
    ) and not {"this", "that", "virtual", "dream", "ghost", "dollhouse"} & set(words_of(value))


def is_named_place(value: str) -> bool:
    """A place by its proper name."""
    return is_place(value) and value[:1].isupper()


def is_lasting_wish(value: str) -> bool:
    """A wish for all answers: it points at nothing that was just said."""
    return len(value.split()) <= 12 and not {"it", "that", "this", "these", "those", "like"} & set(words_of(value))


def is_origin(value: str) -> bool:
    """A place, or a year: what `I was born in` and `I'm from` tell."""
    return bool(re.fullmatch(r"(?:19|20)\d\d", value)) or (is_place(value) and value[:1].isupper())


def is_short(value: str) -> bool:
    """At most eight words, and the first points at nothing that stands on the table."""
    words = words_of(value)
    return 0 < len(words) <= 8 and words[0] not in POINTING

"""English words that decide whether a phrase is a name, a place, a trade, a taste; only data and its predicates."""

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LANGUAGES = (
    "english french german spanish portuguese italian dutch swedish norwegian danish finnish polish czech russian "
    "ukrainian greek turkish arabic hebrew hindi bengali urdu punjabi tamil thai vietnamese indonesian malay tagalog "
    "filipino japanese korean chinese mandarin cantonese taiwanese hokkien hakka hungarian romanian bulgarian serbian "
    "croatian swahili persian farsi catalan basque welsh irish latin esperanto icelandic estonian latvian lithuanian"
)
_LANGUAGES = _set(LANGUAGES)
_CODE = _set(
    "python go rust java javascript typescript c c++ c# ruby perl php kotlin swift scala haskell elixir clojure "
    "sql bash "
    "lua r julia zig golang"
)
_TOOLS = _set(
    "excel vim emacs linux windows slack zoom teams jira word tmux outlook git github docker notion mac vs code"
)
_DEMONYMS = _set(
    "american british canadian australian taiwanese brazilian mexican indian pakistani nigerian kenyan egyptian "
    "israeli "
    "iranian iraqi scottish swiss austrian belgian argentinian chilean colombian peruvian singaporean malaysian asian "
    "european african catholic christian muslim jewish buddhist hindu protestant atheist agnostic republican democrat"
)
_WEEK = _set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december christmas easter"
)
# Lower-case or sentence-case words that follow "I'm", "my name is" and "call me" without being a name.
_NO_NAMES = _set(
    "a an the not no on in at to of it this that these those very too so quite really also like just still here there "
    "back home happy sad sorry sure fine ok okay good great well tired hungry thirsty sick ill cold hot busy free late "
    "early ready done new old young afraid scared angry bored lost stuck confused curious glad excited worried nervous "
    "single married retired vegan vegetarian allergic hard easy long short spelled spelt pronounced common unique what "
    "who where when why how if maybe later soon tomorrow tonight today now again anytime crazy stupid lazy weird your "
    "my his her their our me you him them from for with about and or but as by up down out off over under male female "
    "straight gay awesome better best worse alone online offline available interested looking going trying working "
    "thinking wondering having being using getting doing making feeling living learning writing reading planning only "
    "all both half part one two three four five twenty thirty forty fifty sixty probably definitely certainly actually "
    "batman team type gen yours mine legion root admin human robot serious kidding joking wrong right left next last "
    "first second third always never often sometimes usually because since unless until please thanks hi hello hey "
    "changing changed secret unknown none something anything nothing someone anyone everyone nobody mud boss nice "
    "error legend root old-fashioned names whatever bus cab taxi train car foot "
    "bike plane feel gut idiot liar fool genius"
)
_PARTICLES = _set("de da do dos van von der den del la le di bin ibn al el ten ter y mac st")
_NO_PLACES = _set(
    "fear peace denial hope hell heaven hiding pain poverty luxury sin constant total complete harmony comfort misery "
    "shame doubt sync fantasy exile isolation here there love limbo paradise chaos darkness silence solitude style "
    "town school bed person theory general particular between front vain dreams hotels airports interesting moment "
    "past "
    "future present it them that this mine ours yours tears strike action court war trial work shore sea"
)
OCCUPATIONS = _set(
    "accountant actor actress actuary analyst anesthesiologist animator archaeologist architect archivist artist "
    "assistant astronaut astronomer athlete attorney auditor author baker banker barber barista bartender biologist "
    "bookkeeper bookseller botanist bricklayer broker builder butcher caretaker caregiver carer carpenter cashier "
    "ceo cto cfo chef chemist clerk coach composer comedian conductor consultant contractor cook counselor counsellor "
    "courier cto dancer dentist designer developer dietitian diplomat director diver doctor dramaturg driver drummer "
    "ecologist economist editor electrician engineer entrepreneur estimator farmer filmmaker firefighter fisherman "
    "florist founder freelancer gardener geologist geographer guard guide guitarist hairdresser historian homemaker "
    "housewife illustrator inspector instructor intern interpreter investigator investor janitor jeweller jeweler "
    "journalist judge lawyer lecturer librarian lifeguard linguist locksmith logistician machinist manager marketer "
    "mason mathematician mechanic midwife miner model musician nanny neurologist novelist nurse nutritionist officer "
    "optician painter paralegal paramedic pastor pediatrician paediatrician pharmacist philosopher photographer "
    "physician physicist physiotherapist pianist pilot plumber poet policeman policewoman postdoc postman potter "
    "president priest principal printer producer professor programmer psychiatrist psychologist publisher radiographer "
    "radiologist ranger realtor receptionist recruiter reporter researcher restorer sailor salesman salesperson "
    "saleswoman scientist screenwriter sculptor secretary singer soldier solicitor statistician steward stewardess "
    "student streamer superintendent supervisor surgeon surveyor sysadmin tailor teacher technician technologist "
    "therapist trader trainer translator tutor undergraduate urologist veterinarian vet vicar videographer violinist "
    "waiter waitress warden weaver welder writer youtuber zookeeper freelance barrister bus-driver"
)
FREE_TIME = r"retired|self-employed|unemployed|semi-retired|between jobs"
_RELATIVE = (
    r"(?:step|grand|great-grand|half-)?(?:sister|brother|son|daughter|mother|father|child)(?:-in-law)?s?|children|"
    r"(?:grand)?(?:mom|mum|mama|dad|papa|ma|pa|kid|parent)s?|grandchildren|wife|husband|partner|spouse|fianc[ée]e?|"
    r"girlfriend|boyfriend|baby|twins?|cousins?|aunts?|uncles?|nieces?|nephews?|dogs?|cats?|pupp(?:y|ies)|kittens?|"
    r"horses?|rabbits?|parrots?|hamsters?|siblings?"
)
_AGE = r"(?:(?:older|elder|eldest|oldest|younger|youngest|little|big|twin|late|only|new|adopted|foster|ex)[- ])?"
RELATIVE = rf"(?:{_AGE}(?:{_RELATIVE}))\b"
COMPANION = (
    rf"(?:{RELATIVE}|{_AGE}(?:best friend|editor|boss|manager|colleague|doctor|therapist|landlord|flatmate|roommate)\b)"
)
TIERS = _set(
    "free pro plus premium team teams business enterprise basic starter max ultra standard personal family student "
    "hobby developer gold silver platinum unlimited"
)
_JOKE_ALLERGIES = _set(
    "morning mornings monday mondays work working people meeting meetings homework nonsense bullshit stupidity "
    "exercise "
    "commitment fun boredom school bureaucracy drama criticism idiots fools effort responsibility you him her them it "
    "this that chores cardio cooking cleaning math maths love happiness losing silence small adulting javascript php "
    "java paperwork deadlines christmas romance"
)
_POINTING = _set(
    "that this these those it its you your yours him his her hers them their theirs one ones both neither either all "
    "everything nothing anything something myself yourself how what when where who which why whatever whoever there "
    "here not being seeing hearing knowing thinking asking saying an-answer"
)
# "the ..." mostly points at something on the table; these do not.
_THE_THINGS = _set(
    "sea ocean mountains mountain rain outdoors beach theatre theater opera cold heat piano violin guitar cello "
    "sun snow "
    "forest countryside city winter summer autumn spring desert lake gym cinema movies smell taste dark"
)
_NO_TASTES = re.compile(
    r"to (?:think|say|believe|imagine|know|hear|see|ask|bother|interrupt|admit|tell|complain|break|be|have|do|make)\b"
    r"|to (?:wait|stay|go|leave|stop|continue|hate|love|use)\b|a (?:lot|bit|refund|hand)\b|at (?:night|times)|when "
    r"|if |so much|more$|less$|us$|me$|to$"
)
_WORD = re.compile(r"[^\W\d_][\w'’.+#-]*")


def _words(value: str) -> list[str]:
    return [word.lower().rstrip(".") for word in _WORD.findall(value)]


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
    return len(capital) == len(spelled) or (len(spelled) <= 2 and not capital)


def is_bare_name(value: str) -> bool:
    """A name told with nothing but `I'm`: capitals, and no people, tongue, creed, tool or day."""
    words = value.split()
    other = _LANGUAGES | _DEMONYMS | _WEEK | _CODE | _TOOLS | OCCUPATIONS
    if not is_name(value) or len(words) > 3 or not value[:1].isupper() or (len(value) > 3 and value.isupper()):
        return False
    return not any(word.lower() in other or word.lower().endswith(("ing", "ed")) for word in words)


def is_place(value: str) -> bool:
    """A proper name is in it, or it is one or two small words that are no idiom (`in fear`)."""
    words = _words(value)
    if not words or len(words) > 8 or any(word in _TOOLS | _CODE | _WEEK for word in words[:1]):
        return False
    if words[0] in _NO_PLACES or words[0] in {"my", "your", "his", "her", "their", "our", "this", "that"}:
        return False
    if any(word[:1].isupper() for word in re.findall(r"[^\W\d_]+", value)):
        return True
    return len(words) <= 2 and not any(w in _NO_PLACES or w in _NO_NAMES for w in words)


def is_origin(value: str) -> bool:
    """A place, or a year: what `I was born in` and `I'm from` tell."""
    return bool(re.fullmatch(r"(?:19|20)\d\d", value)) or (is_place(value) and value[:1].isupper())


def is_trade(value: str) -> bool:
    """A phrase whose head is an occupation: `senior nurse at a clinic`, not `big fan` or `doctor's daughter`."""
    head = re.split(r"\s+(?:at|for|in|from|of|with|by|who|on|and)\s+|,", value)[0]
    words = head.split()
    if not 1 <= len(words) <= 5 or len(value.split()) > 10 or {"dream", "dreams", "game", "mind"} & set(_words(value)):
        return False
    last = words[-1].lower().strip(".")
    return last in OCCUPATIONS or last.endswith(("ologist", "ographer", "engineer", "developer", "teacher"))


def is_short(value: str) -> bool:
    """At most eight words, and the first points at nothing that stands on the table."""
    words = _words(value)
    return 0 < len(words) <= 8 and words[0] not in _POINTING


def is_employer(value: str) -> bool:
    """What follows `I work at`: no idiom such as `for free` or `in progress`."""
    words = _words(value)
    idle = {
        "my",
        "your",
        "pace",
        "ways",
        "mysterious",
        "free",
        "living",
        "money",
        "progress",
        "hours",
        "peace",
        "silence",
        "pairs",
        "general",
        "theory",
        "night",
    }
    return is_short(value) and not idle & set(words[:2])


def is_task(value: str) -> bool:
    """What follows `I work on`: a thing with a name, no `it`, `myself`, `a story about`."""
    return is_short(value) and not re.match(r"(?:an? |some )|the (?:same|next)", value.lower())


def is_subject(value: str) -> bool:
    """What follows `I study` and `I teach`."""
    return is_short(value) and _words(value)[0] not in {
        "hard",
        "a",
        "every",
        "all",
        "too",
        "more",
        "best",
        "alone",
        "to",
    }


def is_owned(value: str) -> bool:
    """What follows `I have`: a family or a pet, nothing that points (`a dog in this fight`)."""
    return not {"this", "that", "these", "those", "your", "you", "it"} & set(_words(value))


def is_learnable(value: str) -> bool:
    """What follows `I'm learning`."""
    return is_short(value) and not re.match(r"(?:the|a lot|so much|from|fast|slowly|more|much|about)\b", value.lower())


def is_allergen(value: str) -> bool:
    """Something one can be allergic to; Mondays are a joke."""
    return is_short(value) and not _JOKE_ALLERGIES & set(_words(value))


def is_taste(value: str) -> bool:
    """Something one can like for longer than this conversation: `hiking`, `the sea`, not `that answer`."""
    low = value.lower()
    words = _words(value)
    if not is_short(value) or _NO_TASTES.match(low) or words[-1] in _POINTING - {"all", "asking", "hearing", "seeing"}:
        return False
    if words[0] != "the":
        return words[0] not in {"my", "our", "some", "any", "another", "asking", "talking"}
    rest = value.split()[1:]
    return bool(rest) and (rest[0][:1].isupper() or rest[0].lower() in _THE_THINGS)


def is_food(value: str) -> bool:
    """What follows `I don't eat`."""
    return is_short(value) and _words(value)[0] not in {
        "and",
        "or",
        "another",
        "any",
        "much",
        "enough",
        "yet",
        "again",
        "more",
        "the",
    }


def is_tier(value: str) -> bool:
    """A subscription's name: `Pro`, `free`, or one capitalised word."""
    words = value.split()
    known = any(word.lower() in TIERS for word in words)
    return 1 <= len(words) <= 3 and (known or all(word[:1].isupper() for word in words))


def is_known_tier(value: str) -> bool:
    """A subscription's usual name."""
    return 1 <= len(value.split()) <= 2 and value.lower().split()[-1] in TIERS


def is_zone(value: str) -> bool:
    """A zone of time: `Asia/Taipei`, `UTC+8`, `Pacific`."""
    return bool(re.fullmatch(r"[A-Z][\w/+:-]*(?: [A-Z][\w/+:-]*){0,2}", value))


def is_aim(value: str) -> bool:
    """What can be a goal: no request (`learn how this works`), nothing that points."""
    words = _words(value)
    pointing = {"this", "that", "you", "your", "how", "it", "what", "why", "these", "those"}
    return 0 < len(words) <= 14 and not pointing & set(words)

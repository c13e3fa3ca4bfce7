"""English words that decide whether a phrase is a taste, a habit, a tool, a pet; only data and its predicates."""

import re

from memchat.memory.statements.english_words import CODE, POINTING, has_capital, is_name, is_short, words_of


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_JOKE_ALLERGIES = _set(
    "morning mornings monday mondays work working people meeting meetings homework nonsense bullshit stupidity "
    "exercise "
    "commitment fun boredom school bureaucracy drama criticism idiots fools effort responsibility you him her "
    "them it "
    "this that chores cardio cooking cleaning math maths love happiness losing silence small adulting javascript php "
    "java paperwork deadlines christmas romance ex boss landlord husband wife neighbours neighbors colleagues "
    "sunlight "
    "feedback authority change compliments responsibilities conflict sleep money success failure winning fun cheap "
    "bureaucrats politics politicians capitalism mondays email emails slack email-threads hashtags vibes hype "
    "losers liars bs crap shit rubbish waiting queues ads influencers memes parties people-pleasing wrong "
    "kubernetes microservices agile scrum regex css html merge conflicts typos exclamation caps comic sans "
    "taxes bills spreadsheets excel jira standups bugs semicolons weekdays humans children kids life reality elves"
)
_ABSTRACT = ("ness", "ity", "ism", "ship", "hood", "ction", "tation", "ency", "ance", "ence")
_REAL = _set("medication vaccination city")
# "the ..." mostly points at something on the table; these do not.
_THE_THINGS = _set(
    "sea ocean mountains mountain rain outdoors beach theatre theater opera cold heat piano violin guitar cello "
    "sun snow "
    "forest countryside city winter summer autumn spring desert lake gym cinema movies smell taste dark"
)
_NO_TASTES = re.compile(
    r"to (?:think|say|believe|imagine|know|hear|see|ask|bother|interrupt|admit|tell|complain|break|be|have|do|make)\b"
    r"|to (?:wait|stay|go|leave|stop|continue|hate|love|use)\b|a (?:lot|bit|refund|hand|good)\b|at (?:night|"
    r"times)|when "
    r"|if |so much|more$|less$|us$|me$|to$|to (?:see|have|get)\b"
)
_FANTASY = _set("elves orcs goblins dragons trolls vampires humans dwarves hobbits wizards zombies demons mortals")


def is_allergen(value: str) -> bool:
    """Something one can be allergic to; Mondays are a joke."""
    return (
        is_short(value)
        and not _JOKE_ALLERGIES & set(words_of(value))
        and words_of(value)[0] not in {"my", "a", "something", "some", "being", "having", "doing", "any", "all"}
        and not any(word.endswith(_ABSTRACT) and word not in _REAL for word in words_of(value))
    )


def is_intolerance(value: str) -> bool:
    """What is before `intolerance`: a food, not `zero` or `a low`."""
    return not {"low", "zero", "high", "general", "this", "that"} & set(words_of(value))


def is_taste(value: str) -> bool:
    """Something one can like for longer than this conversation: `hiking`, `the sea`, not `that answer`."""
    low = value.lower()
    words = words_of(value)
    if not is_short(value) or _NO_TASTES.match(low) or words[-1] in POINTING - {"all", "asking", "hearing", "seeing"}:
        return False
    if {"your", "you", "this", "that", "option", "version", "approach", "solution"} & set(words) or _FANTASY & set(
        words
    ):
        return False
    if words[0] != "the":
        return words[0] not in _set(
            "my our some any another asking talking mondays fridays deadlines everyone nobody being getting "
            "having waiting "
            "doing paying marking filling queueing queuing sitting arguing fighting explaining repeating losing failing"
        )
    rest = value.split()[1:]
    return bool(rest) and (rest[0][:1].isupper() or rest[0].lower() in _THE_THINGS)


def is_thing(value: str) -> bool:
    """A few plain words for a kind of thing: `stamps`, `cilantro`; nothing on the table."""
    words = words_of(value)
    return (
        is_taste(value) and len(words) <= 4 and words[0] not in {"the", "a", "an", "data", "logs", "garbage", "errors"}
    )


def is_food(value: str) -> bool:
    """What follows `I don't eat`."""
    return is_short(value) and words_of(value)[0] not in _set(
        "before after until when during and or another any much enough yet again more the "
        "my your a well properly lunch breakfast dinner out at in"
    )


def is_owned(value: str) -> bool:
    """What follows `I have`: a family or a pet, nothing that points (`a dog in this fight`)."""
    return not {"this", "that", "these", "those", "your", "you", "it"} & set(words_of(value))


_AT_WORK = re.compile(
    r"\b(?:it|that|this|these|those|them|you|your|tests?|scripts?|code|server|build|query|queries|commands?|errors?|"
    r"function|program|app|deploy\w*|logs?|pods?|containers?|migrations?|pipelines?|jobs?|backups?|crazy|mad|"
    r"insane|same|humble|hat|"
    r"simulations?|workflows?|one|diagnostics|crash\w*)\b"
)
_THE_PLACES = re.compile(
    r"\bthe (?!dogs?|gym|pool|park|sea|beach|market|library|church|mosque|temple|choir|kids|food bank|"
    r"canal|river|lake|harbour|forest|woods|piano|guitar|violin|cello|hospital|shelter|school|club|allotment|"
    r"bus|train|"
    r"cats?|news|paper|bible|quran|garden|climbing|local|office|shop|children|grand\w+|horse|\w+ (?:shelter|"
    r"club|centre|center|choir|pool|bank))"
)


def is_habit(value: str) -> bool:
    """What one does again and again, and not at the keyboard only: `to the gym twice a week`, not `the tests daily`."""
    low = value.lower()
    return not _AT_WORK.search(low) and not _THE_PLACES.search(low) and len(low.split()) <= 10


def is_hobby(value: str) -> bool:
    """What follows `I volunteer`."""
    return is_short(value) and not _AT_WORK.search(value.lower())


_ENDABLE = re.compile(
    r"(?:smoking|drinking|vaping|alcohol|sugar|caffeine|coffee|meat|dairy|gluten|cigarettes|weed|gambling|"
    r"social media|"
    r"facebook|twitter|instagram|tiktok|eating (?:meat|sugar|dairy|fish|gluten)|drinking (?:alcohol|coffee)|my job|"
    r"running|football|taking \w+)$"
)


def is_habit_ended(value: str) -> bool:
    """What one gives up: `smoking`, not `the app`."""
    return bool(_ENDABLE.match(value.lower()))


TOOLS = (
    _set(
        "neovim nvim vim vi emacs vscode intellij pycharm webstorm goland rider xcode sublime helix kakoune "
        "nano zed cursor "
        "arch linux ubuntu debian fedora mint nixos gentoo opensuse manjaro freebsd openbsd windows macos mac "
        "macbook android "
        "ios iphone ipad pixel thinkpad chromebook kindle firefox chrome safari brave vivaldi edge zsh fish "
        "tmux kitty "
        "alacritty wezterm iterm ghostty git gitlab github bitbucket jira confluence notion obsidian evernote "
        "trello asana "
        "slack discord teams zoom signal telegram whatsapp docker podman kubernetes k8s terraform ansible "
        "postgres postgresql "
        "mysql mariadb sqlite mongodb redis kafka rabbitmq timescaledb clickhouse snowflake bigquery "
        "databricks spark airflow "
        "dbt pandas numpy pytorch tensorflow react vue angular svelte django flask fastapi rails laravel "
        "spring express nextjs "
        "node nodejs aws azure gcp heroku vercel netlify grafana prometheus datadog figma sketch photoshop lightroom "
        "illustrator blender ableton logic cubase reaper excel sheets word latex libreoffice spss stata anki "
        "duolingo strava "
        "garmin linear perforce homebrew nix i3 sway hyprland gnome kde dvorak colemak qwerty canvas moodle "
        "scrivener zotero"
    )
    | CODE
)
_SYSTEMS = re.compile(
    r"(?:an? )?(?:old |new |work |m\d )?(?:macbook(?: (?:air|pro))?|mac(?: (?:mini|studio))?|imac|windows(?: "
    r"\d+)?|linux(?: mint)?|"
    r"ubuntu|debian|fedora|arch(?: linux)?|nixos|gentoo|opensuse|manjaro|freebsd|openbsd|macos|android|ios|"
    r"iphone|ipad|"
    r"pixel|thinkpad|chromebook|pop!?_?os|wsl\d?|steam deck|raspberry pi)\b"
)
_DEVICES = re.compile(
    r"(?:an? )?(?:[\w-]+ ){0,2}?(?:macbook|imac|iphone|ipad|pixel|thinkpad|chromebook|kindle|galaxy|surface|"
    r"raspberry pi|"
    r"playstation|xbox|steam deck|nintendo switch|garmin|apple watch|fairphone|dell xps|framework(?: laptop)?|"
    r"e-?bike|"
    r"cargo bike|mechanical keyboard|nas|telescope|sewing machine|3d printer|greenhouse|allotment|campervan|"
    r"camper van)\b"
)
_NOW = _set("this that these those it its here your you now again same one ones thing stuff below above following")


_GOES_ON = _set("and or at for on as with every in from daily mostly")


def is_tool(value: str) -> bool:
    """A program, a language or a device by its known name: `neovim`, `Jira and Confluence at work`."""
    words = words_of(value)
    if not 0 < len(words) <= 8 or _NOW & set(words) or words[0] in {"the", "my", "a", "an"}:
        return False
    if words[0] not in TOOLS or {"to", "error", "version"} & set(words):
        return False
    second = value.split()[1:2]  # `git stash` is a command
    return not second or not second[0].islower() or second[0] in TOOLS | _GOES_ON


def is_stack(value: str) -> bool:
    """A list of programs, one of them known: `Python, Rust and TimescaleDB`."""
    words = words_of(value)
    return 0 < len(words) <= 10 and bool(TOOLS & set(words)) and not _NOW & set(words)


def is_system(value: str) -> bool:
    """A system or a machine to work on: `Windows 11`, `a MacBook Air`."""
    words = words_of(value)
    return bool(_SYSTEMS.match(value.lower())) and len(words) <= 6 and not (_NOW | {"update", "tests"}) & set(words)


def is_device(value: str) -> bool:
    """A thing to own with a name of its own: `an iPhone 13`; `problems with` it is none."""
    words = words_of(value)
    named = _DEVICES.match(value.lower()) or (words and words[0] in TOOLS)
    return bool(named) and len(words) <= 6 and not (_NOW | _set("problem issue with question error app")) & set(words)


_MAKES = _set(
    "skoda mazda toyota honda ford volvo vw volkswagen audi bmw mercedes renault peugeot citroen fiat seat opel "
    "vauxhall nissan kia hyundai subaru suzuki mitsubishi tesla mini jaguar lexus dacia chevy chevrolet dodge "
    "jeep buick "
    "gmc chrysler porsche saab polo golf fiesta focus corsa yaris civic corolla prius micra panda leaf yeti berlingo "
    "vespa triumph yamaha kawasaki ducati harley brompton"
)
_VEHICLES = _set(
    "van truck car taxi bus lorry tractor scooter motorbike motorcycle diesel hybrid moped tram train forklift "
    "camper "
    "jeep pickup minivan estate hatchback convertible bike bicycle recumbent tandem"
)


def is_vehicle(value: str) -> bool:
    """What follows `I drive`: `an old Volvo`, `a taxi`, not `a hard bargain`."""
    words = words_of(value)
    if not re.match(r"an? ", value.lower()) or len(words) > 6 or _NOW & set(words):
        return False
    return has_capital(value[2:]) or words[-1] in _VEHICLES or bool(_MAKES & set(words))


def is_kin_fact(value: str) -> bool:
    """`sister Mei lives in Porto`: told without `my`, the name has a capital."""
    return len(value.split()) > 2 and value.split()[1][:1].isupper() and value[:1].islower()


def is_switch(value: str) -> bool:
    """What one changed over to: a program by its known name."""
    return words_of(value)[0] in TOOLS - CODE and len(words_of(value)) <= 3


def is_near(value: str) -> bool:
    """What is told of a relative: one that is called something has a name (`is called away` is none)."""
    told = re.split(r" (?:called|named) ", value, maxsplit=1)
    return len(told) == 1 or (is_name(told[1].split(",")[0]) and told[1].split()[0].lower() not in _NOT_CALLED)


_NOT_CALLED = _set("away up out back off in on over names")

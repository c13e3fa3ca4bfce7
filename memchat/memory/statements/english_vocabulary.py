"""Alternatives that English patterns are built from: languages, relatives, instruments, routines; only data."""

LANGUAGES = (
    "english french german spanish portuguese italian dutch swedish norwegian danish finnish polish czech russian "
    "ukrainian greek turkish arabic hebrew hindi bengali urdu punjabi tamil thai vietnamese indonesian malay tagalog "
    "filipino japanese korean chinese mandarin cantonese taiwanese hokkien hakka hungarian romanian bulgarian "
    "serbian "
    "croatian swahili persian farsi catalan basque welsh irish latin esperanto icelandic estonian latvian lithuanian "
    "slovak slovenian albanian armenian georgian nepali sinhala telugu marathi gujarati malayalam kannada amharic "
    "yoruba igbo hausa zulu afrikaans galician maltese twi akan wolof somali tigrinya khmer burmese mongolian kazakh "
    "uzbek pashto kurdish quechua guarani xhosa shona lingala luganda kinyarwanda malagasy samoan maori hawaiian "
    "gaelic "
    "breton luxembourgish bosnian macedonian yiddish sanskrit cebuano ilocano javanese sundanese odia sindhi tibetan "
    "uyghur shanghainese teochew flemish belarusian azerbaijani"
)
_AGE = r"(?:(?:older|elder|eldest|oldest|younger|youngest|little|big|twin|late|only|new|adopted|foster|ex)[- ])?"
_RELATIVE = (
    r"(?:step|grand|great-grand|half-)?(?:sister|brother|son|daughter|mother|father|child)(?:-in-law)?s?|children|"
    r"(?:grand)?(?:mom|mum|mama|dad|papa|ma|pa|kid|parent)s?|grandchildren|wife|husband|partner|spouse|fianc[ée]e?|"
    r"girlfriend|boyfriend|baby|twins?|cousins?|aunts?|uncles?|nieces?|nephews?|dogs?|cats?|pupp(?:y|ies)|kittens?|"
    r"horses?|rabbits?|parrots?|hamsters?|siblings?|budgies?|guinea pigs?|tortoises?|turtles?|goldfish|pon(?:y|ies)"
)
# Who is near enough that what they do is worth a note; of others only the name is kept.
_NEAREST = (
    r"(?:step|half-|grand)?(?:sister|brother|son|daughter|mother|father)s?(?!-in-law)|(?:grand)?(?:mom|mum|mama|dad|"
    r"papa)s?|(?:grand)?parents|kids|children|wife|husband|partner|spouse|fianc[ée]e?|girlfriend|boyfriend|"
    r"grandma|grandpa|dogs?|"
    r"cats?|pupp(?:y|ies)|kittens?|horses?|rabbits?|parrots?|hamsters?|twins?|pony"
)
RELATIVE = rf"(?:{_AGE}(?:{_RELATIVE}))\b"
COMPANION = (
    rf"(?:{RELATIVE}|{_AGE}(?:best friend|editor|boss|manager|colleague|doctor|therapist|landlord|flatmate|"
    rf"roommate)\b)"
)
PET = (
    r"(?:dogs?|cats?|pupp(?:y|ies)|kittens?|horses?|rabbits?|bunn(?:y|ies)|parrots?|hamsters?|budgies?|guinea "
    r"pigs?|tortoises?|"
    r"turtles?|goldfish|pon(?:y|ies)|ferrets?|gerbils?|snakes?|geckos?|lizards?|hens|chickens|goats?|donkeys?|"
    r"spaniel|labrador|"
    r"beagle|terrier|collie|poodle|greyhound|whippet|lurcher|cockatiel|canary|axolotl)"
)
FREE_TIME = r"retired|self-employed|unemployed|semi-retired|between jobs"
DAILY = "get up|wake up|go to bed|go to sleep|go to work|start work|finish work|eat dinner|have lunch|have dinner"
ROUTINE = (
    "swim|walk|cycle|bike|jog|volunteer|sing|dance|paint|bake|meditate|visit|row|climb|hike|ski|surf|skate|journal|"
    "garden|commute|work out|eat|sail|babysit|stretch|tutor|coach|exercise|knit|donate|give blood|drink|cook"
)
# At the keyboard one runs, does, takes and calls many things; these count with what is done outdoors only.
LOOSE = (
    "run|go|train|practise|practice|call|lift|take|play|do|drive|ride|see|read|write|draw|teach|fish|fast|box|attend|"
    "have"
)
_DAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_L = LANGUAGES.replace(" ", "|")
PARTS = {
    "LANGS": rf"(?:(?:traditional|simplified|brazilian|only|mostly) )?(?:{_L})(?:(?:,? (?:and|or) |, )(?:{_L}))*",
    "KIN": RELATIVE,
    "NEAR": rf"(?:{_AGE}(?:{_NEAREST}))\b",
    "COMPANION": COMPANION,
    "FREE_TIME": FREE_TIME,
    "PET": PET,
    "ROUTINE": ROUTINE,
    "LOOSE": LOOSE,
    "OUTDOORS": (
        r"<OFTEN>|(?:about |around |almost )?\d+ ?(?:k|km|miles|kilomet\w+|hours|minutes|laps)\b|(?:to|in|"
        r"along|around|with|"
        r"at|by|through|for) (?!it\b|this|that|every|the (?:same|list|tests?|code|menu|docs))|my (?:<KIN>|bike)|"
        r"(?:yoga|pilates|judo|karate|sport|exercises|weights|crosswords?|sudoku|laundry|groceries|tai chi|"
        r"ballet|swimming|"
        r"running|climbing|dancing|cycling|hiking|shopping|fishing|jogging|surfing|skiing|bowling|sailing|"
        r"riding|rowing|"
        r"church|mass|tennis|football|chess|badminton|squash|golf|bridge|therapy|physio|vitamins|naps?|piano|"
        r"guitar|violin|"
        r"(?:<LANGS>) (?:lessons|classes))\b|an? (?:nap|walk|run|swim|bath|class|lesson)\b|the (?:bus|train|"
        r"tram|metro|tube|"
        r"ferry|subway|dogs?|kids)\b|(?:<MEDICINE>)"
    ),
    "NUMBER": "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half past \\w+|quarter (?:to|past) \\w+",
    "OFTEN": (
        r"(?:once|twice|thrice|\d{1,2} ?x|(?:two|three|four|five|six|seven|a few|several|\d{1,2}) (?:times|days|"
        r"nights|mornings|"
        r"evenings|hours|kilometers|km|miles)) (?:a|per|each|every) (?:day|week|month|year|night)|daily|weekly|"
        r"most (?:days|mornings|evenings|nights|weekends)|"
        rf"every (?:other |second |single )?(?:day|morning|evening|night|weekend|weekday|week|month|summer|"
        rf"winter|{_DAYS})"
        rf"s?(?: and {_DAYS})?|on (?:{_DAYS}s(?:(?:,| and|, and) {_DAYS}s)*|weekends|weekdays)|at weekends|in the (?:"
        rf"mornings?|evenings?)|{_DAYS}s(?: and {_DAYS}s)?"
    ),
    "THIS_TASK": (
        r"(?:this |the )?(?:meeting|call|chat|session|conversation|function|script|task|exercise|sprint|ticket|"
        r"commit|email)\b"
    ),
    "INSTRUMENT": (
        "piano|guitar|bass(?: guitar)?|violin|viola|cello|double bass|flute|oboe|clarinet|bassoon|saxophone|"
        "sax|trumpet|"
        "trombone|french horn|tuba|drums?|harp|accordion|ukulele|banjo|mandolin|recorder|organ|keyboards?|harmonica|"
        "fiddle|bagpipes|sitar|electric guitar|classical guitar|lute"
    ),
    "SPORT": (
        "tennis|football|soccer|basketball|volleyball|badminton|squash|golf|rugby|cricket|hockey|ice hockey|handball|"
        "table tennis|ping pong|chess|bridge|go|poker|darts|padel|pickleball|ultimate|frisbee|water polo|lacrosse|"
        "baseball|softball|dungeons and dragons|d&d|bowls|petanque|mahjong|scrabble"
    ),
    "BEING": (
        r"vegetarians?|vegans?|pescatarians?|lacto-vegetarian|lactose[- ]intolerant|gluten[- ]intolerant|"
        r"gluten[- ]free|"
        r"diabetic|coeliac|celiac|asthmatic|colou?r[- ]?blind|left[- ]handed|dyslexic|deaf|hard of hearing|blind|"
        r"autistic|epileptic|anaemic|anemic|ambidextrous|celiacs?|halal only|kosher|keto|on keto|"
        r"an? insomniac|insomniac|teetotal|sober|partially sighted|dyspraxic"
    ),
    "MEDICINE": (
        "blood thinners|anti-?depressants|insulin|metformin|statins?|the pill|beta[- ]?blockers|warfarin|"
        "levothyroxine|"
        "thyroid (?:pills|tablets|medication)|blood pressure (?:pills|tablets|medication)|antihistamines|ibuprofen|"
        "aspirin|lithium|sertraline|ritalin|adderall|omeprazole|ramipril|amlodipine|lisinopril|methotrexate|"
        "cortisone|"
        "prednisone|prednisolone|paracetamol|co-codamol|naproxen|gabapentin|pregabalin|furosemide|digoxin|ventolin|"
        r"salbutamol|ozempic|wegovy|mounjaro|hydroxychloroquine|concerta|vyvanse|wellbutrin|prozac|zoloft|lexapro|"
        r"xanax|"
        r"estrogen|oestrogen|testosterone|hrt|t blockers|"
        r"\w{2,}(?:sartan|statin|pril|olol|prazole|xetine|triptan|formin|gliptin|thyroxine|xaban|dipine|azepam|zodone|"
        r"alopram|aline|tidine|lukast|mycin|cillin|parin|iazide|glutide|sone|umab|ximab)|"
        "an inhaler|vitamin [bcd]\\d*|iron (?:pills|tablets|supplements)|hrt|ssris?"
    ),
    "CODE": (
        r"python|go|golang|rust|java|javascript|typescript|c\+\+|c#|c|ruby|php|kotlin|swift|bash|sql|haskell|elixir|"
        "julia|scala|r|perl|clojure|zig|lua|dart|ocaml|erlang|fortran|cobol|matlab|lisp|elm"
    ),
    "FOOD": (
        r"(?:red |raw |cow'?s |any |processed |spicy )?(?:meat|pork|beef|lamb|chicken|fish|seafood|shellfish|shrimps?|"
        r"prawns|crab|dairy|milk|cheese|butter|cream|yoghurt|eggs?|gluten|wheat|bread|pasta|rice|nuts?|peanuts?|"
        r"tree nuts|"
        r"soya?|sugar|salt|caffeine|coffee|tea|alcohol|wine|beer|spicy food|spice|chilli|chili|onions?|garlic|"
        r"mushrooms?|tomatoes|strawberries|bananas?|kiwi|avocado|celery|mustard|sesame|lactose|carbs|sweets|chocolate|"
        r"fried food|fast food|citrus|grapefruit|liquorice|aniseed|coriander|cilantro|lentils|beans)"
    ),
    "DRUNK": (
        r"(?:the )?(?:coffee|caffeine|alcohol|booze|drink|sugar|meat|red meat|dairy|gluten|cigarettes|fags|smokes|"
        r"nicotine|vaping|weed|carbs|bread|social media|facebook|instagram|twitter|tiktok)\b"
    ),
    "TIER": r"(?:free|pro|plus|premium|team|teams|business|enterprise|basic|starter|max|standard|family|student)\b",
    "BODY": (
        r"(?:back|knees?|hips?|shoulders?|ankles?|neck|wrists?|elbows?|feet|foot|heart|hearing|eyesight|eyes?|ears?|"
        r"achilles|hamstring|thyroid|kidneys?|lungs?|liver|stomach)"
    ),
    "WAY": (
        r"briefly|concisely|succinctly|shortly|in short|in detail|simply|plainly|formally|informally|politely|step "
        r"by step|"
        r"in (?:bullet points|plain \w+|one sentence|\w+ sentences|short sentences|a few words)"
    ),
    "SHAPE": (
        r"brief|concise|short|direct|formal|informal|polite|blunt|terse|succinct|simple|casual|to the point|"
        r"friendly|honest|detailed|shorter|longer|plain|quick|snappy|straight|numbered|bulleted"
    ),
    "PREFERS": (
        r"(?:(?:<SHAPE>|long|clear|simpler) ?(?:and |, )?)+"
        r"(?:answers|replies|responses|explanations|language|style|examples|sentences)\b"
    ),
    "EVENT": (
        r"exams?|interview|flight|wedding|appointment|surgery|operation|deadline|thesis|trip|holiday|vacation|"
        r"tests?|dentist|"
        r"meeting|concert|race|marathon|party|graduation|anniversary|presentation|defen[cs]e|visa|lease|contract|"
        r"course|class|"
        r"train|move|due date|baby"
    ),
    "THEY": (
        r"(?:they|work|hr|it|(?:my|our|the) (?:\w+ ){0,2}?(?:boss|company|employer|firm|office|school|university|uni|"
        r"department|team|agency|lab|clinic|hospital|manager|director|client|board|union|husband|wife|partner|daughter|"
        r"son|sister|brother|mum|mom|dad|kids|parents))(?:'ve|'s| have| has)? (?:just |now |finally |also |all |kindly "
        r"|already |recently |even |actually )*"
    ),
    "RANK": (
        "(?:team|tech|technical|project|department|shift|section|design|group|unit|store|office|floor|line|product) "
        "(?:lead|leader|manager|head)|(?:general|acting|assistant|deputy|senior|junior|chief|vice|principal|staff|"
        "associate|head|managing|lead|trainee|regional|executive)(?: of)?"
    ),
    "AWAY": (
        r".*\b(?:hotel|hostel|airbnb|trip|holidays?|vacation|conference|visit\w*|tour|flight|until|till|for (?:a|the) "
        r"(?:day|week|weekend|night)|layover|stopover|passing through|wedding|festival|camping|campsite|retreat|"
        r"tent|hospital|jail|prison|this week|today|tonight)\b"
    ),
    "NOT_PLANS": (
        r"(?!ask|tell|try|let|say|be honest|check back|come back to|talk to you|get back|see you|write you|be back|"
        r"bed\b|"
        r"\w+ (?:blind|nowhere|on(?: (?:next|in)\b|$)|crazy|mad|insane|strong|well\b))"
    ),
}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


OCCUPATIONS = _set(
    "accountant actor actress actuary analyst anesthesiologist animator archaeologist architect archivist artist "
    "assistant astronaut astronomer athlete attorney auditor author baker banker barber barista bartender biologist "
    "bookkeeper bookseller botanist bricklayer broker builder butcher caretaker caregiver carpenter cashier "
    "ceo cto cfo chef chemist clerk coach composer comedian conductor consultant contractor cook counselor "
    "counsellor "
    "courier cto dancer dentist designer developer dietitian diplomat director diver doctor dramaturg driver drummer "
    "ecologist economist editor electrician engineer entrepreneur estimator farmer filmmaker firefighter fisherman "
    "florist founder freelancer gardener geologist geographer guard guide guitarist hairdresser historian homemaker "
    "housewife illustrator inspector instructor intern interpreter investigator investor janitor jeweller jeweler "
    "journalist judge lawyer lecturer librarian lifeguard linguist locksmith logistician machinist manager marketer "
    "mason mathematician mechanic midwife miner model musician nanny neurologist novelist nurse nutritionist officer "
    "optician painter paralegal paramedic pastor pediatrician paediatrician pharmacist philosopher photographer "
    "physician physicist physiotherapist pianist pilot plumber poet policeman policewoman postdoc postman potter "
    "president priest principal printer producer professor programmer psychiatrist psychologist publisher "
    "radiographer "
    "radiologist ranger realtor receptionist recruiter reporter researcher restorer sailor salesman salesperson "
    "saleswoman scientist screenwriter sculptor secretary singer soldier solicitor statistician steward stewardess "
    "student streamer superintendent supervisor surgeon surveyor sysadmin tailor teacher technician technologist "
    "therapist trader trainer translator tutor undergraduate urologist veterinarian vet vicar videographer violinist "
    "waiter waitress warden weaver welder writer youtuber zookeeper freelance barrister cleaner roofer "
    "beekeeper dispatcher copywriter ghostwriter sommelier apprentice trainee tester sre dba headteacher childminder "
    "headmaster headmistress postmaster freelancer dev admin administrator coordinator planner strategist specialist "
    "operator controller caterer grower shepherd vintner brewer winemaker blacksmith joiner plasterer glazier "
    "decorator "
    "seamstress dressmaker upholsterer watchmaker luthier instructor lecturer registrar curator conservator "
    "podcaster "
    "rabbi imam nun monk chaplain magistrate bailiff undertaker embalmer chiropractor osteopath podiatrist "
    "audiologist "
    "phlebotomist anaesthetist obstetrician orthodontist hygienist sonographer optometrist epidemiologist geneticist "
    "underwriter adjuster bookbinder typesetter proofreader sub-editor subtitler cameraman gaffer roadie stagehand "
    "stuntman choreographer cellist organist trumpeter bassist harpist flautist flutist percussionist producer "
    "flight-attendant attendant concierge housekeeper porter stylist beautician masseur masseuse tattooist "
    "lumberjack "
    "forester arborist advisor adviser agronomist oceanographer meteorologist cartographer topographer urbanist "
    "landscaper"
)

"""The English rules for what people tell in passing, in everyday forms, as data. Read as `english_rules`."""

EVERYDAY_PROFILE = r"""
# names
display_name is_name name
    (?:it's|its|this is) (?P<v>[\w'-]+)(?= here\b)
display_name is_name name
    (?:the name's|names|name's|name is|name:) <V>
display_name is_short_name name
    (?:just |but )?(?:call me )?(?P<v>[\w'-]+)(?= (?:will do|is fine|works|is ok|is okay|for short)(?:$|[ ,.]))
display_name is_bare_name name
    (?:it's|its) (?P<v>[\w'-]+)(?=(?: btw| by the way)?, not \w+)
display_name is_short_name name
    (?P<v>[\w'-]+) here(?= (?:btw|by the way|again)\b)
# work
occupation is_trade trade
    (?:it's|its) official[,:]? (?:an? )?<V>
occupation is_trade trade
    <IM><A>(?:an? )?(?P<v>retired .+)
occupation is_trade trade
    (?:<I>|<HAVE>)<A>(?:got (?:a |my first )?(?:new )?job|been hired|hired|started (?:work |working )?|begun
    (?:working )?|gone freelance|go freelance) ?as (?:an? |the )?<V>
occupation is_trade trade
    <I><A>trained as an? (?P<v>.+?)(?= and (?:still|now) (?:am|work as)\b)
occupation is_trade trade
    <IM><A>(?:working as|employed as) (?:an? |the )?<V>
note is_subject one: teaches {v}
    <IM>(?:teaching) <V>
note is_studied one: studied {v}
    <I><A>(?:studied|majored in|did (?:a degree in|my (?:degree|phd|masters|master's) in)) (?P<v>.+ at .+)
note is_studied one: {k} is {x}{v}
    my (?P<k>degree|phd|masters?|master's|background|training) (?:is|was)(?P<x>(?: in)? )<V>
note is_trained_at place: {k} {v}
    (?:<I>|<HAVE>)<A>(?P<k>trained (?:as an? [\w ]{2,30}? )?(?:at|in)|qualified (?:at|in)|graduated from|went to
    (?:uni|university|college|school) (?:at|in)) <V>
occupation is_trade trade
    (?P<v>[\w -]{3,40}) here(?=$|,| btw)
note - one: {k} {v}
    <IM><A>(?P<k>doing) (?P<v>(?:an?|my) (?:[\w]+ )?(?:phd|doctorate|master'?s|msc|mba|degree|apprenticeship|pgce|
    a-?levels|gcses|postdoc|residency|internship)\b.*)
note - one: {k} {v}
    (?:my|our) (?P<k>(?:thesis|dissertation|phd|research) is (?:on|about|in)) <V>
note - one: {k} {v}
    <IM><A>(?P<k>writing my (?:thesis|dissertation)) (?P<v>(?:on|about) .+)
# languages
note - one: grew up speaking {v}
    <I>grew up (?:speaking|with) (?P<v>(?:<LANGS>))
note - one: speaks {v} at home
    (?:<I><A>(?:speak|spoke)|<BARE>) ?(?P<v>(?:<LANGS>)(?:,? (?:and|&) (?:<LANGS>))*)(?= (?:at home|growing up))
note - one: has {v}
    <GOT>(?P<v>(?:jlpt )?n[1-5]\b|(?:an? )?[abc][12](?: (?:level|certificate))?(?: in (?:<LANGS>)))
preferred_language - -
    (?:keep (?:answering|replying|talking|writing|chatting|it|going)(?: to me| me| back)?|stick|stay|continue|
    carry on)
    [ ](?:in|to|with) (?P<v><LANGS>)(?! (?!please|now|thanks|unless|ok|from|and|only|for me)\w)
preferred_language - -
    (?:just|only|always) (?:in )?(?P<v><LANGS>)(?=$|[,.]| (?:please|from now on|with me|for me|ok|thanks))
preferred_language - -
    (?P<v><LANGS>)(?: only)?(?:,? (?:please|from now on|always|for (?:all |your )?(?:answers|replies)))+$
preferred_language - -
    (?:in )?(?P<v><LANGS>) only$
# aims
goals is_aim aim
    what (?:i'd|i would|i) (?:really |most |actually )?(?:love|want|like)(?: most)? is to <V>
goals is_aim aim
    (?:<I>|<HAVE>|<BARE>)<A>(?:got to|need to|have to|must|want to|hoping to|aiming to|aim to|
    hope to) (?P<v>(?:hit|get|score|
    reach|pass|break) [\w .-]{2,40}? (?:on|in|at|for) (?:the |my )?[\w -]{2,20}? (?:by|before|in|this|next) .+)
goals is_aim aim
    (?:my |new |big |one )?(?:goal|resolution|aim) (?:this|for this|for the) (?:year|month|term|season|summer|
    winter|spring|autumn) ?[:=\u2014-] ?(?:to )?<V>
goals is_aim aim
    (?:goal|dream|plan) (?:this year|for this year|this term|this season|this summer) is (?:to )?<V>
goals is_aim aim: {k} {v}
    <IM><A>(?P<k>training for|preparing for|saving (?:up )?for|saving (?:up )?to|working towards?|studying for|
    prepping for|revising for|
    hoping to (?:run|buy|get|learn|start|finish|publish|retire|qualify)|aiming (?:for|to)) <V>
# subscription and zone of time
timezone - -
    my time ?zone is (?P<v>est|edt|pst|pdt|cst|mst|cet|cest|gmt|bst|ist|jst|aest|utc|eastern|pacific|central|
    mountain)\b
plan - -
    <IM><A>(?:still )?on (?:the |an? |your )?(?P<v><TIER>)(?: (?:one|version|plan|tier|subscription|account)
    )?(?=$|[,.]| (?:still|now|here|
    so|by|btw|at|for|plan|if|because|but|since)\b)
plan - -
    (?:so )?(?:it's|its) (?:the )?(?P<v><TIER>)(?: (?:one|version|plan|tier|account))? (?:that )?(?:i'm on|
    im on|for me)\b
timezone - -
    <IM><A>(?:in|on) (?P<v>est|edt|pst|pdt|cst|mst|cet|cest|gmt|bst|ist|jst|aest|utc|eastern|pacific|central|mountain)
    (?=$|[,.]| (?:time|now|so|if|btw)\b)
timezone - -
    (?:use |in )?(?P<v>uk|us eastern|eastern|pacific|central european|central|mountain|cet|cest|gmt|bst|utc|est|pst|
    ist|jst|aest|[A-Za-z]+) time(?= (?:please|from now on|always|for me|only))
"""

EVERYDAY_CHANGES = r"""
plan - -
    (?:<I>|<HAVE>|<BARE>)<A>(?:upgraded to|switched to|moved to|gone|went|paid for|paying for|pay for|
    bought|subscribed to|signed up (?:for|to)|got) (?:the |your )?(?P<v><TIER>)(?: (?:plan|tier|one|version|
    subscription|account))?
    (?=$|[,.!]| (?:today|yesterday|this|last|just|now|because|since|so|by|in|finally|btw|though)\b)
plan - -
    (?:<IM>|<HAVE>(?:gone )?|<I>(?:went |am )|<BARE>)<A>back (?:to|on) (?:the |your )?(?P<v><TIER>)
    (?: (?:plan|tier|one|version|subscription))?(?=$|[,.!]| (?:now|for|since|again|today|because|so)\b)
work_context is_workplace firm: works at {v}
    (?:<I>|<HAVE>|<BARE>)<A>started (?:work |working |my new job |a new job |a job )?at <V>
note is_switch one: switched from {k} to {v}
    (?:<I>|<HAVE>|<BARE>)<A>(?:switched|moved|migrated|gone|went) from (?P<k>[\w.+#]+(?: [\w.+#]+)?) to <V>
note is_device bought: has {v}
    (?:<I>|<HAVE>|<BARE>)<A>(?:got|bought|switched to|ordered|picked up) (?:myself )?(?P<v>an? (?:new )?.+)
note is_device one: has a {v}
    (?:my |our |the )?(?P<v>new [\w ]{2,30}?)(?= (?:came|arrived|is here|turned up|has arrived|has come))
note is_tool one: uses {v} now
    (?:<I>'m |<IM>|<BARE>)?(?:gone |went )?(?:full|all|fully|exclusively|only)(?:[- ](?:on|time|in on)
    )? (?P<v>[\w.+#]+)(?= now\b| these days\b)
note - one: off {v}
    (?:<IM>|<HAVE>been )<A>(?:completely |fully |totally )?off (?P<v><DRUNK>)(?! (?:break|breaks|run|shop|table|
    machine|free|for|until|till)\b)
note is_habit_ended ended: {k} {v}
    (?:<I>|<HAVE>)<A>(?P<k>quit|gave up|given up|stopped|cut out|packed in|came off|come off|went off) <V>
note - day: had {v}
    <I>(?:had|got) my (?P<v>(?:left |right |bad )?<BODY> (?:scoped|replaced|operated on|fused|pinned|done|fixed)\b.*)
note - one: {v}
    (?:it's |its |<I>take |<IM>on )?(?P<v>(?:<MEDICINE>)(?: \d+(?: ?mg)?)?)(?= (?:from (?:now on|tomorrow)|instead\b))
note - bought: diagnosed with {v}
    (?:<I>was |<I>got |<HAVE>been |<BARE>)<A>diagnosed with (?P<v>(?!an? |the )[\w' ]+?)(?= (?:at|when|as|last|
    in|since|two|
    three|a few|years)\b|$|[,.])
location is_place place
    (?:<I>|<HAVE>|<BARE>)<A>moved in with .{2,30}? in <V>
note is_habit one: down to {v}
    (?:<IM>|<BARE>)down to (?P<v>(?:\d+|one|two|three|four|five|six) [\w ]{2,20}? (?:a|per) (?:day|week|month))
"""

EVERYDAY_LIFE = r"""
# body and food
note - day: {v}
    (?:<HAVE>been|<I>became) (?:an? )?(?:strictly )?(?P<v>(?:<BEING>)(?: (?:since|for|all my life|my whole life|
    from birth)\b.*)?)$
note - -
    as an? (?:life-?long |strict |lapsed )?(?P<v><BEING>)(?=,| (?:what|can|how|should|which|where|is|do|i|my|
    who|trying)\b)
note - one: {n} have {v}
    <I>(?P<n><CANNOT>|<NOT>) have (?P<v>(?:<FOOD>|latex|<MEDICINE>|aspirin|nsaids)\b.*)
note is_food list: {n} {x} {v}
    <I><A>(?P<n><NOT>|never|<CANNOT>) (?P<x>eat|drink|touch|digest|tolerate|do|handle) (?P<v>(?:<FOOD>)\b.*)
note - all: {k} {v}
    <I>(?P<k>eat) (?P<v>everything (?:but|except|apart from) [\w' ]+)
note - list: {k} {v}
    <I><A>(?P<k>take|taking) (?P<v>(?:my )?(?:daily )?(?:<MEDICINE>)\b(?! seriously| as\b).*)
note - one: {k} {v}
    (?:<IM>|<HAVE>been )<A>(?P<k>on|taking) (?P<v>(?:\d+ ?mg (?:of )?)?(?:<MEDICINE>)\b.*)
note - -: has {v}
    <GOT>(?:an? )?(?P<v>(?:mild |severe |bad |chronic |type [12] )?(?:diabetes|asthma|c(?:o)?eliac(?: disease)?|
    epilepsy|
    adhd|hay ?fever|high blood pressure|low blood pressure|migraines|dyslexia|arthritis|osteoarthritis|tinnitus|
    autism|crohn'?s(?: disease)?|colitis|ibs|psoriasis|eczema|rosacea|endometriosis|pcos|parkinson'?s|glaucoma|
    cataracts|
    insomnia|pacemaker|heart condition|heart murmur|gout|sciatica|lupus|fibromyalgia|osteoporosis|sleep apn(?:o)?ea|
    anaemia|anemia|an? underactive thyroid|underactive thyroid|overactive thyroid|hypothyroidism|copd|ocd|ptsd|
    bipolar|
    vertigo|reflux|scoliosis|vitiligo|raynaud'?s|long covid|me/cfs|ms(?=$|[,.]| (?:and|so|since|which)\b)|hiv|
    haemophilia|dyspraxia|aphantasia|narcolepsy|
    (?:hearing|cochlear) (?:aids?|implants?)|(?:an? )?(?:bad|dodgy|weak|artificial|prosthetic|replacement|trick|gammy)
    [ ](?:left |right )?<BODY>))\b
note - one: has {v}
    my (?P<v>(?:left |right )?<BODY>)(?= (?:is|are|'s) (?:artificial|prosthetic|permanently|dodgy|gammy|
    bad since|weak since))
note - one: {k} {v}
    <I><A>(?P<k>carry|wear|use) (?P<v>(?:an? |my |the )?(?:epi-?pen|hearing aids?|inhaler|cpap|insulin pump|
    reading glasses|
    contact lenses|orthotics|knee brace|wheelchair|walking stick|cane|guide dog|screen reader))\b
note - one: has an aid in
    <HAVE>(?P<v>an? (?:hearing )?aid) (?:in|for)\b
note - -: {v}
    <I>(?P<v>(?:have )?never smoked|never drank|never learned to (?:drive|swim|cook))\b
note is_day day: born {v}
    (?:<I>was |<IM>|<BARE>)born (?:on )?(?:the )?<V>
note is_day day: birthday is {v}
    (?:<MY>)?birthday(?: is|'s|:)?(?: on)? (?:the )?<V>
note is_origin place: {k} {v}
    (?P<k>(?:born(?: and (?:raised|bred))?|grew up) in) <V>
note - one: {v}
    (?:it's |its )?(?P<v>(?!it'?s\b|all\b|double\b|now\b|this\b|that\b|\d)[\w' ]{3,25} or nothing)(?= (?:now|
    with me|for me|these days|here)\b)
note - one: has no {v}
    (?:<I>haven't got|<I>don't have|<BARE>haven't got) (?:an? |any )?(?P<v>car|tv|television|smartphone|
    driving licen[cs]e|garden|oven|
    microwave|dishwasher|balcony|kids|children|pets|siblings|sense of smell|spleen|gallbladder|bike)(?=$|
    [,.]| (?:so|and|but|or|any|at home|here)\b)
note - one: no {v}
    no (?P<v><FOOD>(?:(?:,| or| and) <FOOD>)*) for me\b
note - -: pronouns are {v}
    (?:my pronouns are|<I>use(?= \S+(?: pronouns|$))) ?(?P<v>(?:they/them|she/her|he/him|she/they|he/they|
    they/she|they/he|xe/xem|
    ze/zir))\b
# tastes
note is_taste list: favourite {k} is {v}
    (?:my )?fav(?:ou?rite|e)? (?!icon)(?P<k>[\w ]{2,30}?) (?:is|are) <V>
note - one: learning {v}
    (?:<IM><A>learning|<HAVE>been learning|<IM>taking up) (?P<v>(?:the |to play (?:the )?)(?:<INSTRUMENT>)\b)
note is_thing list: {v} {k} not their thing
    (?P<v>[\w' ]{3,30}?) (?P<k>are|is)(?:n't| not) (?:really )?for me\b
note is_thing one: can't stand {v}
    (?:<I>|<BARE>)(?:can't|cant|cannot) (?:stand|abide|bear) (?P<v>[\w' ]+?)(?= in any\b| at all\b| or [\w ]+$|,|$)
# habits
note is_habit habit: {k} {v}
    <I><A>(?P<k><ROUTINE>) (?P<v>(?:[\w'-]+ ){0,6}?(?:<OFTEN>))(?=$|[\s,.;!])
note - list: {k} {v}
    <I><A>(?P<k>play|sing) (?P<v>(?:(?:the )?(?:<INSTRUMENT>|<SPORT>)|alto|soprano|tenor|baritone|bass)\b.*)
note - one: {v}
    <HAVE>been (?P<v>an? (?:alto|soprano|tenor|baritone|bass|drummer|goalkeeper|volunteer|scout leader|
    school governor)\b.*)
# things and tools
note is_tool one: {k} everything in {v}
    <I><A>(?P<k>do|keep|write|track|build|plan|run) (?:pretty much |basically |almost |
    literally )?everything (?:in|on|with) <V>
note is_tool list: uses {v}
    <I><A>(?:code|write|edit|build|deploy|test|draw|take (?:my )?notes|track [\w ]{2,20}|work)
    (?: mostly| mainly)? (?:in|on|with) <V>
note is_system list: {k} {v}
    <I><A>(?P<k>use) <V>
note is_device list: has {v}
    <GOT><V>
note is_vehicle one: {k} {v}
    <I><A>(?P<k>drive|ride|tow) <V>
# family
note is_near name
    (?:my|our) (?P<v><COMPANION>(?: is|'s) (?:called|named) \w[\w' -]*)
note - name
    our (?P<v><COMPANION>'s name is \w[\w' -]*)
note is_pet_name name: has a {k} called {v}
    (?:my|our) (?:\w+ year old |old |little |rescue )?(?P<k><PET>),? (?P<v>[\w'-]+)(?=,? (?:is|was|has|ate|eats|
    loves|likes|hates|
    keeps|needs|wants|sleeps|barks|will|can't|won't|got|gets|who|turned|turns|chewed|goes|does|did|had|died|and i)\b)
note is_owned -: has {v}
    <GOT>(?P<v>(?:an?|one|two|three|four|five|six|\d|twin) (?:\d+ (?:year|month|yr)[- ]old |rescue |old |
    elderly |new |tiny |grown |
    small |little |teenage |lovely )*(?:twin )?(?:<KIN>|<PET>|boys|girls)(?=$|,| (?:named|called|and|who|in|at|
    with|from|aged|mix)\b).*)
note is_near list
    (?:my|our) (?P<v><NEAR>,? [\w'-]+,? (?:lives?|works?|studies|teaches|plays|speaks|is (?:a|an|at|in|called|
    allergic|from|married))\b.*)
note - one
    (?:my|our) (?P<v><NEAR>(?: \w+)? is (?:pregnant|expecting|deaf|blind|autistic|diabetic|coeliac|celiac|vegan|
    vegetarian)\b[^,]*)
note - one: lost {v}
    (?:<I>lost|<IM>) (?P<v>my (?:husband|wife|partner|mother|father|mum|mom|dad))(?= (?:in|last|two|three|
    \w+ years|\d+))
note - list: lives with {v}
    <I><A>live with (?:my|two|three|an?) (?P<v>(?:<KIN>|flatmates?|housemates?|roommates?|friends?|<PET>)\b.*)
note - list
    <IM><A>(?P<v>(?:happily |recently |newly )?(?:married|engaged|divorced|widowed|separated) to (?!my (?:work|
    job|career)|the\b|this|that)\w+)
"""

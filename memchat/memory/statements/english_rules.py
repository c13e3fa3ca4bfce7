"""The English rules as data: a head line for each kind of statement, its pattern below.

A head line reads `field accept ends: what to keep` (see `rules.read`). In a pattern `<V>` is the value, `<I>` stands
for `I` or `we`, `<IM>` for `I am` or `we are` (both may be missing where the clause before had them), `<A>` for adverbs
that change nothing, `<E>` for "only in such a clause", other names for `english_grammar.PARTS`.
"""

RULES = r"""
reply_style - -
    <I><A>(?:prefer|like|want) (?P<v><PREFERS>.*)
reply_style - -
    <I><A>prefer (?P<v>(?:code )?examples in [\w+#]+.*|bullet points|metric units|celsius|code examples.*)
# names
display_name is_name name
    my (?:full |real |first |given |legal |preferred |nick)?name(?: is|'s) (?:now )?<V>
display_name is_name name
    the name(?: is|'s) <V>
display_name is_name name
    (?:<I><A>go by|<IM><A>(?:called|known as|named)) <V>
display_name is_name name
    (?:(?:you can|you may|just|please|everyone|everybody|people|they|(?:my |most )?(?:friends?|people)|all) (?:just |
    all |usually )?)*calls? me <V>
display_name is_bare_name name
    <IM><A><V>
# places
note is_place place: {k} live in {v} {x}
    <I>(?P<k>don't|do not) live in (?P<v>.+?) (?P<x>any ?more|any longer|now)$
note is_place place: no longer lives in {v}
    <I>no longer live in <V>
location is_place place
    (?:<I><A>(?:live|reside) (?:together )?in|<IM><A>(?:living|based|located|residing) (?:in|out of)) <V>
location is_place place
    (?:i've|i have|we've|we have) (?:been living|lived) in (?P<v>.+?) (?=since|for|all my life|my whole life)
location is_place place
    (?:<I>|(?:i've|i have|we've|we have) )<A>(?:moved|relocated) (?:(?:back|over) )?(?:from .{1,30}? )?to <V>
location is_place place
    my (?:home|house|flat|apartment) is in <V>
note is_origin place: {k} is {v}
    my (?P<k>home ?town|birthplace)(?: is|'s) <V>
note is_origin place: from {v}
    (?:<IM><A>from|<I><A>come from|<E>(?:originally )?from) <V>
note is_origin one: {k} {v}
    <I>(?P<k>was born(?: and raised)? in|grew up in) <V>
# work
occupation - -
    <IM><A>(?P<v><FREE_TIME>)(?=$|[ ,.])(?! to\b)
occupation is_trade one
    <IM><A>(?:an?|the) <V>
occupation is_trade one
    (?:i've|i have) been an? (?P<v>.+?) (?=since|for)
occupation is_trade one
    <E>an? <V>
occupation is_short one
    (?:<I><A>work|<IM><A>working) as (?:an? |the )?<V>
occupation is_trade one
    my (?:current |day |new )?(?:job|work)(?: title)?(?: is|'s) (?:being )?(?:an? |the )?<V>
occupation is_short one
    my (?:occupation|profession|trade|job title)(?: is|'s) (?:an? |the )?<V>
work_context is_employer one: works {k} {v}
    (?:<I><A>work|<IM><A>(?:working|employed)) (?P<k>at|for|in|by) <V>
note - -: works {k} {v}
    <I><A>work (?P<k>from home|remotely|part-time|full-time|night shifts|nights|mornings)(?P<v>.*)
note is_task -: works on {v}
    (?:<I><A>work|<IM><A>working) on <V>
note is_task -: works with {v}
    <I><A>work with <V>
note - -: {k} {v}
    <I><A>(?P<k>run|own) (?:my )?(?P<v>(?:own|an?) (?:[\w-]+ ){0,2}(?:bakery|business|company|shop|restaurant|
    caf[eé]|startup|studio|farm|store|school|clinic|bar|bookshop|agency|hotel|gallery)\b.*)
note is_subject one: {k}{l} {v}
    (?:<I><A>(?P<k>study|teach|major in)|<IM><A>(?P<l>studying)) <V>
# languages
preferred_language - -
    (?:<I><A>prefer|(?:i'd|i would) rather) (?:speaking |to speak |speak |to write in |writing in |answers in |
    replies in |using )?(?P<v><LANGS>)(?! \w)
preferred_language - -
    my (?:native |first |preferred |main |mother |home )(?:language|tongue) is (?P<v><LANGS>)(?! \w)
note - -: speaks {v}
    <I><A>(?:can )?(?:speak|know) (?:(?:fluent|some|a little|a bit of|good) )?(?P<v><LANGS>)
note is_learnable -: learning {v}
    (?:<IM><A>learning|(?:i've|i have) been learning) <V>
# body and food
note is_allergen -: allergic to {v}
    <IM>(?:\w+ly |very |also |quite )*allergic to <V>
note is_allergen -: {k} allergic to {v}{x}
    <IM>(?P<k>no longer|not) allergic to (?P<v>.+?)(?P<x>(?: any ?more| any longer)?)$
note is_allergen -: has an allergy to {v}
    <I><A>have an? (?:\w+ly |severe |bad |mild |serious )*allergy to <V>
note - -: has a {v}
    <I><A>have an? (?:severe |bad |mild |serious )*(?P<v>[\w ]{2,30} (?:allergy|intolerance))\b
note - -
    <IM><A>(?:an? |strictly )*(?P<v>vegetarian|vegan|pescatarian|lacto-vegetarian|lactose[- ]intolerant|
    gluten[- ]intolerant|diabetic|coeliac|celiac|asthmatic|colou?r-?blind|left-handed|dyslexic|deaf|
    hard of hearing|an? insomniac|teetotal)(?=$|[ ,.])(?! (?:to|about)\b)
note - -: has {v}
    <I><A>have (?P<v>(?:type [12] )?diabetes|asthma|c(?:o)?eliac disease|epilepsy|adhd|hay fever|
    high blood pressure|migraines|dyslexia|arthritis)\b
note is_food -: {n} {k} {v}
    <I><A>(?P<n>don't|do not|never|can't|cannot|can not) (?P<k>eat|tolerate|touch|have(?= (?:dairy|gluten|nuts|
    peanuts|shellfish|milk|eggs|lactose|sugar|alcohol|caffeine|seafood|fish|soy|wheat))) <V>
note - -: {n} {v}
    <I>(?P<n>don't|do not|never) (?P<v>drink(?: (?:alcohol|coffee|tea|milk|wine|beer))?|smoke|eat)(?: (?:at all|
    any ?more))?$
note - -
    <IM>(?P<v>\d{1,3} years old)\b
note is_short -: birthday is {v}
    my birthday(?: is|'s)(?: on)? <V>
note is_short all: born on {v}
    <I>was born on <V>
# tastes
note is_taste -: {k} {x} {v}
    <I><A>(?P<k>don't|do not|never) (?P<x>like|enjoy|love) <V>
note is_taste -: {k} {x} {v}
    <I><A>(?P<k>can't|cannot) (?P<x>stand|bear) <V>
note is_taste -: {k} {v}
    <I><A>(?P<k>like|love|enjoy|adore|prefer|hate|dislike|detest|loathe) <V>
note is_taste -: {k} is {v}
    my (?P<k>favou?rite [\w ]{2,30}?) (?:is|are) <V>
note is_taste -: {k}{l} {v}
    <IM>(?P<k>not )?<A>(?P<l>(?:very )?(?:fond of|keen on|crazy about|passionate about|into|afraid of|scared of|
    terrified of)|an? (?:big |huge )?fan of) <V>
# family
note - -
    my (?P<v><COMPANION>(?:'s name)?,?(?: (?!is\b|are\b|was\b)\w+,?)? (?:(?:lives?|living) in|works? (?:as|at|
    for|in)|(?:is|are) (?:called|named|from|allergic to|married|vegetarian|vegan)|studies|teaches|plays|
    speaks?) .+)
note - name
    my (?P<v><COMPANION>'s name is \w[\w' -]*)
note is_trade one: {w} is a {v}
    my (?P<w><COMPANION>(?: \w+)?) (?:is|are) an? <V>
note is_bare_name name: {w} is {v}
    my (?P<w><COMPANION>) is <V>
note is_owned -: has {v}
    (?:<I><A>have|i've got|we've got) (?P<v>(?:an?|one|two|three|four|five|six|\d|twin) <KIN>
    (?=$|,| (?:named|called|and|who|in|at|with|from|aged)\b).*)
note - -: lives with {v}
    <I><A>live with my (?P<v><KIN>.*)
note - -
    <IM><A>(?P<v>(?:happily )?(?:married|engaged|divorced|widowed)(?: (?:to|with) (?!my (?:work|job|career)).+)?|
    single)$
note - -
    <IM><A>an? (?P<v>(?:single |proud |new |stay-at-home )*(?:mother|father|mom|mum|dad|parent|grandmother|
    grandfather|widow|widower)(?: of .+)?)$
# aims
goals is_aim -
    (?:my|one of my) (?:main |biggest |current |big |new year's )?(?:goals?|aim|resolution|dream|ambition|
    objective)(?: (?:for|this|in) [\w ]{2,20}?)? (?:is|are) to <V>
goals is_task -
    (?:my|one of my) (?:main |biggest |current |big )?(?:goals?|dream)(?: (?:for|this) [\w ]{2,20}?)? (?:is|
    are) <V>
goals is_aim -
    <IM><A>(?:trying|planning|aiming|determined) to (?P<v>(?:learn|lose|quit|stop|save|eat|sleep|get (?:fit|
    in shape|better at|my)|move|become|run a|write (?:a|my)|finish my|start (?:a|my)) .+|read more.*|retire.*|
    get fit|get in shape)
goals is_aim -: {k} {v}
    <IM><A>(?P<k>training for|preparing for|saving (?:up )?for|working towards?) <V>
goals is_aim -
    <I><A>want to (?P<v>(?:become|learn|run an?|write an? (?:book|novel|memoir|thesis)|lose|quit|stop smoking|
    read more|publish|retire|travel|buy an? (?:house|flat|home|car)|start (?:an?|my) (?:own )?(?:business|
    company|family|band)|speak|finish my|get (?:fit|better at|in shape|promoted|my)|improve my|save).*)
# subscription and zone of time
plan is_tier -
    <IM><A>on (?:the |an? |your )?(?P<v>[\w+-]+(?: [\w+-]+)?) (?:plan|tier|subscription)\b
plan is_tier -
    <I><A>(?:have|use|pay for|bought|got) (?:the |an? |your )(?P<v>[\w+-]+(?: [\w+-]+)?) (?:plan|tier|
    subscription)\b
plan is_known_tier -
    <I><A>(?:have )?(?:upgraded|switched|downgraded|subscribed) to (?:the |your )?(?P<v>[\w+-]+)(?: plan| tier)?$
plan is_known_tier -
    <IM><A>an? (?P<v>[\w+-]+) (?:user|subscriber|member|customer)$
plan is_tier -
    my (?:plan|subscription|tier) is (?:the )?(?P<v>[\w+-]+)(?: plan| tier)?$
timezone is_zone one
    my time ?zone is <V>
timezone is_zone -
    <IM><A>(?:in|on) (?:the )?(?P<v>[\w/+:-]+(?: [\w/+:-]+)?) (?:time ?zone|time)$
timezone - -
    <IM><A>in (?P<v>(?:utc|gmt) ?[+-]\d{1,2}(?::\d\d)?)
"""
# Wishes for how to answer; told alone, or with a word such as "always".
STYLE = r"""
preferred_language - -
    (?:answer|reply|respond|write|speak|talk|chat)(?: to me| with me| back)?(?: only| always)? in (?P<v><LANGS>)
    (?! (?!please|now|thanks)\w)
reply_style - all
    (?P<v>(?:always )?(?:answer|reply|respond|write|explain)(?: me| to me| things| everything)? (?:more |very )?
    (?:<WAY>)).*
reply_style - all
    (?P<v>be (?:more |very )?(?:<SHAPE>)(?: (?:and|but) (?:<SHAPE>))?)(?: with me| in your (?:answers|
    replies))?$
reply_style - all
    (?P<v>keep (?:it|them|things|(?:your |the )?(?:answers|replies|responses|explanations|code)) (?:<SHAPE>)
    (?: and (?:<SHAPE>))?)
reply_style - all
    (?P<v>(?:(?:don't|do not|never|stop) (?:use|using|add|adding|send|sending) |no |avoid (?:using )?|use (?:fewer |
    less |more )?)(?:emojis?|bullet points|jargon|exclamation marks|slang|tables|markdown|headings|lists|
    filler).*)
reply_style - all
    (?P<v>use (?:the )?(?:metric|imperial|celsius|fahrenheit|simple|plain|british|american|24-hour|12-hour|
    formal|informal|short|traditional|simplified)\b.*)
reply_style - all
    (?P<v>(?:show|give|write)(?: me)? (?:(?:all )?(?:code|examples|code examples|the code) )?(?:in )?(?:<CODE>)
    (?: (?:code|examples))?(?:,? (?:not|instead of|rather than) (?:<CODE>))?)(?= by default|$)
reply_style - all
    (?P<v>use (?:<CODE>)(?:,? (?:not|instead of|rather than) (?:<CODE>))(?: for (?:code|examples))?)$
reply_style is_short all
    (?P<v>(?:don't|do not|never|stop) (?:apologi[sz]\w+|repeat\w*|explain\w*|lectur\w+|flatter\w*|ask\w*|
    call\w*) .+)
"""
# Plans: only for clauses that name a day to come.
DATED = r"""
note - all
    (?:<IM><A>)(?:going to (?=<NOT_PLANS>[a-z]))?(?P<v><NOT_PLANS>(?:flying|going|travell?ing|visiting|moving|
    leaving|starting|getting|meeting|having|taking|seeing|running|giving|presenting|turning|defending|attending|
    returning|coming|graduating|hosting|launching|off|away|staying|performing|speaking|retiring|fly|go|travel|
    visit|move|leave|start|get|meet|have|take|see|run|give|present|attend|return|graduate|host|launch|retire|
    in [A-Z\w]+ until)\b.+)
note - all: {k} {v}
    (?P<k>i have|we have|i've got|we've got) (?:my |our )?(?P<v>(?:an?|the|two|three|another|tickets|
    appointment|exam|flight|interview|wedding|dinner|lunch|surgery|exams)\b.*)
note - all: {k} {v}
    (?P<k>i'll|i will|we'll|we will) (?P<v><NOT_PLANS>(?:be )?(?:fly|go|travel|visit|move|leave|start|get|meet|
    take|run|give|present|attend|return|graduate|host|launch|retire|flying|in|away|off|moving|starting|
    turn)\b.+)
note - all
    (?:my|our) (?P<v>(?:[\w'-]+ ){0,3}(?:<EVENT>)\b.*? (?:is|are|starts?|begins?|ends?|leaves|departs|arrives)\b.+)
note - all
    my (?P<v>(?:<COMPANION>|parents)(?: \w+)? (?:is|are) (?:visiting|coming|arriving|getting married|moving|
    graduating|leaving|flying)\b.+)
note - all: {k} {v}
    <I>(?P<k>fly|leave|travel|start|move|graduate|retire) <V>
"""

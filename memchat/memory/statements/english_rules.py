"""The English rules for the profile as data: names, homes, work, tongues, aims, subscription, zone of time.

A head line reads `field accept ends: what to keep` (see `rules.read`), the pattern stands below. In it `<V>` is the
value, `<I>` stands for `I` or `we`, `<IM>` for `I am` or `we are`, `<A>` for adverbs that change nothing, other names
for `english_grammar.PARTS`. A pattern begins with the words that open its clause: only rules of that opening are tried.
"""

PROFILE = r"""
reply_style - wish
    <I><A>(?:prefer|like|want) (?P<v><PREFERS>.*)
reply_style - wish
    (?:i'd|i would) (?:like|prefer|rather have) (?P<v><PREFERS>.*)
reply_style - wish
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
display_name is_name name
    my (?:friends?|family|colleagues|students|kids|mates) (?:all |just |usually )?calls? me <V>
display_name is_bare_name name
    <IM><A><V>
# places
note is_place place: {k} live in {v} {x}
    <I>(?P<k><NOT>) live in (?P<v>.+?) (?P<x>any ?more|any longer|now)$
note is_place place: no longer lives in {v}
    <I>no longer live in <V>
location is_place place
    (?:<I><A>(?:live|reside) (?:together )?in|<IM><A>(?:living|based|located|residing) (?:in|out of)) <V>
location is_place place
    <HAVE>(?:been living|lived) in (?P<v>.+?) (?=since|for|all my life|my whole life)
note is_dwelling one: {k} {v}
    <I><A>(?P<k>live (?:in|on)) <V>
location is_place place
    my (?:home|house|flat|apartment) is in <V>
location is_place place
    home (?:is|base is) (?:now )?(?:in )?(?P<v>[A-Z\w]+)(?: now)?$
note is_origin place: {k} is {v}
    my (?P<k>home ?town|birthplace)(?: is|'s) <V>
note is_origin place: from {v}
    (?:<IM><A>from|<I><A>come from) <V>
note is_origin one: {k} {v}
    <I>(?P<k>was born(?: and raised)? in|grew up in) <V>
# work
occupation - -
    <IM><A>(?P<v><FREE_TIME>)(?=$|[,.]| (?:now|and|since|but|in|last|so|for|at|with|early(?! from)|this|because)\b)
occupation is_trade trade
    <IM><A>an? <V>
occupation is_headed trade
    <IM><A>the <V>
occupation is_trade trade
    <HAVE>been an? (?P<v>.+?) (?=since|for)
occupation is_role trade
    (?:<I><A>work|<IM><A>(?:working|employed)) as (?:an? |the )?<V>
occupation is_trade trade
    my (?:current |day |new )?(?:job|work)(?: title)?(?: is|'s) (?:now )?(?:being )?(?:an? |the )?<V>
occupation is_role trade
    my (?:new |current )?(?:occupation|profession|trade|job title|title at work|position|role) ?(?: is|'s|:) (?:now )?
    (?:an? |the )?<V>
occupation is_trade trade
    (?:new )?(?:job title|job|title|position|role) ?(?:is|:) (?:now )?(?:an? )?<V>
work_context is_employer firm: works {k} {v}
    (?:<I><A>work|<IM><A>(?:working|employed)) (?P<k>(?:(?:part|full)[- ]time |remotely )?(?:at|for|in|by)) <V>
work_context is_firm firm: {k} {v}
    (?:the|our) (?P<k>(?:company|firm|startup|start-up|employer|organi[sz]ation)(?: i work (?:for|at))? is (?:called|
    named)) <V>
work_context is_firm firm: {k} is {v}
    my (?P<k>(?:new |current )?(?:company|firm|startup|start-up|employer|workplace))(?: is|'s)(?: called| named)? <V>
note - list: works {v}
    <I><A>work (?P<v>(?:from home|remotely|part[- ]time|full[- ]time|night shifts|nights|mornings|shifts|
    weekends)\b.*)
note is_task -: works on {v}
    (?:<I><A>work|<IM><A>working) on <V>
note is_task -: works with {v}
    <I><A>work with <V>
note - -: {k} {v}
    <I><A>(?P<k>run|own) (?:my )?(?P<v>(?:own|an?) (?:[\w-]+ ){0,2}(?:bakery|business|company|shop|restaurant|
    caf[eé]|startup|studio|farm|store|school|clinic|bar|bookshop|agency|hotel|gallery)\b.*)
note - one: {k} {v}
    <I><A>(?P<k>manage|lead|supervise) (?P<v>an? (?:small |remote )?(?:team|crew|department|group|shop|lab)\b.*)
note is_subject one: {k}{l} {v}
    (?:<I><A>(?P<k>study|teach|major in)|<IM><A>(?P<l>studying)) <V>
note is_diploma one: has {v}
    (?:<I>have|<HAVE>(?:got )?) ?<V>
note - one: {k} {v}
    <IM>(?P<k>in (?:my|the)) (?P<v>(?:first|second|third|fourth|fifth|final|last|1st|2nd|3rd|4th) (?:year|semester|
    term) (?:of|at) .+)
location is_named_place place
    <IM>an? [\w -]{2,40}? (?:living|based) in <V>
# languages
preferred_language - -
    (?:<I><A>prefer|(?:i'd|i would) rather) (?:speaking |to speak |speak |to write in |writing in |answers in |
    replies in |using )?(?P<v><LANGS>)(?! \w)
preferred_language - -
    my (?:native |first |preferred |main |mother |home )(?:language|tongue) is (?P<v><LANGS>)(?! \w)
note - -: {k} {v}
    (?P<k><LANGS>) (?P<v>(?:isn't|isnt|is not) my (?:first|native|mother) (?:language|tongue))$
note - list: speaks {v}
    <I><A>(?:can )?(?:speak|know) (?P<v>(?:(?:fluent|some|a little|a bit of|good|basic|decent) )?<LANGS>(?:,? and
    (?: (?:some|a little|a bit of|basic)) (?:<LANGS>))?)(?=$|[,.]| (?:at home|at work|with|natively|fluently|too)\b)
note is_learnable -: learning {v}
    (?:<IM><A>learning|<HAVE>(?:been|started) learning) <V>
note - one: {k} {v}
    <IM>(?P<k>taking|having) (?P<v>(?:<LANGS>|<INSTRUMENT>|driving|riding|sailing|swimming|dance|singing|cooking)[ ]
    (?:lessons|classes)\b.*)
# aims
goals is_aim aim
    my (?:main |biggest |current |big |new year's |first |second |third |next )?(?:goals?|aim|resolution|dream|
    ambition|
    objective)(?: (?:for|this|in|at) (?!<THIS_TASK>)[\w ]{2,20}?)? (?:is|are) (?:still )?(?:to )?<V>
goals is_aim aim
    one of my (?:main |big )?goals(?: (?:for|this|in) [\w ]{2,20}?)? is (?:to )?<V>
goals is_aim aim
    (?:new |big |next |main |another |first |second |third |this year's )?(?:goal|resolution)(?: (?:of|for) (?:the|
    this|next|my)[ ]
    [\w ]{2,20}?| (?:in|for) (?:20\d\d|\w+))? ?[:=\u2014-] (?:to )?<V>
goals is_aim aim
    <IM><A>(?:thinking (?:about|of)|adding|setting(?: myself)?) (?:an? )?(?:new |second |third |big |another )?
    goal ?[:,\u2014-] (?:to )?<V>
goals is_aim aim
    <IM><A>(?:trying|planning|aiming|determined|hoping) to (?P<v>(?:learn|lose|quit|stop|save|eat|sleep|get (?:fit|
    in shape|better at|my|into)|move|become|run (?:an?|my) (?:\w+ ){0,2}(?:marathon|half|10k|5k|race|ultra\w*|
    triathlon|business|company|shop|caf[eé]|bakery|bar)|
    write (?:a|my)|finish my|start (?:a|my)|pass|cut down|pay off|
    drink) .+|read more.*|retire.*|get fit|get in shape)
goals is_aim aim: {k} {v}
    <IM><A>(?P<k>training for|preparing for|saving (?:up )?for|saving up to|working towards?|studying for) <V>
goals is_aim aim
    <I><A>want to (?P<v>(?:become|learn|run (?:an?|my) (?:\w+ ){0,2}(?:marathon|half|10k|5k|race|ultra\w*|
    triathlon|business|company|shop|caf[eé]|bakery|bar)|
    write an? (?:book|novel|memoir|thesis)|lose|quit|stop smoking|
    read more|publish|retire|travel|buy an? (?:house|flat|home|car)|start (?:an?|my) (?:own )?(?:business|
    company|family|band)|speak|finish my|get (?:fit|better at|in shape|promoted|my)|improve my|save|pay off|
    pass my).*)
# subscription and zone of time
plan is_tier -
    <IM><A>on (?:the |an? |your )?(?P<v>[\w+-]+(?: [\w+-]+)?) (?:plan|tier|subscription)\b
plan is_tier -
    <I><A>(?:have|use|pay for|bought|got) (?:the |an? |your )(?P<v>[\w+-]+(?: [\w+-]+)?) (?:plan|tier|
    subscription)\b
plan is_known_tier -
    <IM><A>an? (?P<v>[\w+-]+) (?:user|subscriber|member|customer)$
plan is_tier -
    my (?:plan|subscription|tier) is (?:the )?(?P<v>[\w+-]+)(?: plan| tier)?$
timezone is_zone one
    my time ?zone is (?:now )?<V>
timezone is_zone -
    <IM><A>(?:in|on) (?:the )?(?P<v>[\w/+:-]+(?: [\w/+:-]+)?) (?:time ?zone|time)(?=$|,| now\b| so\b)
timezone - -
    <IM><A>in (?P<v>(?:utc|gmt) ?[+-]\d{1,2}(?::\d\d)?)
"""

# What happened, and lasts: words such as "this morning" say when, not how long.
CHANGES = r"""
location is_place place
    (?:<I>|<HAVE>)<A>(?:moved|relocated) (?:(?:back|over|house|home) )?(?:from .{1,30}? )?to <V>
location is_named_place place
    (?:just |recently |finally )?(?:moved|relocated) (?:back |over )?to <V>
location is_place place
    (?:<I>|<HAVE>)<A>(?:moved|settled) in(?:to)? (?:our|my|a|an|the) (?:new )?(?:flat|house|apartment|place|home|
    studio)
    (?: here)? in <V>
plan is_tier -
    (?:<I>|<HAVE>|<BARE>)<A>(?:upgraded|switched|downgraded|subscribed|moved|went back|signed up|changed) (?:to|
    for) (?:
    the |your |an? )?(?P<v>[\w+-]+(?: [\w+-]+)?) (?:plan|tier|subscription)\b
plan is_known_tier -
    (?:<I>|<HAVE>|<BARE>)<A>(?:upgraded|switched|downgraded|subscribed) to (?:the |your )?(?P<v>[\w+-]+)
    (?=$|[,.]| (?:today|yesterday|this|last|just|now|because|since|so)\b)
occupation is_trade trade
    (?:<I>|<HAVE>|<BARE>)<A>(?:got|was|been|am|been) promoted to <V>
occupation is_trade trade
    (?:<I>|<HAVE>)<A>(?:became|become) an? <V>
occupation - -
    <I><A>(?P<v>retired)(?=$|,| (?:in|last|this|two|three|a|after|at|early|from|\d)\b)
work_context is_firm firm: {k} {v}
    (?:<I>|<HAVE>)<A>(?P<k>joined) <V>
note is_habit_ended ended: {k} {v}
    (?:<I>|<HAVE>)<A>(?P<k>quit|gave up|given up|stopped|cut out) <V>
note - one: {v} again
    (?:<I>|<HAVE>)<A>(?P<v>(?:started|begun|gone back to) (?:eating|drinking|smoking|running|swimming|playing)[ ]
    [\w ]{2,30}?) again
note - one: {k} {v}
    (?:<I>|<HAVE>)(?P<k>turned) (?P<v>(?:[1-9]\d|100))(?=$|[,!]| (?:last|this|in|on|yesterday|today|a|two|recently)\b)
note is_switch one: switched from {k} to {v}
    (?:<I>|<HAVE>)<A>(?:switched|moved|migrated) from (?P<k>[\w.+#]+(?: [\w.+#]+)?) to <V>
"""

# What may follow a name or a trade in the same clause: "..., a nurse", "at Acme", "here in Berlin", "from Cork".
FOLLOWING = r"""
location is_place place
    (?:(?:based |living |down |over |up |out |back )?here in|based in|living in) <V>
work_context is_employer firm: works {k} {v}
    (?P<k>at|for|with|in(?= an? )) <V>
occupation is_trade trade
    (?:(?:(?:last|this) \w+ |yesterday |today |(?:in|on) \w+ )as an?|(?:and )?(?:an?|as an?|as)) <V>
note is_origin place: from {v}
    (?:originally )?from <V>
"""

"""The English rules for what is new: the user, or others with them, changed home, work, plan, zone or tongue; as data.

Read as `english_rules`, before all others: a change that is missed leaves the old value standing. `<THEY>` is whoever
can change it for the user: an employer, a family; `<AWAY>` are words of a journey, from which one comes home.
"""

NEWLY = r"""
# subscription
plan - -
    <THEY>(?:moved|upgraded|put|switched|bumped|changed|migrated|transferred|downgraded|dropped|shifted|got|bought|
    gave|signed|set)[ ](?:me|us|my account|our account|all of us|everyone|everybody|the (?:whole )?(?:team|office|
    company|department))(?: all)?(?: (?:up|down|over|back|across))?(?: (?:to|on|onto|on to|for|with))? (?:the |an? |
    your |their )?(?:new |company |shared )?(?P<v><TIER>)(?: (?:plan|tier|one|version|subscription|account|licen[cs]e|
    seat))?(?=$|[,.!]| (?:at|today|yesterday|this|last|just|now|because|since|so|by|in|for|from|as|and|when|after|
    with|on|plan)\b)
plan is_tier -
    <THEY>(?:moved|upgraded|put|switched|bumped|changed|migrated|transferred|downgraded|dropped|shifted)[ ]
    (?:me|us|my account|our account|all of us|everyone|everybody)(?: (?:up|down|over|back|across))? (?:to|on|onto|on to)
    [ ](?:the |an? |your |their )?(?P<v>[\w+-]+(?: [\w+-]+)?) (?:plan|tier|subscription|account)\b
plan - -
    (?:<I>|<HAVE>|<IM>|<BARE>)<A>(?:dropped|gone|went|going|stepped|moved|downgraded|changed|bumped(?: myself)?|
    switched|moving|switching|dropping)(?: (?:back|up|down|over))*(?: (?:to|with|on|onto|for(?! free))) (?:the |
    your |an? )?
    (?P<v><TIER>)(?: (?:plan|tier|one|version|subscription|account))?(?=$|[,.!]| (?:today|yesterday|this|last|just|now|
    because|since|so|by|in|after|finally|btw|though|and|for|again|from)\b)
plan - -
    (?:<I>|<HAVE>|<BARE>)<A>(?:cancell?ed|dropped|ended|ditched|stopped|let go of|unsubscribed from|quit) (?:the |my |
    your |our )?(?:<TIER>)?(?: ?(?:plan|subscription|one|tier|account))?(?:,| and| so|;)+ (?:so |now )?(?:it's |went |
    back |down )*(?:on |to |with )?(?:the )?(?P<v>free|basic)(?: (?:one|plan|tier|version|account))?(?=$|[,.]| (?:now|
    again|from|for|since)\b)
plan - -
    (?:the |my )?<TIER> (?:is|has|was) (?:gone|expired|lapsed|cancell?ed|run out|over|ended),? (?:and |so )?(?:it's |
    back |now )*(?:on |to )?(?:the )?(?P<v>free|basic)(?: (?:one|plan|tier|version|account))?(?=$|[,.]| (?:now|again|
    from|for|since)\b)
plan - -
    (?:my|our) (?:account|plan|subscription|tier|membership) (?:is|'s|was|has been|got|went|changed|moved)(?: now| back|
     up| down| been| just)*(?: (?:upgraded|moved|switched|bumped|downgraded|changed|set))?(?: back| up| down| over)*
    (?: to| on)? (?:the )?(?P<v><TIER>)(?: (?:plan|tier|one|version))?(?=$|[,.]| (?:now|again|from|since|as|today|
    because|so|these|instead|not)\b)
plan is_known_tier -
    (?:the |your |on the )?(?P<v>[\w+-]+) (?:plan|tier|subscription)(?= (?:now|since|from (?:now|today|tomorrow|monday)|
    these days|as of)\b)
# work
occupation is_trade trade
    <THEY>(?:(?:promoted|moved|appointed|transferred|bumped) (?:me|us)(?: up| over)? (?:to be|to|as)|(?:hired|took|
    taken|
    brought|signed|employed|engaged) (?:me|us)(?: on| in| over)? as)(?: the (?:post|position|job|role) of)? (?:an? |
    the |their )?(?:new )?<V>
occupation is_post trade
    <THEY>(?:made|named|appointed|call|called) me (?:an? |the |their )?(?:new )?(?P<v>(?:<RANK>)\b.*)
occupation is_trade trade
    <THEY>(?:made|named) me (?:an? |the |their )(?:new )?<V>
occupation is_post trade
    (?:<I>|<HAVE>|<BARE>)<A>(?:got|was|been|am) (?:promoted|bumped up|moved up|made|appointed|named)(?: to| as)?
    (?: an?| the)? (?P<v>(?:<RANK>)\b.*)
occupation is_post trade
    <IM><A>(?:the |an? )?(?:new )?(?P<v>(?:<RANK>)\b.*)
occupation is_trade trade
    <IM><A>(?:the|their|our) new <V>
occupation is_post trade
    my new (?:job title|title|position|post|job|role|official title)(?: at work| here)?(?: is|'s|:) (?:now )?(?:an? |
    the |that of )?<V>
occupation is_trade trade
    (?:<I>|<HAVE>|<BARE>)(?:just |now |officially )?(?:started|began|begun|signed on)(?: work| working| there|
     my new job| a new job)?(?: (?:on|last|next|this|in) (?:the )?\w+(?: of \w+)?| yesterday| today)? as (?:an? |
    the |their )?(?:new )?<V>
occupation is_trade trade
    (?:<I>|i'll |<IM>)(?:now |officially )?(?:start|begin|starting|beginning)(?: work| working| there| my new job|
     a new job)? on (?:the )?\w+(?: of \w+)?,? as (?:an? |the |their )?(?:new )?<V>
work_context is_workplace firm: works at {v}
    (?:<I>|i'll |<HAVE>|<IM>)(?:just |now )?(?:start(?:ed|ing)?|begin(?:ning)?|began) on (?:the \w+|\w+day|\w+ \d+),?
    [ ]at <V>
work_context is_firm firm: works at {v}
    (?:my |today's my |it's my |today was my |just had my |<BARE>)(?:very )?(?:first|second|third) (?:day|week|
    month) at <V>
work_context is_firm firm: works at {v}
    (?:<I>|<HAVE>)<A>(?:left|quit|resigned from|moved on from) [\w '&.-]{2,30}? (?:for|to join) (?P<v>.+)
work_context is_firm firm: works {k} {v}
    <IM><A>(?:working |employed )?(?P<k>with|at) (?P<v>[\w'&. -]{2,30}?) (?=now as (?:an?|the)\b)
work_context is_firm firm: {k} {v}
    <THEY>(?P<k>hired|poached|headhunted) (?:me|us) (?:away )?by <V>
# places
location is_named_place place
    <I><A>live in (?P<v>.+?) (?=as of\b|starting\b|from now on\b)
location is_named_place place
    (?:we're|we are) <A>(?:all |both |back |settled |living |here |based |properly )*in (?!(?:act|level|phase|round|
    sprint|q\d|beta|stage|chapter|season|week|year|
    group|room|building|team|class|zone|production|court|part|step|version|lane|seat|row|line|
    gate)\b)(?!<AWAY>)(?P<v>[\w' -]+?)
    (?=(?:,)? ?(?:now|for good|permanently)\b)
location is_named_place place
    (?:<IM>)<A>(?:all |back |settled |here |properly )*in (?!<AWAY>)(?P<v>[\w' -]+?) (?=for good\b|permanently\b)
location is_named_place place
    (?:<I>|<HAVE>|<IM>|<BARE>)<A>(?:mostly |all |finally |nearly )?(?:unpacked|unpacking|settled|settling)
    (?: everything| the last box| all the boxes| down)?,?(?: in)?(?: here)? in (?:our |my |the )?(?:new )?
    (?:(?:flat|house|apartment|place|home|studio) in )?(?!<AWAY>)<V>
location is_named_place place
    (?:<BARE>|our |my |it's my |it's our |had our |had my |had the |<I>had (?:my|our) )(?:very )?first
    [ ](?:night|weekend|week|morning) (?:in|at) (?:the |our |my )?(?:new )?(?:(?:flat|house|apartment|place|home|
    studio) in )?(?!<AWAY>)(?P<v>(?!new\b|bed\b|the\b).+)
location is_named_place place
    (?:<I>|<HAVE>|<BARE>)<A>(?:landed|arrived|ended up|relocated|moved|stayed) in (?P<v>[\w' -]+?)
    (?= for good\b| permanently\b)
location is_named_place place
    (?:<I>|<HAVE>)<A>moved in(?:to)? (?:our|my|a|an|the) (?:new )?(?:\w+ )?(?:flat|house|apartment|place|home|studio)
    (?: here)? in <V>
location is_named_place place
    (?:our|my) (?:new |first |own )*(?:flat|house|apartment|place|home|studio)(?: is|'s) (?:now )?in <V>
location is_named_place place
    the (?:new )?(?:flat|house|apartment|place|home|studio)(?: is|'s) in (?=.*\b(?:boxes|unpack\w*|our stuff|my stuff|
    moved in)\b)<V>
location is_named_place place
    (?P<v>[\w' -]{3,30}?) is (?:our |my )?(?:new )?home now(?=$|[,.])
location is_named_place place
    (?:my |our |the )?(?:new (?:home )?address|new home|new home town|new town|new city)(?: is| is in|'s|:)+
    (?: now)?(?: in)? <V>
# zone of time
timezone is_zone -
    <IM><A>(?:in|on) (?:the )?(?P<v>[\w/+:-]+(?: [\w/+:-]+)?) (?:time ?zone|time)(?= (?:these days|as of|from|since|
    again|instead)\b)
timezone - -
    (?=.*\b(?:please|from (?:now|here) on|always|for me)\b)(?:anything|everything|all (?:the |your )?(?:times|
    dates)|times|times and dates|dates and times|whatever)\b[\w ]{0,40}?
    [ ](?:in|on) (?P<v>uk|us eastern|eastern|pacific|central|mountain|cet|cest|gmt|bst|utc|est|pst|ist|jst|aest)
    (?: time)?(?=$|[,.]| (?:time|please|from|now|so)\b)
timezone is_zone -
    (?=.*\b(?:please|from (?:now|here) on|always|for me)\b)(?:anything|everything|all (?:the |your )?(?:times|
    dates)|times|times and dates|dates and times|whatever)\b[\w ]{0,40}?
    [ ](?:in|on) (?P<v>[a-z]{3,12}) time\b
timezone - -
    (?:in )?(?P<v>uk|us eastern|eastern|pacific|central european|central|mountain) time (?=(?:please )?from now on|from
    [ ]here on)
# languages
preferred_language - -
    (?:please )?(?:switch|change|go|move)(?: back| over)*(?: (?:to|into|with)) (?P<v><LANGS>)(?=,? (?:please|
    from now on|
    from here on|for good|always|with me)\b)
preferred_language - -
    (?:let's|we can|i'd like to|i want to) (?:do|use|speak|talk|write|stick to|stick with|switch to|go back to|
    keep to|stay in|switch back to)(?: in)? (?P<v><LANGS>)(?=,? (?:from now on|from here on|for good|always)\b)
preferred_language - -
    (?P<v><LANGS>) (?:is|works|would be) (?:better|best|easier|easiest|fine)(?: for me)? (?=from now on|now on)
preferred_language - -
    (?:answer|reply|respond|write|speak|talk|chat)(?:(?: to| with)? me)?(?: back)?(?: only| always)? in (?P<v><LANGS>)
    (?=,? (?:from now on|from here on|even|whatever|no matter|regardless|whenever|when|always)\b)
# clubs
note - list: {k} {v}
    (?:<I>|<HAVE>|<BARE>)<A>(?P<k>joined|found(?= .*(?:<OFTEN>|day (?:evening|morning|afternoon|
    night)s))) (?P<v>an? (?:[\w'-]+ ){0,3}(?:club|choir|class|team|group|gym|band|
    league|orchestra|society)\b(?! (?:chat|call|meeting|action|project|lunch|photo|text|thread|ticket|of)).*)
"""

"""The English rules for what people tell of themselves beside the point: aims, routines, wishes; as data.

Read as `english_rules`, after them.
"""

TELLING_PROFILE = r"""
# names
display_name is_bare_name name
    <V>(?= here (?:btw|by the way|again)\b)
# aims
goals is_aim aim
    (?:(?:my|our) (?:other |big |next |main |second |great |long-term |old )*(?:dream|goal|ambition|aim)|(?:the|one|
    another) (?:other |big |next |main |second |great |long-term |old )+(?:dream|ambition|
    life goal))(?:,? (?:besides|apart from|after|next to|other than|aside from|beyond) [^:,]{2,40},?)? ?
    (?:is|:|\u2014) (?:still )?(?:to )?<V>
goals is_aim aim
    (?:(?:since|as) you(?:'re asking| ask(?:ed)?),? )?what (?:i'm|i am|we're|we are) (?:really |still )?(?:aiming (?:at|
    for)|working towards?|dreaming of|saving for) ?(?::|\u2014|is to) ?<V>
goals is_aim aim: {k} {v}
    <IM><A>(?P<k>(?:putting|setting) (?:some |a bit of |a little |my )?(?:money|cash|savings|something|a bit|a little)
    [ ]aside)(?: every \w+| each \w+)? (?:for|to) <V>
goals is_aim aim: {k} {v}
    <IM><A>(?P<k>(?:putting|paying) (?:\S+ ){1,4}(?:a|each|every|per) (?:week|month) (?:into|towards?)) <V>
"""

TELLING_LIFE = r"""
# schooling
note is_schooling all: studied at {v}
    (?P<v>(?!we\b|i\b)[\w .]{2,30}? first,? (?:and )?then (?:an? |the |my )?(?:master'?s|phd|doctorate|msc|mba|ma|
    bachelor'?s|degree|postdoc) (?:at|in|from) [\w ]{2,40})
note is_schooling place: {k} {v}
    <I><A>(?P<k>(?:did|got|took|earned) my (?:master'?s|phd|doctorate|msc|mba|ma|bachelor'?s|degree|undergrad|
    postdoc)(?: degree)? (?:at|from)) <V>
# routines
note is_learnable one: learning {v}
    (?:<I>|<HAVE>)<A>(?:taken up|took up|started learning|started to learn|begun learning|begun to learn)
    [ ](?:learning )?(?P<v><LANGS>)(?=$|[,.]| (?:last|this|in|on|with|for|because|and|again|too|at)\b)
note - list: {k} {v}
    (?:<I>|<HAVE>)<A>(?P<k>taken up|took up) (?P<v>(?:the )?(?:<INSTRUMENT>|<SPORT>|swimming|running|climbing|rowing|
    sailing|yoga|pilates|knitting|pottery|calligraphy|gardening|painting|birdwatching|fencing|judo|karate|cycling|
    baking|woodworking|crochet|weaving|photography|salsa|tango|dancing|singing)\b.*)
note - list: {k} {v}
    <I><A>(?P<k>look after) (?P<v>the [\w ]{3,30}? (?:for|of|at|in) (?!you\b|him\b|her\b|them\b|a (?:friend|mate|
    neighbour))[\w ]{3,40})
# body
note - one: carries {v}
    <I><A>(?:still |always )*carry (?P<v>(?:the |an? |my )?(?:epi-?pens?|inhaler|glucose tablets|insulin|
    antihistamines))\b
note - all: {v}
    <I><A>(?P<v>(?:come|break) out in (?:hives|a rash|spots|welts|blotches|red spots) (?:from|with|after|whenever i eat|
    when i eat) (?:<FOOD>|latex|wool|nickel|<MEDICINE>)(?:(?:,| or| and) <FOOD>)*)$
note - all: {v}
    (?P<v>(?:<FOOD>|latex|nickel|wool|<MEDICINE>) (?:gives?|brings?|makes?) me (?:out in )?(?:hives|a rash|migraines?|
    asthma|heartburn|cramps|spots|itch|wheeze|ill|sick|come out in \w+|break out in \w+)(?: every time| always)?)$
"""

TELLING_STYLE = r"""
reply_style is_lasting_told wish
    (?:when(?:ever)?|every time|any ?time|if) (?:you |i |we )(?:explain|answer|ask|give|show|reply|write|tell|send|
    suggest|help|list)[\w ']{0,30}?,? (?P<v>(?:use|give(?: me)?|show|put|start|keep|skip|write|be|stick|leave|always|
    don't|never|lead|make|stay|answer|reply)\b.+)
reply_style is_lasting_told wish
    (?P<v>(?:the |your )?(?:\w+ ){1,3}first (?:is|are) (?:fine|good|great|perfect|ok|right)(?:,? but|,? and|
    ,) (?:skip|use|
    drop|keep|leave out|cut|no|don't|put|add) .+)
reply_style is_lasting_told wish
    (?P<v>(?:give|show|tell)(?: me)? (?:the |a )?(?:formula|answer|result|number|summary|conclusion|code|verdict|
    recommendation|short answer|steps|gist|bottom line) first\b.*)
reply_style is_lasting_told wish
    (?P<v>use (?:si|metric|imperial|us|uk|british) units(?: only)?\b.*)
reply_style is_lasting_told wish
    (?P<v>(?:skip|drop|leave out|no more|cut) (?:the )?(?:derivations?|proofs|formalities|
    greetings?|caveats?|reminders?|pep talks?)\b.*)
"""

"""The English rules for wishes how to answer and for plans with their day, as data. Read as in `english_rules`."""

# Wishes for how to answer; told alone, or with a word such as "always".
STYLE = r"""
preferred_language - -
    (?:answer|reply|respond|write|speak|talk|chat)(?:(?: to| with)? me)?(?: back)?(?: (?:only|always))?
    [ ]in (?P<v><LANGS>)
    (?! (?!please|now|thanks|from)\w)
reply_style - wish
    (?P<v>(?:always )?(?:answer|reply|respond|write|explain)(?: me| to me| things| everything)? (?:more |very )?
    (?:<WAY>)).*
reply_style - wish
    (?:you can |you may |feel free to )?(?P<v>be (?:a bit |a little )?(?:more |less |very )?(?:<SHAPE>)(?: (?:and|
    but) (?:<SHAPE>))?)(?: with me| in your (?:answers|
    replies))?(?: from now on| please| now)*$
reply_style - wish
    (?P<v>keep (?:it|them|things|(?:your |the )?(?:answers|replies|responses|explanations|code)) (?:(?:<SHAPE>)\b|
    to (?:\w+ sentences?|a few (?:lines|sentences)|one paragraph|the point))(?: and (?:<SHAPE>))?)
reply_style - wish
    (?P<v>(?:make|keep) (?:your |the )(?:answers|replies|responses|explanations) (?:shorter|longer|simpler|brief|
    more detailed))
reply_style - wish
    (?P<v>(?:your |the )?(?:answers|replies|responses|explanations) (?:can|should|may) (?:also |
    now )?be (?:a (?:bit|little) |
    much |slightly )?(?:<SHAPE>|longer|shorter|briefer|simpler|more \w+|less \w+))
reply_style is_lasting_wish wish
    (?P<v>(?:(?:<DONT>|never|stop) (?:use|using|add|adding|send|sending) |no (?:more )?|avoid (?:using )?|
    use (?:fewer |
    less |more )?)(?:emojis?|emoticons|bullet points|jargon|exclamation marks|slang|tables|markdown|headings|
    lists(?! of)|
    filler|small talk|flattery)\b.*)
reply_style - wish
    (?P<v>(?:skip|drop|leave out|cut) (?:the|all the|your) (?:preambles?|intros?|introductions?|disclaimers?|
    small talk|
    pleasantries|filler|fluff|flattery|apologies|summary at the end|emojis?|explanations?))
reply_style - wish
    (?P<v>(?:british|american|uk|us|canadian|australian) (?:spelling|english|units)|(?:metric|imperial)(?: units)?|
    celsius)
    (?: only)?(?:,? (?:please|pls|from now on|always))+
reply_style - wish
    (?P<v>use (?:the )?(?:metric|imperial|celsius|fahrenheit|simple|plain|british|american|24-hour|12-hour|
    formal|informal|short|traditional|simplified)\b.*)
reply_style - wish
    (?P<v>(?:show|give|write)(?: me)? (?:(?:all )?(?:code|examples|code examples|the code) )?(?:in )?(?:<CODE>)
    (?: (?:code|examples))?(?:,? (?:not|instead of|rather than) (?:<CODE>))?)(?= by default|$)
reply_style - wish
    (?P<v>use (?:<CODE>)(?:,? (?:not|instead of|rather than) (?:<CODE>))(?: for (?:code|examples))?)$
reply_style - wish
    (?P<v>(?:give|show|tell) me (?:the )?(?:code|answer|result|conclusion|short version) first\b.*)
reply_style is_lasting_wish wish
    (?P<v>(?:always )?explain (?:things|everything|it all) .*)
reply_style is_lasting_wish wish
    (?P<v>(?:(?:<DONT>|never|stop) (?:apologi[sz]\w+|repeat\w*|explain\w*|lectur\w+|flatter\w*|
    call\w*) .+))
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
    (?:my|our) (?P<v>(?:[\w'-]+ ){0,3}(?:<EVENT>)'s (?:on|at|in) .+)
note - all
    (?!.*\b(?:cancel\w*|moved|postponed|went|was|were|is off|got)\b)(?P<v>(?:[\w'-]+ )?(?:exam|interview|flight|
    wedding|appointment|surgery|dentist|viva|scan|check-?up)
    (?: is)? (?:on|in|next|tomorrow) .+)
note - all
    my (?P<v>(?:<COMPANION>|parents)(?: \w+)? (?:is|are) (?:visiting|coming|arriving|getting married|moving|
    graduating|leaving|flying)\b.+)
note - all: {k} {v}
    <I>(?P<k>fly|leave|travel|start|move|graduate|retire) (?!on the \d+\w*\b)<V>
"""

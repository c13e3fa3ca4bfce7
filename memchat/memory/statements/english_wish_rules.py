"""The English rules for wishes how to answer as people drop them in passing, as data. Read as `english_rules`."""

EVERYDAY_STYLE = r"""
reply_style - wish
    (?:be )?(?P<v>(?:be )?(?:quick|brief|short|gentle|blunt|straight|honest|patient|kind) with me)(?=$|
    [,.]| (?:from now on|always|please))
reply_style - wish
    (?P<v>(?:about |max |maximum |at most |no more than |under )?\d+(?:\s?(?:-|to|or) ?\d+)? (?:lines?|
    sentences?|words|paragraphs?|bullets?)
    (?: (?:tops|max|maximum|at most|or less|or fewer|per answer|each))*)(?=$|[,.]| (?:please|from now on|always|
    is all|is plenty|is enough))
reply_style - wish
    (?P<v>(?:(?:<SHAPE>|plain|simple|one-line|two-line) )+(?:answers|replies|responses|explanations|sentences|
    steps|lists?|
    paragraphs)(?:, [\w ]+)?)(?:,? (?:please|from now on|always|for me|only|ok|thanks|with me))+$
reply_style - wish
    (?P<v>(?:in )?(?:bullet points|bullets|numbered (?:lists?|steps)|steps|plain text|prose|tables|
    short paragraphs|one per line|
    one step at a time|one thing at a time|step by step|lower ?case|24[- ]?h(?:our)?(?: clock)?|metric|celsius|
    kilometres|kilos|pounds|euros)
    (?: only)?)(?:,? (?:please|from now on|always|only|for me|thanks))+$
reply_style - wish
    (?P<v>(?:numbered|bulleted|bullet points),? (?:and )?(?:one|each) (?:per|on its own|on a new) line)
reply_style - wish
    (?:can you )?(?:please )?(?P<v>keep (?:your |the |all )?(?:answers|replies|responses|explanations|it|them|
    things) (?:under|below|to|within|at)
    [ ](?:about |around |max )?\d+ \w+)
reply_style - wish
    (?P<v>(?:talk|speak|write) to me like (?:an?|i'm) .+)
reply_style - wish
    (?:can you )?(?:please )?(?P<v>(?:put|write|give(?: me)?|show(?: me)?|format|list|keep) (?:\w+ ){0,3}(?:in|
    as) (?:numbered|bullet|bulleted|short|separate|plain|
    simple|a list|steps|tables?|metric|celsius|bold)\b.*)
note - wish: wants {v}
    (?:always )?(?:give|tell|show)(?: me)?(?: everything| things| it| distances| temperatures| weights| units|
     recipes)?(?: in)? (?P<v>(?:metric|imperial|
    celsius|
    fahrenheit|kilos|grams|kilometres|km|24[- ]hour\w*)(?: units)?)(?=$|[,.]| (?:please|from now on|always))
note - wish: wants {v}
    (?P<v>(?:metric|imperial|celsius|fahrenheit|grams|kilometres)(?: only| always| units)*)(?=$|,)(?:, .*)?$
reply_style is_lasting_wish wish
    (?:can you )?(?:please )?(?:you can |you may )?(?P<v>(?:no(?: more)?|stop (?:with )?(?:the|all the|using|
    adding)?|drop|lose|skip|ditch|avoid|enough with|less|fewer|without) ?(?:the |all the |all those |any )?
    (?:exclamation (?:marks|points)|emojis?|bullet points|bullets|jargon|slang|tables|markdown|headings|headers|
    bold|preambles?|intros?|
    disclaimers|waffle|fluff|filler|small talk|flattery|compliments|pep talks?|sugar-?coating|
    follow-?up questions|summaries|apologies|
    caps|capitals|formalit(?:y|ies)|pleasantries|swearing|puns|jokes|analogies|links|comments|long (?:words|
    answers|paragraphs|sentences))\b.*)
reply_style is_lasting_wish wish
    (?P<v>(?:don't|dont|do not|never|stop) (?:be|being|use|using|end|ending|start|starting|put|putting|ask|
    asking|add|adding|go|say|sign)
    [\w ]*?(?:exclamation|emoji|formal|posh|long-?winded|wordy|preachy|question|jargon|greeting|bullet|caps|
    markdown|so enthusiastic|gushing|cheerful)\w*.*)
reply_style - wish
    (?P<v>explain (?:it |things |everything )?like i'm (?:five|5|ten|\d+|a beginner|new))(?=$|[,.]| (?:always|
    from now on|please))
"""

"""English words after which a sentence, or a whole message, says nothing lasting of its writer."""

import re

# From such a word on, the message plays a role, tells a story or asks for work on a text: nothing after it is learned.
FRAME = re.compile(
    r"^(?:please |pls |now |ok,? |hey,? |hi,? |can you |could you |would you |will you )*"
    r"(?:translate|proofread|paraphrase|rewrite|rephrase|summari[sz]e|correct(?! me)\b(?!ion)|fix|improve|check|"
    r"fill in|say|repeat|polish|shorten|edit|grammar|make this|"
    r"(?:write|tell|compose|draft|make up|continue|complete|create|give)(?: me| us)? (?:an?|the|my|some|this|\d+)\b"
    r"(?! (?:code|answer|result|conclusion|short version) first)|"
    r"(?:now )?you(?:'re| are) (?:now )?an? |dear \w+)"
    r"|\b(?:pretend|imagine|role-?play\w*|suppose|supposing|assume|assuming|hypothetically|let's (?:say|play)|act as|"
    r"acting as|for example|for instance|e\.g|once upon|how (?:do|would|can) (?:you|i|we) say|what does .{0,60} mean|"
    r"in (?:my|the|this|a|our) (?:story|novel|book|game|dreams?|film|movie|script|scene|play|scenario|campaign|"
    r"sketch)|"
    r"(?:my|the|our) (?:\S+ )?(?:character|narrator|avatar|persona|alter ego))\b"
    r"|\bhere(?:'s| is) (?:my|the|a) (?:\w+ )?(?:bio|profile|cv|resume|cover letter|intro|pitch|draft|text|mail|"
    r"e-?mail|letter|essay|statement|speech|poem|song|story|message|post|paragraph|answer)\b"
    r"|\b(?:interview|speech|conversation|language) (?:answers? )?practice\b"
    r"|\bi(?:'m| am) (?:an? |the |your )?[\w ]{2,40},? (?:and )?you(?:'re| are) (?:my|the|an?)\b"
    r"|\b(?:story|poem|lyrics|song|character|narrator|quote|example|dialogue|translation|prompt|sentence|draft|bio|"
    r"headline|subject(?: line)?(?: idea)?|title idea|caption|slogan|script)s?\s*:"
)
# A sentence with one of these is no plain statement.
VETO = re.compile(
    r"\b(?:if(?! possible| you can| that helps| it matters| that matters| you (?:ever )?(?:give|show|suggest|"
    r"answer|have))|"
    r"unless(?! i (?:say|ask|tell|write|switch))|as though|maybe|perhaps|probably|possibly|in theory|kinda feel|"
    r"feel like|guess|whether|hopefully|"
    r"lol|ha(?:ha)+|jk|kidding|joking|lmao|rofl|xd|sarcasm|supposedly|dreamt|dreamed|almost|nearly|never mind|nvm|"
    r"according to|said no one|apparently|technically|allegedly|rumou?r|metaphorically|figuratively|in spirit|"
    r"so to speak|not really|not exactly|as it were|in denial|in this (?:one|version|round|world|universe|example|"
    r"sentence)|in disguise|in another life|in a past life|"
    r"in my next life|when i grow up|my passion|living the dream|the dream|just my luck|story of my life|for a living"
    r"(?= lol)|like a (?:vampire|zombie|ghost|dog|baby|log|pro|boss|champ|maniac)|professional (?:overthinker|worrier|"
    r"procrastinator|napper)|with extra steps|as if|oh great|oh joy|yeah right|basically an?|practically an?|at "
    r"this point)\b|"
    r"^sure,? and\b|^(?:yeah|oh|haha),? (?:sure|right|totally),? "
    r"|\b(?:you|he|she|they|people|someone|somebody|nobody|everybody|everyone|it|this|that|\w+'s|(?:my|your|the|our|"
    r"his|her) \w+(?: \w+)?|there's \w+ \w+ that) "
    r"(?:also |just |always |still |once )?"
    r"(?:said|says|say|told|tell|tells|thinks?|thought|claims?|claimed|wrote|believes?|asked|asks|heard|assumed|goes|"
    r"insists?|reckons?|reckoned|swears|swore|jokes?|joked|keeps? saying|keeps? telling|decided|announced|calls "
    r"me (?:a|an|"
    r"the))\b"
    r"|\b(?!i |we )[a-z]\w+ (?:just |always |once |already )?(?:(?:told|tells) (?:me|us|him|her|them|people|"
    r"every\w+|the \w+)|"
    r"(?:thinks?|says?|assumes?|said|reckons|swears|claims|insists|thought|believes|heard|jokes) (?:that )?(?:i|"
    r"my|we))\b"
    r"|\bi (?:said|told|tell|wrote|lied|lie|pretend)(?: to)? (?:him|her|them|my|the|people|every\w+)\b"
    r"|\b(?:says|said|quoth) (?:the|no|every|my)\b|\bin my (?:head|mind|imagination)\b"
    r"|[\U0001f602\U0001f923\U0001f61c\U0001f609\U0001f643\U0001f61d\U0001f921]|[;:]-?\)|/s$|->|=>|\u2192"
    r"|^(?:#|//|\$|>>>|[a-z_]+\()"
)
PASSING = re.compile(
    r"\b(?:today|tonight|right now|for now|just now|this (?:morning|afternoon|evening|minute|moment)|for today|"
    r"for tonight|yet|so far|temporarily|for the moment|for the time being|until further notice|almost done)\b"
)
# The same, but a question at the end of the sentence may hold them: "I live in Rome, what should I see".
WISHED = re.compile(r"\b(?:wish|would|(?<!never )could|might|should i|shall i)\b")
# Passing too, but an aim "for this month" is one.
SHORT = re.compile(r"\b(?:this (?:week|weekend|month)|for (?:a|the) (?:day|week|weekend|few days)|these few days)\b")
# Somewhere in a message: it was a joke, or is not to be kept. Then the whole message teaches nothing.
UNSAID = re.compile(
    r"\b(?:just|only|was|i'm|im|am|totally|obviously) (?:kidding|joking|messing with you|pulling your leg)\b"
    r"|(?:^|[.!?,;\n(]\s*)(?:kidding|joking|jk|j/k|not really|just a joke)(?=\s*(?:[.!),\n]|$))|\bjust kidding\b"
    r"|\n\s*(?:ha(?:ha)+h?|lol|lmao|rofl|hehe|xd)\W*(?:$|\n)"
    r"|\b(?:that|it|this)(?: was|'s| is) (?:just |only |all )?a joke\b"
    r"|\boff the record\b|\bbetween (?:us|you and me)\b|\bthis stays between\b"
    r"|\b(?:don't|dont|do not|never|please don't|no need to|needn't|not to|not) (?:please )?"
    r"(?:save|store|keep|record|memori[sz]e|note|write down|write (?:that|this|it) down|jot down|put (?:that|"
    r"this|it) in|"
    r"remember|log)\b(?! (?:my name|how|what|why|when|where|who|if|whether|to|the (?:command|name|syntax|word|way)))"
    r"|(?<!don't )(?<!dont )(?<!not )(?<!never )(?<!always )(?<!i )(?<!often )\bforget (?:that|what|about|i|it|"
    r"this|my|"
    r"everything|all)\b"
)
# The message wants something done, so a wish of style in it is for that answer.
TASK = re.compile(
    r"(?:^|[.!?;:\n]\s*|,\s*)(?:please |pls |now |then |and |so |ok,? )*(?:write|draft|compose|explain "
    r"(?!(?:things|everything"
    r"|it all)\b)|describe|list|compare|summari[sz]e|suggest|recommend|tell me (?!(?:the )?\w+ first)|give me "
    r"(?!(?:the )?"
    r"(?:code|answer|result|conclusion|short version)\b)|help|generate|create|plan|outline|continue|convert|refactor|"
    r"review|make (?:a|an|me)|find|look up|show me (?:how|the|a)|remind me|what(?! i'm aiming)|why|how|where|"
    r"when(?!ever)(?! (?:you|i) (?:explain|answer|ask|give|show|reply|write|tell)\b)|which|who|"
    r"quick(?: question)?:|(?:can|could|would|will) (?:you|u)\b|"
    r"(?:e-?mail|message|reply|note|letter|speech|haiku|poem|toast|invitation) (?:to|for)|another one|again)\b"
)

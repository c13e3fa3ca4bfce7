"""The English rules for notes as data: body and food, tastes, habits, things, family. Read as in `english_rules`."""

LIFE = r"""
# body and food
note is_allergen list: allergic to {v}
    <IM>(?:\w+ly |very |also |quite )*allergic to <V>
note is_allergen list: {k} allergic to {v}{x}
    <IM>(?P<k>no longer|not) allergic to (?P<v>.+?)(?P<x>(?: any ?more| any longer)?)$
note is_allergen -: has an allergy to {v}
    <I><A>have an? (?:\w+ly |severe |bad |mild |serious )*allergy to <V>
note is_intolerance -: has a {v}
    (?:<I><A>have|<HAVE>got) an? (?:severe |bad |mild |serious )*(?P<v>[\w ]{2,30} (?:allergy|intolerance))\b
note - -
    <IM><A>(?:an? |strictly )*(?P<v><BEING>)(?=$|[ ,.])(?! (?:to|about|this|for|but not|on|until|enough|without|
    with|in|when)\b)
note - -: {k} {v}{x}
    <IM>(?P<k>not|no longer) (?:an? )?(?P<v><BEING>)(?P<x> any ?more| any longer)$
note - -: {k} {v}
    <IM>(?P<k>no longer) (?:an? )?(?P<v><BEING>)$
note - -: has {v}
    (?:<I><A>have|<HAVE>got) (?P<v>(?:type [12] )?diabetes|asthma|c(?:o)?eliac disease|epilepsy|adhd|hay fever|
    high blood pressure|migraines|dyslexia|arthritis|tinnitus|autism|crohn's(?: disease)?|ibs|ms(?! (?!and|so|
    since|which)\w)|psoriasis|eczema|
    endometriosis|parkinson's|glaucoma|insomnia|a pacemaker|a bad back|a heart condition|celiac)\b
note - list: {k} {v}
    <I><A>(?P<k>take) (?P<v>(?:<MEDICINE>)\b(?! seriously| as\b).*)
note - one: {k} {v}
    <I><A>(?P<k>take) (?P<v>(?!the\b|my (?:time|laptop)|notes|photos|it\b|this\b|that\b)(?:an? |
    my )?\w+(?: \w+)? for (?:my )?(?:blood pressure|
    asthma|diabetes|allergies|migraines|cholesterol|epilepsy|depression|anxiety|thyroid|heart)\b.*)
note - one: {k} {v}
    <IM>(?P<k>on) (?P<v>(?:<MEDICINE>)\b.*)
note - one: {k} {v}
    <I><A>(?P<k>get) (?P<v>(?:really |very |bad |terribly )?(?:migraines|seasick|carsick|motion sick|airsick|
    travel sick|
    hay fever|cold sores))\b
note - one: {k} {v}
    <I><A>(?P<k>wear|use) (?P<v>(?:an? )?(?:hearing aids?|glasses|contact lenses|contacts|wheelchair|screen reader|
    braille display|prosthe\w+|walking stick|cane|crutches|insulin pump))(?=$|[ ,.])
note is_food list: {n} {x} {v}
    <I><A>(?P<n><NOT>|never|<CANNOT>) (?P<x>eat|tolerate|touch|have(?= (?:dairy|gluten|nuts|
    peanuts|shellfish|milk|eggs|lactose|sugar|alcohol|caffeine|seafood|fish|soy|wheat))) <V>
note - -: {n} {v}
    <I><A>(?P<n><NOT>|never) (?P<v>drink(?: (?:alcohol|coffee|tea|milk|wine|beer))?|smoke|drive|swim|
    cook)(?: (?:at all|
    any ?more))?$
note - list: {n} have {v}
    <I>(?P<n><NOT>) have (?P<v>(?:an? )?(?:car|tv|television|smartphone|driving licen[cs]e|driver's licen[cs]e|
    garden|oven|
    microwave|dishwasher|fridge|balcony|kids|children|pets|siblings|brothers or sisters|facebook|whatsapp|printer)\b)
    (?=$|[,.]| (?:any ?more|at home|here|and|or)\b)
note - -
    <IM>(?P<v>\d{1,3} years old)\b
note - -: is {v}
    <IM>(?P<v>1[3-9]|[2-9]\d)(?=$|,(?! ?\d)| and (?!\d)| (?:now|btw|by the way|so|but|this year)\b)
note is_day -: birthday is {v}
    my birthday(?: is|'s)(?: on)? <V>
note is_day all: born on {v}
    <I>was born on <V>
note - -
    <IM><A>(?:an? )?(?:practi[sc]ing |lapsed )?(?P<v>muslim|jewish|catholic|hindu|buddhist|sikh|quaker|atheist|
    agnostic)
    (?=$|[,.]| (?:so|and|but)\b)
note - -: {k} {v}
    <I><A>(?P<k>keep) (?P<v>kosher|halal|bees|chickens|goats|sheep|ducks|an allotment)\b(?! (?:away|out|from|off))
# tastes
note is_taste -: {k} {x} {v}
    <I><A>(?P<k><NOT>|never) (?P<x>like|enjoy|love) <V>
note is_taste list: {k} {x} {v}
    <I><A>(?P<k>can't|cant|cannot) (?P<x>stand|bear) <V>
note is_thing list: {k} {x} {v}
    (?P<k>can't|cant|cannot) (?P<x>stand) <V>
note is_taste -: {k} {v}
    <I><A>(?P<k>like|love|enjoy|adore|prefer|hate|dislike|detest|loathe) <V>
note is_taste -: {k} is {v}
    my (?P<k>favou?rite [\w ]{2,30}?) (?:is|are) <V>
note is_taste list: {k}{l} {v}
    <IM>(?P<k>not )?<A>(?P<l>(?:very )?(?:fond of|keen on|crazy about|passionate about|into|afraid of|scared of|
    terrified of)|an? (?:big |huge )?fan of) <V>
note - -
    <IM><A>(?P<v>an? (?:tea|coffee|cat|dog|wine|beer|mountain|beach|numbers|chocolate|bird|horse|plant) (?:person|
    lover|
    addict|nerd|enthusiast))(?=$|[,.]| (?:so|and|but)\b)
note - one: drinks {k} {v}
    <I><A>drink my (?P<k>coffee|tea) <V>
# habits
note is_habit habit: {a} {k} {v}
    <I>(?P<a>usually|normally|generally|typically|mostly|always|often)? ?<A>(?P<k>get up|wake up|go to bed|
    go to sleep|
    go to work|start work|finish work|eat dinner|have lunch|have dinner) (?P<v>(?:at|around|before|by|
    after) (?:about )?
    (?:\d[\d:.]*(?: ?[ap]m)?|noon|midnight|dawn|sunrise|<NUMBER>)(?: thirty| in the \w+)?)(?=$|[,.]| )
note is_habit habit: {k} {v}
    <I><A>(?P<k><ROUTINE>) (?P<v>(?:[\w'-]+ ){0,6}?(?:<OFTEN>))(?=$|[\s,.;!])
note is_habit habit: {k} {v}
    <I><A>(?P<k><LOOSE>) (?P<v>(?=<OUTDOORS>)(?:[\w'-]+ ){0,6}?(?:<OFTEN>))(?=$|[\s,.;!])
note - list: {k} {v}
    <I><A>(?P<k>play) (?P<v>(?:the )?(?:<INSTRUMENT>|<SPORT>)\b.*)
note - one: {k} {v}
    <I><A>(?P<k>do|practi[sc]e) (?P<v>yoga|pilates|judo|karate|aikido|tai chi|taekwondo|crossfit|ballet|gymnastics|
    calligraphy|pottery|archery|fencing|triathlons?|woodworking|origami|amateur theatre)\b
note - one: {k} {v}
    <I><A>(?P<k>sing|dance|act|row|play|run|swim) (?P<v>(?:in|with|for) (?:an?|the) (?:[\w'-]+ ){0,3}(?:choir|band|
    orchestra|quartet|club|league|team|troupe|group|society)\b)
note is_thing list: {k} {v}
    <I><A>(?P<k>collect|restore|breed) <V>
note is_hobby list: {k} {v}
    <I><A>(?P<k>volunteer) (?P<v>(?:at|for|with|as) .+)
# things and tools
note is_stack list: {k} is {v}
    (?:the |our |my )(?P<k>(?:tech )?stack)(?: here| at work)? is <V>
note is_stack list: {k} is {v}
    (?P<k>(?:tech )?stack)(?: here| at work)? is <V>
note is_tool list: {k} {v}
    (?!we .*\bat (?:the office|work)\b)<I><A>(?:mostly |mainly )?(?P<k>use) <V>
note is_stack list: {k} {v}
    <I><A>(?P<k>code|program|develop|write) (?:mostly |mainly )?(?P<v>in (?:<CODE>)(?:(?:,| and|, and) (?:<CODE>))*)
    (?=$|[,.]| (?:mostly|mainly|for|at|every|all)\b)
note - list: {k} {v}
    <I><A>(?P<k>write) (?:mostly |mainly )?(?P<v>(?:<CODE>))(?= (?:for a living|at work|professionally|all day|
    mostly)|$)
note is_system list: {k} {v}
    <I><A>(?P<k>run) <V>
note is_system list: {k} {x}{v}
    <IM><A>(?P<k>on) (?P<x>(?:an? )?)<V>
note is_device list: has {v}
    (?:<I><A>have|<HAVE>got) <V>
note is_device list: {k} is {v}
    my (?P<k>(?:work |new |home |main )?(?:laptop|computer|phone|desktop|tablet|camera|car|bike|keyboard|editor|
    browser|shell|
    terminal|distro|os)) is (?:still |now )?<V>
note is_vehicle one: {k} {v}
    <I><A>(?P<k>drive|ride) <V>
# family
note is_near list
    my (?P<v><NEAR>(?:'s name)?,?(?: (?!is\b|are\b|was\b)\w+,?)? (?:(?:lives?|living) (?:in|with us)|works? (?:as|
    at|for|in)|
    (?:is|are) (?:called|named|from|allergic to|married|vegetarian|vegan|deaf|autistic|diabetic)|studies|teaches|
    plays|speaks?)
    \b.*)
note is_kin_fact list
    (?P<v><NEAR>(?: [A-Z\w]+) (?:lives in|works (?:as|at|for)|is called) .+)
note - name
    my (?P<v><COMPANION>'s name is \w[\w' -]*)
note is_near name
    my (?P<v><COMPANION> is (?:called|named) \w[\w' -]*)
note is_trade trade: {w} is a {v}
    my (?P<w><NEAR>(?: \w+)?) (?:is|are) an? <V>
note is_bare_name name: {w} is {v}
    my (?P<w><COMPANION>) is <V>
note is_owned -: has {v}
    (?:<I><A>have|<HAVE>got) (?P<v>(?:an?|one|two|three|four|five|six|\d|twin) (?:twin )?<KIN>
    (?=$|,| (?:named|called|and|who|in|at|with|from|aged)\b).*)
note - list: lives with {v}
    <I><A>live with my (?P<v><KIN>.*)
note - list: lives {v}
    <I><A>live (?P<v>alone with (?:my|an?|two|three) .+)
note - list: {k} {v}
    <I><A>(?P<k>look after|care for|take care of) (?P<v>my (?:elderly |old |sick |disabled )?<KIN>)
note - list
    <IM><A>(?P<v>(?:happily )?(?:married|engaged|divorced|widowed)(?: (?:to|with) (?!my (?:work|job|career)|the\b|
    this|that).+)?|
    single)$
note - one
    <IM><A>an? (?P<v>(?:single |proud |new |stay-at-home )*(?:mother|father|mom|mum|dad|parent|grandmother|
    grandfather|grandma|grandpa|widow|widower|carer)(?: (?:of|to|for) .+)?)$
"""

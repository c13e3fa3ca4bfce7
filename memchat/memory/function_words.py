"""Words that say nothing of what a text is about: they are not searched for. English, German, Spanish, Chinese."""

from collections.abc import Collection

_ENGLISH = """
a about above after again ago ain all also am an and another any anybody anyone anything are aren around as at away
back be because been before being below between both but by came can cannot could couldn day did didn do does doesn
doing don done down during each either else enough ever every everything few for from further gave get gets getting
give go goes going gone gonna got gotta had hadn happen happened happening has hasn have haven having he her here hers
herself him himself his how however i if in into is isn it its itself just kind kinds know known knew last let lets
like ll lot lots made make makes making many may maybe me mention mentioned might mine more most much must my myself
need needed needs never next no nobody nor not nothing now of off on once one ones only or other others our ours
ourselves out over own perhaps please quite rather re really recent recently remember remembered said same say saying
says shall she should shouldn since so some somebody someone something sort sorts still such sure take taken talk
talked talking tell telling than that the their theirs them themselves then there these they thing things think this
those though thought through time times to together told too took toward towards two type types under until up upon us
use used using ve very want wanted wants was wasn we well went were weren what whatever when where whether which while
who whom whose why will with within without won would wouldn yet you your yours yourself yourselves
"""
_GERMAN = """
aber alle als am an auch auf aus bei bin bis bist da damals dann das dass dein deine deinem deinen deiner dem den denn
der des dich die dies diese dieser dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer für
ganz gar gegen gehabt gesagt gesprochen habe haben hab hat hatte hatten hattest hier hin ich ihm ihn ihnen ihr ihre im
immer in ist ja jede jeder jetzt kann kein keine können konnte letzte letzten machen man mehr mein meine meinem meinen
meiner mich mir mit muss nach nicht nichts noch nun nur ob oder ohne schon sehr sein seine sich sie sind so soll
sollte und uns unser unsere über um vom von vor wann war waren warum was weil wem wen wessen welche welchem welchen
welcher welches wenn wer werde werden weiß wie wieder will wir wird wo wohin wollte worden wurde wurden zu zum zur
"""
_SPANISH = """
al algo ante antes aquel aquella así aún aunque cada como con cosa cosas cual cuál cuando cuándo cuánto cuánta de del
desde dije dijo dijiste donde dónde durante el ella ellas ellos en entre era eran eres es esa ese eso esta está estaba
están estar este esto estos fue fueron ha había habíamos hace hacer han has hasta hay hemos he hizo la las le les lo
los más me mi mis mismo mucho muchos mucha muchas muy nada ni no nos nosotros nuestra nuestro o os otra otro para pero
poco por porque qué que quien quién se sea ser si sí sido sin sobre solo son soy su sus también tan te tenía ti tiene
tienes todo todos tu tus tú un una unas unos usted vez y ya yo
"""
_CLITICS = "s m t d re ve ll"


_ACCENTS = str.maketrans("áéíóúñüäöß", "aeiounuaos")


def _set(words: str) -> frozenset[str]:
    """Words are compared without accents."""
    return frozenset(words.translate(_ACCENTS).split())


_ENGLISH_WORDS, _GERMAN_WORDS, _SPANISH_WORDS = (_set(f"{words} {_CLITICS}") for words in (_ENGLISH, _GERMAN, _SPANISH))


def stop_words(words: Collection[str]) -> frozenset[str]:
    """The stop words of the language that these words, without accents, are of: `er` is one in German only."""
    return max((_ENGLISH_WORDS, _GERMAN_WORDS, _SPANISH_WORDS), key=lambda known: sum(word in known for word in words))


def german(words: Collection[str]) -> bool:
    """Whether these words, without accents, are rather German than English or Spanish."""
    return stop_words(words) is _GERMAN_WORDS


# Words of manners and moods: alone they ask for nothing; beside others they are words like all.
SMALL_TALK = _set(
    """
absolutely afternoon agree agreed ah aha alright amazing appreciate appreciated awesome aw aww bad beautiful bless best
better brilliant bye care catch chat cheers congrats congratulations continue cool correct crazy cute dear evening
exactly excellent excited fair fantastic feel feeling felt fine fun funny glad god good goodbye goodnight gosh gracious
great ha haha hahaha hang happy hear heard hello help helped helpful helps hey heya hi hm hmm hope hopefully huh hugs
idea impressive indeed interesting joke jokes keep kidding later lol long look looking lots love lovely luck morning nah
neat nice night nope noted ok okay oh omg oops ouch perfect pleasure point pretty proud ready right sad see seems seen
sense serious seriously sleep smile sorry sound sounds soon speak start started stop super sweet tbh thank thankful
thanks thx tired today tomorrow tonight totally true try ty ugh understand understood wait welcome weekend wish
wonderful wonder wondering works worry worth wow wrong yay yeah yep yes yesterday yo yup
bitte danke dankeschon genau guten gut gute hallo klar morgen nacht tag toll tschuss verstanden vielen
adios bien buenas buenos claro dias gracias hola noches perfecto tardes vale
"""
)

# The same in Chinese, in simplified characters.
SMALL_TALK_HAN = (
    *(
        "谢谢",
        "多谢",
        "谢啦",
        "太好了",
        "太棒了",
        "好的",
        "明白了",
        "明白",
        "知道了",
        "早安",
        "晚安",
        "午安",
        "早上好",
        "晚上好",
        "你好",
        "您好",
    ),
    *(
        "哈啰",
        "再见",
        "拜拜",
        "哈哈",
        "嘿嘿",
        "嗯嗯",
        "继续",
        "真的",
        "厉害",
        "好吧",
        "行吧",
        "可以",
        "没事",
        "没关系",
        "对不起",
        "抱歉",
        "加油",
    ),
    *(
        "讲个笑话",
        "笑话",
        "一点",
        "一下",
        "一个",
        "再来",
        "今天",
        "昨天",
        "明天",
        "现在",
        "最近",
        "记得",
        "说过",
        "聊过",
        "聊了",
        "谈过",
        "提过",
    ),
)

# Characters that hardly ever belong to a word of content: a text is cut at them.
CUTS = frozenset("的了嗎吗呢吧啊呀嘛喔哦我你妳您他她它們们這这那哪什麼么甚是不沒没誰谁怎個个之其啥咱")
# Characters that often serve and sometimes mean: a piece of two of them says nothing, one with another may.
SERVING = frozenset(
    "能會会要想有在和與与跟及或就也都还還很可被把給给對对從从到於于為为因所以請请問问得著着多少幾几說说過过去上下時时候"
)

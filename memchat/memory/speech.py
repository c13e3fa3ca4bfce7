"""How a sentence is meant, told by its form: of a day, in jest, not to be kept, of others, of oneself, as a wish.

Rules of thumb on the safe side, as in `phrases.py`, in English, Chinese and Spanish; first persons in a few more.
"""

import re
from functools import cache

PASSING = (
    r"\b(?:today|tonight|right now|just now|at the moment|this (?:morning|afternoon|evening|weekend)|"
    r"yesterday|last night|tomorrow|in a (?:minute|moment|second)|later|so far today|for now|for today)\b|"
    r"\bi(?:'m| am)(?: (?:so|very|really|just|a bit|still|too|pretty|quite|feeling))* (?:tired|exhausted|"
    "hungry|thirsty|sleepy|bored|busy|sad|angry|mad|happy|glad|sorry|sure|fine|ok|okay|good|great|back|done|"
    "lost|stuck|confused|ready|excited|nervous|worried|impressed|curious|kidding|joking|serious|afraid so|"
    r"dead|dying|starving|freezing|late|hungover|awake|home)\b|\bi (?:just|feel|can't sleep|could murder|"
    r"could kill)\b|今天|今晚|今早|剛才|刚才|剛剛|刚刚|現在正|现在正|昨天|昨晚|明天|待會|待会|等一下|等下|"
    "一下子|我(?:好|很|有點|有点|超|真的|快)*(?:累|餓|饿|睏|困|煩|烦|無聊|无聊|開心|开心|難過|难过|生氣|生气|"
    r"緊張|紧张|哭|忙|崩潰|崩溃)|\b(?:hoy|ahora mismo|esta (?:mañana|tarde|noche)|ayer|anoche|mañana)\b"
)
JOKED = (
    r"\b(?:(?:just |only )?(?:kidding|joking)|jk|lol|lmao|rofl|ha(?:ha)+h?|that was a joke|not really|"
    r"sarcasm)\b|/s\b|開玩笑|开玩笑|才怪|騙你的|骗你的|說笑|说笑|哈哈|\b(?:jaja(?:ja)*|es broma|era broma|"
    r"de broma)\b|[\U0001f602\U0001f923\U0001f61c\U0001f609\U0001f643\U0001f61d]"
)
UNKEPT = (
    r"\b(?:don't|do not|dont|never|please don't|no need to) (?:\w+ )?(?:remember|save|keep|store|record|note|"
    r"log|memori[sz]e|write) (?:this|that|it|any of|down|me)\b|\boff the record\b|\bforget (?:that|what|"
    r"about what) (?:i|my|me)\b|(?:不要|別|别|不用|不必|勿|先別|先别|先不)(?:要)?(?:幫我|帮我|把它|把這|"
    r"把这)?(?:記|记|存|保存)|\bno (?:lo |la |me )?(?:guardes|apuntes|recuerdes|anotes|memorices)\b|"
    r"\bolvida (?:que|lo que)\b"
)
RUMOUR = (
    r"\b(?!(?:i|we) )\w+(?: \w+){0,2} (?:said|says|say|told|tells|thinks?|thought|claims?|claimed|asked|"
    "assumes?|assumed|heard|believes?|called)(?: (?:me|us|him|her|them|everyone|everybody|people))?(?: that|"
    r" if| whether)?,? (?:i|i'm|my)\b|(?:說|说|以為|以为|覺得|觉得|認為|认为|問|问)(?:我|我是|我的)|\b(?:dice|"
    r"dicen|dijo|dijeron|cree|creen|piensa|preguntó)(?: \w+)? (?:que|si) (?:yo |soy|estoy|tengo|vivo)"
)
# Words by which a speaker names himself. In languages that are not listed nobody can tell by words alone.
SELF = (
    r"\b(?:i|i'm|im|i've|ive|i'd|i'll|me|my|mine|myself|we|we're|we've|we'll|us|our|ours)\b|[我俺咱]|本人|"
    r"\b(?:yo|me|mi|mis|mí|nosotros|nosotras|nos|nuestr[oa]s?|soy|estoy|tengo|vivo|trabajo|somos|estamos|"
    "tenemos|vivimos|prefiero|quiero|uso|hablo|odio|como|bebo|toco|estudio|llevo|hago|voy|puedo|sé|vengo|"
    r"necesito)\b|\b(?:ich|mir|mich|mein|meine|meinen|meiner|wir|uns|unser|unsere|je|j'|moi|mon|ma|mes|nous|"
    r"notre|nos|eu|meu|minha|io|mio|mia|sono|ho|ik|mijn|jag|min|jeg|mitt)\b"
)
ASKED_OF = (
    r"\b(?:give|tell|show|help|remind|write|send|bring|let|teach|draft|find|make|get|excuse|trust|believe|ask|"
    r"correct|explain(?: it)? to|for|with|to) (?:me|us)\b|(?:幫|帮|給|给|替|為|为|告訴|告诉|教|提醒|讓|让|陪|"
    "跟|對|对|和|問|问|叫|請|请)我"
)
"""What is asked of the assistant, or of others: `give me a haiku` says nothing of me."""
WISH = (
    r"\b(?:please|answers?|answering|reply|replies|respond|responses?|explain|explanations?|write|speak|use|"
    r"keep|no|avoid|stop|skip|always|never|from now on|prefer)\b|回答|回覆|回复|請|请|用|不要|別|别|說|说|"
    r"解釋|解释|\b(?:responde|contesta|respuestas?|por favor|usa|habla|escribe|antworte|réponds|bitte)\b"
)
SPEECH = (
    r"\b(?:i|i'm|i've|i'd|i'll|im|my|me|we|we're|our|you|your|he|she|it|it's|they|that's|this|there's)\b|"
    r"[.!?;] *\w|[我你妳您他她它]|[。！？；，]|\b(?:yo|mi|mis|me|que yo|él|ella|ese|eso|esto|soy|tengo|vivo|"
    r"estamos)\b"
)
"""Words that stand in what somebody speaks, and in no name, place or phrase."""
YES = (
    r"\s*(?:yes|yeah|yep|yup|right|exactly|correct|true|indeed|sure|是|是的|對|对|對啊|对啊|沒錯|没错|嗯|sí|"
    r"si|claro|ja|oui)[\s,.!。！]*$"
)
MEMCHATS = r"^\s*\[memchat\]|\(m\d+, \d{4}-\d\d-\d\d[,)]|^\s*-? ?On \d{4}-\d\d-\d\d \(s\d+\.\d+\)"
AFTER = 40  # characters after a quote within which somebody says that it was a joke
QUESTION_MARKS = re.compile("[?？]")


def is_memchats(text: str) -> bool:
    """Whether the text is a line that memchat itself writes into a request."""
    return _found(MEMCHATS, text)


def is_passing(sentence: str) -> bool:
    """Whether the sentence tells of a day or a mood."""
    return _found(PASSING, sentence)


def is_joke(text: str) -> bool:
    """Whether the text says of itself that it jokes."""
    return _found(JOKED, text)


def asks_not_to_keep(text: str) -> bool:
    """Whether the user asks that something be not kept, or forgotten."""
    return _found(UNKEPT, text)


def is_rumour(sentence: str) -> bool:
    """Whether the sentence tells what others say of the user."""
    return _found(RUMOUR, sentence)


def speaks_of_self(sentence: str) -> bool:
    """Whether the speaker stands in the sentence: I, my, 我, yo; True too where no known script tells."""
    plain = _pattern(ASKED_OF).sub(" ", sentence.replace("’", "'"))
    return _found(SELF, plain) or not re.search("[A-Za-z\u00c0-\u024f\u3400-\u9fff]", plain)


def is_wish(sentence: str) -> bool:
    """Whether the sentence asks for answers of some kind."""
    return _found(WISH, sentence)


def is_speech(text: str) -> bool:
    """Whether the text is a piece of talk rather than a value."""
    return _found(SPEECH, text)


def is_bare_yes(text: str) -> bool:
    """Whether the text only agrees."""
    return _pattern(YES).match(text) is not None


def _found(pattern: str, text: str) -> bool:
    return _pattern(pattern).search(text.replace("’", "'")) is not None


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """Compiled when it is first needed."""
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)

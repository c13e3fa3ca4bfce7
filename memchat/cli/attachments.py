"""What goes with a message beside its words: whether the model can take it, and how it is told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memchat.cli.file_reading import look_at, read_file, size_of
from memchat.cli.layout import prose
from memchat.cli.mentions import Mention, mentions
from memchat.cli.pasted import Line, message_parts
from memchat.cli.terminal import one_line, said_yes
from memchat.domain import NOTEBOOK, Part, PartKind
from memchat.errors import MemchatError, RefusedError, UsageError
from memchat.memory import attaching
from memchat.memory.pictures import pixels

if TYPE_CHECKING:
    from memchat.bootstrap import App
    from memchat.chat.engine import ChatEngine
    from memchat.cli.conversation import Conversation
    from memchat.domain import Limits
    from memchat.memory.quoting import Count
    from memchat.ports import ChatModel

# Named where no key says which provider somebody uses.
SEES = "openai/gpt-4o-mini"
SEES_HERE = "ollama/qwen2.5vl"
_MENTION_HINT = "Name a file, or leave out the @."


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is to read it: the model, how its tokens are counted, and what memory takes of its window.

    `most` are the tokens of one request that are believed to fit, where a larger one was refused.
    """

    model: "ChatModel"
    count: "Count"
    limits: "Limits"
    most: int | None = None


def reader(engine: "ChatEngine") -> Reader:
    """The one that answers here."""
    model, assembler = engine.model, engine.assembler
    return Reader(model, assembler.counter.count, assembler.limits, assembler.believed.most(model))


def check(app: "App", reader: Reader, parts: Sequence[Part], attached: Sequence[Part] = ()) -> None:
    """Raises UsageError for a picture that the model cannot see, ContextWindowError for what does not fit it.

    `attached` are those of the parts that /file can take back.
    """
    check_pictures(app, reader, parts, attached)
    check_size(reader, parts, attached)


def check_pictures(app: "App", reader: Reader, parts: Sequence[Part], attached: Sequence[Part] = ()) -> None:
    """Raises UsageError for a picture that the model cannot see; names one that can."""
    picture = next((part for part in parts if part.kind is PartKind.IMAGE), None)
    if picture is not None and not reader.model.sees:
        number = attaching.dropped(picture, attached)
        raise UsageError(
            f"{one_line(reader.model.name)} reads no pictures, so it cannot see {one_line(picture.name)}.",
            f"One that does: {that_sees(app)} (-m NAME, /model NAME)."
            + (f" Or take it back: /file drop {number}" if number else ""),
        )


def check_size(reader: Reader, parts: Sequence[Part], attached: Sequence[Part] = ()) -> None:
    """Raises ContextWindowError for files, pictures and piped text that leave the model no room to answer."""
    if attaching.passed_on(parts):  # else nobody is asked how much the model reads before the words are saved
        model = reader.model
        assumed = not model.window_from and reader.most is None
        window = attaching.Window(one_line(model.name), model.window, reader.limits, reader.most, assumed)
        attaching.check(parts, window, reader.count, attached)


def that_sees(app: "App") -> str:
    """The name of a model that reads pictures, of a provider with a key if there is one."""
    if app.settings.privacy.local_only:
        return SEES_HERE
    from memchat.llm.windows import choose_default

    name = choose_default(app.environ, app.keys, app.settings.providers)
    return SEES if name == NOTEBOOK else name


def told(engine: "ChatEngine", part: Part) -> str:
    """`notes.md, 3.1 kB, about 1,240 tokens`; `cat.png, 1024 x 768, about 765 tokens`."""
    tokens = attaching.tokens_of(part, engine.assembler.counter.count, engine.model.window)
    size = pixels(part)
    large = f"{size[0]} x {size[1]}" if size else size_of(len(part.content.encode()))
    return f"{one_line(part.name)}, {large}, about {tokens:,} tokens"


def begin(chat: "Conversation", parts: Sequence[Part]) -> list[MemchatError]:
    """Attach what a chat is begun with, as /file does; why some of it was not attached."""
    errors: list[MemchatError] = []
    for part in parts:
        try:
            check(chat.app, reader(chat.engine), [*chat.attached, part], chat.attached)
        except MemchatError as error:
            errors.append(error)
        else:
            chat.attached += (part,)
    return errors


# A message in the chat


def message(chat: "Conversation", line: Line) -> list[Part] | None:
    """All that a line sends: what is attached, the files that it names, its words; empty for an empty line.

    None when it is not to be sent, which is told: then it stands in the input line again.
    """
    words = message_parts(line.text, line.pasted)
    if not words:
        return []
    sent: list[Part] | None = None
    try:
        named = _named(chat, line)
        if named is not None:
            sent = [*chat.attached, *named, *words]
            check(chat.app, reader(chat.engine), sent, chat.attached)
            for part in named:
                chat.screen.note("\n".join(prose(chat.screen, f"with {told(chat.engine, part)}")))
            return sent
    except MemchatError as error:
        chat.fail(error)
    except KeyboardInterrupt:
        chat.put_back(line)
        raise
    chat.put_back(line)
    return None


def _named(chat: "Conversation", line: Line) -> list[Part] | None:
    """The files that the line names and that are not attached yet; None when one of them is not to be sent."""
    parts: list[Part] = []
    for one in mentions(line):
        size = look_at(one.path, one.name, hint=_MENTION_HINT)  # what cannot be sent anyway is not asked about
        if one.outside and not _agreed(chat, one, size):
            return None
        part = read_file(one.path, one.name, hint=_MENTION_HINT, pipes=False)
        if not _attached(chat, part):
            parts.append(part)
    return parts


def without_asking(chat: "Conversation", words: str) -> tuple[list[Part], list[str]]:
    """The files that the words name, and what is said of those left out: outside the folder a person is asked first.

    Raises UsageError as sending would.
    """
    parts: list[Part] = []
    left_out: list[str] = []
    for one in mentions(Line(words)):
        if one.outside:
            left_out.append(f"@{one_line(one.name)} is outside the current folder, so it is left out here.")
            continue
        part = read_file(one.path, one.name, hint=_MENTION_HINT, pipes=False)
        if not _attached(chat, part):
            parts.append(part)
    return parts, left_out


def _attached(chat: "Conversation", part: Part) -> bool:
    return any((part.kind, part.content) == (known.kind, known.content) for known in chat.attached)


def _agreed(chat: "Conversation", one: Mention, size: int) -> bool:
    """Whether a file outside the current folder may be sent. Raises RefusedError where nobody can be asked."""
    name = one_line(one.name)
    if not chat.screen.can_ask:
        raise RefusedError(f"{name} is outside the current folder.", f"To send it all the same: /file {name}")
    chat.keep_typed()
    chat.tell(f"@{name} is {one_line(str(one.path))}, {size_of(size)}, outside the current folder.")
    if said_yes(chat.ask("Send it with your message? [y/N] ") or ""):
        return True
    chat.tell("Nothing was sent. Your message is in the line again.")
    return False

"""What stands above the first prompt, and above that of a conversation that is gone on with."""

from contextlib import suppress
from typing import TYPE_CHECKING

from memchat import __version__
from memchat.cli.conversation import Conversation
from memchat.cli.layout import GAP, MARGIN, entry, folded, prose, room
from memchat.cli.terminal import Screen, one_line
from memchat.domain import JobStatus, Session
from memchat.errors import StoreError

if TYPE_CHECKING:
    from memchat.memory.session import Summary

TITLE_CELLS = 60
LAST_LINES = 2


def welcome(chat: Conversation, *, greet: bool) -> list[str]:
    """A few calm lines; on later starts what the last conversation was about, and what was learned since."""
    screen = chat.screen
    lines = ["", f"{MARGIN}memchat {__version__}"] if greet else []
    lines += _before(chat) if chat.engine.mode.saves else []
    if chat.attached:
        from memchat.cli import attachments

        files = "; ".join(attachments.told(chat.engine, part) for part in chat.attached)
        lines += ["", *prose(screen, f"Goes with your first message: {files}")]
    return [
        *lines,
        *([""] if lines else []),
        *prose(screen, "Write something. /help shows what else there is, Ctrl-D leaves."),
        "",
    ]


def last_exchange(chat: Conversation) -> list[str]:
    """What a resumed conversation was about: its title, what was pending, and the newest turn in brief."""
    session = chat.engine.session
    if session is None:
        return []
    screen = chat.screen
    count = f"{session.turns} {'turn' if session.turns == 1 else 'turns'}"
    lines = entry(screen, session.ref, f"{one_line(session.title) or 'untitled'}, {count}", len(session.ref) + GAP)
    lines += _dim(screen, f"pending: {pending}") if (pending := _pending(chat, session)) else []
    turn = chat.store.transcripts.last_turn(session.id)
    if turn is not None:
        lines += ["", *entry(screen, ">", turn.user.text, 2, lines=3)]
        lines += ["", *(MARGIN + line for line in folded(screen, turn.reply or "[no reply]", room(screen), lines=4))]
    return lines


def _before(chat: Conversation) -> list[str]:
    """What was before this chat, as far as it may be told in its mode."""
    mode = chat.engine.mode
    last = next(iter(chat.store.transcripts.sessions(limit=1)), None)
    lines = _since(chat, last) if mode.reads else []
    if chat.engine.session is not None:
        lines += ["", *last_exchange(chat)]
    elif last is not None and (told := _last_time(chat, last)):
        lines += _dim(chat.screen, f"Last time: {told}")
    return [*lines, *(_not_summed_up(chat) if mode.learns else [])]


def _since(chat: Conversation, last: Session | None) -> list[str]:
    """How much was learned that nobody was told of yet; said once, `/memory new` of this chat lists it."""
    untold = [] if chat.screen.quiet else chat.store.memories.untold()
    if not untold:
        return []
    from memchat.cli import news

    chat.counted = untold
    with suppress(StoreError):  # of a file that can only be read it is told again
        chat.store.memories.told(untold[-1].id)
    return news.since(chat.screen, untold, last.last_at if last else None, chat.now())


def _last_time(chat: Conversation, last: Session) -> str:
    """The title of the last conversation, else what was wanted, and what was left open."""
    about = last.title
    if not about:
        turn = chat.store.transcripts.last_turn(last.id)
        about = _parts(last).wanted or (turn.user.text if turn else "")
    about, pending = chat.screen.fit(about.rstrip(".。"), TITLE_CELLS), _pending(chat, last)
    return "; ".join(piece for piece in (about, f"pending: {pending}" if pending else "") if piece)


def _not_summed_up(chat: Conversation) -> list[str]:
    """That something failed, and where to look."""
    failed = len(chat.store.jobs.listing((JobStatus.FAILED,)))
    count = "1 conversation" if failed == 1 else f"{failed} conversations"
    return prose(chat.screen, f"{count} could not be summed up: memchat doctor") if failed else []


def _pending(chat: Conversation, session: Session) -> str:
    """What was left open, on one line; nothing where memory is not read."""
    return one_line(_parts(session).pending) if chat.engine.mode.reads else ""


def _parts(session: Session) -> "Summary":
    from memchat.memory.session import parts

    return parts(session.summary)


def _dim(screen: Screen, text: str) -> list[str]:
    """Somebody's words in two dim lines at most."""
    return [screen.dim(MARGIN + line) for line in folded(screen, text, room(screen), lines=LAST_LINES)]

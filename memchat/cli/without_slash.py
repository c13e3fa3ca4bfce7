"""/without ID: the newest message asked again without one thing of memory, the other reply, and what is different."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from memchat.cli.conversation import Conversation
from memchat.cli.layout import MARGIN, folded, many, prose, room
from memchat.cli.slash import need
from memchat.cli.terminal import Screen, one_line
from memchat.domain import Passage
from memchat.errors import RefusedError

if TYPE_CHECKING:
    from memchat.chat.comparing import Difference
    from memchat.chat.without import Trial

SAME = "The same, word for word, as the reply that stands."
OLD = "The reply above stays."
STAYS = "The reply above stays, and nothing of this one is kept: the next message goes on from there."
QUOTED = 60  # characters of what is left out, to tell which one it is


def without(chat: Conversation, ref: str) -> None:
    """Ask, show the other reply as it comes, then the difference and what it cost."""
    need(ref, "/without m12")
    from memchat.chat.without import Trial
    from memchat.cli import unkept_view

    trial = Trial(chat.engine.standing, _named(chat, ref))
    chat.screen.out("\n" + "\n".join(prose(chat.screen, heading(chat.screen, trial))))
    if unkept_view.shown(chat, trial, OLD, show_memory=False, cost=lambda: _cost(trial)).complete:
        from memchat.chat.comparing import difference

        lines = [*compared(chat.screen, difference(trial.before, trial.reply)), "", *prose(chat.screen, STAYS)]
        chat.print([*lines, *(prose(chat.screen, cost) if (cost := _cost(trial)) else ())])
    else:
        chat.screen.note()


def _cost(trial: "Trial") -> str:
    """`It cost 812 tokens in, 64 out.`; nothing where nothing was sent."""
    from memchat.cli.ask_view import tokens_told

    usage = trial.usage
    return f"It cost {tokens_told(usage, 0, estimated=trial.estimated)}." if usage.prompt_tokens else ""


def _named(chat: Conversation, ref: str) -> str:
    """The id as it stands in requests: `m12` for `12` and for a profile field's name, `s17.4`, `s17`.

    Raises NotFoundError, UsageError.
    """
    from memchat.actions import memories
    from memchat.actions.references import session_place
    from memchat.domain import turn_ref

    if not chat.engine.mode.reads:
        raise RefusedError("This chat is shown nothing of memory.", "There is nothing to leave out.")
    place = session_place(ref)
    if place is not None:
        return f"s{place[0]}" if place[1] is None else turn_ref(place[0], place[1])
    return memories.get(chat.store, chat.app.fields, ref, chat.now()).ref


def heading(screen: Screen, trial: "Trial") -> str:
    """`s21.2 again, without m12 "prefers code examples in Go":`."""
    words = next((_words(passage) for passage in trial.left_out if passage.text), "")
    words = words if len(words) <= QUOTED else words[:QUOTED].rstrip() + screen.frame("…")
    return f"{trial.turn.ref} again, without {trial.ref}" + (f' "{words}":' if words else ":")


def _words(passage: Passage) -> str:
    return one_line(f"{passage.field}: {passage.text}" if passage.field else passage.text.lstrip("…"))


def compared(screen: Screen, differences: Sequence["Difference"]) -> list[str]:
    """Piece by piece: `-` only in the reply that stands, `+` only in the other, and how much is the same."""
    if not differences:
        return prose(screen, SAME)
    from memchat.chat.comparing import Kind

    signs = {Kind.GONE: "-", Kind.NEW: "+"}
    lines = prose(screen, "Only in the reply that stands: -   Only in this one: +")
    for one in differences:
        if one.kind is Kind.SAME:
            lines += prose(screen, f"  {many(len(one.pieces), 'line')} the same")
        else:
            lines += [line for piece in one.pieces for line in _piece(screen, signs[one.kind], piece)]
    return lines


def _piece(screen: Screen, sign: str, text: str) -> list[str]:
    first, *more = folded(screen, text, room(screen) - len(MARGIN))
    return [f"{MARGIN}{sign} {first}", *(f"{MARGIN}  {line}" for line in more)]

"""Forgetting in the chat: what would go, the question, and what came of it; for /forget, and what a model proposes."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from memchat.cli.conversation import Conversation
from memchat.cli.layout import MARGIN, folded, prose, room
from memchat.cli.terminal import Screen, one_line, width
from memchat.domain import Memory
from memchat.errors import MemchatError, NotFoundError
from memchat.memory.quoting import cut

if TYPE_CHECKING:
    from memchat.actions.forgetting import Wanted

REASON = 200  # characters of a model's reason at most, where no terminal's edge ends it sooner
LEAST = 20  # cells of it in one line with who proposes; less tells nothing


def ask(chat: Conversation, wanted: "Wanted", heading: Sequence[str] = ()) -> None:
    """Show the plan below `heading`, ask, and erase after the whole word yes. Raises NotFoundError, UsageError."""
    from memchat.actions import forgetting
    from memchat.cli import editor, forget_view

    now, state = chat.now(), chat.app.paths.state
    plan = forgetting.plan(chat.store, chat.app.fields, wanted, now)
    chat.print([*heading, *forget_view.plan(chat.screen, plan, now, in_chat=True)])
    answer = chat.ask(forget_view.QUESTION) or ""
    if left := forget_view.left_out(answer):
        plan = forgetting.plan_without(chat.store, chat.app.fields, plan, wanted, left, now)
    elif not forget_view.agreed(answer):
        chat.tell("Nothing was erased. To erase, type the whole word: yes")
        return
    done = forgetting.erase(chat.store, plan, chat.app.clock.now(), files=editor.drafts(state))
    chat.print(forget_view.receipt(chat.screen, done, now, drafts=editor.kept(state), in_chat=True))


def named(text: str, fields: Sequence[str]) -> "Wanted":
    """What follows /forget: ids and fields, or else a text as it stands."""
    from memchat.actions.forgetting import Wanted
    from memchat.actions.references import known_field, memory_number, session_place

    words = text.split()
    if all(memory_number(one, bare=True) or session_place(one) or known_field(one, fields) for one in words):
        return Wanted(refs=tuple(words))
    return Wanted(matches=(text,))


def put(chat: Conversation, proposed: Sequence[tuple[Memory, str]]) -> None:
    """Ask about each memory that the model would have forgotten; where nobody can be asked, only say so."""
    for memory, reason in proposed:
        says = proposal(chat.screen, memory, reason)
        if not chat.screen.can_ask:
            told(chat, memory, "memchat forget")
            continue
        chat.keep_typed()
        try:
            with suppress(NotFoundError):  # it went with the one before: a version of it, or erased elsewhere
                ask(chat, named(memory.ref, ()), says)
        except MemchatError as error:
            chat.fail(error)


def told(chat: Conversation, memory: Memory, command: str = "/forget") -> None:
    """Say how to forget it, where nothing is asked."""
    text = f"The assistant proposes to forget {memory.ref}. Nothing is erased; to do it: {command} {memory.ref}"
    chat.screen.note("\n".join(prose(chat.screen, text)))


def proposal(screen: Screen, memory: Memory, reason: str) -> list[str]:
    """`The assistant proposes to forget m12 (its reason: "...").`, the reason cut where the line ends.

    On a narrow terminal the reason has a line of its own.
    """
    reason = cut(one_line(reason).replace('"', "'"), REASON)
    who = f"The assistant proposes to forget {memory.ref}"
    begins, ends = f'{who} (its reason: "', '").'
    beside = room(screen) - width(begins) - width(ends)
    if reason and (beside >= LEAST or width(reason) <= beside):
        return [MARGIN + begins + screen.fit(reason, beside) + ends]
    lines = [MARGIN + line for line in folded(screen, f"{who}.", room(screen))]
    if reason:
        lines.append(f'{MARGIN}Its reason: "{screen.fit(reason, room(screen) - 14)}"')
    return lines

"""The tool `propose_forget`: the model names a memory that the user wants gone, and why; only the user erases."""

import re
from collections.abc import Sequence
from typing import Any

from memchat.chat.tool_calls import BadCallError, Moment, Result, as_json, short, text_of
from memchat.domain import Memory, MemoryStatus
from memchat.errors import NotFoundError
from memchat.memory.quoting import clean, fold
from memchat.ports import Store

MOST = 3  # proposals a turn: each one is a question to the user
ASKED = "the user will be asked after your reply; nothing is erased unless they type yes"


def propose_forget(arguments: dict[str, Any], moment: Moment, store: Store, fields: Sequence[str]) -> Result:
    """Take down that the user shall be asked whether a memory is erased; nothing changes here."""
    ref, reason = text_of(arguments, "id"), clean(text_of(arguments, "reason"))
    memory = _named(ref, moment, store, fields)
    known = memory.id in moment.proposed
    if not known and len(moment.proposed) >= MOST:
        raise BadCallError(f"no more than {MOST} memories a turn; the user is asked about those")
    moment.proposed.add(memory.id)
    content = as_json({"status": "asked", "id": memory.ref, "note": ASKED})
    # Named twice it is asked about once.
    return Result(content, f"proposes to forget {memory.ref}", proposed=None if known else (memory, reason))


def _named(ref: str, moment: Moment, store: Store, fields: Sequence[str]) -> Memory:
    """The active memory that an id or a profile field stands for. Raises BadCallError, which tells of no other."""
    word = fold(ref)
    field = next((field for field in fields if fold(field) == word), None)
    if field is not None:
        held = [one for one in store.memories.history(field) if one.status(moment.now) is MemoryStatus.ACTIVE]
        if len(held) > 1:
            raise BadCallError(f"{field} holds several: name one of {', '.join(one.ref for one in held)}")
        if held:
            return held[0]
    elif found := re.fullmatch(r"m([0-9]{1,18})", word):
        try:
            memory = store.memories.get(int(found[1]))
        except NotFoundError:
            raise _unknown(ref) from None
        if memory.status(moment.now) is MemoryStatus.ACTIVE:
            return memory
    raise _unknown(ref)


def _unknown(ref: str) -> BadCallError:
    return BadCallError(f"there is no memory {short(ref)}: ids look like m12, and stand beside what is known")

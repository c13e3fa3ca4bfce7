"""Which conversation `-c` and `--session` mean."""

import unicodedata
from collections.abc import Sequence

from memchat.actions import wording
from memchat.actions.references import session_place
from memchat.domain import Session, SessionKind
from memchat.errors import NotFoundError, SessionBusyError, UsageError
from memchat.memory.masking import mask
from memchat.ports import Store

# Looked through for one that is not open elsewhere; nobody has more terminals.
LOOK_BACK = 50


def find(store: Store, ref: str, *, mask_secrets: bool) -> tuple[Session | None, str]:
    """The conversation that `ref` means, an id (`s17`, `17`) or a name; else None and the name a new one shall have.

    Raises NotFoundError for an id that is none, UsageError for a turn's and for a new name that is too long.
    """
    if session := _by_id(store, ref):
        return session, ""
    name = unicodedata.normalize("NFKC", ref).strip()
    name = mask(name).text if mask_secrets else name
    found = store.transcripts.session_named(name)
    return found, "" if found else wording.session_name(name)


def newest(store: Store, owner: str, kinds: Sequence[SessionKind]) -> Session:
    """The newest conversation of these kinds that `owner` could open.

    Raises NotFoundError when there is none, SessionBusyError when each is open elsewhere.
    """
    found = store.transcripts.sessions(kinds=kinds, limit=LOOK_BACK)
    for session in found:
        if store.transcripts.free(session.id, owner):
            return session
    if found:
        raise SessionBusyError(
            f"Conversation {found[0].ref} is open in another terminal.", "Leave it there first, or start a new one."
        )
    raise NotFoundError("There is no conversation to continue.", "Start one: memchat")


def _by_id(store: Store, ref: str) -> Session | None:
    place = session_place(ref, bare=True)
    if place is None:
        return None
    number, turn = place
    if turn is not None:
        raise UsageError(
            f"s{number}.{turn} is one turn of a conversation.", f"To go on with the whole of it: s{number}"
        )
    try:
        return store.transcripts.session(number)
    except NotFoundError as error:
        hint = "See them: memchat sessions list. A number alone is no name for a new one."
        raise NotFoundError(error.message, hint) from None

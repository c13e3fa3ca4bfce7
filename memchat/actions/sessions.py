"""What a person can ask of past conversations: list, read, name."""

from memchat.actions import wording
from memchat.actions.references import session_place, shorten
from memchat.domain import Session, SessionKind, Turn, turn_ref
from memchat.errors import NotFoundError
from memchat.ports import Store


def listing(store: Store, *, all: bool = False, limit: int | None = None) -> list[Session]:  # noqa: A002 - the flag's name
    """Conversations that hold a turn, newest activity first; with `all` also the one-shots of `memchat ask`."""
    kinds = tuple(SessionKind) if all else (SessionKind.CHAT,)
    return store.transcripts.sessions(kinds=kinds, limit=limit)


def get(store: Store, ref: str) -> Session:
    """The conversation `ref` names: `s17`, `s17.4`, `17`, or the name it was given. Raises NotFoundError."""
    place = session_place(ref, bare=True)
    if place is not None:
        return store.transcripts.session(place[0])
    found = store.transcripts.session_named(ref.strip())
    if found is None:
        raise NotFoundError(f"There is no conversation {shorten(ref)!r}.", "See them all: memchat sessions list --all")
    return found


def turns(store: Store, ref: str) -> list[Turn]:
    """The turns of a conversation, oldest first; of `s17.4` that one. Raises NotFoundError."""
    session = get(store, ref)
    place = session_place(ref)
    found = store.transcripts.turns(session.id)
    if place is None or place[1] is None:
        return found
    wanted = [turn for turn in found if turn.number == place[1]]
    if not wanted:
        raise NotFoundError(
            f"{session.ref} has no turn {place[1]}; it has {len(found)}.",
            f"Read it: memchat sessions show {session.ref}",
        )
    return wanted


def summarised_to(store: Store, session: Session) -> str:
    """The newest turn that the conversation's summary covers: `s17.25`; empty when there is none."""
    if session.mark is None or not session.summary:
        return ""
    return turn_ref(session.id, store.transcripts.message(session.mark).turn)


def summarised_partly(store: Store, session: Session) -> str:
    """As `summarised_to`, where there are newer turns than that; empty where the summary covers all."""
    covered = summarised_to(store, session)
    last = store.transcripts.last_turn(session.id)
    return covered if last is not None and last.ref != covered else ""


def rename(store: Store, ref: str, title: str, *, mask_secrets: bool = True) -> Session:
    """Give a conversation a title. Raises NotFoundError, UsageError (empty or too long)."""
    clean = wording.title(title, mask_secrets=mask_secrets)
    session = get(store, ref)
    store.transcripts.rename(session.id, clean)
    return store.transcripts.session(session.id)

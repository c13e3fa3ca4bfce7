"""What a person says: masked, and committed before any model is called. What somebody typed is never lost."""

from collections.abc import Sequence
from datetime import datetime

from memchat.chat.active_path import ActivePath
from memchat.domain import Message, Mode, Part, Role, Session, SessionKind
from memchat.errors import UsageError
from memchat.memory.masking import masked_parts
from memchat.ports import ChatModel, Store


class Saying:
    """Saves the messages of one conversation, which the first of them begins, called `name` if given."""

    def __init__(
        self, store: Store, path: ActivePath, *, mode: Mode, kind: SessionKind, name: str, mask_secrets: bool
    ) -> None:
        self.name = name
        self._store = store
        self._path = path
        self._mode = mode
        self._kind = kind
        self._mask_secrets = mask_secrets

    def save(self, parts: Sequence[Part], model: ChatModel, now: datetime) -> tuple[Session, Message, tuple[str, ...]]:
        """Commit a message to `model` behind all that is on the path, whoever wrote it.

        Returns its session, itself as saved, and the kinds of secrets that were masked in it. Raises UsageError when
        nothing was said, SessionBusyError, StoreError.
        """
        kept, kinds = self.masked(parts)
        transcripts = self._store.transcripts
        with self._store.transaction():
            self._path.refresh()  # in here: nobody writes or erases between this look and the message
            session = self._path.session or self._create(model, now)
            self._path.begin_turn(session.id)
            if (session.model, session.host) != (model.name, model.host):
                transcripts.set_model(session.id, model.name, model.host)
            if not session.title and (self._mode.learns or not session.learn):
                transcripts.entitle(session.id, self._path.title(session.id, kept))
            user = transcripts.add_message(
                session.id,
                transcripts.next_turn(session.id),
                Role.USER,
                kept,
                parent=session.leaf,
                at=now,
                host=model.host,  # where it goes; its reply may never come to tell
                learn=self._mode.learns,
            )
            session = transcripts.session(session.id)
        self._path.opened(session, user)
        return session, user, kinds

    def masked(self, parts: Sequence[Part]) -> tuple[list[Part], tuple[str, ...]]:
        """The parts as they may be stored and sent, and the kinds of secrets that were in them."""
        if not any(part.content.strip() for part in parts):
            raise UsageError("The message is empty.", 'Write something: memchat ask "..."')
        return masked_parts(parts) if self._mask_secrets else (list(parts), ())

    def _create(self, model: ChatModel, now: datetime) -> Session:
        session = self._store.transcripts.create_session(
            self._kind, at=now, model=model.name, host=model.host, learn=self._mode.learns, name=self.name
        )
        self._path.claim(session.id)
        return session

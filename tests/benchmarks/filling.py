"""A conversation in a fresh database, by the code path of a saved turn, and questions asked of it as a turn asks.

Each message goes through the store as the chat engine calls it: masked, one transaction for what the user says and one
for the reply, the session titled by its first words, vectors with the reply where the embedder is there, and what is
left over by the step that runs in the background of a chat.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from memchat import config
from memchat.actions import profile
from memchat.bootstrap import App
from memchat.bootstrap.finding import Finding
from memchat.chat import catching_up
from memchat.chat.active_path import title_of
from memchat.domain import Candidate, Message, Origin, Part, PartKind, Passage, Recalled, Role, SessionKind
from memchat.errors import ConfigError
from memchat.memory.masking import masked_part
from memchat.memory.quoting import clean
from memchat.memory.recalling import Recall
from memchat.ports import Embedder, Store

from tests.benchmarks.conversations import Conversation, Said, Sitting, turns
from tests.conftest import FrozenClock


class Timed(App):
    """memchat put together as for people, in a home of its own, with a clock that is set.

    `embedder` is one that is loaded already; None has it made as `recall.embedding` in `flags` says, and loaded.
    """

    def __init__(
        self,
        home: Path,
        *,
        embedder: Embedder | None = None,
        assistant: str = "",
        flags: Mapping[str, object] | None = None,
    ) -> None:
        environ = {
            "HOME": str(home),
            "MEMCHAT_HOME": str(home / "memchat"),
            "MEMCHAT_MODEL": "notebook",
            "MEMCHAT_MEMORY__ENABLED": "true",
        }
        paths = config.paths(environ)
        wanted = {"ui.assistant_name": assistant, **(flags or {})}
        super().__init__(config.load(paths, environ, wanted), paths, environ)
        self.turned = FrozenClock(self.clock.now())
        self.clock = self.turned  # type: ignore[assignment]  # - the clock is an argument of the core; here it is turned
        if embedder is not None:
            self.finding.__dict__["embedder"] = embedder
        elif self.embedder is not None:
            self.embedder.warm()
        elif self.finding.trouble:
            raise ConfigError(self.finding.trouble, "Name another one.")

    @property
    def embedder(self) -> Embedder | None:
        """What measures likeness of meaning."""
        return self.finding.embedder

    def lenient(self) -> Recall:
        """The same recall with a threshold that lets everything through."""
        free = replace(self.settings, recall=replace(self.settings.recall, threshold=0.0))
        finding = Finding(free, self.environ, lambda: self.keys, self.fields, self.hosts)
        finding.__dict__["embedder"] = self.embedder
        return finding.recall(self.store)


@dataclass
class Filled:
    """A database that holds conversations; `key_of` is the key of a message by its number.

    `seconds` is what saving took, vectors and all.
    """

    app: Timed
    key_of: dict[int, str] = field(default_factory=dict)
    session_of: dict[str, int] = field(default_factory=dict)
    turns: int = 0
    seconds: float = 0.0
    _shown_as: dict[tuple[str, Role], list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The database."""
        return self.app.store

    def add(self, conversation: Conversation, *, prefix: str = "") -> None:
        """Save a conversation, turn by turn; `prefix` goes before its keys."""
        names = {"display_name": [conversation.user]} if conversation.user else {}
        profile.replace(self.store, self.app.fields, names, conversation.sittings[0].at)
        start = time.perf_counter()
        for sitting in conversation.sittings:
            for message, said in _saved(self.app, sitting):
                self._note(message, prefix + said.key)
            self.turns += sum(1 for _ in turns(sitting))
        while catching_up.step(self.store, self.app.embedder, lambda: False):
            pass
        self.seconds += time.perf_counter() - start

    def _note(self, message: Message, key: str) -> None:
        self.key_of[message.id] = key
        self.session_of[key] = message.session_id
        text = clean("\n\n".join(part.content for part in message.parts))
        self._shown_as.setdefault((f"s{message.session_id}.{message.turn}", message.role), []).append((key, text))

    def keys(self, passages: tuple[Passage, ...]) -> list[str]:
        """The messages that these passages show; notes and profile show none."""
        found = []
        for passage in passages:
            role = Role.ASSISTANT if passage.speaker == "assistant" else Role.USER
            there = self._shown_as.get((passage.ref, role), [])
            inner = passage.text.strip("… ")
            holding = [key for key, text in there if inner in text] if len(there) > 1 else [key for key, _ in there]
            found += holding[:1]
        return found

    def order(self, recall: Recall, question: str, now: datetime) -> list[str]:
        """All messages that are found for a question, best first."""
        found: list[Candidate] = recall.order(question, now)
        return list(dict.fromkeys(self.key_of[one.message_id] for one in found))

    def ask(
        self, recall: Recall, text: str, now: datetime, before: tuple[str, Said] | None = None
    ) -> tuple[Recalled, float]:
        """What the message `text` would bring in a chat of its own, as shown, and in how many seconds.

        Or right after a message, by its key, in the midst of its session: what came later in it is not found.
        """
        self.app.turned.set(now)
        known = [memory.ref for memory in self.store.memories.active(now)]  # the head of the request shows them
        limit, count = self.app.settings.context.recall_tokens, self.app.counter.count
        live = (self.session_of[before[0]], before[1].turn) if before else None
        words = before[1].text if before else ""
        start = time.perf_counter()
        recalled = recall.for_turn(text, now, before=words, live=live, known=known, count=count, tokens=limit)
        return recalled, time.perf_counter() - start

    def size(self) -> int:
        """Bytes of the database, all its files together; it is closed."""
        self.store.close()
        return sum(path.stat().st_size for path in self.app.paths.db.parent.glob(f"{self.app.paths.db.name}*"))


def tokens(recalled: Recalled) -> int:
    """What the passages cost in the request; 0 when nothing is shown."""
    return sum(passage.tokens for passage in recalled.kept)


def _saved(app: Timed, sitting: Sitting) -> Iterator[tuple[Message, Said]]:
    """One session, as `ChatEngine` and `Exchange` save it."""
    transcripts = app.store.transcripts
    app.turned.set(sitting.at)
    session = transcripts.create_session(SessionKind.CHAT, at=sitting.at, model="notebook", host="", learn=True)
    parent, titled = session.leaf, False
    for turn in turns(sitting):
        for said in turn:
            origin = Origin.TYPED if said.role is Role.USER else Origin.MODEL
            part, _ = masked_part(Part(PartKind.TEXT, origin, said.text))
            with app.store.transaction():
                if said.role is Role.USER and not titled:
                    transcripts.entitle(session.id, title_of([part]))
                    titled = True
                message = transcripts.add_message(
                    session.id, said.turn, said.role, [part], parent=parent, at=sitting.at, model="notebook"
                )
                if said is turn[-1]:
                    catching_up.with_turn(app.store, app.embedder)
            parent = message.id
            yield message, said

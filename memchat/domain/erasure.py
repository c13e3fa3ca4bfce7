"""Erasing: what is to go, where it stands, what was done, and what three checks say of it afterwards."""

from dataclasses import dataclass

from memchat.domain.conversation import turn_ref


@dataclass(frozen=True, slots=True)
class Erasing:
    """What is to be erased: memories (each with all its versions), whole turns and conversations, and phrases.

    With `memories` go the words they rest on, with those `alone` only the phrases. Phrases become `[erased]` wherever
    they stand; with `bars` messages keep them and are barred instead. `turns` are `(session, number)`. `everything` is
    all there is. `buries`: a tombstone is left. What stands in `left` (`s14.3`, `s8`, `m9`) stays as it is.
    `parts` and `labels` are as in `Trails`, where it is known that nobody wrote since.
    """

    phrases: tuple[str, ...] = ()
    memories: tuple[int, ...] = ()
    alone: tuple[int, ...] = ()
    turns: tuple[tuple[int, int], ...] = ()
    sessions: tuple[int, ...] = ()
    everything: bool = False
    bars: bool = False
    buries: bool = True
    left: frozenset[str] = frozenset()
    parts: tuple[int, ...] | None = None
    labels: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A turn that holds words: in how many places."""

    session_id: int
    turn: int
    places: int

    @property
    def ref(self) -> str:
        """`s14.3`."""
        return turn_ref(self.session_id, self.turn)


@dataclass(frozen=True, slots=True)
class Trails:
    """Where phrases stand.

    `memories` hold them in their words or in those they rest on; `summaries` and `titles` are conversations, `typed`
    entries of the history of typing, `vectors` those of messages that hold them. `alike` are words that only look like
    one, each with a place that holds it. `parts` are those of messages, `labels` conversations with
    a title, name, summary or topic. `stamp` changes with anything that is written.
    """

    memories: tuple[int, ...] = ()
    spots: tuple[Spot, ...] = ()
    summaries: tuple[int, ...] = ()
    titles: tuple[int, ...] = ()
    typed: int = 0
    vectors: int = 0
    alike: tuple[tuple[str, str], ...] = ()
    parts: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    stamp: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: in how many places, in which conversations; whose summaries were dropped.

    `forms` are the phrases as they were written, to be looked for afterwards. `marked`: how many of the places became
    `[erased]`, or barred; the others are messages that went whole.
    """

    places: int = 0
    sessions: tuple[int, ...] = ()
    summaries: tuple[int, ...] = ()
    forms: tuple[str, ...] = ()
    marked: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """What three checks found of the erased phrases.

    `rows` are the columns that hold one (`parts.content`), `terms` the words of the index that kept rows do not
    account for, `found` the files that hold one of them, or cannot be read. `files` of `size` bytes in all were looked
    at. `untold` are phrases that bytes tell nothing of: they are too short, or memchat's own words too. `vacuumed`: the
    file had to be written anew.
    """

    rows: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    size: int = 0
    untold: tuple[str, ...] = ()
    vacuumed: bool = False

    @property
    def traces(self) -> int:
        """In how many places something is left."""
        return len(self.rows) + len(self.terms) + len(self.found)

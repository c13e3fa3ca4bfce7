"""One erasure, all of it in one transaction: memories with their words, phrases, whole turns and conversations."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from memchat.domain import Erased, Erasing, turn_ref
from memchat.memory.words import words
from memchat.store.database import Database
from memchat.store.erase_rows import RowErasure
from memchat.store.erase_words import WordErasure
from memchat.store.index import MessageIndex
from memchat.store.redaction import Wounds
from memchat.store.tombstones import Graves

if TYPE_CHECKING:
    from memchat.store.erase import SqliteErasure

_WHERE = "SELECT id, session_id, turn FROM messages WHERE id IN (SELECT value FROM json_each(?))"


class Eraser:
    """Does what an `Erasing` says, within the transaction of whoever asks."""

    def __init__(self, database: Database, index: MessageIndex, tombstones: Graves, erasure: "SqliteErasure") -> None:
        self._database = database
        self._tombstones = tombstones
        self._erasure = erasure
        self._words = WordErasure(database, index)
        self._rows = RowErasure(database, index, tombstones)

    def erase(self, erasing: Erasing, at: datetime) -> Erased:
        """Erase it; raises NotFoundError for a memory that is not there."""
        if erasing.everything:
            done = self._rows.everything()
        else:
            # What is gone whole needs no marks; what memories rest on is known only while they are there.
            rows = self._rows.erase(erasing, at)
            kept, near, around = self._memories(erasing, at)
            told = self._words.erase(erasing)
            # What is barred keeps its words, and they are found once more.
            marked = (told.places or near) if erasing.bars else near + told.places
            dropped = {*kept, *told.summaries, *self._words.drop_summaries(rows.summaries)}
            done = Erased(
                rows.places + marked,
                tuple(sorted({*rows.sessions, *around, *told.sessions})),
                tuple(sorted(dropped - set(erasing.sessions))),
                tuple(dict.fromkeys((*told.forms, *rows.forms))),
                marked,
            )
        self._database.rows("UPDATE meta SET value = value + 1 WHERE name = 'erasure_epoch'")
        return done

    def _memories(self, erasing: Erasing, at: datetime) -> tuple[list[int], int, set[int]]:
        """Each with all its versions, and the very words it rests on, but for those of turns that are left.

        Whose summaries went, in how many places words did, and in which conversations.
        """
        resting: set[int] = set()
        around: set[int] = set()
        places = 0
        for number in (*erasing.memories, *erasing.alone):
            versions = self._erasure.versions(number)
            resting |= {source.session_id for memory in versions for source in memory.sources if source.session_id}
            near = self._erasure.near(versions) if number in erasing.memories else Wounds()
            around |= self._spare(near, erasing.left)
            places += self._erasure.close_near(versions, near, bars=erasing.bars)
            for field, told in dict.fromkeys((memory.field, words(memory.text)) for memory in versions):
                if erasing.buries:
                    self._tombstones.add(field, told, at)
        resting = {session for session in resting if f"s{session}" not in erasing.left}
        return self._words.drop_summaries(resting - set(erasing.sessions)), places, around

    def _spare(self, near: Wounds, left: Collection[str]) -> set[int]:
        """Take out of `near` what is in turns and conversations that are left; in which conversations the rest is."""
        messages = json.dumps(sorted(near.messages))
        where = {message: (session, turn) for message, session, turn in self._database.rows(_WHERE, messages)}
        for part, (message, _, _) in [*near.parts.items()]:
            session, turn = where[message]
            if f"s{session}" in left or turn_ref(session, turn) in left:
                del near.parts[part]
        return {where[message][0] for message in near.messages}

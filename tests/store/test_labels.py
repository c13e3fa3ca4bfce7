"""Sessions in the index: by the title and topics they have now, whatever changed them."""

from collections.abc import Callable

import pytest
from memchat.ports import Transcripts
from memchat.store.connection import SqliteStore

from tests.builders import add_turn
from tests.store.conftest import behind, vocabulary


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda talks: talks.rename(1, "Almonds"), {"almond", "rice"}),
        (lambda talks: talks.rename(1, ""), {"rice"}),
        (lambda talks: talks.entitle(1, "Cashews"), {"cashew", "rice"}),
        (lambda talks: talks.summarise(1, "told", ["花生", "Porto"]), {"walnut", "porto", "花生", "生"}),
        (lambda talks: talks.summarise(1, "told", []), {"walnut"}),
        (lambda talks: talks.set_leaf(1, None), {"walnut", "rice"}),
    ],
)
def test_a_session_is_known_by_what_it_is_called_now(
    memory: SqliteStore, change: Callable[[Transcripts], None], left: set[str]
) -> None:
    """Old words go as new ones come."""
    talks = memory.transcripts
    add_turn(memory, "Hello.", "Hello!")
    talks.entitle(1, "Walnuts")
    talks.summarise(1, "told", ["rice"])
    assert vocabulary(memory, "words_of_sessions") == {"walnut", "rice"}
    change(talks)
    assert vocabulary(memory, "words_of_sessions") == left
    assert memory.index.health().sound


def test_a_session_without_title_and_topics_has_no_row(memory: SqliteStore) -> None:
    """One that lost both neither."""
    add_turn(memory, "Hello.", "Hello!")
    memory.transcripts.rename(1, "Walnuts")
    memory.transcripts.rename(1, "")
    assert behind(memory).rows("SELECT id FROM words_of_sessions_docsize") == []

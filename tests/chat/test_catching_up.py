"""Past words get what they lack to be found: with the turn where that takes no time, else beside the chat."""

from collections.abc import Sequence

from memchat.chat import catching_up
from memchat.errors import EmbeddingError
from memchat.ports import Store

from tests.builders import add_turn

DIM = 8


class Embedder:
    """Counts what it embeds; `fails` as a server that is gone."""

    name, dim, local, ready = "test", DIM, True, True

    def __init__(self, *, host: str = "", fails: bool = False) -> None:
        self.host = host
        self.fails = fails
        self.seen: list[str] = []

    def warm(self) -> None:
        """Nothing to load."""

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """The same vector for each."""
        if self.fails:
            raise EmbeddingError("gone", "try again")
        self.seen += texts
        return [bytes([1] * DIM) for _ in texts]


def never() -> bool:
    """Nobody needs the time."""
    return False


def left(store: Store) -> int:
    """How many messages have no vectors yet."""
    return len(store.index.unembedded("test", DIM, 1_000))


def test_a_turn_brings_its_own_vectors(store: Store) -> None:
    """Both messages, in the caller's transaction."""
    add_turn(store, "I sold the boat", "A pity.")
    embedder = Embedder()
    with store.transaction():
        catching_up.with_turn(store, embedder)
    assert sorted(embedder.seen) == ["A pity.", "I sold the boat"]
    assert left(store) == 0


def test_a_turn_never_waits_for_an_embedder(store: Store) -> None:
    """One elsewhere, one that is not loaded, one that fails, none at all: the background does it later."""
    add_turn(store, "I sold the boat", "A pity.")
    away, failing, cold = Embedder(host="api.example.com"), Embedder(fails=True), Embedder()
    cold.ready = False
    for embedder in (away, failing, cold, None):
        catching_up.with_turn(store, embedder)
    assert left(store) == 2


def test_a_text_of_many_pieces_is_left_to_the_background(store: Store) -> None:
    """Fifty pieces take longer than anybody should wait."""
    add_turn(store, "Here it is.\n\n" + "A sentence of some ten words stands here for length. " * 1_000, "Long.")
    embedder = Embedder()
    catching_up.with_turn(store, embedder)
    assert embedder.seen == ["Long."]
    assert left(store) == 1
    while catching_up.step(store, embedder, never):
        pass
    assert left(store) == 0


def test_steps_go_on_until_all_is_done(store: Store) -> None:
    """Each does a batch and says whether there may be more."""
    for number in range(catching_up.BATCH):
        add_turn(store, f"Message {number}", f"Reply {number}")
    embedder = Embedder()
    assert catching_up.step(store, embedder, never)
    assert left(store) == catching_up.BATCH
    assert catching_up.step(store, embedder, never)
    assert left(store) == 0
    while catching_up.step(store, embedder, never):
        pass
    assert not store.index.merge(whole=True)


def test_each_turn_merges_a_little(store: Store) -> None:
    """Also one that has no embedder to wait for."""
    for number in range(5):
        with store.transaction():
            add_turn(store, f"Message {number}", f"Reply {number}")
            catching_up.with_turn(store, None)
    assert not store.index.merge(whole=False)


def test_a_failing_embedder_ends_the_steps(store: Store) -> None:
    """Nothing is tried in a circle; the next start tries again."""
    add_turn(store, "I sold the boat")
    assert not catching_up.step(store, Embedder(fails=True), never)
    assert not catching_up.step(store, None, never)
    assert left(store) == 2

"""What past turns cost is counted anew when the counter counts otherwise: the model has told, or is another one."""

from dataclasses import replace

from memchat.domain import Limits, Turn
from memchat.memory.folding import Sizes
from memchat.memory.working import WorkingTurns

from tests.builders import a_message


class Learning:
    """A counter that can learn."""

    def __init__(self) -> None:
        self.factor = 1

    def count(self, text: str) -> int:
        """Words, by a factor."""
        return self.factor * len(text.split())


def a_turn(number: int, text: str) -> Turn:
    """A turn of one message."""
    return Turn(1, number, (replace(a_message(text), id=number, turn=number),))


def test_sizes_follow_the_counter_and_references_do_not() -> None:
    """A reference tells a size and was sent: another one would cost the provider's cache of all that follows."""
    counter = Learning()
    sizes, message = Sizes(counter.count), a_message("word " * 500)
    before, reference = sizes.size(message, 0), sizes.reference(message, 0)
    counter.factor = 3
    assert sizes.size(message, 0) == before
    sizes.refresh()
    assert sizes.size(message, 0) == 3 * before
    assert sizes.reference(message, 0) is reference
    assert sizes.saved(message, 0) == 3 * (before - len(reference.content.split()))


def test_turns_that_cost_more_than_was_thought_are_folded() -> None:
    """What fitted by the old count is over the limit by the new one."""
    counter = Learning()
    working = WorkingTurns([a_turn(number, "word " * 100) for number in range(1, 15)], counter.count)
    working.fit(2_000, Limits())
    assert working.fold.turns == 0
    counter.factor = 3
    assert working.fit(2_000, Limits()) <= 2_000
    assert working.fold.turns > 0

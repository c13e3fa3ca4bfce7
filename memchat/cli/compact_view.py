"""What a compaction looks like: one dim line that says what the model reads from here on, and where the rest is."""

from memchat.chat.events import Compacted
from memchat.cli.layout import many, prose
from memchat.cli.receipts import hinted
from memchat.cli.terminal import Screen

EXPAND = "/expand"


def boundary(screen: Screen, compacted: Compacted) -> list[str]:
    """`From here on 20 older turns are a summary (s1.1 to s1.20)      /expand`, and what else was folded."""
    said = []
    if turns := compacted.turns:
        which = f"{compacted.first} to {compacted.last}" if turns > 1 else compacted.first
        counted = f"{turns} older turns are" if turns > 1 else "1 older turn is"
        what = "a summary" if compacted.summed_up else "a list of what was asked and decided"
        said.append(f"From here on {counted} {what} ({which}).")
    if compacted.fewer:
        said.append(f"They are long: the newest {compacted.kept} fit{'s' if compacted.kept == 1 else ''}.")
    if parts := compacted.parts:
        pieces = "large pieces of newer ones are" if parts > 1 else "large piece of a newer one is"
        them = "them" if parts > 1 else "it"
        said.append(f"{parts} {pieces} left out; the model can look {them} up.")
    return hinted(screen, " ".join(said), EXPAND if turns else "")


def nothing(screen: Screen, turns: int, keep: int) -> list[str]:
    """What `/compact` says when there is nothing to fold."""
    return prose(
        screen, f"Nothing to fold: the model reads {many(turns, 'turn')}, and the newest {keep} stay as they are."
    )

"""How the pieces of messages are numbered in the index: message number and piece in one number.

The fewer bits a piece takes, the nearer numbers stand together, and the shorter FTS5 writes them.
"""

from itertools import pairwise

PIECE_BITS = 11  # `memory/pieces.py` makes 2,000 of a message at most
PIECES = 1 << PIECE_BITS


def numbered(message_id: int, text: str, cuts: str) -> list[tuple[int, str]]:
    """The pieces with the numbers of their rows, as they were cut when the message was put in."""
    places = [0, *map(int, cuts.split(","))]
    return [(message_id << PIECE_BITS | piece, text[a:b].strip()) for piece, (a, b) in enumerate(pairwise(places))]

"""Pictures that go with a message: what kind their bytes are, how large they are on the screen, what they cost.

A picture is a part of the kind `image`: `content` is its bytes in base64, `mime` says what they are. They are the one
content that is no text: `words_of` is what of a part may be quoted, counted and searched.
"""

import base64
import math
from collections.abc import Callable

from memchat.domain import Part, PartKind

Bytes = Callable[[int, int], bytes]  # start, how many -> those bytes of a picture; fewer where it ends

# OpenAI's rule, "Images and vision: calculating costs" (platform.openai.com/docs/guides/images-vision): scaled to fit
# into a square of 2,048 pixels, then to 768 on the shorter side, 170 tokens for each tile of 512 pixels, and 85.
# Anthropic (pixels / 750, up to about 1,600) and Google (258 a tile of 768) come to the same order of size.
SQUARE, SHORT_SIDE, TILE = 2_048, 768, 512
TILE_TOKENS, BASE_TOKENS = 170, 85
# What costs most by that rule, a long strip of 768 x 2,048: for a picture that does not say how large it is.
MOST_TOKENS = BASE_TOKENS + TILE_TOKENS * 8
# The segments of a JPEG that tell its size: start of frame, by any of the ways to encode it.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SEGMENTS = 1_000  # looked through at most


def mime_of(data: bytes) -> str:
    """`image/png`, `image/jpeg`, `image/gif` or `image/webp` by how the bytes begin; empty for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def words_of(part: Part) -> str:
    """The part's content where that is text; of a picture nothing."""
    return "" if part.kind is PartKind.IMAGE else part.content


def data_url(part: Part) -> str:
    """The picture as requests carry it: `data:image/png;base64,...`."""
    return f"data:{part.mime};base64,{part.content}"


def picture_tokens(part: Part) -> int:
    """What a picture costs in a request, beside its name; 0 for a part that is none."""
    if part.kind is not PartKind.IMAGE:
        return 0
    size = pixels(part)
    if size is None:
        return MOST_TOKENS
    width, height = size
    shrink = min(1.0, SQUARE / max(width, height))
    shrink = min(shrink, SHORT_SIDE / min(width, height))
    tiles = math.ceil(max(1, round(width * shrink)) / TILE) * math.ceil(max(1, round(height * shrink)) / TILE)
    return BASE_TOKENS + TILE_TOKENS * tiles


def pixels(part: Part) -> tuple[int, int] | None:
    """How wide and high a picture is, as its first bytes say; None where they do not, or say nonsense."""
    read = _SIZES.get(part.mime)
    try:
        size = read(_reader(part.content)) if read else None
    except ValueError:  # no base64
        return None
    return size if size and min(size) > 0 else None


def _reader(content: str) -> Bytes:
    """Reads bytes of base64 text without decoding all of it: a picture's size stands at its beginning."""

    def read(start: int, count: int) -> bytes:
        first = start // 3 * 4
        last = -(-(start + count) // 3) * 4
        return base64.b64decode(content[first:last], validate=True)[start % 3 :][:count]

    return read


def _png(read: Bytes) -> tuple[int, int] | None:
    data = read(16, 8)
    return (_big(data[:4]), _big(data[4:])) if len(data) == 8 else None


def _gif(read: Bytes) -> tuple[int, int] | None:
    data = read(6, 4)
    return (_little(data[:2]), _little(data[2:])) if len(data) == 4 else None


def _webp(read: Bytes) -> tuple[int, int] | None:
    """In each of its three forms the size stands elsewhere."""
    data = read(12, 18)
    if len(data) < 18:
        return None
    if data[:4] == b"VP8X":
        return _little(data[12:15]) + 1, _little(data[15:18]) + 1
    if data[:4] == b"VP8L":
        bits = _little(data[9:13])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return (_little(data[14:16]) & 0x3FFF, _little(data[16:18]) & 0x3FFF) if data[:4] == b"VP8 " else None


def _jpeg(read: Bytes) -> tuple[int, int] | None:
    """From one segment to the next, to the one that tells the size."""
    place = 2
    for _ in range(_SEGMENTS):
        data = read(place, 9)
        if len(data) < 9 or data[0] != 0xFF:
            return None
        if data[1] in _FRAMES:
            return _big(data[7:9]), _big(data[5:7])
        # 0xFF may be repeated before a segment's name.
        place += 1 if data[1] == 0xFF else 2 + _big(data[2:4])
    return None


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


_SIZES: dict[str, Callable[[Bytes], tuple[int, int] | None]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/gif": _gif,
    "image/webp": _webp,
}

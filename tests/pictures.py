"""Pictures for tests: small files of the four kinds, made from nothing."""

import base64
import struct
import zlib

from memchat.domain import Origin, Part, PartKind


def png(width: int = 64, height: int = 48) -> bytes:
    """A whole PNG in one colour."""
    raw = b"".join(b"\0" + b"\x7f\x10\x20" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pieces = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(raw)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(pieces)


def jpeg(width: int, height: int, *, before: int = 20, padding: int = 0) -> bytes:
    """The beginning of a JPEG: `before` bytes of somebody's remarks, then the frame that tells the size."""
    remarks = b"\xff\xe1" + struct.pack(">H", before + 2) + b"x" * before
    frame = b"\xff" * padding + b"\xff\xc2" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\0" * 9
    return b"\xff\xd8" + remarks + frame + b"\xff\xd9"


def gif(width: int, height: int) -> bytes:
    """The beginning of a GIF."""
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0;"


def webp(width: int, height: int, form: bytes = b"VP8 ") -> bytes:
    """The beginning of a WebP, in each of its forms."""
    if form == b"VP8X":
        body = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif form == b"VP8L":
        body = b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little") + b"\0" * 5
    else:
        body = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    chunk = form + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def a_picture(
    data: bytes | None = None, *, name: str = "cat.png", mime: str = "image/png", barred: bool = False
) -> Part:
    """A picture as a part of a message."""
    content = base64.b64encode(png() if data is None else data).decode()
    return Part(PartKind.IMAGE, Origin.FILE, content, name=name, mime=mime, barred=barred)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

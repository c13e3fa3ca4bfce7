"""Names for rows that stay unique when two databases are merged: UUID version 7 (RFC 9562, section 5.7).

They sort by the moment of their making, so the newest stand at the end of their index.
"""

import os
from datetime import datetime


def new_uid(at: datetime) -> str:
    """A UUIDv7: 48 bits of milliseconds since 1970, the version, 74 random bits."""
    milliseconds = max(0, int(at.timestamp() * 1000)) & (1 << 48) - 1
    noise = int.from_bytes(os.urandom(10), "big")
    number = milliseconds << 80 | 0x7 << 76 | (noise >> 68) << 64 | 0b10 << 62 | noise & (1 << 62) - 1
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

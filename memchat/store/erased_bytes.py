"""Whether letters stand anywhere in files, byte for byte; places that are known to be kept aside."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from memchat.store.database import Database
from memchat.store.location import beside

# A piece of a file that fits the processor's cache is looked through faster than it is read.
_CHUNK = 1 << 18
# Pieces overlap by so many bytes; of longer letters only the beginning is looked for.
_OVERLAP = 512
_LONGEST = _OVERLAP // 2
LEAST = 4  # bytes: fewer stand anywhere by chance


def own_files(path: Path) -> list[Path]:
    """The database and every file that is named after it."""
    return [path, *(one for one in beside(path) if one.is_file())]


def held(
    database: Database, path: Path, sought: Mapping[str, bytes], kept: Mapping[str, Collection[bytes]] | None = None
) -> set[str]:
    """Which of the `sought`, by name, stand in the file, but for places that look like what is `kept` of each.

    The file is read once for all of them. One that cannot be read may hold them all, one that is gone holds none.
    """
    wanted = {name: (letters[:_LONGEST], (kept or {}).get(name, ())) for name, letters in sought.items()}
    found: set[str] = set()
    try:
        for chunk in _chunks(database, path) if wanted else ():
            here = {name for name, (letters, around) in wanted.items() if _stands(chunk, letters, around)}
            for name in here:
                del wanted[name]
            found |= here
            if not wanted:
                break
    except FileNotFoundError:
        return set()
    except OSError:
        return set(sought)
    return found


def _stands(chunk: bytearray, letters: bytes, around: Collection[bytes]) -> bool:
    place = chunk.find(letters)
    while place >= 0:
        if not any(_same(chunk, place, letters, one) for one in around):
            return True
        place = chunk.find(letters, place + 1)
    return False


def _chunks(database: Database, path: Path) -> Iterator[bytearray]:
    """A file piece by piece, each beginning with the end of the one before; an encrypted database as it reads."""
    if path == database.path and database.key is not None:
        yield bytearray(database.connection.serialize("main"))
        return
    buffer = bytearray(_OVERLAP + _CHUNK)
    view = memoryview(buffer)
    with path.open("rb", buffering=0) as file:
        while got := file.readinto(view[_OVERLAP:]):
            view[_OVERLAP + got :] = bytes(_CHUNK - got)
            yield buffer
            view[:_OVERLAP] = bytes(view[got : got + _OVERLAP])


def _same(chunk: bytearray, place: int, letters: bytes, around: bytes) -> bool:
    """Whether a kept place looks like this one. What reaches over the edge of a piece stands whole in another."""
    start = place - around.find(letters)
    return start < 0 or start + len(around) > len(chunk) or chunk[start : start + len(around)] == around

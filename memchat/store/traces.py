"""Whether words of a database stand in plain in a file beside it: a sample of them, looked for in every byte."""

from dataclasses import dataclass
from pathlib import Path

from memchat.store.database import Database

# Of each kind so many of the newest; a copy of the file would hold all of them.
_SAMPLE = 25
# Shorter pieces than this may stand somewhere by chance.
_LEAST = 12
_PIECE = 48
_CHUNK = 1 << 20
_TEXTS = (
    "SELECT content FROM parts WHERE content IS NOT NULL ORDER BY id DESC LIMIT ?",
    "SELECT text FROM memories ORDER BY id DESC LIMIT ?",
    "SELECT summary FROM sessions WHERE summary <> '' ORDER BY id DESC LIMIT ?",
    "SELECT text FROM history ORDER BY id DESC LIMIT ?",
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at: files, bytes in all, pieces that were looked for, and the files that hold one."""

    files: int
    size: int
    pieces: int
    found: tuple[Path, ...]


def sample(database: Database) -> frozenset[bytes]:
    """Pieces of what people and models said, as they would stand in a file."""
    texts = [text for sql in _TEXTS for text in database.column(sql, _SAMPLE)]
    pieces = (str(text).strip().encode()[:_PIECE] for text in texts)
    return frozenset(piece for piece in pieces if len(piece) >= _LEAST)


def look(path: Path, pieces: frozenset[bytes]) -> Looked:
    """Look for `pieces` in the database at `path` and every file named after it. Raises OSError."""
    names = (path.name, f".{path.name}")
    files = sorted(each for each in path.parent.iterdir() if each.name.startswith(names) and each.is_file())
    size = sum(each.stat().st_size for each in files)
    return Looked(len(files), size, len(pieces), tuple(each for each in files if _holds(each, pieces)))


def _holds(path: Path, pieces: frozenset[bytes]) -> bool:
    """Whether any piece stands in the file, read in chunks that overlap by one piece."""
    kept = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            kept += chunk
            if any(piece in kept for piece in pieces):
                return True
            kept = kept[-_PIECE:]
    return False

"""Files and piped bytes become texts or pictures by what they hold, or are refused in two lines."""

import base64
import codecs
import io
import os
import socket
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.cli.ask_input import gather
from memchat.cli.file_reading import FILE_BYTES, PICTURE_BYTES, decode, look_at, part_of, read_file, size_of
from memchat.domain import Origin, Part, PartKind
from memchat.errors import UsageError
from memchat.memory.pictures import mime_of

from tests.cli.shell import unprivileged
from tests.pictures import gif, jpeg, png, webp

TEXT = "每秒一百次, café\n"


def refused(path: Path, *, pipes: bool = True) -> str:
    """What is said of it, on two lines."""
    with pytest.raises(UsageError) as caught:
        read_file(path, "it", pipes=pipes)
    assert caught.value.hint
    assert caught.value.exit_code == 2
    return caught.value.message


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
    ],
    ids=["utf-8", "utf-8 marked", "utf-16", "utf-16 big", "utf-32", "utf-32 big"],
)
def test_text_is_read_in_every_unicode(tmp_path: Path, data: bytes) -> None:
    """By its mark; the mark itself is no text."""
    path = tmp_path / "notes.md"
    path.write_bytes(data)
    assert read_file(path, "notes.md") == Part(PartKind.FILE, Origin.FILE, TEXT, name="notes.md")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_by_its_zeros(encoding: str) -> None:
    """As some programs of Windows write it."""
    assert decode("name;city\r\nAlice;Taipei\r\n".encode(encoding), "it") == "name;city\r\nAlice;Taipei\r\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"text\x00with a zero", "it is not text (a zero byte at byte 4)."),
        (b"a\x00b\x00\x01\x00\x02\x00", "it is not text (a zero byte at byte 1)."),
        (b"a\x00b\x00c\x00\x01\xd8", "it is not text (a zero byte at byte 1)."),
        (b"\x01\x02\xff\xfe\x03" * 20, "it is not text (at byte 2)."),
        (b"caf\xe9", "it is not valid UTF-8 (at byte 3)."),
        ("中文".encode("big5"), "it is not valid UTF-8 (at byte 0)."),
        (b"\xff\xfe\x00\xd8a\x00", "it is marked as UTF-16, and is not valid (at byte 2)."),
        (codecs.BOM_UTF16_LE + b"a\x00\x00\x00", "it is not text (a zero character in it)."),
        (b"%PDF-1.7 text", "it is not text but a PDF."),
        (b"PK\x03\x04....", "it is not text but an office document or a ZIP archive."),
        (b"\x00\x00\x00\x18ftypheic", "it is not text but a HEIC picture."),
        (b"\x00\x00\x00\x18ftypisom", "it is not text but a film or a recording."),
        (b"\x7fELF\x02\x01\x01", "it is not text but a program."),
        (png()[:20], "it begins like a PNG picture, and is damaged."),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    """It says what it is, or at which byte it is none."""
    path = tmp_path / "it"
    path.write_bytes(data)
    assert refused(path) == said


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff"), max_size=60))
@settings(max_examples=100)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    """Whatever the letters, in UTF-8 and, marked, in UTF-16."""
    if not text.startswith(("%PDF-", "PK\x03\x04", "GIF87a", "GIF89a")) and text[4:8] != "ftyp":
        assert decode(text.encode(), "it") == text
        assert decode(codecs.BOM_UTF16_LE + text.encode("utf-16-le"), "it") == text


@given(st.binary(max_size=60))
@settings(max_examples=100)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing else is raised, and what is read holds no zero."""
    try:
        part = part_of(data, Origin.FILE, "it")
    except UsageError:
        return
    assert "\x00" not in part.content


@pytest.mark.parametrize("data", [png(), jpeg(9, 9), gif(9, 9), webp(9, 9)], ids=["png", "jpeg", "gif", "webp"])
def test_a_picture_is_told_by_its_bytes(tmp_path: Path, data: bytes) -> None:
    """Though its name says otherwise."""
    path = tmp_path / "notes.txt"
    path.write_bytes(data)
    part = read_file(path, "notes.txt")
    assert (part.kind, part.origin, part.mime) == (PartKind.IMAGE, Origin.FILE, mime_of(data))
    assert base64.b64decode(part.content) == data


def test_a_picture_may_be_piped() -> None:
    """`cat cat.png | memchat ask "What is it?"`."""
    picture, words = gather("What is it?", [], io.BytesIO(png()))
    assert (picture.kind, picture.origin, picture.name) == (PartKind.IMAGE, Origin.STDIN, "stdin")
    assert words.content == "What is it?"


def test_sizes_have_a_limit(tmp_path: Path) -> None:
    """At it a file is taken, over it refused before it is read; a picture's is smaller."""
    path = tmp_path / "it"
    path.write_bytes(b"a" * FILE_BYTES)
    assert len(read_file(path).content) == FILE_BYTES
    with path.open("ab") as file:
        file.write(b"a")
    assert refused(path) == "it is larger than 10 MB."
    with path.open("wb") as file:
        file.truncate(10**12)
    assert refused(path) == "it is larger than 10 MB."
    path.write_bytes(png() + bytes(PICTURE_BYTES))
    assert refused(path) == "it is larger than 5 MB."


def test_only_files_are_read(tmp_path: Path) -> None:
    """A folder, a device, a socket, a ring of links, what is not there: each is said to be what it is."""
    assert refused(tmp_path) == "it is a folder, not a file."
    assert refused(Path("/dev/zero")) == "it is a device, not a file."
    assert refused(tmp_path / "gone") == "There is no file it."
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    assert refused(tmp_path / "ring").startswith("it cannot be read: ")
    assert refused(tmp_path / ("x" * 300)) == "it cannot be read: File name too long."
    with pytest.raises(UsageError, match="is no path"):
        read_file(Path("a\x00b"))
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(tmp_path)  # its path must be short
        try:
            one.bind("socket")
        finally:
            os.chdir(here)
        assert refused(tmp_path / "socket") == "it is a socket, not a file."


def test_nobody_waits_for_a_pipe_in_the_chat(tmp_path: Path) -> None:
    """Nothing may ever be written into it; on the command line it is what `-f <(git diff)` gives."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert refused(pipe, pipes=False) == "it is a pipe, not a file."
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"a diff\n"), daemon=True)
    writer.start()
    assert read_file(pipe).content == "a diff\n"
    writer.join(10)


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such rights")
def test_a_file_of_others_is_refused(tmp_path: Path) -> None:
    """With the system's own words."""
    import subprocess
    import sys

    path = tmp_path / "secret.txt"
    path.write_text("secret", "utf-8")
    path.chmod(0)
    code = (
        "import sys; from pathlib import Path; from memchat.cli.file_reading import read_file; "
        "from memchat.errors import UsageError\n"
        "try: read_file(Path(sys.argv[1]), 'it')\n"
        "except UsageError as error: print(error.message)"
    )
    root = Path(__file__).parent.parent.parent
    command = [*unprivileged(), sys.executable, "-c", code, str(path)]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(root)}, check=True
    )
    assert done.stdout.strip() == "it cannot be read: Permission denied."


def test_looking_opens_nothing(tmp_path: Path) -> None:
    """It tells the size, and refuses what reading would refuse by its kind."""
    path = tmp_path / "it"
    path.write_bytes(b"\x00" * 812)
    assert look_at(path, "it") == 812
    with pytest.raises(UsageError, match="folder"):
        look_at(tmp_path, "it")
    with pytest.raises(UsageError, match="no file"):
        look_at(tmp_path / "gone", "it")


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (812, "812 bytes"),
        (3_100, "3.1 kB"),
        (10_000, "10 kB"),
        (2_400_000, "2.4 MB"),
        (10_000_000, "10 MB"),
    ],
)
def test_sizes_are_told_shortly(count: int, said: str) -> None:
    """In the units of file managers."""
    assert size_of(count) == said

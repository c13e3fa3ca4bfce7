"""What a question is made of: options, files, piped text and words."""

import codecs
import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.cli.ask_input import argument, gather, parse_options
from memchat.cli.file_reading import MAX_BYTES
from memchat.domain import Origin, Part, PartKind
from memchat.errors import UsageError


def test_option_values_are_json_where_they_can_be() -> None:
    """Numbers, booleans and lists arrive as such, anything else as text."""
    given_options = ["temperature=0.2", "seed=7", 'stop=["a","b"]', "user=me=you", "flag=true", "empty="]
    assert parse_options(given_options) == {
        "temperature": 0.2,
        "seed": 7,
        "stop": ["a", "b"],
        "user": "me=you",
        "flag": True,
        "empty": "",
    }


@pytest.mark.parametrize("pair", ["temperature", "=1", "two words=1", "", "-x=1"])
def test_an_option_that_is_no_pair_is_refused(pair: str) -> None:
    """Without a name and `=` nobody knows what was meant."""
    with pytest.raises(UsageError, match="KEY=VALUE"):
        parse_options([pair])


def test_files_come_first_then_the_pipe_then_the_prompt(tmp_path: Path) -> None:
    """The words a person wrote stand last, each part with its origin."""
    notes = tmp_path / "notes.txt"
    notes.write_text("a note\n", "utf-8")
    parts = gather("What is it?", [notes], io.BytesIO("從管線來\r\n".encode()))
    assert parts == (
        Part(PartKind.FILE, Origin.FILE, "a note\n", name=str(notes)),
        Part(PartKind.TEXT, Origin.STDIN, "從管線來"),
        Part(PartKind.TEXT, Origin.ARGV, "What is it?"),
    )


def test_a_dash_means_stdin_alone() -> None:
    """`-` is no words of the person's."""
    assert gather("-", [], io.BytesIO(b"2+2?\n")) == (Part(PartKind.TEXT, Origin.STDIN, "2+2?"),)


def test_a_byte_order_mark_is_no_text() -> None:
    """Editors on Windows write one; a model has no use for it."""
    assert gather(None, [], io.BytesIO(b"\xef\xbb\xbfhello"))[0].content == "hello"


@pytest.mark.parametrize(("prompt", "piped"), [(None, None), ("", None), (" \t\n", None), (None, b""), ("-", b"\n \n")])
def test_a_question_without_a_word_is_refused(prompt: str | None, piped: bytes | None) -> None:
    """Blank is nothing to ask."""
    with pytest.raises(UsageError, match="empty"):
        gather(prompt, [], None if piped is None else io.BytesIO(piped))


def test_an_empty_pipe_leaves_the_prompt_alone() -> None:
    """cron and scripts run with an empty stdin."""
    assert gather("hello", [], io.BytesIO(b"\n")) == (Part(PartKind.TEXT, Origin.ARGV, "hello"),)


def test_piped_bytes_that_are_no_text_are_told_by_place() -> None:
    """The first bad byte is named, counted from 0."""
    with pytest.raises(UsageError, match=r"stdin is not valid UTF-8 \(at byte 4\)"):
        gather("hello", [], io.BytesIO(b"abc \xff\xfe"))


def test_a_prompt_that_is_no_text_is_told_by_place() -> None:
    """The shell hands over bytes as they are; Python carries them as lone surrogates."""
    with pytest.raises(UsageError, match=r"The prompt is not valid UTF-8 \(at byte 3\)"):
        argument("花\udcff", "The prompt")


def test_a_prompt_in_a_locale_without_encoding_is_read() -> None:
    """With LC_ALL=C Python may take UTF-8 for bytes it cannot read: they are still the same text."""
    assert argument("花生".encode().decode("ascii", "surrogateescape"), "The prompt") == "花生"


@given(st.binary(max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_pipe_is_read_or_refused(data: bytes) -> None:
    """Whatever is piped in, it becomes parts with text in them or a UsageError, never anything else."""
    try:
        parts = gather(None, [], io.BytesIO(data))
    except UsageError:
        return
    assert "".join(part.content for part in parts).strip()
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in data
    assert marked or all(part.content.encode() in data for part in parts)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(UsageError, match=r"no file .*gone\.txt"):
        gather("x", [tmp_path / "gone.txt"], None)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """And is said to be one."""
    with pytest.raises(UsageError, match="folder"):
        gather("x", [tmp_path], None)


def test_a_path_that_cannot_be_one_is_refused(tmp_path: Path) -> None:
    """A file used as a folder: the system's own words say why."""
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        gather("x", [tmp_path / "file" / "below"], None)


@pytest.mark.parametrize("data", [b"\x89PNX\r\n\x1a\n\x00", b"text\x00with a zero"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    """Programs and damaged files are not for this."""
    picture = tmp_path / "picture.png"
    picture.write_bytes(data)
    with pytest.raises(UsageError, match=r"picture\.png is not"):
        gather("x", [picture], None)


def test_a_file_whose_name_is_no_text_is_read(tmp_path: Path) -> None:
    """Its name reaches the model with a mark in place of what cannot be written."""
    path = tmp_path / os.fsdecode(b"no\xfftext.txt")
    path.write_text("content", "utf-8")
    (part, _) = gather("x", [path], None)
    assert part.content == "content"
    assert part.name.endswith("no\ufffdtext.txt")


def test_a_pipe_without_end_is_refused() -> None:
    """`yes | memchat ask` ends, instead of filling the memory."""

    class Endless(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return b"y\n" * ((size or 0) // 2 + 1)

    with pytest.raises(UsageError, match=f"larger than {MAX_BYTES // 1_000_000} MB"):
        gather(None, [], Endless())


@pytest.mark.parametrize("value", ["1e999", "-1e999", "NaN", "Infinity", "-Infinity", "[1, 1e999]"])
def test_a_number_without_end_is_refused(value: str) -> None:
    """No request can carry it; which option it was is told."""
    with pytest.raises(UsageError, match="-o temperature") as caught:
        parse_options([f"temperature={value}"])
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("value", ["NaN is no number", "1e999 is large", "[" * 100_000])
def test_what_only_begins_like_one_is_text(value: str) -> None:
    """As is what nests too deeply to be read."""
    assert parse_options([f"stop={value}"]) == {"stop": value}

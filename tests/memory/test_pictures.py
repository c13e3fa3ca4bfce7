"""Pictures: what kind they are, how large on the screen, what they cost, and that none passes for words."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import MessageStatus, Origin, Part, PartKind
from memchat.domain.conversation import Turn
from memchat.memory.consolidation_prompt import turn_lines
from memchat.memory.folding import Sizes
from memchat.memory.pictures import MOST_TOKENS, data_url, mime_of, picture_tokens, pixels, words_of
from memchat.memory.quoting import as_sent, named, request

from tests.builders import a_message, typed
from tests.pictures import a_picture, gif, jpeg, png, webp

KINDS = [
    (png(300, 200), "image/png"),
    (jpeg(300, 200), "image/jpeg"),
    (jpeg(300, 200, before=60_000, padding=5), "image/jpeg"),
    (gif(300, 200), "image/gif"),
    (webp(300, 200), "image/webp"),
    (webp(300, 200, b"VP8L"), "image/webp"),
    (webp(300, 200, b"VP8X"), "image/webp"),
]


@pytest.mark.parametrize(("data", "mime"), KINDS)
def test_a_picture_tells_its_kind_and_size_in_its_bytes(data: bytes, mime: str) -> None:
    """Whatever the file is called."""
    assert mime_of(data) == mime
    assert pixels(a_picture(data, mime=mime)) == (300, 200)


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.4", b"RIFF1234WAVE", b"\x89PNX\r\n\x1a\n", b"\xff\xd8"])
def test_anything_else_is_no_picture(data: bytes) -> None:
    """A text that begins like one in part is a text."""
    assert mime_of(data) == ""


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (png()[:20], "image/png"),
        (gif(3, 3)[:8], "image/gif"),
        (webp(3, 3)[:20], "image/webp"),
        (webp(3, 3, b"VP9 "), "image/webp"),
        (jpeg(3, 3)[:20], "image/jpeg"),
        (b"\xff\xd8\xff\xe0\0\x02no segment here", "image/jpeg"),
        (b"\xff\xd8" + b"\xff\xe0\0\x02" * 2_000, "image/jpeg"),
        (gif(0, 5), "image/gif"),
        (png(), "image/x-other"),
    ],
)
def test_a_picture_that_does_not_tell_its_size_costs_the_most(data: bytes, mime: str) -> None:
    """Rather too much is reckoned than too little."""
    part = a_picture(data, mime=mime)
    assert pixels(part) is None
    assert picture_tokens(part) == MOST_TOKENS


def test_what_is_no_base64_is_no_picture() -> None:
    """A file that somebody changed by hand raises nothing."""
    assert pixels(replace(a_picture(), content="これは")) is None
    assert pixels(replace(a_picture(), content="!!!!" * 20)) is None


@pytest.mark.parametrize(
    ("width", "height", "tokens"),
    [
        (64, 48, 255),  # one tile: it is never made larger
        (512, 512, 255),
        (1024, 1024, 765),  # OpenAI's own examples: scaled to 768 x 768, four tiles
        (2048, 4096, 1105),  # scaled to 1024 x 2048, then 768 x 1536, six tiles
        (4096, 512, 765),  # scaled to 2048 x 256: four tiles in a row
        (20_000, 1, 765),
    ],
)
def test_tokens_are_counted_by_tiles(width: int, height: int, tokens: int) -> None:
    """By the rule that OpenAI publishes, not by the letters of base64."""
    part = a_picture(gif(width, height), mime="image/gif")
    assert picture_tokens(part) == tokens


@given(st.integers(1, 65_535), st.integers(1, 65_535))
@settings(max_examples=100)
def test_no_picture_costs_more_than_the_most(width: int, height: int) -> None:
    """However it is cut: `MOST_TOKENS` is the rule's own upper end."""
    assert 255 <= picture_tokens(a_picture(gif(width, height), mime="image/gif")) <= MOST_TOKENS


def test_only_pictures_cost_as_pictures() -> None:
    """A text's tokens are its words'."""
    assert picture_tokens(Part(PartKind.FILE, Origin.FILE, "text", name="a.png")) == 0


def test_a_picture_is_quoted_by_its_name_alone() -> None:
    """Wherever words of a part are looked for, none of its letters stand for words."""
    picture = a_picture(name='my "cat".png')
    message = replace(a_message(), parts=(picture, *typed("What is it?")))
    assert words_of(picture) == ""
    assert words_of(message.parts[1]) == "What is it?"
    assert named(picture) == r'image "my \"cat\".png"'
    assert as_sent(picture, message) == r'[image "my \"cat\".png"]'
    assert request([picture]) == ("image", 'my "cat".png')
    assert request(message.parts) == ("", "What is it?")
    assert picture.content not in message.text
    assert data_url(picture) == f"data:image/png;base64,{picture.content}"


def test_what_is_learned_from_is_told_of_a_picture_by_name() -> None:
    """A model that sums up is not sent a megabyte of letters."""
    picture = a_picture()
    asked = replace(a_message("What is it?"), parts=(picture, *typed("What is it?")), status=MessageStatus.COMPLETE)
    lines, _ = turn_lines(1, Turn(1, 1, (asked,)), None, 400, lambda text: len(text.split()))
    assert 'user gave image "cat.png"' in lines
    assert picture.content[:20] not in lines


def test_a_spent_picture_gives_way_to_a_reference() -> None:
    """As a file does, at what it costs as a picture; nothing of its letters stands in the line."""
    picture = a_picture(gif(2_000, 2_000), mime="image/gif", name="map.gif")
    asked = replace(a_message(), parts=(picture, *typed("What is it?")))
    sizes = Sizes(lambda text: len(text.split()))
    assert sizes.size(asked, 0) == 765 + 2
    line = sizes.reference(asked, 0)
    assert line.kind is PartKind.TEXT
    assert line.content == '[left out here: image "map.gif" of about 767 tokens, saved as s1.1]'

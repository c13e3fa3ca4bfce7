"""What all embedders do alike: how much of a text is read, and in which numbers a vector is kept."""

LONGEST = 8_000  # characters of a text that count: some models refuse what is longer than 2,048 tokens
SCALE = 127  # a vector of length 1 becomes signed bytes


def readable(text: str) -> str:
    """The beginning of the text, without halves of characters, which cannot be written down in UTF-8."""
    return text[:LONGEST].encode("utf-8", "ignore").decode()

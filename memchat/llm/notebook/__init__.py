"""The embedded model: needs no key and no network."""

from datetime import UTC, datetime


def warm() -> None:
    """Load and compile the rules, a tenth of a second that the first message need not wait for."""
    from memchat.llm.notebook import answer, learn, questions

    some_day = datetime(2000, 1, 1, tzinfo=UTC)
    for text in ("I live here.", "我住這裡。"):
        learn.learn(text, some_day)
        questions.asks(text)
    del answer  # imported for its own sake

"""Passages for tests of what is drawn of them: a talk about rate limits, one in Chinese, a note, a profile value."""

from datetime import timedelta

from memchat.domain import Layer, Passage, Zone

from tests.conftest import NOW

DAY = timedelta(days=1)
LONG = (
    "…we looked at what others do, and at the load of the last weeks, before anything else. Then you settled on 100 "
    "requests a minute for each key, with a burst of 20. Whether trial keys should get less was left open. The limits "
    "of the old gateway stay as they are until March, and Ines tells the customers."
)
TALK = Passage(
    Layer.EPISODE,
    Zone.TAIL,
    "s17.4",
    f"- On 2026-10-03 (s17.4) you answered: {LONG}",
    LONG,
    96,
    0.8149,
    at=NOW - 50 * DAY,
    source="s17.4",
    why="words, last month",
    speaker="assistant",
    title="Rate limits",
)
CHINESE = Passage(
    Layer.EPISODE,
    Zone.TAIL,
    "s3.12",
    "- …",
    "我們決定速率限制：每分鐘一百次，試用金鑰三十次。",
    34,
    0.62,
    at=NOW - 400 * DAY,
    source="s3.12",
    why="beside s17.4",
    speaker="user",
    title="速率限制與試用金鑰的討論，還有其他很多事情",
)
NOTE = Passage(
    Layer.NOTE,
    Zone.TAIL,
    "m8",
    "- works on the billing API with Ines",
    "works on the billing API with Ines",
    12,
    0.58,
    at=NOW - 51 * DAY,
    source="s17.1",
    why="words",
)
PLACE = Passage(Layer.PROFILE, Zone.TAIL, "m2", "- location: Taipei", "Taipei", 9, 0.4, at=NOW, field="location")

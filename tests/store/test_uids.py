"""Names that stay unique when databases meet."""

import uuid
from datetime import UTC, datetime, timedelta

from memchat.store.uids import new_uid


def test_a_uid_is_a_uuid_of_version_7_that_holds_its_moment(now: datetime) -> None:
    """48 bits of milliseconds, then noise."""
    parsed = uuid.UUID(new_uid(now))
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    assert parsed.int >> 80 == int(now.timestamp() * 1000)


def test_uids_differ_and_sort_by_moment(now: datetime) -> None:
    """A thousand of one millisecond are a thousand; a later one stands behind."""
    assert len({new_uid(now) for _ in range(1000)}) == 1000
    assert new_uid(now) < new_uid(now + timedelta(milliseconds=1))


def test_a_clock_before_1970_still_gives_one() -> None:
    """A computer without a battery starts there."""
    assert uuid.UUID(new_uid(datetime(1960, 1, 1, tzinfo=UTC))).int >> 80 == 0

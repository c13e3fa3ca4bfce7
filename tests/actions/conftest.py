"""What tests of actions share: the configured fields."""

import pytest


@pytest.fixture
def fields() -> tuple[str, ...]:
    """The default profile, shortened."""
    return ("display_name", "preferred_language", "location", "timezone", "plan", "goals")

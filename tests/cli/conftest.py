"""memchat as the tests of the chat's screen want it."""

import os
from collections.abc import Iterator

import pytest
from memchat.bootstrap import App, open_app


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """memchat as it is after setup, with the notebook."""
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    opened = open_app(os.environ)
    yield opened
    opened.close()

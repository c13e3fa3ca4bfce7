"""Fixtures that start the loopback servers; tests/conftest.py names this module in `pytest_plugins`."""

from collections.abc import Iterator

import pytest

from tests.servers.openai_server import Server


@pytest.fixture
def openai_server() -> Iterator[Server]:
    """An OpenAI-compatible server on loopback, gone when the test ends."""
    with Server() as server:
        yield server

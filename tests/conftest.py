"""What every test stands on: no network but loopback, a home of its own, a clock that stands still."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from memchat.ports import Store

pytest_plugins = ["tests.servers.plugin"]

# How long one example takes says more of the computer that day than of memchat: a property holds or it does not.
# CI tries the same examples each time: what a run finds by chance is mended by who finds it, not on another's change.
settings.register_profile("patient", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("patient")

TAIPEI = ZoneInfo("Asia/Taipei")
NOW = datetime(2026, 11, 22, 9, 14, tzinfo=TAIPEI)
# A developer's own keys and addresses must never reach a test.
FOREIGN = ("MEMCHAT_", "OPENAI_", "ANTHROPIC_", "GEMINI_", "GOOGLE_", "OPENROUTER_", "OLLAMA_", "MISTRAL_", "AZURE_")
NEUTRAL = ("NO_COLOR", "FORCE_COLOR", "VISUAL", "EDITOR", "COLUMNS", "LINES", "PYTHONUTF8")


# Started by `nohup` or in the background of a script, pytest ignores what a person at a terminal can send, and every
# process it starts would ignore it, too: what has a handler here is at its default there.
if os.name == "posix":
    for number in (signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)  # which spares pytest itself all the same
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class FrozenClock:
    """Stands at one moment until it is moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        """The moment it stands at."""
        return self._now

    def advance(self, **amount: float) -> datetime:
        """Move on by a timedelta given in its keywords; returns the new moment."""
        self._now += timedelta(**amount)
        return self._now

    def set(self, moment: datetime) -> None:
        """Jump."""
        self._now = moment


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes so long that it is not measured begins first, dealt to the workers, each of which gets a stretch of
    the list: at the end one of them would run alone for a minute.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    long = [item for item in items if item.get_closest_marker("no_cover")]
    others = [item for item in items if not item.get_closest_marker("no_cover")]
    bounds = [len(others) * worker // workers for worker in range(workers + 1)]
    items[:] = [
        item
        for worker, (begin, end) in enumerate(pairwise(bounds))
        for item in (*long[worker::workers], *others[begin:end])
    ]


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """What a test that is not measured has left in a cache would never be seen to run."""
    if item.get_closest_marker("no_cover"):
        for name in [name for name in sys.modules if name.partition(".")[0] == "memchat"]:
            for cached in vars(sys.modules[name]).values():
                getattr(cached, "cache_clear", lambda: None)()


def _is_loopback(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket stays on this machine
    host = str(address[0])
    if host in {"localhost", ""}:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches past this machine fails where it tries."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        assert _is_loopback(address), f"a test tried to reach {address!r}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own: MEMCHAT_HOME, HOME and the XDG folders point into it, no key is set."""
    for name in list(os.environ):
        if name.startswith((*FOREIGN, "XDG_")) or name.endswith("_API_KEY") or name in NEUTRAL:
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.setenv("MEMCHAT_HOME", str(folder / "memchat"))
    # The system's keyring belongs to the developer.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return folder / "memchat"


@pytest.fixture
def now() -> datetime:
    """22 November 2026, 09:14 in Taipei."""
    return NOW


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands at `now`."""
    return FrozenClock(NOW)


@pytest.fixture
def store() -> Iterator[Store]:
    """The real store, in memory."""
    from memchat.store.connection import open_store

    opened = open_store(None)
    yield opened
    opened.close()

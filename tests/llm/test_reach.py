"""Whether somebody is there: asked of real sockets, with nothing in hand."""

import errno
import socket
import threading
from contextlib import closing

import pytest
from memchat.llm import reach
from memchat.llm.reach import silent

from tests.servers.openai_server import Server


@pytest.mark.parametrize("path", ["/v1", "", "/nowhere"])
def test_any_answer_is_one(openai_server: Server, path: str) -> None:
    """Also "not found": somebody is there. Neither a key nor words go along."""
    assert silent(f"http://{openai_server.address}{path}", local=True) == ""
    assert not openai_server.requests
    (seen,) = openai_server.others
    assert (seen.raw, "Authorization" in seen.headers) == (b"", False)


def test_nobody_and_nobody_in_time_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """One port where nobody listens, and one where nobody answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        port = mute.getsockname()[1]
        monkeypatch.setattr(reach, "PATIENCE", 0.05)
        assert silent(f"http://127.0.0.1:{port}/v1", local=True) == "no answer in time"
    assert silent(f"http://127.0.0.1:{port}/v1", local=True) == "nobody listens there"


def test_what_speaks_no_http_is_told() -> None:
    """A server of another kind, an address that cannot be."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.settimeout(5)

        def hang_up() -> None:
            connection, _ = listener.accept()
            connection.close()

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        why = silent(f"http://127.0.0.1:{listener.getsockname()[1]}", local=True)
        thread.join(5)
    assert why
    assert "127.0.0.1" not in why


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (TimeoutError(), "no answer in time"),
        (socket.gaierror(-2, "Name or service not known"), "the name is not known, or there is no network"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "nobody listens there"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "Network is unreachable"),
        (ValueError("http://user:password@host"), "ValueError"),
        ("no host given", "str"),
    ],
)
def test_every_reason_has_words_and_no_address(reason: BaseException | str, told: str) -> None:
    """Addresses may hold passwords."""
    assert reach._why(reason) == told

"""`privacy.local_only` and --local: any address but this computer's is refused, whoever would call it and however."""

import http.client
import os
import socket
from collections.abc import Iterator

import httpx
import pytest
from memchat.bootstrap import open_app
from memchat.bootstrap.loopback import ElsewhereError, Loopback, is_here
from memchat.errors import ConfigError
from memchat.llm.addresses import is_loopback
from memchat.llm.fetching import fetch
from memchat.llm.reading import Wire

from tests.e2e.running import NOTEBOOK, fails, here, memchat, with_server
from tests.servers.openai_server import Server
from tests.servers.replies import Fault

ELSEWHERE = [
    "http://127.0.0.1@evil.example.test/v1",
    "http://127.0.0.1:80@evil.example.test:90/v1",
    "http://localhost.evil.example.test/v1",
    "http://127.0.0.1.evil.example.test/v1",
    "http://localhost./v1",
    "http://0.0.0.0:1/v1",
    "http://[::]:1/v1",
    "http://[::ffff:10.0.0.1]:1/v1",
    "http://10.0.0.1:1/v1",
    "http://2130706433/v1",
    "http://0x7f.1/v1",
    "http://１２７.0.0.1/v1",
    "http://127.0.0.1\\@evil.example.test/v1",
    "http://evil.example.test#@127.0.0.1/v1",
    "http://[fe80::1]:1/v1",
    "https://localhost.localdomain/v1",
]
NONE = ["http://[::1/v1", "http://[evil]/v1", "http://127.0.0.1:99999/v1", "ftp://127.0.0.1"]
LOCAL_ONLY = {"MEMCHAT_PRIVACY__LOCAL_ONLY": "true"}


@pytest.fixture
def guard() -> Iterator[Loopback]:
    """Up until the test is over."""
    up = Loopback(on=True)
    yield up
    up.close()


@pytest.mark.parametrize("address", ELSEWHERE)
def test_an_address_that_only_looks_local_is_refused(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By setting and by flag, for the chat's model and for that of memory; by name, so nobody is looked up."""
    assert not is_loopback(address)
    env = {**NOTEBOOK, "OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": address}
    for words, more in ((["--local"], {}), ([], LOCAL_ONLY)):
        done = here(capsys, "ask", *words, "-m", "openai/test", "Hello there", env={**env, **more})
        assert (done.code, done.out) == (3, "")
        assert "privacy.local_only is on" in done.err or "no address" in done.err
    app = open_app({**os.environ, **env, **LOCAL_ONLY, "MEMCHAT_MODEL__MEMORY_NAME": "openai/test"})
    with pytest.raises(ConfigError):
        app.memory_model("notebook", "")
    app.close()


@pytest.mark.parametrize("address", NONE)
def test_what_is_no_address_is_told_as_that(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Two lines and exit 3, never a traceback's first word."""
    for variable, model in (("OPENAI_BASE_URL", "openai/test"), ("OLLAMA_HOST", "ollama/test")):
        env = {**NOTEBOOK, "OPENAI_API_KEY": "sk-x", variable: address}
        fails(here(capsys, "ask", "-m", model, "Hello there", env=env), 3, "is no address")


def test_an_embedding_model_elsewhere_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Words alone are searched, and that is said."""
    env = {**NOTEBOOK, **LOCAL_ONLY, "OPENAI_API_KEY": "sk-x", "MEMCHAT_RECALL__EMBEDDING": "openai/far"}
    assert here(capsys, "ask", "Hello there", env=NOTEBOOK).code == 0
    assert "privacy.local_only is on" in here(capsys, "search", "there", env=env).err


def test_a_server_on_this_computer_answers(openai_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """litellm, its counting and its prices reach nobody else either: else the guard would have failed it."""
    done = memchat("ask", "-u", "Hello there", env=with_server(openai_server, **LOCAL_ONLY))
    assert (done.code, done.out) == (0, "You said: Hello there\n")
    named = with_server(openai_server, OPENAI_BASE_URL=f"http://localhost:{openai_server.port}/v1")
    assert here(capsys, "ask", "--local", "Hello there", env=named).code == 0


@pytest.mark.parametrize("local", [{}, LOCAL_ONLY])
def test_a_redirect_to_another_computer_is_not_followed(
    openai_server: Server, local: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither for a message nor for the question how much the model reads."""
    with Server() as other:
        openai_server.answer = lambda _: Fault(307, b"", {"Location": f"http://{other.address}/v1/chat/completions"})
        env = with_server(openai_server, **local)
        assert here(capsys, "ask", "Hello there", env=env).code == 4
        assert openai_server.requests
        assert other.requests == other.others == []


def test_no_socket_leaves_the_computer(guard: Loopback) -> None:
    """Not by number, not by name, not without a connection; and no name is looked up."""
    with socket.socket() as one, socket.socket(type=socket.SOCK_DGRAM) as two:
        for address in (("192.0.2.1", 9), ("0.0.0.0", 9)):  # noqa: S104 - refused
            with pytest.raises(ElsewhereError):
                one.connect_ex(address)
            with pytest.raises(ElsewhereError):
                two.sendto(b"words", address)
    for lookup in (socket.gethostbyname, socket.gethostbyaddr, lambda name: socket.getaddrinfo(name, 80)):
        with pytest.raises(ElsewhereError):
            lookup("evil.example.test")
    assert socket.getaddrinfo("localhost", 80)
    assert socket.getaddrinfo("127.0.0.1", 80)
    guard.close()
    with socket.socket(type=socket.SOCK_DGRAM) as two:
        two.connect_ex(("127.0.0.1", 9))


def test_what_is_asked_of_a_local_server_stays_here_under_the_guard(guard: Loopback, openai_server: Server) -> None:
    """Questions about models go by Python's own client."""
    del guard
    assert fetch(f"{openai_server.url}/models") is not None
    assert fetch("http://192.0.2.1:9/v1/models", local=False) is None


@pytest.mark.parametrize(
    ("host", "yes"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        (b"localhost", True),
        ("", True),
        (None, True),
        ("0.0.0.0", False),  # noqa: S104 - compared only
        ("::", False),
        (b"evil.example.test", False),
        (b"\xff", False),
    ],
)
def test_what_is_here(host: object, yes: bool) -> None:
    """As sockets are given hosts."""
    assert is_here(host) is yes


class _Far:
    """A socket, or httpx's stream of one, whose other end is another computer."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.done: list[str] = []

    def getpeername(self) -> tuple[str, int]:
        return self.host, 80

    def get_extra_info(self, name: str) -> object:
        return (self.host, 80) if name == "server_addr" else self

    def shutdown(self, _: int) -> None:
        self.done.append("shut")

    def close(self) -> None:
        self.done.append("closed")

    def sendall(self, _: bytes) -> None:
        self.done.append("sent")


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_a_local_name_that_is_sent_elsewhere_gets_no_byte(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`localhost` is what a resolver says: the other end of the connection decides, before a word or a key goes."""
    far = _Far(host)
    wire = Wire("http://localhost:80/v1")
    request = httpx.Request("POST", "http://localhost:80/v1")
    wire.client().event_hooks["request"][0](request)
    with pytest.raises(OSError, match="not on this computer"):
        request.extensions["trace"]("connection.connect_tcp.complete", {"return_value": far})
    assert far.done == ["shut"]
    for kind in (http.client.HTTPConnection, http.client.HTTPSConnection):
        monkeypatch.setattr(kind, "connect", lambda connection: setattr(connection, "sock", far))
    assert fetch("http://localhost:80/v1/models", key="sk-x") is None
    assert fetch("https://localhost:80/v1/models", key="sk-x") is None
    assert far.done == ["shut", "closed", "closed"]

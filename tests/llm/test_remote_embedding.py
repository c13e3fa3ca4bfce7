"""Embedding models over the wire: real HTTP on loopback, through litellm."""

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from memchat.errors import EmbeddingError
from memchat.llm.remote_embedding import BATCH, KEPT, REST, LiteLLMEmbedder
from memchat.llm.vectors import LONGEST
from memchat.llm.windows import Route

from tests.llm.ways import KEY
from tests.servers.embedding_server import EmbeddingServer
from tests.servers.replies import Fault

if TYPE_CHECKING:
    from memchat.ports import Embedder

TROUBLE = Fault(500, b'{"error": {"message": "out of memory"}}')


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    """A server of embeddings on loopback, gone when the test ends."""
    with EmbeddingServer() as serving:
        yield serving


class Time:
    """A clock that is moved by hand, and notes who slept."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now


def a_route(server: EmbeddingServer, provider: str = "openai", *, prefix: str = "", local: bool = True) -> Route:
    """A way to the server in the dress of any provider."""
    base = f"http://{server.address}" if provider == "ollama" else server.url
    return Route(
        name=f"{provider}/e",
        litellm_name=f"{prefix or provider}/e",
        provider=provider,
        host=server.address,
        api_base=base,
        key=KEY,
        local=local,
        window=8_192,
        keyless=local,
        num_ctx=8_192 if provider == "ollama" else 0,
        mend_key=f"memchat keys set {provider}",
    )


def made(route: Route, *, retries: int = 0, timeout: float = 5.0, moment: Time | None = None) -> LiteLLMEmbedder:
    """The embedder behind a route, which waits for nothing between its tries."""
    at = moment or Time()
    return LiteLLMEmbedder(route, timeout=timeout, retries=retries, sleep=at.slept.append, monotonic=at)


def failing(embedder: LiteLLMEmbedder, texts: list[str] | None = None) -> EmbeddingError:
    """The error of one question: two lines, without the key."""
    with pytest.raises(EmbeddingError) as caught:
        embedder.embed(texts or ["aab"])
    for line in (caught.value.message, caught.value.hint):
        assert line
        assert "\n" not in line
        assert KEY not in line
    return caught.value


WAYS = (("openai", ""), ("ollama", "ollama_chat"), ("mistral", ""), ("openrouter", ""), ("lm_studio", "openai"))


@pytest.mark.parametrize(("provider", "prefix"), WAYS)
@pytest.mark.parametrize("local", [True, False])
def test_texts_become_vectors(server: EmbeddingServer, provider: str, prefix: str, *, local: bool) -> None:
    """Signed bytes of length 127, in the order of the texts though the server answers in another."""
    embedder: Embedder = made(a_route(server, provider, prefix=prefix, local=local))
    assert embedder.dim == 0
    assert [list(vector) for vector in embedder.embed(["aab", "ccc"])] == [[114, 57, 0, 0], [0, 0, 127, 0]]
    assert embedder.dim == 4
    assert (embedder.name, embedder.host, embedder.local) == (f"{provider}/e", server.address, local)
    (seen,) = server.requests
    assert seen.path == "/v1/embeddings"
    assert seen.body["model"] == "e"
    assert seen.body["encoding_format"] == "float"
    assert seen.headers["Authorization"] == f"Bearer {KEY}"
    assert "num_ctx" not in seen.body


def test_many_texts_go_in_batches(server: EmbeddingServer) -> None:
    """Each text once, however often it stands there."""
    texts = ["a" * (number + 1) for number in range(BATCH + 3)]
    vectors = made(a_route(server)).embed([*texts, *texts])
    assert [len(asked) for asked in server.asked] == [BATCH, 3]
    assert vectors[: len(texts)] == vectors[len(texts) :]


def test_what_was_asked_is_kept(server: EmbeddingServer) -> None:
    """A question is sent once; the oldest ones are forgotten."""
    embedder = made(a_route(server))
    embedder.embed(["aab"])
    embedder.embed(["aab", "b"])
    assert server.asked == [["aab"], ["b"]]
    embedder.embed(["c" * (number + 1) for number in range(KEPT - 1)])
    embedder.embed(["b"])
    assert server.asked[-1] != ["b"]
    embedder.embed(["aab"])
    assert server.asked[-1] == ["aab"]


def test_blank_texts_are_not_sent(server: EmbeddingServer) -> None:
    """Some servers refuse them; they are zeros, as many as are known."""
    embedder = made(a_route(server))
    assert embedder.embed(["", " \n"]) == [b"", b""]
    assert embedder.embed([]) == []
    assert server.requests == []
    assert embedder.embed(["a", ""])[1] == bytes(4)


def test_of_a_huge_text_the_beginning_is_sent(server: EmbeddingServer) -> None:
    """A model refuses what is longer than its window."""
    made(a_route(server)).embed(["a" * 100_000])
    assert server.asked == [["a" * LONGEST]]


@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize(
    ("answer", "message", "hint"),
    [
        (Fault(401, b'{"error": {"message": "bad key"}}'), "refused the key", "memchat keys set openai"),
        (Fault(404, b'{"error": {"message": "no model"}}'), "has no embedding model openai/e", "config show"),
        (TROUBLE, "trouble of its own (500): out of memory", "by their words alone"),
        (Fault(429, b'{"error": {"message": "slow"}}', {"retry-after": "2"}), "wait 2 seconds", "words alone"),
        (Fault(200, b"<html>"), "no reply", "words alone"),
    ],
)
def test_what_the_server_refuses_is_told(
    server: EmbeddingServer, answer: Fault, message: str, hint: str, *, local: bool
) -> None:
    """One request, one error of ours: what happened, and what goes on without it."""
    server.script.append(answer)
    error = failing(made(a_route(server, local=local)))
    assert message in error.message
    assert hint in error.hint
    assert len(server.requests) == 1
    assert error.exit_code == 4


@pytest.mark.parametrize(
    "answer",
    [
        {"object": "list", "data": []},
        {"object": "list"},
        {"object": "list", "data": [{"index": 0, "embedding": "no"}]},
        {"object": "list", "data": [{"index": 0, "embedding": []}]},
        {"object": "list", "data": [{"index": 1, "embedding": [1.0]}]},
        {"object": "list", "data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0]}]},
        {"object": "list", "data": [{"index": 0, "embedding": [1.0, None]}]},
        {"object": "list", "data": [{"index": 0, "embedding": [1.0, 1e999]}]},
    ],
)
def test_an_answer_that_is_none_is_told(server: EmbeddingServer, answer: dict[str, object]) -> None:
    """No vector, too many, or numbers that are none: never a wrong vector for a text."""
    server.script.append(answer)
    assert "no reply" in failing(made(a_route(server))).message


def test_a_vector_of_another_size_is_refused(server: EmbeddingServer) -> None:
    """The model behind an address was exchanged: its vectors cannot stand beside the old ones."""
    embedder = made(a_route(server))
    embedder.embed(["aab"])
    server.script.append({"data": [{"index": 0, "embedding": [1.0, 2.0]}]})
    failing(embedder, ["b"])
    assert embedder.dim == 4


def test_rows_without_numbers_are_taken_in_order(server: EmbeddingServer) -> None:
    """Some servers do not number them; a vector of zeros stays one."""
    server.script.append({"data": [{"embedding": [0.0, 0.0]}, {"embedding": [3, 4]}]})
    assert [list(vector) for vector in made(a_route(server)).embed(["a", "b"])] == [[0, 0], [76, 102]]


def test_halves_of_characters_are_left_out(server: EmbeddingServer) -> None:
    """They cannot be written down in UTF-8."""
    assert made(a_route(server)).embed(["a\ud83db"]) == made(a_route(server)).embed(["ab"])
    assert server.asked == [["ab"], ["ab"]]


def test_the_connection_to_another_computer_stays_open(server: EmbeddingServer) -> None:
    """Opening an encrypted one takes longer than asking. To this computer each request has its own, to be cut."""
    for local, connections in ((False, 1), (True, 3)):
        embedder = made(a_route(server, local=local))
        server.clients.clear()
        for text in "abc":
            embedder.embed([text])
        assert len(server.clients) == connections


def test_a_server_that_is_not_there_is_told(server: EmbeddingServer) -> None:
    """Nobody listens, on this computer and on another."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    for local in (True, False):
        route = replace(a_route(server, local=local), api_base=f"http://{address}/v1", host=address)
        assert f"{address} cannot be reached" in failing(made(route)).message


@pytest.mark.parametrize("local", [True, False])
def test_silence_has_an_end(server: EmbeddingServer, *, local: bool) -> None:
    """A server that says nothing is waited for as long as was said, not longer."""
    embedder = made(a_route(server, local=local), timeout=0.3)
    embedder.warm()
    server.script.append("hang")
    began = time.monotonic()
    assert "sent nothing for 0.3 seconds" in failing(embedder).message
    assert time.monotonic() - began < 3


def test_what_may_pass_is_tried_again(server: EmbeddingServer) -> None:
    """As often as allowed, after the wait that was asked for, or a growing one."""
    moment = Time()
    slow = Fault(429, b'{"error": {"message": "slow"}}', {"retry-after": "2"})
    server.script.extend([TROUBLE, slow])
    assert made(a_route(server), retries=2, moment=moment).embed(["b"]) == [bytes([0, 127, 0, 0])]
    assert moment.slept == [1.0, 2.0]
    server.script.extend([TROUBLE, TROUBLE])
    failing(made(a_route(server), retries=1))
    assert len(server.requests) == 5
    server.script.append(Fault(401, b'{"error": {"message": "bad key"}}'))
    failing(made(a_route(server), retries=5))
    assert len(server.requests) == 6


def test_after_a_failure_nobody_waits_for_it_again(server: EmbeddingServer) -> None:
    """For a minute the same error comes at once and nothing is sent; then it is asked again."""
    moment = Time()
    embedder = made(a_route(server), moment=moment)
    embedder.embed(["aab"])
    server.script.append(TROUBLE)
    first = failing(embedder, ["b"])
    resting = embedder.ready
    again = failing(embedder, ["b"])
    assert (again.message, again.hint) == (first.message, first.hint)
    assert again is not first
    assert len(server.requests) == 2
    assert embedder.embed(["aab"]) == [bytes([114, 57, 0, 0])]
    moment.now += REST
    assert (resting, embedder.ready) == (False, True)
    assert embedder.embed(["b"]) == [bytes([0, 127, 0, 0])]


def test_it_is_ready_once_litellm_is_there(server: EmbeddingServer) -> None:
    """`warm` imports it and sends nothing; so does the first use."""
    uses: tuple[Callable[[LiteLLMEmbedder], object], ...] = (LiteLLMEmbedder.warm, lambda it: it.embed(["a"]))
    for use in uses:
        embedder = made(a_route(server))
        before = embedder.ready
        use(embedder)
        assert (before, embedder.ready) == (False, True)
    assert len(server.requests) == 1


def test_no_proxy_comes_between_this_computer_and_itself(
    server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words for a local server stay here, whatever the environment says of proxies."""
    with EmbeddingServer() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.address}")
        for provider, prefix in WAYS:
            made(a_route(server, provider, prefix=prefix)).embed(["aab"])
        assert proxy.requests == []
    assert len(server.requests) == len(WAYS)

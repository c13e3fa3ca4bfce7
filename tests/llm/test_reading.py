"""Reading in a thread: bounded, interruptible, and errors come to whoever waits."""

import threading
import time
from collections.abc import Iterator

import pytest
from memchat.llm.reading import END, Reading, Silence, Stopped, Wire, cut_remote

from tests.servers.openai_server import Server


def reading(chunks: Iterator[object], prepare: object = None) -> Reading:
    """A reading of these chunks."""
    return Reading(lambda: prepare, lambda: chunks, cut_remote)


def test_chunks_come_in_order_and_end() -> None:
    """Then `END`."""
    one = reading(iter("abc"))
    one.wait()
    assert [one.next(5) for _ in range(4)] == ["a", "b", "c", END]
    one.close()


def test_silence_is_bounded() -> None:
    """The reader waits on; whoever listens does not."""
    release = threading.Event()

    def silent() -> Iterator[object]:
        release.wait(10)
        yield "late"

    one = reading(silent())
    one.wait()
    with pytest.raises(Silence):
        one.next(0.05)
    release.set()
    assert one.next(5) == "late"


def test_what_the_call_raises_is_raised_here() -> None:
    """After the chunks that came."""

    def broken() -> Iterator[object]:
        yield "a"
        raise OSError("gone")

    one = reading(broken())
    one.wait()
    assert one.next(5) == "a"
    with pytest.raises(OSError, match="gone"):
        one.next(5)


def test_what_preparing_raises_is_raised_here() -> None:
    """A library that cannot be imported."""

    def missing() -> None:
        raise ImportError("no such library")

    one = Reading(missing, lambda: iter(()), cut_remote)
    with pytest.raises(ImportError, match="no such library"):
        one.wait()


def test_a_reading_closed_while_it_prepares_never_calls() -> None:
    """Ctrl-C while litellm is imported: nothing is sent afterwards."""
    prepared, called = threading.Event(), threading.Event()

    def start() -> Iterator[object]:
        called.set()
        return iter(())

    one = Reading(lambda: prepared.wait(10), start, cut_remote)
    one.close()
    prepared.set()
    one._thread.join(5)
    assert not one._thread.is_alive()
    assert not called.is_set()


def test_a_reader_stops_at_its_next_chunk_when_nobody_listens() -> None:
    """It does not read a long reply to its end."""
    taken: list[int] = []
    go = threading.Event()

    def endless() -> Iterator[object]:
        for number in range(1_000_000):
            taken.append(number)
            yield number
            go.wait(10)

    one = reading(endless())
    one.wait()
    assert one.next(5) == 0
    one.close()
    go.set()
    one._thread.join(5)
    assert not one._thread.is_alive()
    assert len(taken) <= 3


def test_a_connection_that_opens_after_the_cut_is_cut_as_well(openai_server: Server) -> None:
    """Ctrl-C between the decision to call and the connection: the request never arrives."""
    import httpx

    wire = Wire(openai_server.url)
    wire.sever()
    with wire.client() as client, pytest.raises(httpx.HTTPError):
        client.get(f"{openai_server.url}/models")
    assert openai_server.others == []


def test_an_encrypted_address_is_checked_by_the_usual_authorities() -> None:
    """Also on this computer: only what is not encrypted needs none."""
    with Wire("https://127.0.0.1/v1").client() as client:
        assert client.trust_env is False


def test_whoever_waits_can_be_stopped_while_the_call_prepares_and_while_it_reads() -> None:
    """At once, though nothing comes; also when chunks lie ready."""
    release = threading.Event()
    stop = threading.Event()

    def slow() -> Iterator[object]:
        yield "a"
        yield "b"
        release.wait(10)

    def hear(one: Reading) -> None:
        one.wait()
        for _ in range(3):
            one.next(10)

    for prepare in (lambda: release.wait(10), lambda: None):
        one = Reading(prepare, slow, cut_remote, stop.is_set)
        waiting = threading.Timer(0.1, stop.set)
        waiting.start()
        began = time.monotonic()
        with pytest.raises(Stopped):
            hear(one)
        assert time.monotonic() - began < 5
        with pytest.raises(Stopped):
            one.next(10)
        waiting.join()
        one.close()
        stop.clear()
    release.set()

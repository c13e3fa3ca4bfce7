"""From litellm's exceptions to ours."""

import inspect
import itertools
import socket
import ssl

import pytest
from memchat.errors import (
    ContextWindowError,
    KeyMissingError,
    MemchatError,
    ModelError,
    NetworkError,
    ProviderError,
    RateLimitError,
    UnknownModelError,
)
from memchat.llm import loading
from memchat.llm.provider_errors import BY_CLASS, LONGEST_WAIT, explain
from memchat.llm.windows import Route

from tests.llm.ways import KEY

ROUTE = Route("openai/gpt-4o", "openai/gpt-4o", "openai", "api.openai.com", "https://api.openai.com/v1", KEY, False, 8)


def caused(*chain: BaseException) -> BaseException:
    """The first exception, caused by the second, caused by the third."""
    for error, cause in itertools.pairwise(chain):
        error.__cause__ = cause
    return chain[0]


def named(name: str, message: str = "") -> Exception:
    """An exception of a class of that name, as a library that is not imported would raise it."""
    kind: type[Exception] = type(name, (Exception,), {})
    return kind(message)


def test_every_exception_of_litellm_is_known() -> None:
    """Strict where production is open: a class that a new release brings fails here, and is then thought about."""
    exceptions = loading.litellm().exceptions
    classes = {
        name
        for name, kind in vars(exceptions).items()
        if inspect.isclass(kind) and issubclass(kind, Exception) and kind.__module__ == exceptions.__name__
    }
    assert len(classes) > 20
    assert classes - set(BY_CLASS) == set()


def test_a_class_nobody_knows_is_a_model_error() -> None:
    """The open world: exit 4, with its own name."""
    error = explain(named("SomethingNew"), ROUTE).error
    assert type(error) is ModelError
    assert "SomethingNew" in error.message


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("AuthenticationError", KeyMissingError),
        ("NotFoundError", UnknownModelError),
        ("ContextWindowExceededError", ContextWindowError),
        ("RateLimitError", RateLimitError),
        ("Timeout", NetworkError),
        ("ContentPolicyViolationError", ProviderError),
    ],
)
def test_the_class_counts_when_no_cause_speaks(name: str, kind: type[MemchatError]) -> None:
    """The last resort."""
    assert type(explain(named(name), ROUTE).error) is kind


@pytest.mark.parametrize(
    ("cause", "says", "may_pass"),
    [
        (socket.gaierror(-2, "Name or service not known"), "no network", True),
        (ssl.SSLCertVerificationError("certificate verify failed"), "certificate", False),
        (ConnectionRefusedError(111, "refused"), "cannot be reached", True),
        (named("ConnectTimeout"), "cannot be reached", True),
        (named("ReadTimeout"), "stopped answering", False),
        (named("RemoteProtocolError"), "closed the connection", True),
        (ConnectionResetError(104, "reset"), "closed the connection", True),
    ],
)
def test_the_cause_counts_more_than_the_class(cause: BaseException, says: str, may_pass: bool) -> None:
    """litellm calls a refused connection an internal server error."""
    failure = explain(
        caused(named("InternalServerError"), named("ConnectError" if "gai" in repr(cause) else "X"), cause), ROUTE
    )
    assert type(failure.error) is NetworkError
    assert says in failure.error.message
    assert failure.may_pass is may_pass


def answered(status: int, retry_after: str) -> BaseException:
    """What a status over HTTP with that header looks like."""
    import httpx

    response = httpx.Response(status, headers={"Retry-After": retry_after})
    error = httpx.HTTPStatusError("no", request=httpx.Request("POST", "http://x.example"), response=response)
    return caused(named("InternalServerError"), error)


@pytest.mark.parametrize("status", [429, 408, 500, 503])
@pytest.mark.parametrize(
    ("header", "may_pass", "wait"),
    [
        ("2", True, 2.0),
        ("30", True, LONGEST_WAIT),
        ("30.5", False, 30.5),
        ("86400", False, 86_400.0),
        ("inf", True, None),
        ("1e999", True, None),
        ("nan", True, None),
        ("-5", True, None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", True, None),
    ],
)
def test_nobody_is_made_to_wait_for_long(status: int, header: str, may_pass: bool, wait: float | None) -> None:
    """One rule for all that may pass: over half a minute is not waited for, and what is no time counts as unsaid."""
    failure = explain(answered(status, header), ROUTE)
    assert (failure.may_pass, failure.wait) == (may_pass, wait)


def test_a_key_that_is_quoted_back_is_not_shown() -> None:
    """Some providers repeat it in their message."""
    error = named("BadRequestError")
    error.body = {"message": f"Bad   key {KEY}\n, sorry"}  # type: ignore[attr-defined] # - as openai's exceptions have it
    shown = explain(error, ROUTE).error.message
    assert KEY not in shown
    assert "Bad key [key] , sorry" in shown


def test_a_providers_long_words_are_cut() -> None:
    """One line of bounded length."""
    error = named("BadRequestError")
    error.body = {"message": "word " * 500}  # type: ignore[attr-defined] # - as openai's exceptions have it
    assert len(explain(error, ROUTE).error.message) < 260


def test_causes_that_go_round_in_a_circle_end() -> None:
    """Exceptions may be linked so."""
    one, two = named("A"), named("B")
    one.__context__ = two
    two.__context__ = one
    assert type(explain(one, ROUTE).error) is ModelError

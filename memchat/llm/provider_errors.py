"""From whatever litellm raises to our errors: what happened, and whether trying again may help.

litellm's classes mislead (a refused connection comes as `InternalServerError`, Ollama's 404 as `APIConnectionError`),
so the chain of causes decides: a status that really came over HTTP, then what the network or the reader met. Only when
both are silent does the class count, and a class nobody knows is a `ModelError` (a test lists those).
"""

import math
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from memchat.errors import (
    ContextWindowError,
    CutReplyError,
    KeyMissingError,
    MemchatError,
    ModelError,
    NetworkError,
    ProviderError,
    RateLimitError,
    UnknownModelError,
)
from memchat.llm.addresses import host_of
from memchat.llm.windows import Route

AGAIN = "Try again in a moment, or go on with another model: --model notebook works offline."
LONGEST_WAIT = 30.0  # seconds a Retry-After may ask for; more than that is for the person to decide
QUOTED = 200  # characters of a provider's own words that are shown

# The last resort: litellm's classes by name. `tests/llm/test_provider_errors.py` fails when litellm has a new one.
BY_CLASS: dict[str, type[ModelError] | type[KeyMissingError] | type[UnknownModelError]] = {
    "AuthenticationError": KeyMissingError,
    "PermissionDeniedError": KeyMissingError,
    "NotFoundError": UnknownModelError,
    "LiteLLMUnknownProvider": UnknownModelError,
    "RateLimitError": RateLimitError,
    "BudgetExceededError": RateLimitError,
    "ContextWindowExceededError": ContextWindowError,
    "Timeout": NetworkError,
    "APIConnectionError": NetworkError,
    "BadRequestError": ProviderError,
    "InvalidRequestError": ProviderError,
    "UnprocessableEntityError": ProviderError,
    "UnsupportedParamsError": ProviderError,
    "ImageFetchError": ProviderError,
    "RejectedRequestError": ProviderError,
    "ContentPolicyViolationError": ProviderError,
    "GuardrailRaisedException": ProviderError,
    "GuardrailInterventionNormalStringError": ProviderError,
    "BlockedPiiEntityError": ProviderError,
    "ModifyResponseException": ProviderError,
    "SensitiveDataRouteException": ProviderError,
    "ServiceUnavailableError": ProviderError,
    "BadGatewayError": ProviderError,
    "InternalServerError": ProviderError,
    "MidStreamFallbackError": ProviderError,
    "APIError": ProviderError,
    "APIResponseValidationError": ProviderError,
    "JSONSchemaValidationError": ProviderError,
    "OpenAIError": ProviderError,
    "MockException": ProviderError,
}
_WINDOW = re.compile(
    r"context[ _]?(window|length|size|limit)|maximum (context|input) length|prompt is too long|too many (input )?tokens"
    r"|exceeds? .{0,40}(tokens|context)",
    re.IGNORECASE,
)
_QUOTA = re.compile(r"insufficient_quota|exceeded your current quota|billing|credit balance", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that failed. `may_pass` tells that the same request may succeed later, `wait` the seconds asked for."""

    error: MemchatError
    may_pass: bool = False
    wait: float | None = None


def explain(error: BaseException, route: Route) -> Failure:
    """What an exception of a call to `route` means."""
    chain = list(causes(error))
    status = http_status(chain)
    if status is not None:
        return _from_status(status, chain, route)
    return _from_network(chain, route) or _from_class(chain, route)


def causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and what is behind it, outermost first."""
    seen: set[int] = set()
    here: BaseException | None = error
    while here is not None and id(here) not in seen:
        seen.add(id(here))
        yield here
        here = here.__cause__ or here.__context__


def http_status(chain: list[BaseException]) -> int | None:
    """The status that really came over HTTP; litellm makes others up, so only httpx's own exception counts."""
    for error in reversed(chain):
        if type(error).__name__ == "HTTPStatusError":
            status = getattr(getattr(error, "response", None), "status_code", None)
            if isinstance(status, int):
                return status
    return None


def cut(route: Route) -> CutReplyError:
    """The stream broke in the middle."""
    return CutReplyError(f"{route.host} broke off in the middle of the reply.", "What came is kept. " + AGAIN)


def silent(route: Route, seconds: float) -> NetworkError:
    """Nothing came for that long."""
    hint = "Try again, or give it more time: the setting model.timeout counts seconds."
    return NetworkError(f"{route.host} sent nothing for {seconds:g} seconds.", hint)


def refused_key(route: Route) -> KeyMissingError:
    """401 and 403."""
    return KeyMissingError(f"{route.host} refused the key.", route.mend_key or f"memchat keys set {route.provider}")


def unknown_model(route: Route) -> UnknownModelError:
    """404."""
    name = route.litellm_name.partition("/")[2]
    if route.provider == "ollama":
        return UnknownModelError(f"{name} is not on this computer.", f"ollama pull {name}")
    message = f"{route.host} has no model {name}, or no chat at that address."
    return UnknownModelError(message, "Check the name and the address: memchat config show")


def passed_on(route: Route, host: str) -> ProviderError:
    """A redirect, which is not followed: words change no destination by themselves, and keys neither."""
    message = f"{route.host} wants the request sent on to {host or 'another address'}, which memchat does not do."
    hint = f"If that is right, name it: api_base under [providers.{route.provider}] (memchat config path)."
    return ProviderError(message, hint)


def unreadable(route: Route) -> ProviderError:
    """An answer that is none."""
    return ProviderError(f"{route.host} answered something that is no reply.", AGAIN)


def too_long(route: Route) -> ContextWindowError:
    """The request does not fit."""
    hint = "Start a new session (/new), send less, or lower context.max_tokens."
    return ContextWindowError(f"The request does not fit into the window of {route.name}.", hint)


def _from_status(status: int, chain: list[BaseException], route: Route) -> Failure:
    words = their_words(chain, route)
    everything = " ".join(str(error) for error in chain)
    if status < 400 or status in {401, 403, 404}:
        return Failure(_for_good(status, chain, route))
    if status == 429:
        return _too_many(chain, route, out_of_quota=bool(_QUOTA.search(everything)))
    if status == 413 or (status in {400, 422, 500} and _WINDOW.search(everything)):
        return Failure(too_long(route))
    if status >= 500 or status == 408:
        message = f"{route.host} has trouble of its own ({status})" + (f": {words}" if words else ".")
        return _later(ProviderError(message, AGAIN), retry_after(chain))
    message = f"{route.host} refused the request ({status})" + (f": {words}" if words else ".")
    return Failure(ProviderError(message, "Check the model's options (-o) and its name, or try another model."))


def _for_good(status: int, chain: list[BaseException], route: Route) -> MemchatError:
    """What trying again does not change."""
    if status < 400:
        return passed_on(route, _location(chain))
    return unknown_model(route) if status == 404 else refused_key(route)


def _too_many(chain: list[BaseException], route: Route, *, out_of_quota: bool) -> Failure:
    if out_of_quota:
        message = f"The quota at {route.host} is used up."
        return Failure(RateLimitError(message, "Look at your plan there, or go on with another model."))
    wait = retry_after(chain)
    told = f" and asks to wait {wait:g} seconds" if wait else ""
    return _later(RateLimitError(f"{route.host} has had too many requests{told}.", AGAIN), wait)


def _later(error: MemchatError, wait: float | None) -> Failure:
    """What may pass, unless it asks for more patience than anybody has at a prompt."""
    return Failure(error, may_pass=wait is None or wait <= LONGEST_WAIT, wait=wait)


def _location(chain: list[BaseException]) -> str:
    """The host that a redirect names; empty where it is the same one, or cannot be told."""
    for error in chain:
        headers = getattr(getattr(error, "response", None), "headers", None) or {}
        with suppress(ValueError):
            if host := host_of(str(headers.get("location", ""))):
                return host
    return ""


def retry_after(chain: list[BaseException]) -> float | None:
    """The seconds a Retry-After header asks for; None without one, or when it is a date or no time to wait."""
    for error in chain:
        headers = getattr(getattr(error, "response", None), "headers", None) or {}
        try:
            seconds = float(headers.get("retry-after", ""))
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    return None


def their_words(chain: list[BaseException], route: Route) -> str:
    """The provider's own message, one line, cut, and without the key should it have been quoted back."""
    for error in chain:
        body = getattr(error, "body", None)
        message = body.get("message") if isinstance(body, dict) else None
        if isinstance(message, str) and message.strip():
            break
    else:
        found = re.search(r'"message": ?"([^"]+)"', " ".join(str(error) for error in chain))
        message = found.group(1) if found else ""
    if route.key:
        message = message.replace(route.key, "[key]")
    message = " ".join(message.split())
    return message if len(message) <= QUOTED else message[: QUOTED - 1] + "…"


def _from_network(chain: list[BaseException], route: Route) -> Failure | None:
    """What the network, or the reading of the answer, met; None when nothing in the chain speaks of either."""
    names = {type(error).__name__ for error in chain}
    for signs, make in _SIGNS:
        if names & signs:
            return make(route)
    return None


def _no_name(route: Route) -> Failure:
    return Failure(NetworkError(f"{route.host} cannot be reached (no network, or no such name).", AGAIN), may_pass=True)


def _untrusted(route: Route) -> Failure:
    hint = "Somebody may be listening in; if the certificate is your own, set SSL_CERT_FILE."
    return Failure(NetworkError(f"The certificate of {route.host} is not trusted.", hint))


def _unreachable(route: Route) -> Failure:
    hint = "Is the server running there?" if route.local else AGAIN
    return Failure(NetworkError(f"{route.host} cannot be reached.", hint), may_pass=True)


def _stopped(route: Route) -> Failure:
    return Failure(NetworkError(f"{route.host} stopped answering.", AGAIN))


def _closed(route: Route) -> Failure:
    return Failure(NetworkError(f"{route.host} closed the connection.", AGAIN), may_pass=True)


def _unreadable(route: Route) -> Failure:
    return Failure(unreadable(route))


# What the classes of causes tell, the most telling first; names, so that nothing need be imported to compare.
_SIGNS: tuple[tuple[frozenset[str], Callable[[Route], Failure]], ...] = (
    (frozenset({"gaierror"}), _no_name),
    (frozenset({"SSLCertVerificationError"}), _untrusted),
    (frozenset({"ConnectError", "ConnectTimeout", "ConnectionRefusedError"}), _unreachable),
    (frozenset({"ReadTimeout", "WriteTimeout", "PoolTimeout"}), _stopped),
    (frozenset({"RemoteProtocolError", "ReadError", "WriteError", "ConnectionResetError"}), _closed),
    (frozenset({"UnicodeDecodeError", "JSONDecodeError", "DecodingError"}), _unreadable),
)


def _from_class(chain: list[BaseException], route: Route) -> Failure:
    words = their_words(chain, route)
    kind = next((BY_CLASS[type(error).__name__] for error in chain if type(error).__name__ in BY_CLASS), ModelError)
    if kind is ContextWindowError:
        return Failure(too_long(route))
    if kind is KeyMissingError:
        return Failure(refused_key(route))
    if kind is UnknownModelError:
        return Failure(unknown_model(route))
    reason = words or type(chain[0]).__name__
    return Failure(kind(f"{route.name} could not answer: {reason}", AGAIN))

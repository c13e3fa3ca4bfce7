"""Whether anybody answers at an address: asked without a key and without a word of anybody's."""

import socket
from typing import TYPE_CHECKING

from memchat.llm.addresses import for_urllib
from memchat.llm.fetching import FAR, PATIENCE, handlers

if TYPE_CHECKING:
    from email.message import Message


def silent(address: str, *, local: bool) -> str:
    """Why nobody answers at `address`, in words; empty where somebody does, whatever the answer is.

    Through the system's proxy where there is one, but for a `local` address, as with every request.
    """
    import urllib.error
    import urllib.request
    from http.client import HTTPException

    opener = urllib.request.build_opener(*handlers(local=local))
    try:
        asked = urllib.request.Request(for_urllib(address)[0])  # noqa: S310 - http and https only: `resolve` checks
        opener.open(asked, timeout=PATIENCE if local else FAR).close()
    except urllib.error.HTTPError as refused:  # "not found" or "no key" is an answer
        refused.close()
    except urllib.error.URLError as error:
        return _why(error.reason)
    except (OSError, ValueError, HTTPException) as error:
        return _why(error)
    return ""


def _why(reason: "BaseException | str | Message") -> str:
    """In words that name no address: those may hold a password."""
    if isinstance(reason, TimeoutError):
        return "no answer in time"
    if isinstance(reason, socket.gaierror):
        return "the name is not known, or there is no network"
    if isinstance(reason, ConnectionRefusedError):
        return "nobody listens there"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return type(reason).__name__

"""No request is passed on: a server that answers with another address gets neither the words nor the key sent there.

litellm and OpenAI's client follow redirects, and take only the header `Authorization` out on the way: not the words,
and not the headers in which other providers want their key.
"""

from functools import cache
from typing import Any


@cache
def refuse() -> None:
    """From now on no client of this process follows a redirect. Once is enough; nothing is sent."""
    import httpx

    for client in (httpx.Client, httpx.AsyncClient):
        _stay(client)


def _stay(client: Any) -> None:
    """All requests of a client pass through `send`, whichever way they were made."""
    send = client.send

    def sent(self: Any, request: Any, **how: Any) -> Any:
        return send(self, request, **{**how, "follow_redirects": False})

    client.send = sent

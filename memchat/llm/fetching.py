"""One small JSON document from a server that may not be there: quick, of bounded size, and after no redirect."""

import json
from typing import Any

PATIENCE = 1.0  # seconds: a server on this computer answers at once if the computer has time, or is not there
FAR = 3.0  # seconds for one that is elsewhere
MOST = 4_000_000  # bytes that are read: the longest list of models seen had a tenth of it


def fetch(url: str, *, local: bool = True, key: str = "", body: object = None) -> Any:
    """The JSON at an address; None when nobody answers with any. `body` makes it a POST.

    A `local` address is asked through no proxy. The key goes along as it does with every request to that address; a
    redirect is not followed, for it would be carried elsewhere.
    """
    import urllib.request  # here, since most names need nobody to be asked

    handlers: list[urllib.request.BaseHandler] = [_no_redirect()]
    if local:
        handlers.append(urllib.request.ProxyHandler({}))
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    data = None if body is None else json.dumps(body).encode()
    if data is not None:
        headers["Content-Type"] = "application/json"
    asked = urllib.request.Request(url, data=data, headers=headers)  # noqa: S310 - http and https only: `resolve` checks
    try:
        with urllib.request.build_opener(*handlers).open(asked, timeout=PATIENCE if local else FAR) as answer:
            return json.loads(answer.read(MOST))
    except (OSError, ValueError, _http_error()):  # urllib's own errors are OSErrors
        return None


def _http_error() -> type[Exception]:
    """What a server that speaks no HTTP makes of the client."""
    from http.client import HTTPException

    return HTTPException


def _no_redirect() -> Any:
    import urllib.request

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        """Takes a redirect for the answer that it is."""

        def redirect_request(self, *_: Any) -> None:
            return None

    return NoRedirect()

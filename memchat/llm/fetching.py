"""One small JSON document from a server that may not be there: quick, of bounded size, and after no redirect."""

import json
from typing import TYPE_CHECKING, Any

from memchat.llm.addresses import for_urllib, is_here

if TYPE_CHECKING:
    import urllib.request

PATIENCE = 1.0  # seconds: a server on this computer answers at once if the computer has time, or is not there
FAR = 3.0  # seconds for one that is elsewhere
MOST = 4_000_000  # bytes that are read: the longest list of models seen had a tenth of it


def fetch(url: str, *, local: bool = True, key: str = "", body: object = None) -> Any:
    """The JSON at an address; None when nobody answers with any. `body` makes it a POST.

    A `local` address is asked through no proxy, and only where it really is this computer's. The key goes along as it
    does with every request to that address; a redirect is not followed, for it would be carried elsewhere.
    """
    import urllib.request  # here, since most names need nobody to be asked

    url, own = for_urllib(url)
    headers = own or ({"Authorization": f"Bearer {key}"} if key else {})
    data = None if body is None else json.dumps(body).encode()
    if data is not None:
        headers["Content-Type"] = "application/json"
    asked = urllib.request.Request(url, data=data, headers=headers)  # noqa: S310 - http and https only: `resolve` checks
    try:
        with urllib.request.build_opener(*handlers(local=local)).open(
            asked, timeout=PATIENCE if local else FAR
        ) as answer:
            return json.loads(answer.read(MOST))
    except (OSError, ValueError, RecursionError, _http_error()):  # urllib's own errors are OSErrors
        return None


def handlers(*, local: bool) -> "list[urllib.request.BaseHandler]":
    """How every such question is asked: a redirect is an answer; a `local` one goes through no proxy, nor elsewhere."""
    import urllib.request

    own = [urllib.request.ProxyHandler({}), *_near()] if local else []
    return [_no_redirect(), *own]


def _http_error() -> type[Exception]:
    """What a server that speaks no HTTP makes of the client."""
    from http.client import HTTPException

    return HTTPException


def _near() -> "list[urllib.request.BaseHandler]":
    """Handlers whose connections end on this computer: a name is whatever a resolver says, the socket tells."""
    import http.client
    import urllib.request

    def checked(connection: http.client.HTTPConnection) -> None:
        if not is_here(str(connection.sock.getpeername()[0])):
            connection.close()
            raise OSError("the address is not on this computer")

    class Near(http.client.HTTPConnection):
        def connect(self) -> None:
            super().connect()
            checked(self)

    class NearEncrypted(http.client.HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            checked(self)

    class Plain(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Near, req)

    class Encrypted(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(NearEncrypted, req)

    return [Plain(), Encrypted()]


def _no_redirect() -> Any:
    import urllib.request

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        """Takes a redirect for the answer that it is."""

        def redirect_request(self, *_: Any) -> None:
            return None

    return NoRedirect()

"""Addresses: which of them are this computer, how they are told to people, and how those with a password are called."""

from ipaddress import ip_address
from urllib.parse import unquote, urlsplit


def is_here(host: str) -> bool:
    """Whether a host is this computer: `localhost` or a loopback number, no other name, for a name is whatever
    somebody's resolver says.
    """
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback(address: str) -> bool:
    """Whether an address (with or without a scheme) means this computer."""
    try:
        return is_here(urlsplit(address if "//" in address else f"//{address}").hostname or "")
    except ValueError:
        return False


def is_address(text: str) -> bool:
    """Whether it can be called: a scheme of the web, a host, a port that there can be."""
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.scheme in {"http", "https"} and parts.port != 0
    except ValueError:  # brackets without an end, a port beyond all
        return False


def host_of(address: str) -> str:
    """Where an address leads, as people are told it: `api.openai.com`, `127.0.0.1:11434`; empty for none."""
    return urlsplit(address).netloc.rpartition("@")[2]


def for_urllib(address: str) -> tuple[str, dict[str, str]]:
    """The address without the name and password that may stand in it, and the header in which those go along.

    Python's own client would take them for a part of the host's name, and have that name looked up.
    """
    before, _, _ = urlsplit(address).netloc.rpartition("@")
    if not before:
        return address, {}
    from base64 import b64encode  # here, since few do

    told = b64encode(unquote(before).encode()).decode()
    return address.replace(f"{before}@", "", 1), {"Authorization": f"Basic {told}"}

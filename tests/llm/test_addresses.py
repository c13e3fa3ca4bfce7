"""Addresses: what is this computer, and what becomes of a password that stands in one."""

import base64

import pytest
from memchat.llm.addresses import for_urllib, is_loopback
from memchat.llm.fetching import fetch
from memchat.llm.reach import silent

from tests.servers.openai_server import Server


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:80", True),
        ("localhost", True),
        ("models.localhost:1234", False),
        ("http://[::1]:80/v1", True),
        ("http://localhost.evil.example", False),
        ("http://127.evil.example", False),
        ("http://evil.example/127.0.0.1", False),
        ("http://127.0.0.1@evil.example", False),
        ("", False),
        ("http://[::1", False),
    ],
)
def test_loopback_is_told_from_what_looks_like_it(address: str, here: bool) -> None:
    """A mistake here would send words away that were promised to stay."""
    assert is_loopback(address) is here


def test_an_address_without_a_password_stays_as_it_is() -> None:
    """Nothing goes along with it; an @ in its path is none of that."""
    assert for_urllib("http://127.0.0.1:80/v1/@me") == ("http://127.0.0.1:80/v1/@me", {})


def test_a_password_in_an_address_is_no_part_of_its_host(openai_server: Server) -> None:
    """Else the host would not be found, and its name looked up, password and all. It goes along where the key would."""
    address = f"http://me:p%40ss@{openai_server.address}/v1"
    assert silent(address, local=True) == ""
    assert fetch(f"{address}/models", key="sk-x") is not None
    assert fetch(f"http://{openai_server.address}/v1/models", key="sk-x") is not None
    told = [seen.headers.get("Authorization") for seen in openai_server.others]
    assert told == [None, f"Basic {base64.b64encode(b'me:p@ss').decode()}", "Bearer sk-x"]

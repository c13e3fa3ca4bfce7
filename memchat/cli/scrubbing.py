"""What is printed of an error holds no key: libraries put requests, addresses and headers into their exceptions."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

# Variables whose values are nobody's business, by how their names end.
_SECRET = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_PASSPHRASE")
# Shorter ones would be found in any text.
_LEAST = 6
KEY = "[key]"


def scrubbed(text: str, environ: Mapping[str, str], kept: Iterable[str] = ()) -> str:
    """`text` without the keys of the environment and those that memchat keeps, nor what else looks like a secret."""
    from memchat.memory.masking import mask

    found = {value.strip() for name, value in environ.items() if name.upper().endswith(_SECRET)} | set(kept)
    for secret in sorted(found, key=len, reverse=True):
        if len(secret) >= _LEAST:
            for form in (secret, quote(secret, safe=""), repr(secret)[1:-1]):
                text = text.replace(form, KEY)
    return mask(text).text

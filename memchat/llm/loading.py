"""litellm, imported once, late and quietly.

What is set before the import: `LITELLM_MODE=PRODUCTION`, for otherwise it reads any `.env` around it, and a cloned
folder could send the user's words elsewhere; `LITELLM_LOCAL_MODEL_COST_MAP` and `LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS`,
for otherwise it asks the network for prices at the import, and for a list of headers at the first call. While it
imports, the garbage collector rests: measured on the reference machine, 2.2 s become 1.4 s.
"""

import gc
import logging
import os
import sys
import threading
import warnings
from types import ModuleType

from memchat.llm import redirects
from memchat.llm.belonging import OPENAIS_OWN

_LOCK = threading.Lock()
# litellm logs tracebacks at ERROR for replies that are merely odd; what fails is raised to us anyway.
_LOGGERS = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "openai", "httpx", "httpcore")


def litellm() -> ModuleType:
    """The module, imported at the first call; safe from several threads. Takes a second or two the first time."""
    with _LOCK:
        _surroundings()
        return _imported()


def warm() -> None:
    """Import litellm, so that the first question need not wait for it: meant for a thread of its own."""
    litellm()


def _surroundings() -> None:
    for name in OPENAIS_OWN:  # they go along where they belong: `Route.headers`
        os.environ.pop(name, None)
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _imported() -> ModuleType:
    fresh, collecting = "litellm" not in sys.modules, gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import litellm as imported
    finally:
        if fresh:
            # Its half million objects stay. Looked through once they would stop every key for 0.2 s, and at each
            # collection for 50 ms: so before the collector goes on.
            gc.freeze()
        if collecting:
            gc.enable()
    module: ModuleType = imported
    redirects.refuse()
    if not getattr(module, "suppress_debug_info", False):
        _hush(module)
    return module


def _hush(module: ModuleType) -> None:
    """Keep it from writing to stdout and stderr, from sending telemetry, and from logging each chunk."""
    for name in _LOGGERS:  # the import has set its own levels
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    # Its models warn on stderr about their own serialisation.
    warnings.filterwarnings("ignore", module=r"(litellm|pydantic)(\.|$)")
    settings: dict[str, object] = {
        "suppress_debug_info": True,
        "telemetry": False,
        "disable_streaming_logging": True,
        "turn_off_message_logging": True,
        # To count tokens of a model with "llama-3" in its name it would fetch that one's tokenizer from a third host.
        "disable_hf_tokenizer_download": True,
        # After so many equal chunks it takes a reply for a broken record; its own 100 is a long line in a table.
        "REPEATED_STREAMING_CHUNK_LIMIT": 2_000,
    }
    for name, value in settings.items():
        setattr(module, name, value)

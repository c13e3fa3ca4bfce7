"""Which model stands behind a name, how its tokens are counted, and what it needs loaded."""

import gc
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from memchat import config
from memchat.domain import NOTEBOOK
from memchat.errors import ConfigError

if TYPE_CHECKING:
    from memchat.ports import ChatModel, KeyStore, TokenCounter


def build(
    name: str,
    options: Mapping[str, object],
    *,
    settings: config.Settings,
    environ: Mapping[str, str],
    keys: "KeyStore",
) -> "ChatModel":
    """The model of that name. Raises KeyMissingError, UnknownModelError, ConfigError (`privacy.local_only`)."""
    if name == NOTEBOOK:
        from memchat.llm.notebook.model import NotebookModel

        return NotebookModel()
    from memchat.llm.litellm_model import LiteLLMModel
    from memchat.llm.windows import elsewhere, resolve

    route = resolve(name, environ=environ, providers=settings.providers, keys=keys)
    if settings.privacy.local_only and not route.local:
        raise elsewhere(name, route)
    return LiteLLMModel(route, timeout=settings.model.timeout, retries=settings.model.retries, options=options)


def remembering(model: "ChatModel", host: str) -> "ChatModel":
    """The model, when it may read again what was said at `host`. Raises ConfigError: words change no host unasked."""
    if model.local or model.host == host:
        return model
    raise ConfigError(
        f"The conversation went to {host or 'no other computer'}, and {model.name} is at {model.host} now.",
        "To let that one sum it up, name it: memory_name under [model] in the configuration.",
    )


def counter_for(model: "ChatModel") -> "TokenCounter":
    """Counts as the model does, better with each of its answers; for the notebook by estimate, which loads no table."""
    from memchat.llm.tokens import EstimateCounter

    if model.name == NOTEBOOK:
        return EstimateCounter()
    from memchat.llm.litellm_model import LiteLLMModel

    return model.counter if isinstance(model, LiteLLMModel) else EstimateCounter()


def address_from(model: "ChatModel") -> str:
    """The environment variable that names the model's address; empty where none does."""
    if model.name == NOTEBOOK:
        return ""
    from memchat.llm.litellm_model import LiteLLMModel

    return model.address_from if isinstance(model, LiteLLMModel) else ""


class Following:
    """Counts as the model that answers now does, whichever that is: `/model` changes it within a conversation."""

    def __init__(self, model: "ChatModel") -> None:
        self._model: Callable[[], ChatModel] = lambda: model

    def follow(self, model: "Callable[[], ChatModel]") -> None:
        """From now on count as the model does that `model` gives."""
        self._model = model

    def count(self, text: str) -> int:
        """See `ports.TokenCounter`."""
        return counter_for(self._model()).count(text)


def warm(model: "ChatModel", pause: Callable[[], None]) -> None:
    """Load what the model needs, quietly; meant for a thread, once the prompt is on the screen: see `App.warm`."""
    if model.name == NOTEBOOK:
        from memchat.llm.notebook import warm as warm_notebook

        warm_notebook()
    else:
        from memchat.llm.litellm_model import warm as warm_litellm
        from memchat.memory.statements.reading import warm as warm_statements

        warm_litellm()
        pause()  # tiktoken makes its tables in one go, and no key shows meanwhile
        counter_for(model).count(" ")  # the tables are read once a process: not while somebody waits
        warm_statements()
    _settle()


@cache
def _settle() -> None:
    """What is loaded by now stays, and Python looks through it no more for what can go: that took 10 to 30 ms of one
    turn in ten. Once a process, for what could go by now stays with it.
    """
    gc.freeze()

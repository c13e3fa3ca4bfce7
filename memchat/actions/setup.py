"""What is asked before the first chat and by `memchat setup`: which questions are open, and what an answer means.

Pure: the asking is `memchat.cli.setup_questions`, the writing `memchat.config.write_values`.
"""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from memchat import config
from memchat.actions.answering import BUILT_IN
from memchat.actions.references import fold
from memchat.domain import NOTEBOOK, Mode

# More models than this are a list nobody reads; the rest is reached by name.
MOST_LISTED = 9
# How keys begin that say whose they are; the longer beginning first. From the providers' own documentation.
_KEY_BEGINNINGS = (
    ("sk-ant-", "anthropic"),
    ("sk-or-", "openrouter"),
    ("AIza", "gemini"),
    ("gsk_", "groq"),
    ("xai-", "xai"),
    ("pplx-", "perplexity"),
    ("sk-", "openai"),
)
# Shorter words are names of models, longer ones without a beginning we know are keys of somebody's.
_LONGEST_NAME = 24
_HOST_AND_PORT = re.compile(r"(?:localhost|[\w-]+(?:\.[\w-]+)+|\[[0-9a-f:]+\]):\d{2,5}(?:/\S*)?", re.IGNORECASE)


class Answerer(Protocol):
    """Somebody who could answer, as `memchat.llm.windows.found_answerers` finds them."""

    @property
    def name(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def local(self) -> bool: ...
    @property
    def why(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """One numbered line of a question. `values` are the settings it stands for; none means a further question."""

    title: str
    about: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Questions:
    """Which questions neither flag nor environment nor file has answered."""

    who: bool
    keep: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What was given as "something else": one of a key (`provider` empty when unknown), an address, a model's name."""

    key: str = field(default="", repr=False)
    provider: str = ""
    address: str = ""
    name: str = ""


KEEP = (
    Choice(
        "remember me",
        "conversations are saved; lasting facts are learned",
        {"memory.enabled": True, "privacy.save_transcripts": True},
    ),
    Choice(
        "conversations only",
        "saved and searchable; nothing learned or recalled",
        {"memory.enabled": False, "privacy.save_transcripts": True},
    ),
    Choice(
        "nothing",
        "each chat is gone when it closes",
        {"memory.enabled": False, "privacy.save_transcripts": False},
    ),
)
SOMETHING_ELSE = Choice("something else", "paste a key, or the address of a server, or name a model")


def open_questions(settings: config.Settings, *, model: str | None = None, mode: Mode | None = None) -> Questions:
    """What is still to be asked; nothing for a chat that keeps nothing, which must leave no trace of itself either."""
    if mode is not None and not mode.saves:
        return Questions(who=False, keep=False)
    named = bool(model) or settings.origins["model.name"] != "default"
    open_ = settings.memory.enabled == "ask" and settings.privacy.save_transcripts  # else: nothing, and that was said
    return Questions(who=not named, keep=open_)


def who_choices(found: Sequence[Answerer]) -> list[Choice]:
    """Who can answer: those found, the notebook, something else."""
    listed = [Choice(each.name, _about(each), {"model.name": each.name}) for each in found[:MOST_LISTED]]
    notebook = Choice(NOTEBOOK, f"{BUILT_IN}, knows only what you say", {"model.name": NOTEBOOK})
    return [*listed, notebook, SOMETHING_ELSE]


def current(choices: Sequence[Choice], settings: config.Settings) -> int:
    """Which choice is in force, counted from 0; the first when none is."""
    known = {
        "model.name": settings.model.name,
        "memory.enabled": settings.memory.enabled,
        "privacy.save_transcripts": settings.privacy.save_transcripts,
    }
    for at, choice in enumerate(choices):
        if choice.values and all(known[key] == value for key, value in choice.values.items()):
            return at
    return 0


def chosen(text: str, titles: Sequence[str], *, default: int) -> int | None:
    """Which choice an answer means, counted from 0; None when it is no answer.

    Enter is `default`; a number, also full-width; or a title.
    """
    word = fold(text)
    if not word:
        return default
    if word.isdecimal():
        number = int(word)
        return number - 1 if 1 <= number <= len(titles) else None
    folded = [fold(title) for title in titles]
    return folded.index(word) if word in folded else None


def is_said(text: str) -> bool:
    """Whether what is no answer was meant for the chat: not a number that is not in the list, and never a key."""
    word = fold(text)
    given = elsewhere(text)
    return bool(word) and not word.isdecimal() and not (given and given.key)


def given_at_once(text: str) -> Elsewhere | None:
    """A key, an address or a model's full name, typed where the number of a choice belongs."""
    given = elsewhere(text)
    plain = given is not None and given.name and not {"/", ":"} & set(given.name)
    return None if plain else given


def elsewhere(text: str) -> Elsewhere | None:
    """What "something else" is; None for a sentence or nothing."""
    word = text.strip()
    if not word or any(char.isspace() for char in word) or not word.isascii():
        return None
    if word.startswith(("http://", "https://")):
        return Elsewhere(address=word.rstrip("/"))
    if _HOST_AND_PORT.fullmatch(word):
        return Elsewhere(address=f"http://{word.rstrip('/')}")
    for beginning, provider in _KEY_BEGINNINGS:
        if word.startswith(beginning) and len(word) > len(beginning) + 4:
            return Elsewhere(key=word, provider=provider)
    if "/" in word or ":" in word or len(word) <= _LONGEST_NAME:
        return Elsewhere(name=word)
    return Elsewhere(key=word)


def server_values(address: str, model: str) -> dict[str, object]:
    """The settings for a server of one's own that speaks OpenAI's language: a provider named `server`."""
    return {"providers.server.api_base": address, "model.name": f"server/{model}"}


def applied(settings: config.Settings, values: Mapping[str, object]) -> config.Settings:
    """`settings` with the values that were just chosen, so that this run goes on with them."""
    model, memory, privacy = settings.model, settings.memory, settings.privacy
    providers = dict(settings.providers)
    for key, value in values.items():
        if key == "model.name":
            model = dataclasses.replace(model, name=str(value))
        elif key == "memory.enabled":
            memory = dataclasses.replace(memory, enabled=bool(value))
        elif key == "privacy.save_transcripts":
            privacy = dataclasses.replace(privacy, save_transcripts=bool(value))
        else:  # providers.server.api_base, the only other one that setup gives
            server = providers.get("server", config.ProviderSettings())
            providers["server"] = dataclasses.replace(server, api_base=str(value))
    origins = {**settings.origins, **dict.fromkeys(values, "setup")}
    return dataclasses.replace(
        settings, model=model, memory=memory, privacy=privacy, providers=providers, origins=origins
    )


def _about(each: Answerer) -> str:
    """The host, always: an address of one's own may stand behind a provider's name; then why it is offered."""
    return f"{each.host}, {each.why}"

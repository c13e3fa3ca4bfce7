"""Every setting with its type, its default and what the user sees of it; nothing here reads a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

PROFILE_FIELDS = (
    "display_name",
    "preferred_language",
    "reply_style",
    "occupation",
    "location",
    "timezone",
    "plan",
    "goals",
    "work_context",
)


def _between(default: float, low: float, high: float) -> Any:
    """A number from `low` to `high`, both included."""
    return field(default=default, metadata={"range": (low, high)})


def _one_of(default: object, *others: object) -> Any:
    """One of a few values."""
    return field(default=default, metadata={"choices": (default, *others)})


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Who answers."""

    name: str = ""
    """The model that answers: any litellm name, `notebook` for the built-in one; empty: MEMCHAT_MODEL, else the first
    of OpenAI, Anthropic, Gemini and OpenRouter with a key, else notebook."""
    memory_name: str = ""
    """The model that sums up and learns after a talk, wherever that was; empty: the conversation's own."""
    timeout: float = _between(60, 0.1, 3600)
    """Seconds without a byte after which a reply is given up; on this computer the first byte may take 600."""
    retries: int = _between(2, 0, 10)
    """How often a call is tried again, with growing pauses, when the failure may pass."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Where a provider is reached and what its models hold; keys are not kept here but with `memchat keys`."""

    api_base: str = field(default="", repr=False)  # some hold a password
    """The address words are sent to, `http://127.0.0.1:8080/v1`; empty: the provider's own."""
    key_env: str = ""
    """The environment variable that holds the key; empty: the provider's own."""
    window: int = _between(0, 0, 100_000_000)
    """The context window of its models in tokens; 0: a server that was named is asked, else what litellm knows."""
    num_ctx: int = _between(0, 0, 100_000_000)
    """The window an Ollama server is asked to give; 0: `window`, else what a request needs and the model has."""


@dataclass(frozen=True, slots=True)
class MemorySettings:
    """What is remembered and shown to the model."""

    enabled: Literal["ask"] | bool = _one_of("ask", True, False)
    """Whether memchat learns and recalls; `ask`: the first chat asks, and nothing is kept before."""
    write: Literal["auto", "ask", "off"] = _one_of("auto", "ask", "off")
    """`auto`: facts are learned as you talk, each shown; `ask`: each waits for you; `off`: only by your own hand."""
    min_importance: int = _between(3, 1, 10)
    """Facts of less importance than this, 1 to 10, are not kept. What is learned at once has 5: from 6 on only what
    consolidation finds more important is learned."""
    max_notes: int = _between(500, 1, 100_000)
    """Above so many notes the least important unconfirmed ones wait in the inbox, to be let go or kept."""
    summaries_shown: int = _between(3, 0, 50)
    """How many of your last conversations the model is told of at the start of a new one."""
    notes_shown: int = _between(50, 0, 1000)
    """How many notes at most stand before every conversation, pinned first."""
    profile_fields: tuple[str, ...] = PROFILE_FIELDS
    """The lines of `memchat profile show`, up to ten: rename, add, drop."""


@dataclass(frozen=True, slots=True)
class RecallSettings:
    """How past words are found again."""

    enabled: bool = True
    """Whether past exchanges are shown to the model where a message asks for them, and the model is offered the tools
    `recall` and `read_session` to look further. `memchat search` works either way."""
    embedding: str = "bundled"
    """What measures likeness of meaning, beside the words: `bundled` (on this computer), `off`, or a litellm embedding
    name, to whose address what you said is sent."""
    threshold: Literal["auto"] | float = field(default="auto", metadata={"choices": ("auto",), "range": (0, 1)})
    """How sure it must be, 0 to 1, that a past exchange answers before the model is shown it; `auto`: as measured."""
    half_life_notes_days: int = _between(90, 1, 36_500)
    """After so many days a note counts half as fresh; age lowers, it never hides."""
    half_life_episodes_days: int = _between(365, 1, 36_500)
    """The same for past exchanges."""


@dataclass(frozen=True, slots=True)
class ContextSettings:
    """How much is sent with a message; tokens are the model's word pieces."""

    max_turns: int = _between(30, 2, 10_000)
    """From so many turns on the older ones of a conversation are no longer sent: one line tells how many they are and
    what was asked last in them. They all stay saved."""
    max_tokens: int = _between(24_000, 200, 100_000_000)
    """The most tokens sent with one message, whatever the model's window."""
    head_tokens: int = _between(1_000, 0, 10_000_000)
    """The most tokens for profile, notes and summaries at the start of a conversation."""
    recall_tokens: int = _between(600, 0, 10_000_000)
    """The most tokens for what is recalled for one message."""
    keep_turns: int = _between(10, 1, 10_000)
    """When older turns are left out, the newest that stay, as far as they fit into `max_tokens`."""


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """What is kept and where words may go."""

    save_transcripts: bool = True
    """Whether conversations are kept in the database; off: every chat is gone when it closes."""
    local_only: bool = False
    """On: any address but this computer is refused."""
    memory_hosts: tuple[str, ...] = ()
    """Hosts that may be shown what is kept on this computer, `"api.openai.com"`, or may not, `"not api.openai.com"`;
    each is asked about once, at a terminal, and the answer is written here."""
    mask_secrets: bool = True
    """Keys, tokens, card numbers and passwords become `[secret:kind]` before they are kept or sent."""
    keep_days: int = _between(0, 0, 36_500)
    """The words of conversations older than so many days are erased for good, at the start of a chat or of `ask`; what
    was learned from them stays. 0: kept for ever. `memchat doctor` says what was erased last."""


@dataclass(frozen=True, slots=True)
class UiSettings:
    """How the screen looks."""

    theme: Literal["auto", "dark", "light", "none"] = _one_of("auto", "dark", "light", "none")
    """The colours of code and headings; `none`: no colour at all."""
    show_memory: Literal["line", "off"] = _one_of("line", "off")
    """Whether a line after a reply says which memories it used."""
    ascii: Literal["auto", "on"] = _one_of("auto", "on")
    """`on`: no character outside ASCII in the frame; your own words stay as they are."""
    vi: bool = False
    """The prompt edits with the keys of vi."""
    assistant_name: str = ""
    """What you call the assistant: "what did Theo say" then means its words."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. `origins` maps each `section.key` to where its value comes from, in words."""

    model: ModelSettings
    providers: Mapping[str, ProviderSettings]
    """Providers by name: `openai`, `ollama`, ..."""
    aliases: Mapping[str, str]
    """Short names for models: `fast = "openai/gpt-4o-mini"`."""
    memory: MemorySettings
    recall: RecallSettings
    context: ContextSettings
    privacy: PrivacySettings
    ui: UiSettings
    origins: Mapping[str, str]


SECTIONS: Mapping[str, type[Any]] = {
    "model": ModelSettings,
    "memory": MemorySettings,
    "recall": RecallSettings,
    "context": ContextSettings,
    "privacy": PrivacySettings,
    "ui": UiSettings,
}
"""The sections with fixed keys; `providers.NAME` and `aliases` have names of the user's own."""

UNUSED: frozenset[str] = frozenset()
"""Settings that this version reads and checks, so that files need not change, but that do nothing in it yet."""

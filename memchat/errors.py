"""Everything that can fail, each with what happened, what to do now, and its exit code.

    MemchatError                     1  failed
    +-- UsageError                   2  wrong words on the command line or in the chat
    +-- ConfigError                  3  configuration does not parse, unknown key, unknown model
    |   +-- KeyMissingError          3  no key for the provider, or the provider refused it (401, 403)
    |   +-- UnknownModelError        3  the provider, or this computer, has no such model
    +-- ModelError                   4  the model could not answer
    |   +-- NetworkError             4  the host cannot be reached, or went silent
    |   +-- RateLimitError           4  429: wait, or quota used up
    |   +-- ProviderError            4  5xx, an answer that cannot be read, a refusal
    |   +-- CutReplyError            4  the stream broke; what came was kept
    |   +-- ContextWindowError       4  the request does not fit the model's window
    |   +-- EmbeddingError           4  no vectors: past exchanges are found by their words alone
    +-- StoreError                   5  the database cannot be used
    |   +-- NewerDatabaseError       5  written by a newer memchat
    |   +-- SessionBusyError         5  the session is open in another terminal
    |   +-- IndexDamagedError        5  what finds past exchanges is missing or damaged; the exchanges are not
    +-- NotFoundError                6  no such memory, session, field
    +-- RefusedError                 7  needs --yes, or the person said no
    +-- LockedError                  8  passphrase missing or wrong

Exit code 130 (interrupted) is no error class: it is KeyboardInterrupt, seen by the outermost handler.
"""


class MemchatError(Exception):
    """What a person is told: `message` says what happened, `hint` what to do now; both one line, no period games.

    `code` is the stable name scripts see in ``{"error": {"code": ...}}``; `exit_code` the process's.
    """

    code = "failed"
    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(MemchatError):
    """The words on the command line, or after a slash, cannot be understood."""

    code = "usage"
    exit_code = 2


class ConfigError(MemchatError):
    """The configuration cannot be read, holds an unknown key or a value of the wrong type."""

    code = "config"
    exit_code = 3


class KeyMissingError(ConfigError):
    """No key for the provider, or the provider refused the one there is."""

    code = "key"


class UnknownModelError(ConfigError):
    """No provider or local server has a model of this name."""

    code = "unknown_model"


class ModelError(MemchatError):
    """The model could not answer; what the user wrote is saved."""

    code = "model"
    exit_code = 4


class NetworkError(ModelError):
    """The host cannot be reached or stopped answering."""

    code = "network"


class RateLimitError(ModelError):
    """The provider asks to wait, or the quota is used up."""

    code = "rate_limit"


class ProviderError(ModelError):
    """The provider failed, or answered something that cannot be read."""

    code = "provider"


class CutReplyError(ModelError):
    """The stream broke before the reply was complete; the part that came is kept."""

    code = "cut_reply"


class ContextWindowError(ModelError):
    """The request does not fit into the model's window."""

    code = "context_window"


class EmbeddingError(ModelError):
    """The embedder gave no vectors; whoever searches goes on with words alone, and says so."""

    code = "embedding"


class StoreError(MemchatError):
    """The database cannot be opened, read or written."""

    code = "database"
    exit_code = 5


class NewerDatabaseError(StoreError):
    """The database was written by a newer memchat."""

    code = "newer_database"


class SessionBusyError(StoreError):
    """The session is open in another terminal."""

    code = "session_busy"


class IndexDamagedError(StoreError):
    """The index of past exchanges is missing or damaged; it can be built anew from them."""

    code = "index"


class NotFoundError(MemchatError):
    """No memory, session or field goes by this name."""

    code = "not_found"
    exit_code = 6


class RefusedError(MemchatError):
    """The act needs a yes that was not given."""

    code = "refused"
    exit_code = 7


class LockedError(MemchatError):
    """The database is encrypted and the passphrase is missing or wrong."""

    code = "locked"
    exit_code = 8

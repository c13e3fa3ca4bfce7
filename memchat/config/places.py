"""Where memchat's files live; nothing is created or read here."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from memchat.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Paths:
    """Files and folders of one user: `config` and `db` are files, `state` and `keys` folders.

    `keys` holds keys.json where no keyring does. No flag moves it: a key kept once is found under any configuration.
    """

    config: Path
    db: Path
    state: Path
    keys: Path


def paths(environ: Mapping[str, str], *, config: Path | None = None, db: Path | None = None) -> Paths:
    """The places for this environment: a flag, `MEMCHAT_CONFIG` or `MEMCHAT_DB`, `MEMCHAT_HOME`, the system's own.

    Raises ConfigError for a `~name` that nobody has, and for what no path can be.
    """
    home = environ.get("MEMCHAT_HOME")
    if home:
        folder = _absolute(home)
        folders = (folder, folder, folder)
    else:
        import platformdirs

        name = "memchat"
        folders = (
            platformdirs.user_config_path(name, appauthor=False),
            platformdirs.user_data_path(name, appauthor=False),
            platformdirs.user_state_path(name, appauthor=False),
        )
    configured, data, state = folders
    chosen_config = config or environ.get("MEMCHAT_CONFIG") or configured / "config.toml"
    chosen_db = db or environ.get("MEMCHAT_DB") or data / "memchat.db"
    return Paths(_absolute(chosen_config), _absolute(chosen_db), state, configured)


def _absolute(path: str | Path) -> Path:
    """As written, `~` opened; links are kept, for a link is how some keep their files elsewhere."""
    if "\0" in str(path):
        raise ConfigError(f"No file is called {str(path)!r}.", "A zero byte is in it: write the path anew.")
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError:  # ~somebody who is not there, or nobody knows where one's own home is
        raise ConfigError(f"There is no home folder for {path}.", "Write the path in full.") from None

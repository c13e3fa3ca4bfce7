"""Changing settings in the user's file: comments and order stay, and the file is always whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from memchat import private_file
from memchat.config.places import Paths
from memchat.config.reading import read_document
from memchat.config.values import Place, checked, split
from memchat.errors import ConfigError

_HEADER = "# memchat's settings. Every one with its default: config.example.toml; in force: memchat config show\n\n"


def write_values(paths: Paths, values: Mapping[str, object]) -> None:
    """Set `{"section.key": value}` in the file, which is made when missing, readable only by its owner.

    Raises ConfigError: an unknown key, a value that does not fit, a file that does not parse or cannot be written.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    place = Place("memchat", "memchat config show names the settings.")
    try:
        document = tomlkit.parse(read_document(paths.config) or _HEADER)
        for key, value in values.items():
            kept = checked(key, value, place)
            _set(document, split(key), list(kept) if isinstance(kept, tuple) else kept)
    except TOMLKitError as error:
        raise ConfigError(f"{paths.config.name} does not parse: {error}.", f"Mend it in {paths.config}.") from None
    try:
        private_file.replace(paths.config, tomlkit.dumps(document))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = private_file.way_out(error, paths.config.parent)
        raise ConfigError(f"{paths.config.name} cannot be written: {reason}.", hint) from error


def _set(document: Any, names: Sequence[str], value: object) -> None:
    """Put `value` at the end of `names`, with the tables on the way there."""
    import tomlkit

    table = document
    for depth, name in enumerate(names[:-1]):
        if name not in table:
            # Only the innermost table gets a heading: [providers.openai], not an empty [providers] above it.
            table[name] = tomlkit.table(is_super_table=depth < len(names) - 2)
        table = table[name]
    table[names[-1]] = value
